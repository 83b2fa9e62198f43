"""Sources that are written below a figure or a table, as a division of their own: they become part of it."""

from __future__ import annotations

from dataclasses import replace

from impressum.core.errors import Faults
from impressum.core.model import document as d

SOURCE = "source"
HINT = "write `::: source` directly behind a figure or a table, a paragraph, and `:::`"


def with_sources(blocks: tuple[d.Block, ...], faults: Faults) -> tuple[d.Block, ...]:
    """`blocks`, each `::: source` taken in by the figure or table before it; one that follows none is a fault."""
    kept: list[d.Block] = []
    for block in blocks:
        if not (isinstance(block, d.Division) and SOURCE in block.classes):
            kept.append(block)
            continue
        before = kept[-1] if kept else None
        if not isinstance(before, d.Figure | d.FigureGroup | d.Table):
            faults.error(block.place, "a source stands behind no figure and no table", "source-stray", HINT)
        elif before.source:
            faults.error(
                block.place,
                "the figure or table before this source already has one",
                "source-stray",
                "keep one of them: the attribute `source=`, or what stands between `::: source` and `:::`",
            )
        elif len(block.content) != 1 or not isinstance(block.content[0], d.Paragraph):
            faults.error(block.place, "a source is more than one paragraph", "source-stray", HINT)
        else:
            kept[-1] = replace(before, source=block.content[0].content)
    return tuple(kept)
