"""Reads pandoc's divisions: boxes, quotations with a source, passages in another language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.stages.convert.attributes import Attributes
from impressum.stages.convert.build_figures import figure_group
from impressum.stages.convert.images import image_alone
from impressum.stages.convert.inlines import attribute_words, image, line, placed
from impressum.stages.convert.input import Input, blocks, reads

BOXES: dict[str, d.BoxKind] = {
    **{kind: kind for kind in get_args(d.BoxKind)},
    # Quarto's names
    "callout-note": "note",
    "callout-tip": "tip",
    "callout-important": "important",
    "callout-warning": "warning",
    "callout-caution": "warning",
}
QUOTATION = "quotation"
WRITTEN_OUT = "written-out"
BLOCK_CLASSES = frozenset({"references", "csl-entry", "csl-bib-body", "hanging-indent", "line-block", "source"})
WITH_SOURCE = ("pull-quote", "epigraph", "poem", "box")
"""The boxes whose last paragraph, if it begins with a dash, is who said it; a `source` all of them can have."""
PULLED = (d.Text, d.Space, d.LineBreak, d.Styled, d.Quoted, d.Span, d.Paragraph)


@reads("Div")
def _div(raw: Any, src: Input) -> d.Block | None:
    attributes, content = raw
    if attributes[0].startswith("fig-"):
        return figure_group(raw, src)
    find, place = src.ahead(), src.aligner.here()
    names = [name for name in attributes[1] if name in BOXES or name == QUOTATION]
    if names:
        here = src.aligner.offset()
        place = find(f".{names[0]}", names[0]) or src.aligner.written(names[0], here) or place
    own = frozenset({WRITTEN_OUT} if names[:1] == ["abbreviations"] else ())
    classes = BLOCK_CLASSES | own | BOXES.keys() | {QUOTATION} | ({d.UNTRANSLATED} if src.data.edition else set())
    keys = frozenset({"source"} if names[:1] == [QUOTATION] else {"title", "source"} if names else ())
    kept = src.guard.attributes(attributes, place, find, classes=classes, keys=keys)
    for name in names[1:]:
        message = f"the class `{name}` has no effect beside `{names[0]}`"
        hint = "a block is of one kind: take one of them out, or put a block into the other"
        src.faults.warning(find(f".{name}", name) or place, message, "class-unknown", hint)
    words = {key: attribute_words(key, kept.values, place, src) for key in ("title", "source")}
    if not names:
        built = blocks(content, src)
        if d.UNTRANSLATED in kept.classes and not kept.language:
            kept = replace(kept, language=src.original)
        return d.Division(built[0].place if built else place, kept.id, kept.classes, kept.language, built)
    if names[0] == QUOTATION:
        return _quotation_in_division(content, kept, words["source"], place, src)
    return _box(BOXES[names[0]], content, kept, words, place, src)


def _box(
    kind: d.BoxKind, raw: Any, kept: Attributes, words: dict[str, tuple[d.Inline, ...]], place: Place, src: Input
) -> d.Block:
    title, source, identifier = words["title"], words["source"], kept.id
    portrait = None
    if raw and raw[0]["t"] == "Header" and not title:
        (_, attributes, inlines), raw = raw[0]["c"], raw[1:]
        title = line(inlines, src)
        heading = src.guard.attributes(attributes, title[0].place if title else place, src.behind())
        if heading.id and identifier:
            title = (d.Span(title[0].place if title else place, heading.id, None, title),)
        identifier = identifier or heading.id
    if kind == "biography" and raw and (found := image_alone(raw[0])):
        portrait, raw = image(found["c"], src), raw[1:]
    src.boxes_open += 1
    if src.boxes_open > 2:
        hint = "end the box before it, or take one level out"
        src.faults.error(place, "a box in a box holds another box", "box-nested", hint)
    if src.notes_open:
        src.faults.error(place, "a box is in a note", "box-in-note", "put it into the text")
    content = blocks(raw, src)
    src.boxes_open -= 1
    if kind in WITH_SOURCE and not source:
        content, source = without_source(content)
    if kind == "poem":
        content = tuple(_verse(block) for block in content)
    if portrait is not None:
        content = (d.Paragraph(portrait.place, (portrait,)), *content)
    if not content:
        hint = "write something before the `:::` that closes it"
        src.faults.error(place, f"the box `{kind}` is empty", "box-empty", hint)
    if kind == "pull-quote":
        _check_pulled(content, source, src)
    return d.Box(place, kind, identifier, kept.language, title, content, source, WRITTEN_OUT in kept.classes)


def _check_pulled(content: tuple[d.Block, ...], source: tuple[d.Inline, ...], src: Input) -> None:
    """A fault for anything but words in a pull quote, which repeats the text and is not read aloud."""
    for node in (*d.walk(content), *d.walk(source)):
        if not isinstance(node, PULLED):
            message = f"a pull quote holds {KINDS.get(type(node), 'more than plain words')}"
            hint = "it repeats words of the text, and is not read aloud: leave notes, citations and links in the text"
            src.faults.error(node.place if node.place.line else content[0].place, message, "pull-quote-content", hint)
            return


def subtitle(raw: Any, src: Input) -> d.Block:
    """A heading in a box, below its title: a line of its own, but no section of the chapter."""
    _, attributes, inlines = raw
    content, place = placed(line, inlines, src)
    kept = src.guard.attributes(attributes, place, src.behind())
    return d.Division(place, kept.id, (d.SUBTITLE,), None, (d.Paragraph(place, content),))


def _quotation_in_division(
    raw: Any, kept: Attributes, source: tuple[d.Inline, ...], place: Place, src: Input
) -> d.Block:
    content = blocks(raw, src)
    if len(content) == 1 and isinstance(content[0], d.Quotation):
        source = source or content[0].source
        content = content[0].content
    elif not source:
        content, source = without_source(content)
    quotation = d.Quotation(content[0].place if content else place, content, source)
    if not (kept.id or kept.language):
        return quotation
    return d.Division(quotation.place, kept.id, (), kept.language, (quotation,))


KINDS: dict[type[d.Node], str] = {
    d.Note: "a note",
    d.Citation: "a citation",
    d.Link: "a link",
    d.CrossReference: "a cross-reference",
    d.Image: "an image",
    d.Math: "a formula",
    d.IndexMark: "a mark of the index",
}


def without_source(content: tuple[d.Block, ...]) -> tuple[tuple[d.Block, ...], tuple[d.Inline, ...]]:
    """`content` and the source below it: the last paragraph, where it alone begins with a dash."""
    last = content[-1] if len(content) > 1 else None
    if not isinstance(last, d.Paragraph) or _after_dash(last) is None:
        return content, ()
    if any(isinstance(block, d.Paragraph) and _after_dash(block) is not None for block in content[:-1]):
        return content, ()  # a dialogue
    return content[:-1], _after_dash(last) or ()


def _after_dash(paragraph: d.Paragraph) -> tuple[d.Inline, ...] | None:
    first = paragraph.content[0] if paragraph.content else None
    if not isinstance(first, d.Text) or not first.text.startswith(("—", "–")):
        return None
    text = first.text[1:].lstrip("\u00a0\u202f")
    rest = paragraph.content[1:]
    if text:
        return (d.Text(first.place, text), *rest)
    return rest[1:] if rest and isinstance(rest[0], d.Space) else rest


def _verse(block: d.Block) -> d.Block:
    if isinstance(block, d.LineBlock):
        return d.LineBlock(block.place, block.lines, poem=True)
    if isinstance(block, d.Paragraph) and any(isinstance(node, d.LineBreak) for node in block.content):
        lines: list[list[d.Inline]] = [[]]
        for node in block.content:
            if isinstance(node, d.LineBreak):
                lines.append([])
            else:
                lines[-1].append(node)
        return d.LineBlock(block.place, tuple(tuple(line) for line in lines), poem=True)
    return block
