"""A chart that `figures/<id>.yaml` describes: what is drawn, from which numbers, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["bar", "stacked", "line", "area", "slope", "dot"]
Order = Literal["ascending", "descending"]
Bars = Literal["horizontal", "vertical"]
Values = Literal["labels", "axis"]
Form = Literal["number", "percent", "share"]


@dataclass(frozen=True)
class Series:
    """A column of numbers, by its name in the table; None where the table has no number."""

    name: str
    title: str
    """What it is called where no language says otherwise."""
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class NumberForm:
    """How values are written: `percent` is of a hundred, `share` of one; `decimals` None: as many as they have."""

    form: Form = "number"
    currency: str | None = None
    decimals: int | None = None


@dataclass(frozen=True)
class Chart:
    """Each series has a value for each category. `marks` are the words, by name, that stand with a value's number."""

    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    numbers: NumberForm = NumberForm()
    unit: str | None = None
    bars: Bars | None = None
    values: Values | None = None
    highlight: str | None = None
    marks: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """By category and series."""
