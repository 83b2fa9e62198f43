"""The inlines of pandoc's tree as typed inlines: words, links, notes, citations, each at its place."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from impressum.core.errors import Fault, Faults, Place, nearest
from impressum.core.model import document as d
from impressum.core.model.sources import RenderedChapter
from impressum.stages.convert import html
from impressum.stages.convert.align import Aligner
from impressum.stages.convert.attributes import KEY, KNOWN_CLASSES, Find, Guard, short
from impressum.stages.convert.claims import check_claim
from impressum.stages.convert.cursor import WORD
from impressum.stages.convert.data import Data
from impressum.stages.convert.images import Images
from impressum.stages.convert.leftovers import leftover

STYLES: dict[str, d.Style] = {
    "Emph": "emphasis",
    "Strong": "strong",
    "Strikeout": "strikeout",
    "Superscript": "superscript",
    "Subscript": "subscript",
    "SmallCaps": "smallcaps",
    "Underline": "underline",
}
SPAN_KEYS = frozenset({"data"})
AS_IS = "as-is"
XREF_CLASS = "impressum-cross-reference"
NOTE_WORDS = 3
"""Words by which a note is known."""


@dataclass
class Inlines(ABC):
    """Builds what stands within blocks; notes hold blocks in their turn."""

    chapter: RenderedChapter
    aligner: Aligner
    guard: Guard
    images: Images
    faults: Faults
    raw_allowed: bool = False
    known_keys: frozenset[str] = frozenset()
    data: Data = field(default_factory=Data)
    printed: Mapping[str, str] = field(default_factory=dict)
    """The words that the book itself prints."""
    original: str = ""
    """The language of the source edition."""
    _notes_open: int = 0
    _html_open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._defined = frozenset(self.aligner.definitions)

    @abstractmethod
    def figure_group(self, raw: Any) -> d.Block | None:
        """The division `raw`, whose id is that of a figure, as a group of figures."""

    @abstractmethod
    def data_table(self, raw: Any) -> d.Block | None:
        """The figure `raw`, whose image is `table:name`, as a table from data."""

    @abstractmethod
    def blocks(self, raw: Any) -> tuple[d.Block, ...]:
        """The blocks of `raw`, in order."""

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

    def _line(self, raw: Any) -> tuple[d.Inline, ...]:
        """The inlines of a paragraph, a heading, a caption: the aligner knows which words are coming."""
        self.aligner.expect(list(_words(raw)))
        content = self.inlines(raw)
        self.aligner.expected()
        return content

    def _unknown(self, kind: str) -> None:
        self.faults.error(
            self.aligner.here(), f"`{kind}` cannot be set yet", "construct-unknown", "write it in another way"
        )

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
        begin = self.aligner.offset()
        place = self.aligner.words(tex)
        if not WORD.search(tex):  # a formula of signs only
            place = self.aligner.written(tex, begin) or place
        return d.Math(place, tex, kind["t"] == "DisplayMath")

    def _inline_rawinline(self, raw: Any) -> d.Inline | None:
        form, code = raw
        return self._raw(form, code)

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
                place, f"the link to `{short(target)}` has no text", "link-empty", "say where it leads in its brackets"
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
        identifier, place = self.aligner.enter_note(_beginning(raw)[:NOTE_WORDS])
        self._notes_open += 1
        content = self.blocks(raw)
        self._notes_open -= 1
        self.aligner.leave_note()
        own = identifier if identifier and not re.search(r"\w", identifier) else None
        return d.Note(place, own, content, name=identifier or "")

    def _inline_cite(self, raw: Any) -> d.Inline:
        citations, content = raw
        place = self.aligner.here()
        keys, locators = [], []
        for index, citation in enumerate(citations):
            self.inlines(citation["citationPrefix"])
            found = self.aligner.literal("@" + citation["citationId"]) or self.aligner.literal(
                "@{" + citation["citationId"]
            )
            if index == 0 and found:
                place = found
            self._check_key(citation["citationId"], found or place)
            locators.append(d.plain(self.inlines(citation["citationSuffix"])))
            keys.append(citation["citationId"])
        self.aligner.asleep += 1
        built = self.inlines(content)
        self.aligner.asleep -= 1
        return d.Citation(place, tuple(keys), built, tuple(locators))

    def _check_key(self, key: str, place: Place) -> None:
        if not KEY.match(key):
            self.faults.error(
                place,
                f"the citation key `{short(key)}` has characters that a key may not have",
                "citation-malformed",
                "use the key as it stands in the bibliography",
            )
        elif key not in self.known_keys:
            near = nearest(key, self.known_keys)
            self.faults.error(
                place,
                f"`{short(key)}` is cited but the bibliography has no such entry",
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
        find = self._behind()
        kept = self.guard.attributes(attributes, place, find, classes=KNOWN_CLASSES | {AS_IS}, keys=SPAN_KEYS)
        if "data" in kept.values:
            at = find("data=") or place
            check_claim(d.plain(content), kept.values["data"], self.data, place, at, self.faults)
        for name in kept.classes:
            if name in ("smallcaps", "underline"):
                content = (d.Styled(place, "smallcaps" if name == "smallcaps" else "underline", content),)
        return d.Span(place, kept.id, kept.language, content, AS_IS in kept.classes)

    def _raw(self, form: str, code: str) -> d.RawTypst | d.Text | None:
        if self.aligner.asleep and form == "latex":  # a macro in a work that pandoc does not know: told in its entry
            return None
        place = self.aligner.literal(code.strip()) or self.aligner.words(code)
        if form == "html":
            return self._html(code, place)
        if form == "typst" and self.raw_allowed:
            return d.RawTypst(place, code, block=False)
        self.faults.error(
            place,
            f"raw {short(form)} is not allowed in chapters",
            "raw-code",
            "write it in Markdown, or set `raw: allow` in publication.yaml if you answer for the code"
            if form == "typst"
            else "write it in Markdown",
        )
        return None

    def _html(self, code: str, place: Place) -> d.Text | None:
        """A fault, but for comments, and for words in angle brackets that are no HTML."""
        if html.is_comment(code):
            return None
        if html.is_text(code):
            self.faults.warning(
                place,
                f"`{short(code)}` is no HTML for text and is printed as it stands",
                "html-unknown",
                f"write `\\{short(code)}` if it is meant so",
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
            place, f"raw HTML is not allowed in chapters: `{short(code)}`", "raw-html", html.instead(code)
        )
        return None


def _beginning(blocks: Any) -> list[str]:
    """The words that `blocks` begin with: those of a paragraph, or of the first item of a list."""
    for block in blocks[:1]:
        if block["t"] in ("Para", "Plain"):
            return list(_words(block["c"]))
        if block["t"] in ("BulletList", "OrderedList"):
            items = block["c"] if block["t"] == "BulletList" else block["c"][1]
            return _beginning(items[0])
    return []


def _words(raw: Any) -> Iterator[str]:
    """The words of inlines in the order in which they are read here, without those of notes."""
    for node in raw:
        kind, content = node["t"], node.get("c")
        if kind == "Str":
            yield from WORD.findall(content)
        elif kind in ("Code", "Math", "RawInline"):
            yield from WORD.findall(content[1])
        elif kind == "Cite":
            for citation in content[0]:
                yield from _words(citation["citationPrefix"])
                yield from _words(citation["citationSuffix"])
        elif kind in STYLES:
            yield from _words(content)
        elif kind in ("Quoted", "Link", "Image", "Span"):
            yield from _words(content[1])
