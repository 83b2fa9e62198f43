"""Makes tables from data: `![Caption](table:trade){#tbl-trade columns="year exports" total="exports"}`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from impressum.core.errors import Faults, Place
from impressum.core.model import document as d
from impressum.core.model.sources import DataTable
from impressum.stages.convert.attributes import Find
from impressum.stages.convert.build_tables import TABLE_CLASSES, TABLE_KEYS, width_of
from impressum.stages.convert.citations import WORDS, citation_of
from impressum.stages.convert.data import (
    MOST_SHOWN,
    SCHEME,
    Column,
    Data,
    Words,
    column_of,
    report_unknown,
    table_image,
    unit_of,
)
from impressum.stages.convert.inlines import line, placed, with_links
from impressum.stages.convert.input import Input, inlines

KEYS = TABLE_KEYS | {"columns", "rows", "total"}


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
        attributes, _, (target, _) = image["c"]
        table = data.tables.get(target.removeprefix(SCHEME))
        key = str(dict(attributes[2]).get("source", table.sidecar.source if table else ""))
        if key in data.keys:
            content.append({"t": "Plain", "c": [citation_of(key, "AuthorInText")]})
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
    choice = _Choice(table, inner.values, place, find, src.faults)
    rows, columns, sums = choice.rows(), choice.columns(), choice.sums()
    if rows is None or columns is None or sums is None:
        return None
    maker = _Maker(table, rows, columns, sums, src.data, src.printed["no-value"], place)
    source = inner.values.get("source", table.sidecar.source)
    made = d.Table(
        place,
        outer.id or inner.id,
        maker.caption(words),
        tuple("right" if column.is_numeric else "left" for column in maker.columns),
        (None,) * len(columns),
        (tuple(maker.cell(maker.title(column), column) for column in maker.columns),),
        (*maker.body(), *maker.foot(src.printed["total"], src.faults)),
        foot=1 if sums else 0,
        width=width_of(inner.classes),
        small="small" in inner.classes,
        source=_cited(content[1]["c"][0], place, src) if len(content) > 1 else with_links(source, place),
        note=with_links(inner.values.get("note", ""), find("note=") or place),
    )
    if src.data.edition and maker.words.lacking:
        _report_lacking(table, maker.words, place, src)
    return made


def _cited(cite: Any, place: Place, src: Input) -> tuple[d.Inline, ...]:
    """The source as citeproc set it; its words are nowhere in the chapter."""
    citations, content = cite["c"]
    with src.aligner.detached(place):
        built = inlines(content, src)
    return (d.Citation(place, tuple(one["citationId"] for one in citations), built),)


def _report_lacking(table: DataTable, words: Words, place: Place, src: Input) -> None:
    shown = ", ".join(f"`{word}`" for word in list(words.lacking)[:MOST_SHOWN])
    more = " …" if len(words.lacking) > MOST_SHOWN else ""
    file = f"chapters/{src.data.edition}/edition.yaml"
    message = f"the edition `{src.data.edition}` has no words of its own for the data `{table.name}`: {shown}{more}"
    hint = f"give them in {file}, below `data:` and `{table.name}:`; the same word again, where it stays as it is"
    src.faults.warning(place, message, "data-words", hint)


@dataclass(frozen=True)
class _Choice:
    """The rows and columns that the attributes `values` name; None for all after a fault for an unknown one."""

    table: DataTable
    values: Mapping[str, str]
    place: Place
    find: Find
    faults: Faults

    def columns(self) -> tuple[str, ...] | None:
        """The columns to print; the one that names the rows comes first where the author does not list it."""
        first = self.table.columns[0]
        names = self._known("columns", self.table.columns, "column")
        if not names:
            return names if names is None else self.table.columns
        return names if first in names else (first, *names)

    def rows(self) -> tuple[int, ...] | None:
        """The rows to print, by their numbers from 0."""
        keys = [str(row[0]) for row in self.table.rows]
        names = self._known("rows", keys, "row")
        return names if names is None else tuple(map(keys.index, names)) or tuple(range(len(keys)))

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
            report_unknown(noun, name, self.table.name, known, self.find(name, f"{key}=") or self.place, self.faults)
        return None if unknown else tuple(dict.fromkeys(names))


def _listed(text: str, known: Sequence[str]) -> list[str]:
    """The names in `text`, which commas or semicolons divide where it has any, else spaces."""
    if text.strip() in known:
        return [text.strip()]
    for mark in (";", ","):
        if mark in text:
            return [name.strip() for name in text.split(mark) if name.strip()]
    return text.split()


@dataclass
class _Maker:
    """Makes the parts of a table that prints `rows` and the columns `names` of `table`, and the sums of `summed`."""

    table: DataTable
    rows: tuple[int, ...]
    names: tuple[str, ...]
    summed: frozenset[str]
    data: Data
    missing: str
    """The word for an empty cell."""
    place: Place

    def __post_init__(self) -> None:
        self.words = Words(self.data.words.get(self.table.name, {}))
        self.sums = {name: self._sum(self.table.columns.index(name)) for name in self.summed}
        known = {name: [value] for name, value in self.sums.items() if value is not None}
        self.columns = tuple(column_of(self.table, name, self.rows, known.get(name, ())) for name in self.names)

    def caption(self, words: tuple[d.Inline, ...]) -> tuple[d.Inline, ...]:
        """The author's caption, else the title of the data, with the unit that the whole table has."""
        sidecar = self.table.sidecar
        words = words or with_links(self.words.of("title", sidecar.title), self.place)
        shares_unit = any(
            column.form in ("number", "integer") and not self.table.column(column.name).unit for column in self.columns
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
        return (*words, d.Space(self.place), *with_links(f"({unit})", self.place), *stop)

    def body(self) -> tuple[tuple[d.Cell, ...], ...]:
        """The rows without the one of sums."""
        return tuple(tuple(self.cell(self._text(column, row), column) for column in self.columns) for row in self.rows)

    def foot(self, total: str, faults: Faults) -> tuple[tuple[d.Cell, ...], ...]:
        """The row of sums, which `total` names; a sum over an empty cell is none, with a warning."""
        cells = []
        for number, column in enumerate(self.columns):
            value = self.sums.get(column.name)
            if column.name not in self.sums:
                text = total if number == 0 else ""
            else:
                text = self.missing if value is None else column.written(value, self.data.language)
            if column.name in self.sums and value is None:
                message = f"`{column.name}` is not added up, for one of its cells is empty"
                faults.warning(self.place, message, "table-total", "fill the cell, or take the column out of `total`")
            cells.append(self.cell(text, column))
        return (tuple(cells),) if self.sums else ()

    def title(self, column: Column) -> str:
        """The words above `column`, with the unit that it has for itself."""
        title = self.words.of(column.name, self.table.column(column.name).title or column.name)
        unit = unit_of(self.table, column, self.words, self.data.language)
        return f"{title} ({unit})" if unit else title

    def cell(self, text: str, column: Column) -> d.Cell:
        """A cell of `column`; a number stays in one piece, whatever spaces it has in it."""
        whole = text == self.missing or (column.is_numeric and text[-1:].isdigit()) or text.endswith("%")
        content: tuple[d.Inline, ...] = (d.Text(self.place, text),) if whole else with_links(text, self.place)
        blocks = (d.Paragraph(self.place, content, tight=True),) if text else ()
        return d.Cell(self.place, blocks, "right" if column.is_numeric else "left", 1, 1)

    def _sum(self, index: int) -> int | float | None:
        values = [self.table.rows[row][index] for row in self.rows]
        total = Decimal(0)
        for value in values:
            if not isinstance(value, (int, float)):
                return None
            total += Decimal(str(value))
        return int(total) if total == total.to_integral_value() else float(total)

    def _text(self, column: Column, row: int) -> str:
        value = self.table.rows[row][column.index]
        if value is None:
            return self.missing
        if column.form == "text":
            text = str(value)
            return self.words.of(text, text) if column.index == 0 else self.words.own.get(text, text)
        return column.written(value, self.data.language)
