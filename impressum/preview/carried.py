"""Brings the fitting of pages over an edit: what was asked of a block is asked of the same block again.

The keys of blocks are their numbers in a chapter, so that a paragraph that is put in moves all that follow.
"""

from __future__ import annotations

from collections.abc import Sequence

from impressum.core.aligning import matching
from impressum.core.model.fits import Fit, Fits
from impressum.core.model.manuscript import ExpectedBlock, ExpectedChapter


def carried(fits: Fits, before: Sequence[ExpectedChapter], now: Sequence[ExpectedChapter]) -> dict[str, Fit]:
    """`fits` of the chapters as they were `before`, for the chapters as they are `now`; what is gone is left out."""
    chapters = {chapter.slug: chapter for chapter in now}
    keys: dict[str, str] = {}
    for old in before:
        new = chapters.get(old.slug)
        if new is not None:
            blocks = _same(old.blocks, new.blocks)
            keys |= blocks
            items = _items(new)
            for key, own in _items(old).items():
                keys |= _same(own, items.get(blocks.get(key, ""), ()))
    return {keys[key]: fit for key, fit in fits.items() if key in keys}


def _items(chapter: ExpectedChapter) -> dict[str, tuple[ExpectedBlock, ...]]:
    """The items of each list of `chapter`, by its key."""
    found: dict[str, tuple[ExpectedBlock, ...]] = {}
    for item in chapter.items:
        own = item.key.rpartition(".")[0]
        found[own] = (*found.get(own, ()), item)
    return found


def _same(before: Sequence[ExpectedBlock], now: Sequence[ExpectedBlock]) -> dict[str, str]:
    """The key of each block as it was `before`, and as it is `now`."""
    names = [[block.id or f"{block.kind} {block.words}" for block in blocks] for blocks in (before, now)]
    found: dict[str, str] = {}
    for one, two, _ in matching(*names):  # of one that is not equal the first words have changed
        if before[one].kind == now[two].kind:
            found[before[one].key] = now[two].key
    return found
