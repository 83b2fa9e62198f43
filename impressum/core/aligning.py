"""Two sequences laid side by side, in order: blocks, passages, pages of two versions or languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple, TypeVar

S = TypeVar("S")
T = TypeVar("T")
BAND = 12
"""How far beyond the difference in number two things may be shifted against each other."""
MANY = 250_000
"""Of more pairs than these only those are looked at that are at nearly the same place in both sequences."""


class Same(NamedTuple):
    """The indexes of two corresponding things, and whether they are equal."""

    one: int
    two: int
    equal: bool


def aligned(
    source: Sequence[S], other: Sequence[T], likeness: Callable[[S, T], float], band: int = BAND
) -> list[tuple[S | None, T | None]]:
    """`source` and `other` in their orders, paired so that their `likeness` is the greatest in all.

    Two things with a likeness of 0 or less are never a pair; what has no partner is beside None. Of pairings that are
    equally good, the one whose pairs come first.
    """
    rows, columns = len(source), len(other)
    best: dict[tuple[int, int], float] = {(0, 0): 0.0}
    step: dict[tuple[int, int], str] = {}
    for i in range(rows + 1):
        for j in _near(i, rows, columns, band):
            ways = []  # the first of those that are equally good leaves over what comes last
            if (i - 1, j) in best:
                ways.append((best[i - 1, j], "source"))
            if (i, j - 1) in best:
                ways.append((best[i, j - 1], "other"))
            if (i - 1, j - 1) in best and (like := likeness(source[i - 1], other[j - 1])) > 0:
                ways.append((best[i - 1, j - 1] + like, "both"))
            if ways:
                best[i, j], step[i, j] = max(ways, key=lambda way: way[0])
    pairs: list[tuple[S | None, T | None]] = []
    i, j = rows, columns
    while i or j:
        kind = step[i, j]
        i -= kind != "other"
        j -= kind != "source"
        pairs.append((source[i] if kind != "other" else None, other[j] if kind != "source" else None))
    return pairs[::-1]


def matching(before: Sequence[str], now: Sequence[str]) -> Iterator[Same]:
    """The equal elements of two sequences, in order, and those replaced one for one between them."""
    for what, i, j, k, m in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if j - i == m - k:
            yield from (Same(one, two, what == "equal") for one, two in zip(range(i, j), range(k, m), strict=True))


def _near(row: int, rows: int, columns: int, band: int) -> range:
    """The columns that are looked at beside `row`."""
    apart = columns - rows
    start, end = row + min(0, apart) - band, row + max(0, apart) + band
    if rows * (end - start) > MANY:
        half = max(band, columns // rows)
        start, end = row * columns // rows - half, row * columns // rows + half
    return range(max(0, start), min(columns, end) + 1)
