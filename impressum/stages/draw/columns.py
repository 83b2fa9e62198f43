"""Vertical bars: their names below, their values above them or on an axis at the left."""

from __future__ import annotations

from impressum.core.colours import WHITE, readable
from impressum.stages.draw.bars import PADDING, on
from impressum.stages.draw.canvas import FINE, Axis, Scale, axis
from impressum.stages.draw.sheet import BETWEEN, GAP, WIDEST_BAR, Sheet

SHARE = 0.68
"""The part of its place that a bar or a group takes."""
NAME_SHARE = 0.28


def names_fit(sheet: Sheet) -> bool:
    """Whether the names of the categories have room below vertical bars; times that have none are left out."""
    if sheet.wording.times:
        return True
    canvas, count = sheet.canvas, len(sheet.chart.categories)
    place = canvas.width / count - BETWEEN
    lines = [canvas.wrapped(sheet.wording.category(one), place, bold=True) for one in sheet.chart.categories]
    return all(len(one) <= 3 and all(canvas.width_of(line) <= place for line in one) for one in lines)


def draw_columns(sheet: Sheet) -> float:
    """Draws vertical bars, alone or in groups; gives the height."""
    canvas, chart, wording = sheet.canvas, sheet.chart, sheet.wording
    values, count = sheet.values, len(chart.series)
    labels = [
        [wording.value(category, one, one.values[at]) for at, category in enumerate(chart.categories)]
        for one in chart.series
    ]
    widest = max(canvas.width_of(label) for row in labels for label in row)
    place = canvas.width / len(chart.categories)
    labelled = (
        chart.values != "axis"
        and not sheet.whole
        and widest + PADDING <= (place if count == 1 else place * SHARE / count + 2)
    )
    ticks = axis(values, zero=True)
    left, right = (0.0 if labelled else sheet.axis_room(ticks)), canvas.width
    place = (right - left) / len(chart.categories)
    bar = min(SHARE * place / count, WIDEST_BAR / (1 if count == 1 else 1.5))
    bottom = sheet.height - _names_room(sheet, place)
    below = canvas.leading if labelled and min(values) < 0 else 0.0
    above = canvas.leading if labelled else 0.0
    low, high = (min(0.0, *values), max(0.0, *values) or 1.0) if labelled else (ticks.low, ticks.high)
    xs = [left + (at + 0.5) * place for at in range(len(chart.categories))]

    def middle(at: int, number: int) -> float:
        return xs[at] + (number - (count - 1) / 2) * bar

    flags: _Flags | None = None
    for _ in range(12):  # each turn makes as much room above the bars as their names lacked
        scale = Scale(low, high, bottom - below, sheet.top + above)
        if count == 1:
            break
        flags = _Flags(
            sheet, scale, labelled, bar, tuple(tuple(middle(at, n) for n in range(count)) for at in range(len(xs)))
        )
        lacking = sheet.top - canvas.leading / 2 - flags.highest
        if lacking <= 0:
            break
        above += lacking
    sheet.draw_head()
    if not labelled:
        sheet.value_axis(Axis(tuple(tick for tick in ticks.ticks if tick <= high), ticks.decimals), scale, left, right)
    for number, one in enumerate(chart.series):
        for at, value in enumerate(one.values):
            x = middle(at, number)
            if value is not None:
                half = bar / 2 - (0.4 if count > 1 else 0)
                canvas.box((x - half, scale(0)), (x + half, scale(value)), sheet.colour(number, chart.categories[at]))
            if labelled:
                y = scale(value or 0.0) + canvas.leading / 2 * (1 if value is not None and value < 0 else -1)
                tone = canvas.style.ink if value is not None else canvas.style.quiet
                bold = sheet.is_bold(chart.categories[at])
                canvas.text((x, y), labels[number][at], colour=tone, anchor="middle", bold=bold)
    sheet.zero((left, scale(0)), (right, scale(0)))
    _names_below(sheet, xs, place, bottom)
    if flags:
        flags.draw()
    return sheet.height


