"""How tables are written as Typst."""

from __future__ import annotations

from impressum.core.model import document as d
from impressum.stages.convert.columns import Column, columns, in_bold, number_of, placed, without_marks
from impressum.stages.convert.output import Output, write
from impressum.stages.convert.typst import boolean, string
from impressum.stages.convert.write_blocks import blocks, has_notes
from impressum.stages.convert.write_figures import foot_of_page, list_caption, no_notes_on_own_page, stands_free
from impressum.stages.convert.write_inlines import below, inlines, line


@write.register
def _table(node: d.Table, out: Output) -> str:
    anchor = next(out.order)
    free = stands_free(node, out)
    if node.width != "text" and not free:
        out.faults.error(
            node.place,
            f"a table that is `{node.width}` stands in a list, a quotation or a box",
            "table-width",
            "put it behind that block, where it has the room, or take its width away",
        )
    if node.width == "landscape":
        no_notes_on_own_page(node, out)
    caption = line(node.caption, node.place, out)
    list_caption("table", anchor, caption, out)
    kinds = columns(node, out.words)
    with out.within(repeated_head=anchor.label):
        head = _rows(node, node.head, kinds, out)
    with out.within(repeated_head=""):
        body = _rows(node, node.body, kinds, out)
    options = [
        f"columns: ({', '.join(_column(column) for column in kinds)},)",
        f"head: ({' '.join(f'{row},' for row in head)})",
        f"foot: {node.foot}",
        f"width: {string(node.width)}",
        f"is-small: {boolean(node.small)}",
        f"floats: {boolean(free)}",
        f"has-notes: {boolean(has_notes(node))}{foot_of_page(node, out)}",
        *below("source", node.source, node.place, out),
        *below("note", node.note, node.place, out),
    ]
    rows = "".join(f",\n  {row}" for row in body)
    start = f"{string(out.scope.key)}, {string(anchor.label)}, {string(anchor.number)}, [{caption}]"
    return f"#table-block({start}, {', '.join(options)}{rows}\n)"


def _rows(table: d.Table, rows: tuple[tuple[d.Cell, ...], ...], kinds: tuple[Column, ...], out: Output) -> list[str]:
    """The rows, written in the order in which Typst sets them: a cell over several rows comes after the last."""
    in_head = bool(out.scope.repeated_head)
    written: list[dict[int, str]] = [{} for _ in rows]
    for y, x, cell in sorted(placed(rows), key=lambda one: (one[0] + one[2].rows, one[2].rows > 1, one[0], one[1])):
        last = not in_head and y >= len(rows) - table.foot
        kind = kinds[x].kind if x < len(kinds) else "words"
        written[y][x] = _cell(x, cell, out, in_numbers=kind == "numbers" and not in_head, bold=last)
    return [f"({''.join(f'{row[x]}, ' for x in sorted(row))})" for row in written]


def _cell(x: int, cell: d.Cell, out: Output, *, in_numbers: bool, bold: bool) -> str:
    options = "" if cell.align == "default" else f", align: {cell.align}"
    options += f", rows: {cell.rows}" if cell.rows > 1 else ""
    options += f", columns: {cell.columns}" if cell.columns > 1 else ""
    options += ", bold: true" if bold or in_bold(cell) else ""
    options += ", whole-rows: true" if cell.rows > 1 and has_notes(cell) else ""
    content: tuple[d.Block, ...] = cell.content
    marks: tuple[d.Inline, ...] = ()
    number = number_of(cell, out.words) if in_numbers and cell.columns == 1 else None
    if number is not None:
        content, marks = without_marks(cell)
        options += f", whole: {string(number.whole)}, rest: {string(number.rest)}"
    with out.within(in_list=True, in_cell=True):  # nothing is left free around a list in a cell
        body = blocks(content, out)
    if marks:
        options += f", marks: [{inlines(marks, out)}]"
    return f"cell({x}, [{body}]{options})"


def _column(column: Column) -> str:
    lists = ", ".join(
        f"{name}: ({''.join(f'{string(word)}, ' for word in words)})"
        for name in ("words", "pieces", "code", "head")
        for words in (getattr(column, name),)
    )
    return f"(title: {string(column.title)}, kind: {string(column.kind)}, weight: {column.weight:.4g}, {lists})"
