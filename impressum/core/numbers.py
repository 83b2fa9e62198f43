"""The numbers and dates of a text, read as its language writes them: 1,234.5 is 1.234,5 is 1 234,5 is ١٬٢٣٤٫٥.

Digits may be of any script. The marks between them come from CLDR (through Babel). Authors also write marks that CLDR
does not list for their language; these are read as in the lenient parsing of ICU (`DecimalMatcher`; UTS #35, part 3,
"Parsing Numbers"), with two restrictions: the mark for thousands is the same throughout, and no comma is guessed at.

- Thousands are separated by the language's own mark, a space of any width, an apostrophe, or the Arabic ٬. In Indian
  languages groups of two digits may precede the last three: 12,34,567.
- The decimal mark is the language's own, or the Arabic ٫.
- Where the decimal mark is a comma, a point before three digits separates thousands. CLDR gives French, Polish and
  Swedish a space for that, but `26.270` cannot be a fraction in them: it is 26270, as in German. `26.27` has no value.
- Where the decimal mark is a point, a comma separates thousands only if CLDR says so. Swiss German writes 26’270 and
  uses both marks for decimals, so `26,270` has no value there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from impressum.core.errors import Place
from impressum.core.numerals import APOSTROPHES, SPACES, locale_of

LETTER = "A-Za-z\u00aa\u00ba\u00c0-\u024f\u0370-\u052f"
"""Letters of alphabets; a sign of another script may touch a number."""
VOWELS = "aeiouаеиоу"
SLAVIC = frozenset("bs cs hr mk pl ru sk sl sr uk".split())
LONGEST_ENDING = 4
NOWHERE = Place("")
ISO = re.compile(r"(?<![\w-])(?P<year>\d{4})-(?P<month>0\d|1[0-2])-(?P<day>[0-3]\d)(?![\w-])")
POINTS = re.compile(rf"(?<![\w.])(?P<day>[0-3]?\d)\.[{SPACES}]?(?P<month>[01]?\d)\.[{SPACES}]?(?P<year>\d{{4}})(?!\d)")


@dataclass(frozen=True)
class Month:
    """A month of a date, from 1, as it is `shown` with the day or the year beside it."""

    month: int
    shown: str
    offset: int
    place: Place = NOWHERE


def dates_in_figures(text: str) -> Iterator[re.Match[str]]:
    """The dates without a word in them, 2024-06-12 and 12.06.2024, with their `day`, `month` and `year`."""
    for form in (ISO, POINTS):
        for found in form.finditer(text):
            if 1 <= int(found["month"]) <= 12 and 1 <= int(found["day"]) <= 31:
                yield found


def months_in(text: str, language: str) -> tuple[Month, ...]:
    """The months of dates in `text`: a name of one counts beside a number that can be a day or a year."""
    found = [Month(int(date["month"]), date.group(), date.start()) for date in dates_in_figures(text)]
    for match in _form(language).finditer(text):
        month = month_of(match["behind"] or match["before"], language)
        if month:
            found.append(Month(month, " ".join(match.group().split()), match.start()))
    return tuple(found)


def months_named(text: str, language: str) -> tuple[Month, ...]:
    """The months that `text` names as the language writes them, with a number beside them or without: in March."""
    return tuple(
        Month(month, found.group(), found.start())
        for found in _names_alone(language).finditer(text)
        if (month := month_of(found.group(), language))
    )


@lru_cache
def _names_alone(language: str) -> re.Pattern[str]:
    stems = "|".join(map(re.escape, _stems(language)))
    return re.compile(rf"(?<![{LETTER}\d])(?:{stems or '(?!)'})(?:[{VOWELS}]|[oeое][mм])?(?![{LETTER}])")


def month_of(word: str, language: str) -> int | None:
    """The month that `word` names, in whatever case."""
    name = word.casefold()
    return next((month for stem, month in _stems(language).items() if name.startswith(stem.casefold())), None)


@lru_cache
def _form(language: str) -> re.Pattern[str]:
    stems = "|".join(map(re.escape, _stems(language)))
    name = rf"(?:{stems})[{LETTER}]{{0,{LONGEST_ENDING}}}" if stems else "(?!)"
    return re.compile(
        rf"(?<!\d)\d{{1,2}}(?:\.|er|st|nd|rd|th)?[{SPACES}](?P<behind>{name})(?![{LETTER}])"
        rf"|(?<![{LETTER}])(?P<before>{name})\.?[{SPACES}]\d{{1,4}}(?!\d)",
        re.IGNORECASE,
    )


@lru_cache
def _stems(language: str) -> Mapping[str, int]:
    """The names of the months as the language writes them, without an ending that may change, the longest first, each
    with its number."""
    months = locale_of(language).months
    names = {
        str(name): month
        for form in ("format", "stand-alone")
        for month, name in months[form]["wide"].items()
        if not re.search(r"\d", str(name))
    }
    stems = {(name[:-1] if len(name) > LONGEST_ENDING and name[-1] in VOWELS else name): names[name] for name in names}
    stems |= {re.sub("[aа](?=[rр]$)", "", name): names[name] for name in names if re.search("[bб][aа][rр]$", name)}
    return dict(sorted(stems.items(), key=lambda one: -len(one[0])))


MARKS = f".,\u066b\u066c{APOSTROPHES}{SPACES}"
"""Marks that may separate the digits of a number in most notations."""
FULL_WIDTH = {0xFF0C: ",", 0xFF0E: "."}
MINUSES = "-\u2212\u2013"
ADDRESS = re.compile(r"(https?://|www\.)\S+")
RANK = re.compile(
    rf"[\u2010\u2011-]?(s|st|nd|rd|th|er|ers|re|e|es|ème|ª|º|ih|tih|их|тих|og|ог|oj|ој|i|и)(?![{LETTER}])"
)
"""Endings that turn a number into an ordinal or a decade, which other languages may spell out: 15th, 1990s, 1990-ih."""
POINT = re.compile(rf"\.[{SPACES}](?=[a-zà-öø-ÿа-џ])")
POINT_IN_GERMAN = re.compile(rf"\.[{SPACES}](?=[^\W\d_])")
"""The point of an ordinal. In German a capital may follow it, as after the end of a sentence."""
FIRST_YEAR = re.compile(r"(?<!\d)(1\d|20)(\d\d)[–/-]\Z")
LONGEST = 40
"""Digits of a part that are compared; Python reads no number of more than 4300."""
TENS = {"十": 1, "百": 2, "千": 3, "십": 1, "백": 2, "천": 3}
MYRIAD = 4
"""Signs from 10,000 on may follow those for ten, a hundred and a thousand, which multiply them: 3千万."""
PERCENT_WORDS = ("per cent", "percent", "posto", "odsto", "postotaka", "посто", "одсто")
"""Words for a percentage besides those of CLDR."""


@dataclass(frozen=True)
class Number:
    """A number in a text: its digits and marks, as `shown` at `offset` (characters from 0).

    `value` is the number without its sign, `decimals` how many of its digits are decimals; `value` is None if the
    number is not in the notation of the language. `parts` are its runs of digits. `scale` is the power of ten of the
    word or sign that follows (`suffix`: ` million`, `亿`), or 0. `rank`: an ordinal or a decade (15th, 1990s).
    """

    shown: str
    value: Decimal | None
    parts: tuple[int, ...]
    offset: int
    decimals: int = 0
    scale: int = 0
    suffix: str = ""
    negative: bool = False
    percent: bool = False
    rank: bool = False
    place: Place = NOWHERE
    measure: str = ""
    """Its currency, share or unit, where it was looked for (`quantities.measured`): `EUR`, `%`, `W`."""
    power: int = 0
    """The power of ten of the prefix of its unit."""

    @property
    def worth(self) -> Decimal | None:
        """The value with its scale: 3200000 for 3.2 million, and for 3.2 MW."""
        return None if self.value is None else self.value.scaleb(self.scale + self.power)

    @property
    def written(self) -> str:
        """The number with the word for its scale."""
        return self.shown + self.suffix


class _Notation(NamedTuple):
    """How a language writes numbers: what may be one, what is one, and words for scales and percentages."""

    stretch: re.Pattern[str]
    form: re.Pattern[str]
    scale: re.Pattern[str]
    noughts: dict[str, int]
    percent: re.Pattern[str]

    def nought(self, word: str) -> int:
        """The power of ten of a word for a scale, whatever its ending."""
        plain = _plain(word)
        heads = (plain[:end] for end in range(len(plain), 4, -1))
        return self.noughts.get(plain) or next((n for head in heads if (n := self._beginning(head))), 0)

    def _beginning(self, head: str) -> int:
        return next((n for word, n in self.noughts.items() if word.startswith(head)), 0)


def numbers_in(text: str, language: str) -> tuple[Number, ...]:
    """The numbers in `text`, in order, but not in addresses and words (A4); a date in figures gives day and year."""
    text = ADDRESS.sub(_blank, text)
    found: list[Number] = []
    for date in dates_in_figures(text):
        for part in ("day", "year"):
            found.append(Number(date[part], Decimal(date[part]), (int(date[part]),), date.start(part)))
        text = text[: date.start()] + _blank(date) + text[date.end() :]
    for number in _numbers(text, language):
        if found and (joined := _joined(found[-1], number, text)):
            found[-1] = joined
        else:
            found.append(number)
    return tuple(sorted(found, key=lambda number: number.offset))


def scale_of(text: str, language: str) -> int:
    """The power of ten of the first word of `text` that means one (million, Milliarden, milijardi), or 0."""
    notation = _notation(language)
    found = notation.scale.search(text)
    return notation.nought(found["word"]) if found else 0


def scale_after(text: str, offset: int, language: str) -> tuple[int, str]:
    """The power of ten of the word or sign that follows at `offset`, and how it is written there; (0, "") for none."""
    notation = _notation(language)
    scale = notation.scale.match(text, offset)
    if scale is None:
        return 0, ""
    return notation.nought(scale["word"]), f"{' ' if scale['gap'] else ''}{scale['word']}"


@lru_cache
def number_form(decimal: str, group: str, second: int = 3) -> re.Pattern[str]:
    """A pattern for numbers with these marks: `digits` and decimal `rest`; groups have `second` digits at least."""
    groups = re.escape(f"{group}{SPACES}{APOSTROPHES}\u066c{'.' if decimal == ',' else ''}")
    digits = rf"\d{{1,3}}(?P<mark>[{groups}])(?:\d{{{second},3}}(?P=mark))*\d{{3}}|\d+"
    return re.compile(rf"(?P<digits>{digits})(?:[{re.escape(decimal)}\u066b](?P<rest>\d+))?")


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _plain(word: str) -> str:
    return " ".join(word.casefold().split())


def _numbers(text: str, language: str) -> Iterator[Number]:
    notation = _notation(language)
    for stretch in notation.stretch.finditer(text):
        for shown, offset in _cut(stretch["digits"], stretch.start("digits"), notation):
            value, decimals = _read(shown, notation)
            end = offset + len(shown)
            yield Number(
                shown,
                _full_year(text[max(0, offset - 5) : offset], shown) or value,
                tuple(int(part[:LONGEST]) for part in re.findall(r"\d+", shown)),
                offset,
                decimals,
                *scale_after(text, end, language),
                bool(stretch["minus"]) and offset == stretch.start("digits"),
                bool(notation.percent.match(text, end)),
                bool(RANK.match(text, end)) or _is_rank(value, text[end:], language),
            )


def _cut(stretch: str, start: int, notation: _Notation) -> Iterator[tuple[str, int]]:
    """The numbers in a stretch, with their offsets: all of it if that can be read, else its parts between spaces."""
    if _read(stretch, notation)[0] is not None:
        yield stretch, start
        return
    for piece in re.finditer(rf"[^{SPACES}]+", stretch):
        yield piece.group(), start + piece.start()


def _read(shown: str, notation: _Notation) -> tuple[Decimal | None, int]:
    """The value, or None if this is not in the notation, and the number of decimals."""
    read = notation.form.fullmatch(shown.translate(FULL_WIDTH))
    if read is None:
        return None, 0
    rest = read["rest"] or ""
    return Decimal(re.sub(r"\D", "", read["digits"]) + (f".{rest}" if rest else "")), len(rest)


def _joined(first: Number, second: Number, text: str) -> Number | None:
    """`first` and `second` as one number, if they are: 1億2000万, 12万3456, 3 million 200 thousand."""
    between = text[first.offset + len(first.written) : second.offset]
    if first.worth is None or second.worth is None or first.decimals or first.scale <= second.scale:
        return None
    if second.worth >= Decimal(1).scaleb(first.scale) or between not in (("", " ") if second.scale else ("",)):
        return None
    shown = text[first.offset : second.offset + len(second.shown)]
    value = (first.worth + second.worth).scaleb(-second.scale)
    return replace(
        second, shown=shown, value=value, parts=first.parts + second.parts, offset=first.offset, negative=first.negative
    )


def _full_year(before: str, shown: str) -> Decimal | None:
    """The second year of 1914–18."""
    first = FIRST_YEAR.search(before)
    if first is None or len(shown) != len(first[2]) or not shown.isdigit() or int(shown) <= int(first[2]):
        return None
    return Decimal(first[1] + shown)


def _is_rank(value: Decimal | None, behind: str, language: str) -> bool:
    """Whether the number is an ordinal, as 15. is in „15. veka“, and not the day of a month."""
    point = POINT_IN_GERMAN if language.startswith("de") else POINT
    if value is None or value > 31 or not point.match(behind):
        return False
    return month_of(behind[1:].strip(SPACES), language) is None


@lru_cache
def _notation(language: str) -> _Notation:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = locale_of(language)
    decimal, group = get_decimal_symbol(locale), get_group_symbol(locale)
    marks = f"[{MARKS}{re.escape(decimal + group)}]|(?<=[０-９])[，．](?=[０-９])"
    stretch = rf"(?P<minus>(?<![\w.,])[{MINUSES}])?(?<![{LETTER}\d_])(?P<digits>\d+(?:(?:{marks})\d+)*)"
    indian = locale.decimal_formats[None].grouping == (3, 2)
    noughts, glued = _scales(language)
    words = "|".join(
        _stem(word, language) + ("" if word in glued else r"(?![^\W\d_])")
        for word in sorted(noughts, key=len, reverse=True)
    )
    percent = "|".join(re.escape(word).replace(r"\ ", f"[{SPACES}]") for word in _percent_words(language))
    return _Notation(
        re.compile(stretch),
        number_form(decimal, group, 2 if indian else 3),
        re.compile(rf"(?P<gap>[{SPACES}]?)(?<![^\W\d_])(?P<word>{words or '(?!)'})", re.IGNORECASE),
        noughts,
        re.compile(rf"[{SPACES}]?[%٪％﹪]|[{SPACES}](?:{percent})\b", re.IGNORECASE),
    )


def _stem(word: str, language: str) -> str:
    """The pattern of a word for a scale; in Slavic languages with any ending: milijarda, milijardu, milijardama."""
    stem = word.rstrip(VOWELS)
    if language.split("-")[0] in SLAVIC and len(stem) >= LONGEST_ENDING:
        return rf"{re.escape(stem)}(?:[{VOWELS}]\w{{0,2}})?"
    return re.escape(word).replace(r"\ ", f"[{SPACES}]")


def _scales(language: str) -> tuple[dict[str, int], set[str]]:
    """The words for thousand, million and so on with their powers of ten, and which of them follow without a space."""
    noughts: dict[str, int] = {}
    glued: set[str] = set()
    for patterns in locale_of(language).compact_decimal_formats.values():
        for by_power in patterns.values():
            for power, pattern in by_power.items():
                form = re.sub("['.\u200e\u200f\u061c]", "", pattern.pattern.partition(";")[0])
                word = _plain(form.strip("0-"))
                sign = not re.match(f"[{LETTER}]", word)
                if word and (sign or len(word) > 1):
                    noughts.setdefault(word, len(str(power)) - max(1, form.count("0")))
                    if sign and f"0{word}" in form:
                        glued.add(word)
    for word, (ten, more) in product(tuple(glued), TENS.items()):
        if noughts[word] >= MYRIAD:
            noughts[f"{ten}{word}"] = noughts[word] + more
            glued.add(f"{ten}{word}")
    return noughts, glued


def _percent_words(language: str) -> set[str]:
    from babel.units import format_unit

    locale = locale_of(language)
    words = {format_unit(number, "concentr-percent", locale=locale) for number in (1, 2, 5)}
    return {_plain(word.strip("0123456789\u200e\u200f\u061c")) for word in words}.union(PERCENT_WORDS) - {"%", ""}
