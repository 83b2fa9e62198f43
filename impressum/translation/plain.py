"""The words of a passage alone, as they are counted: without the marks, keys, addresses and values around them."""

from __future__ import annotations

import re

SAID = re.compile(r"""\b(?:title|alt|source|note|credit)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)')""")
"""The attributes that hold words."""
_ATTRIBUTES = re.compile(r"""\{(?:[#.:=]|[\w:-]+=)(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^{}"'])*\}""")
_NEVER = re.compile(
    r"""<!--.*?--> | \{\#\#.*?\#\#\} | \{\{.*?\}\} | \{%.*?%\}
      | (?<!\\)\$\$.*?\$\$ | (?<![\\$])\$(?=\S)[^$]*?(?<=\S)\$(?!\d)
      | (?P<tick>`+)(?!`).*?(?<!`)(?P=tick)(?!`) | <(?:https?|mailto):[^>]*> | (?<![\w(])https?://[^\s<>]+""",
    re.VERBOSE | re.DOTALL,
)
"""Comments, values, tags, formulas, code, addresses."""
_TARGET = re.compile(r"(?<=\])\((?:[^()\\]|\\.|\([^()]*\))*\)|(?<=\])\[(?!\^)[^\[\]@]*\]")
_CITED = re.compile(r"\[[^\[\]]*(?<!\w)-?@[^\[\]]*\]|(?<![\w\\])-?@(?:\{[^}]*\}|[\w:.+/-]*\w)(?:[ ]\[[^\[\]]*\])?")
_NOTE_MARK = re.compile(r"\[\^[^\]\s]+\]:?")
_LEADS = {
    "heading": re.compile(r"^#+[ \t]*|[ \t]+#+[ \t]*$|\n(?:=+|-+)[ \t]*$"),
    "item": re.compile(r"^[ \t]*(?:[-+*]|\(?(?:[\w#]{1,9}|@[\w-]*)[.)])(?:[ \t]+\[[ xX]\])?(?=[ \t])", re.MULTILINE),
    "definition": re.compile(r"^[ \t]*[:~][ \t]+"),
    "caption": re.compile(r"^[ \t]*(?::|[Tt]able:)[ \t]+"),
    "quote": re.compile(r"^[ \t]*(?:>[ \t]?)+(?:\|[ \t])?", re.MULTILINE),
    "verse": re.compile(r"^\|[ ]?", re.MULTILINE),
    "table": re.compile(r"^[ \t]*[-+:=| \t]+$|\||^[ \t]*\+|\+[ \t]*$", re.MULTILINE),
    "fence": re.compile(r"^[ \t]*:+[^{]*|:+[ \t]*$"),
}
_WORDLESS = ("code", "comment", "statement", "formula", "link", "rule")


def plain(kind: str, text: str) -> str:
    """The words of a passage of this kind, with single spaces; empty where it has none.

    Of attributes only titles, alternative texts, sources, notes and credits are words. Of the front matter it is
    the short title.
    """
    if kind in _WORDLESS:
        return ""
    if kind == "front":
        key, _, value = text.partition(":")
        return value.strip().strip("\"'") if key.strip() == "short-title" else ""
    if kind != "text":
        text = _LEADS[kind].sub(" ", text) if kind in _LEADS else text
    text = _TARGET.sub(" ", _NEVER.sub(" ", text))
    text = _ATTRIBUTES.sub(_said, text)
    text = _NOTE_MARK.sub(" ", _CITED.sub(" ", text)).replace("^[", " ")
    text = re.sub(r"\\([^\w\s])", r"\1", re.sub(r"(?<!\\)[*_~^`\[\]]|!(?=\[)|\\$", "", text, flags=re.MULTILINE))
    words = re.sub(r" +(?=[.,;)])", "", " ".join(text.split()))
    return words if any(letter.isalnum() for letter in words) else ""


def _said(found: re.Match[str]) -> str:
    return "".join(f" {one or other}" for one, other in SAID.findall(found.group()))
