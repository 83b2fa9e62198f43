"""The order for a release: waivers with their reasons, and today's date."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Waiver:
    """A rule whose errors a release lets through, and for what reason."""

    rule: str
    reason: str


@dataclass(frozen=True)
class ReleaseOrder:
    """The order for a release: its waivers, the day that an embargo is compared with, and the source of that day."""

    waivers: tuple[Waiver, ...]
    today: datetime.date
    by: str
    """"the clock", or "SOURCE_DATE_EPOCH"."""
