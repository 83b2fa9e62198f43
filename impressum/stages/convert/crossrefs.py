"""Gives cross-references their words once everything is numbered, and marks the notes in titles.

Every letter that a reference prints is known here but the page of its target, which only Typst knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from impressum.core.errors import Faults
from impressum.core.model import document as d
from impressum.core.model.lost import may_stand
from impressum.core.model.manuscript import Anchor, ChapterDocument
from impressum.stages.convert.anchors import Anchors
from impressum.stages.convert.attributes import short

WORDS = {"figure": "figure", "table": "table", "heading": "section", "equation": "equation"}
SENTENCE_END = re.compile(r"(?:\w{4}|[)\]%])[.!?…][”“»’)\]]*\s*$")
"""The end of a sentence; a shorter word with a point behind it may be an abbreviation."""
NEAR = 6
"""So many inlines before a reference are looked at: the last words, a citation, a point, notes, a space."""


@dataclass
class Resolver:
    """`declared` are all ids of the edition, those of figures with a fault, too; `pages`: pages are printed."""

    anchors: Anchors
    words: Mapping[str, str]
    declared: frozenset[str]
    pages: bool
    faults: Faults
    _chapter: str = ""
    _in_title: bool = False

    def resolve(self, document: ChapterDocument) -> ChapterDocument:
        """`document` with words in its cross-references. One that leads to nothing is a fault."""
        self._chapter = document.slug
        blocks = tuple(block for block in map(self._node, document.blocks) if isinstance(block, d.Block))
        return replace(document, blocks=blocks)

    def _value(self, value: object, *, begins: bool = True) -> object:
        if isinstance(value, tuple):
            new = tuple(
                self._value(item, begins=_begins(value, index, begins)) if _may_hold(item) else item
                for index, item in enumerate(value)
            )
            return value if all(one is other for one, other in zip(new, value, strict=True)) else new
        return self._node(value, begins=begins) if isinstance(value, d.Node) else value

    def _node(self, node: d.Node, *, begins: bool = True) -> d.Node:
        if isinstance(node, d.CrossReference):
            return self._reference(node, begins)
        if isinstance(node, d.Note):
            inner = self._within(node, in_title=False)
            return replace(inner, in_title=True) if self._in_title and isinstance(inner, d.Note) else inner
        if isinstance(node, d.Heading):
            return self._within(node, in_title=True)
        if isinstance(node, d.Figure | d.FigureGroup | d.Table) and any(map(_may_hold, node.caption)):
            caption = self._within(d.Paragraph(node.place, node.caption), in_title=True)
            rest = d.mapped(replace(node, caption=()), self._value)
            assert isinstance(caption, d.Paragraph)
            assert isinstance(rest, d.Figure | d.FigureGroup | d.Table)
            return replace(rest, caption=caption.content)
        return d.mapped(node, lambda value: self._value(value, begins=begins))

    def _within(self, node: d.Node, *, in_title: bool) -> d.Node:
        before, self._in_title = self._in_title, in_title
        changed = d.mapped(node, self._value)
        self._in_title = before
        return changed

    def _reference(self, node: d.CrossReference, begins: bool) -> d.CrossReference:
        anchor = self.anchors.find(node.target, self._chapter)
        twice = self.anchors.everywhere.get(node.target, ())
        if anchor is None and twice:  # a fault of its own, where the id is given again
            anchor = twice[0]
        if anchor is None:
            self._report(node)
            return replace(node, words=f"@{node.target}")
        shown = self._shown(anchor, node.number_only)
        if begins:
            shown = shown[:1].upper() + shown[1:]
        page = f", {self.words['ref.page']}" if self.pages and not (self._in_title or node.number_only) else ""
        return replace(node, label=anchor.label, words=shown, page=page)

    def _shown(self, anchor: Anchor, number_only: bool) -> str:
        if not anchor.number:
            return f"{self.words['quotes.double.open']}{anchor.title}{self.words['quotes.double.close']}"
        number = f"({anchor.number})" if anchor.kind == "equation" else anchor.number
        form = self.words[f"ref.{anchor.chapter_kind if anchor.level == 1 else WORDS[anchor.kind]}"]
        return number if number_only else form.replace("{number}", number)

    def _report(self, node: d.CrossReference) -> None:
        if node.target in self.declared or may_stand(node.target, self.anchors.lost):  # what has that id has a fault
            return
        near = self.anchors.nearest(node.target, node.target.partition("-")[0] + "-")
        message = f"`{short(node.target)}` is referenced but nothing has that id"
        hint = f"did you mean `{near}`?" if near else "give the figure, table or section that id"
        self.faults.error(node.place, message, "reference-unknown", hint)


def in_titles(documents: tuple[ChapterDocument, ...]) -> bool:
    """Whether a heading or a caption of `documents` holds a cross-reference."""
    titles = (
        node.content if isinstance(node, d.Heading) else node.caption
        for document in documents
        for node in d.without_words(document.blocks)
        if isinstance(node, d.Heading | d.Figure | d.FigureGroup | d.Table)
    )
    return any(isinstance(node, d.CrossReference) for title in titles for node in d.without_words(title))


def _may_hold(item: object) -> bool:
    return not isinstance(item, d.Text | d.Space | d.Code | d.Math | str)


def _begins(line: tuple[object, ...], index: int, begins: bool) -> bool:
    """Whether the inline `index` of `line` begins a sentence; `begins`: the line does."""
    if index == 0:
        return begins
    before = line[index - 1]
    return not isinstance(before, d.Text) and bool(SENTENCE_END.search(d.plain(line[max(0, index - NEAR) : index])))
