"""Words and tags put together as Markdown; words that would be Markdown in it are escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import normalize

from impressum.core.markdown_lines import is_item
from impressum.translation.handoff.markup import BRACE, Part, Parts, Setting, Tag

_ALWAYS = re.compile(r"[\\`*\[\]$^~{]")
_KEY = re.compile(r"(?<![^\W_])@(?=[\w{])")
"""Begins a citation, but for one in an address of e-mail."""
_BARE = re.compile(r"(?P<mark>-?@)(?P<key>\w[^\s{}\[\]]*)")
_GOES_ON = re.compile(r"\w|[:.#$%&+?<>~/-]+\w")
_AT_START = (
    re.compile(r"^(?=[#>|])"),
    re.compile(r"^(?=[-+:~=](?:\s|$))"),
    re.compile(r"^(?=(?:---|===|:::|\*\*\*))"),
)
_TAG = re.compile(
    r"(?P<value>\{\{(?!\{).*?\}\}|\{%.*?%\}|\{##.*?##\}|\{[\w.:,]+\})"
    r"|(?P<link>https?://[^\s<>\"“”»)\]]*[^\s<>\"“”»)\].,;:!?])"
    r"|(?P<emphasis>(?<!\*)\*(?=\S)(?P<inner>[^*]*\S)\*(?!\*))",
    re.DOTALL,
)
_OPENS_VALUE = re.compile(r"\{(?=[{%]|##|$)")


def written(parts: Sequence[Part], setting: Setting) -> str:
    """`parts` as Markdown, with hidden things still hidden."""
    if setting.attribute:
        return plain(parts)
    text = ""
    for number, part in enumerate(parts):
        following = parts[number + 1] if number + 1 < len(parts) else ""
        if isinstance(part, Tag):
            text += _apart(part, following) if isinstance(following, str) else part.text
        else:
            words = escaped(part, setting, after=text)
            opens = isinstance(following, Tag) and following.text.startswith("[")
            text += f"{words[:-1]}\\!" if opens and words.endswith("!") else words
    return text


def _apart(tag: Tag, words: str) -> str:
    """A citation without brackets, in braces where the letters behind it would be read as part of its key."""
    bare = _BARE.fullmatch(tag.text)
    return f"{bare['mark']}{{{bare['key']}}}" if bare and _GOES_ON.match(words) else tag.text


def escaped(words: str, setting: Setting, after: str = "") -> str:
    """`words`, escaped for Markdown; `after` is the text before them."""
    words = normalize("NFC", words)
    words = _ALWAYS.sub(r"\\\g<0>", words)
    words = re.sub(r"(?<=\{)(?=%|##)", r"\\", words)  # or Jinja would take it for a tag
    words = re.sub(r"(?<!\w)_|_(?!\w)", r"\\_", words)
    words = _KEY.sub(r"\\@", words)
    words = re.sub(r"<(?!\s)", r"\\<", words)
    if after.endswith("]") and words[:1] in ("(", ":"):
        words = f"\\{words}"
    words = re.sub(r"&(?=#?\w+;)", r"\\&", words)
    words = words.replace("\u00a0", "\\ ")
    words = f"{words[:-2]}{BRACE}" if words.endswith("\\{") else words
    words = re.sub(r"(?<=\s)(#+)$", r"\\\1", words)  # would be the end of a heading
    if setting.cell:
        words = words.replace("|", "\\|")
    if setting.at_start and not after:
        for pattern in _AT_START:
            words = pattern.sub(r"\\", words)
        if is_item(words):
            mark = words.split()[0]
            words = f"\\{words}" if mark.startswith("(") else f"{mark[:-1]}\\{words[len(mark) - 1 :]}"
    return words


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
