"""Lists that count with Cyrillic letters: pandoc knows Latin ones only, letter for letter the same number of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from impressum.core.markdown_blocks import scan, walk

FIRST = "а"
MARKER = re.compile(r"^([ \t>]*(?:[-*+][ \t]+)?\(?)([\u0400-\u04ff])([.)][ \t]+\S)")
ANY_MARKER = re.compile(r"^[ \t>]*(?:\d+[.)]|\(?\w[.)]|[-*+])[ \t]")
ANY_CYRILLIC = re.compile(MARKER.pattern, re.MULTILINE)
LATIN = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class _List:
    """A list that is open: what stands before its marks, and how many items it has."""

    before: str
    count: int
    capital: bool


def with_latin_markers(text: str) -> str:
    """The Markdown `text` with `а)`, `б)`, `в)` at the beginning of lines as `a)`, `b)`, `c)`.

    Only lists that begin with the first letter; no line and no column moves. The edition's own letters are printed.
    """
    if not ANY_CYRILLIC.search(text):
        return text
    lines = text.split("\n")
    marked = _with_latin_markers(lines, frozenset())
    code = frozenset(at for block in walk(scan(marked)) if block.kind == "code" for at in range(block.at, block.end))
    return "\n".join(_with_latin_markers(lines, code) if code else marked)


def _with_latin_markers(texts: list[str], code: frozenset[int]) -> list[str]:
    """The lines `texts` with Latin markers, but for those of `code`."""
    lines: list[str] = []
    open_lists: list[_List] = []
    before = ""
    for at, line in enumerate(texts):
        found = None if at in code else MARKER.match(line)
        if line.strip(" \t>") and not found and not line[:1].isspace() and not ANY_MARKER.match(line):
            # a paragraph ends every list, a line that runs on does not
            open_lists = open_lists if before.strip(" \t>") else []
        lines.append(_marked(line, found, before, open_lists) if found else line)
        before = line
    return lines


def _marked(line: str, found: re.Match[str], before: str, open_lists: list[_List]) -> str:
    """`line` with a Latin letter, where it is an item of a list; `open_lists` is brought up to date."""
    letter, capital = found[2].lower(), found[2].isupper()
    known = next((one for one in open_lists if one.before == found[1] and one.capital == capital), None)
    inside = len(found[1]) - len(found[1].lstrip(" \t"))
    if known is None or letter == FIRST:
        stands = not before.strip(" \t>") or bool(ANY_MARKER.match(before))
        if letter != FIRST or not stands or (inside > 3 and not (open_lists or ANY_MARKER.match(before))):
            return line
        open_lists[:] = [one for one in open_lists if len(one.before) < len(found[1])]
        known = _List(found[1], 0, capital)
    else:
        open_lists.remove(known)
    if known.count >= len(LATIN):
        return line
    open_lists.append(_List(known.before, known.count + 1, capital))
    latin = LATIN[known.count]
    return f"{found[1]}{latin.upper() if capital else latin}{line[found.end(2) :]}"
