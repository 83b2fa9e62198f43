"""Typst's own writing: text letter by letter, strings, lengths, languages, the widths of a table's columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from impressum.model import document as d

SPECIAL = re.compile(r"[!-/:-@\[-`{-~]")
"""Every sign of ASCII: also `;` and `(`, which would end or call the function that stands before them."""
URL_BREAK = re.compile(r"(?<=[^/.?=&_#%])(?=[/.?=&_#%])")
FITS_THE_MEASURE = 70
"""Letters of a table's row that fit beside each other; columns of figures (set right) are never broken."""


def text(value: str) -> str:
    """`value` as Typst markup that prints it letter for letter."""
    return SPECIAL.sub(lambda match: "\\" + match.group(), value)


def string(value: str) -> str:
    """`value` as a Typst string literal."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def shown_address(address: str) -> str:
    """How an address is printed: no scheme, no text fragment, room to break before `/ . ? = & _`."""
    shown = re.sub(r"^(https?://(www\.)?|mailto:)", "", address)
    shown = shown.partition("#:~:text=")[0].rstrip("/")
    return URL_BREAK.sub("\u200b", shown)


def language_options(tag: str) -> str:
    """A passage's language for Typst, which hyphenates Serbian in Cyrillic only; `finish` puts the tag right."""
    code, *rest = tag.split("-")
    if code.lower() == "sr" and "latn" in (part.lower() for part in rest):
        return 'lang: "hr", region: "RS"'
    return f"lang: {string(code.lower())}, region: none"


def boolean(value: bool) -> str:
    return "true" if value else "false"


def length(value: str) -> str:
    if value.endswith("px"):
        return f"{float(value[:-2]) * 0.75:g}pt"
    return value


def columns(table: d.Table) -> Iterator[str]:
    """Typst's column widths: short columns take what they need, long ones share the rest by their text."""
    if any(width is not None for width in table.widths):
        for width in table.widths:
            yield f"{(width or 1 / len(table.widths)) * 100:.4g}fr"
        return
    longest = [0] * len(table.widths)
    total = [0] * len(table.widths)
    for row in (*table.head, *table.body):
        for index, cell in enumerate(row[: len(longest)]):
            size = len(d.plain(cell.content))
            longest[index], total[index] = max(longest[index], size), total[index] + size
    wide = sum(longest) > FITS_THE_MEASURE
    figures = sum(most for most, align in zip(longest, table.aligns, strict=True) if align == "right")
    for most, all_of_it, align in zip(longest, total, table.aligns, strict=True):
        whole = align == "right" and figures <= FITS_THE_MEASURE / 2
        breaks = wide and most > 14 and not whole
        yield f"{max(1.0, all_of_it**0.5):.3g}fr" if breaks else "auto"
