"""Where text breaks: words over lines, paragraphs and notes over pages, the ends of paragraphs and chapters."""

from __future__ import annotations

import re
from itertools import pairwise

from impressum.core.errors import count_of
from impressum.core.model.fits import LEAST_AT_END
from impressum.stages.verify.evidence import shown
from impressum.stages.verify.typography.layout import HYPHENS, NOTE, Layout, PrintedPassage, TypeLine

LEAST_OF_NOTE = 2
UNCOUNTED = frozenset({"figure", "figuregroup", "table", "equation"})
"""Blocks that fill a page with more than lines."""
FITTING = "make this paragraph, or one before it on its page, a line shorter or longer"
LEAST_BEFORE, LEAST_AFTER = 2, 3
LEAST_AFTER_BY_LANGUAGE = dict.fromkeys("de sr hr bs mk it es pl sq".split(), 2)
"""Languages whose own rules take two letters over: what Typst does there is no slip."""
MOST_IN_A_ROW = 2
MOST_IN_A_ROW_GERMAN = 3
LEAST_INDENT = 2.0
BEFORE = re.compile(r"([^\W\d_]+)[\ufffe\u2010-]$")
AFTER = re.compile(r"[^\W\d_]+")
DIGRAPHS = (("l", "j"), ("n", "j"), ("d", "ž"))
DIGRAPHS_OF = ("sr", "hr", "bs")
TWO_LETTERS = re.compile(r"injek|konjun|konjug|(?:na|o|po|pre)dž", re.IGNORECASE)
"""Words in which n and j, or d and ž, are two letters."""


def check_page_turns(layout: Layout) -> None:
    """No line of a paragraph is alone on its page, and no word is divided over two."""
    faults = layout.evidence.faults
    for passage in layout.running():
        pages = passage.pages
        for page, after in pairwise(pages):
            last, first = passage.on(page)[-1], passage.on(after)[0]
            if page == pages[0] and len(passage.on(page)) == 1:
                message = f"the first line of a paragraph, {shown(last.words)}, stands alone at the foot of page {page}"
                faults.warning(passage.place, message, "page-orphan", FITTING)
            if after == pages[-1] and len(passage.on(after)) == 1:
                message = f"the last line of a paragraph, {shown(first.words)}, stands alone at the top of page {after}"
                faults.warning(passage.place, message, "page-widow", FITTING)
            if last.hyphenated:
                word, rest = last.text.split()[-1].rstrip("".join(HYPHENS)), first.words.split()[0]
                message = f"`{word}-` at the foot of page {page} goes on as `{rest}` on page {after}"
                joint = "" if passage.divides(last, first) else last.words[-1]
                faults.warning(passage.place, message, "page-hyphen", FITTING, f"{word}{joint}{rest}")


def check_chapter_ends(layout: Layout) -> None:
    """The last page of a chapter that has more than one holds twelve lines at least."""
    for chapter, page in layout.ends.items():
        own = [passage for _, passage in layout.on(page) if passage.kind != NOTE]
        if not own or page == layout.begins(chapter) or layout.foot(page) is None:
            continue
        if any(passage.kind in UNCOUNTED or passage.chapter != chapter for passage in own):
            continue
        lines = len(layout.lines(page))
        if lines < LEAST_AT_END:
            message = f"page {page}, the last one of its chapter, holds only {count_of(lines, 'line')}"
            hint = f"make paragraphs of the chapter shorter by {count_of(lines, 'line')} in all, "
            hint += f"or longer by {LEAST_AT_END - lines}, or move a figure: `lines` and `place` in layout.yaml"
            layout.evidence.faults.warning(own[-1].place, message, "chapter-end", hint)


