"""How a chapter stands in its book, and what page fitting finds for it where it is set alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from impressum.core.errors import Faulty
from impressum.core.model.fits import (
    RECTO,
    Fit,
    Fits,
    LayoutReport,
    Standing,
    dumped,
    loaded,
    raise_of_the_moment,
    standing_of,
)
from impressum.core.model.manuscript import Expected, ExpectedChapter
from impressum.pipeline.fitting.chapters import first_pages
from impressum.pipeline.fitting.passes import LayingOut, Measuring, Passes, Setting


@dataclass(frozen=True)
class ChapterFits:
    """The fits that make a chapter better, what each is for, and how grave its faults were without them. `passes` is
    how often its pages were set for it, `pages` is how many there are with the fits (0: not known), `made_of` the hash
    of all that they are made of."""

    fits: Mapping[str, Fit]
    reasons: Mapping[str, str]
    weight: int
    passes: int
    pages: int = 0
    made_of: str = ""

    def as_bytes(self) -> bytes:
        """For the memo."""
        rest = [dict(self.reasons), self.weight, self.passes, self.pages, self.made_of]
        return json.dumps([dumped(self.fits), *rest]).encode()


UNFITTED = ChapterFits({}, {}, 0, 0)


def read_chapter_fits(raw: bytes) -> ChapterFits:
    """The inverse of `as_bytes`."""
    said: list[Any] = json.loads(raw)
    return ChapterFits(loaded(said[0]), *said[1:])


def fit_chapter(
    chapter: ExpectedChapter,
    requested: Fits,
    set_pages: Setting,
    lay_out: LayingOut,
    measure: Measuring,
    *,
    facing: bool = False,
) -> ChapterFits:
    """The fits of a chapter that is set alone, on pages that may be `facing`; none where it cannot be: setting the book
    reports why. Raises Faulty where Typst had too little time or memory."""
    passes = Passes(chapter, requested, set_pages, lay_out, measure, facing)
    try:
        best = passes.run()
    except Faulty as faulty:
        raise_of_the_moment(faulty)
        return UNFITTED
    return ChapterFits(
        dict(best.fits), dict(passes.reasons), passes.first_weight, passes.count, best.chapter.layout.pages
    )


def need_no_book(expected: Expected, *, sided: bool) -> bool:
    """Whether it is known without the book how its chapters stand: no page is named, and no side matters (`sided`)."""
    return not sided and not any(chapter.pages for chapter in expected.chapters)


def standings(expected: Expected, layout: LayoutReport | None, *, sided: bool) -> tuple[Standing, ...]:
    """How each chapter stands in the book of this `layout` (None: by itself), as far as that affects its fits. Where no
    page is named, it is all one on which pages it stands: moved as it is, it is fitted as before. A chapter of which
    the layout has nothing is left out."""
    begins = first_pages(layout) if layout else {}
    pages = layout.targets if layout else {}
    found = [
        (chapter, standing_of(chapter, begins.get(chapter.slug, RECTO), pages, sided=sided))
        for chapter in expected.chapters
        if chapter.blocks and (layout is None or chapter.slug in begins)
    ]
    return tuple(one if chapter.pages else replace(one, shift=0) for chapter, one in found)


def alone(expected: Expected, chapter: ExpectedChapter) -> Expected:
    """The part of `expected` that the pages of `chapter` show where it is set alone."""
    return replace(
        expected,
        title="",
        contents_title="",
        references_title="",
        index_title="",
        index=(),
        references={},
        anchors=tuple(anchor for anchor in expected.anchors if anchor.chapter == chapter.slug),
        chapters=(chapter,),
        blurb=(),
        barcode="",
    )
