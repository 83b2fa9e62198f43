"""The bilingual proof: source and translation side by side, block by block, for the editor who must approve it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from impressum.core.aligning import aligned
from impressum.core.errors import Fault
from impressum.core.model import document as d
from impressum.core.model.manuscript import ChapterDocument
from impressum.system.cache import Json
from impressum.translation.comparing import DiffPiece, shortened, word_diff
from impressum.translation.differences import SourceDifference

Kind = Literal["heading", "paragraph", "item", "note", "cell", "code", "said"]
"""A piece that is `said` is never printed so: an alternative text, an id."""
STYLES = {"emphasis": "italic", "strong": "bold", "superscript": "super", "subscript": "sub", "smallcaps": "caps"}
QUOTES = {True: ("“", "”"), False: ("‘", "’")}


@dataclass(frozen=True)
class StyledText:
    """Text in one style: a value of `STYLES`, `code`, `mark` (of a note), or none."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Piece:
    """A part of a block on separate lines, `depth` steps in, after `label`; `line` is that of its Markdown.

    `is_stale`: it has changed since it was translated, or has to. `changes` say how, each with the words of the source
    that were, and are.
    """

    kind: Kind
    line: int
    runs: tuple[StyledText, ...]
    depth: int = 0
    label: str = ""
    is_stale: bool = False
    changes: tuple[tuple[str, tuple[DiffPiece, ...]], ...] = ()


