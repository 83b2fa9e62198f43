"""Headings: nearer to their text than to what stands before, never at the foot of a page, never hyphenated."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from impressum.stages.verify.evidence import shown
from impressum.stages.verify.typography.layout import Layout
from impressum.stages.verify.typography.passages import BOX, HEADING, NOTE, RUNNING, Passage

LEAST_RATIO = 2.0
TOLERANCE = 1.0
LEAST_BELOW = 3


def check_space_of_headings(layout: Layout) -> None:
    """The space above to the space below, the lines below, and the words of every heading."""
    narrow: dict[int, list[tuple[Passage, float, float]]] = defaultdict(list)
    for heading in layout.passages:
        if heading.kind != HEADING:
            continue
        _check_hyphens(layout, heading)
        _check_lines_below(layout, heading)
        spaces = _spaces(layout, heading)
        if spaces is not None and spaces[0] + TOLERANCE < LEAST_RATIO * spaces[1]:
            narrow[heading.level].append((heading, *spaces))
    for level, some in narrow.items():
        heading, above, below = some[0]
        more = f" (and {len(some) - 1} more headings of level {level})" if len(some) > 1 else ""
        layout.evidence.faults.warning(
            heading.place,
            f"the heading {shown(' '.join(heading.words))} on page {heading.rows[0].page} has {above:.0f} pt above it "
            f"and {below:.0f} pt below it{more}",
            "type-heading",
            "leave at least twice as much space above a heading as below it, so that it belongs to its text",
        )


def _spaces(layout: Layout, heading: Passage) -> tuple[float, float] | None:
    """The space above and below a heading between two texts, beyond the distance of lines; None elsewhere."""
    page = heading.rows[0].page
    rows = layout.on(page)
    own = [number for number, (_, passage) in enumerate(rows) if passage is heading]
    if not own or own[0] == 0 or own[-1] + 1 >= len(rows):
        return None
    (before, before_passage), (after, after_passage) = rows[own[0] - 1], rows[own[-1] + 1]
    if before_passage.kind not in RUNNING or after_passage.kind not in RUNNING or after_passage.kind == BOX:
        return None  # the frame of a box is nearer than its text
    return (
        heading.rows[0].baseline - before.baseline - layout.pitch,
        after.baseline - heading.rows[-1].baseline - layout.pitch,
    )


def _check_lines_below(layout: Layout, heading: Passage) -> None:
    page = heading.rows[-1].page
    if layout.ends.get(heading.chapter, 0) <= page:
        return
    foot = heading.rows[-1].baseline
    below = [passage for row, passage in layout.on(page) if row.baseline > foot and passage.kind != NOTE]
    if any(passage.kind not in (HEADING, *RUNNING) for passage in below):
        return
    others = len({id(passage) for passage in below if passage.kind == HEADING})
    lines = max(0, len(layout.lines(page, below=foot)) - others)
    if lines < LEAST_BELOW and not layout.evidence.printed.has_picture(page):
        layout.evidence.faults.warning(
            heading.place,
            f"below the heading {shown(' '.join(heading.words))} page {page} has "
            + (f"only {lines} line{'' if lines == 1 else 's'} of text" if lines else "no line of text"),
            "type-heading",
            "let a page begin with it, or make what stands before it shorter or longer",
        )


def _check_hyphens(layout: Layout, heading: Passage) -> None:
    for row, after in pairwise(heading.rows):
        if heading.divides(row, after):
            layout.evidence.faults.warning(
                heading.place,
                f"the heading {shown(' '.join(heading.words))} is hyphenated on page {row.page}",
                "type-heading",
                "look whether a template of this publication lets headings hyphenate",
            )
