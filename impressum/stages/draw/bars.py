"""Horizontal bars: their names at the left, their values at their ends or on an axis below."""

from __future__ import annotations

from impressum.core.colours import BLACK, WHITE, contrast, readable
from impressum.stages.draw.canvas import Axis, Scale, axis
from impressum.stages.draw.sheet import GAP, Sheet

NAME_SHARE = 0.4
"""The most that the names of bars take of the width."""
THICK, THIN, SLIM = 11.0, 12.5, 9.0
"""The thickness of a single bar, of a stacked bar, of one in a group, in points."""
INSIDE = 1.0
"""Between the bars of a group."""
MOST_LABELS = 60
PADDING = 2.5


def draw_bars(sheet: Sheet) -> float:
    """Draws horizontal bars, alone or in groups; gives the height."""
    canvas, chart, wording = sheet.canvas, sheet.chart, sheet.wording
    count = len(chart.series)
    labelled = chart.values != "axis" and count * len(chart.categories) <= MOST_LABELS
    thick = THICK if count == 1 else SLIM
    names = names_at_left(sheet)
    left = names_width(sheet, names) + 2 * GAP
    series_names = sheet.names() if count > 1 else ("",)
    rows: list[tuple[int, int, float | None, str, str]] = []
    for at, category in enumerate(chart.categories):
        for number, one in enumerate(chart.series):
            label = wording.value(category, one, one.values[at]) if labelled else ""
            rows.append((at, number, one.values[at], label, series_names[number] if at == 0 and count > 1 else ""))

    def room(label: str, name: str) -> float:
        parts = [canvas.width_of(label, bold=True), canvas.width_of(name, bold=True)]
        return sum(part + GAP for part in parts if part)

    values = [value for _, _, value, _, _ in rows if value is not None]
    if labelled:
        needs = [(value or 0.0, room(label, name)) for _, _, value, label, name in rows]
        scale = _fitting(needs, left, canvas.width)
        ticks = None
    else:
        ticks = axis(values, zero=True)
        last = canvas.width_of(wording.tick(ticks.high, ticks.decimals)) / 2
        needs = [(value or 0.0, room("", name)) for _, _, value, _, name in rows]
        fitting = _fitting([*needs, (ticks.high, last), (ticks.low, 0.0)], left, canvas.width)
        scale = Scale(ticks.low, ticks.high, fitting(ticks.low), fitting(ticks.high))
    top = sheet.top if wording.unit else 1.0
    heights = sheet.row_heights(names, count * (thick + INSIDE) - INSIDE, top + canvas.leading + GAP)
    bottom = top + sum(heights)
    sheet.unit()
    if ticks:
        value_axis_below(sheet, ticks, scale, top, bottom)
    y = top
    for name, height, at in zip(names, heights, range(len(names)), strict=True):
        middle = y + height / 2
        canvas.lines((0, middle), name, bold=sheet.is_bold(chart.categories[at]))
        begin = middle - (count * (thick + INSIDE) - INSIDE) / 2
        for row, number, value, label, series_name in rows:
            if row != at:
                continue
            colour = sheet.colour(number, chart.categories[at])
            centre = begin + number * (thick + INSIDE) + thick / 2
            if value is not None:
                canvas.box((scale(0), centre - thick / 2), (scale(value), centre + thick / 2), colour)
            bold = count == 1 and sheet.is_bold(chart.categories[at])
            _label_of(sheet, scale, value, centre, ((label, bold), (series_name, True)), colour)
        y += height
    sheet.zero((scale(0), top), (scale(0), bottom))
    return bottom + (canvas.leading + GAP if ticks else 1.0)


