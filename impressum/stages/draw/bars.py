"""Horizontal bars: their names at the left, their values at their ends or on an axis below."""

from __future__ import annotations

from dataclasses import dataclass

from impressum.core.colours import BLACK, WHITE, contrast, readable
from impressum.stages.draw.canvas import Axis, Scale, axis
from impressum.stages.draw.sheet import BAR, BREAK, GAP, Sheet

NAME_SHARE = 0.4
"""The most that the names of bars take of the width."""
INSIDE = 1.0
"""Between the bars of a group."""
INDENT = 8.0
"""Of the name of a part below its total."""
MOST_LABELS = 60
PADDING = 2.5


@dataclass(frozen=True)
class _Bar:
    """The value of a series, with its label and the name of the series where it is written behind it."""

    series: int
    value: float | None
    label: str
    name: str = ""


@dataclass(frozen=True)
class _Row:
    """A name at the left, in lines, and the bars beside it; a heading has none."""

    category: str
    name: tuple[str, ...]
    bars: tuple[_Bar, ...]
    bold: bool = False
    indent: float = 0.0


def draw_bars(sheet: Sheet) -> float:
    """Draws horizontal bars, alone or in groups; gives the height."""
    canvas, chart, wording = sheet.canvas, sheet.chart, sheet.wording
    labelled = chart.values != "axis" and len(sheet.every) * len(chart.categories) <= MOST_LABELS
    is_tree = any(one.name in chart.totals for one in chart.series)
    rows = _tree(sheet, labelled) if is_tree else _rows(sheet, labelled)
    widths = [row.indent + canvas.width_of(line, bold=row.bold) for row in rows for line in row.name]
    left = max(widths) + 2 * GAP if sheet.is_first else 0.0

    def room(*parts: str) -> float:
        return sum(canvas.width_of(part, bold=True) + GAP for part in parts if part)

    needs = [(bar.value or 0.0, room(bar.label, bar.name)) for row in rows for bar in row.bars]
    if labelled:
        if sheet.whole:
            needs = [
                (value or 0.0, room(wording.value(category, one, value)))
                for one in sheet.every
                for category, value in zip(chart.categories, one.values, strict=True)
            ]
        scale = _fitting(needs, left, canvas.width)
        ticks = None
    else:
        ticks = axis(sheet.values, zero=True)
        last = canvas.width_of(wording.tick(ticks.high, ticks.decimals)) / 2
        fitting = _fitting([*needs, (ticks.high, last), (ticks.low, 0.0)], left, canvas.width)
        scale = Scale(ticks.low, ticks.high, fitting(ticks.low), fitting(ticks.high))
    top = sheet.begin
    thick = [len(row.bars) * (BAR + INSIDE) - INSIDE for row in rows]
    heights = sheet.row_heights([row.name for row in rows], thick, top + canvas.leading + GAP)
    bottom = top + sum(heights)
    sheet.draw_head()
    if ticks:
        value_axis_below(sheet, ticks, scale, top, bottom)
    y = top
    for row, height, size in zip(rows, heights, thick, strict=True):
        middle = y + height / 2
        if sheet.is_first:
            canvas.lines((row.indent, middle), row.name, bold=row.bold)
        for number, bar in enumerate(row.bars):
            colour = sheet.colour(bar.series, row.category)
            centre = middle - size / 2 + number * (BAR + INSIDE) + BAR / 2
            if bar.value is not None:
                canvas.box((scale(0), centre - BAR / 2), (scale(bar.value), centre + BAR / 2), colour)
            bold = len(row.bars) == 1 and sheet.is_bold(row.category)
            _label_of(sheet, scale, bar.value, centre, ((bar.label, bold), (bar.name, True)), colour)
        y += height
    begins = [top + sum(heights[:at]) for at in range(len(rows) + 1)]
    for row, begin, end in zip(rows, begins, begins[1:], strict=False):
        if row.bars:
            sheet.zero((scale(0), begin), (scale(0), end))
    return bottom + (canvas.leading + GAP if ticks else 1.0)


def _rows(sheet: Sheet, labelled: bool) -> list[_Row]:
    """A row for each category, parts set in below their total."""
    chart, wording = sheet.chart, sheet.wording
    names = names_at_left(sheet)
    behind = sheet.names() or ("",)
    return [
        _Row(
            category,
            names[at],
            tuple(
                _Bar(number, value, wording.value(category, one, value) if labelled else "", "" if at else name)
                for number, (one, name) in enumerate(zip(chart.series, behind, strict=True))
                for value in (one.values[at],)
            ),
            sheet.is_bold(category),
            INDENT if chart.totals and category not in chart.totals else 0.0,
        )
        for at, category in enumerate(chart.categories)
    ]


def _tree(sheet: Sheet, labelled: bool) -> list[_Row]:
    """A heading for each category, below it a row for each series that has a value there, parts set in."""
    chart, wording = sheet.chart, sheet.wording
    rows = []
    for at, category in enumerate(chart.categories):
        rows.append(_Row(category, names_at_left(sheet)[at], (), True))
        for number, (one, name) in enumerate(zip(chart.series, sheet.names(), strict=True)):
            value = one.values[at]
            if value is not None:
                bar = _Bar(number, value, wording.value(category, one, value) if labelled else "")
                lines = sheet.canvas.wrapped(name, NAME_SHARE * sheet.canvas.width)
                rows.append(_Row("", lines, (bar,), False, 0.0 if one.name in chart.totals else INDENT))
    return rows


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
    series_names = sheet.names()
    name_rows = len(sheet.rows_above(centres, series_names, left)) if series_names else 0
    first = sheet.begin
    top = first + name_rows * canvas.leading + (GAP if name_rows else 0)
    heights = sheet.row_heights(names, [BAR] * len(names), top + canvas.leading + GAP)
    bottom = top + sum(heights)
    sheet.draw_head()
    if ticks:
        value_axis_below(sheet, ticks, scale, top, bottom)
    if series_names:
        bar_top = top + (heights[0] - BAR) / 2
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
            canvas.box((scale(low), middle - BAR / 2), (scale(high), middle + BAR / 2), colour)
            if low:
                canvas.line((scale(low), middle - BAR / 2), (scale(low), middle + BAR / 2), WHITE, 0.8)
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
    room = NAME_SHARE * (sheet.names_in or canvas.width)
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
    if axis.is_broken:
        sheet.mark_break([(scale.start + t, bottom + s) for s, t in BREAK])
