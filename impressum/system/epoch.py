"""The time that `SOURCE_DATE_EPOCH` names: it replaces the clock wherever files carry a time."""

from __future__ import annotations

import os
import re

from impressum.core.errors import Fault, Faulty, Place

NAME = "SOURCE_DATE_EPOCH"
LAST = 253_402_300_799
"""The last second of the year 9999."""


def epoch() -> int | None:
    """That time in Unix seconds, or None where the variable is not set. Raises `Faulty` where it is no such time."""
    value = os.environ.get(NAME, "")
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,12}", value) or int(value) > LAST:
        message = f"the variable `{NAME}` is `{value[:40]}`, which is no time"
        hint = "give it the seconds since 1970, as in `SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)`, or unset it"
        raise Faulty([Fault(Place("."), message, "epoch-malformed", hint)])
    return int(value)
