"""A chapter's Markdown cut into passages: what a translator translates, one after the other, with its lines.

The cut follows pandoc's Markdown, and needs nothing but the text: no pandoc, no front matter taken off, no values
filled in. Every line that is not empty belongs to exactly one passage, so that the passages and the empty lines
between them are the file (`put_together`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from impressum.translation import shapes
from impressum.translation.cutter import Cutter, Kind

__all__ = ["Kind", "Passage", "passages", "put_together"]


class Passage(NamedTuple):
    """A block of a chapter: its text as it stands in the file, and its first and last line, from 1."""

    kind: Kind
    text: str
    line: int
    end: int

    @property
    def level(self) -> int:
        """The level of a heading; 0 of anything else."""
        if self.kind != "heading":
            return 0
        found = shapes.HEADING.match(self.text)
        if found:
            return len(found["marks"])
        return 1 if self.text.rstrip().endswith("=") else 2


def passages(text: str, offset: int = 0) -> tuple[Passage, ...]:
    """The passages of a chapter in their order. `offset` is the number of lines of the file before `text`.

    `text` is a whole file or, after an offset, what follows its front matter.
    """
    lines = text.split("\n")
    return tuple(
        Passage(kind, "\n".join(lines[at:end]), at + 1 + offset, end + offset)
        for kind, at, end in Cutter(lines).cut(front=not offset)
    )


def put_together(text: str, found: Sequence[Passage], new: Sequence[str], offset: int = 0) -> str:
    """`text` with the words `new` in place of each of its passages `found`; what stands between them stays."""
    lines = text.split("\n")
    parts: list[str] = []
    done = 0
    for passage, words in zip(found, new, strict=True):
        parts += [*lines[done : passage.line - 1 - offset], words]
        done = passage.end - offset
    return "\n".join([*parts, *lines[done:]])
