"""Hides the braces of code and mathematics from Jinja, and keeps the line ends that Jinja would drop after a tag.

Follows pandoc's Markdown: blocks of code, code spans within a paragraph, `$…$` (an opening mark before a
letter that is not a space; a closing one after such a letter and not before a digit) and `$$…$$`. Jinja's own tags
are skipped, so that a backtick in one opens no code. Takes time linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from impressum.core.markdown_blocks import scan, walk
from impressum.core.markdown_code import line_starts
from impressum.stages.render.marks import HIDDEN_BRACE, KEPT_END

_OPENER = re.compile(r"\{(?=\{|%|##)")
_TOKEN = re.compile(r"\\[\\`$]|`+|\$\$?|\{\{|\{%|\{##")
_MATH_STEP = re.compile(r"\\.|\$", re.DOTALL)
_VALUE_NEXT = re.compile(r"\{\{[-+]?\s")
_TAG_STEP = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[-+]?%\}|\}\}|[{}\[\]()]", re.DOTALL)
_RAW = re.compile(r"\{%[-+]?\s*raw\s*-?%\}")
_RAW_END = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}")
_BY_LINE = ("table", "verse")
"""Blocks whose lines are independent of each other."""
_RAW_BLOCK = re.compile(r"\{%[-+]?\s*raw\s*-?%\}(.*)\{%", re.DOTALL)
_ASKED = re.compile(r"[-+](?:%|##)\}\Z")
"""A tag whose author determines the space behind it."""


def protect(text: str) -> str:
    """`text` with each `{` that would open a tag of Jinja inside code or mathematics hidden; as long as before."""
    if not holds_tags(text):
        return text
    pieces: list[str] = []
    done = 0
    for start, end in _CodeScanner(text).left_alone():
        pieces += [text[done:start], _OPENER.sub(HIDDEN_BRACE, text[start:end])]
        done = end
    return "".join([*pieces, text[done:]])


def restore(text: str) -> str:
    """`text` with what `protect` hid."""
    return text.replace(HIDDEN_BRACE, "{")


def holds_tags(text: str) -> bool:
    """Whether Jinja has anything to do in `text`."""
    return "{{" in text or "{%" in text or "{##" in text


def tags(text: str) -> Iterator[tuple[int, int | None]]:
    """Where each tag of Jinja in `text` begins, and the offset after it; None where it is never closed: the last."""
    position: int | None = 0
    while position is not None and (opener := _OPENER.search(text, position)):
        position = tag_end(text, opener.start())
        yield opener.start(), position


def tag_end(text: str, start: int) -> int | None:
    """The offset after the tag of Jinja that opens at `start`, or None where it is never closed."""
    if text.startswith("{##", start):
        end = text.find("##}", start + 3)
        return None if end < 0 else end + 3
    raw = _RAW.match(text, start)
    if raw:
        closed = _RAW_END.search(text, raw.end())
        return closed.end() if closed else None
    closer = "}}" if text.startswith("{{", start) else "%}"
    open_brackets = 0
    position = start + 2
    while step := _TAG_STEP.search(text, position):
        position = step.end()
        found = step.group()
        if not open_brackets and found.endswith(closer):
            return position
        if found == "}}":
            open_brackets = max(open_brackets - 1, 0)
            position -= 1
        elif found in "{[(":
            open_brackets += 1
        elif found in "}])":
            open_brackets = max(open_brackets - 1, 0)
    return None


@dataclass
class _Stretch:
    """A stretch that code spans and mathematics cannot leave; `runs`: the offsets of its backtick runs, by length."""

    start: int
    end: int
    runs: dict[int, list[int]] | None = None
    no_math: set[str] = field(default_factory=set)
    """Marks that have no closing one in the rest of it."""


class _CodeScanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._starts = line_starts(self._lines)
        self._blocks = [block for block in walk(scan(self._lines)) if not block.within]
        self._begins = [self._starts[block.at] for block in self._blocks]
        self._stretch = _Stretch(0, 0)
        self._unclosed_tags: set[str] = set()

    def left_alone(self) -> list[tuple[int, int]]:
        """The stretches of code and mathematics, in order."""
        found: list[tuple[int, int]] = []
        position = 0
        for block in [*(block for block in self._blocks if block.kind == "code"), None]:
            begin = self._starts[block.at] if block else len(self._text)
            position = self._spans(position, begin, found)
            if block and position <= begin:
                position = self._starts[block.end]
                found.append((begin, position))
        return found

    def _spans(self, position: int, end: int, found: list[tuple[int, int]]) -> int:
        """Adds the code and the mathematics between two offsets to `found`; gives the offset behind what it read."""
        while token := _TOKEN.search(self._text, position, end):
            position, mark = token.end(), token.group()
            closed = self._end(token.start(), mark)
            if mark[0] in "`$":
                # As pandoc does: what opens nothing is a letter, and the rest of the run is tried again.
                position = closed or token.start() + 1
                if closed is not None:
                    found.append((token.start(), closed))
            elif closed is not None:
                position = closed
        return position

    def _end(self, start: int, mark: str) -> int | None:
        if mark[0] == "`":
            return self._code(start, len(mark))
        if mark == "$$":
            return self._display(start)
        if mark == "$":
            return self._inline(start)
        return self._tag(start, mark) if mark[0] == "{" else None

    def _tag(self, start: int, mark: str) -> int | None:
        if mark in self._unclosed_tags:
            return None
        end = tag_end(self._text, start)
        if end is None:
            self._unclosed_tags.add(mark)
        return end

    def _code(self, start: int, length: int) -> int | None:
        stretch = self._stretch_at(start)
        if stretch.runs is None:
            stretch.runs = {}
            for run in re.compile("`+").finditer(self._text, start, stretch.end):
                stretch.runs.setdefault(len(run.group()), []).append(run.start())
        places = stretch.runs.get(length, [])
        index = bisect_left(places, start + length)
        return places[index] + length if index < len(places) else None

    def _display(self, start: int) -> int | None:
        stretch = self._stretch_at(start)
        if "$$" in stretch.no_math:
            return None
        end = self._text.find("$$", start + 2, stretch.end)
        if end < 0:
            stretch.no_math.add("$$")
            return None
        return end + 2

    def _inline(self, start: int) -> int | None:
        stretch, text = self._stretch_at(start), self._text
        after = text[start + 1 : start + 2]
        if not after or after.isspace() or _VALUE_NEXT.match(text, start + 1) or "$" in stretch.no_math:
            return None
        position = start + 1
        while step := _MATH_STEP.search(text, position, stretch.end):
            position = step.end()
            closes = step.group() == "$" and not text[step.start() - 1].isspace() and step.start() > start + 1
            if closes and not text[position : position + 1].isdigit() and not _VALUE_NEXT.match(text, position):
                return position
        stretch.no_math.add("$")
        return None

    def _stretch_at(self, position: int) -> _Stretch:
        """The stretch that `position` is in: a block, or a row of a table; they are found in order, each once."""
        if position < self._stretch.end:
            return self._stretch
        number = bisect_right(self._begins, position) - 1
        block = self._blocks[number] if number >= 0 else None
        if block and block.kind not in _BY_LINE and position < self._starts[block.end]:
            start, end = self._begins[number], self._starts[block.end]
        else:
            line = bisect_right(self._starts, position) - 1
            start, end = self._starts[line], self._starts[min(line + 1, len(self._starts) - 1)]
        self._stretch = _Stretch(start, max(end, position + 1))
        return self._stretch


def keep_line_ends(text: str) -> str:
    """`text` with a mark behind each tag that ends a line with other content, so that the line ends there; if the line
    then prints nothing, `marks.unmark` removes it."""
    pieces: list[str] = []
    done = position = 0
    words = False
    for start, end in tags(text):
        if end is None:
            break
        words = _holds_words(text[position:start], words)
        tag = text[start:end]
        raw = _RAW_BLOCK.match(tag)
        words = tag.startswith("{{") or (_holds_words(raw[1], words) if raw else words)
        if words and not tag.startswith("{{") and text[end : end + 1] == "\n" and not _ASKED.search(tag):
            pieces += [text[done:end], KEPT_END]
            done = end
        position = end
    return "".join([*pieces, text[done:]])


def _holds_words(passed: str, before: bool) -> bool:
    """Whether the last line of `passed` holds anything; `before` says so of the text before it."""
    line = passed.rpartition("\n")[2]
    return bool(line.strip()) or (before and "\n" not in passed)
