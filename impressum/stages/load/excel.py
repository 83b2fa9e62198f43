"""A table of an Excel workbook (`.xlsx`) into cells that know their place: values, never formulas; nothing is run."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from impressum.core.errors import Fault, Faults, Place, did_you_mean
from impressum.core.letters import STACKED, UNWANTED, add_letter_fault, add_stack_fault
from impressum.core.model.sources import cell_name
from impressum.stages.load.cells import Cell, Row
from impressum.stages.load.workbook import open_workbook

RANGE = re.compile(r"^\$?([A-Z]{1,3})\$?([1-9]\d{0,6}):\$?([A-Z]{1,3})\$?([1-9]\d{0,6})$")
MOST_CELLS = 2_000_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""Of a sheet, whatever a file says."""
SHOW_HIDDEN = "show them in the workbook, or delete them there"
DATA_EXPECTED = "give its cells with `range: A1:D20`, and its sheet with `sheet:`"


@dataclass(frozen=True)
class RequestedTable:
    """The table that a description names: a sheet, and a range such as A1:D20, each with its place."""

    path: str
    sheet: str | None
    sheet_place: Place
    range: str | None
    range_place: Place


@dataclass(frozen=True)
class SheetCells:
    """The rows of a table in a workbook, the name of its sheet, and which of its columns are written as percentages."""

    sheet: str
    rows: tuple[Row, ...]
    percentages: frozenset[int]


