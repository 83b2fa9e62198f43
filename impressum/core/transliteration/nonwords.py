"""Finds what is no word: addresses, file names, `#tag`, `{value}`, units, currencies, Roman numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from impressum.core.transliteration.tables import Tables, symbols

LARGE = re.compile(r"(?=.)M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
SMALL = re.compile(r"ii|iii|iv|vii|viii")
"""Those in small letters that are no words."""
SINGLE = frozenset({"I", "V"})
"""Letters that are numbers on their own; `C`, `D`, `L` and `M` are letters then."""
BEFORE = re.compile(r"([^\W_]*)([\W_]*)\Z")
BEHIND = re.compile(r"([\W_]*)([^\W_]*)")
NEAR = 80
"""Letters on each side that are looked at."""
LIST = re.compile(r"\s*[–—/,-]\s*")
OPENING = ("„", "“", "«", "»", '"', "–", "—")
HOLDS = "\ufffc"
"""Placeholder for something that is not words."""
LONGEST_ENDING = 3

SPACE = "[ \u00a0\u202f]"
POWER = "(?:[²³]|\\^?[23](?!\\d))?"


def is_numeral(text: str, start: int, end: int, tables: Tables) -> bool:
    """Whether the word of `text` from `start` to `end` is a Roman numeral."""
    word = text[start:end]
    if SMALL.fullmatch(word) or (word in "iv" and text.startswith(")", end) and "ii)" in text):
        return True
    if not LARGE.fullmatch(word) or word in tables.never_numerals:
        return False
    if len(word) == 1 and word not in SINGLE:
        return False
    if len(word) > 1 and word not in tables.words_too:
        return True
    before, behind = BEFORE.search(text[max(0, start - NEAR) : start]), BEHIND.match(text[end : end + NEAR])
    assert before is not None
    assert behind is not None
    if _is_counted_by(before[1], before[2], tables) or (is_roman(behind[2]) and LIST.fullmatch(behind[1])):
        return True
    if all(one.isupper() and len(one) > 1 for one in (before[1], behind[2])):
        return False  # all of it is in capitals
    return len(word) > 1 or _single(text, word, before, behind, tables)


def _single(text: str, word: str, before: re.Match[str], behind: re.Match[str], tables: Tables) -> bool:
    """Whether `I` or `V`, between these words, is a number: neither an initial nor a word."""
    (previous, gap), (between, following) = before.groups(), behind.groups()
    if between.startswith(")") or following == word.lower():
        return True
    is_first = not previous and HOLDS not in gap
    is_title = is_first and not gap.strip() and not re.search(r"[.!?…:;]\W*\Z", text)
    if between.startswith("."):
        return is_title or not following[:1].isupper()
    if word not in tables.words_too or (is_title and following.lower().startswith(tables.behind_numerals)):
        return True
    return not (is_first or set(gap) & set(".!?…:;") or gap.rstrip().endswith(OPENING))


def _is_counted_by(noun: str, gap: str, tables: Tables) -> bool:
    """Whether `noun`, before a number, is one like `Glava` or `čl.`."""
    low = noun.lower()
    if gap.strip() == ".":
        return f"{low}." in tables.before_numerals
    nouns = (one for one in tables.before_numerals if low.startswith(one))
    return not gap.strip() and any(len(low) - len(one) <= LONGEST_ENDING for one in nouns)


def is_roman(word: str) -> bool:
    """Whether `word` alone may be a Roman numeral."""
    return LARGE.fullmatch(word) is not None and (len(word) > 1 or word in SINGLE)


def symbols_in(text: str, tables: Tables) -> Iterator[tuple[int, int]]:
    """The parts of `text` that are no words of any language, as where they begin and end."""
    for pattern in _patterns(tables.multipliers):
        for found in pattern.finditer(text):
            yield found.span(found.lastindex or 0)


@cache
def _patterns(multipliers: str) -> tuple[re.Pattern[str], ...]:
    """Each finds a symbol, or has it as its one group; `multipliers` may come between a number and its unit."""
    known = symbols()
    unit = f"(?:{_one_of(known['units'])})(?!\\w*[^\\W\\d]){POWER}(?![^\\W\\d])"
    word = f"(?:{_one_of(known['units-before-no-word'])})(?!\\w|{SPACE}+\\w)"
    number = rf"\d{SPACE}?" + (rf"(?:(?:{multipliers}){SPACE})?" if multipliers else "")
    common, codes = _one_of(known["currencies-anywhere"]), _one_of(known["currencies"])
    names = rf"[\w-]+(?:\.[\w-]+)*\.(?:{_one_of(known['domains'])}|{_one_of(known['files'])})(?!\w)"
    return (
        re.compile(
            r"[A-Za-z][A-Za-z0-9+.-]*://\S+|\b(?:mailto|doi|tel|urn):\S+|\bwww\.\S+|\b10\.\d{4,9}/\S+"
            r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w&])[#@]\w[\w-]*|\{[\w.-]+\}"
            rf"|(?<![\w/])(?:[\w.-]+/)*{names}(?:[/?]\S*)?"
        ),
        re.compile(rf"{number}({unit}(?:[/·⋅]{unit})*|{word})"),
        re.compile(rf"(?<![\w])(?:{_one_of(known['units-anywhere'])}){POWER}(?!\w)"),
        re.compile(r"°[ \u00a0\u202f]?([CFK])(?!\w)"),
        re.compile(rf"(?<!\w)(?:(?:{common}|{codes})/|[€$£]/)({unit})"),
        re.compile(rf"(?<!\w)(?:{common})(?!\w)"),
        re.compile(rf"\d{SPACE}?({codes})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{_one_of(known['units'])})[²³23](?!\w)"),
    )


def _one_of(names: str) -> str:
    """The `names` as a pattern, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names.split(), key=len, reverse=True))
