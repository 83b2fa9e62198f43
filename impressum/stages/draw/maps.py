"""A map of Europe, its countries in up to five steps of one hue by their values, hatched where none is known."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from statistics import quantiles
from typing import Any

from impressum.core.colours import WHITE, mixed
from impressum.core.model.figures import NO_DATA
from impressum.stages.draw.bars import on
from impressum.stages.draw.canvas import FINE, HAIR
from impressum.stages.draw.sheet import GAP, Sheet

SHARE = 0.74
"""The part of the width that the map takes; the legend is beside it."""
LIGHTEST, GROUND = 0.84, 0.82
"""The share of white in the colour of the lowest step, and of the land around."""
SWATCH = (14.0, 9.0)
LETTERS = 8.0
"""The size of the values on the map, in points."""
CLASSES, ROUND = 5, 6
"""How many classes, and into how many steps of round numbers all values fall at least."""
OVER, OVER_BOLD = 1.15, 1.6
"""How far a value may reach, in parts of the circle that lies in its country; that of the highlighted one."""


@cache
def map_file() -> str:
    """The map of Europe as `bench/europe_map.py` writes it."""
    return files("impressum.templates").joinpath("maps/europe.json").read_text(encoding="utf-8")


@cache
def europe() -> Mapping[str, Any]:
    """`size` of the map, outlines of the `land` around, by ISO 3166-1 of `countries` outlines and label, in units."""
    shapes: Mapping[str, Any] = json.loads(map_file())
    return shapes


def draw_map(sheet: Sheet) -> float:
    """Draws the map with its legend at the left; gives the height."""
    canvas, chart, wording, shapes = sheet.canvas, sheet.chart, sheet.wording, europe()
    style, (one,) = canvas.style, chart.series
    values = dict(zip(chart.categories, one.values, strict=True))
    ends, decimals = classes(sheet.values)
    steps = len(ends) - 1
    colours = [mixed(style.series[0], WHITE, LIGHTEST * (1 - at / max(steps - 1, 1))) for at in range(steps)]
    sheet.draw_head()
    top = sheet.begin
    wide, high = shapes["size"]
    scale = min(SHARE * canvas.width / wide, (sheet.room - top) / high)
    left = canvas.width - scale * wide

    canvas.hatch("unknown", canvas.grid)
    canvas.hatch("unknown-there", canvas.grid, 1 / scale)
    countries = shapes["countries"]
    fills = {
        code: "url(#unknown-there)" if (value := values.get(code)) is None else colours[_step(value, ends)]
        for code in countries
    }
    drawn = [(_path(shapes["land"]), mixed(style.rule, WHITE, GROUND), WHITE, HAIR)]
    for code in sorted(countries, key=lambda one: one == chart.highlight):  # its line lies over those of the others
        line = (style.ink, 2 * FINE) if code == chart.highlight else (style.quiet, HAIR)
        drawn.append((_path(countries[code]["rings"]), fills[code], *line))
    canvas.shapes(drawn, (left, top), scale)
    bottom, right = top + scale * high, canvas.width
    frame = [(left, top), (right, top), (right, bottom), (left, bottom)]
    canvas.path(frame, WHITE, 2 * FINE)  # where the frame cuts through a country it has no border
    for code, shape in countries.items():
        x, y, reach = (number * scale for number in shape["label"])
        value = values.get(code)
        label = "" if value is None else _bare(sheet, value, wording.decimals)
        bold = code == chart.highlight
        half = canvas.width_of(label, bold=bold, size=LETTERS) / 2
        if label and math.hypot(half, LETTERS / 3) <= (OVER_BOLD if bold else OVER) * reach:
            colour = on(fills[code])
            canvas.text((left + x, top + y), label, colour=colour, anchor="middle", bold=bold, size=LETTERS)
    _legend(sheet, ends, decimals, colours, top, is_whole=all(values.get(code) is not None for code in countries))
    return float(bottom)


def _path(rings: list[list[int]]) -> str:
    return "".join(f"M{ring[0]} {ring[1]}l{' '.join(map(str, ring[2:]))}z" for ring in rings)


def classes(values: Sequence[float]) -> tuple[tuple[float, ...], int]:
    """The ends of up to five classes with about as many of `values` in each, at round numbers of so many decimals."""
    low, high = min(values), max(values)
    power = math.floor(math.log10((high - low) / ROUND)) if high > low else 0
    step = 10.0**power
    inner = quantiles(values, n=CLASSES, method="inclusive") if len(values) > 1 else []
    ends = [math.floor(low / step), *(round(one / step) for one in inner), math.ceil(high / step)]
    ends = sorted(set(ends)) if len(set(ends)) > 1 else [ends[0], ends[0] + 1]
    return tuple(round(end * step, max(0, -power)) for end in ends), max(0, -power)


def _step(value: float, ends: Sequence[float]) -> int:
    """The class of a value: from its lower end up to, but without, the upper one; the last holds both."""
    return min(max(bisect_right(ends, value) - 1, 0), len(ends) - 2)


def _bare(sheet: Sheet, value: float, decimals: int) -> str:
    """A value without its sign, which the legend has."""
    return sheet.wording.numerals.number(value * (100 if sheet.chart.numbers.form == "share" else 1), decimals)


def _legend(
    sheet: Sheet, ends: Sequence[float], decimals: int, colours: list[str], top: float, *, is_whole: bool
) -> None:
    """The classes, the highest above, and what the hatching means."""
    canvas, wording = sheet.canvas, sheet.wording
    plain = sheet.chart.numbers.currency is None
    shift = 2 if sheet.chart.numbers.form == "share" else 0
    rows: list[tuple[str, str]] = []
    for (low, high), colour in zip(pairwise(ends), colours, strict=True):
        begin = _bare(sheet, low, max(0, decimals - shift)) if plain else wording.tick(low, decimals)
        rows.insert(0, (f"{begin}–{wording.tick(high, decimals)}", colour))
    if not is_whole:
        rows.append((wording.words.get(NO_DATA, "–"), "url(#unknown)"))
    y = top + canvas.leading / 2
    for label, fill in rows:
        lines = canvas.wrapped(label, (1 - SHARE) * canvas.width - SWATCH[0] - GAP)
        canvas.box((0, y - SWATCH[1] / 2), (SWATCH[0], y + SWATCH[1] / 2), fill, border=canvas.style.quiet)
        canvas.lines((SWATCH[0] + GAP, y + (len(lines) - 1) * canvas.leading / 2), lines)
        y += len(lines) * canvas.leading + 2.0
