"""Faults as text: all of them, unless there are so many that nobody could read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from impressum.core.errors import Fault

MOST = 200
MOST_OF_A_RULE = 20
"""Of each rule, where there are more than `MOST` in all."""
MOST_RULES = 6
"""Rules that are named in the line that says what is not shown."""


def shown(faults: Sequence[Fault]) -> Iterator[str]:
    """What is printed of `faults`, in their order; a last line says how many are not shown, and what shows them.

    Where not all are shown, errors go before warnings.
    """
    if len(faults) <= MOST:
        yield from map(str, faults)
        return
    chosen = _chosen(faults)
    yield from (str(fault) for at, fault in enumerate(faults) if at in chosen)
    left = Counter(fault.rule for at, fault in enumerate(faults) if at not in chosen)
    rules = [f"{count:,} [{rule}]" for rule, count in left.most_common(MOST_RULES)]
    rules += [f"{len(left) - MOST_RULES} more rules"] if len(left) > MOST_RULES else []
    yield f"{left.total():,} more are not shown: {', '.join(rules)}; `check --report json` tells all"


def _chosen(faults: Sequence[Fault]) -> set[int]:
    """The positions of those that are shown."""
    of_rule: Counter[str] = Counter()
    chosen: set[int] = set()
    for at in sorted(range(len(faults)), key=lambda at: faults[at].severity != "error"):
        rule = faults[at].rule
        if of_rule[rule] < MOST_OF_A_RULE and len(chosen) < MOST:
            of_rule[rule] += 1
            chosen.add(at)
    return chosen
