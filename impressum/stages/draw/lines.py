"""Charts of points: lines and areas over times or categories, slopes between two ends, rows of dots."""

from __future__ import annotations

from collections.abc import Sequence

from impressum.core.colours import WHITE, readable
from impressum.core.model.figures import Series
from impressum.core.numerals import first_day
from impressum.stages.draw.bars import names_at_left, names_width, value_axis_below
from impressum.stages.draw.canvas import FIRM, LINE, Point, Scale, apart, axis
from impressum.stages.draw.notes import draw_notes, draw_spans, notes_room
from impressum.stages.draw.sheet import GAP, Sheet

NAME_SHARE = 0.3
"""The most that names at the ends of lines take of the width."""
FEW = 12
"""So many points of a line are shown as dots."""
LABELLED = 8
"""So many points of a line have labels of their own; of more, only the first and the last."""
DOT, LARGE_DOT = 2.2, 3.4
"""The radius of a point on a line, and of one alone."""
ROW = 11.0
WIDEST_SLOPE = 0.5
"""Of the width, between the two ends."""
NAME_ROOM = 0.3


def draw_lines(sheet: Sheet) -> float:
    """Draws a line chart; gives its height."""
    canvas, chart = sheet.canvas, sheet.chart
    labelled = chart.values == "labels" and not sheet.whole
    scale_axis = axis(sheet.values, zero=False)
    left = max(canvas.width_of("0"), _beyond(sheet, 0)) if labelled else sheet.axis_room(scale_axis)
    names = sheet.names()
    right = canvas.width - max(_names_room(sheet, names), (_beyond(sheet, -1) if labelled else 0.0) + 2)
    plot, bottom = sheet.top + notes_room(sheet), sheet.height - sheet.category_room()
    top = plot
    if labelled:
        top += canvas.leading
    scale = Scale(scale_axis.low, scale_axis.high, bottom - (canvas.leading if labelled else 0), top)
    xs = positions(sheet, left + DOT, right - DOT)
    sheet.draw_head()
    draw_spans(sheet, xs, plot, bottom)
    if not labelled:
        sheet.value_axis(scale_axis, scale, left, right)
    base = scale(0.0) if scale_axis.low <= 0 <= scale_axis.high else None
    if base is not None:
        sheet.zero((left, base), (right, base))
    if base != bottom and not labelled:
        canvas.line((left, bottom), (right, bottom), canvas.grid)
    marks = sheet.wording.times is not None and not labelled
    sheet.category_axis(xs, bottom, 0, canvas.width, ticks=marks)
    for other in sheet.every if sheet.whole else ():  # those of the other panels, to compare with
        for run in _runs(other.values):
            canvas.path([(xs[at], scale(value)) for at in run if (value := other.values[at]) is not None], canvas.grid)
    for number in sorted(range(len(chart.series)), key=lambda one: sheet.is_bold(chart.series[one].name)):
        _line(sheet, number, xs, scale)
    draw_notes(sheet, xs, lambda name, at: _height(sheet, name, at, scale), plot, bottom)
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
    known = [value for value in sums if value is not None]
    scale_axis = axis((sheet.values if sheet.whole else known) or [0.0], zero=True)
    left = sheet.axis_room(scale_axis)
    names = sheet.names()
    right = canvas.width - max(_names_room(sheet, names), 2)
    top, bottom = sheet.top + notes_room(sheet), sheet.height - sheet.category_room()
    scale = Scale(scale_axis.low, scale_axis.high, bottom, top)
    xs = positions(sheet, left, right)
    sheet.draw_head()
    draw_spans(sheet, xs, top, bottom)
    sheet.value_axis(scale_axis, scale, left, right)
    below = [0.0] * len(xs)
    edges: dict[str, list[float]] = {}
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
        edges[one.name] = below = above
    sheet.zero((left, bottom), (right, bottom))
    draw_notes(sheet, xs, lambda name, at: scale(edges[name][at]), top, bottom)
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


def _height(sheet: Sheet, name: str, at: int, scale: Scale) -> float | None:
    value = next(one.values[at] for one in sheet.chart.series if one.name == name)
    return None if value is None else scale(value)


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


