"""Line and area charts: values over times, or over categories in their order."""

from __future__ import annotations

from collections.abc import Sequence

from impressum.core.colours import WHITE, readable
from impressum.core.numerals import first_day
from impressum.stages.draw.canvas import FIRM, LINE, Point
from impressum.stages.draw.scales import Scale, apart, axis
from impressum.stages.draw.sheet import GAP, Sheet

NAME_SHARE = 0.3
"""The most that names at the ends of lines take of the width."""
FEW = 12
"""So many points of a line are shown as dots."""
LABELLED = 8
"""So many points of a line have labels of their own; of more, only the first and the last."""
DOT = 2.2


def draw_lines(sheet: Sheet) -> float:
    """Draws a line chart; gives its height."""
    canvas, chart = sheet.canvas, sheet.chart
    values = [value for one in chart.series for value in one.values if value is not None]
    labelled = chart.values == "labels"
    scale_axis = axis(values, zero=False)
    left = max(canvas.width_of("0"), _beyond(sheet, 0)) if labelled else sheet.axis_room(scale_axis)
    names = sheet.names() if len(chart.series) > 1 else ()
    right = canvas.width - max(_names_room(sheet, names), (_beyond(sheet, -1) if labelled else 0.0) + 2)
    top, bottom = sheet.top, sheet.height - sheet.category_room()
    if labelled:
        top += canvas.leading
    scale = Scale(scale_axis.low, scale_axis.high, bottom - (canvas.leading if labelled else 0), top)
    xs = positions(sheet, left + DOT, right - DOT)
    sheet.unit()
    if not labelled:
        sheet.value_axis(scale_axis, scale, left, right)
    base = scale(0.0) if scale_axis.low <= 0 <= scale_axis.high else None
    if base is not None:
        sheet.zero((left, base), (right, base))
    if base != bottom and not labelled:
        canvas.line((left, bottom), (right, bottom), canvas.grid)
    marks = sheet.wording.times is not None and not labelled
    sheet.category_axis(xs, bottom, 0, canvas.width, ticks=marks)
    for number in sorted(range(len(chart.series)), key=lambda one: sheet.is_bold(chart.series[one].name)):
        _line(sheet, number, xs, scale)
    if labelled:
        _values(sheet, xs, scale, base)
    if names:
        ends = [_end(one.values, xs, scale) for one in chart.series]
        sheet.end_names(ends, names, right + 2 * GAP, top - canvas.leading / 2, bottom + canvas.leading / 2)
    return sheet.height


def draw_areas(sheet: Sheet) -> float:
    """Draws stacked areas; gives their height. Where a value is missing, all of them break off."""
    canvas, chart = sheet.canvas, sheet.chart
    sums = [_sum([one.values[at] for one in chart.series]) for at in range(len(chart.categories))]
    scale_axis = axis([value for value in sums if value is not None] or [0.0], zero=True)
    left = sheet.axis_room(scale_axis)
    names = sheet.names() if len(chart.series) > 1 else ()
    right = canvas.width - max(_names_room(sheet, names), 2)
    top, bottom = sheet.top, sheet.height - sheet.category_room()
    scale = Scale(scale_axis.low, scale_axis.high, bottom, top)
    xs = positions(sheet, left, right)
    sheet.unit()
    sheet.value_axis(scale_axis, scale, left, right)
    below = [0.0] * len(xs)
    ends: list[Point] = []
    for number, one in enumerate(chart.series):
        above = [low + (value or 0.0) for low, value in zip(below, one.values, strict=True)]
        for run in _runs(sums):
            edge = [(xs[at], scale(above[at])) for at in run]
            if len(run) == 1:
                half = LINE / 2
                canvas.box(
                    (edge[0][0] - half, edge[0][1]), (edge[0][0] + half, scale(below[run[0]])), sheet.colour(number)
                )
                continue
            canvas.area([*edge, *((xs[at], scale(below[at])) for at in reversed(run))], sheet.colour(number))
            if number < len(chart.series) - 1:
                canvas.path(edge, WHITE, FIRM)
        last = max(at for at, value in enumerate(sums) if value is not None) if any(_runs(sums)) else 0
        ends.append((xs[last], scale((below[last] + above[last]) / 2)))
        below = above
    sheet.zero((left, bottom), (right, bottom))
    sheet.category_axis(xs, bottom, 0, canvas.width, ticks=sheet.wording.times is not None)
    if names:
        sheet.end_names(ends, names, right + 2 * GAP, top - canvas.leading / 2, bottom + canvas.leading / 2)
    return sheet.height


