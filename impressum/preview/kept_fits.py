"""The fits of pages: kept from one session to the next, and carried over edits of the text.

The keys of blocks are their numbers in a chapter, so that a paragraph that is put in moves all that follow.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from impressum.core.aligning import matching
from impressum.core.errors import Place
from impressum.core.model.fits import Fit, Fits, dumped, loaded
from impressum.core.model.manuscript import ExpectedBlock, ExpectedChapter
from impressum.system.cache import Memo

STEP = "shown-fits"


def kept_fits(memo: Memo, tag: str, chapters: Sequence[ExpectedChapter]) -> dict[str, Fit]:
    """The fits with which the edition `tag` was shown last, for its `chapters` as they are now."""
    raw = memo.get(STEP, {"edition": tag}, about=None)
    if raw is None:
        return {}
    said = json.loads(raw)
    return carried(loaded(said["fits"]), [_chapter(one) for one in said["chapters"]], chapters)


def keep_fits(memo: Memo, tag: str, fits: Fits, chapters: Sequence[ExpectedChapter]) -> None:
    """Keeps the `fits` of these chapters of the edition `tag`."""
    said = {
        "fits": dumped(fits),
        "chapters": [
            {
                "slug": chapter.slug,
                "blocks": [asdict(block) for block in chapter.blocks],
                "items": [asdict(item) for item in chapter.items],
            }
            for chapter in chapters
        ],
    }
    memo.put(STEP, {"edition": tag}, json.dumps(said).encode(), about=None)


def _chapter(raw: dict[str, list[dict[str, str]]]) -> ExpectedChapter:
    blocks, items = (tuple(map(_block, raw[name])) for name in ("blocks", "items"))
    return ExpectedChapter(str(raw["slug"]), (), (), (), {}, blocks=blocks, items=items)


def _block(raw: dict[str, str]) -> ExpectedBlock:
    return ExpectedBlock(raw["key"], raw["kind"], raw["id"], raw["words"], Place(""))


def carried(fits: Fits, before: Sequence[ExpectedChapter], now: Sequence[ExpectedChapter]) -> dict[str, Fit]:
    """`fits` of the chapters as they were `before`, for the chapters as they are `now`; what is gone is left out."""
    chapters = {chapter.slug: chapter for chapter in now}
    keys: dict[str, str] = {}
    for old in before:
        new = chapters.get(old.slug)
        if new is not None:
            blocks = _same(old.blocks, new.blocks)
            keys |= blocks
            items = _list_items(new)
            for key, own in _list_items(old).items():
                keys |= _same(own, items.get(blocks.get(key, ""), ()))
    gone = {f"{old.slug}/" for old in before if old.slug not in chapters}
    keys |= {key: key for key in fits if key.endswith("/") and key not in gone}  # of chapters as a whole
    return {keys[key]: fit for key, fit in fits.items() if key in keys}


def _list_items(chapter: ExpectedChapter) -> dict[str, tuple[ExpectedBlock, ...]]:
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
