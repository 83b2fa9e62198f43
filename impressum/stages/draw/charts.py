"""Charts that are declared: a kind, numbers and words become an SVG in the house style."""

from __future__ import annotations

from collections.abc import Mapping

from impressum.core.model.figures import Chart
from impressum.core.model.theme import FigureStyle, Room
from impressum.stages.draw.bars import draw_bars, draw_stacked_bars
from impressum.stages.draw.canvas import Canvas
from impressum.stages.draw.columns import draw_columns, draw_stacked_columns, names_fit
from impressum.stages.draw.lines import draw_areas, draw_lines
from impressum.stages.draw.pairs import draw_dots, draw_slope
from impressum.stages.draw.sheet import ChartWording, Sheet

KINDS = {"line": draw_lines, "area": draw_areas, "slope": draw_slope, "dot": draw_dots}


class TooHigh(Exception):
    """The chart is higher than its room, in points."""

    def __init__(self, height: float) -> None:
        super().__init__(height)
        self.height = height


def draw_chart(
    chart: Chart, *, tag: str, words: Mapping[str, str], size: Room, most: float, style: FigureStyle
) -> bytes:
    """The SVG of `chart` in the language `tag`; the same bytes each time.

    It is as wide as `size`, and as high where its contents do not say its height. Raises `TooHigh` beyond `most`.
    """
    sheet = Sheet(Canvas(size.width, style, tag), ChartWording(chart, tag, words), size.height, most)
    height = _draw(sheet)
    if height > most:
        raise TooHigh(height)
    return sheet.canvas.svg(height)


def _draw(sheet: Sheet) -> float:
    chart = sheet.chart
    if chart.kind in KINDS:
        return KINDS[chart.kind](sheet)
    wanted = chart.bars or ("vertical" if sheet.wording.times else "horizontal")
    upright = wanted == "vertical" and names_fit(sheet)
    if chart.kind == "stacked":
        return draw_stacked_columns(sheet) if upright else draw_stacked_bars(sheet)
    return draw_columns(sheet) if upright else draw_bars(sheet)
