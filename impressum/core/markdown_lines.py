"""The patterns of Markdown lines that begin, continue or end a block, as pandoc reads them."""

from __future__ import annotations

import re
from bisect import bisect_left

_ATTRIBUTES = r"""\{(?:"[^"]*"|[^}"])*\}"""
FENCE = re.compile(
    rf" {{0,3}}(?P<mark>`{{3,}}|~{{3,}})[ ]*(?P<info>(?:[^\s`{{}}]+(?:[ ]+[^\s`{{}}]+)*[ ]*)?(?:{_ATTRIBUTES})?)[ ]*"
)
"""Opens code, where another closes it. What it says of the code is words, attributes, or both; of the words pandoc
reads but one (`convert` takes the others away)."""
HEADING = re.compile(r"(?P<marks>#+)(?:[ \t]|$)")
UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
"""Makes a heading of the one line above it."""
RULE = re.compile(r" {0,3}(?P<mark>[*_-])(?:[ \t]*(?P=mark)){2,}[ \t]*$")
DIVISION = re.compile(rf" {{0,3}}:{{3,}}[ ]*(?:(?P<opens>[^\s{{}}:][^\s{{}}]*|{_ATTRIBUTES})[ ]*:*)?[ ]*")
DIVISION_END = re.compile(r" {0,3}:{3,}[ \t]*$")
QUOTE = re.compile(r" {0,3}>[ ]?")
VERSE = re.compile(r"\|(?: |$)")
NOTE_MARK = re.compile(r" {0,3}\[\^[^\]\s]+\]")
NOTE = re.compile(r" {0,3}\[\^[^\]\s]+\]:")
LINK = re.compile(r" {0,3}\[(?!\^)[^\]]+\]:[ \t]*\S")
DEFINITION = re.compile(r"(?P<lead> {0,3}[:~][ \t]+)(?=\S)")
CAPTION = re.compile(r" {0,3}(?::|[Tt]able:)[ \t]+(?=\S)")
NO_ROW = re.compile(rf"{CAPTION.pattern}|[^|]*$")
"""Ends a table whose cells are parted by `|`."""
MARK = re.compile(r"`+|\$\$")
SPAN = re.compile(rf"\\.|{MARK.pattern}", re.DOTALL)
"""Opens code or a formula within a paragraph, if it is no escaped sign; the same mark closes it."""
STATEMENT = re.compile(r"[ \t]*(?:\{%(?:(?!%\}).)*%\}[ \t]*)+$")
"""Tags of Jinja alone on their line."""
ASIDES = {"<!--": "-->", "{##": "##}", "{%": "%}"}
"""Opening and closing marks of comments and tags."""
COMMENTS = re.compile(r"(?:\s|<!--(?:(?!-->).)*-->|\{##(?:(?!##\}).)*##\})*")

