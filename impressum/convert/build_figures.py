"""From pandoc's figures to ours."""

from __future__ import annotations

from typing import Any

from impressum.convert.inlines import Inlines
from impressum.model import document as d

FIGURE_SCHEME = "figure:"


class FigureBuilder(Inlines):
    """Builds figures."""

    def _block_figure(self, raw: Any) -> d.Block | None:
        attributes, (_short_caption, caption), content = raw
        place = self.aligner.here()
        image = _only_image(content)
        if image is None:
            self.faults.error(
                place,
                "a figure holds more than one image",
                "figure-content",
                "give each image a paragraph of its own",
            )
            return None
        opened = self.aligner.open()
        words = self._line([node for block in caption for node in block.get("c", [])])
        place = self.aligner.close(opened, place)
        (image_attributes, _, (target, _)) = image["c"]
        find = self._behind()
        place = self.aligner.target(target) or place
        outer = self.guard.attributes(attributes, place, find)
        inner = self.guard.attributes(image_attributes, place, find)
        built = self.images.find(target, inner, place, caption=d.plain(words))
        if built is None:
            return None
        declared = target.removeprefix(FIGURE_SCHEME) if target.startswith(FIGURE_SCHEME) else None
        return d.Figure(place, outer.id or inner.id, built, words, declared)


def _only_image(content: Any) -> Any:
    inlines = [node for block in content for node in block.get("c", []) if isinstance(node, dict)]
    images = [node for node in inlines if node.get("t") == "Image"]
    return images[0] if len(images) == 1 and len(inlines) == 1 else None
