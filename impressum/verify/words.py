"""Words as they are compared: letters, digits and the marks of a sentence, without what typesetting adds.

A hyphen at the end of a line, a ligature, a zero-width space and the case of letters say nothing here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from os.path import commonprefix
from unicodedata import normalize

from impressum.verify.pages import Line

DROPPED = re.compile(r"[^\w.,;:!?%()]|_")
SCHEME = re.compile(r"https?:|www\.|mailto:")
FRAGMENT = re.compile(r"#:~:text=\S*")
FORMULA = re.compile(r"[\\^{}]|(?<!\w)\w{1,2}_\w")
SEED = 24
KEY = 16
SKIP = 160
TURN = 12
PAGES_TO_TURN = 4
CANDIDATES = 40
LOST_AT_ONCE = 16


def norm(text: str) -> str:
    """`text` as it is compared."""
    folded = text.lower() if text.isascii() else normalize("NFKC", text).casefold()
    return SCHEME.sub("", DROPPED.sub("", folded))


@dataclass(frozen=True)
class Wanted:
    """Words that must be printed; `tokens` are its words with their first letter in `text`."""

    text: str
    tokens: tuple[tuple[int, str], ...]

    @cached_property
    def has_formula(self) -> bool:
        return any(FORMULA.search(word) for _, word in self.tokens)

    def is_formula(self, word: str) -> bool:
        """Whether `word` may be part of a formula, which is printed in signs and not as it was written."""
        return bool(FORMULA.search(word)) or (self.has_formula and len(norm(word)) <= 3)


def wanted(text: str) -> Wanted:
    """`text` in words."""
    tokens = []
    parts = []
    length = 0
    for word in FRAGMENT.sub("", text).split():
        part = norm(word)
        if part:
            tokens.append((length, word))
            parts.append(part)
            length += len(part)
    return Wanted("".join(parts), tuple(tokens))


@dataclass(frozen=True)
class Found:
    """Where words stand in the stream, and those of them that are not there."""

    start: int
    end: int
    lost: tuple[str, ...] = ()
    after: str = ""


class Stream:
    """All that is printed, line after line, as one text."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = tuple(lines)
        parts = [norm(line.text) for line in self.lines]
        self.text = "".join(parts)
        self.starts: list[int] = []
        length = 0
        for part in parts:
            self.starts.append(length)
            length += len(part)

    def line(self, index: int) -> Line:
        """The line that the letter `index` stands in."""
        return self.lines[max(0, bisect_right(self.starts, index) - 1)]

    def page(self, index: int) -> int:
        return self.line(index).page

    def begins_line(self, index: int) -> bool:
        at = bisect_left(self.starts, index)
        return at < len(self.starts) and self.starts[at] == index or index == len(self.text)

    def line_end(self, index: int) -> int:
        """The end of the line that the letter `index` stands in."""
        at = bisect_right(self.starts, index)
        return self.starts[at] if at < len(self.starts) else len(self.text)

    def of_page(self, number: int) -> int:
        """The first letter of page `number`, or of the next one that has any."""
        at = bisect_left(self.lines, number, key=lambda line: line.page)
        return self.starts[at] if at < len(self.starts) else len(self.text)

    def all(self, words: str, start: int, end: int | None = None) -> Iterable[int]:
        """Each place at which `words` begin."""
        at = self.text.find(words, start, end)
        while at >= 0:
            yield at
            at = self.text.find(words, at + 1, end)

    def find(self, words: Wanted, near: int, earliest: int) -> Found | None:
        """Where `words` are printed: first from `near` on, then from `earliest`; the best place if not whole."""
        best: Found | None = None
        for number, (offset, _) in enumerate(words.tokens[:LOST_AT_ONCE]):
            seed = words.text[offset : offset + SEED]
            if number and len(seed) < 6:
                break
            lost = tuple(word for _, word in words.tokens[:number] if not words.is_formula(word))
            for size in (SEED, 12, 6) if len(seed) > 6 else (SEED,):
                tried = 0
                for begin, end in ((near, None), (earliest, near + len(seed))):
                    for at in self.all(seed[:size], begin, end):
                        found = self.follow(words, at, offset)
                        found = Found(found.start, found.end, lost + found.lost, found.after)
                        if best is None or len(found.lost) < len(best.lost):
                            best = found
                        if not found.lost:
                            return found
                        tried += 1
                        if tried > CANDIDATES:
                            break
                if tried:
                    break
            if best is not None and len(best.lost) <= number:
                return best
        return best

    def follow(self, words: Wanted, at: int, offset: int = 0) -> Found:
        """Reads `words` from their letter `offset` on at `at`, past marks, page turns and what stands between."""
        text, start, i, j = words.text, at, offset, at
        lost: list[str] = []
        after = ""
        while True:
            same = _common(text, i, self.text, j)
            i, j = i + same, j + same
            if i >= len(text):
                return Found(start, j, tuple(lost), after)
            onward = self._onward(text, i, j)
            if onward:
                i, j = onward
                continue
            skipped = self._without(words, i, j)
            if skipped is None:
                rest = _pieces(words, i, len(text))
                return Found(start, j, (*lost, *rest), after or _word_before(words, i))
            next_i, next_j = skipped
            pieces = _pieces(words, i, next_i)
            if pieces and not lost:
                after = _word_before(words, i)
            lost += pieces
            i, j = next_i, next_j

    def _onward(self, text: str, i: int, j: int) -> tuple[int, int] | None:
        """Where the words from `i` go on after a gap at `j`: on the line, or at the head of a line further down."""
        key = text[i : i + KEY]
        reach = SKIP if len(key) >= 12 else 40 if len(key) >= 6 else 10
        at = self.text.find(key, j, j + reach + len(key))
        if at >= 0:
            return i, at
        for back in range(min(TURN, i, j) + 1):
            if self.begins_line(j - back):
                key = text[i - back : i - back + KEY]
                last = self.of_page(self.page(max(0, j - back - 1)) + PAGES_TO_TURN)
                for at in self.all(key, j - back, last):
                    if self.begins_line(at) and at > j - back:
                        return i - back, at
        return None

    def _without(self, words: Wanted, i: int, j: int) -> tuple[int, int] | None:
        """Where the words go on if some of them, from `i` on, are not there."""
        first = bisect_right([offset for offset, _ in words.tokens], i)
        inside = [i + 1] if i < len(words.text) and not words.text[i].isalnum() else []
        for next_i in (*inside, *(offset for offset, _ in words.tokens[first : first + LOST_AT_ONCE])):
            key = words.text[next_i : next_i + KEY]
            if not key or (len(key) < 4 and next_i not in inside):
                continue
            if self.text.startswith(key, j):
                return next_i, j
            onward = self._onward(words.text, next_i, j)
            if onward:
                return onward
        return None


def _common(one: str, i: int, other: str, j: int) -> int:
    """How many letters from `i` and `j` on are the same."""
    step, same = 256, 0
    while True:
        a, b = one[i + same : i + same + step], other[j + same : j + same + step]
        if a == b and len(a) == step:
            same += step
            continue
        return same + len(commonprefix((a, b)))


def _pieces(words: Wanted, start: int, end: int) -> list[str]:
    """The words, or the sign, between two letters of `words`; those of formulas are none."""
    if end - start == 1 and not words.text[start].isalnum():
        return [words.text[start]]
    found = []
    for number, (offset, word) in enumerate(words.tokens):
        last = words.tokens[number + 1][0] if number + 1 < len(words.tokens) else len(words.text)
        if last > start and offset < end and not words.is_formula(word):
            found.append(word)
    return found


def _word_before(words: Wanted, i: int) -> str:
    before = [word for offset, word in words.tokens if offset < i]
    return before[-1] if before else ""