@dataclass
class _Cutter:
    """Cuts blocks into pieces; the notes of a block follow it."""

    quotes: dict[bool, tuple[str, str]]
    notes: int = 0
    waiting: list[tuple[str, d.Note]] = field(default_factory=list)

    def whole(self, block: d.Block) -> Iterator[Piece]:
        """The pieces of `block`, and then those of its notes."""
        yield from self.block(block)
        while self.waiting:
            mark, note = self.waiting.pop(0)
            for number, inner in enumerate(note.content):
                for piece in self.block(inner):
                    label = mark if number == 0 else ""
                    yield Piece("note", piece.line or note.place.line, piece.runs, piece.depth, label)

    def block(self, node: d.Block, depth: int = 0, label: str = "") -> Iterator[Piece]:
        line = node.place.line
        if isinstance(node, d.Heading):
            yield Piece("heading", line, self.runs(node.content), node.level, label)
            yield from self.said(node.id and f"#{node.id}", line)
        elif isinstance(node, d.Paragraph):
            yield Piece("item" if label else "paragraph", line, self.runs(node.content), depth, label)
        elif isinstance(node, d.BulletList | d.OrderedList):
            for number, item in enumerate(node.items):
                mark = "–" if isinstance(node, d.BulletList) else f"{node.start + number}."
                for place, inner in enumerate(item):
                    yield from self.block(inner, depth + 1, mark if place == 0 else "")
        elif isinstance(node, d.DefinitionList):
            for term, content in node.items:
                yield Piece("paragraph", line, _bold(self.runs(term)), depth)
                for inner in content:
                    yield from self.block(inner, depth + 1)
        elif isinstance(node, d.LineBlock):
            for verse in node.lines:
                yield Piece("paragraph", line, self.runs(verse), depth + 1)
        elif isinstance(node, d.CodeBlock):
            yield Piece("code", line, (StyledText(node.text, "code"),), depth)
        elif isinstance(node, d.Equation):
            yield Piece("code", line, (StyledText(node.math.tex, "code"),), depth)
            yield from self.said(node.alt or "", line)
        elif isinstance(node, d.Table):
            yield from self.table(node, depth)
        elif isinstance(node, d.Figure | d.FigureGroup):
            yield from self.figure(node, depth)
        elif isinstance(node, d.Quotation | d.Box | d.Division):
            yield from self.around(node, depth)

    def around(self, node: d.Quotation | d.Box | d.Division, depth: int) -> Iterator[Piece]:
        if isinstance(node, d.Box) and node.title:
            yield Piece("paragraph", node.place.line, _bold(self.runs(node.title)), depth + 1)
        for inner in node.content:
            yield from self.block(inner, depth + 1)
        if not isinstance(node, d.Division) and node.source:
            yield Piece("paragraph", node.place.line, self.runs(node.source), depth + 1, "—")

    def table(self, node: d.Table, depth: int) -> Iterator[Piece]:
        line = node.place.line
        if node.caption:
            yield Piece("paragraph", line, self.runs(node.caption), depth)
        for row in (*node.head, *node.body):
            runs: list[StyledText] = []
            place = row[0].place.line if row else line
            for cell in row:
                runs += [StyledText(" | ")] if runs else []
                for inner in cell.content:
                    runs += [run for piece in self.block(inner) for run in piece.runs]
            yield Piece("cell", place, tuple(runs), depth)
        for below in (node.source, node.note):
            if below:
                yield Piece("paragraph", line, self.runs(below), depth, "·")

    def figure(self, node: d.Figure | d.FigureGroup, depth: int) -> Iterator[Piece]:
        line = node.place.line
        yield Piece("paragraph", line, self.runs(node.caption), depth)
        if isinstance(node, d.Figure):
            yield from self.said(node.image.alt, line)
        else:
            for member in node.figures:
                yield from self.figure(member, depth + 1)
        if node.source:
            yield Piece("paragraph", line, self.runs(node.source), depth, "·")

    def said(self, words: str, line: int) -> Iterator[Piece]:
        if words:
            yield Piece("said", line, (StyledText(words),))

    def runs(self, content: tuple[d.Inline, ...]) -> tuple[StyledText, ...]:
        """The words of `content`; runs of one style are joined."""
        joined: list[StyledText] = []
        for run in self._runs(content, ""):
            if joined and joined[-1].style == run.style:
                joined[-1] = StyledText(joined[-1].text + run.text, run.style)
            else:
                joined.append(run)
        return tuple(joined)

    def _runs(self, content: tuple[d.Inline, ...], style: str) -> Iterator[StyledText]:
        for node in content:
            if isinstance(node, d.Text):
                yield StyledText(node.text, style)
            elif isinstance(node, d.Space | d.LineBreak):
                yield StyledText(" ", style)
            elif isinstance(node, d.Styled):
                yield from self._runs(node.content, STYLES.get(node.style, style))
            elif isinstance(node, d.Quoted):
                opening, closing = self.quotes[node.double]
                yield StyledText(opening, style)
                yield from self._runs(node.content, style)
                yield StyledText(closing, style)
            elif isinstance(node, d.Code | d.Math):
                yield StyledText(node.text if isinstance(node, d.Code) else node.tex, "code")
            elif isinstance(node, d.CrossReference):
                yield StyledText(node.words or f"@{node.target}", style)
            elif isinstance(node, d.Image):
                yield StyledText(f"[{node.alt}]", style)
            elif isinstance(node, d.Note):
                yield StyledText(self._mark(node), "mark")
            elif isinstance(node, d.Link | d.Citation | d.Span):
                yield from self._runs(node.content, style)

    def _mark(self, note: d.Note) -> str:
        self.notes += not note.mark
        mark = note.mark or str(self.notes)
        self.waiting.append((mark, note))
        return mark


def _bold(runs: tuple[StyledText, ...]) -> tuple[StyledText, ...]:
    return tuple(StyledText(run.text, run.style or "bold") for run in runs)


def pieces_of(blocks: tuple[d.Block, ...], words: Mapping[str, str]) -> tuple[tuple[Piece, ...], ...]:
    """The pieces of each of `blocks` of a chapter; `words` are those of its language, for its quotation marks."""
    kinds = ((True, "double"), (False, "single"))
    cutter = _Cutter({key: (words[f"quotes.{kind}.open"], words[f"quotes.{kind}.close"]) for key, kind in kinds})
    return tuple(tuple(cutter.whole(block)) for block in blocks)


@dataclass(frozen=True)
class ProofRow:
    """A block of the source and its translation, either of which may be None. `remarks` are the faults of the
    translation."""

    source: tuple[Piece, ...] | None
    target: tuple[Piece, ...] | None
    remarks: tuple[str, ...] = ()

    def as_json(self) -> Json:
        """The row as the template reads it."""
        return {"source": _side(self.source), "target": _side(self.target), "remarks": list(self.remarks)}


@dataclass(frozen=True)
class _Block:
    node: d.Block
    pieces: tuple[Piece, ...]
    length: int


