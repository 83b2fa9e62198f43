"""A chapter's Markdown split into passages, the units of translation, with their lines.

It follows pandoc's Markdown, and needs only the text of the file. Every non-empty line belongs to exactly one passage,
so that the file can be put together again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from impressum.core import markdown_lines as shapes
from impressum.core.markdown_blocks import Block, front_end, scan
from impressum.core.markdown_blocks import Kind as BlockKind

Kind = BlockKind | Literal["front"]
"""`fence` opens or closes a division; `front` is a delimiter of the front matter, or a key with its value."""
KEY = re.compile(r"[^\s#-][^:]*:")
"""Begins a key of the front matter."""
UNTRANSLATED = re.compile(r"[ \t]*:{3,}[ \t]*(?:untranslated\b|\{[^}]*\.untranslated\b)")


class Passage(NamedTuple):
    """A block of a chapter: its text as in the file, and its first and last line, from 1."""

    kind: Kind
    text: str
    line: int
    end: int

    @property
    def level(self) -> int:
        """The level of a heading; 0 for other kinds."""
        if self.kind != "heading":
            return 0
        if found := shapes.HEADING.match(self.text):
            return len(found["marks"])
        return 1 if self.text.rstrip().endswith("=") else 2


def passages(text: str, offset: int = 0) -> tuple[Passage, ...]:
    """The passages of a chapter, in order. `text` is a whole file or, after `offset` lines, its body."""
    lines = text.split("\n")
    front = 0 if offset else front_end(lines) or 0
    body = _cut(scan(lines[front:]))
    cuts = [*_front(lines, front), *((kind, at + front, end + front) for kind, at, end in body)]
    return tuple(Passage(kind, "\n".join(lines[at:end]), at + 1 + offset, end + offset) for kind, at, end in cuts)


def put_together(text: str, found: Sequence[Passage], new: Sequence[str], offset: int = 0) -> str:
    """`text` with `new` in place of its passages `found`; the lines between them stay."""
    lines = text.split("\n")
    parts: list[str] = []
    done = 0
    for passage, words in zip(found, new, strict=True):
        parts += [*lines[done : passage.line - 1 - offset], words]
        done = passage.end - offset
    return "\n".join([*parts, *lines[done:]])


Cut = tuple[Kind, int, int]
"""A passage by the indexes of its first line and of the line after it."""


def _front(lines: list[str], end: int) -> Iterator[Cut]:
    """The front matter, `end` lines long, key by key."""
    if not end:
        return
    yield "front", 0, 1
    begins = [index for index in range(1, end - 1) if index == 1 or KEY.match(lines[index])]
    for at, after in pairwise([*begins, end - 1]):
        written = [index for index in range(at, after) if lines[index].strip()]
        if written:
            yield "front", written[0], written[-1] + 1
    yield "front", end - 1, end


def _cut(blocks: Iterable[Block]) -> Iterator[Cut]:
    for block in blocks:
        if block.kind == "division":
            yield from _cut(block.within)
        elif block.kind == "item":
            yield from _items(block)
        else:
            yield block.kind, block.at, block.end


def _items(item: Block) -> list[Cut]:
    """An item, those within it, and blocks between Jinja tags in it; other blocks belong to the item before them."""
    found: list[Cut] = [("item", item.at, item.at + 1)]
    for block in item.within:
        if block.kind == "item":
            inner = _items(block)
            found[-1:] = inner if block.at == found[-1][1] else [found[-1], *inner]
        elif block.at > item.at and (block.kind == "statement" or found[-1][0] != "item"):
            found += _cut([block])
        else:
            found[-1] = (found[-1][0], found[-1][1], block.end)
    return found


def apart(text: str) -> tuple[list[Passage], list[Passage]]:
    """The passages of a translation that are translated, and those in divisions `::: untranslated`."""
    kept: list[Passage] = []
    borrowed: list[Passage] = []
    depth = 0
    for passage in passages(text):
        opens = passage.kind == "fence" and any(letter.isalnum() for letter in passage.text)
        if depth or (opens and UNTRANSLATED.match(passage.text)):
            depth += (1 if opens else -1) if passage.kind == "fence" else 0
            borrowed.append(passage)
        else:
            kept.append(passage)
    return kept, borrowed
