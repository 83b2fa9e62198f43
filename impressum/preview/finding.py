"""Finds printed words in the lines of their source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from impressum.stages.verify.words import norm

DIVIDED = re.compile("[\ufffe\u00ad]\\s*|[\u200b\u2060]")
"""How a word that is divided at the end of a line is read, and signs that are not printed."""
DIVISION = re.compile("[\ufffe\u00ad]\\s*$")
"""The end of a line within a word."""
WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
AROUND = 5
"""Words before and behind the one that is looked for."""
ITSELF = 1.5
ENOUGH = 1.9
"""What is found must weigh so much: the word itself and a neighbour, or several neighbours."""


@dataclass(frozen=True)
class Token:
    """A word of the source as it is compared, with its line and column."""

    word: str
    line: int
    column: int


def tokens(lines: Iterable[tuple[int, str]]) -> list[Token]:
    """The words of numbered lines."""
    return [
        Token(word, number, found.start() + 1)
        for number, line in lines
        for found in WORD.finditer(line)
        if (word := _same(found[0]))
    ]


def find(before: str, word: str, after: str, source: Sequence[Token]) -> tuple[Token, float] | None:
    """The word of `source` that is printed as `word` between `before` and `after`, and how sure that is."""
    left = [_same(one) for one in WORD.findall(DIVIDED.sub("", before))]
    right = [_same(one) for one in WORD.findall(DIVIDED.sub("", after))]
    own = "".join(_same(one) for one in WORD.findall(DIVIDED.sub("", word)))
    if DIVISION.search(before) and left:
        own = left.pop() + own
    if DIVISION.search(word) and right:
        own += right.pop(0)
    left, right = left[-AROUND:], right[:AROUND]
    best: tuple[float, int] = (0.0, -1)
    known = {own, *left, *right}
    for at, token in enumerate(source):
        if token.word not in known:
            continue
        weight = ITSELF if token.word == own else 0.0
        weight += _run(reversed(left), [source[i].word for i in range(at - 1, max(-1, at - 2 * AROUND), -1)])
        weight += _run(right, [one.word for one in source[at + 1 : at + 2 * AROUND]])
        if weight > best[0]:
            best = (weight, at)
    weight, at = best
    return (source[at], weight) if at >= 0 and weight >= ENOUGH else None


def _run(printed: Iterable[str], source: Sequence[str]) -> float:
    """How well the words that follow are the same, one after the other; markup may stand between them."""
    weight, at, share = 0.0, 0, 1.0
    for word in printed:
        where = next((i for i in range(at, min(at + 3, len(source))) if source[i] == word), None)
        if where is not None:
            weight += share
            at = where + 1
        share *= 0.8
    return weight


def _same(word: str) -> str:
    return norm(word).strip(".,;:!?%()")
