"""A chapter as a typed tree: only these blocks and the nodes of `inlines.py` reach a page, and text is never code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeVar, cast

# Each as itself: other modules have them from here.
from impressum.core.model.inlines import Citation as Citation
from impressum.core.model.inlines import Code as Code
from impressum.core.model.inlines import CrossReference as CrossReference
from impressum.core.model.inlines import Image as Image
from impressum.core.model.inlines import IndexMark as IndexMark
from impressum.core.model.inlines import Inline as Inline
from impressum.core.model.inlines import LineBreak as LineBreak
from impressum.core.model.inlines import Link as Link
from impressum.core.model.inlines import Math as Math
from impressum.core.model.inlines import Node as Node
from impressum.core.model.inlines import Note as Note
from impressum.core.model.inlines import Quoted as Quoted
from impressum.core.model.inlines import RawTypst as RawTypst
from impressum.core.model.inlines import Space as Space
from impressum.core.model.inlines import Span as Span
from impressum.core.model.inlines import Style as Style
from impressum.core.model.inlines import Styled as Styled
from impressum.core.model.inlines import Text as Text

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
    "glossary",
    "poem",
]

SUBTITLE = "subtitle"
UNTRANSLATED = "untranslated"
"""The class of a passage that a translated chapter still has in the language of the source."""
MAY_FOLLOW = "\ufffc"
"""Placeholder in plain words for something printed that the sources do not know."""
MATH_SPACE = re.compile(r"\\[,;:! ]")
"""Spaces of TeX, which look like marks of a sentence."""


@dataclass(frozen=True)
class Paragraph(Node):
    """`tight` paragraphs are those of tight lists and table cells."""

    content: tuple[Inline, ...]
    tight: bool = False


@dataclass(frozen=True)
class Heading(Node):
    """`id` is unique in the publication once numbered; level 1 is the chapter; a `summary` should fit on its page."""

    level: int
    id: str
    numbered: bool
    listed: bool
    content: tuple[Inline, ...]
    summary: bool = False


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
    """A block set apart from the text. `title` is the author's; empty: that of its kind, if it has one. Abbreviations
    may be asked to be `written_out` where each first stands in the text."""

    kind: BoxKind
    id: str
    language: str | None
    title: tuple[Inline, ...]
    content: tuple[Block, ...]
    source: tuple[Inline, ...] = ()
    written_out: bool = False


@dataclass(frozen=True)
class Equation(Node):
    """A display formula, numbered if it has an id. `alt` is its spoken form; without it, its TeX."""

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
    licence: str | None = None
    """As printed beside the credit."""


@dataclass(frozen=True)
class FigureGroup(Node):
    """Figures side by side under one caption and number, lettered; `columns` a row, 0: up to two."""

    id: str
    figures: tuple[Figure, ...]
    caption: tuple[Inline, ...]
    width: Width = "text"
    source: tuple[Inline, ...] = ()
    columns: int = 0


@dataclass(frozen=True)
class Cell(Node):
    content: tuple[Block, ...]
    align: Align
    rows: int
    columns: int


@dataclass(frozen=True)
class Table(Node):
    """`widths` are shares, None as the column needs; the last `foot` rows are sums; `small` is a step smaller."""

    id: str
    caption: tuple[Inline, ...]
    aligns: tuple[Align, ...]
    widths: tuple[float | None, ...]
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    foot: int = 0
    width: Width = "text"
    small: bool = False
    source: tuple[Inline, ...] = ()
    note: tuple[Inline, ...] = ()


@dataclass(frozen=True)
class Reference(Node):
    """A work in a list of references: `id` without its chapter's name, the number of a numeric style, the entry."""

    id: str
    number: tuple[Inline, ...]
    content: tuple[Inline, ...]


@dataclass(frozen=True)
class Rule(Node):
    """A break between two thoughts."""


@dataclass(frozen=True)
class Division(Node):
    """A passage; of class `SUBTITLE`, a heading within a box; of class `UNTRANSLATED`, in the source's language."""

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
    | Reference
    | Rule
    | Division
    | RawTypst
)

LANDMARKS = (Heading, Figure, FigureGroup, Equation, Math, CrossReference, Reference)
EMPTIED: dict[type, dict[str, Any]] = {Table: {"head": (), "body": ()}, Note: {"content": ()}, Link: {"content": ()}}
LISTS = ("abbreviations", "glossary")
"""The kinds of boxes that explain words."""

T = TypeVar("T")
_PARTS: dict[type, tuple[str, ...] | None] = {tuple: None}
_WORDS = frozenset({Text, Space})
_PLAIN = frozenset({"Place", "str", "int", "bool", "float", "str | None", "int | None", "tuple[str, ...]"})
"""The types of fields, as they are written here, that hold no nodes."""


