"""Escapes values for Markdown or BibTeX, and marks finished text (`Captured`): the result of a macro, a `{% set %}`
block or `| markdown`. Operations see its letters alone; printed, it keeps the marks that trace its lines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Self

from markupsafe import Markup

from impressum.stages.render.marks import RESERVED, VALUE_END, VALUE_START, Unmarked, strip

Escape = Callable[[str], str]
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#@$~^|]|&(?=#?\w+;)")
_BIBTEX = {letter: f"\\{letter}" for letter in "&%_$#{}"}
_BIBTEX |= {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", '"': '{"}'}
_IDENTIFIER = re.compile(r"(?:[a-z][a-z0-9+.-]*://|10\.\d{4,9}/)\S+\Z")
_UNSAFE_IN_IDENTIFIER = {"{": "%7B", "}": "%7D", "\\": "%5C", '"': "%22"}
_LEAD = re.compile(r"[ \t>]*")
_LIST_MARK = re.compile(r"\(?(?:\d+|[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+)[.)](?=\s|\Z)")
_BLOCK_MARK = re.compile(r"(?:[-+*:~]|\(?(?:\d+|\w|#|@\w*)[.)]|\[\^[^\]\n]*\]:)[ \t]+")


def escape_markdown(text: str) -> str:
    """`text` so that pandoc's Markdown reads it as that very text; `shield` handles the beginnings of lines."""
    return _MARKDOWN.sub(r"\\\g<0>", re.sub(r"[ \t]*\n[ \t]*", "\n", RESERVED.sub("", text)))


def escape_bibtex(text: str) -> str:
    """`text` so that BibTeX reads it as that very text; addresses and DOIs, which it reads verbatim, as they are."""
    clean = RESERVED.sub("", text)
    table = _UNSAFE_IN_IDENTIFIER if _IDENTIFIER.match(clean) else _BIBTEX
    return "".join(table.get(letter, letter) for letter in clean)


def shield(rendered: Unmarked) -> str:
    """The text of `rendered`, line for line, where no value opens a list or a heading: `{{ year }}. was` stays a
    paragraph. In `<{{ address }}>` nothing is escaped, since pandoc reads that verbatim."""
    text = rendered.text
    edits: list[tuple[int, int, str]] = []
    by_line: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for start, end in rendered.values:
        value = text[start:end]
        if text[start - 1 : start] == "<" and text[end : end + 1] == ">" and not re.search(r"\s", value):
            edits.append((start, end, re.sub(r"\\(.)", r"\1", value)))
            continue
        if value.endswith("!") and text[end : end + 1] == "[":
            edits.append((end - 1, end - 1, "\\"))  # or the link after it would be an image
        while start < end:
            line = text.find("\n", start, end)
            stop = end if line < 0 else line
            by_line[text.rfind("\n", 0, start) + 1].append((start, stop))
            start = stop + 1
    for line, values in by_line.items():
        place = _opening(text, line, values)
        if place is not None:
            edits.append((place, place, "\\"))
    pieces: list[str] = []
    done = 0
    for start, end, new in sorted(edits):
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done:]])


def _opening(text: str, line: int, values: list[tuple[int, int]]) -> int | None:
    """Where the line at offset `line` needs a backslash, so that no part of `values` opens a block."""

    def touched(start: int, end: int) -> bool:
        return any(first < end and start < last for first, last in values)

    lead = _LEAD.match(text, line)
    position = lead.end() if lead else line
    while True:
        if text[position : position + 1] in "-+=:" and touched(position, position + 1):
            return position
        numbered = _LIST_MARK.match(text, position)
        if numbered and touched(numbered.start(), numbered.end()):
            return numbered.end() - 1
        mark = _BLOCK_MARK.match(text, position)
        if not mark:
            return None
        position = mark.end()


class Captured(Markup):
    """Finished text; `marked` is the same with its marks."""

    marked: str
    escape_text: Escape = staticmethod(escape_markdown)
    """How plain text becomes finished text; `speak` sets it, once, for the whole process."""

    def __new__(cls, base: object = "", encoding: str | None = None, errors: str = "strict") -> Self:
        marked = marked_text(base) if isinstance(base, Captured) or not hasattr(base, "__html__") else base.__html__()
        self = super().__new__(cls, str.__str__(strip(marked)))
        self.marked = str.__str__(marked)
        return self

    def __html__(self) -> Any:
        return self.marked

    @classmethod
    def escape(cls, s: Any, /) -> Any:
        """`s` as finished text with its marks; Markup's own operations call this."""
        return Markup(finished(s))

    def __add__(self, value: Any, /) -> Any:
        return type(self)(self.marked + finished(value))

    def __radd__(self, value: Any, /) -> Any:
        return type(self)(finished(value) + self.marked)


def marked_text(value: object) -> str:
    """`value` as text, with its marks if it has any."""
    return value.marked if isinstance(value, Captured) else str(value)


def finished(value: object) -> str:
    """`value` as finished text with marks; a plain one is escaped and marked as a value."""
    if isinstance(value, Captured):
        return value.marked
    if hasattr(value, "__html__"):
        return str.__str__(value.__html__())
    return f"{VALUE_START}{Captured.escape_text(str(value))}{VALUE_END}"


def joined(parts: Iterable[str]) -> str:
    """The output of a template from its parts, with all marks."""
    return "".join(marked_text(part) for part in parts)


def speak(escape_text: Escape) -> None:
    """Makes `escape_text` the escaping of this process, and `Captured` the type that Jinja captures into: Jinja knows
    one markup, HTML, by the names that its modules import, which a child of our own may replace."""
    import jinja2.filters
    import jinja2.runtime

    Captured.escape_text = staticmethod(escape_text)
    for module in (jinja2.runtime, jinja2.filters):
        setattr(module, "Markup", Captured)  # noqa: B010
    setattr(jinja2.filters, "escape", lambda value: Captured(Markup(finished(value))))  # noqa: B010
