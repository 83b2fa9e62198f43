"""The words of a stretch of source, and a cursor that walks over them as the words of a tree are looked for."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+")
CLOSE = 2
NEAR = 40
FAR = 400
MISSES = 3
"""How many words ahead a word is looked for, and how many may be missed before it is looked for farther.

As close as `CLOSE` (behind the number of a list's item, or of a note), it is what was looked for.
"""
GAP = 4
"""How far apart in the source two words may stand that follow each other in the tree: a note's mark is between."""
BEGINNING, LEAST_OF_BLOCK = 6, 4
"""By how many words a block is found, and how many it must have."""


@dataclass
class Stream:
    """The words of one stretch of source, and how far they have been read."""

    words: list[str]
    offsets: list[int]
    start: int
    cursor: int = 0
    missed: int = 0
    begun: int = 0
    """Where the last block begins that was found by its first words."""

    def meet(self, words: list[str]) -> None:
        """Goes to where a block begins with `words`, if that is not here: a word that was missed may have led astray.

        Of the places behind the beginning of the block before it, the nearest one.
        """
        first = words[:BEGINNING]
        if len(first) < LEAST_OF_BLOCK:
            return
        stop = min(len(self.words), self.cursor + FAR)
        index, found = min(self.begun, self.cursor) - 1, -1
        while True:
            try:
                index = self.words.index(first[0], index + 1, stop)
            except ValueError:
                break
            if self.words[index : index + len(first)] == first:
                if found < 0 or abs(index - self.cursor) < abs(found - self.cursor):
                    found = index
                if index >= self.cursor:
                    break
        if found >= 0:
            if not self.cursor <= found <= self.cursor + CLOSE:
                self.cursor, self.missed = found, 0
            self.begun = found + 1

    def find(self, word: str, following: list[str]) -> int | None:
        """The offset of the next occurrence of `word`; the cursor moves behind it.

        Away from the cursor, an occurrence counts only where the words that come next in the tree follow it.
        """
        stop = min(len(self.words), self.cursor + (FAR if self.missed >= MISSES else NEAR))
        index = self.cursor - 1
        while True:
            try:
                index = self.words.index(word, index + 1, stop)
            except ValueError:
                self.missed += 1
                return None
            if index <= self.cursor + CLOSE or self._follow(following, index):
                self.cursor, self.missed = index + 1, 0
                return self.offsets[index]

    def _follow(self, following: list[str], index: int) -> bool:
        if not following:
            return index - self.cursor <= NEAR // 4
        for word in following if index - self.cursor > NEAR // 4 else following[:1]:
            window = self.words[index + 1 : index + 1 + GAP]
            if word not in window:
                return False
            index += 1 + window.index(word)
        return True

    def next_is(self, words: list[str]) -> bool:
        """Whether `words` stand at the cursor, or one word behind it."""
        return any(self.words[at : at + len(words)] == words for at in (self.cursor, self.cursor + 1))

    def begin(self) -> int:
        """The offset of the word that was read last."""
        return self.offsets[self.cursor - 1] if 0 < self.cursor <= len(self.offsets) else self.start

    def next_offset(self) -> int:
        """The offset at which the next word is expected."""
        if self.cursor < len(self.offsets):
            return self.offsets[self.cursor]
        return self.offsets[-1] if self.offsets else self.start

    def move_to(self, offset: int) -> None:
        """Puts the cursor at the first word at or after `offset`, never backwards."""
        self.cursor = max(self.cursor, bisect.bisect_left(self.offsets, offset))


def stream_of(text: str, ranges: list[tuple[int, int]]) -> Stream:
    """The words of `text` within `ranges` (offsets, half open)."""
    words: list[str] = []
    offsets: list[int] = []
    for begin, end in ranges:
        for match in WORD.finditer(text, begin, end):
            words.append(match.group())
            offsets.append(match.start())
    return Stream(words, offsets, ranges[0][0] if ranges else 0)
