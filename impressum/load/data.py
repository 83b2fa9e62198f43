"""`figures/data/<name>.csv` with its `<name>.yaml`: tables that figures draw and texts quote."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from impressum.errors import Faults, Place
from impressum.load.binding import bind
from impressum.load.columns import Value, column_values
from impressum.load.csv_cells import Row, cells, delimiter_of
from impressum.load.strict_yaml import parse_yaml
from impressum.load.texts import DATA_LIMIT, YAML_LIMIT, decode, read_bytes
from impressum.memo import digest
from impressum.model.publication import DataSidecar
from impressum.model.sources import DataTable
from impressum.workspace import Workspace

NAME = re.compile(r"^[a-z][a-z0-9_-]*$")


def read_data(workspace: Workspace, faults: Faults) -> Mapping[str, DataTable]:
    """Every data table by its name; what is wrong in one becomes faults at its cells."""
    tables: dict[str, DataTable] = {}
    if not workspace.data.is_dir():
        return tables
    paths = [path for path in sorted(workspace.data.iterdir()) if not path.name.startswith(".")]
    names = {path.name for path in paths}
    for path in paths:
        if path.suffix == ".csv":
            table = _read_table(workspace, path, faults)
            if table:
                tables[table.name] = table
        elif path.suffix != ".yaml":
            faults.warning(
                Place(workspace.relative(path)),
                f"`{path.name}` is not read: data are `.csv` files, each with its `.yaml`",
                "file-unexpected",
                "save it as CSV, or move it away",
            )
        elif f"{path.stem}.csv" not in names:
            faults.error(
                Place(workspace.relative(path)),
                f"there is no `{path.stem}.csv` that this file describes",
                "data-missing",
                "add the data, or delete this file",
            )
    return tables


def _read_table(workspace: Workspace, path: Path, faults: Faults) -> DataTable | None:
    name = workspace.relative(path)
    if not NAME.match(path.stem):
        faults.error(
            Place(name),
            f"`{path.stem}` cannot be the name of data",
            "data-name",
            "use lower-case letters, digits, `_` and `-`, and a letter first",
        )
    raw = read_bytes(workspace, path, faults, limit=DATA_LIMIT)
    side = path.with_suffix(".yaml")
    if not (side.exists() or side.is_symlink()):
        faults.error(
            Place(name),
            f"there is no `{side.name}` that says what these data are",
            "data-sidecar",
            f"write `{workspace.relative(side)}` with at least `title` and `source`",
        )
    raw_side = read_bytes(workspace, side, faults, limit=YAML_LIMIT) if side.exists() or side.is_symlink() else None
    sidecar = _sidecar(raw_side, workspace.relative(side), faults) if raw_side is not None else None
    text = decode(raw, name, faults) if raw is not None else None
    if raw is None or text is None:
        return None
    table = cells(text, name, faults)
    if table is None or not _is_square(table, name, faults) or sidecar is None or raw_side is None:
        return None
    header, body = table[0], table[1:]
    mark = "," if delimiter_of(text) == ";" else "."
    columns: list[Sequence[Value]] = [[row[0].text for row in body]]
    columns += [
        column_values(head.text, [row[at] for row in body], mark, faults) for at, head in enumerate(header[1:], 1)
    ]
    rows = tuple(tuple(column[index] for column in columns) for index in range(len(body)))
    return DataTable(path.stem, name, tuple(cell.text for cell in header), rows, sidecar, digest(raw, raw_side))


def _sidecar(raw: bytes, name: str, faults: Faults) -> DataSidecar | None:
    text = decode(raw, name, faults)
    tree = parse_yaml(text, name, faults) if text is not None else None
    return bind(DataSidecar, tree, faults) if tree else None


def _is_square(table: tuple[Row, ...], name: str, faults: Faults) -> bool:
    """Whether the header is sound, each row has as many cells, and each key in the first column is its own."""
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
                f"the key `{key.text}` already stands on line {keys[key.text]}",
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
