"""What Typst finds wrong, and tables that do not fit, as faults at the Markdown line that caused it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impressum.errors import Fault, Place
from impressum.model.meant import Anchor, Fragment

AT = re.compile(r"(?:chapters|book)[/\\][\w.-]+\.typ:\d+:\d+")
DIAGNOSTIC = re.compile(r"^(?:error|warning): (.*)$", re.MULTILINE)
HINT = re.compile(r"^ *= hint: (.*)$", re.MULTILINE)
MISSING_GLYPH = re.compile(r"the text `\"(?P<text>.+?)\"` could not be displayed with font `\"(?P<font>.+?)\"`")


def explain(told: Mapping[str, object], fragments: tuple[Fragment, ...], *, error: bool) -> tuple[Fault, ...]:
    """Typst's words, one fault for each thing that it found, at the Markdown line that each is about."""
    hints = told["hints"]
    first = "; ".join(str(one) for one in hints) if isinstance(hints, list) else ""
    diagnostics = DIAGNOSTIC.split(str(told["diagnostic"]))[1:]
    found: dict[Fault, None] = {}
    for said, rest in zip(diagnostics[::2], diagnostics[1::2], strict=True):
        found[_one_fault(said, rest, fragments, "; ".join(HINT.findall(rest)), error=error)] = None
    if not found:
        found[_one_fault(str(told["message"]), str(told["diagnostic"]), fragments, first, error=error)] = None
    return tuple(found)


def _one_fault(said: str, diagnostic: str, fragments: tuple[Fragment, ...], hint: str, *, error: bool) -> Fault:
    place = _place(diagnostic, fragments)
    glyph = MISSING_GLYPH.search(said)
    if glyph:
        named = " ".join(f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip() for letter in glyph["text"])
        return Fault(
            place,
            f"the font {glyph['font']} has no character `{glyph['text']}` ({named})",
            "glyph-missing",
            "write it with other characters, or show it as a picture",
        )
    said = re.sub(r"^PDF/\S+( PDF/\S+)? error: ", "", said)
    message = f"Typst cannot set this: {said}" if error else f"Typst warns: {said}"
    return Fault(place, message, "typeset-failed", hint, "error")


def _place(diagnostic: str, fragments: tuple[Fragment, ...]) -> Place:
    """The Markdown place of the first line of a fragment that `diagnostic` names, else of a template."""
    place = Place("publication.yaml")
    for found in AT.finditer(diagnostic):
        name, line, column = found.group().rsplit(":", 2)
        if name.startswith("book") and place.path == "publication.yaml":
            place = Place(f"templates/{Path(name).name}", int(line), int(column) + 1)
        fragment = next((one for one in fragments if one.slug == Path(name).stem), None)
        if fragment and name.startswith("chapters"):
            return fragment.lines[min(int(line), len(fragment.lines)) - 1]
    return place


def squeezed_tables(told: Any, anchors: tuple[Anchor, ...]) -> tuple[Fault, ...]:
    """A warning for each table that fits the page only in type that is too small; `told` is the book's own report."""
    places = {anchor.label: anchor.place for anchor in anchors}
    found: list[Fault] = []
    for label, size, room, wanted, widest, turned in told.get("squeezed", ()) if told else ():
        named = ", ".join(f"`{title}`" for title in widest if title)
        found.append(
            Fault(
                places.get(label, Place("publication.yaml")),
                f"the table is too wide: its words need {_millimetres(wanted)}, the page has {_millimetres(room)}, "
                f"so its type is only {size:.1f} pt",
                "table-wide",
                ("" if turned else "turn it with `.landscape` behind its caption, or ")
                + "divide it into two tables"
                + (f"; its widest columns are {named}" if named else ""),
                "warning",
            )
        )
    return tuple(found)


def _millimetres(points: float) -> str:
    return f"{points / 72 * 25.4:.0f} mm"
