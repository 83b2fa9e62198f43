"""Lists that explain words of the text: glossaries, which are put in order, and abbreviations. Both are held to it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from impressum.core.alphabet import Alphabet
from impressum.core.errors import Faults, Place
from impressum.core.model import document as d
from impressum.core.model.lost import LostChapter, may_stand
from impressum.core.model.manuscript import ChapterDocument

INLINE = (d.Styled, d.Quoted, d.Link, d.Citation, d.Span)
"""Nodes that may be inside a word."""
SHORT_END = re.compile(r"[,;:.(]")
"""What ends the words that an abbreviation stands for, in its explanation."""
LONGEST_ENDING, LEAST_OF_STEM = 3, 3
"""Letters by which a word may end otherwise in the text than in a list, and how many of it must be the same."""
BESIDE = r"[\s\"“”„»«’'(\[–-]{0,4}"


def in_order(document: ChapterDocument, letters: str) -> ChapterDocument:
    """`document` with the words of its glossaries sorted by the alphabet in `letters`."""
    alphabet = Alphabet(letters)

    def changed(old: d.Node, new: d.Node) -> d.Node:
        if not (isinstance(new, d.Box) and new.kind == "glossary"):
            return new
        return replace(new, content=tuple(map(by_terms, new.content)))

    def by_terms(block: d.Block) -> d.Block:
        if not isinstance(block, d.DefinitionList):
            return block
        return replace(block, items=tuple(sorted(block.items, key=lambda item: alphabet.key(d.plain(item[0])))))

    boxes = (node for node in document.landmarks if isinstance(node, d.Box))
    if not any(node.kind == "glossary" for node in boxes):
        return document
    return document.with_blocks(d.rewritten(document.blocks, changed))


def text_of(blocks: tuple[d.Block, ...]) -> str:
    """The words of `blocks` with a line end between blocks and around notes, without the lists that explain words."""
    return "".join(part for part, _ in _words(blocks, _listed(_lists(blocks))))


def _lists(value: object) -> list[d.Box]:
    return [node for node in d.without_words(value) if isinstance(node, d.Box) and node.kind in d.LISTS]


def _listed(lists: Sequence[d.Box]) -> set[int]:
    return {id(node) for one in lists for node in d.walk(one)}


def check_lists(
    documents: tuple[ChapterDocument, ...], text: str, lost: tuple[LostChapter, ...], faults: Faults
) -> None:
    """Warns of words that are listed and occur nowhere in `text`, that of the `documents` without their lists, nor can
    in the chapters that are `lost`; and of abbreviations that are to be written out where each first stands in the text
    and are not."""
    nodes = (node for document in documents for node in document.landmarks)
    lists = [node for node in nodes if isinstance(node, d.Box) and node.kind in d.LISTS]
    is_asked = any(one.written_out for one in lists)
    listed = _listed([one for document in documents for one in _lists(document.blocks)]) if is_asked else set()
    for box in lists:
        for lines in (node for node in d.without_words(box) if isinstance(node, d.DefinitionList)):
            for term, explanation in lines.items:
                words = " ".join(d.plain(term).split())
                if words and box.kind == "abbreviations":
                    _check_abbreviation(words, term[0].place, text, lost, faults)
                elif words and not _stems(words).search(text) and not may_stand(words, lost):
                    message = f"the glossary explains `{words}`, which stands nowhere in the text"
                    hint = "take it out, or write it in the text as it is listed"
                    faults.warning(term[0].place, message, "glossary-unused", hint)
                if words and box.written_out and not lost:
                    _check_first_use(words, " ".join(d.plain(explanation[:1]).split()), documents, listed, faults)


def _check_abbreviation(words: str, place: Place, text: str, lost: tuple[LostChapter, ...], faults: Faults) -> None:
    if _found(words, text) < 0 and not may_stand(words, lost):
        message = f"the abbreviation `{words}` is listed and stands nowhere in the text"
        hint = "take it out of the list, or write it in the text as it is listed"
        faults.warning(place, message, "abbreviation-unused", hint)


def _check_first_use(
    words: str, explanation: str, documents: tuple[ChapterDocument, ...], listed: set[int], faults: Faults
) -> None:
    """A warning where the first `words` of the running text, without titles and notes, have nothing beside them that
    says what they stand for."""
    written = SHORT_END.split(explanation)[0].strip()
    for document in documents:
        aside = {id(node) for one in document.nodes if isinstance(one, d.Heading | d.Note) for node in d.walk(one)}
        running = _Running()
        for part, place in _words(document.blocks, listed | aside):
            running.add(part, place)
        at = _found(words, running.text)
        if at < 0:
            continue
        before = re.compile(rf"{_stems(written).pattern}{BESIDE}\Z", re.IGNORECASE)
        behind = re.compile(rf"\w*{BESIDE}{_stems(written).pattern}", re.IGNORECASE)
        if not before.search(running.text[:at]) and not behind.match(running.text, at + len(words)):
            message = f"`{words}` is not written out where it first stands in the text"
            hint = f"write `{written} ({words})` here: the list of abbreviations asks for it with `.written-out`"
            faults.warning(running.place(at), message, "abbreviation-first-use", hint)
        return


@dataclass
class _Running:
    text: str = ""
    starts: list[int] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def add(self, part: str, place: Place) -> None:
        self.starts.append(len(self.text))
        self.places.append(place)
        self.text += part

    def place(self, at: int) -> Place:
        return self.places[bisect_right(self.starts, at) - 1]


def _words(blocks: tuple[d.Block, ...], without: set[int]) -> Iterator[tuple[str, Place]]:
    """The words of `blocks` with their places, a line end between blocks and around notes, none of the nodes
    `without`."""
    nodes = d.walk(blocks)
    for node in nodes:
        if isinstance(node, d.IndexMark):  # its words follow; they may be the very nodes of the text behind it
            deque(islice(nodes, sum(1 for _ in d.walk(node)) - 1), maxlen=0)
        elif isinstance(node, (d.Space, d.LineBreak)):
            yield " ", node.place
        elif id(node) in without:
            continue
        elif isinstance(node, (d.Text, d.Code, d.CodeBlock)):
            yield re.sub(r"\s", " ", node.text), node.place
        elif isinstance(node, d.Math):
            yield node.tex, node.place
        elif not isinstance(node, INLINE):
            yield "\n", node.place


def _found(words: str, text: str) -> int:
    """Where `words` first occur in `text` as a word, or -1; an ending in small letters may follow (NGOs, BDPa)."""
    at = text.find(words)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(words) : at + len(words) + 1]
        if not before.isalnum() and (not after.isalnum() or after.islower()):
            return at
        at = text.find(words, at + 1)
    return -1


def _stems(words: str) -> re.Pattern[str]:
    """Finds `words` with other endings: `Weltbank` in `der Weltbanken`, `Svetska banka` in `Svetske banke`."""
    stems = (
        re.escape(word[: max(LEAST_OF_STEM, len(word) - LONGEST_ENDING)]) + r"\w*" for word in re.findall(r"\w+", words)
    )
    return re.compile(r"\b" + r"[^\w]+".join(stems), re.IGNORECASE)