def draw_slope(sheet: Sheet) -> float:
    """Draws lines from one end to another, named at their right end; gives the height."""
    canvas, chart, wording = sheet.canvas, sheet.chart, sheet.wording
    if wording.times:  # a row is an end, a series is a line
        heads = tuple(wording.category(name) for name in chart.categories)
        lines = [(one.name, wording.series(one), one.values[0], one.values[1]) for one in chart.series]
        cells = [(chart.categories[0], one, chart.categories[1], one) for one in chart.series]
    else:
        heads = sheet.names()
        before, after = chart.series
        lines = [
            (name, wording.category(name), before.values[at], after.values[at])
            for at, name in enumerate(chart.categories)
        ]
        cells = [(name, before, name, after) for name in chart.categories]
    colours = [_slope_colour(sheet, number, name, len(lines)) for number, (name, _, _, _) in enumerate(lines)]
    begins = [wording.value(cell[0], cell[1], line[2]) for cell, line in zip(cells, lines, strict=True)]
    ends = [wording.value(cell[2], cell[3], line[3]) for cell, line in zip(cells, lines, strict=True)]
    most = NAME_ROOM * canvas.width
    names = [canvas.wrapped(name, most, bold=True) for _, name, _, _ in lines]
    numbers = max(canvas.width_of(end, bold=True) for end in ends)
    beyond = numbers + 2 * GAP + max(canvas.width_of(line, bold=True) for name in names for line in name) + GAP
    left = (
        max([canvas.width_of(begin, bold=True) for begin in begins] + [canvas.width_of(heads[0], bold=True) / 2])
        + 3 * GAP
    )
    right = min(canvas.width - beyond - 2 * GAP, left + WIDEST_SLOPE * canvas.width)
    values = [value for line in lines for value in (line[2], line[3]) if value is not None]
    sizes = [canvas.leading * len(name) for name in names]
    height = max(sheet.height, sum(sizes) * 1.2 + sheet.top + 2 * canvas.leading)
    top, bottom = sheet.top + 1.6 * canvas.leading, height - canvas.leading
    scale = Scale(min(values), max(values), bottom, top)  # a slope shows change: it needs no zero
    sheet.draw_head()
    for x, head in ((left, heads[0]), (right, heads[1])):
        canvas.text((x, sheet.top), head, anchor="middle", bold=True)
        canvas.line((x, top - 2), (x, bottom + 2), canvas.grid)
    middle = (top + bottom) / 2
    starts = [scale(line[2]) if line[2] is not None else middle for line in lines]
    stops = [scale(line[3]) if line[3] is not None else middle for line in lines]
    room = (top - canvas.leading / 2, height)
    left_labels = apart(starts, [canvas.leading] * len(lines), *room)
    right_labels = apart(stops, sizes, *room)
    wanted = chart.highlight
    for number in sorted(range(len(lines)), key=lambda one: lines[one][0] == wanted):
        name, _, begin, end = lines[number]
        colour, bold = colours[number], name == wanted
        tone = readable(colour)
        if begin is not None and end is not None:
            canvas.path([(left, starts[number]), (right, stops[number])], colour, LINE)
        if begin is not None:
            canvas.dot((left, starts[number]), LARGE_DOT - 1, colour)
            _pointer(sheet, (left, starts[number]), left_labels[number], -1, colour)
            canvas.text((left - 2 * GAP, left_labels[number]), begins[number], colour=tone, anchor="end", bold=bold)
        if end is not None:
            canvas.dot((right, stops[number]), LARGE_DOT - 1, colour)
            _pointer(sheet, (right, stops[number]), right_labels[number], 1, colour)
            number_end = right + 2 * GAP + numbers
            first = right_labels[number]
            canvas.text((number_end, first), ends[number], colour=tone, anchor="end", bold=bold)
        canvas.lines((right + 3 * GAP + numbers, right_labels[number]), names[number], colour=tone, bold=True)
    return height


def _slope_colour(sheet: Sheet, number: int, name: str, count: int) -> str:
    style, wanted = sheet.canvas.style, sheet.chart.highlight
    if wanted:
        return style.series[0] if name == wanted else style.rule
    return style.series[number] if count <= len(style.series) else style.series[0]


