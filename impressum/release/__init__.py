"""Releases: what the gate lets out, what is kept of it, what has changed since the last one.

`check_gate` looks at the sources, `seal` at what was made of them; between the two stands the line.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence

from impressum.core.model.release import ReleaseOrder
from impressum.release.gate import Gate, check_gate
from impressum.release.seal import seal
from impressum.release.waivers import read_waivers, weights

__all__ = ["Gate", "check_gate", "order_of", "seal", "weights"]


def order_of(rules: Sequence[str], reasons: Sequence[str]) -> ReleaseOrder:
    """A release with these waivers, today: the day of SOURCE_DATE_EPOCH in UTC where it is set, else the clock's.

    The clock's day is that of its time zone (`TZ`). Raises WrongUsage for waivers that cannot be.
    """
    waivers = read_waivers(rules, reasons)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        day = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
        return ReleaseOrder(waivers, day, "SOURCE_DATE_EPOCH")
    return ReleaseOrder(waivers, datetime.datetime.now().astimezone().date(), "the clock")
