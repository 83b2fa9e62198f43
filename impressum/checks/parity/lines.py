"""The marks of a line of text, which are the same in any language (citations, links, ids, …), and its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from impressum.core.errors import Place
from impressum.core.model import document as d

MarkKind = Literal["id", "citation", "link", "reference", "image", "formula", "index"]
ADDRESS = re.compile(r"^(https?://|www\.|[\w.+-]+@[\w-]+\.)|^[\w-]+(\.[\w-]+)+/\S*$")
WORDS_IN_TEX = re.compile(r"\\(?:text\w*|mathrm|mathit|operatorname|mbox)\s*\{[^{}]*\}")
SPACE_IN_TEX = re.compile(r"\s+|\\[,;:! ]|\\q?quad(?![A-Za-z])|~")
NUMBER_IN_TEX = re.compile(r"(?<=\d)(?:\{?[.,]\}?|\\[,;:! ])(?=\d)")
OPAQUE = "\ufffc"
"""Placeholder for content that is no words."""


@dataclass(frozen=True)
class Mark:
    """Something that a translation must have, too; two marks are equal if kind, key and detail are.

    `detail`: the digits of a locator. `shown`: how the author wrote it.
    """

    kind: MarkKind
    key: str
    place: Place = field(compare=False)
    detail: str = ""
    shown: str = field(default="", compare=False)


def notes(content: object) -> Iterator[d.Note]:
    """The notes of a line, without those that citations make."""
    if isinstance(content, tuple):
        for part in content:
            yield from notes(part)
    elif isinstance(content, d.Note):
        yield content
    elif isinstance(content, d.Styled | d.Quoted | d.Link | d.Span):
        yield from notes(content.content)


def marks(content: object) -> Iterator[Mark]:
    """The marks of a line, in order, without those in its notes."""
    if isinstance(content, tuple):
        for part in content:
            yield from marks(part)
    elif isinstance(content, d.Citation):
        locators = content.locators or ("",) * len(content.keys)
        for key, locator in zip(content.keys, locators, strict=True):
            digits = ".".join(re.findall(r"\d+", locator))
            yield Mark("citation", key, content.place, digits, " ".join(f"{key}{locator}".split()))
    elif isinstance(content, d.CrossReference):
        yield Mark("reference", content.target, content.place)
    elif isinstance(content, d.Math):
        yield formula(content)
    elif isinstance(content, d.Image):
        yield Mark("image", content.file, content.place, shown=content.alt)
    elif isinstance(content, d.IndexMark):
        key = "see" if content.only_refers else content.span
        yield Mark("index", key, content.place, shown=", ".join(map(d.plain, content.entry)))
    elif isinstance(content, d.Link):
        yield Mark("link", content.target, content.place)
        yield from marks(content.content)
    elif isinstance(content, d.Span):
        if content.id:
            yield Mark("id", content.id, content.place)
        yield from marks(content.content)
    elif isinstance(content, d.Styled | d.Quoted):
        yield from marks(content.content)


def formula(math: d.Math) -> Mark:
    """The mark of a formula: its TeX without spaces, words and the separators in numbers, which vary by language."""
    tex = NUMBER_IN_TEX.sub(".", WORDS_IN_TEX.sub("", math.tex))
    return Mark("formula", SPACE_IN_TEX.sub("", tex), math.place, shown=math.tex.strip())


@dataclass
class LineText:
    """The words of a line as one text, with the place of each word.

    Code, formulas, citations, addresses, images, superscripts and subscripts are `OPAQUE`; notes are left out. With
    `foreign`, `titles` or `quoted` false, other languages, titles or quotations are `OPAQUE`, too.
    """

    foreign: bool = True
    titles: bool = True
    quoted: bool = True
    _parts: list[str] = field(default_factory=list)
    _starts: list[tuple[int, Place]] = field(default_factory=list)
    _length: int = 0

    def read(self, content: object) -> LineText:
        """Adds the words of `content`."""
        if isinstance(content, tuple):
            for part in content:
                self.read(part)
        elif isinstance(content, d.Text):
            self._starts.append((self._length, content.place))
            self._add(content.text)
        elif isinstance(content, d.Space | d.LineBreak):
            self._add(" ")
        elif isinstance(content, d.Styled):
            hidden = content.style in ("superscript", "subscript") or (content.style == "emphasis" and not self.titles)
            self._add(OPAQUE) if hidden else self.read(content.content)
        elif isinstance(content, d.Link):
            self._add(OPAQUE) if _is_address(content) else self.read(content.content)
        elif isinstance(content, d.Span):
            self._add(OPAQUE) if content.language and not self.foreign else self.read(content.content)
        elif isinstance(content, d.Quoted):
            self._add('"')
            self.read(content.content) if self.quoted else self._add(OPAQUE)
            self._add('"')
        elif isinstance(content, d.Code | d.Math | d.Citation | d.CrossReference | d.Image | d.RawTypst):
            self._add(OPAQUE)
        return self

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def place(self, offset: int, fallback: Place) -> Place:
        """The place of the word that the letter at `offset` belongs to."""
        found = fallback
        for start, place in self._starts:
            if start > offset:
                break
            found = place
        return found


def said(content: object) -> str:
    """The words of a line, with citations and links as they are written, without its notes."""
    return d.plain(content).replace(d.MAY_FOLLOW, "")


def _is_address(link: d.Link) -> bool:
    """Whether the words of a link are its address."""
    words = said(link.content).strip()
    return bool(ADDRESS.match(words)) or words in link.target