def rows_of(
    source: ChapterDocument,
    target: ChapterDocument,
    *,
    source_words: Mapping[str, str],
    target_words: Mapping[str, str],
    changed: Sequence[SourceDifference] = (),
    faults: Sequence[Fault] = (),
) -> tuple[ProofRow, ...]:
    """The rows of a chapter, in order. `changed` is how the source differs from what was translated; `faults` are those
    of the translation. The words are those of the book in each language, for its quotation marks.
    """
    ours = [(one.line, one.end, _said(one)) for one in changed if one.new is not None]
    theirs = [
        (one.look.line, one.look.end, _said(one) if one.new is None else None)
        for one in changed
        if one.look and not one.look.behind
    ]
    pairs = aligned(
        _blocks(source, source_words, ours),
        _blocks(target, target_words, theirs),
        _alike,
    )
    starts = [block.node.place.line for _, block in pairs if block]
    ends = {start: following - 1 for start, following in pairwise((*starts, sys.maxsize))}
    rows = []
    for one, other in pairs:
        lines = (other.node.place.line, ends[other.node.place.line]) if other else (0, -1)
        remarks = tuple(
            f"line {fault.place.line}: {fault.message}" for fault in faults if lines[0] <= fault.place.line <= lines[1]
        )
        rows.append(ProofRow(one.pieces if one else None, other.pieces if other else None, remarks))
    return tuple(rows)


Said = tuple[str, tuple[DiffPiece, ...]]
"""What is said of a change: a word, and what was and what is."""


def _said(change: SourceDifference) -> Said:
    if change.new is None:
        return "gone from the source", (DiffPiece("old", " ".join((change.old or "").split())),)
    if change.old is None:
        return "new", ()
    name = f"moved from line {change.moved_from}" if change.state == "moved" else "changed"
    return name, tuple(shortened(word_diff(change.old, change.new))) if change.old != change.new else ()


def _blocks(
    document: ChapterDocument, words: Mapping[str, str], stale: Sequence[tuple[int, int, Said | None]]
) -> list[_Block]:
    """The blocks of `document`; what is in the `stale` lines, each from the first to the last, is marked."""
    pieces = _marked(pieces_of(document.blocks, words), stale)
    return [
        _Block(node, own, sum(len(run.text) for piece in own for run in piece.runs))
        for node, own in zip(document.blocks, pieces, strict=True)
        if own
    ]


def _alike(one: _Block, other: _Block) -> float:
    """How much two blocks are alike: of one kind (and level), with as many notes, nearly as long."""
    if type(one.node) is not type(other.node) or _level(one.node) != _level(other.node):
        return 0.0
    notes = [sum(piece.kind == "note" for piece in block.pieces) for block in (one, other)]
    longer = max(one.length, other.length)
    return 1 + 0.5 * (notes[0] == notes[1]) + (min(one.length, other.length) / longer if longer else 1.0)


def _level(node: d.Block) -> int:
    return node.level if isinstance(node, d.Heading) else 0


def _marked(
    blocks: tuple[tuple[Piece, ...], ...], stale: Sequence[tuple[int, int, Said | None]]
) -> tuple[tuple[Piece, ...], ...]:
    """`blocks` with the pieces in the `stale` lines marked; a change that has none, as of a term, marks the piece
    before it. What is said of a change is with the first of its pieces."""
    order = sorted(
        (piece.line, block, index) for block, pieces in enumerate(blocks) for index, piece in enumerate(pieces)
    )
    marked = [list(pieces) for pieces in blocks]
    for first, last, said in stale:
        inside = [one for one in order if first <= one[0] <= last]
        inside = inside or [one for one in order if one[0] < first][-1:] or order[:1]
        for number, (_, block, index) in enumerate(inside):
            piece = marked[block][index]
            changes = (*piece.changes, said) if said and number == 0 else piece.changes
            marked[block][index] = replace(piece, is_stale=True, changes=changes)
    return tuple(map(tuple, marked))


def _side(pieces: tuple[Piece, ...] | None) -> Json:
    if pieces is None:
        return None
    return [
        {
            "kind": piece.kind,
            "line": piece.line,
            "depth": piece.depth,
            "label": piece.label,
            "runs": [[run.text, run.style] for run in piece.runs],
            "stale": piece.is_stale,
            "changes": [[name, [[one.side, one.text] for one in words]] for name, words in piece.changes],
        }
        for piece in pieces
    ]
