"""Words and tags put together as Markdown; words that would be Markdown in it are escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from impressum.translation.handoff.markup import Part, Tag
from impressum.translation.handoff.plain_words import plain

_ALWAYS = re.compile(r"[\\`*\[\]$^~{]")
_AT_START = (
    re.compile(r"^(?=[#>|])"),
    re.compile(r"^(?=[-+:~=](?:\s|$))"),
    re.compile(r"^(?=(?:---|===|:::|\*\*\*))"),
    re.compile(r"^(?=\((?:\d+|[a-zA-Z]|[ivxlcdm]+|@[\w-]*)\)\s)"),
    re.compile(r"^(?P<count>\d{1,9}|[a-z]|[ivxlcdm]+|#)(?=[.)]\s)"),
)


@dataclass(frozen=True)
class Setting:
    """Where words will stand: in a cell of a table, in an attribute, at the beginning of a line."""

    cell: bool = False
    attribute: bool = False
    at_start: bool = True


WITHIN_LINES = Setting()


def written(parts: Sequence[Part], setting: Setting) -> str:
    """`parts` as Markdown, with hidden things still hidden."""
    if setting.attribute:
        return plain(parts)
    text = ""
    for part in parts:
        text += part.text if isinstance(part, Tag) else escaped(part, setting, after=text)
    return text


def escaped(words: str, setting: Setting, after: str = "") -> str:
    """`words` so that Markdown reads them as words; `after` is what stands before them."""
    words = normalize("NFC", words)
    words = _ALWAYS.sub(r"\\\g<0>", words)
    before = after[-1:]
    words = re.sub(r"(?<!\w)_|_(?!\w)", r"\\_", words)
    words = re.sub(r"(?<!\w)@(?=[\w{])" if not before.isalnum() else r"(?<![\w])(?<!^)@(?=[\w{])", r"\\@", words)
    words = re.sub(r"<(?=[\w/!?])", r"\\<", words)
    words = re.sub(r"&(?=#?\w+;)", r"\\&", words)
    words = words.replace("\u00a0", "\\ ")
    if setting.cell:
        words = words.replace("|", "\\|")
    if setting.at_start and not after:
        for pattern in _AT_START[:-1]:
            words = pattern.sub(r"\\", words)
        words = _AT_START[-1].sub(r"\g<count>\\", words)
    return words
