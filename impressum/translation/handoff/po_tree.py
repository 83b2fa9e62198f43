"""The tree of PO files, `po/<chapter>/<edition>.po`, that Weblate and others work in, in step with the chapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.core.errors import Faults
from impressum.system.files import read
from impressum.translation.handoff.exchange import (
    EDITION,
    opened_po,
    po_entry,
    po_header,
    read_po,
    target_markdown,
)
from impressum.translation.handoff.gathering import editable, gathered, returned_memory
from impressum.translation.handoff.handing_in import put_in, taken, write_all
from impressum.translation.handoff.signing import mark, marks_as_bytes, read_marks
from impressum.translation.handoff.unit import LEVELS, Handoff, Returned, ReturnedFile, Unit

if TYPE_CHECKING:
    from polib import POEntry, POFile

    from impressum.translation.shelf import Shelf

TREE = "po"
RECORD = "po.json"
"""In `.base/`: a mark of each translation as both the chapter and the PO file had it last, by the id of its unit."""
SOURCE = "X-Impressum-Source"
"""The field by which a template of ours is known."""


@dataclass
class _Language:
    """The PO files of an edition by their chapter."""

    tag: str
    every: Handoff
    marks: Mapping[str, str]
    files: dict[str, POFile] = field(default_factory=dict)


def bring_into_step(shelf: Shelf, tags: Sequence[str], faults: Faults) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Puts translations from the PO files of the editions `tags` into their chapters, then what the chapters have into
    the PO files. Gives the editions that got something, and the files written or removed, relative to the root.

    Raises Faulty where a translation cannot be put in, or both sides have a new one; nothing is written then.
    """
    found = [_read(shelf, tag, faults) for tag in tags]
    came = [taken(_news(one, shelf, faults), one.every, faults) for one in found]
    faults.stop_if_any()
    changed: list[str] = []
    got: list[str] = []
    for language, new in zip(found, came, strict=True):
        if any(new.targets.values()) or new.kept:
            done = put_in(shelf, language.tag, new, language.every, faults)
            changed += [one.path for one in done]
            got.append(language.tag)
            language.every = _gathered(shelf, language.tag, faults)
    files: dict[Path, bytes | None] = {}
    for language in found:
        files |= _written(shelf, language)
    if found:
        files |= _templates(shelf, found[0].every)
    changed += [shelf.workspace.relative(path) for path in write_all(shelf, files)]
    return tuple(got), tuple(changed)


def _read(shelf: Shelf, tag: str, faults: Faults) -> _Language:
    editable(shelf, tag)
    found = _Language(tag, _gathered(shelf, tag, faults), read_marks(shelf, tag, RECORD))
    for file in _ours(shelf, f"{tag}.po"):
        name = shelf.workspace.relative(file)
        found.files[name.removeprefix(f"{TREE}/").rpartition("/")[0]] = opened_po(read(file), name)
    return found


def _gathered(shelf: Shelf, tag: str, faults: Faults) -> Handoff:
    return gathered(shelf, tag, everything=True, faults=faults, memories=(returned_memory(shelf, tag),))


def _ours(shelf: Shelf, pattern: str) -> list[Path]:
    root = shelf.workspace.root / TREE
    found = sorted(root.rglob(pattern)) if root.is_dir() else []
    return [path for path in found if path.is_file() and shelf.workspace.inside(shelf.workspace.relative(path))]


def _path(shelf: Shelf, chapter: str, name: str) -> Path:
    return shelf.workspace.root.joinpath(TREE, *chapter.split("/"), name)


def _news(language: _Language, shelf: Shelf, faults: Faults) -> list[ReturnedFile]:
    """What the PO files have that the chapters have not. A new translation on both sides is a fault.

    A draft (what is fuzzy, and no former translation) of a passage whose source has changed again is kept as well.
    """
    units = {unit.id: unit for unit in language.every.all()}
    former = {po_entry(unit).msgstr for unit in units.values() if unit.earlier_target}

    def is_new(one: Returned) -> bool:
        if unit := units.get(one.id):
            return _is_new(one, unit, language.marks, faults)
        return language.marks.get(one.id) != mark(one.markdown) and one.markdown not in former

    found: list[ReturnedFile] = []
    for chapter, file in language.files.items():
        path = shelf.workspace.relative(_path(shelf, chapter, f"{language.tag}.po"))
        returned = read_po(file, path)
        news = (one for one in returned.units if not one.is_empty and is_new(one))
        found.append(replace(returned, units=tuple(replace(one, comments=(), done=True) for one in news)))
    return found


