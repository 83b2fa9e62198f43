"""A release as it is asked for: what is waived and why, and which day it is."""

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
    """What a release is asked for: its waivers, the day with which an embargo is compared, and who says that day."""

    waivers: tuple[Waiver, ...]
    today: datetime.date
    by: str
    """"the clock", or "SOURCE_DATE_EPOCH"."""
