"""Punctuation: a space before a mark (French sets `; : ! ?` apart), doubled marks, unpaired straight quotes."""

from __future__ import annotations

import re

from impressum.checks.prose.passages import APART, BORDER, OPAQUE, UNKNOWN, Prose, WrittenLines
from impressum.core.errors import Faults, Place
from impressum.core.model import document as d
from impressum.stages.convert.output import MARKS

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
QUOTE_RULE = "quote-unpaired"
QUOTE_TYPED = "quote-typed"
MADE = ("“", "”")
LOW, HIGH = "„", "“"
POINTED = "«"
CLOSING = '“”"«»'


def report_marks(prose: Prose, written: WrittenLines, faults: Faults) -> None:
    """Warns of marks in `prose` after a space, and of doubled ones."""
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


def _behind(prose: Prose, end: int, mark: str, written: WrittenLines) -> Place | None:
    """The place of `mark`, which a space parts from the words that end at `end`."""
    word = WORD.findall(prose.text[max(end - 40, 0) : end])
    last = re.escape(word[-1]) if word else ""
    between = r"[^\n]{0,300}?" if prose.text[end - 1] == OPAQUE else r"[^\w\n]{0,8}"
    return written.find(rf"(?:{last}{between}|\}}\}})[\s\u00a0](?P<here>{re.escape(mark)})", prose.place(end - 1))


def _is_sign(mark: str, found: re.Match[str], text: str) -> bool:
    """Whether `mark` is no punctuation: mentioned in a sentence (`the ? and !`), a ratio's colon, a spaced ellipsis."""
    if mark in "?!":
        return bool(GOES_ON.match(text, found.end()))
    if mark == ":":
        return text[found.start() - 1].isdigit() and bool(RATIO.match(text, found.end()))
    return mark == "." and text[found.start() - 1] == "."


def report_unpaired(prose: Prose, written: WrittenLines, faults: Faults) -> None:
    """Warns of each `"` in `prose` without a partner, which the reader has turned into an opening or closing mark."""
    if all(prose.text.count(mark) == prose.quotations for mark in MADE):
        return
    for start, word in prose.words:
        made = next((mark for mark in MADE if mark in word.text), "")
        if not made or (prose.code == "en" and made == "“" and prose.begins(start)):
            continue  # in English each paragraph of a long quotation opens anew, and only the last one closes it
        place = _straight(word, written)
        if place:
            inches = word.text[: word.text.index(made)][-1:].isdigit()
            message = f'the quotation mark `"` has no partner in its paragraph, and is printed as `{made}`'
            hint = (
                "write ″ for inches and seconds, else close the quotation, or take the mark out"
                if inches
                else "close the quotation in its paragraph, or take the mark out"
            )
            faults.warning(place, message, QUOTE_RULE, hint)


def report_typed(prose: Prose, written: WrittenLines, faults: Faults) -> None:
    """Warns of marks that are typed as they are: `“` that opens where the language has `„`, `„` or `«` that
    nothing closes; in languages with `«` each paragraph of a long quotation may begin with it."""
    own = MARKS.get(prose.code)
    mark_of_language = own.open.strip() if own else ""
    if mark_of_language not in (LOW, POINTED) or not any(mark in prose.text for mark in (LOW, HIGH, POINTED)):
        return
    closing = "»" if mark_of_language == POINTED else CLOSING
    opened: tuple[int, d.Text] | None = None
    for start, node in prose.words:
        opened = _unclosed(prose, opened, start, closing, faults)
        for at, mark in ((at, mark) for at, mark in enumerate(node.text) if mark in closing + mark_of_language + HIGH):
            line = written.line(node.place)
            opens = at + 1 < len(node.text) and node.text[at + 1].isalnum() and not node.text[:at].strip("([—–-/")
            if mark == HIGH and mark_of_language == LOW and opens and node.text in line:
                place = Place(node.place.path, node.place.line, node.place.column + at)
                hint = 'write `"` on both sides, which the book prints as the language does, or `„`'
                faults.warning(
                    place,
                    f"`{HIGH}` opens a quotation here, and `{prose.code}` opens it with `{LOW}`",
                    QUOTE_TYPED,
                    hint,
                )
            elif mark in closing:
                opened = None
            elif mark == mark_of_language and (mark == LOW or not prose.begins(start + at)):
                opened = (start + at, node)
    _unclosed(prose, opened, len(prose.text), closing, faults)


def _unclosed(
    prose: Prose, opened: tuple[int, d.Text] | None, offset: int, closing: str, faults: Faults
) -> tuple[int, d.Text] | None:
    """`opened`, unless its paragraph has ended before `offset`, which is a fault."""
    if opened is None or APART not in prose.text[opened[0] : offset]:
        return opened
    if not any(mark in prose.text[opened[0] : prose.text.index(APART, opened[0])] for mark in closing):
        message, hint = (
            f"the quotation mark `{prose.text[opened[0]]}` has no partner in its paragraph",
            "close the quotation in its paragraph",
        )
        faults.warning(prose.place(opened[0]), message, QUOTE_RULE, hint)
    return None


def _straight(word: d.Text, written: WrittenLines) -> Place | None:
    """The place of the straight mark in `word`, if the author wrote one."""
    line = written.line(word.place)
    straight = word.text.replace("“", '"').replace("”", '"')
    begin = line.find(straight.split('"')[0] + '"', max(word.place.column - 2, 0))
    if word.text in line or begin < 0:
        return None
    return Place(word.place.path, word.place.line, begin + straight.index('"') + 1)
