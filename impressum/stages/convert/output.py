"""The state of writing one chapter as Typst, shared by the functions that each write one kind of node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import singledispatch
from typing import Any

from impressum.core.errors import Faults, Place
from impressum.core.languages import is_right_to_left
from impressum.core.model import document as d
from impressum.core.model.manuscript import (
    Anchor,
    ChapterDocument,
    ExpectedBlock,
    ExpectedChapter,
    ExpectedLink,
    ExpectedMark,
    ExpectedNote,
    ExpectedPage,
    ExpectedText,
)
from impressum.stages.convert.anchors import Anchors
from impressum.stages.convert.typst import language_options, string

BEFORE_LETTERS = 60


@dataclass(frozen=True)
class Scope:
    """The context of the node being written, set by the nodes around it."""

    language: str
    """That of the passage (BCP 47)."""
    marks: Marks
    """The quotation marks of that language."""
    is_turned: bool = False
    """Whether paragraphs are set from right to left here."""
    key: str = ""
    """The name by which page fitting finds a block at the top level of the chapter; empty within other blocks."""
    is_inside: bool = False
    """Whether the node is within another block."""
    in_list: bool = False
    in_cell: bool = False
    in_citation: bool = False
    in_note: bool = False
    """Where no word is divided."""
    box: d.BoxKind | None = None
    definitions: str = "definitions"
    """The Typst function that sets definition lists."""
    repeated_head: str = ""
    """The label of the table whose header is being written, which may be repeated on the next page; else empty."""


@dataclass
class Printed:
    """Everything that the chapter, as far as it is written, is expected to print; verify checks it."""

    notes: list[ExpectedNote] = field(default_factory=list)
    links: list[ExpectedLink] = field(default_factory=list)
    texts: list[ExpectedText] = field(default_factory=list)
    cited: dict[str, Place] = field(default_factory=dict)
    blocks: list[ExpectedBlock] = field(default_factory=list)
    pages: list[ExpectedPage] = field(default_factory=list)
    repeats: list[ExpectedText] = field(default_factory=list)
    items: list[ExpectedBlock] = field(default_factory=list)
    formulas: list[ExpectedText] = field(default_factory=list)
    marks: list[ExpectedMark] = field(default_factory=list)

    def chapter(self, slug: str, language: str) -> ExpectedChapter:
        """Everything collected, as the expectations of the chapter `slug`, which is in a `language`."""
        lists: dict[str, Any] = {name: tuple(value) for name, value in vars(self).items() if isinstance(value, list)}
        return ExpectedChapter(slug, cited=dict(self.cited), language=language, **lists)


@dataclass
class Output:
    """The chapter `document` on its way to Typst; `notes` counts on from chapter to chapter. `words` are those of the
    chapter's language, `own_words` those of the edition `tag` that it is in."""

    document: ChapterDocument
    tag: str
    anchors: Anchors
    words: Mapping[str, str]
    own_words: Mapping[str, str]
    mathematics: Mapping[str, str | None]
    references: Mapping[str, str]
    """The labels of listed works by citeproc's names for them (`ref-key`)."""
    faults: Faults
    hyphenation: Mapping[str, tuple[str, ...]]
    """Words by language, with hyphens where they may be divided."""
    notes: int = 0
    expected: Printed = field(default_factory=Printed)
    before: str = ""
    """The last letters that were written in this line."""
    end: d.Inline | None = None
    """What the paragraph that is being written ends with, where it has more than a line."""
    places: list[Place] = field(default_factory=list)
    around: Mapping[int, str] = field(default_factory=dict)
    """The arguments for the spaces around each heading, by the identity of its node."""
    leads: Mapping[int, int] = field(default_factory=dict)
    """How many lines of the next block are kept below each paragraph that leads to it, by the identity of its node."""
    at_the_foot: frozenset[Place] = frozenset()
    """The figures and tables that go to the foot of a page."""
    listed: list[str] = field(default_factory=list)
    """Titles and captions as the contents and the lists have them."""
    marked: list[tuple[str, d.IndexMark, str]] = field(default_factory=list)
    """The marks of the index, each with its label and the language of the words around it."""
    scope: Scope = field(init=False)
    order: Iterator[Anchor] = field(init=False)
    """The anchors of the chapter that are still to come."""

    def __post_init__(self) -> None:
        language = self.document.language or self.tag
        self.scope = Scope(language, self._marks(language))
        self.order = iter(self.anchors.order.get(self.document.slug, ()))

    @contextmanager
    def within(self, **changes: Any) -> Iterator[None]:
        """Changes fields of the scope for the duration of a `with` block."""
        outer = self.scope
        self.scope = replace(outer, **changes)
        yield
        self.scope = outer

    @contextmanager
    def speaking(self, language: str | None) -> Iterator[None]:
        """Writes the `with` block in `language`, with its quotation marks; None: no change."""
        with self.within(**({"language": language, "marks": self._marks(language)} if language else {})):
            yield

    @contextmanager
    def turned(self, language: str | None) -> Iterator[None]:
        """Writes paragraphs in the `with` block in the direction of `language`; None: no change."""
        with self.within(**({"is_turned": is_right_to_left(language)} if language else {})):
            yield

    def in_language(self, tag: str, content: str) -> str:
        """Inlines in the language `tag`. Their direction is that of their paragraph: their letters turn by themselves,
        and for another one Typst would put signs that cannot be seen among them, which come back when they are copied.
        """
        turn = "rtl" if self.scope.is_turned else "ltr"
        is_other = is_right_to_left(tag) != self.scope.is_turned
        return f"#text({language_options(tag)}{f', dir: {turn}' if is_other else ''})[{content}]"

    def _marks(self, language: str) -> Marks:
        return marks_in(language, self.words, self.document.borrowed or self.tag)

    def at(self, place: Place) -> str:
        """A mark that becomes a line break, where Typst reads one as a space: what follows comes from `place`."""
        if not place.line:
            return ""
        self.places.append(place)
        return f"\ue000{len(self.places) - 1}\ue001"

    def expect(self, content: object, place: Place) -> None:
        """Expects the words of `content` to be printed; not in a pull quote, which repeats words of the chapter."""
        words = d.plain(content)
        if words.strip() and self.scope.box != "pull-quote":
            self.expected.texts.append(ExpectedText(words, place))

    def seen(self, words: str) -> None:
        """Appends `words` to `before`, the text that precedes the next note mark."""
        self.before = (self.before + words)[-BEFORE_LETTERS:]

    def label(self, identifier: str) -> str:
        """A labelled anchor for the id `identifier` that the author gave."""
        return f"#metadata(none)#label({string(f'{self.document.slug}/{identifier}')})"

    def once(self, written: str) -> str:
        """`written`, wrapped in a table header so that repeating the header does not repeat it."""
        head = self.scope.repeated_head
        return f"#once({string(head)})[{written}]" if head else written


