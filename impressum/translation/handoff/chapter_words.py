"""The words that a reader reads in a chapter, passage by passage: no code, no addresses, no ids, no sources.

They are remembered, as every translation is compared with the same source.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from impressum.system.cache import Memo, digest
from impressum.translation.handoff.terms import words_of
from impressum.translation.passages import Passage

if TYPE_CHECKING:
    from impressum.translation.handoff.markup import Parts

NAMED = frozenset({"source", "credit"})
"""Attributes that hold names."""
NOT_PLAIN = re.compile(r"[^\w \n,.;:?!()'\"’‘“”„«»–—-]|_|[ \n][ \n]")
LANGUAGE = re.compile(r"\{[^{}]*\blang=")


class Worded(NamedTuple):
    """A passage with its text for a reader."""

    passage: Passage
    text: str
    words: list[str]
    """The words of `text`, without upper case and accents."""
    all_text: str
    """With what is in another language, and marked so."""
    is_borrowed: bool
    """Whether it stands in a translation as in its source, until it is translated."""


def chapter_words(text: str, memo: Memo) -> tuple[Worded, ...]:
    """The passages of a chapter whose file holds `text`, in their order."""
    raw = memo("glossary-words", {"text": digest(text)}, partial(read_words, text), about=None)
    lines = text.split("\n")
    return tuple(
        Worded(
            Passage(kind, "\n".join(lines[line - 1 : end]), line, end), shown, words.split(), more or shown, borrowed
        )
        for kind, line, end, borrowed, (shown, words, more) in json.loads(raw)
    )


def read_words(text: str) -> bytes:
    """The passages of a chapter for the cache: kind, first and last line, whether it is borrowed, what it says."""
    from impressum.translation.handoff.untranslated import apart

    kept, borrowed = apart(text)
    lines = {passage.line for passage in borrowed}
    rows = [
        (passage.kind, passage.line, passage.end, passage.line in lines, _said(passage))
        for passage in sorted((*kept, *borrowed), key=lambda one: one.line)
    ]
    return json.dumps(rows).encode()


def _said(passage: Passage) -> tuple[str, str, str]:
    """What a passage says to a reader, its words, and all that it says, if there is something in another language."""
    if passage.kind == "paragraph" and is_plain(passage.text):
        text = passage.text.replace("\n", " ")
        return text, " ".join(words_of(text)), ""
    from impressum.translation.handoff.cutting import cut

    every = [segment.parts for segment in cut(passage).segments if segment.what not in NAMED]
    text = " ".join(_text_of(parts, foreign=False) for parts in every)
    all_text = " ".join(_text_of(parts, foreign=True) for parts in every)
    return text, " ".join(words_of(text)), all_text if all_text != text else ""


def is_plain(text: str) -> bool:
    """Whether a paragraph has no sign by which Markdown could mean anything but words."""
    return text[:1].isalpha() and not text[-1].isspace() and not NOT_PLAIN.search(text)


def _text_of(parts: Parts, *, foreign: bool) -> str:
    text, inside = "", 0
    left_out: set[int] = set()
    if not foreign:
        left_out = {part.number for part in parts if not isinstance(part, str) and LANGUAGE.search(part.text)}
    for part in parts:
        if isinstance(part, str):
            text += part if not inside else " "
        elif part.role == "alone":
            text += " "
        elif part.number in left_out:
            inside += 1 if part.role == "open" else -1
    return text
