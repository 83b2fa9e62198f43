"""The comments of a chapter, `{## … ##}`, and the block that each stands before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from impressum.checks.allowances.wording import Comment
from impressum.core.markdown_blocks import Block, scan
from impressum.stages.render.protect import protect, tags

_ALLOW = re.compile(r"\{##\s*allow\b", re.IGNORECASE)
_BLANK = " \t>"
"""What a line may hold of which nothing is printed."""
_GO_TOGETHER = {
    *(("item", "item"), ("table", "caption"), ("caption", "table")),
    *(("term", "definition"), ("definition", "definition"), ("definition", "term")),
}
"""Blocks that follow each other and are one to an author: the items of a list, a table and its caption."""


def comments_of_body(text: str, offset: int) -> Iterator[Comment]:
    """The comments of `text`, before which `offset` lines of its file stand."""
    if not _ALLOW.search(text):
        return
    spans = [(start, end) for start, end in tags(protect(text)) if end and text.startswith("{##", start)]
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
        self._kept = [line for line in range(len(self.lines)) if line not in self._vanished]
        self._blocks = scan([self.lines[line] for line in self._kept])

    def vanishes(self, line: int) -> bool:
        """Whether nothing but comments stands on `line`."""
        return line in self._vanished

    def is_first(self, line: int) -> bool:
        return all(self._is_blank(before) for before in range(line))

    def block_after(self, line: int) -> tuple[int, int]:
        """The first and the last line of the block that follows `line`."""
        start = next((at for at in self._kept if at > line and not self._is_blank(at)), None)
        if start is None:
            return line, line
        return start, self._kept[_end(self._blocks, self._kept.index(start)) - 1]

    def _is_blank(self, line: int) -> bool:
        return not self.lines[line].strip(_BLANK)


def _end(blocks: Sequence[Block], at: int) -> int:
    """Where the outermost of the `blocks` ends that begins at the line `at`: the index of the line behind it."""
    for number, block in enumerate(blocks):
        if block.at == at:
            for following in blocks[number + 1 :]:
                if (block.kind, following.kind) not in _GO_TOGETHER:
                    break
                block = following
            return block.end
        if block.at < at < block.end:
            return _end(block.within, at) if block.within else block.end
    return at + 1
