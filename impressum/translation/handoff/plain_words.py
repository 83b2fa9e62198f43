"""Texts that are no Markdown: those of attributes and of `edition.yaml`. In them `*words*` are emphasised, no more.

Values (`{{ … }}`), places that are filled in (`{value}`) and addresses are tags, as in Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import normalize

from impressum.translation.handoff.markup import BRACE, Part, Parts, Tag

_TAG = re.compile(
    r"(?P<value>\{\{(?!\{).*?\}\}|\{%.*?%\}|\{##.*?##\}|\{[\w.:,]+\})"
    r"|(?P<link>https?://[^\s<>\"“”»)\]]*[^\s<>\"“”»)\].,;:!?])"
    r"|(?P<emphasis>(?<!\*)\*(?=\S)(?P<inner>[^*]*\S)\*(?!\*))",
    re.DOTALL,
)
_OPENS_VALUE = re.compile(r"\{(?=[{%]|##|$)")


def read_plain(text: str) -> Parts:
    """The words and tags of `text`, tags numbered from 1."""
    return tuple(_read(" ".join(text.split(" ")).replace("\n", " "), [0]))


def _read(text: str, counted: list[int]) -> list[Part]:
    parts: list[Part] = []
    done = 0
    for found in _TAG.finditer(text):
        parts += [text[done : found.start()]] if found.start() > done else []
        done = found.end()
        counted[0] += 1
        number = counted[0]
        if found["emphasis"]:
            inner = _read(found["inner"], counted)
            parts += [Tag(number, "open", "*", "emphasis"), *inner, Tag(number, "close", "*", "emphasis")]
        else:
            parts.append(Tag(number, "alone", found.group(), "value" if found["value"] else "link"))
    return [*parts, text[done:]] if done < len(text) else parts


def plain(parts: Sequence[Part]) -> str:
    """`parts` as the text that says them."""
    return "".join(normalize("NFC", part) if isinstance(part, str) else part.text for part in parts)


def quoted(parts: Sequence[Part]) -> str:
    """`parts` as the value of an attribute."""
    return '"' + "".join(_escaped(part) if isinstance(part, str) else part.text for part in parts) + '"'


def _escaped(words: str) -> str:
    words = normalize("NFC", words).replace("\\", "\\\\").replace('"', '\\"')
    words = re.sub(r"&(?=#?\w+;)", r"\\&", words)
    return _OPENS_VALUE.sub(BRACE, words)
