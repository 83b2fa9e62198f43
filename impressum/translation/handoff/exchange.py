"""XLIFF 1.2, for CAT tools, and PO, for Poedit and Weblate: the units out, with their tags, and in again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from impressum import __version__
from impressum.core.errors import Fault, Faults, Faulty, Place, count_of
from impressum.translation.handoff.markup import Part, Parts, Tag, joined
from impressum.translation.handoff.matching import ADDED, LANGUAGE
from impressum.translation.handoff.safe_files import element_name, parse_xml
from impressum.translation.handoff.unit import LEVELS, Handoff, Level, Returned, ReturnedFile, Unit, reference

if TYPE_CHECKING:
    from lxml.etree import _Element
    from polib import POEntry, POFile

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
US = "impressum"
OURS = frozenset({US, "heading", "line"})
"""The categories of the notes that are not the translator's."""
FORMERLY = ("Its source was:", "Its translation was:")
ABOUT = ("Where it is:", "What it is:", "Before it:", "After it:", *FORMERLY)
"""How notes begin that are ours, also where a program drops whose they are."""
STATES: dict[Level, str] = {"translated": "translated", "reviewed": "signed-off", "approved": "final"}
"""The levels of a sign-off in XLIFF 1.2."""
LEVELS_2: dict[str, Level] = {"translated": "translated", "reviewed": "reviewed", "final": "approved"}
"""They by the states of XLIFF 2."""
SPAN = "x-span-"
"""Before the language of words that only the translation marks so, in XLIFF 1.2."""
UNFINISHED = frozenset({"new", "needs-translation", "needs-adaptation"})


