"""Figures as values: a declared chart, a figure as drawn, and a figure as used in a chapter or exported as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from impressum.core.errors import Place
from impressum.core.model.document import Width

Kind = Literal["bar", "stacked", "line", "area", "slope", "dot", "map"]
EUROPE = frozenset(
    (
        "AD AL AT BA BE BG BY CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MD ME MK MT NL NO PL PT "
        "RO RS RU SE SI SK TR UA XK"
    ).split()
)
"""The countries on the map, by their codes of ISO 3166-1; `XK` is Kosovo."""
NO_DATA = "no-value"
"""The word of the book for what a map has no value of."""
Order = Literal["ascending", "descending"]
Bars = Literal["horizontal", "vertical"]
Values = Literal["labels", "axis"]
Panels = Literal["rows", "series"]
Form = Literal["number", "percent", "share"]


@dataclass(frozen=True)
class Series:
    """A column of numbers, by its name in the table; None where the table has no number."""

    name: str
    title: str
    """Its name, unless an edition gives another."""
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class NumberForm:
    """How values are written: `percent` is of a hundred, `share` of one; `decimals` None: as many as they have."""

    form: Form = "number"
    currency: str | None = None
    decimals: int | None = None


@dataclass(frozen=True)
class Note:
    """A word, by name, at the category `first`, at the value of `series` there, or over all up to `last`."""

    word: str
    first: str
    last: str | None = None
    series: str | None = None


@dataclass(frozen=True)
class Chart:
    """Each series has a value for each category. `marks` are the words, by name, printed with a value; `neutral` is the
    series or category drawn in grey, `totals` are those of which the others are parts."""

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
    message: str | None = None
    """What the chart shows in one sentence, printed as its title."""
    neutral: str | None = None
    totals: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    panels: bool = False
    """Whether each series has a small chart of its own, side by side on the same axes."""


@dataclass(frozen=True)
class Drawing:
    """A drawn figure: `name` is the work file that Typst reads, the texts are the edition's."""

    id: str
    name: str
    content: bytes
    title: str
    alt: str
    source: str | None = None
    credit: str | None = None
    width: Width = "text"
    is_drawn: bool = False
    """Drawn for its width, by a script or as a chart; else it is a picture that was made beforehand."""
    licence: str | None = None
    is_half: bool = False
    """Drawn for half the width of the text, to be set beside another."""


PendingDrawings = Callable[[], Mapping[str, Mapping[str, Drawing]]]
"""The drawings by edition and figure, once they are drawn: the call waits for them."""


@dataclass(frozen=True)
class UsedFigure:
    """A figure used in a chapter, in the words of the edition.

    `name` is that of its files, `label` that of its anchor and `number` the one that is printed ("3", "3a"); `file`
    is the work file of its picture. `declared` is its id under `figures/`, or None for an image of a chapter, of
    which nobody says whose work it is: `is_drawn` ones are the publication's own.
    """

    name: str
    label: str
    number: str
    declared: str | None
    file: str
    title: str
    alt: str
    source: str | None
    credit: str | None
    licence: str | None
    width: Width
    is_drawn: bool
    place: Place


@dataclass(frozen=True)
class FigureFiles:
    """A figure with its title and its source, as work files. `size` is that of the PNG in pixels, across and down."""

    figure: UsedFigure
    svg: Path
    png: Path
    size: tuple[int, int]
