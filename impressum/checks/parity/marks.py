"""Citations, links, references, ids and images that the translation has not, or has otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from impressum.checks.parity.findings import Findings
from impressum.checks.parity.lines import Mark
from impressum.checks.parity.mark_reports import report_changed, report_lost, report_new
from impressum.checks.parity.outline import Unit, note_units
from impressum.checks.parity.pairing import LostUnit, Region
from impressum.core.errors import Place

ANYWHERE = ("id", "image")
"""What there is but once in a chapter: it may stand in another section."""
IN_REGION = ("citation", "link", "reference", "formula")


@dataclass
class Left:
    """The marks of two units that stand for each other, as far as they have no partner."""

    source: Unit
    other: Unit
    lost: list[tuple[Mark, Place]] = field(default_factory=list)
    """Those of the source, each with the place behind which it should stand."""
    extra: list[Mark] = field(default_factory=list)


@dataclass(frozen=True)
class Beside:
    """The marks of what only one of the chapters has."""

    told: tuple[Mark, ...] = ()
    """Of blocks and notes of the source whose loss is told: theirs need not be."""
    declared: tuple[tuple[Mark, Place, Unit], ...] = ()
    """Of blocks of the source whose loss is meant, with the place where each should stand."""
    new: tuple[Mark, ...] = ()
    """Of blocks and notes that only the translation has."""


def beside(regions: Sequence[Region], declared: Sequence[LostUnit]) -> Beside:
    """The marks beside the pairs of `regions`; `declared` are the lost units that no one is told of."""
    silent = {id(one.unit) for one in declared}
    units = [one.unit for region in regions for one in region.lost if id(one.unit) not in silent]
    units += [unit for region in regions for unit in region.covered]
    units += [unit for region in regions for one in region.lost_notes for unit in note_units(one.note, one.context)]
    new = [unit for region in regions for unit in region.extra]
    new += [unit for region in regions for one in region.extra_notes for unit in note_units(*one)]
    return Beside(
        tuple(all_marks(units)),
        tuple((mark, one.near, one.unit) for one in declared for mark in all_marks([one.unit])),
        tuple(all_marks(new)),
    )


def all_marks(units: Iterable[Unit]) -> Iterator[Mark]:
    """The marks of `units`, with those of all that they hold and of their notes."""
    for unit in units:
        for one in unit.walk():
            yield from one.marks
            for note in one.notes:
                yield from all_marks(note_units(note, one.context))


def report_marks(
    regions: Sequence[Region], declared: Sequence[Sequence[LostUnit]], known: frozenset[str], findings: Findings
) -> None:
    """Notes the marks that differ; `declared` are the lost units by region that no one is told of.

    `known` are the ids that a heading of the source has without that they are written there.
    """
    for region, lost in zip(regions, declared, strict=True):
        _compare(IN_REGION, [region], beside([region], lost), findings)
    every = beside(regions, [one for lost in declared for one in lost])
    automatic = tuple(Mark("id", one, Place("")) for one in known)
    _compare(ANYWHERE, regions, Beside((*every.told, *automatic), every.declared, every.new), findings)


def _compare(kinds: tuple[str, ...], regions: Sequence[Region], without: Beside, findings: Findings) -> None:
    left = [found for region in regions for pair in region.pairs if (found := _left(*pair, kinds))]
    new = [mark for mark in without.new if mark.kind in kinds]
    declared = [one for one in without.declared if one[0].kind in kinds]
    pools = [one.extra for one in left] + [new]
    for one in left:
        one.lost = [(mark, near) for mark, near in one.lost if not _taken(mark, pools)]
    declared = [one for one in declared if not _taken(one[0], pools)]
    for mark in without.told:
        _taken(mark, pools)
    missed = {mark.key for one in left for mark, _ in one.lost}
    for one in left:
        _report(one, missed, findings)
    for mark, near, unit in declared:
        report_lost(mark, near, unit, findings)


def _left(source: Unit, other: Unit, kinds: tuple[str, ...]) -> Left | None:
    """What has no partner, in the order of the texts."""
    free = list(other.marks)
    found = Left(source, other)
    own = source.marks[: len(source.marks) - sum(len(line.marks) for line in source.lines)]
    for near, every in [(other.place, own), *((other.begin(line.name), line.marks) for line in source.lines)]:
        for mark in every:
            if mark in free:
                near = free.pop(free.index(mark)).place
            elif mark.kind in kinds:
                found.lost.append((mark, near))
    found.extra = [mark for mark in free if mark.kind in kinds]
    return found if found.lost or found.extra else None


def _together(lost: list[tuple[Mark, Place]], extra: list[Mark]) -> list[tuple[Mark, Place]]:
    """`lost`, with the works of one citation in one, where nothing can stand for any of them."""
    if any(mark.kind == "citation" for mark in extra):
        return lost
    found: list[tuple[Mark, Place]] = []
    for mark, near in lost:
        before = found[-1][0] if found else None
        if before and mark.kind == before.kind == "citation" and mark.place == before.place:
            both = replace(before, key=f"{before.key}`, `{mark.key}", shown=f"{before.shown}; @{mark.shown}")
            found[-1] = (both, near)
        else:
            found.append((mark, near))
    return found


def _taken(mark: Mark, pools: Sequence[list[Mark]]) -> bool:
    """Whether `mark` stands in one of `pools`, from which it is taken."""
    for pool in pools:
        if mark in pool:
            pool.remove(mark)
            return True
    return False


def _report(left: Left, missed: set[str], findings: Findings) -> None:
    extra = list(left.extra)
    lost = []
    for mark, near in left.lost:  # another locator of the same work
        same = next((one for one in extra if (one.kind, one.key) == (mark.kind, mark.key)), None)
        if same:
            extra.remove(same)
            report_changed(mark, same, left.source, findings)
        else:
            lost.append((mark, near))
    for mark, near in _together(lost, extra):
        instead = next((one for one in extra if one.kind == mark.kind), None)
        if instead:
            extra.remove(instead)
            report_changed(mark, instead, left.source, findings)
        else:
            report_lost(mark, near, left.source, findings)
    for mark in extra:
        report_new(mark, left.other, missed - {one.key for one, _ in left.lost}, findings)
