"""The shape of a table of data: a sound header, rows as long as it, and a key of its own for each."""

from __future__ import annotations

from impressum.core.errors import Faults, Place
from impressum.stages.load.csv_cells import Row


def is_square(table: tuple[Row, ...], name: str, faults: Faults, *, line: str = "line") -> bool:
    """Whether the header is sound, each row has as many cells, and each key in the first column is its own.

    `name` is the file's, `line` what it calls its lines; what is wrong becomes faults.
    """
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
            faults.error(
                at.place,
                f"the row has {_count(len(row), 'cell')} and the header {len(header)}",
                "data-row",
                "give each row as many cells as the header; a cell that holds the delimiter is put in quotes",
            )
        elif not key.text:
            faults.error(key.place, "the row has no key", "data-key", "fill the first cell: it names the row")
        elif key.text in keys:
            faults.error(
                key.place,
                f"the key `{key.text}` already stands on {line} {keys[key.text]}"
                if line == "line"
                else f"the key `{key.text}` already stands in {line} {keys[key.text]}",
                "data-key",
                "give each row a first cell of its own",
            )
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
            faults.error(
                cell.place,
                f"there are two columns `{cell.text}`",
                "data-header",
                "give each column a name of its own",
            )
        else:
            seen.add(cell.text)
            continue
        sound = False
    return sound


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
