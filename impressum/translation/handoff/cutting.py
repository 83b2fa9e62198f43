"""Cuts a passage into segments to translate and text that is kept.

Modules that only some passages need are imported for them: `check` cuts just the chapter that has changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from impressum.core import markdown_lines as shapes
from impressum.translation.handoff.hiding import hide, unquoted
from impressum.translation.handoff.markup import Setting, has_words, read, read_inner
from impressum.translation.handoff.segments import HOLDS, Cut, Held, Segment, opened
from impressum.translation.passages import Passage, passages

DEEPEST = 12
"""The depth to which passages within passages are cut."""
KEPT = frozenset({"code", "link", "statement", "comment", "rule"})
"""Kinds of passages without a word to translate."""
FRONT_KEY = re.compile(r"(?P<lead>short-title:[ \t]*)(?P<value>\S.*)", re.DOTALL)

_STARTS = {"heading": r"#{1,6}[ \t]+", "caption": r"(?:[Tt]able)?:[ \t]+", "verse": r"\|[ \t]*"}
_SUFFIX = re.compile(r"[ \t]*(?:[ \t]#+[ \t]*|(?:^|[ \t])\{[^{}]*\}[ \t]*)+$|[ \t]+$")


def cut(passage: Passage, depth: int = 0) -> Cut:
    """`passage` cut into segments; at most `DEEPEST` levels deep, of which it is at `depth`."""
    found = Cut(passage)
    if passage.kind in HOLDS and depth < DEEPEST:
        _cut_held(found, *opened(passage), depth)
    elif passage.kind in KEPT:
        found.pieces.append(passage.text)
    elif passage.kind == "front":
        _cut_front(found)
    elif passage.kind == "table" and _cut_drawn(found, depth):
        pass
    else:
        text = hide(passage.text, found.hidden)
        if passage.kind == "fence":
            found.pieces.append(text)
        elif passage.kind == "table" and not _is_pipe_table(text):
            found.whole = has_words(read(text, found.hidden))
            found.pieces.append(text)
        else:
            _LineCutter(found).read(text)
        _cut_attributes(found)
    return found


def _cut_held(found: Cut, text: str, leads: list[str], depth: int) -> None:
    first = found.passage.line
    for inner in passages(text, first - 1):
        start, end = inner.line - first, inner.end - first + 1
        taken = cut(inner, depth + 1)
        found.held.append((Held(start, tuple(leads[start:end])), taken))
        found.segments += taken.segments
        found.whole = found.whole or taken.whole


def _cut_front(found: Cut) -> None:
    from impressum.translation.handoff.segments import scalar

    key = FRONT_KEY.fullmatch(found.passage.text)
    words = scalar(key["value"]) if key else None
    if key is None or words is None:
        found.pieces.append(found.passage.text)
        return
    segment = Segment((words,), words, found.passage.line, "short-title", Setting(attribute=True))
    found.pieces += [key["lead"], found.add(segment)]


def _cut_attributes(found: Cut) -> None:
    """The texts of attributes as segments of their own, after the words of the passage."""
    if "attribute" not in found.hidden.kinds:
        return
    from impressum.translation.handoff.escaping import read_plain

    keys = _keys_of_attributes(found)
    for number, kind in enumerate(found.hidden.kinds):
        if kind != "attribute":
            continue
        words = unquoted(found.hidden.shown(found.hidden.texts[number]))
        parts = read_plain(words)
        if has_words(parts):
            line = found.passage.line + _line_of(found, number)
            segment = Segment(parts, words, line, keys.get(number, "title"), Setting(attribute=True))
            found.attributes[number] = found.add(segment)


def _keys_of_attributes(found: Cut) -> Mapping[int, str]:
    whole = "".join(piece for piece in found.pieces if isinstance(piece, str))
    whole += "".join(part if isinstance(part, str) else part.text for one in found.segments for part in one.parts)
    return {int(one[2]): one[1] for one in re.finditer("([\\w-]+)=\ue000(\\d+)\ue001", whole)}


def _line_of(found: Cut, number: int) -> int:
    at = found.passage.text.find(found.hidden.texts[number])
    return found.passage.text.count("\n", 0, max(at, 0))


def _is_pipe_table(text: str) -> bool:
    lines = text.split("\n")
    return len(lines) > 1 and any(shapes.PIPE_DASHES.match(line) and "|" in line for line in lines[:2])


def _cut_drawn(found: Cut, depth: int) -> bool:
    """Cuts a drawn table cell by cell; false if it is none."""
    from impressum.translation.handoff.tables import read_grid

    if (drawn := read_grid(found.passage.text)) is None:
        return False
    found.drawn = drawn
    for cell in drawn.cells:
        line = found.passage.line + cell.top
        inner = Cut(Passage("paragraph", cell.text, line, line + cell.text.count("\n")))
        _cut_held(inner, cell.text, [""] * (cell.text.count("\n") + 1), depth)
        found.cells.append(inner)
        found.segments += inner.segments
        found.whole = found.whole or inner.whole
    return True


class _LineCutter:
    """Reads a passage line by line: markup at the beginning is kept, the words become segments."""

    def __init__(self, found: Cut) -> None:
        self.found = found
        self.kind = found.passage.kind
        self.words: list[str] = []
        self.leads: list[str] = []
        """The text before the words of each line but the first."""
        self.line = 0

    def read(self, text: str) -> None:
        in_table = self.kind == "table"
        for number, line in enumerate(text.split("\n")):
            if number and not self.words:
                self.found.pieces.append("\n")
            if in_table:
                self._row(line, number)
            elif not line.strip() or (self.kind == "heading" and number):
                self._close_line()
                self.found.pieces.append(line)
            else:
                self._line(line, number)
        self._close()

    def _line(self, line: str, number: int) -> None:
        if self.words and not (self.kind == "verse" and shapes.VERSE.match(line)):
            indent = line[: len(line) - len(line.lstrip())]
            self.leads.append(indent)
            self.words.append(line[len(indent) :])
            return
        self._close_line()
        start = _STARTS.get(self.kind, "") if not number or self.kind == "verse" else ""
        lead = re.match(rf"[ \t]*(?:{start})?", line)
        assert lead
        self.found.pieces.append(lead.group())
        self.words, self.leads, self.line = [line[lead.end() :]], [], number

    def _row(self, line: str, number: int) -> None:
        """A row of a pipe table, cell by cell."""
        from impressum.translation.handoff.tables import cells_of

        if shapes.PIPE_DASHES.match(line):
            self.found.pieces.append(line)
            return
        for column, text in enumerate(cells_of(line)):
            if column:
                self.found.pieces.append("|")
            core = text.strip()
            before = text[: len(text) - len(text.lstrip())]
            if core:
                self.found.pieces.append(before)
                self._segment(core, number, Setting(cell=True), what="cell")
                self.found.pieces.append(text[len(before) + len(core) :])
            else:
                self.found.pieces.append(text)

    def _close_line(self) -> None:
        """Ends the current segment and its line, if there is one."""
        if self.words:
            self._close()
            self.found.pieces.append("\n")

    def _close(self) -> None:
        if not self.words:
            return
        text = "\n".join(self.words)
        self.words = []
        suffix = _SUFFIX.search(text) if self.kind in ("heading", "caption") else re.search(r"\s+$", text)
        core = text[: suffix.start()] if suffix else text
        self._segment(core, self.line, Setting(), leads=tuple(self.leads))
        self.found.pieces.append(text[len(core) :])

    def _segment(self, core: str, line: int, setting: Setting, *, what: str = "", leads: tuple[str, ...] = ()) -> None:
        opens, parts, closes = read_inner(core, self.found.hidden)
        if not has_words(parts):
            first, *others = core.split("\n")
            self.found.pieces += [first, *(f"\n{lead}{rest}" for lead, rest in zip(leads, others, strict=False))]
            return
        inner = core[len(opens) : len(core) - len(closes)]
        markdown = self.found.hidden.shown(inner)
        setting = Setting(setting.cell, setting.attribute, at_start=not opens)
        at = self.found.passage.line + line
        continuation = leads[0] if leads else ""
        number = self.found.add(Segment(parts, markdown, at, what, setting, _is_by_sentence(core), continuation))
        self.found.pieces += [opens.replace("\n", f"\n{continuation}"), number, closes]


def _is_by_sentence(text: str) -> bool:
    """Whether each of several lines ends where a sentence ends; what knows sentences is loaded where there are any."""
    if "\n" not in text:
        return False
    from impressum.translation.handoff.segments import is_by_sentence

    return is_by_sentence(text)
