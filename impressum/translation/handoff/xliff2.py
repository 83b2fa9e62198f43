"""XLIFF 2: the units out, with what their tags are as original data; `exchange.read_xliff` reads them again.

Of version 2.0, with its module of translation candidates; 2.1 has the same (OASIS, XLIFF Version 2.0 and 2.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from impressum.translation.handoff.exchange import ABOUT, LEVELS_2, US, notes, xliff_id
from impressum.translation.handoff.markup import Parts, Tag
from impressum.translation.handoff.unit import LEVELS, Handoff, Unit

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
MATCHES = "urn:oasis:names:tc:xliff:matches:2.0"
STATES = {level: state for state, level in LEVELS_2.items()}
TYPES = {"emphasis": "fmt", "link": "link", "image": "image"}


def write_xliff_2(handoff: Handoff) -> bytes:
    """The units of `handoff` as an XLIFF 2.0 file."""
    languages = f'srcLang="{handoff.source}" trgLang="{handoff.edition}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<xliff version="2.0" xmlns="{NAMESPACE}" xmlns:mtc="{MATCHES}" {languages}>',
    ]
    for number, units in enumerate(handoff.units.values(), 1):
        lines.append(f'  <file id="f{number}" original={quoteattr(units[0].file)}>')
        lines += [f"    {line}" for unit in units for line in _unit(unit)]
        lines.append("  </file>")
    return "\n".join([*lines, "</xliff>", ""]).encode()


def _unit(unit: Unit) -> Iterator[str]:
    data: dict[str, str] = {}
    source, target = _inline(unit, unit.parts, data), _inline(unit, unit.target, data)
    yield f'<unit id={quoteattr(xliff_id(unit.id))} xml:space="preserve">'
    if unit.earlier_target:
        quality = f' matchQuality="{unit.match}"' if unit.match else ""
        yield f'  <mtc:matches><mtc:match ref="#s" origin="{US}"{quality}>'
        yield f"    <source>{escape(unit.earlier_source)}</source>"
        yield f"    <target>{escape(unit.earlier_target)}</target>"
        yield "  </mtc:match></mtc:matches>"
    places = (("heading", " › ".join(unit.path)), ("line", f"line {unit.line}" if unit.line else ""))
    said = [(kind, f"{ABOUT[0]} {text}") for kind, text in places if text] + [(US, note) for note in notes(unit)]
    if written := [f'    <note category="{kind}">{escape(text)}</note>' for kind, text in said]:
        yield from ("  <notes>", *written, "  </notes>")
    if data:
        yield "  <originalData>"
        yield from (f'    <data id="{id_}">{escape(text)}</data>' for text, id_ in data.items())
        yield "  </originalData>"
    state = (
        f'state="{STATES[unit.signed or LEVELS[0]]}"'
        if unit.target
        else f'state="initial" subState="{US}:{unit.state}"'
    )
    yield f'  <segment id="s" {state}>'
    yield f"    <source>{source}</source>"
    if target:
        yield f"    <target>{target}</target>"
    yield from ("  </segment>", "</unit>")


def _inline(unit: Unit, parts: Parts, data: dict[str, str]) -> str:
    """`parts` as the content of a source or target; the Markdown of tags is added to `data`, with its id."""
    written = ""
    closes = {part.number: part for part in parts if isinstance(part, Tag) and part.role == "close"}
    for part in parts:
        if isinstance(part, str):
            written += escape(part)
        elif part.role == "close":
            written += "</pc>"
        else:
            kind = f'type="{TYPES.get(part.kind, "other")}" subType="{US}:{part.kind}"'
            first = data.setdefault(unit.shown(part), f"d{len(data) + 1}")
            if part.role == "alone":
                written += f'<ph id="{part.number}" dataRef="{first}" {kind}/>'
            else:
                last = data.setdefault(unit.shown(closes[part.number]), f"d{len(data) + 1}")
                written += f'<pc id="{part.number}" dataRefStart="{first}" dataRefEnd="{last}" {kind}>'
    return written
