"""The data of a publication: cells found and written, and numbers in the text compared with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from impressum.core.errors import Faults, Place, did_you_mean
from impressum.core.model.sources import DataTable
from impressum.core.numbers import Number, numbers_in, scale_of
from impressum.core.numerals import Numerals, decimals_of, is_sign, locale_of
from impressum.stages.convert.attributes import short
from impressum.stages.convert.images import image_alone

SCHEME = "table:"
"""How the target of an image begins that is a table from data."""
YEARS = range(1800, 2101)
"""A column of whole numbers that are all among these, and of which nothing is said, are years."""
Value = str | int | float | None
MOST_SHOWN = 10
"""Names that a message shows."""
FORM = "write the name of the data, of the row and of the column: `data=trade.2023.exports`"


@dataclass(frozen=True)
class Words:
    """The words of an edition for one table of data, and those that it lacks."""

    own: Mapping[str, str]
    lacking: dict[str, None] = field(default_factory=dict)

    def of(self, key: str, fallback: str) -> str:
        """The edition's word for `key`, else `fallback`, which counts as lacking where it is a word."""
        if key not in self.own and not is_sign(fallback):
            self.lacking.setdefault(key)
        return self.own.get(key, fallback)


@dataclass(frozen=True)
class Data:
    """The tables by name; `words` are the edition's own about them; numbers are written as in `language`."""

    tables: Mapping[str, DataTable] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    language: str = "en"
    edition: str = ""
    """The tag of a translated edition, which needs words for its data; empty for the source edition."""
    keys: frozenset[str] = frozenset()
    """The works of the bibliography."""
    lost: frozenset[str] = frozenset()
    """The names of tables that could not be read, of which there are faults."""
    compares: bool = True
    """Whether numbers in the text are compared: not in a chapter that is read in the script of another edition."""

    def table(self, name: str, place: Place, faults: Faults) -> DataTable | None:
        """The table `name`, or None; where there is none of this name, that is a fault at `place`."""
        table = self.tables.get(name)
        if table is None and name not in self.lost:
            known = self.tables.keys() | self.lost
            message = f"there are no data `{name}`{did_you_mean(name, known)}"
            faults.error(place, message, "data-unknown", f"known data: {', '.join(sorted(known)) or 'none'}")
        return table


@dataclass(frozen=True)
class Column:
    """A column of a table, and how its cells are written; `decimals` None: each as many as it has."""

    name: str
    index: int
    form: str
    decimals: int | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether its cells are numbers."""
        return self.form not in ("text", "date")

    def written(self, value: Value, language: str) -> str:
        """`value`, which is not empty, as `language` writes it."""
        numerals = Numerals(language)
        if self.form == "date":
            return numerals.time(str(value))
        if not isinstance(value, (int, float)) or self.form == "text":
            return str(value)
        if self.form == "year":
            return str(value)
        if self.form == "share":
            return numerals.percent(value, self.decimals)
        if self.form == "percent":
            return numerals.percent(float(Decimal(str(value)) / 100), self.decimals)
        return numerals.number(value, self.decimals)


def column_of(table: DataTable, name: str, rows: Sequence[int], extra: Sequence[float] = ()) -> Column:
    """The column `name`, with as many decimals as the most exact of its cells in `rows`, or of `extra`, has."""
    index = table.columns.index(name)
    described = table.column(name)
    values = [table.rows[row][index] for row in rows]
    numbers = [value for value in (*values, *extra) if isinstance(value, (int, float))]
    if index == 0 or not any(isinstance(row[index], (int, float)) for row in table.rows):
        return Column(name, index, "date" if described.format == "date" else "text")
    form = described.format or ("year" if not described.unit and _are_years(numbers) else "number")
    shown = max([0, *(decimals_of(number) - (2 if form == "share" else 0) for number in numbers)])
    decimals = described.decimals
    if decimals is None:
        decimals = 0 if form == "integer" else _currency_decimals(form, shown) if form.isupper() else shown
    return Column(name, index, form, decimals)


def _are_years(numbers: Sequence[float]) -> bool:
    return bool(numbers) and all(isinstance(number, int) and number in YEARS for number in numbers)


def _currency_decimals(code: str, shown: int) -> int:
    from babel.numbers import get_currency_precision

    return get_currency_precision(code) if shown else 0


def unit_of(table: DataTable, column: Column, words: Words, language: str) -> str:
    """The unit that belongs to `column` alone, as its header says it; empty where it has none."""
    unit = table.column(column.name).unit
    if unit:
        return words.of(f"{column.name}.unit", unit)
    if column.form.isupper():
        from babel.numbers import get_currency_symbol

        return str(get_currency_symbol(column.form, locale=locale_of(language)))
    return ""


def is_data_table(content: Any) -> bool:
    """Whether the content of pandoc's figure is a table from data, as `cite_sources` leaves it."""
    first = content[0] if content else {}
    return table_image({**first, "t": "Para"}) is not None if first.get("t") == "Plain" else False


