"""Numbers as they stand in a text, read in the notation of its language: 1,234.5 and 59 % and 3.2 billion."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from impressum.numerals import APOSTROPHES, SPACES, locale_of

MINUSES = "-\u2212\u2013"
SCALES = (3, 6, 9, 12)
"""The powers of ten that have a word in texts: thousand, million, billion, trillion."""
PERCENT_WORDS = "per ?cent|prozent|pour cent|posto|odsto|postotaka|посто|одсто"
PERCENT = re.compile(rf"[{SPACES}]?%|[{SPACES}](?:{PERCENT_WORDS})\b", re.IGNORECASE)
STRETCH = re.compile(rf"(?<![\w.,])[{MINUSES}]?\d(?:[\d.,{APOSTROPHES}{SPACES}]*\d)?")
"""What may be one number, in whatever notation."""
REACH = 30
"""Letters behind a number among which the word of its scale is looked for."""


@dataclass(frozen=True)
class ShownNumber:
    """A number in a text: how it is written, its value as written, and how many decimals are shown.

    `percent`: a percent sign or word stands behind it; `scale`: the power of ten of the word behind it, or 0.
    """

    text: str
    value: Decimal
    decimals: int
    percent: bool
    scale: int


def numbers_in(text: str, language: str) -> tuple[ShownNumber | None, ...]:
    """The numbers in `text`, in the notation of `language` (BCP 47); None for one that is in another notation."""
    return tuple(_read(text, stretch, language) for stretch in STRETCH.finditer(text))


def scale_of(text: str, language: str) -> int:
    """The power of ten of the first word of `text` that stands for one (million, Milliarden, milijardi), or 0."""
    words = _scale_words(language)
    return next((words[word] for word in re.findall(r"[^\W\d_]+", text.lower()) if word in words), 0)


def _read(text: str, stretch: re.Match[str], language: str) -> ShownNumber | None:
    read = _notation(language).fullmatch(stretch.group())
    if read is None:
        return None
    rest = read["rest"] or ""
    value = Decimal(re.sub(r"\D", "", read["digits"]) + (f".{rest}" if rest else ""))
    behind = text[stretch.end() :]
    return ShownNumber(
        stretch.group(),
        -value if read["sign"] else value,
        len(rest),
        bool(PERCENT.match(behind)),
        scale_of(behind[:REACH], language),
    )


@lru_cache
def _notation(language: str) -> re.Pattern[str]:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = locale_of(language)
    decimal = get_decimal_symbol(locale)
    groups = re.escape(f"{get_group_symbol(locale)}{SPACES}{APOSTROPHES}")
    digits = rf"\d{{1,3}}(?:[{groups}]\d{{3}})+|\d+"
    return re.compile(rf"(?P<sign>[{MINUSES}])?(?P<digits>{digits})(?:{re.escape(decimal)}(?P<rest>\d+))?")


@lru_cache
def _scale_words(language: str) -> dict[str, int]:
    words: dict[str, int] = {}
    for patterns in locale_of(language).compact_decimal_formats.values():
        for by_power in patterns.values():
            for power, pattern in by_power.items():
                word = re.sub(r"[0'.\s\u00a0]", "", pattern.pattern).lower()
                exponent = len(str(power)) - 1
                if len(word) > 1 and word.isalpha() and exponent in SCALES:
                    words.setdefault(word, exponent)
    return words
