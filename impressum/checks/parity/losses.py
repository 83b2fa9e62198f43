"""Blocks of the source that the translation has not, and blocks that only the translation has."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

from impressum.checks.parity.findings import Findings
from impressum.checks.parity.outline import LENGTH, Line, Unit
from impressum.checks.parity.pairing import LostUnit, Region, shape
from impressum.checks.parity.rule_ids import BLOCKS, FIGURES, TABLES
from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.stages.convert.inherited_ids import picture

RULES = {"figure": FIGURES, "group of figures": FIGURES, "table": TABLES}


def report_lost(lost: Sequence[LostUnit], findings: Findings) -> list[LostUnit]:
    """Notes the blocks that are lost; gives those whose loss is meant, or told to no one.

    What stands in them is compared by itself.
    """
    return [one for one in lost if not _report_lost(one, findings)]


def report_others(region: Region, findings: Findings) -> None:
    """Notes blocks that are new or empty, tables of another shape, and what a block lacks or is instead."""
    for unit in region.extra:
        _report_extra(unit, region, findings)
    for source, other in region.tables:
        _report_shape(source, other, findings)
    for source, other, near in region.emptied:
        _report_emptied(source, other, near, findings)
    for source, other, line in region.bare:
        _report_bare(source, other, line, findings)
    for source, other in region.pairs:
        _report_kind(source, other, findings)


def about(*units: Unit) -> tuple[str, ...]:
    """By what a difference may name these units: their ids, the names of their figures, their first words."""
    return tuple(name for unit in units for name in (*unit.ids, _figure(unit), unit.text or unit.beginning) if name)


def called(unit: Unit) -> str:
    """A unit as a message names it: the figure `trade`, the paragraph `In 2012 it …`."""
    name = _figure(unit) or (unit.ids[0] if unit.ids else "") or unit.beginning
    return f"the {unit.kind} `{name}`" if name else f"a {unit.kind}"


def _report_lost(lost: LostUnit, findings: Findings) -> bool:
    unit = lost.unit
    rule = RULES.get(unit.kind, BLOCKS)
    told = findings.error(
        lost.near,
        f"{called(unit)} of the source ({unit.place}) is missing {'before' if lost.before else 'behind'} this",
        rule,
        _how_to_mend(unit),
        about=about(unit),
    )
    return told and not findings.is_off(rule)


def _how_to_mend(unit: Unit) -> str:
    if unit.kind in RULES:
        return "put it where the source has it, with its id"
    if unit.kind == "paragraph":
        return "translate it; where it was joined to the one beside it, part the two again"
    return "put it where the source has it"


def _report_extra(unit: Unit, region: Region, findings: Findings) -> None:
    twice = next((two for _, two in region.pairs if unit.text and (two.kind, two.text) == (unit.kind, unit.text)), None)
    findings.warning(
        unit.place,
        f"{called(unit)} stands here twice ({twice.place})" if twice else f"{called(unit)} is not in the source",
        RULES.get(unit.kind, BLOCKS),
        "take one of them out" if twice else "take it out, or part the text as the source does",
        about=about(unit),
    )


def _report_shape(source: Unit, other: Unit, findings: Findings) -> None:
    (rows, columns), (its_rows, its_columns) = shape(source), shape(other)
    findings.error(
        other.place,
        f"the table has {_count(its_rows, 'row')} and {_count(its_columns, 'column')}, and that of the source "
        f"({source.place}) {rows} and {columns}",
        TABLES,
        "give it the rows and columns of the source",
        about=about(source, other),
    )


def _report_emptied(source: Unit, other: Unit, near: Place, findings: Findings) -> None:
    what = "an item" if other.kind == "item" else f"a {other.kind}"
    findings.error(
        near,
        f"{what} is empty, and in the source ({source.place}) it holds `{source.beginning}`",
        TABLES if other.kind == "cell" else BLOCKS,
        "fill it, or write a dash where nothing is to be said",
        about=about(source),
    )


def _report_bare(source: Unit, other: Unit, line: Line, findings: Findings) -> None:
    words = shorten(d.plain(line.content), LENGTH, placeholder=" …")
    findings.error(
        other.place,
        f"the {line.name} of the {other.kind} is missing; in the source ({source.place}) it is `{words}`",
        RULES.get(source.kind, BLOCKS),
        "write it as the source does",
        about=(*about(source, other), line.name),
    )


def _report_kind(source: Unit, other: Unit, findings: Findings) -> None:
    """Notes another figure, and another kind of box, in its place."""
    one, two = source.node, other.node
    if isinstance(one, d.Figure) and isinstance(two, d.Figure) and picture(one) != picture(two):
        if not (one.id and one.id == two.id) or one.figure or two.figure:
            _report_other(other.place, f"the figure is {_shown(other)}", _shown(source), source, FIGURES, findings)
    elif isinstance(one, d.Box) and isinstance(two, d.Box) and one.kind != two.kind:
        _report_other(other.place, f"the box is of the kind `{two.kind}`", f"`{one.kind}`", source, BLOCKS, findings)


def _report_other(place: Place, here: str, there: str, source: Unit, rule: str, findings: Findings) -> None:
    findings.error(
        place,
        f"{here}, and in the source ({source.place}) {there}",
        rule,
        "take that of the source",
        about=about(source),
    )


def _shown(unit: Unit) -> str:
    return f"`{_figure(unit) or unit.beginning}`"


def _figure(unit: Unit) -> str:
    return (unit.node.figure or "") if isinstance(unit.node, d.Figure) else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def found_elsewhere(lost: Sequence[LostUnit], extra: Sequence[Unit]) -> list[tuple[LostUnit, Unit]]:
    """Figures and tables that only stand in another place: paired by their name or id."""
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
