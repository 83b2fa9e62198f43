"""Which columns and rows of a table of data an author asks for, and which columns are added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from impressum.core.errors import Faults, Place, nearest
from impressum.core.model.sources import DataTable
from impressum.stages.convert.attributes import Find
from impressum.stages.convert.data import column_of

MOST_SHOWN = 10
"""Names that a message shows."""


@dataclass(frozen=True)
class Choice:
    """What the attributes ask for, by names; an unknown one is a fault at its place, and makes all of it None."""

    table: DataTable
    values: Mapping[str, str]
    place: Place
    find: Find
    faults: Faults

    def columns(self) -> tuple[str, ...] | None:
        """The columns to print; the one that names the rows comes first where it is not asked for."""
        first = self.table.columns[0]
        names = self._known("columns", self.table.columns, "column")
        if names is None or not names:
            return names if names is None else self.table.columns
        return names if first in names else (first, *names)

    def rows(self) -> tuple[int, ...] | None:
        """The rows to print, by their numbers from 0."""
        keys = [str(row[0]) for row in self.table.rows]
        names = self._known("rows", keys, "row")
        if names is None:
            return None
        return tuple(keys.index(name) for name in names) if names else tuple(range(len(keys)))

    def sums(self) -> frozenset[str] | None:
        """The columns that the last row adds up."""
        names = self._known("total", self.table.columns, "column")
        for name in names or ():
            column = column_of(self.table, name, range(len(self.table.rows)))
            if not column.is_numeric or column.form == "year":
                self.faults.error(
                    self.find(name, "total=") or self.place,
                    f"`{name}` cannot be added up: it is no column of numbers",
                    "table-total",
                    "name columns of numbers in `total`, or take it out",
                )
                return None
        return None if names is None else frozenset(names)

    def _known(self, key: str, known: Sequence[str], noun: str) -> tuple[str, ...] | None:
        """The names that the attribute `key` lists, or None after a fault for each that is not `known`."""
        names = _listed(self.values.get(key, ""), known)
        unknown = [name for name in names if name not in known]
        for name in unknown:
            near = nearest(name, known)
            shown = ", ".join(known[:MOST_SHOWN]) + (" …" if len(known) > MOST_SHOWN else "")
            self.faults.error(
                self.find(name, f"{key}=") or self.place,
                f"the data `{self.table.name}` have no {noun} `{name}`" + (f"; did you mean `{near}`?" if near else ""),
                "data-unknown",
                f"{noun}s: {shown}",
            )
        return None if unknown else tuple(dict.fromkeys(names))


def _listed(text: str, known: Sequence[str]) -> list[str]:
    """The names in `text`: parted by commas or semicolons where it has any, else by spaces."""
    if text.strip() in known:
        return [text.strip()]
    for mark in (";", ","):
        if mark in text:
            return [name.strip() for name in text.split(mark) if name.strip()]
    return text.split()
