"""Which numbers of two texts mean the same: 3.2 billion and 3,2 milijarde, 8,000 and 8 hiljada, 10:30 and 10.30."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from impressum.core.numbers import Number


@dataclass
class Matched:
    """Pairs of numbers that mean the same, what is left of the source, and what is left of the translation."""

    pairs: list[tuple[Number, Number]]
    lost: list[Number]
    extra: list[Number]


def matched(source: Sequence[Number], other: Sequence[Number]) -> Matched:
    """Pairs the numbers of two texts, whatever their order."""
    found = Matched([], list(source), list(other))
    for same in (_alike, _of_one_value, _of_one_worth):
        _pair(found, same)
    found.lost, found.extra = _apart(found.lost, found.extra), _apart(found.extra, found.lost)
    for same in (_alike, _but_for_scale):
        _pair(found, same)
    return found


def _pair(found: Matched, same: Callable[[Number, Number], bool]) -> None:
    left: list[Number] = []
    for number in found.lost:
        index = next((at for at, one in enumerate(found.extra) if same(number, one)), None)
        if index is None:
            left.append(number)
        else:
            found.pairs.append((number, found.extra.pop(index)))
    found.lost = left


def _alike(one: Number, two: Number) -> bool:
    return one.value == two.value and one.scale == two.scale and (one.value is not None or one.parts == two.parts)


def _of_one_value(one: Number, two: Number) -> bool:
    return _but_for_scale(one, two) and not (one.scale and two.scale)


def _of_one_worth(one: Number, two: Number) -> bool:
    return one.worth is not None and one.worth == two.worth


def _but_for_scale(one: Number, two: Number) -> bool:
    return one.value is not None and one.value == two.value


def _apart(numbers: Sequence[Number], others: Sequence[Number]) -> list[Number]:
    """`numbers`, with those taken apart at their marks of which `others` have the parts."""
    singles = {other.value for other in others}
    found: list[Number] = []
    for number in numbers:
        values = [Decimal(part) for part in number.parts]
        if len(values) > 1 and all(value in singles for value in values):
            found += [
                replace(number, shown=str(one), value=one, parts=(int(one),), scale=0, suffix="") for one in values
            ]
        else:
            found.append(number)
    return found
