"""How figures are written."""

from __future__ import annotations

from impressum.convert.typst import string
from impressum.convert.write_inlines import InlineWriter
from impressum.model import document as d


class FigureWriter(InlineWriter):
    """Writes figures with their captions."""

    def _figure(self, node: d.Figure) -> str:
        anchor = next(self._order)
        self._before = ""
        self._mean(node.caption, node.place)
        caption = self.inlines(node.caption)
        image = self._picture(node.image)
        declared = string(node.figure) if node.figure else "none"
        return f"#figure-block({string(anchor.label)}, {string(anchor.number)}, {image}, [{caption}], id: {declared})"
