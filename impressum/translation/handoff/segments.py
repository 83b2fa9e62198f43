"""A passage as its segments: the words that are translated, without the signs of Markdown that stand around them.

What is between segments (marks of lists, the lines of a table, ids, code) is kept letter by letter. `cutting.cut` takes
a passage apart; `Cut.put` puts other words into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from impressum.translation.handoff.hiding import Hidden
from impressum.translation.handoff.markup import Part, Parts, Setting
from impressum.translation.passages import Passage

if TYPE_CHECKING:
    from impressum.translation.handoff.containers import Held
    from impressum.translation.handoff.grid import Grid


WITHIN_LINES = Setting()


class Segment(NamedTuple):
    """Words to translate. `markdown` is them as they stand in the file, `what` the attribute that they are of."""

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
    """Which segment is the text of which hidden attribute."""
    drawn: Grid | None = None
    cells: list[Cut] = field(default_factory=list)
    """Those of the drawn table `drawn`."""
    held: list[tuple[Held, Cut]] = field(default_factory=list)
    """What stands in a quotation, an item, a note: passages again."""
    whole: bool = False
    """A table that cannot be taken apart, though there are words in it."""

    def hidden_of(self, number: int) -> Hidden:
        """What is hidden in the segment of this number."""
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
        from impressum.translation.handoff.pipes import tidied

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
        from impressum.translation.handoff.grid import Filled

        new: dict[int, Filled] = {}
        for number, cell in enumerate(self.cells):
            count = len(cell.segments)
            if count:
                flows = len(cell.held) == 1 and cell.held[0][1].passage.kind == "paragraph"
                new[number] = Filled(cell.put(words[:count]), flows)
            words = words[count:]
        return drawn.put(new)

    def text_of(self, segment: Segment, parts: Sequence[Part]) -> str:
        """The Markdown of a segment that says `parts`, with hidden things still hidden."""
        from impressum.translation.handoff.escaping import written
        from impressum.translation.handoff.plain_words import plain, quoted
        from impressum.translation.handoff.scalars import plain_scalar
        from impressum.translation.handoff.sentences import by_sentence

        if segment.what == "short-title":
            return plain_scalar(plain(parts))
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
