"""The type area of a theme, in points from the page's top left."""

from __future__ import annotations

from dataclasses import dataclass

from impressum.model.theme import Theme
from impressum.verify.pages import Box


@dataclass(frozen=True)
class Area:
    """The block of text with its margin column to the left; `head` and `foot` are the bands above and below it."""

    block: Box
    head: tuple[float, float]
    foot: tuple[float, float]


def area_of(theme: Theme) -> Area:
    """The type area that the tokens of `theme` describe."""
    top, left, measure = (theme.length("page", name) for name in ("top", "left", "measure"))
    margin = theme.length("page", "margin-column") + theme.length("page", "gutter")
    size, pitch = theme.number("type", "body", "size"), theme.number("type", "body", "leading")
    small = theme.number("type", "small", "leading")
    bottom = top + theme.number("page", "lines") * pitch - (pitch - size)
    block = Box(left - margin, top, left + measure, bottom)
    return Area(block, (top - 2 * pitch - 2 * small, top - pitch), (bottom + pitch, bottom + 2 * pitch + 2 * small))
