"""How tables are written."""

from __future__ import annotations

from impressum.convert.typst import columns, string
from impressum.convert.write_blocks import BlockWriter
from impressum.model import document as d


class TableWriter(BlockWriter):
    """Writes tables with their captions, cell by cell."""

    def _table(self, node: d.Table) -> str:
        anchor = next(self._order)
        self._before = ""
        self._mean(node.caption, node.place)
        caption = self.inlines(node.caption)
        widths = ", ".join(columns(node))
        head = ", ".join(self._cell(cell) for row in node.head for cell in row)
        rows = ",\n  ".join(", ".join(self._cell(cell) for cell in row) for row in node.body)
        return (
            f"#table-block({string(anchor.label)}, {string(anchor.number)}, [{caption}], columns: ({widths},),\n"
            f"  head: ({head},), \n  {rows}\n)"
        )

    def _cell(self, cell: d.Cell) -> str:
        align = "" if cell.align == "default" else f"align: {cell.align}, "
        spans = (f"rowspan: {cell.rows}, " if cell.rows > 1 else "") + (
            f"colspan: {cell.columns}, " if cell.columns > 1 else ""
        )
        return f"table.cell({align}{spans}[{self.blocks(cell.content)}])"
