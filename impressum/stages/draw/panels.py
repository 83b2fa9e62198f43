"""Small multiples: a chart of its own for each series, side by side on the same axes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from impressum.stages.draw.bars import draw_bars, names_at_left, names_width
from impressum.stages.draw.canvas import Canvas, axis
from impressum.stages.draw.sheet import GAP, Sheet

NARROWEST, BETWEEN_PANELS = 92.0, 16.0
HEIGHT_TO_WIDTH = 0.66
NAMES_IN = 0.6
"""The part of the width that counts for the names of horizontal bars."""


def draw_panels(sheet: Sheet, kind_of: Callable[[Sheet], Callable[[Sheet], float]]) -> float:
    """Draws the panels of a chart, each by what `kind_of` gives for it; gives the height."""
    canvas, chart, wording = sheet.canvas, sheet.chart, sheet.wording
    count = len(chart.series)
    columns = max(2, min(count, int((canvas.width + BETWEEN_PANELS) / (NARROWEST + BETWEEN_PANELS))))
    columns = math.ceil(count / math.ceil(count / columns))  # rows that are filled evenly
    draw = kind_of(_panel(sheet, 0, canvas.width / columns, 0.0, is_first=True))
    first = _panel(sheet, 0, canvas.width, 0.0, is_first=True)
    if draw is draw_bars:
        beside = names_width(first, names_at_left(first)) + 2 * GAP
    else:
        beside = first.axis_room(axis(sheet.values, zero=chart.kind != "line"))
    width = (canvas.width - beside - BETWEEN_PANELS * (columns - 1)) / columns
    titles = [canvas.wrapped(wording.series(one), width, bold=True) for one in chart.series]
    sheet.draw_head()
    y = sheet.head + (GAP if sheet.head else 0.0)
    for begin in range(0, count, columns):
        row = range(begin, min(begin + columns, count))
        above = max(len(titles[one]) for one in row) * canvas.leading
        heights = []
        for number in row:
            is_first = number == begin
            x = 0.0 if is_first else beside + (number - begin) * (width + BETWEEN_PANELS)
            room = width + (beside if is_first else 0.0)
            panel = _panel(sheet, number, room, HEIGHT_TO_WIDTH * width + canvas.leading, is_first=is_first)
            title = titles[number]
            middle = y + above - len(title) * canvas.leading / 2
            canvas.lines((x + (beside if is_first else 0.0), middle), title, bold=True)
            heights.append(draw(panel))
            canvas.place(panel.canvas, (x, y + above))
        y += above + max(heights) + 2 * GAP
    return y - 2 * GAP


def _panel(sheet: Sheet, number: int, width: float, height: float, *, is_first: bool) -> Sheet:
    """The sheet of one series, which says neither title nor unit."""
    one = sheet.chart.series[number]
    numbers = replace(sheet.chart.numbers, decimals=sheet.wording.decimals)
    chart = replace(sheet.chart, series=(one,), numbers=numbers, panels=False, unit=None, message=None)
    words = {key: word for key, word in sheet.wording.words.items() if key not in ("unit", "message")}
    canvas = Canvas(width, sheet.canvas.style, sheet.wording.tag)
    wording = replace(sheet.wording, chart=chart, words=words)
    return Sheet(canvas, wording, height, sheet.room, sheet.chart, is_first, NAMES_IN * sheet.canvas.width)
