"""The numbers of a text, read in the notation of its language: 1,234.5 is 1.234,5 is 1 234,5."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from impressum.errors import Place
from impressum.numerals import APOSTROPHES, SPACES
from impressum.parity.dates import NOWHERE, dates_in_figures, month_of
from impressum.parity.notation import LETTER, number_form, scale_words

ADDRESS = re.compile(r"(https?://|www\.)\S+")
STRETCH = re.compile(rf"(?<![{LETTER}\d_])\d+(?:[.,{APOSTROPHES}\u066b\u066c{SPACES}]\d+)*")
"""What may be one number, in whatever notation."""
RANK = re.compile(
    rf"[\u2010\u2011-]?(s|st|nd|rd|th|er|ers|re|e|es|ème|ª|º|ih|tih|их|тих|og|ог|oj|ој|i|и)(?![{LETTER}])"
)
"""What makes of a number a rank or a decade, which another language may say in words: 15th, 1990s, 1990-ih."""
POINT = re.compile(rf"\.[{SPACES}](?=[a-zà-öø-ÿа-џ])")
POINT_IN_GERMAN = re.compile(rf"\.[{SPACES}](?=[^\W\d_])")
"""The point of a rank: in German a noun follows it with a capital, as a sentence would."""
LARGEST_RANK = 31
FIRST_YEAR = re.compile(r"(?<!\d)(1\d|20)(\d\d)[–/-]\Z")
LOUD_DIGITS = 3
"""With as many digits that count, a number is hardly written as a word."""
LONGEST = 40
"""Digits of a part by which it is told from another; Python reads no number of more than 4300."""


@dataclass(frozen=True)
class Number:
    """A number of a text, as it is `shown` at `offset`.

    `value` is None where it is in another notation than that of the language; `parts` are then its digits. `scale` is
    the power of ten of the `word` behind it, or 0. A `soft` one may be in words in another language.
    """

    shown: str
    value: Decimal | None
    parts: tuple[int, ...]
    offset: int
    scale: int = 0
    word: str = ""
    soft: bool = False
    place: Place = NOWHERE

    @property
    def worth(self) -> Decimal | None:
        return None if self.value is None else self.value.scaleb(self.scale)

    @property
    def written(self) -> str:
        """The number with the word for its scale."""
        return f"{self.shown} {self.word}" if self.word else self.shown

    @property
    def is_quiet(self) -> bool:
        """Whether it may well stand for a number that the source has in words."""
        if self.soft or self.value is None:
            return self.soft
        return len(self.value.normalize().as_tuple().digits) < LOUD_DIGITS


def numbers_in(text: str, language: str) -> tuple[Number, ...]:
    """The numbers in `text`, in order: those of addresses, and those within a word as in A4, are none.

    Of a date in figures they are the day and the year.
    """
    text = ADDRESS.sub(_blank, text)
    found: list[Number] = []
    for date in dates_in_figures(text):
        found += [_whole(date, part) for part in ("day", "year")]
        text = text[: date.start()] + _blank(date) + text[date.end() :]
    return tuple(sorted((*found, *_numbers(text, language)), key=lambda number: number.offset))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _whole(date: re.Match[str], part: str) -> Number:
    return Number(date[part], Decimal(date[part]), (int(date[part]),), date.start(part))


def _numbers(text: str, language: str) -> Iterator[Number]:
    for stretch in STRETCH.finditer(text):
        for shown, offset in _cut(stretch.group(), stretch.start(), language):
            value = _full_year(text[:offset], shown) or _value(shown, language)
            behind = text[offset + len(shown) :]
            word, scale = _scale(behind, language)
            soft = bool(RANK.match(behind)) or _is_rank(value, behind, language)
            yield Number(shown, value, _digits(shown), offset, scale, word, soft)


def _cut(stretch: str, start: int, language: str) -> Iterator[tuple[str, int]]:
    """The numbers of a stretch, each with its offset: one, or those between its spaces."""
    if _value(stretch, language) is not None:
        yield stretch, start
        return
    for piece in re.finditer(rf"[^{SPACES}]+", stretch):
        yield piece.group(), start + piece.start()


def _digits(shown: str) -> tuple[int, ...]:
    return tuple(int(part[:LONGEST]) for part in re.findall(r"\d+", shown))


def _value(shown: str, language: str) -> Decimal | None:
    read = number_form(language).fullmatch(shown)
    if read is None:
        return None
    rest = read["rest"] or ""
    return Decimal(re.sub(r"\D", "", read["digits"]) + (f".{rest}" if rest else ""))


def _full_year(before: str, shown: str) -> Decimal | None:
    """The second year of 1914–18."""
    first = FIRST_YEAR.search(before[-len("1914–") :])
    if first is None or len(shown) != len(first[2]) or not shown.isdigit() or int(shown) <= int(first[2]):
        return None
    return Decimal(first[1] + shown)


def _is_rank(value: Decimal | None, behind: str, language: str) -> bool:
    """Whether the number is a rank as 15. is in „15. veka“, and no day of a month."""
    point = POINT_IN_GERMAN if language.startswith("de") else POINT
    if value is None or value > LARGEST_RANK or not point.match(behind):
        return False
    return month_of(behind[1:].strip(SPACES), language) is None


def _scale(behind: str, language: str) -> tuple[str, int]:
    """The word for thousand, million and so on at the beginning of `behind`, and its power of ten."""
    word = re.match(rf"[{SPACES}]?([^\W\d_]+)", behind)
    if word is None:
        return "", 0
    words = scale_words(language)
    if word[1].casefold() in words:
        return word[1], words[word[1].casefold()]
    sign = word[1][0]  # 3億
    return (sign, words[sign]) if sign in words and not re.match(f"[{LETTER}]", sign) else ("", 0)
