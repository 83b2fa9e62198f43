"""Names that a translation misspells, writes without their accents, or has exchanged between two passages.

Only names that the translation has elsewhere as its source does are compared: what a language calls otherwise
(Belgrade, Beograd) is none of them. Another name, and two that have changed places in one passage, are not found.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from unicodedata import category, normalize

from impressum.checks.parity.findings import NAMES, Findings
from impressum.checks.parity.language import LETTERS_ONLY
from impressum.checks.parity.losses import about
from impressum.checks.parity.outline import Unit
from impressum.checks.parity.pairing import Region
from impressum.checks.spelling import slip_of
from impressum.core.alphabet import MADE_OF
from impressum.core.errors import Place

LEAST = 4
"""Letters of a name."""
ENDING = 3
"""The most letters that a language may put behind a name."""
OWN = {
    **dict.fromkeys(("sr", "hr", "bs", "cnr"), "čćđšž"),
    "sl": "čšž",
    "de": "äöüß",
    "pl": "ąćęłńóśźż",
    "sq": "çë",
    "es": "áéíóúüñ",
    "fr": "àâçéèêëîïôûù",
}
"""Letters with accents that languages have themselves, and so keep in a name."""


@dataclass(frozen=True)
class _Word:
    text: str
    place: Place


def report_names(regions: Sequence[Region], language: str, findings: Findings) -> None:
    """Reports the names of a chapter's `regions` that are not those of the source."""
    pairs = [
        (source, other, list(_words(source)), list(_words(other)))
        for region in regions
        for source, other in region.pairs
        if not other.context.untranslated
    ]
    theirs = {word.text for _, _, words, _ in pairs for word in words}
    ours = Counter(word.text for _, _, _, words in pairs for word in words)
    names = {word for word in theirs if len(word) >= LEAST and word.lower() not in theirs}
    kept = {name for name in names if name.lower() not in ours and any(_has(word, name) for word in ours)}
    letters = OWN.get(language.partition("-")[0], "")
    accented = {name for name in names if any(x in letters for x in name.lower())} | kept
    bare = {plain: name for name in sorted(accented) if (plain := _plain(name)) != name.lower()}
    for source, other, words, own in pairs:
        there = {word.text for word in words}
        lost = [name for name in sorted(there & kept) if not any(_has(word.text, name) for word in own)]
        for word in own:
            if word.text in theirs or not word.text[0].isupper():
                continue
            if name := _without_accents(word.text, bare):
                message = f"`{word.text}` has not the accents of `{name}`"
            elif ours[word.text] == 1 and (name := _misspelt(word.text, lost)):
                message = f"`{word.text}` is a letter away from the name `{name}`"
            else:
                continue
            place = next((one.place for one in words if one.text == name), source.place)
            hint, of_it = f"write `{name}` as the source does", (word.text, *about(source, other))
            findings.warning(word.place, f"{message} of the source ({place})", NAMES, hint, about=of_it)
    _report_exchanged(pairs, kept, findings)


def _words(unit: Unit) -> Iterator[_Word]:
    for text, line in unit.read:
        for found in LETTERS_ONLY.finditer(normalize("NFC", text)):
            yield _Word(found.group(), line.place(found.start(), unit.place))


def _has(word: str, name: str) -> bool:
    """Whether `word` is `name`, with an ending or without."""
    return word.startswith(name) and len(word) - len(name) <= ENDING


def _plain(word: str) -> str:
    """`word` in small letters without accents."""
    apart = normalize("NFD", word.lower())
    return "".join(MADE_OF.get(letter, letter) for letter in apart if category(letter) != "Mn")


def _without_accents(word: str, bare: Mapping[str, str]) -> str:
    """The one of the names, by what they are without accents, that `word` is; nothing where it has them."""
    plain = _plain(word)
    found = (name for one, name in bare.items() if plain == word.lower() and _has(plain, one))
    return max(found, key=len, default="")


def _misspelt(word: str, lost: Collection[str]) -> str:
    """The one of the names `lost` from which `word`, with an ending or without, differs by a letter."""
    return next((name for end in range(ENDING + 1) if (name := slip_of(word[: len(word) - end], lost, ENDING))), "")


def _report_exchanged(
    pairs: Sequence[tuple[Unit, Unit, Sequence[_Word], Sequence[_Word]]], kept: Set[str], findings: Findings
) -> None:
    """Reports two of the names `kept` of which each stands in the passage that has the other one in the source."""
    lost: dict[str, set[int]] = defaultdict(set)
    extra: dict[str, dict[int, _Word]] = defaultdict(dict)
    for number, (_, _, words, own) in enumerate(pairs):
        there = kept & {word.text for word in words}
        here = {name: word for name in kept for word in reversed(own) if _has(word.text, name)}
        for name in there - here.keys():
            lost[name].add(number)
        for name in here.keys() - there:
            extra[name][number] = here[name]
    for one, two in itertools.combinations(sorted(lost.keys() & extra.keys()), 2):
        for first, second in itertools.product(
            sorted(lost[one] & extra[two].keys()), sorted(lost[two] & extra[one].keys())
        ):
            place = extra[two][first].place
            message = f"`{two}` stands here, and `{one}` in the source ({pairs[first][0].place})"
            hint = f"`{one}` stands at {extra[one][second].place}, where the source has `{two}`: put each in its place"
            findings.warning(place, message, NAMES, hint, about=(one, two, *about(*pairs[first][:2])))
