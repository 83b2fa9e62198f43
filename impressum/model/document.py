"""A chapter as a typed document: pandoc's tree after the allow-list, with a place on every node.

Only what is named here can reach a page. Text is plain Unicode; nothing in it is code of any engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

from impressum.errors import Place

Style = Literal["emphasis", "strong", "strikeout", "superscript", "subscript", "smallcaps", "underline"]
Align = Literal["default", "left", "center", "right"]
Width = Literal["text", "wide", "page", "landscape"]
"""How much of the page a figure or table takes: the measure, the margin column too, a page, a turned page."""
BoxKind = Literal[
    "note",
    "tip",
    "important",
    "warning",
    "box",
    "key-findings",
    "recommendations",
    "pull-quote",
    "epigraph",
    "biography",
    "abbreviations",
]


@dataclass(frozen=True)
class Node:
    place: Place


@dataclass(frozen=True)
class Text(Node):
    """Words without spaces between them; `text` may hold no-break spaces."""

    text: str


@dataclass(frozen=True)
class Space(Node):
    """A place where a line may break."""


@dataclass(frozen=True)
class LineBreak(Node):
    """A line break that the author asked for."""


@dataclass(frozen=True)
class Styled(Node):
    style: Style
    content: tuple[Inline, ...]


@dataclass(frozen=True)
class Quoted(Node):
    double: bool
    content: tuple[Inline, ...]


@dataclass(frozen=True)
class Code(Node):
    text: str


@dataclass(frozen=True)
class Math(Node):
    """`tex` as the author wrote it; `typst` is its translation, or None where it could not be read."""

    tex: str
    display: bool
    typst: str | None = None


@dataclass(frozen=True)
class Link(Node):
    """`target` is a web or mail address, or `#id` for a place in the publication (resolved in numbering)."""

    target: str
    content: tuple[Inline, ...]


@dataclass(frozen=True)
class Image(Node):
    """`file` is the work file that Typst reads, `alt` its text; sizes as CSS lengths or percentages."""

    file: str
    alt: str
    width: str | None = None
    height: str | None = None


@dataclass(frozen=True)
class Note(Node):
    """A note at the foot of the page; `mark` is its own sign, or None for a counted one."""

    mark: str | None
    content: tuple[Block, ...]


@dataclass(frozen=True)
class Citation(Node):
    """A citation as citeproc set it; `keys` are the works that it cites."""

    keys: tuple[str, ...]
    content: tuple[Inline, ...]


@dataclass(frozen=True)
class CrossReference(Node):
    """`@fig-x`; with `number_only`, `[-@fig-x]`."""

    target: str
    number_only: bool


@dataclass(frozen=True)
class Span(Node):
    id: str
    language: str | None
    content: tuple[Inline, ...]


@dataclass(frozen=True)
class RawTypst(Node):
    """Typst code of the author, only where the publication says `raw: allow`."""

    code: str
    block: bool


Inline = (
    Text
    | Space
    | LineBreak
    | Styled
    | Quoted
    | Code
    | Math
    | Link
    | Image
    | Note
    | Citation
    | CrossReference
    | Span
    | RawTypst
)


@dataclass(frozen=True)
class Paragraph(Node):
    """`tight` paragraphs stand in tight lists and table cells."""

    content: tuple[Inline, ...]
    tight: bool = False


@dataclass(frozen=True)
class Heading(Node):
    """`id` is unique in the publication once numbered; level 1 is the chapter."""

    level: int
    id: str
    numbered: bool
    listed: bool
    content: tuple[Inline, ...]


@dataclass(frozen=True)
class BulletList(Node):
    items: tuple[tuple[Block, ...], ...]
    tight: bool


@dataclass(frozen=True)
class OrderedList(Node):
    """`numbering` is a Typst-like pattern: `1.`, `a)`, `(i)`."""

    start: int
    numbering: str
    items: tuple[tuple[Block, ...], ...]
    tight: bool


@dataclass(frozen=True)
class DefinitionList(Node):
    items: tuple[tuple[tuple[Inline, ...], tuple[Block, ...]], ...]


@dataclass(frozen=True)
class Quotation(Node):
    """`source` is who said it and where, set below it."""

    content: tuple[Block, ...]
    source: tuple[Inline, ...] = ()


@dataclass(frozen=True)
class Box(Node):
    """A block that stands out from the text. `title` is the author's; empty: that of its kind, if it has one."""

    kind: BoxKind
    id: str
    language: str | None
    title: tuple[Inline, ...]
    content: tuple[Block, ...]
    source: tuple[Inline, ...] = ()


