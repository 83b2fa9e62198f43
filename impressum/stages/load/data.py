"""Reads `figures/data/`: tables that figures draw and texts quote, as CSV or Excel workbooks, each with its `.yaml`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from impressum.core.errors import Faults, Place, did_you_mean, nearest
from impressum.core.file_names import RENAME, Misspelt, alike
from impressum.core.model.lost import may_be
from impressum.core.model.publication import DataColumn, DataSidecar
from impressum.core.model.sources import DataTable
from impressum.stages.load.binding import bind_what_fits
from impressum.stages.load.cells import Row, Value, cells, column_values, decimal_mark, delimiter_of, is_square
from impressum.stages.load.excel import in_sheet, sheet_cells
from impressum.stages.load.strict_yaml import parse_yaml
from impressum.stages.load.text_checks import DATA, check_quotes
from impressum.stages.load.texts import DATA_LIMIT, YAML_LIMIT, decode, read_bytes
from impressum.stages.load.tree import Tree
from impressum.system.cache import digest
from impressum.system.workspace import Workspace

NAME = re.compile(r"^[a-z][a-z0-9_-]*$")
CSV, EXCEL = ".csv", ".xlsx"
KINDS = (CSV, EXCEL)
INSTEAD = {"title": "?", "source": "?"}
"""Placeholders for required values that cannot be read, so that the rest is checked; the table is lost then."""

ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|www\.|[\w-]+(?:\.[\w-]+)+(?:/|$))", re.IGNORECASE)
MOST_SHOWN = 12


def read_data(workspace: Workspace, faults: Faults) -> Mapping[str, DataTable]:
    """Every data table by its name; what is wrong in one becomes faults at its cells."""
    if not workspace.data.is_dir():
        return {}
    # Office programs leave `~$book.xlsx` beside a workbook that is open.
    paths = [path for path in sorted(workspace.data.iterdir()) if not path.name.startswith((".", "~$"))]
    reader = _DataFolder(workspace, {path.name: path for path in paths}, faults)
    tables = (reader.described(path) for path in paths if path.suffix == ".yaml")
    read = {table.name: table for table in tables if table}
    for path in paths:
        if path.suffix in KINDS:
            reader.undescribed(path)
        elif path.suffix != ".yaml" and path.name not in reader.used:
            message = f"`{path.name}` is not read: data are `.csv` and `.xlsx` files, each with its `.yaml`"
            hint = "save it as CSV or as an Excel workbook (`.xlsx`), or move it away"
            faults.warning(Place(workspace.relative(path)), message, "file-unexpected", hint)
    return dict(sorted(read.items()))


def data_names(workspace: Workspace) -> frozenset[str]:
    """The names of all data, valid or not; `read_data` reports their faults."""
    if not workspace.data.is_dir():
        return frozenset()
    return frozenset(path.stem for path in workspace.data.iterdir() if path.suffix in (".yaml", CSV))


@dataclass(frozen=True)
class _Cells:
    """A table as it was read: its rows with the header, its decimal mark, its sheet, what its cells say of columns."""

    rows: tuple[Row, ...]
    mark: str
    sheet: str = ""
    percentages: frozenset[int] = frozenset()


class _DataFolder:
    def __init__(self, workspace: Workspace, files: Mapping[str, Path], faults: Faults) -> None:
        self.workspace, self.files, self.faults = workspace, files, faults
        self.used: set[str] = set()
        """The names of the files that a description describes."""

    def described(self, side: Path) -> DataTable | None:
        """The table that the description `side` describes, or None after a fault in it or in its cells."""
        name = self.workspace.relative(side)
        raw = read_bytes(self.workspace, side, self.faults, limit=YAML_LIMIT)
        text = decode(raw, name, self.faults) if raw is not None else None
        tree = parse_yaml(text, name, self.faults) if text is not None else None
        bound = bind_what_fits(DataSidecar, tree, self.faults, INSTEAD) if tree else None
        if tree:
            check_quotes(tree, DATA, self.faults)
        path = self._file(side, tree)
        if path is None:
            return None
        self.used.add(path.name)
        self._check_name(side.stem, side if tree and "file" in tree.entries else path)
        read = self._cells(path, tree)
        if raw is None or tree is None or bound is None or bound.value is None or read is None:
            return None
        if may_be("columns", bound.unknown):  # nobody knows which of them hold numbers
            return None
        found = Faults()
        table = self._table(side.stem, self.workspace.relative(path), read, bound.value, tree, raw, found)
        self.faults.extend(found.all())
        return None if found.errors() or bound.unknown else table

    def undescribed(self, path: Path) -> None:
        """Notes what is wrong in the data file `path` where no description has led to it."""
        if path.name in self.used:
            return
        if path.with_suffix(".yaml").name in self.files:
            message = f"`{path.name}` is not read, for `{path.stem}.yaml` names another file"
            hint = "describe it in a file of its own, or move it away"
            self.faults.warning(Place(self.workspace.relative(path)), message, "file-unexpected", hint)
            return
        self._check_name(path.stem, path)
        message = f"there is no `{path.stem}.yaml` that says what these data are"
        hint = f"write `{self.workspace.relative(path.with_suffix('.yaml'))}` with at least `title` and `source`"
        self.faults.error(Place(self.workspace.relative(path)), message, "data-sidecar", hint)
        self._cells(path, None)

    def _check_name(self, stem: str, path: Path) -> None:
        if not NAME.match(stem):
            message = f"`{stem}` cannot be the name of data"
            hint = "use lower-case letters, digits, `_` and `-`, and a letter first"
            self.faults.error(Place(self.workspace.relative(path)), message, "data-name", hint)

    def _file(self, side: Path, tree: Tree | None) -> Path | None:
        """The file that `side` describes, or None after a fault."""
        given = tree.text("file") if tree else None
        if given:
            path = self.files.get(given.text.strip())
            workbooks = sorted(name for name in self.files if name.endswith(EXCEL))
            wrong = alike(given.text.strip(), workbooks) if path is None else None
            if wrong:
                self.used.add(wrong)
                Misspelt(given.text.strip(), wrong).add_to(self.faults, given.place)
                return None
            if path is None or path.suffix != EXCEL:
                near = nearest(given.text.strip(), workbooks)
                self.used.update({near} if near else ())
                message = f"there is no workbook `{given.text.strip()}`{did_you_mean(given.text.strip(), workbooks)}"
                hint = f"`file` names an Excel workbook of `figures/data/`; there are: {', '.join(workbooks) or 'none'}"
                self.faults.error(given.place, message, "data-missing", hint)
                return None
            return path
        own = [f"{side.stem}{kind}" for kind in KINDS if f"{side.stem}{kind}" in self.files]
        if len(own) == 1:
            return self.files[own[0]]
        self.used.update(own)
        wrong = next(filter(None, (alike(f"{side.stem}{kind}", self.files) for kind in KINDS)), None)
        if not own and wrong:
            self.used.add(wrong)
            found = self.workspace.relative(side.with_name(wrong))
            given_so = self.workspace.relative(side.with_name(f"{side.stem}{Path(wrong).suffix.lower()}"))
            Misspelt(given_so, found).add_to(self.faults, Place(found), RENAME)
            return None
        place = Place(self.workspace.relative(side))
        if own:
            both = " and ".join(f"`{name}`" for name in own)
            self.faults.error(place, f"{both} are both called `{side.stem}`", "data-twice", "keep one of them")
        else:
            message = f"there is no `{side.stem}.csv` and no `{side.stem}.xlsx` that this file describes"
            hint = "add the data, name their workbook with `file:`, or delete this file"
            self.faults.error(place, message, "data-missing", hint)
        return None

    def _cells(self, path: Path, tree: Tree | None) -> _Cells | None:
        """The cells of the table in `path`; None after a fault, or where they are not square."""
        name = self.workspace.relative(path)
        raw = read_bytes(self.workspace, path, self.faults, limit=DATA_LIMIT)
        if raw is None:
            return None
        if path.suffix == EXCEL:
            return self._excel(raw, name, tree)
        for key in ("sheet", "range"):
            if tree and key in tree.entries:
                message = f"`{key}` is for Excel workbooks, and `{path.name}` is none"
                self.faults.error(tree.entries[key].place, message, "data-range", "take it out")
        text = decode(raw, name, self.faults)
        rows = cells(text, name, self.faults) if text is not None else None
        if text is None or rows is None or not is_square(rows, name, self.faults):
            return None
        semicolons = delimiter_of(text) == ";"
        mark = decimal_mark([cell.text for row in rows[1:] for cell in row[1:]]) if semicolons else "."
        return _Cells(rows, mark)

    def _excel(self, raw: bytes, name: str, tree: Tree | None) -> _Cells | None:
        sheet, range_ = (tree.text(key) if tree else None for key in ("sheet", "range"))
        read = sheet_cells(raw, name, sheet, range_, self.faults)
        if read is None:
            return None
        found = Faults()
        square = is_square(read.rows, name, found, line="row")
        self.faults.extend(in_sheet(fault, read.sheet) for fault in found.all())
        return _Cells(read.rows, ".", read.sheet, read.percentages) if square else None

    def _table(
        self, name: str, path: str, read: _Cells, sidecar: DataSidecar, tree: Tree, raw: bytes, faults: Faults
    ) -> DataTable:
        header, *body = read.rows
        names = tuple(cell.text for cell in header)
        described = tree.table("columns")
        for column, entry in described.entries.items() if described else ():
            if column not in names:
                message = f"the data `{name}` have no column `{column}`{did_you_mean(column, names)}"
                faults.error(entry.place, message, "data-unknown", f"its columns: {', '.join(names)}")
        shares = {
            names[at]: {"format": "share"}
            for at in read.percentages
            if at > 0 and sidecar.columns.get(names[at], DataColumn()).format is None
        }
        said = {**sidecar.columns}
        for column, update in shares.items():
            said[column] = said.get(column, DataColumn()).model_copy(update=update)
        found = Faults()
        columns: list[Sequence[Value]] = [[row[0].text for row in body]]
        for at, column in enumerate(names[1:], 1):
            form = said[column].format if column in said else None
            columns.append(column_values(column, [row[at] for row in body], read.mark, found, form))
        faults.extend(in_sheet(fault, read.sheet) if read.sheet else fault for fault in found.all())
        rows = tuple(tuple(column[index] for column in columns) for index in range(len(body)))
        source = tree.text("source")
        return DataTable(
            name,
            path,
            names,
            rows,
            sidecar.model_copy(update={"columns": said}),
            digest(json.dumps([names, rows]), raw),
            tuple(tuple(cell.place for cell in row) for row in body),
            read.sheet,
            source.place if source else tree.place,
        )


def check_data_sources(data: Mapping[str, DataTable], keys: Set[str], faults: Faults) -> None:
    """Notes a fault for each source that is neither one of `keys`, those of the bibliography, nor a web address."""
    for table in data.values():
        source = table.sidecar.source
        if source in keys:
            continue
        if re.match(r"https?://[^\s/]+\S*$", source):
            continue
        if ADDRESS.match(source):
            message = f"the source `{source}` is not a whole web address"
            hint = f"write it with its beginning: `https://{source.partition('://')[2] or source}`"
        else:
            message = f"the source `{source}` is no work in the bibliography, and no web address"
            message += did_you_mean(source, keys)
            hint = "add the work to the bibliography and write its key here, or write the address: `https://…`"
        faults.error(table.source_place, message, "data-source", hint)


def words_of(table: DataTable) -> frozenset[str]:
    """Every word in `table` that an edition may translate."""
    columns = {name for column in table.columns for name in (column, f"{column}.unit")}
    cells = {cell for row in table.rows for cell in row if isinstance(cell, str) and cell}
    return frozenset({"title", "unit"} | columns | cells)


def check_data_words(texts: Tree, data: Mapping[str, DataTable], names: Set[str], faults: Faults) -> None:
    """Notes each table and word that an edition's `data:` names and that does not exist; `names` are of all data."""
    given = texts.table("data")
    for name, entry in given.entries.items() if given else ():
        if name not in names | data.keys():
            message = f"there are no data `{name}`{did_you_mean(name, names)}"
            faults.error(entry.place, message, "data-unknown", f"known data: {', '.join(sorted(names)) or 'none'}")
        elif name in data and isinstance(entry.value, Tree):
            known = words_of(data[name])
            for word, place in ((word, one.place) for word, one in entry.value.entries.items()):
                if word not in known:
                    columns = ", ".join(data[name].columns[:MOST_SHOWN])
                    message = f"`{word}` is no column, no row and no word of the data `{name}`"
                    message += did_you_mean(word, known)
                    hint = f"`title`, `unit`, the name of a column ({columns}), its `.unit`, or the text of a cell"
                    faults.error(place, message, "data-unknown", hint)
