"""Set, measure, propose, set again: a chapter is fitted in a few passes, and is never worse than at first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import islice

from impressum.core.errors import Fault, Faulty, Place
from impressum.core.model.fits import Fit, Fits, LayoutReport, TypesetBook, dumped, raise_of_the_moment, together
from impressum.core.model.manuscript import ExpectedChapter
from impressum.pipeline.fitting.chapters import SetChapter, set_chapters
from impressum.pipeline.fitting.proposals import (
    DEPTHS,
    MENDABLE,
    OF_LINES,
    Known,
    Proposal,
    flaws_of_lines,
    proposals,
    weight,
    worth_a_probe,
)

Setting = Callable[[Fits], TypesetBook]
LayingOut = Callable[[Fits], LayoutReport]
"""Lays out the pages without writing a file, which takes less than half as long."""
Measuring = Callable[[TypesetBook, Fits], tuple[Fault, ...]]
LEAST_PASSES, MOST_PASSES = 1, 20
MOST_TURNS = 200  # proposals that are looked at, most of them known already, from one beginning
FOR_ERRORS = 6
"""Passes that a chapter gets at least, however long it is, while a flaw would stop its build; a short one gets twice
its usual passes then."""
MOST_PROBES = 600
"""Paragraphs of a chapter that are probed in one pass: each is set a few times, and Typst remembers each of them."""
NOWHERE = Place("")  # before all places
PAGES_IN_ALL = 600  # pages that the passes may set in all: a long chapter gets fewer passes than a short one


@dataclass(frozen=True)
class Pages:
    """The pages of a chapter in one pass: what fitted them, and what was found on them. `elsewhere` is how grave those
    faults are that belong to no place of the chapter."""

    fits: Mapping[str, Fit]
    chapter: SetChapter
    faults: tuple[Fault, ...]
    elsewhere: int

    @property
    def weight(self) -> int:
        """How grave the faults of the chapter are."""
        return weight_of(self.chapter, self.faults)

    def loosens(self, before: Pages) -> bool:
        """Whether a line is looser here than any in its paragraph `before`, and looser than what is reported."""
        was = before.loosest()
        return any(share > was.get(place, 0.0) for place, share in self.loosest().items())

    def loosest(self) -> dict[Place, float]:
        """The spaces of the loosest line of each paragraph in which they are reported, as shares of the normal one."""
        shares = {one.place: float(one.detail) for one in self.faults if one.rule == "type-spacing" and one.detail}
        return {place: share for place, share in shares.items() if share > 1}

    def first_stop(self) -> Place:
        """Where the first of the faults stands that stop the build."""
        return min((fault.place for fault in self.faults if _stops(fault)), default=NOWHERE)

    def stops(self) -> bool:
        """Whether a fault that could be mended stops the build: it is worth more passes."""
        return any(map(_stops, self.faults))


@dataclass
class Passes:
    """The passes over one chapter. `requested` is what its author asks: it comes first and is never changed. `facing`:
    its pages face each other."""

    expected: ExpectedChapter
    requested: Fits
    set_pages: Setting
    lay_out: LayingOut
    measure: Measuring
    facing: bool = False
    count: int = 0
    first_weight: int = 0
    """How grave the faults were before anything was changed."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Which rule the fit of a block is for, by its key."""
    _onward: tuple[int, Proposal] | None = None
    """A proposal that corrects the first error and causes others behind it, or leaves flaws of lines; how grave they
    are."""
    _tried: set[str] = field(default_factory=set)
    _able: frozenset[tuple[str, int]] = frozenset()
    _known: dict[frozenset[tuple[str, Fit]], Pages] = field(default_factory=dict)
    """The pages that were set, by what fitted them."""
    _outcomes: dict[tuple[str, Fit], int] = field(default_factory=dict)
    _measured: dict[tuple[bytes, Fit | None], Mapping[str, tuple[Fault, ...]]] = field(default_factory=dict)
    """What was found on the pages that were set: some fits change nothing."""

    def run(self) -> Pages:
        """The best pages that were found. Raises Faulty where the chapter cannot be set at all. Where nothing makes it
        better, it goes on with what moves its first error to a later page, as later pages follow from the earlier ones,
        or with what leaves flaws of lines alone: both may be put right in their turn."""
        first = self._probed(self._pages({}))
        self.first_weight = first.weight
        enough = budget(first.chapter.layout.pages)
        lightest = self._climbed(first, enough)
        others = self._deeper(first) if lightest.weight and not lightest.stops() else []
        while others and lightest.weight:
            self._forget()
            lightest = min(lightest, self._climbed(others.pop(0), enough), key=lambda pages: pages.weight)
        return lightest

    def _deeper(self, first: Pages) -> list[Pages]:
        """The pages of other depths, for other beginnings: the lightest first, without those that make a line too
        loose."""
        key = f"{self.expected.slug}/"
        trials = [self._pages({key: Fit(depth=depth)}) for depth in DEPTHS if key not in self.requested]
        able = [one for one in trials if one.elsewhere <= first.elsewhere and not one.loosens(first)]
        self.reasons[key] = max(first.faults, key=weight).rule if first.faults else "note-page"
        return sorted(able, key=lambda pages: pages.weight)

    def _forget(self) -> None:
        self._tried.clear()
        self._onward = None

    def _climbed(self, start: Pages, enough: int) -> Pages:
        """The best pages that are found from `start` on in so many passes."""
        best = lightest = start
        begun = self.count
        for _ in range(MOST_TURNS):
            taken = self.count - begun
            if taken >= max(2 * enough, FOR_ERRORS):
                break
            chosen = self._chosen(best, graver=taken >= enough)
            is_better = chosen is not None
            if chosen is None and self._onward is not None:
                (_, chosen), self._onward = self._onward, None
            if chosen is None:
                break
            try:
                trial = self._pages(together(dict(chosen.fits), best.fits))
            except Faulty as faulty:  # what was set before stands
                raise_of_the_moment(faulty)
                break
            self._remember(chosen, trial, best)
            if trial.elsewhere > best.elsewhere or (is_better and trial.weight >= best.weight):
                continue
            if is_better and trial.loosens(best) and not best.stops():
                continue
            best = trial
            if best.weight < lightest.weight and (lightest.stops() or not best.loosens(lightest)):
                lightest = best
            self._forget()
            self.reasons.update((key, chosen.rule) for key, _ in chosen.fits)
        return lightest

    def _remember(self, chosen: Proposal, trial: Pages, best: Pages) -> None:
        """Keeps what is `chosen` in mind where it moves the first error on, or leaves flaws of lines alone that are no
        graver: the lightest that does so."""
        is_lighter = self._onward is None or trial.weight < self._onward[0]
        moves_on = trial.first_stop() > best.first_stop() and best.stops()
        is_of_lines = trial.weight <= best.weight and all(one.rule in OF_LINES for one in trial.faults)
        if is_lighter and (moves_on or is_of_lines):
            self._onward = (trial.weight, chosen)

    def _chosen(self, best: Pages, *, graver: bool) -> Proposal | None:
        """The next proposal that was not tried yet, where there are flaws; with `graver`, for errors only."""
        if not best.weight or (graver and not best.stops()):
            return None
        for proposal in proposals(best.chapter, best.faults, Known(best.fits, self._outcomes, self.facing)):
            if self._is_free(proposal) and (said := dumped(dict(proposal.fits))) not in self._tried:
                self._tried.add(said)
                return proposal
        return None

    def _is_free(self, proposal: Proposal) -> bool:
        """Whether it leaves alone every block of which the author asks something."""
        return all(key not in self.requested for key, _ in proposal.fits)

    def _probed(self, pages: Pages) -> Pages:
        """`pages`, with what is known of the paragraphs that could mend flaws: which can be shorter or longer."""
        worth = sorted(worth_a_probe(pages.chapter, pages.faults))
        if not worth:
            return pages
        self.count += 1
        probes = {key: Fit(probe=True) for key in islice(worth, MOST_PROBES)}
        try:
            self._able = self.lay_out(together(self.requested, probes)).able
        except Faulty as faulty:  # too much for Typst at once: the pages can do without
            raise_of_the_moment(faulty)
            return pages
        return replace(pages, chapter=replace(pages.chapter, able=self._able))

    def _pages(self, fits: Fits) -> Pages:
        known = frozenset(fits.items())
        if known not in self._known:
            self._known[known] = self._set(fits)
        return self._known[known]

    def _set(self, fits: Fits) -> Pages:
        self.count += 1
        all_fits = together(self.requested, fits)
        book = self.set_pages(all_fits)
        chapter = set_chapters((self.expected,), book.layout, self._able)[self.expected.slug]
        depth = all_fits.get(f"{self.expected.slug}/")  # pages that are deeper may print the same
        same = sha256(book.pdf).digest(), depth
        if same not in self._measured:
            self._measured[same] = faults_by_chapter((self.expected,), self.measure(book, all_fits))
        found = self._measured[same]
        elsewhere, own = sum(weight(fault) for fault in found.get("", ())), found.get(self.expected.slug, ())
        self._outcomes |= flaws_of_lines(chapter, own, fits)
        return Pages(dict(fits), chapter, own, elsewhere)


def faults_by_chapter(chapters: Iterable[ExpectedChapter], faults: Iterable[Fault]) -> dict[str, tuple[Fault, ...]]:
    """The `faults` by the slugs of their chapters; what belongs to none stands under an empty name."""
    names = {block.place.path: chapter.slug for chapter in chapters for block in chapter.blocks}
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        found.setdefault(names.get(fault.place.path, ""), []).append(fault)
    return {name: tuple(some) for name, some in found.items()}


def weight_of(chapter: SetChapter, faults: Iterable[Fault]) -> int:
    """How grave the `faults` of a chapter are, and the notes that stand on another page than their marks."""
    late = [one for one in chapter.notes if one.mark.page != one.entry.page]
    return sum(map(weight, faults)) + len(late)


def _stops(fault: Fault) -> bool:
    return fault.severity == "error" and fault.rule in MENDABLE


def budget(pages: int) -> int:
    """How many passes a chapter of so many pages gets after the first one."""
    return max(LEAST_PASSES, min(MOST_PASSES, PAGES_IN_ALL // max(1, pages)))
