"""The type area of a theme, in points from the page's top left."""

from __future__ import annotations

import re
from dataclasses import dataclass

from impressum.model.theme import Theme
from impressum.verify.pages import Box

UNITS = {"mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0, "pt": 1.0, "": 1.0}


@dataclass(frozen=True)
class Area:
    """The block of text with its margin column to the left; `head` and `foot` are the bands above and below it."""

    block: Box
    head: tuple[float, float]
    foot: tuple[float, float]


def area_of(theme: Theme) -> Area:
    """The type area that the tokens of `theme` describe."""
    top, left, measure = (_points(theme, name) for name in ("top", "left", "measure"))
    margin = _points(theme, "margin-column") + _points(theme, "gutter")
    size, pitch = theme.number("type", "body", "size"), theme.number("type", "body", "leading")
    small = theme.number("type", "small", "leading")
    bottom = top + theme.number("page", "lines") * pitch - (pitch - size)
    block = Box(left - margin, top, left + measure, bottom)
    return Area(block, (top - 2 * pitch - 2 * small, top - pitch), (bottom + pitch, bottom + 2 * pitch + 2 * small))


def _points(theme: Theme, name: str) -> float:
    page = theme.tokens["page"]
    assert isinstance(page, dict)
    found = re.fullmatch(r"(-?[\d.]+)\s*([a-z]*)", str(page[name]).strip())
    assert found is not None, f"page.{name} is a length"
    return float(found[1]) * UNITS[found[2]]
