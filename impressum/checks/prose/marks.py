"""Marks of a sentence: a space before one that stands directly behind its word, and marks that stand twice.

In French `; : ! ?` stand apart, and the book gives them their spaces by itself; the comma and the point do not.
"""

from __future__ import annotations

import re

from impressum.checks.prose.passages import BORDER, OPAQUE, UNKNOWN, Prose
from impressum.checks.prose.written import Written
from impressum.core.errors import Faults, Place

SPACE_RULE, DOUBLED_RULE = "mark-spaced", "mark-doubled"
BEHIND = r"(?=[\s”’“»\"')\]]|$)"
SPACE_BEFORE = re.compile(
    rf"(?<=[\w)\]”’»%{OPAQUE}{BORDER}])[ \u00a0]+"
    rf"(?:(?P<comma>,)(?=[^\W\d_])|(?P<mark>[,;:!?]|[.](?![ \u00a0]?[.])){BEHIND})"
)
WORD = re.compile(r"\w+")
FRENCH = ";:!?"
GOES_ON = re.compile(r"[ \u00a0][^\W\d_A-Z]")
RATIO = re.compile(r"[ \u00a0\u202f]\d")
DOUBLED = re.compile(
    rf"(?<=[\w)\]”’»%])(?:(?P<points>\.\.)(?![.…])|(?P<marks>,,|;;|::|,;|;,|,\.|;\.)){BEHIND}"
    r"|(?<![^\s(\[])(?P<quote>,,)(?=\w)"
)


def report_marks(prose: Prose, written: Written, faults: Faults) -> None:
    """Warns of the marks in `prose` that stand apart from their word, or twice."""
    text = prose.text
    for found in SPACE_BEFORE.finditer(text):
        kind = found.lastgroup or "mark"
        mark = found[kind]
        if (prose.code in ("fr", UNKNOWN) and mark in FRENCH) or _is_sign(mark, found, text):
            continue
        place = _behind(prose, found.start(), mark, written)
        if place:
            faults.warning(place, f"a space stands before `{mark}`", SPACE_RULE, "take it out")
    for found in DOUBLED.finditer(text):
        if found["quote"]:
            message, hint = "two commas stand for a quotation mark", 'write `"` on both sides, or the mark itself: „'
        else:
            message, hint = f"the marks `{found[0]}` stand here one after the other", "take one of them out"
        near = prose.place(found.start())
        place = written.find(rf"(?P<here>{re.escape(found[0])})", near)
        if place:
            faults.warning(place, message, DOUBLED_RULE, hint)


def _behind(prose: Prose, end: int, mark: str, written: Written) -> Place | None:
    """The place of the mark that stands apart behind the words that end at `end`: by itself it is no word."""
    word = WORD.findall(prose.text[max(end - 40, 0) : end])
    last = re.escape(word[-1]) if word else ""
    between = r"[^\n]{0,300}?" if prose.text[end - 1] == OPAQUE else r"[^\w\n]{0,8}"
    return written.find(rf"(?:{last}{between}|\}}\}})[\s\u00a0](?P<here>{re.escape(mark)})", prose.place(end - 1))


def _is_sign(mark: str, found: re.Match[str], text: str) -> bool:
    """Whether the mark is no mark of a sentence: one that is spoken of in the midst of a sentence (`the ? and !`), the
    colon of a ratio, a point of three that stand apart."""
    if mark in "?!":
        return bool(GOES_ON.match(text, found.end()))
    if mark == ":":
        return text[found.start() - 1].isdigit() and bool(RATIO.match(text, found.end()))
    return mark == "." and text[found.start() - 1] == "."
