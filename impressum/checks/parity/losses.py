"""Blocks and notes that a translation lacks, adds, leaves empty or replaces by others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from textwrap import shorten

from impressum.checks.parity.findings import BLOCKS, FIGURES, NOTES, TABLES, Findings
from impressum.checks.parity.outline import LENGTH, Unit
from impressum.checks.parity.pairing import LostNote, LostUnit, NoteIn, Region, shape
from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.stages.convert.inherited_ids import picture

REMARKS = re.compile(r'(?<!\S)(?:#|//|--|%|;).*|/\*.*?\*/|<!--.*?-->|"[^"\n]*"|\'[^\'\n]*\'', re.MULTILINE)
"""What is translated in code: remarks and strings."""
CODE = re.compile(r"\w+|[^\w\s]")
RULES = {"figure": FIGURES, "group of figures": FIGURES, "table": TABLES}


def report_lost(region: Region, findings: Findings) -> None:
    """Reports the lost blocks of a region, but for those whose loss is declared or off."""
    for one in region.lost:
        (region.reported if _report_lost(one, findings) else region.meant).append(one)
    region.lost = []


def report_others(region: Region, findings: Findings) -> None:
    """Reports new and empty blocks, tables of another shape, lost captions, and blocks replaced by others."""
    for unit in region.extra:
        named = unit.kind, unit.text
        twice = next((two for _, two in region.pairs if unit.text and (two.kind, two.text) == named), None)
        where, hint = "is not in the source", "take it out, or part the text as the source does"
        if twice:
            where, hint = f"stands here twice ({twice.place})", "take one of them out"
        rule = RULES.get(unit.kind, BLOCKS)
        findings.warning(unit.place, f"{called(unit)} {where}", rule, hint, about=about(unit))
    for source, other in region.tables:
        (rows, columns), (its_rows, its_columns) = shape(source), shape(other)
        own = f"{its_rows} row{'s' * (its_rows != 1)} and {its_columns} column{'s' * (its_columns != 1)}"
        message = f"the table has {own}, and that of the source ({source.place}) {rows} and {columns}"
        hint = "give it the rows and columns of the source"
        findings.error(other.place, message, TABLES, hint, about=about(source, other))
    for source, other, near in region.emptied:
        message = f"{_one(other.kind)} is empty, and in the source ({source.place}) it holds `{source.beginning}`"
        hint = "fill it, or write a dash where nothing is to be said"
        findings.error(near, message, TABLES if other.kind == "cell" else BLOCKS, hint, about=about(source))
    for source, other, line in region.bare:
        words = shorten(d.plain(line.content), LENGTH, placeholder=" …")
        message = f"the {line.name} of the {other.kind} is missing; in the source ({source.place}) it is `{words}`"
        names = (*about(source, other), line.name)
        rule = RULES.get(source.kind, BLOCKS)
        findings.error(other.place, message, rule, "write it as the source does", about=names)
    for source, other in region.pairs:
        _report_kind(source, other, findings)


def about(*units: Unit) -> tuple[str, ...]:
    """The names by which a declared difference may refer to `units`: ids, figures, first words."""
    return tuple(name for unit in units for name in (*unit.ids, _figure(unit), unit.text or unit.beginning))


def called(unit: Unit) -> str:
    """A unit as messages name it: the figure `trade`, the paragraph `In 2012 it …`."""
    name = _figure(unit) or (unit.ids[0] if unit.ids else "") or unit.beginning
    return f"the {unit.kind} `{name}`" if name else _one(unit.kind)


def _one(kind: str) -> str:
    return f"an {kind}" if kind == "item" else f"a {kind}"


def _report_lost(lost: LostUnit, findings: Findings) -> bool:
    unit = lost.unit
    rule = RULES.get(unit.kind, BLOCKS)
    hint = "put it where the source has it" + (", with its id" if unit.kind in RULES else "")
    if unit.kind == "paragraph":
        hint = "translate it; where it was joined to the one beside it, part the two again"
    where = f"is missing {'before' if lost.before else 'behind'} this"
    if lost.joined:
        hint, where = "part the two again, or name it in `differences:` in edition.yaml", "seems to be joined to this"
    message = f"{called(unit)} of the source ({unit.place}) {where}"
    reported = findings.add("warning" if lost.joined else "error", lost.near, message, rule, hint, about(unit))
    return reported and not findings.is_off(rule)


def _report_kind(source: Unit, other: Unit, findings: Findings) -> None:
    """Reports another figure, or a box of another kind, in place of the source's."""
    one, two = source.node, other.node
    if isinstance(one, d.Figure) and isinstance(two, d.Figure) and picture(one) != picture(two):
        if not (one.id and one.id == two.id) or one.figure or two.figure:
            _report_other(other.place, f"the figure is {_shown(other)}", _shown(source), source, FIGURES, findings)
    elif isinstance(one, d.Box) and isinstance(two, d.Box) and one.kind != two.kind:
        _report_other(other.place, f"the box is of the kind `{two.kind}`", f"`{one.kind}`", source, BLOCKS, findings)
    elif isinstance(one, d.CodeBlock) and isinstance(two, d.CodeBlock) and one.language:  # without one, it may be prose
        theirs, ours = (CODE.findall(REMARKS.sub("", block.text)) for block in (one, two))
        if theirs != ours:
            changed = next((b for a, b in zip_longest(theirs, ours) if a != b), None) or "its end"
            message = f"the code is not that of the source ({source.place}), from `{changed}` on"
            hint = "take it over as it is; only remarks and strings are translated"
            findings.warning(other.place, message, BLOCKS, hint, about=about(source, other))


