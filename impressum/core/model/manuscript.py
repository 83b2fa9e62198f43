"""An edition as `convert` hands it on: typed chapters, Typst fragments, and what `verify` expects in the PDF."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.core.model.document import Figure, without_words
from impressum.core.model.figures import UsedFigure
from impressum.core.model.lost import LostChapter
from impressum.core.model.publication import FrontMatter

Kind = Literal["heading", "figure", "table", "equation", "place"]
"""A `place` is a passage with its own id."""


@dataclass(frozen=True)
class Anchor:
    """A place of the publication that can be linked to, in document order.

    `label` is unique in the publication; `number` is printed as it is ("2", "A", "2.1"; empty: unnumbered);
    `title` is the words of the heading or caption without notes. `level` counts for headings only; `byline` is
    what stands under the title of a chapter that has authors of its own; a `summary` should not pass its page.
    """

    label: str
    kind: Kind
    number: str
    title: str
    chapter: str
    place: Place
    level: int = 0
    listed: bool = True
    chapter_kind: str = "chapter"
    byline: str = ""
    summary: bool = False


@dataclass(frozen=True)
class ExpectedNote:
    """A note: the mark that is printed, its words, and the words before its mark (both plain)."""

    mark: str
    text: str
    before: str
    place: Place


@dataclass(frozen=True)
class ExpectedLink:
    """A link: the address or `#label` that it must lead to, and its words."""

    target: str
    text: str
    place: Place


@dataclass(frozen=True)
class ExpectedPage:
    """A cross-reference to `label`: its `words`, and the pattern of what follows where that is on another page."""

    label: str
    words: str
    pattern: str
    place: Place


@dataclass(frozen=True)
class ExpectedMark:
    """A place that the index names: its label, the words before it and those that are marked (both plain)."""

    label: str
    before: str
    term: str
    place: Place
    in_note: bool = False


@dataclass(frozen=True)
class IndexEntry:
    """An entry of the index as it is to be printed, its `words` with what it refers to (`, see Rivers`) apart.

    `pages` are the labels of the places that it names, two where a range of pages begins and ends; `level` is 0 for one
    that is below no other.
    """

    words: str
    level: int
    pages: tuple[tuple[str, ...], ...]
    refers: str
    place: Place


@dataclass(frozen=True)
class ExpectedText:
    """A block of text as plain words, with the source place that it comes from."""

    text: str
    place: Place


@dataclass(frozen=True)
class ExpectedBlock:
    """A block at the top of a chapter, which `layout.yaml` can name and page fitting can move.

    `key` is its name in the work files ("02-economy/12"); `kind` is that of the document ("paragraph", "table"),
    or "item"; `id` is its own, or empty; `words` are its first ones.
    """

    key: str
    kind: str
    id: str
    words: str
    place: Place


@dataclass(frozen=True)
class ExpectedChapter:
    """One chapter as expected in the PDF."""

    slug: str
    notes: tuple[ExpectedNote, ...]
    links: tuple[ExpectedLink, ...]
    texts: tuple[ExpectedText, ...]
    cited: Mapping[str, Place]
    blocks: tuple[ExpectedBlock, ...] = ()
    pages: tuple[ExpectedPage, ...] = ()
    repeats: tuple[ExpectedText, ...] = ()
    """Pull quotes: words of the text that are printed a second time."""
    items: tuple[ExpectedBlock, ...] = ()
    """The items of lists at the top of the chapter: `key` is that of the list with the item's number behind a point."""
    formulas: tuple[ExpectedText, ...] = ()
    """How each formula is said aloud: its text for those who do not see it."""
    marks: tuple[ExpectedMark, ...] = ()
    begins: tuple[str, ...] = ()
    """The blocks and items of which `layout.yaml` asks that they begin a page, or are not divided."""
    depth: int = 0
    """By how many lines page fitting has made its pages deeper than others."""
    language: str = ""
    """That of its text; empty: that of the edition."""

    @cached_property
    def known_by(self) -> str:
        """The hash of all of it."""
        return sha256(repr(self).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class ExpectedWords:
    """Words of the book: titles of the lists of figures and tables; how numbers of parts and appendices are said."""

    figures: str = ""
    tables: str = ""
    part: str = "{number}"
    appendix: str = "{number}"

    def of(self, anchor: Anchor) -> str:
        """The number of a heading as it is said before it: `Part I`, `Appendix A`, `2`; empty where it has none."""
        said = {"part": self.part, "appendix": self.appendix}.get(anchor.chapter_kind, "{number}")
        return said.replace("{number}", anchor.number) if anchor.level == 1 and anchor.number else anchor.number


@dataclass(frozen=True)
class Expected:
    """One edition as expected in the PDF; `references`: key to entry; `blurb` and `barcode` are on a back cover."""

    title: str
    tag: str
    language: str
    contents_title: str
    references_title: str
    anchors: tuple[Anchor, ...]
    chapters: tuple[ExpectedChapter, ...]
    references: Mapping[str, str]
    contents_depth: int
    number_of_pages_label: str
    words: ExpectedWords = ExpectedWords()
    blurb: tuple[str, ...] = ()
    barcode: str = ""
    index_title: str = ""
    index: tuple[IndexEntry, ...] = ()
    """In the order in which they are printed; empty where there is no index."""

    @property
    def known_by(self) -> str:
        """The hash of all of it."""
        chapters = [chapter.known_by for chapter in self.chapters]
        return sha256(repr([chapters, replace(self, chapters=())]).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def has_formulas(self) -> bool:
        """Whether any chapter has a formula."""
        return any(chapter.formulas for chapter in self.chapters)

    def has_back_cover(self, *, for_barcode: bool) -> bool:
        """Whether a back cover ends the file: a blurb makes one, and a barcode where the theme says so."""
        return bool(self.blurb) or (for_barcode and bool(self.barcode))


@dataclass(frozen=True)
class Fragment:
    """A chapter as Typst source; `titles` is for the contents and lists, `packed` are its `lines`."""

    slug: str
    typst: str
    packed: bytes = field(repr=False)
    titles: str = ""

    @classmethod
    def of(cls, slug: str, typst: str, lines: Iterable[Place], titles: str = "") -> Fragment:
        """The fragment `typst`, of which `lines` are the places."""
        packed = json.dumps([[one.path, one.line, one.column] for one in lines]).encode()
        return cls(slug, typst, zlib.compress(packed), titles)

    @property
    def lines(self) -> tuple[Place, ...]:
        """The place of each line. Nobody asks as long as Typst finds no fault, and a long book has very many."""
        return tuple(Place(*one) for one in json.loads(zlib.decompress(self.packed)))


@dataclass(frozen=True)
class Manuscript:
    """An edition ready to be set; `documents` are its chapters as written, `fallback_words` those of lenders by tag."""

    fragments: tuple[Fragment, ...]
    files: Mapping[str, bytes]
    expected: Expected
    chapters: tuple[ChapterOpening, ...]
    figures: tuple[UsedFigure, ...] = ()
    documents: tuple[ChapterDocument, ...] = ()
    fallback_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lost: tuple[LostChapter, ...] = ()
    """Chapters that could not be read completely; if there are any, nothing is typeset."""

    def lacks(self, slug: str) -> bool:
        """Whether the chapter `slug` could not be read, or not whole."""
        return any(chapter.slug == slug for chapter in self.lost)

    def slugs(self) -> frozenset[str]:
        """The chapters that could be read."""
        return frozenset(opening.slug for opening in self.chapters)

    def own_figures(self) -> frozenset[str]:
        """The declared figures used in chapters in the edition's own language."""
        own = (document for document in self.documents if not document.borrowed)
        nodes = (node for document in own for node in document.landmarks)
        return frozenset(node.figure for node in nodes if isinstance(node, Figure) and node.figure)


@dataclass(frozen=True)
class ChapterOpening:
    """The data of a chapter for running heads and contents; a `borrowed` one is not translated."""

    slug: str
    label: str
    number: str
    title: str
    short_title: str
    kind: str
    authors: tuple[str, ...]
    borrowed: bool = False


def parts_of(chapters: tuple[ChapterOpening, ...]) -> dict[str, str]:
    """The part of each chapter, by labels in order; empty outside of parts. Front matter and appendices end a part."""
    found: dict[str, str] = {}
    part = ""
    for chapter in chapters:
        if chapter.kind != "chapter":
            part = chapter.label if chapter.kind == "part" else ""
        found[chapter.label] = part
    return found


@dataclass(frozen=True)
class ChapterDocument:
    """A chapter's typed document and the path of its file; `borrowed` is the tag of the source edition it is from.

    `content` makes its blocks, and is called only where these are asked for: of a chapter that has not changed, its
    `landmarks` say enough.
    """

    slug: str
    path: str
    front: FrontMatter
    content: Callable[[], tuple[d.Block, ...]] = field(repr=False)
    landmarks: tuple[d.Node, ...] = field(repr=False)
    """As `landmarks_of` gives them."""
    language: str = ""
    borrowed: str = ""
    known_by: str = field(default="", repr=False)
    """The hash of the blocks as they were read, before anything was compared or numbered; empty where not known."""

    @classmethod
    def of(cls, slug: str, path: str, blocks: tuple[d.Block, ...], language: str) -> ChapterDocument:
        """The document of `blocks` that were made for no chapter's file."""
        return cls(slug, path, FrontMatter(), lambda: blocks, d.landmarks_of(blocks), language)

    def with_blocks(self, blocks: tuple[d.Block, ...]) -> ChapterDocument:
        """The document with other `blocks`."""
        return replace(self, content=lambda: blocks, landmarks=d.landmarks_of(blocks))

    def with_fields(self, new: Mapping[int, Mapping[str, Any]]) -> ChapterDocument:
        """The document with `new` values of fields by the numbers of landmarks, which are headings or figures."""
        if not new:
            return self

        def content() -> tuple[d.Block, ...]:
            by_node = {id(node): new[at] for at, node in enumerate(d.landmarks_of(self.blocks)) if at in new}
            return d.rewritten(
                self.blocks, lambda old, made: replace(made, **by_node[id(old)]) if id(old) in by_node else made
            )

        landmarks = tuple(replace(node, **new[at]) if at in new else node for at, node in enumerate(self.landmarks))
        return replace(self, content=content, landmarks=landmarks)

    @cached_property
    def blocks(self) -> tuple[d.Block, ...]:
        """All that it holds."""
        return self.content()

    @cached_property
    def nodes(self) -> tuple[d.Node, ...]:
        """Its nodes in reading order, without words and the spaces between them."""
        return tuple(without_words(self.blocks))
