"""The words of a Markdown source that reach the page, and a cursor over them."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from impressum.core.markdown_code import blank, code_of, without_code

MARK = re.compile(r"`{3,}|~{3,}")
NOT_WORDS = re.compile(
    r"""
    (?P<span>(?<![`\\])(?P<ticks>`+)(?!`)(?:[^`\n]|\n(?![ \t]*\n)){1,2000}?(?<!`)(?P=ticks)(?!`))
    | (?P<formula>\$\$[^$]{1,2000}\$\$|\$(?=\S)[^$\n]{1,500}(?<=\S)\$(?!\d))
    | (?P<comment><!--)
    | (?P<escape>\\.)
    | (?<=\])(?P<target>\((?:[^()\\\n]|\\.|\n(?![ \t]*\n)|\((?:[^()\\\n]|\\.){0,2000}\)){0,2000}\))
    | (?<=\])(?P<label>\[(?!\^)[^\[\]@\n]{1,500}\])
    | (?P<definition>^[ ]{0,3}\[(?!\^)[^\]\n]{1,500}\]:[ \t]*\S[^\n]*)
    | (?<=[\]\)`\w"'.!?: ])(?P<attributes>\{
        (?:[#.](?=[^\W\d])|[\w:-]{1,100}=)(?:[^{}"'\n]|"[^"\n]{0,2000}"|'[^'\n]{0,2000}'){0,2000}\})
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
WORD = re.compile(r"[^\W_]+")
CLOSE = 2
NEAR = 40
FAR = 400
MISSES = 3
"""How many words ahead a word is looked for, and how many misses widen the search; within `CLOSE` (behind the number of
a list's item, or of a note) the first hit counts."""
GAP = 4
"""How far apart in the source two consecutive words of the tree may be: a note's mark may be between."""
BEGINNING, LEAST_OF_BLOCK = 6, 4
"""By how many words a block is found, and how many it must have."""


def readable(text: str) -> str:
    """`text` with everything blanked that pandoc reads and does not print; every offset and line stays."""
    parts: list[str] = []
    done = 0
    for begin, inside, end in code_of(text):
        mark = MARK.search(text, begin, inside)
        shown = mark.end() if mark else inside
        parts += [_printed(text[done:begin]), text[begin:shown], blank(text[shown:inside]), text[inside:end]]
        done = end
    return "".join([*parts, _printed(text[done:])])


def without_any_code(text: str) -> str:
    """`text` with its blocks of code and the code within its lines blanked; every offset and line stays."""
    return NOT_WORDS.sub(lambda found: blank(found[0]) if found["span"] else found[0], without_code(text))


def _printed(text: str) -> str:
    """`text`, which holds no blocks of code, with everything blanked that is not printed."""
    parts: list[str] = []
    position = done = 0
    comments = True
    while found := NOT_WORDS.search(text, position):
        position = found.end()
        begin, end = found.span(
            found.lastgroup if found.lastgroup in ("target", "label", "definition", "attributes") else 0
        )
        if found.group("span") or found.group("escape") or found.group("formula"):
            continue
        if found.group("comment"):
            closed = text.find("-->", position) if comments else -1
            comments = closed >= 0
            if not comments:
                continue  # nor is any that follows; to look again for each would take quadratic time
            end = position = closed + 3
        parts += [text[done:begin], blank(text[begin:end])]
        done = end
    return "".join([*parts, text[done:]])


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
        """Goes to the nearest place where a block begins with `words`, if that is not here: a missed word may have led
        astray. It searches from the beginning of the block before it."""
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
        """The offset of the next occurrence of `word`; the cursor moves behind it. Away from the cursor, one counts
        only if the words that come next in the tree follow it."""
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
        """Whether `words` are at the cursor, or one word behind it."""
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
    found = [match for begin, end in ranges for match in WORD.finditer(text, begin, end)]
    start = ranges[0][0] if ranges else 0
    return Stream([match.group() for match in found], [match.start() for match in found], start)
