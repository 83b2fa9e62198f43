"""`glossary.csv`: the terms to use and not to use in each edition and the names to keep; chapters compared with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from impressum.core.errors import Faults, Place, nearest
from impressum.core.model.identifiers import TAG
from impressum.stages.load.cells import DataCell, Row, cells
from impressum.translation.comparing import paired
from impressum.translation.handoff.terms import Terms, Worded, is_there, is_written, words_at, words_of
from impressum.translation.passages import Passage

TERM, KEPT, NOTE, FORBIDDEN = "term", "do-not-translate", "note", "forbidden-"
YES, NO = frozenset({"yes"}), frozenset({"no", ""})
BETWEEN = "|"
"""Separates several words for one term."""


class GlossaryEntry(NamedTuple):
    """A term of the source with its translations and the forbidden ones, by the tags of editions."""

    term: str
    place: Place
    called: Mapping[str, tuple[str, ...]]
    forbidden: Mapping[str, tuple[str, ...]]
    is_kept: bool
    """Whether it is not translated."""


def read_glossaries(
    found: Iterable[tuple[str, str | None]], tags: Sequence[str], faults: Faults
) -> tuple[GlossaryEntry, ...]:
    """The entries of glossaries by their paths, None where a text cannot be read. The first is the publication's own:
    of a term that is in both it says what holds. `tags` are all editions."""
    entries: dict[str, GlossaryEntry] = {}
    for number, (path, text) in enumerate(found):
        for entry in read_glossary(text, path, tags, faults, is_shared=number > 0) if text else ():
            entries.setdefault(entry.term.casefold(), entry)
    return tuple(entries.values())


def read_glossary(
    text: str, path: str, tags: Sequence[str], faults: Faults, *, is_shared: bool = False
) -> tuple[GlossaryEntry, ...]:
    """The entries of the glossary `text`; what is wrong in it becomes faults at its cells.

    `tags` are all editions; one that several publications share may have others.
    """
    rows = cells(text, path, faults)
    if not rows:
        return ()
    header, *others = rows
    if is_shared:
        given = (cell.text.removeprefix(FORBIDDEN) for cell in header)
        tags = [*tags, *(tag for tag in given if TAG.fullmatch(tag) and tag not in (TERM, NOTE))]
    if not _is_header(header, tags, path, faults):
        return ()
    reader = _GlossaryReader([cell.text for cell in header], faults)
    return tuple(entry for row in others if (entry := reader.entry(row)))


def _is_header(header: Row, tags: Sequence[str], path: str, faults: Faults) -> bool:
    known = [TERM, KEPT, NOTE, *tags, *(f"{FORBIDDEN}{tag}" for tag in tags)]
    seen: set[str] = set()
    for cell in header:
        if cell.text in seen:
            faults.error(cell.place, f"the column `{cell.text}` stands here twice", "glossary-column", "delete one")
        elif cell.text not in known:
            near = nearest(cell.text, known)
            message = f"the glossary has no column `{cell.text}`" + (f"; did you mean `{near}`?" if near else "")
            faults.error(cell.place, message, "glossary-column", f"columns: {', '.join(known)}")
        seen.add(cell.text)
    if TERM not in seen:
        hint = "name the column that has the terms of the source `term`"
        faults.error(Place(path, 1), "the glossary has no column `term`", "glossary-column", hint)
        return False
    return True


class _GlossaryReader:
    def __init__(self, columns: list[str], faults: Faults) -> None:
        self.columns = columns
        self.faults = faults
        self.seen: dict[str, Place] = {}

    def entry(self, row: Row) -> GlossaryEntry | None:
        if len(row) > len(self.columns) and any(cell.text for cell in row[len(self.columns) :]):
            message = f"the row has {len(row)} cells, and the glossary {len(self.columns)} columns"
            hint = "put a cell that holds the sign between cells into quotes"
            self.faults.error(row[len(self.columns)].place, message, "glossary-row", hint)
            return None
        by_column: dict[str, DataCell] = dict(zip(self.columns, row, strict=False))
        term = by_column.get(TERM)
        if term is None or not term.text:
            place = term.place if term else row[0].place
            self.faults.error(place, "the row has no term", "glossary-row", "write the term as the source has it")
            return None
        if term.text.casefold() in self.seen:
            message = f"`{term.text}` is a term already in line {self.seen[term.text.casefold()].line}"
            hint = f"put both into one row, with `{BETWEEN}` between words that may both be used"
            self.faults.error(term.place, message, "glossary-row", hint)
            return None
        self.seen[term.text.casefold()] = term.place
        filled = {tag: _several(cell) for tag, cell in by_column.items() if cell.text}
        called = {tag: words for tag, words in filled.items() if not _is_other(tag)}
        forbidden = {tag.removeprefix(FORBIDDEN): w for tag, w in filled.items() if tag.startswith(FORBIDDEN)}
        self._check_forbidden(by_column, called)
        return GlossaryEntry(term.text, term.place, called, forbidden, self._is_kept(by_column.get(KEPT)))

    def _is_kept(self, cell: DataCell | None) -> bool:
        said = cell.text.casefold() if cell else ""
        if cell and said not in YES | NO:
            hint = "write `yes`, or `no`, or leave it empty"
            self.faults.error(cell.place, f"`{KEPT}` is `{cell.text}`", "glossary-row", hint)
        return said in YES

    def _check_forbidden(self, by_column: Mapping[str, DataCell], called: Mapping[str, tuple[str, ...]]) -> None:
        for column, cell in by_column.items():
            tag = column.removeprefix(FORBIDDEN)
            both = [one for one in _several(cell) if column != tag and one in called.get(tag, ())]
            for one in both:
                hint = "take it out of one of the two columns"
                self.faults.error(cell.place, f"`{one}` is both used and forbidden", "glossary-row", hint)


def _is_other(column: str) -> bool:
    return column in (TERM, KEPT, NOTE) or column.startswith(FORBIDDEN)


def _several(cell: DataCell) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.text.split(BETWEEN) if part.strip())


class GlossaryComparison:
    """The `entries` of the glossary for the edition `tag`, prepared to compare its chapters."""

    def __init__(self, tag: str, entries: Sequence[GlossaryEntry]) -> None:
        self.tag, self.entries = tag, entries
        self.terms = Terms([entry.term for entry in entries])
        self.kept = [number for number, entry in enumerate(entries) if entry.is_kept]
        forbidden = [(entry, word) for entry in entries for word in entry.forbidden.get(tag, ())]
        self.of_forbidden = [entry for entry, _ in forbidden]
        self.forbidden = Terms([word for _, word in forbidden])
        self.called = Terms([word for entry in entries for word in entry.called.get(tag, ())])

    def check_forbidden(self, path: str, chapter: Sequence[Worded], faults: Faults) -> None:
        """Reports each word that the glossary forbids, unless it is part of a term that it requires."""
        for one in chapter:
            forbidden = self.forbidden.occurrences(one.words)
            right = self.called.occurrences(one.words) if forbidden else []
            for number, first, last in forbidden:
                if not any(begins <= first and last <= ends for _, begins, ends in right):
                    words = words_at(one.text, first, last)
                    self._forbid(self.of_forbidden[number], words, _place(path, one.passage, words), faults)

    def check_terms(self, path: str, chapter: Sequence[Worded], source: Sequence[Worded], faults: Faults) -> None:
        """Reports terms of `source` that the chapter, its translation, lacks or calls otherwise, by passage."""
        ours = {one.passage.line: one for one in source}
        theirs = {one.passage.line: one for one in chapter}
        in_source: set[int] | None = None
        for pair in paired([one.passage for one in source], [one.passage for one in chapter]):
            if pair.source is None or pair.translation is None:
                continue
            here, there = ours[pair.source.line], theirs[pair.translation.line]
            occurring = {number for number, _, _ in self.terms.occurrences(here.words)}
            lost = [number for number in self.kept if self._is_lost(self.entries[number], here.text, there)]
            if not occurring.issuperset(lost) and in_source is None:
                whole = [word for one in source for word in one.words]
                in_source = {number for number, _, _ in self.terms.occurrences(whole)}
            for number in sorted(occurring.union(lost)):
                entry = self.entries[number]
                if not entry.is_kept:
                    self._check_called(entry, there.text, Place(path, there.passage.line), faults)
                elif number in lost and (number in occurring or number in (in_source or ())):
                    message = f"`{entry.term}` is in the source of this passage, and not in its translation"
                    hint = "the glossary says that it is not translated: write it as it is"
                    faults.error(Place(path, there.passage.line), message, "glossary-lost", hint)

    def _is_lost(self, entry: GlossaryEntry, here: str, there: Worded) -> bool:
        """Whether a name is in `here`, but not in `there`, where it may be marked as another language."""
        if entry.term in there.all_text or not is_written(entry.term, here):
            return False
        names = Terms([entry.term, *entry.called.get(self.tag, ())])
        return not names.occurrences(words_of(there.all_text))

    def _check_called(self, entry: GlossaryEntry, text: str, place: Place, faults: Faults) -> None:
        called = entry.called.get(self.tag, ())
        if called and not any(is_there(word, text) for word in called):
            message = f"`{entry.term}` is not called `{'` or `'.join(called)}` in this passage"
            hint = f"use the glossary's word, or add yours to it ({entry.place})"
            faults.warning(place, message, "glossary-term", hint)

    def _forbid(self, entry: GlossaryEntry, words: str, place: Place, faults: Faults) -> None:
        called = entry.called.get(self.tag, ())
        message = f"the glossary forbids `{words}`" + (f" for `{entry.term}`" if entry.term else "")
        hint = f"write `{'` or `'.join(called)}`" if called else f"see {entry.place}"
        faults.error(place, message, "glossary-forbidden", hint)


def _place(path: str, passage: Passage, words: str) -> Place:
    """The place of `words` in the passage."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    if (stands := re.search(rf"(?<!\w){pattern}(?!\w)", passage.text)) is None:
        return Place(path, passage.line)
    before = passage.text[: stands.start()]
    return Place(path, passage.line + before.count("\n"), stands.start() - before.rfind("\n"))
