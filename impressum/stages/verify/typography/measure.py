"""How long the lines of body text are, and how wide the spaces in them."""

from __future__ import annotations

from statistics import mean, median

from impressum.stages.verify.evidence import FALLBACK, shown
from impressum.stages.verify.typography.layout import Layout
from impressum.stages.verify.typography.passages import SAME_SIZE, Row

FEWEST, MOST = 62, 72
LEAST_LINES = 40
"""Fewer full lines say nothing of the measure of a book."""
POINTS_PER_MM = 72 / 25.4
AIM = "80 % to 133 %"
TIGHTEST, WIDEST = 0.75, 1.50
"""Shares of the normal space beyond which a line is seen to be tight or loose. What is aimed at is narrower."""


def check_measure(layout: Layout) -> None:
    """The full lines of body text hold 62 to 72 characters on average. One warning for the edition."""
    lengths = [
        len(row.text.strip()) for passage in layout.body() for row in passage.rows if layout.is_full(passage, row)
    ]
    if len(lengths) < LEAST_LINES:
        return
    found = mean(lengths)
    if not FEWEST <= round(found) <= MOST:
        better = layout.measure * (FEWEST + MOST) / 2 / found / POINTS_PER_MM
        layout.evidence.faults.warning(
            FALLBACK,
            f"a full line of body text holds {found:.0f} characters on average in `{layout.evidence.expected.tag}`, "
            f"not {FEWEST} to {MOST}",
            "type-measure",
            f"in this size a `page: measure` of about {better:.0f} mm reads best: set it, or the size of `type: body`, "
            "in templates/theme.yaml",
        )


def check_spacing(layout: Layout) -> None:
    """The spaces of a justified line are neither squeezed nor torn apart. One warning a block, for its worst line."""
    normal = _normal_space(layout)
    for passage in layout.body() if normal else ():
        worst: tuple[float, Row] | None = None
        for row in passage.rows:
            same = row.space and abs(row.size - layout.size) < SAME_SIZE
            if not same or not layout.is_justified(passage, row):
                continue
            share = row.space / (normal * row.size / layout.size)
            far = max(share - WIDEST, TIGHTEST - share)
            if far > 0 and (worst is None or far > worst[0]):
                worst = far, row
        if worst is not None:
            share = worst[1].space / (normal * worst[1].size / layout.size)
            layout.evidence.faults.warning(
                passage.place,
                f"the spaces in the line {shown(worst[1].words)} on page {worst[1].page} are {round(100 * share)} % "
                f"of the normal one, not {AIM}",
                "type-spacing",
                "change a word near it, or let a long word break with a soft hyphen (`&shy;`)",
            )


def _normal_space(layout: Layout) -> float:
    """The space of the font in body text, as last lines of paragraphs have it; 0 where none is known."""
    spaces = [passage.rows[-1].space for passage in layout.body() if passage.rows[-1].space]
    return median(spaces) if len(spaces) > 2 else 0.0
