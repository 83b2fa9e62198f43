"""The words of a chapter by language, each with its place, and the lines of its files to find others in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.core.model.manuscript import ChapterDocument
from impressum.stages.convert.words import WORD

OPAQUE = "\ufffc"
"""Placeholder for content that is no words: code, a formula, a note, an address, another language."""
BORDER = "\u2060"
"""Marks the borders of emphasis and links: words on both sides of it are not doubled by mistake."""
APART = "\n\n"
BREAK = "\n"
"""A hard line break of the author."""

UNKNOWN = "und"
"""The language of a note in a passage of another language: it may be that of the chapter as well."""
GAP = r"[\s>|]+"
"""Matches between two words of a paragraph: spaces, a line end, the mark of a quotation."""
MOST = 200
"""Places looked for in a chapter; of more slips than that only the first are reported."""


@dataclass
class Prose:
    """All text of a chapter in one language, its stretches separated by `APART`; `verse` is kept by itself."""

    language: str
    verse: bool = False
    terms: set[str] = field(default_factory=set)
    """The abbreviations in the chapter's list of them."""
    quotations: int = 0
    """The number of quotations that pandoc has recognised, each with “ and ” in the text."""
    _parts: list[str] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _nodes: list[d.Text] = field(default_factory=list)
    _length: int = 0

    def add(self, text: str) -> None:
        """Adds `text`, which is not in the sources."""
        self._parts.append(text)
        self._length += len(text)

    def word(self, node: d.Text) -> None:
        """Adds the words of `node`."""
        self._starts.append(self._length)
        self._nodes.append(node)
        self.add(node.text)

    @property
    def code(self) -> str:
        """The language without its country and script."""
        return self.language.partition("-")[0].lower()

    @cached_property
    def text(self) -> str:
        """The whole text; read it only once it is complete."""
        return "".join(self._parts)

    @property
    def words(self) -> Sequence[tuple[int, d.Text]]:
        """The text nodes, each with the offset of its first letter."""
        return tuple(zip(self._starts, self._nodes, strict=True))

    def begins(self, offset: int) -> bool:
        """Whether a paragraph begins at `offset`."""
        return offset == 0 or self.text.endswith(APART, 0, offset)

    def place(self, offset: int) -> Place:
        """The place of the letter at `offset`: that of its word, or of the one before it, moved by the letters between.

        The place of a node is that of its first word, whatever marks are before that.
        """
        index = max(bisect_right(self._starts, offset) - 1, 0)
        node = self._nodes[index]
        inside = offset - self._starts[index]
        if inside < len(node.text) and node.place.column:
            word = WORD.search(node.text)
            column = node.place.column + inside - (word.start() if word else 0)
            return Place(node.place.path, node.place.line, max(column, 1))
        return node.place


def read_prose(document: ChapterDocument) -> tuple[Prose, ...]:
    """The text of a chapter by language, verse apart; passages still to be translated are left out."""
    reader = _ProseReader(document.language)
    reader.read(document.blocks, document.language, verse=False)
    return tuple(prose for prose in reader.found.values() if prose.words)


class _ProseReader:
    def __init__(self, language: str) -> None:
        self.language = language
        self.found: dict[tuple[str, bool], Prose] = {}

    def read(self, value: object, language: str, *, verse: bool) -> None:
        """Reads `value`: nodes, or tuples of them."""
        if isinstance(value, tuple):
            if value and isinstance(value[0], d.Inline):
                self._line(value, language, verse=verse)
            else:
                for item in value:
                    self.read(item, language, verse=verse)
        elif isinstance(value, d.Node) and not isinstance(value, d.Inline | d.Reference):
            if isinstance(value, d.Division) and d.UNTRANSLATED in value.classes:
                return
            language = getattr(value, "language", None) or language
            if isinstance(value, d.Box) and value.kind == "abbreviations":
                self._terms(value.content, language)
            for part in d.parts_of(value):
                self.read(part, language, verse=verse or isinstance(value, d.LineBlock))

    def _terms(self, content: tuple[d.Block, ...], language: str) -> None:
        prose = self._prose(language, verse=False)
        for block in content:
            if isinstance(block, d.DefinitionList):
                prose.terms.update(d.plain(term) for term, _ in block.items)

    def _prose(self, language: str, *, verse: bool) -> Prose:
        return self.found.setdefault((language, verse), Prose(language, verse))

    def _line(self, line: tuple[d.Inline, ...], language: str, *, verse: bool) -> None:
        prose = self._prose(language, verse=verse)
        aside = self._inlines(line, prose)
        prose.add(APART)
        while aside:
            content, other = aside.pop(0)
            self.read(content, other, verse=verse)

    def _inlines(self, line: tuple[d.Inline, ...], prose: Prose) -> list[tuple[object, str]]:
        """Adds the words of `line`; returns its notes and passages in other languages, each with its language."""
        aside: list[tuple[object, str]] = []
        for node in line:
            if isinstance(node, d.Text):
                prose.word(node)
            elif isinstance(node, d.Space):
                prose.add(" ")
            elif isinstance(node, d.LineBreak):
                prose.add(BREAK)
            elif isinstance(node, d.Note):
                prose.add(OPAQUE)
                aside.append((node.content, prose.language if prose.language == self.language else UNKNOWN))
            elif isinstance(node, d.Span) and node.language not in (None, prose.language):
                prose.add(OPAQUE)
                aside.append((node.content, node.language or prose.language))
            elif _is_no_text(node):
                prose.add(OPAQUE)
            elif isinstance(node, d.Quoted):
                prose.quotations += 1
                prose.add("“")
                aside += self._inlines(node.content, prose)
                prose.add("”")
            elif isinstance(node, d.Span):
                aside += self._inlines(node.content, prose)
            elif isinstance(node, d.Styled | d.Link):
                prose.add(BORDER)
                aside += self._inlines(node.content, prose)
                prose.add(BORDER)
            else:
                prose.add(OPAQUE)
        return aside


def _is_no_text(node: d.Inline) -> bool:
    """Whether the words of `node` are no part of the sentence: an address, a superscript or subscript."""
    if isinstance(node, d.Styled):
        return node.style in ("superscript", "subscript")
    words = d.plain(node.content) if isinstance(node, d.Link) else ""
    return isinstance(node, d.Link) and " " not in words and words in node.target


@dataclass
class WrittenLines:
    """The lines of files by path, to find the places of marks, which the document lacks. What is not found is no slip:
    a refused link is in no document, and its neighbours only seem adjacent."""

    lines: Mapping[str, Sequence[str]]
    _left: int = MOST

    def line(self, place: Place) -> str:
        """The line of `place`, empty if there is none."""
        lines = self.lines.get(place.path, ())
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""

    def text(self, path: str) -> str:
        """The whole file `path`."""
        return "\n".join(self.lines.get(path, ()))

    def find(self, pattern: str, near: Place) -> Place | None:
        """The place of the match of group `here` of `pattern` nearest to `near`, or None."""
        self._left -= 1
        lines = self.lines.get(near.path, ()) if self._left >= 0 else ()
        text = "\n".join(lines)
        starts = [0]
        for one in lines:
            starts.append(starts[-1] + len(one) + 1)
        places = []
        for found in re.finditer(pattern, text):
            line = bisect_right(starts, found.start("here"))
            places.append(Place(near.path, line, found.start("here") - starts[line - 1] + 1))
        return min(places, key=lambda one: (abs(one.line - near.line), abs(one.column - near.column)), default=None)
