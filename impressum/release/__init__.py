"""Releases: the gate that they pass, the record that is kept of each, and the changes since the last one.

`check_gate` checks the sources before the line runs, `seal` its products after it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from impressum.core.model.release import ReleaseOrder
from impressum.release.gate import Gate, check_gate
from impressum.release.seal import seal
from impressum.release.waivers import read_waivers, weights
from impressum.system.epoch import NAME, epoch

__all__ = ["Gate", "check_gate", "order_of", "seal", "weights"]


def order_of(rules: Sequence[str], reasons: Sequence[str]) -> ReleaseOrder:
    """A release with these waivers, today: the day of SOURCE_DATE_EPOCH in UTC where it is set, else the clock's.

    The clock's day is that of its time zone (`TZ`). Raises WrongUsage for waivers that cannot be.
    """
    waivers = read_waivers(rules, reasons)
    seconds = epoch()
    if seconds is not None:
        return ReleaseOrder(waivers, datetime.datetime.fromtimestamp(seconds, datetime.UTC).date(), NAME)
    return ReleaseOrder(waivers, datetime.datetime.now().astimezone().date(), "the clock")
