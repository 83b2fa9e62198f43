"""Page fitting: what `layout.yaml` asks, and what a few more passes mend of their own accord.

It sets and measures the pages through functions that the pipeline gives it, and knows no stage. Each chapter is fitted
alone, as it stands in the book; where the fits of others leave it on another side, or with other pages to name, it is
measured so, and what does not hold there is taken back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from impressum.core.errors import Fault, Place, packed, unpacked
from impressum.core.model.fits import (
    AppliedFit,
    Fit,
    Fits,
    LayoutReport,
    Requested,
    Standing,
    dumped,
    loaded,
    own_fits,
    together,
)
from impressum.core.model.manuscript import Expected
from impressum.pipeline.fitting.chapter_fits import (
    ChapterFits,
    alone,
    fit_chapter,
    need_no_book,
    read_chapter_fits,
    standings,
)
from impressum.pipeline.fitting.chapters import first_pages
from impressum.pipeline.fitting.effects import Wishes
from impressum.pipeline.fitting.passes import LayingOut

__all__ = ["Fitting", "alone", "fit_chapter", "fit_pages", "read_chapter_fits", "read_fitting"]


FittingAlone = Callable[[Sequence[tuple[Standing, Fits]]], Sequence[ChapterFits]]
"""Fits chapters that stand so in the book, and of which the author asks this, each alone."""
Weighing = Callable[[Standing, Fits], int]
"""How grave the faults of a chapter are that stands so, with these fits."""
MOST_TAKEN_BACK = 3  # how often fits are taken back that do not hold in the book; the last time all of them


@dataclass(frozen=True)
class Fitting:
    """How the pages of an edition are fitted: all fits, those that were made here, and entries without effect. `passes`
    is how often the pages of the chapter that needed most were set for it."""

    fits: dict[str, Fit]
    made: tuple[AppliedFit, ...] = ()
    faults: tuple[Fault, ...] = ()
    passes: int = 1
    alone: Mapping[str, ChapterFits] = field(default_factory=dict)
    """What was found for each chapter by itself."""

    def as_bytes(self) -> bytes:
        """For the memo."""
        return json.dumps(
            {
                "fits": dumped(self.fits),
                "made": [asdict(one) for one in self.made],
                "faults": [packed(one) for one in self.faults],
                "passes": self.passes,
                "alone": {slug: one.as_bytes().decode() for slug, one in self.alone.items()},
            }
        ).encode()


def read_fitting(raw: bytes) -> Fitting:
    """The inverse of `as_bytes`."""
    said: dict[str, Any] = json.loads(raw)
    made = tuple(AppliedFit(**{**one, "place": Place(**one["place"])}) for one in said["made"])
    faults = tuple(map(unpacked, said["faults"]))
    found = {slug: read_chapter_fits(one.encode()) for slug, one in said["alone"].items()}
    return Fitting(loaded(said["fits"]), made, faults, said["passes"], found)


def fit_pages(
    requested: tuple[Requested, ...],
    expected: Expected,
    lay_out: LayingOut,
    weigh: Weighing,
    fit_alone: FittingAlone,
    *,
    sided: bool = True,
) -> Fitting:
    """The fits of an edition: the author's, and those that make its pages better without them being touched. `sided`:
    it matters to a chapter on which side of two facing pages it begins."""
    wishes = Wishes(requested, expected.chapters, lay_out)
    own = wishes.find()

    layout = None if need_no_book(expected, sided=sided) else lay_out(own)
    tasks = [(one, own_fits(one.slug, own)) for one in standings(expected, layout, sided=sided)]
    results = fit_alone(tasks)
    by_itself = found = {standing.slug: fits for (standing, _), fits in zip(tasks, results, strict=True)}
    passes = 1 + max((one.passes for one in found.values()), default=0)
    if any(one.fits for one in found.values()):
        passes += 1
        fitted = {standing.slug: standing for standing, _ in tasks}
        found, layout = _held(found, fitted, own, lay_out, weigh, partial(standings, expected, sided=sided))
    elif layout is None:
        layout = lay_out(own)
    made = {key: fit for one in found.values() for key, fit in one.fits.items()}
    reasons = {key: rule for one in found.values() for key, rule in one.reasons.items()}
    fits = together(own, made)
    faults = wishes.without_effect(fits, layout) if requested else ()
    return Fitting(fits, _made(made, reasons, layout, expected), faults, passes, by_itself)


def _held(
    found: Mapping[str, ChapterFits],
    fitted: Mapping[str, Standing],
    own: Fits,
    lay_out: LayingOut,
    weigh: Weighing,
    standing_in: Callable[[LayoutReport], Iterable[Standing]],
) -> tuple[dict[str, ChapterFits], LayoutReport]:
    """The fits that hold in the book. A chapter whose pages or page references differ there from those for which it was
    `fitted` loses its fits if its faults are now graver than without them."""
    held = dict(found)
    for turn in range(MOST_TAKEN_BACK + 1):
        fits = together(own, {key: fit for one in held.values() for key, fit in one.fits.items()})
        layout = lay_out(fits)
        if turn == MOST_TAKEN_BACK:  # there is nothing left to take back
            break
        moved = [one for one in standing_in(layout) if one != fitted.get(one.slug)]
        graver = [one.slug for one in moved if held[one.slug].fits and weigh(one, fits) > held[one.slug].weight]
        if not graver:
            break
        last = turn == MOST_TAKEN_BACK - 1
        held.update((slug, replace(held[slug], fits={})) for slug in (tuple(held) if last else graver))
    return held, layout


def _made(fits: Fits, reasons: Mapping[str, str], layout: LayoutReport, expected: Expected) -> tuple[AppliedFit, ...]:
    found = []
    extents = layout.extents()
    first = first_pages(layout)
    for chapter in expected.chapters:
        whole = fits.get(f"{chapter.slug}/")
        if whole is not None:
            page = first[chapter.slug]
            place, rule = chapter.blocks[0].place, reasons.get(f"{chapter.slug}/", "")
            found += [
                AppliedFit(chapter.slug, "", page, what, amount, rule, chapter.slug, place)
                for what, amount in _parts(whole, layout.pitch)
            ]
        items = {item.key: item.words for item in chapter.items}
        for block in (*chapter.items, *chapter.blocks):
            fit = fits.get(block.key)
            if fit is not None and block.kind != "division":
                page = extents[block.key].first.page if block.key in extents else 0
                words = block.words or items.get(f"{block.key}.0", "")
                found += [
                    AppliedFit(
                        chapter.slug, block.key, page, what, amount, reasons.get(block.key, ""), words, block.place
                    )
                    for what, amount in _parts(fit, layout.pitch)
                ]
    return tuple(sorted(found, key=lambda one: (one.page, one.place)))


def _parts(fit: Fit, pitch: float) -> list[tuple[str, int]]:
    parts = [
        ("break", int(fit.begins)),
        ("lines", fit.lines),
        ("reserve", max(1, round(fit.reserve / pitch)) if fit.reserve else 0),
        ("whole-word", int(bool(fit.whole))),
        ("breaks", int(bool(fit.breaks))),
        (f"place-{fit.place}", int(bool(fit.place))),
        ("depth", fit.depth),
    ]
    return [(what, amount) for what, amount in parts if amount]
