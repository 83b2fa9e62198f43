"""The notes of a chapter that are lost, and those that only the translation has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import shorten

from impressum.checks.parity.findings import Findings
from impressum.checks.parity.outline import LENGTH, Unit
from impressum.checks.parity.pairing import LostNote, LostUnit, NoteIn, Region
from impressum.checks.parity.rule_ids import NOTES
from impressum.core.model import document as d


def settle_notes(regions: Sequence[Region], declared: Sequence[Sequence[LostUnit]]) -> None:
    """Pairs the notes that are left, first within each region, then by their names in the whole chapter.

    `declared` are the lost units by region that no one is told of: their notes are lost notes, too.
    """
    for region, lost in zip(regions, declared, strict=True):
        silent = {id(one.unit) for one in lost}
        told = [one.unit for one in region.lost if id(one.unit) not in silent] + region.covered
        for one in lost:
            region.lost_notes += [LostNote(note, context, one.near) for note, context in _notes([one.unit])]
        region.settle_notes(_notes(told), _notes(region.extra))
    for region in regions:
        for lost_note in list(region.lost_notes):
            _find_by_name(lost_note, region, regions)


def _find_by_name(lost: LostNote, region: Region, regions: Sequence[Region]) -> None:
    for other in regions if lost.note.name else ():
        same = next((one for one in other.extra_notes if one[0].name == lost.note.name), None)
        if same:
            other.extra_notes.remove(same)
            region.lost_notes.remove(lost)
            region.pair_notes((lost.note, lost.context), same)
            return


def _notes(units: Iterable[Unit]) -> list[NoteIn]:
    """The notes of `units` and of all that they hold, each with where it stands."""
    return [(note, one.context) for unit in units for one in unit.walk() for note in one.notes]


def report_notes(region: Region, findings: Findings) -> None:
    """Notes what is left."""
    for lost in region.lost_notes:
        findings.error(
            lost.near,
            f"{called(lost.note)} of the source ({lost.note.place}) is missing",
            NOTES,
            f"write {_mark(lost.note)} where it belongs, and translate the note",
            about=_about(lost.note),
        )
    for note, _ in region.extra_notes:
        findings.warning(
            note.place,
            f"{called(note)} is not in the source",
            NOTES,
            "take it out; a note of the translator is named in `differences:` in edition.yaml",
            about=_about(note),
        )


def called(note: d.Note) -> str:
    """A note as a message names it: by its name, and its first words."""
    words = shorten(d.plain(note.content), LENGTH, placeholder=" …")
    return f"the note `[^{note.name}]` (`{words}`)" if note.name else f"the note `{words}`"


def _mark(note: d.Note) -> str:
    return f"`[^{note.name}]`" if note.name else "`^[…]`"


def _about(note: d.Note) -> tuple[str, ...]:
    return (note.name, d.plain(note.content))
