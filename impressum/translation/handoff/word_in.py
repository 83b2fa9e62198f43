"""A Word file that came back: the cells of its tables as Word shows them with every change accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.translation.handoff.letter import counted
from impressum.translation.handoff.markup import Part
from impressum.translation.handoff.safe_xml import parse_xml
from impressum.translation.handoff.unit import Returned, ReturnedFile, reference
from impressum.translation.handoff.zips import unzipped

if TYPE_CHECKING:
    from lxml.etree import _Element

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY, COMMENTS = "word/document.xml", "word/comments.xml"
UNIT = re.compile(r"\S+\.[0-9a-f]{8}\.\d+\.\d+")
"""What the id of a unit looks like."""
TAG = re.compile(r"⟦\s*(?P<close>/?)\s*(?P<number>\d{1,6})\s*⟧")
EDITION = re.compile(r"\(([A-Za-z0-9-]+)\)\s*$")
GONE = frozenset({"del", "moveFrom", "instrText", "delText", "pPr", "rPr", "tblPr", "tcPr", "trPr"})
"""Elements whose text is not part of what Word shows with all changes accepted."""
CHANGES = frozenset({"ins", "del", "moveFrom", "moveTo"})
FOREIGN = {
    "drawing": "a picture",
    "pict": "a picture",
    "object": "an embedded object",
    "footnoteReference": "a footnote of Word",
    "endnoteReference": "an endnote of Word",
    "oMath": "a formula of Word",
}


@dataclass
class _Cell:
    text: str = ""
    changed: bool = False
    foreign: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)


def read_docx(raw: bytes, path: str, faults: Faults) -> ReturnedFile:
    """The units of a Word file that came back; what no text can hold is a fault. Raises Faulty where it is none."""
    files = unzipped(raw, path)
    if BODY not in files:
        hint = "hand in the file that was handed off, saved as .docx"
        raise Faulty([Fault(Place(path), "the file is no Word file (.docx)", "handin-unreadable", hint)])
    body = parse_xml(files[BODY], path, is_part=True)
    comments = _comments(files, path)
    units: list[Returned] = []
    edition, changed = "", 0
    for row in (one for one in body.iter(f"{WORD}tr") if not _is_deleted(one)):
        cells = [_read(cell, comments) for cell in row if _name(cell) == "tc"]
        if len(cells) < 3:
            continue
        unit, target = cells[0].text.strip(), cells[-1]
        if not UNIT.fullmatch(unit):
            found = EDITION.search(target.text.strip())
            edition = edition or (found[1] if found else "")
            continue
        changed += target.changed
        _refuse_foreign(unit, target, path, faults)
        units.append(Returned(unit, Place(path), tuple(parts_of(target.text)), comments=tuple(target.comments)))
    if changed:
        faults.warning(
            Place(path),
            f"changes are tracked in {counted(changed, 'unit')}, and are taken as accepted",
            "handin-tracked",
            "where that is not meant, accept or reject them in Word and hand the file in again",
        )
    return ReturnedFile(path, edition, tuple(units))


def parts_of(text: str) -> Iterator[Part]:
    """The words and tags of a cell. A token that stands alone comes back as one that opens; its source knows better."""
    done = 0
    for found in TAG.finditer(text):
        if found.start() > done:
            yield text[done : found.start()]
        yield reference(int(found["number"]), closes=bool(found["close"]))
        done = found.end()
    if done < len(text):
        yield text[done:]


def _refuse_foreign(unit: str, cell: _Cell, path: str, faults: Faults) -> None:
    for what in sorted(cell.foreign):
        faults.error(
            Place(path),
            f"the translation of `{unit}` holds {what}, which a text file cannot",
            "handin-foreign",
            "take it out, and write it as words; notes and formulas of the source are there as tags",
        )


def _comments(files: dict[str, bytes], path: str) -> dict[str, str]:
    """The comments of the file by their ids."""
    if COMMENTS not in files:
        return {}
    root = parse_xml(files[COMMENTS], path, is_part=True)
    return {
        one.get(f"{WORD}id") or "": " ".join("".join(text.text or "" for text in one.iter(f"{WORD}t")).split())
        for one in root.iter(f"{WORD}comment")
    }


def _read(cell: _Element, comments: dict[str, str]) -> _Cell:
    found = _Cell()
    _walk(cell, found, comments)
    return found


def _walk(element: _Element, found: _Cell, comments: dict[str, str]) -> None:
    for child in element:
        name = _name(child)
        found.changed = found.changed or name in CHANGES
        if name in GONE or not name:
            continue
        if name == "t":
            found.text += child.text or ""
        elif name in ("tab", "br", "cr"):
            found.text += " "
        elif name == "noBreakHyphen":
            found.text += "\u2011"
        elif name in FOREIGN:
            found.foreign.add(FOREIGN[name])
        elif name == "commentReference":
            said = comments.get(child.get(f"{WORD}id") or "")
            found.comments += [said] if said else []
        else:
            _walk(child, found, comments)
            found.text += " " if name == "p" else ""


def _is_deleted(row: _Element) -> bool:
    """Whether a tracked change takes the whole row away."""
    return any(_name(one) == "del" for properties in row.findall(f"{WORD}trPr") for one in properties)


def _name(element: _Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
