"""Reads pandoc's tables."""

from __future__ import annotations

from typing import Any

from impressum.core.model import document as d
from impressum.stages.convert.inlines import line, with_links
from impressum.stages.convert.input import Input, blocks, reads

ALIGNS: dict[str, d.Align] = {
    "AlignDefault": "default",
    "AlignLeft": "left",
    "AlignCenter": "center",
    "AlignRight": "right",
}
TABLE_CLASSES = frozenset({"wide", "landscape", "small"})
TABLE_KEYS = frozenset({"source", "note"})


@reads("Table")
def _table(raw: Any, src: Input) -> d.Block:
    attributes, (_, caption), columns, (_, head), bodies, (_, foot) = raw
    place = src.aligner.here()
    titled = [node for block in caption for node in block.get("c", [])]
    words = line(titled, src) if _is_next(titled, src) else ()
    find = src.behind()
    opened = src.aligner.open()
    aligns = tuple(ALIGNS[align["t"]] for align, _ in columns)
    rows_head = _rows(head, aligns, src, in_head=True)
    rows_body = _rows([row for _, _, first, rows in bodies for row in [*first, *rows]], aligns, src)
    rows_foot = _rows(foot, aligns, src)
    place = src.aligner.close(opened, place)
    if not words:
        words, find = line(titled, src), src.behind()
    kept = src.guard.attributes(attributes, place, find, classes=TABLE_CLASSES, keys=TABLE_KEYS)
    if kept.id and not words:
        message = f"the table `{kept.id}` has no caption, so it has no number to refer to"
        hint = f"write one before its name, as in `: Rivers and their lengths {{#{kept.id}}}`, or take the name out"
        src.faults.error(src.aligner.literal(f"#{kept.id}") or place, message, "table-caption", hint)
    if not any(d.plain(cell.content).strip() for row in rows_head for cell in row):
        hint = "name its columns in a first row; a screen reader reads them with each cell"
        src.faults.warning(place, "the table has no header row", "table-header", hint)
    widths = tuple(width["c"] if width["t"] == "ColWidth" else None for _, width in columns)
    table = d.Table(
        place,
        kept.id,
        words,
        aligns,
        widths,
        rows_head,
        (*rows_body, *rows_foot),
        foot=len(rows_foot),
        width=width_of(kept.classes),
        small="small" in kept.classes,
        source=with_links(kept.values.get("source", ""), find("source=") or place),
        note=with_links(kept.values.get("note", ""), find("note=") or place),
    )
    _check_cells(table, src)
    return table


def _check_cells(table: d.Table, src: Input) -> None:
    """A cell is too narrow for a box."""
    for node in d.walk((table.head, table.body)):
        if isinstance(node, d.Box):
            hint = "put it before or behind the table, or the table into the box"
            src.faults.error(node.place, "a box is in a cell of a table", "box-in-table", hint)


def _is_next(caption: Any, src: Input) -> bool:
    """Whether the caption is written before its table; it may as well follow it."""
    words = " ".join(node["c"] for node in caption if node["t"] == "Str")
    return bool(words) and src.aligner.next_is(words)


def _rows(
    raw: Any, aligns: tuple[d.Align, ...], src: Input, *, in_head: bool = False
) -> tuple[tuple[d.Cell, ...], ...]:
    """The rows of `raw`; a cell without an alignment of its own has that of its column."""
    rows: list[tuple[d.Cell, ...]] = []
    taken: set[tuple[int, int]] = set()
    for y, (_, cells) in enumerate(raw):
        row: list[d.Cell] = []
        x = 0
        for _, align, height, width, cell in cells:
            while (y, x) in taken:
                x += 1
            place = src.aligner.here()
            content = blocks([_in_line(block) for block in cell], src)
            own = ALIGNS[align["t"]]
            if own == "default":
                own = "center" if in_head and width > 1 else aligns[x] if x < len(aligns) else own
            row.append(d.Cell(content[0].place if content else place, content, own, height, width))
            taken.update((y + below, x + beside) for below in range(height) for beside in range(width))
            x += width
        rows.append(tuple(row))
    return tuple(rows)


def width_of(classes: tuple[str, ...]) -> d.Width:
    """The width that the classes of a table give it."""
    return "landscape" if "landscape" in classes else "wide" if "wide" in classes else "text"


def _in_line(block: Any) -> Any:
    """The picture of `block` alone, where pandoc takes a picture in a cell for a figure with a caption."""
    if block["t"] != "Figure":
        return block
    return block["c"][2][0] if len(block["c"][2]) == 1 else block
