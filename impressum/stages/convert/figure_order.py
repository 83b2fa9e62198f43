"""Which figures and tables go to the foot of a page, so that they stand in the order of their numbers.

One that floats goes to the head of a page, which may be the page where it is written. There it would stand above one
that stays in the text before it, as those with notes do, or above one that waits for the foot of that page. So behind
these it goes to the foot, until a page of text lies between. This is decided here and not by the pages, on which it
would depend in its turn.
"""

from __future__ import annotations

from collections.abc import Iterator

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.stages.convert.write_blocks import stands_apart

NEAR = 1800
"""Letters of text that surely fill the rest of a page on which a figure stands."""


def at_the_foot(blocks: tuple[d.Block, ...]) -> frozenset[Place]:
    """The places of the figures and tables of a chapter that go to the foot of a page."""
    found: set[Place] = set()
    letters = dict.fromkeys((d.Figure, d.Table), NEAR)
    for block in in_the_text(blocks):
        kind = d.Table if isinstance(block, d.Table) else d.Figure
        if not isinstance(block, d.Figure | d.FigureGroup | d.Table):
            length = len(d.plain(block))
            letters = {one: count + length for one, count in letters.items()}
        elif (isinstance(block, d.Table) and not block.caption) or block.width in ("page", "landscape"):
            continue
        elif stands_apart(block):
            letters[kind] = 0
        elif letters[kind] < NEAR:
            found.add(block.place)
            letters[kind] = 0
    return frozenset(found)


def in_the_text(blocks: tuple[d.Block, ...]) -> Iterator[d.Block]:
    """The blocks that stand in the text of the chapter, those of its divisions too."""
    for block in blocks:
        if isinstance(block, d.Division):
            yield from in_the_text(block.content)
        else:
            yield block
