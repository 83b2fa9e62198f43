"""Faults, the places they are at, and the one exception that carries them to the command line.

A fault is something in the sources that its author can mend. Independent faults are collected in
`Faults` and shown together; a stage that cannot go on without a clean input calls `stop_if_any`.
Anything that is not a `Faulty` is a bug of Impressum and shows its traceback.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

COMPARED = 20
"""Names that are compared with one that is not known, letter by letter."""
QUOTED = re.compile(r"`([^`]{200})[^`]{20,}`")
COMMANDING = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")
"""Characters that a terminal obeys instead of showing them."""
Severity = Literal["error", "warning", "off"]
Spot = tuple[int, float, float]
"""A page of the finished file (0: not known), and where on it, in points from its top (0, 0: the whole page)."""
NOWHERE: Spot = (0, 0.0, 0.0)


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A place: `path` from the root, line and column from 1; line 0 is the whole file, column 0 the whole line."""

    path: str
    line: int = 0
    column: int = 0

    def __reduce__(self) -> tuple[type[Place], tuple[str, int, int]]:
        """Made anew where it is read back: there are some hundred thousand of a long book."""
        return Place, (self.path, self.line, self.column)

    def __str__(self) -> str:
        if not self.line:
            return self.path
        if not self.column:
            return f"{self.path}:{self.line}"
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Fault:
    """One thing found: where, what, under which rule, and what to do about it."""

    place: Place
    message: str
    rule: str
    hint: str = ""
    severity: Severity = "error"
    detail: str = field(default="", compare=False)
    """The word that is divided, or the share that was measured: for page fitting."""
    spot: Spot = field(default=NOWHERE, compare=False)

    def __post_init__(self) -> None:
        """A message is one line of a length that can be read, whatever it quotes from the sources."""
        message = self.message
        if any(end in message for end in "\n\r\v\f\x85\u2028\u2029"):
            message = " ".join(message.split())
        if len(message) > 300:
            message = QUOTED.sub(r"`\1…`", message)
        object.__setattr__(self, "message", message)

    def __str__(self) -> str:
        place = str(self.place).replace("\n", "\ufffd")
        line = f"{place}: {self.severity}: {self.message} [{self.rule}]"
        return printable(f"{line}\n  hint: {self.hint}" if self.hint else line)


def place_of(words: str, start: Place, offset: int, lines: Sequence[str]) -> Place:
    """The place of `words` from `start` on; `start` itself where they are not found (an escape, an @string)."""
    first = max(1, start.line - offset)
    for number, line in enumerate(lines[first - 1 : first + 200], first):  # an entry is shorter
        at = line.find(words, max(0, start.column - 1) if number == first else 0)
        if at >= 0:
            return Place(start.path, number + offset, at + 1)
    return start


def count_of(number: int, noun: str, nouns: str = "") -> str:
    """`number` with its noun: `1 figure`, `2 figures`; `nouns` where that takes more than an `s`."""
    return f"{number} {noun if number == 1 else nouns or f'{noun}s'}"


def printable(text: str) -> str:
    """`text` for a terminal, whoever wrote it: with U+FFFD for each character that would move or colour the rest."""
    return COMMANDING.sub("\ufffd", text)


@dataclass(frozen=True)
class Allowance:
    """A comment at `place` in the sources by which one occurrence of `rule` is not reported, for a `reason`."""

    place: Place
    rule: str
    reason: str


Silenced = tuple[Fault, Allowance]
"""A fault that is not reported, with the comment that allows it."""


class Faulty(Exception):
    """The sources hold faults; shown once, by the command line. `marked` are the PDFs that show them all the same."""

    def __init__(self, faults: Iterable[Fault], marked: tuple[str, ...] = ()) -> None:
        self.faults, self.marked = tuple(faults), marked
        super().__init__("\n".join(str(fault) for fault in self.faults))


class WrongUsage(Exception):
    """The command line asks for something that does not exist (exit 2)."""


