"""The pages as a whole: which passages stand on each, and what most of them have in common."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from impressum.stages.verify.evidence import Evidence
from impressum.stages.verify.typography.passages import (
    EDGE,
    NOTE,
    PARAGRAPH,
    RUNNING,
    SAME_SIZE,
    Finder,
    Passage,
    Row,
    inside,
)


@dataclass
class Layout:
    """The passages of all chapters in the order in which they are printed, and the notes apart."""

    evidence: Evidence
    passages: tuple[Passage, ...] = ()
    notes: tuple[Passage, ...] = ()
    size: float = 0.0
    """Of body text, in points."""
    pitch: float = 0.0
    measure: float = 0.0
    lefts: dict[int, float] = field(default_factory=dict)
    """The left edge of body text by page: facing pages have two."""
    ends: dict[int, int] = field(default_factory=dict)
    """The last page of each chapter."""
    _by_page: dict[int, list[tuple[Row, Passage]]] = field(default_factory=lambda: defaultdict(list))

    def body(self) -> Iterator[Passage]:
        """The paragraphs at the top of chapters, in the size of body text."""
        for passage in self.passages:
            if passage.kind == PARAGRAPH and abs(passage.rows[0].size - self.size) < SAME_SIZE:
                yield passage

    def running(self) -> Iterator[Passage]:
        """Every paragraph that runs on over lines and pages, in lists and quotations, too."""
        return (passage for passage in self.passages if passage.kind in RUNNING)

    def begins(self, chapter: int) -> int:
        """The page that a chapter begins on; 0 where it is not known."""
        return next((passage.pages[0] for passage in self.passages if passage.chapter == chapter), 0)

    def on(self, page: int) -> list[tuple[Row, Passage]]:
        """What stands in the text block of `page`, from top to foot, each row with what it is part of."""
        return self._by_page.get(page, [])

    def lines(self, page: int, *, below: float = 0.0) -> list[float]:
        """The baselines of all that stands in the text block of `page`, or `below` a height of it, but for notes."""
        notes = [row.baseline for row, passage in self.on(page) if passage.kind == NOTE]
        found: list[float] = []
        for base in sorted(line.baseline for line in inside(self.evidence, page)):
            is_note = any(abs(base - note) < EDGE for note in notes)
            if base > below + EDGE and not is_note and (not found or base - found[-1] > self.pitch / 2):
                found.append(base)
        return found

    def foot(self, page: int) -> tuple[Row, Passage] | None:
        """What stands lowest in the text block of `page`, unless that is no text of a chapter or a note."""
        lowest = max((line.baseline for line in inside(self.evidence, page)), default=0.0)
        rows = self.on(page)
        return rows[-1] if rows and rows[-1][0].baseline > lowest - EDGE else None

    def is_justified(self, passage: Passage, row: Row) -> bool:
        """Whether `row` of a body paragraph is drawn out to the edge of the text: its last one is not."""
        left = self.lefts.get(row.page)
        return left is not None and row is not passage.rows[-1] and row.right >= left + self.measure - EDGE

    def is_full(self, passage: Passage, row: Row) -> bool:
        """Whether `row` is justified, and has no indent."""
        return self.is_justified(passage, row) and abs(row.left - self.lefts[row.page]) <= EDGE


def read_layout(evidence: Evidence) -> Layout:
    """The layout of the finished pages."""
    layout = Layout(evidence)
    layout.measure = evidence.theme.length("page", "measure")
    finder = Finder(evidence)
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
            lefts[row.page][round(row.left)].append(row.left)
    for page, some in lefts.items():
        layout.lefts[page] = max(some.values(), key=len)[0]
    for passage in found:
        for row in passage.rows:
            layout._by_page[row.page].append((row, passage))
    for rows in layout._by_page.values():
        rows.sort(key=lambda one: one[0].baseline)
    return layout


def _pitch(layout: Layout) -> float:
    """The distance of most lines of body text: a theme may have one of its own for a language."""
    distances = Counter(
        round(below.baseline - above.baseline, 2)
        for passage in layout.body()
        for above, below in pairwise(passage.rows)
        if above.page == below.page
    )
    return distances.most_common(1)[0][0] if distances else 0.0
