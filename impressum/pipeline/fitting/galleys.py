"""How a chapter stands in its book, and what page fitting finds for it where it is set alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from impressum.core.errors import Faulty
from impressum.core.model.fits import ChapterContext, Fit, Fits, LayoutReport, dumped, loaded
from impressum.core.model.manuscript import Expected, ExpectedChapter
from impressum.pipeline.fitting.chapters import chapter_of
from impressum.pipeline.fitting.passes import Measuring, Passes, Setting, Telling, raise_of_the_moment

DIGITS = re.compile(r"\d+")
VERSO, RECTO = 2, 3
"""The pages on which a chapter begins that is set alone: before it are a page for the cover, and a blank one."""


@dataclass(frozen=True)
class ChapterFits:
    """The fits that make a chapter better, what each is for, and how grave its faults were without them.

    `passes` is how often its pages were set for it.
    """

    fits: Mapping[str, Fit]
    reasons: Mapping[str, str]
    weight: int
    passes: int

    def as_bytes(self) -> bytes:
        """For the memo."""
        return json.dumps([dumped(self.fits), dict(self.reasons), self.weight, self.passes]).encode()


UNFITTED = ChapterFits({}, {}, 0, 0)


def read_chapter_fits(raw: bytes) -> ChapterFits:
    """What `as_bytes` gave."""
    said: list[Any] = json.loads(raw)
    return ChapterFits(loaded(said[0]), said[1], said[2], said[3])


def fit_chapter(
    chapter: ExpectedChapter, requested: Fits, set_pages: Setting, tell: Telling, measure: Measuring
) -> ChapterFits:
    """The fits of a chapter that is set alone; none where it cannot be: the book will tell why.

    Raises Faulty where Typst had too little time or memory.
    """
    passes = Passes(chapter, requested, set_pages, tell, measure)
    try:
        best = passes.run()
    except Faulty as faulty:
        raise_of_the_moment(faulty)
        return UNFITTED
    return ChapterFits(dict(best.fits), dict(passes.reasons), passes.first_weight, passes.count)


def need_no_book(expected: Expected, *, sided: bool) -> bool:
    """Whether it is known without the book how its chapters stand: no page is named, and no side matters (`sided`)."""
    return not sided and not any(chapter.pages for chapter in expected.chapters)


def chapter_contexts(expected: Expected, layout: LayoutReport | None, *, sided: bool) -> tuple[ChapterContext, ...]:
    """How each chapter stands in the book that tells this of itself (None where they stand by themselves).

    One of which nothing is told is left out.
    """
    begins: dict[str, int] = {}
    for extent in layout.blocks if layout else ():
        slug = chapter_of(extent.key)
        begins[slug] = min(begins.get(slug, extent.last.page), extent.last.page)
    return tuple(
        _context(chapter, begins.get(chapter.slug, RECTO), layout.targets if layout else {}, sided=sided)
        for chapter in expected.chapters
        if chapter.blocks and (layout is None or chapter.slug in begins)
    )


def _context(chapter: ExpectedChapter, page: int, targets: Mapping[str, int], *, sided: bool) -> ChapterContext:
    alone = RECTO if page % 2 or not sided else VERSO
    named = {one.label for one in chapter.pages}
    foreign = {label: targets[label] for label in named if not _is_own(label, chapter) and label in targets}
    # Where no page is named, it is all one on which pages it stands: moved as it is, it is fitted as before.
    shift = page - alone if named else 0
    marks = [int(found[0]) for note in chapter.notes if (found := DIGITS.fullmatch(note.mark))]
    return ChapterContext(chapter.slug, alone, shift, marks[0] - 1 if marks else 0, foreign)


def _is_own(label: str, chapter: ExpectedChapter) -> bool:
    return label.startswith(f"{chapter.slug}/")


def alone(expected: Expected, chapter: ExpectedChapter) -> Expected:
    """What is meant to stand on the pages of `chapter` where it is set alone."""
    return replace(
        expected,
        contents_title="",
        references_title="",
        references={},
        anchors=tuple(anchor for anchor in expected.anchors if anchor.chapter == chapter.slug),
        chapters=(chapter,),
        blurb=(),
        barcode="",
    )
