"""The back cover: what it is meant to say is on the last page, and nothing of it beyond the page's edge."""

from __future__ import annotations

from impressum.stages.verify.evidence import FALLBACK, Evidence, shown
from impressum.stages.verify.words import norm

LOST = "look whether a template of this publication leaves it out"
FULL = "shorten `cover.blurb`, or the statements of the funders"


def check_back_cover(evidence: Evidence) -> None:
    """The last page prints the words of the back cover, and the ISBN above its barcode, whole."""
    if not evidence.back_cover:
        return
    page = evidence.printed.pages[-1]
    printed = norm(" ".join(line.text for line in page.lines))
    wanted = [*evidence.expected.blurb, *([f"ISBN {evidence.expected.barcode}"] if evidence.expected.barcode else [])]
    for words in wanted:
        if norm(words) not in printed:
            evidence.faults.error(
                FALLBACK,
                f"the back cover on page {page.number} does not print {shown(words)} as it is meant",
                "page-back-cover",
                LOST,
            )
    over = max((box.bottom - page.height for line in page.lines for box in line.boxes), default=0.0)
    if over > 0:
        message = f"what the back cover on page {page.number} says is {over:.0f} pt higher than the page"
        evidence.faults.error(FALLBACK, message, "page-back-cover", FULL)
