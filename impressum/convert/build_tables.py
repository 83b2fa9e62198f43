"""From pandoc's tables to ours."""

from __future__ import annotations

from typing import Any

from impressum.convert.inlines import Inlines
from impressum.model import document as d

ALIGNS: dict[str, d.Align] = {
    "AlignDefault": "default",
    "AlignLeft": "left",
    "AlignCenter": "center",
    "AlignRight": "right",
}


class TableBuilder(Inlines):
    """Builds tables."""

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
