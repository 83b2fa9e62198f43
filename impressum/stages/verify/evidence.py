"""The evidence for all checks: expected text, printed pages, and the way from a page to its Markdown line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from impressum.core.errors import Fault, Faults, Place
from impressum.core.model.manuscript import Anchor, Expected, ExpectedNote, ExpectedPage
from impressum.core.model.theme import Theme
from impressum.stages.verify.pages import Line, Page, PrintedPages, Rectangle
from impressum.stages.verify.structure import IllustrationMade, Structure
from impressum.stages.verify.words import Match, Wanted, WordStream, norm

FALLBACK = Place("publication.yaml")
COVER = 1
SHOWN_WORDS = 8
LEAST_LETTERS = 4
PAGE_NAMED = re.compile(r"\bpage (\d+)\b")
ONE_LINE = 12.0  # points that are marked of a block


@dataclass(frozen=True)
class Located:
    """A piece of the publication that was found: its source place, its words, the pages that it stands on. `wanted` are
    the words as they were looked for, `found` is where they are in the stream."""

    place: Place
    words: str
    first: int
    last: int
    top: float
    is_block: bool
    wanted: Wanted
    found: Match


class Aim(NamedTuple):
    """Where a link should lead: the page, the height, whether that is of a figure or table, which may float."""

    page: int
    top: float
    is_float: bool


class PrintedReference(NamedTuple):
    """A cross-reference as it is printed: on which page, or at the turn of which two, and the page that it says (None:
    none)."""

    meant: ExpectedPage
    here: tuple[int, int]
    says: int | None


class NarrowHeading(NamedTuple):
    """A heading of a level that stands too far from its text: its place, words and page; the space above and below."""

    level: int
    place: Place
    words: str
    page: int
    above: float
    below: float


@dataclass
class Evidence:
    """Everything that the checks read, and where they report to. `numbers` are those of the pages that they look at
    (None: all). What was found in the chapters of other pages, each looked at alone, is given to it: `checked` are
    their slugs."""

    expected: Expected
    theme: Theme
    printed: PrintedPages
    structure: Structure
    faults: Faults
    numbers: Sequence[int] | None = None
    checked: frozenset[str] = frozenset()
    aims: dict[str, Aim] = field(default_factory=dict)
    link_pages: dict[Place, range] = field(default_factory=dict)
    captions: dict[str, int] = field(default_factory=dict)
    marks: dict[str, frozenset[int]] = field(default_factory=dict)
    references: list[PrintedReference] = field(default_factory=list)
    full_lines: list[int] = field(default_factory=list)
    """How many letters each full line of body text has."""
    narrow: list[NarrowHeading] = field(default_factory=list)
    begun: list[tuple[str, int]] = field(default_factory=list)
    """The beginnings of what may be notes, behind their marks, and the pages."""
    area: Area = field(init=False)
    stream: WordStream = field(init=False)
    contents_page: int = field(init=False)
    body_page: int = field(init=False)
    back_cover: int = field(init=False)
    headings: dict[str, Located] = field(default_factory=dict)
    overprinted: dict[int, list[tuple[Line, str, str]]] = field(default_factory=dict)
    works: dict[str, Located] = field(default_factory=dict)
    located: list[Located] = field(default_factory=list)
    formulas: list[tuple[IllustrationMade, Place]] = field(default_factory=list)
    _blocks: dict[str, list[Located]] = field(default_factory=dict)
    _by_page: dict[int, list[Located]] = field(default_factory=dict)
    _notes: list[ExpectedNote] = field(init=False)

    def __post_init__(self) -> None:
        self.area = replace(area_of(self.theme), deeper=self._deeper())
        if self.numbers is None:
            self.numbers = range(1, len(self.printed.pages) + 1)
        self.stream = WordStream(line for page in self.pages for line in page.lines)
        expected = self.expected
        self.contents_page = self.page_headed(expected.contents_title) if expected.contents_depth else 0
        self.body_page = self._body_page()
        has_back_cover = self.expected.has_back_cover(for_barcode=self.theme.flag("cover", "back"))
        notes = (note for chapter in self.expected.chapters for note in chapter.notes)
        self._notes = sorted(notes, key=lambda note: note.place)
        self.back_cover = len(self.printed.pages) if has_back_cover else 0

    @property
    def pages(self) -> list[Page]:
        """The pages that are looked at."""
        return [self.printed.pages[number - 1] for number in self.numbers or ()]

    @property
    def index_page(self) -> int:
        """The page on which the index begins; behind the last one where there is none."""
        index = self.headings.get("index")
        return index.first if index else len(self.printed.pages) + 1

    @property
    def body(self) -> int:
        """The first letter of the first chapter in the stream."""
        return self.stream.of_page(self.body_page)

    def is_cover(self, page: int) -> bool:
        """Whether `page` is the cover or the back cover, which have no type area."""
        return page in (COVER, self.back_cover)

    def expected_headings(self) -> list[Anchor]:
        """The headings in order; that of the references where their list stands among the chapters, else behind them,
        that of the index last."""
        headings = [anchor for anchor in self.expected.anchors if anchor.kind == "heading"]
        if self.expected.references_title:
            slugs = [chapter.slug for chapter in self.expected.chapters]
            at = slugs.index("references") if "references" in slugs else len(slugs)
            links = [link for chapter in self.expected.chapters[at : at + 1] for link in chapter.links]
            place = Place(links[0].place.path if links else "bib/references.bib")
            behind = set(slugs[at + 1 :])
            first = next((n for n, one in enumerate(headings) if one.chapter in behind), len(headings))
            title = self.expected.references_title
            headings.insert(first, Anchor("references", "heading", "", title, "references", place, 1))
        if self.expected.index_title:
            headings.append(Anchor("index", "heading", "", self.expected.index_title, "index", FALLBACK, 1))
        return headings

    def locate(self, place: Place, words: Wanted, found: Match, *, is_block: bool = True) -> Located:
        """Remembers where `words` were found; a block stands where its source does, a note or a work may not."""
        line = self.stream.line(found.start)
        last = self.stream.page(max(found.start, found.end - 1))
        located = Located(place, words.text, line.page, max(line.page, last), line.top, is_block, words, found)
        self.located.append(located)
        if is_block:
            self._blocks.setdefault(place.path, []).append(located)
        for page in range(located.first, located.last + 1):
            self._by_page.setdefault(page, []).append(located)
        return located

    def with_marks(self, text: str, place: Place, end: Place) -> str:
        """The words of `text`, which stands from `place` on and before `end`, with the marks of its notes where these
        are printed, as they are compared; empty where it has no notes, or where they stand is not known."""
        words, last = norm(text), 0
        first = bisect_left(self._notes, place, key=lambda note: note.place)
        notes = self._notes[first : bisect_left(self._notes, end, lo=first, key=lambda note: note.place)]
        for note in notes:
            before, mark = norm(note.before), norm(note.mark)
            at = words.find(before, max(0, last - len(before)))
            if at < 0 and before.endswith(","):  # between two marks
                before, mark = before[:-1], f",{mark}"
                at = words.find(before, max(0, last - len(before)))
            if at < 0 or not before:
                return ""
            last = at + len(before) + len(mark)
            words = words[: at + len(before)] + mark + words[at + len(before) :]
        return words if notes else ""

    def place(self, page: int, words: str = "") -> Place:
        """The source place of `words` on `page`; where they are not known, of what stands first on the page."""
        here = self._by_page.get(page, [])
        whole = norm(words)
        if whole:
            around = [one for one in here if whole in one.words]
            inside = [one for one in here if len(one.words) >= LEAST_LETTERS and one.words in whole]
            if around or inside:
                return (around or [max(inside, key=lambda one: len(one.words))])[0].place
            for word in sorted((norm(word) for word in words.split()), key=len, reverse=True):
                some = [one for one in here if word in one.words]
                if len(some) == 1:
                    return some[0].place
        return here[0].place if here else FALLBACK

    def place_at(self, page: Page, box: Rectangle, words: str) -> Place:
        """The source place of what stands in `box` on `page`: of a formula, which is not found by its words, or else
        of `words`."""
        middle = page.as_printed(box).middle
        for formula, place in self.formulas:
            if formula.page == page.number and formula.box.holds(middle):
                return place
        return self.place(page.number, words)

    def spotted(self, fault: Fault) -> Fault:
        """`fault` with its spot; of one without, the page that it names, and where its block begins there."""
        named = PAGE_NAMED.search(fault.message)
        if fault.spot[0] or not named:
            return fault
        page = int(named[1])
        tops = [one.top for one in self._by_page.get(page, ()) if one.place == fault.place and one.first == page]
        return replace(fault, spot=(page, tops[0], tops[0] + ONE_LINE) if tops else (page, 0.0, 0.0))

    def pages_of(self, place: Place) -> range:
        """The pages that the block of `place` may stand on (empty: not known)."""
        if place in self.link_pages:
            return self.link_pages[place]
        block = self.block_at(place)
        return range(block.first, block.last + 1) if block else range(0)

    def block_at(self, place: Place) -> Located | None:
        """The block that `place` is in; None where it is not known."""
        before = [one for one in self._blocks.get(place.path, ()) if one.place <= place]
        return max(before, key=lambda one: one.place, default=None)

    def page_headed(self, heading: str) -> int:
        """The page that `heading` (Contents, Tables …) stands above the text of, after the cover; 0 where none does."""
        title = norm(heading)
        if not title:
            return 0
        pages = [line.page for line in self.stream.lines if line.page > 1 and norm(line.said) == title]
        # A label of the impressum may end in the same word, on a line of its own: the bookmark tells them apart.
        marked = {mark.target.page for mark in self.structure.bookmarks if norm(mark.title) == title}
        return next((page for page in pages if page in marked), next(iter(pages), 0))

    def _deeper(self) -> dict[int, float]:
        """The pages of chapters that page fitting has made deeper, and by how many points."""
        openers = [anchor for anchor in self.expected_headings() if anchor.level == 1]
        places = self.structure.places
        begins = sorted((places[one.label].page, one.chapter) for one in openers if one.label in places)
        begins.append((len(self.printed.pages) + 1, ""))
        pitch = self.theme.number("type", "body", "leading")
        depths = {chapter.slug: chapter.depth * pitch for chapter in self.expected.chapters if chapter.depth > 0}
        return {
            page: depths[slug]
            for (first, slug), (end, _) in pairwise(begins)
            if slug in depths
            for page in range(first, end)
        }

    def _body_page(self) -> int:
        first = next((anchor for anchor in self.expected.anchors if anchor.kind == "heading"), None)
        least = max(self.contents_page, 1) + 1
        if first is not None:
            places = [self.structure.places[first.label]] if first.label in self.structure.places else []
            places += [mark.target for mark in self.structure.bookmarks if norm(mark.title) == norm(first.title)]
            for target in places:
                if target.page >= least:
                    return target.page
        return least


def shown(text: str) -> str:
    """`text` for a message, in backticks: its first words."""
    words = re.sub("[\u200b\u2060]", "", text).split()
    return f"`{' '.join(words[:SHOWN_WORDS])}{' …' if len(words) > SHOWN_WORDS else ''}`"


@dataclass(frozen=True)
class Area:
    """The block of text with its margin column, on odd pages and on even ones; the column is to the left, on odd
    pages that face another it is to the right. `head` and `foot` are the bands above and below the block; by page, some
    are so many points `deeper`."""

    block: Rectangle
    verso: Rectangle
    head: tuple[float, float]
    foot: tuple[float, float]
    deeper: Mapping[int, float] = field(default_factory=dict)

    def on(self, page: int) -> Rectangle:
        """The block on page `page`."""
        block = self.block if page % 2 else self.verso
        return replace(block, bottom=block.bottom + self.deeper[page]) if page in self.deeper else block

    def foot_on(self, page: int) -> tuple[float, float]:
        """The band of the folio on `page`: a line that is too much on a deeper page begins above it."""
        return self.foot[0] + 0.4 * self.deeper.get(page, 0.0), self.foot[1]


def area_of(theme: Theme) -> Area:
    """The type area that the tokens of `theme` describe."""
    top, left, measure = (theme.length("page", name) for name in ("top", "inside", "measure"))
    column = theme.length("page", "margin-column")
    margin = column + theme.length("page", "gutter") if column else 0.0
    size, pitch = theme.number("type", "body", "size"), theme.number("type", "body", "leading")
    small = theme.number("type", "small", "leading")
    bottom = top + theme.number("page", "lines") * pitch - (pitch - size)
    block = verso = Rectangle(left - margin, top, left + measure, bottom)
    if theme.flag("page", "facing"):
        right = theme.length("page", "width") - left
        block = Rectangle(left, top, left + measure + margin, bottom)
        verso = Rectangle(right - measure - margin, top, right, bottom)
    head, foot = (top - 2 * pitch - 2 * small, top - pitch), (bottom + pitch, bottom + 2 * pitch + 2 * small)
    return Area(block, verso, head, foot)
