"""The language passed to Typst: one that it cannot hyphenate or name is set as another.

A region marks the substitute: no text is Croatian as used in Serbia. `finish` writes the true language into the PDF.
The script of a bare `sr` is defined here, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import groupby

SET_AS = {"sr-Latn": ("hr", "RS"), "sr-Cyrl": ("sr", "RS"), "bs": ("hr", "XB"), "mk": ("sr", "XM")}
"""Languages that Typst sets as others: it knows no script, its patterns for `sr` are Cyrillic only, it has none for
Bosnian and Macedonian, and the fonts have italics of Serbian that are those of Macedonian."""
SUBSTITUTES = {f"{code}-{region}": tag for tag, (code, region) in SET_AS.items()}
"""The language that each substitute was set for."""
REGION_OF = {"Latn": "XL", "Cyrl": "XC", "Arab": "XA", "Grek": "XG", "Hebr": "XH"}
"""Regions that ISO 3166 leaves to its users: how Typst, which knows no script in a tag, is given one."""
SCRIPT_OF = {region: script for script, region in REGION_OF.items()}
HYPHENATED = frozenset(
    "af be bg ca cs da de el en es et fi fr gl hr hu is it ka ku la lt mn nb nl nn no pl pt ru sa sk sl sq sr sv tk tr "
    "uk".split()
)
"""The languages that Typst has patterns of."""
RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he iw ku ps sd ug ur yi".split())
RIGHT_TO_LEFT_SCRIPTS = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Samr"})
POSIX_SCRIPTS = {"latin": "latn", "cyrillic": "cyrl", "arabic": "arab"}
LANGUAGE_OF = {"HEBREW": "he", "ARABIC": "ar", "SYRIAC": "syr", "THAANA": "dv"}
"""The language of most texts in a script, by how the names of its letters begin."""
KINDS = {"L": "L", "R": "R", "AL": "R", "EN": "N", "AN": "N", "CS": "S", "ES": "S"}
"""Classes of letters by their direction: of words, of numbers, of the signs in numbers."""
TURNED = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Where the letters are that are written from right to left; among them are some that are not."""
ENDED = re.compile(r"\d*[.,;:!?)\u060c\u061b\u061f]")
BARE = {"sr": "Cyrl"}
"""The script of a language whose tag names none."""


@cache
def typst_language(tag: str) -> tuple[str, str | None]:
    """The language of the BCP 47 `tag` for Typst: a code, and a region or None."""
    code, *rest = tag.split("-")
    script = next((part for part in rest if len(part) == 4), "")
    region = next((part for part in rest if re.fullmatch("[A-Za-z]{2}", part)), None)
    known = SET_AS.get("-".join(filter(None, (code.lower(), script.title()))))
    return known or (code.lower(), region.upper() if region else None)


def is_hyphenated(tag: str) -> bool:
    """Whether words of the language `tag` are divided at the ends of lines."""
    return typst_language(tag)[0] in HYPHENATED


def script_region(tag: str) -> str | None:
    """The region that tells `with_script` the script that `tag` names; None where it names none, or a region."""
    code, *rest = tag.split("-")
    return REGION_OF.get(rest[0].title()) if len(rest) == 1 and code.lower() != "sr" else None


def with_script(written: str) -> str:
    """A tag that Typst wrote, with the script in place of the region that was set for it."""
    code, _, region = written.partition("-")
    return f"{code}-{SCRIPT_OF[region]}" if region in SCRIPT_OF else written


def fallbacks(tag: str) -> tuple[str, ...]:
    """`tag` and what it falls back to, nearest first (de-AT, de; sr-RS, sr, sr-Cyrl), never to another script."""
    parts = tag.split("-")
    chain = ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
    if len(parts) > 1 and len(parts[1]) == 4 and parts[1].isalpha():
        return tuple(chain[:-1])  # not to the bare language, which may be another script
    return (*chain, f"{parts[0]}-{BARE[parts[0]]}") if parts[0] in BARE else tuple(chain)


def spoken(tag: str) -> tuple[str, str]:
    """The language and script of a tag (or `de_DE`, `sr@latin`); CLDR's likely script is empty: `de-Latn` is `de`."""
    code, *rest = re.split("[-_@.]", tag.strip().lower())
    scripts = [POSIX_SCRIPTS.get(part, part) for part in rest]
    script = next((part for part in scripts if len(part) == 4 and part.isalpha()), "")
    if script:
        from babel.core import get_global

        usual: str = get_global("likely_subtags").get(code, "")
        script = "" if usual.lower().startswith(f"{code}_{script}") else script
    return code, script


@cache
def is_right_to_left(tag: str) -> bool:
    """Whether the language `tag` is written from right to left."""
    code, *rest = tag.split("-")
    scripts = [part.title() for part in rest if len(part) == 4]
    return scripts[0] in RIGHT_TO_LEFT_SCRIPTS if scripts else code.lower() in RIGHT_TO_LEFT


def in_logical_order(signs: Sequence[str]) -> str:
    """The text that `signs` say, which are on a line from left to right. Those that are read from right to left are
    turned round with what is between them, but for numbers in them. A line of nothing else that ends at its left (a
    point, the mark of a note) is one of a paragraph from right to left; any other is taken to be one of a paragraph
    from left to right (UAX #9 says the reverse: where the letters of a text are printed)."""
    kinds = "".join(KINDS.get(unicodedata.bidirectional(sign[:1]), "-") for sign in signs)
    is_turned = "L" not in kinds and bool(ENDED.match("".join(sign[0] for sign in signs)))
    levels = [int(is_turned)] * len(signs)
    for pattern, level in ((r"R(?:[^L]*R)?", 1), (r"N(?:S?N)*", 2)):
        for found in re.finditer(pattern, kinds):
            if level == 1 or levels[found.start()]:
                levels[found.start() : found.end()] = [level] * len(found[0])
    order = list(zip(levels, signs, strict=True))
    for least in (1, 2):
        inside = [level >= least for level, _ in order]
        begin = 0
        for is_inside, run in groupby(inside):
            end = begin + len(list(run))
            order[begin:end] = order[begin:end][::-1] if is_inside else order[begin:end]
            begin = end
    return "".join(sign for _, sign in order)


def ends_turned(text: str) -> bool:
    """Whether the last letter of `text` is one that is written from right to left."""
    last = "" if text.isascii() else next((letter for letter in reversed(text) if letter.isalpha()), "")
    return bool(last) and unicodedata.bidirectional(last) in ("R", "AL")


def script_language(letters: str) -> str:
    """The language that `letters`, written from right to left, are most often of; empty where that is not known."""
    return LANGUAGE_OF.get(unicodedata.name(letters[0], "").partition(" ")[0], "") if letters else ""


def right_to_left(text: str) -> str:
    """The first letters in `text` that are written from right to left; empty where there are none."""
    if text.isascii() or not TURNED.search(text):
        return ""
    found = ""
    for letter in text:
        if unicodedata.bidirectional(letter) in ("R", "AL") and letter.isprintable():
            found += letter
        elif found:
            break
    return found
