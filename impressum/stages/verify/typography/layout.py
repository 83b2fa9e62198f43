"""The pages as a designer sees them: paragraphs, headings and notes in their lines, and what most pages share."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from impressum.core.errors import Place
from impressum.stages.verify.evidence import Evidence, Located
from impressum.stages.verify.pages import Line

PARAGRAPH, HEADING, NOTE, BOX = "paragraph", "heading", "note", "box"
LISTS = ("bulletlist", "orderedlist", "definitionlist")
RUNNING = frozenset({PARAGRAPH, *LISTS, "quotation", BOX, "division"})
"""Blocks whose paragraphs run on over lines and pages."""
WHOLE = frozenset(
    {HEADING, "equation", "codeblock", "lineblock", "figure", "figuregroup", "table", "reference", "rule", "rawtypst"}
)
"""Blocks whose lines are not those of running text: no widow is looked for in them."""
HYPHENS = ("\ufffe", "-", "\u2010")
HYPHEN = re.compile("[-\u2010\u2011]")
WORD_END = re.compile("(\\w+)[\ufffe\u2010-]$")
WORD_START = re.compile("\\w+")
SAME_SIZE = 0.4
SAME_LINE = 0.4  # shares of the size: baselines closer than this are one line (a raised mark has its own)
ASCENT, DESCENT = 0.8, 0.2
"""The shares of its size that a line of type takes above and below its baseline, in the book's templates."""
EDGE = 2.0
BEYOND = 1_000_000  # a page behind all others


@dataclass
class Layout:
    """The passages of all chapters in the order in which they are printed, and the notes apart."""

    evidence: Evidence
    passages: tuple[PrintedPassage, ...] = ()
    notes: tuple[PrintedPassage, ...] = ()
    size: float = 0.0
    """Of body text, in points."""
    pitch: float = 0.0
    measure: float = 0.0
    lefts: dict[int, float] = field(default_factory=dict)
    """The left edge of body text by page: that of most lines on all its odd or even pages, as facing ones differ."""
    ends: dict[int, int] = field(default_factory=dict)
    """The last page of each chapter."""
    is_ragged: bool = False
    """Whether the lines of body text are not drawn out to the right edge."""
    sides: dict[int, float] = field(default_factory=dict)
    """The left edge of even pages (0) and of odd ones (1), for those without a paragraph."""
    _by_page: dict[int, list[tuple[TypeLine, PrintedPassage]]] = field(default_factory=lambda: defaultdict(list))
    _bases: dict[int, list[float]] = field(default_factory=dict)

    def body(self) -> Iterator[PrintedPassage]:
        """The paragraphs at the top of chapters, in the size of body text."""
        for passage in self.passages:
            if passage.kind == PARAGRAPH and abs(passage.rows[0].size - self.size) < SAME_SIZE:
                yield passage

    def running(self) -> Iterator[PrintedPassage]:
        """Every paragraph that runs on over lines and pages, in lists and quotations, too."""
        return (passage for passage in self.passages if passage.kind in RUNNING)

    def begins(self, chapter: int) -> int:
        """The page that a chapter begins on; 0 where it is not known."""
        return next((passage.pages[0] for passage in self.passages if passage.chapter == chapter), 0)

    def on(self, page: int) -> list[tuple[TypeLine, PrintedPassage]]:
        """The rows in the text block of `page` from top to foot, each with its passage."""
        return self._by_page.get(page, [])

    def lines(self, page: int, *, below: float = 0.0) -> list[float]:
        """The baselines in the text block of `page`, or `below` a height of it, without notes."""
        if page not in self._bases:
            notes = [row.baseline for row, passage in self.on(page) if passage.kind == NOTE]
            bases = sorted(line.baseline for line in inside(self.evidence, page))
            self._bases[page] = [base for base in bases if not any(abs(base - note) < EDGE for note in notes)]
        found: list[float] = []
        for base in self._bases[page]:
            if base > below + EDGE and (not found or base - found[-1] > self.pitch / 2):
                found.append(base)
        return found

    def foot(self, page: int) -> tuple[TypeLine, PrintedPassage] | None:
        """The lowest row in the text block of `page`, if it is text of a chapter or a note."""
        lowest = max((line.baseline for line in inside(self.evidence, page)), default=0.0)
        rows = self.on(page)
        return rows[-1] if rows and rows[-1][0].baseline > lowest - EDGE else None

    def is_justified(self, passage: PrintedPassage, row: TypeLine) -> bool:
        """Whether `row` of a body paragraph is drawn out to the edge of the text: its last one is not."""
        return not self.is_ragged and self.is_filled(passage, row)

    def is_full(self, passage: PrintedPassage, row: TypeLine) -> bool:
        """Whether `row` goes on to another one of its paragraph, is as long as that lets it be, and has no indent."""
        return self.is_filled(passage, row) and abs(row.left - self.lefts[row.page]) <= EDGE

    def is_filled(self, passage: PrintedPassage, row: TypeLine) -> bool:
        """Whether `row` goes on to another one of its paragraph, and reaches the edge of the text where it is to."""
        left = self.lefts.get(row.page, self.sides.get(row.page % 2))
        if left is None or row is passage.rows[-1]:
            return False
        return self.is_ragged or row.right >= left + self.measure - EDGE


