"""Slope and dot charts: two ends or a few points, compared."""

from __future__ import annotations

from impressum.core.colours import readable
from impressum.core.model.figures import Series
from impressum.stages.draw.bars import names_at_left, names_width, value_axis_below
from impressum.stages.draw.canvas import LINE
from impressum.stages.draw.scales import Scale, apart, axis
from impressum.stages.draw.sheet import GAP, Sheet

DOT = 3.4
ROW = 11.0
WIDEST_SLOPE = 0.5
"""Of the width, between the two ends."""
NAME_ROOM = 0.3


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
    scale = Scale(min(values), max(values), bottom, top)  # a slope tells of change: it needs no zero
    sheet.unit()
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
            canvas.dot((left, starts[number]), DOT - 1, colour)
            _pointer(sheet, (left, starts[number]), left_labels[number], -1, colour)
            canvas.text((left - 2 * GAP, left_labels[number]), begins[number], colour=tone, anchor="end", bold=bold)
        if end is not None:
            canvas.dot((right, stops[number]), DOT - 1, colour)
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
    ticks = axis(values, zero=False)
    widest = max(
        canvas.width_of(wording.value(category, one, one.values[at]))
        for one in chart.series
        for at, category in enumerate(chart.categories)
    )
    room = widest + GAP + DOT if labelled else canvas.width_of(wording.tick(ticks.high, ticks.decimals)) / 2 + DOT
    begin = left + (room if labelled and (count == 2 or ticks.low < 0) else DOT)
    scale = Scale(ticks.low, ticks.high, begin, canvas.width - room)
    if labelled:
        scale = Scale(
            min(ticks.low, *values) if ticks.low <= 0 else min(values), max(values), begin, canvas.width - room
        )
        if scale.low == scale.high:
            scale = Scale(ticks.low, ticks.high, begin, canvas.width - room)
    series_names = sheet.names() if count > 1 else ()
    firsts = _first_known(sheet)
    centres = [scale(one.values[at] or 0.0) for one, at in zip(chart.series, firsts, strict=True)]
    name_rows = len(sheet.rows_above(centres, series_names, left)) if series_names else 0
    first = sheet.top if wording.unit else 1.0
    top = first + name_rows * canvas.leading + (GAP if name_rows else 0)
    heights = sheet.row_heights(names, ROW, top + canvas.leading + GAP)
    bottom = top + sum(heights)
    sheet.unit()
    if not labelled:
        value_axis_below(sheet, ticks, scale, top, bottom, with_zero=True)
    elif scale.low <= 0 <= scale.high:
        sheet.zero((scale(0), top), (scale(0), bottom))
    middles = [top + sum(heights[:at]) + heights[at] / 2 for at in range(len(heights))]
    if series_names:
        sheet.names_above(centres, series_names, left, first, lambda one: middles[firsts[one]] - DOT - 1)
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
            canvas.dot((scale(value), middles[at]), DOT, colour)
            if labelled:
                is_low = count == 2 and place == 0 and len(known) == 2
                side = -(DOT + GAP) if is_low else DOT + GAP
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
