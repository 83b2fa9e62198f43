"""The items of a BibTeX text with their offsets, and the scanner that steps over spaces, braces and quotes."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from impressum.core.errors import Place
from impressum.core.model.sources import SourceText

DEPTH_LIMIT = 100
JINJA = r"<<[^\n<>]{0,200}>>"
"""A placeholder that Jinja fills later; its content is not BibTeX. Bounded, so that the search stays linear."""

_SKIP = re.compile(r"(?:\s++|%[^\n]*+)*+")
_BRACES = re.compile(rf"{JINJA}|\\[{{}}]|[{{}}]")
_QUOTED = re.compile(rf"{JINJA}|\\.|[\"{{}}]", re.DOTALL)


@dataclass(frozen=True)
class ValuePart:
    """A piece of a value: the literal text at `offset`, or (`is_name`) the name of an @string."""

    text: str
    offset: int
    is_name: bool = False


@dataclass(frozen=True)
class BibField:
    """`name = part # part` at `offset`; the name is lower case."""

    name: str
    offset: int
    parts: tuple[ValuePart, ...]


@dataclass(frozen=True)
class RawEntry:
    """An entry as written: `whole` is false where a fault in it cut the reading short."""

    type: str
    key: str
    offset: int
    key_offset: int
    fields: tuple[BibField, ...]
    whole: bool = True


@dataclass(frozen=True)
class RawString:
    """An @string definition as written."""

    field: BibField


@dataclass(frozen=True)
class LineOffsets:
    """Turns offsets in the text of `source` into places."""

    source: SourceText
    starts: tuple[int, ...]

    @classmethod
    def of(cls, source: SourceText) -> LineOffsets:
        return cls(source, (0, *(newline.end() for newline in re.finditer("\n", source.text))))

    def line(self, offset: int) -> int:
        """The line of `offset` as the file counts it."""
        return self.place(offset).line

    def place(self, offset: int) -> Place:
        line = bisect_right(self.starts, offset)
        return self.source.place(line, offset - self.starts[line - 1] + 1)


class Broken(Exception):
    """An item that cannot be read on; `resume` is where to go on, None for the next entry at a line start."""

    def __init__(
        self, offset: int, message: str, hint: str, rule: str = "bib-syntax", resume: int | None = None
    ) -> None:
        super().__init__(message)
        self.offset, self.message, self.hint, self.rule, self.resume = offset, message, hint, rule, resume


class Unclosed(Exception):
    """The text (or what may belong to the item) ended before the item did."""


@dataclass
class Scanner:
    """Reads `text`, but nothing from `end` on."""

    text: str
    end: int

    def over_spaces(self, position: int) -> int:
        """The offset of the next thing that is no space and no %-comment, or the end."""
        found = _SKIP.match(self.text, position, self.end)
        return found.end() if found else position

    def skip(self, position: int) -> int:
        """As `over_spaces`; the item goes on there, so that the end there leaves it open."""
        after = self.over_spaces(position)
        if after >= self.end:
            raise Unclosed
        return after

    def braced(self, start: int) -> tuple[str, int]:
        """The text between the brace at `start` and its partner, and the offset after that."""
        depth = 0
        for found in _BRACES.finditer(self.text, start, self.end):
            if found[0] == "{":
                depth += 1
                if depth > DEPTH_LIMIT:
                    raise Broken(
                        found.start(),
                        f"braces are nested deeper than {DEPTH_LIMIT}",
                        "take the superfluous braces out",
                        "bib-too-deep",
                    )
            elif found[0] == "}":
                depth -= 1
                if not depth:
                    return self.text[start + 1 : found.start()], found.end()
        raise Unclosed

    def quoted(self, start: int) -> tuple[str, int]:
        """The text between the quote at `start` and the next one outside braces, and the offset after that."""
        position = start + 1
        while found := _QUOTED.search(self.text, position, self.end):
            position = found.end()
            if found[0] == '"':
                return self.text[start + 1 : found.start()], position
            if found[0] == "{":
                position = self.braced(found.start())[1]
            elif found[0] == "}":
                raise Broken(
                    found.start(), "`}` closes nothing in this quoted value", 'look for a missing `"` or `{` before it'
                )
        raise Unclosed
