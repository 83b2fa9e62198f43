"""The inline nodes of a chapter: words, spaces, links, notes, citations, each with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from impressum.core.errors import Place

if TYPE_CHECKING:
    from impressum.core.model.document import Block

Style = Literal["emphasis", "strong", "strikeout", "superscript", "subscript", "smallcaps", "underline", "highlight"]


@dataclass(frozen=True, slots=True)
class Node:
    """A word and the space behind it are nodes: these two have no dictionary of their own, which takes most of what a
    chapter takes."""

    place: Place

    def __reduce__(self) -> tuple[type[Node], tuple[object, ...]]:
        return type(self), tuple(map(self.__getattribute__, self.__match_args__))


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Words without spaces between them; `text` may hold no-break spaces."""

    text: str


@dataclass(frozen=True, slots=True)
class Space(Node):
    """A place where a line may break."""


@dataclass(frozen=True)
class LineBreak(Node):
    """A hard line break."""


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
    """`file` is the work file, `alt` its text, sizes are CSS; without one, a bitmap is at most `most` points wide."""

    file: str
    alt: str
    width: str | None = None
    height: str | None = None
    most: float | None = None


@dataclass(frozen=True)
class Note(Node):
    """A note at the foot of the page; `mark` is its own sign, or None for a counted one.

    `in_title`: it is in a heading or a caption, whose words are printed again in the contents and lists.
    `name` is what the author calls it, as in `[^name]`; empty for one that is written in place.
    """

    mark: str | None
    content: tuple[Block, ...]
    in_title: bool = False
    name: str = ""


@dataclass(frozen=True)
class Citation(Node):
    """A citation as citeproc set it: the `keys` cited, and the author's `locators` behind each (`, p. 5`)."""

    keys: tuple[str, ...]
    content: tuple[Inline, ...]
    locators: tuple[str, ...] = ()


@dataclass(frozen=True)
class CrossReference(Node):
    """`@fig-x`; with `number_only`, `[-@fig-x]`.

    Numbering gives it the `label` that it leads to (empty: to nothing) and its `words`; `page` is the pattern
    of what follows them where the target is on another page.
    """

    target: str
    number_only: bool
    label: str = ""
    words: str = ""
    page: str = ""


@dataclass(frozen=True)
class Span(Node):
    """`as_is`: its words stay in their script where the edition is put into another."""

    id: str
    language: str | None
    content: tuple[Inline, ...]
    as_is: bool = False


@dataclass(frozen=True)
class IndexMark(Node):
    """A place that the index names, or an entry that only refers to others (`see`).

    `entry` are the words of the entry and of those below it, `sort` what each is sorted by where that is not its words
    (else empty). `see` and `see_also` are entries, too; one that `only_refers` to them names no page. `span` begins or
    ends a range of pages.
    """

    entry: tuple[tuple[Inline, ...], ...]
    sort: tuple[tuple[Inline, ...], ...]
    see: tuple[tuple[Inline, ...], ...] = ()
    see_also: tuple[tuple[Inline, ...], ...] = ()
    span: Literal["", "start", "end"] = ""
    is_main: bool = False
    only_refers: bool = False


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
    | IndexMark
    | RawTypst
)
