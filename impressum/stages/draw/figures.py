"""Draws every figure of a publication, in each of its languages."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from impressum.core.errors import Faults, Faulty, Place
from impressum.core.model.figures import NO_DATA, Chart, Drawing
from impressum.core.model.sources import DataTable, Edition, FigureSource, Sources
from impressum.core.model.theme import FigureRooms, FigureStyle, Room
from impressum.stages.draw.bars import draw_bars, draw_stacked_bars
from impressum.stages.draw.canvas import Canvas
from impressum.stages.draw.columns import draw_columns, draw_stacked_columns, names_fit
from impressum.stages.draw.lines import draw_areas, draw_dots, draw_lines, draw_slope
from impressum.stages.draw.maps import draw_map, map_file
from impressum.stages.draw.notes import notes_room
from impressum.stages.draw.panels import draw_panels
from impressum.stages.draw.scripts import LIMITS, code_of_child, fault, run_script
from impressum.stages.draw.sheet import ChartWording, Sheet
from impressum.system import process
from impressum.system.cache import Json, Memo, digest
from impressum.system.files import read
from impressum.system.fonts import faces_version, family_of
from impressum.system.installed import version
from impressum.system.parallel import at_once, both, processors
from impressum.system.pdf_pictures import as_picture
from impressum.system.workspace import Workspace

__all__ = ["LIMITS", "draw"]

HEIGHT_TO_WIDTH, HALF_HEIGHT_TO_WIDTH = 0.52, 0.8
"""Height to width of a drawing within the text, and of one beside another; one on its own page fills it."""
OWN_WORDS = ("title", "alt", "source", "credit")

KINDS = {"line": draw_lines, "area": draw_areas, "slope": draw_slope, "dot": draw_dots, "map": draw_map}


def draw(
    sources: Sources,
    *,
    rooms: FigureRooms,
    style: FigureStyle,
    workspace: Workspace,
    memo: Memo,
    faults: Faults,
    limits: process.Limits = LIMITS,
) -> dict[str, dict[str, Drawing]]:
    """The drawings of each edition by figure id, as large as printed in its room of `rooms`; scripts run in parallel,
    one a processor. In a thread beside other stages, `faults` should be its own."""
    drawn: dict[str, dict[str, Drawing]] = {edition.tag: {} for edition in sources.spoken()}
    studio = _Studio(sources, rooms, style, workspace, memo, limits)
    tasks = {figure.id: partial(_attempt, studio, figure) for figure in sources.figures.values()}
    scripts = [id_ for id_ in tasks if sources.figures[id_].is_script]
    others = [id_ for id_ in tasks if id_ not in scripts]
    of_scripts, of_others = both(
        lambda: at_once([tasks[id_] for id_ in scripts], processors()), lambda: [tasks[id_]() for id_ in others]
    )
    attempts = dict(zip(scripts + others, of_scripts + of_others, strict=True))
    for figure in sources.figures.values():
        contents = attempts[figure.id]
        if isinstance(contents, Faulty):
            for found in contents.faults:  # or the book would lack the figure, and nobody would know
                faults.hold(found)
            continue
        for edition in sources.spoken():
            drawn[edition.tag][figure.id] = _drawing(figure, edition, contents[edition.tag])
    return drawn


def _attempt(studio: _Studio, figure: FigureSource) -> dict[str, bytes] | Faulty:
    """The drawing of `figure` by language, or its faults."""
    try:
        return studio.contents(figure)
    except Faulty as faulty:
        return faulty


@dataclass(frozen=True)
class _Studio:
    """Where figures are drawn, how large, and in which look."""

    sources: Sources
    rooms: FigureRooms
    style: FigureStyle
    workspace: Workspace
    memo: Memo
    limits: process.Limits

    def contents(self, figure: FigureSource) -> dict[str, bytes]:
        """The drawing of `figure` by language. Raises `Faulty`."""
        if figure.chart:
            return self._chart(figure, figure.chart)
        if figure.is_script:
            return self._script(figure)
        path = self.workspace.root / figure.file
        content = as_picture(path, read(path), self.workspace).content
        return {edition.tag: content for edition in self.sources.spoken()}

    def _chart(self, figure: FigureSource, chart: Chart) -> dict[str, bytes]:
        size, words = self._size(figure), self._words(figure)
        most = self._room(figure).height

        def run(tag: str) -> bytes:
            try:
                return draw_chart(chart, tag=tag, words=words[tag], size=size, most=most, style=self.style)
            except TooHigh as high:
                if not self.rooms.is_known:
                    raise Faulty(()) from high
                message = f"the chart is {high.height:.0f} points high, and a page has room for {most:.0f}"
                hint = "choose some of its rows with `rows: [...]`, or draw two charts"
                raise fault(Place(figure.path), message, "chart-crowded", hint) from high

        def inputs(tag: str) -> dict[str, Json]:
            look: list[Json] = [repr(size), most, repr(self.style), digest(map_file()) if chart.kind == "map" else ""]
            said = dict[str, Json](words[tag])
            return {"chart": repr(chart), "tag": tag, "words": said, "style": look, "versions": _versions("babel")}

        return {tag: self.memo("chart", inputs(tag), partial(run, tag), about=f"{figure.id} in {tag}") for tag in words}

    def _script(self, figure: FigureSource) -> dict[str, bytes]:
        size, words = self._size(figure), self._words(figure)
        request: dict[str, Json] = {
            "script": read(self.workspace.root / figure.file).decode("utf-8-sig"),
            "name": figure.file,
            "width": size.width,
            "height": size.height,
            "data": {name: _rows(self.sources.data[name]) for name in figure.declaration.data},
            "words": {tag: dict[str, Json](said) for tag, said in words.items()},
            "families": {tag: family_of(tag) for tag in words},
            "style": {**asdict(self.style), "series": list(self.style.series)},
        }
        data = {f"data.{name}": _rows(self.sources.data[name]) for name in figure.declaration.data}
        inputs: dict[str, Json] = {
            **{name: part for name, part in request.items() if name != "data"},
            **data,
            "versions": [code_of_child(), _versions("babel", "matplotlib", "numpy")],
        }
        run = partial(run_script, figure, request, self.workspace, self.limits)
        raw = self.memo("draw", inputs, run, about=figure.id)
        return {tag: base64.b64decode(content) for tag, content in json.loads(raw).items()}

    def _size(self, figure: FigureSource) -> Room:
        width, room = figure.declaration.width, self._room(figure)
        if width in ("page", "landscape"):
            return room
        return Room(room.width, room.width * (HALF_HEIGHT_TO_WIDTH if width == "half" else HEIGHT_TO_WIDTH))

    def _room(self, figure: FigureSource) -> Room:
        width = figure.declaration.width
        return self.rooms.half if width == "half" else self.rooms.rooms[width]

    def _words(self, figure: FigureSource) -> dict[str, dict[str, str]]:
        """The words in the figure by language."""
        declared = figure.declaration
        words = {**({"unit": declared.unit} if declared.unit else {}), **declared.words}
        said: dict[str, dict[str, str]] = {}
        for edition in self.sources.spoken():
            own = edition.texts.figures.get(figure.id, {})
            of_book = {NO_DATA: edition.words[NO_DATA]} if declared.chart == "map" else {}
            said[edition.tag] = {**of_book, **words, **_words_of_data(figure, edition)}
            said[edition.tag] |= {key: word for key, word in own.items() if key not in OWN_WORDS}
        return said


def _words_of_data(figure: FigureSource, edition: Edition) -> dict[str, str]:
    """The edition's names for the columns, rows and units of the table that a chart is drawn from."""
    if figure.chart is None:
        return {}
    said = edition.texts.data.get(figure.declaration.data[0], {})
    words = {key: word for key, word in said.items() if key not in ("title", "unit")}
    unit = said.get(f"{figure.chart.series[0].name}.unit", said.get("unit"))
    return {**words, **({"unit": unit} if unit and not figure.declaration.unit else {})}


