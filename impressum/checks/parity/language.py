"""Text in the wrong language or script: passages left in the source's language, a Latin `a` in a Cyrillic word."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from impressum.checks.parity.findings import LETTERS, UNTRANSLATED, Findings
from impressum.checks.parity.lines import LineText
from impressum.checks.parity.losses import about
from impressum.checks.parity.outline import Unit, note_units
from impressum.checks.parity.pairing import Region
from impressum.core.errors import Place
from impressum.core.languages import spoken
from impressum.core.model import document as d

WORD = re.compile("(?:[^\\W\\d_][\u0300-\u036f]*\u00ad?)+")
SCRIPTS = ("Latin", "Cyrillic", "Greek")
ALIKE = tuple(
    zip(
        "ABCEHIJKMNOPSTXYZacehijkopsuvxy",
        "АВСЕНІЈКМ ОРЅТХУ асеһіјкорѕ ѵху",
        "ΑΒ ΕΗΙ ΚΜΝΟΡ ΤΧΥΖ    ι κορ υνχγ",
        strict=True,
    )
)
"""Look-alike letters of the three scripts, in the order of `SCRIPTS`; a space where a script has none."""
FEWEST_WORDS = 6
LETTERS_ONLY = re.compile(r"[^\W\d_]+")


def check_units(units: tuple[Unit, ...], findings: Findings) -> None:
    """Reports each word of `units` and of their notes that mixes scripts."""
    for unit in units:
        for one in unit.walk():
            for line in one.lines:
                spoken = LineText().read(line.content)
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
    """Reports `word` of `text` if it mixes scripts."""
    scripts = Counter(filter(None, map(_script, word)))
    if len(scripts) < 2:
        return
    usual = _main_script(text)
    right = max(scripts, key=lambda script: (scripts[script], script == usual))
    wrong = [(index, letter) for index, letter in enumerate(word, 1) if _script(letter) not in ("", right)]
    if "Greek" in scripts and not all(_lookalike(letter, right) for _, letter in wrong):
        return  # a sign, as in kΩ
    index, letter = wrong[0]
    other = _lookalike(letter, right)
    findings.error(
        place,
        f"`{word}` is written in {right} letters, but for `{letter}` (letter {index}), which is {_script(letter)} "
        f"({_code(letter)})" + (f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""),
        LETTERS,
        f"write the {right} `{other}` ({_code(other)})" if other else f"write the word in {right} letters only",
        about=(word,),
    )


def _main_script(text: str) -> str:
    """The script of most letters of `text`."""
    scripts = Counter(filter(None, map(_script, text)))
    return scripts.most_common(1)[0][0] if scripts else ""


@lru_cache(4096)
def _script(letter: str) -> str:
    """The script of a letter; empty for signs and for scripts without look-alikes."""
    name = unicodedata.name(letter, "").partition(" ")[0].capitalize()
    return name if name in SCRIPTS else ""


def _lookalike(letter: str, script: str) -> str:
    """The letter of `script` that looks like `letter`, or nothing."""
    return next((row[SCRIPTS.index(script)] for row in ALIKE if letter in row), "").strip()


def _code(letter: str) -> str:
    return f"U+{ord(letter):04X}"


def report_untranslated(region: Region, source_language: str, language: str, findings: Findings) -> None:
    """Reports the texts of a region that are word for word those of the source, if the languages differ."""
    if spoken(source_language) == spoken(language):
        return
    for source, other in region.pairs:
        if other.context.untranslated or spoken(other.context.language) != spoken(language):
            continue
        if spoken(source.context.language) != spoken(source_language):
            continue
        ones = {line.name: line.content for line in source.lines}
        for line in other.lines:
            words = _words(line.content, other)
            if line.name != "source" and words and words == _words(ones.get(line.name, ()), source):
                _report(source, other, line.name, language, source_language, findings)


def _words(content: object, unit: Unit) -> list[str]:
    """The words of a line without titles, citations, addresses and other languages; none if it may be a name."""
    text = LineText(foreign=False, titles=False, quoted=not unit.context.in_note).read(content).text
    words = LETTERS_ONLY.findall(text)
    small = sum(word[0].islower() or word.lower() == word.upper() for word in words)
    return [word.casefold() for word in words] if len(words) >= FEWEST_WORDS and small * 2 >= len(words) else []


def _report(source: Unit, other: Unit, name: str, language: str, source_language: str, findings: Findings) -> None:
    what = f"the {name} of the {other.kind}" if name else f"the {other.kind}"
    findings.warning(
        other.place,
        f"{what} is word for word that of the source ({source.place}): `{other.beginning}`",
        UNTRANSLATED,
        f"translate it; what is meant to stay goes into `::: {{lang={source_language}}}`, what is still to be "
        "translated into `::: untranslated`",
        about=about(other),
    )
