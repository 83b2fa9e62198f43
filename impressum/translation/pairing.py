"""Which passage of a translation stands for which passage of its source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from impressum.translation.passages import Passage

ANCHOR = re.compile(
    r"""\{\{.*?\}\} | \[\^[^\]\s]+\] | (?<!\w)@\{?[\w:.+/-]*\w | \#[\w-]*[^\W\d][\w-]* | https?://[^\s<>()\[\]]+
      | \((?:figure|table):[\w-]+\) | \d+(?:[.,\u00a0\u202f ]?\d+)*""",
    re.VERBOSE | re.DOTALL,
)
"""What a translator leaves as it is: values, marks of notes, keys, ids, addresses, numbers."""
PROSE = ("paragraph", "item", "quote", "definition")
"""Kinds of passages that a translator may turn into each other."""


@dataclass(frozen=True)
class Pair:
    """A passage of the source and the one that translates it; one of them is None where the other has none."""

    source: Passage | None
    translation: Passage | None


def paired(source: Sequence[Passage], translation: Sequence[Passage]) -> tuple[Pair, ...]:
    """The passages of both in order, each once, paired by kind, by what nobody translates, and by length.

    Where both have the same headings, each section is paired for itself.
    """
    sections, others = _sections(source), _sections(translation)
    if [part[0].level for part in sections if part] != [part[0].level for part in others if part]:
        return tuple(_paired(source, translation))
    return tuple(pair for one, other in zip(sections, others, strict=True) for pair in _paired(one, other))


def anchors(passage: Passage) -> Counter[str]:
    """What `passage` holds that a translation of it holds, too; numbers without the marks between their digits."""
    found = (match.group() for match in ANCHOR.finditer(passage.text))
    return Counter(re.sub(r"\D", "", text) if text[0].isdigit() else text for text in found)


def _sections(passages: Sequence[Passage]) -> list[list[Passage]]:
    """`passages` cut before each heading; what stands before the first one, with the front matter, comes first."""
    parts: list[list[Passage]] = [[]]
    for one in passages:
        if one.level:
            parts.append([])
        parts[-1].append(one)
    return parts


def _paired(source: Sequence[Passage], translation: Sequence[Passage]) -> list[Pair]:
    """The pairing of the highest score in which no two pairs cross."""
    ours, theirs = [anchors(one) for one in source], [anchors(one) for one in translation]
    rows, columns = len(source), len(translation)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    scores = [[0.0] * columns for _ in range(rows)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            score = _score(source[row], translation[column], ours[row], theirs[column])
            scores[row][column] = score
            taken = best[row + 1][column + 1] + score if score > 0 else 0.0
            best[row][column] = max(best[row + 1][column], best[row][column + 1], taken)
    return _walked(source, translation, best, scores)


def _walked(
    source: Sequence[Passage], translation: Sequence[Passage], best: list[list[float]], scores: list[list[float]]
) -> list[Pair]:
    found: list[Pair] = []
    row = column = 0
    while row < len(source) and column < len(translation):
        score = scores[row][column]
        if score > 0 and best[row][column] == best[row + 1][column + 1] + score:
            found.append(Pair(source[row], translation[column]))
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            found.append(Pair(source[row], None))
            row += 1
        else:
            found.append(Pair(None, translation[column]))
            column += 1
    found += [Pair(one, None) for one in source[row:]]
    return found + [Pair(None, one) for one in translation[column:]]


def _score(one: Passage, other: Passage, ours: Counter[str], theirs: Counter[str]) -> float:
    """How well two passages fit, 0 and less where they do not."""
    if one.kind == other.kind:
        score = 1.0
    elif one.kind in PROSE and other.kind in PROSE:
        score = 0.3
    else:
        return 0.0
    if one.level != other.level:
        return 0.0
    if one.kind == "front":
        return score if one.text.partition(":")[0] == other.text.partition(":")[0] else 0.0
    together = (ours | theirs).total()
    if together:
        score += 3 * (ours & theirs).total() / together - 1
    lengths = sorted((len(one.text), len(other.text)))
    return score + 0.5 * lengths[0] / lengths[1]