_ROMAN = r"m{0,4}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_SMALL = rf"(?:\d{{1,9}}|\#|@[\w-]*|[a-z]|(?=[ivxlcdm]){_ROMAN})"
_LARGE = rf"(?:[A-Z]|(?=[IVXLCDM]){_ROMAN.replace('m', 'M').upper()})"
_WITH_POINT = rf"(?:{_SMALL}|(?=[A-Z]{{2}}){_LARGE}|[A-Z](?=\.(?:[ ]{{2}}|\t)))\."
_MARK = rf"[-+*]|\(?(?:{_SMALL}|{_LARGE})\)|{_WITH_POINT}"
BULLETS = ("-", "+", "*")
ITEM = re.compile(rf"(?P<lead>[ \t]*(?:{_MARK})(?:[ \t]+(?=\S)|[ \t]*$))")
"""The mark of an item of a list. `B. Russell` is none: a single capital letter needs two spaces."""

_CELL = r"[ \t]*:?-+:?[ \t]*"
PIPE_DASHES = re.compile(rf" {{0,3}}\|?{_CELL}(?:[|+]{_CELL})*\|?[ \t]*$")
GRID_EDGE = re.compile(r" {0,3}\+(?:[-=:]+\+)+[ \t]*$")
DASHES = re.compile(r" {0,3}-{3,}[ \t]*$")
COLUMN_DASHES = re.compile(r"[ \t]*-{2,}(?:[ \t]+-{2,})+[ \t]*$")
ALL_DASHES = re.compile(r"[ \t]*-+(?:[ \t]+-+)*[ \t]*$")

LONGEST_FENCE = 20
"""Lines over which a division may say what it is."""
LONGEST_TABLE = 2000
"""Lines of a table that holds empty ones."""


def indent(line: str) -> int:
    """The column at which the words of `line` begin, from 0; a tab goes on to the next fourth column."""
    return width(line[: len(line) - len(line.lstrip())])


def width(lead: str) -> int:
    """The columns that the beginning `lead` of a line takes."""
    return len(lead.expandtabs(4))


def is_item(line: str) -> bool:
    """Whether `line` begins with the mark of an item of a list."""
    return indent(line) < 4 and bool(ITEM.match(line)) and not RULE.match(line)


def item_column(lead: str) -> int:
    """The column to which all is indented that goes on with the item of the mark `lead`."""
    mark = lead.rstrip()
    spaces = width(lead) - width(mark)
    return width(mark) + (spaces if 1 <= spaces <= 4 else 1)


def is_figure(text: str) -> bool:
    """Whether the paragraph `text` is nothing but one image, which is set as a figure."""
    text = text.strip()
    if not text.startswith("!["):
        return False
    end = _closed(text, 1, "[]")
    if text[end : end + 1] not in ("(", "["):
        return False
    end = _closed(text, end, "()" if text[end] == "(" else "[]")
    if text[end : end + 1] == "{":
        end = _closed(text, end, "{}")
    return end == len(text)


def is_formula(text: str) -> bool:
    """Whether the paragraph `text` is a single display formula, with or without a name."""
    text = text.strip()
    end = text.find("$$", 2)
    return text.startswith("$$") and end > 0 and bool(re.fullmatch(r"\s*(?:\{[^{}]*\})?", text[end + 2 :]))


def within_spans(lines: list[str]) -> frozenset[int]:
    """The indexes of those `lines` of a paragraph that begin within code or a formula."""
    text = "\n".join(lines)
    places: dict[str, list[int]] = {}
    for found in MARK.finditer(text):
        places.setdefault(found.group(), []).append(found.start())
    if not places:
        return frozenset()
    ends = [found.start() for found in re.finditer("\n", text)]
    within: set[int] = set()
    position = 0
    while opened := SPAN.search(text, position):
        position = opened.end()
        closing = places.get(opened.group(), [])
        number = bisect_left(closing, position)
        if number < len(closing):
            within.update(range(bisect_left(ends, position) + 1, bisect_left(ends, closing[number]) + 1))
            position = closing[number] + len(opened.group())
    return frozenset(within)


def _closed(text: str, start: int, pair: str) -> int:
    """The offset after the bracket that closes the one at `start`; beyond the text where none does."""
    depth, position = 0, start
    while position < len(text):
        letter = text[position]
        position += 2 if letter == "\\" else 1
        if letter == pair[0]:
            depth += 1
        elif letter == pair[1]:
            depth -= 1
            if not depth:
                return position
    return len(text) + 1


def table_end(lines: list[str], at: int) -> int | None:
    """The index after the table that begins at the line `at`, or None where none does; a caption is no part of it."""
    line = lines[at]
    below = lines[at + 1] if at + 1 < len(lines) else ""
    piped = "|" in line and PIPE_DASHES.match(below) and ("|" in below or line.strip().startswith("|"))
    drawn = GRID_EDGE.match(line) and below.lstrip().startswith("|")
    headless = "|" in line and "|" in below and PIPE_DASHES.match(line)
    if piped or headless:
        return _until(lines, at + 2 if piped else at + 1, NO_ROW)
    if drawn:
        return _until(lines, at + 1, CAPTION)
    if COLUMN_DASHES.match(below) and not ALL_DASHES.match(line) and "".join(lines[at + 2 : at + 3]).strip():
        return _until(lines, at + 2, CAPTION)
    if COLUMN_DASHES.match(line):
        return _last_dashes(lines, at + 1)
    if DASHES.match(line) and below.strip():
        header = _until(lines, at + 1, ALL_DASHES)
        if header < len(lines) and COLUMN_DASHES.match(lines[header]):
            return _last_dashes(lines, header + 1)
    return None


def _until(lines: list[str], at: int, end: re.Pattern[str]) -> int:
    """The index of the first line from `at` on that is empty or looks like `end`."""
    while at < len(lines) and lines[at].strip() and not end.match(lines[at]):
        at += 1
    return at


def _last_dashes(lines: list[str], at: int) -> int | None:
    """The index after the line of dashes that ends a table whose rows begin at `at`, or None."""
    for index in range(at, min(len(lines), at + LONGEST_TABLE)):
        after = lines[index + 1] if index + 1 < len(lines) else ""
        if ALL_DASHES.match(lines[index]) and not after.strip():
            return index + 1
        if HEADING.match(lines[index]):
            return None
    return None