def table_image(node: Any) -> Any | None:
    """The image that is a table from data, where `node` of pandoc is a figure or a paragraph of nothing else."""
    image = image_alone(node) if isinstance(node, dict) and node.get("t") in ("Figure", "Para") else None
    return image if image and image["c"][2][0].startswith(SCHEME) else None


def check_claim(text: str, path: str, data: Data, place: Place, at: Place, faults: Faults) -> None:
    """Notes a fault where `text` at `place` differs from the cell `path`, which is named at `at`."""
    found = _cell(path, data, at, faults)
    if found is None or not data.compares:
        return
    table, row, column = found
    value = table.rows[row][column.index]
    where = table.where(row, column.index)
    if value is None or value == "":
        message = f"the text says `{short(text)}`, and the data `{path}` are empty ({where})"
        faults.error(place, message, "number-contradicts", "fill the cell, or take `data=` out")
        return
    written = column.written(value, data.language)
    hint = f"correct the text, or write `{_value(table, row, column)}`, which follows the data"
    message = f"the text says `{short(text)}`, and the data `{path}` say {written} ({where})"
    if isinstance(value, str):
        if " ".join(text.split()).casefold() not in (value.casefold(), written.casefold()):
            faults.error(place, message, "number-contradicts", hint)
        return
    numbers = numbers_in(text, data.language)
    if len(numbers) != 1 or numbers[0].value is None:
        wrong = "has more than one number" if len(numbers) > 1 else "has no number that can be read"
        message = f"`{short(text)}` {wrong}, and is to be compared with the data `{path}`"
        hint = f"put one number between the brackets, in the notation of the language, as in {written}"
        faults.error(place, message, "number-unreadable", hint)
    elif not _agree(numbers[0], numbers[0].value, Decimal(str(value)), table, column):
        faults.error(place, message, "number-contradicts", hint)


def _agree(shown: Number, magnitude: Decimal, value: Decimal, table: DataTable, column: Column) -> bool:
    """Whether the number means the value: as it is, in hundredths, or in the scale that is written out."""
    values = [value]
    if column.form == "share" or (shown.percent and column.form == "number"):
        values = [value * 100] if column.form == "share" else [value, value * 100]
    if shown.scale:
        unit = table.column(column.name).unit or table.sidecar.unit or ""
        values.append(value.scaleb(scale_of(unit, "en") - shown.scale))
    half = Decimal(5).scaleb(-shown.decimals - 1)
    shown_value = -magnitude if shown.negative else magnitude
    return any(abs(one - shown_value) <= half for one in values)


def _cell(path: str, data: Data, at: Place, faults: Faults) -> tuple[DataTable, int, Column] | None:
    """The table, the row and the column that `path` names; the key of a row may have dots and spaces in it."""
    name, _, rest = path.strip().partition(".")
    table = data.table(name, at, faults)
    if table is None:
        return None
    keys = [str(row[0]) for row in table.rows]
    for column in sorted(table.columns, key=len, reverse=True):
        if rest.endswith(f".{column}") and (key := rest.removesuffix(f".{column}")) in keys:
            row = keys.index(key)
            return table, row, column_of(table, column, [row])
    key = max((key for key in keys if rest == key or rest.startswith(f"{key}.")), key=len, default="")
    if key:
        wanted = rest.removeprefix(key).removeprefix(".")
        known: Sequence[str] = table.columns
    else:
        wanted, known = rest.rpartition(".")[0], keys
    noun = "column" if key else "row"
    if not key and "." not in rest:
        faults.error(at, f"`{short(path)}` names no cell of the data `{name}`", "data-unknown", FORM)
    elif not wanted:
        faults.error(at, f"no {noun} of the data `{name}` is named", "data-unknown", FORM)
    else:
        report_unknown(noun, wanted, name, known, at, faults)
    return None


def report_unknown(noun: str, wanted: str, table: str, known: Sequence[str], place: Place, faults: Faults) -> None:
    """A fault at `place`: the data `table` have no row or column (`noun`) called `wanted`; `known` are those there."""
    shown = ", ".join(known[:MOST_SHOWN]) + (" …" if len(known) > MOST_SHOWN else "")
    message = f"the data `{table}` have no {noun} `{short(wanted)}`{did_you_mean(wanted, known)}"
    faults.error(place, message, "data-unknown", f"{noun}s: {shown}")


def _value(table: DataTable, row: int, column: Column) -> str:
    """The cell as an expression of the template."""
    key, name = table.rows[row][0], column.name
    dotted = f".{name}" if name.isidentifier() else f'["{name}"]'
    filters = {"share": " | percent", "text": "", "date": " | date", "year": ""}
    source = f"data.{table.name}" if table.name.isidentifier() else f'data["{table.name}"]'
    return f'{{{{ {source}["{key}"]{dotted}{filters.get(column.form, " | number")} }}}}'
