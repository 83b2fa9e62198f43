"""How blocks are written: paragraphs, headings, lists, quotations, code, divisions."""

from __future__ import annotations

from impressum.convert.typst import boolean, language_options, string
from impressum.convert.write_inlines import InlineWriter
from impressum.model import document as d
from impressum.model.meant import MeantText


class BlockWriter(InlineWriter):
    """Writes blocks of text."""

    def blocks(self, blocks: tuple[d.Block, ...]) -> str:
        """`blocks`, one after the other."""
        return "\n\n".join(self._at(block.place) + self.block(block) for block in blocks)

    def _paragraph(self, node: d.Paragraph) -> str:
        self._before = ""
        self._mean(node.content, node.place)
        return self.inlines(node.content)

    def _heading(self, node: d.Heading) -> str:
        anchor = next(self._order)
        self._before = ""
        self._mean(node.content, node.place)
        self._in_heading = True
        title = self.inlines(node.content)
        self._in_heading = False
        listed = "true" if node.listed else "false"
        name = "chapter-title" if node.level == 1 else "section-title"
        level = "" if node.level == 1 else f"{node.level}, "
        return f"#{name}({level}{string(anchor.label)}, {string(anchor.number)}, [{title}], listed: {listed})"

    def _bulletlist(self, node: d.BulletList) -> str:
        items = ", ".join(f"[{self.blocks(item)}]" for item in node.items)
        return f"#bullets({string(self.key)}, tight: {boolean(node.tight)}, {items})"

    def _orderedlist(self, node: d.OrderedList) -> str:
        items = ", ".join(f"[{self.blocks(item)}]" for item in node.items)
        start = f"start: {node.start}, numbering: {string(node.numbering)}, tight: {boolean(node.tight)}"
        return f"#numbered({string(self.key)}, {start}, {items})"

    def _definitionlist(self, node: d.DefinitionList) -> str:
        items = []
        for term, content in node.items:
            self._before = ""
            self._mean(term, node.place)
            items.append(f"terms.item([{self.inlines(term)}], [{self.blocks(content)}])")
        return f"#terms({', '.join(items)})"

    def _quotation(self, node: d.Quotation) -> str:
        return f"#quotation[\n{self.blocks(node.content)}\n]"

    def _codeblock(self, node: d.CodeBlock) -> str:
        language = f"lang: {string(node.language)}, " if node.language else ""
        self.made_texts.append(MeantText(node.text, node.place))
        return f"#code-block({language}{string(node.text)})"

    def _lineblock(self, node: d.LineBlock) -> str:
        lines = []
        for line in node.lines:
            self._before = ""
            self._mean(line, node.place)
            lines.append(f"[{self.inlines(line)}]")
        return f"#line-block({', '.join(lines)},)"

    def _rule(self, _node: d.Rule) -> str:
        return "#thought-break()"

    def _division(self, node: d.Division) -> str:
        content = self.blocks(node.content)
        if node.language:
            return f"#block(text({language_options(node.language)})[\n{content}\n])"
        label = f"#metadata(none){self._label(node.id)}\n" if node.id else ""
        return f"{label}{content}"

    def _rawtypst(self, node: d.RawTypst) -> str:
        return node.code
