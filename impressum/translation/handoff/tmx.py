"""TMX 1.4: what was translated before, as a translation memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from impressum import __version__
from impressum.translation.handoff.hiding import Hidden
from impressum.translation.handoff.markup import Parts

_HOW = 'segtype="paragraph" o-tmf="Impressum" adminlang="en" datatype="plaintext"'


@dataclass(frozen=True)
class Remembered:
    """A segment and its translation. Their tags are numbered apart, and meet where they are the same."""

    source: Parts
    source_hidden: Hidden
    target: Parts
    target_hidden: Hidden


def write_tmx(memory: Iterable[Remembered], source: str, edition: str) -> bytes:
    """`memory` as a TMX file, each pair once."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<tmx version="1.4">',
        f'  <header creationtool="Impressum" creationtoolversion="{__version__}" {_HOW} srclang="{source}"/>',
        "  <body>",
    ]
    units = dict.fromkeys(
        (inline(one.source, one.source_hidden), inline(one.target, one.target_hidden)) for one in memory
    )
    for first, second in units:
        lines += [
            "    <tu>",
            f'      <tuv xml:lang="{source}"><seg>{first}</seg></tuv>',
            f'      <tuv xml:lang="{edition}"><seg>{second}</seg></tuv>',
            "    </tu>",
        ]
    return "\n".join([*lines, "  </body>", "</tmx>", ""]).encode()


def inline(parts: Parts, hidden: Hidden) -> str:
    """`parts` as the content of a segment."""
    written = ""
    for part in parts:
        if isinstance(part, str):
            written += escape(part)
        elif part.role == "open":
            written += f'<bpt i="{part.number}" x="{part.number}">{escape(hidden.shown(part.text))}</bpt>'
        elif part.role == "close":
            written += f'<ept i="{part.number}">{escape(hidden.shown(part.text))}</ept>'
        else:
            written += f'<ph x="{part.number}">{escape(hidden.shown(part.text))}</ph>'
    return written
