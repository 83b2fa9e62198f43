"""The barcode of an ISBN, EAN-13, and of the price behind it, EAN-5, as bars to be drawn: widths in modules, the
symbol's smallest unit. (GS1 General Specifications, 5.2; python-barcode has no EAN-5.)"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

PARITIES = "BBAAA BABAA BAABA BAAAB ABBAA AABBA AAABB ABABA ABAAB AABAB".split()
"""By the check digit of an EAN-5, in which of two sets of bars each of its digits is written."""


@dataclass(frozen=True)
class Bar:
    """A dark bar: where it begins and how wide it is, in modules from the symbol's left; guards are longer."""

    start: int
    width: int
    is_guard: bool


@dataclass(frozen=True)
class Barcode:
    """`bars` from left to right on 95 modules; `digits` are printed below: one left of them, then six and six."""

    bars: tuple[Bar, ...]
    digits: tuple[str, str, str]


def barcode_of(isbn: str) -> Barcode:
    """The barcode of `isbn`, which is a valid ISBN-13 or ISBN-10, with or without hyphens."""
    from barcode.ean import EuropeanArticleNumber13
    from stdnum import isbn as standard

    number = standard.compact(standard.to_isbn13(isbn))
    [modules] = EuropeanArticleNumber13(number, guardbar=True).build()
    return Barcode(_bars(modules), (number[0], number[1:7], number[7:]))


def price_bars(digits: str) -> tuple[Bar, ...]:
    """The bars of an EAN-5 of five `digits`, on 47 modules: a guard, then seven modules a digit, two between them."""
    from barcode.charsets.ean import CODES

    check = (3 * sum(map(int, digits[::2])) + 9 * sum(map(int, digits[1::2]))) % 10
    signs = (CODES[kind][int(digit)] for kind, digit in zip(PARITIES[check], digits, strict=True))
    return _bars(f"1011{'01'.join(signs)}")


def _bars(modules: str) -> tuple[Bar, ...]:
    bars = []
    at = 0
    for sign, run in groupby(modules):
        width = len(list(run))
        if sign != "0":
            bars.append(Bar(at, width, sign == "G"))
        at += width
    return tuple(bars)