def draw_stacked_bars(sheet: Sheet) -> float:
    """Draws horizontal bars of several parts; gives the height."""
    canvas, chart, wording = sheet.canvas, sheet.chart, sheet.wording
    names = names_at_left(sheet)
    left = names_width(sheet, names) + 2 * GAP
    sums = [sum(one.values[at] or 0.0 for one in chart.series) for at in range(len(names))]
    ticks = axis(sums, zero=True) if chart.values == "axis" else None
    highest = ticks.high if ticks else max(sums)
    beyond = canvas.width_of(wording.tick(highest, ticks.decimals)) / 2 if ticks else 0.0
    scale = Scale(0.0, highest or 1.0, left, canvas.width - beyond)
    parts = _parts(sheet, 0)
    centres = [scale((low + high) / 2) for low, high in parts]
    series_names = sheet.names() if len(chart.series) > 1 else ()
    name_rows = len(sheet.rows_above(centres, series_names, left)) if series_names else 0
    first = sheet.top if wording.unit else 1.0
    top = first + name_rows * canvas.leading + (GAP if name_rows else 0)
    heights = sheet.row_heights(names, THIN, top + canvas.leading + GAP)
    bottom = top + sum(heights)
    sheet.unit()
    if ticks:
        value_axis_below(sheet, ticks, scale, top, bottom)
    if series_names:
        bar_top = top + (heights[0] - THIN) / 2
        sheet.names_above(centres, series_names, left, first, lambda _: bar_top)
    y = top
    for at, (name, height) in enumerate(zip(names, heights, strict=True)):
        middle = y + height / 2
        canvas.lines((0, middle), name, bold=sheet.is_bold(chart.categories[at]))
        for number, (low, high) in enumerate(_parts(sheet, at)):
            one = chart.series[number]
            if one.values[at] is None or low == high:
                continue
            colour = sheet.colour(number)
            canvas.box((scale(low), middle - THIN / 2), (scale(high), middle + THIN / 2), colour)
            if low:
                canvas.line((scale(low), middle - THIN / 2), (scale(low), middle + THIN / 2), WHITE, 0.8)
            label = wording.value(chart.categories[at], one, one.values[at])
            if not ticks and canvas.width_of(label) + 2 * PADDING <= scale(high) - scale(low):
                canvas.text(((scale(low) + scale(high)) / 2, middle), label, colour=on(colour), anchor="middle")
        y += height
    sheet.zero((left, top), (left, bottom))
    return bottom + (canvas.leading + GAP if ticks else 1.0)


def on(colour: str) -> str:
    """The colour of letters on `colour`: white or black, whichever has more contrast."""
    return max((WHITE, BLACK), key=lambda one: contrast(one, colour))


def _parts(sheet: Sheet, at: int) -> list[tuple[float, float]]:
    """From where to where each series reaches in a category; a missing one takes no room."""
    parts, low = [], 0.0
    for one in sheet.chart.series:
        high = low + (one.values[at] or 0.0)
        parts.append((low, high))
        low = high
    return parts


def names_at_left(sheet: Sheet) -> list[tuple[str, ...]]:
    """The names of the categories, wrapped to their share of the width."""
    canvas = sheet.canvas
    room = NAME_SHARE * canvas.width
    return [
        canvas.wrapped(sheet.wording.category(one), room, bold=sheet.is_bold(one)) for one in sheet.chart.categories
    ]


def names_width(sheet: Sheet, names: list[tuple[str, ...]]) -> float:
    """The width of the widest line of `names`, in points."""
    bold = [sheet.is_bold(one) for one in sheet.chart.categories]
    return max(
        sheet.canvas.width_of(line, bold=is_bold) for name, is_bold in zip(names, bold, strict=True) for line in name
    )


def _fitting(needs: list[tuple[float, float]], left: float, right: float) -> Scale:
    """The largest scale from zero on which each value, with the room of its label beyond it, lies in the plot."""
    highest = max(abs(value) for value, _ in needs) or 1.0

    def beyond(factor: float) -> tuple[float, float]:
        below = max([-value * factor + room for value, room in needs if value < 0] + [0.0])
        above = max([value * factor + room for value, room in needs if value >= 0] + [0.0])
        return below, above

    least, most = 0.0, (right - left) / highest
    for _ in range(40):
        middle = (least + most) / 2
        least, most = (middle, most) if sum(beyond(middle)) <= right - left else (least, middle)
    zero = left + beyond(least)[0]
    return Scale(0.0, highest, zero, zero + highest * least)


def _label_of(
    sheet: Sheet,
    scale: Scale,
    value: float | None,
    centre: float,
    labels: tuple[tuple[str, bool], tuple[str, bool]],
    colour: str,
) -> None:
    """The value at the end of its bar, and behind it the name of the series."""
    canvas = sheet.canvas
    below = value is not None and value < 0
    x, side = scale(value or 0.0), -1 if below else 1
    for place, (label, bold) in enumerate(labels):
        if label:
            x += side * GAP
            tone = readable(colour) if place else canvas.style.ink if value is not None else canvas.style.quiet
            canvas.text((x, centre), label, colour=tone, anchor="end" if below else "start", bold=bold)
            x += side * canvas.width_of(label, bold=bold)


def value_axis_below(
    sheet: Sheet, axis: Axis, scale: Scale, top: float, bottom: float, *, with_zero: bool = False
) -> None:
    """Draws the ticks of a horizontal `axis` from `top` to `bottom`, their numbers below, zero only `with_zero`."""
    canvas = sheet.canvas
    for tick in axis.ticks:
        if tick:
            canvas.line((scale(tick), top), (scale(tick), bottom), canvas.grid)
        elif with_zero:
            sheet.zero((scale(0), top), (scale(0), bottom))
        middle = bottom + canvas.leading / 2 + GAP / 2
        label = sheet.wording.tick(tick, axis.decimals)
        canvas.text((scale(tick), middle), label, colour=canvas.style.quiet, anchor="middle")