def _parts(kind: type) -> tuple[str, ...] | None:
    """The fields of a kind of node that can hold other nodes, last first; None of what is no node."""
    if kind not in _PARTS:
        is_node = issubclass(kind, Node)
        _PARTS[kind] = tuple(one.name for one in reversed(fields(kind)) if one.type not in _PLAIN) if is_node else None
    return _PARTS[kind]


def parts_of(node: Node) -> Iterator[object]:
    """The values in the fields of `node` that can hold other nodes, in reading order."""
    return (getattr(node, name) for name in reversed(_parts(type(node)) or ()))


def walk(node: object) -> Iterator[Node]:
    """Every node under `node` (a node or a tuple of them), itself included, in reading order."""
    return _walked(node, frozenset())


def without_words(node: object) -> Iterator[Node]:
    """As `walk`, without words and the spaces between them: they are most of the nodes, and seldom needed."""
    return _walked(node, _WORDS)


def _walked(node: object, passed: frozenset[type]) -> Iterator[Node]:
    """As `walk`, without the parts of tuples that are of the kinds `passed`."""
    waiting: list[Any] = [node]
    while waiting:
        found = waiting.pop()
        kind = type(found)
        if kind is tuple:
            waiting += [part for part in reversed(found) if type(part) not in passed]
            continue
        parts = _PARTS[kind] if kind in _PARTS else _parts(kind)
        if parts is not None:
            yield found
            for name in parts:
                waiting.append(getattr(found, name))


def landmarks_of(blocks: tuple[Block, ...]) -> tuple[Node, ...]:
    """The nodes of `blocks` that have a number or an id, are counted, or lead to others, in reading order, without the
    cells of tables and the words of notes and links. The first is the first block, if only as an empty paragraph."""
    found: list[Node] = []
    for node in without_words(blocks):
        if type(node) in EMPTIED:
            found.append(replace(node, **EMPTIED[type(node)]))
        elif (
            isinstance(node, LANDMARKS)
            or (isinstance(node, Box) and node.kind in LISTS)
            or (isinstance(node, Span | Division | Box) and node.id)
        ):
            found.append(node)
        elif not found:
            found.append(Paragraph(node.place, ()))
    return tuple(found)


def inside(value: object) -> tuple[object, ...]:
    """The nodes and tuples of nodes directly in `value`, a node or a tuple; nothing is in anything else."""
    return value if isinstance(value, tuple) else tuple(getattr(value, name) for name in _parts(type(value)) or ())


def mapped(node: Node, each: Callable[[object], object]) -> Node:
    """`node` with `each` done to every node and tuple in its fields; `node` itself where that changes nothing."""
    changes: dict[str, Any] = {}
    for name in _parts(type(node)) or ():
        value = getattr(node, name)
        if isinstance(value, (tuple, Node)):
            new = each(value)
            if new is not value:
                changes[name] = new
    return replace(node, **changes) if changes else node


def rewritten(value: T, change: Callable[[Node, Node], Node]) -> T:
    """`value` with `change(old, new)` for each node `old`, inner ones first; unchanged parts stay the same objects."""
    made: object = value
    if isinstance(value, tuple):
        parts = tuple(rewritten(part, change) for part in value)
        made = value if all(one is other for one, other in zip(parts, value, strict=True)) else parts
    elif isinstance(value, Node):
        inner = value if type(value) in _WORDS else mapped(value, lambda part: rewritten(part, change))
        made = change(value, inner)
    return cast("T", made)


def plain(content: object) -> str:
    """The words of `content` without notes and marks of the index; a cross-reference that a page may follow ends in
    `MAY_FOLLOW`."""
    parts: list[str] = []
    _plain(content, parts)
    return "".join(parts)


def _plain(content: object, parts: list[str]) -> None:
    if isinstance(content, tuple):
        for part in content:
            if type(part) is Space:  # words and spaces are the most frequent by far
                parts.append(" ")
            elif type(part) is Text:
                parts.append(part.text)
            else:
                _plain(part, parts)
    elif isinstance(content, Text | Code):
        parts.append(content.text)
    elif isinstance(content, Math):
        parts.append(MATH_SPACE.sub(" ", content.tex))
    elif isinstance(content, Space | LineBreak):
        parts.append(" ")
    elif isinstance(content, CrossReference):
        parts.append(content.words + (MAY_FOLLOW if content.page else ""))
    elif isinstance(content, (Styled, Quoted, Link, Citation, Span, Paragraph)):
        _plain(content.content, parts)
    elif isinstance(content, Node) and not isinstance(content, Note | IndexMark):
        for field in fields(content):
            value = getattr(content, field.name)
            if isinstance(value, (tuple, Node)):
                _plain(value, parts)
