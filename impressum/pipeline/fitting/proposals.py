"""Proposals that may mend a flaw of the pages: one after the other, the least change first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from impressum.core.errors import Fault
from impressum.core.model.fits import LEAST_AT_END, Breaks, Extent, FigurePlace, Fit, Fits, SetNote
from impressum.pipeline.fitting.chapters import FLOATING, SetChapter

WEIGHTS = {
    "note-page": 60,
    "page-widow": 10,
    "page-orphan": 10,
    "note-split": 8,
    "chapter-end": 8,
    "summary-long": 8,
    "type-heading": 5,
    "type-spacing": 5,
    "page-hole": 5,
    "list-interrupted": 5,
    "page-hyphen": 4,
    "type-hyphens": 4,
    "paragraph-end": 3,
    "type-rhythm": 2,
}
"""How much a warning weighs; one that is not named weighs 1, an error 100."""
ERROR = 100
MENDABLE = frozenset(WEIGHTS) - {"type-rhythm"}
OF_A_PAGE = ("page-hole", "list-interrupted", "type-rhythm")
"""Rules whose faults have the page as their detail, or none."""
OF_LINES = ("type-spacing", "type-hyphens")
"""Rules whose faults are mended within their paragraph."""
BROKEN = ("paragraph", "bulletlist", "orderedlist")
"""Kinds of blocks whose lines can be broken elsewhere."""
MOST_CHANGED = 4
"""Paragraphs of a chapter that may be made shorter, or longer, for the sake of its last page."""
MOST_AT_FOOT = 4
"""Lines of a page that may stay free for the sake of the next one, the last of its chapter."""
DEPTHS = (1, -1, -2)
"""By how many lines the pages of a chapter may be deeper for the sake of its last one."""
MOST_LEFT_FREE = 8
"""Lines of a page that may stay free for the sake of a heading or of the first line of a paragraph."""
NEIGHBOURS = 3
BREAKS: tuple[Breaks, ...] = ("even", "often", "open", "free", "letters")
MOST_PROBED = 20
"""Paragraphs of a chapter with the shortest last lines, and with the longest, that are asked for its last page."""


def weight(fault: Fault) -> int:
    """How much `fault` counts where two ways to set the pages are compared."""
    own = WEIGHTS.get(fault.rule, 1)
    return max(own, ERROR) if fault.severity == "error" else own


def worth_a_probe(chapter: SetChapter, faults: tuple[Fault, ...]) -> set[str]:
    """The paragraphs that could mend one of `faults`, or a late note, by being a line shorter or longer."""
    paragraphs = [
        chapter.extents[one.key] for one in chapter.blocks if one.kind == "paragraph" and one.key in chapter.extents
    ]
    pages = {min(note.mark.page, note.entry.page) for note in _misplaced(chapter)}
    found: set[str] = set()
    for fault in faults:
        extent = chapter.extent_at(fault.place)
        if fault.rule == "chapter-end":
            by_end = sorted(paragraphs, key=lambda one: (one.last.x, one.key))
            found |= {one.key for one in (*by_end[:MOST_PROBED], *by_end[-MOST_PROBED:])}
        elif fault.rule in OF_A_PAGE:
            pages |= {int(fault.detail) - 1, int(fault.detail), int(fault.detail) + 1} if fault.detail else set()
        elif extent is not None and fault.rule in MENDABLE:
            pages.add(extent.first.page)
            found.add(extent.key)
    found |= {one.key for one in paragraphs if one.first.page in pages}
    return found & {one.key for one in paragraphs if one.first != one.last}


@dataclass(frozen=True)
class Proposal:
    """Fits by key that may mend a flaw against the rule `rule`."""

    rule: str
    fits: tuple[tuple[str, Fit], ...]


Outcomes = Mapping[tuple[str, Fit], int]
"""How grave the flaws are in the lines of a block, by its key and its fit: these do not depend on the page."""


def _for_lines(fit: Fit) -> Fit:
    """The part of a fit on which the lines of a paragraph depend."""
    return Fit(lines=fit.lines, whole=fit.whole, breaks=fit.breaks)


def flaws_of_lines(chapter: SetChapter, faults: tuple[Fault, ...], fits: Fits) -> dict[tuple[str, Fit], int]:
    """The outcomes that are seen where the chapter is set with these `fits`, and has these `faults`."""
    found = {(one.key, _for_lines(fits.get(one.key, Fit()))): 0 for one in chapter.blocks if one.kind in BROKEN}
    for fault in faults:
        block = chapter.block_at(fault.place) if fault.rule in OF_LINES else None
        if block is not None and block.kind in BROKEN:
            found[block.key, _for_lines(fits.get(block.key, Fit()))] += weight(fault)
    return found


@dataclass(frozen=True)
class Known:
    """What is known beside the pages: how they are fitted, the outcomes so far, and whether they face each other."""

    fits: Fits
    outcomes: Outcomes
    facing: bool = False

    def may_mend(self, some: Iterable[tuple[str, Fit]]) -> list[tuple[str, Fit]]:
        """Those of `some` fits of paragraphs that make their lines better, the best first, then those not tried yet."""
        found = [(self._gain(key, fit), key, fit) for key, fit in some]
        return [(key, fit) for gain, key, fit in sorted(found, key=lambda one: -one[0]) if gain >= 0]

    def _gain(self, key: str, fit: Fit) -> int:
        """By how much the lines are better with `fit`, -1 where they are not, 0 where it is not known."""
        now = self.fits.get(key, Fit())
        after = self.outcomes.get((key, _for_lines(fit.over(now))))
        if after is None:
            return 0
        gain = self.outcomes.get((key, _for_lines(now)), 0) - after
        return gain if gain > 0 else -1


def proposals(chapter: SetChapter, faults: tuple[Fault, ...], known: Known) -> list[Proposal]:
    """Proposals that may mend `faults` of `chapter`: all at once, then flaw after flaw, the gravest first and room that
    stays free last."""
    flaws: list[list[Proposal]] = [list(_for_note(chapter, note)) for note in _misplaced(chapter)]
    for fault in sorted(faults, key=lambda fault: (fault.rule == "page-hole", -weight(fault), fault.place)):
        fitted = list(_for_fault(chapter, fault, facing=known.facing))
        if fault.rule in OF_LINES:
            fitted = [(one,) for one in known.may_mend(chain.from_iterable(fitted))]
        flaws.append([Proposal(fault.rule, fits) for fits in fitted])
    able = [some for some in flaws if some]
    all_at_once: dict[str, Fit] = {}
    for some in able:
        for key, fit in some[0].fits:
            all_at_once.setdefault(key, fit)
    found = [one for some in able for one in some if one.rule == "summary-long"]  # the chapter is then on one page
    if len(able) > 1:
        found.append(Proposal("", tuple(sorted(all_at_once.items()))))
    keys = sorted({key for some in able for one in some if one.rule in OF_LINES for key, fit in one.fits if fit.breaks})
    if len(keys) > 1:  # what one paragraph needs is all one to the others
        for breaks in BREAKS:
            better = known.may_mend((key, Fit(breaks=breaks)) for key in keys)
            found += [Proposal("", tuple(sorted(better, key=lambda one: one[0])))] if len(better) > 1 else []
    for some in able:
        found += some
    return list(dict.fromkeys(found))


def _misplaced(chapter: SetChapter) -> Iterator[SetNote]:
    for note in chapter.notes:
        if note.mark.page != note.entry.page and note.key:
            yield note


def _for_note(chapter: SetChapter, note: SetNote) -> Iterator[Proposal]:
    """A note that stands on another page than its mark: the line of the mark must go to the next page, too."""
    layout = chapter.layout
    page = min(note.mark.page, note.entry.page)
    lines: tuple[int, ...] = (0, 1, 2, 3)
    if note.mark.page < note.entry.page:  # Typst found no room for it below the mark
        least = layout.bottom - note.mark.y + layout.pitch / 2
    else:  # its mark went on to the next page, once it had taken the room; so this room is to be kept
        others = [one.entry.y for one in chapter.notes if one.entry.page == page and one is not note]
        least = min((y for y in others if y > note.entry.y), default=layout.bottom) - note.entry.y
        lines = lines if others else (1, 2, 3, 0)  # with the rule above the notes
    host = chapter.host(note.key, page)
    if host is not None:
        for more in lines:
            yield Proposal("note-page", ((host, Fit(reserve=round(least + more * layout.pitch, 2))),))
    yield from (Proposal("note-page", fits) for fits in _neighbours(chapter, page))
    first = chapter.begins_with(note.key)
    if first is not None:
        yield Proposal("note-page", ((first, Fit(begins=True)),))


Fitted = tuple[tuple[str, Fit], ...]


def _for_fault(chapter: SetChapter, fault: Fault, *, facing: bool) -> Iterator[Fitted]:
    if fault.rule == "summary-long":
        yield ((f"{chapter.slug}/", Fit(place="top")),)
        return
    extent = chapter.extent_at(fault.place)
    block = chapter.block_at(fault.place)
    if extent is None or block is None:
        return
    page = extent.first.page
    if fault.rule == "chapter-end":
        yield from _for_end(chapter)
    elif fault.rule == "page-hole":
        yield from _for_page(chapter, int(fault.detail))
        yield from _figures(chapter, int(fault.detail))
    elif fault.rule == "type-rhythm" and fault.detail:
        yield from _beside(chapter, int(fault.detail))
    elif fault.rule == "list-interrupted":
        yield from _figures(chapter, int(fault.detail))
        yield from _breaks(chapter, extent)
        yield from _for_page(chapter, int(fault.detail) - 1)
    elif fault.rule == "paragraph-end":
        yield from _own_lines(chapter, extent)
    elif fault.rule == "page-widow":
        yield from _own_lines(chapter, extent)
        yield from _neighbours(chapter, page)
        yield from _depths(chapter, facing=facing)
        yield from _reserves(chapter, extent)
        yield from _own_breaks(extent)
    elif fault.rule == "page-orphan":
        yield from _neighbours(chapter, page)
        yield from _depths(chapter, facing=facing)
        yield from _reserves(chapter, extent)  # of another number of lines, where that mends what follows
        yield from _breaks(chapter, extent)
    elif fault.rule in ("page-hyphen", "note-split"):
        if block.kind == "paragraph" and fault.detail:
            yield ((extent.key, Fit(whole=fault.detail)),)
            yield ((extent.key, Fit(whole=fault.detail, breaks="free")),)
            yield from _own_breaks(extent)
        yield from _own_lines(chapter, extent)
        yield from _neighbours(chapter, page)
        yield from _reserves(chapter, extent)
    elif fault.rule in OF_LINES and block.kind in BROKEN:
        yield from _own_breaks(extent)
        yield from _own_lines(chapter, extent)
    elif fault.rule == "type-heading":
        below = chapter.extents.get(next((one.key for one in chapter.blocks if one.place > block.place), ""))
        yield from _own_lines(chapter, below) if below else ()
        yield from _neighbours(chapter, page)
        yield from _breaks(chapter, extent)


def _depths(chapter: SetChapter, *, facing: bool = False) -> Iterator[Fitted]:
    """All pages of the chapter a line longer, or a line or two shorter; not where they face those of another one."""
    yield from (((f"{chapter.slug}/", Fit(depth=depth)),) for depth in DEPTHS if not facing)


def _for_page(chapter: SetChapter, page: int) -> Iterator[Fitted]:
    """Paragraphs of a page shorter or longer, other pages than these, more room on the page before."""
    for sign, number in ((-1, 1), (1, 1), (1, 2), (-1, 2), (1, 3)):
        yield from islice(_some_lines(chapter, sign, number, page), 2)
    yield from _depths(chapter)
    yield from _room(chapter, chapter.first_on(page - 1), 0.6, 1.6, 2.6)
    for extent in chapter.extents.values():  # what begins on the page before
        yield from _own_lines(chapter, extent) if extent.first.page < extent.last.page == page else ()
    for sign in (-1, 1):
        yield from islice(_some_lines(chapter, sign, 1, page - 1), 2)


def _beside(chapter: SetChapter, page: int) -> Iterator[Fitted]:
    """The page that ends above the one beside it, and that one, until both end on the same line."""
    other = page + 1 if page % 2 == 0 else page - 1
    for number in (1, 2):
        yield from islice(_some_lines(chapter, 1, number, page), 2)
        yield from islice(_some_lines(chapter, -1, number, page), 2)
    yield from _room(chapter, chapter.first_on(other), 0.6, 1.6)
    for sign in (1, -1):
        yield from islice(_some_lines(chapter, sign, 1, other), 2)
        yield from islice(_some_lines(chapter, sign, 1, min(page, other) - 1), 2)
    yield from _depths(chapter)


def _figures(chapter: SetChapter, page: int) -> Iterator[Fitted]:
    """The figures and tables of a page elsewhere on it."""
    places = chapter.layout.figures
    sides: tuple[FigurePlace, ...] = ("bottom", "top", "here")
    for block in chapter.blocks:
        at = places.get(f"{chapter.slug}/{block.id}")
        if block.kind in FLOATING and at is not None and at.page == page:
            yield from (((block.key, Fit(place=side)),) for side in sides)


def _own_lines(chapter: SetChapter, extent: Extent) -> Iterator[Fitted]:
    for sign in (-1, 1):
        if (extent.key, sign) in chapter.able:
            yield ((extent.key, Fit(lines=sign)),)


def _own_breaks(extent: Extent) -> Iterator[Fitted]:
    """The lines of the paragraph broken elsewhere."""
    yield from (((extent.key, Fit(breaks=breaks)),) for breaks in BREAKS)


def _neighbours(chapter: SetChapter, page: int) -> Iterator[Fitted]:
    """Other paragraphs on the page, a line shorter where little stands in their last lines, or longer."""
    for extent in chapter.paragraphs(-1, page)[:NEIGHBOURS]:
        yield ((extent.key, Fit(lines=-1)),)
    for extent in chapter.paragraphs(1, page)[:NEIGHBOURS]:
        yield ((extent.key, Fit(lines=1)),)


def _reserves(chapter: SetChapter, extent: Extent) -> Iterator[Fitted]:
    """A line less on the page, or a few."""
    yield from _room(chapter, chapter.host(extent.key, extent.first.page), 0.6, 1.6, 2.6, 3.6)


def _room(chapter: SetChapter, host: str | None, *lines: float) -> Iterator[Fitted]:
    """So many lines left free at the foot of the page on which the block `host` begins, if there is one."""
    if host is not None:
        yield from (((host, Fit(reserve=round(number * chapter.layout.pitch, 2))),) for number in lines)


def _breaks(chapter: SetChapter, extent: Extent) -> Iterator[Fitted]:
    """A new page, where little of this one is left."""
    first = chapter.begins_with(extent.key)
    notes = [note.entry.y for note in chapter.notes if note.entry.page == extent.first.page]
    foot = min(notes, default=chapter.layout.bottom)
    if first is not None and foot - extent.first.y <= MOST_LEFT_FREE * chapter.layout.pitch:
        yield ((first, Fit(begins=True)),)


def _for_end(chapter: SetChapter) -> Iterator[Fitted]:
    """The few lines of the last page go to the pages before it, or some more come to them from there."""
    last, layout = chapter.last, chapter.layout
    if last is None:
        return
    lines = round((last.last.y - layout.top) / layout.pitch + 0.2)
    missing = LEAST_AT_END - lines
    for sign, number in ((-1, lines), (1, missing)):
        yield from _some_lines(chapter, sign, number)
    before = last.last.page - min(extent.last.page for extent in chapter.extents.values())
    for depth in DEPTHS:
        if abs(depth) * before >= (lines if depth > 0 else missing):
            yield ((f"{chapter.slug}/", Fit(depth=depth)),)
    page = last.last.page - 1
    yield from _room(chapter, chapter.host(last.key, page), *(more - 0.4 for more in range(missing, MOST_AT_FOOT + 1)))
    # Room is kept below the block before which it is asked: short ones begin the last page themselves.
    keys = [block.key for block in chapter.blocks if block.kind not in FLOATING]
    for extent in reversed([chapter.extents[key] for key in keys if key in chapter.extents]):
        if extent.first.page == page and layout.bottom - extent.first.y >= (missing - 1) * layout.pitch:
            yield from _breaks(chapter, extent)


def _some_lines(chapter: SetChapter, sign: int, number: int, page: int | None = None) -> Iterator[Fitted]:
    """So many paragraphs of the chapter, or of a page, each a line shorter (-1) or longer (1)."""
    some = chapter.paragraphs(sign, page)
    if 0 < number <= MOST_CHANGED:
        for begin in range(min(NEIGHBOURS, len(some) - number + 1)):
            yield tuple((extent.key, Fit(lines=sign)) for extent in some[begin : begin + number])
