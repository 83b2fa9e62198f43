"""Tables drawn with `+`, `-` and `|`, and pipe tables: their cells, and other words put into them, aligned.

Cells of a drawn table may span: it is a grid of letters, and a cell is the area between its lines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

CORNER, SIDE = "+", "|"
EDGE = "-=:"
_SPACES = re.compile(r"(?<!\\)\s+")
"""Between words; a space behind a backslash keeps them together."""
CELL = re.compile(r"(?:[^|\\`]|\\.|(?P<ticks>`+).*?(?P=ticks)(?!`)|`)*", re.DOTALL)
DASHES = re.compile(r":?-+:?")


@dataclass(frozen=True)
class GridCell:
    """A cell: its text, and its room on the sheet, from line `top` to `bottom` and from column `left` to `right`."""

    text: str
    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class Filled:
    """The new content of a cell: a text to wrap (`flows`), or lines that stay as they are."""

    text: str
    flows: bool

    def lines(self, width: int) -> list[str]:
        return _wrapped(self.text, width) if self.flows else self.text.split("\n")

    def width(self, height: int) -> int:
        """The least width at which it needs no more than `height` lines."""
        words = _SPACES.split(self.text) if self.flows else self.text.split("\n")
        width = max(map(len, words), default=0)
        while self.flows and len(self.lines(width)) > height:
            width += 1
        return width


@dataclass(frozen=True)
class Grid:
    """A drawn table."""

    rows: tuple[str, ...]
    cells: tuple[GridCell, ...]

    def put(self, new: Mapping[int, Filled]) -> str:
        """The table with `new` in its cells, by their numbers."""
        width = max(map(len, self.rows))
        rows = [row.ljust(width) for row in self.rows]
        shift = [0] * (width + 1)
        for number in sorted(new, key=lambda one: (self.cells[one].right, -self.cells[one].left)):
            cell = self.cells[number]
            left, right = cell.left + shift[cell.left], cell.right + shift[cell.right]
            need = new[number].width(cell.bottom - cell.top) + 2 - (right - left)
            if need > 0:
                rows = [_wider(row, right, need) for row in rows]
                shift = [by + need if column >= cell.right else by for column, by in enumerate(shift)]
        for number, filled in new.items():
            cell = self.cells[number]
            left, right = cell.left + shift[cell.left], cell.right + shift[cell.right]
            lines = filled.lines(right - left - 2)
            for offset in range(cell.bottom - cell.top):
                line = f" {lines[offset] if offset < len(lines) else ''}".ljust(right - left)
                at = cell.top + offset
                rows[at] = rows[at][:left] + line + rows[at][right:]
        return "\n".join(row.rstrip() for row in rows)


def read_grid(text: str) -> Grid | None:
    """The drawn table `text`; None where it is none, or where its lines do not meet."""
    lines = text.split("\n")
    if not all(line.startswith((CORNER, SIDE)) for line in lines):
        return None
    width = max(map(len, lines))
    rows = [line.ljust(width) for line in lines]
    cells: list[GridCell] = []
    for top in range(len(rows) - 1):
        for left in range(width - 1):
            if rows[top][left] == CORNER and rows[top][left + 1] in EDGE and rows[top + 1][left] in SIDE + CORNER:
                if (cell := _cell_at(rows, top, left)) is None:
                    return None
                cells.append(cell)
    return Grid(tuple(lines), tuple(cells)) if cells else None


def _cell_at(rows: list[str], top: int, left: int) -> GridCell | None:
    """The cell whose upper left corner is here: as far right as a side comes down, as far down as an edge closes it."""
    right = left + 1
    while right < len(rows[top]) and rows[top][right] in EDGE + CORNER:
        is_corner = rows[top][right] == CORNER and rows[top + 1][right] in (SIDE, CORNER)
        if is_corner and (bottom := _bottom(rows, top, left, right)):
            inner = [row[left + 1 : right].rstrip() for row in rows[top + 1 : bottom]]
            text = "\n".join(line.removeprefix(" ") for line in inner)
            return GridCell(text, top + 1, bottom, left + 1, right)
        right += 1
    return None


def _bottom(rows: list[str], top: int, left: int, right: int) -> int | None:
    for line in range(top + 1, len(rows)):
        row = rows[line]
        if row[left] == CORNER and row[right] == CORNER and not row[left + 1 : right].strip(EDGE + CORNER):
            return line
        if row[left] not in (SIDE, CORNER) or row[right] not in (SIDE, CORNER):
            return None
    return None


def _wider(row: str, at: int, by: int) -> str:
    """`row` with `by` more letters before the column `at`: more of its edge, or spaces."""
    before, here = row[at - 1], row[at] if at < len(row) else " "
    if before == ":" and here == CORNER and row[at - 2] in EDGE:
        return row[: at - 1] + row[at - 2] * by + row[at - 1 :]
    return row[:at] + (before if before in "-=" and here in EDGE + CORNER else " ") * by + row[at:]


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in _SPACES.split(text.strip()):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def cells_of(row: str) -> list[str]:
    """The text between the `|` of a row; the first and last are outside of it."""
    found: list[str] = []
    at = 0
    while at <= len(row):
        cell = CELL.match(row, at)
        assert cell  # it matches the empty string
        found.append(cell.group())
        at = cell.end() + 1
    return found


def tidied(text: str, before: str) -> str:
    """The table `text` with its columns below each other, if they were so in the table `before`."""
    rows = [cells_of(row) for row in text.split("\n")]
    if len({len(row) for row in before.split("\n")}) > 1 or len({len(row) for row in rows}) > 1 or len(rows[0]) < 3:
        return text
    first = cells_of(before.split("\n")[0])
    if any(row[0].strip() or row[-1].strip() for row in rows) or len(first) != len(rows[0]):
        return text
    widths = [max(len(first[column]), *(_width(row[column]) for row in rows)) for column in range(1, len(first) - 1)]
    dashes = [row for row in rows if all(DASHES.fullmatch(cell.strip()) for cell in row[1:-1])]
    lines = []
    for row in rows:
        columns = enumerate(zip(row[1:-1], widths, strict=True), 1)
        inner = [_padded(cell, width, right=_is_right(dashes, number)) for number, (cell, width) in columns]
        lines.append("|".join([row[0], *inner, row[-1]]))
    return "\n".join(lines)


def _width(cell: str) -> int:
    return len(DASHES.sub("---", cell) if DASHES.fullmatch(cell.strip()) else f" {cell.strip()} ")


def _is_right(dashes: list[list[str]], column: int) -> bool:
    return bool(dashes) and dashes[0][column].strip().endswith(":") and not dashes[0][column].strip().startswith(":")


def _padded(cell: str, width: int, *, right: bool) -> str:
    words = cell.strip()
    if DASHES.fullmatch(words):
        first, last = ":" * words.startswith(":"), ":" * (len(words) > 1 and words.endswith(":"))
        return first + "-" * (width - len(first) - len(last)) + last
    return f" {words} ".rjust(width) if right else f" {words} ".ljust(width)
