"""Code and mathematics are left alone: their braces are hidden from Jinja and shown again afterwards.

Follows pandoc's Markdown: fenced code, code spans within a paragraph, `$…$` (an opening mark before a
letter that is not a space; a closing one after such a letter and not before a digit) and `$$…$$`. Jinja's own tags
are stepped over, so that a backtick in one opens no code. An indented paragraph is code unless it belongs to a
list or note before it, or holds `{%`: templates are indented, too. Takes time in proportion to the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from impressum.stages.render.marks import HIDDEN_BRACE

_OPENER = re.compile(r"\{(?=\{|%|##)")
_TOKEN = re.compile(r"\\[\\`$]|`+|\$\$?|\{\{|\{%|\{##|\n")
_LEAD = r"[ \t]*(?:(?:>|[-+*]|\(?\w{1,9}[.)])[ \t]*)*?"
_FENCE = re.compile(rf"(?P<lead>{_LEAD})(?:(?P<ticks>`{{3,}})[^`\n]*|(?P<tildes>~{{3,}})[^\n]*)(?:\n|\Z)")
_INNER_FENCE = re.compile(r"\n(?=[ \t>]*`{3,}[^`\n]*(?:\n|\Z))")
_OUTSIDE_ITEM = re.compile(r"^[^\s>]", re.MULTILINE)
_OUTSIDE_QUOTE = re.compile(r"^[ \t]*(?:[^\s>]|$)", re.MULTILINE)
_BLANK = re.compile(r"\n(?=[ \t>]*(?:\n|\Z))")
_BLANK_HERE = re.compile(r"[ \t>]*(?:\n|\Z)")
_ONE_LINE = re.compile(r"[ \t>]*(?:#{1,6}[ \t]|\|)")
_ITEM = r"[ \t>]*(?:[-+*]|\(?(?:\d{1,9}|#|@\w*|\w)[.)])[ \t]"
_INDENTED = re.compile(r"(?: {4}|\t)[ \t]*\S")
_HOLDER = re.compile(rf"{_ITEM}|[ \t>]*(?:\[\^[^\]\n]+\]:|[:~][ \t])")
_ITEM_HERE, _ITEM_NEXT = re.compile(_ITEM), re.compile(rf"\n(?={_ITEM})")
_MATH_STEP = re.compile(r"\\.|\$", re.DOTALL)
_VALUE_NEXT = re.compile(r"\{\{[-+]?\s")
_TAG_STEP = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[-+]?%\}|\}\}|[{}\[\]()]", re.DOTALL)
_RAW = re.compile(r"\{%[-+]?\s*raw\s*-?%\}")
_RAW_END = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}")


def protect(text: str) -> str:
    """`text` with each `{` that would open a tag of Jinja inside code or mathematics hidden; as long as before."""
    if not holds_tags(text):
        return text
    pieces: list[str] = []
    done = 0
    for start, end in _Scanner(text).left_alone():
        pieces += [text[done:start], _OPENER.sub(HIDDEN_BRACE, text[start:end])]
        done = end
    return "".join([*pieces, text[done:]])


def restore(text: str) -> str:
    """`text` with what `protect` hid."""
    return text.replace(HIDDEN_BRACE, "{")


def holds_tags(text: str) -> bool:
    """Whether Jinja has anything to do in `text`."""
    return "{{" in text or "{%" in text or "{##" in text


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
class _Block:
    """A stretch that no code span and no mathematics leaves; `runs`: where its runs of backticks are, by length."""

    start: int
    end: int
    blank: int
    """Where the next blank line is."""
    runs: dict[int, list[int]] | None = None
    no_math: set[str] = field(default_factory=set)
    """Marks that close nothing in what is left of it."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._block = _Block(0, 0, 0)
        self._open_fences: dict[str, tuple[int, int]] = {}
        self._unclosed_tags: set[str] = set()
        self._in_holder = False

    def left_alone(self) -> list[tuple[int, int]]:
        """The stretches of code and mathematics, in order."""
        found: list[tuple[int, int]] = []
        position = 0
        line_start = True
        while position < len(self._text):
            if line_start:
                line_start = False
                end = self._fence(position) or self._indented(position)
                if end is not None:
                    found.append((position, end))
                    position, line_start = end, self._text[end - 1] == "\n"
                    continue
            token = _TOKEN.search(self._text, position)
            if token is None:
                break
            position, mark = token.end(), token.group()
            if mark == "\n":
                line_start = True
                continue
            end = self._end(token.start(), mark)
            if mark[0] in "`$":
                # As pandoc does: what opens nothing is a letter, and the rest of the run is tried again.
                position = end or token.start() + 1
                if end is not None:
                    found.append((token.start(), end))
            elif end is not None:
                position = end
        return found

    def _end(self, start: int, mark: str) -> int | None:
        if mark[0] == "`":
            return self._code(start, len(mark))
        if mark == "$$":
            return self._display(start)
        if mark == "$":
            return self._inline(start)
        return self._tag(start, mark) if mark[0] == "{" else None

    def _fence(self, start: int) -> int | None:
        """The end of the fenced code that opens at the line start `start`. Only backticks may end a paragraph."""
        opened = _FENCE.match(self._text, start)
        if not opened or (opened["tildes"] and self._block_at(start).start != start):
            return None
        return self._fence_end(opened)

    def _indented(self, start: int) -> int | None:
        """The end of the indented code that begins at the line start `start`."""
        if _BLANK_HERE.match(self._text, start):
            return None
        block = self._block_at(start)
        if block.start != start:
            return None
        if not _INDENTED.match(self._text, start):
            self._in_holder = bool(_HOLDER.match(self._text, start))
            return None
        is_code = not self._in_holder and self._text.find("{%", start, block.end) < 0
        return block.end if is_code else None

    def _fence_end(self, opened: re.Match[str]) -> int | None:
        fence = opened["ticks"] or opened["tildes"]
        length, since = self._open_fences.get(fence[0], (len(self._text), 0))
        if opened.start() >= since and len(fence) >= length:
            return None  # a shorter one before it found no end either
        closing = re.compile(rf"^[ \t>]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$\n?", re.MULTILINE)
        closed = closing.search(self._text, opened.end())
        if closed is None:
            self._open_fences[fence[0]] = (len(fence), opened.start())
            return None
        lead = opened["lead"]
        outside = _OUTSIDE_ITEM if lead.strip(" \t>") else _OUTSIDE_QUOTE if ">" in lead else None
        if outside and outside.search(self._text, opened.end(), closed.start() + 1):
            return None
        return closed.end()

    def _tag(self, start: int, mark: str) -> int | None:
        if mark in self._unclosed_tags:
            return None
        end = tag_end(self._text, start)
        if end is None:
            self._unclosed_tags.add(mark)
        return end

    def _code(self, start: int, length: int) -> int | None:
        block = self._block_at(start)
        if block.runs is None:
            block.runs = {}
            for run in re.compile("`+").finditer(self._text, start, block.end):
                block.runs.setdefault(len(run.group()), []).append(run.start())
        places = block.runs.get(length, [])
        index = bisect_left(places, start + length)
        return places[index] + length if index < len(places) else None

    def _display(self, start: int) -> int | None:
        block = self._block_at(start)
        if "$$" in block.no_math:
            return None
        end = self._text.find("$$", start + 2, block.blank)
        if end < 0:
            block.no_math.add("$$")
            return None
        return end + 2

    def _inline(self, start: int) -> int | None:
        block, text = self._block_at(start), self._text
        after = text[start + 1 : start + 2]
        if not after or after.isspace() or _VALUE_NEXT.match(text, start + 1) or "$" in block.no_math:
            return None
        position = start + 1
        while step := _MATH_STEP.search(text, position, block.end):
            position = step.end()
            closes = step.group() == "$" and not text[step.start() - 1].isspace() and step.start() > start + 1
            if closes and not text[position : position + 1].isdigit() and not _VALUE_NEXT.match(text, position):
                return position
        block.no_math.add("$")
        return None

    def _block_at(self, position: int) -> _Block:
        """The block that `position` is in; blocks are found in order, each once."""
        if position < self._block.end:
            return self._block
        text = self._text
        start = text.rfind("\n", 0, position) + 1
        blank = self._block.blank
        if blank <= start:
            found = _BLANK.search(text, start)
            blank = found.start() if found else len(text)
        end = blank
        if _ONE_LINE.match(text, start):
            line = text.find("\n", start)
            end = line if 0 <= line < blank else blank
        elif _ITEM_HERE.match(text, start):
            item = _ITEM_NEXT.search(text, start, blank)
            end = item.start() if item else blank
        for inner in _INNER_FENCE.finditer(text, start, end):
            opened = _FENCE.match(text, inner.end())
            if opened and self._fence_end(opened):
                end = inner.start()
                break
        self._block = _Block(start, max(end, position + 1), blank)
        return self._block
