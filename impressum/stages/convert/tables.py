"""Tables as they are typed: pandoc drops cells beyond the last column, bends a grid that is not square, and reads
as running text what lacks the line below its first one, or an empty line above it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from impressum.core.errors import Faults
from impressum.core.markdown_code import without_code
from impressum.core.model.sources import RenderedChapter

DELIMITER = re.compile(r"^[ \t>]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+$")
GRID = re.compile(r"^[ \t>]*+\+(?:[-=:]++\+)++[ \t]*+$")
WITHIN = " \t>"
"""What stands before the lines of a list, a note or a quotation."""
CELL_PARTS = re.compile(r"\\.|(?<!`)(`++).*?(?<!`)\1(?!`)|\$[^$|]*\$|\|")
FORMULA = re.compile(r"\$[^$]+\$")


def check_tables(chapter: RenderedChapter, faults: Faults) -> None:
    """Notes a fault for each row with too many cells, each grid that is not square, each table that is read as text."""
    lines = without_code(chapter.text).split("\n")
    for begin, end in _stretches(lines):
        if GRID.match(lines[begin]):
            _check_grid(chapter, lines, begin, end, faults)
        elif begin + 1 < end and "|" in lines[begin] and _is_delimiter(lines[begin + 1]):
            _check_pipes(chapter, lines, begin, end, faults)
        else:
            _check_unread(chapter, lines, begin, end, faults)


def _stretches(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The stretches of lines between blank ones: the index of the first, and of the blank one after the last."""
    begin: int | None = None
    for index, line in enumerate([*lines, ""]):
        if line.strip(WITHIN) and begin is None:
            begin = index
        elif not line.strip(WITHIN) and begin is not None:
            yield begin, index
            begin = None


def _is_delimiter(line: str) -> bool:
    return "|" in line and "-" in line and bool(DELIMITER.match(line))


def _check_pipes(chapter: RenderedChapter, lines: list[str], begin: int, end: int, faults: Faults) -> None:
    columns = len(_cells(lines[begin + 1]))
    for index in (begin, *range(begin + 2, end)):
        if lines[index].lstrip().startswith((":", "Table:")):
            return
        cells = _cells(lines[index])
        if not _bars(lines[index]):
            faults.warning(
                chapter.map.place(index + 1, 1),
                "this line stands right below a table and is taken for a row of it",
                "table-unread",
                "leave an empty line after the table",
            )
            return
        if len(cells) > columns and "|" in lines[index]:
            extra = cells[columns]
            faults.error(
                chapter.map.place(index + 1, extra + 1),
                f"this row has {len(cells)} cells and the table {columns} columns",
                "table-cells",
                "what is in the last would be lost: take a `|` out (write `\\|` for one that is text), or add a column",
            )


def _check_unread(chapter: RenderedChapter, lines: list[str], begin: int, end: int, faults: Faults) -> None:
    """A stretch of text that looks like a table."""
    below = next((index for index in range(begin + 2, end) if _is_delimiter(lines[index])), None)
    if below is not None and _bars(lines[below - 1]):
        faults.warning(
            chapter.map.place(below, 1),
            "the table that begins here belongs to the paragraph above it, and is printed as text",
            "table-unread",
            "leave an empty line before the table",
        )
        return
    counts = {_bars(line) for line in lines[begin:end]}
    if end - begin > 1 and len(counts) == 1 and min(counts) > 1:
        rule = "|---" * len(_cells(lines[begin])) + "|"
        faults.warning(
            chapter.map.place(begin + 1, 1),
            "these lines look like a table, but are printed as text: the line below the first one is missing",
            "table-unread",
            f"write `{rule}` below the names of the columns",
        )


def _bars(line: str) -> int:
    """How many `|` of `line` part cells."""
    return sum(found.group() == "|" for found in CELL_PARTS.finditer(FORMULA.sub("", line)))


def _cells(line: str) -> list[int]:
    """Where each cell of a row begins, its `|` not counted."""
    row = line.rstrip()
    bars = [found.start() for found in CELL_PARTS.finditer(row) if found.group() == "|"]
    first = len(row) - len(row.lstrip())
    starts = [bar + 1 for bar in bars if bar < len(row) - 1]
    return starts if bars and bars[0] == first else [first, *starts]


def _check_grid(chapter: RenderedChapter, lines: list[str], begin: int, end: int, faults: Faults) -> None:
    wanted = _width(lines[begin])
    for index in range(begin + 1, end):
        line = lines[index].lstrip(WITHIN).rstrip()
        if line.startswith((":", "Table:")):
            return
        width = _width(lines[index])
        if width != wanted or line[0] not in "+|":
            faults.warning(
                chapter.map.place(index + 1, 1),
                f"the table is not well formed: this line is {width} characters wide, its first one {wanted}",
                "table-malformed",
                "make every line as wide as the first, each beginning and ending with `+` or `|`",
            )
            return


def _width(line: str) -> int:
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in line.rstrip()
    )
