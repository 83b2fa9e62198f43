"""The tables for writing a language in two scripts, as data by language (`templates/transliteration/<tag>.toml`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import permutations
from typing import Any

from impressum.core.languages import BARE

FOLDER = "templates/transliteration"
SYMBOLS = "symbols"
LETTERS_OF = {"Latn": "LATIN", "Cyrl": "CYRILLIC"}
"""How Unicode's names of the letters of a script begin."""
EDGE_BEFORE, EDGE_BEHIND = r"(?<![^\W\d_])", r"(?![^\W\d_])"
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True)
class Tables:
    """How a language is put from the script `source` into `target`. Letters and words are small.

    `letters`: each letter (of two, or of one that Unicode has for two, as well) and what it becomes. `apart` ends
    where two letters stay two; `foreign` is in no word of the language; `endings` may follow a word. The rest
    tells Roman numerals from words; see the file.
    """

    source: str
    target: str
    letters: Mapping[str, str]
    alphabet: frozenset[str]
    apart: re.Pattern[str]
    foreign: re.Pattern[str]
    endings: str
    never_numerals: frozenset[str]
    words_too: frozenset[str]
    before_numerals: tuple[str, ...]
    behind_numerals: tuple[str, ...]
    multipliers: str
    keep: tuple[str, ...]

    @property
    def is_latin(self) -> bool:
        """Whether the text is in Latin letters, in which numbers, units and addresses are written, too."""
        return self.source == "Latn"


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """The tags from which, and to which, there are tables: (`sr-Latn`, `sr-Cyrl`), …"""
    return tuple(
        (f"{language}-{source}", f"{language}-{target}")
        for data in _files().values()
        for language in data["languages"]
        for source, target in permutations(data["letters"], 2)
    )


def tables(source: str, target: str) -> Tables | None:
    """The tables from the tag `source` to `target`; None if there are none."""
    (language, script), (_, other) = writing(source), writing(target)
    is_known = ("-".join(writing(source)), "-".join(writing(target))) in pairs()
    return _tables(language, script, other) if is_known else None


def writing(tag: str) -> tuple[str, str]:
    """The language of `tag`, and its script as far as it is known: the one that it names, or that a bare tag means."""
    language, *rest = tag.split("-")
    script = next((part.title() for part in rest if len(part) == len("Latn") and part.isalpha()), "")
    return language.lower(), script or BARE.get(language.lower(), "")


@cache
def symbols() -> Mapping[str, Any]:
    """Signs of units, codes of currencies, endings of addresses: the same in every language."""
    return _read(SYMBOLS)


@cache
def _files() -> Mapping[str, Mapping[str, Any]]:
    names = sorted(file.name.removesuffix(".toml") for file in files("impressum").joinpath(FOLDER).iterdir())
    return {name: _read(name) for name in names if name != SYMBOLS}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("impressum").joinpath(f"{FOLDER}/{name}.toml").read_text(encoding="utf-8"))


@cache
def _tables(language: str, source: str, target: str) -> Tables:
    data = next(data for data in _files().values() if language in data["languages"])
    own: Mapping[str, Any] = data.get(source, {})
    letters = dict(zip(data["letters"][source].split(), data["letters"][target].split(), strict=True))
    alphabet = frozenset("".join(letters))
    letters |= {one: letters[two] for one, two in own.get("ligatures", {}).items()}
    endings = data["endings"].get(source) or "".join(
        {b: a for a, b in letters.items()}.get(sign, sign) for sign in data["endings"][target]
    )
    return Tables(
        source,
        target,
        letters,
        alphabet | frozenset(own.get("ligatures", {})),
        _one_of(_parted(stem) for stem in own.get("apart", "").split()),
        _one_of(_edged(group) for group in own.get("foreign", "").split()),
        endings,
        frozenset(own.get("never-numerals", "").split()),
        frozenset(own.get("words-too", "").split()),
        tuple(own.get("before-numerals", "").split()),
        tuple(own.get("behind-numerals", "").split()),
        own.get("multipliers", ""),
        tuple(own.get("keep", "").split()),
    )


def _one_of(patterns: Iterator[str]) -> re.Pattern[str]:
    found = "|".join(patterns)
    return re.compile(found) if found else NOTHING


def _parted(stem: str) -> str:
    """`.nad|živ` as a pattern that ends at the bar."""
    before, _, behind = stem.partition("|")
    return f"{EDGE_BEFORE if before.startswith('.') else ''}{before.lstrip('.')}(?={behind})"


def _edged(group: str) -> str:
    before, behind = EDGE_BEFORE if group.startswith(".") else "", EDGE_BEHIND if group.endswith(".") else ""
    return f"{before}{group.strip('.')}{behind}"
