"""The rules of parity, and the faults found under them in a chapter, without its declared differences."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from impressum.core.errors import Fault, Faults, Place, Severity, nearest
from impressum.core.model.publication import Difference
from impressum.stages.convert.inherited_ids import IDS as IDS

HEADINGS = "parity-headings"
NOTES = "parity-notes"
CITATIONS = "parity-citations"
FIGURES = "parity-figures"
TABLES = "parity-tables"
BLOCKS = "parity-blocks"
FORMULAS = "parity-formulas"
REFERENCES = "parity-references"
LINKS = "parity-links"
INDEX = "parity-index"
NUMBERS = "parity-numbers"
NAMES = "parity-names"
PLACEHOLDERS = "parity-placeholders"
UNTRANSLATED = "parity-untranslated"
LETTERS = "letters-mixed"

RULES = (
    *(HEADINGS, IDS, NOTES, CITATIONS, FIGURES, TABLES, BLOCKS, FORMULAS, REFERENCES, LINKS, NUMBERS, PLACEHOLDERS),
    *(INDEX, NAMES, UNTRANSLATED, LETTERS),
)
"""The rules of parity, which `differences` in `edition.yaml` may name."""


@dataclass
class Findings:
    """Reports faults of the chapter `slug` to `faults`, except differences `declared` in `edition.yaml`."""

    slug: str
    path: str
    declared: tuple[Difference, ...]
    faults: Faults
    _used: set[int] = field(default_factory=set)

    def error(self, place: Place, message: str, rule: str, hint: str = "", *, about: Iterable[str] = ()) -> bool:
        """Reports a loss, unless it is declared; whether it was reported."""
        return self.add("error", place, message, rule, hint, about)

    def warning(self, place: Place, message: str, rule: str, hint: str = "", *, about: Iterable[str] = ()) -> bool:
        """Reports a possible slip, unless it is declared; whether it was reported."""
        return self.add("warning", place, message, rule, hint, about)

    def add(self, severity: Severity, place: Place, message: str, rule: str, hint: str, about: Iterable[str]) -> bool:
        """Reports a fault unless a difference names one of `about`; whether it was reported."""
        named = [_plain(one) for one in about if one]
        known = [
            index
            for index, one in enumerate(self.declared)
            if _slug(one) == self.slug and one.rule == rule and _names(one, named)
        ]
        self._used.update(known)
        if not known:
            self.faults.add(Fault(place, message, rule, hint, severity))
        return not known

    def is_off(self, rule: str) -> bool:
        """Whether the publication turns `rule` off."""
        return self.faults.is_off(rule)

    def report_unused(self, rules: Collection[str]) -> None:
        """A warning for each declared difference of this chapter under one of `rules` that was not found."""
        for index, one in enumerate(self.declared):
            if _slug(one) == self.slug and one.rule in rules and index not in self._used:
                where = f" at `{one.where}`" if one.where else ""
                message = f"the difference of `{one.chapter}`{where} (`{one.rule}`) is not there any more"
                correct = ", or correct `where`: an id, a number, a key, or first words" if one.where else ""
                self.faults.warning(_place(one, self.path), message, "difference-unused", f"take it out{correct}")


def check_differences(declared: tuple[Difference, ...], chapters: tuple[str, ...], path: str, faults: Faults) -> None:
    """Reports each difference with an unknown rule or chapter; `path` is that of `edition.yaml`."""
    chapters = (*chapters, "edition.yaml")
    for one in declared:
        place = one.place if one.place.path else Place(path)
        if one.rule not in RULES:
            faults.error(place, *_unknown("rule of parity", one.rule, RULES, "difference-rule"))
        if _slug(one) not in chapters:
            faults.error(place, *_unknown("chapter", one.chapter, chapters, "difference-chapter"))


def _unknown(noun: str, name: str, known: tuple[str, ...], rule: str) -> tuple[str, str, str]:
    guess = f"; did you mean `{near}`?" if (near := nearest(name, known)) else ""
    message = f"`differences` names `{name}`, and there is no such {noun}{guess}"
    return message, rule, f"known here: {', '.join(f'`{one}`' for one in known)}"


def _slug(one: Difference) -> str:
    return one.chapter.removesuffix(".md")


def _place(one: Difference, chapter: str) -> Place:
    return one.place if one.place.path else Place(posixpath.join(posixpath.dirname(chapter), "edition.yaml"))


def _names(one: Difference, named: list[str]) -> bool:
    """Whether the difference names one of `named`, whole or by its first words; without `where` it covers all."""
    if one.where is None:
        return True
    wanted = _plain(one.where)
    return any(name == wanted or (" " in name and name.startswith(wanted)) for name in named)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" #@[]^…").rstrip(".!?").casefold()
