"""From pandoc's JSON tree to the typed document: the allow-list, and a place on every node.

The tree is read strictly in order, for the aligner follows it through the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from impressum.convert.attributes import _short
from impressum.convert.inlines import Inlines
from impressum.errors import Place
from impressum.model import document as d

ALIGNS: dict[str, d.Align] = {
    "AlignDefault": "default",
    "AlignLeft": "left",
    "AlignCenter": "center",
    "AlignRight": "right",
}
LIST_NUMBER = re.compile(r"^[ \t>]*\(?(\d{5,})[.)]", re.MULTILINE)
BLOCK_CLASSES = frozenset({"references", "csl-entry", "csl-bib-body", "hanging-indent", "line-block"})
FIGURE_SCHEME = "figure:"
LARGEST_LIST_NUMBER = 9999


@dataclass
class Builder(Inlines):
    """Builds the document of one chapter."""

    def blocks(self, raw: Any) -> tuple[d.Block, ...]:
        """The blocks of `raw`, in order; comments are gone."""
        built = (self.block(node) for node in raw)
        return tuple(block for block in built if block is not None)

    def block(self, node: Any) -> d.Block | None:
        kind = node["t"]
        build: Callable[[Any], d.Block | None] | None = getattr(self, f"_block_{kind.lower()}", None)
        if build is None:
            self._unknown(kind)
            return None
        return build(node.get("c"))

    # blocks

    def _block_para(self, raw: Any, *, tight: bool = False) -> d.Block:
        opened, expected = self.aligner.open(), self.aligner.here()
        content = self._line(raw)
        return d.Paragraph(self.aligner.close(opened, expected), content, tight)

    def _block_plain(self, raw: Any) -> d.Block:
        return self._block_para(raw, tight=True)

    def _block_header(self, raw: Any) -> d.Block:
        level, attributes, inlines = raw
        opened, expected = self.aligner.open(), self.aligner.here()
        content = self._line(inlines)
        place = self.aligner.close(opened, expected)
        kept = self.guard.attributes(attributes, place, self._behind())
        return d.Heading(
            place, level, kept.id, "unnumbered" not in kept.classes, "unlisted" not in kept.classes, content
        )

    def _block_bulletlist(self, raw: Any) -> d.Block:
        place = self.aligner.here()
        items = tuple(self.blocks(item) for item in raw)
        return d.BulletList(_first(items, place), items, _tight(items))

    def _block_orderedlist(self, raw: Any) -> d.Block:
        (start, style, delimiter), content = raw
        place = self.aligner.here()
        if start > LARGEST_LIST_NUMBER or start < 0:
            written = self.aligner.pattern(LIST_NUMBER)  # pandoc's own number has overflowed
            self.faults.error(
                self.chapter.place(written.start(1), written[1]) if written else place,
                f"the list begins with the number {_short(written[1] if written else str(start))}, which is too large",
                "list-number",
                "begin it with a number up to 9999; if it is no list, write a backslash before the point",
            )
            start = 1
        letter = {"LowerAlpha": "a", "UpperAlpha": "A", "LowerRoman": "i", "UpperRoman": "I"}.get(style["t"], "1")
        pattern = {"OneParen": f"{letter})", "TwoParens": f"({letter})"}.get(delimiter["t"], f"{letter}.")
        items = tuple(self.blocks(item) for item in content)
        return d.OrderedList(_first(items, place), start, pattern, items, _tight(items))

    def _block_definitionlist(self, raw: Any) -> d.Block:
        place = self.aligner.here()
        items = []
        for term, definitions in raw:
            words = self._line(term)
            items.append((words, tuple(block for definition in definitions for block in self.blocks(definition))))
        return d.DefinitionList(place, tuple(items))

    def _block_blockquote(self, raw: Any) -> d.Block:
        place = self.aligner.here()
        content = self.blocks(raw)
        return d.Quotation(content[0].place if content else place, content)

    def _block_codeblock(self, raw: Any) -> d.Block:
        attributes, text = raw
        find = self._ahead()
        place = self.aligner.words(text)
        kept = self.guard.attributes(attributes, place, find, classes=None)
        return d.CodeBlock(place, text, kept.classes[0] if kept.classes else None)

    def _block_lineblock(self, raw: Any) -> d.Block:
        place = self.aligner.here()
        lines = tuple(self._line(line) for line in raw)
        return d.LineBlock(place, lines)

    def _block_horizontalrule(self, _raw: Any) -> d.Block:
        return d.Rule(self.aligner.here())

    def _block_rawblock(self, raw: Any) -> d.Block | None:
        form, code = raw
        built = self._raw(form, code)
        if isinstance(built, d.RawTypst):
            return d.RawTypst(built.place, built.code, block=True)
        return d.Paragraph(built.place, (built,)) if built else None

    def _block_div(self, raw: Any) -> d.Block:
        attributes, content = raw
        place = self.aligner.here()
        kept = self.guard.attributes(attributes, place, self._ahead(), classes=BLOCK_CLASSES)
        blocks = self.blocks(content)
        return d.Division(blocks[0].place if blocks else place, kept.id, kept.classes, kept.language, blocks)

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

    def _block_table(self, raw: Any) -> d.Block:
        attributes, (_, caption), columns, (_, head), bodies, (_, foot) = raw
        place = self.aligner.here()
        titled = [node for block in caption for node in block.get("c", [])]
        words = self._line(titled) if self._is_next(titled) else ()
        find = self._behind()
        opened = self.aligner.open()
        rows_head = tuple(self._row(row, columns) for row in head)
        rows_body = tuple(
            self._row(row, columns) for _, _, inner_head, inner in bodies for row in [*inner_head, *inner]
        ) + tuple(self._row(row, columns) for row in foot)
        place = self.aligner.close(opened, place)
        if not words:
            words, find = self._line(titled), self._behind()
        kept = self.guard.attributes(attributes, place, find)
        if not any(d.plain(cell.content).strip() for row in rows_head for cell in row):
            self.faults.error(
                place,
                "the table has no header row",
                "table-header",
                "name its columns in a first row; a screen reader reads them with each cell",
            )
        widths = tuple(w["c"] if w["t"] == "ColWidth" else None for _, w in columns)
        aligns = tuple(ALIGNS[a["t"]] for a, _ in columns)
        return d.Table(place, kept.id, words, aligns, widths, rows_head, rows_body)

    def _is_next(self, caption: Any) -> bool:
        """Whether the caption stands before its table, where it may stand as well as after it."""
        words = " ".join(node["c"] for node in caption if node["t"] == "Str")
        return bool(words) and self.aligner.next_is(words)

    def _row(self, raw: Any, columns: Any) -> tuple[d.Cell, ...]:
        cells = []
        for index, (_, align, rows, spans, content) in enumerate(raw[1]):
            place = self.aligner.here()
            blocks = self.blocks(content)
            own: d.Align = ALIGNS[align["t"]]
            if own == "default" and index < len(columns):
                own = ALIGNS[columns[index][0]["t"]]
            cells.append(d.Cell(blocks[0].place if blocks else place, blocks, own, rows, spans))
        return tuple(cells)


def _only_image(content: Any) -> Any:
    inlines = [node for block in content for node in block.get("c", []) if isinstance(node, dict)]
    images = [node for node in inlines if node.get("t") == "Image"]
    return images[0] if len(images) == 1 and len(inlines) == 1 else None


def _first(items: tuple[tuple[d.Block, ...], ...], fallback: Place) -> Place:
    return items[0][0].place if items and items[0] else fallback


def _tight(items: tuple[tuple[d.Block, ...], ...]) -> bool:
    return all(
        (isinstance(block, d.Paragraph) and block.tight) or not isinstance(block, d.Paragraph)
        for item in items
        for block in item
    )