def read_layout(evidence: Evidence) -> Layout:
    """The layout of the finished pages."""
    layout = Layout(evidence)
    layout.measure = evidence.theme.length("page", "measure")
    layout.is_ragged = not evidence.theme.flag("page", "justify")
    finder = PassageFinder(evidence)
    found = finder.passages()
    layout.ends = finder.ends()
    layout.passages = tuple(passage for passage in found if passage.kind != NOTE)
    layout.notes = tuple(passage for passage in found if passage.kind == NOTE)
    sizes = Counter(
        round(row.size, 1) for passage in layout.passages if passage.kind == PARAGRAPH for row in passage.rows
    )
    layout.size = sizes.most_common(1)[0][0] if sizes else 0.0
    layout.pitch = _pitch(layout) or evidence.theme.number("type", "body", "leading")
    lefts: dict[int, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for passage in layout.body():
        for row in passage.rows:
            lefts[row.page % 2][round(row.left)].append(row.left)
    layout.sides = {side: max(some.values(), key=len)[0] for side, some in lefts.items()}
    layout.lefts = {row.page: layout.sides[row.page % 2] for passage in layout.body() for row in passage.rows}
    for passage in found:
        for row in passage.rows:
            layout._by_page[row.page].append((row, passage))
    for rows in layout._by_page.values():
        rows.sort(key=lambda one: one[0].baseline)
    return layout


def _pitch(layout: Layout) -> float:
    """The distance of most lines of body text: a theme may set another one for a language."""
    distances = Counter(
        round(below.baseline - above.baseline, 2)
        for passage in layout.body()
        for above, below in pairwise(passage.rows)
        if above.page == below.page
    )
    return distances.most_common(1)[0][0] if distances else 0.0


@dataclass(frozen=True, slots=True)
class TypeLine:
    """A line of type as a reader sees it; places in points from the page's top left."""

    page: int
    text: str
    baseline: float
    left: float
    right: float
    size: float
    space: float

    @property
    def hyphenated(self) -> bool:
        return self.text.endswith(HYPHENS)

    @property
    def words(self) -> str:
        """Its text as it looks."""
        return self.text.replace("\ufffe", "-").replace("\u200b", "")


@dataclass(frozen=True)
class PrintedPassage:
    """A paragraph, heading, cell, caption or note: its rows in order, and the block at the top of the chapter. `kind`
    is that of the block ("paragraph", "table"), "heading" or "note"; `place` is where the block stands in the sources,
    exactly as page fitting knows it. `words` are those of the sources; `level` counts for headings."""

    kind: str
    place: Place
    chapter: int
    block: int
    words: tuple[str, ...]
    rows: tuple[TypeLine, ...]
    level: int = 0

    @property
    def pages(self) -> list[int]:
        """The pages that it stands on, in order."""
        return list(dict.fromkeys(row.page for row in self.rows))

    def on(self, page: int) -> list[TypeLine]:
        """Its rows on `page`."""
        return [row for row in self.rows if row.page == page]

    def divides(self, row: TypeLine, after: TypeLine) -> bool:
        """Whether a word is hyphenated between `row` and `after`; one that is written with a hyphen there is not."""
        if not row.hyphenated:
            return False
        head, tail = WORD_END.search(row.text), WORD_START.match(after.text)
        if head is None or tail is None:
            return False
        written = f"{head[1]}-{tail[0]}".casefold()
        return not any(written in word.replace("\u2010", "-").casefold() for word in self.words if HYPHEN.search(word))


def inside(evidence: Evidence, page: int) -> Iterator[Line]:
    """The lines in the text block of `page`, without its head and its foot."""
    area = evidence.area.on(page)
    for line in evidence.printed.pages[page - 1].lines if 0 < page <= len(evidence.printed.pages) else ():
        if line.top >= area.top - EDGE and line.bottom <= area.bottom + EDGE:
            yield line


class PassageFinder:
    """Gives each printed line to the passage that it is part of."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.stream = evidence.stream
        anchors = [anchor for anchor in evidence.expected_headings() if anchor.label in evidence.headings]
        self.headings = {
            id(evidence.headings[anchor.label]): (evidence.headings[anchor.label], anchor) for anchor in anchors
        }
        self.works = {id(work) for work in evidence.works.values()}
        self.pulled = {quote.place for chapter in evidence.expected.chapters for quote in chapter.repeats}
        self.blocks: dict[str, list[tuple[Place, str, int, int]]] = defaultdict(list)
        for number, chapter in enumerate(evidence.expected.chapters):
            for index, block in enumerate(chapter.blocks):
                self.blocks[block.place.path].append((block.place, block.kind, number, index))
        for blocks in self.blocks.values():
            blocks.sort(key=lambda block: block[0])
        self.chapters = self._chapters()

    def _chapters(self) -> dict[int, tuple[int, int]]:
        """The first and the last letter of each chapter whose title is found."""
        slugs = {chapter.slug: number for number, chapter in enumerate(self.evidence.expected.chapters)}
        titles = [one for one in self.headings.values() if one[1].level == 1]
        starts = {found.found.start: anchor for found, anchor in titles}
        order = [*sorted(starts), len(self.stream.text)]
        return {
            slugs[starts[start].chapter]: (start, end)
            for start, end in pairwise(order)
            if starts[start].chapter in slugs
        }

    def ends(self) -> dict[int, int]:
        """The page that each chapter ends on."""
        found = {}
        for chapter, (start, end) in self.chapters.items():
            before = self.stream.page(end) if end < len(self.stream.text) else self.evidence.back_cover or BEYOND
            first = self.stream.page(start)
            for number in range(self.stream.number(end - 1), self.stream.number(start) - 1, -1):
                page = self.stream.lines[number].page
                if page <= first or (page < before and any(True for _ in inside(self.evidence, page))):
                    found[chapter] = page
                    break
        return found

    def passages(self) -> list[PrintedPassage]:
        """Every passage that is printed whole, in the order of its first line."""
        whole = [one for one in self.evidence.located if not one.found.lost and one.found.end > one.found.start]
        owners: dict[int, Located] = {}
        for one in sorted(whole, key=lambda one: one.found.start - one.found.end):  # what lies within another, last
            for number in self._numbers(one):
                owners[number] = one
        numbers: dict[int, list[int]] = defaultdict(list)
        for number in sorted(owners):
            numbers[id(owners[number])].append(number)
        found = []
        for one in sorted(whole, key=lambda one: one.found.start):
            passage = self._passage(one, [self.stream.lines[number] for number in numbers.get(id(one), ())])
            if passage is not None:
                found.append(passage)
        return found

    def _numbers(self, one: Located) -> Iterator[int]:
        """The lines between the first and the last letter of `one` that may be its own."""
        first, last = self.stream.number(one.found.start), self.stream.number(one.found.end - 1)
        # The first may be a heading of the same words.
        sizes = {self.stream.lines[number].size for number in (first, last)}
        for number in range(first, last + 1):
            line = self.stream.lines[number]
            ends = number in (first, last)
            same = any(abs(line.size - size) < SAME_SIZE for size in sizes)
            area = self.evidence.area.on(line.page)
            if ends or (same and area.top <= line.baseline <= area.bottom + EDGE):
                yield number

    def _passage(self, one: Located, lines: list[Line]) -> PrintedPassage | None:
        rows = _rows(lines)
        blocks = self.blocks.get(one.place.path, [])
        index = bisect_right(blocks, one.place, key=lambda block: block[0]) - 1
        if not rows or index < 0 or id(one) in self.works:
            return None
        place, kind, chapter, block = blocks[index]
        first, last = self.chapters.get(chapter, (0, len(self.stream.text)))
        if not first <= one.found.start < last:  # the same words in another chapter
            return None
        if id(one) in self.headings:
            heading = self.headings[id(one)][1]
            return PrintedPassage(HEADING, place, chapter, block, tuple(heading.title.split()), rows, heading.level)
        words = tuple(word for _, word in one.wanted.tokens)
        is_note = not one.is_block and one.place not in self.pulled
        return PrintedPassage(NOTE if is_note else kind, place, chapter, block, words, rows)


def _rows(lines: list[Line]) -> tuple[TypeLine, ...]:
    """`lines`, those on one baseline together."""
    rows: list[TypeLine] = []
    for line in lines:
        text = line.text.rstrip()
        before = rows[-1] if rows else None
        if (
            before is not None
            and before.page == line.page
            and abs(before.baseline - line.baseline) < SAME_LINE * max(before.size, line.size)
        ):
            large = before.size >= line.size
            rows[-1] = TypeLine(
                before.page,
                f"{before.text} {text}",
                before.baseline if large else line.baseline,
                min(before.left, line.left),
                max(before.right, line.right),
                max(before.size, line.size),
                before.space or line.space,
            )
        else:
            rows.append(TypeLine(line.page, text, line.baseline, line.left, line.right, line.size, line.space))
    return tuple(rows)
