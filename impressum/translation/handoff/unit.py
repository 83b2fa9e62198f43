"""The units of a hand-off, and those of returned files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from impressum.core.errors import Place
from impressum.translation.handoff.hiding import Hidden
from impressum.translation.handoff.markup import Part, Parts, Tag, readable
from impressum.translation.handoff.segments import Segment

State = Literal["new", "changed", "unchanged"]
Level = Literal["translated", "reviewed", "approved"]
LEVELS: tuple[Level, ...] = ("translated", "reviewed", "approved")


@dataclass(frozen=True)
class Unit:
    """A segment of a chapter, with its context for the translator.

    `id` is made of the chapter, of the passage's text and of the segment's number in it, so that it stays the same
    while the passage does. `target` is its translation as it stands in the edition, empty where there is none.
    """

    id: str
    chapter: str
    line: int
    segment: Segment
    hidden: Hidden
    state: State
    path: tuple[str, ...] = ()
    """The headings above it, from the title on."""
    what: str = ""
    before: str = ""
    after: str = ""
    target: Parts = ()
    earlier_source: str = ""
    earlier_target: str = ""
    """Those of a unit that has changed, as Markdown."""
    file: str = ""
    """The file of its source, relative to the root."""
    match: int = 0
    """How like its source is to that of the translation which a memory has of it, in per cent; 0: it has none."""
    signed: Level | None = None
    """Whether somebody has reviewed or approved its translation; None: it has none."""

    @property
    def parts(self) -> Parts:
        return self.segment.parts

    @property
    def words(self) -> str:
        """The source without its tags."""
        return readable(self.parts, self.hidden)

    @property
    def count(self) -> int:
        """How many words there are to translate: none of its tags."""
        text = " ".join(part for part in self.parts if isinstance(part, str))
        return sum(any(letter.isalnum() for letter in word) for word in text.split())

    def shown(self, tag: Tag) -> str:
        """The Markdown of a tag."""
        return self.hidden.shown(tag.text)


@dataclass(frozen=True)
class Handoff:
    """A hand-off: the publication, its editions, and the units by chapter."""

    slug: str
    title: str
    source: str
    edition: str
    units: dict[str, tuple[Unit, ...]]
    titles: dict[str, str] = field(default_factory=dict)
    """The title of each chapter, by its slug."""
    due: str = ""
    """The first day on which something of it is due by `editions.yaml`."""

    def all(self) -> Iterator[Unit]:
        for units in self.units.values():
            yield from units


@dataclass(frozen=True)
class Returned:
    """A unit as a file gives it back: its parts, or in a PO file its Markdown; both empty where it has none.

    A tag in `parts` has its number and role, and maybe its Markdown. `place` is where it stands in the file.
    """

    id: str
    place: Place
    parts: tuple[Part, ...] = ()
    markdown: str = ""
    source: tuple[Part, ...] = ()
    """The source as it stands in the file, which may have changed since; in a PO file its Markdown."""
    comments: tuple[str, ...] = ()
    done: bool = True
    """False where the file says that the text is still the earlier one."""
    signed: Level | None = None
    """The level that the file gives it; None: it does not say."""

    @property
    def is_empty(self) -> bool:
        said = "".join(part for part in self.parts if isinstance(part, str)) + self.markdown
        return not said.strip() and not any(isinstance(part, Tag) for part in self.parts)


@dataclass(frozen=True)
class ReturnedFile:
    """A file that came back: the tag of its edition, and its units. Empty `edition`: it does not say."""

    path: str
    edition: str
    units: tuple[Returned, ...]


def reference(number: int, text: str = "", *, closes: bool = False, alone: bool = False) -> Tag:
    """A tag as it comes back; `text` is its Markdown where the file says that."""
    return Tag(number, "close" if closes else "alone" if alone else "open", text, "")
