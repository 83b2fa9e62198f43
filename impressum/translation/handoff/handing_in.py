"""Puts a returned translation into the chapters of its edition: all of it, or nothing if there is a fault."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faults, Faulty, Place, nearest
from impressum.core.languages import spoken
from impressum.stages.load.texts import TEXT_LIMIT, read_bytes
from impressum.system.files import read
from impressum.translation.differences import base_texts
from impressum.translation.handoff.assembling import Assembled, assembled
from impressum.translation.handoff.chapter_status import ChapterStatus, spare_passages
from impressum.translation.handoff.edition_units import SLUG, beginning, kept_base, put_back
from impressum.translation.handoff.gathering import chapter_statuses, editable, every_unit, returned_memory
from impressum.translation.handoff.markup import Part, Parts, Tag
from impressum.translation.handoff.matching import resolved
from impressum.translation.handoff.memory import ALIKE_RETURNED, FILE, Memory, MemoryEntry, write_tmx
from impressum.translation.handoff.receiving import received
from impressum.translation.handoff.signing import sign, unit_mark
from impressum.translation.handoff.unit import LEVELS, Handoff, Level, Returned, ReturnedFile, Unit
from impressum.translation.shelf import TEXTS, write_file
from impressum.translation.texts import record_of

if TYPE_CHECKING:
    from impressum.translation.shelf import Shelf


@dataclass(frozen=True)
class HandedIn:
    """A written chapter: its file, relative to the root, and the units still without a translation."""

    path: str
    slug: str
    units: int
    without: tuple[str, ...]


def hand_in(shelf: Shelf, file: Path, edition: str | None, faults: Faults) -> tuple[str, tuple[HandedIn, ...]]:
    """Puts what `file` holds into the chapters of the edition that it names; gives the edition and what was written.

    `edition`, where it is given, must be the one that the file names. Raises Faulty, and has written nothing then.
    """
    files = received(file, faults)
    tag = _edition(files, edition, file.as_posix(), shelf)
    editable(shelf, tag)
    every = every_unit(shelf, tag)
    faults.stop_if_any()
    came = taken(files, every, faults)
    _miss(files, every, came.kept, faults)
    faults.stop_if_any()
    if not any(came.targets.values()) and not came.kept:
        message = "the file holds no translation"
        raise Faulty([Fault(Place(str(file)), message, "handin-empty", "write the translations, then hand it in")])
    return tag, put_in(shelf, tag, came, every, faults)


@dataclass(frozen=True)
class Taken:
    """The translations that came back by unit id, empty where there is none, those `kept` of a changed source, and the
    new `levels` of sign-offs."""

    targets: Mapping[str, Parts]
    levels: Mapping[str, Level]
    kept: Mapping[str, MemoryEntry]


def taken(files: Sequence[ReturnedFile], every: Handoff, faults: Faults) -> Taken:
    """The translations in `files` for the units of `every`. Raises Faulty where one cannot be put in."""
    changed: list[Returned] = []
    levels: dict[str, Level] = {}
    targets = _targets(files, every, changed, levels, faults)
    faults.stop_if_any()
    return Taken(targets, levels, _kept(changed, targets, every, faults))


def apply_source(shelf: Shelf, tag: str, faults: Faults) -> tuple[tuple[HandedIn, ...], tuple[str, ...]]:
    """Puts into the edition `tag` the changes of its source that need no translator.

    These are passages moved or removed, addresses, citations, values and comments, numbers and markup that the
    translation has already, and chapters renamed, split or joined. Gives the chapters written, and the files of those
    that wait for the hand-in of a passage that needs a translator.
    """
    editable(shelf, tag)
    chapters = chapter_statuses(shelf, tag, faults)
    faults.stop_if_any()
    files: dict[Path, bytes | None] = {}
    done: list[HandedIn] = []
    waiting: list[str] = []
    for chapter in chapters:
        name = f"{chapter.slug}.md"
        path = shelf.chapter(tag, name)
        base = shelf.workspace.base_file(tag, name)
        if path.exists() and base.exists() and chapter.needs_translator:
            waiting.append(shelf.workspace.relative(path))
            continue
        if not chapter.has_translation or (path.exists() and not base.exists()):
            continue
        made = assembled(chapter, {}, shelf.source)
        new = _base(shelf, name, chapter.source, made, faults)
        if not base.exists() or read(base) != new:
            files |= {path: made.text.encode(), base: new}
            done.append(HandedIn(shelf.workspace.relative(path), chapter.slug, 0, made.without))
    noted = shelf.workspace.base_file(tag, TEXTS)
    if noted.exists() and base_texts(shelf, tag, faults) != (kept := kept_base(shelf, tag, faults)):
        files[noted] = record_of(kept.items()).encode()
        done.append(HandedIn(shelf.workspace.relative(noted), SLUG, 0, ()))
    for name in _emptied(shelf, tag, chapters):
        files |= {shelf.chapter(tag, name): None, shelf.workspace.base_file(tag, name): None}
    faults.stop_if_any()
    write_all(shelf, files)
    return tuple(done), tuple(waiting)


def _emptied(shelf: Shelf, tag: str, chapters: Sequence[ChapterStatus]) -> Iterator[str]:
    """The chapters of the edition without a source whose passages all stand elsewhere now."""
    taken = {status.translation for chapter in chapters for status in chapter.passages}
    for name in shelf.chapters(tag):
        base, own = shelf.workspace.base_file(tag, name), shelf.chapter(tag, name)
        if name in shelf.chapters(shelf.source) or not base.exists():
            continue
        texts = [shelf.text(path, Faults()) or "" for path in (base, own)]
        spare = spare_passages(texts[0], texts[1], None)
        if name in {chapter.came_from for chapter in chapters} or all(one in taken for _, one in spare.values()):
            yield name


def _edition(files: Sequence[ReturnedFile], wanted: str | None, path: str, shelf: Shelf) -> str:
    named = [one.edition for one in files if one.edition]
    alike = [tag for tag in shelf.editions if named and spoken(tag) == spoken(named[0])]
    tag = wanted or next(
        (one for one in named if one in shelf.editions), alike[0] if len(alike) == 1 else "".join(named[:1])
    )
    for one in files:
        if one.edition and spoken(one.edition) != spoken(tag):
            message = f"the file is a translation to `{one.edition}`, not to `{tag}`"
            hint = "hand it in without `--edition`, or hand in the other file"
            raise Faulty([Fault(Place(one.path), message, "handin-edition", hint)])
    if not tag:
        hint = "say it: `--edition de`"
        message = "the file does not say to which edition it is a translation"
        raise Faulty([Fault(Place(path), message, "handin-edition", hint)])
    if not wanted and tag not in shelf.editions:
        what = "which is the source" if tag == shelf.source else "and there is no such edition"
        hint = f"editions: {', '.join(shelf.editions) or 'none'}; `new-edition` makes one"
        message = f"the file is a translation to `{tag}`, {what}"
        raise Faulty([Fault(Place(path), message, "handin-edition", hint)])
    return tag


def _targets(
    files: Sequence[ReturnedFile],
    every: Handoff,
    changed: list[Returned],
    levels: dict[str, Level],
    faults: Faults,
) -> dict[str, Parts]:
    """The translation of each unit that came back, by its id; empty where there is none.

    Those whose source has changed since the hand-off are added to `changed`, sign-offs that are other than they were
    to `levels`.
    """
    units = {unit.id: unit for unit in every.all()}
    moved = _by_mark(units)
    values = {unit.shown(tag) for unit in units.values() for tag in unit.parts if isinstance(tag, Tag)}
    found: dict[str, dict[Parts, Returned]] = {}
    for file in files:
        seen: set[str] = set()
        for returned in file.units:
            if (unit := units.get(returned.id) or moved.get(unit_mark(returned.id))) is None:
                _check_id(returned, every, faults)
                changed += [returned] if returned.done and not returned.is_empty else []
                continue
            if unit.id in seen:
                message = f"`{returned.id}` stands in the file twice"
                faults.error(returned.place, message, "handin-unit-twice", "delete the row that was copied")
            seen.add(unit.id)
            for comment in returned.comments:
                message = f"the translator says of `{returned.id}`: “{comment}”"
                hint = "answer it; comments are not kept in the chapters"
                faults.warning(returned.place, message, "handin-comment", hint)
            _warn_of_source(returned, unit, faults)
            said = found.setdefault(unit.id, {})
            parts = resolved(returned, unit, faults, values) if returned.done else ()
            if parts and (parts not in said or returned.signed):
                said[parts] = returned
    targets = {id_: _one(units[id_], said, faults) for id_, said in found.items()}
    for id_, parts in targets.items():
        level, before = found[id_][parts].signed if parts else None, units[id_].signed or LEVELS[0]
        is_left = level and parts != units[id_].target and LEVELS.index(level) <= LEVELS.index(before)
        if is_left or (level and units[id_].signed is None):
            level = LEVELS[0]  # the words are others and the state is not, or nobody but its translator has seen them
        if level and level != before:
            levels[id_] = level
    return targets


def _one(unit: Unit, said: Mapping[Parts, Returned], faults: Faults) -> Parts:
    """The one translation of a unit; a new one prevails over that from before the hand-off."""
    others = {parts: one.place for parts, one in said.items() if parts != unit.target}
    if len(others) > 1:
        first, second = list(others.values())[:2]
        message = f"`{unit.id}` is translated in two ways, here and in `{first}`"
        faults.error(second, message, "handin-two-translations", "hand in only the file that holds the right one")
    return next(iter(others or said), ())


def _by_mark(units: Mapping[str, Unit]) -> dict[str, Unit]:
    """The units that are found in whatever chapter they stand now, as no other has their mark."""
    count = Counter(map(unit_mark, units))
    return {unit_mark(id_): unit for id_, unit in units.items() if count[unit_mark(id_)] == 1}


def _check_id(returned: Returned, every: Handoff, faults: Faults) -> None:
    """A fault where the id of what came back can never have been that of a unit."""
    chapter = returned.id.partition(".")[0]
    if not re.fullmatch(r"[0-9a-f]{8}\.\d+\.\d+", unit_mark(returned.id)) or chapter not in every.titles:
        near = nearest(chapter, every.titles)
        hint = f"chapters: {', '.join(every.titles)}" if not near or near == chapter else f"did you mean `{near}`?"
        faults.error(returned.place, f"`{returned.id}` is no unit of this publication", "handin-unit-unknown", hint)


def _kept(
    changed: Sequence[Returned], targets: Mapping[str, Parts], every: Handoff, faults: Faults
) -> dict[str, MemoryEntry]:
    """Translations of a source that has changed since, by the id of the unit most like it now, if there is one."""
    units = [unit for unit in every.all() if not targets.get(unit.id)]
    now = Memory((MemoryEntry(unit.words, unit.id) for unit in units), ALIKE_RETURNED)
    by_id = {unit.id: unit for unit in units}
    found: dict[str, MemoryEntry] = {}
    for returned in changed:
        match = now.match("".join(part for part in returned.source if isinstance(part, str)))
        unit = by_id[match.entry.target] if match else None
        entry = MemoryEntry(*(_markdown(parts, unit) for parts in (returned.source, returned.parts)))
        entry = entry if not returned.markdown else MemoryEntry(entry.source, returned.markdown)
        found[unit.id if unit else returned.id] = entry
        message = f"the source of `{returned.id}` has changed since the hand-off{_quoted(returned)}"
        hint = "the next hand-off has it again, with this translation and both texts of its source"
        faults.warning(returned.place, message, "handin-source-changed", hint)
    return found


def _markdown(parts: Sequence[Part], unit: Unit | None) -> str:
    """`parts` with the tags that `unit` has as Markdown, and without those that it has not."""
    tags = {(part.number, part.role): unit.shown(part) for part in unit.parts if isinstance(part, Tag)} if unit else {}
    words = (
        part if isinstance(part, str) else tags.get((part.number, part.role)) or tags.get((part.number, "alone"), "")
        for part in parts
    )
    return " ".join("".join(words).split())


def _quoted(returned: Returned) -> str:
    """The beginning of a translation, so that it can be found."""
    words = " ".join("".join(p for p in returned.parts if isinstance(p, str)).split() or returned.markdown.split())
    return f"; its translation begins “{beginning(words)}”" if words else ""


def _warn_of_source(returned: Returned, unit: Unit, faults: Faults) -> None:
    """Warns of a unit without a translation whose source, in the file, holds other words than it has."""
    there, here = (
        " ".join("".join(part for part in parts if isinstance(part, str)).split())
        for parts in (returned.source, unit.parts)
    )
    if returned.is_empty and not returned.markdown and there and there != here and returned.place.path.endswith("docx"):
        message = f"the source of `{unit.id}` was written over: “{shorten(there, 60, placeholder=' …')}”"
        hint = "move the translation into the cell on the right; nothing of the source column is put in"
        faults.warning(returned.place, message, "handin-outside", hint)


def _miss(files: Sequence[ReturnedFile], every: Handoff, kept: Container[str], faults: Faults) -> None:
    """Reports each unit to translate that no file returns, a chapter of which none came back as a whole."""
    there = {returned.id for file in files for returned in file.units}
    hint = "it was deleted from the file, or is new in the source; the next hand-off has it"
    whole: dict[str, int] = {}
    for slug, units in every.units.items():
        missing = [u for u in units if u.state != "unchanged" and u.id not in there and u.id not in kept]
        if len(missing) == len(units) > 1:
            whole[slug] = len(units)
            continue
        for unit in missing:
            message = f"`{unit.id}` did not come back, whose source is “{beginning(unit.words)}”"
            faults.warning(Place(files[0].path), message, "handin-unit-missing", hint)
    if whole:
        chapters = f"`{'`, `'.join(whole)}`"
        message = f"none of the {sum(whole.values())} units of {chapters} came back"
        hint = hint if len(whole) == 1 else "where they were handed off in other files, all is well"
        faults.warning(Place(files[0].path), message, "handin-unit-missing", hint)


def put_in(shelf: Shelf, tag: str, came: Taken, every: Handoff, faults: Faults) -> tuple[HandedIn, ...]:
    """Writes what came back into the chapters of the edition `tag`. Raises Faulty, and has written nothing then."""
    targets = came.targets
    chapters = {unit_id.partition(".")[0] for unit_id in targets}
    done: list[HandedIn] = []
    files: dict[Path, bytes | None] = _memory(shelf, tag, targets, [*came.kept.values()], every)
    for chapter in chapter_statuses(shelf, tag, faults):
        own = {id_: parts for id_, parts in targets.items() if id_.partition(".")[0] == chapter.slug}
        if chapter.slug not in chapters or not any(own.values()):
            continue
        made = assembled(chapter, own, shelf.source)
        name = f"{chapter.slug}.md"
        path = shelf.chapter(tag, name)
        files[path] = made.text.encode()
        files[shelf.workspace.base_file(tag, name)] = _base(shelf, name, chapter.source, made, faults)
        count = sum(bool(parts) for parts in own.values())
        done.append(HandedIn(shelf.workspace.relative(path), chapter.slug, count, made.without))
    if SLUG in chapters:
        own = {id_: parts for id_, parts in targets.items() if id_.partition(".")[0] == SLUG}
        put = put_back(shelf, tag, own, faults) if any(own.values()) else None
        if put:
            path = shelf.workspace.edition_file(tag)
            files[path], files[shelf.workspace.base_file(tag, path.name)] = put[0].encode(), put[1].encode()
            done.append(HandedIn(shelf.workspace.relative(path), SLUG, sum(map(bool, own.values())), put[2]))
    faults.stop_if_any()
    write_all(shelf, files)
    if came.levels:
        sign(shelf, tag, every_unit(shelf, tag), came.levels)
    return tuple(done)


def _memory(
    shelf: Shelf, tag: str, targets: Mapping[str, Parts], kept: Sequence[MemoryEntry], every: Handoff
) -> dict[Path, bytes | None]:
    """The memory of what came back too late, with what is `kept`, without what is translated now."""
    before = returned_memory(shelf, tag)
    done = {match.entry for unit in every.all() if targets.get(unit.id) and (match := before.match(unit.words))}
    entries = (*(entry for entry in before.entries if entry not in done), *kept)
    if entries == before.entries:
        return {}
    return {shelf.workspace.base_file(tag, FILE): write_tmx(entries, shelf.source, tag)}


def _base(shelf: Shelf, name: str, source: str, made: Assembled, faults: Faults) -> bytes:
    """The base of a translation: the bytes of the source if all of it is translated."""
    if made.base != source:
        return made.base.encode()
    raw = read_bytes(shelf.workspace, shelf.chapter(shelf.source, name), faults, limit=TEXT_LIMIT)
    return raw or b""


def write_all(shelf: Shelf, files: Mapping[Path, bytes | None]) -> tuple[Path, ...]:
    """Writes all files, removes those that are None, or puts back all as it was where one cannot be written.

    Gives those that are other now than they were.
    """
    before: dict[Path, bytes | None] = {}
    try:
        for path, content in files.items():
            old = read(path) if path.is_file() else None
            if old != content:
                before[path] = old
                if content is None:
                    path.unlink()
                else:
                    write_file(shelf.workspace, path, content)
    except BaseException:
        for path, old in before.items():
            with suppress(OSError, Faulty):  # the one that could not be written is as it was; it may be a link
                if old is None:
                    path.unlink(missing_ok=True)
                else:
                    write_file(shelf.workspace, path, old)
        raise
    return tuple(before)
