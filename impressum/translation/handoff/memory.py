"""Translation memories: TMX 1.4 out and in, and the translation that they have of a unit or of one like it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from impressum import __version__
from impressum.core.errors import Fault, Faulty, Place
from impressum.core.languages import spoken
from impressum.translation.comparing import likeness
from impressum.translation.handoff.hiding import Hidden
from impressum.translation.handoff.markup import Parts
from impressum.translation.handoff.safe_files import element_name, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

FILE = "memory.tmx"
"""The name in `.base/` of what came back for passages whose source had changed meanwhile."""
US = "Impressum"
ALIKE = 0.7
"""The least likeness of the source of a fuzzy match; what came back for a passage is also taken for one less alike."""
ALIKE_RETURNED = 0.4
COMMON = 200
"""A word in more entries than these finds none of them."""
CANDIDATES = 20
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_HEADER = f'segtype="paragraph" o-tmf="{US}" adminlang="en" datatype="plaintext"'
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+tmx\s+(?:SYSTEM|PUBLIC)\s[^<>\[\]]*>")
_WORD = re.compile(r"\w+")


class MemoryEntry(NamedTuple):
    """A segment and its translation, as Markdown where Impressum wrote them, else as plain words."""

    source: str
    target: str


class MemoryMatch(NamedTuple):
    """An entry for a unit; `percent` is 100 for the same words."""

    entry: MemoryEntry
    percent: int


@dataclass(frozen=True)
class Remembered:
    """A segment and its translation. Their tags are numbered separately, in order."""

    source: Parts
    source_hidden: Hidden
    target: Parts
    target_hidden: Hidden


class Memory:
    """Entries, indexed by their words; `least` is the least likeness of a match."""

    def __init__(self, entries: Iterable[MemoryEntry] = (), least: float = ALIKE) -> None:
        self.entries = tuple(dict.fromkeys(entries))
        self.least = least
        self.exact = {_plain(entry.source): entry for entry in self.entries}
        self.by_word: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self.entries):
            for word in set(_WORD.findall(entry.source)):
                self.by_word[word].append(number)

    def match(self, *forms: str) -> MemoryMatch | None:
        """The best entry for a segment, given in its `forms`: as Markdown, as words."""
        for form in forms:
            if entry := self.exact.get(_plain(form)):
                return MemoryMatch(entry, 100)
        shared = Counter(
            number
            for word in set(_WORD.findall(forms[0]))
            if len(found := self.by_word.get(word, ())) <= COMMON
            for number in found
        )
        best, score = None, 0.0
        for number, _ in shared.most_common(CANDIDATES):
            alike = likeness(self.entries[number].source, forms[0], max(self.least, score))
            best, score = (self.entries[number], alike) if alike > score else (best, score)
        return MemoryMatch(best, min(99, round(100 * score))) if best else None


def _plain(text: str) -> str:
    return " ".join(text.split())


def read_tmx(raw: bytes, path: str, source: str, edition: str) -> tuple[MemoryEntry, ...]:
    """The segments of a TMX file from `source` to `edition`, whatever their regions. Raises Faulty where it is none."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw = re.sub(r"^\s*<\?xml[^>]*\?>", "", raw.decode("utf-16", "replace")).encode()
    root = parse_xml(_DOCTYPE.sub(b"", raw, count=1), path)
    if element_name(root) != "tmx":
        hint = "name a translation memory that a CAT tool has exported as TMX"
        raise Faulty([Fault(Place(path, root.sourceline or 0), "the file is no TMX", "handoff-memory", hint)])
    own = any(one.get("creationtool") == US for one in root.iter() if element_name(one) == "header")
    found: list[MemoryEntry] = []
    for unit in (one for one in root.iter() if element_name(one) == "tu"):
        said = {
            spoken(one.get(LANGUAGE) or one.get("lang") or ""): _plain(_said(segment, own=own))
            for one in unit
            if element_name(one) == "tuv"
            and (segment := next((x for x in one if element_name(x) == "seg"), None)) is not None
        }
        entry = MemoryEntry(said.get(spoken(source), ""), said.get(spoken(edition), ""))
        found += [entry] if entry.source and entry.target else []
    return tuple(found)


def _said(element: _Element, *, own: bool) -> str:
    """The words of a segment; what stands in tags is Markdown where it is our `own`, else codes of another program."""
    text = element.text or ""
    for child in element:
        if element_name(child) in ("hi", "sub") or (own and element_name(child)):
            text += _said(child, own=own)
        text += child.tail or ""
    return text


def write_tmx(memory: Iterable[Remembered | MemoryEntry], source: str, edition: str) -> bytes:
    """`memory` as a TMX file, each pair once."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<tmx version="1.4">',
        f'  <header creationtool="{US}" creationtoolversion="{__version__}" {_HEADER} srclang="{source}"/>',
        "  <body>",
    ]
    for first, second in dict.fromkeys(map(_segments, memory)):
        lines += [
            "    <tu>",
            f'      <tuv xml:lang="{source}"><seg>{first}</seg></tuv>',
            f'      <tuv xml:lang="{edition}"><seg>{second}</seg></tuv>',
            "    </tu>",
        ]
    return "\n".join([*lines, "  </body>", "</tmx>", ""]).encode()


def _segments(one: Remembered | MemoryEntry) -> tuple[str, str]:
    if isinstance(one, MemoryEntry):
        return escape(one.source), escape(one.target)
    return "".join(_segment(one.source, one.source_hidden)), "".join(_segment(one.target, one.target_hidden))


def _segment(parts: Parts, hidden: Hidden) -> Iterator[str]:
    """`parts` as the content of a segment."""
    for part in parts:
        if isinstance(part, str):
            yield escape(part)
        elif part.role == "open":
            yield f'<bpt i="{part.number}" x="{part.number}">{escape(hidden.shown(part.text))}</bpt>'
        elif part.role == "close":
            yield f'<ept i="{part.number}">{escape(hidden.shown(part.text))}</ept>'
        else:
            yield f'<ph x="{part.number}">{escape(hidden.shown(part.text))}</ph>'
