"""From pandoc's divisions to blocks: boxes, and passages in another language."""

from __future__ import annotations

from typing import Any

from impressum.convert.inlines import Inlines
from impressum.model import document as d

BLOCK_CLASSES = frozenset({"references", "csl-entry", "csl-bib-body", "hanging-indent", "line-block"})


class BoxBuilder(Inlines):
    """Builds divisions."""

    def _block_div(self, raw: Any) -> d.Block:
        attributes, content = raw
        place = self.aligner.here()
        kept = self.guard.attributes(attributes, place, self._ahead(), classes=BLOCK_CLASSES)
        blocks = self.blocks(content)
        return d.Division(blocks[0].place if blocks else place, kept.id, kept.classes, kept.language, blocks)
