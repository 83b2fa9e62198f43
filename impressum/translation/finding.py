"""The lines of a translation that a change of its source is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from impressum.translation.comparing import Change, worded
from impressum.translation.pairing import paired
from impressum.translation.passages import Passage


@dataclass(frozen=True)
class Look:
    """Lines of the translation to look at; `behind`: what is new has nothing there yet, and belongs behind them."""

    path: str
    line: int
    end: int
    behind: bool = False


class Finder:
    """Finds the lines of a translation that a change of its source is about.

    The translation was made from what the source `was`: its passages are paired with those.
    """

    def __init__(
        self,
        path: str,
        was: Sequence[Passage],
        now: Sequence[Passage],
        translation: Sequence[Passage],
        found: tuple[Change, ...],
    ) -> None:
        self.path = path
        self.theirs = {
            pair.source.line: pair.translation for pair in paired(was, translation) if pair.source and pair.translation
        }
        self.was, self.now = worded(was), worded(now)
        new_of = {change.new.line: change.old for change in found if change.new}
        kept = iter(self._kept(found))
        self.old_of = {one.line: new_of[one.line] if one.line in new_of else next(kept, None) for one in self.now}
        """By its line the passage of the base that each passage now was; None for what is new."""

    def look(self, change: Change) -> Look | None:
        """Where to look; None where the translation has nothing like it."""
        if change.old:
            found = self.theirs.get(change.old.line)
            return Look(self.path, found.line, found.end) if found else None
        assert change.new
        before = [one for one in self.now if one.line < change.new.line]
        for one in reversed(before):
            old = self.old_of[one.line]
            found = self.theirs.get(old.line) if old else None
            if found:
                return Look(self.path, found.line, found.end, behind=True)
        return None

    def _kept(self, found: tuple[Change, ...]) -> list[Passage]:
        """The passages of the base that have not changed, in their order."""
        touched = {change.old.line for change in found if change.old}
        return [one for one in self.was if one.line not in touched]
