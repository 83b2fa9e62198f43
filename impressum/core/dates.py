"""The dates of a text: their months, in words or in figures, and where the figures of a whole date stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from impressum.core.errors import Place
from impressum.core.numerals import SPACES, locale_of

LETTER = "A-Za-z\u00aa\u00ba\u00c0-\u024f\u0370-\u052f"
"""Letters of alphabets; a sign of another script may stand beside a number without a space."""
VOWELS = "aeiouаеиоу"
LONGEST_ENDING = 4
NOWHERE = Place("")
ISO = re.compile(r"(?<![\w-])(?P<year>\d{4})-(?P<month>0\d|1[0-2])-(?P<day>[0-3]\d)(?![\w-])")
POINTS = re.compile(rf"(?<![\w.])(?P<day>[0-3]?\d)\.[{SPACES}]?(?P<month>[01]?\d)\.[{SPACES}]?(?P<year>\d{{4}})(?!\d)")
MONTHS_OF_A_YEAR = 12
LONGEST_MONTH = 31


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
            if 1 <= int(found["month"]) <= MONTHS_OF_A_YEAR and 1 <= int(found["day"]) <= LONGEST_MONTH:
                yield found


def months_in(text: str, language: str) -> tuple[Month, ...]:
    """The months of dates in `text`: a name of one counts beside a number that can be a day or a year."""
    found = [Month(int(date["month"]), date.group(), date.start()) for date in dates_in_figures(text)]
    for match in _form(language).finditer(text):
        month = month_of(match["behind"] or match["before"], language)
        if month:
            found.append(Month(month, " ".join(match.group().split()), match.start()))
    return tuple(found)


def month_of(word: str, language: str) -> int | None:
    """The month that `word` names, in whatever case."""
    name = word.casefold()
    return next((month for stem, month in _stems(language).items() if name.startswith(stem)), None)


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
    """The names of the months without an ending that may change, the longest first, each with its number."""
    months = locale_of(language).months
    names = {
        str(name).casefold(): month
        for form in ("format", "stand-alone")
        for month, name in months[form]["wide"].items()
        if not re.search(r"\d", str(name))
    }
    stems = {(name[:-1] if len(name) > LONGEST_ENDING and name[-1] in VOWELS else name): names[name] for name in names}
    return dict(sorted(stems.items(), key=lambda one: -len(one[0])))
