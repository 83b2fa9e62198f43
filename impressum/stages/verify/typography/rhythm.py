"""The grid of baselines, and the depth of pages that face each other."""

from __future__ import annotations

from collections import Counter

from impressum.stages.verify.evidence import shown
from impressum.stages.verify.typography.layout import Layout
from impressum.stages.verify.typography.passages import BOX, NOTE, PARAGRAPH, RUNNING, SAME_SIZE, Passage, Row

TOLERANCE = 1.0
ASCENT, DESCENT = 0.8, 0.2
"""The shares of its size that a line of type takes above and below its baseline, in the book's templates."""


def check_grid(layout: Layout) -> None:
    """Body text stands on one grid of lines on every page. One warning a page, where it first leaves the grid."""
    origin = _origin(layout)
    seen: set[int] = set()
    for passage in layout.body():
        for row in passage.rows:
            begins = row.left < layout.lefts[row.page] + layout.measure / 4  # else it was moved, and is no line
            if row.page in seen or abs(row.size - layout.size) >= SAME_SIZE or not begins:
                continue
            off = (row.baseline - origin + layout.pitch / 2) % layout.pitch - layout.pitch / 2
            if abs(off) > TOLERANCE:
                seen.add(row.page)
                layout.evidence.faults.warning(
                    passage.place,
                    f"{shown(row.words)} on page {row.page} stands {abs(off):.1f} pt {'below' if off > 0 else 'above'} "
                    "the lines of the other pages",
                    "type-rhythm",
                    f"what stands above it is not a whole number of lines high ({layout.pitch:g} pt each)",
                )


def _origin(layout: Layout) -> float:
    """The baseline of the first line of most pages; where none begins with body text, where it would stand."""
    firsts: Counter[float] = Counter()
    for page in layout.lefts:
        row, passage = layout.on(page)[0]
        if passage.kind == PARAGRAPH and abs(row.size - layout.size) < SAME_SIZE:
            firsts[round(row.baseline, 1)] += 1
    return firsts.most_common(1)[0][0] if firsts else layout.evidence.area.block.top + ASCENT * layout.size


def check_depth(layout: Layout) -> None:
    """Two full pages that face each other end at the same depth, to half a line: the grid is another measure."""
    if not layout.evidence.theme.flag("page", "facing"):
        return
    for left in sorted(page for page in layout.lefts if page % 2 == 0):
        feet = _foot(layout, left), _foot(layout, left + 1)
        if feet[0] is None or feet[1] is None:
            continue
        depths = [row.baseline + DESCENT * row.size for row, _ in (feet[0], feet[1])]
        lines = round(abs(depths[0] - depths[1]) / layout.pitch)
        framed = any(passage.kind == BOX for _, passage in (feet[0], feet[1]))
        if lines > (1 if framed else 0):  # below the text of a box, its frame may take a line
            short = 0 if depths[0] < depths[1] else 1
            foot = feet[short]
            assert foot is not None
            layout.evidence.faults.warning(
                foot[1].place,
                f"page {left + short} ends {lines} line{'' if lines == 1 else 's'} above page {left + 1 - short}, "
                "which lies beside it",
                "type-rhythm",
                "make a paragraph of one page longer, or one of the other shorter, until both end on the same line",
            )


def _foot(layout: Layout, page: int) -> tuple[Row, Passage] | None:
    """What a full page ends with, if it is running text or a note: a page is full where its chapter goes on."""
    foot = layout.foot(page)
    texts = [passage for _, passage in layout.on(page) if passage.kind != NOTE]
    if foot is None or not texts or layout.ends.get(texts[-1].chapter, 0) <= page:
        return None
    return foot if foot[1].kind in RUNNING or foot[1].kind == NOTE else None
