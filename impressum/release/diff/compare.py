"""The pages of two PDFs as words, and what changed between them: pages added, removed and changed; words; numbers."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

from impressum.core.aligning import aligned
from impressum.core.errors import Fault, Faulty, Place
from impressum.core.numbers import MARKS
from impressum.system.files import read

ALIKE = 0.3
"""How many of their words two pages must share to be taken for the same one."""
BAND = 60
"""Pages by which a page may have moved."""
CONTEXT = 6
"""Words shown on each side of a change."""
NUMBER = re.compile(rf"[-−+]?\d[\d{MARKS.replace(' ', '')}]*\d|\d")
SEEN_AT = 50 / 72
"""The scale at which two pages are compared as pictures: 50 dots an inch."""
SHOWN_AT = 80 / 72
"""The scale at which a page is shown beside another."""
OFTEN = 3
"""A line at the head or foot on so many pages, its numbers apart, belongs to none of them."""
DIVIDED = re.compile("[\ufffe\u00ad]\\s*|[\u200b\u2060]")
"""How a word that is divided at the end of a line is read, and signs that are not printed."""


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
class PagePair:
    """An old page and its new one, or None; `kind`: same, looks (same words, another look), changed, added, removed."""

    old: int | None
    new: int | None
    kind: str


@dataclass(frozen=True)
class PdfComparison:
    """The changes between two files."""

    old_pages: int
    new_pages: int
    pairs: tuple[PagePair, ...]
    changes: tuple[Changed, ...]
    numbers: tuple[ChangedNumber, ...]

    @property
    def is_same(self) -> bool:
        return all(pair.kind == "same" for pair in self.pairs)

    def of(self, kind: str) -> tuple[PagePair, ...]:
        """The pairs of pages of this kind."""
        return tuple(pair for pair in self.pairs if pair.kind == kind)


def compare(old: Sequence[PageText], new: Sequence[PageText]) -> PdfComparison:
    """The changes from the pages `old` to the pages `new`."""
    changes = tuple(_without_moves(_changes(_spread(old), _spread(new))))
    numbers = tuple(number for change in changes for number in _numbers(change))
    return PdfComparison(len(old), len(new), tuple(_pairs(old, new)), changes, numbers)


# pages
def _pairs(old: Sequence[PageText], new: Sequence[PageText]) -> Iterator[PagePair]:
    """The pages in order, each old one beside the new one with which it shares most words."""
    were, are = ([Counter(page.words) for page in pages] for pages in (old, new))

    def alike(i: int, j: int) -> float:
        share = _share(were[i], are[j])
        return share if share >= ALIKE else 0.0

    for i, j in aligned(range(len(old)), range(len(new)), alike, BAND):
        kind = "added" if i is None else "removed" if j is None else _kind(old[i], new[j])
        yield PagePair(None if i is None else old[i].number, None if j is None else new[j].number, kind)


def _kind(old: PageText, new: PageText) -> str:
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


def _spread(pages: Sequence[PageText]) -> list[_Word]:
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
    ends = [index + 1 for index, word in enumerate(words) if re.search(r"[.!?…:]['”“»’)\]]*$", word.text)]
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


@dataclass(frozen=True)
class PageText:
    """A page: its number in the file (from 1), its words, and a sum of how it looks."""

    number: int
    words: tuple[str, ...]
    look: str


def read_pages(pdf: Path | bytes, shown: str) -> tuple[PageText, ...]:
    """The pages of a PDF, a file or its bytes, which faults call `shown`. Raises `Faulty` for what is no PDF."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(read(pdf) if isinstance(pdf, Path) else pdf)
    except (pypdfium2.PdfiumError, OSError) as error:
        hint = "give two PDFs, or two folders that hold some"
        raise Faulty([Fault(Place(shown), "the file cannot be read as a PDF", "diff-unreadable", hint)]) from error
    try:
        lines: list[list[str]] = []
        looks: list[str] = []
        for page in document:
            lines.append(_lines(page.get_textpage().get_text_range()))
            picture = page.render(scale=SEEN_AT).to_numpy()
            looks.append(hashlib.sha256(picture.tobytes()).hexdigest())
    finally:
        document.close()
    furniture = _furniture(lines)
    return tuple(
        PageText(number, tuple(word for line in _body(found, furniture) for word in line.split()), look)
        for number, (found, look) in enumerate(zip(lines, looks, strict=True), 1)
    )


def _lines(text: str) -> list[str]:
    """The lines of `text` that hold words, without the signs of division."""
    return [" ".join(words) for raw in DIVIDED.sub("", text).splitlines() if (words := raw.split())]


def without_looks(pages: Sequence[PageText]) -> tuple[PageText, ...]:
    """`pages` to be compared by their words alone."""
    return tuple(replace(page, look="") for page in pages)


def body_page(pdf: bytes, front: frozenset[str]) -> int:
    """The page (from 1) of the first bookmark that is none of the headings `front`; 1 where there is none."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        for mark in document.get_toc():
            target = mark.get_dest()
            if mark.get_title() not in front and target is not None:
                return (target.get_index() or 0) + 1
    finally:
        document.close()
    return 1


def picture_of(path: Path, number: int) -> bytes:
    """The page `number` of the PDF at `path` as a PNG."""
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        out = io.BytesIO()
        document[number - 1].render(scale=SHOWN_AT).to_pil().save(out, "PNG", optimize=True)
        return out.getvalue()
    finally:
        document.close()


def _furniture(pages: list[list[str]]) -> frozenset[str]:
    """The lines of running heads, with their numbers taken out."""
    count: Counter[str] = Counter()
    for lines in pages:
        count.update({_without_digits(line) for line in (*lines[:2], *lines[-2:])})
    return frozenset(line for line, times in count.items() if times >= OFTEN)


def _body(lines: list[str], furniture: frozenset[str]) -> list[str]:
    """`lines` without those at the head and the foot that are furniture, or only a number."""
    last = len(lines) - 1
    return [
        line
        for index, line in enumerate(lines)
        if not (index in (0, 1, last - 1, last) and (_without_digits(line) in furniture or line.isdecimal()))
    ]


def _without_digits(line: str) -> str:
    return re.sub(r"\d+", "", line).strip()
