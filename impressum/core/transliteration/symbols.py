"""What stays in Latin letters whatever the language: addresses, files, `#tag`, `{value}`, units, currencies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from impressum.core.transliteration.tables import Tables, symbols

SPACE = "[ \u00a0\u202f]"
POWER = "(?:[²³]|\\^?[23](?!\\d))?"


def symbols_in(text: str, tables: Tables) -> Iterator[tuple[int, int]]:
    """The parts of `text` that are no words of any language, as where they begin and end."""
    for pattern in _patterns(tables.multipliers):
        for found in pattern.finditer(text):
            yield found.span(found.lastindex or 0)


@cache
def _patterns(multipliers: str) -> tuple[re.Pattern[str], ...]:
    """Each finds a symbol, or has it as its one group; `multipliers` may stand between a number and its unit."""
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
