"""The Typst source of a chapter while it is being written: what all functions that write a kind of node share.

They are registered with `write`, each in the module for its kind: `write_inlines`, `write_blocks` and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import singledispatch
from typing import Any

from impressum.core.errors import Faults, Place
from impressum.core.model import document as d
from impressum.core.model.chapters import ChapterDocument
from impressum.core.model.expected import Anchor, MeantBlock, MeantChapter, MeantLink, MeantNote, MeantPage, MeantText
from impressum.stages.convert.anchors import Anchors
from impressum.stages.convert.quotes import Marks, marks_in
from impressum.stages.convert.typst import string

BEFORE_LETTERS = 60


@dataclass(frozen=True)
class Scope:
    """What the nodes around the one that is being written mean for it."""

    marks: Marks
    """The quotation marks of its language."""
    key: str = ""
    """Of a block at the top of the chapter, by which page fitting finds it."""
    is_inside: bool = False
    """Whether it is in another block."""
    in_list: bool = False
    in_cell: bool = False
    in_citation: bool = False
    box: d.BoxKind | None = None
    definitions: str = "definitions"
    """The function for lists of definitions."""
    repeated_head: str = ""
    """The label of the table in whose header it is: that may be printed again on the next page."""


@dataclass
class Printed:
    """What is meant to be printed, as far as the chapter is written."""

    notes: list[MeantNote] = field(default_factory=list)
    links: list[MeantLink] = field(default_factory=list)
    texts: list[MeantText] = field(default_factory=list)
    cited: dict[str, Place] = field(default_factory=dict)
    blocks: list[MeantBlock] = field(default_factory=list)
    pages: list[MeantPage] = field(default_factory=list)
    repeats: list[MeantText] = field(default_factory=list)
    items: list[MeantBlock] = field(default_factory=list)
    formulas: list[MeantText] = field(default_factory=list)

    def chapter(self, slug: str) -> MeantChapter:
        """All of it, as the chapter `slug`."""
        lists = {name: tuple(value) for name, value in vars(self).items() if isinstance(value, list)}
        return MeantChapter(slug, cited=dict(self.cited), **lists)


@dataclass
class Output:
    """The chapter `document` on its way to Typst; `notes` counts on from chapter to chapter.

    `words` are those of the language of the chapter, `own_words` those of the edition `tag` that it stands in.
    """

    document: ChapterDocument
    tag: str
    anchors: Anchors
    words: Mapping[str, str]
    own_words: Mapping[str, str]
    mathematics: Mapping[str, str | None]
    references: Mapping[str, str]
    """The labels of listed works by citeproc's names for them (`ref-key`)."""
    faults: Faults
    notes: int = 0
    meant: Printed = field(default_factory=Printed)
    before: str = ""
    """The last letters that were written in this line."""
    places: list[Place] = field(default_factory=list)
    around: Mapping[int, str] = field(default_factory=dict)
    """The arguments for the spaces around each heading, by the identity of its node."""
    at_the_foot: frozenset[Place] = frozenset()
    """The figures and tables that go to the foot of a page."""
    scope: Scope = field(init=False)
    order: Iterator[Anchor] = field(init=False)
    """The anchors of the chapter that are still to come."""

    def __post_init__(self) -> None:
        self.scope = Scope(self._marks(self.document.language or self.tag))
        self.order = iter(self.anchors.order.get(self.document.slug, ()))

    @contextmanager
    def within(self, **changes: Any) -> Iterator[None]:
        """Changes the scope for what is written in here."""
        outer = self.scope
        self.scope = replace(outer, **changes)
        yield
        self.scope = outer

    @contextmanager
    def speaking(self, language: str | None) -> Iterator[None]:
        """What is written in here is in `language`, if one is named."""
        with self.within(marks=self._marks(language) if language else self.scope.marks):
            yield

    def _marks(self, language: str) -> Marks:
        return marks_in(language, self.words, self.document.borrowed or self.tag)

    def at(self, place: Place) -> str:
        """A mark that becomes a line break, where Typst reads one as a space: what follows comes from `place`."""
        if not place.line:
            return ""
        self.places.append(place)
        return f"\ue000{len(self.places) - 1}\ue001"

    def mean(self, content: object, place: Place) -> None:
        """Notes down the words of `content` as printed; a pull quote only repeats words of the chapter."""
        words = d.plain(content)
        if words.strip() and self.scope.box != "pull-quote":
            self.meant.texts.append(MeantText(words, place))

    def seen(self, words: str) -> None:
        """Remembers `words` as the last that were written."""
        self.before = (self.before + words)[-BEFORE_LETTERS:]

    def label(self, identifier: str) -> str:
        """The label of the place that the author calls `identifier`, and can be led to."""
        return f"#metadata(none)#label({string(f'{self.document.slug}/{identifier}')})"

    def once(self, written: str) -> str:
        """`written` so that it is not there again where the header of a table is repeated."""
        head = self.scope.repeated_head
        return f"#once({string(head)})[{written}]" if head else written


@singledispatch
def write(node: d.Node, out: Output) -> str:
    """`node` as Typst source; what it is meant to print is added to `out.meant`, its faults to `out.faults`."""
    raise TypeError(f"nothing writes {type(node).__name__}")


def block(node: d.Block, out: Output) -> str:
    """The block `node` as Typst source. Only what is at the top of the chapter has a key."""
    with out.within(key="" if out.scope.is_inside else out.scope.key, is_inside=True):
        return write(node, out)
