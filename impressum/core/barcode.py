"""The barcode of an ISBN, EAN-13, as bars to be drawn: widths in modules, the symbol's smallest unit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby


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
    bars = []
    at = 0
    for sign, run in groupby(modules):
        width = len(list(run))
        if sign != "0":
            bars.append(Bar(at, width, sign == "G"))
        at += width
    return Barcode(tuple(bars), (number[0], number[1:7], number[7:]))
