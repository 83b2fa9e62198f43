"""The words that a reader reads in a chapter, passage by passage: no code, no addresses, no ids, no sources.

They are remembered by the text of the chapter, as every translation is compared with the same source.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from impressum.memo import Memo
from impressum.translation.passages import Passage

if TYPE_CHECKING:
    from impressum.translation.handoff.markup import Parts

NAMED = frozenset({"source", "credit"})
"""Attributes that hold names."""
LANGUAGE = re.compile(r"\{[^{}]*\blang=")


class Worded(NamedTuple):
    """A passage with its words."""

    passage: Passage
    words: str
    all_words: str
    """Those of other languages among them."""
    is_borrowed: bool
    """Whether it stands in a translation as in its source, until it is translated."""


def chapter_words(text: str, memo: Memo) -> tuple[Worded, ...]:
    """The passages of the chapter `text` in their order, with their words."""
    raw = memo("glossary-words", {"text": text}, partial(_read, text), about=None)
    lines = text.split("\n")
    return tuple(
        Worded(Passage(kind, "\n".join(lines[line - 1 : end]), line, end), words, more[0] if more else words, borrowed)
        for kind, line, end, borrowed, words, *more in json.loads(raw)
    )


def _read(text: str) -> bytes:
    """The passages of `text` for the memo: kind, first and last line, whether it is borrowed, words, all words."""
    from impressum.translation.handoff.untranslated import apart

    kept, borrowed = apart(text)
    lines = {passage.line for passage in borrowed}
    rows = []
    for passage in sorted((*kept, *borrowed), key=lambda one: one.line):
        words, all_words = words_of(passage)
        row = [passage.kind, passage.line, passage.end, passage.line in lines, words]
        rows.append(row if words == all_words else [*row, all_words])
    return json.dumps(rows).encode()


def words_of(passage: Passage) -> tuple[str, str]:
    """The words of a passage without those of other languages, and with them."""
    from impressum.translation.handoff.cutting import cut

    every = [segment.parts for segment in cut(passage).segments if segment.what not in NAMED]
    return (
        " ".join(_words(parts, foreign=False) for parts in every),
        " ".join(_words(parts, foreign=True) for parts in every),
    )


def _words(parts: Parts, *, foreign: bool) -> str:
    words, inside = "", 0
    left_out: set[int] = set()
    if not foreign:
        left_out = {part.number for part in parts if not isinstance(part, str) and LANGUAGE.search(part.text)}
    for part in parts:
        if isinstance(part, str):
            words += part if not inside else " "
        elif part.role == "alone":
            words += " "
        elif part.number in left_out:
            inside += 1 if part.role == "open" else -1
    return words
