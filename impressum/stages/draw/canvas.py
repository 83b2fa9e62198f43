"""A sheet for charts, in points from its upper left corner, that becomes an SVG with live text; scales with round
numbers, and labels moved apart that would overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Literal

from impressum.core.colours import WHITE, mixed
from impressum.core.model.theme import FigureStyle
from impressum.system.fonts import family_of, metrics

MOST_TICKS = 6
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
LEAST_SPAN = 1e-290
"""Values nearer to zero than this count as zero: fractions of them underflow."""
FROM_ZERO = 0.6
"""An axis that need not begin at zero does so where its least value is below this share of its greatest."""
Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]
HAIR, FINE, FIRM, LINE = 0.5, 0.6, 0.8, 1.6
"""How thick lines are: of a grid, of a pointer, of zero, of a series."""
LEADING = 1.25
"""The distance of lines of text, in parts of the size."""


@dataclass(frozen=True)
class Scale:
    """From `low` at the point `start` to `high` at the point `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low
        return self.start + (value - self.low) / span * (self.end - self.start) if span else self.start


@dataclass(frozen=True)
class Axis:
    """Round numbers from the first of `ticks` to the last, which hold all values; each has `decimals` decimals."""

    ticks: tuple[float, ...]
    decimals: int

    @property
    def low(self) -> float:
        return self.ticks[0]

    @property
    def high(self) -> float:
        return self.ticks[-1]

    @property
    def is_broken(self) -> bool:
        """Whether it leaves zero out."""
        return self.low > 0 or self.high < 0


ALIKE = 1e-9
"""Values that differ by less, in parts of themselves, are the same on an axis."""


def axis(values: Sequence[float], *, zero: bool) -> Axis:
    """An axis for `values` with up to `MOST_TICKS` ticks; with `zero` it always includes zero."""
    low, high = min(values), max(values)
    if zero or (low > 0 and low < FROM_ZERO * high) or (high < 0 and high > FROM_ZERO * low):
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < LEAST_SPAN and abs(high) < LEAST_SPAN:
        low, high = 0.0, 1.0
    if high - low <= ALIKE * max(abs(low), abs(high)):
        low, high = (low, low + 1.0) if zero or low == 0 else (low - abs(low) / 10, high + abs(high) / 10)
    power = 10.0 ** (math.floor(math.log10((high - low) / (MOST_TICKS - 1))) - 1)
    while True:
        for one in STEPS:
            step = power * one
            if one == 2.5 and power < 10:
                continue  # 0.0, 2.5, 5.0: more digits than such an axis needs
            first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
            if last - first + 1 <= MOST_TICKS:
                decimals = max(0, -math.floor(math.log10(step) + 1e-9))
                return Axis(tuple(number * step for number in range(first, last + 1)), decimals)
        power *= 10


def apart(centres: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """`centres` moved as little as possible, in order, so that `sizes` fit between `low` and `high` without overlap."""
    order = sorted(range(len(centres)), key=lambda one: (centres[one], one))
    blocks: list[tuple[list[int], float, float]] = []  # members, the begin that each wants (summed), size
    for one in order:
        members, wanted, size = [one], centres[one] - sizes[one] / 2, sizes[one]
        while blocks:
            before, begin, before_size = blocks[-1]
            if begin / len(before) + before_size <= wanted / len(members):
                break
            blocks.pop()
            wanted = begin + wanted - len(members) * before_size
            members, size = before + members, before_size + size
        blocks.append((members, wanted, size))
    placed = [0.0] * len(centres)
    edge = low
    begins = []
    for members, wanted, size in blocks:
        edge = max(edge, wanted / len(members))
        begins.append(edge)
        edge += size
    edge = max(high, low + sum(sizes))
    for at in range(len(blocks) - 1, -1, -1):
        begins[at] = max(min(begins[at], edge - blocks[at][2]), low)
        edge = begins[at]
    for (members, _, _), begin in zip(blocks, begins, strict=True):
        for one in members:
            placed[one] = begin + sizes[one] / 2
            begin += sizes[one]
    return placed


def round_times(months: Sequence[int], fits: int) -> list[int] | None:
    """Which times, in months, are labelled: round years, halves, quarters; None if irregular or if all have room."""
    steps = {other - one for one, other in pairwise(months)}
    if len(steps) != 1 or fits < 2:
        return None
    least = fits * steps.pop()
    step = next((one for one in MONTHS if one >= least), least)
    shown = [at for at, month in enumerate(months) if month % step == 0]
    return shown if len(shown) > 1 else None


def every(count: int, fits: int) -> list[int]:
    """Which of `count` ticks are labelled where one in `fits` has room: the last always, the first if it can be."""
    for step in range(fits, min(2 * fits, count)):
        if (count - 1) % step == 0:
            return list(range(0, count, step))
    return list(range(count - 1, -1, -fits))[::-1]


class Canvas:
    """`width` wide and as high as passed to `svg`; `tag` is the language of its words."""

    def __init__(self, width: float, style: FigureStyle, tag: str) -> None:
        self.width = width
        self.style = style
        self.size = style.size
        self.leading = LEADING * style.size
        self.grid = mixed(style.rule, WHITE, 0.55)
        self._tag = tag
        self._parts: list[str] = []

    def width_of(self, words: str, *, bold: bool = False, size: float | None = None) -> float:
        """How wide `words` are when they are printed."""
        return metrics("Bold" if bold else "Regular").width(words) * (size or self.size)

    def wrapped(self, words: str, room: float, *, bold: bool = False, size: float | None = None) -> tuple[str, ...]:
        """`words` in lines that are no wider than `room`, but for single words that are."""
        lines: list[str] = []
        for word in words.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width_of(longer, bold=bold, size=size) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return tuple(lines)

    def line(self, one: Point, other: Point, colour: str, thick: float = HAIR) -> None:
        self._add("line", f'x1="{_n(one[0])}" y1="{_n(one[1])}" x2="{_n(other[0])}" y2="{_n(other[1])}"', colour, thick)

    def path(self, points: Sequence[Point], colour: str, thick: float = LINE) -> None:
        """A line through `points`."""
        joined = f'points="{_points(points)}" fill="none" stroke-linejoin="round" stroke-linecap="round"'
        self._add("polyline", joined, colour, thick)

    def area(self, points: Sequence[Point], fill: str) -> None:
        self._parts.append(f'<polygon points="{_points(points)}" fill="{fill}"/>')

    def hatch(self, name: str, colour: str, scale: float = 1.0) -> None:
        """A fill of slanted lines, `url(#name)`, for what is drawn in units of which `scale` are a point."""
        lines = f'<path d="M-1 1l2 -2M0 4l4 -4M3 5l2 -2" stroke="{colour}" stroke-width="{_n(FINE)}"/>'
        size = f'width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="scale({scale:.5f})"'
        self._parts.append(f'<pattern id="{name}" {size}>{lines}</pattern>')

    def shapes(self, shapes: Sequence[tuple[str, str, str, float]], at: Point, scale: float) -> None:
        """Paths in units that are `scale` points, from `at`, each with its fill, the colour of its line and its
        thickness in points."""
        self._parts.append(f'<g transform="translate({_n(at[0])} {_n(at[1])}) scale({scale:.5f})" fill-rule="evenodd">')
        for path, fill, colour, thick in shapes:
            line = f'stroke="{colour}" stroke-width="{_n(thick / scale)}" stroke-linejoin="round"'
            self._parts.append(f'<path d="{path}" fill="{fill}" {line}/>')
        self._parts.append("</g>")

    def box(self, one: Point, other: Point, fill: str, *, border: str = "") -> None:
        """The rectangle with these two corners."""
        left, right = sorted((one[0], other[0]))
        top, bottom = sorted((one[1], other[1]))
        sizes = f'width="{_n(right - left)}" height="{_n(bottom - top)}"'
        line = f' stroke="{border}" stroke-width="{_n(HAIR)}"' if border else ""
        self._parts.append(f'<rect x="{_n(left)}" y="{_n(top)}" {sizes} fill="{fill}"{line}/>')

    def dot(self, at: Point, radius: float, fill: str) -> None:
        self._parts.append(f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}" fill="{fill}"/>')

    def text(
        self,
        at: Point,
        words: str,
        *,
        colour: str | None = None,
        anchor: Anchor = "start",
        bold: bool = False,
        size: float | None = None,
    ) -> None:
        """`words` beside or around `at`, which lies at half the height of a capital."""
        x, y = at[0], at[1] + metrics().cap_height * (size or self.size) / 2
        weight = (f' font-size="{_n(size)}"' if size else "") + (' font-weight="700"' if bold else "")
        side = f' text-anchor="{anchor}"' if anchor != "start" else ""
        fill = colour or self.style.ink
        said = escape(words, quote=False)
        self._parts.append(f'<text x="{_n(x)}" y="{_n(y)}" fill="{fill}"{side}{weight}>{said}</text>')

    def lines(
        self,
        at: Point,
        lines: Sequence[str],
        *,
        colour: str | None = None,
        anchor: Anchor = "start",
        bold: bool = False,
    ) -> None:
        """Several lines of text, their whole around `at`."""
        first = at[1] - self.leading * (len(lines) - 1) / 2
        for number, words in enumerate(lines):
            self.text((at[0], first + number * self.leading), words, colour=colour, anchor=anchor, bold=bold)

    def place(self, other: Canvas, at: Point) -> None:
        """All that is on another canvas, its upper left corner `at`."""
        self._parts += [f'<g transform="translate({_n(at[0])} {_n(at[1])})">', *other._parts, "</g>"]

    def svg(self, height: float) -> bytes:
        """The drawing, `height` points high."""
        family = escape(f"'{family_of(self._tag)}'")
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(self.width)}pt" height="{_n(height)}pt" '
            f'viewBox="0 0 {_n(self.width)} {_n(height)}" xml:lang="{escape(self._tag)}" '
            f'font-family="{family}, sans-serif" font-size="{_n(self.size)}">'
        )
        return "\n".join([head, *self._parts, "</svg>", ""]).encode()

    def _add(self, shape: str, where: str, colour: str, thick: float) -> None:
        self._parts.append(f'<{shape} {where} stroke="{colour}" stroke-width="{_n(thick)}"/>')


def _n(value: float) -> str:
    """A number as SVG takes it, to a hundredth of a point; never `-0`."""
    return f"{round(value, 2) + 0.0:g}" if abs(value) < 1000 else f"{value:.2f}"


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
