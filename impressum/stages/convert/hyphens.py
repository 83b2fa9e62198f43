"""Where words are divided that Typst would divide elsewhere.

A publication says it of words by their language (`hyphenation` in publication.yaml), and so does `HOUSE` of those that
the patterns of Typst divide badly: Typst itself knows no exceptions. Serbian, Bosnian and Macedonian are divided anew,
Serbian at the same places in both scripts.

Typst divides Latin letters by Croatian patterns, as it has no Serbian ones for them, and Cyrillic letters by Serbian
patterns (`core/languages.py`). Pyphen has both, letter for letter. A word is divided where the two agree, before
consonants that begin a syllable together (`Beo-grad`), and behind a prefix (`pred-viđa`), also one that ends in the
first half of what looks like one letter (`nad-živeti`); one that is foreign, or all in capitals, is not. Macedonian has
the Serbian patterns, its own letters being read as those that are nearest. A word of any language with a capital inside
(`NoviSpy`) is divided before that alone. What Typst would do otherwise is switched off, or added by a soft hyphen that
is shaped alone: so it leaves no trace in the text of a PDF.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from impressum.core.languages import fallbacks, typst_language
from impressum.core.transliteration.tables import Tables, tables
from impressum.stages.convert.typst import running_text, string, text

if TYPE_CHECKING:
    import pyphen

Divided = Mapping[str, tuple[str, ...]]
"""Words by language, with hyphens where they may be divided."""
HOUSE: Divided = {
    "en": tuple(
        "an-ti-trust coun-ter-ter-ror-ism eco-sys-tem eco-sys-tems Euro-scep-tic geo-eco-nom-ic geo-po-lit-i-cal "
        "geo-pol-i-tics geo-stra-te-gic giga-watt giga-watts hy-dro-power Ling-long mega-watt mega-watts Power-China "
        "re-ar-ma-ment re-in-vest re-in-vest-ment so-cio-eco-nom-ic spokes-man spokes-per-son trans-atlantic "
        "trouble-shoot-ing".split()
    )
}
"""Those that Typst's patterns divide badly (`Pow-erChina`, `transat-lantic`), found by setting them."""
WORDS = re.compile(r"([^\W\d_]{4,})")
"""The words that Typst may divide, with at least two letters on each side."""
ENDING = re.compile(r"\W*\w+-[^\W\d_]{1,2}\W*")
"""A word with an ending of a letter or two behind a hyphen (`BDP-a`), which would be left alone."""
PREFIXED = re.compile(
    r"(?:\w*[aeiou](?=slav)|(?:naj)?(?:"
    "bez|iz(?!rael)|nad(?!r(?!eal)|voj)|od(?!ra$|rin|rob|rž|žak)|pod(?!r(?!eđ|iv|az|uč)|žan)|pred(?!rag)|raz))"
    "(?=[bcčćdđfghjklmnprsštvzž].*[aeiou])"
)
"""A prefix before a consonant, or what is before `slav` (Vladi-slav, Jugo-slavija). It is parted from its word, and no
syllable across it."""
WHOLE = re.compile("tanjug")
"""Names that are not divided, though words that begin as they do are."""
VOWELS, LIQUIDS = frozenset("aeiou"), frozenset(("v", "r", "l", "lj", "j"))
STOPS, FRICATIVES = frozenset("bdgpkt"), frozenset((*"szšžhfcčćđ", "dž"))
ASSIMILATED = re.compile("(?:ra|be)[sš]")
"""Prefixes as they are before some consonants, from which they are not taken (`ras-pored`)."""
MOST_AT_END = 14
"""Letters of a last word that is not divided."""
SOFT = "\u00ad"
CYRILLIC = "\u0400"
"""The first letter of its block of Unicode."""
AS_SERBIAN = str.maketrans("ѓѕќѐѝ", "ђзћеи")
"""The letters of Macedonian that no Serbian pattern knows."""


def divided(words: str, language: str, key: str | None, own: Divided | None = None, *, at_end: bool = False) -> str:
    """`words` of a text in `language` (BCP 47) as Typst markup, within the block `key` of page fitting ("": none);
    None: where no word is divided. `own` are the exceptions of the publication. A word `at_end` of its paragraph is
    not divided unless it is long: the second part of it would be alone on the last line."""
    cut = CUT.get(language.partition("-")[0].lower())
    if cut and ENDING.fullmatch(words):
        return f"#box[{running_text(text(words))}]"
    if key is None:
        return running_text(text(words))
    known = _exceptions(language, tuple((own or {}).items()))
    is_latin = typst_language(language)[0] == "hr"
    parts = WORDS.split(words)
    parts[::2] = map(text, parts[::2])
    for number, part in enumerate(parts[1::2]):
        if at_end and 2 * number + 3 == len(parts) and len(part) <= MOST_AT_END:
            parts[2 * number + 1] = _called(("", part), key)
        elif form := known.get(part.lower()) or _at_capitals(part):
            parts[2 * number + 1] = _called(_exactly(part, form), key)
        elif cut and (part < CYRILLIC) == is_latin:
            parts[2 * number + 1] = _called(cut(part), key)
    return running_text("".join(parts))


