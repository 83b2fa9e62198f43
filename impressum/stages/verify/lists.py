"""The lists of figures and tables give each that has a number, with the page on which it stands."""

from __future__ import annotations

from impressum.core.model.manuscript import Anchor, Kind
from impressum.stages.verify.evidence import Evidence, shown
from impressum.stages.verify.headings import Listed, lines_below
from impressum.stages.verify.words import FORMULA, norm, wanted

LOST = "look whether a template of this publication leaves lines of the list out"
CHANGED = "look whether a template of this publication changes the list"


def check_lists(evidence: Evidence) -> None:
    """Each list that the theme asks for gives all numbered figures or tables, in order, with their true pages."""
    words = evidence.expected.words
    _check_list(evidence, "figure", words.figures)
    _check_list(evidence, "table", words.tables)


def _check_list(evidence: Evidence, kind: Kind, title: str) -> None:
    expected = [one for one in evidence.expected.anchors if one.kind == kind and one.number and one.listed]
    if not expected or not evidence.theme.flag("contents", f"{kind}s"):
        return
    page, listed = lines_below(evidence, title)
    if not page:
        evidence.faults.error(
            expected[0].place,
            f"no page before page {evidence.body_page} is headed {shown(title)}",
            "page-contents",
            LOST,
        )
        return
    for anchor in expected:
        entry = next((one for one in listed if _is(anchor, one)), None)
        stands_on = _page_of(evidence, anchor)
        if entry is None:
            where = f", which stands on page {stands_on}" if stands_on else ""
            message = f"`{title}` on page {page} does not give {shown(anchor.title)}{where}"
            evidence.faults.error(anchor.place, message, "page-contents", LOST)
            continue
        listed.remove(entry)
        if stands_on and entry.page != stands_on:
            evidence.faults.error(
                anchor.place,
                f"`{title}` on page {entry.stands_on} gives page {entry.page} for {shown(anchor.title)}, "
                f"which stands on page {stands_on}",
                "page-contents",
                CHANGED,
            )
    for entry in listed:
        evidence.faults.error(
            expected[0].place,
            f"`{title}` on page {entry.stands_on} gives {shown(entry.shown)}, which is no {kind} with a number",
            "page-contents",
            CHANGED,
        )


def _is(anchor: Anchor, entry: Listed) -> bool:
    """Whether `entry` is that of `anchor`; a formula is printed in signs, and not as it was written."""
    number = norm(anchor.number)
    if entry.words == number + norm(anchor.title):
        return True
    return FORMULA.search(anchor.title) is not None and entry.words.startswith(number)


def _page_of(evidence: Evidence, anchor: Anchor) -> int:
    """The page of the caption; 0 where it was not found."""
    words = wanted(anchor.title).text
    return next((one.first for one in evidence.located if one.place == anchor.place and one.words == words), 0)