def write_xliff(handoff: Handoff, *, for_omegat: bool = False) -> bytes:
    """The units of `handoff` as an XLIFF 1.2 file.

    OmegaT 6 shows only the last note of a unit, and takes the source of an `<alt-trans>` for that of its unit.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<xliff version="1.2" xmlns="{NAMESPACE}">']
    tool = f'      <tool tool-id="{US}" tool-name="Impressum" tool-version="{__version__}"/>'
    for units in handoff.units.values():
        original = quoteattr(units[0].file)
        languages = f'source-language="{handoff.source}" target-language="{handoff.edition}"'
        lines.append(f'  <file original={original} {languages} datatype="plaintext">')
        lines += ["    <header>", tool, "    </header>", "    <body>"]
        lines += [f"      {line}" for unit in units for line in _unit(unit, handoff, for_omegat=for_omegat)]
        lines += ["    </body>", "  </file>"]
    return "\n".join([*lines, "</xliff>", ""]).encode()


def _unit(unit: Unit, handoff: Handoff, *, for_omegat: bool) -> Iterator[str]:
    approved = ' approved="yes"' if unit.signed == "approved" else ""
    yield f'<trans-unit id={quoteattr(unit.id)}{approved} xml:space="preserve">'
    yield f"  <source>{inline(unit, unit.parts)}</source>"
    if unit.target:
        yield f'  <target state="{STATES[unit.signed or LEVELS[0]]}">{inline(unit, unit.target)}</target>'
    yield '  <context-group purpose="information">'
    if unit.path:
        yield f'    <context context-type="x-heading">{escape(" › ".join(unit.path))}</context>'
    if unit.line:
        yield f'    <context context-type="linenumber">{unit.line}</context>'
    yield "  </context-group>"
    every = ["\n".join(notes(unit))] if for_omegat else [*notes(unit)]
    yield from (f'  <note from="{US}">{escape(note)}</note>' for note in every if note)
    if unit.earlier_target and not for_omegat:
        kind = f'match-quality="{unit.match}%"' if unit.match else 'alttranstype="previous-version"'
        yield f'  <alt-trans {kind} origin="{US}">'
        yield f'    <source xml:lang="{handoff.source}">{escape(unit.earlier_source)}</source>'
        yield f'    <target xml:lang="{handoff.edition}">{escape(unit.earlier_target)}</target>'
        yield "  </alt-trans>"
    yield "</trans-unit>"


def notes(unit: Unit) -> Iterator[str]:
    """The context of a unit for its translator, a sentence each."""
    if unit.what:
        yield f"{ABOUT[1]} {unit.what}"
    if unit.before:
        yield f"{ABOUT[2]} {unit.before}"
    if unit.after:
        yield f"{ABOUT[3]} {unit.after}"
    if unit.earlier_source:
        yield f"{FORMERLY[0]} {unit.earlier_source}"
    if unit.earlier_target:
        yield f"{FORMERLY[1]} {unit.earlier_target}"


def inline(unit: Unit, parts: Parts) -> str:
    """`parts` as the content of a source or target."""
    written = ""
    closes = {part.number: unit.shown(part) for part in parts if isinstance(part, Tag) and part.role == "close"}
    for part in parts:
        if isinstance(part, str):
            written += escape(part)
        elif part.role == "close":
            written += "</g>"
        elif part.role == "open":
            kind = f"{'' if part.kind == 'link' else 'x-'}{part.kind}"
            if part.number >= ADDED and (marked := LANGUAGE.fullmatch(closes[part.number])):
                kind = f"{SPAN}{'as-is' if marked['as_is'] else marked['tag']}"
            written += f'<g id="{part.number}" ctype="{kind}">'
        else:
            written += f'<ph id="{part.number}" ctype="x-{part.kind}">{escape(unit.shown(part))}</ph>'
    return written


def read_xliff(raw: bytes, path: str, faults: Faults) -> ReturnedFile:
    """The units of a returned XLIFF file, of version 1.2, 2.0 or 2.1. Raises Faulty where it is none.

    A unit that was only partly translated, segment by segment, counts as not translated, with a warning.
    """
    root = parse_xml(raw, path)
    if element_name(root) != "xliff":
        message = "the file is no XLIFF"
        hint = "hand in the file that was handed off, with the translations in it"
        raise Faulty([Fault(Place(path, root.sourceline or 0), message, "handin-unreadable", hint)])
    is_2 = (root.get("version") or "").startswith("2")
    named = [root.get("trgLang")] if is_2 else [one.get("target-language") for one in _all(root, "file")]
    units = [(_returned_2 if is_2 else _returned)(one, path) for one in _all(root, "unit" if is_2 else "trans-unit")]
    for unit, missing in units:
        if missing and not unit.is_empty:
            message = f"{count_of(missing, 'segment')} of `{unit.id}` came back without a translation"
            hint = "translate the whole unit; until then it is printed in the language of the source"
            faults.warning(unit.place, message, "handin-partly", hint)
    done = tuple(replace(unit, done=unit.done and not missing) for unit, missing in units)
    return ReturnedFile(path, next((one for one in named if one), ""), done)


def _all(element: _Element, *names: str) -> list[_Element]:
    return [one for one in element.iter() if element_name(one) in names]


def _child(element: _Element, name: str) -> _Element | None:
    return next((one for one in element if element_name(one) == name), None)


def _returned(element: _Element, path: str) -> tuple[Returned, int]:
    """A `<trans-unit>`, and the number of its segments without a translation."""
    source, target = _child(element, "source"), _child(element, "target")
    line = (element if target is None else target).sourceline or 0
    done = target is None or target.get("state") not in UNFINISHED
    parts, said = (tuple(_parts(one)) if one is not None else () for one in (target, source))
    found = Returned(element.get("id") or "", Place(path, line), _mended(parts), source=said, comments=_notes(element))
    segmented = _child(element, "seg-source")
    wanted, there = (
        {} if one is None else {mrk.get("mid"): mrk for mrk in _all(one, "mrk") if mrk.get("mtype") == "seg"}
        for one in (segmented, target)
    )
    missing = [mid for mid, mrk in wanted.items() if _is_said(mrk) and not _is_said(there.get(mid))]
    level = next((one for one, state in STATES.items() if target is not None and target.get("state") == state), None)
    level = "approved" if element.get("approved") == "yes" else level
    return replace(found, done=done, signed=level), len(missing) if target is not None else 0


def _returned_2(element: _Element, path: str) -> tuple[Returned, int]:
    """A `<unit>` of XLIFF 2, and the number of its segments without a translation."""
    parts: list[Part] = []
    source: list[Part] = []
    missing = 0
    data = {str(one.get("id")): "".join(map(str, one.itertext())) for one in _all(element, "data")}
    for segment in _all(element, "segment", "ignorable"):
        own, target = _child(segment, "source"), _child(segment, "target")
        source += _parts(own) if own is not None else ()
        is_new = target is None or (segment.get("state") == "initial" and not _is_said(target))
        if element_name(segment) == "ignorable" and target is None:
            parts += _parts(own) if own is not None else ()
        elif target is not None and not is_new:
            parts += _parts(target, data)
        missing += element_name(segment) == "segment" and is_new
    place = Place(path, element.sourceline or 0)
    if missing == len(_all(element, "segment")):
        parts, missing = [], 0
    unit_id = xliff_id(element.get("id") or "")
    found = Returned(unit_id, place, _mended(parts), source=tuple(source), comments=_notes(element))
    levels = [LEVELS_2.get(one.get("state") or "") for one in _all(element, "segment")]
    return replace(found, signed=min(levels, key=lambda one: LEVELS.index(one) if one else -1)), missing


def xliff_id(unit_id: str) -> str:
    """The id of a unit as XLIFF 2 takes it, without a slash; from that one, the id of the unit."""
    return unit_id.translate(str.maketrans("/:", ":/"))


def _is_said(element: _Element | None) -> bool:
    return element is not None and (bool("".join(map(str, element.itertext())).strip()) or len(element) > 0)


def _notes(element: _Element) -> tuple[str, ...]:
    notes = (one for one in _all(element, "note") if {one.get("from"), one.get("category")}.isdisjoint(OURS))
    texts = (" ".join("".join(map(str, one.itertext())).split()) for one in notes)
    return tuple(text for text in texts if not text.startswith(ABOUT))


def _parts(element: _Element, data: Mapping[str, str] = MappingProxyType({})) -> Iterator[Part]:
    """The words and tags in `element`; annotations and segments (`<mrk>`) are dissolved.

    `data` is the Markdown of tags by its id, in XLIFF 2.
    """
    if element.text:
        yield element.text
    for child in element:
        name, number = element_name(child), _number(child)
        if name in ("ph", "x"):
            text = data.get(child.get("dataRef") or "") or "".join(map(str, child.itertext()))
            yield reference(number, text, alone=True)
        elif name in ("g", "pc"):
            opens, closes = _pair(child, data)
            yield reference(number, opens)
            yield from _parts(child, data)
            yield reference(number, closes, closes=True)
        elif name in ("bpt", "bx", "sc"):
            yield reference(_number(child, "rid"))
        elif name in ("ept", "ex", "ec"):
            yield reference(_number(child, "rid", "startRef"), closes=True)
        elif name == "it":
            yield reference(number, closes=child.get("pos") == "close")
        elif name == "mrk":
            yield from _parts(child, data)
        elif name and name not in ("sm", "em"):
            yield reference(-1, alone=True)
        if child.tail:
            yield child.tail


def _pair(element: _Element, data: Mapping[str, str]) -> tuple[str, str]:
    """The Markdown of a pair of tags, as far as the file says it."""
    kind = element.get("ctype") or ""
    if kind.startswith(SPAN):
        tag = kind.removeprefix(SPAN)
        return "[", "]{.as-is}" if tag == "as-is" else f"]{{lang={tag}}}"
    return data.get(element.get("dataRefStart") or "", ""), data.get(element.get("dataRefEnd") or "", "")


def _mended(parts: Iterable[Part]) -> tuple[Part, ...]:
    """`parts` with each pair whole that two segments share: there it closes, and opens again at once."""
    found: list[Part] = []
    for part in joined(parts):
        gap = found[-1] if found and isinstance(found[-1], str) and not found[-1].strip() else ""
        before = [one[:2] for one in found[-2 if gap else -1 :][:1] if isinstance(one, Tag)]
        if isinstance(part, Tag) and part.role == "open" and before == [(part.number, "close")]:
            del found[-2 if gap else -1 :]
            found += [gap] if gap else []
        else:
            found.append(part)
    return tuple(joined(found))


def _number(element: _Element, *first: str) -> int:
    value = next((one for name in (*first, "id") if (one := element.get(name))), "")
    return int(value) if value.isdigit() and len(value) < 7 else -1


EDITION = "X-Impressum-Edition"
SCRIPTS = {"Latn": "latin", "Cyrl": "cyrillic", "Arab": "arabic"}


def write_po(handoff: Handoff) -> bytes:
    """The units of `handoff` as a PO file."""
    import polib

    file = polib.POFile(wrapwidth=0)
    file.metadata = po_header(handoff)
    for unit in handoff.all():
        file.append(po_entry(unit))
    return f"{file}\n".encode()


def po_header(handoff: Handoff) -> dict[str, str]:
    """The header of a PO file by its fields."""
    return {
        "Project-Id-Version": handoff.slug,
        "Language": gettext_language(handoff.edition),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        EDITION: handoff.edition,
    }


def po_entry(unit: Unit) -> POEntry:
    """A unit as an entry of a PO file; one that has changed is fuzzy, and after figures Weblate asks for no stop."""
    import polib

    changed = bool(unit.earlier_target) and not unit.target
    others = [note for note in notes(unit) if not note.startswith(FORMERLY)]
    ends_in_figures = markdown_of(unit)[-1:].isdigit()  # Serbian writes a point behind: 2025.
    return polib.POEntry(
        msgctxt=unit.id,
        msgid=markdown_of(unit),
        msgstr=_on_one_line(unit.earlier_target) if changed else target_markdown(unit),
        previous_msgid=_on_one_line(unit.earlier_source) if changed else None,
        comment="\n".join([*([" › ".join(unit.path)] if unit.path else []), *others]),
        occurrences=[(unit.file, str(unit.line or ""))],
        flags=[*(["fuzzy"] if changed else []), "md-text", *(["ignore-end-stop"] if ends_in_figures else [])],
    )


def markdown_of(unit: Unit) -> str:
    """The source of `unit` as Markdown on one line."""
    return _on_one_line(unit.segment.markdown)


def target_markdown(unit: Unit) -> str:
    """The current translation of `unit` as Markdown on one line."""
    from impressum.translation.handoff.escaping import written

    return _on_one_line(unit.hidden.shown(written(unit.target, unit.segment.setting))) if unit.target else ""


def _on_one_line(text: str) -> str:
    """`text` without line breaks, except those after a backslash."""
    return "\\\n".join(" ".join(line.split("\n")) for line in text.split("\\\n"))


def gettext_language(tag: str) -> str:
    """A language tag as gettext writes it: `sr@latin`, `pt_BR`."""
    language, *others = tag.split("-")
    script = next((f"@{SCRIPTS[one]}" for one in others if one in SCRIPTS), "")
    region = next((f"_{one}" for one in others if len(one) == 2 and one.isupper()), "")
    return f"{language}{region}{script}"


def opened_po(raw: bytes, path: str) -> POFile:
    """A PO file, as polib reads it. Raises Faulty where it cannot be read."""
    import polib

    try:
        # With a line end at its end it is a text for polib, never the name of a file.
        return polib.pofile(raw.decode("utf-8-sig").replace("\r\n", "\n") + "\n")
    except (OSError, UnicodeDecodeError, ValueError, IndexError, KeyError) as exc:
        found = re.search(r"line (\d+)", str(exc))
        place, message = Place(path, int(found[1]) if found else 0), "the file is no PO file that can be read"
        hint = "save it anew, as UTF-8, in the program in which it was translated"
        raise Faulty([Fault(place, message, "handin-unreadable", hint)]) from exc


def read_po(file: POFile, path: str) -> ReturnedFile:
    """The units of a returned PO file."""
    units = tuple(
        Returned(
            entry.msgctxt or "",
            Place(path, entry.linenum),
            markdown=entry.msgstr,
            source=(entry.msgid,),
            comments=(" ".join(entry.tcomment.split()),) if entry.tcomment.strip() else (),
            done=not entry.fuzzy,
            signed=next((one for one in LEVELS if one in entry.flags), None),
        )
        for entry in file
        if not entry.obsolete
    )
    return ReturnedFile(path, file.metadata.get(EDITION, ""), units)
