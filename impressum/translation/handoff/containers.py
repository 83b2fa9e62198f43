"""Passages that hold passages (a quotation, an item of a list, a note, a definition): opened, and closed again."""

from __future__ import annotations

import re
from typing import NamedTuple

from impressum.core import markdown_lines as shapes
from impressum.translation.passages import Passage

HOLDS = frozenset({"quote", "item", "note", "definition"})
_TASK = re.compile(r"\[[ xX]\][ \t]+")
_QUOTE = re.compile(r" {0,3}>[ ]?")
_NOTE = re.compile(rf"{shapes.NOTE.pattern}[ \t]*")


class Held(NamedTuple):
    """A passage within another: its first line there, from 0, and what stands before each of its lines."""

    start: int
    leads: tuple[str, ...]

    def closed(self, text: str) -> str:
        """`text` as it stands within the other passage."""
        lines = text.split("\n")
        if len(lines) == len(self.leads):
            leads = self.leads
        else:
            leads = (self.leads[0], *[self._further()] * (len(lines) - 1))
        return "\n".join(f"{lead}{line}" for lead, line in zip(leads, lines, strict=True))

    def _further(self) -> str:
        """What stands before a line that was not there before."""
        if len(self.leads) > 1:
            return self.leads[1]
        first = self.leads[0]
        return first if first.lstrip().startswith(">") else " " * shapes.width(first)


def opened(passage: Passage) -> tuple[str, list[str]]:
    """What `passage` holds, and what was taken from the beginning of each of its lines."""
    lines = passage.text.split("\n")
    if passage.kind == "quote":
        leads = [found.group() if (found := _QUOTE.match(line)) else "" for line in lines]
    else:
        lead = _lead(passage.kind, lines[0])
        room = 4 if passage.kind == "note" else shapes.width(lead)
        leads = [lead, *(_indent(line, room) for line in lines[1:])]
    return "\n".join(line[len(lead) :] for lead, line in zip(leads, lines, strict=True)), leads


def _lead(kind: str, line: str) -> str:
    if kind == "note":
        note = _NOTE.match(line)
        return note.group() if note else ""
    pattern = shapes.ITEM if kind == "item" else shapes.DEFINITION
    found = pattern.match(line)
    lead = found["lead"] if found else ""
    task = _TASK.match(line, len(lead)) if kind == "item" else None
    return line[: task.end()] if task else lead


def _indent(line: str, room: int) -> str:
    """The white space that `line` begins with, up to `room` columns."""
    taken = ""
    for letter in line:
        if letter not in " \t" or shapes.width(taken + letter) > room:
            break
        taken += letter
    return taken
