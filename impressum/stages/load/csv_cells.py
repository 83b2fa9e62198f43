"""CSV text into cells that know their place (RFC 4180, with `;` as spreadsheets write where the comma is decimal)."""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import normalize

from impressum.core.errors import Faults, Place

CELL = {
    delimiter: re.compile(rf'"((?:[^"]|"")*)"([^{delimiter}\n]*)|(")|([^{delimiter}\n]*)') for delimiter in (",", ";")
}


class Cell(NamedTuple):
    """The text of a cell, without the quotes and the spaces around it, and its place (line and character)."""

    text: str
    place: Place


Row = tuple[Cell, ...]


def delimiter_of(text: str) -> str:
    """`;` where the header line has more of them than commas, else `,`."""
    header = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    return ";" if header.count(";") > header.count(",") else ","


def cells(text: str, path: str, faults: Faults) -> tuple[Row, ...] | None:
    """The rows of `text`, blank lines left out; None after a fault at a quote that does not close."""
    delimiter = delimiter_of(text)
    text = text if text.isascii() else normalize("NFC", text)
    if '"' not in text:
        lines = enumerate(text.split("\n"), 1)
        return tuple(_plain_row(line, number, delimiter, path) for number, line in lines if line.strip())
    return _quoted_rows(text, delimiter, path, faults)


def _plain_row(line: str, number: int, delimiter: str, path: str) -> Row:
    row = []
    column = 1
    for part in line.split(delimiter):
        row.append(Cell(part.strip(), Place(path, number, column)))
        column += len(part) + 1
    return tuple(row)


def _quoted_rows(text: str, delimiter: str, path: str, faults: Faults) -> tuple[Row, ...] | None:
    rows: list[Row] = []
    row: list[Cell] = []
    pattern = CELL[delimiter]
    position, line, line_start = 0, 1, 0
    while position <= len(text):
        found = pattern.match(text, position)
        assert found  # its last branch matches the empty string
        place = Place(path, line, position - line_start + 1)
        quoted, after, unclosed, plain = found.groups()
        if unclosed or (after and after.strip()):
            what = "does not close" if unclosed else "closes in the middle of the cell"
            faults.error(
                place,
                f'the quote `"` that begins this cell {what}',
                "data-quote",
                "close it at the end of the cell; a quote inside the cell is written twice",
            )
            return None
        value = plain if quoted is None else quoted.replace('""', '"')
        row.append(Cell(value.strip(), place))
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
