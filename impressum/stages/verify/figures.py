"""Figures and tables stand near the place where they are written and where they are spoken of."""

from __future__ import annotations

from collections import Counter

from impressum.core.errors import Place
from impressum.core.model.manuscript import Anchor
from impressum.stages.verify.evidence import Evidence, shown
from impressum.stages.verify.words import wanted

KINDS = ("figure", "table")
LEAST_LETTERS = 8
FAR = 1
"""How many pages a figure may stand behind its place."""


def check_figures(evidence: Evidence) -> None:
    """No figure or table stands more than one page behind where it is written, and away from its first mention."""
    anchors = [anchor for anchor in evidence.expected.anchors if anchor.kind in KINDS]
    places = frozenset(anchor.place for anchor in anchors)
    own = _own_pages(evidence, anchors, places)
    for anchor in anchors:
        page, written = _page(evidence, anchor), _written(evidence, anchor, places)
        if not anchor.listed or not written or page < written or _between(written, page, own) <= FAR:
            continue
        mentioned = _mentioned(evidence, anchor)
        if mentioned and _between(mentioned, page, own) <= FAR:
            continue
        evidence.faults.warning(
            anchor.place,
            f"the {anchor.kind} {shown(anchor.title)} stands on page {page} and is written on page {written}"
            + (f", mentioned on page {mentioned}" if mentioned else ""),
            "figure-far",
            "too many figures wait for room: write it earlier, make one of them smaller, or put text between them",
        )


def _page(evidence: Evidence, anchor: Anchor) -> int:
    """The page of a figure: that which links to it lead to, else that of its caption; 0: not known."""
    known = evidence.structure.places.get(anchor.label)
    if known:
        return known.page
    words = wanted(anchor.title).text
    if len(words) < LEAST_LETTERS:  # such words may stand anywhere
        return 0
    return next((one.first for one in evidence.located if one.place == anchor.place and one.words == words), 0)


def _own_pages(evidence: Evidence, anchors: list[Anchor], places: frozenset[Place]) -> frozenset[int]:
    """The pages that one figure has for itself: they do not count as a distance."""
    pages = Counter(_page(evidence, anchor) for anchor in anchors if anchor.listed)
    text = {page for one in evidence.located if one.place not in places for page in (one.first, one.last)}
    return frozenset(page for page, count in pages.items() if count == 1 and page not in text)


def _between(one: int, other: int, own: frozenset[int]) -> int:
    """How many pages lie between two pages, the second included."""
    return sum(page not in own for page in range(min(one, other), max(one, other)))


def _written(evidence: Evidence, anchor: Anchor, places: frozenset[Place]) -> int:
    """The page on which the text before the figure ends; 0: not known."""
    return max(
        (
            one.last
            for one in evidence.located
            if one.is_block
            and one.place.path == anchor.place.path
            and one.place < anchor.place
            and one.place not in places
        ),
        default=0,
    )


def _mentioned(evidence: Evidence, anchor: Anchor) -> int:
    """The page of the first cross-reference to the figure; 0: there is none."""
    for chapter in evidence.expected.chapters:
        for link in chapter.links:
            if link.target == f"#{anchor.label}":
                return next(iter(evidence.pages_of(link.place)), 0)
    return 0
