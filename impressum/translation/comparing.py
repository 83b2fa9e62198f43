"""Texts compared: word by word, passage by passage (changed, added, removed, moved), a source with its translation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal, NamedTuple

from impressum.core.aligning import aligned
from impressum.core.numbers import MARKS
from impressum.translation.passages import Kind, Passage

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


State = Literal["changed", "added", "removed", "moved"]
LIKE = 0.4
"""The least likeness at which a passage counts as changed, not as replaced by a new one."""
LIKE_ELSEWHERE = 0.6
COMMENT = re.compile(r"\s*(?:\{##.*?##\}|<!--.*?-->)", re.DOTALL)
_ALLOWANCE = re.compile(r"\s*\{##\s*allow\b.*?##\}", re.DOTALL | re.IGNORECASE)
BAND = 40
"""How far, in passages, a changed one may be from its place, beyond the difference in number."""
MOST_MOVED = 10_000
"""The most pairs among which passages that moved and changed are searched for."""
AS_WRITTEN = ("code", "verse", "formula")
NAMED_BY_PLACE = ("front", "heading", "fence", "caption", "figure", "table", "rule")
"""Kinds of passages that replace another of their kind, however they differ."""


@dataclass(frozen=True)
class Change:
    """A change of a passage from `old` (None: added) to `new` (None: removed); one that moved may have changed, too."""

    state: State
    old: Passage | None
    new: Passage | None


def changes(base: Sequence[Passage], now: Sequence[Passage]) -> tuple[Change, ...]:
    """How `now` differs from `base`, in the order of `now`, regardless of line breaks within passages."""
    return _PassageComparison(worded(base), worded(now)).all()


def is_of_comment(change: Change) -> bool:
    """Whether only comments have changed, which a translation need not have."""
    if any(one.kind in AS_WRITTEN for one in (change.old, change.new) if one):
        return False
    texts = [COMMENT.sub("", one.text).split() for one in (change.old, change.new) if one]
    return not any(texts) or (len(texts) > 1 and texts[0] == texts[1] and change.state == "changed")


def worded(passages: Sequence[Passage]) -> list[Passage]:
    """`passages` without those that have no words or numbers (ends of boxes and front matter) and allowing comments."""
    return [one for one in map(_said, passages) if one.kind == "rule" or any(letter.isalnum() for letter in one.text)]


def _said(passage: Passage) -> Passage:
    if passage.kind in AS_WRITTEN or not _ALLOWANCE.search(passage.text):
        return passage
    return passage._replace(text=_ALLOWANCE.sub("", passage.text))


def key(passage: Passage) -> tuple[str, str]:
    """The key by which equal passages are found."""
    text = passage.text if passage.kind in AS_WRITTEN else " ".join(passage.text.split())
    return passage.kind, text


class _PassageComparison:
    """`pairs` are the indexes of matching passages in order, `moved` those out of order."""

    def __init__(self, base: list[Passage], now: list[Passage]) -> None:
        self.base, self.now = base, now
        self.pairs: dict[int, int] = {}
        self.moved: dict[int, int] = {}
        self._pair()
        self._find_moved()

    def all(self) -> tuple[Change, ...]:
        old_of = {new: old for old, new in self.pairs.items()}
        came_from = {new: old for old, new in self.moved.items()}
        found: list[Change] = []
        done = 0
        for index, new in enumerate(self.now):
            if index in old_of:
                old = old_of[index]
                found += self._removed(done, old)
                done = old + 1
                if key(self.base[old]) != key(new):
                    found.append(Change("changed", self.base[old], new))
            elif index in came_from:
                found.append(Change("moved", self.base[came_from[index]], new))
            else:
                found.append(Change("added", None, new))
        return (*found, *self._removed(done, len(self.base)))

    def _removed(self, start: int, end: int) -> list[Change]:
        return [Change("removed", self.base[old], None) for old in range(start, end) if old not in self.moved]

    def _pair(self) -> None:
        matcher = SequenceMatcher(None, [key(one) for one in self.base], [key(one) for one in self.now], autojunk=False)
        for op, a1, a2, b1, b2 in matcher.get_opcodes():
            if op == "equal":
                self.pairs.update(zip(range(a1, a2), range(b1, b2), strict=True))
            elif op == "replace":
                pairs = aligned(range(a1, a2), range(b1, b2), self._score, BAND)
                self.pairs.update((old, new) for old, new in pairs if old is not None and new is not None)

    def _score(self, old: int, new: int) -> float:
        """The likeness of two passages; 0 if one cannot be the other, changed."""
        before, after = self.base[old], self.now[new]
        if before.kind != after.kind:
            return likeness(before.text, after.text, LIKE_ELSEWHERE)
        if before.kind in NAMED_BY_PLACE and before.level == after.level:
            same_key = before.kind != "front" or before.text.partition(":")[0] == after.text.partition(":")[0]
            return likeness(before.text, after.text) + 0.1 if same_key else 0.0
        return likeness(before.text, after.text, LIKE)

    def _find_moved(self) -> None:
        """Pairs the rest out of order: first equal passages, then similar ones."""
        taken = set(self.pairs.values())
        left = [index for index in range(len(self.now)) if index not in taken]
        old_left = [index for index in range(len(self.base)) if index not in self.pairs]
        for old in old_left:
            same = next((new for new in left if key(self.base[old]) == key(self.now[new])), None)
            if same is not None:
                self._move(old, same, left)
        old_left = [old for old in old_left if old not in self.moved]
        if len(old_left) * len(left) > MOST_MOVED:
            return  # the chapter was written anew
        for old in old_left:
            alike = [(self._moved_score(old, new), new) for new in left]
            best = max(alike, key=lambda one: one[0], default=(0.0, 0))
            if best[0]:
                self._move(old, best[1], left)

    def _move(self, old: int, new: int, left: list[int]) -> None:
        self.moved[old] = new
        left.remove(new)

    def _moved_score(self, old: int, new: int) -> float:
        before, after = self.base[old], self.now[new]
        return likeness(before.text, after.text, LIKE_ELSEWHERE) if before.kind == after.kind else 0.0


ANCHOR = re.compile(
    r"""(?=[{\[@\#h(\d]) (?: \{\{.*?\}\} | \[\^[^\]\s]+\] | (?<!\w)@\{?[\w:.+/-]*\w | \#[\w-]*[^\W\d][\w-]*
      | https?://[^\s<>()\[\]]+ | \((?:figure|table):[\w-]+\) | """
    rf"\\d+(?:[{MARKS}]\\d+)* )",
    re.VERBOSE | re.DOTALL,
)
"""Matches parts that translators leave as they are: values, note marks, keys, ids, addresses, numbers."""
PROSE = ("paragraph", "item", "quote", "definition")
"""Kinds of passages that translators may turn into each other."""


class Pair(NamedTuple):
    """A passage of the source and its translation; one of them may be None."""

    source: Passage | None
    translation: Passage | None


def paired(source: Sequence[Passage], translation: Sequence[Passage]) -> tuple[Pair, ...]:
    """All passages of both in order, paired by kind, anchors and length; section by section if the headings match."""
    sections, others = _sections(source), _sections(translation)
    if [part[0].level for part in sections if part] != [part[0].level for part in others if part]:
        return tuple(_paired(source, translation))
    return tuple(pair for one, other in zip(sections, others, strict=True) for pair in _paired(one, other))


def anchors(passage: Passage) -> Counter[str]:
    """The parts that `passage` and any translation of it have in common; numbers without separators."""
    found = (match.group() for match in ANCHOR.finditer(passage.text))
    return Counter(re.sub(r"\D", "", text) if text[0].isdigit() else text for text in found)


def _sections(passages: Sequence[Passage]) -> list[list[Passage]]:
    """`passages` split before each heading; the first part precedes all headings."""
    parts: list[list[Passage]] = [[]]
    for one in passages:
        if one.level:
            parts.append([])
        parts[-1].append(one)
    return parts


class _Part(NamedTuple):
    """A passage with the features that it is paired by."""

    passage: Passage
    kind: Kind
    level: int
    length: int
    anchors: Counter[str]
    total: int
    """The number of anchors."""


def _part(passage: Passage) -> _Part:
    found = anchors(passage)
    return _Part(passage, passage.kind, passage.level, len(passage.text), found, found.total())


def _paired(source: Sequence[Passage], translation: Sequence[Passage]) -> Iterator[Pair]:
    """The pairing with the highest score and without crossings."""
    ours, theirs = [_part(one) for one in source], [_part(one) for one in translation]
    for one, other in aligned(ours, theirs, _score, BAND):
        yield Pair(one.passage if one else None, other.passage if other else None)


def _score(one: _Part, other: _Part) -> float:
    """How well two passages match; 0 or less if they do not."""
    if one.kind == other.kind:
        score = 1.0
    elif one.kind in PROSE and other.kind in PROSE:
        score = 0.3
    else:
        return 0.0
    if one.level != other.level:
        return 0.0
    if one.kind == "front":
        return score * (one.passage.text.partition(":")[0] == other.passage.text.partition(":")[0])
    if every := one.total + other.total:
        both = 0
        if one.total and other.total:
            both = sum(min(count, other.anchors[anchor]) for anchor, count in one.anchors.items())
        score += 3 * both / (every - both) - 1
    shorter, longer = (one.length, other.length) if one.length < other.length else (other.length, one.length)
    return score + 0.5 * shorter / longer
