"""The headings of a chapter paired with those of its source, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from impressum.checks.parity.findings import HEADINGS, Findings
from impressum.checks.parity.outline import Section, Unit, every_unit
from impressum.checks.parity.pairing import following, units_alike
from impressum.core.aligning import aligned
from impressum.core.errors import Place
from impressum.core.model.document import Heading
from impressum.stages.convert.inherited_ids import correspond

INHERIT = "headings without an id take that of the source only where all levels are the same"


@dataclass
class Group:
    """The units below a heading that both chapters have, up to the next such heading; the first has none."""

    source: Unit | None = None
    other: Unit | None = None
    source_units: list[Unit] = field(default_factory=list)
    other_units: list[Unit] = field(default_factory=list)
    moved: bool = False
    """The section is in another place than in the source."""


@dataclass(frozen=True)
class LostHeading:
    """A heading that the translation lacks: it belongs before `below`, else after `near`.

    `units` are those below it in the source.
    """

    unit: Unit
    below: Unit | None
    near: Place
    units: list[Unit] = field(default_factory=list)


@dataclass(frozen=True)
class Grouped:
    """Both chapters, heading by heading, and the headings that only one of them has."""

    groups: tuple[Group, ...]
    lost: tuple[LostHeading, ...] = ()
    extra: tuple[Unit, ...] = ()


def group(source: Sequence[Section], other: Sequence[Section], begin: Place) -> Grouped:
    """Pairs the headings; where they do not correspond one to one, by the units below them, too."""
    if len(source) == len(other) and correspond(_headings(source), _headings(other)):
        pairs = zip(source, other, strict=True)
        return Grouped(tuple(Group(one.heading, two.heading, list(one.units), list(two.units)) for one, two in pairs))
    moved = _moved(source, other)
    stay = [
        [one for one in every if not any(one is gone for both in moved for gone in both)] for every in (source, other)
    ]
    found = _grouped(every_unit(stay[0]), every_unit(stay[1]), begin)
    away = tuple(Group(one.heading, two.heading, list(one.units), list(two.units), moved=True) for one, two in moved)
    return Grouped((*found.groups, *away), found.lost, found.extra)


def report_headings(grouped: Grouped, gone: Sequence[LostHeading], findings: Findings) -> None:
    """Reports where headings differ; of those `gone`, everything below them is lost, too."""
    for one in grouped.groups:
        if one.source and one.other:
            _report_pair(one.source, one.other, findings, moved=one.moved)
    for lost in grouped.lost:
        heading, what = lost.unit, "heading"
        if any(one is lost for one in gone):
            what = "section"
        findings.error(
            lost.below.place if lost.below else lost.near,
            f"the {what} `{heading.beginning}` (level {_level(heading)}) of the source ({heading.place}) is missing "
            f"{'before' if lost.below else 'behind'} this",
            HEADINGS,
            "translate it" if what == "section" else f"write it here, with its level: {INHERIT}",
            about=_about(heading),
        )
    for heading in grouped.extra:
        message = f"the source has no heading where `{heading.beginning}` stands"
        hint = f"take it out, or make a paragraph of it: {INHERIT}"
        findings.error(heading.place, message, HEADINGS, hint, about=_about(heading))


def _report_pair(source: Unit, other: Unit, findings: Findings, *, moved: bool) -> None:
    if moved:
        message = f"the section `{other.ids[0]}` does not stand where it does in the source ({source.place})"
        hint = "put the sections into the order of the source, or each id where it belongs"
        findings.error(other.place, message, HEADINGS, hint, about=_about(source, other))
    if _level(source) != _level(other):
        findings.error(
            other.place,
            f"the heading has the level {_level(other)}, and in the source ({source.place}) it has {_level(source)}",
            HEADINGS,
            f"begin it with `{'#' * _level(source)}`: {INHERIT}",
            about=_about(source, other),
        )


def _moved(source: Sequence[Section], other: Sequence[Section]) -> list[tuple[Section, Section]]:
    """The sections with ids of both chapters, but in another order."""
    ones, twos = (
        {one.heading.ids: one for one in every if one.heading and one.heading.ids} for every in (source, other)
    )
    order = [[ids for ids in every if ids in ones and ids in twos] for every in (ones, twos)]
    pairs = aligned(order[0], order[1], lambda one, two: float(one == two))
    return [(ones[one], twos[one]) for one, two in pairs if one and not two]


def _grouped(source: Sequence[Unit], other: Sequence[Unit], near: Place) -> Grouped:
    groups = [Group()]
    lost: list[LostHeading] = []
    extra: list[Unit] = []
    below_lost: list[Unit] = []
    pairs = aligned(source, other, units_alike)
    for (one, two), below in zip(pairs, following(pairs), strict=True):
        if one and two and isinstance(one.node, Heading):
            groups.append(Group(one, two))
            below_lost = []
        else:
            if one and isinstance(one.node, Heading):
                lost.append(LostHeading(one, below, near))
                below_lost = lost[-1].units
            elif one:
                groups[-1].source_units.append(one)
                below_lost.append(one)
            if two and isinstance(two.node, Heading):
                extra.append(two)
            elif two:
                groups[-1].other_units.append(two)
        near = two.place if two else near
    return Grouped(tuple(groups), tuple(lost), tuple(extra))


def _level(unit: Unit) -> int:
    return unit.node.level if isinstance(unit.node, Heading) else 0


def _headings(sections: Sequence[Section]) -> list[Heading]:
    return [one.heading.node for one in sections if one.heading and isinstance(one.heading.node, Heading)]


def _about(*headings: Unit) -> tuple[str, ...]:
    return tuple(name for heading in headings for name in (*heading.ids, heading.text))