Corners = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 1."""


def sheet_cells(raw: bytes, wanted: RequestedTable, faults: Faults) -> SheetCells | None:
    """The table that `wanted` names in the workbook `raw`; None after faults."""
    opened = open_workbook(raw, Place(wanted.path), faults)
    sheet = _sheet(opened.values, wanted, faults) if opened else None
    if opened is None or sheet is None:
        return None
    corners = _corners(sheet, wanted, faults)
    if corners is None:
        return None
    found = Faults()
    _check_merged(sheet, corners, wanted.path, found)
    _check_hidden(sheet, corners, wanted.path, found)
    reader = _SheetReader(sheet, opened.formulas[sheet.title] if opened.formulas else None, wanted.path, found)
    rows = reader.rows(corners)
    faults.extend(in_sheet(fault, sheet.title) for fault in found.all())
    if found.errors():
        return None
    return SheetCells(sheet.title, rows, reader.percentages(corners))


def in_sheet(fault: Fault, sheet: str) -> Fault:
    """`fault` with the name of its cell, as a spreadsheet calls it."""
    if not fault.place.column:
        return fault
    message = f"{cell_name(sheet, fault.place)}: {fault.message}"
    hint = fault.hint
    if fault.rule == "data-header":
        hint = f"name each column in its first row; if the table begins elsewhere, {DATA_EXPECTED}"
    return Fault(fault.place, message, fault.rule, hint, fault.severity)


def _sheet(book: Any, wanted: RequestedTable, faults: Faults) -> Any | None:
    names = [sheet.title for sheet in book.worksheets]
    if not names:
        message = "the workbook has no sheet with cells"
        faults.error(Place(wanted.path), message, "data-empty", "save the table as a sheet of its own")
        return None
    if wanted.sheet is None:
        return next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), book.worksheets[0])
    if wanted.sheet in names:
        return book[wanted.sheet]
    message = f"the workbook has no sheet `{wanted.sheet}`{did_you_mean(wanted.sheet, names)}"
    faults.error(wanted.sheet_place, message, "data-range", f"its sheets: {', '.join(names)}")
    return None


def _corners(sheet: Any, wanted: RequestedTable, faults: Faults) -> Corners | None:
    """The requested cells, or the used range of the sheet; None after a fault."""
    from openpyxl.utils import column_index_from_string

    # Not by `iter_rows`, which makes a cell of each place up to the last one.
    held = [(cell.row, cell.column) for cell in sheet._cells.values() if cell.value not in (None, "")]
    if not held:
        faults.error(
            Place(wanted.path), f"the sheet `{sheet.title}` is empty", "data-empty", "name another one with `sheet:`"
        )
        return None
    rows, columns = [row for row, _ in held], [column for _, column in held]
    used = (min(rows), min(columns), max(rows), max(columns))
    if wanted.range is None:
        return used if _fits(used, sheet, Place(wanted.path), faults) else None
    read = RANGE.match(wanted.range.strip().upper())
    if not read:
        message = f"`{wanted.range}` is not a range of cells"
        faults.error(wanted.range_place, message, "data-range", "write the first and the last cell: `range: A1:D20`")
        return None
    (first, top, last, bottom) = read.groups()
    corners = (int(top), column_index_from_string(first), int(bottom), column_index_from_string(last))
    if corners[0] > corners[2] or corners[1] > corners[3]:
        message = f"the range `{wanted.range}` ends before it begins"
        faults.error(wanted.range_place, message, "data-range", "write the cell at the top left first")
        return None
    if corners[2] > used[2] or corners[3] > used[3]:
        end = f"{sheet.cell(used[2], used[3]).coordinate}"
        message = f"the range `{wanted.range}` leaves the cells of the sheet `{sheet.title}` that hold anything"
        faults.error(wanted.range_place, message, "data-range", f"the last of them is {end}")
        return None
    return corners if _fits(corners, sheet, wanted.range_place, faults) else None


def _fits(corners: Corners, sheet: Any, place: Place, faults: Faults) -> bool:
    top, left, bottom, right = corners
    rows, columns = bottom - top + 1, right - left + 1
    if rows * columns <= MOST_CELLS and bottom <= LAST_ROW and right <= LAST_COLUMN:
        return True
    message = f"the table in the sheet `{sheet.title}` ends in row {bottom} and column {right}, beyond what is read"
    faults.error(place, message, "data-range", DATA_EXPECTED)
    return False


def _check_merged(sheet: Any, corners: Corners, path: str, faults: Faults) -> None:
    top, left, bottom, right = corners
    for merged in sheet.merged_cells.ranges:
        inside = merged.max_row >= top and merged.min_row <= bottom and merged.max_col >= left
        if inside and merged.min_col <= right:
            message = f"the cells {merged.coord} are merged, and only the first of them has a value"
            hint = "unmerge them, and write the value into each"
            faults.error(Place(path, merged.min_row, merged.min_col), message, "excel-cell", hint)


def _check_hidden(sheet: Any, corners: Corners, path: str, faults: Faults) -> None:
    """Warns of rows and columns that whoever looks at the workbook does not see."""
    top, left, bottom, right = corners
    rows = [row for row in range(top, bottom + 1) if row in sheet.row_dimensions and sheet.row_dimensions[row].hidden]
    columns = [
        column
        for dimension in list(sheet.column_dimensions.values())
        if dimension.hidden
        for column in range(max(dimension.min or 1, left), min(dimension.max or 1, right) + 1)
    ]
    if rows:
        faults.warning(
            Place(path, rows[0], left), f"{_counted(len(rows), 'row')} hidden, and read", "excel-hidden", SHOW_HIDDEN
        )
    if columns:
        message = f"{_counted(len(columns), 'column')} hidden, and read"
        faults.warning(Place(path, top, columns[0]), message, "excel-hidden", SHOW_HIDDEN)


def _counted(count: int, noun: str) -> str:
    return f"this {noun} is" if count == 1 else f"{count} {noun}s from here on are"


@dataclass
class _SheetReader:
    """Reads the cells of a sheet; `formulas` is the same sheet with its formulas, where it has any."""

    sheet: Any
    formulas: Any | None
    path: str
    faults: Faults

    def rows(self, corners: Corners) -> tuple[Row, ...]:
        top, left, bottom, right = corners
        rows = (
            tuple(self._cell(cell) for cell in row)
            for row in self.sheet.iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right)
        )
        return tuple(row for row in rows if any(cell.text for cell in row))

    def percentages(self, corners: Corners) -> frozenset[int]:
        """The columns, from 0, all of whose numbers are formatted as percentages."""
        top, left, bottom, right = corners
        found: set[int] = set()
        for at, column in enumerate(self.sheet.iter_cols(min_row=top + 1, max_row=bottom, min_col=left, max_col=right)):
            numbers = [cell for cell in column if cell.data_type == "n" and cell.value is not None]
            if numbers and all("%" in cell.number_format for cell in numbers):
                found.add(at)
        return frozenset(found)

    def _cell(self, cell: Any) -> Cell:
        place = Place(self.path, cell.row, cell.column)
        if cell.data_type == "e":
            self.faults.error(
                place, f"the cell holds the error `{cell.value}`", "excel-cell", "mend its formula, or leave it empty"
            )
            return Cell("?", place)
        if self._lacks_value(cell):
            hint = "open the workbook in a spreadsheet and save it, or write the value itself; no formula is run here"
            self.faults.error(place, "the cell holds a formula whose value was never computed", "excel-cell", hint)
            return Cell("?", place)
        text = _text(cell.value)
        for letter in UNWANTED.findall(text)[:1]:
            add_letter_fault(letter, place, self.faults)
        if stacked := STACKED.search(text):
            add_stack_fault(stacked[0], place, self.faults)
        return Cell(text, place)

    def _lacks_value(self, cell: Any) -> bool:
        """Whether `cell` has a formula and no value; one of the type `str` has a value, which is no letter long."""
        if self.formulas is None or cell.value is not None or cell.data_type == "str":
            return False
        return bool(self.formulas.cell(cell.row, cell.column).data_type == "f")


def _text(value: object) -> str:
    """The value of a cell as the text that it would be in a CSV file with points before decimals."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        shown = float(f"{value:.15g}")  # a spreadsheet shows fifteen digits; the sixteenth is noise
        return str(int(shown)) if shown.is_integer() and abs(shown) < 1e15 else repr(shown)
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return normalize("NFC", str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()
