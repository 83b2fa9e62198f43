"""A sheet that charts are drawn on, in points from its upper left corner; it becomes an SVG with live text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

from impressum.core.colours import WHITE, mixed
from impressum.core.model.theme import FigureStyle
from impressum.system.fonts import family_of, metrics

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]
HAIR, FINE, FIRM, LINE = 0.5, 0.6, 0.8, 1.6
"""How thick lines are: of a grid, of a pointer, of zero, of a series."""
GRID_SHARE = 0.55
LEADING = 1.25
"""The distance of lines of text, in parts of the size."""


class Canvas:
    """`width` wide and as high as passed to `svg`; `tag` is the language of its words."""

    def __init__(self, width: float, style: FigureStyle, tag: str) -> None:
        self.width = width
        self.style = style
        self.size = style.size
        self.leading = LEADING * style.size
        self.grid = mixed(style.rule, WHITE, GRID_SHARE)
        self._tag = tag
        self._parts: list[str] = []

    def width_of(self, words: str, *, bold: bool = False) -> float:
        """How wide `words` are when they are printed."""
        return metrics("Bold" if bold else "Regular").width(words) * self.size

    def wrapped(self, words: str, room: float, *, bold: bool = False) -> tuple[str, ...]:
        """`words` in lines that are no wider than `room`, but for single words that are."""
        lines: list[str] = []
        for word in words.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width_of(longer, bold=bold) <= room:
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

    def box(self, one: Point, other: Point, fill: str) -> None:
        """The rectangle with these two corners."""
        left, right = sorted((one[0], other[0]))
        top, bottom = sorted((one[1], other[1]))
        sizes = f'width="{_n(right - left)}" height="{_n(bottom - top)}"'
        self._parts.append(f'<rect x="{_n(left)}" y="{_n(top)}" {sizes} fill="{fill}"/>')

    def dot(self, at: Point, radius: float, fill: str) -> None:
        self._parts.append(f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}" fill="{fill}"/>')

    def text(
        self, at: Point, words: str, *, colour: str | None = None, anchor: Anchor = "start", bold: bool = False
    ) -> None:
        """`words` beside or around `at`, which lies at half the height of a capital."""
        x, y = at[0], at[1] + metrics().cap_height * self.size / 2
        weight = ' font-weight="700"' if bold else ""
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
