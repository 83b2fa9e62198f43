"""Set, measure, propose, set again: the pages are fitted in a few passes, and are never worse than at first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from impressum.errors import Fault, Faulty, Place
from impressum.fitting.chapters import SetChapter, set_chapters
from impressum.fitting.proposals import MENDABLE, Proposal, proposals, weight, worth_a_probe
from impressum.model.fits import Fit, Fits, Told, TypesetBook, dumped, together
from impressum.model.meant import MeantChapter

Setting = Callable[[Fits], TypesetBook]
Telling = Callable[[Fits], Told]
"""Lays out the pages, and only tells of them: it takes less than half as long."""
Measuring = Callable[[TypesetBook], tuple[Fault, ...]]
LEAST_PASSES, MOST_PASSES = 1, 12
FOR_ERRORS = 6
"""Passes that a book gets at least, however long it is, while a flaw would stop its build; a short one gets twice its
usual passes then."""
MOST_PROBES = 600
"""Paragraphs of a book that are asked in one pass: each is set a dozen times, and Typst remembers each of them."""
NOWHERE = Place("")
"""Before all places."""
PAGES_IN_ALL = 600
"""Pages that the passes may set in all: a long book gets fewer passes than a short one."""


@dataclass(frozen=True)
class Pages:
    """The pages of one pass: what fitted them, and what was found on them."""

    fits: Mapping[str, Fit]
    book: TypesetBook
    chapters: Mapping[str, SetChapter]
    faults: Mapping[str, tuple[Fault, ...]]
    """By chapter; what belongs to no chapter stands under an empty name."""

    def weight(self, chapter: str) -> int:
        """How grave the faults of `chapter` are."""
        late = [one for one in self.chapters[chapter].notes if one.mark.page != one.entry.page] if chapter else []
        return sum(weight(fault) for fault in self.faults.get(chapter, ())) + len(late)

    @property
    def whole_weight(self) -> int:
        """How grave all faults are."""
        return sum(map(self.weight, ("", *self.chapters)))

    def first_stop(self, chapter: str) -> Place:
        """Where the first of the faults stands that stop the build."""
        return min((fault.place for fault in self.faults.get(chapter, ()) if _stops(fault)), default=NOWHERE)

    def stops(self, chapter: str) -> bool:
        """Whether a fault of `chapter` that could be mended stops the build: it is worth more passes."""
        return any(map(_stops, self.faults.get(chapter, ())))


@dataclass
class Passes:
    """The passes over one edition. `asked` is what its author asks: it goes before everything and is never changed."""

    meant: tuple[MeantChapter, ...]
    asked: Fits
    set_pages: Setting
    tell: Telling
    measure: Measuring
    count: int = 0
    reasons: dict[str, str] = field(default_factory=dict)
    """Which rule the fit of a block is for, by its key."""
    _onward: dict[str, tuple[int, Proposal]] = field(default_factory=dict)
    """By chapter: what puts the first of its errors right, but brings others behind it; and how grave they are."""
    _tried: dict[str, set[str]] = field(default_factory=dict)
    _able: frozenset[tuple[str, int]] = frozenset()

    def run(self) -> Pages:
        """The best pages that were found.

        Where nothing makes a chapter better, it goes on with what moves its first error to a later page: later pages
        follow from the earlier ones, and may be put right in their turn.
        """
        best = lightest = self._probed(self._pages({}))
        enough = budget(best.book.told.pages)
        for number in range(max(2 * enough, FOR_ERRORS)):
            chosen = self._chosen(best, graver=number >= enough)
            is_better = bool(chosen)
            if not chosen:
                chosen, self._onward = {name: proposal for name, (_, proposal) in self._onward.items()}, {}
            if not chosen:
                break
            try:
                trial = self._pages(_laid(best.fits, chosen.values()))
            except Faulty:  # what was set before stands
                break
            better = {
                name: one for name, one in chosen.items() if not is_better or trial.weight(name) < best.weight(name)
            }
            if trial.weight("") > best.weight(""):
                better = {}
            self._remember(chosen, trial, best)
            if not better:
                continue
            if len(better) < len(chosen):
                trial = self._pages(_laid(best.fits, better.values()))
            best = trial
            lightest = min(best, lightest, key=lambda pages: pages.whole_weight)
            for name, proposal in better.items():
                self._tried.pop(name)
                self._onward.pop(name, None)
                self.reasons.update((key, proposal.rule) for key, _ in proposal.fits)
        return lightest

    def _remember(self, chosen: Mapping[str, Proposal], trial: Pages, best: Pages) -> None:
        """Those of the `chosen` that move the first error of their chapters on, the lightest of each chapter."""
        for name, proposal in chosen.items():
            weighs = trial.weight(name)
            is_lighter = name not in self._onward or weighs < self._onward[name][0]
            if trial.first_stop(name) > best.first_stop(name) and best.stops(name) and is_lighter:
                self._onward[name] = (weighs, proposal)

    def _chosen(self, best: Pages, *, graver: bool) -> dict[str, Proposal]:
        """The next proposal for each chapter with flaws that was not tried yet; with `graver`, for errors only."""
        chosen = {}
        for name, chapter in best.chapters.items():
            if not best.weight(name) or (graver and not best.stops(name)):
                continue
            tried = self._tried.setdefault(name, set())
            for proposal in proposals(chapter, best.faults.get(name, ())):
                if self._is_free(proposal) and (said := dumped(dict(proposal.fits))) not in tried:
                    tried.add(said)
                    chosen[name] = proposal
                    break
        return chosen

    def _is_free(self, proposal: Proposal) -> bool:
        """Whether it leaves alone every block of which the author asks something."""
        return all(key not in self.asked for key, _ in proposal.fits)

    def _probed(self, pages: Pages) -> Pages:
        """`pages`, with what is known of the paragraphs of chapters with flaws: which can be shorter or longer."""
        probes = {
            key: Fit(probe=True)
            for name, chapter in pages.chapters.items()
            for key in sorted(worth_a_probe(chapter, pages.faults.get(name, ())))
        }
        if not probes:
            return pages
        probes = dict(islice(probes.items(), MOST_PROBES))
        self.count += 1
        try:
            self._able = self.tell(together(self.asked, probes)).able
        except Faulty:  # too much for Typst at once: the pages can do without
            return pages
        return replace(pages, chapters=set_chapters(self.meant, pages.book.told, self._able))

    def _pages(self, fits: Fits) -> Pages:
        self.count += 1
        whole = together(self.asked, fits)
        book = self.set_pages(whole)
        chapters = set_chapters(self.meant, book.told, self._able)
        return Pages(dict(fits), book, chapters, self._by_chapter(self.measure(book)))

    def _by_chapter(self, faults: tuple[Fault, ...]) -> dict[str, tuple[Fault, ...]]:
        names = {block.place.path: chapter.slug for chapter in self.meant for block in chapter.blocks}
        found: dict[str, list[Fault]] = {}
        for fault in faults:
            found.setdefault(names.get(fault.place.path, ""), []).append(fault)
        return {name: tuple(some) for name, some in found.items()}


def _stops(fault: Fault) -> bool:
    return fault.severity == "error" and fault.rule in MENDABLE


def _laid(fits: Fits, chosen: Iterable[Proposal]) -> dict[str, Fit]:
    laid: dict[str, Fit] = dict(fits)
    for proposal in chosen:
        laid = together(dict(proposal.fits), laid)
    return laid


def budget(pages: int) -> int:
    """How many passes a book of so many pages gets after the first one."""
    return max(LEAST_PASSES, min(MOST_PASSES, PAGES_IN_ALL // max(1, pages)))
