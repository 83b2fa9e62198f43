"""Blocks and notes of a translation, each with the one of the source for which it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from impressum.checks.parity.alignment import Pair, following, units_alike
from impressum.checks.parity.outline import Context, Line, Unit, note_units
from impressum.core.aligning import aligned
from impressum.core.errors import Place
from impressum.core.model import document as d

NAMED = 3.0
"""The likeness of two notes of one name."""
ELSEWHERE = 1.3
"""The likeness from which a note that stands in another paragraph is taken for the same."""


NoteIn = tuple[d.Note, Context]
"""A note, and where its mark stands."""


@dataclass(frozen=True)
class LostUnit:
    """A unit of the source that the translation has not; it should stand before `near`, or behind it."""

    unit: Unit
    near: Place
    before: bool


@dataclass(frozen=True)
class LostNote:
    """A note of the source that the translation has not; it should stand at or behind `near`."""

    note: d.Note
    context: Context
    near: Place


@dataclass
class Region:
    """Sections of the source and of the translation that stand for each other, unit by unit."""

    pairs: list[tuple[Unit, Unit]] = field(default_factory=list)
    lost: list[LostUnit] = field(default_factory=list)
    extra: list[Unit] = field(default_factory=list)
    lost_notes: list[LostNote] = field(default_factory=list)
    extra_notes: list[NoteIn] = field(default_factory=list)
    tables: list[tuple[Unit, Unit]] = field(default_factory=list)
    """Those with another number of rows or columns."""
    emptied: list[tuple[Unit, Unit, Place]] = field(default_factory=list)
    """Cells and items that hold nothing any more, with the place behind which they stand."""
    bare: list[tuple[Unit, Unit, Line]] = field(default_factory=list)
    """Blocks without the caption, source or title that they have in the source."""
    covered: list[Unit] = field(default_factory=list)
    """Units of the source that are lost with something that is told itself."""

    def match(self, source: Sequence[Unit], other: Sequence[Unit], near: Place) -> None:
        """Pairs the units of the source with those of the translation, which begin behind `near`."""
        pairs = aligned(source, other, units_alike)
        for (one, two), below in zip(pairs, following(pairs), strict=True):
            before, near = near, two.place if two and two.length else near
            if one and two:
                self.pair(one, two, before)
            elif one:
                self.lost.append(LostUnit(one, below.place if below else near, below is not None))
            elif two:
                self.extra.append(two)

    def pair(self, source: Unit, other: Unit, near: Place | None = None) -> None:
        """Takes `other`, which stands behind `near`, for the translation of `source`, with all that they hold."""
        source = self._without_bare(source, other)
        self.pairs.append((source, other))
        self._notes(source, other)
        if source.kind == "table":
            self._table(source, other)
        elif source.kind in ("cell", "item") and source.parts and not other.parts:
            self.emptied.append((source, other, near or other.place))
            self.covered += source.parts
        else:
            self.match(source.parts, other.parts, other.place)

    def pair_notes(self, source: NoteIn, other: NoteIn) -> None:
        """Takes the note `other` for the translation of `source`."""
        self.match(note_units(*source), note_units(*other), other[0].place)

    def settle_notes(self, told: Sequence[NoteIn], spare: Sequence[NoteIn]) -> None:
        """Pairs notes that are left with those that are left in other paragraphs of the region.

        `told` are the notes of blocks whose loss is told, `spare` those of blocks that only the translation has.
        """
        free = [*self.extra_notes, *spare]
        left: list[LostNote] = []
        for lost in self.lost_notes:
            found = _most_alike(lost.note, free)
            if found:
                free.remove(found)
                self.pair_notes((lost.note, lost.context), found)
            else:
                left.append(lost)
        for note, _ in told:
            found = _most_alike(note, free)
            if found:
                free.remove(found)
        self.lost_notes = left
        self.extra_notes = [one for one in free if one not in spare]

    def _without_bare(self, source: Unit, other: Unit) -> Unit:
        """`source` without the lines that are empty in `other`."""
        there = {line.name for line in other.lines if line.is_written}
        gone = [line for line in source.lines if line.name and line.is_written and line.name not in there]
        if not gone:
            return source
        self.bare += [(source, other, line) for line in gone]
        self.covered += [Unit("line", None, source.place, source.context, (line,)) for line in gone]
        return replace(source, lines=tuple(line for line in source.lines if line not in gone))

    def _notes(self, source: Unit, other: Unit) -> None:
        lines = {id(note): line.name for line in source.lines for note in line.notes}
        near, name = other.place, ""
        for one, two in aligned(source.notes, other.notes, _notes_alike):
            if one and lines[id(one)] != name:
                name = lines[id(one)]
                near = other.begin(name)
            near = two.place if two else near
            if one and two:
                self.pair_notes((one, source.context), (two, other.context))
            elif one:
                self.lost_notes.append(LostNote(one, source.context, near))
            elif two:
                self.extra_notes.append((two, other.context))

    def _table(self, source: Unit, other: Unit) -> None:
        one, two = shape(source), shape(other)
        rows: list[Pair[Unit]] = list(zip(source.parts, other.parts, strict=False))
        if one != two:
            self.tables.append((source, other))
            rows = aligned(source.parts, other.parts, units_alike) if one[1] == two[1] else []
            self.covered += source.parts if one[1] != two[1] else ()
        for row, partner in rows:
            if row and partner and len(row.parts) == len(partner.parts):
                near = next((cell.place for cell in partner.parts if cell.parts), other.place)
                for cell, its in zip(row.parts, partner.parts, strict=True):
                    self.pair(cell, its, near)
                    near = its.place if its.parts else near
            elif row:
                self.covered.append(row)


def shape(table: Unit) -> tuple[int, int]:
    """The number of rows and of columns of a table."""
    assert isinstance(table.node, d.Table)
    return len(table.node.head) + len(table.node.body), len(table.node.aligns)


def _notes_alike(source: d.Note, other: d.Note) -> float:
    """How much two notes are alike; 0 where one counts and the other has a mark of its own."""
    if source.mark != other.mark:
        return 0.0
    if source.name and source.name == other.name:
        return NAMED
    nowhere = Context("")
    one, two = (Unit("note", None, note.place, nowhere, parts=note_units(note, nowhere)) for note in (source, other))
    likeness = units_alike(one, two)
    return likeness / 2 if source.name and other.name else likeness


def _most_alike(note: d.Note, others: Sequence[NoteIn]) -> NoteIn | None:
    """That of `others` that is the most like `note`, if it may be the same one."""
    best = max(others, key=lambda other: _notes_alike(note, other[0]), default=None)
    return best if best and _notes_alike(note, best[0]) >= ELSEWHERE else None