@dataclass
class Faults:
    """Collects faults: `severities` (`rules:`) decides what each weighs, `allowance` which of them are not reported."""

    severities: Mapping[str, Severity] = field(default_factory=dict)
    allowance: Callable[[Fault], Allowance | None] = lambda _: None
    _found: dict[Fault, None] = field(default_factory=dict)
    weigh: Callable[[Mapping[str, Severity]], Mapping[str, Severity]] = dict
    """Transforms `rules:` before they apply: a release waives some (`impressum/release/gate.py`)."""
    _held: set[Fault] = field(default_factory=set)

    def error(self, place: Place, message: str, rule: str, hint: str = "", spot: Spot = NOWHERE) -> None:
        """Notes a fault that stops the build, unless the publication's `rules` say otherwise."""
        self.add(Fault(place, message, rule, hint, "error", spot=spot))

    def warning(self, place: Place, message: str, rule: str, hint: str = "", detail: str = "") -> None:
        """Notes a fault that is shown and does not stop the build."""
        self.add(Fault(place, message, rule, hint, "warning", detail))

    def add(self, fault: Fault) -> None:
        """Notes `fault` at the severity that it carries; `rules:` is applied when it is read back."""
        self._found.setdefault(fault)

    def hold(self, fault: Fault) -> None:
        """Notes `fault`, by which something could not be read: it stays an error, whatever lowers or allows it."""
        self.add(fault)
        self._held.add(fault)

    def extend(self, faults: Iterable[Fault]) -> None:
        """Notes each of `faults`."""
        for fault in faults:
            self.add(fault)

    def apart(self) -> Faults:
        """A separate collection with the same severities; faults held by one are held by both."""
        return Faults(self.severities, self.allowance, weigh=self.weigh, _held=self._held)

    def take(self, faulty: Faulty) -> None:
        """Notes what `faulty` carries, but for what was noted here already, as it was before it was weighed."""
        known = {(one.place, one.message, one.rule) for one in self._found}
        self.extend(one for one in faulty.faults if (one.place, one.message, one.rule) not in known)

    def all(self) -> tuple[Fault, ...]:
        """Every fault that is not `off` nor allowed, in the order of files and lines, at its final severity."""
        return tuple(fault for fault, allowance in self._weighed() if allowance is None)

    def found(self) -> tuple[Fault, ...]:
        """Every fault as it was noted."""
        return tuple(self._found)

    def silenced(self) -> tuple[Silenced, ...]:
        """Every fault that is allowed, with the comment that says why."""
        return tuple((fault, allowance) for fault, allowance in self._weighed() if allowance)

    def is_off(self, rule: str) -> bool:
        """Whether `rule` is switched off."""
        return self.severities.get(rule) == "off"

    def _weighed(self) -> list[tuple[Fault, Allowance | None]]:
        """The faults that are not `off`, in order, each with the comment that allows it."""
        weighed: list[tuple[Fault, Allowance | None]] = []
        for noted in self._found:
            severity = self.severities.get(noted.rule, noted.severity)
            fault = noted if severity == noted.severity else replace(noted, severity=severity)
            allowance = None if fault.severity == "off" else self.allowance(fault)
            if noted in self._held and (fault.severity != "error" or allowance):
                by = "it stays an error" if fault.severity == "error" else "`rules` cannot lower this"
                hint = f"{noted.hint}; {by}, as something could not be read"
                fault, allowance = replace(noted, hint=hint, severity="error"), None
            if fault.severity != "off":
                weighed.append((fault, allowance))
        return sorted(weighed, key=lambda one: (one[0].place, one[0].message))

    def errors(self) -> tuple[Fault, ...]:
        """The faults that stop the build."""
        return tuple(f for f in self.all() if f.severity == "error")

    def stop_if_any(self) -> None:
        """Raises `Faulty` with everything found so far, if any of it is an error."""
        if self.errors():
            raise Faulty(self.all())


Packed = tuple[str, int, int, str, str, str, Severity, *Spot]
"""A fault as it is kept in a cache: path, line, column, message, rule, hint, severity, spot."""


def packed(fault: Fault) -> Packed:
    """`fault` for a cache."""
    place = fault.place
    return place.path, place.line, place.column, fault.message, fault.rule, fault.hint, fault.severity, *fault.spot


def unpacked(raw: Packed) -> Fault:
    """The fault that `packed` made `raw` of; a list from JSON will do."""
    path, line, column, message, rule, hint, severity, page, top, bottom = raw
    return Fault(Place(path, line, column), message, rule, hint, severity, spot=(page, top, bottom))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` probably misspells, or None."""
    from difflib import get_close_matches

    names = frozenset(known)
    if len(names) > COMPARED:  # to compare a name takes its time: only with those that share the most pairs of letters
        by_pair = _by_pair(names)
        shared = Counter(one for pair in _pairs(name) for one in by_pair.get(pair, ()))
        names = frozenset(one for one, _ in shared.most_common(COMPARED))
    close = get_close_matches(name, sorted(names), n=1, cutoff=0.6)
    return close[0] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """How a message about an unknown `name` ends: "; did you mean `x`?", or empty where none of `known` is close."""
    close = nearest(name, known)
    return f"; did you mean `{close}`?" if close else ""


@lru_cache(maxsize=4)
def _by_pair(names: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        for pair in _pairs(name):
            found.setdefault(pair, []).append(name)
    return found


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name))}
