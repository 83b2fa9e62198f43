"""The XML formats of CAT tools: XLIFF 1.2 for the units (tags as `<g>` and `<ph>`), TMX 1.4 for the memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from impressum import __version__
from impressum.core.errors import Fault, Faulty, Place
from impressum.translation.handoff.markup import Part, Parts
from impressum.translation.handoff.safe_files import parse_xml
from impressum.translation.handoff.unit import Handoff, Returned, ReturnedFile, Unit, reference

if TYPE_CHECKING:
    from lxml.etree import _Element
from collections.abc import Iterable
from dataclasses import dataclass

from impressum.translation.handoff.hiding import Hidden

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
US = "impressum"
FORMERLY = ("Its source was:", "Its translation was:")
PAIRS = frozenset({"g"})
ALONE = frozenset({"ph", "x"})
CTYPES = {"link": "link"}
UNFINISHED = frozenset({"new", "needs-translation", "needs-adaptation"})
"""States of untouched targets."""


def write_xliff(handoff: Handoff) -> bytes:
    """The units of `handoff` as an XLIFF file."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<xliff version="1.2" xmlns="{NAMESPACE}">']
    for units in handoff.units.values():
        original = quoteattr(units[0].file)
        languages = f'source-language="{handoff.source}" target-language="{handoff.edition}"'
        lines += [
            f'  <file original={original} {languages} datatype="plaintext">',
            "    <header>",
            f'      <tool tool-id="{US}" tool-name="Impressum" tool-version="{__version__}"/>',
            "    </header>",
            "    <body>",
        ]
        for unit in units:
            lines += [f"      {line}" for line in _unit(unit, handoff)]
        lines += ["    </body>", "  </file>"]
    return "\n".join([*lines, "</xliff>", ""]).encode()


def _unit(unit: Unit, handoff: Handoff) -> Iterator[str]:
    yield f'<trans-unit id={quoteattr(unit.id)} xml:space="preserve">'
    yield f"  <source>{inline(unit, unit.parts)}</source>"
    if unit.target:
        yield f'  <target state="translated">{inline(unit, unit.target)}</target>'
    yield '  <context-group purpose="information">'
    if unit.path:
        yield f'    <context context-type="x-heading">{escape(" › ".join(unit.path))}</context>'
    if unit.line:
        yield f'    <context context-type="linenumber">{unit.line}</context>'
    yield "  </context-group>"
    for note in notes(unit):
        yield f'  <note from="{US}">{escape(note)}</note>'
    if unit.earlier_target:
        yield f'  <alt-trans alttranstype="previous-version" origin="{US}">'
        yield f'    <source xml:lang="{handoff.source}">{escape(unit.earlier_source)}</source>'
        yield f'    <target xml:lang="{handoff.edition}">{escape(unit.earlier_target)}</target>'
        yield "  </alt-trans>"
    yield "</trans-unit>"


def notes(unit: Unit) -> Iterator[str]:
    """The context of a unit for its translator, a sentence each."""
    if unit.what:
        yield f"What it is: {unit.what}"
    if unit.before:
        yield f"Before it: {unit.before}"
    if unit.after:
        yield f"After it: {unit.after}"
    if unit.earlier_source:
        yield f"{FORMERLY[0]} {unit.earlier_source}"
    if unit.earlier_target:
        yield f"{FORMERLY[1]} {unit.earlier_target}"


def inline(unit: Unit, parts: Parts) -> str:
    """`parts` as the content of a source or target."""
    written = ""
    for part in parts:
        if isinstance(part, str):
            written += escape(part)
        elif part.role == "close":
            written += "</g>"
        elif part.role == "open":
            written += f'<g id="{part.number}" ctype="{CTYPES.get(part.kind, f"x-{part.kind}")}">'
        else:
            written += f'<ph id="{part.number}" ctype="x-{part.kind}">{escape(unit.shown(part))}</ph>'
    return written


def read_xliff(raw: bytes, path: str) -> ReturnedFile:
    """The units of a returned XLIFF file. Raises Faulty where it is none."""
    root = parse_xml(raw, path)
    if _name(root) != "xliff" or (root.get("version") or "").startswith("2"):
        message = "the file is no XLIFF of version 1.2"
        hint = "hand in the file that was handed off, with the translations in it; do not export another version"
        raise Faulty([Fault(Place(path, root.sourceline or 0), message, "handin-unreadable", hint)])
    editions = [one.get("target-language") or "" for one in root.iter() if _name(one) == "file"]
    units = tuple(_returned(one, path) for one in root.iter() if _name(one) == "trans-unit")
    return ReturnedFile(path, editions[0] if editions else "", units)


def _returned(element: _Element, path: str) -> Returned:
    target = next((one for one in element if _name(one) == "target"), None)
    comments = tuple(
        " ".join("".join(map(str, one.itertext())).split())
        for one in element
        if _name(one) == "note" and one.get("from") != US
    )
    line = (element if target is None else target).sourceline or 0
    parts = () if target is None else tuple(_parts(target))
    done = target is None or target.get("state") not in UNFINISHED
    return Returned(element.get("id") or "", Place(path, line), parts, comments=comments, done=done)


def _parts(element: _Element) -> Iterator[Part]:
    """The words and tags in `element`; annotations (`<mrk>`) are dissolved."""
    if element.text:
        yield element.text
    for child in element:
        name, number = _name(child), _number(child)
        if name in ALONE:
            yield reference(number, alone=True)
        elif name in PAIRS:
            yield reference(number)
            yield from _parts(child)
            yield reference(number, closes=True)
        elif name in ("bpt", "bx"):
            yield reference(_number(child, "rid"))
        elif name in ("ept", "ex"):
            yield reference(_number(child, "rid"), closes=True)
        elif name == "mrk":
            yield from _parts(child)
        elif name:
            yield reference(-1, alone=True)
        if child.tail:
            yield child.tail


def _name(element: _Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _number(element: _Element, first: str = "id") -> int:
    value = element.get(first) or element.get("id") or ""
    return int(value) if value.isdigit() and len(value) < 7 else -1


_TMX_HEADER = 'segtype="paragraph" o-tmf="Impressum" adminlang="en" datatype="plaintext"'


@dataclass(frozen=True)
class Remembered:
    """A segment and its translation. Their tags are numbered separately, in order."""

    source: Parts
    source_hidden: Hidden
    target: Parts
    target_hidden: Hidden


def write_tmx(memory: Iterable[Remembered], source: str, edition: str) -> bytes:
    """`memory` as a TMX file, each pair once."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<tmx version="1.4">',
        f'  <header creationtool="Impressum" creationtoolversion="{__version__}" {_TMX_HEADER} srclang="{source}"/>',
        "  <body>",
    ]
    units = dict.fromkeys(
        (_segment(one.source, one.source_hidden), _segment(one.target, one.target_hidden)) for one in memory
    )
    for first, second in units:
        lines += [
            "    <tu>",
            f'      <tuv xml:lang="{source}"><seg>{first}</seg></tuv>',
            f'      <tuv xml:lang="{edition}"><seg>{second}</seg></tuv>',
            "    </tu>",
        ]
    return "\n".join([*lines, "  </body>", "</tmx>", ""]).encode()


def _segment(parts: Parts, hidden: Hidden) -> str:
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