@singledispatch
def write(node: d.Node, out: Output) -> str:
    """`node` as Typst source; its expectations go to `out.expected`, its faults to `out.faults`."""
    raise TypeError(f"nothing writes {type(node).__name__}")


def block(node: d.Block, out: Output) -> str:
    """The block `node` as Typst source. Only a block at the top level of the chapter has a key. In a passage from right
    to left, what is no text is not turned round: the columns of a table keep their order."""
    if out.scope.is_turned and isinstance(node, d.Table | d.Figure | d.FigureGroup | d.CodeBlock | d.Equation):
        with out.within(is_turned=False):
            return f"#[\n#set text(dir: ltr)\n{block(node, out)}\n]"
    with out.within(key="" if out.scope.is_inside else out.scope.key, is_inside=True):
        return write(node, out)


@dataclass(frozen=True)
class Marks:
    """The quotation marks of a language: for a quotation, and for one within it."""

    open: str
    close: str
    inner_open: str
    inner_close: str


MARKS: Mapping[str, Marks] = {
    language: Marks(*marks.replace("_", "\u202f").split(" "))
    for marks, languages in (
        ("“ ” ‘ ’", "en nl lv tr zh ko ar"),
        ("„ “ ‚ ‘", "de sl cs sk et lt"),
        ("„ “ ’ ’", "sr cnr bg"),
        ("„ ” ’ ’", "bs"),
        ("„ ” ‘ ’", "hr"),
        ("„ “ ’ ‘", "mk"),
        ("„ ” « »", "pl ro"),
        ("„ ” » «", "hu"),
        ("« » “ ”", "it es pt el sq"),
        ("« » „ “", "ru uk"),
        ("«_ _» “ ”", "fr"),
        ("« » ‘ ’", "nb nn"),
        ("» « › ‹", "da"),
        ("” ” ’ ’", "sv fi he"),
        ("「 」 『 』", "ja"),
    )
    for language in languages.split()
}
"""The marks of a passage in another language than its edition's, whose marks are among its words."""


def marks_in(language: str, words: Mapping[str, str], spoken: str) -> Marks:
    """The marks of a passage in `language`; `words` are those of the book in the language `spoken`, whose marks it has
    if it is the same language in whichever script, or has none here."""
    code = _code(language)
    if code != _code(spoken) and code in MARKS:
        return MARKS[code]
    return Marks(*(words[f"quotes.{kind}.{end}"] for kind in ("double", "single") for end in ("open", "close")))


def _code(tag: str) -> str:
    return tag.split("-")[0].lower()
