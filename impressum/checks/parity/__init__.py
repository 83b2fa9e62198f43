"""parity: whether a translated chapter has everything that its source has, and has it right.

A chapter and its source are typed documents; nothing is rendered or typeset for this. First their headings are paired,
then the blocks below them (`pairing`), then the contents of these are compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from impressum.checks.parity.findings import HEADINGS, PLACEHOLDERS, RULES, Findings, check_differences
from impressum.checks.parity.language import (
    Unread,
    Vocabulary,
    all_words,
    check_units,
    report_half_written,
    report_untranslated,
)
from impressum.checks.parity.losses import found_elsewhere, report_lost, report_notes, report_others, settle_notes
from impressum.checks.parity.marks import report_marks
from impressum.checks.parity.names import report_names
from impressum.checks.parity.numbers import report_numbers
from impressum.checks.parity.outline import Context, Section, Unit, every_unit, sections, units
from impressum.checks.parity.pairing import Region, following, units_alike
from impressum.checks.parity.placeholders import compare_placeholders
from impressum.core.aligning import aligned
from impressum.core.errors import Faults, Place, place_of
from impressum.core.model import document as d
from impressum.core.model.document import Heading
from impressum.core.model.heading_ids import heading_ids, headings_of
from impressum.core.model.manuscript import ChapterDocument
from impressum.core.model.publication import Difference
from impressum.stages.convert.inherited_ids import correspond

__all__ = ["RULES", "Unread", "Vocabulary", "all_words", "check_differences", "check_letters", "check_twin", "compare"]
__all__ += ["compare_placeholders", "compare_texts"]


def compare(
    document: ChapterDocument,
    source: ChapterDocument,
    *,
    source_language: str,
    declared: tuple[Difference, ...],
    faults: Faults,
) -> None:
    """Reports where the translated chapter `document` differs from its `source`, unless `declared` to differ.

    `document` has already inherited the ids of its source. A lost block is an error; additions, numbers and possible
    slips are warnings.
    """
    if document.borrowed:
        return
    findings = Findings(document.slug, document.path, declared, faults)
    ours, theirs = sections(document), sections(source)
    grouped = group(theirs, ours, Place(document.path, 1, 1))
    regions = [_region(one, Place(document.path, 1, 1)) for one in grouped.groups]
    _find_elsewhere(regions)
    gone = [heading for heading in grouped.lost if not findings.is_off(HEADINGS) and _is_gone(heading, regions)]
    known = Vocabulary(lambda: (all_words(document), all_words(source)))
    for region in regions:
        report_lost(region, findings)
    settle_notes(regions)
    for region in regions:
        report_lost(region, findings)
        report_others(region, findings)
        report_notes(region, regions, findings)
        report_numbers(region, findings)
        report_untranslated(region, source.language or source_language, document.language, known, findings)
    report_names(regions, document.language, findings)
    report_marks(regions, _automatic(source), findings)
    report_headings(grouped, gone, findings)
    check_units(every_unit(ours), findings)
    findings.report_unused(frozenset(RULES) - {PLACEHOLDERS})


FILLED_IN = re.compile(r"\{[\w-]+\}")
"""A name in the words of a figure in whose place a value is filled in: more than {value}."""


def compare_texts(
    texts: Sequence[tuple[str, str, Place, str, Place]],
    known: Vocabulary,
    *,
    source_language: str,
    language: str,
    declared: tuple[Difference, ...],
    faults: Faults,
    lines: Sequence[str] = (),
) -> None:
    """Reports where the texts of an `edition.yaml` differ: by key, that of the source and its own, with their places.

    `known` are the words of these texts and of all chapters. `lines` are those of the `edition.yaml`, for their places.
    """
    path = texts[0][4].path if texts else ""
    findings = Findings("edition.yaml", path, declared, faults)
    region = Region()
    for key, source, there, text, here in texts:
        for name in sorted(set(FILLED_IN.findall(source)) - set(FILLED_IN.findall(text))):
            message = f"`{name}` of the source ({there}) is missing"
            hint = "write it where the value is to be filled in"
            findings.warning(here, message, PLACEHOLDERS, hint, about=(name, text))
        one, two = (
            _as_unit(key, " ".join(said.replace("*", "").split()), place, Context(tag), where)
            for said, place, tag, where in ((source, there, source_language, ()), (text, here, language, lines))
        )
        region.pair(one, two)
    report_numbers(region, findings)
    report_untranslated(region, source_language, language, known, findings)
    check_units(tuple(two for _, two in region.pairs), findings)
    findings.report_unused(frozenset(RULES))


def _as_unit(key: str, text: str, place: Place, context: Context, lines: Sequence[str]) -> Unit:
    """A text of `edition.yaml`, a title as a heading."""
    content: list[d.Inline] = []
    at = place
    for piece in re.findall(r"\w+|[^\w\s]|\s", text):
        here = place_of(piece, at, 0, lines) if piece.strip() else at
        content.append(d.Text(here, piece))
        at = here if here == at else replace(here, column=here.column + len(piece))
    (unit,) = units((d.Paragraph(place, tuple(content)),), context)
    return replace(unit, kind="heading" if key.rpartition(".")[2] in ("title", "subtitle") else "text")


def check_letters(document: ChapterDocument, faults: Faults) -> None:
    """Reports the words of a chapter that mix scripts; for a translation, `compare` does so."""
    check_units(every_unit(sections(document)), Findings(document.slug, document.path, (), faults))


def check_twin(document: ChapterDocument, source: ChapterDocument, faults: Faults) -> None:
    """Reports names of the `source` that the chapter of a twin has partly in its own script."""
    report_half_written(document, source, Findings(document.slug, document.path, (), faults))


def _region(group: Group, begin: Place) -> Region:
    """The units of a group, paired."""
    region = Region()
    if group.source and group.other:
        region.pair(group.source, group.other)
    region.match(group.source_units, group.other_units, group.other.place if group.other else begin)
    return region


def _find_elsewhere(regions: list[Region]) -> None:
    """Pairs the figures and tables that are in another section than in the source."""
    extra = [unit for region in regions for unit in region.extra]
    for region in regions:
        for lost, unit in found_elsewhere(region.lost, extra):
            region.lost = [one for one in region.lost if one is not lost]
            extra = [one for one in extra if one is not unit]
            for other in regions:
                other.extra = [one for one in other.extra if one is not unit]
            region.pair(lost.unit, unit)


def _is_gone(heading: LostHeading, regions: list[Region]) -> bool:
    """Whether everything below a lost heading is lost, too: it is reported as one section then."""
    below = {id(unit) for unit in heading.units}
    region = next((one for one in regions if any(id(lost.unit) in below for lost in one.lost)), None)
    if region is None or sum(id(lost.unit) in below for lost in region.lost) < len(below):
        return False
    region.covered += [lost.unit for lost in region.lost if id(lost.unit) in below]
    region.lost = [lost for lost in region.lost if id(lost.unit) not in below]
    return True


def _automatic(source: ChapterDocument) -> frozenset[str]:
    """The automatic ids of the source's headings."""
    headings = headings_of(source)
    return frozenset(one for one, heading in zip(heading_ids(headings), headings, strict=True) if not heading.id)


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
    """A heading that the translation lacks, before `below` or else after `near`, with the `units` below it."""

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
        heading = lost.unit
        what = "section" if any(one is lost for one in gone) else "heading"
        place, where = (lost.below.place, "before") if lost.below else (lost.near, "behind")
        name = f"`{heading.beginning}` (level {_level(heading)})"
        message = f"the {what} {name} of the source ({heading.place}) is missing {where} this"
        hint = "translate it" if what == "section" else f"write it here, with its level: {INHERIT}"
        findings.error(place, message, HEADINGS, hint, about=_about(heading))
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
        level = _level(source)
        message = f"the heading has the level {_level(other)}, and in the source ({source.place}) it has {level}"
        hint = f"begin it with `{'#' * level}`: {INHERIT}"
        findings.error(other.place, message, HEADINGS, hint, about=_about(source, other))


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
