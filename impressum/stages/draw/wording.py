"""The words and numbers of a chart in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from impressum.core.model.chart import Chart, Series
from impressum.core.numerals import Numerals, TimeKind, decimals_of, time_kind

MOST_DECIMALS = 3
MISSING = "–"


@dataclass(frozen=True)
class Wording:
    """What `chart` says in the language `tag`, with these `words`."""

    chart: Chart
    tag: str
    words: Mapping[str, str]

    @cached_property
    def numerals(self) -> Numerals:
        return Numerals(self.tag)

    @cached_property
    def times(self) -> TimeKind | None:
        """What the categories are, where they are times."""
        return time_kind(self.chart.categories)

    @cached_property
    def decimals(self) -> int:
        """How many decimals values have: as many as are asked for, or as the most exact of them has."""
        form = self.chart.numbers
        if form.decimals is not None:
            return form.decimals
        values = [value for one in self.chart.series for value in one.values if value is not None]
        shift = 2 if form.form == "share" else 0
        return min(max([decimals_of(value) - shift for value in values] + [0]), MOST_DECIMALS)

    @property
    def unit(self) -> str:
        return self.words.get("unit", self.chart.unit or "")

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
        """The label of a value, with the words that stand with it; a dash where there is none."""
        if value is None:
            return MISSING
        mark = self.chart.marks.get((category, one.name))
        if not mark:
            return self.number(value, self.decimals)
        shift = 2 if self.chart.numbers.form == "share" else 0
        # "About 6,600", not "about 6,600.0": such a number is no more exact than it is given.
        decimals = min(self.decimals, max(0, decimals_of(value) - shift))
        return self.words[mark].replace("{value}", self.number(value, decimals))
