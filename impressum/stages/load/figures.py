"""`figures/<id>.yaml`: a chart, or with the script or the ready-made image that draws it beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from impressum.core.errors import Fault, Faults, Place, did_you_mean
from impressum.core.file_names import RENAME, Misspelt, alike
from impressum.core.licences import misspelt
from impressum.core.model.figures import Chart
from impressum.core.model.lost import may_be
from impressum.core.model.publication import FigureData
from impressum.core.model.sources import DataTable, FigureSource
from impressum.core.numerals import is_sign, time_kind
from impressum.core.pictures import FILES
from impressum.stages.load.binding import bind_what_fits
from impressum.stages.load.charts import KEYS, check_chart_keys, read_chart
from impressum.stages.load.data import data_names
from impressum.stages.load.images import check_content
from impressum.stages.load.strict_yaml import parse_yaml
from impressum.stages.load.text_checks import FIGURE, check_quotes
from impressum.stages.load.texts import TEXT_LIMIT, YAML_LIMIT, decode, read_bytes
from impressum.stages.load.tree import Scalar, Tree, scalars
from impressum.system.cache import digest
from impressum.system.workspace import Workspace

SCRIPT = ".py"
INSTEAD = {"title": "?", "alt": "?"}
"""Placeholders for required values that cannot be read, so that the rest is checked; the figure is lost then."""
MOST_NAMED = 5


def read_figures(workspace: Workspace, data: Mapping[str, DataTable], faults: Faults) -> Mapping[str, FigureSource]:
    """Every figure by its id; `data` are the tables that a figure may declare."""
    figures: dict[str, FigureSource] = {}
    files = _files(workspace, faults)
    for id_, paths in files.items():
        declarations = [path for path in paths if path.suffix.lower() == ".yaml"]
        drawings = [path for path in paths if path.suffix.lower() != ".yaml"]
        if not declarations:
            for path in drawings:
                message = f"there is no `{id_}.yaml` that describes this figure"
                hint = f"write `figures/{id_}.yaml` with at least `title` and `alt`"
                faults.error(Place(workspace.relative(path)), message, "figure-undeclared", hint)
            continue
        figure = _read_figure(workspace, declarations[0], drawings, data, faults)
        if figure:
            figures[id_] = figure
    return figures


def check_figure_words(texts: Tree, figures: Mapping[str, FigureSource], declared: set[str], faults: Faults) -> None:
    """Notes each figure that an edition's `figures:` names and that does not exist; `declared` ids have files."""
    words = texts.table("figures")
    known = declared | figures.keys()
    for id_, entry in words.entries.items() if words else ():
        if id_ not in known:
            message = f"there is no figure `{id_}`{did_you_mean(id_, known)}"
            faults.error(entry.place, message, "figure-unknown", f"known figures: {', '.join(sorted(known)) or 'none'}")


def untranslated(tag: str, texts: Tree | None, figures: Mapping[str, FigureSource], source: str) -> dict[str, Fault]:
    """A warning, by id, for each figure whose words the edition `tag` does not say in its `texts`, unlike `source`."""
    if _written(tag) == _written(source):
        return {}
    found: dict[str, Fault] = {}
    words, data = (texts.table(key) if texts else None for key in ("figures", "data"))
    for figure in figures.values():
        own = words.table(figure.id) if words else None
        known = set(own.entries) if own else set()
        if figure.chart and data:
            table = data.table(figure.declaration.data[0])
            known |= _words_of_data(figure, table) if table else set()
        missing = [word for word in sayings(figure) if word not in known]
        if missing:
            found[figure.id] = Fault(
                own.place if own else Place(f"chapters/{tag}/edition.yaml"),
                f"the figure `{figure.id}` is not translated: {', '.join(f'`{word}`' for word in missing[:MOST_NAMED])}"
                + (f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""),
                "figure-untranslated",
                f"say them below `figures:`, `{figure.id}:`; a name that stays the same is written again",
                "warning",
            )
    return found


def _words_of_data(figure: FigureSource, table: Tree) -> set[str]:
    """The words of a chart that an edition says where it names the columns and rows of its table."""
    assert figure.chart
    known = set(table.entries) - {"title", "alt"}
    if figure.declaration.unit:
        return known - {"unit"}
    return known | ({"unit"} if f"{figure.chart.series[0].name}.unit" in known else set())


def _written(tag: str) -> tuple[str, str]:
    """The language and the script of a tag."""
    parts = tag.split("-")
    return parts[0], next((part for part in parts[1:] if len(part) == 4), "")


def sayings(figure: FigureSource) -> dict[str, str]:
    """The words of a figure that a reader sees or hears, by name; signs and numbers need no translation."""
    said, chart = figure.declaration, figure.chart
    words = {"title": said.title, "alt": said.alt, "unit": said.unit or (chart.unit if chart else None) or ""}
    if chart:
        words |= {"message": chart.message or ""}
        words |= {one.name: one.title for one in chart.series if len(chart.series) > 1 or chart.kind == "slope"}
        if chart.kind != "map":
            words |= {name: name for name in chart.categories if not time_kind([name]) and not is_sign(name)}
    words |= said.words
    return {name: word for name, word in words.items() if any(letter.isalpha() for letter in word)}


def figure_ids(workspace: Workspace) -> set[str]:
    """The ids that have a declaration under `figures/`."""
    return {path.stem for path in workspace.figures.glob("*.yaml")}


def figure_names(workspace: Workspace) -> frozenset[str]:
    """The ids that have any file under `figures/`, valid or not."""
    return frozenset(_files(workspace, Faults()))


