"""What the book tells of its own pages, read from the JSON of its last metadata (`told` in `fits.typ`)."""

from __future__ import annotations

from typing import Any

from impressum.core.model.fits import Extent, LayoutReport, SetNote, Spot

UNTOLD = LayoutReport(0, 0.0, 0.0, 1.0)
"""Nothing is known: a template of the publication's own left the telling out."""


def read_layout_report(raw: Any) -> LayoutReport:
    """The typed form of `raw` (None: `UNTOLD`)."""
    if raw is None:
        return UNTOLD
    entries: dict[Spot, Spot] = {spot_of(mark): spot_of(entry) for mark, entry in raw["notes"]}
    begun: dict[str, Spot] = {}
    blocks: list[Extent] = []
    notes: list[SetNote] = []
    within: list[str] = []
    for key, kind, *at in raw["marks"]:
        spot = spot_of(at)
        if kind == "begins":
            begun[key] = spot
            within.append(key)
        elif kind == "ends" and key in begun:
            blocks.append(Extent(key, begun[key], spot))
            within = [one for one in within if one != key]
        elif kind == "note" and spot in entries:
            notes.append(SetNote(within[-1] if within else "", spot, entries[spot]))
    return LayoutReport(
        raw["pages"],
        raw["top"],
        raw["bottom"],
        raw["pitch"],
        tuple(blocks),
        tuple(notes),
        {key: bool(effect) for key, effect in raw["effects"]},
        frozenset((key, sign) for key, signs in raw["able"] for sign in signs),
        {label: spot_of(spot) for label, spot in raw["figures"]},
        dict(raw.get("targets", ())),
    )


def spot_of(raw: Any) -> Spot:
    page, x, y = raw
    return Spot(page, x, y)
