"""Marks in a text that carry origins and values through a rendering; they are of the private-use block U+E000 to
U+E0FF, which `load` refuses in every text."""

from __future__ import annotations

import re
from dataclasses import dataclass

Origin = tuple[int, int]
"""The number of a template and a line of it, from 1."""
ORIGIN_START, ORIGIN_END, VALUE_START, VALUE_END = "\ue000", "\ue001", "\ue002", "\ue003"
KEPT_END, HIDDEN_BRACE = "\ue004", "\ue010"
RESERVED = re.compile("[\ue000-\ue0ff]")
_MARK = re.compile("\ue000([0-9]+)\\.([0-9]+)\ue001|[\ue002\ue003\ue004]")
_NOTHING = "(?:[ \\t]|\ue000[0-9]+\\.[0-9]+\ue001|[\ue002\ue003])*"
_KEPT_BLANK = re.compile(f"^{_NOTHING}\ue004(?:{_NOTHING}\ue004)*{_NOTHING}\n", re.MULTILINE)
"""A line that its tags end, and on which they printed nothing."""


@dataclass(frozen=True)
class Unmarked:
    """A rendered text, the origin of each of its lines, and the offsets of values in it (half open)."""

    text: str
    origins: tuple[Origin, ...]
    values: tuple[tuple[int, int], ...]


def origin(template: int, line: int) -> str:
    """The mark of text from `line` of `template`."""
    return f"{ORIGIN_START}{template}.{line}{ORIGIN_END}"


def with_origins(text: str, template: int, line: int) -> str:
    """`text`, which begins at `line` of `template`, with an origin before each of its lines."""
    return "\n".join(origin(template, line + index) + part for index, part in enumerate(text.split("\n")))


def strip(marked: str) -> str:
    """`marked` without its marks."""
    return _MARK.sub("", _KEPT_BLANK.sub("", marked)) if RESERVED.search(marked) else marked


def unmark(marked: str, first: Origin) -> Unmarked:
    """Takes the marks out of `marked`; `first` is the origin of the text before the first mark. A line comes from where
    its first visible letter does; an empty one from where its end does."""
    parts: list[str] = []
    lines = _LineOrigins(first)
    values: list[tuple[int, int]] = []
    start = length = position = 0
    marked = _KEPT_BLANK.sub("", marked)
    for mark in _MARK.finditer(marked):
        part = marked[position : mark.start()]
        parts.append(part)
        lines.add(part)
        length += len(part)
        position = mark.end()
        if mark.group(1):
            lines.now = (int(mark.group(1)), int(mark.group(2)))
        elif mark.group() == VALUE_START:
            start = length
        elif mark.group() == VALUE_END and length > start:
            values.append((start, length))
    parts.append(marked[position:])
    lines.add(marked[position:])
    return Unmarked("".join(parts), lines.end(), tuple(values))


class _LineOrigins:
    """Finds the origin of each line while the parts of a text go by; `now` is where the next part comes from."""

    def __init__(self, first: Origin) -> None:
        self.now = first
        self._seen: Origin | None = None
        self._done: list[Origin] = []

    def add(self, part: str) -> None:
        """Takes the next part."""
        first, *others = part.split("\n")
        self._look(first)
        for line in others:
            self._done.append(self._seen or self.now)
            self._seen = None
            self._look(line)

    def end(self) -> tuple[Origin, ...]:
        """The origins of all lines."""
        return (*self._done, self._seen or self.now)

    def _look(self, text: str) -> None:
        if self._seen is None and text and not text.isspace():
            self._seen = self.now
