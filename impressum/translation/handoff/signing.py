"""Sign-offs: the translated segments that somebody has reviewed or approved.

Each holds for one source and one translation, and is gone when either of them changes. They are kept in
`.base/signed.json`, by the mark of a unit, so that they follow a passage to another chapter.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faulty, Place
from impressum.system.files import read
from impressum.translation.handoff.edition_units import SLUG
from impressum.translation.handoff.exchange import target_markdown
from impressum.translation.handoff.unit import LEVELS, Handoff, Level, Unit
from impressum.translation.shelf import SIGNED, TEXTS, write_file

if TYPE_CHECKING:
    from impressum.translation.shelf import Shelf


def read_marks(shelf: Shelf, tag: str, name: str) -> dict[str, str]:
    """A record in `.base/` of texts by the marks of units, empty where there is none. Raises Faulty for others."""
    path = shelf.workspace.base_file(tag, name)
    written = shelf.workspace.relative(path)
    if not (path.is_file() and shelf.workspace.inside(written)):
        return {}
    try:
        found = json.loads(read(path))
        return {str(key): str(value) for key, value in found.items()}
    except (ValueError, AttributeError, RecursionError) as exc:
        place = Place(written, getattr(exc, "lineno", 0))
        hint = "take out what a merge has left in it, or get it back from version control"
        raise Faulty([Fault(place, "this record cannot be read", "handin-unreadable", hint)]) from exc


def marks_as_bytes(marks: Mapping[str, str]) -> bytes:
    """The record of `marks`, a line each, as it is kept."""
    return (json.dumps(dict(sorted(marks.items())), indent=0) + "\n").encode()


def mark(text: str) -> str:
    """A short mark of a text."""
    return sha256(text.encode()).hexdigest()[:8]


def unit_mark(unit_id: str) -> str:
    """A unit's id without the chapter that the unit is in."""
    return unit_id.partition(".")[2]


def translation_of(unit: Unit) -> str:
    """The present translation of a unit as Markdown, even if its tags are not those of the source; or nothing."""
    return target_markdown(unit) or (unit.earlier_target if unit.state == "unchanged" else "")


def level_of(unit: Unit, signed: Mapping[str, str]) -> Level | None:
    """The level of a unit by the record `signed`; None where it has no translation."""
    if not (said := translation_of(unit)):
        return None
    level, _, translation = signed.get(unit_mark(unit.id), "").partition(" ")
    return next((one for one in LEVELS if one == level and translation == mark(said)), "translated")


def sign(shelf: Shelf, tag: str, every: Handoff, levels: Mapping[str, Level]) -> None:
    """Records the new `levels`, by unit id, of units of `every`, which are all of the edition `tag`."""
    found: dict[str, str] = {}
    for unit in every.all():
        level = levels.get(unit.id, unit.signed)
        if level and level != LEVELS[0] and (said := translation_of(unit)):
            found[unit_mark(unit.id)] = f"{level} {mark(said)}"
    path = shelf.workspace.base_file(tag, SIGNED)
    if found or path.exists():
        write_file(shelf.workspace, path, marks_as_bytes(found))


def name_of(slug: str) -> str:
    """The name of the file that has the units of `slug`."""
    return TEXTS if slug == SLUG else f"{slug}.md"


def counted_levels(every: Handoff) -> dict[str, Counter[str]]:
    """How many units of each file that is translated are of each level, and how many are `waiting`, new or changed."""
    return {
        name_of(slug): Counter(unit.signed or "waiting" for unit in units if unit.signed or unit.state != "unchanged")
        for slug, units in every.units.items()
        if any(unit.signed for unit in units)
    }


def lacking(every: Handoff, wanted: Level) -> dict[str, tuple[Unit, ...]]:
    """The translated units of each file that are below the level `wanted`."""
    least = LEVELS.index(wanted)
    return {
        name_of(slug): found
        for slug, units in every.units.items()
        if (found := tuple(unit for unit in units if unit.signed and LEVELS.index(unit.signed) < least))
    }
