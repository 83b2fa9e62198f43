"""Terms found in running text, with the endings that a language gives them.

Words are compared without upper case and accents. `found` is strict: a word is the term, or the term with at most three
letters of an ending, before which a last vowel may be gone; terms of fewer than four letters have no endings.
`is_there` is lenient: it is enough that the beginning of each word of the term stands somewhere, all of it but the last
two letters and three letters at least, as Slavic and German words change at their ends and in compounds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
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
"""Letters that endings are made of."""
AFTER_SHORT = 5
LEAST = 3
LONG = 5
NAMED = frozenset({"source", "credit"})
"""Attributes that hold names."""
NOT_PLAIN = re.compile(r"[^\w \n,.;:?!()'\"’‘“”„«»–—-]|_|[ \n][ \n]")
LANGUAGE = re.compile(r"\{[^{}]*\blang=")


class Found(NamedTuple):
    """A place in a text where a term stands: its words as they are written, and the numbers of their first and last."""

    words: str
    first: int
    last: int


class Terms:
    """Several terms that are looked for at once, each only where a word begins as its first one does."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._beginning: dict[str, list[tuple[int, list[str]]]] = {}
        for number, term in enumerate(terms):
            wanted = _wanted(term)
            if wanted:
                self._beginning.setdefault(wanted[0][:LEAST], []).append((number, wanted))

    def standing_in(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """Where they stand among `words`, term by term: the number of the term, and of its first and last word."""
        beginning = self._beginning
        return sorted(
            (number, first, first + len(wanted) - 1)
            for first, word in enumerate(words)
            if word[:LEAST] in beginning
            for number, wanted in beginning[word[:LEAST]]
            if _stands(wanted, words, first)
        )


class _Folded(dict[int, str]):
    """What letters of lower case are without accents, by their numbers; each is looked up once."""

    def __missing__(self, number: int) -> str:
        apart = normalize("NFD", chr(number))
        self[number] = plain = "".join(letter for letter in apart if not combining(letter)).replace("đ", "d")
        return plain


_FOLDED = _Folded()


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """`text` in lower case, without accents."""
    lower = text.casefold()
    return lower if lower.isascii() else lower.translate(_FOLDED)


def found(term: str, text: str) -> Iterator[Found]:
    """Where `term` stands in `text`, with or without endings."""
    places = Terms([term]).standing_in(words_of(text))
    return (Found(words_at(text, first, last), first, last) for _, first, last in places)


def words_at(text: str, first: int, last: int) -> str:
    """The words of `text` from the one of the number `first` to that of `last`, as they are written."""
    words = list(islice(WORD.finditer(text), first, last + 1))
    return text[words[0].start() : words[-1].end()]


def is_written(term: str, text: str) -> bool:
    """Whether `term` stands in `text` as it is, and not within a word."""
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
    """Whether `term` may stand in `text`, in any form."""
    plain = folded(text)
    return all(_begins(word, plain) for word in _wanted(term))


@lru_cache(maxsize=4_000)
def _wanted(term: str) -> list[str]:
    return words_of(term)


def words_of(text: str) -> list[str]:
    """The words of a text, without upper case and accents."""
    return [folded(word) for word in WORD.findall(text)]


def _stands(wanted: Sequence[str], words: Sequence[str], first: int) -> bool:
    """Whether the words from the number `first` on are forms of those that are `wanted`."""
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
    """Whether `word` is a form of the word `of`; both begin with the same `LEAST` letters then."""
    if word == of:
        return True
    if len(of) < LONG - 1:
        return False
    stem = of[:-1] if of[-1] in VOWELS and len(of) >= LONG else of
    return word.startswith(stem) and bool(ENDING.fullmatch(word, len(stem)))


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
    from impressum.translation.passages import apart

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