def _files(workspace: Workspace, faults: Faults) -> dict[str, list[Path]]:
    """The files under `figures/` by the id that they belong to."""
    files: dict[str, list[Path]] = {}
    if not workspace.figures.is_dir():
        return files
    declared = figure_ids(workspace)
    for path in sorted(workspace.figures.iterdir()):
        if path.name.startswith(".") or path == workspace.data or path.name == "__pycache__":
            continue
        suffix = path.suffix.lower()
        if suffix in (".yaml", SCRIPT, *FILES):
            id_ = alike(path.stem, declared) or path.stem
            files.setdefault(id_, []).append(path)
            if path.name != f"{id_}{suffix}":
                found = workspace.relative(path)
                given = workspace.relative(path.with_name(f"{id_}{suffix}"))
                Misspelt(given, found).add_to(faults, Place(found), RENAME)
        else:
            message = f"`{path.name}` is not read: a figure is a `.yaml` with a script or an image of the same name"
            hint = "data belong in `figures/data/`; move anything else away"
            faults.warning(Place(workspace.relative(path)), message, "file-unexpected", hint)
    return files


def _read_figure(
    workspace: Workspace, path: Path, drawings: list[Path], data: Mapping[str, DataTable], faults: Faults
) -> FigureSource | None:
    name = workspace.relative(path)
    if not re.match(r"^[a-z][a-z0-9_-]*$", path.stem):
        hint = "use lower-case letters, digits, `_` and `-`, and a letter first"
        faults.error(Place(name), f"`{path.stem}` cannot be the id of a figure", "figure-name", hint)
    raw = read_bytes(workspace, path, faults, limit=YAML_LIMIT)
    text = decode(raw, name, faults) if raw is not None else None
    tree = parse_yaml(text, name, faults) if text is not None else None
    read = bind_what_fits(FigureData, tree, faults, INSTEAD) if tree else None
    declaration, unknown = (read.value, read.unknown) if read else (None, frozenset[str]())
    tables = _declared_data(workspace, tree, data, faults) if tree else ()
    if declaration and tree:
        if "chart" not in unknown:
            check_chart_keys(declaration, tree, faults)
        given = tree.text("licence")
        near = misspelt(given.text) if given else None
        if given and near:
            message = f"`{given.text.strip()}` is no Creative Commons licence; did you mean `{near}`?"
            hint = "write its name with its version, as in `CC-BY-4.0`; any other licence is printed as it is written"
            faults.error(given.place, message, "figure-licence", hint)
        check_quotes(tree, FIGURE, faults)
    has_chart = bool(tree and "chart" in tree.entries)
    content = b"" if has_chart and not drawings else _drawing(workspace, path, drawings, faults, chart=has_chart)
    if raw is None or tree is None or declaration is None or content is None or tables is None:
        return None
    file = workspace.relative(drawings[0]) if drawings else name
    whole = digest(raw, file, content, *(table.digest for table in tables))
    is_known = not any(may_be(key, unknown) for key in ("chart", "data", *KEYS))
    chart = _chart(declaration, tree, tables, faults) if declaration.chart and is_known else None
    if unknown or (declaration.chart and chart is None):
        return None
    written = tuple((one.text, one.place) for one in scalars(tree))
    return FigureSource(path.stem, name, declaration, file, whole, chart, written)


def _chart(declaration: FigureData, tree: Tree, tables: tuple[DataTable, ...], faults: Faults) -> Chart | None:
    if len(tables) == 1:
        return read_chart(declaration, tree, tables[0], faults)
    entry = tree.entries.get("data", tree.entries["chart"])
    message = f"a chart is drawn from one table, and {'none is' if not tables else f'{len(tables)} are'} named"
    faults.error(entry.value.place, message, "chart-data", "name one: `data: [trade]` for `figures/data/trade.csv`")
    return None


def _drawing(workspace: Workspace, path: Path, drawings: list[Path], faults: Faults, *, chart: bool) -> bytes | None:
    """The bytes of the one script or image that draws the figure, or None after a fault."""
    place = Place(workspace.relative(path))
    if not drawings:
        message = f"nothing draws this figure: there is no `{path.stem}.py`, `.svg`, `.pdf`, `.png` or `.jpg` beside it"
        hint = (
            f"add `figures/{path.stem}.py` with `def draw(figure, data, words)`, an image of that name, "
            "or a line `chart: bar`"
        )
        faults.error(place, message, "figure-drawing", hint)
        return None
    if len(drawings) > 1 or chart:
        what = ["`chart:`"] if chart else []
        message = f"more than one thing draws this figure: {', '.join([*what, *(f'`{one.name}`' for one in drawings)])}"
        faults.error(place, message, "figure-drawing", "keep one of them")
        return None
    if drawings[0].suffix != SCRIPT:
        return check_content(workspace, drawings[0], Place(workspace.relative(drawings[0])), faults)
    content = read_bytes(workspace, drawings[0], faults, limit=TEXT_LIMIT)
    if content is None or decode(content, workspace.relative(drawings[0]), faults) is None:
        return None
    return content


def _declared_data(
    workspace: Workspace, tree: Tree, data: Mapping[str, DataTable], faults: Faults
) -> tuple[DataTable, ...] | None:
    """The tables that the figure's `data:` names; None where one of them does not exist or is faulty."""
    known = data_names(workspace) | data.keys()
    names = [item for item in tree.items("data") if isinstance(item, Scalar)]
    for name in names:
        if name.text.strip() not in known:
            message = f"there are no data `{name.text}`{did_you_mean(name.text, known)}"
            faults.error(name.place, message, "data-unknown", f"known data: {', '.join(sorted(known)) or 'none'}")
    tables = tuple(data[name.text.strip()] for name in names if name.text.strip() in data)
    return tables if len(tables) == len(names) else None
