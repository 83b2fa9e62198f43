"""The numbers and months of a text, read in the notation of its language: 1,234.5 is 1.234,5 is 1 234,5."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from impressum.errors import Place

if TYPE_CHECKING:
    from babel import Locale

SPACES = " \u00a0\u202f\u2009"
APOSTROPHES = "'\u2019"
LETTER = "A-Za-z\u00aa\u00ba\u00c0-\u024f\u0370-\u052f"
"""Letters of alphabets; a sign of another script may stand beside a number without a space."""
ADDRESS = re.compile(r"(https?://|www\.)\S+")
STRETCH = re.compile(rf"(?<![{LETTER}\d_])\d+(?:[.,{APOSTROPHES}\u066b\u066c{SPACES}]\d+)*")
"""What may be one number, in whatever notation."""
RANK = re.compile(
    rf"[\u2010\u2011-]?(s|st|nd|rd|th|er|ers|re|e|es|ème|ª|º|ih|tih|их|тих|og|ог|oj|ој|i|и)(?![{LETTER}])"
)
"""What makes of a number a rank or a decade, which another language may say in words: 15th, 1990s, 1990-ih."""
POINT = re.compile(rf"\.[{SPACES}](?=[a-zà-öø-ÿа-џ])")
LARGEST_RANK = 31
FIRST_YEAR = re.compile(r"(?<!\d)(1\d|20)(\d\d)[–/-]\Z")
ISO_DAY = re.compile(r"(?<![\w-])(\d{4})-(0\d|1[0-2])-([0-3]\d)(?![\w-])")
DAY = re.compile(rf"(?<![\w.])([0-3]?\d)\.[{SPACES}]?([01]?\d)\.[{SPACES}]?(\d{{4}})(?!\d)")
NOWHERE = Place("")
MOST_QUIET = 100
LOUD_DIGITS = 3


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
    def is_quiet(self) -> bool:
        """Whether it may well stand for a number that the source has in words."""
        if self.soft or self.value is None:
            return self.soft
        digits = "".join(map(str, self.value.normalize().as_tuple().digits)).strip("0")
        return self.value <= MOST_QUIET or len(digits) < LOUD_DIGITS


@dataclass(frozen=True)
class Month:
    """A month of a date, from 1."""

    month: int
    shown: str
    offset: int
    place: Place = NOWHERE


def numbers_in(text: str, language: str) -> tuple[Number, ...]:
    """The numbers in `text`, in order: those of addresses, and those within a word as in A4, are none."""
    text = ADDRESS.sub(lambda found: " " * len(found.group()), text)
    found = [number for date in _dates(text) for number in date[1:]]
    text = _without_dates(text)
    return tuple(sorted((*found, *_numbers(text, language)), key=lambda number: number.offset))


def months_in(text: str, language: str) -> tuple[Month, ...]:
    """The months of dates in `text`: beside a number that can be a day or a year."""
    found = [date[0] for date in _dates(text)]
    names, pattern = _month_names(language)
    for match in pattern.finditer(text):
        name = (match["behind"] or match["before"]).casefold()
        month = next(month for stem, month in names if name.startswith(stem))
        found.append(Month(month, " ".join(match.group().split()), match.start()))
    return tuple(found)


def matched(
    source: Sequence[Number], other: Sequence[Number]
) -> tuple[list[tuple[Number, Number]], list[Number], list[Number]]:
    """Pairs of numbers that mean the same, what is left of `source`, and what is left of `other`."""
    pairs: list[tuple[Number, Number]] = []
    left, right = list(source), list(other)
    for same in SAME:
        for number in tuple(left):
            partner = next((one for one in right if same(number, one)), None)
            if partner:
                pairs.append((number, partner))
                left.remove(number)
                right.remove(partner)
        if same is _of_one_worth:
            left, right = _apart(left, right)
    return pairs, left, right


def written_out(number: Number) -> str:
    """A number with the word for its scale."""
    return f"{number.shown} {number.word}" if number.word else number.shown


def _alike(one: Number, two: Number) -> bool:
    return one.value == two.value and one.scale == two.scale and (one.value is not None or one.parts == two.parts)


def _of_one_value(one: Number, two: Number) -> bool:
    return one.value is not None and one.value == two.value and not (one.scale and two.scale)


def _of_one_worth(one: Number, two: Number) -> bool:
    return one.worth is not None and one.worth == two.worth


def _but_for_scale(one: Number, two: Number) -> bool:
    return one.value is not None and one.value == two.value


SAME: tuple[Callable[[Number, Number], bool], ...] = (_alike, _of_one_value, _of_one_worth, _alike, _but_for_scale)
"""From the strictest to the loosest; before the second half, what is left is taken apart at its marks."""


def _apart(left: list[Number], right: list[Number]) -> tuple[list[Number], list[Number]]:
    """`left` and `right`, with those numbers in single parts that the other side has so: 10.30 and 10:30."""

    def parted(numbers: list[Number], others: list[Number]) -> list[Number]:
        singles = {other.value for other in others}
        made: list[Number] = []
        for number in numbers:
            if len(number.parts) > 1 and all(Decimal(part) in singles for part in number.parts):
                made += [Number(str(part), Decimal(part), (part,), number.offset) for part in number.parts]
            else:
                made.append(number)
        return made

    return parted(left, right), parted(right, left)


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
    return tuple(int(part) for part in re.findall(r"\d+", shown))


def _value(shown: str, language: str) -> Decimal | None:
    read = _notation(language).fullmatch(shown)
    if read is None:
        return None
    rest = read["rest"] or ""
    return Decimal(re.sub(r"\D", "", read["digits"]) + (f".{rest}" if rest else ""))


def _full_year(before: str, shown: str) -> Decimal | None:
    """The second year of 1914–18."""
    first = FIRST_YEAR.search(before[-5:])
    if first is None or len(shown) != 2 or not shown.isdigit() or int(shown) <= int(first[2]):
        return None
    return Decimal(first[1] + shown)


def _is_rank(value: Decimal | None, behind: str, language: str) -> bool:
    """Whether the number is a rank as 15. is in „15. veka“, and no day of a month."""
    if value is None or value > LARGEST_RANK or not POINT.match(behind):
        return False
    names, _ = _month_names(language)
    word = behind[1:].strip(SPACES).casefold()
    return not any(word.startswith(stem) for stem, _ in names)


def _scale(behind: str, language: str) -> tuple[str, int]:
    word = re.match(rf"[{SPACES}]?([^\W\d_]+)", behind)
    if word is None:
        return "", 0
    words = scale_words(language)
    name = word[1].casefold()
    if name in words:
        return word[1], words[name]
    one = word[1][:1]  # 3億
    return (one, words[one]) if one in words and not re.match(f"[{LETTER}]", one) else ("", 0)


def _dates(text: str) -> Iterator[tuple[Month, Number, Number]]:
    """The dates in figures: the month, the day and the year of each."""
    for pattern, (year, month, day) in ((ISO_DAY, (1, 2, 3)), (DAY, (3, 2, 1))):
        for found in pattern.finditer(text):
            if 1 <= int(found[month]) <= 12 and 1 <= int(found[day]) <= 31:
                yield Month(int(found[month]), found.group(), found.start()), _whole(found, day), _whole(found, year)


def _whole(found: re.Match[str], part: int) -> Number:
    return Number(found[part], Decimal(found[part]), (int(found[part]),), found.start(part))


def _without_dates(text: str) -> str:
    """`text` with blanks for dates in figures."""
    for pattern in (ISO_DAY, DAY):
        text = pattern.sub(lambda found: " " * len(found.group()), text)
    return text


@lru_cache
def _notation(language: str) -> re.Pattern[str]:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = _locale(language)
    decimal = get_decimal_symbol(locale)
    other = "." if decimal == "," else ""
    groups = re.escape(f"{get_group_symbol(locale)}{SPACES}{APOSTROPHES}\u066c{other}")
    digits = rf"\d{{1,3}}(?:[{groups}]\d{{3}})+|\d+"
    return re.compile(rf"(?P<digits>{digits})(?:[{re.escape(decimal)}\u066b](?P<rest>\d+))?")


@lru_cache
def scale_words(language: str) -> dict[str, int]:
    """The words for thousand, million and so on, each with its power of ten."""
    words: dict[str, int] = {}
    for patterns in _locale(language).compact_decimal_formats.values():
        for by_power in patterns.values():
            for power, pattern in by_power.items():
                word = re.sub(r"[0'.\s\u00a0]", "", pattern.pattern).casefold()
                zeros = len(str(power)) - max(1, pattern.pattern.count("0"))
                if word.isalpha() and (len(word) > 1 or not re.match(f"[{LETTER}]", word)):
                    words.setdefault(word, zeros)
    return words


@lru_cache
def _month_names(language: str) -> tuple[tuple[tuple[str, int], ...], re.Pattern[str]]:
    """The beginnings of the names of the months, the longest first, and the pattern of one beside a number."""
    months = _locale(language).months
    names = {
        str(name).casefold(): month
        for form in ("format", "stand-alone")
        for month, name in months[form]["wide"].items()
        if not re.search(r"\d", str(name))
    }
    stems = {
        (name[:-1] if len(name) > 4 and name[-1] in "aeiouаеиоу" else name): month for name, month in names.items()
    }
    ordered = tuple(sorted(stems.items(), key=lambda one: -len(one[0])))
    name = "(?:" + "|".join(re.escape(stem) for stem, _ in ordered) + rf")[{LETTER}]{{0,4}}" if stems else "(?!)"
    joint = rf"[{SPACES}]"
    pattern = (
        rf"(?<!\d)\d{{1,2}}(?:\.|er|st|nd|rd|th)?{joint}(?P<behind>{name})(?![{LETTER}])"
        rf"|(?<![{LETTER}])(?P<before>{name})\.?{joint}\d{{1,4}}(?!\d)"
    )
    return ordered, re.compile(pattern, re.IGNORECASE)


@lru_cache
def _locale(language: str) -> Locale:
    """What Babel knows of `language`, or of what its tag begins with; else of English."""
    from babel import Locale, UnknownLocaleError

    parts = language.split("-")
    while parts:
        try:
            return Locale.parse("_".join(parts))
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return Locale.parse("en")
