"""What is not as it was when an edition was translated, and what its translation is to each piece of the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from impressum.core.errors import Faults
from impressum.stages.load.editions import read_own_texts
from impressum.stages.load.strict_yaml import read_yaml
from impressum.translation.comparing import Change, worded
from impressum.translation.pairing import paired
from impressum.translation.passages import Passage
from impressum.translation.shelf import TEXTS, Shelf
from impressum.translation.texts import given


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


def compared_texts(
    shelf: Shelf, tag: str, now: Mapping[str, str], faults: Faults
) -> tuple[tuple[Unit, ...], tuple[Difference, ...]]:
    """Each text of the source with what the edition `tag` has of it, and those that differ from its base.

    A text that the edition does not give and that its base has is one that stays as it is in the source.
    """
    tree = read_own_texts(shelf.workspace, tag, faults)
    path = shelf.workspace.relative(shelf.workspace.edition_file(tag))
    looks = {key: Look(path, value.place.line, value.place.line) for key, value in given(tree)} if tree else {}
    was = _base(shelf, tag, faults)
    units: list[Unit] = []
    found: list[Difference] = []
    for key, text in now.items():
        before = was.get(key) if was is not None else None
        state = _state(before, text, is_given=key in looks, has_base=was is not None)
        units.append(Unit("text", text, state))
        if state == "new":
            found.append(Difference("added", "text", None, text, _file_of(key), 0, 0, key, look=looks.get(key)))
        elif state == "changed":
            found.append(Difference("changed", "text", before, text, _file_of(key), 0, 0, key, look=looks.get(key)))
    gone = [key for key in looks if was and key in was and key not in now]
    found += [Difference("removed", "text", (was or {})[key], None, path, 0, 0, key, look=looks[key]) for key in gone]
    return tuple(units), tuple(found)


def _base(shelf: Shelf, tag: str, faults: Faults) -> dict[str, str] | None:
    """The texts of the source as the edition has translated them; None where it has not said so."""
    path = shelf.workspace.base_file(tag, TEXTS)
    if not path.exists():
        return None
    tree = read_yaml(shelf.workspace, path, faults)
    return {key: value.text for key, value in given(tree)} if tree else {}


def _state(before: str | None, text: str, *, is_given: bool, has_base: bool) -> UnitState:
    if not has_base:
        return "unknown" if is_given else "new"
    if before is None:
        return "new"
    return "unchanged" if before.split() == text.split() else "changed"


def _file_of(key: str) -> str:
    """The file of the source in which the text of this key stands."""
    part, _, rest = key.partition(".")
    name = rest.partition(".")[0]
    return {"figures": f"figures/{name}.yaml", "data": f"figures/data/{name}.yaml"}.get(part, "publication.yaml")
