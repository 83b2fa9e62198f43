"""DOCX, for Word: a table a chapter, the source on the left, an empty cell for its translation on the right."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from impressum.translation.handoff.markup import Parts
from impressum.translation.handoff.unit import Handoff, Unit
from impressum.translation.handoff.xliff import notes
from impressum.translation.handoff.zips import unzipped, zipped

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

WIDTHS_MM = (34, 118, 105)
GREY, MARKED = "666666", "7A3E9D"
MADE = datetime(1980, 1, 1, tzinfo=UTC)


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
    """The source with what a translator should know of it: above it where it stands, below it its tags and notes."""
    place = cell.paragraphs[0]
    _say(place, " › ".join(unit.path))
    _add(cell.add_paragraph(), unit.parts)
    tags = [f"{token(part)} {unit.shown(part)}" for part in unit.parts if not isinstance(part, str)]
    if tags:
        _say(cell.add_paragraph(), "Tags: " + "   ".join(tags))
    for note in notes(unit):
        _say(cell.add_paragraph(), note)


def _say(paragraph: Paragraph, words: str) -> None:
    """Puts `words` into an empty paragraph as something that is no text to translate.

    A style is named by its id: python-docx looks through all of them for each name.
    """
    paragraph._p.style = "Context"
    paragraph.add_run(words)


def _add(paragraph: Paragraph, parts: Parts) -> None:
    for part in parts:
        if isinstance(part, str):
            paragraph.add_run(part)
        else:
            paragraph.add_run(token(part))._r.style = "Tag"


def _repeats(row: Any) -> None:
    """Makes `row` the header of its table, repeated on each page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _speaks(paragraph: Paragraph, tag: str) -> None:
    """Says the language of an empty cell, so that a translator's spelling is checked in it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    language = OxmlElement("w:lang")
    language.set(qn("w:val"), tag)
    properties = paragraph._p.get_or_add_pPr()
    mark = OxmlElement("w:rPr")
    mark.append(language)
    properties.append(mark)
