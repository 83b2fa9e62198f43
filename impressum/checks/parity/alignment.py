"""Which block of a translation stands for which of the source, so that one that is missing does not shift the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from impressum.checks.parity.outline import Unit
from impressum.core.model.document import Box, Heading

T = TypeVar("T")
Pair = tuple[T | None, T | None]
"""What stands in the source, and what in the translation; None where there is nothing."""
OF_ANOTHER_VARIETY = 0.4
"""How much less two units are alike that differ in what their kind comes in."""
BOTH_EMPTY = 0.5


def following(pairs: Sequence[Pair[T]]) -> list[T | None]:
    """For each pair what comes next in the translation, or None behind the last."""
    found: list[T | None] = []
    below: T | None = None
    for _, other in reversed(pairs):
        found.append(below)
        below = other or below
    return found[::-1]


def units_alike(source: Unit, other: Unit) -> float:
    """How much a unit of the source and one of the translation are alike; 0 where they are of two kinds."""
    if source.kind != other.kind:
        return 0.0
    likeness = 1 + _evidence(source, other)
    return likeness if _variety(source) == _variety(other) else likeness * OF_ANOTHER_VARIETY


def _variety(unit: Unit) -> tuple[str | int, bool]:
    """In what two units of one kind may differ: the level of a heading, the kind of a box, another language."""
    node = unit.node
    variety = node.level if isinstance(node, Heading) else node.kind if isinstance(node, Box) else ""
    return variety, unit.context.foreign


def _evidence(source: Unit, other: Unit) -> float:
    """What speaks for two units being the same: marks, numbers and words in common, length."""
    longer = max(source.length, other.length)
    length = min(source.length, other.length) / longer if longer else 1.0
    return (
        1.2 * _shared(source.evidence, other.evidence)
        + 0.6 * _shared(source.numerals, other.numerals)
        + 0.4 * _shared(source.words, other.words)
        + 0.2 * length
    )


def _shared(one: frozenset[T], two: frozenset[T]) -> float:
    """How much of two sets is in both; that both are empty says something, too."""
    return len(one & two) / len(one | two) if one or two else BOTH_EMPTY
