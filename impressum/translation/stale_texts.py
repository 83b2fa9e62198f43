"""The texts of `edition.yaml` against those of the source: which have changed, which are not given yet."""

from __future__ import annotations

from collections.abc import Mapping

from impressum.core.errors import Faults
from impressum.stages.load.editions import read_own_texts
from impressum.stages.load.strict_yaml import read_yaml
from impressum.translation.differences import Difference, Unit, UnitState
from impressum.translation.finding import Look
from impressum.translation.shelf import TEXTS, Shelf
from impressum.translation.texts import given


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
