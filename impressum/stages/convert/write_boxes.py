"""Writes boxes as Typst, and checks that a pull quote repeats words of its chapter."""

from __future__ import annotations

import re

from impressum.core.model import document as d
from impressum.core.model.manuscript import ExpectedText
from impressum.stages.convert.attributes import short
from impressum.stages.convert.output import Output, write
from impressum.stages.convert.typst import language_options, string
from impressum.stages.convert.write_blocks import blocks, is_short, place_of
from impressum.stages.convert.write_inlines import line

ELLIPSIS = re.compile(r"\s*(?:\[(?:…|\.\.\.)\]|\((?:…|\.\.\.)\)|…|\.\.\.)\s*")
LEADS = (d.BulletList, d.OrderedList, d.DefinitionList, d.Quotation, d.LineBlock, d.CodeBlock)
"""Blocks that leave a line free above them, but not below the title of a box."""
TITLED = ("note", "tip", "important", "warning", "key-findings", "recommendations")
"""Boxes that have a title of their kind where the author gives none: the words `box.<kind>`."""


@write.register
def _box(node: d.Box, out: Output) -> str:
    language = language_options(node.language) if node.language else ""
    options = [string(node.kind)]
    definitions = "abbreviated" if node.kind == "abbreviations" else out.scope.definitions
    with out.speaking(node.language), out.within(box=node.kind, definitions=definitions):
        if title := node.title or ((d.Text(node.place, out.words[f"box.{node.kind}"]),) if node.kind in TITLED else ()):
            words = line(title, place_of(title, node.place), out)
            options.append(f"title: [{_in_language(words, language if node.title else '')}]")
        content = node.content
        if node.kind == "biography" and (portrait := _portrait(content[:1])) is not None:
            image = f"image({string('/' + portrait.file)}, alt: {string(portrait.alt)}, ..size)"
            options.append(f"portrait: size => {image}")
            content = content[1:]
        if content and isinstance(content[0], LEADS):
            options.append("lead: true")
        if is_short(node):
            options.append("whole: true")
        if node.id:
            options.append(f"name: {string(f'{out.document.slug}/{node.id}')}")
        written = _in_language(blocks(content, out), language)
        if node.source:
            source = line(node.source, place_of(node.source, node.place), out)
            options.append(f"source: [{_in_language(source, language)}]")
    if node.kind == "pull-quote":
        _expect_pulled(node, out)
    return f"#boxed({', '.join(options)})[\n{written}\n]"


def _in_language(content: str, options: str) -> str:
    return f"#set text({options})\n{content}" if options else content


def _expect_pulled(node: d.Box, out: Output) -> None:
    for block in node.content:
        words, place = d.plain(block), block.place
        if _is_in_text(words, out):
            out.expected.repeats += [ExpectedText(part, place) for part in ELLIPSIS.split(words) if part.strip()]
            continue
        out.expected.texts.append(ExpectedText(words, place))
        message = f"the pull quote `{short(words)}` does not stand in the chapter's text"
        hint = "a pull quote repeats words of its chapter, and is not read aloud: write it as it stands there, "
        hint += "or mark what is left out with `…`; for words of others, use `::: quotation`"
        out.faults.warning(place, message, "pull-quote-unknown", hint)
    for title in (node.title, node.source):
        if title:
            out.expected.texts.append(ExpectedText(d.plain(title), node.place))


def _is_in_text(words: str, out: Output) -> bool:
    """Whether the parts of a pull quote are in the text of the chapter, in this order."""
    text, at = _letters(d.plain(tuple(_without_pulled(out.document.blocks)))), 0
    for part in ELLIPSIS.split(words):
        letters = _letters(part)
        found = text.find(letters, at)
        if found < 0:
            return False
        at = found + len(letters)
    return True


def _without_pulled(blocks: tuple[d.Block, ...]) -> list[d.Block]:
    return [block for block in blocks if not (isinstance(block, d.Box) and block.kind == "pull-quote")]


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", text.casefold()))


def _portrait(first: tuple[d.Block, ...]) -> d.Image | None:
    content = first[0].content if first and isinstance(first[0], d.Paragraph) else ()
    return content[0] if len(content) == 1 and isinstance(content[0], d.Image) else None
