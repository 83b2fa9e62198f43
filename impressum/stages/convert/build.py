"""From pandoc's blocks of text to ours: paragraphs, headings, lists, quotations, code."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.stages.convert import build_figures, build_tables  # noqa: F401 - they register
from impressum.stages.convert.attributes import Find, short
from impressum.stages.convert.build_boxes import subtitle, without_source
from impressum.stages.convert.code_languages import nearest_language, typst_name
from impressum.stages.convert.equations import displays, divided
from impressum.stages.convert.inlines import line, placed, raw_text
from impressum.stages.convert.input import Input, blocks, reads
from impressum.stages.convert.slips import check_list_marks, is_indented_prose

LIST_NUMBER = re.compile(r"^[ \t>]*\(?(\d{5,})[.)]", re.MULTILINE)
LARGEST_LIST_NUMBER = 9999
HEADING_CLASSES = frozenset({"unnumbered", "unlisted", "summary"})


@reads("Para")
def _paragraph(raw: Any, src: Input, *, tight: bool = False) -> d.Block:
    check_list_marks(raw, src.aligner, src.chapter.place, src.faults)
    if displays(raw):
        return divided(raw, src, tight=tight)
    content, place = placed(line, raw, src)
    return d.Paragraph(place, content, tight)


reads("Plain")(partial(_paragraph, tight=True))


@reads("Header")
def _header(raw: Any, src: Input) -> d.Block:
    if src.boxes_open:
        return subtitle(raw, src)
    level, attributes, title = raw
    content, place = placed(line, title, src)
    kept = src.guard.attributes(attributes, place, src.behind(), classes=HEADING_CLASSES)
    numbered, listed = "unnumbered" not in kept.classes, "unlisted" not in kept.classes
    return d.Heading(place, level, kept.id, numbered, listed, content, "summary" in kept.classes)


@reads("BulletList")
def _bulletlist(raw: Any, src: Input) -> d.Block:
    place = src.aligner.here()
    items = tuple(blocks(item, src) for item in raw)
    return d.BulletList(_first(items, place), items, _tight(items))


@reads("OrderedList")
def _orderedlist(raw: Any, src: Input) -> d.Block:
    (start, style, delimiter), content = raw
    place = src.aligner.here()
    if start > LARGEST_LIST_NUMBER or start < 0:
        written = src.aligner.pattern(LIST_NUMBER)  # pandoc's own number has overflowed
        src.faults.error(
            src.chapter.place(written.start(1), written[1]) if written else place,
            f"the list begins with the number {short(written[1] if written else str(start))}, which is too large",
            "list-number",
            "begin it with a number up to 9999; if it is no list, write a backslash before the point",
        )
        start = 1
    letter = {"LowerAlpha": "a", "UpperAlpha": "A", "LowerRoman": "i", "UpperRoman": "I"}.get(style["t"], "1")
    pattern = {"OneParen": f"{letter})", "TwoParens": f"({letter})"}.get(delimiter["t"], f"{letter}.")
    items = tuple(blocks(item, src) for item in content)
    return d.OrderedList(_first(items, place), start, pattern, items, _tight(items))


@reads("DefinitionList")
def _definitionlist(raw: Any, src: Input) -> d.Block:
    place = src.aligner.here()
    items = []
    for term, definitions in raw:
        words = line(term, src)
        items.append((words, tuple(block for definition in definitions for block in blocks(definition, src))))
    return d.DefinitionList(place, tuple(items))


@reads("BlockQuote")
def _blockquote(raw: Any, src: Input) -> d.Block:
    place = src.aligner.here()
    content, source = without_source(blocks(raw, src))
    return d.Quotation(content[0].place if content else place, content, source)


@reads("CodeBlock")
def _codeblock(raw: Any, src: Input) -> d.Block:
    (identifier, names, pairs), text = raw
    attributes = identifier, [name.partition(",")[0] for name in names], pairs  # `rust,ignore` is for those who run it
    is_prose = is_indented_prose(text, src.aligner)
    find, place = _on_fence(attributes, src), src.aligner.code_block(text)
    kept = src.guard.attributes(attributes, place, find, classes=None)
    if is_prose and not kept.classes:
        src.faults.warning(
            place,
            "the paragraph is indented by four spaces, and is set as code",
            "code-indented",
            "take the spaces away, or put the code between lines of three backticks",
        )
    return d.CodeBlock(place, text, _code_language(kept.classes[0], place, find, src) if kept.classes else None)


def _on_fence(attributes: Any, src: Input) -> Find:
    """Finds attributes on the line that opens the code, which may hold no word to go by."""
    identifier, names, _ = attributes
    fence = src.aligner.fence(src.aligner.offset(), [identifier, *names]) if identifier or names else None
    if fence is None:
        return src.ahead()
    begin, end = fence
    return lambda *texts: src.aligner.before(begin, end, texts)


def _code_language(name: str, place: Place, find: Find, src: Input) -> str | None:
    known = typst_name(name)
    if known is None:
        near = nearest_language(name)
        src.faults.warning(
            find(f".{name}", name) or place,
            f"the language of code `{short(name)}` is not known, and nothing of it is coloured",
            "code-language-unknown",
            f"did you mean `{near}`?" if near else "leave the name out, or write `text`",
        )
    return known or None


@reads("LineBlock")
def _lineblock(raw: Any, src: Input) -> d.Block:
    place = src.aligner.here()
    return d.LineBlock(place, tuple(line(one, src) for one in raw))


@reads("HorizontalRule")
def _horizontalrule(_raw: Any, src: Input) -> d.Block:
    return d.Rule(src.aligner.here())


@reads("RawBlock")
def _rawblock(raw: Any, src: Input) -> d.Block | None:
    form, code = raw
    built = raw_text(form, code, src)
    if isinstance(built, d.RawTypst):
        return d.RawTypst(built.place, built.code, block=True)
    return d.Paragraph(built.place, (built,)) if built else None


def _first(items: tuple[tuple[d.Block, ...], ...], fallback: Place) -> Place:
    return items[0][0].place if items and items[0] else fallback


def _tight(items: tuple[tuple[d.Block, ...], ...]) -> bool:
    return all(
        (isinstance(block, d.Paragraph) and block.tight) or not isinstance(block, d.Paragraph)
        for item in items
        for block in item
    )
