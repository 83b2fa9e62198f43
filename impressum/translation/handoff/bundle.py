"""The zip of a hand-off: the units in several formats, and files that help to translate them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.stages.load.texts import decode, read_shared
from impressum.system.files import put, read
from impressum.translation.handoff import letter
from impressum.translation.handoff.exchange import write_po, write_xliff
from impressum.translation.handoff.gathering import editable, gathered, remembered, returned_memory
from impressum.translation.handoff.glossary import GlossaryEntry, read_glossaries
from impressum.translation.handoff.glossary_check import glossary_files
from impressum.translation.handoff.memory import Memory, read_tmx, write_tmx
from impressum.translation.handoff.omegat import omegat_project
from impressum.translation.handoff.safe_files import bytes_of, zipped
from impressum.translation.handoff.signing import name_of
from impressum.translation.handoff.unit import Handoff
from impressum.translation.handoff.word import write_docx
from impressum.translation.handoff.xliff2 import write_xliff_2
from impressum.translation.shelf import TEXTS
from impressum.translation.status import status
from impressum.translation.tasks import read_tasks

if TYPE_CHECKING:
    from impressum.translation.shelf import Shelf


FORMATS = ("docx", "xliff", "po", "xliff2", "omegat")
USUAL = FORMATS[:3]


def hand_off(
    shelf: Shelf,
    tag: str,
    *,
    everything: bool,
    faults: Faults,
    memories: Sequence[Path] = (),
    formats: Sequence[str] = USUAL,
    names: Sequence[str] = (),
) -> tuple[Handoff, bytes]:
    """The hand-off for the translator of the edition `tag`, and its zip. Raises Faulty if there is nothing to do.

    `memories` are TMX files: what they have of a unit, or of one like it, comes with it. `formats` are some of FORMATS,
    `names` the files of the edition that are handed off (none: all).
    """
    editable(shelf, tag)
    known = tuple(Memory(read_tmx(bytes_of(path), path.as_posix(), shelf.source, tag)) for path in memories)
    known = (returned_memory(shelf, tag), *known)
    handoff = gathered(shelf, tag, everything=everything, faults=faults, memories=known)
    faults.stop_if_any()
    if names:
        chosen = {slug: units for slug, units in handoff.units.items() if name_of(slug) in names}
        handoff = replace(handoff, units=chosen)
    if not handoff.units:
        message, hint = "every passage is translated, and none has changed since", "`--all` hands off all of it"
        if any(one.state == "changed" or one.elsewhere for one in status(shelf, (tag,))):
            message = "what has changed in the source needs no translator"
            hint = f"put it into the edition: `python build.py translated --apply --edition {tag}`"
        raise Faulty([*faults.all(), Fault(Place(f"chapters/{tag}"), message, "handoff-nothing", hint)])
    tasks = read_tasks(shelf, Faults())
    days = [task.due for slug in handoff.units if (task := tasks.of(tag, name_of(slug))).due]
    handoff = replace(handoff, due=f"{min(days)}" if days else "")
    others = _others(shelf, tag)
    names = letter.language_names(shelf.source, tag)
    if memory := tuple(remembered(shelf, tag, faults)):
        others = {"memory.tmx": write_tmx(memory, shelf.source, tag), **others}
    stem = f"{handoff.slug}-{tag}"
    files = {"README.txt": letter.readme(handoff, stem, names, others, formats).encode()}
    for kind in dict.fromkeys(formats):
        match kind:
            case "docx":
                files[f"{stem}.docx"] = write_docx(handoff, letter.heading(handoff), letter.IN_WORD, names)
            case "xliff":
                files[f"{stem}.xlf"] = write_xliff(handoff)
            case "po":
                files[f"{stem}.po"] = write_po(handoff)
            case "xliff2":
                files[f"{stem}-xliff2.xlf"] = write_xliff_2(handoff)
            case _:
                project = omegat_project(handoff, stem, memory, _glossary(shelf))
                files |= {f"{stem}-omegat/{name}": content for name, content in project.items()}
    return handoff, zipped({**files, **others})


def _glossary(shelf: Shelf) -> tuple[GlossaryEntry, ...]:
    """The entries of the glossaries; `check` reports what is wrong in them."""
    shared = shelf.file.bound.glossary if shelf.file.bound else None
    found = glossary_files(shelf.workspace, shared, Faults())
    decoded = ((path, decode(raw, path, Faults())) for path, raw in found)
    return read_glossaries(decoded, (shelf.source, *shelf.editions), Faults())


def memory_of(shelf: Shelf, tag: str, faults: Faults) -> bytes:
    """The translation memory of the edition `tag` alone. Raises Faulty if it is empty."""
    editable(shelf, tag)
    memory = tuple(remembered(shelf, tag, faults))
    faults.stop_if_any()
    if not memory:
        message, hint = "the edition has no translation yet", "a translation memory is made of what is translated"
        raise Faulty([Fault(Place(f"chapters/{tag}"), message, "handoff-nothing", hint)])
    return write_tmx(memory, shelf.source, tag)


def _others(shelf: Shelf, tag: str) -> dict[str, bytes]:
    """The other files of the zip: the source as PDF and as text, the glossary, and the existing translation."""
    workspace = shelf.workspace
    found: dict[str, bytes] = {}
    pdf = workspace.dist / f"{shelf.file.slug}-{shelf.source}.pdf"
    for name, path in (("source.pdf", pdf), ("glossary.csv", workspace.glossary)):
        if path.is_file():
            found[name] = read(path)
    if shelf.file.bound and shelf.file.bound.glossary:
        raw = read_shared(workspace, shelf.file.bound.glossary, Faults())
        found |= {"glossary-shared.csv": raw} if raw else {}
    for folder, edition in (("source", shelf.source), ("translation", tag)):
        for name in (*shelf.chapters(edition), TEXTS):
            path = shelf.chapter(edition, name)
            if path.is_file() and workspace.inside(workspace.relative(path)):
                found[f"{folder}/{name}"] = read(path)
    return found


def write_new(path: Path, content: bytes) -> None:
    """Writes a new file; raises Faulty rather than overwrite another one, which may be a returned translation."""
    if path.exists():
        if path.is_file() and read(path) == content:
            return
        message = f"there is another `{path.name}` already, perhaps one that came back"
        hint = "move it away, or name another file with `--to`"
        raise Faulty([Fault(Place(path.as_posix()), message, "handoff-exists", hint)])
    try:
        put(path, content)
    except OSError as exc:
        message = f"the file cannot be written: {exc.strerror or exc}"
        hint = "name a file in a folder that you may write to with `--to`"
        raise Faulty([Fault(Place(path.as_posix()), message, "file-not-writable", hint)]) from exc
