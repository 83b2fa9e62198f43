"""Tables from data: `![Caption](table:trade){#tbl-trade columns="year exports" total="exports"}`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from impressum.core.errors import Faults, Place, nearest
from impressum.core.model import document as d
from impressum.core.model.sources import DataTable
from impressum.stages.convert.attributes import Find
from impressum.stages.convert.build_tables import TABLE_CLASSES, TABLE_KEYS, width_of
from impressum.stages.convert.citations import WORDS
from impressum.stages.convert.data import SCHEME, Column, Data, Words, column_of, table_image, unit_of
from impressum.stages.convert.inlines import line, placed, said
from impressum.stages.convert.input import Input, inlines

KEYS = TABLE_KEYS | {"columns", "rows", "total"}
MOST_SHOWN = 10
"""Names that a message shows."""


def cite_sources(tree: Any, data: Data) -> None:
    """Makes a figure of each image in `tree` (pandoc's) that is a table from data, with a citation of its source."""
    if isinstance(tree, dict):
        cite_sources(tree.get("c"), data)
        return
    if not isinstance(tree, list):
        return
    for index, node in enumerate(tree):
        if isinstance(node, dict) and node.get("t") in WORDS:
            continue
        image = table_image(node)
        if image is None:
            cite_sources(node, data)
            continue
        if node["t"] == "Para":
            node = {"t": "Figure", "c": [["", [], []], [None, [{"t": "Plain", "c": image["c"][1]}]], [node]]}
        content = [{"t": "Plain", "c": [image]}]
        key = _source(image, data)
        if key in data.keys:
            content.append({"t": "Plain", "c": [_citation(key)]})
        tree[index] = {"t": "Figure", "c": [*node["c"][:2], content]}


def data_table(raw: Any, src: Input) -> d.Block | None:
    """The figure `raw`, whose image is `table:name`, as a table from data."""
    attributes, (_, caption), content = raw
    words, place = placed(line, [node for block in caption for node in block.get("c", [])], src)
    image_attributes, _, (target, _) = content[0]["c"][0]["c"]
    find = src.behind()
    place = src.aligner.target(target) or place
    outer = src.guard.attributes(attributes, place, find)
    inner = src.guard.attributes(image_attributes, place, find, classes=TABLE_CLASSES, keys=KEYS)
    table = src.data.table(target.removeprefix(SCHEME), place, src.faults)
    if table is None:
        return None
    asked = Choice(table, inner.values, place, find, src.faults)
    rows, columns, sums = asked.rows(), asked.columns(), asked.sums()
    if rows is None or columns is None or sums is None:
        return None
    maker = _Maker(table, rows, columns, sums, src.data, src.printed["no-value"], place)
    source = inner.values.get("source", table.sidecar.source)
    made = d.Table(
        place,
        outer.id or inner.id,
        maker.caption(words),
        maker.aligns(),
        (None,) * len(columns),
        (maker.head(),),
        (*maker.body(), *maker.foot(src.printed["total"], src.faults)),
        foot=1 if sums else 0,
        width=width_of(inner.classes),
        small="small" in inner.classes,
        source=_cited(content[1]["c"][0], place, src) if len(content) > 1 else said(source, place),
        note=said(inner.values.get("note", ""), find("note=") or place),
    )
    _ask_for_words(table, maker.words, place, src)
    return made


def _cited(cite: Any, place: Place, src: Input) -> tuple[d.Inline, ...]:
    """The source as citeproc set it: its words stand nowhere in the chapter."""
    citations, content = cite["c"]
    with src.aligner.sleeping(place):
        built = inlines(content, src)
    return (d.Citation(place, tuple(one["citationId"] for one in citations), built),)


def _ask_for_words(table: DataTable, words: Words, place: Place, src: Input) -> None:
    if not src.data.edition or not words.lacking:
        return
    shown = ", ".join(f"`{word}`" for word in list(words.lacking)[:MOST_SHOWN])
    more = " …" if len(words.lacking) > MOST_SHOWN else ""
    file = f"chapters/{src.data.edition}/edition.yaml"
    message = f"the edition `{src.data.edition}` has no words of its own for the data `{table.name}`: {shown}{more}"
    hint = f"give them in {file}, below `data:` and `{table.name}:`; the same word again, where it stays as it is"
    src.faults.warning(place, message, "data-words", hint)


class _Maker:
    """Makes the parts of the table."""

    def __init__(
        self,
        table: DataTable,
        rows: tuple[int, ...],
        columns: tuple[str, ...],
        sums: frozenset[str],
        data: Data,
        missing: str,
        place: Place,
    ) -> None:
        self.table, self.rows, self.data, self.missing, self.place = table, rows, data, missing, place
        self.words = data.words_about(table)
        self.sums = {name: self._sum(name) for name in sums}
        self.columns = tuple(
            column_of(table, name, rows, [total for total in (self.sums.get(name),) if total is not None])
            for name in columns
        )

    def caption(self, words: tuple[d.Inline, ...]) -> tuple[d.Inline, ...]:
        """The author's caption, else the title of the data, with the unit that the whole table has."""
        sidecar = self.table.sidecar
        if not words:
            words = said(self.words.of("title", sidecar.title), self.place)
        shares_unit = any(
            column.is_numeric and column.form in ("number", "integer") and not self.table.column(column.name).unit
            for column in self.columns
        )
        if not sidecar.unit or not shares_unit:
            return words
        unit = self.words.of("unit", sidecar.unit)
        if unit.casefold() in d.plain(words).casefold():
            return words
        last = words[-1] if words else None
        stop: tuple[d.Inline, ...] = ()
        if isinstance(last, d.Text) and last.text.endswith(".") and len(last.text) > 1:
            words = (*words[:-1], d.Text(last.place, last.text[:-1]))
            stop = (d.Text(last.place, "."),)
        return (*words, d.Space(self.place), *said(f"({unit})", self.place), *stop)

    def aligns(self) -> tuple[d.Align, ...]:
        return tuple("right" if column.is_numeric else "left" for column in self.columns)

    def head(self) -> tuple[d.Cell, ...]:
        return tuple(self._cell(self._title(column), column) for column in self.columns)

    def body(self) -> tuple[tuple[d.Cell, ...], ...]:
        return tuple(tuple(self._cell(self._text(column, row), column) for column in self.columns) for row in self.rows)

    def foot(self, total: str, faults: Faults) -> tuple[tuple[d.Cell, ...], ...]:
        """The row of sums; a sum over an empty cell is none, with a warning."""
        if not self.sums:
            return ()
        cells = []
        for number, column in enumerate(self.columns):
            if column.name not in self.sums:
                cells.append(self._cell(total if number == 0 else "", column))
                continue
            value = self.sums[column.name]
            if value is None:
                message = f"`{column.name}` is not added up, for one of its cells is empty"
                faults.warning(self.place, message, "table-total", "fill the cell, or take the column out of `total`")
            cells.append(self._cell(self.missing if value is None else self._written(column, value), column))
        return (tuple(cells),)

    def _sum(self, name: str) -> int | float | None:
        index = self.table.columns.index(name)
        total = Decimal(0)
        for row in self.rows:
            value = self.table.rows[row][index]
            if not isinstance(value, (int, float)):
                return None
            total += Decimal(str(value))
        return int(total) if total == total.to_integral_value() else float(total)

    def _title(self, column: Column) -> str:
        title = self.table.column(column.name).title or column.name
        title = self.words.of(column.name, title)
        unit = unit_of(self.table, column, self.words, self.data.language)
        return f"{title} ({unit})" if unit else title

    def _text(self, column: Column, row: int) -> str:
        value = column.value(self.table, row)
        if value is None:
            return self.missing
        if column.form == "text":
            text = str(value)
            return self.words.of(text, text) if column.index == 0 else self.words.own.get(text, text)
        return self._written(column, value)

    def _written(self, column: Column, value: str | int | float) -> str:
        return column.written(value, self.data.language)

    def _cell(self, text: str, column: Column) -> d.Cell:
        """A cell; a number stays in one piece, whatever spaces it has in it."""
        whole = text == self.missing or (column.is_numeric and text[-1:].isdigit()) or text.endswith("%")
        content: tuple[d.Inline, ...] = (d.Text(self.place, text),) if whole else said(text, self.place)
        blocks = (d.Paragraph(self.place, content, tight=True),) if text else ()
        return d.Cell(self.place, blocks, "right" if column.is_numeric else "left", 1, 1)


def _source(image: Any, data: Data) -> str:
    attributes, _, (target, _) = image["c"]
    table = data.tables.get(target.removeprefix(SCHEME))
    return str(dict(attributes[2]).get("source", table.sidecar.source if table else ""))


def _citation(key: str) -> Any:
    citation = {
        "citationId": key,
        "citationPrefix": [],
        "citationSuffix": [],
        "citationMode": {"t": "AuthorInText"},
        "citationNoteNum": 0,
        "citationHash": 0,
    }
    return {"t": "Cite", "c": [[citation], [{"t": "Str", "c": f"@{key}"}]]}


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
                message = f"`{name}` cannot be added up: it is no column of numbers"
                hint = "name columns of numbers in `total`, or take it out"
                self.faults.error(self.find(name, "total=") or self.place, message, "table-total", hint)
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