@dataclass(frozen=True)
class Equation(Node):
    """A formula on a line of its own; one with an id is numbered. `alt` is how it is said aloud, else its TeX."""

    id: str
    math: Math
    alt: str | None = None


@dataclass(frozen=True)
class CodeBlock(Node):
    text: str
    language: str | None


@dataclass(frozen=True)
class LineBlock(Node):
    """Lines that stay lines; a `poem` is set as verse."""

    lines: tuple[tuple[Inline, ...], ...]
    poem: bool = False


@dataclass(frozen=True)
class Figure(Node):
    """A numbered picture with its caption; `figure` is the id of a declared figure, or None for a plain image."""

    id: str
    image: Image
    caption: tuple[Inline, ...]
    figure: str | None = None
    width: Width = "text"
    source: tuple[Inline, ...] = ()
    credit: str | None = None


@dataclass(frozen=True)
class FigureGroup(Node):
    """Figures beside each other under one caption and one number; each is lettered, with a caption of its own."""

    id: str
    figures: tuple[Figure, ...]
    caption: tuple[Inline, ...]
    width: Width = "text"
    source: tuple[Inline, ...] = ()


@dataclass(frozen=True)
class Cell(Node):
    content: tuple[Block, ...]
    align: Align
    rows: int
    columns: int


@dataclass(frozen=True)
class Table(Node):
    """`widths` are shares of the measure, or None where the column takes what it needs.

    The last `foot` rows of `body` are sums. `source` and `note` stand below the table.
    """

    id: str
    caption: tuple[Inline, ...]
    aligns: tuple[Align, ...]
    widths: tuple[float | None, ...]
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    foot: int = 0
    width: Width = "text"
    source: tuple[Inline, ...] = ()
    note: tuple[Inline, ...] = ()


@dataclass(frozen=True)
class Rule(Node):
    """A break between two thoughts."""


@dataclass(frozen=True)
class Division(Node):
    id: str
    classes: tuple[str, ...]
    language: str | None
    content: tuple[Block, ...]


Block = (
    Paragraph
    | Heading
    | BulletList
    | OrderedList
    | DefinitionList
    | Quotation
    | Box
    | Equation
    | CodeBlock
    | LineBlock
    | Figure
    | FigureGroup
    | Table
    | Rule
    | Division
    | RawTypst
)


_PARTS: dict[type[Node], tuple[str, ...]] = {}


def _parts(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a kind of node that can hold other nodes, last first."""
    if kind not in _PARTS:
        _PARTS[kind] = tuple(field.name for field in reversed(fields(kind)) if field.name != "place")
    return _PARTS[kind]


def walk(node: object) -> Iterator[Node]:
    """Every node under `node` (a node or a tuple of them), itself included, in reading order."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, tuple):
            waiting.extend(reversed(found))
        elif isinstance(found, Node):
            yield found
            if not isinstance(found, Text | Space):
                waiting.extend(getattr(found, name) for name in _parts(type(found)))


def plain(content: object) -> str:
    """The words of `content` without its notes, as a reader would say them."""
    parts: list[str] = []
    _plain(content, parts)
    return "".join(parts)


def _plain(content: object, parts: list[str]) -> None:
    if isinstance(content, tuple):
        for part in content:
            _plain(part, parts)
    elif isinstance(content, Text | Code):
        parts.append(content.text)
    elif isinstance(content, Math):
        parts.append(content.tex)
    elif isinstance(content, Space | LineBreak):
        parts.append(" ")
    elif isinstance(content, Styled | Quoted | Link | Citation | Span | Paragraph):
        _plain(content.content, parts)
    elif isinstance(content, Node) and not isinstance(content, Note):
        for field in fields(content):
            value = getattr(content, field.name)
            if isinstance(value, (tuple, Node)):
                _plain(value, parts)
