"""How a language writes numbers, money, months and years; imports only Babel, late: figure scripts have it too."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

MINUS = "\u2212"
NO_BREAK = "\u00a0"
SPACES = " \u00a0\u202f\u2009"
APOSTROPHES = "'\u2019"
"""Separators of thousands that are accepted in any language."""
MOST_DECIMALS = 15
SIGNIFICANT = 12
"""Significant digits of a float that are those of the decimal number it approximates."""
TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_SERBIAN = (
    (re.compile("bar$"), "bra"),
    (re.compile("бар$"), "бра"),
    (re.compile("(?<=[nl])i$"), "a"),
    (re.compile("(?<=[a-z])$"), "a"),
    (re.compile("(?<=[а-яј])$"), "а"),
)
ENDINGS = {
    "sr": _SERBIAN,
    "bs": _SERBIAN,
    "sl": (
        (re.compile("ec$"), "ca"),
        (re.compile("ber$"), "bra"),
        (re.compile("uar$"), "uarja"),
        (re.compile("$"), "a"),
    ),
}
"""How the genitive of a month is made, in languages of which CLDR has the nominative in dates too: `1. marta`."""

TimeKind = Literal["year", "quarter", "month", "day"]
TIMES: Mapping[TimeKind, re.Pattern[str]] = {
    "year": re.compile(r"\d{4}", re.ASCII),
    "quarter": re.compile(r"\d{4}-Q[1-4]", re.ASCII),
    "month": re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII),
    "day": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII),
}


@dataclass(frozen=True)
class Numerals:
    """The numerals of the language `tag`; where it is not known, those of its shorter forms, else of English."""

    tag: str

    def number(self, value: float, decimals: int | None = None) -> str:
        """1234.5 as 1,234.5 or 1.234,5; with `decimals` digits after the mark, or as many as the value has."""
        return self._written(self._locale.decimal_formats[None], value, 0, decimals)

    def percent(self, value: float, decimals: int | None = None) -> str:
        """A share of one: 0.345 as 34.5% or 34,5 %."""
        return self._written(self._locale.percent_formats[None], value, 2, decimals)

    def currency(self, value: float, code: str, decimals: int | None = None) -> str:
        """An amount: 12.5 in EUR as €12.5 or 12,5 €, with as many decimals as are given or as the value has."""
        written = self._written(self._locale.currency_formats["standard"], value, 0, decimals, code)
        return re.sub(r"(?<=[^\W\d_])(?=\d)", NO_BREAK, written)  # RSD 12

    def time(self, text: str, *, short: bool = False) -> str:
        """2023 as it is; 2023-05, 2023-05-17 and 2023-Q2 as the language says them, `short` with a shorter month."""
        kind = time_kind([text])
        if kind is None or kind == "year":
            return text
        from babel.dates import format_date, format_skeleton

        day = first_day(text)
        if kind == "quarter":
            return str(format_skeleton("yQQQ", day, locale=self._locale))
        if kind == "day":
            return format_date(day, "medium", self._locale) if short else long_date(day, self._locale)
        return str(format_skeleton("yMMM" if short else "yMMMM", day, locale=self._locale))

    def month(self, text: str, *, short: bool = False) -> str:
        """The name of the month of 2023-05 or 2023-05-17 by itself: May, Mai, мај. Else `text` as it is."""
        if time_kind([text]) not in ("month", "day"):
            return text
        width = "abbreviated" if short else "wide"
        return str(self._locale.months["stand-alone"][width][first_day(text).month])

    def quarter(self, text: str) -> str:
        """The short name of the quarter of 2023-Q2: Q2, T2, K2."""
        return str(self._locale.quarters["format"]["abbreviated"][(first_day(text).month + 2) // 3])

    @property
    def _locale(self) -> Locale:
        return locale_of(self.tag)

    def _written(
        self, pattern: NumberPattern, value: float, shift: int, decimals: int | None, currency: str | None = None
    ) -> str:
        exact = Decimal(f"{value:.{SIGNIFICANT}g}") if isinstance(value, float) else Decimal(value)
        if decimals is None:
            decimals = max(0, decimals_of(value) - shift)
        decimals = min(decimals, MOST_DECIMALS)
        whole = Context(prec=max(28, exact.adjusted() + decimals + abs(shift) + 3))  # all its digits, however many
        rounded = exact.quantize(Decimal(1).scaleb(-decimals - shift), ROUND_HALF_UP, whole)
        rounded = rounded if rounded else abs(rounded)  # no minus before a zero
        form = copy(pattern)
        form.frac_prec = (decimals, decimals)
        with localcontext(whole):
            written = str(form.apply(abs(rounded), self._locale, currency=currency, currency_digits=False))
        return f"{MINUS}{written}" if rounded < 0 else written


def long_date(day: datetime.date, locale: Locale) -> str:
    """`day` as a text has it: `12 April 2025`, `12. aprila 2025.`; months are in the case that a day asks for."""
    from babel.dates import format_date

    written = format_date(day, "long", locale)
    month = str(locale.months["format"]["wide"][day.month])
    for ending, genitive in ENDINGS.get(locale.language, ()):
        if ending.search(month):
            return written.replace(month, ending.sub(genitive, month))
    return written


def decimals_of(value: float) -> int:
    """How many digits `value` has after its decimal mark."""
    if isinstance(value, int):
        return 0
    exponent = Decimal(f"{value:.{SIGNIFICANT}g}").normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def is_sign(name: str) -> bool:
    """Whether `name` is a sign, as A4, Q1 or 2a, which every language writes alike: no two letters are together."""
    return not TWO_LETTERS.search(name)


def time_kind(texts: Sequence[str]) -> TimeKind | None:
    """The kind of all `texts`: years, quarters (2023-Q2), months (2023-05) or days; None where they are not times."""
    for kind, form in TIMES.items():
        if texts and all(form.fullmatch(text) for text in texts):
            return kind if kind != "day" or all(_is_day(text) for text in texts) else None
    return None


def first_day(text: str) -> datetime.date:
    """The first day of a time that `time_kind` knows."""
    year, _, rest = text.partition("-")
    if rest.startswith("Q"):
        return datetime.date(int(year), 3 * int(rest[1]) - 2, 1)
    month, _, day = rest.partition("-")
    return datetime.date(int(year), int(month or 1), int(day or 1))


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


@lru_cache
def known_locale(tag: str) -> Locale | None:
    """Babel's locale for `tag`, or for its longest known prefix; None if there is none."""
    from babel import Locale, UnknownLocaleError

    parts = tag.split("-")
    while parts:
        try:
            return Locale.parse("_".join(parts))
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return None


@lru_cache
def locale_of(tag: str) -> Locale:
    """Babel's locale for `tag`, or for its longest known prefix; else English."""
    from babel import Locale

    return known_locale(tag) or Locale.parse("en")
