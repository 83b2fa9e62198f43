"""Expands `@string` names as pandoc does, and measures their growth before it happens.

A definition holds from its line on, and a later one of the same name replaces it. Ten lines of definitions that use
each other can mean gigabytes, so lengths are added up and nothing over the limits is ever built.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from impressum.core.errors import Faults, nearest
from impressum.core.model.sources import SourceText
from impressum.stages.load.bibtex import BibField, Item, RawEntry, ValuePart

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
VALUE_LIMIT = 64_000
TOTAL_LIMIT = 16_000_000
SUGGESTIONS_LIMIT = 50

RECORDED = 10_000


def expanded_entries(
    items: Sequence[Item], source: SourceText, faults: Faults
) -> tuple[tuple[RawEntry, Mapping[str, str]], ...]:
    """Each entry with its fields' values, @strings expanded; of a field given twice the first value."""
    definitions = [item for item in items if isinstance(item, BibField)]
    strings = _Strings(source, faults, _places(definitions), _cyclic(definitions, source, faults))
    entries: list[tuple[RawEntry, Mapping[str, str]]] = []
    for item in items:
        if isinstance(item, BibField):
            strings.define(item)
            continue
        values: dict[str, str] = {}
        for one in item.fields:
            values.setdefault(one.name, strings.value(one, f"`{one.name}` of entry `{item.key}`"))
        entries.append((item, values))
    return tuple(entries)


def _places(definitions: Sequence[BibField]) -> dict[str, int]:
    places: dict[str, int] = {}
    for definition in definitions:
        places.setdefault(definition.name, definition.offset)
    return places


def _cyclic(definitions: Sequence[BibField], source: SourceText, faults: Faults) -> frozenset[str]:
    """The names in a cycle, which is reported. A name defined twice may build on its earlier value."""
    edges: dict[str, tuple[str, ...]] = {}
    twice: set[str] = set()
    for definition in definitions:
        if definition.name in edges:
            twice.add(definition.name)
        edges[definition.name] = tuple(part.text.lower() for part in definition.parts if part.is_name)
    for name in twice:
        del edges[name]
    _, cycles = leaves_first(edges)
    places = _places(definitions)
    for cycle in cycles:
        hint = "write one of them out as text in braces"
        faults.error(source.place_at(places[cycle[0]]), f"@string cycle {shown(cycle)}", "bib-string-cycle", hint)
    return frozenset(name for cycle in cycles for name in cycle)


@dataclass
class _Strings:
    source: SourceText
    faults: Faults
    places: Mapping[str, int]
    cyclic: frozenset[str]
    known: dict[str, str] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    total: int = 0
    suggestions: int = 0

    def define(self, definition: BibField) -> None:
        name = definition.name
        if name in self.known or name in self.lost:
            message = f"@string `{name}` is already defined on line {self.source.place_at(self.places[name]).line}"
            hint = "the later one counts from here on; rename one of them"
            self.faults.warning(self.source.place_at(definition.offset), message, "bib-string-twice", hint)
        value = None if name in self.cyclic else self._joined(definition.parts, f"@string `{name}`", definition.offset)
        self.known.pop(name, None)
        self.lost.discard(name)
        if value is None:
            self.lost.add(name)
        else:
            self.known[name] = value

    def value(self, one: BibField, what: str) -> str:
        if len(one.parts) == 1 and not one.parts[0].is_name:
            return one.parts[0].text
        joined = self._joined(one.parts, what, one.offset)
        return "".join(part.text for part in one.parts) if joined is None else joined

    def _joined(self, parts: Sequence[ValuePart], what: str, offset: int) -> str | None:
        """The parts as one text; None where one of them is lost or the whole is too long, which is reported."""
        texts = [self._text(part) if part.is_name else part.text for part in parts]
        whole = [text for text in texts if text is not None]
        if len(whole) < len(texts):
            return None
        if not any(part.is_name for part in parts):
            return "".join(whole)
        length = sum(len(text) for text in whole)
        if length > VALUE_LIMIT:
            message = f"{what} expands to more than 64 kB"
            hint = "write the text out once, without @string names that multiply it"
            self.faults.error(self.source.place_at(offset), message, "bib-string-too-long", hint)
            return None
        if self.total <= TOTAL_LIMIT < self.total + length:
            message = "the @strings of this file expand to more than 16 MB"
            hint = "shorten the @string that is used most"
            self.faults.error(self.source.place_at(offset), message, "bib-string-too-long", hint)
        self.total += length
        return "".join(whole) if self.total <= TOTAL_LIMIT else None

    def _text(self, part: ValuePart) -> str | None:
        name = part.text.lower()
        if name in self.lost:
            return None
        if name in self.known:
            return self.known[name]
        if name in MONTHS:
            return name  # pandoc reads the bare name as the month
        if name not in self.cyclic:
            self._undefined(part)
        return part.text if name not in self.cyclic else None

    def _undefined(self, part: ValuePart) -> None:
        later = self.places.get(part.text.lower())
        place = self.source.place_at(part.offset)
        if later is not None:
            message = f"@string `{part.text}` is used before it is defined on line {self.source.place_at(later).line}"
            self.faults.error(place, message, "bib-string-undefined", "move the definition up")
            return
        close = None
        if self.suggestions < SUGGESTIONS_LIMIT:  # looking for the nearest of many names is slow
            self.suggestions += 1
            close = nearest(part.text.lower(), self.places) if len(self.places) <= 1000 else None
        hint = f"did you mean `{close}`? " if close else ""
        hint += f"text stands in braces: {{{part.text}}}"
        self.faults.error(place, f"@string `{part.text}` is not defined", "bib-string-undefined", hint)


def leaves_first(edges: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The names among the keys of `edges`, each after those it refers to, and the cycles, of 10,000 names in all."""
    order: list[str] = []
    cycles: list[tuple[str, ...]] = []
    recorded = 0
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(edges[start]))]
        depths = {start: 0}
        while stack:
            name, following = stack[-1]
            other = next(following, None)
            if other is None:
                stack.pop()
                del depths[name]
                done.add(name)
                order.append(name)
            elif other in depths:
                if recorded < RECORDED:
                    cycles.append(tuple(member for member, _ in stack[depths[other] :]))
                    recorded += len(cycles[-1])
            elif other in edges and other not in done:
                depths[other] = len(stack)
                stack.append((other, iter(edges[other])))
    return tuple(order), tuple(cycles)


def shown(cycle: Sequence[str]) -> str:
    """The cycle as a fault shows it: `a -> b -> a`, the middle of a long one left out."""
    names = [*cycle, cycle[0]]
    if len(names) > 12:
        names = [*names[:6], "…", *names[-5:]]
    return f"`{' -> '.join(names)}`"