def positions(sheet: Sheet, left: float, right: float) -> list[float]:
    """The positions of the categories: times at their distance from each other, all else evenly."""
    names = sheet.chart.categories
    times = sheet.wording.times
    if times in ("year", "quarter", "month"):
        places = [12.0 * first_day(name).year + first_day(name).month for name in names]
    elif times == "day":
        places = [float(first_day(name).toordinal()) for name in names]
    else:
        places = [float(at) for at in range(len(names))]
    scale = Scale(places[0], places[-1], left, right)
    return [scale(place) for place in places]


def _beyond(sheet: Sheet, at: int) -> float:
    """How far the labels above the point `at` of each line reach to either side of it."""
    category = sheet.chart.categories[at]
    labels = [sheet.wording.value(category, one, one.values[at]) for one in sheet.chart.series]
    return max(sheet.canvas.width_of(label) for label in labels) / 2


def _names_room(sheet: Sheet, names: Sequence[str]) -> float:
    if not names:
        return 0.0
    canvas = sheet.canvas
    most = NAME_SHARE * canvas.width
    lines = [line for name in names for line in canvas.wrapped(name, most, bold=True)]
    return max(canvas.width_of(line, bold=True) for line in lines) + 2 * GAP


def _line(sheet: Sheet, number: int, xs: Sequence[float], scale: Scale) -> None:
    values = sheet.chart.series[number].values
    colour = sheet.colour(number)
    for run in _runs(values):
        points = [(xs[at], scale(value)) for at in run if (value := values[at]) is not None]
        if len(points) > 1:
            sheet.canvas.path(points, colour, LINE)
        shown = points if len(xs) <= FEW or len(points) == 1 else ()
        for point in shown:
            sheet.canvas.dot(point, DOT, colour)
    wanted = sheet.chart.highlight
    if wanted in sheet.chart.categories:
        at = sheet.chart.categories.index(wanted)
        value = values[at]
        if value is not None and sheet.chart.values != "labels":
            sheet.canvas.dot((xs[at], scale(value)), DOT + 0.8, colour)
            label = sheet.wording.value(wanted, sheet.chart.series[number], value)
            above = (xs[at], scale(value) - sheet.canvas.leading * 0.8)
            sheet.canvas.text(above, label, colour=readable(colour), anchor="middle", bold=True)


def _values(sheet: Sheet, xs: Sequence[float], scale: Scale, zero: float | None) -> None:
    """The labels of values above the points: of all of them where they are few, else of the first and the last."""
    canvas, chart = sheet.canvas, sheet.chart
    shown = range(len(xs)) if len(xs) <= LABELLED else (0, len(xs) - 1)
    for at in shown:
        known = [(number, value) for number, one in enumerate(chart.series) if (value := one.values[at]) is not None]
        known.sort(key=lambda pair: -pair[1])
        ys = [scale(value) for _, value in known]
        wanted = [y - canvas.leading * 0.8 for y in ys]
        if len(ys) > 1 and ys[-1] - ys[-2] < 2.2 * canvas.leading:  # no room between it and the line above it
            below = ys[-1] + canvas.leading * 0.8
            crossed = zero is not None and abs(below - zero) < canvas.leading / 2
            wanted[-1] = zero + canvas.leading * 0.7 if zero is not None and crossed else below
        middles = apart(wanted, [canvas.leading * 0.9] * len(wanted), 0, sheet.height)
        for (number, value), middle in zip(known, middles, strict=True):
            label = sheet.wording.value(chart.categories[at], chart.series[number], value)
            canvas.text((xs[at], middle), label, colour=readable(sheet.colour(number)), anchor="middle")


def _end(values: Sequence[float | None], xs: Sequence[float], scale: Scale) -> Point:
    at, value = [(at, value) for at, value in enumerate(values) if value is not None][-1]
    return xs[at], scale(value)


def _runs(values: Sequence[float | None]) -> list[list[int]]:
    """The stretches of `values` without a gap, as indices."""
    runs: list[list[int]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(at)
    return [run for run in runs if run]


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
