"""parity: whether a translated chapter has everything that its source has, and has it right.

A chapter and its source are typed documents; nothing is rendered or typeset for this. First their headings are paired
(`headings`), then the blocks below them (`pairing`), then the contents of these are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from impressum.checks.parity.findings import HEADINGS, PLACEHOLDERS, RULES, Findings, check_differences
from impressum.checks.parity.headings import Group, LostHeading, group, report_headings
from impressum.checks.parity.language import Vocabulary, check_units, report_half_written, report_untranslated
from impressum.checks.parity.losses import found_elsewhere, report_lost, report_notes, report_others, settle_notes
from impressum.checks.parity.marks import report_marks
from impressum.checks.parity.numbers import report_numbers
from impressum.checks.parity.outline import Context, Unit, every_unit, sections, units
from impressum.checks.parity.pairing import Region
from impressum.checks.parity.placeholders import compare_placeholders
from impressum.core.errors import Faults, Place
from impressum.core.model import document as d
from impressum.core.model.heading_ids import heading_ids, headings_of
from impressum.core.model.manuscript import ChapterDocument
from impressum.core.model.publication import Difference

__all__ = [
    "RULES",
    "check_differences",
    "check_letters",
    "check_twin",
    "compare",
    "compare_placeholders",
    "compare_texts",
]


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
    known = Vocabulary.of([document], [source])
    silent = [report_lost(region.lost, findings) for region in regions]
    counts = [len(region.lost) for region in regions]
    settle_notes(regions, silent)
    for region, done, lost in zip(regions, counts, silent, strict=True):
        lost += report_lost(region.lost[done:], findings)
        report_others(region, findings)
        report_notes(region, regions, findings)
        report_numbers(region, findings)
        report_untranslated(region, source.language or source_language, document.language, known, findings)
    report_marks(regions, silent, _automatic(source), findings)
    report_headings(grouped, gone, findings)
    check_units(every_unit(ours), findings)
    findings.report_unused(frozenset(RULES) - {PLACEHOLDERS})


def compare_texts(
    texts: Sequence[tuple[str, str, Place, str, Place]],
    documents: tuple[Iterable[ChapterDocument], Iterable[ChapterDocument]],
    *,
    source_language: str,
    language: str,
    declared: tuple[Difference, ...],
    faults: Faults,
) -> None:
    """Reports where the texts of an `edition.yaml` differ: by key, that of the source and its own, with their places.

    `documents` are the chapters of the source and of the edition, for the words that both have.
    """
    path = texts[0][4].path if texts else ""
    findings = Findings("edition.yaml", path, declared, faults)
    known = Vocabulary.of(documents[1], documents[0], [one[3] for one in texts], [one[1] for one in texts])
    region = Region()
    for key, source, there, text, here in texts:
        one, two = (
            _as_unit(key, " ".join(said.replace("*", "").split()), place, Context(tag))
            for said, place, tag in ((source, there, source_language), (text, here, language))
        )
        region.pair(one, two)
    report_numbers(region, findings)
    report_untranslated(region, source_language, language, known, findings)
    check_units(tuple(two for _, two in region.pairs), findings)
    findings.report_unused(frozenset(RULES))


def _as_unit(key: str, text: str, place: Place, context: Context) -> Unit:
    """A text of `edition.yaml`, a title as a heading."""
    (unit,) = units((d.Paragraph(place, (d.Text(place, text),)),), context)
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
    headings = headings_of(source.blocks)
    return frozenset(one for one, heading in zip(heading_ids(headings), headings, strict=True) if not heading.id)
