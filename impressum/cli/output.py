"""Output of the program: faults as text, as many as anybody can read, and no commands to the terminal."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO, cast

from impressum.core.errors import COMMANDING, Fault

UNPRINTABLE = re.compile(f"{COMMANDING.pattern}|[\\ud800-\\udfff]")
"""Terminal control characters and lone surrogates: the name of a file may be bytes that are no text."""
MOST_SHOWN = 200
MOST_OF_A_RULE = 20
"""Of each rule, where there are more than `MOST_SHOWN` in all."""
MOST_RULES = 6
"""Rules that are named in the line that says what is not shown."""


def visible(text: str) -> str:
    """`text` with the code of each such character in its place, in a form that JSON reads as that character."""
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class _Visible:
    """A stream that prints what is `visible`; everything else is passed on to `stream`."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        return self.stream.write(visible(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def plain_output() -> Iterator[None]:
    """Within it, standard output and errors print text alone."""
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast("TextIO", _Visible(stream)) for stream in kept)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = kept


def shown(faults: Sequence[Fault]) -> Iterator[str]:
    """The lines for `faults`, errors before warnings if not all are shown; the last says how many are left out."""
    if len(faults) <= MOST_SHOWN:
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
        if of_rule[rule] < MOST_OF_A_RULE and len(chosen) < MOST_SHOWN:
            of_rule[rule] += 1
            chosen.add(at)
    return chosen
