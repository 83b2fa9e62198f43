"""From pandoc's JSON tree to the typed document: the allow-list, and a place on every node.

The tree is read strictly in order, for the aligner follows it through the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from impressum.convert import html
from impressum.convert.align import Aligner
from impressum.convert.attributes import KEY, Find, Guard, _short
from impressum.convert.images import Images
from impressum.convert.leftovers import leftover
from impressum.errors import Fault, Faults, Place, nearest
from impressum.model import document as d
from impressum.model.sources import RenderedChapter

STYLES: dict[str, d.Style] = {
    "Emph": "emphasis",
    "Strong": "strong",
    "Strikeout": "strikeout",
    "Superscript": "superscript",
    "Subscript": "subscript",
    "SmallCaps": "smallcaps",
    "Underline": "underline",
}
ALIGNS: dict[str, d.Align] = {
    "AlignDefault": "default",
    "AlignLeft": "left",
    "AlignCenter": "center",
    "AlignRight": "right",
}
LIST_NUMBER = re.compile(r"^[ \t>]*\(?(\d{5,})[.)]", re.MULTILINE)
BLOCK_CLASSES = frozenset({"references", "csl-entry", "csl-bib-body", "hanging-indent", "line-block"})
FIGURE_SCHEME = "figure:"
XREF_CLASS = "impressum-cross-reference"
LARGEST_LIST_NUMBER = 9999


@dataclass
class Builder:
    """Builds the document of one chapter."""

    chapter: RenderedChapter
    aligner: Aligner
    guard: Guard
    images: Images
    faults: Faults
    raw_allowed: bool = False
    known_keys: frozenset[str] = frozenset()
    _notes_open: int = 0
    _html_open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._defined = frozenset(self.aligner.definitions)

    def blocks(self, raw: Any) -> tuple[d.Block, ...]:
        """The blocks of `raw`, in order; comments are gone."""
        built = (self.block(node) for node in raw)
        return tuple(block for block in built if block is not None)

    def block(self, node: Any) -> d.Block | None:
        kind = node["t"]
        build: Callable[[Any], d.Block | None] | None = getattr(self, f"_block_{kind.lower()}", None)
        if build is None:
            self._unknown(kind)
            return None
        return build(node.get("c"))

    def inlines(self, raw: Any) -> tuple[d.Inline, ...]:
        """The inlines of `raw`, in order."""
        built: list[d.Inline] = []
        for node in raw:
            kind = node["t"]
            if kind in STYLES:
                built.append(self._styled(STYLES[kind], node["c"]))
                continue
            build: Callable[[Any], d.Inline | None] | None = getattr(self, f"_inline_{kind.lower()}", None)
            if build is None:
                self._unknown(kind)
                continue
            inline = build(node.get("c"))
            if inline is not None:
                built.append(inline)
        return tuple(built)

    def _behind(self) -> Find:
        """Finds the attributes that stand behind the word that was read last."""
        begin = self.aligner.offset()
        return lambda *texts: self.aligner.behind(begin, texts)

    def _ahead(self) -> Find:
        """Finds the attributes that stand between the word that was read last and the one that is read next."""
        begin, end = self.aligner.offset(), self.aligner.next_offset()
        return lambda *texts: self.aligner.before(begin, end, texts)

    def _unknown(self, kind: str) -> None:
        self.faults.error(
            self.aligner.here(), f"`{kind}` cannot be set yet", "construct-unknown", "write it in another way"
        )

    # blocks

    def _block_para(self, raw: Any, *, tight: bool = False) -> d.Block:
        opened, expected = self.aligner.open(), self.aligner.here()
        content = self.inlines(raw)
        return d.Paragraph(self.aligner.close(opened, expected), content, tight)

    def _block_plain(self, raw: Any) -> d.Block:
        return self._block_para(raw, tight=True)

    def _block_header(self, raw: Any) -> d.Block:
        level, attributes, inlines = raw
        opened, expected = self.aligner.open(), self.aligner.here()
        content = self.inlines(inlines)
        place = self.aligner.close(opened, expected)
        kept = self.guard.attributes(attributes, place, self._behind())
        return d.Heading(
            place, level, kept.id, "unnumbered" not in kept.classes, "unlisted" not in kept.classes, content
        )

    def _block_bulletlist(self, raw: Any) -> d.Block:
        place = self.aligner.here()
        items = tuple(self.blocks(item) for item in raw)
        return d.BulletList(_first(items, place), items, _tight(items))

    def _block_orderedlist(self, raw: Any) -> d.Block:
        (start, style, delimiter), content = raw
        place = self.aligner.here()
        if start > LARGEST_LIST_NUMBER or start < 0:
            written = self.aligner.pattern(LIST_NUMBER)  # pandoc's own number has overflowed
            self.faults.error(
                self.chapter.place(written.start(1), written[1]) if written else place,
                f"the list begins with the number {_short(written[1] if written else str(start))}, which is too large",
                "list-number",
                "begin it with a number up to 9999; if it is no list, write a backslash before the point",
            )
            start = 1
        letter = {"LowerAlpha": "a", "UpperAlpha": "A", "LowerRoman": "i", "UpperRoman": "I"}.get(style["t"], "1")
        pattern = {"OneParen": f"{letter})", "TwoParens": f"({letter})"}.get(delimiter["t"], f"{letter}.")
        items = tuple(self.blocks(item) for item in content)
        return d.OrderedList(_first(items, place), start, pattern, items, _tight(items))

    def _block_definitionlist(self, raw: Any) -> d.Block:
        place = self.aligner.here()
        items = []
        for term, definitions in raw:
            words = self.inlines(term)
            items.append((words, tuple(block for definition in definitions for block in self.blocks(definition))))
        return d.DefinitionList(place, tuple(items))

    def _block_blockquote(self, raw: Any) -> d.Block:
        place = self.aligner.here()
        content = self.blocks(raw)
        return d.Quotation(content[0].place if content else place, content)

    def _block_codeblock(self, raw: Any) -> d.Block:
        attributes, text = raw
        find = self._ahead()
        place = self.aligner.words(text)
        kept = self.guard.attributes(attributes, place, find, classes=None)
        return d.CodeBlock(place, text, kept.classes[0] if kept.classes else None)

    def _block_lineblock(self, raw: Any) -> d.Block:
        place = self.aligner.here()
        lines = tuple(self.inlines(line) for line in raw)
        return d.LineBlock(place, lines)

    def _block_horizontalrule(self, _raw: Any) -> d.Block:
        return d.Rule(self.aligner.here())

    def _block_rawblock(self, raw: Any) -> d.Block | None:
        form, code = raw
        return self._raw(form, code, block=True)

    def _block_div(self, raw: Any) -> d.Block:
        attributes, content = raw
        place = self.aligner.here()
        kept = self.guard.attributes(attributes, place, self._ahead(), classes=BLOCK_CLASSES)
        blocks = self.blocks(content)
        return d.Division(blocks[0].place if blocks else place, kept.id, kept.classes, kept.language, blocks)

    def _block_figure(self, raw: Any) -> d.Block | None:
        attributes, (_short_caption, caption), content = raw
        place = self.aligner.here()
        image = _only_image(content)
        if image is None:
            self.faults.error(
                place,
                "a figure holds more than one image",
                "figure-content",
                "give each image a paragraph of its own",
            )
            return None
        opened = self.aligner.open()
        words = self.inlines([node for block in caption for node in block.get("c", [])])
        place = self.aligner.close(opened, place)
        (image_attributes, _, (target, _)) = image["c"]
        find = self._behind()
        place = self.aligner.target(target) or place
        outer = self.guard.attributes(attributes, place, find)
        inner = self.guard.attributes(image_attributes, place, find)
        built = self.images.find(target, inner, place, caption=d.plain(words))
        if built is None:
            return None
        declared = target.removeprefix(FIGURE_SCHEME) if target.startswith(FIGURE_SCHEME) else None
        return d.Figure(place, outer.id or inner.id, built, words, declared)

    def _block_table(self, raw: Any) -> d.Block:
        attributes, (_, caption), columns, (_, head), bodies, (_, foot) = raw
        place = self.aligner.here()
        titled = [node for block in caption for node in block.get("c", [])]
        words = self.inlines(titled) if self._is_next(titled) else ()
        find = self._behind()
        opened = self.aligner.open()
        rows_head = tuple(self._row(row, columns) for row in head)
        rows_body = tuple(
            self._row(row, columns) for _, _, inner_head, inner in bodies for row in [*inner_head, *inner]
        ) + tuple(self._row(row, columns) for row in foot)
        place = self.aligner.close(opened, place)
        if not words:
            words, find = self.inlines(titled), self._behind()
        kept = self.guard.attributes(attributes, place, find)
        if not any(d.plain(cell.content).strip() for row in rows_head for cell in row):
            self.faults.error(
                place,
                "the table has no header row",
                "table-header",
                "name its columns in a first row; a screen reader reads them with each cell",
            )
        widths = tuple(w["c"] if w["t"] == "ColWidth" else None for _, w in columns)
        aligns = tuple(ALIGNS[a["t"]] for a, _ in columns)
        return d.Table(place, kept.id, words, aligns, widths, rows_head, rows_body)

    def _is_next(self, caption: Any) -> bool:
        """Whether the caption stands before its table, where it may stand as well as after it."""
        words = " ".join(node["c"] for node in caption if node["t"] == "Str")
        return bool(words) and self.aligner.next_is(words)

    def _row(self, raw: Any, columns: Any) -> tuple[d.Cell, ...]:
        cells = []
        for index, (_, align, rows, spans, content) in enumerate(raw[1]):
            place = self.aligner.here()
            blocks = self.blocks(content)
            own: d.Align = ALIGNS[align["t"]]
            if own == "default" and index < len(columns):
                own = ALIGNS[columns[index][0]["t"]]
            cells.append(d.Cell(blocks[0].place if blocks else place, blocks, own, rows, spans))
        return tuple(cells)

    # inlines

    def _inline_str(self, text: str) -> d.Inline:
        begin = self.aligner.offset()
        place = self.aligner.words(text)
        if not self.aligner.asleep:
            left = leftover(text, in_note=self._notes_open > 0, notes=self._defined)
            at = self.aligner.written(left.letters, begin) if left and left.letters else place
            if left and at:
                self.faults.add(Fault(at, left.message, left.rule, left.hint, left.severity))
        return d.Text(place, text)

    def _inline_space(self, _raw: Any) -> d.Inline:
        return d.Space(Place(self.chapter.source.body.path))

    _inline_softbreak = _inline_space

    def _inline_linebreak(self, _raw: Any) -> d.Inline:
        return d.LineBreak(Place(self.chapter.source.body.path))

    def _styled(self, style: d.Style, raw: Any) -> d.Inline:
        content = self.inlines(raw)
        return d.Styled(content[0].place if content else self.aligner.here(), style, content)

    def _inline_quoted(self, raw: Any) -> d.Inline:
        kind, inner = raw
        content = self.inlines(inner)
        place = content[0].place if content else self.aligner.here()
        return d.Quoted(place, kind["t"] == "DoubleQuote", content)

    def _inline_code(self, raw: Any) -> d.Inline:
        attributes, text = raw
        place = self.aligner.words(text)
        self.guard.attributes(attributes, place, self._behind(), classes=None)
        return d.Code(place, text)

    def _inline_math(self, raw: Any) -> d.Inline:
        kind, tex = raw
        return d.Math(self.aligner.words(tex), tex, kind["t"] == "DisplayMath")

    def _inline_rawinline(self, raw: Any) -> d.Inline | None:
        form, code = raw
        return self._raw(form, code, block=False)

    def _inline_link(self, raw: Any) -> d.Inline | None:
        attributes, inner, (target, _title) = raw
        opened, expected = self.aligner.open(), self.aligner.here()
        content = self.inlines(inner)
        place = self.aligner.close(opened, expected)
        find = self._behind()
        if not content:
            place = find(target, "](") or place
        self.guard.attributes(attributes, place, find)
        allowed = self.guard.target(target, place)
        if not content and allowed is not None:
            self.faults.error(
                place, f"the link to `{_short(target)}` has no text", "link-empty", "say where it leads in its brackets"
            )
        return d.Link(place, allowed, content) if allowed is not None else None

    def _inline_image(self, raw: Any) -> d.Inline | None:
        attributes, inner, (target, _title) = raw
        place = self.aligner.here()
        opened = self.aligner.open()
        words = d.plain(self.inlines(inner))
        find = self._behind()
        place = self.aligner.target(target) or self.aligner.close(opened, place)
        kept = self.guard.attributes(attributes, place, find)
        return self.images.find(target, kept, place, caption=words)

    def _inline_note(self, raw: Any) -> d.Inline:
        identifier, place = self.aligner.enter_note()
        self._notes_open += 1
        content = self.blocks(raw)
        self._notes_open -= 1
        self.aligner.leave_note()
        own = identifier if identifier and not re.search(r"\w", identifier) else None
        return d.Note(place, own, content)

    def _inline_cite(self, raw: Any) -> d.Inline:
        citations, content = raw
        place = self.aligner.here()
        keys = []
        for index, citation in enumerate(citations):
            self.inlines(citation["citationPrefix"])
            found = self.aligner.literal("@" + citation["citationId"]) or self.aligner.literal(
                "@{" + citation["citationId"]
            )
            if index == 0 and found:
                place = found
            self._check_key(citation["citationId"], found or place)
            self.inlines(citation["citationSuffix"])
            keys.append(citation["citationId"])
        self.aligner.asleep += 1
        built = self.inlines(content)
        self.aligner.asleep -= 1
        return d.Citation(place, tuple(keys), built)

    def _check_key(self, key: str, place: Place) -> None:
        if not KEY.match(key):
            self.faults.error(
                place,
                f"the citation key `{_short(key)}` has characters that a key may not have",
                "citation-malformed",
                "use the key as it stands in the bibliography",
            )
        elif key not in self.known_keys:
            near = nearest(key, self.known_keys)
            self.faults.error(
                place,
                f"`{_short(key)}` is cited but the bibliography has no such entry",
                "citation-unknown",
                f"did you mean `{near}`?" if near else "add the entry to the bibliography, or mend the key",
            )

    def _inline_span(self, raw: Any) -> d.Inline | None:
        attributes, inner = raw
        if XREF_CLASS in attributes[1]:
            pairs = dict(attributes[2])
            place = self.aligner.literal("@" + pairs["target"]) or self.aligner.here()
            return d.CrossReference(place, pairs["target"], pairs["form"] == "number")
        opened, expected = self.aligner.open(), self.aligner.here()
        content = self.inlines(inner)
        place = self.aligner.close(opened, expected)
        if self.aligner.asleep:  # citeproc's own spans
            return d.Span(place, "", None, content)
        kept = self.guard.attributes(attributes, place, self._behind())
        for name in kept.classes:
            if name in ("smallcaps", "underline"):
                content = (d.Styled(place, "smallcaps" if name == "smallcaps" else "underline", content),)
        return d.Span(place, kept.id, kept.language, content)

    def _raw(self, form: str, code: str, *, block: bool) -> d.RawTypst | d.Text | None:
        begin = self.aligner.literal(code.strip())
        place = begin or self.aligner.words(code)
        if form == "html":
            return self._html(code, place, block=block)
        if form == "typst" and self.raw_allowed:
            return d.RawTypst(place, code, block)
        self.faults.error(
            place,
            f"raw {_short(form)} is not allowed in chapters",
            "raw-code",
            "write it in Markdown, or set `raw: allow` in publication.yaml if you answer for the code"
            if form == "typst"
            else "write it in Markdown",
        )
        return None

    def _html(self, code: str, place: Place, *, block: bool) -> d.Text | None:
        """A fault, but for comments, and for words in angle brackets that are no HTML."""
        if html.is_comment(code):
            return None
        if html.is_text(code) and not block:
            self.faults.warning(
                place,
                f"`{_short(code)}` is no HTML for text and is printed as it stands",
                "html-unknown",
                f"write `\\{_short(code)}` if it is meant so",
            )
            return d.Text(place, code)
        name, closes = html.element(code)
        if closes and name in self._html_open:
            self._html_open.remove(name)  # its opening tag is a fault already
            return None
        if html.belongs_to_one_of(name, self._html_open):
            return None
        self._html_open.append(name)
        self.faults.error(
            place, f"raw HTML is not allowed in chapters: `{_short(code)}`", "raw-html", html.instead(code)
        )
        return None


def _only_image(content: Any) -> Any:
    inlines = [node for block in content for node in block.get("c", []) if isinstance(node, dict)]
    images = [node for node in inlines if node.get("t") == "Image"]
    return images[0] if len(images) == 1 and len(inlines) == 1 else None


def _first(items: tuple[tuple[d.Block, ...], ...], fallback: Place) -> Place:
    return items[0][0].place if items and items[0] else fallback


def _tight(items: tuple[tuple[d.Block, ...], ...]) -> bool:
    return all(
        (isinstance(block, d.Paragraph) and block.tight) or not isinstance(block, d.Paragraph)
        for item in items
        for block in item
    )
