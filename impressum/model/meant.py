"""What is meant to stand on the pages, as the sources say it: `verify` compares the finished file with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from impressum.errors import Place

Kind = Literal["heading", "figure", "table", "equation", "place"]
"""A `place` is a passage with an id of its own."""


@dataclass(frozen=True)
class Anchor:
    """A place of the publication that can be linked to, in document order.

    `label` is unique in the publication; `number` is printed as it is ("2", "A", "2.1"; empty: unnumbered);
    `title` is the words of the heading or caption without notes. `level` counts for headings only.
    """

    label: str
    kind: Kind
    number: str
    title: str
    chapter: str
    place: Place
    level: int = 0
    listed: bool = True
    chapter_kind: str = "chapter"


@dataclass(frozen=True)
class MeantNote:
    """A note: the mark that is printed, its words, and the words before its mark (both plain)."""

    mark: str
    text: str
    before: str
    place: Place


@dataclass(frozen=True)
class MeantLink:
    """A link: the address or `#label` that it must lead to, and its words."""

    target: str
    text: str
    place: Place


@dataclass(frozen=True)
class MeantText:
    """A block of text as plain words, with the source place that it comes from."""

    text: str
    place: Place


@dataclass(frozen=True)
class MeantBlock:
    """A block at the top of a chapter, which `layout.yaml` can name and page fitting can move.

    `key` is its name in the work files ("02-economy/12"); `kind` is that of the document ("paragraph", "table");
    `id` is its own, or empty; `words` are its first ones.
    """

    key: str
    kind: str
    id: str
    words: str
    place: Place


@dataclass(frozen=True)
class MeantChapter:
    """One chapter as it is meant."""

    slug: str
    notes: tuple[MeantNote, ...]
    links: tuple[MeantLink, ...]
    texts: tuple[MeantText, ...]
    cited: Mapping[str, Place]
    blocks: tuple[MeantBlock, ...] = ()


@dataclass(frozen=True)
class Meant:
    """One edition as it is meant. `references` are the listed works: key → words of its entry."""

    title: str
    tag: str
    language: str
    contents_title: str
    references_title: str
    anchors: tuple[Anchor, ...]
    chapters: tuple[MeantChapter, ...]
    references: Mapping[str, str]
    contents_depth: int
    number_of_pages_label: str


@dataclass(frozen=True)
class Fragment:
    """A chapter as Typst source; `lines[i]` is the Markdown place of its line `i + 1`."""

    slug: str
    typst: str
    lines: tuple[Place, ...]


@dataclass(frozen=True)
class Manuscript:
    """An edition ready to be set: its fragments in order, the work files that they read, and what is meant."""

    fragments: tuple[Fragment, ...]
    files: Mapping[str, bytes]
    meant: Meant
    chapters: tuple[ChapterOpening, ...]


@dataclass(frozen=True)
class ChapterOpening:
    """What the page furniture needs to know of a chapter."""

    slug: str
    label: str
    number: str
    title: str
    short_title: str
    kind: str
    authors: tuple[str, ...]
