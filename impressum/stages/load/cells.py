"""The cells of a data table with their places: CSV (RFC 4180, `;` allowed), the table's shape, columns of numbers."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import normalize

from impressum.core.errors import Faults, Place, count_of
from impressum.core.numbers import MARKS

NUMBER = re.compile(r"^[-+\u2212]?(0|[1-9]\d{0,299})(\.\d{1,300})?([eE][-+]?\d{1,3})?$", re.ASCII)
LONGEST_NUMBER = 300
LARGEST = 10**18
CODE = re.compile(r"^0\d+$", re.ASCII)
"""Digits that are no number: a postal code, a customs code."""
AMBIGUOUS = re.compile(rf"^[-+\u2212]?(\d{{1,3}}([{MARKS}]\d{{3}})+([.,]\d+)?|\d+[.,]\d+)$", re.ASCII)
"""A number with separators between its thousands or with the other decimal mark."""
DIGITS = rf"[-+\u2212]?\d[\d{MARKS}]*"
SIGNS = "%|‰|€|\\$|£|¥"
SIGNED = re.compile(f"^(?:({SIGNS})[ \u00a0]?{DIGITS}|{DIGITS}[ \u00a0]?({SIGNS}))$")
MEASURED = re.compile(f"^(?:([A-Z]{{3}})[ \u00a0]?{DIGITS}|{DIGITS}[ \u00a0]?([^\\W\\d_]{{1,6}}[²³.]?))$")
"""Numbers with the sign, or the word, of a unit."""
GAPS = frozenset({"-", "\u2013", "\u2014", "..", "...", "\u2026", ":", "n/a", "na", "nan", "null", "none"})
ODD_SHARE = 0.2
ODD_ROWS = 4
DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?", re.ASCII)

Value = str | int | float | None

CELL = {
    delimiter: re.compile(rf'"((?:[^"]|"")*)"([^{delimiter}\n]*)|(")|([^{delimiter}\n]*)') for delimiter in (",", ";")
}


def column_values(
    name: str, column: Sequence[DataCell], mark: str, faults: Faults, form: str | None = None
) -> Sequence[Value]:
    """The cells of `column` as numbers (`mark` is decimal) or text; `form` is as described (None: the cells decide)."""
    texts = [cell.text for cell in column]
    if form == "text":
        return texts
    if form == "date":
        for cell in column:
            if cell.text and not _is_day(cell.text):
                message = f"`{_short(cell.text)}` is not a date, and `{name}` is a column of dates"
                faults.error(cell.place, message, "data-type", "write it as 2025-03-31, 2025-03 or 2025")
        return texts
    filled = [cell for cell in column if cell.text]
    numbers = {cell: number for cell in filled if (number := _number(cell.text, mark)) is not None}
    odd = [cell for cell in filled if cell not in numbers]
    if form is None and not _is_numeric(column, filled, odd):
        return texts
    for cell in odd:
        besides = f"the other cells of `{name}` are" if numbers else f"`{name}` is a column of numbers"
        message = f"`{_short(cell.text)}` is not a number, and {besides}"
        faults.error(cell.place, message, "data-type", _hint(cell.text, mark))
    for cell, number in numbers.items():
        if abs(number) >= LARGEST:
            hint = "give the column in a larger unit and name that in the `.yaml`, or write `format: text` there"
            faults.error(cell.place, f"`{_short(cell.text)}` is larger than is written out", "data-type", hint)
    for cell in column:
        if not cell.text:
            message = f"a cell of the numbers `{name}` is empty"
            faults.warning(cell.place, message, "data-gap", "fill it, or leave it where there is no figure to give")
        elif form == "integer" and isinstance(numbers.get(cell), float):
            message = f"`{_short(cell.text)}` is not a whole number, and `{name}` is said to hold whole numbers"
            faults.error(cell.place, message, "data-type", "round it, or write `format: number` in the `.yaml`")
    return [numbers.get(cell) for cell in column]


def decimal_mark(cells: Sequence[str]) -> str:
    """The decimal mark of a file separated by semicolons: a comma; a point where cells have that and none a comma."""
    has_comma = any(re.fullmatch(r"[-+\u2212]?\d+,\d+", text) for text in cells)
    has_point = any(re.fullmatch(r"[-+\u2212]?\d+\.(\d{1,2}|\d{4,})", text) for text in cells)
    return "." if has_point and not has_comma else ","


def _is_numeric(column: Sequence[DataCell], filled: Sequence[DataCell], odd: Sequence[DataCell]) -> bool:
    """Whether a column is intended to hold numbers, although its `odd` cells do not parse as such."""
    if not filled or any(CODE.match(cell.text) for cell in odd):
        return False
    if not odd or (len(column) >= ODD_ROWS and len(odd) < ODD_SHARE * len(filled)):
        return True
    has_numbers = len(odd) < len(filled)
    of_numbers = any(AMBIGUOUS.match(cell.text) or SIGNED.match(cell.text) for cell in odd)
    return (has_numbers or of_numbers) and all(
        AMBIGUOUS.match(cell.text)
        or cell.text.lower() in GAPS
        or SIGNED.match(cell.text)
        or (has_numbers and MEASURED.match(cell.text))
        for cell in odd
    )


def _number(text: str, mark: str) -> int | float | None:
    if mark == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    if len(text) > LONGEST_NUMBER or not NUMBER.match(text):
        return None
    text = text.replace("\u2212", "-")
    if re.fullmatch(r"[-+]?\d+", text):
        return int(text)
    number = float(text)
    return number if math.isfinite(number) else None


def _is_day(text: str) -> bool:
    if not DAY.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def _hint(text: str, mark: str) -> str:
    if text.lower() in GAPS:
        return "leave the cell empty where there is no figure"
    if AMBIGUOUS.match(text):
        return f"write numbers without separators between thousands, and with `{mark}` before decimals"
    unit = SIGNED.match(text) or MEASURED.match(text)
    if unit:
        found = unit[1] or unit[2]
        return f"write the number alone, and its unit once for the column, in the `.yaml`: `unit: '{found}'`"
    return f"write a number with `{mark}` before its decimals, and units in the `.yaml`"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


class DataCell(NamedTuple):
    """The text of a cell, without the quotes and the spaces around it, and its place (line and character)."""

    text: str
    place: Place


Row = tuple[DataCell, ...]


def delimiter_of(text: str) -> str:
    """`;` where the header line has more of them than commas, else `,`."""
    header = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    return ";" if header.count(";") > header.count(",") else ","


def cells(text: str, path: str, faults: Faults) -> tuple[Row, ...] | None:
    """The rows of `text`, blank lines left out; None after a fault at a quote that does not close."""
    delimiter = delimiter_of(text)
    text = normalize("NFC", text)
    if '"' not in text:
        lines = enumerate(text.split("\n"), 1)
        return tuple(_plain_row(line, number, delimiter, path) for number, line in lines if line.strip())
    return _quoted_rows(text, delimiter, path, faults)


def _plain_row(line: str, number: int, delimiter: str, path: str) -> Row:
    row = []
    column = 1
    for part in line.split(delimiter):
        row.append(DataCell(part.strip(), Place(path, number, column)))
        column += len(part) + 1
    return tuple(row)


def _quoted_rows(text: str, delimiter: str, path: str, faults: Faults) -> tuple[Row, ...] | None:
    rows: list[Row] = []
    row: list[DataCell] = []
    pattern = CELL[delimiter]
    position, line, line_start = 0, 1, 0
    while position <= len(text):
        found = pattern.match(text, position)
        assert found  # its last branch matches the empty string
        place = Place(path, line, position - line_start + 1)
        quoted, after, unclosed, plain = found.groups()
        if unclosed or (after and after.strip()):
            what = "does not close" if unclosed else "closes in the middle of the cell"
            hint = "close it at the end of the cell; a quote inside the cell is written twice"
            faults.error(place, f'the quote `"` that begins this cell {what}', "data-quote", hint)
            return None
        value = plain if quoted is None else quoted.replace('""', '"')
        row.append(DataCell(value.strip(), place))
        if quoted and "\n" in quoted:
            line += quoted.count("\n")
            line_start = text.rindex("\n", 0, found.end()) + 1
        position = found.end() + 1
        if text[found.end() : position] != delimiter:
            if len(row) > 1 or row[0].text:
                rows.append(tuple(row))
            row = []
            line, line_start = line + 1, position
    return tuple(rows)


def is_square(table: tuple[Row, ...], name: str, faults: Faults, *, line: str = "line") -> bool:
    """Whether the table has a sound header, full rows and distinct keys; `line` is the word for its lines in faults."""
    if len(table) < 2:
        what = "only a header and no rows" if table else "no rows"
        faults.error(Place(name), f"the data have {what}", "data-empty", "add the rows, or delete the file")
        return False
    header, *body = table
    sound = _is_sound_header(header, faults)
    keys: dict[str, int] = {}
    for row in body:
        key = row[0]
        if len(row) != len(header):
            at = row[len(header)] if len(row) > len(header) else row[-1]
            message = f"the row has {count_of(len(row), 'cell')} and the header {len(header)}"
            hint = "give each row as many cells as the header; a cell that holds the delimiter is put in quotes"
            faults.error(at.place, message, "data-row", hint)
        elif not key.text:
            faults.error(key.place, "the row has no key", "data-key", "fill the first cell: it names the row")
        elif key.text in keys:
            where = f"{'on' if line == 'line' else 'in'} {line} {keys[key.text]}"
            message = f"the key `{key.text}` already stands {where}"
            faults.error(key.place, message, "data-key", "give each row a first cell of its own")
        else:
            keys[key.text] = key.place.line
            continue
        sound = False
    return sound


def _is_sound_header(header: Row, faults: Faults) -> bool:
    seen: set[str] = set()
    sound = True
    for cell in header:
        if not cell.text:
            faults.error(cell.place, "the column has no name", "data-header", "name each column in the first line")
        elif cell.text in seen:
            message = f"there are two columns `{cell.text}`"
            faults.error(cell.place, message, "data-header", "give each column a name of its own")
        else:
            seen.add(cell.text)
            continue
        sound = False
    return sound
