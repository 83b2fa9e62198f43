"""The rows of the proof: each block of the source beside the one that stands for it in the translation."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from impressum.core.aligning import aligned
from impressum.core.errors import Fault
from impressum.core.model import document as d
from impressum.core.model.chapters import ChapterDocument
from impressum.system.cache import Json
from impressum.translation.proof.pieces import Piece, pieces_of

Lines = Sequence[tuple[int, int]]
"""Stretches of lines of a Markdown file, from the first to the last, from 1."""


@dataclass(frozen=True)
class Row:
    """A block of the source and the one of the translation that stands for it; None where there is none.

    `is_stale`: the source has changed since it was translated. `remarks` are the faults that were found there.
    """

    source: tuple[Piece, ...] | None
    target: tuple[Piece, ...] | None
    is_stale: bool = False
    remarks: tuple[str, ...] = ()

    def as_json(self) -> Json:
        """The row as the template reads it."""
        return {
            "state": "stale" if self.is_stale else "",
            "source": _side(self.source),
            "target": _side(self.target),
            "remarks": list(self.remarks),
        }


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
    stale: Lines = (),
    faults: Sequence[Fault] = (),
) -> tuple[Row, ...]:
    """The rows of a chapter, in order. `stale` are lines of the source; `faults` those of the translation.

    The words are those of the book in each language, for its quotation marks.
    """
    ours = _blocks(source, source_words)
    theirs = _blocks(target, target_words)
    pairs = aligned(ours, theirs, _alike)
    starts = [block.node.place.line for _, block in pairs if block]
    ends = {start: following - 1 for start, following in pairwise((*starts, sys.maxsize))}
    rows = []
    for one, other in pairs:
        lines = (other.node.place.line, ends[other.node.place.line]) if other else (0, -1)
        remarks = tuple(
            f"line {fault.place.line}: {fault.message}" for fault in faults if lines[0] <= fault.place.line <= lines[1]
        )
        rows.append(
            Row(
                one.pieces if one else None,
                other.pieces if other else None,
                one is not None and _touches(one, stale),
                remarks,
            )
        )
    return tuple(rows)


def _blocks(document: ChapterDocument, words: Mapping[str, str]) -> list[_Block]:
    pieces = pieces_of(document.blocks, words)
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


def _touches(block: _Block, stale: Lines) -> bool:
    lines = [piece.line for piece in block.pieces if piece.line]
    return any(first <= max(lines) and min(lines) <= last for first, last in stale) if lines else False


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
        }
        for piece in pieces
    ]
