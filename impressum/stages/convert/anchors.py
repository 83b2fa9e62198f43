"""Numbers and labels for headings, figures, tables and formulas, in order, and the words of references to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from textwrap import shorten

from impressum.core.errors import Faults, Place, nearest
from impressum.core.facts import join_names
from impressum.core.letters import is_seen
from impressum.core.model import document as d
from impressum.core.model.heading_ids import heading_ids, headings_of
from impressum.core.model.lost import LostChapter, may_stand
from impressum.core.model.manuscript import Anchor, ChapterDocument
from impressum.core.model.publication import FrontMatter
from impressum.stages.convert.attributes import short
from impressum.stages.convert.spoken import in_signs
from impressum.system.cache import digest

BUT_PLACE = attrgetter(*(one.name for one in fields(Anchor) if one.name != "place"))
TITLE_LENGTH = 60
"""Letters of a passage by which a cross-reference names it."""


@dataclass(frozen=True)
class Anchors:
    """The anchors of an edition; `order[slug]` are a chapter's, as its document is walked."""

    order: dict[str, tuple[Anchor, ...]]
    local: dict[tuple[str, str], Anchor]
    everywhere: dict[str, tuple[Anchor, ...]]
    chapters: dict[str, Anchor]
    lost: tuple[LostChapter, ...] = ()
    """The chapters that have none here, or not all, because they could not be read."""

    def all(self) -> tuple[Anchor, ...]:
        """Every anchor in document order."""
        return tuple(anchor for anchors in self.order.values() for anchor in anchors)

    def known_by(self, slug: str, names: Iterable[str], chapters: Iterable[str]) -> str:
        """The hash of what a chapter is written with that leads to these `names` and `chapters`: all but the places of
        anchors in their files. Where one is not known, a message may name any other."""
        led = {name: self.everywhere.get(name, ()) for name in sorted(names)}
        titles = {name: (self.chapters[name],) if name in self.chapters else () for name in sorted(chapters)}
        own = {slug: self.order.get(slug, ())}
        is_known = all((*led.values(), *titles.values()))
        read: list[Mapping[str, tuple[Anchor, ...]]] = [
            own,
            *((led, titles) if is_known else (self.order, self.everywhere)),
        ]
        known = [[(name, *map(BUT_PLACE, some)) for name, some in one.items()] for one in read]
        return digest(repr(known), repr(self.lost))

    def find(self, identifier: str, chapter: str) -> Anchor | None:
        """The anchor that `#identifier` means in `chapter`: its own first, then the only one elsewhere."""
        own = self.local.get((chapter, identifier))
        if own:
            return own
        others = self.everywhere.get(identifier, ())
        return others[0] if len(others) == 1 else None

    def nearest(self, identifier: str, prefix: str = "") -> str | None:
        """The known id that `identifier` probably misspells."""
        return nearest(identifier, [name for name in self.everywhere if name.startswith(prefix)])


def number(
    documents: tuple[ChapterDocument, ...], *, depth: int, words: Mapping[str, str], lost: tuple[LostChapter, ...] = ()
) -> Anchors:
    """Numbers the headings down to level `depth`, the figures, the tables and the formulas of `documents`."""
    counters: Counter[str] = Counter()
    anchors = Anchors({}, {}, {}, {}, lost)
    for document in documents:
        order: list[Anchor] = []
        for anchor, identifier in _chapter(document, counters, depth, words):
            order.append(anchor)
            if identifier:
                anchors.local[(document.slug, identifier)] = anchor
                anchors.everywhere[identifier] = (*anchors.everywhere.get(identifier, ()), anchor)
        for node in document.landmarks:
            if isinstance(node, d.Span | d.Division | d.Box) and node.id:
                title = _place_title(node, words)
                place = Anchor(f"{document.slug}/{node.id}", "place", "", title, document.slug, node.place)
                anchors.local.setdefault((document.slug, node.id), place)
                anchors.everywhere[node.id] = (*anchors.everywhere.get(node.id, ()), place)
        anchors.order[document.slug] = tuple(order)
        if order and order[0].level == 1:
            anchors.chapters[document.slug] = order[0]
    return anchors


def _place_title(node: d.Span | d.Division | d.Box, words: Mapping[str, str]) -> str:
    """How a place without a number is called: a box by its title, a passage by its first words."""
    if isinstance(node, d.Box):
        title = d.plain(node.title) or words.get(f"box.{node.kind}", "")
        if title:
            return title
    return shorten(d.plain(node.content), TITLE_LENGTH, placeholder=" …")


