"""Blocks and notes of a chapter paired with those of its source; one that is missing does not shift the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from operator import eq
from typing import Generic, TypeVar

from impressum.checks.parity.outline import Context, TextLine, Unit, note_units
from impressum.core.aligning import aligned
from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.core.model.document import Box, Heading

T = TypeVar("T")
Pair = tuple[T | None, T | None]
"""Something of the source and its counterpart in the translation; either may be None."""
OF_ANOTHER_VARIETY = 0.4
"""Factor for the likeness of two units of one kind but another variety (level, kind of box, language)."""
BOTH_EMPTY = 0.5


@dataclass
class Unmatched(Generic[T]):
    """The marks or numbers of a pair of units that have no counterpart."""

    source: Unit
    other: Unit
    lost: list[tuple[T, Place]] = field(default_factory=list)
    """Those of the source, each with the place after which it belongs."""
    extra: list[T] = field(default_factory=list)


def take(wanted: T, pools: Sequence[list[T]], same: Callable[[T, T], bool] = eq) -> bool:
    """Takes the first that is the `same` as `wanted` out of `pools`; whether there was one."""
    for pool in pools:
        if (at := next((at for at, one in enumerate(pool) if same(wanted, one)), None)) is not None:
            del pool[at]
            return True
    return False


def following(pairs: Sequence[Pair[T]]) -> list[T | None]:
    """For each pair, what comes next in the translation; None after the last."""
    found: list[T | None] = []
    below: T | None = None
    for _, other in reversed(pairs):
        found.append(below)
        below = other or below
    return found[::-1]


def units_alike(source: Unit, other: Unit) -> float:
    """The likeness of a unit of the source and one of the translation; 0 for two kinds."""
    if source.kind != other.kind:
        return 0.0
    likeness = 1 + _evidence(source, other)
    return likeness if _variety(source) == _variety(other) else likeness * OF_ANOTHER_VARIETY


def _variety(unit: Unit) -> tuple[str | int, bool]:
    """The variety of a unit within its kind: the level of a heading, the kind of a box, another language."""
    node = unit.node
    variety = node.level if isinstance(node, Heading) else node.kind if isinstance(node, Box) else ""
    return variety, unit.context.foreign


def _evidence(source: Unit, other: Unit) -> float:
    """The evidence that two units are the same: marks, numbers and words in common, length."""
    longer = max(source.length, other.length)
    length = min(source.length, other.length) / longer if longer else 1.0
    return (
        1.2 * _shared(source.evidence, other.evidence)
        + 0.6 * _shared(source.numerals, other.numerals)
        + 0.4 * _shared(source.words, other.words)
        + 0.2 * length
    )


def _shared(one: frozenset[T], two: frozenset[T]) -> float:
    """The Jaccard index of two sets; `BOTH_EMPTY` if both are empty, which is evidence, too."""
    return len(one & two) / len(one | two) if one or two else BOTH_EMPTY


def _is_joined(lost: Unit, source: Unit, other: Unit) -> bool:
    """Whether `other` seems to hold `lost` besides its own `source`: as long as both, with all marks of `lost`."""
    if lost.kind not in ("paragraph", "item") or not lost.kind == source.kind == other.kind or not lost.length:
        return False
    whole = 1 - HELD_APART * lost.length / (lost.length + source.length)
    return lost.evidence <= other.evidence and other.length > whole * (lost.length + source.length)


def _joined(pairs: Sequence[Pair[Unit]], at: int) -> Unit | None:
    """The unit to which the lost one of the pair `at` seems to be joined: the nearest, for an item any of its list."""
    lost = pairs[at][0]
    for there in sorted(range(len(pairs)), key=lambda there: abs(there - at)):
        source, other = pairs[there]
        if (
            lost
            and source
            and other
            and (lost.kind == "item" or abs(there - at) == 1)
            and _is_joined(lost, source, other)
        ):
            return other
    return None


def _rejoined(pairs: list[Pair[Unit]]) -> list[Pair[Unit]]:
    """`pairs`, where two items of a list seem to be one in the translation: those two of which the lengths say so."""
    ones, twos = [one for one, _ in pairs if one], [two for _, two in pairs if two]
    if not len(ones) == len(pairs) == len(twos) + 1 or {one.kind for one in ones} != {"item"}:
        return pairs

    def apart(k: int) -> int:
        lengths = [one.length for one in ones]
        lengths[k : k + 2] = [lengths[k] + lengths[k + 1]]
        return sum(abs(a - two.length) for a, two in zip(lengths, twos, strict=True))

    k = min(range(len(twos)), key=apart)
    if not _is_joined(ones[k + 1], ones[k], twos[k]):
        return pairs
    return list(zip(ones, [*twos[: k + 1], None, *twos[k + 1 :]], strict=True))


HELD_APART = 0.5
"""The share of a block that a translation may be shorter, and still seem to hold it."""
NAMED = 3.0
"""The likeness of two notes of one name."""
ELSEWHERE = 1.3
"""The least likeness at which a note in another paragraph counts as the same."""


NoteIn = tuple[d.Note, Context]
"""A note, and the context of its mark."""


@dataclass(frozen=True)
class LostUnit:
    """A unit that the translation lacks; it belongs before or after `near`."""

    unit: Unit
    near: Place
    before: bool
    joined: bool = False
    """It seems to be joined to the unit that is at `near`, which a translator may do."""


@dataclass(frozen=True)
class LostNote:
    """A note that the translation lacks; it belongs at or after `near`."""

    note: d.Note
    context: Context
    near: Place


@dataclass
class Region:
    """Corresponding sections of the source and the translation, paired unit by unit."""

    pairs: list[tuple[Unit, Unit]] = field(default_factory=list)
    lost: list[LostUnit] = field(default_factory=list)
    """Units that the translation lacks, until they are reported or meant."""
    reported: list[LostUnit] = field(default_factory=list)
    meant: list[LostUnit] = field(default_factory=list)
    """Those whose loss is declared, or of no interest: what they hold is compared by itself."""
    extra: list[Unit] = field(default_factory=list)
    lost_notes: list[LostNote] = field(default_factory=list)
    extra_notes: list[NoteIn] = field(default_factory=list)
    tables: list[tuple[Unit, Unit]] = field(default_factory=list)
    """Those with another number of rows or columns."""
    emptied: list[tuple[Unit, Unit, Place]] = field(default_factory=list)
    """Cells and items that are empty in the translation, with the place after which they are."""
    bare: list[tuple[Unit, Unit, TextLine]] = field(default_factory=list)
    """Blocks that lack the caption, source or title that they have in the source."""
    covered: list[Unit] = field(default_factory=list)
    """Units of the source that are lost together with one that is reported."""

    def match(self, source: Sequence[Unit], other: Sequence[Unit], near: Place) -> None:
        """Pairs the units of the source with those of the translation, which begin after `near`."""
        pairs = _rejoined(aligned(source, other, units_alike))
        for at, ((one, two), below) in enumerate(zip(pairs, following(pairs), strict=True)):
            before, near = near, two.place if two and two.length else near
            if one and two:
                self.pair(one, two, before)
            elif one:
                joined = _joined(pairs, at)
                place = joined.place if joined else below.place if below else near
                self.lost.append(LostUnit(one, place, below is not None, joined is not None))
            elif two:
                self.extra.append(two)

    def pair(self, source: Unit, other: Unit, near: Place | None = None) -> None:
        """Pairs `source` and `other`, which follows `near`, and everything in them."""
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
        """Pairs the units of two notes."""
        self.match(note_units(*source), note_units(*other), other[0].place)

    def settle_notes(self, reported: Sequence[NoteIn], spare: Sequence[NoteIn]) -> None:
        """Pairs unpaired notes with those in other paragraphs: of blocks reported lost, or only in the translation."""
        free = [*self.extra_notes, *spare]
        left: list[LostNote] = []
        for lost in self.lost_notes:
            if found := _most_alike(lost.note, free):
                free.remove(found)
                self.pair_notes((lost.note, lost.context), found)
            else:
                left.append(lost)
        for note, _ in reported:
            if found := _most_alike(note, free):
                free.remove(found)
        self.lost_notes = left
        self.extra_notes = [one for one in free if one not in spare]

    def _without_bare(self, source: Unit, other: Unit) -> Unit:
        """`source` without the lines that `other` lacks."""
        there = {line.name for line in other.lines if line.is_written}
        gone = [line for line in source.lines if line.name and line.is_written and line.name not in there]
        if not gone:
            return source
        self.bare += [(source, other, line) for line in gone]
        self.covered += [Unit("", None, source.place, source.context, (line,)) for line in gone]
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
        rows: list[Pair[Unit]] = list(zip(source.parts, other.parts, strict=False))
        if shape(source) != shape(other):
            self.tables.append((source, other))
            rows = aligned(source.parts, other.parts, units_alike)
        for row, partner in rows:
            if row and partner and len(row.parts) == len(partner.parts):
                near = partner.place
                for cell, its in zip(row.parts, partner.parts, strict=True):
                    self.pair(cell, its, near)
                    near = its.place if its.parts else near
            elif row:
                self.covered.append(row)


def shape(table: Unit) -> tuple[int, int]:
    """The numbers of rows and columns of a table."""
    assert isinstance(table.node, d.Table)
    return len(table.node.head) + len(table.node.body), len(table.node.aligns)


def _notes_alike(source: d.Note, other: d.Note) -> float:
    """The likeness of two notes; 0 if only one is numbered automatically."""
    if source.mark != other.mark:
        return 0.0
    if source.name and source.name == other.name:
        return NAMED
    nowhere = Context("")
    one, two = (Unit("note", None, note.place, nowhere, parts=note_units(note, nowhere)) for note in (source, other))
    return units_alike(one, two) / (2 if source.name and other.name else 1)


def _most_alike(note: d.Note, others: Sequence[NoteIn]) -> NoteIn | None:
    """The one of `others` most like `note`, if it may be the same."""
    best = max(others, key=lambda other: _notes_alike(note, other[0]), default=None)
    return best if best and _notes_alike(note, best[0]) >= ELSEWHERE else None
