"""Headings without gaps in their levels: where one is let pass, the file must have none nevertheless (PDF/UA-1)."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from impressum.core.model import document as d
from impressum.core.model.manuscript import ChapterDocument


def without_gaps(document: ChapterDocument) -> ChapterDocument:
    """`document` with each heading at most one level below the one that it belongs to; itself where that is so."""
    headings = [node for node in d.without_words(document.blocks) if isinstance(node, d.Heading)]
    levels = _levels([heading.level for heading in headings])
    if levels == [heading.level for heading in headings]:
        return document
    new = {id(heading): level for heading, level in zip(headings, levels, strict=True)}

    def changed(value: object) -> object:
        if isinstance(value, tuple):
            return tuple(map(changed, value))
        if isinstance(value, d.Heading):
            return replace(value, level=new[id(value)])
        return d.mapped(value, changed) if isinstance(value, d.Node) else value

    return replace(document, blocks=cast("tuple[d.Block, ...]", changed(document.blocks)))


def _levels(written: list[int]) -> list[int]:
    found: list[int] = []
    belongs_to: list[int] = []
    """The written levels of the headings that the next one may belong to."""
    for level in written:
        while belongs_to and belongs_to[-1] >= level:
            belongs_to.pop()
        belongs_to.append(level)
        found.append(min(level, belongs_to[0] + len(belongs_to) - 1))
    return found
