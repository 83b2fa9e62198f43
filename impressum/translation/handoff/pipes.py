"""A pipe table whose columns stood below each other: they do so again when other words stand in its cells."""

from __future__ import annotations

import re

CELL = re.compile(r"(?:[^|\\`]|\\.|(?P<ticks>`+).*?(?P=ticks)(?!`)|`)*", re.DOTALL)
DASHES = re.compile(r":?-+:?")


def cells_of(row: str) -> list[str]:
    """What stands between the `|` of a row; the first and last are what stands outside of it."""
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
    edges = [row for row in rows if row[0].strip() or row[-1].strip()]
    if edges:
        return text
    first = cells_of(before.split("\n")[0])
    if len(first) != len(rows[0]):
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
