"""Letters with their accents and unseen characters, apart: words are recognised by the letters alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from unicodedata import combining, normalize

UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
APART = "\u200c"
"""Separates two letters that would otherwise be read as one."""
ACCENTS = "\u0300\u0301\u0302\u0304\u030f\u0311"
RISING = "\u0300\u0301"
ACCENTED = frozenset("aeiouraеиоуар")
OTHER = "\u0180"
"""Placeholder for a letter of several characters that no language here has."""


@dataclass(frozen=True)
class Spelling:
    """`letters` has one character for each letter of the text; `starts` is where each begins, and where the last ends.

    `accents` and `unseen` are what belongs to each letter, by its index; `apart` are the indexes of letters that an
    unseen character parts from the one before. Where `plain`, the text is its letters.
    """

    letters: str
    starts: range | tuple[int, ...]
    accents: dict[int, str]
    unseen: dict[int, str]
    apart: frozenset[int]

    @property
    def small(self) -> str:
        """The letters as small ones, one for one."""
        return "".join(low if len(low := letter.lower()) == 1 else letter for letter in self.letters)


def spelling(text: str) -> Spelling:
    """The letters of `text`."""
    if text.isascii() or not any(_is_more(sign) for sign in set(text)):
        return Spelling(text, range(len(text) + 1), {}, {}, frozenset())
    letters: list[str] = []
    starts: list[int] = []
    accents: dict[int, str] = {}
    unseen: dict[int, str] = {}
    apart: set[int] = set()
    for offset, sign in enumerate(text):
        last = len(letters) - 1
        if sign in UNSEEN and last >= 0:
            unseen[last] = unseen.get(last, "") + sign
            if sign == APART:
                apart.add(last + 1)
            continue
        if combining(sign) and last >= 0:
            letters[last], accent = _with_mark(letters[last], sign)
        else:
            letters.append(sign)
            starts.append(offset)
            last += 1
            accent = ""
            whole = normalize("NFD", sign)
            if len(whole) > 1 and whole[0].lower() in ACCENTED and not set(whole[1:]) - set(ACCENTS):
                letters[last], accent = whole[0], whole[1:]
        if accent:
            accents[last] = accents.get(last, "") + accent
    return Spelling("".join(letters), (*starts, len(text)), accents, unseen, frozenset(apart))


def _with_mark(letter: str, mark: str) -> tuple[str, str]:
    """The letter that `letter` with the combining `mark` is, and the mark where it is only an accent."""
    if letter.lower() in ACCENTED and mark in ACCENTS:
        return letter, mark
    one = normalize("NFC", letter + mark)
    return (one if len(one) == 1 else OTHER), ""


@cache
def _is_more(sign: str) -> bool:
    """Whether `sign` is, or may be, more or less than one letter."""
    return sign in UNSEEN or combining(sign) > 0 or normalize("NFD", sign)[0].lower() in ACCENTED
