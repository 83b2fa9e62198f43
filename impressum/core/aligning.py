"""Two sequences laid beside each other so that what belongs together stands together, in order."""

from __future__ import annotations

from collections.abc import Callable

SMALL = 10_000
"""Pairs that are all looked at; of more, only those that stand at nearly the same place in both sequences."""
BAND = 40


def best_pairs(rows: int, columns: int, score: Callable[[int, int], float], band: int = BAND) -> list[tuple[int, int]]:
    """The pairs of the highest sum of scores in which no two cross; a score of 0 or less makes no pair.

    Where there are many, only those are looked at that stand within `band` of the same place.
    """
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    scores: dict[tuple[int, int], float] = {}
    for row in range(rows - 1, -1, -1):
        near = _near(row, rows, columns, band)
        for column in range(columns - 1, -1, -1):
            taken = 0.0
            if column in near and (here := score(row, column)) > 0:
                scores[row, column] = here
                taken = best[row + 1][column + 1] + here
            best[row][column] = max(best[row + 1][column], best[row][column + 1], taken)
    found: list[tuple[int, int]] = []
    row = column = 0
    while row < rows and column < columns:
        if (row, column) in scores and best[row][column] == best[row + 1][column + 1] + scores[row, column]:
            found.append((row, column))
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return found


def _near(row: int, rows: int, columns: int, band: int) -> range:
    """The columns that may stand for `row`."""
    if rows * columns <= SMALL:
        return range(columns)
    middle = row * columns // rows
    return range(middle - band, middle + band + 1)
