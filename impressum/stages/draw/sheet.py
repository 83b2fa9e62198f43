"""Shared by all kinds of charts: words and numbers in one language, colours, the unit, axes, series names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise

from impressum.core.colours import WHITE, mixed, readable
from impressum.core.model.figures import Chart, Series
from impressum.core.numerals import Numerals, TimeKind, decimals_of, first_day, time_kind
from impressum.stages.draw.canvas import FINE, FIRM, LEADING, Axis, Canvas, Point, Scale, apart, every, round_times

MOST_DECIMALS = 3


@dataclass(frozen=True)
class ChartWording:
    """The text of `chart` in the language `tag`, with these `words`."""

    chart: Chart
    tag: str
    words: Mapping[str, str]

    @cached_property
    def numerals(self) -> Numerals:
        return Numerals(self.tag)

    @cached_property
    def times(self) -> TimeKind | None:
        """The kind of time that the categories are, if any."""
        return time_kind(self.chart.categories)

    @cached_property
    def decimals(self) -> int:
        """How many decimals values have: as many as requested, or as the most exact value has."""
        form = self.chart.numbers
        if form.decimals is not None:
            return form.decimals
        values = [value for one in self.chart.series for value in one.values if value is not None]
        shift = 2 if form.form == "share" else 0
        return min(max([decimals_of(value) - shift for value in values] + [0]), MOST_DECIMALS)

    @property
    def unit(self) -> str:
        return self.words.get("unit", self.chart.unit or "")

    @property
    def message(self) -> str:
        return self.words.get("message", self.chart.message or "")

    def series(self, one: Series) -> str:
        return self.words.get(one.name, one.title)

    def category(self, name: str) -> str:
        """A category in full."""
        return self.words.get(name) or (self.numerals.time(name) if self.times else name)

    def number(self, value: float, decimals: int) -> str:
        """A value in the form of the chart; `decimals` are those that are printed."""
        form = self.chart.numbers
        if form.currency:
            return self.numerals.currency(value, form.currency, decimals)
        if form.form == "number":
            return self.numerals.number(value, decimals)
        return self.numerals.percent(value / 100 if form.form == "percent" else value, decimals)

    def tick(self, value: float, decimals: int) -> str:
        """A value on an axis; `decimals` are those of the bare number."""
        return self.number(value, max(0, decimals - 2) if self.chart.numbers.form == "share" else decimals)

    def value(self, category: str, one: Series, value: float | None) -> str:
        """The label of a value, with its words; a dash where there is no value."""
        if value is None:
            return "–"
        mark = self.chart.marks.get((category, one.name))
        if not mark:
            return self.number(value, self.decimals)
        shift = 2 if self.chart.numbers.form == "share" else 0
        # "About 6,600", not "about 6,600.0": such a number is no more exact than it is given.
        decimals = min(self.decimals, max(0, decimals_of(value) - shift))
        return self.words[mark].replace("{value}", self.number(value, decimals))


GAP = 5.0
"""Between a thing and its label."""
BETWEEN = 9.0
"""Between words beside each other that do not belong together."""
MOST_MARKS = 60
"""Up to this number, each category has a tick on its axis, labelled or not."""
OUTSIDE, CLOSEST = 7.0, 2.0
"""Between rows, and the least of it where there are many."""
FAR = 3.0
"""How far a label may be moved before a line leads to what it names."""
BAR = 11.0
"""The thickness of every horizontal bar: a chart is as high as its bars need."""
WIDEST_BAR = 30.0
BREAK = ((0.0, 1.0), (0.0, 2.0), (-2.5, 3.5), (2.5, 6.5), (0.0, 8.0), (0.0, 9.0))
"""The mark of an axis that does not begin at zero: points towards the plot, and along the axis from its begin."""
TITLE = 11.0
"""The size of the letters of what a chart says, in points."""
OF_TOTAL = 0.42
"""The share of white in the colour of a part beside its total."""


@dataclass(frozen=True)
class Sheet:
    """A chart on `canvas`: `height` points high unless its contents determine the height, at most `room` points."""

    canvas: Canvas
    wording: ChartWording
    height: float
    room: float
    whole: Chart | None = None
    """The chart of which this is a panel."""
    is_first: bool = True
    """Whether it stands at the left, with the names and numbers of the axis."""
    names_in: float = 0.0
    """The width of which names at the left have a share; 0: that of the canvas."""

    @property
    def chart(self) -> Chart:
        return self.wording.chart

    @cached_property
    def every(self) -> tuple[Series, ...]:
        """The series that share the axes of this one."""
        return (self.whole or self.chart).series

    @cached_property
    def values(self) -> list[float]:
        """All values that the axes hold."""
        return [value for one in self.every for value in one.values if value is not None]

    @cached_property
    def _title(self) -> tuple[str, ...]:
        room, wrapped = self.canvas.width, partial(self.canvas.wrapped, self.wording.message, bold=True, size=TITLE)
        lines = wrapped(room)
        while len(lines) > 1 and len(closer := wrapped(room - GAP)) == len(lines):  # lines of like length
            lines, room = closer, room - GAP
        return lines

    @property
    def head(self) -> float:
        """The height of the title and of the unit below it."""
        lines = len(self._title) * LEADING * TITLE + GAP / 2 if self.wording.message else 0.0
        return lines + (1.1 * self.canvas.leading if self.wording.unit else 0.0)

    @property
    def top(self) -> float:
        """Where the plot begins: below the unit, or where half a line of text fits above it."""
        return self.head + 0.6 * self.canvas.leading

    @property
    def begin(self) -> float:
        """Where rows begin: below the unit, or at the upper edge."""
        return self.top if self.head else 1.0

    def draw_head(self) -> None:
        """What the chart says, and its unit, a quiet line above the plot."""
        lines = self._title if self.wording.message else ()
        for number, words in enumerate(lines):
            self.canvas.text((0, (number + 0.45) * LEADING * TITLE), words, bold=True, size=TITLE)
        if self.wording.unit:
            middle = self.head - 0.75 * self.canvas.leading
            self.canvas.text((0, middle), self.wording.unit, colour=self.canvas.style.quiet)

    def colour(self, series: int, category: str = "") -> str:
        """The colour of a series (of one of its values): grey if it is neutral or something else is highlighted."""
        style, chart = self.canvas.style, self.chart
        name, names = chart.series[series].name, [one.name for one in self.every]
        own = (name, category)
        if chart.neutral in own:
            return style.rule
        if chart.totals:
            is_total = any(one in chart.totals for one in own)
            return style.series[0] if is_total else mixed(style.series[0], WHITE, OF_TOTAL)
        if chart.highlight in names or (chart.highlight and len(chart.series) == 1 and category):
            return style.series[0] if chart.highlight in own else style.rule
        coloured = [one.name for one in chart.series if one.name != chart.neutral]
        return style.series[coloured.index(name) % len(style.series)]

    def row_heights(self, names: Sequence[Sequence[str]], thick: Sequence[float], taken: float) -> list[float]:
        """The heights of rows as `thick` as this, or of their names; closer where `taken` leaves little room."""
        least = [max(one, self.canvas.leading * len(name)) for one, name in zip(thick, names, strict=True)]
        spare = (self.room - taken - sum(least)) / len(least)
        return [one + min(OUTSIDE, max(spare, CLOSEST)) for one in least]

    def is_bold(self, name: str) -> bool:
        return self.chart.highlight == name

    def names(self) -> tuple[str, ...]:
        """The printed names of the series; one alone needs none."""
        many = len(self.chart.series) > 1
        return tuple(self.wording.series(one) for one in self.chart.series) if many else ()

    def value_axis(self, axis: Axis, scale: Scale, left: float, right: float) -> None:
        """Light lines from `left` to `right` at the values of an upright axis, their numbers to the left of them."""
        for tick in axis.ticks:
            y = scale(tick)
            if tick:
                self.canvas.line((left, y), (right, y), self.canvas.grid)
            label = self.wording.tick(tick, axis.decimals)
            if self.is_first:
                self.canvas.text((left - GAP, y), label, colour=self.canvas.style.quiet, anchor="end")
        if axis.is_broken:
            self.mark_break([(left - s, scale.start - t) for s, t in BREAK])

    def mark_break(self, points: Sequence[Point]) -> None:
        """A zigzag where an axis does not begin at zero."""
        self.canvas.path(points, self.canvas.style.quiet, FIRM)

    def axis_room(self, axis: Axis) -> float:
        """The width of the numbers to the left of a vertical axis, in points."""
        if not self.is_first:
            return 0.0
        return max(self.canvas.width_of(self.wording.tick(tick, axis.decimals)) for tick in axis.ticks) + GAP

    def zero(self, one: Point, other: Point) -> None:
        """The line of zero."""
        self.canvas.line(one, other, self.canvas.style.ink, FIRM)

    def category_lines(self) -> tuple[tuple[str, ...], ...]:
        """The labels below the plot, in lines: months and quarters above their years, all else in one line."""
        wording, names = self.wording, self.chart.categories
        if wording.times not in ("month", "quarter") or any(name in wording.words for name in names):
            return tuple((wording.category(name),) for name in names)
        labels = []
        for at, name in enumerate(names):
            numerals = wording.numerals
            part = numerals.month(name, short=True) if wording.times == "month" else numerals.quarter(name)
            begins = at == 0 or names[at - 1][:4] != name[:4]
            labels.append((part, name[:4]) if begins else (part,))
        return tuple(labels)

    def category_axis(self, xs: Sequence[float], y: float, low: float, high: float, *, ticks: bool) -> None:
        """The labels of the categories below `y`, as many as have room from `low` to `high`."""
        canvas, labels = self.canvas, self.category_lines()
        width = max(canvas.width_of(line) for label in labels for line in label) + BETWEEN
        fits = 1
        while fits < len(xs) and not _fit([xs[at] for at in self._labelled(fits)], width):
            fits += 1
        shown = self._labelled(fits)
        if ticks:
            for at in range(len(xs)) if len(xs) <= MOST_MARKS else shown:
                canvas.line((xs[at], y), (xs[at], y + 3), canvas.style.quiet)
        years: set[str] = set()
        for at in shown:
            label = labels[at]
            if fits > 1 and self.wording.times in ("month", "quarter"):
                year = self.chart.categories[at][:4]
                label = (label[0],) if year in years else (label[0], year)
                years.add(year)
            width = max(canvas.width_of(line) for line in label)
            x = min(max(xs[at], low + width / 2), high - width / 2)
            bold = self.is_bold(self.chart.categories[at])
            for number, words in enumerate(label):
                middle = y + GAP + canvas.leading * (number + 0.5)
                canvas.text((x, middle), words, colour=canvas.style.ink, anchor="middle", bold=bold)

    def _labelled(self, fits: int) -> list[int]:
        """Which categories have a label where one in `fits` has room for it."""
        names = self.chart.categories
        shown = None
        if self.wording.times and self.wording.times != "day":
            shown = round_times([12 * (day := first_day(name)).year + day.month - 1 for name in names], fits)
        return shown or every(len(names), fits)

    def category_room(self) -> float:
        """The height of those labels below the plot, in points."""
        return GAP + self.canvas.leading * max(len(label) for label in self.category_lines())

    def end_names(self, ends: Sequence[Point], labels: Sequence[str], x: float, low: float, high: float) -> None:
        """The names of series at `x`, beside the `ends` of what they name, moved apart where they would overlap."""
        canvas = self.canvas
        lines = [canvas.wrapped(label, canvas.width - x, bold=True) for label in labels]
        sizes = [canvas.leading * len(one) for one in lines]
        middles = apart([end[1] for end in ends], sizes, low, high)
        for series, (end, label, middle) in enumerate(zip(ends, lines, middles, strict=True)):
            colour = self.colour(series)
            if abs(middle - end[1]) > FAR or x - end[0] > 3 * GAP:
                canvas.line((end[0] + 3, end[1]), (x - 2, middle), colour, FINE)
            canvas.lines((x, middle), label, colour=readable(colour), bold=True)

    def names_above(
        self, centres: Sequence[float], labels: Sequence[str], left: float, y: float, bottom: Callable[[int], float]
    ) -> None:
        """The names of series in rows from `y` down, above what they name, which begins at `bottom(series)`."""
        canvas = self.canvas
        for number, row in enumerate(self.rows_above(centres, labels, left)):
            widths = [canvas.width_of(labels[one], bold=True) + BETWEEN for one in row]
            placed = apart([centres[one] for one in row], widths, left - BETWEEN / 2, canvas.width + BETWEEN / 2)
            middle = y + canvas.leading * (number + 0.5)
            for one, width, x in zip(row, widths, placed, strict=True):
                colour = self.colour(one)
                reach = max(0.0, (width - BETWEEN) / 2 - 3)
                begin = min(max(centres[one], x - reach), x + reach)
                canvas.line((begin, middle + canvas.leading / 2 - 1), (centres[one], bottom(one)), colour, FINE)
                canvas.text((x, middle), labels[one], colour=readable(colour), anchor="middle", bold=True)

    def rows_above(self, centres: Sequence[float], labels: Sequence[str], left: float) -> list[list[int]]:
        """The series by rows of names: one row where they have room beside each other, else two."""
        room = self.canvas.width - left
        every_one = sorted(range(len(labels)), key=lambda one: centres[one])
        wanted = sum(self.canvas.width_of(label, bold=True) + BETWEEN for label in labels) - BETWEEN
        return [every_one] if wanted <= room else [every_one[1::2], every_one[::2]]


def _fit(xs: Sequence[float], width: float) -> bool:
    return all(other - one >= width for one, other in pairwise(xs))
