"""Charts that `figures/<id>.yaml` describes: everything that does not fit is a fault before anything is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import cast, get_args

from impressum.core.errors import Faults, Place, did_you_mean
from impressum.core.model.figures import EUROPE, Chart, Form, Kind, NumberForm, Series
from impressum.core.model.publication import FigureData
from impressum.core.model.sources import DataTable
from impressum.core.numerals import time_kind
from impressum.stages.load.chart_names import find_marks, find_name, find_notes, shown
from impressum.stages.load.tree import Tree

ALL: frozenset[Kind] = frozenset({"bar", "stacked", "line", "area", "slope", "dot", "map"})
KEYS: Mapping[str, frozenset[Kind]] = {
    **dict.fromkeys(("categories", "series", "rows", "format", "decimals", "highlight", "message"), ALL),
    "labels": ALL - {"area", "map"},
    "sort": frozenset({"bar", "stacked", "dot"}),
    "bars": frozenset({"bar", "stacked"}),
    "values": ALL - {"area", "slope", "map"},
    "neutral": ALL - {"slope", "map"},
    "totals": frozenset({"bar"}),
    "notes": frozenset({"line", "area"}),
    "panels": frozenset({"bar", "line", "area"}),
}
"""The keys of a chart, and the kinds that have them."""
MOST_SERIES = 6
LARGEST = 10**15
MOST_CATEGORIES: Mapping[Kind, int] = {
    "bar": 40,
    "stacked": 40,
    "dot": 40,
    "slope": 12,
    "line": 1000,
    "area": 1000,
    "map": 60,
}
TOGETHER: frozenset[Kind] = frozenset({"stacked", "area"})
FORM_HINT = "write `number`, `percent`, `share`, or the code of a currency such as `EUR`"
MOST_PANELS = 12


def check_chart_keys(declaration: FigureData, tree: Tree, faults: Faults) -> None:
    """Notes each key of a chart in a figure that is none, or that is a chart of another kind."""
    kind = declaration.chart
    for key, entry in tree.entries.items():
        kinds = KEYS.get(key)
        if kinds is None or kind in kinds:
            continue
        if kind is None:
            hint = "add `chart: bar` (or line, stacked, slope, dot, area, map), or take it out"
            faults.error(entry.place, f"`{key}` is a key of charts, and this figure is none", "chart-key", hint)
        else:
            others = ", ".join(f"`{one}`" for one in KEYS if kind in KEYS[one])
            faults.error(entry.place, f"a `{kind}` chart has no `{key}`", "chart-key", f"it has {others}")


def read_chart(declaration: FigureData, tree: Tree, table: DataTable, faults: Faults) -> Chart | None:
    """The chart over `table`, or None after faults. `declaration` is what `tree` holds, and has a `chart`."""
    found = Faults()
    chart = _ChartReader(declaration, tree, table, found).chart()
    faults.extend(found.all())
    return None if found.all() else chart


class _ChartReader:
    def __init__(self, declaration: FigureData, tree: Tree, table: DataTable, faults: Faults) -> None:
        assert declaration.chart
        self.kind: Kind = declaration.chart
        self.declaration, self.tree, self.table, self.faults = declaration, tree, table, faults
        self.at = tree.entries["chart"].value.place
        self.most = {"rows": MOST_CATEGORIES[self.kind], "series": MOST_PANELS, None: MOST_SERIES}[declaration.panels]

    def chart(self) -> Chart | None:
        name = self.declaration.categories
        column = 0 if name is None else self._column(name, self._value_place("categories"))
        names = self._series_columns(column)
        rows = self._rows()
        if column is None or names is None or rows is None:
            return None
        rows = self._sorted(rows, names)
        categories = tuple(_text(row[column]) for row in rows)
        self._check_categories(categories, column)
        titles = {name: self.table.column(name).title or name for name in names}
        series = tuple(
            Series(name, titles[name], tuple(_number(row[self.table.columns.index(name)]) for row in rows))
            for name in names
        )
        columns = names
        if self.declaration.panels == "rows":  # each row is drawn over the columns
            turned = zip(*(one.values for one in series), strict=True)
            series = tuple(Series(one, one, values) for one, values in zip(categories, turned, strict=True))
            categories, names = names, categories
        self._check_values(categories, series)
        self._check_panels(series)
        for one in series:  # no axis can be computed for a number such as 1e300
            far = [value for value in one.values if value is not None and abs(value) >= LARGEST]
            if far:
                message = f"`{one.name}` holds the number {Decimal(far[0]):.3g}, which is too large for a chart"
                hint = "give the column in thousands, millions or billions, and say so in its `unit`"
                self._fault(self._value_place("series"), message, "chart-column", hint)
        said = self.declaration
        return Chart(
            self.kind,
            categories,
            series,
            self._form(columns),
            said.unit or _one({self.table.column(name).unit for name in columns}) or self.table.sidecar.unit,
            said.bars,
            said.values,
            self._name("highlight", said.highlight, categories, names),
            find_marks(said, self.tree, categories, names, self.faults),
            said.message,
            self._name("neutral", said.neutral, categories, names),
            self._totals(categories, names),
            find_notes(said, self.tree, categories, names, self.faults),
            said.panels is not None,
        )

    def _check_panels(self, series: Sequence[Series]) -> None:
        if self.declaration.panels is None:
            return
        if not 2 <= len(series) <= MOST_PANELS:
            message = f"here are {len(series)} panels, and a chart has 2 to {MOST_PANELS}"
            self._fault(self._value_place("panels"), message, "chart-crowded", "choose `rows` or `series` to draw")
        for key in ("notes", "totals"):
            if key in self.tree.entries:
                message = f"a chart with panels has no `{key}`"
                self._fault(self.tree.entries[key].place, message, "chart-key", f"take `{key}` or `panels` out")

    def _name(self, key: str, wanted: str | None, categories: Sequence[str], series: Sequence[str]) -> str | None:
        return find_name(wanted, self._value_place(key), categories, series, self.faults)

    def _totals(self, categories: Sequence[str], series: Sequence[str]) -> tuple[str, ...]:
        for name, item in zip(self.declaration.totals, self.tree.items("totals"), strict=True):
            find_name(name, item.place, categories, series, self.faults)
        return self.declaration.totals

    def _form(self, names: Sequence[str]) -> NumberForm:
        """How the values are written: as the figure says, else as the description of all its columns does."""
        said = self.declaration
        written = said.format or _one({self.table.column(name).format for name in names}) or "number"
        if written in ("text", "date"):
            self._fault(self._value_place("format"), f"a chart draws numbers, no `{written}`", "chart-kind", FORM_HINT)
            written = "number"
        if written == "integer":
            return NumberForm("number", None, 0 if said.decimals is None else said.decimals)
        decimals = [self.table.column(name).decimals for name in names]
        most = None if None in decimals else max(number for number in decimals if number is not None)
        form = cast("Form", written) if written in get_args(Form) else "number"
        currency = None if written in get_args(Form) else written
        return NumberForm(form, currency, most if said.decimals is None else said.decimals)

    def _series_columns(self, categories: int | None) -> tuple[str, ...] | None:
        """The names of the columns that are drawn, or None after a fault."""
        numeric = [name for at, name in enumerate(self.table.columns) if at != categories and self._is_numeric(at)]
        given = self.declaration.series
        if not given:
            if not numeric:
                self._fault(self.at, f"`{self.table.name}` has no column of numbers", "chart-column", _all(numeric))
                return None
            if len(numeric) > self.most:
                message = f"`{self.table.name}` has {len(numeric)} columns of numbers"
                message += f", and a chart shows {self.most} at most"
                self._fault(self.at, message, "chart-crowded", f"choose with `series: [{numeric[0]}, {numeric[1]}]`")
                return None
            return tuple(numeric)
        sound = True
        places = [item.place for item in self.tree.items("series")]
        for at, (name, place) in enumerate(zip(given, places, strict=True)):
            column = self._column(name, place)
            if column is None:
                sound = False
            elif column == categories:
                self._fault(place, f"`{name}` gives the categories", "chart-column", _all(numeric))
                sound = False
            elif not self._is_numeric(column):
                self._fault(place, f"the column `{name}` does not hold numbers", "chart-column", _all(numeric))
                sound = False
            elif name in given[:at]:
                self._fault(place, f"`{name}` is named twice", "chart-column", "take one of them out")
                sound = False
        if len(given) > self.most:
            message = f"{len(given)} series are too many: a chart shows {self.most} at most"
            hint = "leave out the least, put them together in the data, or draw two charts"
            self._fault(places[self.most], message, "chart-crowded", hint)
            sound = False
        return given if sound else None

    def _column(self, name: str, place: Place) -> int | None:
        if name in self.table.columns:
            return self.table.columns.index(name)
        message = f"`{self.table.name}` has no column `{name}`{did_you_mean(name, self.table.columns)}"
        self._fault(place, message, "chart-column", f"its columns: {', '.join(self.table.columns)}")
        return None

    def _is_numeric(self, column: int) -> bool:
        cells = [row[column] for row in self.table.rows]
        return any(_is_number(cell) for cell in cells) and all(cell is None or _is_number(cell) for cell in cells)

    def _rows(self) -> list[Row] | None:
        """The rows that are drawn: those that are named, in that order, else all."""
        if not self.declaration.rows:
            return list(self.table.rows)
        by_key = {_text(row[0]): row for row in self.table.rows}
        rows: list[Row] = []
        sound = True
        for at, (key, item) in enumerate(zip(self.declaration.rows, self.tree.items("rows"), strict=True)):
            if key not in by_key:
                message = f"`{self.table.name}` has no row `{key}`{did_you_mean(key, by_key)}"
                self._fault(item.place, message, "chart-row", f"its rows: {shown(by_key)}")
                sound = False
            elif key in self.declaration.rows[:at]:
                self._fault(item.place, f"the row `{key}` is named twice", "chart-row", "take one of them out")
                sound = False
            else:
                rows.append(by_key[key])
        return rows if sound else None

    def _sorted(self, rows: list[Row], names: Sequence[str]) -> list[Row]:
        """The rows by the first series, or by the sum of stacked ones; those without a number come last."""
        if not self.declaration.sort:
            return rows
        columns = [self.table.columns.index(name) for name in (names if self.kind in TOGETHER else names[:1])]

        def size(row: Row) -> float:
            return sum(_number(row[column]) or 0.0 for column in columns)

        known = [row for row in rows if any(row[column] is not None for column in columns)]
        unknown = [row for row in rows if all(row[column] is None for column in columns)]
        return sorted(known, key=size, reverse=self.declaration.sort == "descending") + unknown

    def _check_categories(self, categories: tuple[str, ...], column: int) -> None:
        name = self.table.columns[column]
        most = MOST_CATEGORIES[self.kind]
        if len(categories) > most:
            message = f"{len(categories)} categories are too many: a `{self.kind}` chart shows {most} at most"
            hint = "choose some with `rows: [...]`, or put the smallest together in the data"
            self._fault(self.at, message, "chart-crowded", hint)
        twice = next((one for one, times in Counter(categories).items() if times > 1), None)
        if twice is not None:
            message = f"`{twice}` stands more than once in `{name}`"
            hint = "take the column that names each row, or choose rows with `rows: [...]`"
            self._fault(self._value_place("categories"), message, "chart-row", hint)
        if "" in categories:
            place = self._value_place("categories")
            self._fault(
                place, f"a cell of `{name}` is empty", "chart-row", "fill it, or choose rows with `rows: [...]`"
            )

    def _check_values(self, categories: tuple[str, ...], series: tuple[Series, ...]) -> None:
        empty = next((one.name for one in series if all(value is None for value in one.values)), None)
        if empty:
            self._fault(
                self.at, f"`{empty}` has no number in these rows", "chart-column", "choose other rows or series"
            )
        negative = [
            (one.name, category)
            for one in series
            for category, value in zip(categories, one.values, strict=True)
            if value is not None and value < 0
        ]
        if self.kind in TOGETHER and negative:
            name, category = negative[0]
            message = f"`{name}` is below zero in `{category}`, and a `{self.kind}` chart adds its parts up"
            self._fault(self.at, message, "chart-kind", "draw `bar` or `line`")
        times = time_kind(categories)
        if self.kind in ("line", "area") and len(categories) < 2:
            self._fault(self.at, f"a `{self.kind}` chart needs two rows at least", "chart-kind", "draw `bar`")
        if times and self.kind in ("line", "area") and list(categories) != sorted(categories):
            place = self._value_place("rows" if self.declaration.rows else "chart")
            self._fault(place, "the times are not in their order", "chart-row", "put the earliest first")
        if self.kind == "map":
            self._check_map(categories, series)
        ends = len(categories) if times else len(series)
        if self.kind == "slope" and ends != 2:
            what = "rows" if times else "series"
            message = f"a `slope` chart leads from one end to another, and here are {ends} {what}"
            self._fault(self.at, message, "chart-kind", f"choose two with `{what}: [...]`")

    def _check_map(self, categories: tuple[str, ...], series: tuple[Series, ...]) -> None:
        for one in sorted(set(categories) - EUROPE):
            message = f"the map of Europe has no country `{one}`{did_you_mean(one, EUROPE)}"
            hint = f"name countries by their codes of ISO 3166-1 (Kosovo by `XK`): {', '.join(sorted(EUROPE))}"
            self._fault(
                self._value_place("rows" if self.declaration.rows else "categories"), message, "chart-row", hint
            )
        if len(series) != 1:
            message = f"a map shows one column, and here are {len(series)}"
            self._fault(self.at, message, "chart-kind", "choose one with `series: [...]`")

    def _value_place(self, key: str) -> Place:
        value = self.tree.value(key)
        return value.place if value else self.at

    def _fault(self, place: Place, message: str, rule: str, hint: str) -> None:
        self.faults.error(place, message, rule, hint)


Row = tuple[str | int | float | None, ...]


def _is_number(cell: str | int | float | None) -> bool:
    return isinstance(cell, int | float)


def _number(cell: str | int | float | None) -> float | None:
    return cell if isinstance(cell, int | float) else None


def _text(cell: str | int | float | None) -> str:
    return "" if cell is None else str(cell)


def _one(found: set[str | None]) -> str | None:
    """The one value, if all have the same; else None."""
    return next(iter(found)) if len(found) == 1 else None


def _all(numeric: Sequence[str]) -> str:
    if not numeric:
        return "a chart needs numbers: correct the cells, or name other data"
    return f"columns of numbers: {', '.join(numeric)}"
