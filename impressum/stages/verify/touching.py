"""Runs of text on a page that cover each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from impressum.stages.verify.pages import Page, Rectangle

COLUMN = 36.0  # points: runs are compared with those in the same columns of the page
LEAST_WIDTH, LEAST_SHARE = 2.0, 0.35
"""Points, and the part of the lower of two runs, by which they cover each other at least if they touch."""


def touching(page: Page) -> Iterator[tuple[int, int]]:
    """For each two runs of `page` that cover each other to a good part, the numbers of their lines, or of their one."""
    runs = [(box, number) for number, line in enumerate(page.lines) for box in line.boxes]
    # A picture may hold thousands of runs on one line, and beside it.
    before: dict[int, list[tuple[Rectangle, int]]] = {}
    for one in sorted(runs, key=lambda run: run[0].top):
        box, number = one
        first, last = (int(min(max(side, 0), page.width) // COLUMN) for side in (box.left, box.right))
        met: dict[int, tuple[Rectangle, int]] = {}
        for column in range(first, last + 1) if box.right > 0 and box.left < page.width else ():
            above = [run for run in before.get(column, ()) if run[0].bottom > box.top]
            met |= {id(run): run for run in above if _cover(run[0], box)}
            before[column] = [*above, one]
        for _, other in met.values():
            yield other, number


def _cover(one: Rectangle, other: Rectangle) -> bool:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    least = min(one.bottom - one.top, other.bottom - other.top)
    return width >= LEAST_WIDTH and height >= LEAST_SHARE * least
