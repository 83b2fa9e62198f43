"""The type area of a theme, in points from the page's top left."""

from __future__ import annotations

from dataclasses import dataclass

from impressum.core.model.theme import Theme
from impressum.stages.verify.pages import Box


@dataclass(frozen=True)
class Area:
    """The block of text with its margin column, on odd pages and on even ones; the column is to the left, on odd
    pages that face another it is to the right. `head` and `foot` are the bands above and below the block."""

    block: Box
    verso: Box
    head: tuple[float, float]
    foot: tuple[float, float]

    def on(self, page: int) -> Box:
        """The block on page `page`."""
        return self.block if page % 2 else self.verso


def area_of(theme: Theme) -> Area:
    """The type area that the tokens of `theme` describe."""
    top, left, measure = (theme.length("page", name) for name in ("top", "inside", "measure"))
    column = theme.length("page", "margin-column")
    margin = column + theme.length("page", "gutter") if column else 0.0
    size, pitch = theme.number("type", "body", "size"), theme.number("type", "body", "leading")
    small = theme.number("type", "small", "leading")
    bottom = top + theme.number("page", "lines") * pitch - (pitch - size)
    block = verso = Box(left - margin, top, left + measure, bottom)
    if theme.flag("page", "facing"):
        right = theme.length("page", "width") - left
        block = Box(left, top, left + measure + margin, bottom)
        verso = Box(right - measure - margin, top, right, bottom)
    return Area(
        block, verso, (top - 2 * pitch - 2 * small, top - pitch), (bottom + pitch, bottom + 2 * pitch + 2 * small)
    )
