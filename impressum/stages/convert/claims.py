"""Numbers in the text that claim to come from data: `[59 %]{data=cfsp.2024.share}` is compared with the cell.

They agree where the number of the data, rounded to the decimals that are shown, is the one in the text.
"""

from __future__ import annotations

from decimal import Decimal

from impressum.core.errors import Faults, Place, nearest
from impressum.core.model.sources import DataTable
from impressum.core.numbers import Number, numbers_in, scale_of
from impressum.stages.convert.attributes import short
from impressum.stages.convert.data import Column, Data, column_of

FORM = "write the name of the data, of the row and of the column: `data=trade.2023.exports`"


def check_claim(text: str, path: str, data: Data, place: Place, at: Place, faults: Faults) -> None:
    """Notes a fault where `text` at `place` is not what the cell `path`, written at `at`, holds."""
    found = _cell(path, data, at, faults)
    if found is None or not data.compares:
        return
    table, row, column = found
    value = column.value(table, row)
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
        faults.error(
            place,
            f"`{short(text)}` {wrong}, and is to be compared with the data `{path}`",
            "number-unreadable",
            f"put one number between the brackets, in the notation of the language, as in {written}",
        )
    elif not _agree(numbers[0], numbers[0].value, Decimal(str(value)), table, column):
        faults.error(place, message, "number-contradicts", hint)


def _agree(shown: Number, magnitude: Decimal, value: Decimal, table: DataTable, column: Column) -> bool:
    """Whether the number means the value: as it stands, as parts of a hundred, or in the scale that is written out."""
    meant = [value]
    if column.form == "share" or (shown.percent and column.form == "number"):
        meant = [value * 100] if column.form == "share" else [value, value * 100]
    if shown.scale:
        unit = table.column(column.name).unit or table.sidecar.unit or ""
        meant.append(value.scaleb(scale_of(unit, "en") - shown.scale))
    half = Decimal(5).scaleb(-shown.decimals - 1)
    said = -magnitude if shown.negative else magnitude
    return any(abs(one - said) <= half for one in meant)


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
        _unknown("column", wanted, name, table.columns, at, faults)
    elif "." not in rest:
        faults.error(at, f"`{short(path)}` names no cell of the data `{name}`", "data-unknown", FORM)
    else:
        _unknown("row", rest.rpartition(".")[0], name, keys, at, faults)
    return None


def _unknown(noun: str, wanted: str, table: str, known: list[str] | tuple[str, ...], at: Place, faults: Faults) -> None:
    if not wanted:
        faults.error(at, f"no {noun} of the data `{table}` is named", "data-unknown", FORM)
        return
    near = nearest(wanted, known)
    shown = ", ".join(known[:10]) + (" …" if len(known) > 10 else "")
    faults.error(
        at,
        f"the data `{table}` have no {noun} `{short(wanted)}`" + (f"; did you mean `{near}`?" if near else ""),
        "data-unknown",
        f"{noun}s: {shown}",
    )


def _value(table: DataTable, row: int, column: Column) -> str:
    """The cell as an expression of the template."""
    key, name = table.rows[row][0], column.name
    dotted = f".{name}" if name.isidentifier() else f'["{name}"]'
    filters = {"share": " | percent", "text": "", "date": " | date", "year": ""}
    source = f"data.{table.name}" if table.name.isidentifier() else f'data["{table.name}"]'
    return f'{{{{ {source}["{key}"]{dotted}{filters.get(column.form, " | number")} }}}}'