@cache
def _exceptions(language: str, own: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    """By word, how the exceptions of `language` are divided: the house's, and over them those of the publication, the
    tag's own last."""
    return {
        form.replace("-", "").lower(): form
        for some in (HOUSE, dict(own))
        for tag in reversed(fallbacks(language))
        for form in some.get(tag, ())
    }


def _at_capitals(word: str) -> str:
    """A `word` with a capital behind a small letter, with hyphens before such capitals as have three letters at least
    on each side; nothing where it has none."""
    capitals = [at for at in range(1, len(word)) if word[at - 1].islower() and word[at].isupper()]
    edges = [0, *(at for at in capitals if 3 <= at <= len(word) - 3), len(word)]
    return "-".join(word[a:b] for a, b in pairwise(edges)) if capitals else ""


def _exactly(word: str, form: str) -> tuple[str, ...]:
    """`word` cut as `pieces` cuts it, to be divided where its `form` with hyphens says, and nowhere else."""
    found, begin = [], 0
    for piece in form.split("-"):
        found += [*(("", SOFT) if begin else ()), "", word[begin : begin + len(piece)]]
        begin += len(piece)
    return tuple(found)


def _called(found: tuple[str, ...], key: str) -> str:
    return found[0] if len(found) == 1 else f"#word({', '.join(map(string, (key, *found)))})"


@cache
def macedonian(word: str) -> tuple[str, ...]:
    """The Macedonian `word`, cut as `pieces` cuts one of Serbian."""
    small = word.lower()
    right = set() if word.isupper() else {*_patterns("sr").positions(small.translate(AS_SERBIAN))}
    return _cut(word, right, {*_patterns("sr").positions(small)})


@cache
def pieces(word: str) -> tuple[str, ...]:
    """The Serbian `word`, in either script, cut so that Typst divides it rightly: every second piece is not divided,
    neither within nor before it. A soft hyphen may be such a piece."""
    is_latin = word < CYRILLIC
    letters = _letters(word.lower(), is_latin)
    latin = "".join(letters)
    known = _tables("Latn", "Cyrl")
    cyrillic = "".join(known.letters.get(letter, letter) for letter in letters)
    if len(word) != len(latin if is_latin else cyrillic):  # a letter whose small form is longer
        return (word,)
    starts = list(accumulate(map(len, letters), initial=0))
    parted = [index for index, (one, two) in enumerate(pairwise(letters), 1) if one + two in known.letters][-1:]
    whole = word.isupper() or set(latin) - known.alphabet or known.foreign.search(latin) or WHOLE.match(latin)
    if whole:
        parted = []
    elif not parted and (prefix := PREFIXED.match(latin)):
        parted = [starts.index(prefix.end())] if prefix.end() in starts else []
    croatian = _places("hr_HR", latin, [starts[place] for place in parted])
    serbian = _places("sr", cyrillic, parted)
    both = {*parted, *(place for place in serbian if starts[place] in croatian)}
    over = {place for place in serbian if place - 1 not in both and _goes_over(letters, place)}
    right = both | over if not whole else set()
    return _cut(word, {starts[place] for place in right} if is_latin else right, croatian if is_latin else serbian)


def _goes_over(letters: list[str], place: int) -> bool:
    """Whether the consonants behind a vowel go over to the next syllable together: a fricative with what follows it
    (`zavi-snost`), or a stop with a liquid or a glide (`Beo-grad`). By the Croatian patterns they are parted."""
    before, first, second = letters[place - 1], letters[place], "".join(letters[place + 1 : place + 2])
    follows = second not in ("", *VOWELS) if first in FRICATIVES else first in STOPS and second in LIQUIDS
    return follows and before in VOWELS and not ASSIMILATED.fullmatch("".join(letters[: place + 1]))


def _places(patterns: str, word: str, parted: list[int]) -> set[int]:
    """Where Typst divides `word` by `patterns`, if it is `parted` at one place at most by a soft hyphen, or by them."""
    found = {*_patterns(patterns).positions(word)}
    for place in parted:
        if place not in found:
            found = {place + behind for behind in _patterns(patterns).positions(word[place:])}
    return found


def _cut(word: str, right: set[int], done: set[int]) -> tuple[str, ...]:
    """`word` in pieces: to be divided at the places `right`, where Typst would divide it at `done`."""
    found, begin = [], 0
    for place in range(1, len(word)):
        if place in right - done:
            found += [word[begin:place], SOFT]
            begin = place
        elif place in (right if len(found) % 2 else done - right):
            found.append(word[begin:place])
            begin = place
    return (*found, word[begin:])


def _letters(small: str, is_latin: bool) -> list[str]:
    """The word `small` by its letters, in Latin: two signs may be one (`lj`)."""
    if not is_latin:
        return [_tables("Cyrl", "Latn").letters.get(letter, letter) for letter in small]
    known = _tables("Latn", "Cyrl")
    apart = {found.end() for found in known.apart.finditer(small)}
    found: list[str] = []
    for place, letter in enumerate(small):
        if found and place not in apart and found[-1] + letter in known.letters:
            found[-1] += letter
        else:
            found.append(letter)
    return found


CUT = {"sr": pieces, "bs": pieces, "mk": macedonian}
"""How words of a language are cut."""


@cache
def _tables(source: str, target: str) -> Tables:
    found = tables(f"sr-{source}", f"sr-{target}")
    assert found is not None
    return found


@cache
def _patterns(name: str) -> pyphen.Pyphen:
    """The patterns of the language `name`; those of Typst, with two letters at least on each side."""
    import pyphen

    return pyphen.Pyphen(lang=name)
