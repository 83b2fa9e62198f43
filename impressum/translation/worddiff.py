"""Word-by-word differences between two texts, and their likeness."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
SHOWN = 8
"""Words shown on each side of a change."""


@dataclass(frozen=True)
class DiffPiece:
    """A stretch of text that is in both texts (`same`), only in the old (`old`) or only in the new one (`new`)."""

    side: Literal["same", "old", "new"]
    text: str


def word_diff(old: str, new: str) -> tuple[DiffPiece, ...]:
    """The pieces of `old` and `new` in order; runs of white space count as one space."""
    before, after = (TOKEN.findall(" ".join(text.split())) for text in (old, new))
    pieces: list[DiffPiece] = []
    for op, a1, a2, b1, b2 in _opcodes(before, after):
        if op == "equal":
            pieces.append(DiffPiece("same", "".join(before[a1:a2])))
            continue
        pieces += [DiffPiece("old", "".join(before[a1:a2]))] if a2 > a1 else []
        pieces += [DiffPiece("new", "".join(after[b1:b2]))] if b2 > b1 else []
    return tuple(pieces)


def likeness(old: str, new: str, least: float = 0.0) -> float:
    """The share of two texts that is the same words in order, from 0 to 1; 0 below `least`."""
    before, after = _counted(old), _counted(new)
    total = before.total() + after.total()
    if not total:
        return float(old.split() == new.split())
    few, many = sorted((before, after), key=len)
    most = 2 * sum(min(count, many[word]) for word, count in few.items()) / total
    if most < least or not most:
        return 0.0
    alike = SequenceMatcher(None, _words(old), _words(new), autojunk=False).ratio()
    return alike if alike >= least else 0.0


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text))


@lru_cache(maxsize=4096)
def _counted(text: str) -> Counter[str]:
    return Counter(_words(text))


def shortened(pieces: Iterable[DiffPiece]) -> Iterator[DiffPiece]:
    """`pieces` with unchanged text cut down to the words beside each change."""
    every = tuple(pieces)
    for number, piece in enumerate(every):
        words = piece.text.split(" ")
        first, last = number == 0, number == len(every) - 1
        if piece.side != "same" or len(words) <= SHOWN * (1 if first or last else 2) + 2:
            yield piece
            continue
        head = "" if first else " ".join(words[:SHOWN]) + " "
        tail = "" if last else " " + " ".join(words[-SHOWN:])
        yield DiffPiece("same", f"{head}…{tail}")


def marked(piece: DiffPiece) -> str:
    """A piece as plain text: `[-old-]`, `{+new+}`."""
    return {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}[piece.side].format(piece.text)


def _opcodes(before: list[str], after: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """The opcodes of difflib, with two changes joined if no word is between them."""
    held: tuple[int, int, int, int] | None = None
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (op, a1, a2, b1, b2) in enumerate(codes):
        inside = 0 < number < len(codes) - 1
        worded = any(token[0].isalnum() for token in before[a1:a2])
        if op == "equal" and (worded or not inside):
            if held:
                yield "replace", *held
                held = None
            yield op, a1, a2, b1, b2
        else:
            held = (held[0], a2, held[2], b2) if held else (a1, a2, b1, b2)
    if held:
        yield "replace", *held
