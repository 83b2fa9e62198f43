"""The words of a chapter, and glossary terms found in them, whatever their inflection.

Words are compared without case and accents. `Terms` is strict: a word is the term, or the term with an ending of at
most three letters, which may replace a last vowel; terms of fewer than four letters have no endings. `is_there` is
lenient: a stem of each word of the term (all but the last two letters, at least three) suffices anywhere, as Slavic
and German words change at their ends and in compounds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining, normalize

from impressum.system.cache import Memo, digest
from impressum.translation.passages import Passage

if TYPE_CHECKING:
    from impressum.translation.handoff.markup import Parts

WORD = re.compile(r"\w+(?:[’'-]\w+)*")
VOWELS = "aeiouаеиоу"
ENDING = re.compile("[aeioumnsrghjvyаеиоумнсргхјвыйяюьъ]{0,3}")
"""The letters of endings."""
AFTER_SHORT = 5
LEAST = 3
LONG = 5
NAMED = frozenset({"source", "credit"})
"""Attributes whose values are names."""
NOT_PLAIN = re.compile(r"[^\w \n,.;:?!()'\"’‘“”„«»–—-]|_|[ \n][ \n]")
LANGUAGE = re.compile(r"\{[^{}]*\blang=")


class Terms:
    """Several terms that are searched for at once, by the first letters of their first words."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._beginning: dict[str, list[tuple[int, list[str]]]] = {}
        for number, term in enumerate(terms):
            if wanted := _wanted(term):
                self._beginning.setdefault(wanted[0][:LEAST], []).append((number, wanted))

    def occurrences(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """Their occurrences in `words`, term by term: the number of the term, and of its first and last word."""
        beginning = self._beginning
        return sorted(
            (number, first, first + len(wanted) - 1)
            for first, word in enumerate(words)
            if word[:LEAST] in beginning
            for number, wanted in beginning[word[:LEAST]]
            if _occurs(wanted, words, first)
        )


class _Folded(dict[int, str]):
    """Lower-case letters without accents, by code point; each is computed once."""

    def __missing__(self, number: int) -> str:
        apart = normalize("NFD", chr(number))
        self[number] = plain = "".join(letter for letter in apart if not combining(letter)).replace("đ", "d")
        return plain


_FOLDED = _Folded()


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """`text` in lower case and without accents."""
    lower = text.casefold()
    return lower if lower.isascii() else lower.translate(_FOLDED)


def words_at(text: str, first: int, last: int) -> str:
    """The words of `text` from number `first` to `last`, as written."""
    words = list(islice(WORD.finditer(text), first, last + 1))
    return text[words[0].start() : words[-1].end()]


def is_written(term: str, text: str) -> bool:
    """Whether `text` has `term` as written, and not within a word."""
    at = text.find(term)
    while at >= 0:
        end = at + len(term)
        if not (_is_of_word(text[at - 1 : at]) or _is_of_word(text[end : end + 1])):
            return True
        at = text.find(term, at + 1)
    return False


def _is_of_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def is_there(term: str, text: str) -> bool:
    """Whether `text` may have `term`, in any form."""
    plain = folded(text)
    return all(_begins(word, plain) for word in _wanted(term))


def words_of(text: str) -> list[str]:
    """The words of a text without case and accents."""
    return [folded(word) for word in WORD.findall(text)]


_wanted = lru_cache(maxsize=4_000)(words_of)


def _occurs(wanted: Sequence[str], words: Sequence[str], first: int) -> bool:
    """Whether the words from number `first` on are forms of those `wanted`."""
    if first + len(wanted) > len(words):
        return False
    return all(_is_form(words[first + number], word) for number, word in enumerate(wanted))


def _begins(word: str, text: str) -> bool:
    if len(word) <= LEAST:
        return bool(re.search(rf"\b{re.escape(word)}\w{{0,{AFTER_SHORT}}}\b", text)) or (
            not word.isascii() and word in text
        )
    stem = word[: max(LEAST, len(word) - 2)]
    return stem in text if len(stem) > LEAST else bool(re.search(rf"\b{re.escape(stem)}", text))


def _is_form(word: str, of: str) -> bool:
    """Whether `word` is a form of the word `of`."""
    if word == of:
        return True
    if len(of) < LONG - 1:
        return False
    stem = of[:-1] if of[-1] in VOWELS and len(of) >= LONG else of
    return word.startswith(stem) and bool(ENDING.fullmatch(word, len(stem)))


class Worded(NamedTuple):
    """A passage with the text that a reader sees: no code, addresses, ids or sources."""

    passage: Passage
    text: str
    words: list[str]
    """The words of `text` without case and accents."""
    all_text: str
    """`text` with passages marked as another language."""
    is_borrowed: bool
    """Whether it is still untranslated, as in the source."""


def chapter_words(text: str, memo: Memo) -> tuple[Worded, ...]:
    """The passages of a chapter in order, cached as every translation is compared with the same source."""
    raw = memo("glossary-words", {"text": digest(text)}, partial(read_words, text), about=None)
    lines = text.split("\n")
    found = []
    for kind, line, end, borrowed, (shown, words, more) in json.loads(raw):
        passage = Passage(kind, "\n".join(lines[line - 1 : end]), line, end)
        found.append(Worded(passage, shown, words.split(), more or shown, borrowed))
    return tuple(found)


def worded(text: str, line: int) -> Worded:
    """A text of `edition.yaml` that stands in this line."""
    passage = Passage("paragraph", " ".join(text.split()), line, line)
    shown, words, more = _said(passage)
    return Worded(passage, shown, words.split(), more or shown, False)


def read_words(text: str) -> bytes:
    """The passages of a chapter for the cache: kind, first and last line, whether borrowed, texts."""
    from impressum.translation.passages import apart

    kept, borrowed = apart(text)
    lines = {passage.line for passage in borrowed}
    rows = [
        (passage.kind, passage.line, passage.end, passage.line in lines, _said(passage))
        for passage in sorted((*kept, *borrowed), key=lambda one: one.line)
    ]
    return json.dumps(rows).encode()


def _said(passage: Passage) -> tuple[str, str, str]:
    """The text of a passage, its words, and the text with other languages if that differs."""
    if passage.kind == "paragraph" and is_plain(passage.text):
        text = passage.text.replace("\n", " ")
        return text, " ".join(words_of(text)), ""
    from impressum.translation.handoff.cutting import cut

    every = [segment.parts for segment in cut(passage).segments if segment.what not in NAMED]
    text = " ".join(_text_of(parts, foreign=False) for parts in every)
    all_text = " ".join(_text_of(parts, foreign=True) for parts in every)
    return text, " ".join(words_of(text)), all_text if all_text != text else ""


def is_plain(text: str) -> bool:
    """Whether a paragraph has no sign that Markdown could read as markup."""
    return text[:1].isalpha() and not text[-1].isspace() and not NOT_PLAIN.search(text)


def _text_of(parts: Parts, *, foreign: bool) -> str:
    text, inside = "", 0
    tags = [part for part in parts if not isinstance(part, str) and not foreign]
    left_out = {tag.number for tag in tags if LANGUAGE.search(tag.text)}
    for part in parts:
        if isinstance(part, str):
            text += part if not inside else " "
        elif part.role == "alone":
            text += " "
        elif part.number in left_out:
            inside += 1 if part.role == "open" else -1
    return text
