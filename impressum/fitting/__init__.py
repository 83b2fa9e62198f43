"""Page fitting: what `layout.yaml` asks, and what a few more passes mend of their own accord.

It sets and measures the pages through functions that the pipeline gives it, and knows no stage.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from impressum.errors import Fault, Place
from impressum.fitting.asked import find_asked
from impressum.fitting.effects import Wishes
from impressum.fitting.passes import Measuring, Pages, Passes, Setting, Telling
from impressum.model.fits import Asked, Fit, Made, dumped, loaded, together
from impressum.model.meant import Meant, MeantBlock

__all__ = ["Fitting", "find_asked", "fit_pages", "read_fitting"]


@dataclass(frozen=True)
class Fitting:
    """How the pages of an edition are fitted: all fits, those that were made here, and entries without effect.

    `passes` is how often the pages were set for it.
    """

    fits: dict[str, Fit]
    made: tuple[Made, ...] = ()
    faults: tuple[Fault, ...] = ()
    passes: int = 1

    def as_bytes(self) -> bytes:
        """For the memo."""
        return json.dumps(
            {
                "fits": dumped(self.fits),
                "made": [asdict(one) for one in self.made],
                "faults": [asdict(one) for one in self.faults],
                "passes": self.passes,
            }
        ).encode()


def read_fitting(raw: bytes) -> Fitting:
    """What `as_bytes` gave."""
    said: dict[str, Any] = json.loads(raw)
    made = tuple(Made(**{**one, "place": Place(**one["place"])}) for one in said["made"])
    faults = tuple(Fault(**{**one, "place": Place(**one["place"])}) for one in said["faults"])
    return Fitting(loaded(said["fits"]), made, faults, said["passes"])


def fit_pages(asked: tuple[Asked, ...], meant: Meant, set_pages: Setting, tell: Telling, measure: Measuring) -> Fitting:
    """The fits of an edition: the author's, and those that make its pages better without them being touched."""
    wishes = Wishes(asked, meant.chapters, tell)
    passes = Passes(meant.chapters, wishes.find(), set_pages, tell, measure)
    best = passes.run()
    fits = together(passes.asked, best.fits)
    faults = wishes.without_effect(fits, best.book) if asked else ()
    return Fitting(fits, _made(best, passes, meant), faults, passes.count)


def _made(best: Pages, passes: Passes, meant: Meant) -> tuple[Made, ...]:
    found = []
    for chapter in meant.chapters:
        for block in (*chapter.items, *chapter.blocks):
            fit = best.fits.get(block.key)
            if fit is not None and block.kind != "division":
                found += [
                    _one(chapter.slug, block, best, what, amount, passes.reasons.get(block.key, ""))
                    for what, amount in _parts(fit, best.book.told.pitch)
                ]
    return tuple(sorted(found, key=lambda one: (one.page, one.place)))


def _parts(fit: Fit, pitch: float) -> list[tuple[str, int]]:
    parts = [
        ("break", int(fit.begins)),
        ("lines", fit.lines),
        ("reserve", max(1, round(fit.reserve / pitch)) if fit.reserve else 0),
        ("whole-words", int(fit.whole_words)),
    ]
    return [(what, amount) for what, amount in parts if amount]


def _one(slug: str, block: MeantBlock, best: Pages, what: str, amount: int, rule: str) -> Made:
    extent = best.book.told.extents().get(block.key)
    items = best.chapters[slug].items
    words = block.words or next((item.words for item in items if item.key == f"{block.key}.0"), "")
    return Made(slug, block.key, extent.first.page if extent else 0, what, amount, rule, words, block.place)
