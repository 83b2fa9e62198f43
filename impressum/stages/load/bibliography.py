"""The bibliography: `references.bib` checked before pandoc sees it, in time linear in its length.

Small files can hang pandoc (`crossref` in a circle) or eat all memory (`@string` that multiplies), and much that
is wrong it drops without a word: a second entry of a key, an undefined `@string`, a 45th of the 13th month.
Names of `@string` are expanded as pandoc does: a definition holds from its line on, until a later one replaces it;
nothing over the limits is ever built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

from impressum.core.errors import Faults, Place, nearest
from impressum.core.model.sources import BibEntry, Bibliography, SourceText, format_of
from impressum.stages.load.bibtex import BibField, Item, RawEntry, ValuePart, read_bibtex
from impressum.stages.load.bibtex_entries import (
    check_inheritance,
    check_key,
    check_required,
    check_twice,
    leaves_first,
    shown,
)
from impressum.stages.load.bibtex_values import DATE_FIELDS, ValueCheck, check_values
from impressum.stages.load.text_checks import check_text

SIZE_LIMIT = 64_000_000

_TYPES = (
    "article book booklet bookinbook collection conference dataset electronic inbook incollection inproceedings "
    "inreference manual mastersthesis misc mvbook mvcollection mvproceedings mvreference online patent periodical "
    "phdthesis proceedings reference report set software standard suppbook suppcollection suppperiodical "
    "techreport thesis unpublished www xdata artwork audio bibnote commentary image jurisdiction legal "
    "legislation letter movie music performance review video"
)
TYPES = frozenset(_TYPES.split())

_VERBATIM = frozenset(
    (*DATE_FIELDS, "url", "doi", "file", "eprint", "isbn", "issn", "crossref", "xdata", "xref", "ids", "entryset")
)
_UNPRINTED = frozenset(
    ("abstract", "annotation", "annote", "keywords", "comment", "review", "owner", "timestamp", "groups", "langid")
)
TITLES = frozenset(
    ("title", "subtitle", "booktitle", "booksubtitle", "maintitle", "mainsubtitle", "journal", "journaltitle", "series")
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
VALUE_LIMIT = 64_000
TOTAL_LIMIT = 16_000_000
SUGGESTIONS_LIMIT = 50


def read_bibliography(source: SourceText, faults: Faults) -> Bibliography:
    """The entries of the bibliography `source`, which is CSL JSON or CSL YAML if its name says so, else BibTeX or
    BibLaTeX; everything wrong with it goes to `faults`.

    Of a key that is used twice the first entry is kept; entries without a key are left out. Values of fields
    are as written, without their outer braces or quotes, @strings expanded; LaTeX and Jinja marks in them stay.
    """
    length = len(source.text)
    if length >= SIZE_LIMIT or (length * 4 >= SIZE_LIMIT and len(source.text.encode("utf-8", "replace")) >= SIZE_LIMIT):
        message = f"the bibliography is larger than {SIZE_LIMIT // 1_000_000} MB"
        faults.error(source.place(), message, "bib-too-large", "keep the entries that are cited")
        return Bibliography(source)
    if format_of(source.path) != ".bib":
        from impressum.stages.load.csl import read_csl

        return read_csl(source, faults)
    items = read_bibtex(source, faults)
    entries: dict[str, BibEntry] = {}
    whole: list[BibEntry] = []
    for raw, values in expanded_entries(items, source, faults):
        entry = BibEntry(raw.key, raw.type, source.place_at(raw.offset), values)
        check_key(raw.key, entries, partial(_place_at, source, raw.key_offset), faults)
        _check_type(entry, faults)
        _check_fields(raw, values, source, faults)
        if entries.setdefault(raw.key, entry) is entry and raw.whole:
            whole.append(entry)
    for item in items:
        if isinstance(item, BibField):
            ValueCheck(f"@string `{item.name}`", source, faults).value(item)
    check_twice(entries, faults)
    check_required(whole, check_inheritance(entries, faults), faults)
    return Bibliography(source, entries)


def _place_at(source: SourceText, start: int, at: int) -> Place:
    return source.place_at(start + at)


def _check_type(entry: BibEntry, faults: Faults) -> None:
    if entry.type in TYPES:
        return
    close = _nearest_type(entry.type[:40])
    hint = f"did you mean `@{close}`?" if close else "write @misc where no other type fits"
    faults.warning(entry.place, f"entry `{entry.key}` has the unknown type `@{entry.type}`", "bib-type-unknown", hint)


@lru_cache(1000)
def _nearest_type(name: str) -> str | None:
    return nearest(name, TYPES)


def _check_fields(raw: RawEntry, values: Mapping[str, str], source: SourceText, faults: Faults) -> None:
    places: dict[str, Place] = {}
    for one in raw.fields:
        place = source.place_at(one.offset)
        if one.name in places:
            message = f"field `{one.name}` of entry `{raw.key}` is already given on line {places[one.name].line}"
            faults.warning(place, message, "bib-field-duplicate", "pandoc keeps the last: take one out")
        places.setdefault(one.name, place)
        if one.name not in _VERBATIM:
            what = f"`{one.name}` of entry `{raw.key}`"
            check = ValueCheck(what, source, faults, printed=one.name not in _UNPRINTED)
            check.value(one)
            for part in one.parts if one.name in TITLES else ():
                if not part.is_name:
                    check_text(part.text, source.place_at(part.offset), faults)
    check_values(raw.key, values, places, faults)


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
        hint += f"text is in braces: {{{part.text}}}"
        self.faults.error(place, f"@string `{part.text}` is not defined", "bib-string-undefined", hint)