def draw_stacked_columns(sheet: Sheet) -> float:
    """Draws vertical bars of several parts; gives the height."""
    canvas, chart, wording = sheet.canvas, sheet.chart, sheet.wording
    count = len(chart.categories)
    sums = [sum(one.values[at] or 0.0 for one in chart.series) for at in range(count)]
    ticks = axis(sums, zero=True) if chart.values != "labels" else None
    left = sheet.axis_room(ticks) if ticks else 0.0
    names = sheet.names()
    most = NAME_SHARE * canvas.width
    lines = [line for name in names for line in canvas.wrapped(name, most, bold=True)]
    beyond = max([canvas.width_of(line, bold=True) + 2 * GAP for line in lines] + [0.0])
    # The names are beside the last bar, where else half of the space between two bars would be.
    place = (canvas.width - left - beyond) / (count - (1 - SHARE) / 2 * bool(names))
    bar = min(SHARE * place, WIDEST_BAR)
    top, bottom = sheet.top, sheet.height - _names_room(sheet, place)
    scale = Scale(0.0, ticks.high if ticks else max(sums) or 1.0, bottom, top)
    xs = [left + (at + 0.5) * place for at in range(count)]
    sheet.draw_head()
    if ticks:
        sheet.value_axis(ticks, scale, left, xs[-1] + bar / 2)
    ends = []
    for number, one in enumerate(chart.series):
        for at, value in enumerate(one.values):
            low = sum(chart.series[before].values[at] or 0.0 for before in range(number))
            high = low + (value or 0.0)
            if at == count - 1:
                ends.append((xs[at] + bar / 2, scale((low + high) / 2)))
            if value is None or low == high:
                continue
            colour = sheet.colour(number)
            canvas.box((xs[at] - bar / 2, scale(low)), (xs[at] + bar / 2, scale(high)), colour)
            if low:
                canvas.line((xs[at] - bar / 2, scale(low)), (xs[at] + bar / 2, scale(low)), WHITE, 0.8)
            label = wording.value(chart.categories[at], one, value)
            fits = canvas.width_of(label) + PADDING <= bar and canvas.leading <= scale(low) - scale(high)
            if not ticks and fits:
                canvas.text((xs[at], scale((low + high) / 2)), label, colour=on(colour), anchor="middle")
    sheet.zero((left, bottom), (xs[-1] + bar / 2 + (place - bar) / 2 * (not names), bottom))
    _names_below(sheet, xs, place, bottom)
    if names:
        sheet.end_names(ends, names, xs[-1] + bar / 2 + 2 * GAP, top - canvas.leading / 2, bottom)
    return sheet.height


class _Flags:
    """The names of the bars of one group, each above its bar and above its neighbours."""

    def __init__(
        self, sheet: Sheet, scale: Scale, labelled: bool, bar: float, middles: tuple[tuple[float, ...], ...]
    ) -> None:
        self.sheet = sheet
        self.scale = scale
        self.labelled = labelled
        self.bar = bar
        self.middles = middles
        first, last = self._levels(0), self._levels(len(middles) - 1)
        self.at, self.levels = (0, first) if min(first) >= min(last) else (len(middles) - 1, last)
        self.highest = min(self.levels) - sheet.canvas.leading / 2

    def draw(self) -> None:
        canvas, right = self.sheet.canvas, self._reads_right(self.at)
        for number, name in enumerate(self.sheet.names()):
            x, level, colour = self.middles[self.at][number], self.levels[number], self.sheet.colour(number)
            end = self._top(self.at, number)
            if end - level > canvas.leading:
                canvas.line((x, level + canvas.leading / 2), (x, end - 1), colour, FINE)
            side = -self.bar / 2 if right else self.bar / 2
            canvas.text((x + side, level), name, colour=readable(colour), anchor="start" if right else "end", bold=True)

    def _reads_right(self, at: int) -> bool:
        return at < len(self.middles) / 2

    def _top(self, at: int, number: int) -> float:
        """Where a bar ends, with its label."""
        value = self.sheet.chart.series[number].values[at] or 0.0
        return self.scale(max(value, 0.0)) - (self.sheet.canvas.leading if self.labelled else 0.0)

    def _levels(self, at: int) -> list[float]:
        """The middle of each name: the names that would lie across another's line are set higher than it."""
        canvas, names = self.sheet.canvas, self.sheet.names()
        right = self._reads_right(at)
        levels = [0.0] * len(names)
        before: float | None = None
        for number in reversed(range(len(names))) if right else range(len(names)):
            width = canvas.width_of(names[number], bold=True) + GAP
            begin = (
                self.middles[at][number] - self.bar / 2 if right else self.middles[at][number] + self.bar / 2 - width
            )
            tops = [
                self._top(group, one)
                for group, group_middles in enumerate(self.middles)
                for one, x in enumerate(group_middles)
                if x + self.bar / 2 > begin and x - self.bar / 2 < begin + width
            ]
            level = min(tops) - canvas.leading * 0.6
            if before is not None:
                level = min(level, before - canvas.leading)
            levels[number] = before = level
        return levels


def _names_room(sheet: Sheet, place: float) -> float:
    if sheet.wording.times:
        return sheet.category_room()
    return GAP + sheet.canvas.leading * max(len(one) for one in _wrapped(sheet, place))


def _wrapped(sheet: Sheet, place: float) -> list[tuple[str, ...]]:
    return [
        sheet.canvas.wrapped(sheet.wording.category(one), place - BETWEEN / 2, bold=True)
        for one in sheet.chart.categories
    ]


def _names_below(sheet: Sheet, xs: list[float], place: float, bottom: float) -> None:
    if sheet.wording.times:
        sheet.category_axis(xs, bottom, 0, sheet.canvas.width, ticks=False)
        return
    canvas = sheet.canvas
    for name, lines, x in zip(sheet.chart.categories, _wrapped(sheet, place), xs, strict=True):
        for number, words in enumerate(lines):
            middle = bottom + GAP + canvas.leading * (number + 0.5)
            canvas.text((x, middle), words, anchor="middle", bold=sheet.is_bold(name))
