"""The comments of a chapter, `{## … ##}`, and the block that each stands before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from impressum.allowances.comments import Comment
from impressum.render.protect import protect, tag_end

_ALLOW = re.compile(r"\{##\s*allow\b", re.IGNORECASE)
_OPENER = re.compile(r"\{\{|\{%|\{##")
_QUOTED = " \t>"
"""What may stand before a block that is quoted."""
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_DIV = re.compile(r"[ \t>]*:{3,}(.*)$")
_HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]")
_HOLDER = re.compile(r"[ \t>]*(?:\[\^[^\]\n]+\]:|(?:[-+*]|\(?(?:\d{1,9}|#|@\w*|\w)[.)])[ \t])")
_TABLE = re.compile(r"[ \t>]*[|+]|.*\|")
_CAPTION = re.compile(r"[ \t>]*(?::|Table:|table:)[ \t]")
_INDENTED = re.compile(r"[ \t>]*(?: {2,}|\t)\S")


def comments_of_body(text: str, offset: int) -> Iterator[Comment]:
    """The comments of `text`, before which `offset` lines of its file stand."""
    if not _ALLOW.search(text):
        return
    spans = list(_spans(protect(text)))
    body = _Body(text, spans)
    for start, end in spans:
        line, last = text.count("\n", 0, start), text.count("\n", 0, end)
        column = start - text.rfind("\n", 0, start)
        alone = body.vanishes(line)
        first, to = body.block_after(last) if alone else (line, last)
        yield Comment(
            text[start + 3 : end - 3].strip(),
            line + 1 + offset,
            column,
            first + 1 + offset,
            to + 1 + offset,
            body.is_first(line),
        )


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the comments of `text` stand; other tags are stepped over, a comment in which is none."""
    position = 0
    while opener := _OPENER.search(text, position):
        end = tag_end(text, opener.start())
        if end is None:
            return  # a fault of its own
        if opener.group() == "{##":
            yield opener.start(), end
        position = end


class _Body:
    """The lines of a chapter (from 0) without its comments."""

    def __init__(self, text: str, spans: list[tuple[int, int]]) -> None:
        bare, done = [], 0
        for start, end in spans:
            bare += [text[done:start], re.sub(r"[^\n]", " ", text[start:end])]
            done = end
        self.lines = "".join([*bare, text[done:]]).split("\n")
        touched = {
            line for start, end in spans for line in range(text.count("\n", 0, start), text.count("\n", 0, end) + 1)
        }
        self._vanished = {line for line in touched if self._is_blank(line)}

    def vanishes(self, line: int) -> bool:
        """Whether nothing but comments stands on `line`."""
        return line in self._vanished

    def is_first(self, line: int) -> bool:
        return all(self._is_blank(before) for before in range(line))

    def block_after(self, line: int) -> tuple[int, int]:
        """The first and the last line of the block that follows `line`."""
        start = self._next(line)
        if start is None:
            return line, line
        return start, self._end(start)

    def _end(self, start: int) -> int:
        first = self.lines[start]
        fence, div = _FENCE.match(first), _DIV.match(first)
        if fence:
            closing = re.compile(rf"[ \t>]*{re.escape(fence[1])}{fence[1][0]}*[ \t]*$")
            return next((n for n in range(start + 1, len(self.lines)) if closing.match(self.lines[n])), start)
        if div and div[1].strip():
            return self._end_of_div(start)
        if _HEADING.match(first):
            return start
        end = self._paragraph(start)
        following = self._next(end)
        while following is not None:
            goes_on = _HOLDER.match(first) and _INDENTED.match(self.lines[following])
            captions = _TABLE.match(first) and _CAPTION.match(self.lines[following])
            if not (goes_on or captions):
                break
            end = self._paragraph(following)
            following = self._next(end)
        return end

    def _end_of_div(self, start: int) -> int:
        depth = 0
        for at in range(start, len(self.lines)):
            div = _DIV.match(self.lines[at])
            if div:
                depth += 1 if div[1].strip(" :\t") else -1
                if not depth:
                    return at
        return start

    def _paragraph(self, start: int) -> int:
        end = start
        while end + 1 < len(self.lines) and (not self._is_blank(end + 1) or end + 1 in self._vanished):
            end += 1
        return end

    def _next(self, line: int) -> int | None:
        return next((at for at in range(line + 1, len(self.lines)) if not self._is_blank(at)), None)

    def _is_blank(self, line: int) -> bool:
        return not self.lines[line].strip(_QUOTED)
