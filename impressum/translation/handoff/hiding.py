"""Hides what is never translated before Markdown is read: code, formulas, values `{{ … }}`, comments.

A number between two private-use letters, which no file of a publication may have, replaces it. The texts of
attributes (`alt="…"`) are hidden, too, as they are separate segments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

What = Literal["code", "formula", "value", "comment", "attribute"]
MARK = re.compile("\ue000(\\d+)\ue001")
TRANSLATED = ("alt", "title", "source", "credit", "note", "entry", "sort", "see", "see-also")
"""The attributes whose values a reader sees or hears, or that sort what is seen."""

_ATTRIBUTES_AFTER = r"(?:[ \t]*\{[#.=\w][^{}\n]*\})?"
_OPENS = re.compile(r"\\(?!\{[{%]|\{##)[^\n]|(?P<ticks>`+)|(?P<math>\$\$?)|(?P<value>\{\{|\{%|\{##)|(?P<comment><!--)")
"""A backslash before a value is a backslash for Markdown only: Jinja, which comes first, takes no notice of it."""
_ENDS = {"{{": re.compile(r"\}\}"), "{%": re.compile(r"%\}"), "{##": re.compile(r"##\}")}
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_ATTRIBUTES = re.compile(rf"(?<!\\)\{{(?:[^{{}}\"']|{_QUOTED})*\}}", re.DOTALL)
_TEXT = re.compile(rf"(?<![\w-])(?P<key>{'|'.join(TRANSLATED)})=(?P<quoted>{_QUOTED})", re.DOTALL)


@dataclass
class Hidden:
    """Hidden texts, by the numbers that replace them."""

    texts: list[str] = field(default_factory=list)
    kinds: list[What] = field(default_factory=list)

    def put(self, text: str, kind: What) -> str:
        """Hides `text`; returns its replacement."""
        self.texts.append(text)
        self.kinds.append(kind)
        return f"\ue000{len(self.texts) - 1}\ue001"

    def shown(self, text: str) -> str:
        """`text` with what was hidden in it."""
        while MARK.search(text):
            text = MARK.sub(lambda found: self.texts[int(found[1])], text)
        return text


def hide(text: str, hidden: Hidden) -> str:
    """`text` with everything hidden that is never translated, and the texts of attributes."""
    return _hide_attributes(_hide_verbatim(text, hidden), hidden)


def unquoted(text: str) -> str:
    """The words of an attribute's value without its quotation marks."""
    return re.sub(r"\\(.)", r"\1", text[1:-1].replace("&#123;", "{"), flags=re.DOTALL)


def _hide_verbatim(text: str, hidden: Hidden) -> str:
    parts: list[str] = []
    done = 0
    while opened := _OPENS.search(text, done):
        start = opened.start()
        end, kind = _end(text, opened)
        parts += [text[done:start], hidden.put(text[start:end], kind) if kind else text[start:end]]
        done = end
    return "".join([*parts, text[done:]])


def _end(text: str, opened: re.Match[str]) -> tuple[int, What | None]:
    """Where what opens here ends, and what it is; nothing where it does not close."""
    start, after = opened.start(), opened.end()
    if opened["ticks"]:
        closed = re.compile(rf"(?<!`){opened['ticks']}(?!`)").search(text, after)
        return (_with_attributes(text, closed.end()), "code") if closed else (after, None)
    if opened["math"]:
        return _math_end(text, start, opened["math"])
    if opened["value"]:
        value = _ENDS[opened["value"]].search(text, after)
        return (value.end(), "comment" if opened["value"] == "{##" else "value") if value else (after, None)
    if opened["comment"]:
        end = text.find("-->", after)
        return (end + 3, "comment") if end >= 0 else (after, None)
    return after, None


def _math_end(text: str, start: int, mark: str) -> tuple[int, What | None]:
    """As pandoc reads it: `$` opens before a letter that is no space, and closes after one, before no digit."""
    if mark == "$$":
        end = text.find("$$", start + 2)
        return (_with_attributes(text, end + 2), "formula") if end >= 0 else (start + 2, None)
    inner = re.compile(r"\$(?!\s|\{\{)(?:[^$\\]|\\.)*?(?<!\s)\$(?!\d)", re.DOTALL).match(text, start)
    return (inner.end(), "formula") if inner else (start + 1, None)


def _with_attributes(text: str, end: int) -> int:
    found = re.compile(_ATTRIBUTES_AFTER).match(text, end)
    return end if not found or _TEXT.search(found.group()) else found.end()


def _hide_attributes(text: str, hidden: Hidden) -> str:
    def texts_of(block: re.Match[str]) -> str:
        return _TEXT.sub(lambda one: f"{one['key']}={hidden.put(one['quoted'], 'attribute')}", block.group())

    return _ATTRIBUTES.sub(texts_of, text)
