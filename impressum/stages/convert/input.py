"""The state of reading one chapter's pandoc tree, shared by the functions that each read one kind of node."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from impressum.core.errors import Faults
from impressum.core.model import document as d
from impressum.core.model.sources import RenderedChapter
from impressum.stages.convert.align import Aligner
from impressum.stages.convert.attributes import Find, Guard
from impressum.stages.convert.data import Data
from impressum.stages.convert.images import Images
from impressum.stages.convert.preprocess import Macros, macros_of

HINT = "write `::: source` directly behind a figure or a table, a paragraph, and `:::`"


@dataclass
class Input:
    """The chapter being read, the things that it may refer to, and the collector of its faults."""

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
    notes_open: int = 0
    boxes_open: int = 0
    html_open: list[str] = field(default_factory=list)
    """HTML elements that have been opened and not closed."""
    defined: frozenset[str] = field(init=False)
    """The names of the notes that the chapter defines."""
    macros: Macros = field(init=False)
    """The commands of mathematics that it defines."""

    def __post_init__(self) -> None:
        self.defined = frozenset(self.aligner.definitions)
        self.macros = macros_of(self.chapter.text)

    def behind(self) -> Find:
        """Finds the attributes behind the word that was read last."""
        begin = self.aligner.offset()
        return lambda *texts: self.aligner.behind(begin, texts)

    def ahead(self) -> Find:
        """Finds the attributes between the word that was read last and the one that is read next."""
        begin, end = self.aligner.offset(), self.aligner.next_offset()
        return lambda *texts: self.aligner.before(begin, end, texts)


Read = TypeVar("Read", bound=Callable[[Any, Input], d.Node | None])
READERS: dict[str, Callable[[Any, Input], Any]] = {}
"""Functions by pandoc tag; each gets a node's content and returns our node, or None if there is nothing to set."""


def reads(*tags: str) -> Callable[[Read], Read]:
    """Registers the decorated function for the pandoc tags `tags`."""

    def registered(read: Read) -> Read:
        READERS.update(dict.fromkeys(tags, read))
        return read

    return registered


def blocks(raw: Any, src: Input) -> tuple[d.Block, ...]:
    """The blocks of `raw`, in order, without comments; a `::: source` becomes part of the block above it, marks of the
    index that stand alone part of the paragraph below them, or else of the one above."""
    return with_sources(_with_marks(_nodes(raw, src)), src.faults)


def _with_marks(blocks: Iterable[d.Block]) -> tuple[d.Block, ...]:
    kept: list[d.Block] = []
    waiting: tuple[d.Inline, ...] = ()
    for block in blocks:
        if isinstance(block, d.Paragraph) and not d.plain(block).strip() and _holds_marks(block.content):
            waiting += block.content
        elif waiting and isinstance(block, d.Paragraph):
            kept.append(replace(block, content=waiting + block.content))
            waiting = ()
        else:
            if waiting and kept and isinstance(kept[-1], d.Paragraph | d.Heading):
                kept[-1] = replace(kept[-1], content=kept[-1].content + waiting)
                waiting = ()
            kept.append(block)
    if waiting and kept and isinstance(kept[-1], d.Paragraph | d.Heading):
        kept[-1] = replace(kept[-1], content=kept[-1].content + waiting)
    elif waiting:
        kept.append(d.Paragraph(waiting[0].place, waiting))
    return tuple(kept)


def _holds_marks(content: tuple[d.Inline, ...]) -> bool:
    """Whether `content` is marks of the index and spaces, and nothing else."""
    kinds = {type(node) for node in d.walk(content) if not isinstance(node, d.Space | d.LineBreak)}
    return d.IndexMark in kinds and kinds <= {d.IndexMark, d.Span, d.Text}


def inlines(raw: Any, src: Input) -> tuple[d.Inline, ...]:
    """The inlines of `raw`, in order."""
    return tuple(_nodes(raw, src))


def _nodes(raw: Any, src: Input) -> Iterator[Any]:
    for node in raw:
        read = READERS.get(node["t"])
        if read is None:
            hint = "write it in another way"
            src.faults.error(src.aligner.here(), f"`{node['t']}` cannot be set yet", "construct-unknown", hint)
        elif (built := read(node.get("c"), src)) is not None:
            yield built


def with_sources(blocks: tuple[d.Block, ...], faults: Faults) -> tuple[d.Block, ...]:
    """`blocks`, each `::: source` taken in by the figure or table before it; one that follows none is a fault."""
    kept: list[d.Block] = []
    for block in blocks:
        if not (isinstance(block, d.Division) and "source" in block.classes):
            kept.append(block)
            continue
        before = kept[-1] if kept else None
        if not isinstance(before, d.Figure | d.FigureGroup | d.Table):
            faults.error(block.place, "a source stands behind no figure and no table", "source-stray", HINT)
        elif before.source:
            hint = "keep one of them: the attribute `source=`, or what stands between `::: source` and `:::`"
            faults.error(block.place, "the figure or table before this source already has one", "source-stray", hint)
        elif len(block.content) != 1 or not isinstance(block.content[0], d.Paragraph):
            faults.error(block.place, "a source is more than one paragraph", "source-stray", HINT)
        else:
            kept[-1] = replace(before, source=block.content[0].content)
    return tuple(kept)
