"""A passage as segments, the words to translate without the Markdown around them.

Text between segments (list markers, lines of tables, ids, code) is kept letter by letter. `cutting.cut` cuts a passage;
`Cut.put` puts other words into it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from impressum.core import markdown_lines as shapes
from impressum.translation.handoff.hiding import Hidden
from impressum.translation.handoff.markup import Part, Parts, Setting
from impressum.translation.passages import Passage

if TYPE_CHECKING:
    from impressum.translation.handoff.tables import Grid

WITHIN_LINES = Setting()
_SENTENCES_END = re.compile(r"[.!?…:](?:[\"”“’»)\]*_]|\[\^[^\]\s]+\])*$")
_SENTENCE = re.compile(
    r"(?P<word>[^\W\d_]+|\d+|[^\w\s])(?P<end>[.!?…])(?P<marks>[\"”“’»)\]*_]*(?:\[\^[^\]\s]+\])*) "
    r"(?=[\"„“«(*_\[]*[A-ZÀ-ÞĀ-ŽА-ЯЀ-Џ@\ue000])"
)
_NO_END = re.compile(r"[^\W\d_]|\d\d?")
_SHORTENED = frozenset(
    "abb al art bd br bzw ca cf chap dr ev fig gl hrsg jr kap mr mrs ms no npr nr prof sl sog sr st str tab tzv usw "
    "vgl vol vs čl бр др нпр проф сл стр таб тзв чл".split()
)
HOLDS = frozenset({"quote", "item", "note", "definition"})
_TASK = re.compile(r"\[[ xX]\][ \t]+")
_QUOTE = re.compile(r" {0,3}>[ ]?")
_NOTE = re.compile(rf"{shapes.NOTE.pattern}[ \t]*")


class Segment(NamedTuple):
    """Words to translate. `markdown`: as in the file; `what`: the attribute that they are from."""

    parts: Parts
    markdown: str
    line: int
    what: str = ""
    setting: Setting = WITHIN_LINES
    by_sentence: bool = False
    continuation: str = ""


@dataclass
class Cut:
    """A passage taken apart: `pieces` are literal text, or the numbers of segments."""

    passage: Passage
    hidden: Hidden = field(default_factory=Hidden)
    pieces: list[str | int] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    attributes: dict[int, int] = field(default_factory=dict)
    """The numbers of segments by those of the hidden attributes whose texts they are."""
    drawn: Grid | None = None
    cells: list[Cut] = field(default_factory=list)
    """Those of the drawn table `drawn`."""
    held: list[tuple[Held, Cut]] = field(default_factory=list)
    """The passages within a quotation, an item, a note."""
    whole: bool = False
    """A table that cannot be taken apart, though there are words in it."""

    def hidden_of(self, number: int) -> Hidden:
        """The hidden texts of the segment of this number."""
        for taken in (*self.cells, *(inner for _, inner in self.held)):
            if number < len(taken.segments):
                return taken.hidden_of(number)
            number -= len(taken.segments)
        return self.hidden

    def put(self, words: Sequence[Sequence[Part]]) -> str:
        """The passage with these words and tags in place of those of its segments, one after the other."""
        if self.drawn:
            return self._put_cells(self.drawn, words)
        if self.held:
            return self._put_held(words)
        texts = [self.text_of(segment, parts) for segment, parts in zip(self.segments, words, strict=True)]
        whole = self._whole(texts)
        if self.passage.kind != "table":
            return whole
        from impressum.translation.handoff.tables import tidied

        return tidied(whole, self.passage.text)

    def _put_held(self, words: Sequence[Sequence[Part]]) -> str:
        lines, done = self.passage.text.split("\n"), 0
        parts: list[str] = []
        for held, inner in self.held:
            count = len(inner.segments)
            parts += [*lines[done : held.start], held.closed(inner.put(words[:count]))]
            words, done = words[count:], held.start + len(held.leads)
        return "\n".join([*parts, *lines[done:]])

    def _put_cells(self, drawn: Grid, words: Sequence[Sequence[Part]]) -> str:
        from impressum.translation.handoff.tables import Filled

        new: dict[int, Filled] = {}
        for number, cell in enumerate(self.cells):
            if count := len(cell.segments):
                flows = len(cell.held) == 1 and cell.held[0][1].passage.kind == "paragraph"
                new[number] = Filled(cell.put(words[:count]), flows)
            words = words[count:]
        return drawn.put(new)

    def text_of(self, segment: Segment, parts: Sequence[Part]) -> str:
        """The Markdown of a segment that says `parts`, with hidden things still hidden."""
        from impressum.translation.handoff.escaping import plain, quoted, written

        if segment.what == "short-title":
            from impressum.translation.edition_file import written as as_yaml

            return as_yaml(plain(parts))
        if segment.setting.attribute:
            return quoted(parts)
        text = written(parts, segment.setting)
        if segment.by_sentence:
            text = by_sentence(text)
        return text.replace("\n", f"\n{segment.continuation}")

    def _whole(self, texts: Sequence[str]) -> str:
        hidden = Hidden(list(self.hidden.texts), list(self.hidden.kinds))
        for number, segment in self.attributes.items():
            hidden.texts[number] = texts[segment]
        return hidden.shown("".join(piece if isinstance(piece, str) else texts[piece] for piece in self.pieces))

    def add(self, segment: Segment) -> int:
        """Notes a segment; gives its number."""
        self.segments.append(segment)
        return len(self.segments) - 1


def is_by_sentence(text: str) -> bool:
    """Whether each line of `text`, which has several, ends where a sentence ends."""
    lines = text.split("\n")
    return len(lines) > 1 and all(_SENTENCES_END.search(line) for line in lines[:-1])


def by_sentence(text: str) -> str:
    """`text` with a line for each sentence."""
    return _SENTENCE.sub(_line_after, text)


def _line_after(found: re.Match[str]) -> str:
    """The end of a sentence with a line end for its space; that of a shortened word or an ordinal as it is."""
    word = found["word"]
    short = found["end"] == "." and (_NO_END.fullmatch(word) or word.lower() in _SHORTENED)
    return found.group() if short else found.group()[:-1] + "\n"


def scalar(value: str) -> str | None:
    """The words of the YAML scalar `value` on one line, or None where it is of another form."""
    import yaml

    try:
        node = yaml.compose(value, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    if not isinstance(node, yaml.ScalarNode) or "\n" in value.rstrip() or node.style in ("|", ">"):
        return None
    return str(node.value)


class Held(NamedTuple):
    """A passage within another: its first line there, from 0, and the text before each of its lines."""

    start: int
    leads: tuple[str, ...]

    def closed(self, text: str) -> str:
        """`text` as in the other passage."""
        lines = text.split("\n")
        is_as_long = len(lines) == len(self.leads)
        leads = self.leads if is_as_long else (self.leads[0], *[self._further()] * (len(lines) - 1))
        return "\n".join(f"{lead}{line}" for lead, line in zip(leads, lines, strict=True))

    def _further(self) -> str:
        """The text before additional lines."""
        if len(self.leads) > 1:
            return self.leads[1]
        first = self.leads[0]
        return first if first.lstrip().startswith(">") else " " * shapes.width(first)


def opened(passage: Passage) -> tuple[str, list[str]]:
    """The content of `passage`, and what was removed from the beginning of each line."""
    lines = passage.text.split("\n")
    if passage.kind == "quote":
        leads = [found.group() if (found := _QUOTE.match(line)) else "" for line in lines]
    else:
        lead = _lead(passage.kind, lines[0])
        room = 4 if passage.kind == "note" else shapes.width(lead)
        leads = [lead, *(_indent(line, room) for line in lines[1:])]
    return "\n".join(line[len(lead) :] for lead, line in zip(leads, lines, strict=True)), leads


def _lead(kind: str, line: str) -> str:
    if kind == "note":
        note = _NOTE.match(line)
        return note.group() if note else ""
    pattern = shapes.ITEM if kind == "item" else shapes.DEFINITION
    found = pattern.match(line)
    lead = found["lead"] if found else ""
    task = _TASK.match(line, len(lead)) if kind == "item" else None
    return line[: task.end()] if task else lead


def _indent(line: str, room: int) -> str:
    """The white space that `line` begins with, up to `room` columns."""
    taken = ""
    for letter in line:
        if letter not in " \t" or shapes.width(taken + letter) > room:
            break
        taken += letter
    return taken
