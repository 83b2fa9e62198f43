"""Where the blocks of the sources stand on the pages: from a page to its Markdown line, and back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from impressum.core.errors import Place
from impressum.core.model.fits import Extent, LayoutReport, Spot
from impressum.core.model.manuscript import Expected, ExpectedBlock, ExpectedChapter
from impressum.core.model.theme import Theme
from impressum.pipeline.fitting.chapters import FLOATING

ABOVE, BELOW = 0.75, 0.3
"""How far a line of text reaches above and below its base line, in distances of lines."""
ENDS_BEFORE = 0.35
"""How far above the next thing a block ends of which only the beginning is reported, in line distances."""


@dataclass(frozen=True)
class Stand:
    """A part of a page with its source place: a block, an item of a list, or a note. Points from the top of the page;
    `words` are its first ones. A block that is divided between two pages has a stand on each."""

    page: int
    top: float
    bottom: float
    kind: str
    place: Place
    words: str = ""


@dataclass(frozen=True)
class Places:
    """The stands of an edition, by page and by source file."""

    by_page: Mapping[int, tuple[Stand, ...]] = field(default_factory=dict)
    by_path: Mapping[str, tuple[Stand, ...]] = field(default_factory=dict)
    """In the order of their lines."""
    sides: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 0.0), (0.0, 0.0))
    """From where to where lines of text reach on an odd and on an even page, in points from the left."""

    def sides_of(self, page: int) -> tuple[float, float]:
        """From where to where lines of text reach on `page`."""
        return self.sides[1 - page % 2]

    def at(self, page: int, y: float) -> Stand | None:
        """The smallest stand of `page` at `y` points from its top; else the one that ends last above it."""
        here = self.by_page.get(page, ())
        around = [one for one in here if one.top <= y <= one.bottom]
        if around:
            return min(around, key=lambda one: one.bottom - one.top)
        return max((one for one in here if one.bottom < y), key=lambda one: one.bottom, default=None)

    def of(self, place: Place) -> Stand | None:
        """The stand of what begins at the line of `place`, or is the last to begin before it."""
        stands = self.by_path.get(place.path, ())
        at = bisect_right(stands, place.line, key=lambda one: one.place.line)
        if not at:
            return None
        line = stands[at - 1].place.line
        return next(one for one in stands if one.place.line == line)

    def lines_of(self, stand: Stand) -> range:
        """The lines of its file that stand there."""
        stands = self.by_path.get(stand.place.path, ())
        at = bisect_right(stands, stand.place.line, key=lambda one: one.place.line)
        return range(stand.place.line, stands[at].place.line if at < len(stands) else 1 << 30)


def places(expected: Expected, layout: LayoutReport, theme: Theme) -> Places:
    """The stands of an edition, from the `layout` report of its pages."""
    extents = layout.extents()
    feet: dict[int, float] = {}  # where the text of a page with notes ends: above the first of them
    entries: dict[str, list[Spot]] = {}
    for note in layout.notes:
        feet[note.entry.page] = min(note.entry.y, feet.get(note.entry.page, note.entry.y))
        entries.setdefault(note.key.partition("/")[0], []).append(note.entry)
    found: list[Stand] = []
    for chapter in expected.chapters:
        for block in (*chapter.blocks, *chapter.items):
            floats = layout.figures.get(f"{chapter.slug}/{block.id}") if block.kind in FLOATING and block.id else None
            if floats is not None:
                found.append(Stand(floats.page, floats.y, 0.0, block.kind, block.place, block.words))
            elif block.key in extents:
                found += _parts(block, extents[block.key], layout, feet)
        found += _notes(chapter, entries.get(chapter.slug, ()))
    closed = _closed(found, layout)
    by_page: dict[int, list[Stand]] = {}
    by_path: dict[str, list[Stand]] = {}
    for stand in closed:
        by_page.setdefault(stand.page, []).append(stand)
        by_path.setdefault(stand.place.path, []).append(stand)
    return Places(
        {page: tuple(sorted(stands, key=lambda one: one.top)) for page, stands in by_page.items()},
        {path: tuple(sorted(stands, key=lambda one: (one.place, one.page))) for path, stands in by_path.items()},
        _sides(theme),
    )


def _sides(theme: Theme) -> tuple[tuple[float, float], tuple[float, float]]:
    inside, measure = theme.length("page", "inside"), theme.length("page", "measure")
    odd = (inside, inside + measure)
    right = theme.length("page", "width") - inside
    return odd, (right - measure, right) if theme.flag("page", "facing") else odd


def _parts(block: ExpectedBlock, extent: Extent, layout: LayoutReport, feet: Mapping[int, float]) -> Iterator[Stand]:
    """A block on each page that it stands on. The points of a paragraph are on its base lines. `feet` is where the text
    of pages with notes ends."""
    is_text = block.kind in ("paragraph", "item")
    above, below = (ABOVE * layout.pitch, BELOW * layout.pitch) if is_text else (0.0, 0.0)
    first = extent.first.page
    has_room = extent.first.y + layout.pitch <= feet.get(first, layout.bottom)
    if first < extent.last.page and (block.kind == "heading" or not has_room):
        first += 1  # the report has its place before the page break
    for page in range(first, extent.last.page + 1):
        top = extent.first.y - above if page == extent.first.page else layout.top
        bottom = extent.last.y + below if page == extent.last.page else feet.get(page, layout.bottom)
        yield Stand(page, top, max(bottom, top + layout.pitch * (ABOVE + BELOW)), block.kind, block.place, block.words)


def _notes(chapter: ExpectedChapter, entries: Sequence[Spot]) -> Iterator[Stand]:
    """The notes of a chapter at the foot of its pages, where the pages tell of as many as it has."""
    if len(entries) == len(chapter.notes):
        for note, entry in zip(chapter.notes, entries, strict=True):
            yield Stand(entry.page, entry.y, 0.0, "note", note.place, note.text)


def _closed(stands: list[Stand], layout: LayoutReport) -> Iterator[Stand]:
    """`stands` with an end for those of which only the beginning is reported: above what follows on their page."""
    tops: dict[int, list[float]] = {}
    for stand in stands:
        tops.setdefault(stand.page, []).append(stand.top)
    for stand in stands:
        if stand.bottom:
            yield stand
            continue
        below = min((top for top in tops[stand.page] if top > stand.top + 1), default=0.0)
        end = below - ENDS_BEFORE * layout.pitch if below else max(layout.bottom, stand.top + layout.pitch)
        yield replace(stand, bottom=max(end, stand.top + 1))
