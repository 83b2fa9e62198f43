"""A chapter as the sections and units (blocks, items, cells …) that parity compares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from textwrap import shorten

from impressum.checks.parity.lines import LineText, Mark, formula, marks, notes, said
from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.core.model.manuscript import ChapterDocument
from impressum.stages.convert.inherited_ids import picture

WORD = re.compile(r"\w{3,}")
DIGITS = re.compile(r"\d+")
LENGTH = 50
"""Letters of a block that a message quotes."""

NAMES: dict[type[d.Node], str] = {
    d.Heading: "heading",
    d.Paragraph: "paragraph",
    d.BulletList: "list",
    d.OrderedList: "list",
    d.DefinitionList: "list of terms",
    d.Quotation: "quotation",
    d.Box: "box",
    d.Equation: "formula",
    d.CodeBlock: "code",
    d.LineBlock: "passage in lines",
    d.Figure: "figure",
    d.FigureGroup: "group of figures",
    d.Table: "table",
    d.Rule: "break",
    d.RawTypst: "raw code",
    d.Reference: "reference",
    d.Division: "heading",
}


@dataclass(frozen=True)
class TextLine:
    """A text of a block: its own (`name` empty), or its caption, source, title or the like."""

    name: str
    content: tuple[d.Inline, ...]

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(marks(self.content))

    @cached_property
    def notes(self) -> tuple[d.Note, ...]:
        return tuple(notes(self.content))

    @cached_property
    def is_written(self) -> bool:
        """Whether there are any words."""
        return bool(said(self.content).strip())


@dataclass(frozen=True)
class Context:
    """The context of a unit: its language, whether that is `foreign` to the chapter, whether it is in a note, and
    whether it is still to be translated."""

    language: str
    foreign: bool = False
    in_note: bool = False
    untranslated: bool = False


@dataclass(frozen=True)
class Unit:
    """A block, or an item, row or cell of one. `lines` are its own texts, `parts` the units in it."""

    kind: str
    node: d.Node | None
    place: Place
    context: Context
    lines: tuple[TextLine, ...] = ()
    parts: tuple[Unit, ...] = ()
    ids: tuple[str, ...] = ()
    """Its own, and those of the divisions that begin with it."""

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of the unit itself, without those of its notes."""
        own = [Mark("id", one, self.place) for one in self.ids]
        own += [formula(self.node.math)] if isinstance(self.node, d.Equation) else []
        return (*own, *(mark for line in self.lines for mark in line.marks))

    @cached_property
    def notes(self) -> tuple[d.Note, ...]:
        """The notes whose marks are in the unit itself."""
        return tuple(note for line in self.lines for note in line.notes)

    @cached_property
    def evidence(self) -> frozenset[tuple[str, str]]:
        """The marks, names and pictures that identify the unit and everything in it in any language."""
        found: set[tuple[str, str]] = {(mark.kind, mark.key) for mark in self.marks if mark.kind != "index"}
        found |= {("note", note.name) for note in self.notes if note.name}
        if isinstance(self.node, d.Figure):
            found.add(("figure", picture(self.node)))
        return frozenset(found).union(*(part.evidence for part in self.parts))

    @cached_property
    def words(self) -> frozenset[str]:
        """Its longer words and numbers: names are often the same in two languages."""
        own = frozenset(WORD.findall(self.text.casefold()))
        return own.union(*(part.words for part in self.parts))

    @cached_property
    def numerals(self) -> frozenset[str]:
        """The digits of its numbers, which any notation has."""
        return frozenset(DIGITS.findall(self.text)).union(*(part.numerals for part in self.parts))

    @cached_property
    def text(self) -> str:
        """The words of the unit itself."""
        if isinstance(self.node, d.CodeBlock):
            return self.node.text
        return " ".join(filter(None, (said(line.content).strip() for line in self.lines)))

    @cached_property
    def read(self) -> tuple[tuple[str, LineText], ...]:
        """The words of each of its own lines, and where each of them stands."""
        texts = [LineText().read(line.content) for line in self.lines]
        return tuple((text.text, text) for text in texts)

    @cached_property
    def length(self) -> int:
        """The number of letters of the unit and everything in it."""
        return len(self.text) + sum(part.length for part in self.parts)

    @property
    def beginning(self) -> str:
        """Its first words, or those of its parts."""
        found = self.text or next((part.beginning for part in self.parts if part.beginning), "")
        return shorten(found, LENGTH, placeholder=" …")

    def begin(self, name: str) -> Place:
        """The place of the first word of the text `name`, else that of the unit."""
        content = next((line.content for line in self.lines if line.name == name), ())
        return content[0].place if content else self.place

    def walk(self) -> Iterator[Unit]:
        """The unit and everything in it."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True)
class Section:
    """A heading and the units below it, up to the next one; without a heading at the beginning of a chapter."""

    heading: Unit | None
    units: tuple[Unit, ...]


def sections(document: ChapterDocument) -> tuple[Section, ...]:
    """The sections of a chapter, in order; headings within divisions begin one, too."""
    found: list[tuple[Unit | None, list[Unit]]] = [(None, [])]
    for unit in units(document.blocks, Context(document.language)):
        if isinstance(unit.node, d.Heading):
            found.append((unit, []))
        else:
            found[-1][1].append(unit)
    made = tuple(Section(heading, tuple(below)) for heading, below in found)
    return made if made[0].units else made[1:]


def every_unit(parts: Iterable[Section]) -> tuple[Unit, ...]:
    """The units of sections, with their headings."""
    return tuple(unit for one in parts for unit in (*((one.heading,) if one.heading else ()), *one.units))


def units(blocks: Iterable[d.Block], context: Context) -> tuple[Unit, ...]:
    """The units of `blocks`; for a division, those in it."""
    found: list[Unit] = []
    for block in blocks:
        if isinstance(block, d.Division) and d.SUBTITLE not in block.classes:
            still = context.untranslated or d.UNTRANSLATED in block.classes
            inner = list(units(block.content, _in(context, block.language, untranslated=still)))
            if inner and block.id:
                inner[0] = replace(inner[0], ids=(block.id, *inner[0].ids))
            found += inner
        else:
            found.append(_unit(block, context))
    return tuple(found)


def note_units(note: d.Note, context: Context) -> tuple[Unit, ...]:
    """The units of a note, whose mark is in `context`."""
    return units(note.content, replace(context, in_note=True))


def _in(context: Context, language: str | None, *, untranslated: bool) -> Context:
    foreign = context.foreign or bool(language and language != context.language)
    return replace(context, language=language or context.language, foreign=foreign, untranslated=untranslated)


def _unit(block: d.Block, context: Context) -> Unit:
    if isinstance(block, d.Box):
        context = _in(context, block.language, untranslated=context.untranslated)
    identifier = getattr(block, "id", "")
    lines = tuple(TextLine(name, content) for name, content in _lines(block))
    ids = (identifier,) if identifier else ()
    return Unit(NAMES[type(block)], block, block.place, context, lines, tuple(_parts(block, context)), ids)


def _lines(block: d.Block) -> Iterator[tuple[str, tuple[d.Inline, ...]]]:
    if isinstance(block, d.Paragraph | d.Heading):
        yield "", block.content
    elif isinstance(block, d.Division):
        yield "", tuple(inline for one in block.content if isinstance(one, d.Paragraph) for inline in one.content)
    elif isinstance(block, d.LineBlock):
        space = d.Space(block.place)
        yield "", tuple(inline for line in block.lines for inline in (*line, space))
    elif isinstance(block, d.Figure | d.FigureGroup | d.Table):
        yield "caption", block.caption
        yield "source", block.source
        if isinstance(block, d.Table):
            yield "note", block.note
        if isinstance(block, d.Figure) and not block.figure and block.image.alt != said(block.caption):
            yield "alternative text", (d.Text(block.image.place, block.image.alt),)
    elif isinstance(block, d.Box):
        yield "title", block.title
        yield "source", block.source
    elif isinstance(block, d.Quotation):
        yield "source", block.source


def _parts(block: d.Block, context: Context) -> Iterator[Unit]:
    def group(kind: str, place: Place, parts: tuple[Unit, ...], lines: tuple[TextLine, ...] = ()) -> Unit:
        return Unit(kind, None, place, context, lines, parts)

    if isinstance(block, d.BulletList | d.OrderedList):
        for item in block.items:
            yield group("item", item[0].place if item else block.place, units(item, context))
    elif isinstance(block, d.DefinitionList):
        for term, definition in block.items:
            place = next((one.place for one in (*term, *definition)), block.place)
            yield group("term", place, units(definition, context), (TextLine("", term),))
    elif isinstance(block, d.Quotation | d.Box):
        yield from units(block.content, context)
    elif isinstance(block, d.FigureGroup):
        yield from units(block.figures, context)
    elif isinstance(block, d.Table):
        for row in (*block.head, *block.body):
            cells = tuple(group("cell", cell.place, units(cell.content, context)) for cell in row)
            yield group("row", cells[0].place if cells else block.place, cells)
