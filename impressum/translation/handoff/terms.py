"""Terms found in running text, with the endings that a language gives them.

Words are compared without upper case and accents. `found` is strict: a word is the term, or the term with at most three
letters of an ending, before which a last vowel may be gone; terms of fewer than four letters have no endings.
`is_there` is lenient: it is enough that the beginning of each word of the term stands somewhere, all of it but the last
two letters and three letters at least, as Slavic and German words change at their ends and in compounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import combining, normalize

WORD = re.compile(r"\w+(?:[’'-]\w+)*")
VOWELS = "aeiouаеиоу"
ENDING = re.compile("[aeioumnsrghjvyаеиоумнсргхјвыйяюьъ]{0,3}")
"""Letters that endings are made of."""
AFTER_SHORT = 5
LEAST = 3
LONG = 5


@dataclass(frozen=True)
class Found:
    """A place in a text where a term stands: its words as they are written, and the numbers of their first and last."""

    words: str
    first: int
    last: int


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """`text` in lower case, without accents."""
    apart = normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not combining(letter)).replace("đ", "d")


def found(term: str, text: str) -> Iterator[Found]:
    """Where `term` stands in `text`, with or without endings."""
    wanted = [folded(word) for word in WORD.findall(term)]
    if not wanted or wanted[0][:LEAST] not in folded(text):
        return
    words = list(WORD.finditer(text))
    plain = [folded(word.group()) for word in words]
    for first in range(len(plain) - len(wanted) + 1):
        if all(_is_form(plain[first + number], word) for number, word in enumerate(wanted)):
            last = first + len(wanted) - 1
            yield Found(text[words[first].start() : words[last].end()], first, last)


def found_in(terms: Sequence[str], text: str) -> list[Found]:
    """Where one of `terms` stands in `text`."""
    return [one for term in terms for one in found(term, text)]


def is_there(term: str, text: str) -> bool:
    """Whether `term` may stand in `text`, in any form."""
    plain = folded(text)
    return all(_begins(folded(word), plain) for word in WORD.findall(term))


def _begins(word: str, text: str) -> bool:
    if len(word) <= LEAST:
        return bool(re.search(rf"\b{re.escape(word)}\w{{0,{AFTER_SHORT}}}\b", text)) or (
            not word.isascii() and word in text
        )
    stem = word[: max(LEAST, len(word) - 2)]
    return stem in text if len(stem) > LEAST else bool(re.search(rf"\b{re.escape(stem)}", text))


def _is_form(word: str, of: str) -> bool:
    """Whether `word` is a form of the word `of`."""
    if word == of:
        return True
    if len(of) < LONG - 1:
        return False
    stem = of[:-1] if of[-1] in VOWELS and len(of) >= LONG else of
    return word.startswith(stem) and bool(ENDING.fullmatch(word, len(stem)))
