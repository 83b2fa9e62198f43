"""What the writer of a fragment keeps, and how it writes inlines: words, links, notes, citations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from impressum.convert.anchors import Anchors
from impressum.convert.attributes import is_chapter_file, short
from impressum.convert.quotes import Marks, marks_in
from impressum.convert.spoken import is_deep, said
from impressum.convert.typst import address_text, language_options, length, running_text, shown_address, string, text
from impressum.errors import Faults, Place
from impressum.model import document as d
from impressum.model.chapters import ChapterDocument
from impressum.model.meant import Anchor, MeantBlock, MeantLink, MeantNote, MeantPage, MeantText

BEFORE_LETTERS = 60
BOXES = ("☐", "☒")
"""How pandoc writes the items of a list of tasks; the font for them is in Typst itself."""
BOX_FONT = "DejaVu Sans Mono"
REF_PREFIX = "ref-"
HAIR = "\u200a"
"""Between quotation marks that would touch."""


@dataclass
class InlineWriter(ABC):
    """The state of a chapter's writer, and its inlines; `notes` counts on from chapter to chapter.

    `words` are those of the language of the chapter, `own_words` those of the edition `tag` that it stands in.
    """

    document: ChapterDocument
    tag: str
    anchors: Anchors
    words: Mapping[str, str]
    own_words: Mapping[str, str]
    mathematics: Mapping[str, str | None]
    references: Mapping[str, str]
    """The labels of listed works by citeproc's names for them (`ref-key`)."""
    faults: Faults
    notes: int = 0
    made_notes: list[MeantNote] = field(default_factory=list)
    made_links: list[MeantLink] = field(default_factory=list)
    made_pages: list[MeantPage] = field(default_factory=list)
    made_texts: list[MeantText] = field(default_factory=list)
    made_formulas: list[MeantText] = field(default_factory=list)
    made_blocks: list[MeantBlock] = field(default_factory=list)
    made_repeats: list[MeantText] = field(default_factory=list)
    cited: dict[str, Place] = field(default_factory=dict)
    key: str = ""
    """The block at the top of the chapter that is being written."""
    _before: str = ""
    _around: dict[int, str] = field(default_factory=dict)
    """What stands around the headings, for their spaces."""
    _in_citation: bool = False
    _places: list[Place] = field(default_factory=list)
    _order: Iterator[Anchor] = field(default_factory=lambda: iter(()))

    def __post_init__(self) -> None:
        self._marks: Marks = self._marks_in(self.document.language or self.tag)

    @abstractmethod
    def block(self, node: d.Block) -> str:
        """The block `node` as Typst source."""

    @contextmanager
    def speaking(self, language: str | None) -> Iterator[None]:
        """What is written in here is in `language`, if one is named."""
        outer = self._marks
        self._marks = self._marks_in(language) if language else outer
        yield
        self._marks = outer

    def _marks_in(self, language: str) -> Marks:
        return marks_in(language, self.words, self.document.borrowed or self.tag)

    def _at(self, place: Place) -> str:
        """A mark that becomes a line break, where Typst reads one as a space: what follows comes from `place`."""
        if not place.line:
            return ""
        self._places.append(place)
        return f"\ue000{len(self._places) - 1}\ue001"

    def _mean(self, content: object, place: Place) -> None:
        words = d.plain(content)
        if words.strip():
            self.made_texts.append(MeantText(words, place))

    def inlines(self, nodes: tuple[d.Inline, ...]) -> str:
        parts: list[str] = []
        for before, node in zip((None, *nodes), nodes, strict=False):
            if isinstance(before, d.Space) and not isinstance(node, d.Space):
                parts[-1] = self._at(node.place) or parts[-1]
            if before is not None and _ends_in_note(before) and _ends_in_note(node):
                parts.append("#between-notes()")
                self._seen(",")
            parts.append(self.inline(node))
        return "".join(parts)

    def inline(self, node: d.Inline) -> str:
        write: Callable[[d.Inline], str] = getattr(self, f"_inline_{type(node).__name__.lower()}")
        return write(node)

    def _seen(self, words: str) -> None:
        self._before = (self._before + words)[-BEFORE_LETTERS:]

    def _inline_text(self, node: d.Text) -> str:
        self._seen(node.text)
        return f"#text(font: {string(BOX_FONT)})[{node.text}]" if node.text in BOXES else running_text(node.text)

    def _inline_space(self, _node: d.Space) -> str:
        self._seen(" ")
        return " "

    def _inline_linebreak(self, _node: d.LineBreak) -> str:
        self._seen(" ")
        return "#linebreak()"

    def _inline_styled(self, node: d.Styled) -> str:
        names = {"emphasis": "emph", "superscript": "super", "subscript": "sub", "strikeout": "strike"}
        return f"#{names.get(node.style, node.style)}[{self.inlines(node.content)}]"

    def _inline_quoted(self, node: d.Quoted) -> str:
        marks = self._marks
        opening, closing = (marks.open, marks.close) if node.double else (marks.inner_open, marks.inner_close)
        self._seen(opening)
        content = self.inlines(node.content)
        self._seen(closing)
        first, last = node.content[:1], node.content[-2:]
        if last and _is_point(last[-1]):
            last = last[:-1]
        begin = HAIR if first and isinstance(first[0], d.Quoted) else ""
        end = HAIR if last and isinstance(last[-1], d.Quoted) else ""
        return f"{text(opening)}{begin}{content}{end}{text(closing)}"

    def _inline_code(self, node: d.Code) -> str:
        self._seen(node.text)
        return f"#raw({string(node.text)})"

    def _inline_math(self, node: d.Math) -> str:
        self._seen(node.tex)
        typst = self._mathematics(node)
        if typst is None:
            return f"#raw({string(node.tex)})"
        alt = said(node.tex)
        self.made_formulas.append(MeantText(alt, node.place))
        return f"#math.equation(alt: {string(alt)}, ${typst}$.body)"

    def _mathematics(self, node: d.Math) -> str | None:
        """The formula as Typst mathematics; where it cannot be read, a warning and None."""
        if is_deep(node.tex):
            self.faults.error(
                node.place,
                f"the formula `{short(node.tex)}` is nested too deeply",
                "nested-too-deep",
                "divide it, or give its parts names",
            )
        typst = self.mathematics.get(node.tex)
        if typst is None:
            self.faults.warning(
                node.place,
                f"the formula `{short(node.tex)}` cannot be read as mathematics and is printed as it stands",
                "math-unreadable",
                "write it with the TeX commands of mathematics",
            )
        return typst

    def _inline_image(self, node: d.Image) -> str:
        return f"#box({self._picture(node)})"

    def _picture(self, node: d.Image) -> str:
        width = node.width or (f"{node.most:g}pt" if node.most else None)
        given = (("width", width), ("height", node.height))
        sizes = "".join(f"{name}: {length(value)}, " for name, value in given if value)
        return f"image({string('/' + node.file)}, {sizes}alt: {string(node.alt)})"

    def _inline_link(self, node: d.Link) -> str:
        if node.target.startswith("#") or is_chapter_file(node.target):
            return self._internal_link(node)
        words = d.plain(node.content)
        if words in (node.target, node.target.removeprefix("mailto:")):
            content = address_text(node.target)
            self._seen(shown_address(node.target))
        else:
            content = self.inlines(node.content)
        self.made_links.append(MeantLink(node.target, words, node.place))
        return f"#link({string(node.target)})[{content}]"

    def _internal_link(self, node: d.Link) -> str:
        content = self.inlines(node.content)
        name, _, identifier = node.target.partition("#")
        if identifier.startswith(REF_PREFIX) and not name and identifier in self.references:
            label = self.references[identifier]
        elif self._in_citation:  # a style without a list has nothing to lead to
            return content
        else:
            anchor = self._destination(name, identifier, node.place)
            if anchor is None:
                return content
            label = anchor.label
        self.made_links.append(MeantLink(f"#{label}", d.plain(node.content), node.place))
        return f"#link(label({string(label)}))[{content}]"

    def _destination(self, name: str, identifier: str, place: Place) -> Anchor | None:
        chapter = name.rpartition("/")[2].removesuffix(".md") or self.document.slug
        if name and chapter not in self.anchors.chapters:
            if chapter in {one.slug for one in self.anchors.lost}:
                return None
            self.faults.error(
                place,
                f"the link leads to `{short(name)}`, which is no chapter of this publication",
                "link-unknown",
                f"the chapters are {', '.join(f'`{slug}.md`' for slug in self.anchors.chapters)}",
            )
            return None
        if name and not identifier:
            return self.anchors.chapters[chapter]
        anchor = self.anchors.find(identifier, chapter)
        if anchor is None:
            near = self.anchors.nearest(identifier)
            many = len(self.anchors.everywhere.get(identifier, ())) > 1
            if not many and self.anchors.may_stand(identifier):
                return None
            self.faults.error(
                place,
                f"the link leads to `#{short(identifier)}`, "
                + ("which stands in several chapters" if many else "but nothing has that id"),
                "link-unknown",
                f"write `chapter.md#{identifier}`"
                if many
                else f"did you mean `#{near}`?"
                if near
                else f"give the place an id: `{{#{short(identifier)}}}`",
            )
        return anchor

    def _inline_note(self, node: d.Note) -> str:
        before, self._before = self._before, ""
        mark = node.mark or ""
        if not node.mark:
            self.notes += 1
            mark = str(self.notes)
        position = len(self.made_notes)
        words = " ".join(_shown(block) for block in node.content)
        self.made_notes.append(MeantNote(mark, words, before, node.place))
        content = "\n\n".join(self._note_block(block) for block in node.content)
        self.made_notes[position] = MeantNote(mark, words, before, node.place)
        self._before = before
        self._seen(mark)
        heading = "heading-" if node.in_title else ""
        if node.mark:
            return f"#{heading}marked-note({string(node.mark)})[{content}]"
        return f"#{heading}note[{content}]"

    def _note_block(self, block: d.Block) -> str:
        return self.inlines(block.content) if isinstance(block, d.Paragraph) else self.block(block)

    def _inline_citation(self, node: d.Citation) -> str:
        for key in node.keys:
            self.cited.setdefault(key, node.place)
        self._in_citation = True
        content = self.inlines(node.content)
        self._in_citation = False
        return content

    def _inline_crossreference(self, node: d.CrossReference) -> str:
        self._seen(node.words)
        if not node.label:  # a fault
            return text(node.words)
        self.made_links.append(MeantLink(f"#{node.label}", node.words, node.place))
        page = ""
        if node.page:
            self.made_pages.append(MeantPage(node.label, node.words, node.page, node.place))
            page = f"#page-of({string(node.label)}, {string(node.page)})"
            self._before = ""  # what stands before the next mark is known to Typst only
        return f"#link(label({string(node.label)}))[{text(node.words)}{page}]"

    def _inline_span(self, node: d.Span) -> str:
        with self.speaking(node.language):
            content = self.inlines(node.content)
        if node.language:
            content = f"#text({language_options(node.language)})[{content}]"
        return f"#metadata(none){self._label(node.id)}{content}" if node.id else content

    def _inline_rawtypst(self, node: d.RawTypst) -> str:
        return node.code

    def _label(self, identifier: str) -> str:
        return f"#label({string(f'{self.document.slug}/{identifier}')})"


def _shown(block: d.Block) -> str:
    """The words of a note's block as they are printed: addresses in their short form."""
    parts: list[str] = []
    for node in block.content if isinstance(block, d.Paragraph) else ():
        if isinstance(node, d.Link) and d.plain(node.content) == node.target:
            parts.append(shown_address(node.target))
        else:
            parts.append(d.plain(node))
    return "".join(parts) if isinstance(block, d.Paragraph) else d.plain(block)


def _is_point(node: d.Inline) -> bool:
    return isinstance(node, d.Text) and node.text in (".", ",")


def _ends_in_note(node: d.Inline) -> bool:
    """Whether a raised mark stands at the end of `node`: a note, or a citation that is printed as one."""
    return isinstance(node, d.Note) or (
        isinstance(node, d.Citation) and bool(node.content) and isinstance(node.content[-1], d.Note)
    )
