"""A table of an Excel workbook, by openpyxl: values, no formulas; its size and XML are limited before it is read."""

from __future__ import annotations

import datetime
import io
import posixpath
import re
import warnings
import zipfile
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from impressum.core.errors import Fault, Faults, Place, did_you_mean
from impressum.core.letters import STACKED, UNWANTED, add_letter_fault, add_stack_fault
from impressum.core.model.sources import cell_name
from impressum.stages.load.cells import DataCell, Row
from impressum.stages.load.tree import Scalar

RANGE = re.compile(r"^\$?([A-Z]{1,3})\$?([1-9]\d{0,6}):\$?([A-Z]{1,3})\$?([1-9]\d{0,6})$")
MOST_CELLS = 2_000_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""Of a sheet, whatever a file says."""
SHOW_HIDDEN = "show them in the workbook, or delete them there"
DATA_EXPECTED = "give its cells with `range: A1:D20`, and its sheet with `sheet:`"
UNPACKED_LIMIT = 50_000_000
MOST_PARTS = 2000
MOST_MERGED = 100_000
"""Cells; the library that reads the workbook makes an object of each."""
RELATIONS = "xl/_rels/workbook.xml.rels"
MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"
)


@dataclass(frozen=True)
class SheetCells:
    """The rows of a table in a workbook, the name of its sheet, and which of its columns are written as percentages."""

    sheet: str
    rows: tuple[Row, ...]
    percentages: frozenset[int]


Corners = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 1."""


def sheet_cells(
    raw: bytes, path: str, named: Scalar | None, range_: Scalar | None, faults: Faults
) -> SheetCells | None:
    """The table in the workbook `raw`, the file `path`, in the sheet `named` and the `range_`; None after faults."""
    opened = open_workbook(raw, Place(path), faults)
    sheet = _sheet(opened.values, path, named, faults) if opened else None
    if opened is None or sheet is None:
        return None
    corners = _corners(sheet, path, range_, faults)
    if corners is None:
        return None
    found = Faults()
    top, left, bottom, right = corners
    for merged in sheet.merged_cells.ranges:
        inside = merged.max_row >= top and merged.min_row <= bottom and merged.max_col >= left
        if inside and merged.min_col <= right:
            message = f"the cells {merged.coord} are merged, and only the first of them has a value"
            hint = "unmerge them, and write the value into each"
            found.error(Place(path, merged.min_row, merged.min_col), message, "excel-cell", hint)
    _check_hidden(sheet, corners, path, found)
    reader = _SheetReader(sheet, opened.formulas[sheet.title] if opened.formulas else None, path, found)
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


def _sheet(book: Any, path: str, named: Scalar | None, faults: Faults) -> Any | None:
    names = [sheet.title for sheet in book.worksheets]
    if not names:
        message = "the workbook has no sheet with cells"
        faults.error(Place(path), message, "data-empty", "save the table as a sheet of its own")
        return None
    if named is None:
        return next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), book.worksheets[0])
    name = named.text.strip()
    if name in names:
        return book[name]
    message = f"the workbook has no sheet `{name}`{did_you_mean(name, names)}"
    faults.error(named.place, message, "data-range", f"its sheets: {', '.join(names)}")
    return None


def _corners(sheet: Any, path: str, range_: Scalar | None, faults: Faults) -> Corners | None:
    """The requested cells, or the used range of the sheet; None after a fault."""
    from openpyxl.utils import column_index_from_string

    # Not by `iter_rows`, which makes a cell of each place up to the last one.
    held = [(cell.row, cell.column) for cell in sheet._cells.values() if cell.value not in (None, "")]
    if not held:
        faults.error(Place(path), f"the sheet `{sheet.title}` is empty", "data-empty", "name another one with `sheet:`")
        return None
    rows, columns = [row for row, _ in held], [column for _, column in held]
    used = (min(rows), min(columns), max(rows), max(columns))
    if range_ is None:
        return used if _fits(used, sheet, Place(path), faults) else None
    written = range_.text.strip()
    read = RANGE.match(written.upper())
    if not read:
        message = f"`{written}` is not a range of cells"
        faults.error(range_.place, message, "data-range", "write the first and the last cell: `range: A1:D20`")
        return None
    (first, top, last, bottom) = read.groups()
    corners = (int(top), column_index_from_string(first), int(bottom), column_index_from_string(last))
    if corners[0] > corners[2] or corners[1] > corners[3]:
        message = f"the range `{written}` ends before it begins"
        faults.error(range_.place, message, "data-range", "write the cell at the top left first")
        return None
    if corners[2] > used[2] or corners[3] > used[3]:
        end = f"{sheet.cell(used[2], used[3]).coordinate}"
        message = f"the range `{written}` leaves the cells of the sheet `{sheet.title}` that hold anything"
        faults.error(range_.place, message, "data-range", f"the last of them is {end}")
        return None
    return corners if _fits(corners, sheet, range_.place, faults) else None


