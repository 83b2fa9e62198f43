"""What a BibTeX text is made of, each piece with the offset at which it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from impressum.core.errors import Place
from impressum.core.model.sources import SourceText


@dataclass(frozen=True)
class Part:
    """A piece of a value: text as it stands at `offset`, or (`is_name`) the name of an @string."""

    text: str
    offset: int
    is_name: bool = False


@dataclass(frozen=True)
class Field:
    """`name = part # part` at `offset`; the name is lower case."""

    name: str
    offset: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class RawEntry:
    """An entry as it stands: `whole` is false where a fault in it cut the reading short."""

    type: str
    key: str
    offset: int
    key_offset: int
    fields: tuple[Field, ...]
    whole: bool = True


@dataclass(frozen=True)
class RawString:
    """An @string definition as it stands."""

    field: Field


@dataclass(frozen=True)
class Lines:
    """Turns offsets in the text of `source` into places."""

    source: SourceText
    starts: tuple[int, ...]

    @classmethod
    def of(cls, source: SourceText) -> Lines:
        return cls(source, (0, *(newline.end() for newline in re.finditer("\n", source.text))))

    def line(self, offset: int) -> int:
        """The line of `offset` as the file counts it."""
        return self.place(offset).line

    def place(self, offset: int) -> Place:
        line = bisect_right(self.starts, offset)
        return self.source.place(line, offset - self.starts[line - 1] + 1)
