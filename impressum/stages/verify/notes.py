"""Notes: each is printed once, below its mark, on the page of its mark, in order."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from unicodedata import normalize

from impressum.core.languages import right_to_left
from impressum.core.model.manuscript import ExpectedNote
from impressum.stages.verify.evidence import Evidence, shown
from impressum.stages.verify.texts import HINT
from impressum.stages.verify.words import Match, Wanted, norm, wanted

MARK = re.compile(r"^\s*(\d+(?![\d.,])|[^\w\s]{1,4})")
LIST_NUMBER = 5  # letters between the mark of a note and its words: `(iv).`, where it begins with a list
EXACT = 10
SEED = 4
BEFORE = (30, 14, 6, 3)
LEAST_BEFORE = 3
LEAST_TO_KNOW = 14
KNOWN_BY = 40
LATE_HINT = (
    "in a list, a quotation or a table Typst may set a note a page late: move the mark, or shorten or lengthen the "
    "text before it; `rules: {note-page: warning}` lets it pass"
)
ORDER_HINT = "look whether a figure or table that floats carries a note; write the note into the text beside it"
PLACE_HINT = "look whether a template of this publication moves its notes; if none does, this is a fault of Impressum"


@dataclass(frozen=True)
class _FootEntry:
    """A note as it stands at the foot: the line of the stream that it begins, and where its words are."""

    line: int
    page: int
    found: Match


class _Foot:
    """The lines that may begin a note, by their mark."""

    def __init__(self, evidence: Evidence) -> None:
        self.stream = evidence.stream
        self.first = evidence.body
        self.beginnings: dict[str, list[int]] = {}
        for number, line in enumerate(self.stream.lines):
            mark = MARK.match(line.said)
            if mark and line.page >= evidence.body_page:
                self.beginnings.setdefault(mark[1], []).append(number)
        self.order = sorted(number for numbers in self.beginnings.values() for number in numbers)

    def entries(self, mark: str, words: Wanted) -> list[_FootEntry]:
        """Where a line begins with `mark` and goes on with `words`; whole ones, or else the best one."""
        found = []
        is_turned = bool(right_to_left(words.text))  # then the order of letters and brackets is not sure
        beginning = words.text[: 0 if words.has_formula or is_turned else min((EXACT, *words.gaps))]
        for number in self.beginnings.get(mark, []):
            at = self.stream.starts[number] + len(norm(mark))
            at = max(at, self.stream.text.find(beginning, at, at + LIST_NUMBER + len(beginning)))
            if self.stream.text.startswith(beginning, at) and (beginning or self._is_near(words, number, at)):
                match = self.stream.follow(words, at)
                match = self.stream.apart(words, match) if is_turned and match.lost else match
                found.append(_FootEntry(number, self.stream.lines[number].page, match))
        whole = [entry for entry in found if not entry.found.lost]
        if whole:  # a line of the text may begin as a short note does, but goes on, or is larger
            ends = [entry for entry in whole if self.stream.begins_line(entry.found.end)] or whole
            least = min(self.stream.lines[entry.line].size for entry in ends)
            return [entry for entry in ends if self.stream.lines[entry.line].size < least + 0.1]
        half = [entry for entry in found if len(entry.found.lost) * 2 <= len(words.tokens)]
        return [min(half, key=lambda entry: len(entry.found.lost))] if half else []

    def begun(self) -> list[tuple[str, int]]:
        """The beginnings of what stands behind these marks, and the pages: what may be a note."""
        marked = ((mark, number) for mark, numbers in self.beginnings.items() for number in numbers)
        places = ((self.stream.starts[number] + len(norm(mark)), number) for mark, number in marked)
        return [(self.stream.text[at : at + KNOWN_BY], self.stream.lines[number].page) for at, number in places]

    def _is_near(self, words: Wanted, number: int, at: int) -> bool:
        """Whether the first letters of `words` stand before the next line that may begin a note."""
        after = bisect_right(self.order, number)
        end = self.stream.starts[self.order[after]] if after < len(self.order) else len(self.stream.text)
        return words.text[:SEED] in self.stream.text[at:end]


def check_notes(evidence: Evidence) -> None:
    """Every note of the sources is printed, in order, and none more often than the sources have it."""
    if not evidence.checked:
        find_notes(evidence)
    _check_times(evidence)


def find_notes(evidence: Evidence) -> None:
    """Every note of the sources, in order; and what else may be a note."""
    foot = _Foot(evidence)
    last: tuple[int, str] = (-1, "")
    at = evidence.body
    times: dict[tuple[str, str], int] = {}
    notes = [note for chapter in evidence.expected.chapters for note in chapter.notes]
    for note in notes:
        times[note.mark, note.text] = times.get((note.mark, note.text), 0) + 1
    for note in notes:
        words = wanted(note.text)
        entries = foot.entries(note.mark, words) if words.text else []
        same = times[note.mark, note.text]
        if not entries:
            _missing(evidence, foot, note, words, at)
            continue
        entry = next((one for one in entries if same > 1 and one.line > last[0]), entries[0])
        evidence.locate(note.place, words, Match(evidence.stream.starts[entry.line], entry.found.end), is_block=False)
        _lost_words(evidence, note, entry)
        mark = _compare(evidence, note, entry, at)
        at = mark if mark is not None else at
        if note.mark.isdecimal() and (mark is None or evidence.stream.page(mark) == entry.page):
            if entry.line < last[0]:
                message = f"note {note.mark} on page {entry.page} stands above note {last[1]}"
                evidence.faults.error(note.place, message, "note-order", ORDER_HINT)
            last = (max(entry.line, last[0]), note.mark)
    evidence.begun += foot.begun()


def _check_times(evidence: Evidence) -> None:
    """No note is printed more often than the sources have it, under whatever mark, in whichever chapter."""
    by_beginning: dict[str, list[tuple[str, ExpectedNote]]] = defaultdict(list)
    for note in (note for chapter in evidence.expected.chapters for note in chapter.notes):
        key = wanted(note.text).text[:KNOWN_BY]
        by_beginning[key[:LEAST_TO_KNOW]].append((key, note))
    printed: dict[str, list[int]] = defaultdict(list)
    for begun, page in evidence.begun:
        for key in {key for key, _ in by_beginning.get(begun[:LEAST_TO_KNOW], ())}:
            if begun.startswith(key):
                printed[key].append(page)
    for beginning, some in by_beginning.items():
        for key in dict.fromkeys(key for key, _ in some) if len(beginning) == LEAST_TO_KNOW else ():
            expected = [note for other, note in some if other.startswith(key)]
            if len(printed[key]) > len(expected):
                pages = " and ".join(f"on page {page}" for page in sorted(printed[key]))
                often = "once" if len(expected) == 1 else f"{len(expected)} times"
                message = (
                    f"the note {shown(expected[0].text)} is printed {len(printed[key])} times, not {often}: {pages}"
                )
                evidence.faults.error(expected[0].place, message, "note-twice", PLACE_HINT)


def _lost_words(evidence: Evidence, note: ExpectedNote, entry: _FootEntry) -> None:
    if entry.found.lost:
        after = f" after `{entry.found.after}`" if entry.found.after else ""
        message = f"{shown(' '.join(entry.found.lost))}{after} is lost from note {note.mark} on page {entry.page}"
        evidence.faults.error(note.place, message, "note-lost", HINT)


def _missing(evidence: Evidence, foot: _Foot, note: ExpectedNote, words: Wanted, at: int) -> None:
    """A note that does not stand under its mark: under another one, or nowhere."""
    if not words.text:
        return
    long_enough = len(words.text) >= LEAST_TO_KNOW
    others = [mark for mark in foot.beginnings if mark != note.mark and long_enough]
    whole = [(mark, entry) for mark in others for entry in foot.entries(mark, words) if not entry.found.lost]
    if whole:
        mark, entry = whole[0]
        evidence.locate(note.place, words, entry.found, is_block=False)
        message = f"note {note.mark} is printed with the mark {mark} on page {entry.page}"
        evidence.faults.error(note.place, message, "note-mark", PLACE_HINT)
        return
    mark_at = _mark(evidence, note, at, None)
    page = evidence.stream.page(mark_at if mark_at is not None else at)
    where = f"its mark stands on page {page}" if mark_at is not None else f"it belongs to page {page} or later"
    message = f"note {note.mark}, {shown(note.text)}, is not printed; {where}"
    hint = "look whether a template of this publication leaves notes out; if none does, this is a fault of Impressum"
    evidence.faults.error(note.place, message, "note-lost", hint)


def _compare(evidence: Evidence, note: ExpectedNote, entry: _FootEntry, at: int) -> int | None:
    """Compares the place of the mark with that of the note; gives where the mark stands, if that can be known."""
    before = norm(note.before)
    if len(before) < LEAST_BEFORE:
        return None
    mark = _mark(evidence, note, at, entry)
    if mark is None and right_to_left(before):  # brackets there are read now as one of their sides, now as the other
        return None
    if mark is None:
        message = (
            f"the mark of note {note.mark} is not printed behind `{' '.join(note.before.split()[-4:])}`; "
            f"the note stands on page {entry.page}"
        )
        evidence.faults.error(note.place, message, "note-mark", PLACE_HINT)
        return None
    line = evidence.stream.line(mark)
    if line.page != entry.page:
        message = f"note {note.mark} is printed on page {entry.page}, but its mark stands on page {line.page}"
        hint = LATE_HINT if entry.page == line.page + 1 else PLACE_HINT
        evidence.faults.error(note.place, message, "note-page", hint)
    elif line.top >= evidence.stream.lines[entry.line].top:
        message = f"note {note.mark} on page {entry.page} does not stand below its mark"
        evidence.faults.error(note.place, message, "note-page", PLACE_HINT)
    return mark


def _mark(evidence: Evidence, note: ExpectedNote, at: int, entry: _FootEntry | None) -> int | None:
    """Where the mark of `note` stands behind the words before it: on the page of `entry`, which begins with the same
    mark, if it can be, else anywhere after `at`."""
    stream = evidence.stream
    before = norm(note.before)
    ranges = [(at, len(stream.text)), (evidence.body, at)]
    if entry is not None:
        ranges.insert(0, (stream.of_page(entry.page - 1), stream.of_page(entry.page + 1)))
    found: int | None = None
    for start, end in ranges:
        for words in dict.fromkeys(before[-size:] for size in BEFORE):
            for index in stream.all(words, start, end):
                last = index + len(words)
                if _stands_at(evidence, note.mark, last) and (entry is None or last != stream.starts[entry.line]):
                    if entry is None or stream.page(last - 1) == entry.page:
                        return last - 1
                    found = last - 1 if found is None else found
        if found is not None:
            return found
    return None


def _stands_at(evidence: Evidence, mark: str, index: int) -> bool:
    stream = evidence.stream
    plain = norm(mark)
    if plain:
        end = index + len(plain)
        if not stream.text.startswith(plain, index):
            return False
        beside = mark.isdecimal() and stream.text.startswith(str(int(mark) + 1), end)  # the mark of the next note
        if beside or not stream.text[end : end + 1].isdigit() or stream.begins_line(end):
            return True
        return not _behind(evidence, end)[:1].isdigit()  # the number of the next cell of a table, after a space
    return mark in normalize("NFKC", _behind(evidence, index)[: len(mark) + 3])


def _behind(evidence: Evidence, index: int) -> str:
    """The rest of the line behind the letter before `index`, spaces and signs included."""
    stream = evidence.stream
    line = stream.line(index - 1)
    letters = index - stream.starts[stream.number(index - 1)]
    for offset in range(len(line.said) + 1):
        if len(norm(line.said[:offset])) >= letters:
            return line.said[offset:]
    return ""
