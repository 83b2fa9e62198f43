"""Words as they are compared: letters, digits and the marks of a sentence, without what typesetting adds.

A hyphen at the end of a line, a ligature, a zero-width space and the case of letters say nothing here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby, islice
from unicodedata import normalize

from impressum.core.languages import right_to_left
from impressum.core.model.document import MAY_FOLLOW
from impressum.stages.verify.pages import Line

DROPPED = re.compile(r"[^\w.,;:!?%()]|_")
ALIKE = re.compile(r"\W")
SCHEME = re.compile(r"https?:|www\.|mailto:")
FRAGMENT = re.compile(r"#:~:text=\S*")
FORMULA = re.compile(r"[\\^{}]|(?<!\w)\w{1,2}_\w")
CALL = re.compile(r"\w{1,2}\(\w{1,3}\)[.,;:]?")
"""A function of something, in a text with formulas."""
PART = re.compile(r"(\s*)(\S*)")
SEED = 24
SEEDS = (12, 6, 3)
STEP = 256
KEY = 16
SKIP = 160
KEYS = ((KEY, SKIP), (6, 40), (3, 12))
"""How many letters are looked for behind a gap, and how wide the gap may be."""
TURN = 12
FORMULA_REACH = 80  # within how many letters a line goes on behind a formula
CHANCE = 4
SURE = 4
MARK_AT_END = re.compile(r"\d{1,4}([.,;:!?)]*)")
"""The mark of a note at the end of a line, with what ends the sentence behind it."""
MOST_OF_MARK = 4
MARK_BEHIND = re.compile(r"\d+$")  # the mark of a note, of so many digits, between two words
PAGES_TO_TURN = 4
CANDIDATES = 40
LOST_AT_ONCE = 16


def norm(text: str) -> str:
    """`text` as it is compared."""
    folded = text.lower() if text.isascii() else normalize("NFKC", text).casefold()
    return SCHEME.sub("", DROPPED.sub("", folded))


@dataclass(frozen=True)
class Wanted:
    """Words that must be printed; `tokens` are its words with their first letter in `text`. `gaps` are the letters
    before which something else may stand: the page of a cross-reference."""

    text: str
    tokens: tuple[tuple[int, str], ...]
    gaps: tuple[int, ...] = ()

    @cached_property
    def has_formula(self) -> bool:
        return any(FORMULA.search(word) for _, word in self.tokens)

    def is_formula(self, word: str) -> bool:
        """Whether `word` may be part of a formula, which is printed in signs and not as it was written."""
        is_short = len(norm(word)) <= 3 or CALL.fullmatch(word) is not None
        return bool(FORMULA.search(word)) or (self.has_formula and (is_short or word in self._behind_signs))

    @cached_property
    def _behind_signs(self) -> frozenset[str]:
        """The numbers that stand behind a command of TeX: those of a formula."""
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return frozenset(word for (_, sign), (_, word) in pairs if FORMULA.search(sign) and word[:1].isdigit())


@lru_cache(1 << 14)
def wanted(text: str) -> Wanted:
    """`text` in words."""
    tokens: list[tuple[int, str]] = []
    parts: list[str] = []
    gaps: list[int] = []
    length = 0
    for found in PART.finditer(FRAGMENT.sub("", text)):
        word = found[2].replace(MAY_FOLLOW, "")
        if MAY_FOLLOW in found[2]:
            gaps.append(length + len(norm(found[2].partition(MAY_FOLLOW)[0])))
        part = norm(word)
        if part:
            tokens.append((length, word))
            parts.append(part)
            length += len(part)
    return Wanted("".join(parts), tuple(tokens), tuple(dict.fromkeys(gaps)))


@dataclass(frozen=True)
class Match:
    """Where words are in the stream, and which of them are missing."""

    start: int
    end: int
    lost: tuple[str, ...] = ()
    after: str = ""


class WordStream:
    """All that is printed, line after line, as one text."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = tuple(lines)
        parts = [norm(line.said) for line in self.lines]
        self.text = "".join(parts)
        self.starts: list[int] = []
        length = 0
        for part in parts:
            self.starts.append(length)
            length += len(part)

    def line(self, index: int) -> Line:
        """The line of the letter `index`."""
        return self.lines[self.number(index)]

    def number(self, index: int) -> int:
        """The number of that line."""
        return max(0, bisect_right(self.starts, index) - 1)

    def page(self, index: int) -> int:
        return self.line(index).page

    def begins_line(self, index: int) -> bool:
        at = bisect_left(self.starts, index)
        return (at < len(self.starts) and self.starts[at] == index) or index == len(self.text)

    def line_end(self, index: int) -> int:
        """The end of the line of the letter `index`."""
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

    def whole(self, text: str, near: int, earliest: int) -> Match | None:
        """Where all of `text` (empty: nowhere) is printed whole: first from `near` on, then from `earliest`."""
        at = self.text.find(text, near)
        at = self.text.find(text, earliest) if at < 0 else at
        return Match(at, at + len(text)) if text and at >= 0 else None

    def find(self, words: Wanted, near: int, earliest: int) -> Match | None:
        """Where `words` are printed: first from `near` on, then from `earliest`; the best place if not whole."""
        best: Match | None = None
        for number, (offset, _) in enumerate(words.tokens[:LOST_AT_ONCE]):
            end = next((gap for gap in words.gaps if gap > offset), len(words.text))
            seed = words.text[offset : min(end, offset + SEED)]
            if number and len(seed) < 6:  # before a gap, or at the end
                continue
            for size in sorted({len(seed), *(least for least in SEEDS if least < len(seed))}, reverse=True):
                for at in self._candidates(seed[:size], near, earliest):
                    start, lost = self._before(words, number, at)
                    found = self.follow(words, at, offset)
                    found = Match(start, found.end, lost + found.lost, found.after)
                    if best is None or len(found.lost) < len(best.lost):
                        best = found
                    if not found.lost:
                        return found
            if best is not None and len(best.lost) <= number:
                break
        if (best is None or best.lost) and right_to_left(words.text):
            return self.apart(words, best or Match(near, near, tuple(word for _, word in words.tokens)))
        return best

    def apart(self, words: Wanted, best: Match) -> Match:
        """As `best`, without the words that are printed near it, in whatever order: that of letters which are written
        from right to left, and of the marks between them, cannot be told from where they are in all cases."""
        page = self.page(best.start)
        there = ALIKE.sub("", self.text[self.of_page(page) : self.of_page(page + PAGES_TO_TURN)])
        lost = []
        for _, word in words.tokens:
            runs = ("".join(run) for _, run in groupby(ALIKE.sub("", norm(word)), lambda one: bool(right_to_left(one))))
            if not (words.is_formula(word) or all(one in there or one[::-1] in there for one in runs)):
                lost.append(word)
        return replace(best, lost=tuple(lost)) if len(lost) < len(best.lost) else best

    def _before(self, words: Wanted, number: int, at: int) -> tuple[int, tuple[str, ...]]:
        """Where the first `number` words begin before `at`, read backwards past marks, and those that are not there."""
        start = at
        for _, word in reversed(words.tokens[:number]):
            plain = norm(word)
            marked = MARK_BEHIND.search(self.text, max(0, start - MOST_OF_MARK), start)
            if self.text.endswith(plain, 0, start):
                start -= len(plain)
            elif marked and self.text.endswith(plain, 0, marked.start()):
                start = marked.start() - len(plain)
            else:
                break
            number -= 1
        return start, tuple(word for _, word in words.tokens[:number] if not words.is_formula(word))

    def _candidates(self, seed: str, near: int, earliest: int) -> Iterable[int]:
        """The first places of `seed`, from `near` on and then from `earliest`."""
        yield from islice(self.all(seed, near), CANDIDATES)
        yield from islice(self.all(seed, earliest, near + len(seed) - 1), CANDIDATES)

    def follow(self, words: Wanted, at: int, offset: int = 0) -> Match:
        """Reads `words` from their letter `offset` on at `at`, past marks, page turns and what stands between."""
        text, start, i, j = words.text, at, offset, at
        lost: list[str] = []
        after = ""
        seen: set[tuple[int, int]] = set()
        while True:
            same = _common(text, i, self.text, j)
            i, j = i + same, j + same
            if i >= len(text):
                return Match(start, j, tuple(lost), after)
            onward = self._over_gap(words, i, j) or self._over_formula(words, i, j) or self._onward(text, i, j)
            if onward and onward not in seen:  # words that come often lead in a circle
                seen.add(onward)
                i, j = onward
                continue
            skipped = self._without(words, i, j)
            if skipped is None:
                rest = _pieces(words, i, len(text))
                return Match(start, j, (*lost, *rest), after or _word_before(words, i))
            next_i, next_j = skipped
            pieces = _pieces(words, i, next_i)
            if pieces and not lost:
                after = _word_before(words, i)
            lost += pieces
            i, j = next_i, next_j

    def _onward(self, text: str, i: int, j: int) -> tuple[int, int] | None:
        """Where the words from `i` go on after a gap at `j`: on the line, or at the head of a line further down."""
        joints = [(a, b, self.of_page(self.page(max(0, b - 1)) + PAGES_TO_TURN)) for a, b in self._joints(text, i, j)]
        for size, reach in KEYS:
            key = text[i : i + size]
            if not any(letter.isalnum() for letter in key):  # the end of a sentence, behind a reference in words
                reach = SKIP
            at = self.text.find(key, j, j + reach + len(key))
            ways: list[tuple[int, int]] = []
            if at >= 0 and self.text[j:at].isdigit():  # the mark of a note
                return i, at
            if at >= 0 and (len(key) > SURE or reach == SKIP):
                ways.append((i, at))
            for joint_i, joint_j, last in joints:
                key = text[joint_i : joint_i + size]
                sure = len(key) > SURE or joint_i + len(key) == len(text)
                ways += [
                    (joint_i, at)
                    for at in islice(filter(self.begins_line, self.all(key, joint_j + 1, last)), CANDIDATES)
                    if sure or (joint_i == i and self.page(at) != self.page(joint_j - 1))
                ]
            if ways:  # an address may stand in a note below, too: the words behind it tell
                return max(ways, key=lambda way: way[0] + _common(text, way[0], self.text, way[1]))
        return None

    def _over_gap(self, words: Wanted, i: int, j: int) -> tuple[int, int] | None:
        """Where the words go on behind a reference that is printed at `j` or just before."""
        for number, gap in reversed(list(enumerate(words.gaps))):
            if i - CHANCE <= gap <= i and gap < len(words.text):
                after = words.gaps[number + 1] if number + 1 < len(words.gaps) else len(words.text)
                key = words.text[gap : min(after, gap + KEY)]
                start = j - (i - gap) + 1
                at = self.text.find(key, start, start + SKIP + len(key))
                if at >= 0:
                    return gap, at
        return None

    def _over_formula(self, words: Wanted, i: int, j: int) -> tuple[int, int] | None:
        """Where the words go on behind a formula, which is printed in other signs from about `j` on."""
        if not words.has_formula:
            return None
        number = bisect_right([offset for offset, _ in words.tokens], i) - 1
        if not words.is_formula(words.tokens[number][1]):
            return None
        behind = next((n for n in range(number, len(words.tokens)) if not words.is_formula(words.tokens[n][1])), None)
        if behind is None:
            return None
        at = words.tokens[behind][0]
        rest = words.tokens[behind + 1 :]
        next_formula = next((offset for offset, word in rest if FORMULA.search(word)), len(words.text))
        key = words.text[at : min(at + KEY, next_formula)]
        found = self.text.find(key, max(0, j - TURN), j + FORMULA_REACH)
        return (at, found) if found >= 0 else None

    def _joints(self, text: str, i: int, j: int) -> Iterable[tuple[int, int]]:
        """The ends of lines at or just before `j` (what was alike beyond them was so by chance), or behind a mark."""
        end = self.line_end(j)
        mark = MARK_AT_END.fullmatch(self.text, j, end)
        if mark and text.startswith(mark[1], i):
            yield i + len(mark[1]), end
        for back in range(min(TURN, i, j) + 1):
            if self.begins_line(j - back):
                yield i - back, j - back

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
            if onward and onward[0] > i:
                return onward
        return None


def _common(one: str, i: int, other: str, j: int) -> int:
    """How many letters from `i` and `j` on are the same."""
    same = 0
    while (a := one[i + same : i + same + STEP]) == (b := other[j + same : j + same + STEP]) and len(a) == STEP:
        same += STEP
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if a[:middle] == b[:middle] else (low, middle - 1)
    return same + low


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
    return before[-1].rstrip(".,;:!?%()") if before else ""