def _is_new(one: Returned, unit: Unit, marks: Mapping[str, str], faults: Faults) -> bool:
    if not one.done:
        return False
    last, theirs, ours = marks.get(one.id), mark(one.markdown), target_markdown(unit)
    if not ours or last == mark(ours):
        return ours != one.markdown
    if last != theirs and ours != one.markdown:
        message = f"`{one.id}` was translated anew here and in the chapter, where it is `{ours}`"
        hint = "leave one of the two in both, or mark this one as fuzzy: the chapter's is then taken"
        faults.error(one.place, message, "handin-two-translations", hint)
    return False


def _written(shelf: Shelf, language: _Language) -> dict[Path, bytes | None]:
    """The PO files of an edition as they are to be, and the record of them; None for those of chapters that are gone.

    A file that says what it is to say stays as it is, however its lines are wrapped.
    """
    files: dict[Path, bytes | None] = {}
    marks: dict[str, str] = {}
    for chapter, units in language.every.units.items():
        old = language.files.pop(chapter, None)
        new = _file(po_header(language.every), units, old, language.marks, marks)
        if old is None or _said(old) != _said(new):
            files[_path(shelf, chapter, f"{language.tag}.po")] = str(new).encode()
    for chapter, gone in language.files.items():
        if EDITION in gone.metadata:
            files[_path(shelf, chapter, f"{language.tag}.po")] = None
    return files | {shelf.workspace.base_file(language.tag, RECORD): marks_as_bytes(marks)}


def _file(
    header: Mapping[str, str], units: Sequence[Unit], old: POFile | None, last: Mapping[str, str], marks: dict[str, str]
) -> POFile:
    """The PO file of a chapter, with what `old` has besides: its header, comments, work that is still fuzzy."""
    import polib

    file = polib.POFile()
    file.header, file.metadata = (old.header, {**old.metadata, **header}) if old is not None else ("", {**header})
    before = {entry.msgctxt: entry for entry in old or () if not entry.obsolete}
    for unit in units:
        entry = _entry(unit)
        if entry.msgstr and not entry.fuzzy:
            marks[unit.id] = mark(entry.msgstr)
        if (was := before.get(unit.id)) is not None:
            _keep(entry, was, is_same=last.get(unit.id) == marks.get(unit.id))
        file.append(entry)
    return file


def _keep(entry: POEntry, was: POEntry, *, is_same: bool) -> None:
    """Keeps the remarks of the translator, and what the chapter has nothing, or nothing newer, for."""
    entry.tcomment = was.tcomment
    flags = [flag for flag in was.flags if flag not in (*entry.flags, *LEVELS, "fuzzy")]
    if was.msgstr and (was.fuzzy or not entry.msgstr) and (is_same or entry.fuzzy or not entry.msgstr):
        entry.msgstr, entry.previous_msgid = was.msgstr, was.previous_msgid
        entry.flags = [*(["fuzzy"] if was.fuzzy else []), *(flag for flag in entry.flags if flag != "fuzzy")]
    entry.flags += flags


def _entry(unit: Unit) -> POEntry:
    """A unit without what changes with its neighbours: the number of its line, and what is before and after it."""
    entry = po_entry(replace(unit, before="", after=""))
    entry.occurrences = [(unit.file, "")]
    return entry


def _said(file: POFile) -> object:
    """What a PO file says, without the order of flags and the breaks of its lines."""
    entries = [
        (one.msgctxt, one.msgid, one.msgstr, one.previous_msgid or "", one.occurrences, one.obsolete, {*one.flags})
        for one in file
    ]
    remarks = [(one.comment.split(), one.tcomment.split()) for one in file]
    return file.metadata, entries, remarks


def _templates(shelf: Shelf, every: Handoff) -> dict[Path, bytes | None]:
    """The template of each chapter, from which a program begins a further language."""
    import polib

    files: dict[Path, bytes | None] = {}
    old = {path: opened_po(read(path), shelf.workspace.relative(path)) for path in _ours(shelf, "*.pot")}
    for chapter, units in every.units.items():
        file = polib.POFile()
        file.metadata = {**po_header(replace(every, edition="")), SOURCE: every.source}
        del file.metadata[EDITION]
        for unit in units:
            entry = _entry(replace(unit, target=(), earlier_source="", earlier_target=""))
            entry.msgstr = ""
            file.append(entry)
        path = _path(shelf, chapter, f"{chapter.rpartition('/')[2]}.pot")
        before = old.pop(path, None)
        if before is None or _said(before) != _said(file):
            files[path] = str(file).encode()
    return files | {path: None for path, gone in old.items() if SOURCE in gone.metadata}
