"""Numbers and months of dates that differ from the source: 3.2 billion and 3,2 milijarde are the same."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from impressum.checks.parity.findings import NUMBERS, Findings
from impressum.checks.parity.losses import about
from impressum.checks.parity.outline import Unit, note_units
from impressum.checks.parity.pairing import Region, Unmatched, take
from impressum.core.errors import Place
from impressum.core.number_words import AMBIGUOUS, number_words
from impressum.core.numbers import Month, Number, months_in, months_named, numbers_in
from impressum.core.numerals import Numerals
from impressum.core.quantities import CURRENCIES, measured, measures_named

Said = TypeVar("Said", Number, Month)
LICENCE = re.compile(r"\bCC[ \u00a0-](?:BY|0)[A-Z-]*[ \u00a0-]?$")
"""The name of a licence up to its version, which is written alike in every language: `CC BY-SA 4.0`."""
LOUD_DIGITS = 3
"""With as many digits that count, a number is hardly written as a word."""


def report_numbers(region: Region, findings: Findings) -> None:
    """Reports the numbers of a region that differ; only where blocks are lost or new may one be in another block."""
    pairs = [(source, other) for source, other in region.pairs if not other.context.untranslated]
    left = [_compared(source, other, findings) for source, other in pairs]
    if region.reported or region.meant or region.extra or region.covered:
        _drop_moved(region, left)
    for one in left:
        _report(one, findings)
    for source, other in pairs:
        _report_months(source, other, findings)
        _report_named(source, other, findings)


def _compared(source: Unit, other: Unit, findings: Findings) -> Unmatched[Number]:
    ones, twos = _numbers(source), _numbers(other)
    found = matched(ones, twos)
    in_digits = tuple(found.pairs)
    _settle_words(found, source, other, findings)
    for one, two in found.pairs:
        if one.scale and two.scale and one.worth != two.worth:
            _report_scale(one, two, source, findings)
        elif one.measure and two.measure and not _is_measured_alike(one, two):
            _report_measure(one, two, source, findings)
    _report_order(in_digits, ones, twos, source, findings)
    partners = {(one.place, one.offset): two for one, two in found.pairs}
    nears: dict[tuple[Place, int], Place] = {}
    for line in source.lines if found.lost else ():
        near = other.begin(line.name)
        for number in _numbers(replace(source, lines=(line,))):
            key = number.place, number.offset
            near = nears[key] = partners[key].place if key in partners else near
    return Unmatched[Number](source, other, [(one, nears[one.place, one.offset]) for one in found.lost], found.extra)


def _drop_moved(region: Region, left: list[Unmatched[Number]]) -> None:
    """Takes out of `left` the numbers that are only in another block."""
    new = list(_all_numbers(region.extra))
    pools = [one.extra for one in left] + [new]
    for one in left:
        one.lost = [(number, near) for number, near in one.lost if not take(number, pools, _equal_value)]
    for number in _all_numbers([*(one.unit for one in (*region.reported, *region.meant)), *region.covered]):
        take(number, pools, _equal_value)


def _report(left: Unmatched[Number], findings: Findings) -> None:
    lost = [(number, near) for number, near in left.lost if not number.rank]
    extra = [number for number in left.extra if not number.rank]
    for number, near in lost:
        instead = next((one for one in extra if one.parts == number.parts), None) or next(iter(extra), None)
        if instead:
            extra.remove(instead)
            _report_changed(number, instead, left, findings)
            continue
        message = f"the number `{number.written}` of the source ({number.place}) is missing"
        hint = "write it as the language does, or write the word for it and name it in `differences:` in edition.yaml"
        findings.warning(near, message, NUMBERS, hint, about=(number.shown, *about(left.source)))
    for number in extra:
        if not _is_quiet(number):
            message, names = f"the number `{number.written}` is not in the source", about(left.source, left.other)
            hint = "correct it, or take it out"
            findings.warning(number.place, message, NUMBERS, hint, about=(number.shown, *names))


def _is_quiet(number: Number) -> bool:
    """Whether the source may well write `number` as a word."""
    digits = number.value.normalize().as_tuple().digits if number.value is not None else None
    return digits is not None and len(digits) < LOUD_DIGITS


def _report_changed(number: Number, other: Number, left: Unmatched[Number], findings: Findings) -> None:
    language = left.other.context.language
    if number.parts and other.parts == number.parts and number.value is not None:
        right = Numerals(language).number(float(number.value), number.decimals)
        message = f"`{other.shown}` is not how `{language}` writes the number `{number.shown}` of the source"
        hint = f"write `{right}`"
    else:
        message = f"the number is `{other.written}`, and `{number.written}` in the source"
        hint = "correct the one that is wrong"
    about_it = (number.shown, other.shown, *about(left.source, left.other))
    findings.warning(other.place, f"{message} ({number.place})", NUMBERS, hint, about=about_it)


def _report_scale(number: Number, other: Number, source: Unit, findings: Findings) -> None:
    message = f"the number is `{other.written}`, and `{number.written}` in the source ({number.place})"
    hint = f"`{other.suffix.strip()}` has {other.scale} noughts, and `{number.suffix.strip()}` has {number.scale}"
    names = (number.shown, number.written, other.shown, *about(source))
    findings.warning(other.place, message, NUMBERS, hint, about=names)


def _is_measured_alike(one: Number, two: Number) -> bool:
    """Whether two numbers of a pair are in one measure; a third may be 33 or 34 per cent."""
    return one.measure == two.measure and (one.worth == two.worth or one.measure == "%")


def _report_measure(number: Number, other: Number, source: Unit, findings: Findings) -> None:
    here, there = (f"`{one.written}` ({_called(one)})" for one in (other, number))
    message = f"the number is {here}, and {there} in the source ({number.place})"
    hint = "correct the currency or the unit, or convert the number"
    findings.warning(other.place, message, NUMBERS, hint, about=(number.shown, other.shown, *about(source)))


def _called(number: Number) -> str:
    """The currency, share or unit of a number, with its power of ten where it has a prefix."""
    measure = number.measure
    return f"10^{number.power} {measure}" if number.power else "points" if measure == "pp" else measure


def _report_order(
    pairs: Sequence[tuple[Number, Number]],
    ones: Sequence[Number],
    twos: Sequence[Number],
    source: Unit,
    findings: Findings,
) -> None:
    """Reports numbers of one kind (shares, sums of one currency, …) that have changed places; years may."""
    by_kind: dict[tuple[str, bool], list[tuple[Number, Number]]] = {}
    for one, two in sorted(pairs, key=lambda pair: _index(pair[0], ones)):
        if one.measure or (one.value is not None and one.value > 9 and not _is_year(one)):
            by_kind.setdefault((one.measure, one.rank), []).append((one, two))
    for several in by_kind.values():
        turned = (
            (one, two, first)
            for (one, two), (behind, first) in itertools.pairwise(several)
            if one.worth != behind.worth and _index(two, twos) > _index(first, twos)
        )
        for one, two, first in itertools.islice(turned, 1):
            message = f"`{first.written}` stands before `{two.written}`, and behind it in the source ({one.place})"
            hint = "correct them, or, where the sentence is turned round, name one in `differences:`"
            about_it = (one.shown, two.shown, first.shown, *about(source))
            findings.warning(first.place, message, NUMBERS, hint, about=about_it)


def _index(number: Number, numbers: Sequence[Number]) -> int:
    return next(at for at, one in enumerate(numbers) if (one.place, one.offset) == (number.place, number.offset))


def _is_year(number: Number) -> bool:
    return len(number.shown) == 4 and number.shown.isdecimal() and not number.scale and int(number.shown) < 2200


def _settle_words(found: MatchedNumbers, source: Unit, other: Unit, findings: Findings) -> None:
    """Takes out the numbers that the other text has in words, and reports a word for another number."""
    ones, twos = _words(source), _words(other)
    found.pairs += [pair for number in ones if (pair := _take_said(number, twos))]
    in_words = {id(number) for number, _ in found.pairs}
    ones = [number for number in ones if id(number) not in in_words]
    found.pairs += [pair for number in found.lost if (pair := _take_said(number, twos))]
    found.pairs += [(two, one) for number in found.extra if (pair := _take_said(number, ones)) for one, two in (pair,)]
    said = {id(number) for pair in found.pairs for number in pair}
    found.lost, found.extra, ones = (
        [number for number in numbers if id(number) not in said] for numbers in (found.lost, found.extra, ones)
    )
    lost, extra = ([word for word in words if _is_plain(word)] for words in (ones, twos))
    if len(lost) == len(extra) == 1 and lost[0].percent == extra[0].percent:
        _report_changed(lost[0], extra[0], Unmatched[Number](source, other), findings)


def _take_said(number: Number, words: list[Number]) -> tuple[Number, Number] | None:
    """Takes the word for `number` out of `words`, and pairs them, if there is one."""
    same = next((word for word in words if _is_same(number, word)), None)
    if same:
        words.remove(same)
    return (number, same) if same else None


def _is_same(number: Number, word: Number) -> bool:
    if number.value is None or word.value is None:
        return False
    if word.percent:
        share = number.value if number.measure == "%" else 100 * number.value
        return abs(share - word.value) < 1
    return number.worth == word.worth or (number.value == word.value and not (number.scale and word.scale))


def _is_plain(word: Number) -> bool:
    """Whether a number word says nothing else, and is no article."""
    is_article = word.value == 1 and not word.scale
    return not word.rank and not is_article and word.shown.casefold() not in AMBIGUOUS


def _report_months(source: Unit, other: Unit, findings: Findings) -> None:
    """Reports another month; one written in an unknown way counts as none."""
    lost, extra = _read(source, months_in), _read(other, months_in)
    for month in tuple(lost):
        same = next((one for one in extra if one.month == month.month), None)
        if same:
            lost.remove(month)
            extra.remove(same)
    for one, two in zip(lost, extra, strict=False):
        message = f"the date is `{two.shown}`, and `{one.shown}` in the source ({one.place})"
        hint = "correct the one that is wrong"
        findings.warning(two.place, message, NUMBERS, hint, about=(one.shown, two.shown, *about(source, other)))


def _report_named(source: Unit, other: Unit, findings: Findings) -> None:
    """Reports the one month, currency or unit without a number that only one text names, if each names another.

    Where both stand beside numbers, these are compared instead.
    """
    for kind, (reader, beside) in _NAMED.items():
        ones, twos = _read(source, reader), _read(other, reader)
        lost, extra = _only(ones, twos), _only(twos, ones)
        alone = (
            lost and extra and not (_is_in(lost[0], _read(source, beside)) and _is_in(extra[0], _read(other, beside)))
        )
        if alone and len({_key(one) for one in lost}) == len({_key(one) for one in extra}) == 1:
            one, two = lost[0], extra[0]
            message = f"the {kind} is `{two.shown}`, and `{one.shown}` in the source ({one.place})"
            names = (one.shown, two.shown, *about(source, other))
            findings.warning(two.place, message, NUMBERS, "correct the one that is wrong", about=names)


def _only(here: Sequence[Number], there: Sequence[Number]) -> list[Number]:
    """The names in `here` of what `there` does not name."""
    return [one for one in here if not _is_in(one, there)]


def _is_in(one: Number, others: Sequence[Number]) -> bool:
    return any(_key(one) == _key(other) for other in others)


def _key(one: Number) -> tuple[str, int]:
    return one.measure, one.power


Reader = Callable[[str, str], Iterable[Number]]


def _months(reader: Callable[[str, str], Iterable[Month]]) -> Reader:
    return lambda text, language: [
        Number(one.shown, None, (), one.offset, measure=str(one.month)) for one in reader(text, language)
    ]


def _measures(text: str, language: str) -> Iterator[Number]:
    return (measured(one, text) for one in (*numbers_in(text, language), *number_words(text, language)))


_NAMED: dict[str, tuple[Reader, Reader]] = {
    "month": (_months(months_named), _months(months_in)),
    "currency": (lambda text, _: (one for one in measures_named(text) if one.measure in CURRENCIES), _measures),
    "unit": (lambda text, _: (one for one in measures_named(text) if one.measure not in CURRENCIES), _measures),
}


def _read(unit: Unit, reader: Callable[[str, str], Iterable[Said]]) -> list[Said]:
    """The numbers or months that `reader` finds in the texts of a unit, each at its place."""
    found = ((line, one) for text, line in unit.read for one in reader(text, unit.context.language))
    return [replace(one, place=line.place(one.offset, unit.place)) for line, one in found]


def _numbers(unit: Unit) -> list[Number]:
    def numbers(text: str, language: str) -> Iterator[Number]:
        return (measured(one, text) for one in numbers_in(text, language) if not LICENCE.search(text, 0, one.offset))

    return _read(unit, numbers)


def _words(unit: Unit) -> list[Number]:
    """The numbers that a unit says in words."""
    return _read(unit, lambda text, language: (measured(one, text) for one in number_words(text, language)))


def _all_numbers(units: Iterable[Unit]) -> Iterator[Number]:
    """The numbers of `units`, of everything in them and of their notes."""
    for unit in units:
        for one in unit.walk():
            yield from _numbers(one)
            for note in one.notes:
                yield from _all_numbers(note_units(note, one.context))


@dataclass
class MatchedNumbers:
    """Pairs of numbers that mean the same, and those of the source and of the translation without a counterpart."""

    pairs: list[tuple[Number, Number]]
    lost: list[Number]
    extra: list[Number]


def matched(source: Sequence[Number], other: Sequence[Number]) -> MatchedNumbers:
    """Pairs the numbers of two texts, whatever their order."""
    found = MatchedNumbers([], list(source), list(other))
    for same in (_equal_with_measure, _equal, _equal_worth):
        _pair(found, same)
    found.lost, found.extra = _apart(found.lost, found.extra), _apart(found.extra, found.lost)
    for same in (_equal, _equal_value):
        _pair(found, same)
    return found


def _pair(found: MatchedNumbers, same: Callable[[Number, Number], bool]) -> None:
    left: list[Number] = []
    for number in found.lost:
        index = next((at for at, one in enumerate(found.extra) if same(number, one)), None)
        if index is None:
            left.append(number)
        else:
            found.pairs.append((number, found.extra.pop(index)))
    found.lost = left


def _equal_with_measure(one: Number, two: Number) -> bool:
    return _equal(one, two) and (one.measure, one.power) == (two.measure, two.power)


def _equal(one: Number, two: Number) -> bool:
    return one.value == two.value and one.scale == two.scale and (one.value is not None or one.parts == two.parts)


def _equal_worth(one: Number, two: Number) -> bool:
    return one.worth is not None and one.worth == two.worth


def _equal_value(one: Number, two: Number) -> bool:
    return one.value is not None and one.value == two.value


def _apart(numbers: Sequence[Number], others: Sequence[Number]) -> list[Number]:
    """`numbers`, with those split at their marks whose parts are among `others`: 10:30 as 10 and 30."""
    singles = {other.value for other in others}
    found: list[Number] = []
    for number in numbers:
        if len(number.parts) > 1 and all(part in singles for part in number.parts):
            found += [replace(number, shown=str(one), value=Decimal(one), parts=(one,)) for one in number.parts]
        else:
            found.append(number)
    return found
