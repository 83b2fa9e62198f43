"""The order of words by the alphabet of a language, as its dictionaries have them: `č` behind `c` in Serbian, `ä` with
`a` in German, `lj` as one letter where the language counts it as one.

A letter that the alphabet has not is sorted as the one that it is made of (`é` as `e`), behind it where all else is the
same; words of other scripts follow, those with a number or a sign in front come first. Word by word: a space comes
before any letter. (The Unicode Collation Algorithm, UTS 10, with as many levels; its tables are in no package.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from unicodedata import category, normalize

MADE_OF = {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "œ": "oe", "æ": "ae", "ı": "i", "þ": "th", "ħ": "h"}
"""Letters that Unicode does not take apart."""
DIGITS = re.compile(r"\d+")
Key = tuple[tuple[tuple[int, int], ...], tuple[str, ...], str]


@dataclass
class Alphabet:
    """The alphabet of the letters in `written`, capital letters with spaces between them: `A B C Č Ć D Dž …`."""

    written: str
    _heads: dict[str, str] = field(init=False)
    _places: dict[str, int] = field(init=False)
    _letter: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        heads = self.written.split()
        self._heads = {head.casefold(): head for head in heads}
        self._places = {letter: number for number, letter in enumerate(self._heads)}
        longest = sorted(self._heads, key=len, reverse=True)
        self._letter = re.compile("|".join(map(re.escape, longest)) or r"(?!)")

    def key(self, words: str) -> Key:
        """What `words` are sorted by: its letters, then their accents, then the words as they are written."""
        letters: list[tuple[int, int]] = []
        accents: list[str] = []
        for letter in self._letters(words):
            if letter.isspace() or letter in "-–—/":
                letters.append((0, 0))
            elif letter.isdigit():
                letters.append((1, int(letter)))
            elif letter in self._places:
                letters.append((2, self._places[letter]))
            elif letter.isalpha():
                letters.append((3, ord(letter[0])))
            elif category(letter[0]) == "Mn":
                accents.append(f"{len(letters):04}{letter}")
            elif category(letter[0])[0] == "S" and not letters:
                letters.append((1, -1))
        return tuple(letters), tuple(accents), words

    def head(self, words: str) -> str:
        """The letter under which `words` are listed, as the alphabet writes it; empty for a number or a sign."""
        for letter in self._letters(words):
            if letter in self._heads:
                return self._heads[letter]
            if letter.isalpha():
                return letter.upper()
            if letter.isdigit() or category(letter[0])[0] == "S":
                break
        return ""

    def _letters(self, words: str) -> list[str]:
        """The letters of `words`, small; an accent that is no part of one stands behind it, a number is one."""
        found: list[str] = []
        text = normalize("NFC", words.casefold())
        at = 0
        while at < len(text):
            if digits := DIGITS.match(text, at):
                found.append(digits[0])
                at = digits.end()
            elif known := self._letter.match(text, at):
                found.append(known[0])
                at = known.end()
            else:
                parts = normalize("NFD", MADE_OF.get(text[at], text[at]))
                found += [*parts, "\u0335"] if text[at] in MADE_OF else parts
                at += 1
        return found
