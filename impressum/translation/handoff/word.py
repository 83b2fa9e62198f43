"""DOCX, for Word: a table a chapter, with the source on the left and its translation on the right; and read back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from impressum.core.errors import Fault, Faults, Faulty, Place, count_of
from impressum.translation.handoff.exchange import notes
from impressum.translation.handoff.letter import IN_WORD
from impressum.translation.handoff.markup import Part, Parts, Tag
from impressum.translation.handoff.matching import ADDED
from impressum.translation.handoff.safe_files import element_name, parse_xml, unzipped, zipped
from impressum.translation.handoff.unit import Handoff, Returned, ReturnedFile, Unit, reference

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

WIDTHS_MM = (30, 116, 111)
GREY, MARKED = "666666", "7A3E9D"
MADE = datetime(1980, 1, 1, tzinfo=UTC)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY, COMMENTS = "word/document.xml", "word/comments.xml"
UNIT = re.compile(r"\S+\.[0-9a-f]{8}\.\d+\.\d+")
TAG = re.compile(r"⟦\s*(?P<close>/?)\s*(?P<number>\d{1,6})\s*⟧")
EDITION = re.compile(r"\(([A-Za-z0-9-]+)\)\s*$")
GONE = frozenset({"del", "moveFrom", "instrText", "delText", "pPr", "rPr", "tblPr", "tcPr", "trPr"})
"""Elements whose text Word does not show once all changes are accepted."""
CHANGES = frozenset({"ins", "del", "moveFrom", "moveTo"})
LETTERS = {"noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
STYLES = {"vertAlign": "^", "b": "**", "i": "*"}
"""Character formatting in Word, with its Markdown."""
HEADINGS = re.compile("Title|Heading|berschrift|Naslov", re.IGNORECASE)
FOREIGN = {
    "sym": "a letter of a font of symbols",
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
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    table = document.add_table(rows=1 + len(units), cols=3, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS_MM, strict=True):  # for LibreOffice; Word asks the cells
        column.width = Mm(width)
    rows = list(table.rows)
    header = ("Unit", f"{names[0]} ({handoff.source})", f"{names[1]} ({handoff.edition})")
    for cell, text in zip(rows[0].cells, header, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
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
    """The visible text of a cell; `styled` are the Markdown, first and last letter of what is formatted in it."""

    text: str = ""
    styled: list[tuple[str, int, int]] = field(default_factory=list)
    changed: bool = False
    foreign: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)


def read_docx(raw: bytes, path: str, faults: Faults) -> ReturnedFile:
    """The units of a returned Word file, with all changes accepted; pictures and the like are faults.

    Words outside of the cells for translations are warnings. Raises Faulty where it is no Word file.
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
        elements = [one for one in row if element_name(one) == "tc"]
        cells = [_read(cell, comments, _Cell()) for cell in elements]
        unit, target = cells[0].text.strip(), cells[-1]
        if len(cells) < 3 or not UNIT.fullmatch(unit):
            found = EDITION.search(target.text.strip())
            edition = edition or (found[1] if found else "")
            _warn_outside([] if found else [cell.text for cell in cells], path, faults)
            continue
        changed += target.changed
        _refuse_foreign(unit, target, path, faults)
        source = _Cell()
        for paragraph in (one for one in row.iter(f"{WORD}p") if one.getparent() is elements[1]):
            if _style(paragraph) != "Context":
                _read(paragraph, comments, source)
        said = tuple(_styled(target)), tuple(parts_of(source.text.strip()))
        units.append(Returned(unit, Place(path), said[0], source=said[1], comments=tuple(target.comments)))
    own = {" ".join(one.split()) for one in IN_WORD}
    beside = [one for part in body for one in part if element_name(one) != "tbl" and not HEADINGS.match(_style(one))]
    texts = (_read(one, comments, _Cell()).text for one in beside if element_name(one) != "sectPr")
    _warn_outside([text for text in texts if " ".join(text.split()) not in own], path, faults)
    if changed:
        message = f"changes are tracked in {count_of(changed, 'unit')}, and are taken as accepted"
        hint = "where that is not meant, accept or reject them in Word and hand the file in again"
        faults.warning(Place(path), message, "handin-tracked", hint)
    return ReturnedFile(path, edition, tuple(units))