def _pointer(sheet: Sheet, end: tuple[float, float], label: float, side: int, colour: str) -> None:
    if abs(end[1] - label) > 2:
        sheet.canvas.line((end[0] + side * 4, end[1]), (end[0] + side * (2 * GAP - 1), label), colour)


def draw_dots(sheet: Sheet) -> float:
    """Draws a row of dots for each category, one a series; gives the height."""
    canvas, chart, wording = sheet.canvas, sheet.chart, sheet.wording
    count = len(chart.series)
    labelled = count <= 2 and chart.values != "axis"
    names = names_at_left(sheet)
    left = names_width(sheet, names) + 2 * GAP
    values = [value for one in chart.series for value in one.values if value is not None]
    ticks = axis(values, zero=labelled and count == 1)  # a stem is as long as its value
    widest = max(
        canvas.width_of(wording.value(category, one, one.values[at]))
        for one in chart.series
        for at, category in enumerate(chart.categories)
    )
    room = (
        widest + GAP + LARGE_DOT
        if labelled
        else canvas.width_of(wording.tick(ticks.high, ticks.decimals)) / 2 + LARGE_DOT
    )
    begin = left + (room if labelled and (count == 2 or ticks.low < 0) else LARGE_DOT)
    scale = Scale(ticks.low, ticks.high, begin, canvas.width - room)
    if labelled:
        scale = Scale(
            min(ticks.low, *values) if ticks.low <= 0 else min(values), max(values), begin, canvas.width - room
        )
        if scale.low == scale.high:
            scale = Scale(ticks.low, ticks.high, begin, canvas.width - room)
    series_names = sheet.names()
    firsts = _first_known(sheet)
    centres = [scale(one.values[at] or 0.0) for one, at in zip(chart.series, firsts, strict=True)]
    name_rows = len(sheet.rows_above(centres, series_names, left)) if series_names else 0
    first = sheet.begin
    top = first + name_rows * canvas.leading + (GAP if name_rows else 0)
    heights = sheet.row_heights(names, [ROW] * len(names), top + canvas.leading + GAP)
    bottom = top + sum(heights)
    sheet.draw_head()
    if not labelled:
        value_axis_below(sheet, ticks, scale, top, bottom, with_zero=True)
    elif scale.low <= 0 <= scale.high:
        sheet.zero((scale(0), top), (scale(0), bottom))
    middles = [top + sum(heights[:at]) + heights[at] / 2 for at in range(len(heights))]
    if series_names:
        sheet.names_above(centres, series_names, left, first, lambda one: middles[firsts[one]] - LARGE_DOT - 1)
    for at, (name, category) in enumerate(zip(names, chart.categories, strict=True)):
        bold = sheet.is_bold(category)
        canvas.lines((0, middles[at]), name, bold=bold)
        known = [(value, number) for number, one in enumerate(chart.series) if (value := one.values[at]) is not None]
        known.sort()
        if labelled and count == 1:
            edge = scale(0) if scale.low <= 0 <= scale.high else begin
            canvas.line((edge, middles[at]), (scale(known[0][0]) if known else edge, middles[at]), canvas.grid)
        elif len(known) > 1:
            ends = (scale(known[0][0]), middles[at]), (scale(known[-1][0]), middles[at])
            canvas.line(*ends, canvas.style.rule, 1.2)
        for place, (value, number) in enumerate(known):
            colour = sheet.colour(number, category)
            canvas.dot((scale(value), middles[at]), LARGE_DOT, colour)
            if labelled:
                is_low = count == 2 and place == 0 and len(known) == 2
                side = -(LARGE_DOT + GAP) if is_low else LARGE_DOT + GAP
                label = wording.value(category, chart.series[number], value)
                tone = readable(colour) if count > 1 else canvas.style.ink
                canvas.text(
                    (scale(value) + side, middles[at]),
                    label,
                    colour=tone,
                    anchor="end" if is_low else "start",
                    bold=bold,
                )
    return bottom + (canvas.leading + GAP if not labelled else 1.0)


def _first_known(sheet: Sheet) -> list[int]:
    def first(one: Series) -> int:
        return next(at for at, value in enumerate(one.values) if value is not None)

    return [first(one) for one in sheet.chart.series]
