"""What stands alone at the head or the foot of a page."""

from __future__ import annotations

from itertools import pairwise

from impressum.stages.verify.evidence import shown
from impressum.stages.verify.typography.layout import Layout
from impressum.stages.verify.typography.passages import NOTE

LEAST_AT_END = 5
LEAST_OF_NOTE = 2
UNCOUNTED = frozenset({"figure", "figuregroup", "table", "equation"})
"""Blocks that fill a page with more than lines."""
HYPHEN = "\ufffe-\u2010"
FITTING = "make this paragraph, or one before it on its page, a line shorter or longer"


def check_page_turns(layout: Layout) -> None:
    """No line of a paragraph is alone on its page, and no word is divided over two."""
    faults = layout.evidence.faults
    for passage in layout.running():
        pages = passage.pages
        for page, after in pairwise(pages):
            last, first = passage.on(page)[-1], passage.on(after)[0]
            if page == pages[0] and len(passage.on(page)) == 1:
                faults.warning(
                    passage.place,
                    f"the first line of a paragraph, {shown(last.words)}, stands alone at the foot of page {page}",
                    "page-orphan",
                    FITTING,
                )
            if after == pages[-1] and len(passage.on(after)) == 1:
                faults.warning(
                    passage.place,
                    f"the last line of a paragraph, {shown(first.words)}, stands alone at the top of page {after}",
                    "page-widow",
                    FITTING,
                )
            if last.hyphenated:
                word = f"{last.text.split()[-1].rstrip(HYPHEN)}-"
                faults.warning(
                    passage.place,
                    f"`{word}` at the foot of page {page} goes on as `{first.words.split()[0]}` on page {after}",
                    "page-hyphen",
                    FITTING,
                )


def check_chapter_ends(layout: Layout) -> None:
    """The last page of a chapter that has more than one holds five lines at least."""
    for chapter, page in layout.ends.items():
        own = [passage for _, passage in layout.on(page) if passage.kind != NOTE]
        if not own or page == layout.begins(chapter) or layout.foot(page) is None:
            continue
        if any(passage.kind in UNCOUNTED or passage.chapter != chapter for passage in own):
            continue
        lines = len(layout.lines(page))
        if lines < LEAST_AT_END:
            layout.evidence.faults.warning(
                own[-1].place,
                f"page {page}, the last one of its chapter, holds only {lines} line{'' if lines == 1 else 's'}",
                "chapter-end",
                f"make paragraphs of the chapter shorter by {lines} line{'' if lines == 1 else 's'} in all, or longer "
                f"by {LEAST_AT_END - lines}",
            )


def check_notes_over_pages(layout: Layout) -> None:
    """A note that goes on over a page has two lines on each side at least."""
    for note in layout.notes:
        pages = note.pages
        for page, after in pairwise(pages):
            least = min(len(note.on(page)), len(note.on(after)))
            if least < LEAST_OF_NOTE:
                where = page if len(note.on(page)) == least else after
                layout.evidence.faults.warning(
                    note.place,
                    f"the note {shown(' '.join(note.words))} goes on from page {page} to page {after}, with only one "
                    f"line on page {where}",
                    "note-split",
                    FITTING,
                )
