"""Citations, links, references, ids, formulas and images that a translation lacks, changes or adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from impressum.checks.parity.findings import CITATIONS, FIGURES, FORMULAS, IDS, INDEX, LINKS, REFERENCES, Findings
from impressum.checks.parity.lines import Mark, MarkKind
from impressum.checks.parity.losses import about
from impressum.checks.parity.outline import Unit, note_units
from impressum.checks.parity.pairing import Region, Unmatched, take
from impressum.core.errors import Place, Severity, nearest

SAME_LANGUAGE = "where it is the same page in the language of the edition, name it in `differences:` in edition.yaml"


@dataclass(frozen=True)
class Messages:
    """Three messages, each with its hint. `{key}` is the mark, `{other}` that of the translation, `{place}` its place
    in the source, `{shown}` how the author wrote it."""

    rule: str
    severity: Severity
    lost: tuple[str, str]
    changed: tuple[str, str]
    new: tuple[str, str]


MESSAGES: Mapping[MarkKind, Messages] = {
    "citation": Messages(
        CITATIONS,
        "error",
        ("the source ({place}) cites `{key}`, and this does not", "cite it, too: `[@{shown}]`"),
        (
            "this cites `{other}`, and the source ({place}) `{key}`",
            "cite the work of the source: keys stay as they are",
        ),
        ("this cites `{key}`, and the source does not", "take it out, or cite it in the source, too"),
    ),
    "id": Messages(
        IDS,
        "error",
        (
            "the id `{key}` of the source ({place}) is missing",
            "write `{{#{key}}}` where the source has it: links and references go by ids",
        ),
        (
            "the id is `{other}`, and in the source ({place}) `{key}`",
            "write `{{#{key}}}`: ids stay as they are, for links and references go by them",
        ),
        ("the source has no id `{key}`", "take it out, or write it in the source, too"),
    ),
    "reference": Messages(
        REFERENCES,
        "warning",
        ("the source ({place}) refers to `@{key}`, and this does not", "write `@{key}` where it belongs"),
        ("this refers to `@{other}`, and the source ({place}) to `@{key}`", "write `@{key}`"),
        ("this refers to `@{key}`, and the source does not", "take it out, or write it in the source, too"),
    ),
    "link": Messages(
        LINKS,
        "warning",
        ("the link of the source ({place}) to `{key}` is missing", "put it where the source has it"),
        ("the link leads to `{other}`, and in the source ({place}) to `{key}`", "let it lead where the source does"),
        ("the link to `{key}` is not in the source", "take it out, or put it into the source, too"),
    ),
    "formula": Messages(
        FORMULAS,
        "warning",
        ("the formula `{shown}` of the source ({place}) is missing", "put it where the source has it"),
        ("the formula is not that of the source ({place}), `{shown}`", "write it as the source does"),
        ("the formula `{shown}` is not in the source", "take it out, or write it in the source, too"),
    ),
    "index": Messages(
        INDEX,
        "warning",
        (
            "the mark `{shown}` of the index in the source ({place}) is missing",
            "mark the word for it, with `.index`",
        ),
        ("the mark of the index is not of the kind that the source ({place}) has for `{shown}`", "write it as there"),
        ("the mark `{shown}` of the index is not in the source", "take it out, or put it into the source, too"),
    ),
    "image": Messages(
        FIGURES,
        "error",
        ("the picture `{shown}` in a line of the source ({place}) is missing", "put it where the source has it"),
        ("the picture is not that of the source ({place}), `{shown}`", "take the file of the source"),
        ("the picture `{shown}` is not in the source", "take it out, or put it into the source, too"),
    ),
}


def report_lost(mark: Mark, near: Place, unit: Unit, findings: Findings) -> None:
    """Reports that the translation lacks `mark` of the source's `unit`; it belongs at or after `near`."""
    messages = MESSAGES[mark.kind]
    _add(messages.lost, messages.severity, near, mark, "", unit, findings)


def report_changed(mark: Mark, other: Mark, unit: Unit, findings: Findings) -> None:
    """Reports that the translation has `other` in place of `mark` of the source's `unit`."""
    messages = MESSAGES[mark.kind]
    said = messages.changed
    if mark.key == other.key:
        message = f"this cites `{{key}}` {_locator(other)}, and the source ({{place}}) {_locator(mark)}"
        said = message, "the numbers of pages and sections stay as they are"
    elif mark.kind == "link" and _host(mark.key) and _host(mark.key) == _host(other.key):
        said = said[0], SAME_LANGUAGE
    _add(said, messages.severity, other.place, mark, other.key, unit, findings)


