"""The fitting of pages from one session to the next: the first pages that are shown are fitted already."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from impressum.core.errors import Place
from impressum.core.model.fits import Fit, Fits, dumped, loaded
from impressum.core.model.manuscript import ExpectedBlock, ExpectedChapter
from impressum.preview.carried import carried
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
    return ExpectedChapter(
        str(raw["slug"]),
        (),
        (),
        (),
        {},
        blocks=tuple(map(_block, raw["blocks"])),
        items=tuple(map(_block, raw["items"])),
    )


def _block(raw: dict[str, str]) -> ExpectedBlock:
    return ExpectedBlock(raw["key"], raw["kind"], raw["id"], raw["words"], Place(""))
