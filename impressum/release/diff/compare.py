"""What changed between two files: pages added, removed and changed; the text by words; numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from impressum.core.aligning import aligned
from impressum.core.numbers import MARKS
from impressum.release.diff.pages import Page

ALIKE = 0.3
"""How many of their words two pages must share to be taken for the same one."""
BAND = 60
"""Pages by which a page may have moved."""
CONTEXT = 6
"""Words shown on each side of a change."""
NUMBER = re.compile(rf"[-−+]?\d[\d{MARKS.replace(' ', '')}]*\d|\d")
SENTENCE = re.compile(r"[.!?…:]['”“»’)\]]*$")


@dataclass(frozen=True)
class Changed:
    """A stretch of words: `old` became `new` (either may be empty), between `before` and `after`; pages from 1."""

    old_page: int
    new_page: int
    before: str
    old: str
    new: str
    after: str


@dataclass(frozen=True)
class ChangedNumber:
    """A number that changed, with the words before it."""

    old_page: int
    new_page: int
    old: str
    new: str
    before: str


@dataclass(frozen=True)
class Pair:
    """A page of the old file and the page of the new one that it became; None where there is none.

    `kind`: "same"; "looks" (the same words, and another look); "changed"; "added"; "removed".
    """

    old: int | None
    new: int | None
    kind: str


@dataclass(frozen=True)
class Comparison:
    """What changed between two files."""

    old_pages: int
    new_pages: int
    pairs: tuple[Pair, ...]
    changes: tuple[Changed, ...]
    numbers: tuple[ChangedNumber, ...]

    @property
    def is_same(self) -> bool:
        return all(pair.kind == "same" for pair in self.pairs)

    def of(self, kind: str) -> tuple[Pair, ...]:
        """The pairs of pages of this kind."""
        return tuple(pair for pair in self.pairs if pair.kind == kind)


def compare(old: Sequence[Page], new: Sequence[Page]) -> Comparison:
    """What changed from the pages `old` to the pages `new`."""
    changes = tuple(_without_moves(_changes(_spread(old), _spread(new))))
    numbers = tuple(number for change in changes for number in _numbers(change))
    return Comparison(len(old), len(new), tuple(_pairs(old, new)), changes, numbers)


# pages


def _pairs(old: Sequence[Page], new: Sequence[Page]) -> Iterator[Pair]:
    """The pages in order, each old one beside the new one with which it shares most words."""
    were, are = ([Counter(page.words) for page in pages] for pages in (old, new))

    def alike(i: int, j: int) -> float:
        share = _share(were[i], are[j])
        return share if share >= ALIKE else 0.0

    for i, j in aligned(range(len(old)), range(len(new)), alike, BAND):
        kind = "added" if i is None else "removed" if j is None else _kind(old[i], new[j])
        yield Pair(None if i is None else old[i].number, None if j is None else new[j].number, kind)


def _kind(old: Page, new: Page) -> str:
    if old.words != new.words:
        return "changed"
    return "same" if old.look == new.look else "looks"


def _share(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that two pages have in common; of two pages without words it is all."""
    most = max(one.total(), other.total())
    return (one & other).total() / most if most else 1.0


# words


@dataclass(frozen=True)
class _Word:
    text: str
    page: int


def _spread(pages: Sequence[Page]) -> list[_Word]:
    return [_Word(word, page.number) for page in pages for word in page.words]


def _changes(old: list[_Word], new: list[_Word]) -> list[Changed]:
    """The stretches of words that are not the same: found by sentences first, which keeps long books quick."""
    old_cuts, new_cuts = _sentences(old), _sentences(new)
    sentences = SequenceMatcher(None, _said(old, old_cuts), _said(new, new_cuts), autojunk=False)
    found: list[Changed] = []
    for kind, i1, i2, j1, j2 in sentences.get_opcodes():
        if kind == "equal":
            continue
        a, b, c, d = old_cuts[i1], old_cuts[i2], new_cuts[j1], new_cuts[j2]
        words = SequenceMatcher(None, [w.text for w in old[a:b]], [w.text for w in new[c:d]], autojunk=False)
        for inner, k1, k2, l1, l2 in words.get_opcodes():
            if inner != "equal":
                found.append(_change(old, new, (a + k1, a + k2), (c + l1, c + l2)))
    return found


def _without_moves(changes: list[Changed]) -> list[Changed]:
    """`changes` without what only went elsewhere, as a note does that follows its mark to another page."""
    gone = Counter(change.old for change in changes if change.old and not change.new)
    come = Counter(change.new for change in changes if change.new and not change.old)
    moved = gone & come
    left = {True: moved.copy(), False: moved.copy()}
    kept = []
    for change in changes:
        words = change.old or change.new
        waiting = left[bool(change.old)]
        if bool(change.old) != bool(change.new) and waiting[words]:
            waiting[words] -= 1
        else:
            kept.append(change)
    return kept


def _change(old: list[_Word], new: list[_Word], was: tuple[int, int], now: tuple[int, int]) -> Changed:
    (a, b), (c, d) = was, now
    return Changed(
        _page(old, a),
        _page(new, c),
        " ".join(word.text for word in new[max(0, c - CONTEXT) : c]),
        " ".join(word.text for word in old[a:b]),
        " ".join(word.text for word in new[c:d]),
        " ".join(word.text for word in new[d : d + CONTEXT]),
    )


def _page(words: list[_Word], index: int) -> int:
    return words[min(index, len(words) - 1)].page if words else 0


def _sentences(words: list[_Word]) -> list[int]:
    """Where each sentence begins, and the end of the last."""
    ends = [index + 1 for index, word in enumerate(words) if SENTENCE.search(word.text)]
    return [*dict.fromkeys([0, *ends, len(words)])]


def _said(words: list[_Word], cuts: list[int]) -> list[str]:
    return [" ".join(word.text for word in words[a:b]) for a, b in pairwise(cuts)]


def _numbers(change: Changed) -> list[ChangedNumber]:
    """The numbers of `change`, each beside the one that took its place; empty where there is none."""
    old, new = NUMBER.findall(change.old), NUMBER.findall(change.new)
    found = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for step in range(max(i2 - i1, j2 - j1)):
            was = old[i1 + step] if i1 + step < i2 else ""
            now = new[j1 + step] if j1 + step < j2 else ""
            found.append(ChangedNumber(change.old_page, change.new_page, was, now, change.before))
    return found
