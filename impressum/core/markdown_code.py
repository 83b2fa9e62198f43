"""Finds the code in a Markdown text, and blanks it."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate

from impressum.core.markdown_blocks import scan, walk

JUST_READ = 4  # texts whose code is known: each is asked for several times while a chapter is read


def line_starts(lines: list[str]) -> list[int]:
    """The offset of each of `lines` in their text, and that of its end."""
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    return [*starts[:-1], starts[-1] - 1]


@lru_cache(JUST_READ)
def code_of(text: str) -> tuple[tuple[int, int, int], ...]:
    """The offsets of each block of code in `text`: of its first line, of the first line of the code, of its end."""
    lines = text.split("\n")
    starts = line_starts(lines)
    blocks = [block for block in walk(scan(lines)) if block.kind == "code"]
    return tuple((starts[one.at], starts[one.at + one.lead], starts[one.end]) for one in blocks)


@lru_cache(JUST_READ)
def without_code(text: str) -> str:
    """`text` with its blocks of code blanked; every offset and line stays."""
    parts: list[str] = []
    done = 0
    for begin, _, end in code_of(text):
        parts += [text[done:begin], blank(text[begin:end])]
        done = end
    return "".join([*parts, text[done:]])


def blank(text: str) -> str:
    """As much space as `text` takes, on as many lines."""
    return re.sub(r"[^\n]", " ", text)
