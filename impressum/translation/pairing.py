"""Pairs the passages of a translation with those of its source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from impressum.core.aligning import aligned
from impressum.core.numbers import MARKS
from impressum.translation.passages import Kind, Passage

ANCHOR = re.compile(
    r"""(?=[{\[@\#h(\d]) (?: \{\{.*?\}\} | \[\^[^\]\s]+\] | (?<!\w)@\{?[\w:.+/-]*\w | \#[\w-]*[^\W\d][\w-]*
      | https?://[^\s<>()\[\]]+ | \((?:figure|table):[\w-]+\) | """
    rf"\\d+(?:[{MARKS}]\\d+)* )",
    re.VERBOSE | re.DOTALL,
)
"""What translators leave as it is: values, note marks, citation keys, ids, addresses, numbers."""
BAND = 40
"""How far, in passages, one may be from its place, beyond the difference in number."""
PROSE = ("paragraph", "item", "quote", "definition")
"""Kinds of passages that translators may turn into each other."""


class Pair(NamedTuple):
    """A passage of the source and its translation; one of them may be None."""

    source: Passage | None
    translation: Passage | None


def paired(source: Sequence[Passage], translation: Sequence[Passage]) -> tuple[Pair, ...]:
    """All passages of both in order, paired by kind, anchors and length; section by section if the headings match."""
    sections, others = _sections(source), _sections(translation)
    if [part[0].level for part in sections if part] != [part[0].level for part in others if part]:
        return tuple(_paired(source, translation))
    return tuple(pair for one, other in zip(sections, others, strict=True) for pair in _paired(one, other))


def anchors(passage: Passage) -> Counter[str]:
    """What `passage` and any translation of it have in common; numbers without separators."""
    found = (match.group() for match in ANCHOR.finditer(passage.text))
    return Counter(re.sub(r"\D", "", text) if text[0].isdigit() else text for text in found)


def _sections(passages: Sequence[Passage]) -> list[list[Passage]]:
    """`passages` split before each heading; the first part precedes all headings."""
    parts: list[list[Passage]] = [[]]
    for one in passages:
        if one.level:
            parts.append([])
        parts[-1].append(one)
    return parts


class _Part(NamedTuple):
    """A passage with the features that it is paired by."""

    passage: Passage
    kind: Kind
    level: int
    length: int
    anchors: Counter[str]
    total: int
    """The number of anchors."""


def _part(passage: Passage) -> _Part:
    found = anchors(passage)
    return _Part(passage, passage.kind, passage.level, len(passage.text), found, found.total())


def _paired(source: Sequence[Passage], translation: Sequence[Passage]) -> Iterator[Pair]:
    """The pairing with the highest score and without crossings."""
    ours, theirs = [_part(one) for one in source], [_part(one) for one in translation]
    for one, other in aligned(ours, theirs, _score, BAND):
        yield Pair(one.passage if one else None, other.passage if other else None)


def _score(one: _Part, other: _Part) -> float:
    """How well two passages match; 0 or less if they do not."""
    if one.kind == other.kind:
        score = 1.0
    elif one.kind in PROSE and other.kind in PROSE:
        score = 0.3
    else:
        return 0.0
    if one.level != other.level:
        return 0.0
    if one.kind == "front":
        same = one.passage.text.partition(":")[0] == other.passage.text.partition(":")[0]
        return score if same else 0.0
    every = one.total + other.total
    if every:
        both = 0
        if one.total and other.total:
            both = sum(min(count, other.anchors[anchor]) for anchor, count in one.anchors.items())
        score += 3 * both / (every - both) - 1
    shorter, longer = (one.length, other.length) if one.length < other.length else (other.length, one.length)
    return score + 0.5 * shorter / longer
