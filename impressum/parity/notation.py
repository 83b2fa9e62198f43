"""How languages write numbers, thousands and months, as far as a text has to be read again; Babel knows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from impressum.numerals import APOSTROPHES, SPACES, locale_of

LETTER = "A-Za-z\u00aa\u00ba\u00c0-\u024f\u0370-\u052f"
"""Letters of alphabets; a sign of another script may stand beside a number without a space."""
VOWELS = "aeiouаеиоу"
LONGEST_ENDING = 4


@lru_cache
def number_form(language: str) -> re.Pattern[str]:
    """The form of a number without a sign: its `digits` with or without marks between them, and the `rest`."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = locale_of(language)
    decimal = get_decimal_symbol(locale)
    other = "." if decimal == "," else ""
    groups = re.escape(f"{get_group_symbol(locale)}{SPACES}{APOSTROPHES}\u066c{other}")
    digits = rf"\d{{1,3}}(?:[{groups}]\d{{3}})+|\d+"
    return re.compile(rf"(?P<digits>{digits})(?:[{re.escape(decimal)}\u066b](?P<rest>\d+))?")


@lru_cache
def scale_words(language: str) -> Mapping[str, int]:
    """The words for thousand, million and so on, each with its power of ten."""
    words: dict[str, int] = {}
    for patterns in locale_of(language).compact_decimal_formats.values():
        for by_power in patterns.values():
            for power, pattern in by_power.items():
                word = re.sub(r"[0'.\s\u00a0]", "", pattern.pattern).casefold()
                zeros = len(str(power)) - max(1, pattern.pattern.count("0"))
                if word.isalpha() and (len(word) > 1 or not re.match(f"[{LETTER}]", word)):
                    words.setdefault(word, zeros)
    return words


@lru_cache
def month_stems(language: str) -> Mapping[str, int]:
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