def _chapter(
    document: ChapterDocument, counters: Counter[str], depth: int, words: Mapping[str, str]
) -> Iterator[tuple[Anchor, str]]:
    numbers: list[str] = []
    letters: list[str] = []
    identifiers = iter(heading_ids(headings_of(document)))
    for node in document.landmarks:
        if isinstance(node, d.Heading):
            title = title_of(node.content)
            identifier = next(identifiers)
            printed = _heading_number(node, document.front, counters, numbers, depth, words["appendix.letters"])
            label, front = f"{document.slug}/{identifier}", document.front
            kind = "chapter" if front.kind == "front" else front.kind
            byline = join_names(front.authors, words) if node.level == 1 else ""
            of_heading = (node.level, node.listed, kind, byline, node.summary)
            yield Anchor(label, "heading", printed, title, document.slug, node.place, *of_heading), identifier
        elif isinstance(node, d.Figure | d.FigureGroup):
            letter = letters.pop(0) if letters else ""
            counters["figure"] += not letter
            printed = f"{counters['figure']}{letter}"
            label = f"{document.slug}/{node.id or f'figure-{printed}'}"
            title = title_of(node.caption)
            yield Anchor(label, "figure", printed, title, document.slug, node.place, listed=not letter), node.id
            if isinstance(node, d.FigureGroup):  # its figures come next
                count = range(1, len(node.figures) + 1)
                letters = [lettered(index, words["appendix.letters"]).lower() for index in count]
        elif isinstance(node, d.Equation) and node.id:
            counters["equation"] += 1
            label = f"{document.slug}/{node.id}"
            yield Anchor(label, "equation", str(counters["equation"]), "", document.slug, node.place), node.id
        elif isinstance(node, d.Table):
            printed = ""
            if node.caption:
                counters["table"] += 1
                printed = str(counters["table"])
            label = f"{document.slug}/{node.id or f'table-{node.place.line}'}"
            title = title_of(node.caption)
            yield Anchor(label, "table", printed, title, document.slug, node.place), node.id


def check_headings(document: ChapterDocument, faults: Faults) -> None:
    """Notes a chapter without its title, a second title, skipped levels and headings without words."""
    headings = headings_of(document)
    first = next(iter(document.landmarks), None)
    if not isinstance(first, d.Heading) or first.level != 1:
        place = headings[0].place if headings else Place(document.path, 1, 1)
        hint = "begin the file with `# Title` (one `#`), before any other text"
        faults.error(place, "the chapter does not begin with its title", "chapter-title-missing", hint)
    titles = last_level = 0
    for node in headings:
        titles += node.level == 1
        if node.level == 1 and titles == 2:
            hint = "use `##` for its sections, or put this part into a file of its own"
            faults.error(node.place, "the chapter has a second title (`#`)", "chapter-title-twice", hint)
        if last_level and node.level > last_level + 1:
            message = f"a heading of level {node.level} follows one of level {last_level}"
            hint = f"use {'#' * (last_level + 1)} here: a screen reader tells the structure by the levels"
            faults.error(node.place, message, "heading-skipped", hint)
        last_level = node.level
        if not is_seen(title_of(node.content)):
            faults.error(node.place, "the heading has no words", "heading-empty", "write a title or take it out")


def title_of(content: tuple[d.Inline, ...]) -> str:
    """The words of a title or caption without its notes, formulas in signs: `√2`, and not as they are written."""
    if any(isinstance(node, d.Math) for node in d.without_words(content)):
        content = d.rewritten(
            content, lambda _, new: d.Text(new.place, in_signs(new.tex)) if isinstance(new, d.Math) else new
        )
    return d.plain(content)


def _heading_number(
    node: d.Heading, front: FrontMatter, counters: Counter[str], numbers: list[str], depth: int, letters: str
) -> str:
    if node.level == 1:
        numbers[:] = [_chapter_number(node, front, counters, letters)]
        return numbers[0]
    if not numbers or not numbers[0] or not node.numbered or node.level > depth:
        return ""
    del numbers[node.level :]
    while len(numbers) < node.level:
        numbers.append("0")
    numbers[node.level - 1] = str(int(numbers[node.level - 1]) + 1)
    return ".".join(numbers[: node.level])


def _chapter_number(node: d.Heading, front: FrontMatter, counters: Counter[str], letters: str) -> str:
    if front.kind == "front" or not front.numbered or not node.numbered:
        return ""
    counters[front.kind] += 1
    count = counters[front.kind]
    if front.kind == "appendix":
        return lettered(count, letters)
    return _roman(count) if front.kind == "part" else str(count)


def lettered(value: int, letters: str) -> str:
    """`value` in `letters`, which the language counts with: A, B … Z, AA, AB."""
    written = ""
    while value > 0:
        value, rest = divmod(value - 1, len(letters))
        written = letters[rest] + written
    return written


def _roman(value: int) -> str:
    digits = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    written = ""
    for worth, sign in digits:
        written += sign * (value // worth)
        value %= worth
    return written


def without_gaps(document: ChapterDocument) -> ChapterDocument:
    """`document` with each heading at most one level below the one that it belongs to; itself where that is so."""
    headings = [(at, node.level) for at, node in enumerate(document.landmarks) if isinstance(node, d.Heading)]
    levels = _levels([level for _, level in headings])
    new = {at: {"level": level} for (at, written), level in zip(headings, levels, strict=True) if level != written}
    return document.with_fields(new)


def _levels(written: list[int]) -> list[int]:
    found: list[int] = []
    belongs_to: list[int] = []
    """The written levels of the headings that the next one may belong to."""
    for level in written:
        while belongs_to and belongs_to[-1] >= level:
            belongs_to.pop()
        belongs_to.append(level)
        found.append(min(level, belongs_to[0] + len(belongs_to) - 1))
    return found


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
        return document.with_blocks(blocks)

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


def in_titles(document: ChapterDocument) -> bool:
    """Whether a heading of `document`, a caption or the source of a figure holds a cross-reference."""
    titles = (
        node.content if isinstance(node, d.Heading) else (*node.caption, *node.source)
        for node in document.landmarks
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