def check_notes_over_pages(layout: Layout) -> None:
    """A note that goes on over a page has two lines on each side at least."""
    for note in layout.notes:
        pages = note.pages
        for page, after in pairwise(pages):
            least = min(len(note.on(page)), len(note.on(after)))
            if least < LEAST_OF_NOTE:
                where = page if len(note.on(page)) == least else after
                message = (
                    f"the note {shown(' '.join(note.words))} goes on from page {page} to page {after}, with only one "
                    f"line on page {where}"
                )
                layout.evidence.faults.warning(note.place, message, "note-split", FITTING)


def check_paragraph_ends(layout: Layout) -> None:
    """The last line of a paragraph is longer than the indent below it, and more than the end of a word."""
    for passage, after in pairwise(layout.body()):
        if len(passage.rows) < 2:
            continue
        before, last = passage.rows[-2:]
        left = layout.lefts.get(last.page, last.left)
        indent = after.rows[0].left - layout.lefts.get(after.rows[0].page, after.rows[0].left)
        follows = after.block == passage.block + 1 and after.chapter == passage.chapter and indent > LEAST_INDENT
        if passage.divides(before, last) and len(last.text.split()) == 1:
            message = f"the paragraph ends on page {last.page} with `{last.words}`, the rest of a word"
        elif follows and last.right - left < indent:
            message = f"the last line of the paragraph, `{last.words}` on page {last.page}, "
            message += "is shorter than the indent below"
        else:
            continue
        hint = "add a word or take one out, so that the last line grows or is drawn in"
        layout.evidence.faults.warning(passage.place, message, "paragraph-end", hint)


def check_hyphens(layout: Layout) -> None:
    """How words are divided, and how many lines in a row end with a hyphen."""
    for passage in layout.running():
        language = _language(layout, passage)
        for row, after in pairwise(passage.rows):
            if passage.divides(row, after):
                _check_division(layout, passage, row, after, language)
        _check_ladder(layout, passage, MOST_IN_A_ROW_GERMAN if language == "de" else MOST_IN_A_ROW)


def _check_division(layout: Layout, passage: PrintedPassage, row: TypeLine, after: TypeLine, language: str) -> None:
    head, tail = BEFORE.search(row.text), AFTER.match(after.text)
    if head is None or tail is None:
        return
    ends, goes_on = head[1], tail[0]
    found = ""
    least = LEAST_AFTER_BY_LANGUAGE.get(language, LEAST_AFTER)
    if len(ends) < LEAST_BEFORE or len(goes_on) < least:
        found = f"with fewer than {LEAST_BEFORE} letters before the hyphen or {least} after it"
    elif language in DIGRAPHS_OF and _is_in_letter(ends, goes_on):
        found = "inside a letter"
    if found:
        message = f"`{ends}-{goes_on}` on page {row.page} is divided {found}"
        hint = "write a soft hyphen (`&shy;`) where it may be divided, or change a word near it"
        layout.evidence.faults.warning(passage.place, message, "type-hyphens", hint)


def _language(layout: Layout, passage: PrintedPassage) -> str:
    """The language of the chapter that a passage is of, without its script."""
    expected = layout.evidence.expected
    return (expected.chapters[passage.chapter].language or expected.language).partition("-")[0]


def _is_in_letter(ends: str, goes_on: str) -> bool:
    """Whether the hyphen splits a digraph: `lj`, `nj`, `dž`."""
    return (ends[-1].lower(), goes_on[0].lower()) in DIGRAPHS and not TWO_LETTERS.match(ends + goes_on)


def _check_ladder(layout: Layout, passage: PrintedPassage, most: int) -> None:
    ladder: list[TypeLine] = []
    longest: list[TypeLine] = []
    for row in passage.rows:
        ladder = [*ladder, row] if row.hyphenated else []
        longest = ladder if len(ladder) > len(longest) else longest
    if len(longest) > most:
        message = (
            f"{len(longest)} lines in a row end with a hyphen, from {shown(longest[0].words)} "
            f"on page {longest[0].page} on"
        )
        layout.evidence.faults.warning(passage.place, message, "type-hyphens", "change a word near them")