def _drawing(figure: FigureSource, edition: Edition, content: bytes) -> Drawing:
    own = edition.texts.figures.get(figure.id, {})
    is_drawn = figure.is_script or figure.chart is not None
    suffix = Path(figure.file).suffix.lower()
    suffix = ".svg" if is_drawn or suffix == ".pdf" else suffix
    declared = figure.declaration
    return Drawing(
        figure.id,
        f"figures/{figure.id}-{digest(content)[:12]}{suffix}",
        content,
        own.get("title", declared.title),
        own.get("alt", declared.alt),
        own.get("source", declared.source),
        own.get("credit", declared.credit),
        "text" if declared.width == "half" else declared.width,
        is_drawn,
        declared.licence,
        declared.width == "half",
    )


def _versions(*packages: str) -> list[Json]:
    return [*(version(package) for package in packages), faces_version()]


def _rows(table: DataTable) -> list[Json]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


class TooHigh(Exception):
    """The chart is higher than its room, in points."""

    def __init__(self, height: float) -> None:
        super().__init__(height)
        self.height = height


def draw_chart(
    chart: Chart, *, tag: str, words: Mapping[str, str], size: Room, most: float, style: FigureStyle
) -> bytes:
    """The SVG of `chart` in `tag`, as wide as `size`, the same bytes each time. Raises `TooHigh` beyond `most`."""
    sheet = Sheet(Canvas(size.width, style, tag), ChartWording(chart, tag, words), size.height, most)
    above = sheet.head + notes_room(sheet)
    sheet = replace(sheet, height=min(size.height + above, max(most, size.height)))
    height = draw_panels(sheet, _kind_of) if chart.panels else _kind_of(sheet)(sheet)
    if height > most:
        raise TooHigh(height)
    return sheet.canvas.svg(height)


def _kind_of(sheet: Sheet) -> Callable[[Sheet], float]:
    """The function that draws the chart of a sheet."""
    chart = sheet.chart
    if chart.kind in KINDS:
        return KINDS[chart.kind]
    wanted = chart.bars or ("vertical" if sheet.wording.times else "horizontal")
    upright = wanted == "vertical" and names_fit(sheet)
    if chart.kind == "stacked":
        return draw_stacked_columns if upright else draw_stacked_bars
    return draw_columns if upright else draw_bars