def _report_other(place: Place, here: str, there: str, source: Unit, rule: str, findings: Findings) -> None:
    message = f"{here}, and in the source ({source.place}) {there}"
    findings.error(place, message, rule, "take that of the source", about=about(source))


def _shown(unit: Unit) -> str:
    return f"`{_figure(unit) or unit.beginning}`"


def _figure(unit: Unit) -> str:
    return (unit.node.figure or "") if isinstance(unit.node, d.Figure) else ""


def found_elsewhere(lost: Sequence[LostUnit], extra: Sequence[Unit]) -> list[tuple[LostUnit, Unit]]:
    """Figures and tables that are only in another place, paired by name or id."""
    pairs: list[tuple[LostUnit, Unit]] = []
    for one in lost:
        if one.unit.kind in RULES:
            names = set(_names(one.unit))
            free = (two for two in extra if two.kind == one.unit.kind and all(two is not done for _, done in pairs))
            found = next((two for two in free if names & set(_names(two))), None)
            pairs += [(one, found)] if found else []
    return pairs


def _names(unit: Unit) -> tuple[str, ...]:
    return (*unit.ids, picture(unit.node)) if isinstance(unit.node, d.Figure) else unit.ids


def settle_notes(regions: Sequence[Region]) -> None:
    """Pairs the unpaired notes, first within each region, then by name in the whole chapter.

    The notes of units whose loss is meant count as lost, too.
    """
    for region in regions:
        reported = [one.unit for one in region.reported] + region.covered
        for one in region.meant:
            region.lost_notes += [LostNote(note, context, one.near) for note, context in _notes([one.unit])]
        region.settle_notes(_notes(reported), _notes(region.extra))
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
    """The notes of `units` and everything in them, each with its context."""
    return [(note, one.context) for unit in units for one in unit.walk() for note in one.notes]


def report_notes(region: Region, regions: Sequence[Region], findings: Findings) -> None:
    """Reports the notes of a region, one of `regions`, without a counterpart, and named ones that stand elsewhere."""
    placed = {note.name for one in regions for unit, _ in one.pairs for note in unit.notes}
    for source, other in region.pairs:
        ones, twos = (list(dict.fromkeys(note.name for note in unit.notes if note.name)) for unit in (source, other))
        both = zip((name for name in twos if name in ones), (name for name in ones if name in twos), strict=True)
        if moved := next((name for name, own in both if name != own), None):
            _report_moved(moved, other, "before another one", source, findings)
        here = {name for name in twos if name not in ones}
        for name in sorted(here & placed):
            _report_moved(name, other, "in this paragraph", source, findings)
    for lost in region.lost_notes:
        message = f"{_called_note(lost.note)} of the source ({lost.note.place}) is missing"
        hint = f"write {_mark(lost.note)} where it belongs, and translate the note"
        findings.error(lost.near, message, NOTES, hint, about=_about_note(lost.note))
    for note, _ in region.extra_notes:
        hint = "take it out; a note of the translator is named in `differences:` in edition.yaml"
        findings.warning(note.place, f"{_called_note(note)} is not in the source", NOTES, hint, about=_about_note(note))


def _report_moved(name: str, other: Unit, where: str, source: Unit, findings: Findings) -> None:
    note = next(note for note in other.notes if note.name == name)
    message = f"the note `[^{name}]` stands {where}, and does not in the source ({source.place})"
    hint = "put it where its words are; where the sentence is turned round, name it in `differences:` in edition.yaml"
    findings.warning(note.place, message, NOTES, hint, about=_about_note(note))


def _called_note(note: d.Note) -> str:
    """A note as messages name it: by its name and first words."""
    words = shorten(d.plain(note.content), LENGTH, placeholder=" …")
    return f"the note `[^{note.name}]` (`{words}`)" if note.name else f"the note `{words}`"


def _mark(note: d.Note) -> str:
    return f"`[^{note.name}]`" if note.name else "`^[…]`"


def _about_note(note: d.Note) -> tuple[str, ...]:
    return (note.name, d.plain(note.content))
