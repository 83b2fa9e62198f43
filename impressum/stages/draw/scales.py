"""Scales from numbers to points, round numbers for an axis, and labels that are moved apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_TICKS = 6
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
LEAST_SPAN = 1e-290
"""Values nearer to zero than this count as zero: fractions of them underflow."""
FROM_ZERO = 0.6
"""An axis that need not begin at zero does so where its least value is below this share of its greatest."""


@dataclass(frozen=True)
class Scale:
    """From `low` at the point `start` to `high` at the point `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low
        return self.start + (value - self.low) / span * (self.end - self.start) if span else self.start


@dataclass(frozen=True)
class Axis:
    """Round numbers from the first of `ticks` to the last, which hold all values; each has `decimals` decimals."""

    ticks: tuple[float, ...]
    decimals: int

    @property
    def low(self) -> float:
        return self.ticks[0]

    @property
    def high(self) -> float:
        return self.ticks[-1]


ALIKE = 1e-9
"""Values that differ by less, in parts of themselves, are the same on an axis."""


def axis(values: Sequence[float], *, zero: bool) -> Axis:
    """An axis for `values` with up to `MOST_TICKS` ticks; with `zero` it always includes zero."""
    low, high = min(values), max(values)
    if zero or (low > 0 and low < FROM_ZERO * high) or (high < 0 and high > FROM_ZERO * low):
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < LEAST_SPAN and abs(high) < LEAST_SPAN:
        low, high = 0.0, 1.0
    if high - low <= ALIKE * max(abs(low), abs(high)):
        low, high = (low, low + 1.0) if zero or low == 0 else (low - abs(low) / 10, high + abs(high) / 10)
    power = 10.0 ** (math.floor(math.log10((high - low) / (MOST_TICKS - 1))) - 1)
    while True:
        for one in STEPS:
            step = power * one
            if one == 2.5 and power < 10:
                continue  # 0.0, 2.5, 5.0: more digits than such an axis needs
            first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
            if last - first + 1 <= MOST_TICKS:
                decimals = max(0, -math.floor(math.log10(step) + 1e-9))
                return Axis(tuple(number * step for number in range(first, last + 1)), decimals)
        power *= 10


def apart(centres: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """`centres` moved as little as can be so that things of these `sizes` neither overlap nor leave `low` to `high`.

    They keep their order. Where there is not enough room they begin at `low`.
    """
    order = sorted(range(len(centres)), key=lambda one: (centres[one], one))
    blocks: list[tuple[list[int], float, float]] = []  # members, the begin that each wants (summed), size
    for one in order:
        members, wanted, size = [one], centres[one] - sizes[one] / 2, sizes[one]
        while blocks:
            before, begin, before_size = blocks[-1]
            if begin / len(before) + before_size <= wanted / len(members):
                break
            blocks.pop()
            wanted = begin + wanted - len(members) * before_size
            members, size = before + members, before_size + size
        blocks.append((members, wanted, size))
    placed = [0.0] * len(centres)
    edge = low
    begins = []
    for members, wanted, size in blocks:
        edge = max(edge, wanted / len(members))
        begins.append(edge)
        edge += size
    edge = max(high, low + sum(sizes))
    for at in range(len(blocks) - 1, -1, -1):
        begins[at] = max(min(begins[at], edge - blocks[at][2]), low)
        edge = begins[at]
    for (members, _, _), begin in zip(blocks, begins, strict=True):
        for one in members:
            placed[one] = begin + sizes[one] / 2
            begin += sizes[one]
    return placed


def round_times(months: Sequence[int], fits: int) -> list[int] | None:
    """Which of these times, in months, are labelled: those of round years, halves and quarters of a year.

    None where the times do not follow each other at one distance, or where all of them have room.
    """
    steps = {other - one for one, other in pairwise(months)}
    if len(steps) != 1 or fits < 2:
        return None
    least = fits * steps.pop()
    step = next((one for one in MONTHS if one >= least), least)
    shown = [at for at, month in enumerate(months) if month % step == 0]
    return shown if len(shown) > 1 else None


def every(count: int, fits: int) -> list[int]:
    """Which of `count` ticks are labelled where one in `fits` has room: the last always, the first if it can be."""
    for step in range(fits, min(2 * fits, count)):
        if (count - 1) % step == 0:
            return list(range(0, count, step))
    return list(range(count - 1, -1, -fits))[::-1]
