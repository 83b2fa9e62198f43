"""Where the passages of a chapter begin and end: its lines, cut as pandoc's Markdown would read them."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, NamedTuple

from impressum.translation import shapes
from impressum.translation.shapes import indent, width

Kind = Literal[
    "front",  # a line `---` of the front matter, or a key of it with its value
    "heading",
    "paragraph",
    "item",  # of a list, with all that is indented below it; an item within an item is one of its own
    "quote",
    "code",
    "fence",  # a line `:::` that opens a division (with its title) or closes it
    "table",
    "caption",  # of the table before or after it
    "figure",  # an image alone, or a table from data
    "formula",
    "verse",
    "term",
    "definition",
    "note",  # the text of a note, with all that is indented below it
    "link",  # the address of a link
    "statement",  # `{% … %}` alone on its lines
    "comment",
    "rule",  # `* * *`
]


class Cut(NamedTuple):
    """A passage by the indexes of its first line and of the line after its last."""

    kind: Kind
    at: int
    end: int


class Cutter:
    """Walks over the lines once, from passage to passage."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.list_column = 0
        """Where all is indented to that goes on with the outermost open item of a list; 0 outside of lists."""
        self.divisions = 0
        self.never_closed: dict[str, tuple[int, int]] = {}
        """Marks that nothing closes: from which length on, and before which line (so that none is sought twice)."""

    def cut(self, *, front: bool) -> list[Cut]:
        """Everything that is written, in order; with the front matter, where there may be any."""
        found = self._front() if front else []
        at = found[-1].end if found else 0
        while at < len(self.lines):
            if not self.lines[at].strip():
                at += 1
                continue
            kind, end = self._block(at, found[-1].kind if found else None)
            found.append(Cut(kind, at, end))
            at = end
        return found

    def _front(self) -> list[Cut]:
        """The front matter, key by key; nothing where it is missing or not closed."""
        lines = self.lines
        if lines[0].rstrip() != "---":
            return []
        last = next((index for index, line in enumerate(lines) if index and line.rstrip() == "---"), None)
        if last is None:
            return []
        begins = [index for index in range(1, last) if index == 1 or shapes.KEY.match(lines[index])]
        found = [Cut("front", 0, 1)]
        for at, end in pairwise([*begins, last]):
            written = [index for index in range(at, end) if lines[index].strip()]
            if written:
                found.append(Cut("front", written[0], written[-1] + 1))
        return [*found, Cut("front", last, last + 1)]

    def _block(self, at: int, before: Kind | None) -> tuple[Kind, int]:
        """The kind of the passage that begins at the line `at`, and the index after its last line."""
        line = self.lines[at]
        item = shapes.is_item(line) and (self.list_column or indent(line) < 4)
        if not item and indent(line) < self.list_column:
            self.list_column = 0
        code = self._code_end(at)
        if code:
            return "code", code
        aside = self._aside_end(at)
        if aside:
            return aside
        if item:
            return "item", self._item_end(at)
        if not self.list_column and indent(line) >= 4:
            return "code", self._indented_end(at, 4, lazy=False)
        division = self._division_end(at)
        if division:
            return "fence", division
        return self._known_at_once(at) or self._held_together(at, before) or self._paragraph(at)

    def _known_at_once(self, at: int) -> tuple[Kind, int] | None:
        """A heading, a table, a rule: what its first two lines tell."""
        line, below = self.lines[at], self._line(at + 1)
        if shapes.HEADING.match(line):
            return "heading", at + 1
        if shapes.UNDERLINE.match(below) and not shapes.ALL_DASHES.match(line):
            return "heading", at + 2
        table = shapes.table_end(self.lines, at)
        if table:
            return "table", table
        return ("rule", at + 1) if shapes.RULE.match(line) else None

    def _held_together(self, at: int, before: Kind | None) -> tuple[Kind, int] | None:
        """What its first sign tells: verse, a quotation, a caption, a definition, a note, a link, a term."""
        line = self.lines[at]
        if shapes.VERSE.match(line):
            return "verse", self._verse_end(at)
        if shapes.QUOTE.match(line):
            return "quote", self._paragraph_end(at)
        if shapes.CAPTION.match(line) and (before == "table" or self._table_follows(at)):
            return "caption", self._paragraph_end(at)
        definition = shapes.DEFINITION.match(line)
        if definition and before in ("term", "definition"):
            return "definition", self._indented_end(at, min(width(definition["lead"]), 4), lazy=True)
        if shapes.NOTE.match(line):
            return "note", self._indented_end(at, 4, lazy=True)
        if shapes.LINK.match(line):
            return "link", self._link_end(at)
        return ("term", at + 1) if self._definition_follows(at) else None

    def _paragraph(self, at: int) -> tuple[Kind, int]:
        end = self._paragraph_end(at)
        text = "\n".join(self.lines[at:end])
        if shapes.is_figure(text):
            return "figure", end
        return ("formula" if shapes.is_formula(text) else "paragraph"), end

    def _paragraph_end(self, at: int) -> int:
        """The index after the paragraph that begins at `at`; a comment in it may hold empty lines."""
        index, in_comment = at, False
        while index < len(self.lines):
            line = self.lines[index]
            if index > at and not in_comment and (not line.strip() or self._ends_paragraph(index)):
                break
            opened, closed = line.rfind("<!--"), line.rfind("-->")
            if opened > closed and line.count("`", 0, opened) % 2 == 0:
                in_comment = self._line_with("-->", index + 1) is not None
            elif closed >= 0:
                in_comment = False
            index += 1
        return index

    def _ends_paragraph(self, at: int) -> bool:
        """Whether the line `at` ends a paragraph, although no empty line stands before it."""
        line = self.lines[at]
        if shapes.STATEMENT.match(line) or (self.divisions and shapes.DIVISION_END.match(line)):
            return True
        return line.lstrip().startswith("```") and self._code_end(at) is not None

    def _code_end(self, at: int) -> int | None:
        """The index after the fenced code that begins at `at`; in a list it stays as far in as the item."""
        line = self.lines[at]
        opened = shapes.FENCE.match(line)
        inside = self.list_column if indent(line) >= self.list_column else 0
        if opened is None or (not inside and indent(line) >= 4):
            return None
        mark = opened["mark"]
        if self._is_never_closed(mark[0], len(mark), at):
            return None
        for index in range(at + 1, len(self.lines)):
            words = self.lines[index].strip()
            if inside and words and indent(self.lines[index]) < inside:
                self.never_closed[mark[0]] = len(mark), index
                return None
            if len(words) >= len(mark) and not words.strip(mark[0]):
                return index + 1
        self.never_closed[mark[0]] = len(mark), len(self.lines)
        return None

    def _is_never_closed(self, mark: str, length: int, at: int) -> bool:
        least, before = self.never_closed.get(mark, (0, 0))
        return length >= least and at < before

    def _aside_end(self, at: int) -> tuple[Kind, int] | None:
        """A comment, or tags of Jinja, with nothing else on their lines."""
        words = self.lines[at].strip()
        mark = next((mark for mark in shapes.ASIDES if words.startswith(mark)), "")
        if not mark:
            return None
        kind: Kind = "statement" if mark == "{%" else "comment"
        if kind == "statement" and shapes.STATEMENT.match(words):
            return kind, at + 1
        closing = shapes.ASIDES[mark]
        end = self._line_with(closing, at)
        if end is None or self.lines[end].partition(closing)[2].strip():
            return None
        return kind, end + 1

    def _item_end(self, at: int) -> int:
        """The index after an item and all that is indented below it, but for the items in it."""
        lead = shapes.ITEM.match(self.lines[at])
        assert lead
        if not self.list_column or indent(self.lines[at]) < self.list_column:
            self.list_column = shapes.item_column(lead["lead"])
        index = at + 1
        while index < len(self.lines):
            written = self._written(index)
            if written is None or (written > index and indent(self.lines[written]) < self.list_column):
                return index
            line = self.lines[written]
            if shapes.is_item(line) or shapes.STATEMENT.match(line):
                return index
            outside = indent(line) < self.list_column
            code = self._code_end(written)
            if outside and (code or self._ends_paragraph(written)):
                return index
            index = code or written + 1
        return index

    def _division_end(self, at: int) -> int | None:
        """The index after a line that opens or closes a division; what it says of it may go on over lines."""
        line, end = self.lines[at], at + 1
        if not line.lstrip().startswith(":::"):
            return None
        while not (found := shapes.DIVISION.fullmatch("\n".join(self.lines[at:end]))):
            if "{" not in line or end - at == shapes.LONGEST_FENCE or not self._line(end).strip():
                return None
            end += 1
        self.divisions = self.divisions + 1 if found["opens"] else max(self.divisions - 1, 0)
        return end

    def _indented_end(self, at: int, column: int, *, lazy: bool) -> int:
        """The index after the block at `at` and all that is indented to `column` below it, over empty lines.

        `lazy`: a line that follows at once needs no indent, as in a note or a definition.
        """
        end = index = at + 1
        while index < len(self.lines):
            line = self.lines[index]
            if line.strip():
                if indent(line) < column and not (lazy and index == end and not self._begins_anew(index)):
                    break
                end = index + 1
            index += 1
        return end

    def _begins_anew(self, at: int) -> bool:
        """Whether the line `at` begins another note or definition, or ends what stands before it."""
        line = self.lines[at]
        return bool(shapes.NOTE.match(line) or shapes.DEFINITION.match(line)) or self._ends_paragraph(at)

    def _verse_end(self, at: int) -> int:
        index = at + 1
        while self._line(index).strip() and (shapes.VERSE.match(self.lines[index]) or indent(self.lines[index])):
            index += 1
        return index

    def _link_end(self, at: int) -> int:
        index = at + 1
        while self._line(index).strip() and indent(self.lines[index]):
            index += 1
        return index

    def _definition_follows(self, at: int) -> bool:
        """Whether the line `at` is a term: its definition stands below it, at once or after one empty line."""
        below = at + 1 if self._line(at + 1).strip() else at + 2
        return bool(shapes.DEFINITION.match(self._line(below))) and not self._table_follows(below)

    def _table_follows(self, at: int) -> bool:
        """Whether the caption that begins at `at` stands before a table."""
        if not shapes.CAPTION.match(self.lines[at]):
            return False
        table = self._written(self._paragraph_end(at))
        return table is not None and shapes.table_end(self.lines, table) is not None

    def _line(self, at: int) -> str:
        return self.lines[at] if at < len(self.lines) else ""

    def _written(self, at: int) -> int | None:
        """The index of the first line from `at` on that is not empty."""
        return next((index for index in range(at, len(self.lines)) if self.lines[index].strip()), None)

    def _line_with(self, mark: str, at: int) -> int | None:
        """The index of the first line from `at` on that holds `mark`."""
        if self._is_never_closed(mark, len(mark), at):
            return None
        found = next((index for index in range(at, len(self.lines)) if mark in self.lines[index]), None)
        if found is None:
            self.never_closed[mark] = len(mark), len(self.lines)
        return found
