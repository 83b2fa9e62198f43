"""Faults on their way between processes, and to the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from impressum.errors import Fault, Place
from impressum.memo import Json


def dumped(faults: Iterable[Fault]) -> list[Json]:
    """`faults` as JSON."""
    return [asdict(fault) for fault in faults]


def loaded(raw: list[Any]) -> tuple[Fault, ...]:
    """What `dumped` gave."""
    return tuple(Fault(**{**one, "place": Place(**one["place"])}) for one in raw)
