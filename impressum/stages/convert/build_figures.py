"""From pandoc's figures to ours, and from divisions of images to groups of figures."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, cast

from impressum.core.errors import Place
from impressum.core.licences import creative_commons
from impressum.core.model import document as d
from impressum.stages.convert.attributes import WIDTH_CLASSES, Attributes, Find
from impressum.stages.convert.data import is_data_table
from impressum.stages.convert.inlines import Inlines

FIGURE_SCHEME = "figure:"
FIGURE_KEYS = frozenset({"source", "credit"})
ADDRESS = re.compile(r"(https?://\S+?)([.,;:)]*)\Z")
COLUMNS = ("2", "3")
GROUP_HINT = "write each image as `![What it shows](file)`, and the caption of them all as the last paragraph"


class FigureBuilder(Inlines):
    """Builds figures."""

    def _block_figure(self, raw: Any) -> d.Block | None:
        attributes, (_short_caption, caption), content = raw
        if is_data_table(content):
            return self.data_table(raw)
        place = self.aligner.here()
        image = _only_image(content)
        if image is None:
            self.faults.error(
                place,
                "a figure holds more than one image",
                "figure-content",
                "give each image a paragraph of its own, or put them into a group: `::: {#fig-name}`",
            )
            return None
        inlines = [node for block in caption for node in block.get("c", [])]
        return self._figure(attributes, inlines, image)

    def _figure(self, attributes: Any, caption: Any, image: Any) -> d.Figure | None:
        """The figure of pandoc's `image`; `attributes` are those that stand on the figure, not on the image."""
        place = self.aligner.here()
        opened = self.aligner.open()
        words = self._line(caption)
        place = self.aligner.close(opened, place)
        (image_attributes, alternative, (target, _)) = image["c"]
        find = self._behind()
        place = self.aligner.target(target) or place
        outer = self.guard.attributes(attributes, place, find)
        inner = self.guard.attributes(image_attributes, place, find, classes=WIDTH_CLASSES, keys=FIGURE_KEYS)
        if self._notes_open:
            self.faults.error(
                place,
                "a figure stands in a note",
                "figure-in-note",
                "put it into the text, and refer to it in the note",
            )
            return None
        declared = target.removeprefix(FIGURE_SCHEME) if target.startswith(FIGURE_SCHEME) else None
        drawing = self.images.drawings.get(declared) if declared else None
        width = self._width(inner, place, find) or (drawing.width if drawing else "text")
        if not inner.alt and alternative != caption:  # so pandoc hands on the `alt` of an image with a caption
            inner = replace(inner, alt=_letters(alternative))
        built = self.images.find(target, inner, place, caption=d.plain(words), width=width)
        if built is None:
            return None
        source = inner.values.get("source") or (drawing.source if drawing else None) or ""
        credit = inner.values.get("credit") or (drawing.credit if drawing else None)
        licence = drawing.licence if drawing else None
        known = creative_commons(licence or "")
        licence = known.short if known else licence
        below = said(source, place)
        return d.Figure(place, outer.id or inner.id, built, words, declared, width, below, credit, licence)

    def _width(self, kept: Attributes, place: Place, find: Find) -> d.Width | None:
        """The width that a class gives, or None."""
        widths = [name for name in kept.classes if name in WIDTH_CLASSES]
        if len(widths) > 1:
            self.faults.error(
                find(f".{widths[1]}") or place,
                f"the figure is both `.{widths[0]}` and `.{widths[1]}`",
                "figure-width",
                "keep one of them",
            )
        return cast("d.Width", widths[0]) if widths else None

    def figure_group(self, raw: Any) -> d.Block | None:
        """The group of figures that pandoc's division `raw` (attributes and content) is, or None with a fault."""
        attributes, content = raw
        place = self.aligner.here()
        find = self._ahead()
        kept = self.guard.attributes(attributes, place, find, classes=WIDTH_CLASSES, keys=frozenset({"columns"}))
        columns = kept.values.get("columns", "")
        at = find(f"#{kept.id}") or place
        if columns and columns not in COLUMNS:
            self.faults.error(
                find("columns=") or at,
                f"`columns` is `{columns}`",
                "figure-group",
                "two or three figures stand beside each other: `columns=2` or `columns=3`",
            )
        figures: list[d.Figure] = []
        sound = True
        for block in content[:-1]:
            built = self._members(block)
            sound = sound and bool(built) and None not in built
            figures += [figure for figure in built if figure is not None]
            if not built:
                self._wrong_group(self.aligner.here(), "holds something that is no image")
                self.blocks([block])
        last = content[-1] if content else {"t": "Null"}
        if last["t"] not in ("Para", "Plain") or _members(last):
            self.blocks(content[-1:])
            self._wrong_group(at, "has no caption")
            return None
        caption = self._line(last["c"])
        if sound and len(figures) < 2:
            self._wrong_group(at, "holds fewer than two images")
        if not sound or len(figures) < 2:
            return None
        self._check_letters(figures, columns)
        width = self._width(kept, at, find) or "text"
        return d.FigureGroup(at, kept.id, tuple(figures), caption, width, (), int(columns) if columns in COLUMNS else 0)

    def _members(self, block: Any) -> tuple[d.Figure | None, ...]:
        """The figures of one block of a group; empty where it holds anything else."""
        if block["t"] == "Figure":
            built = self._block_figure(block["c"])
            if isinstance(built, d.Table):
                self._wrong_group(built.place, "holds a table")
            return (built if isinstance(built, d.Figure) else None,)
        return tuple(self._figure(["", [], []], image["c"][1], image) for image in _members(block))

    def _check_letters(self, figures: list[d.Figure], columns: str) -> None:
        """A warning for each drawn figure of a group that is set smaller than it is drawn."""
        for figure in figures:
            drawing = self.images.drawings.get(figure.figure) if figure.figure else None
            if drawing and drawing.is_drawn and (columns == "3" or not drawing.is_half):
                self.faults.warning(
                    figure.place,
                    f"the figure `{drawing.id}` is drawn wider than it is set here, and its letters are too small",
                    "figure-width",
                    "write `width: half` in its `.yaml`, and set two of them beside each other",
                )

    def _wrong_group(self, place: Place, what: str) -> None:
        self.faults.error(place, f"the group of figures {what}", "figure-group", GROUP_HINT)


def said(text: str, place: Place) -> tuple[d.Inline, ...]:
    """A source as it is written in an attribute or in YAML, as inlines; an address in it is a link."""
    built: list[d.Inline] = []
    for word in text.split():
        if built:
            built.append(d.Space(place))
        address = ADDRESS.match(word)
        if address:
            built.append(d.Link(place, address[1], (d.Text(place, address[1]),)))
        rest = address[2] if address else word
        if rest:
            built.append(d.Text(place, rest))
    return tuple(built)


def _letters(inlines: Any) -> str:
    """The words of an alternative text, which has no markup."""
    return "".join(node["c"] if node["t"] == "Str" else " " for node in inlines)


def _only_image(content: Any) -> Any:
    inlines = [node for block in content for node in block.get("c", []) if isinstance(node, dict)]
    images = [node for node in inlines if node.get("t") == "Image"]
    return images[0] if len(images) == 1 and len(inlines) == 1 else None


def _members(block: Any) -> list[Any]:
    """The images of a paragraph that holds nothing else."""
    inlines = block["c"] if block["t"] in ("Para", "Plain") else []
    images = [node for node in inlines if node["t"] == "Image"]
    spaces = [node for node in inlines if node["t"] in ("Space", "SoftBreak", "LineBreak")]
    return images if len(images) + len(spaces) == len(inlines) else []
