"""The index: each entry is printed in its order, with the pages on which its marks are, and no other ones."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

from impressum.core.languages import right_to_left
from impressum.core.model.manuscript import ExpectedMark, IndexEntry
from impressum.stages.verify.evidence import FALLBACK, Evidence, shown
from impressum.stages.verify.pages import Line
from impressum.stages.verify.words import norm

PAGES = re.compile(r",(\d+(?:–\d+)?(?:,\d+(?:–\d+)?)*)")
BRACKETS = re.compile(r"[()\[\]]")
UNSEEN = re.compile("[\\s\u200b\u2060\u00ad\ufffe\"'\u2018-\u201f«»‹›「」『』]")
"""What the words of an entry are compared without: spaces, and quotation marks, which each language prints its own."""
ROW = 4.0  # points by which what stands on one line differs in height at most
CONTEXT = 40  # letters before a mark by which it is found
HINT = "look whether a template of this publication changes the index; if none does, this is a fault of Impressum"


@dataclass(frozen=True)
class _Printed:
    """An entry as it is printed: on which page of the file, and its numbers of pages, each with the last of its run."""

    page: int
    runs: tuple[tuple[int, int], ...]

    @property
    def pages(self) -> frozenset[int]:
        return frozenset(page for first, last in self.runs for page in range(first, last + 1))


def check_index(evidence: Evidence) -> None:
    """Every entry of the index is printed with the pages of its marks; each number leads to its page."""
    heading = evidence.headings.get("index")
    if heading is None:  # a fault of its own, where there should be one
        return
    text = _IndexText(evidence, heading.found.end)
    marks = {mark.label: mark for chapter in evidence.expected.chapters for mark in chapter.marks}
    wanted: Counter[int] = Counter()
    for entry in evidence.expected.index:
        printed = text.entry(entry)
        if printed is None:
            message = f"the index on page {heading.first} has no entry {shown(entry.words)} where it belongs"
            evidence.faults.error(entry.place, message, "page-index", HINT)
            continue
        if isinstance(printed, str):
            message = f"the entry {shown(entry.words)} of the index does not go on with {shown(printed)}"
            evidence.faults.error(entry.place, message, "page-index", HINT)
            continue
        wanted.update(first for first, _ in printed.runs)
        _compare(evidence, entry, printed, marks)
    own = range(heading.first, text.last + 1)
    made = Counter(link.target.page for link in evidence.structure.links if link.page in own and not link.address)
    for page in sorted(wanted - made):
        message = f"a number {page} in the index, which begins on page {heading.first}, does not lead to that page"
        evidence.faults.error(FALLBACK, message, "page-index", HINT)


class _IndexText:
    """The words of the index from the letter `start` of the stream on, as one text without spaces."""

    def __init__(self, evidence: Evidence, start: int) -> None:
        self.text = ""
        self.begins: list[int] = []
        """Where a line begins; what is set apart on a line (a number) begins none."""
        self.pages: list[int] = []
        self.at = 0
        end = evidence.back_cover or len(evidence.printed.pages) + 1
        before: Line | None = None
        for line in evidence.stream.lines[evidence.stream.number(start - 1) + 1 :]:
            area = evidence.area.on(line.page)
            if line.page >= end or not area.top - ROW <= line.top <= area.bottom:
                continue
            beside = before and line.page == before.page and abs(line.bottom - before.bottom) < ROW
            if not (before and beside and line.left >= before.right - ROW):
                self.begins.append(len(self.text))
                self.pages.append(line.page)
            self.text += _flat(line.said)
            before = line
        self.last = before.page if before else evidence.stream.page(start - 1)

    def entry(self, entry: IndexEntry) -> _Printed | str | None:
        """The next place where `entry` is printed; the words that it lacks behind its pages; None where it is not."""
        words, missed = _flat(entry.words), None
        for at in self._beginning(words):
            found = PAGES.match(self.text, at + len(words)) if entry.pages else None
            if entry.pages and not found:
                continue
            end = found.end() if found else at + len(words)
            refers = _flat(entry.refers)
            rest = re.sub("[,;]", "", self.text[end : end + 2 * len(refers)])
            if refers and not rest.startswith(re.sub("[,;]", "", refers)):
                missed = entry.refers
                continue
            self.at = end
            runs = (run.partition("–") for run in (found[1].split(",") if found else ()))
            page = self.pages[bisect_left(self.begins, at)]
            return _Printed(page, tuple((int(first), int(last or first)) for first, _, last in runs))
        return missed

    def _beginning(self, words: str) -> Iterator[int]:
        """Where a line begins with `words`, behind the entry before it."""
        for begin in self.begins[bisect_left(self.begins, self.at) :]:
            if self.text.startswith(words, begin):
                yield begin


def _flat(text: str) -> str:
    if right_to_left(text):  # a bracket among such letters is read as the one of the other side
        text = BRACKETS.sub("", text)
    return UNSEEN.sub("", normalize("NFKC", text)).casefold()


def _compare(evidence: Evidence, entry: IndexEntry, printed: _Printed, marks: dict[str, ExpectedMark]) -> None:
    where = f"the index on page {printed.page}"
    allowed: set[int] = set()
    for labels in entry.pages:
        first, *last = (pages_of_mark(evidence, marks[label]) or printed.pages for label in labels)
        span = set(first) if not last else set(range(min(first), max(last[0]) + 1))
        allowed |= span
        missing = span - printed.pages if last else span if not span & printed.pages else set()
        if missing:
            message = f"{where} does not give page {min(missing)} for {shown(entry.words)}, where its mark is"
            evidence.faults.error(marks[labels[0]].place, message, "page-index", HINT)
    for page in sorted(printed.pages - allowed):
        message = f"{where} gives page {page} for {shown(entry.words)}, but no mark of it is there"
        evidence.faults.error(entry.place, message, "page-index", HINT)


def pages_of_mark(evidence: Evidence, mark: ExpectedMark) -> frozenset[int]:
    """The pages on which a mark may be: where the words around it are in its block, else those of the block; none where
    it is not known, as of a note."""
    if mark.label in evidence.marks:
        return evidence.marks[mark.label]
    stream = evidence.stream
    words, term = norm(mark.before)[-CONTEXT:], norm(mark.term)
    block = None if mark.in_note else evidence.block_at(mark.place)
    start, end = (block.found.start, block.found.end) if block else (evidence.body, None)
    if block and not words:
        return frozenset({block.first})
    found = frozenset(stream.page(at + len(words) - (not term)) for at in stream.all(words + term, start, end))
    if found or mark.in_note:
        return found
    return frozenset(range(block.first, block.last + 1)) if block else frozenset()
