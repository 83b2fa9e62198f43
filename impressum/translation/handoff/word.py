"""DOCX, for Word: a table a chapter, with the source on the left and its translation on the right; and read back."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from impressum.translation.handoff.markup import Parts
from impressum.translation.handoff.safe_files import unzipped, zipped
from impressum.translation.handoff.unit import Handoff, Unit
from impressum.translation.handoff.xliff import notes

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.translation.handoff.letter import counted
from impressum.translation.handoff.markup import Part
from impressum.translation.handoff.safe_files import parse_xml
from impressum.translation.handoff.unit import Returned, ReturnedFile, reference

if TYPE_CHECKING:
    from lxml.etree import _Element

WIDTHS_MM = (34, 118, 105)
GREY, MARKED = "666666", "7A3E9D"
MADE = datetime(1980, 1, 1, tzinfo=UTC)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY, COMMENTS = "word/document.xml", "word/comments.xml"
UNIT = re.compile(r"\S+\.[0-9a-f]{8}\.\d+\.\d+")
"""Matches the id of a unit."""
TAG = re.compile(r"⟦\s*(?P<close>/?)\s*(?P<number>\d{1,6})\s*⟧")
EDITION = re.compile(r"\(([A-Za-z0-9-]+)\)\s*$")
GONE = frozenset({"del", "moveFrom", "instrText", "delText", "pPr", "rPr", "tblPr", "tcPr", "trPr"})
"""Elements whose text Word does not show once all changes are accepted."""
CHANGES = frozenset({"ins", "del", "moveFrom", "moveTo"})
FOREIGN = {
    "drawing": "a picture",
    "pict": "a picture",
    "object": "an embedded object",
    "footnoteReference": "a footnote of Word",
    "endnoteReference": "an endnote of Word",
    "oMath": "a formula of Word",
}


def token(part: Any) -> str:
    """A tag as a translator sees it: `⟦1⟧` … `⟦/1⟧`, or `⟦2⟧` alone."""
    return f"⟦/{part.number}⟧" if part.role == "close" else f"⟦{part.number}⟧"


def write_docx(handoff: Handoff, heading: str, how: tuple[str, ...], names: tuple[str, str]) -> bytes:
    """The units of `handoff` as a Word file. `how` are paragraphs for the translator, `names` the languages."""
    import docx

    document = docx.Document()
    _prepare(document, handoff, heading)
    document.add_heading(heading, 0)
    for paragraph in how:
        document.add_paragraph(paragraph)
    for chapter, units in handoff.units.items():
        document.add_heading(_title(chapter, handoff), 1)
        _table(document, units, handoff, names)
    buffer = io.BytesIO()
    document.save(buffer)
    return zipped(unzipped(buffer.getvalue(), "docx"))


def _title(chapter: str, handoff: Handoff) -> str:
    title = handoff.titles.get(chapter, "")
    return f"{chapter}: {title}" if title and chapter[:1].isdigit() else title or chapter


def _prepare(document: Document, handoff: Handoff, heading: str) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt, RGBColor

    properties = document.core_properties
    properties.title, properties.author, properties.comments = heading, "Impressum", ""
    properties.language = handoff.edition
    properties.created = properties.modified = MADE
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    styles = document.styles
    tag = styles.add_style("Tag", WD_STYLE_TYPE.CHARACTER)
    tag.font.color.rgb, tag.font.size = RGBColor.from_string(MARKED), Pt(9)
    context = styles.add_style("Context", WD_STYLE_TYPE.PARAGRAPH)
    context.base_style = styles["Normal"]
    context.font.color.rgb, context.font.size = RGBColor.from_string(GREY), Pt(8)
    context.paragraph_format.space_after = Pt(2)


def _table(document: Document, units: tuple[Unit, ...], handoff: Handoff, names: tuple[str, str]) -> None:
    from docx.shared import Mm

    table = document.add_table(rows=1 + len(units), cols=3, style="Table Grid")
    table.autofit = False
    rows = list(table.rows)
    header = ("Unit", f"{names[0]} ({handoff.source})", f"{names[1]} ({handoff.edition})")
    for cell, text in zip(rows[0].cells, header, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    _repeats(rows[0])
    for row, unit in zip(rows[1:], units, strict=True):
        cells = row.cells
        _say(cells[0].paragraphs[0], unit.id)
        _source(cells[1], unit)
        _add(cells[2].paragraphs[0], unit.target)
        _speaks(cells[2].paragraphs[0], handoff.edition)
    for row in rows:
        for cell, width in zip(row.cells, WIDTHS_MM, strict=True):
            cell.width = Mm(width)


def _source(cell: Any, unit: Unit) -> None:
    """Writes the source with its context for the translator: its headings above, its tags and notes below."""
    place = cell.paragraphs[0]
    _say(place, " › ".join(unit.path))
    _add(cell.add_paragraph(), unit.parts)
    tags = [f"{token(part)} {unit.shown(part)}" for part in unit.parts if not isinstance(part, str)]
    if tags:
        _say(cell.add_paragraph(), "Tags: " + "   ".join(tags))
    for note in notes(unit):
        _say(cell.add_paragraph(), note)


def _say(paragraph: Paragraph, words: str) -> None:
    """Writes `words` as context into an empty paragraph; its style by id, as python-docx finds names slowly."""
    paragraph._p.style = "Context"
    paragraph.add_run(words)


def _add(paragraph: Paragraph, parts: Parts) -> None:
    for part in parts:
        if isinstance(part, str):
            paragraph.add_run(part)
        else:
            paragraph.add_run(token(part))._r.style = "Tag"


def _repeats(row: Any) -> None:
    """Makes `row` the repeated header of its table."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _speaks(paragraph: Paragraph, tag: str) -> None:
    """Sets the language of an empty cell, for the spelling checker."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    language = OxmlElement("w:lang")
    language.set(qn("w:val"), tag)
    properties = paragraph._p.get_or_add_pPr()
    mark = OxmlElement("w:rPr")
    mark.append(language)
    properties.append(mark)


@dataclass
class _Cell:
    text: str = ""
    changed: bool = False
    foreign: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)


def read_docx(raw: bytes, path: str, faults: Faults) -> ReturnedFile:
    """The units of a returned Word file, with all changes accepted; pictures and the like are faults.

    Raises Faulty where it is no Word file.
    """
    files = unzipped(raw, path)
    if BODY not in files:
        hint = "hand in the file that was handed off, saved as .docx"
        raise Faulty([Fault(Place(path), "the file is no Word file (.docx)", "handin-unreadable", hint)])
    body = parse_xml(files[BODY], path, is_part=True)
    comments = _comments(files, path)
    units: list[Returned] = []
    edition, changed = "", 0
    for row in (one for one in body.iter(f"{WORD}tr") if not _is_deleted(one)):
        cells = [_read(cell, comments, _Cell()) for cell in row if _name(cell) == "tc"]
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
        message = f"changes are tracked in {counted(changed, 'unit')}, and are taken as accepted"
        hint = "where that is not meant, accept or reject them in Word and hand the file in again"
        faults.warning(Place(path), message, "handin-tracked", hint)
    return ReturnedFile(path, edition, tuple(units))


def parts_of(text: str) -> Iterator[Part]:
    """The words and tags of a cell; a token without a partner is returned as an opening one."""
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
        message = f"the translation of `{unit}` holds {what}, which a text file cannot"
        hint = "take it out, and write it as words; notes and formulas of the source are there as tags"
        faults.error(Place(path), message, "handin-foreign", hint)


def _comments(files: dict[str, bytes], path: str) -> dict[str, str]:
    """The comments of the file by id."""
    if COMMENTS not in files:
        return {}
    root = parse_xml(files[COMMENTS], path, is_part=True)
    return {
        one.get(f"{WORD}id") or "": " ".join("".join(text.text or "" for text in one.iter(f"{WORD}t")).split())
        for one in root.iter(f"{WORD}comment")
    }


def _read(element: _Element, comments: dict[str, str], found: _Cell) -> _Cell:
    """Adds what `element` shows to `found`."""
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
            _read(child, comments, found)
            found.text += " " if name == "p" else ""
    return found


def _is_deleted(row: _Element) -> bool:
    """Whether a tracked change deletes the whole row."""
    return any(_name(one) == "del" for properties in row.findall(f"{WORD}trPr") for one in properties)


def _name(element: _Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
