"""Room that stays free below the text of a page, and figures and tables in the midst of a list or a box."""

from __future__ import annotations

from collections.abc import Iterator

from impressum.stages.verify.evidence import shown
from impressum.stages.verify.typography.breaks import UNCOUNTED
from impressum.stages.verify.typography.layout import (
    ASCENT,
    BOX,
    DESCENT,
    EDGE,
    HEADING,
    LISTS,
    NOTE,
    PARAGRAPH,
    Layout,
    PrintedPassage,
    TypeLine,
    inside,
)

MOST_FREE = 3
"""Lines below the text of a page that may stay free: a heading needs so many, and the lines that stay with it."""
BREAKABLE = (PARAGRAPH, HEADING, "bulletlist", "orderedlist")
"""What may begin on a page and go on on the next: before a box in one piece, room may have to stay free."""


def check_holes(layout: Layout) -> None:
    """Where a chapter goes on, the text of a page leaves no more than three lines free: neither above the figures and
    notes at its foot nor at the foot itself."""
    feet = _feet(layout)
    for page, rows in _pages(layout):
        row, passage = rows[-1]
        follows = [one for _, one in layout.on(page + 1) if one.kind != NOTE]
        after = next((one for one in follows if one.kind not in UNCOUNTED), None)
        if after is None or after.kind not in BREAKABLE or layout.ends.get(passage.chapter, 0) <= page:
            continue
        if follows[0].kind in UNCOUNTED and follows[0].block > passage.block:  # it is what did not fit
            continue
        if _is_asked(layout, after):
            continue
        end = row.baseline + DESCENT * row.size
        below = [one for one in layout.on(page) if one[0].baseline > row.baseline + EDGE]
        if below:
            first, kind = below[0][0], below[0][1].kind
            # What is usual above notes and their rule, and above a figure.
            usual = 1.5 * layout.pitch if kind == NOTE else 2 * layout.pitch - layout.size
            free = first.baseline - ASCENT * first.size - end - usual
        else:
            free = feet[passage.chapter] - end
        lines = int(free / layout.pitch + 0.3)
        if lines > MOST_FREE:
            message = f"page {page} has {lines} lines free below its text, before {shown(' '.join(after.words))}"
            hint = f"make paragraphs of page {page} longer by {lines - MOST_FREE} lines in all, or shorter, so that "
            hint += "more goes on it, or move a figure: `lines` and `place` in layout.yaml"
            layout.evidence.faults.warning(after.place, message, "page-hole", hint, str(page))


def _is_asked(layout: Layout, passage: PrintedPassage) -> bool:
    """Whether `layout.yaml` asks of the block of `passage`, or of the text below such headings, to begin a page."""
    chapter = layout.evidence.expected.chapters[passage.chapter]
    asked = {key.partition(".")[0] for key in chapter.begins}
    for block in chapter.blocks[passage.block :]:
        if block.key in asked or block.kind != HEADING:
            return block.key in asked
    return False


def check_lists(layout: Layout) -> None:
    """No figure and no table is in the midst of a list or a box that goes on over a page."""
    before: PrintedPassage | None = None
    for page, rows in _pages(layout):
        first, passage = rows[0]
        above = [one for row, one in layout.on(page) if row.baseline < first.baseline and one.kind in UNCOUNTED]
        goes_on = before is not None and (before.chapter, before.block) == (passage.chapter, passage.block)
        if above and goes_on and passage.kind in (*LISTS, BOX):
            name = "box" if passage.kind == BOX else "list"
            message = f"{shown(' '.join(above[0].words))} on page {page} is in the midst of a {name}"
            hint = f"move it (`place: bottom` in layout.yaml), or let the {name} begin a page (`break-before`)"
            layout.evidence.faults.warning(passage.place, message, "list-interrupted", hint, str(page))
        before = rows[-1][1]


def _pages(layout: Layout) -> Iterator[tuple[int, list[tuple[TypeLine, PrintedPassage]]]]:
    """The pages with running text, and its rows from top to foot: what is no note, figure or table."""
    for page in sorted({row.page for passage in layout.passages for row in passage.rows}):
        rows = [(row, one) for row, one in layout.on(page) if one.kind not in (NOTE, *UNCOUNTED)]
        if rows:
            yield page, rows


def _feet(layout: Layout) -> dict[int, float]:
    """How far down the full pages of each chapter reach: page fitting may have made them deeper than others."""
    found: dict[int, float] = {}
    for page, rows in _pages(layout):
        chapter = rows[-1][1].chapter
        lowest = max((line.baseline + DESCENT * line.size for line in inside(layout.evidence, page)), default=0.0)
        found[chapter] = max(found.get(chapter, 0.0), lowest)
    return found
