"""The effect of the entries of `layout.yaml`: each is left out once, and one that changes nothing is a fault."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from impressum.core.errors import Fault
from impressum.core.model.fits import Extent, Fit, Fits, LayoutReport, Requested, Spot
from impressum.core.model.manuscript import ExpectedChapter
from impressum.pipeline.fitting.chapters import FLOATING, SetChapter, set_chapters
from impressum.pipeline.fitting.passes import LayingOut

ROUNDS = 3
SAME = 0.5
SHOWN = 48
BEGINS = "begins a page anyway: `break-before` changes nothing"
IN_ONE_PIECE = "is in one piece anyway: `keep-together` changes nothing"


class Wishes:
    """The requests of the author as fits: breaks of what must stay together are found by setting the pages."""

    def __init__(
        self, requested: tuple[Requested, ...], expected: tuple[ExpectedChapter, ...], lay_out: LayingOut
    ) -> None:
        self.requested = requested
        self.expected = expected
        self.lay_out = lay_out
        self.fits: dict[str, Fit] = {}
        self.breaks: dict[int, str] = {}
        """The block before which an entry (by its number) makes a page begin."""

    def find(self) -> dict[str, Fit]:
        """The fits that the author's entries come to."""
        if not self.requested:
            return {}
        chapters = set_chapters(self.expected, self.lay_out({}))
        for number, one in enumerate(self.requested):
            entry = one.entry
            self._add(one.key, Fit(lines=entry.lines, place=entry.figure_place))
            first = chapters[entry.chapter].begins_with(one.key) if entry.break_before else None
            if first is not None:
                self.breaks[number] = first
                self._add(first, Fit(begins=True))
        kept = [(number, one) for number, one in enumerate(self.requested) if one.entry.keep_together]
        for _ in range(ROUNDS if kept else 0):
            chapters = set_chapters(self.expected, self.lay_out(self.fits))
            split = [
                (number, first)
                for number, one in kept
                if number not in self.breaks
                and _is_split(chapters[one.entry.chapter].extents.get(one.key))
                and (first := chapters[one.entry.chapter].begins_with(one.key)) is not None
            ]
            if not split:
                break
            number, first = min(split, key=lambda one: one[0])  # what stands behind it may then fit as it is
            self.breaks[number] = first
            self._add(first, Fit(begins=True))
        return dict(self.fits)

    def _add(self, key: str, fit: Fit) -> None:
        if fit != Fit():
            self.fits[key] = self.fits.get(key, Fit()).over(fit)

    def without_effect(self, fits: Fits, layout: LayoutReport) -> tuple[Fault, ...]:
        """A fault for each entry without effect on the pages of `layout`, which are set with all `fits`."""
        return (*self._lines(layout), *self._breaks(fits, layout), *self._places(fits, layout))

    def _lines(self, layout: LayoutReport) -> list[Fault]:
        hint = "ask for fewer lines, ask another paragraph of the page, or change its words"
        vain = [one for one in self.requested if one.entry.lines and not layout.effects.get(one.key, True)]
        return [_fault(one, f"cannot be made {_lines(one.entry.lines)}", hint) for one in vain]

    def _breaks(self, fits: Fits, layout: LayoutReport) -> list[Fault]:
        """Each second break is left out at a time: behind the next one, the pages are again as they were."""
        found = []
        by_chapter: dict[str, list[int]] = defaultdict(list)
        for number in sorted(self.breaks, key=lambda number: self._order(self.breaks[number])):
            by_chapter[self.requested[number].entry.chapter].append(number)
        set_whole = set_chapters(self.expected, layout)
        for number, one in enumerate(self.requested):
            extent = set_whole[one.entry.chapter].extents.get(one.key)
            if one.entry.break_before and number not in self.breaks:
                found.append(_fault(one, BEGINS))
            elif one.entry.keep_together and _is_split(extent):
                found.append(_fault(one, "cannot be kept together: it is longer than a page"))
            elif one.entry.keep_together and number not in self.breaks:
                found.append(_fault(one, IN_ONE_PIECE))
        for turn in (0, 1):
            left_out = [number for numbers in by_chapter.values() for number in numbers[turn::2]]
            if not left_out:
                continue
            undone = {self.breaks[number] for number in left_out}
            tried = {key: replace(fit, begins=fit.begins and key not in undone) for key, fit in fits.items()}
            chapters = set_chapters(self.expected, self.lay_out(tried))
            for number in left_out:
                one = self.requested[number]
                chapter = chapters[one.entry.chapter]
                if one.entry.break_before and _begins_page(chapter, self.breaks[number]):
                    found.append(_fault(one, BEGINS))
                elif not one.entry.break_before and not _is_split(chapter.extents.get(one.key)):
                    found.append(_fault(one, IN_ONE_PIECE))
        return found

    def _places(self, fits: Fits, layout: LayoutReport) -> list[Fault]:
        placed = [one for one in self.requested if one.entry.figure_place]
        if not placed:
            return []
        bare = {key: replace(fit, place=None) for key, fit in fits.items()}
        before, after = self.lay_out(bare).figures, layout.figures
        vain = [one for one in placed if _same(before.get(label := self._label(one)), after.get(label))]
        return [_fault(one, f"stands there anyway: `place: {one.entry.figure_place}` changes nothing") for one in vain]

    def _label(self, one: Requested) -> str:
        """The label of a figure."""
        blocks = (block for chapter in self.expected for block in chapter.blocks if block.key == one.key and block.id)
        return f"{one.entry.chapter}/{next((block.id for block in blocks), '')}"

    def _order(self, key: str) -> int:
        keys = [block.key for chapter in self.expected for block in chapter.blocks]
        block, _, item = key.partition(".")
        return (keys.index(block) if block in keys else 0) * 1000 + int(item or 0)


def _begins_page(chapter: SetChapter, key: str) -> bool:
    """Whether the block (or item) `key` is the first of its chapter's text on its page."""
    extent = chapter.extents.get(key)
    if extent is None:
        return False
    order = [block.key for block in chapter.blocks if block.kind not in FLOATING]
    top = chapter.top(key)
    if "." in key:
        before = f"{top}.{int(key.partition('.')[2]) - 1}"
    elif top in order and order.index(top):
        before = order[order.index(top) - 1]
    else:
        return True
    ends = chapter.extents.get(before)
    return ends is not None and ends.last.page < extent.first.page


def _is_split(extent: Extent | None) -> bool:
    return extent is not None and extent.first.page != extent.last.page


def _same(one: Spot | None, other: Spot | None) -> bool:
    return one is not None and other is not None and one.page == other.page and abs(one.y - other.y) < SAME


def _lines(number: int) -> str:
    count = "a line" if abs(number) == 1 else f"{abs(number)} lines"
    return f"{count} {'longer' if number > 0 else 'shorter'}"


def _fault(one: Requested, what: str, hint: str = "take the entry out") -> Fault:
    return Fault(one.entry.place, f"`{one.entry.at[:SHOWN]}` {what}", "layout-no-effect", hint)