def report_new(mark: Mark, unit: Unit, lost: Iterable[str], findings: Findings) -> None:
    """Reports that only the translation has `mark`, in `unit`; `lost` are the keys that it lacks elsewhere."""
    message, hint = MESSAGES[mark.kind].new
    near = nearest(mark.key, lost)
    said = message, f"did you mean `{near}`?" if near else hint
    _add(said, "warning", mark.place, mark, "", unit, findings)


def _add(
    said: tuple[str, str], severity: Severity, place: Place, mark: Mark, other: str, unit: Unit, findings: Findings
) -> None:
    values = {"key": mark.key, "place": mark.place, "other": other, "shown": mark.shown or mark.key}
    message, hint = (text.format(**values) for text in said)
    about_it = (*mark.key.split("`, `"), mark.shown, other, *about(unit))
    findings.add(severity, place, message, MESSAGES[mark.kind].rule, hint, about_it)


def _locator(mark: Mark) -> str:
    """`p. 5` of a citation, as it is written there; it is no format string."""
    locator = mark.shown.partition(",")[2].strip().replace("{", "{{").replace("}", "}}")
    return f"with `{locator}`" if locator else "without a page or section"


def _host(address: str) -> str:
    """The last two parts of a host: `wikipedia.org` of `sr.wikipedia.org`."""
    return ".".join((urlsplit(address).hostname or "").split(".")[-2:])


ANYWHERE = ("id", "image")
"""Marks that are unique in a chapter, so that they may be in another section."""
IN_REGION = ("citation", "link", "reference", "formula", "index")


@dataclass(frozen=True)
class UnpairedMarks:
    """The marks of units that only one of the chapters has."""

    reported: tuple[Mark, ...] = ()
    """Of blocks and notes of the source whose loss is reported: those of the marks need not be."""
    meant: tuple[tuple[Mark, Place, Unit], ...] = ()
    """Of blocks of the source whose loss is meant, with the place where each belongs."""
    new: tuple[Mark, ...] = ()
    """Of blocks and notes that only the translation has."""


def unpaired(regions: Sequence[Region]) -> UnpairedMarks:
    """The marks outside the pairs of `regions`."""
    units = [one.unit for region in regions for one in region.reported]
    units += [unit for region in regions for unit in region.covered]
    units += [unit for region in regions for one in region.lost_notes for unit in note_units(one.note, one.context)]
    new = [unit for region in regions for unit in region.extra]
    new += [unit for region in regions for one in region.extra_notes for unit in note_units(*one)]
    return UnpairedMarks(
        tuple(all_marks(units)),
        tuple(
            (mark, one.near, one.unit) for region in regions for one in region.meant for mark in all_marks([one.unit])
        ),
        tuple(all_marks(new)),
    )


def all_marks(units: Iterable[Unit]) -> Iterator[Mark]:
    """The marks of `units`, of everything in them and of their notes."""
    for unit in units:
        for one in unit.walk():
            yield from one.marks
            for note in one.notes:
                yield from all_marks(note_units(note, one.context))


def report_marks(regions: Sequence[Region], known: frozenset[str], findings: Findings) -> None:
    """Reports the marks that differ; `known` are the automatic ids of the source's headings."""
    for region in regions:
        _compare(IN_REGION, [region], unpaired([region]), findings)
    every = unpaired(regions)
    automatic = tuple(Mark("id", one, Place("")) for one in known)
    _compare(ANYWHERE, regions, replace(every, reported=(*every.reported, *automatic)), findings)


def _compare(kinds: tuple[str, ...], regions: Sequence[Region], without: UnpairedMarks, findings: Findings) -> None:
    left = [found for region in regions for pair in region.pairs if (found := _unmatched(*pair, kinds))]
    meant = [one for one in without.meant if one[0].kind in kinds]
    pools = [one.extra for one in left] + [list(without.new)]
    for one in left:
        one.lost = [(mark, near) for mark, near in one.lost if not take(mark, pools)]
    meant = [one for one in meant if not take(one[0], pools)]
    for mark in without.reported:
        take(mark, pools)
    missed = {mark.key for one in left for mark, _ in one.lost}
    for one in left:
        _report(one, missed, findings)
    for mark, near, unit in meant:
        report_lost(mark, near, unit, findings)


def _unmatched(source: Unit, other: Unit, kinds: tuple[str, ...]) -> Unmatched[Mark] | None:
    """The marks without a counterpart, in the order of the texts."""
    free = list(other.marks)
    found = Unmatched[Mark](source, other)
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
    """`lost`, with the works of one citation joined, unless another citation may replace one of them."""
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


def _report(left: Unmatched[Mark], missed: set[str], findings: Findings) -> None:
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