def _style(paragraph: _Element) -> str:
    found = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
    return (found.get(f"{WORD}val") or "") if found is not None else ""


def _warn_outside(texts: Sequence[str], path: str, faults: Faults) -> None:
    for text in texts:
        if text.strip():
            message = f"“{shorten(text, 60, placeholder=' …')}” is in no cell of a unit, and is not put in"
            hint = "write it into the cell on the right of its unit"
            faults.warning(Place(path), message, "handin-outside", hint)


def _styled(cell: _Cell) -> Iterator[Part]:
    """The words and tags of a cell; what is styled outside of a pair of tags, and is not all of it, in tags of its own.

    A token without a partner is returned as an opening one.
    """
    text, done, count = cell.text, 0, 0
    tokens = list(TAG.finditer(text))
    within = [
        (one.start(), two.end())
        for one in tokens
        for two in tokens
        if two["close"] and not one["close"] and two["number"] == one["number"] and two.start() > one.start()
    ]
    for sign, first, last in cell.styled:
        words = text[first:last].strip()
        start = first + text[first:last].find(words)
        end = start + len(words)
        if not words or TAG.search(words) or any(a <= start and end <= b for a, b in within):
            continue
        if not re.search(r"[^\W_]", text[:start] + text[end:]) or start < done:
            continue
        yield from parts_of(text[done:start])
        count += 1
        number = ADDED + count
        words = words.replace(" ", "\u00a0") if sign in "^~" else words
        yield from (Tag(number, "open", sign, "emphasis"), words, Tag(number, "close", sign, "emphasis"))
        done = end
    yield from parts_of(text[done:])


def parts_of(text: str) -> Iterator[Part]:
    """The words and tags in `text`."""
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


def _read(element: _Element, comments: dict[str, str], found: _Cell, sign: str = "") -> _Cell:
    """Adds what `element` shows to `found`; `sign` is the Markdown of its style."""
    for child in element:
        name = element_name(child)
        found.changed = found.changed or name in CHANGES
        if name in GONE or not name:
            continue
        if name == "t":
            _add_text(found, child.text or "", sign)
        elif name in ("tab", "br", "cr"):
            found.text += " "
        elif name in LETTERS:
            found.text += LETTERS[name]
        elif name in FOREIGN:
            found.foreign.add(FOREIGN[name])
        elif name == "commentReference":
            said = comments.get(child.get(f"{WORD}id") or "")
            found.comments += [said] if said else []
        else:
            _read(child, comments, found, _sign(child) if name == "r" else sign)
            found.text += " " if name == "p" else ""
    return found


def _add_text(found: _Cell, text: str, sign: str) -> None:
    start = len(found.text)
    found.text += text
    if sign and text:
        last = found.styled[-1] if found.styled else None
        if last and last[0] == sign and last[2] == start:
            found.styled[-1] = (sign, last[1], len(found.text))
        else:
            found.styled.append((sign, start, len(found.text)))


def _sign(run: _Element) -> str:
    """The Markdown of what is set upon a run of text by hand."""
    for name, sign in STYLES.items():
        found = run.find(f"{WORD}rPr/{WORD}{name}")
        value = found.get(f"{WORD}val") if found is not None else "off"
        if value not in ("0", "false", "off", "none", "baseline"):
            return {"subscript": "~"}.get(value or "", sign)
    return ""


def _is_deleted(row: _Element) -> bool:
    """Whether a tracked change deletes the whole row."""
    return any(element_name(one) == "del" for properties in row.findall(f"{WORD}trPr") for one in properties)
