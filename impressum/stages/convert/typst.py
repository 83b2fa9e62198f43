"""Typst's own writing: text letter by letter, strings, lengths, languages."""

from __future__ import annotations

import re

from impressum.core.languages import typst_language

SPECIAL = re.compile(r"[!-/:-@\[-`{-~]")
"""Every sign of ASCII: also `;` and `(`, which would end or call the function that stands before them."""
DASH_BEHIND = re.compile(r"(?<=[^\s\u00a0\u2060])—")
URL_BREAK = re.compile(r"(?<=[^/.?=&_#%])(?=[/.?=&_#%])")
LONG_HOST = 30


def text(value: str) -> str:
    """`value` as Typst markup that prints it letter for letter."""
    return SPECIAL.sub(lambda match: "\\" + match.group(), value)


def running_text(value: str) -> str:
    """`text`, with no line beginning with an em dash that follows a letter: the two stay together."""
    return DASH_BEHIND.sub("\u2060—", text(value))


def string(value: str) -> str:
    """`value` as a Typst string literal."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def shown_address(address: str) -> str:
    """How an address is printed: no scheme, no text fragment, room to break before `/ . ? = & _`.

    The name of its host, up to the first `/`, stays in one piece unless it is long.
    """
    shown = re.sub(r"^(https?://(www\.)?|mailto:)", "", address)
    shown = shown.partition("#:~:text=")[0].rstrip("/")
    host = shown.partition("/")[0]
    kept = len(host) if len(host) <= LONG_HOST else 0
    return URL_BREAK.sub(lambda found: "\u200b" if found.start() >= kept else "", shown)


def address_text(address: str) -> str:
    """`shown_address` as Typst markup: where a line breaks at a hyphen it breaks before it, as one behind it would
    seem to be added."""
    return text(shown_address(address)).replace("\\-", "\u200b\\-\u2060")


def language_options(tag: str) -> str:
    """A passage's language, as `text` of Typst takes it."""
    code, region = typst_language(tag)
    return f"lang: {string(code)}, region: {string(region) if region else 'none'}"


def boolean(value: bool) -> str:
    return "true" if value else "false"


def length(value: str) -> str:
    if value.endswith("px"):
        return f"{float(value[:-2]) * 0.75:g}pt"
    return value
