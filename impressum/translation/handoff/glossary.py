"""`glossary.csv`: what terms are called in each edition, what they are not called, and what is not translated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from impressum.core.errors import Faults, Place, nearest
from impressum.stages.load.csv_cells import Cell, Row, cells

TERM, KEPT, NOTE, FORBIDDEN = "term", "do-not-translate", "note", "forbidden-"
YES, NO = frozenset({"yes"}), frozenset({"no", ""})
BETWEEN = "|"
"""Stands between several words for one term."""


class Entry(NamedTuple):
    """A term of the source; by the tags of editions what it is called there, and what it is not called."""

    term: str
    place: Place
    called: Mapping[str, tuple[str, ...]]
    forbidden: Mapping[str, tuple[str, ...]]
    is_kept: bool
    """Whether it is not translated."""


def read_glossary(text: str, path: str, tags: Sequence[str], faults: Faults) -> tuple[Entry, ...]:
    """The entries of the glossary `text`; what is wrong in it becomes faults at its cells. `tags` are all editions."""
    rows = cells(text, path, faults)
    if not rows:
        return ()
    header, *others = rows
    if not _is_header(header, tags, path, faults):
        return ()
    reader = _Reader([cell.text for cell in header], faults)
    found = [entry for row in others if (entry := reader.entry(row))]
    return tuple(found)


def _is_header(header: Row, tags: Sequence[str], path: str, faults: Faults) -> bool:
    known = [TERM, KEPT, NOTE, *tags, *(f"{FORBIDDEN}{tag}" for tag in tags)]
    seen: set[str] = set()
    for cell in header:
        if cell.text in seen:
            faults.error(cell.place, f"the column `{cell.text}` stands here twice", "glossary-column", "delete one")
        elif cell.text not in known:
            near = nearest(cell.text, known)
            faults.error(
                cell.place,
                f"the glossary has no column `{cell.text}`" + (f"; did you mean `{near}`?" if near else ""),
                "glossary-column",
                f"columns: {', '.join(known)}",
            )
        seen.add(cell.text)
    if TERM not in seen:
        hint = "name the column that has the terms of the source `term`"
        faults.error(Place(path, 1), "the glossary has no column `term`", "glossary-column", hint)
        return False
    return True


class _Reader:
    def __init__(self, columns: list[str], faults: Faults) -> None:
        self.columns = columns
        self.faults = faults
        self.seen: dict[str, Place] = {}

    def entry(self, row: Row) -> Entry | None:
        if len(row) > len(self.columns) and any(cell.text for cell in row[len(self.columns) :]):
            self.faults.error(
                row[len(self.columns)].place,
                f"the row has {len(row)} cells, and the glossary {len(self.columns)} columns",
                "glossary-row",
                "put a cell that holds the sign between cells into quotes",
            )
            return None
        by_column: dict[str, Cell] = dict(zip(self.columns, row, strict=False))
        term = by_column.get(TERM)
        if term is None or not term.text:
            place = term.place if term else row[0].place
            self.faults.error(place, "the row has no term", "glossary-row", "write the term as the source has it")
            return None
        if term.text.casefold() in self.seen:
            self.faults.error(
                term.place,
                f"`{term.text}` is a term already in line {self.seen[term.text.casefold()].line}",
                "glossary-row",
                f"put both into one row, with `{BETWEEN}` between words that may both be used",
            )
            return None
        self.seen[term.text.casefold()] = term.place
        called = {tag: _several(cell) for tag, cell in by_column.items() if cell.text and not _is_other(tag)}
        forbidden = {
            tag.removeprefix(FORBIDDEN): _several(cell)
            for tag, cell in by_column.items()
            if cell.text and tag.startswith(FORBIDDEN)
        }
        self._check_forbidden(by_column, called)
        return Entry(term.text, term.place, called, forbidden, self._is_kept(by_column.get(KEPT)))

    def _is_kept(self, cell: Cell | None) -> bool:
        said = cell.text.casefold() if cell else ""
        if cell and said not in YES | NO:
            self.faults.error(
                cell.place, f"`{KEPT}` is `{cell.text}`", "glossary-row", "write `yes`, or `no`, or leave it empty"
            )
        return said in YES

    def _check_forbidden(self, by_column: Mapping[str, Cell], called: Mapping[str, tuple[str, ...]]) -> None:
        for column, cell in by_column.items():
            tag = column.removeprefix(FORBIDDEN)
            both = [one for one in _several(cell) if column != tag and one in called.get(tag, ())]
            for one in both:
                hint = "take it out of one of the two columns"
                self.faults.error(cell.place, f"`{one}` is both used and forbidden", "glossary-row", hint)


def _is_other(column: str) -> bool:
    return column in (TERM, KEPT, NOTE) or column.startswith(FORBIDDEN)


def _several(cell: Cell) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.text.split(BETWEEN) if part.strip())