def _fits(corners: Corners, sheet: Any, place: Place, faults: Faults) -> bool:
    top, left, bottom, right = corners
    rows, columns = bottom - top + 1, right - left + 1
    if rows * columns <= MOST_CELLS and bottom <= LAST_ROW and right <= LAST_COLUMN:
        return True
    message = f"the table in the sheet `{sheet.title}` ends in row {bottom} and column {right}, beyond what is read"
    faults.error(place, message, "data-range", DATA_EXPECTED)
    return False


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
        message = f"{_counted(len(rows), 'row')} hidden, and read"
        faults.warning(Place(path, rows[0], left), message, "excel-hidden", SHOW_HIDDEN)
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

    def _cell(self, cell: Any) -> DataCell:
        place = Place(self.path, cell.row, cell.column)
        if cell.data_type == "e":
            hint = "mend its formula, or leave it empty"
            self.faults.error(place, f"the cell holds the error `{cell.value}`", "excel-cell", hint)
            return DataCell("?", place)
        if self._lacks_value(cell):
            hint = "open the workbook in a spreadsheet and save it, or write the value itself; no formula is run here"
            self.faults.error(place, "the cell holds a formula whose value was never computed", "excel-cell", hint)
            return DataCell("?", place)
        text = _text(cell.value)
        for letter in UNWANTED.findall(text)[:1]:
            add_letter_fault(letter, place, self.faults)
        if stacked := STACKED.search(text):
            add_stack_fault(stacked[0], place, self.faults)
        return DataCell(text, place)

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


@dataclass(frozen=True)
class Workbook:
    """A workbook of openpyxl with the values of its cells; with their formulas too, where it has any."""

    values: Any
    formulas: Any | None


def open_workbook(raw: bytes, place: Place, faults: Faults) -> Workbook | None:
    """The workbook `raw`, or None after a fault at `place`."""
    wrong = _what_is_wrong(raw)
    if wrong:
        faults.error(place, wrong[0], "excel-file", wrong[1])
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            sheets = (name for name in package.namelist() if name.startswith("xl/worksheets/"))
            has_formulas = any(re.search(rb"<(?:\w+:)?f[ />]", package.read(name)) for name in sheets)
        return Workbook(_opened(raw, values=True), _opened(raw, values=False) if has_formulas else None)
    except Exception as exc:  # openpyxl raises whatever a malformed part leads it to
        message = f"the workbook cannot be read: {' '.join(str(exc).split())[:200]}"
        faults.error(place, message, "excel-file", "open it in a spreadsheet and save it anew")
        return None


def _what_is_wrong(raw: bytes) -> tuple[str, str] | None:
    """The reason not to open the package, and a hint; None if there is none."""
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        message = "the workbook is protected by a password, or of the old kind (`.xls`)"
        return message, "save it as `.xlsx` without a password"
    anew = "save it anew as `.xlsx`, with only the sheets that are needed"
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            parts = package.infolist()
            size = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or size > UNPACKED_LIMIT:
                most = UNPACKED_LIMIT // 1_000_000
                return f"the workbook unpacks to {size / 1e6:.0f} MB, and at most {most} MB are read", anew
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    content = package.read(part)
                    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content[:200]:
                        return f"the workbook holds `{part.filename}`, which no spreadsheet writes so", anew
                    merged = sum(
                        (abs(_column(right) - _column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)
                        for left, top, right, bottom in MERGED.findall(content)
                    )
                    if merged > MOST_MERGED:
                        return f"the workbook merges {merged} cells into others", "unmerge them, and save it anew"
            lost = _lost_sheet(package)
            if lost:
                return f"the workbook names the sheet `{lost}`, and does not hold it", anew
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError, SyntaxError):
        return "this is not a workbook, or a damaged one", "open it in a spreadsheet and save it anew as `.xlsx`"
    return None


def _lost_sheet(package: zipfile.ZipFile) -> str:
    """The part of a sheet that is not there: the library would leave it out, and read another one in its place."""
    from xml.etree import ElementTree

    parts = set(package.namelist())
    relations = ElementTree.fromstring(package.read(RELATIONS)) if RELATIONS in parts else ()
    sheets = (one.get("Target", "") for one in relations if one.get("Type", "").endswith("/worksheet"))
    return next((one for one in sheets if posixpath.normpath(posixpath.join("/xl", one))[1:] not in parts), "")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _opened(raw: bytes, *, values: bool) -> Any:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of whatever it would not write back
        return load_workbook(io.BytesIO(raw), data_only=values, keep_links=False, keep_vba=False, rich_text=False)
