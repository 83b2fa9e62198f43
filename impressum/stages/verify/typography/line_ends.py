"""Where words divide at the end of a line, and how paragraphs end."""

from __future__ import annotations

import re
from itertools import pairwise

from impressum.stages.verify.evidence import shown
from impressum.stages.verify.typography.layout import Layout
from impressum.stages.verify.typography.passages import Passage, Row

LEAST_BEFORE, LEAST_AFTER = 2, 3
LEAST_AFTER_BY_LANGUAGE = {"de": 2, "sr": 2, "hr": 2}
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
            _warn_end(
                layout, passage, f"the paragraph ends on page {last.page} with `{last.words}`, the rest of a word"
            )
        elif follows and last.right - left < indent:
            _warn_end(
                layout,
                passage,
                f"the last line of the paragraph, `{last.words}` on page {last.page}, is shorter than the indent below",
            )


def _warn_end(layout: Layout, passage: Passage, message: str) -> None:
    layout.evidence.faults.warning(
        passage.place,
        message,
        "paragraph-end",
        "add a word or take one out, so that the last line grows or is drawn in",
    )


def check_hyphens(layout: Layout) -> None:
    """How words are divided, and how many lines in a row end with a hyphen."""
    language = _language(layout)
    for passage in layout.running():
        for row, after in pairwise(passage.rows):
            if passage.divides(row, after):
                _check_division(layout, passage, row, after)
        _check_ladder(layout, passage, MOST_IN_A_ROW_GERMAN if language == "de" else MOST_IN_A_ROW)


def _check_division(layout: Layout, passage: Passage, row: Row, after: Row) -> None:
    head, tail = BEFORE.search(row.text), AFTER.match(after.text)
    if head is None or tail is None:
        return
    ends, goes_on = head[1], tail[0]
    found = ""
    least = LEAST_AFTER_BY_LANGUAGE.get(_language(layout), LEAST_AFTER)
    if len(ends) < LEAST_BEFORE or len(goes_on) < least:
        found = f"with fewer than {LEAST_BEFORE} letters before the hyphen or {least} after it"
    elif _language(layout) in DIGRAPHS_OF and _is_in_letter(ends, goes_on):
        found = "inside a letter"
    if found:
        layout.evidence.faults.warning(
            passage.place,
            f"`{ends}-{goes_on}` on page {row.page} is divided {found}",
            "type-hyphens",
            "write a soft hyphen (`&shy;`) where it may be divided, or change a word near it",
        )


def _language(layout: Layout) -> str:
    """The language of the edition, without its script."""
    return layout.evidence.expected.language.partition("-")[0]


def _is_in_letter(ends: str, goes_on: str) -> bool:
    """Whether the hyphen stands in a letter that is written with two: `lj`, `nj`, `dž`."""
    return (ends[-1].lower(), goes_on[0].lower()) in DIGRAPHS and not TWO_LETTERS.match(ends + goes_on)


def _check_ladder(layout: Layout, passage: Passage, most: int) -> None:
    ladder: list[Row] = []
    longest: list[Row] = []
    for row in passage.rows:
        ladder = [*ladder, row] if row.hyphenated else []
        longest = ladder if len(ladder) > len(longest) else longest
    if len(longest) > most:
        layout.evidence.faults.warning(
            passage.place,
            f"{len(longest)} lines in a row end with a hyphen, from {shown(longest[0].words)} "
            f"on page {longest[0].page} on",
            "type-hyphens",
            "change a word near them",
        )
