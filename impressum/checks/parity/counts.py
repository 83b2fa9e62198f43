"""Numbers and months of dates that are not those of the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from impressum.checks.parity.findings import Findings
from impressum.checks.parity.lines import Spoken
from impressum.checks.parity.losses import about
from impressum.checks.parity.outline import Unit, note_units
from impressum.checks.parity.pairing import Region
from impressum.checks.parity.rule_ids import NUMBERS
from impressum.checks.parity.same_numbers import matched
from impressum.core.dates import Month, months_in
from impressum.core.errors import Place
from impressum.core.numbers import Number, numbers_in
from impressum.core.numerals import Numerals

LOUD_DIGITS = 3
"""With as many digits that count, a number is hardly written as a word."""


@dataclass
class Left:
    """The numbers of two units that stand for each other, as far as they have no partner."""

    source: Unit
    other: Unit
    lost: list[tuple[Number, Place]] = field(default_factory=list)
    """Those of the source, each with the place behind which it should stand."""
    extra: list[Number] = field(default_factory=list)


def report_numbers(region: Region, findings: Findings) -> None:
    """Notes the numbers of a region that differ. Only where blocks are lost or new may one stand in another block."""
    pairs = [pair for pair in region.pairs if not any(unit.context.untranslated for unit in pair)]
    left = [_compared(source, other, findings) for source, other in pairs]
    if region.lost or region.extra or region.covered:
        _settle(region, left)
    for one in left:
        _report(one, findings)
    for source, other in pairs:
        _report_months(source, other, findings)


def _compared(source: Unit, other: Unit, findings: Findings) -> Left:
    ones = _numbers(source)
    found = matched(ones, _numbers(other))
    for one, two in found.pairs:
        if one.scale and two.scale and one.worth != two.worth:
            _report_scale(one, two, source, findings)
    partners = {(one.place, one.offset): two for one, two in found.pairs}
    nears: dict[tuple[Place, int], Place] = {}
    for line in source.lines:
        near = other.begin(line.name)
        for number in _numbers(replace(source, lines=(line,))):
            key = number.place, number.offset
            near = nears[key] = partners[key].place if key in partners else near
    return Left(source, other, [(one, nears[one.place, one.offset]) for one in found.lost], found.extra)


def _settle(region: Region, left: list[Left]) -> None:
    """Takes what only stands in another block from what is left."""
    new = list(_all_numbers(region.extra))
    pools = [one.extra for one in left] + [new]
    for one in left:
        one.lost = [(number, near) for number, near in one.lost if not _taken(number, pools)]
    for number in _all_numbers([*(one.unit for one in region.lost), *region.covered]):
        _taken(number, pools)


def _taken(number: Number, pools: list[list[Number]]) -> bool:
    for pool in pools:
        same = next((one for one in pool if one.value is not None and one.value == number.value), None)
        if same:
            pool.remove(same)
            return True
    return False


def _report(left: Left, findings: Findings) -> None:
    lost = [(number, near) for number, near in left.lost if not number.rank]
    extra = [number for number in left.extra if not number.rank]
    for number, near in lost:
        instead = next((one for one in extra if one.parts == number.parts), None) or next(iter(extra), None)
        if instead:
            extra.remove(instead)
            _report_changed(number, instead, left, findings)
            continue
        findings.warning(
            near,
            f"the number `{number.written}` of the source ({number.place}) is missing",
            NUMBERS,
            "write it as the language does, or write the word for it and name it in `differences:` in edition.yaml",
            about=(number.shown, *about(left.source)),
        )
    for number in extra:
        if not _is_quiet(number):
            findings.warning(
                number.place,
                f"the number `{number.written}` is not in the source",
                NUMBERS,
                "correct it, or take it out",
                about=(number.shown, *about(left.source, left.other)),
            )


def _is_quiet(number: Number) -> bool:
    """Whether `number` may well be one that the source has in words."""
    if number.rank or number.value is None:
        return number.rank
    return len(number.value.normalize().as_tuple().digits) < LOUD_DIGITS


def _report_changed(number: Number, other: Number, left: Left, findings: Findings) -> None:
    language = left.other.context.language
    if other.parts == number.parts and number.value is not None:
        rest = number.value.as_tuple().exponent
        right = Numerals(language).number(float(number.value), -rest if isinstance(rest, int) else 0)
        message = f"`{other.shown}` is not how `{language}` writes the number `{number.shown}` of the source"
        hint = f"write `{right}`"
    else:
        message = f"the number is `{other.written}`, and `{number.written}` in the source"
        hint = "correct the one that is wrong"
    about_it = (number.shown, other.shown, *about(left.source, left.other))
    findings.warning(other.place, f"{message} ({number.place})", NUMBERS, hint, about=about_it)


def _report_scale(number: Number, other: Number, source: Unit, findings: Findings) -> None:
    findings.warning(
        other.place,
        f"the number is `{other.written}`, and `{number.written}` in the source ({number.place})",
        NUMBERS,
        f"`{other.suffix.strip()}` has {other.scale} noughts, and `{number.suffix.strip()}` has {number.scale}",
        about=(number.shown, number.written, other.shown, *about(source)),
    )


def _report_months(source: Unit, other: Unit, findings: Findings) -> None:
    """Notes another month; one that is written in a way that is not known is none, and counts for nothing."""
    lost, extra = _months(source), _months(other)
    for month in tuple(lost):
        same = next((one for one in extra if one.month == month.month), None)
        if same:
            lost.remove(month)
            extra.remove(same)
    for one, two in zip(lost, extra, strict=False):
        findings.warning(
            two.place,
            f"the date is `{two.shown}`, and `{one.shown}` in the source ({one.place})",
            NUMBERS,
            "correct the one that is wrong",
            about=(one.shown, two.shown, *about(source, other)),
        )


def _numbers(unit: Unit) -> list[Number]:
    return [
        replace(number, place=text.place(number.offset, unit.place))
        for text in _texts(unit)
        for number in numbers_in(text.text, unit.context.language)
    ]


def _months(unit: Unit) -> list[Month]:
    return [
        replace(month, place=text.place(month.offset, unit.place))
        for text in _texts(unit)
        for month in months_in(text.text, unit.context.language)
    ]


def _texts(unit: Unit) -> Iterator[Spoken]:
    for line in unit.lines:
        yield Spoken().read(line.content)


def _all_numbers(units: Iterable[Unit]) -> Iterator[Number]:
    """The numbers of `units`, with those of all that they hold and of their notes."""
    for unit in units:
        for one in unit.walk():
            yield from _numbers(one)
            for note in one.notes:
                yield from _all_numbers(note_units(note, one.context))
