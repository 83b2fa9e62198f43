"""Letters of the wrong script within a word, which look right and are not: a Latin `a` in a Cyrillic word."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from impressum.checks.parity.findings import Findings
from impressum.checks.parity.lines import Spoken
from impressum.checks.parity.outline import Unit, note_units
from impressum.checks.parity.rule_ids import LETTERS
from impressum.core.errors import Place
from impressum.core.model import document as d

WORD = re.compile("(?:[^\\W\\d_][\u0300-\u036f]*\u00ad?)+")
SCRIPTS = ("Latin", "Cyrillic", "Greek")
ALIKE = (
    ("A", "А", "Α"),
    ("B", "В", "Β"),
    ("C", "С", ""),
    ("E", "Е", "Ε"),
    ("H", "Н", "Η"),
    ("I", "І", "Ι"),
    ("J", "Ј", ""),
    ("K", "К", "Κ"),
    ("M", "М", "Μ"),
    ("N", "", "Ν"),
    ("O", "О", "Ο"),
    ("P", "Р", "Ρ"),
    ("S", "Ѕ", ""),
    ("T", "Т", "Τ"),
    ("X", "Х", "Χ"),
    ("Y", "У", "Υ"),
    ("Z", "", "Ζ"),
    ("a", "а", ""),
    ("c", "с", ""),
    ("e", "е", ""),
    ("h", "һ", ""),
    ("i", "і", "ι"),
    ("j", "ј", ""),
    ("k", "к", "κ"),
    ("o", "о", "ο"),
    ("p", "р", "ρ"),
    ("s", "ѕ", ""),
    ("u", "", "υ"),
    ("v", "ѵ", "ν"),
    ("x", "х", "χ"),
    ("y", "у", "γ"),
)
"""Letters of the three scripts, in their order, that are taken for each other."""


def check_units(units: tuple[Unit, ...], findings: Findings) -> None:
    """Notes each word of `units`, and of their notes, that mixes scripts."""
    for unit in units:
        for one in unit.walk():
            for line in one.lines:
                spoken = Spoken().read(line.content)
                for found in WORD.finditer(spoken.text):
                    if not found.group().isascii():
                        _check(found.group(), spoken.text, spoken.place(found.start(), one.place), findings)
            for picture in _images(one):
                for found in WORD.finditer(picture.alt):
                    _check(found.group(), picture.alt, picture.place, findings)
            for note in one.notes:
                check_units(note_units(note, one.context), findings)


def _images(unit: Unit) -> Iterator[d.Image]:
    if isinstance(unit.node, d.Figure):
        yield unit.node.image
    for line in unit.lines:
        yield from (node for node in d.without_words(line.content) if isinstance(node, d.Image))


def _check(word: str, text: str, place: Place, findings: Findings) -> None:
    """Notes a `word` of `text` that mixes scripts."""
    scripts = Counter(filter(None, map(_script, word)))
    if len(scripts) < 2:
        return
    usual = _usual(text)
    right = max(scripts, key=lambda script: (scripts[script], script == usual))
    wrong = [(index, letter) for index, letter in enumerate(word, 1) if _script(letter) not in ("", right)]
    if "Greek" in scripts and not all(_meant(letter, right) for _, letter in wrong):
        return  # a sign, as in kΩ
    index, letter = wrong[0]
    other = _meant(letter, right)
    findings.error(
        place,
        f"`{word}` is written in {right} letters, but for `{letter}` (letter {index}), which is {_script(letter)} "
        f"({_code(letter)})" + (f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""),
        LETTERS,
        f"write the {right} `{other}` ({_code(other)})" if other else f"write the word in {right} letters only",
        about=(word,),
    )


def _usual(text: str) -> str:
    """The script of most letters of `text`."""
    scripts = Counter(filter(None, map(_script, text)))
    return scripts.most_common(1)[0][0] if scripts else ""


@lru_cache(4096)
def _script(letter: str) -> str:
    """The script of a letter, or nothing for a sign, and for any script in which nothing looks like another."""
    name = unicodedata.name(letter, "").partition(" ")[0].capitalize()
    return name if name in SCRIPTS else ""


def _meant(letter: str, script: str) -> str:
    """The letter of `script` that looks like `letter`, or nothing."""
    return next((row[SCRIPTS.index(script)] for row in ALIKE if letter in row), "")


def _code(letter: str) -> str:
    return f"U+{ord(letter):04X}"
