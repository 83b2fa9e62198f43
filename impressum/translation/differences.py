"""What is not as it was when an edition was translated, and what its translation is to each piece of the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from impressum.translation.finding import Look

UnitState = Literal["unchanged", "changed", "new", "unknown"]


@dataclass(frozen=True)
class Difference:
    """A passage (or a text of edition.yaml, then with its key as `name`) that is not as it was.

    `old` and `new` are its words (None where there are none), `path`, `line` and `end` its place in the source.
    Of what was removed the place is that in the base.
    """

    state: Literal["changed", "added", "removed", "moved"]
    kind: str
    old: str | None
    new: str | None
    path: str
    line: int
    end: int
    name: str = ""
    moved_from: int = 0
    look: Look | None = None


@dataclass(frozen=True)
class Unit:
    """A passage or text of the source as it is now, and what its translation is to it."""

    kind: str
    text: str
    state: UnitState
