"""From pandoc's JSON tree to the typed document: the allow-list, and a place on every node.

The tree is read strictly in order, for the aligner follows it through the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.stages.convert.attributes import Find, short
from impressum.stages.convert.build_boxes import BoxBuilder, without_source
from impressum.stages.convert.build_figures import FigureBuilder
from impressum.stages.convert.build_tables import TableBuilder
from impressum.stages.convert.code_languages import nearest_language, typst_name
from impressum.stages.convert.data_tables import DataTableBuilder
from impressum.stages.convert.equations import EquationBuilder, displays
from impressum.stages.convert.slips import check_list_marks, is_indented_prose
from impressum.stages.convert.sources_below import with_sources

LIST_NUMBER = re.compile(r"^[ \t>]*\(?(\d{5,})[.)]", re.MULTILINE)
LARGEST_LIST_NUMBER = 9999
HEADING_CLASSES = frozenset({"unnumbered", "unlisted", "summary"})


@dataclass
class Builder(FigureBuilder, TableBuilder, DataTableBuilder, BoxBuilder, EquationBuilder):
    """Builds the document of one chapter."""

    def blocks(self, raw: Any) -> tuple[d.Block, ...]:
        """The blocks of `raw`, in order; comments are gone, and sources are part of what they stand below."""
        built = (self.block(node) for node in raw)
        return with_sources(tuple(block for block in built if block is not None), self.faults)

    def block(self, node: Any) -> d.Block | None:
        kind = node["t"]
        build: Callable[[Any], d.Block | None] | None = getattr(self, f"_block_{kind.lower()}", None)
        if build is None:
            self._unknown(kind)
            return None
        built = build(node.get("c"))
        if isinstance(built, d.Table):
            self._check_cells(built)
        return built

    # blocks

    def _block_para(self, raw: Any, *, tight: bool = False) -> d.Block:
        check_list_marks(raw, self.aligner, self.chapter.place, self.faults)
        if displays(raw):
            return self.divided(raw, tight=tight)
        opened, expected = self.aligner.open(), self.aligner.here()
        content = self._line(raw)
        return d.Paragraph(self.aligner.close(opened, expected), content, tight)

    def _block_plain(self, raw: Any) -> d.Block:
        return self._block_para(raw, tight=True)

    def _block_header(self, raw: Any) -> d.Block:
        if self._boxes_open:
            return self._subtitle(raw)
        level, attributes, inlines = raw
        opened, expected = self.aligner.open(), self.aligner.here()
        content = self._line(inlines)
        place = self.aligner.close(opened, expected)
        kept = self.guard.attributes(attributes, place, self._behind(), classes=HEADING_CLASSES)
        numbered, listed = "unnumbered" not in kept.classes, "unlisted" not in kept.classes
        return d.Heading(place, level, kept.id, numbered, listed, content, "summary" in kept.classes)

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
                f"the list begins with the number {short(written[1] if written else str(start))}, which is too large",
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
        content, source = without_source(self.blocks(raw))
        return d.Quotation(content[0].place if content else place, content, source)

    def _block_codeblock(self, raw: Any) -> d.Block:
        attributes, text = raw
        is_prose = is_indented_prose(text, self.aligner)
        find, place = self._on_fence(attributes), self.aligner.code_block(text)
        kept = self.guard.attributes(attributes, place, find, classes=None)
        if is_prose and not kept.classes:
            self.faults.warning(
                place,
                "the paragraph is indented by four spaces, and is set as code",
                "code-indented",
                "take the spaces away, or put the code between lines of three backticks",
            )
        return d.CodeBlock(place, text, self._code_language(kept.classes[0], place, find) if kept.classes else None)

    def _on_fence(self, attributes: Any) -> Find:
        """Finds attributes on the line that opens the code, which may hold no word to go by."""
        identifier, names, _ = attributes
        fence = self.aligner.fence(self.aligner.offset(), [identifier, *names]) if identifier or names else None
        if fence is None:
            return self._ahead()
        begin, end = fence
        return lambda *texts: self.aligner.before(begin, end, texts)

    def _code_language(self, name: str, place: Place, find: Find) -> str | None:
        known = typst_name(name)
        if known is None:
            near = nearest_language(name)
            self.faults.warning(
                find(f".{name}", name) or place,
                f"the language of code `{short(name)}` is not known, and nothing of it is coloured",
                "code-language-unknown",
                f"did you mean `{near}`?" if near else "leave the name out, or write `text`",
            )
        return known or None

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


def _first(items: tuple[tuple[d.Block, ...], ...], fallback: Place) -> Place:
    return items[0][0].place if items and items[0] else fallback


def _tight(items: tuple[tuple[d.Block, ...], ...]) -> bool:
    return all(
        (isinstance(block, d.Paragraph) and block.tight) or not isinstance(block, d.Paragraph)
        for item in items
        for block in item
    )
