"""How boxes are written, and what a pull quote repeats."""

from __future__ import annotations

import re
from functools import cached_property

from impressum.convert.attributes import short
from impressum.convert.typst import language_options, string
from impressum.convert.write_blocks import BlockWriter, place_of
from impressum.errors import Place
from impressum.model import document as d
from impressum.model.meant import MeantText

LETTER = re.compile(r"\w")
ELLIPSIS = re.compile(r"\s*(?:\[(?:…|\.\.\.)\]|\((?:…|\.\.\.)\)|…|\.\.\.)\s*")
LEADS = (d.BulletList, d.OrderedList, d.DefinitionList, d.Quotation, d.LineBlock, d.CodeBlock)
"""Blocks that leave a line free above them, but not below the title of a box."""
TITLED = ("note", "tip", "important", "warning", "key-findings", "recommendations")
"""Boxes that have a title of their kind where the author gives none: the words `box.<kind>`."""


class BoxWriter(BlockWriter):
    """Writes boxes."""

    _box_kind: d.BoxKind | None = None

    def _box(self, node: d.Box) -> str:
        with self.speaking(node.language):
            return self._written_box(node)

    def _written_box(self, node: d.Box) -> str:
        outer, self._box_kind = self._box_kind, node.kind
        self._before = ""
        options = [string(node.kind)]
        title = node.title or self._default_title(node)
        language = language_options(node.language) if node.language else ""
        if title:
            self._mean(title, place_of(title, node.place))
            options.append(f"title: [{self._in_language(self.inlines(title), language if node.title else '')}]")
        blocks = node.content
        if node.kind == "biography" and (portrait := _portrait(blocks[:1])) is not None:
            options.append(
                f"portrait: size => image({string('/' + portrait.file)}, alt: {string(portrait.alt)}, ..size)"
            )
            blocks = blocks[1:]
        if blocks and isinstance(blocks[0], LEADS):
            options.append("lead: true")
        if node.id:
            options.append(f"name: {string(f'{self.document.slug}/{node.id}')}")
        definitions = self._definitions
        self._definitions = "abbreviated" if node.kind == "abbreviations" else definitions
        content = self.blocks(blocks)
        self._definitions = definitions
        if node.source:
            self._before = ""
            self._mean(node.source, place_of(node.source, node.place))
            options.append(f"source: [{self._in_language(self.inlines(node.source), language)}]")
        self._box_kind = outer
        if node.kind == "pull-quote":
            self._mean_pulled(node)
        return f"#boxed({', '.join(options)})[\n{self._in_language(content, language)}\n]"

    def _in_language(self, content: str, options: str) -> str:
        return f"#set text({options})\n{content}" if options else content

    def _default_title(self, node: d.Box) -> tuple[d.Inline, ...]:
        return (d.Text(node.place, self.words[f"box.{node.kind}"]),) if node.kind in TITLED else ()

    def _mean(self, content: object, place: Place) -> None:
        """What stands in a pull quote is no text of its own: it repeats the chapter's."""
        if self._box_kind != "pull-quote":
            super()._mean(content, place)

    # pull quotes

    def _mean_pulled(self, node: d.Box) -> None:
        for block in node.content:
            words = d.plain(block)
            place = block.place
            if self._stands_in_text(words):
                self.made_repeats += [MeantText(part, place) for part in ELLIPSIS.split(words) if part.strip()]
                continue
            self.made_texts.append(MeantText(words, place))
            self.faults.warning(
                place,
                f"the pull quote `{short(words)}` does not stand in the chapter's text",
                "pull-quote-unknown",
                "a pull quote repeats words of its chapter, and is not read aloud: write it as it stands there, "
                "or mark what is left out with `…`; for words of others, use `::: quotation`",
            )
        for title in (node.title, node.source):
            if title:
                self.made_texts.append(MeantText(d.plain(title), node.place))

    def _stands_in_text(self, words: str) -> bool:
        at = 0
        for part in ELLIPSIS.split(words):
            letters = _letters(part)
            found = self._letters_of_chapter.find(letters, at)
            if found < 0:
                return False
            at = found + len(letters)
        return True

    @cached_property
    def _letters_of_chapter(self) -> str:
        return _letters(d.plain(tuple(_without_pulled(self.document.blocks))))


def _without_pulled(blocks: tuple[d.Block, ...]) -> list[d.Block]:
    return [block for block in blocks if not (isinstance(block, d.Box) and block.kind == "pull-quote")]


def _letters(text: str) -> str:
    return "".join(LETTER.findall(text.casefold()))


def _portrait(first: tuple[d.Block, ...]) -> d.Image | None:
    content = first[0].content if first and isinstance(first[0], d.Paragraph) else ()
    return content[0] if len(content) == 1 and isinstance(content[0], d.Image) else None
