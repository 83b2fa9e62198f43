"""Headings without gaps in their levels: where one is let pass, the file must have none nevertheless (PDF/UA-1)."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from impressum.model import document as d
from impressum.model.chapters import ChapterDocument


def without_gaps(document: ChapterDocument) -> ChapterDocument:
    """`document` with each heading at most one level below the one that it belongs to; itself where that is so."""
    open_levels: list[int] = []
    """The written levels of the headings that the next one may belong to."""

    def changed(value: object) -> object:
        if isinstance(value, tuple):
            made = tuple(map(changed, value))
            return value if all(new is old for new, old in zip(made, value, strict=True)) else made
        if isinstance(value, d.Heading):
            while open_levels and open_levels[-1] >= value.level:
                open_levels.pop()
            open_levels.append(value.level)
            level = min(value.level, open_levels[0] + len(open_levels) - 1)
            return value if level == value.level else replace(value, level=level)
        return d.mapped(value, changed) if isinstance(value, d.Node) else value

    blocks = cast("tuple[d.Block, ...]", changed(document.blocks))
    return document if blocks is document.blocks else replace(document, blocks=blocks)
