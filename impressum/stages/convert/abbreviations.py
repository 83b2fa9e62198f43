"""The list of abbreviations: each that it explains occurs in the text of the edition."""

from __future__ import annotations

import re
from collections.abc import Iterator

from impressum.core.errors import Faults
from impressum.core.model import document as d
from impressum.core.model.lost import LostChapter, may_stand
from impressum.core.model.manuscript import ChapterDocument

SPACE = re.compile(r"\s")
INLINE = (d.Styled, d.Quoted, d.Link, d.Citation, d.Span)
"""What may stand inside a word."""


def check_abbreviations(documents: tuple[ChapterDocument, ...], lost: tuple[LostChapter, ...], faults: Faults) -> None:
    """Warns of abbreviations that are listed and stand nowhere else, nor can in the chapters that are `lost`."""
    lists = [
        node
        for document in documents
        for node in d.without_words(document.blocks)
        if isinstance(node, d.Box) and node.kind == "abbreviations"
    ]
    if not lists:
        return
    listed = {id(node) for one in lists for node in d.walk(one)}
    text = "".join(part for document in documents for part in _words(document.blocks, listed))
    for term in (term for one in lists for term in _terms(one)):
        words = _single_spaced(d.plain(term))
        if words and not _occurs(words, text) and not may_stand(words, lost):
            faults.warning(
                term[0].place,
                f"the abbreviation `{words}` is listed and stands nowhere in the text",
                "abbreviation-unused",
                "take it out of the list, or write it in the text as it is listed",
            )


def _terms(box: d.Box) -> Iterator[tuple[d.Inline, ...]]:
    for node in d.without_words(box):
        if isinstance(node, d.DefinitionList):
            yield from (term for term, _ in node.items if term)


def _words(blocks: tuple[d.Block, ...], without: set[int]) -> Iterator[str]:
    """The words of `blocks` with a line end between blocks and around notes, none of the nodes `without`."""
    for node in d.walk(blocks):
        if isinstance(node, (d.Space, d.LineBreak)):
            yield " "
        elif id(node) in without:
            continue
        elif isinstance(node, (d.Text, d.Code, d.CodeBlock)):
            yield _single_spaced(node.text, strip=False)
        elif isinstance(node, d.Math):
            yield node.tex
        elif not isinstance(node, INLINE):
            yield "\n"


def _single_spaced(text: str, *, strip: bool = True) -> str:
    spaced = SPACE.sub(" ", text)
    return " ".join(spaced.split()) if strip else spaced


def _occurs(words: str, text: str) -> bool:
    """Whether `words` stand in `text` as a word; an ending in small letters may follow (NGOs, BDPa)."""
    at = text.find(words)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(words) : at + len(words) + 1]
        if not before.isalnum() and (not after.isalnum() or after.islower()):
            return True
        at = text.find(words, at + 1)
    return False
