"""Finds the place of every word: pandoc's tree has none, so a cursor looks its words up in the source, in order. One
not found nearby takes its place from its neighbours. Notes have cursors of their own."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from impressum.core.errors import Place
from impressum.core.markdown_blocks import scan, walk
from impressum.core.markdown_code import code_of, line_starts
from impressum.core.model.sources import RenderedChapter
from impressum.stages.convert.words import WORD, Stream, readable, stream_of, without_any_code

DEFINITION = re.compile(r"\[\^([^\]\s]+)\]:")
REFERENCE = re.compile(r"\[\^([^\]\s]+)\]|\^\[")
MARKS_AHEAD = 20
"""Among how many marks a note is looked for by its words."""
REACH = 20_000
"""How many characters ahead an image's target or a citation's key is looked for."""


@dataclass
class Aligner:
    """Finds the places of a chapter's nodes as the tree is read from its beginning to its end."""

    chapter: RenderedChapter
    is_detached: bool = False
    """Whether no word is looked for, as of a tree that has no source of its own."""
    fixed: Place | None = None
    """Where everything is while this is set."""
    used_notes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._text = readable(self.chapter.text)
        self._marked = without_any_code(self._text)
        self._fenced = [(begin, inside, end) for begin, inside, end in code_of(self.chapter.text) if begin < inside]
        self._last_mark = 0
        self._notes: dict[str, Stream] = {}
        self._definitions: dict[str, list[int]] = {}
        self._bodies: list[tuple[int, int]] = []
        self._more_notes = True
        self._target_end = 0
        self._fence_end = 0
        main: list[tuple[int, int]] = []
        position = 0
        for identifier, begin, body, end in _definitions(self.chapter.text):
            main.append((position, begin))
            position = end
            self._bodies.append((begin, end))
            self._definitions.setdefault(identifier, []).append(begin)
            self._notes[identifier] = stream_of(self._text, [(body, end)])
        main.append((position, len(self._text)))
        self._main = stream_of(self._text, main)
        self._stack: list[Stream] = [self._main]
        self._ahead: list[tuple[list[str], int]] = []
        self._hits: list[tuple[int, str]] = []

    @property
    def definitions(self) -> dict[str, tuple[Place, ...]]:
        """Where each note is defined, by its id; pandoc keeps the last definition of an id."""
        found = self._definitions.items()
        return {name: tuple(self.chapter.place(offset, "[^") for offset in offsets) for name, offsets in found}

    def words(self, text: str) -> Place:
        """Reads the words of `text`; gives the place of the first that is found, else of where it is expected."""
        place: Place | None = None
        if not self.is_detached:
            for match in WORD.finditer(text):
                offset = self._stack[-1].find(match.group(), self._following())
                if offset is not None:
                    self._hits.append((offset, match.group()))
                    place = place or self.chapter.place(offset, match.group())
        return place or self.here()

    def code_block(self, text: str) -> Place:
        """Reads a block of code, in the source letter for letter with its attributes; gives its first word's place."""
        found = None if self.is_detached else self._lines_of(text)
        if found is None:
            return self.words(text)
        begin, end = found
        stream = self._stack[-1]
        stream.move_to(end)
        stream.missed = 0
        first = WORD.search(self.chapter.text, begin, end)
        offset, word = (first.start(), first.group()) if first else (begin, "")
        self._hits.append((offset, word))
        return self.chapter.place(offset, word)

    def _lines_of(self, text: str) -> tuple[int, int] | None:
        """The offsets of the consecutive lines of `text`, not far behind the word that was read last."""
        lines = text.strip("\n").split("\n")
        if not lines[0].strip():
            return None
        written = r"\n".join(rf"[ \t>]*{re.escape(line.strip())}[ \t]*" for line in lines)
        begin = self.chapter.text.rfind("\n", 0, self.offset()) + 1
        found = re.compile(f"^{written}$", re.MULTILINE).search(self.chapter.text, begin, begin + REACH + len(text))
        is_whole = found is not None and self.chapter.text[found.end() : found.end() + 1] in ("", "\n")
        return found.span() if found and is_whole else None

    @contextmanager
    def expecting(self, words: list[str]) -> Iterator[None]:
        """Reads the `with` block as a stretch of these words, without those of its notes."""
        if not self.is_detached:
            self._stack[-1].meet(words)
        self._ahead.append((words, 0))
        yield
        self._ahead.pop()

    def _following(self) -> list[str]:
        """The two words that come after the one that is read now."""
        if not self._ahead:
            return []
        words, read = self._ahead[-1]
        self._ahead[-1] = (words, read + 1)
        return words[read + 1 : read + 3]

    @contextmanager
    def detached(self, place: Place | None = None) -> Iterator[None]:
        """Reads the `with` block as a tree without a source of its own; everything in it is at `place`, if given."""
        is_detached, fixed = self.is_detached, self.fixed
        self.is_detached, self.fixed = True, place or fixed
        yield
        self.is_detached, self.fixed = is_detached, fixed

    def here(self) -> Place:
        """The place at which the next word is expected."""
        if self.fixed:
            return self.fixed
        stream = self._stack[-1]
        word = stream.words[stream.cursor] if stream.cursor < len(stream.words) else ""
        return self.chapter.place(stream.next_offset(), word)

    def next_is(self, text: str) -> bool:
        """Whether the first words of `text` are those that the source has next."""
        return self._stack[-1].next_is(WORD.findall(text)[:3])

    def literal(self, text: str) -> Place | None:
        """The place of `text` letter for letter at or after the cursor's last word; the cursor moves behind it."""
        offset = self._offset(text, self.offset())
        if offset < 0:
            return None
        self._stack[-1].move_to(offset + len(text))
        return self.chapter.place(offset, text)

    def target(self, text: str) -> Place | None:
        """The place of the target of an image, behind the target before it. The words stay where they are."""
        offset = self._offset(text, max(self.offset(), self._target_end))
        if offset < 0:
            return None
        self._target_end = offset + len(text)
        return self.chapter.place(offset, text)

    def fence(self, begin: int, names: list[str]) -> tuple[int, int] | None:
        """Where the lines with all of `names` are that open code, behind `begin` and those before them."""
        begin = max(begin, self._fence_end)
        for start, end, _ in () if self.is_detached else self._fenced:
            if end > begin and all(name in self.chapter.text[start:end] for name in names):
                self._fence_end = end
                return start, end
        return None

    def is_fenced(self, offset: int) -> bool:
        """Whether `offset` is in code between fences, or the next thing behind it."""
        before = len(self.chapter.text[:offset].rstrip())
        return any(begin <= before <= end for begin, _, end in self._fenced)

    def behind(self, begin: int, texts: tuple[str, ...]) -> Place | None:
        """The place of the first of `texts` found behind the offset `begin`, up to the line of the next word."""
        line = self.chapter.text.find("\n", max(self._stack[-1].next_offset(), begin))
        end = line if line >= 0 else len(self.chapter.text)
        return self._first(texts, [self._offset(text, begin, end) for text in texts])

    def before(self, begin: int, end: int, texts: tuple[str, ...]) -> Place | None:
        """The place of the first of `texts` found between two offsets (else on the line of the second)."""
        if self.is_detached:
            return None
        line = self.chapter.text.find("\n", end)
        ends = (end, line if line >= 0 else len(self.chapter.text))
        found = (self._first(texts, [self._last(text, begin, at) for text in texts]) for at in ends)
        return next((place for place in found if place), None)

    def _last(self, text: str, begin: int, end: int) -> int:
        """The offset of the last `text` between two others, or -1. Pandoc writes the languages of code small."""
        found = self.chapter.text.rfind(text, begin, end)
        small = -1 if found >= 0 else self.chapter.text[begin:end].lower().rfind(text)
        return begin + small if small >= 0 else found

    def _first(self, texts: tuple[str, ...], offsets: list[int]) -> Place | None:
        found = ((offset, text) for text, offset in zip(texts, offsets, strict=True) if text and offset >= 0)
        return next((self.chapter.place(offset, text) for offset, text in found), None)

    def pattern(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The next match of `pattern` in the source behind the word that was read last, not far from it."""
        begin = self.offset()
        return None if self.is_detached else pattern.search(self.chapter.text, begin, begin + REACH)

    def written(self, text: str, begin: int, within: str = "") -> Place | None:
        """The place of `text` behind the offset `begin`, letter for letter and unescaped; in the word `within`, or with
        a letter before it, where that is written so."""
        offset = self._offset(text, max(begin, self._offset(within, begin) - 1))
        if offset < 0 or self.chapter.text[max(0, offset - 1) : offset] == "\\":
            return None
        return self.chapter.place(offset, text)

    def _offset(self, text: str, begin: int, end: int | None = None) -> int:
        """The offset of `text` between two others, by default not far behind `begin`; -1 where it is not there."""
        return -1 if self.is_detached or not text else self.chapter.text.find(text, begin, end or begin + REACH)

    def offset(self) -> int:
        """The offset of the word that was read last."""
        return self._stack[-1].begin()

    def next_offset(self) -> int:
        """The offset of the word that is read next."""
        return self._stack[-1].next_offset()

    def open(self) -> int:
        """Begins a node; give what it returns to `close`."""
        return len(self._hits)

    def close(self, opened: int, fallback: Place) -> Place:
        """The place of the first word found since `open`, else `fallback`."""
        return self.chapter.place(*self._hits[opened]) if opened < len(self._hits) else fallback

    def enter_note(self, beginning: list[str]) -> tuple[str | None, Place]:
        """Goes to the text of the next note: its id (None: it is written in place), and the place of its mark.
        `beginning` are its first words, which identify it where the words before it were not found."""
        stream = self._stack[-1]
        attached = self._more_notes and not self.is_detached
        match = self._next_mark(stream.begin()) if attached else None
        if attached and beginning and not (match and self._begins(match, beginning)):
            skipped = self._next_mark(self._last_mark)
            for _ in range(MARKS_AHEAD):
                if skipped is None or self._begins(skipped, beginning):
                    match = skipped or match
                    break
                skipped = self._next_mark(skipped.end())
        if match is None:
            self._more_notes = self._more_notes and not attached
            self._stack.append(stream)
            return None, self.here()
        place = self.chapter.place(match.start(), match.group())
        self._last_mark = match.end()
        stream.move_to(match.end())
        identifier: str | None = match.group(1)
        if identifier is None:
            self._stack.append(stream)
            return None, place
        self.used_notes.add(identifier)
        self._stack.append(self._notes[identifier])
        return identifier, place

    def _next_mark(self, position: int) -> re.Match[str] | None:
        """The next mark of a note from `position` on."""
        match = REFERENCE.search(self._marked, position)
        while match and not self._refers(match):
            match = REFERENCE.search(self._marked, match.end())
        return match

    def _begins(self, match: re.Match[str], beginning: list[str]) -> bool:
        """Whether the note of the mark `match` begins with these words, or with the number of a list before them."""
        if match.group(1) is None:
            words = WORD.finditer(self._text, match.end())
            return [word.group() for _, word in zip(beginning, words, strict=False)] == beginning
        own = self._notes[match.group(1)].words
        return beginning in (own[: len(beginning)], own[1 : len(beginning) + 1])

    def _refers(self, match: re.Match[str]) -> bool:
        """Whether `[^id]` or `^[` is a mark in the text: its note exists, and it is outside of definitions."""
        index = bisect.bisect_right(self._bodies, (match.start(), len(self._text))) - 1
        defined = index >= 0 and match.start() < self._bodies[index][1]
        return not defined and (match.group(1) is None or match.group(1) in self._definitions)

    def leave_note(self) -> None:
        """Returns from a note to the text around its mark."""
        left = self._stack.pop()
        left.cursor = left.cursor if left is self._stack[-1] else 0


def _definitions(text: str) -> list[tuple[str, int, int, int]]:
    """The definitions of notes: id, where it begins, where its text begins, where it ends."""
    lines = text.split("\n")
    starts = line_starts(lines)
    found: list[tuple[str, int, int, int]] = []
    for block in walk(scan(lines)):
        mark = DEFINITION.search(text, starts[block.at]) if block.kind == "note" else None
        if mark and not (found and mark.start() < found[-1][3]):
            found.append((mark[1], mark.start(), mark.end(), starts[block.end]))
    return found
