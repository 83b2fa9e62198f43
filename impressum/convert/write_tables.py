"""How tables are written."""

from __future__ import annotations

from dataclasses import replace

from impressum.convert.columns import Column, columns, in_bold, number_of, placed, without_marks
from impressum.convert.typst import boolean, string
from impressum.convert.write_blocks import BlockWriter
from impressum.convert.write_figures import FigureWriter
from impressum.model import document as d
from impressum.model.meant import MeantText


class TableWriter(FigureWriter, BlockWriter):
    """Writes tables with their captions, cell by cell."""

    _head_of: str = ""
    """The label of the table whose header is being written, which may be printed again on the next page."""

    def _table(self, node: d.Table) -> str:
        anchor = next(self._order)
        self._before = ""
        free = self.stands_free(node)
        if node.width != "text" and not free:
            self.faults.error(
                node.place,
                f"a table that is `{node.width}` stands in a list, a quotation or a box",
                "table-width",
                "put it behind that block, where it has the room, or take its width away",
            )
        if node.width == "landscape":
            self.no_notes_on_own_page(node)
        caption = self._caption(node.caption, node.place)
        kinds = columns(node, self.words)
        self._head_of = anchor.label
        head = self._rows(node, node.head, kinds)
        self._head_of = ""
        body = self._rows(node, node.body, kinds)
        options = [
            f"columns: ({', '.join(_column(column) for column in kinds)},)",
            f"head: ({' '.join(f'{row},' for row in head)})",
            f"foot: {node.foot}",
            f"width: {string(node.width)}",
            f"is-small: {boolean(node.small)}",
            f"floats: {boolean(free)}",
            f"has-notes: {boolean(_has_notes(node))}{self.foot_of_page(node)}",
            *self._below("source", node.source, node),
            *self._below("note", node.note, node),
        ]
        rows = "".join(f",\n  {row}" for row in body)
        start = f"{string(self.key)}, {string(anchor.label)}, {string(anchor.number)}, [{caption}]"
        return f"#table-block({start}, {', '.join(options)}{rows}\n)"

    def _below(self, word: str, content: tuple[d.Inline, ...], node: d.Table) -> list[str]:
        """The option for the source or the note below the table, which is meant to be printed too."""
        if not content:
            return []
        words = f"{self.words[word]}{self.words['colon']} "
        self.made_texts.append(MeantText(words + d.plain(content), node.place))
        self._before = words
        return [f"{word}: [{self.inlines(content)}]"]

    def _rows(self, table: d.Table, rows: tuple[tuple[d.Cell, ...], ...], kinds: tuple[Column, ...]) -> list[str]:
        """The rows, written in the order in which Typst sets them: a cell over several rows comes after the last."""
        written: list[dict[int, str]] = [{} for _ in rows]
        for y, x, cell in sorted(placed(rows), key=lambda one: (one[0] + one[2].rows, one[2].rows > 1, one[0], one[1])):
            last = not self._head_of and y >= len(rows) - table.foot
            kind = kinds[x].kind if x < len(kinds) else "words"
            written[y][x] = self._cell(x, cell, in_numbers=kind == "numbers" and not self._head_of, bold=last)
        return [f"({''.join(f'{row[x]}, ' for x in sorted(row))})" for row in written]

    def _cell(self, x: int, cell: d.Cell, *, in_numbers: bool, bold: bool) -> str:
        options = "" if cell.align == "default" else f", align: {cell.align}"
        options += f", rows: {cell.rows}" if cell.rows > 1 else ""
        options += f", columns: {cell.columns}" if cell.columns > 1 else ""
        options += ", bold: true" if bold or in_bold(cell) else ""
        options += ", whole-rows: true" if cell.rows > 1 and _has_notes(cell) else ""
        content: tuple[d.Block, ...] = cell.content
        marks: tuple[d.Inline, ...] = ()
        number = number_of(cell, self.words) if in_numbers and cell.columns == 1 else None
        if number is not None:
            content, marks = without_marks(cell)
            options += f", whole: {string(number.whole)}, rest: {string(number.rest)}"
        self._lists_open += 1  # nothing is left free around a list in a cell
        body = self.blocks(content)
        self._lists_open -= 1
        if marks:
            options += f", marks: [{self.inlines(marks)}]"
        return f"cell({x}, [{body}]{options})"

    def _inline_note(self, node: d.Note) -> str:
        return self._once(super()._inline_note(node))

    def _inline_span(self, node: d.Span) -> str:
        if not (self._head_of and node.id):
            return super()._inline_span(node)
        name = self._once(f"#metadata(none){self._label(node.id)}")
        return name + super()._inline_span(replace(node, id=""))

    def _once(self, written: str) -> str:
        """What must not stand again where the header of a table is repeated."""
        return f"#once({string(self._head_of)})[{written}]" if self._head_of else written


def _has_notes(node: d.Node) -> bool:
    return any(isinstance(one, d.Note) for one in d.without_words(node))


def _column(column: Column) -> str:
    lists = ", ".join(
        f"{name}: ({''.join(f'{string(word)}, ' for word in words)})"
        for name, words in (("words", column.words), ("pieces", column.pieces), ("head", column.head))
    )
    return f"(title: {string(column.title)}, kind: {string(column.kind)}, weight: {column.weight:.4g}, {lists})"
