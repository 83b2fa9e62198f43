"""Output of the program: faults as text, as many as anybody can read, and no commands to the terminal."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO, cast

from impressum.core.errors import COMMANDING, Fault
from impressum.core.rules import FOUND_ON_PAGES

UNPRINTABLE = re.compile(f"{COMMANDING.pattern}|[\\ud800-\\udfff]")
"""Terminal control characters and lone surrogates: the name of a file may be bytes that are no text."""
MOST = {"error": 100, "warning": 5}
"""Of a rule; where there are more, so many are shown whole, of warnings one, and the rest are counted."""
WARNINGS_SHOWN, PLACES_NAMED = 1, 2
ONCE = frozenset({"class-unknown", "code-language-unknown", "attribute-unknown", "spelling"})
"""Rules about a name or a word, whose warnings are shown once for each name."""


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


def from_here(path: str, root: Path, stream: TextIO) -> str:
    """`path` from the `root`; where `stream` is a terminal, from the current folder, so that it can be clicked."""
    try:
        return os.path.relpath(root / path) if stream.isatty() and (root / path).exists() else path
    except ValueError:  # on Windows, the other may be a disk of its own
        return path


def print_faults(faults: Sequence[Fault], arguments: argparse.Namespace) -> None:
    """Prints what is `shown` of `faults`, with their paths as `from_here` gives them."""
    placed = [
        replace(one, place=replace(one.place, path=from_here(one.place.path, arguments.root, sys.stderr)))
        for one in faults
    ]
    for line in shown(placed, layout=getattr(arguments, "layout", False)):
        print(line, file=sys.stderr)


def shown(faults: Sequence[Fault], *, layout: bool = False) -> Iterator[str]:
    """The lines for `faults`; of a rule with more than `MOST`, or a name, the last that is shown counts the others.
    Where one is cut, warnings of the layout come last; `layout` shows those whole."""
    by_rule: dict[tuple[str, bool, str], list[tuple[int, Fault]]] = defaultdict(list)
    for at, fault in enumerate(faults):
        warns = fault.severity == "warning"
        by_rule[fault.rule, warns, fault.message if warns and fault.rule in ONCE else ""].append((at, fault))
    lines: list[tuple[bool, int, Fault]] = []
    counts: Counter[str] = Counter()
    for (rule, warns, name), some in by_rule.items():
        apart = warns and rule in FOUND_ON_PAGES
        counts[("layout" if apart else "text") if warns else "error"] += len(some)
        most = WARNINGS_SHOWN if name else MOST[some[0][1].severity]
        kept = some if len(some) <= most or (apart and layout) else _summed(some)
        lines += [(apart, at, fault) for at, fault in kept]
    if len(lines) == len(faults):
        yield from map(str, faults)
        return
    yield from (str(fault) for *_, fault in sorted(lines, key=lambda line: line[:2]))
    warnings = counts["layout"] + counts["text"]
    kinds = ", ".join(f"{counts[kind]:,} of {kind}" for kind in ("layout", "text") if counts[kind])
    told = [_count(counts["error"], "error"), _count(warnings, "warning") + (f" ({kinds})" if kinds else "")]
    more = ", `--layout` shows those of layout" if counts["layout"] and not layout else ""
    yield f"{', '.join(told)}; `--json` reports each{more}"


def _summed(some: Sequence[tuple[int, Fault]]) -> Iterator[tuple[int, Fault]]:
    """The first of `some`, faults of one rule with their positions; the last of them says how many more there are."""
    severity = some[0][1].severity
    count = WARNINGS_SHOWN if severity == "warning" else MOST[severity]
    yield from some[: count - 1]
    at, last = some[count - 1]
    places = list(dict.fromkeys(str(fault.place) for _, fault in some[count:] if fault.place != last.place))
    named = ", ".join(places[:PLACES_NAMED]) + (", …" if len(places) > PLACES_NAMED else "")
    more = f"{len(some) - count:,} more {'like it' if last.rule in ONCE else 'of this rule'}" + (
        f", at {named}" if named else ""
    )
    yield at, replace(last, message=f"{last.message}; {more}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
