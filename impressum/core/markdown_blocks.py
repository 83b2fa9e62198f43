"""The blocks of a Markdown text with their lines, read as pandoc reads them: the one scanner that everybody uses.

It needs nothing but the text, and takes no front matter off. What holds blocks (an item, a quotation, a note, a
definition, a division) is read again without the prefix of its lines, as pandoc does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from impressum.core import markdown_lines as shapes
from impressum.core.markdown_lines import indent

Kind = Literal[
    "heading",
    "paragraph",
    "item",  # of a list, with all that belongs to it; an item within an item stands within it
    "quote",
    "code",  # between fences, or indented
    "division",  # from its `:::` to the `:::` that closes it, or to the end of its container
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
NO_COLUMN = 1000
LONGEST_SPAN = 100
"""Lines of a paragraph among which the end of code or of a formula is looked for."""
DEEPEST = 16
"""Levels of blocks within blocks; what lies deeper is not read."""


class Block(NamedTuple):
    """A block: index of its first line and of that after its last; `lead` counts the opening lines of fenced code."""

    kind: Kind
    at: int
    end: int
    within: tuple[Block, ...] = ()
    lead: int = 0


def scan(lines: list[str]) -> tuple[Block, ...]:
    """The blocks of the text of these `lines`, in order; every line that is not empty belongs to one of them."""
    return _Scanner([line.expandtabs(4) for line in lines], 0, 0, in_list=False, divisions=0).scan()


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """`blocks` and those within them, in order, each before the ones that it holds."""
    for block in blocks:
        yield block
        yield from walk(block.within)


def front_end(lines: list[str]) -> int | None:
    """The number of lines of the front matter, with its marks: 0 where there is none, None where it is not closed."""
    if lines[0].rstrip() != "---":
        return 0
    return next((number for number, line in enumerate(lines[1:], 2) if line.rstrip() == "---"), None)


class _Scanner:
    """Walks once over `lines`, which begin at the line `base` of the text, without the prefix of their container."""

    def __init__(self, lines: list[str], base: int, depth: int, *, in_list: bool, divisions: int) -> None:
        self.lines = lines
        self.base = base
        self.depth = depth
        self.in_list = in_list
        self.divisions = divisions
        self.never_closed: dict[str, tuple[int, int]] = {}
        """Marks that nothing closes: from which length on, and before which line (so that none is sought twice)."""

    def scan(self) -> tuple[Block, ...]:
        """The blocks of the lines."""
        found: list[Block] = []
        outside = self.divisions
        opened: list[list[Block]] = []
        """For each open division, the blocks before it."""
        at = 0
        while at < len(self.lines):
            if not self.lines[at].strip():
                at += 1
                continue
            block = self._block(at, found[-1].kind if found else None)
            closes = bool(shapes.DIVISION_END.match(self.lines[at]))
            at = block.end - self.base
            if block.kind == "fence" and not closes:
                self.divisions += 1
                if len(opened) < DEEPEST:
                    opened.append(found)
                    found = []
            found.append(block)
            if block.kind == "fence" and closes and self.divisions > outside:
                self.divisions -= 1
                if self.divisions - outside < len(opened):
                    found = _closed(found, opened)
        while opened:
            found = _closed(found, opened)
        return tuple(found)

    def _block(self, at: int, before: Kind | None) -> Block:
        """The block that begins at the line `at`, behind one of the kind `before`."""
        line = self.lines[at]
        definition = shapes.DEFINITION.match(line) if before in ("term", "definition") else None
        if definition:
            return self._item("definition", at, definition["lead"])
        item = shapes.ITEM.match(line) if shapes.is_item(line) else None
        sooner = item and (before == "item" or item["lead"].strip() in shapes.BULLETS)
        return (
            self._fenced(at)
            or self._aside(at)
            or (self._item("item", at, item["lead"]) if item and sooner else None)
            or self._division(at)
            or self._known_at_once(at)
            or (self._item("item", at, item["lead"]) if item else None)
            or self._held_together(at, before)
            or self._paragraph(at)
        )

    def _made(self, kind: Kind, at: int, end: int, inner: list[str] | None = None, *, in_list: bool = False) -> Block:
        """A block, with what its lines `inner` hold."""
        within: tuple[Block, ...] = ()
        if inner and self.depth < DEEPEST:
            in_list = in_list or self.in_list
            scanner = _Scanner(inner, self.base + at, self.depth + 1, in_list=in_list, divisions=self.divisions)
            within = scanner.scan()
        return Block(kind, self.base + at, self.base + end, within)

    def _known_at_once(self, at: int) -> Block | None:
        """A heading, a table, indented code, a rule: known by its first two lines."""
        line, below = self.lines[at], self._line(at + 1)
        if shapes.HEADING.match(line):
            return self._made("heading", at, at + 1)
        if shapes.UNDERLINE.match(below) and not shapes.ALL_DASHES.match(line):
            return self._made("heading", at, at + 2)
        table = shapes.table_end(self.lines, at)
        if table:
            return self._made("table", at, table)
        if indent(line) >= 4 and not self._is_template(at):
            return self._made("code", at, self._indented_end(at))
        return self._made("rule", at, at + 1) if shapes.RULE.match(line) else None

    def _held_together(self, at: int, before: Kind | None) -> Block | None:
        """A block recognised by its first sign: verse, a quotation, a caption, a definition, a note, a link, a term."""
        line = self.lines[at]
        if shapes.VERSE.match(line):
            return self._made("verse", at, self._run_end(at, shapes.VERSE))
        if shapes.QUOTE.match(line):
            return self._quote(at)
        if shapes.CAPTION.match(line) and (before == "table" or self._table_follows(at)):
            return self._made("caption", at, self._paragraph_end(at))
        below = at + 1 if self._line(at + 1).strip() else at + 2  # a definition, directly or after one empty line
        if shapes.DEFINITION.match(self._line(below)) and not self._table_follows(below):
            return self._made("term", at, at + 1)
        note = shapes.NOTE.match(line)
        if note:
            return self._note(at, note.end())
        return self._made("link", at, self._run_end(at)) if shapes.LINK.match(line) else None

    def _paragraph(self, at: int) -> Block:
        end = self._paragraph_end(at)
        text = "\n".join(self.lines[at:end])
        kind: Kind = "figure" if shapes.is_figure(text) else "formula" if shapes.is_formula(text) else "paragraph"
        return self._made(kind, at, end)

    def _paragraph_end(self, at: int) -> int:
        """The index after the paragraph that begins at `at`; a comment in it may hold empty lines."""
        index, in_comment = at, False
        spanned: frozenset[int] | None = None
        while index < len(self.lines):
            line = self.lines[index]
            if index > at and not in_comment and not line.strip():
                break
            if index > at and not in_comment and self._ends_paragraph(index):
                if spanned is None:
                    spanned = shapes.within_spans(self.lines[at : min(self._empty(index), index + LONGEST_SPAN)])
                if index - at not in spanned:
                    break
            opened, closed = line.rfind("<!--"), line.rfind("-->")
            if opened > closed and line.count("`", 0, opened) % 2 == 0:
                in_comment = self._line_with("-->", index + 1) is not None
            elif closed >= 0:
                in_comment = False
            index += 1
        return index

    def _ends_paragraph(self, at: int) -> bool:
        """Whether the line `at` ends a paragraph, without an empty line before it."""
        line = self.lines[at]
        if self._closes(at) or (self.in_list and shapes.is_item(line)):
            return True
        return line.startswith("```") and self._fenced(at) is not None

    def _closes(self, at: int, column: int = NO_COLUMN) -> bool:
        """Whether the line `at` ends what is open: a tag of Jinja before the `column`, or the end of a division."""
        line = self.lines[at]
        if shapes.STATEMENT.match(line):
            return indent(line) < column
        return self.divisions > 0 and bool(shapes.DIVISION_END.match(line))

    def _fenced(self, at: int) -> Block | None:
        """The fenced code that begins at `at`."""
        if self.lines[at].lstrip()[:1] not in ("`", "~"):
            return None
        opened = self._over_lines(shapes.FENCE, at)
        if opened is None:
            return None
        found, begin = opened
        mark = found["mark"]
        if self._is_never_closed(mark[0], len(mark), at):
            return None
        for index in range(begin, len(self.lines)):
            words = self.lines[index].strip()
            if len(words) >= len(mark) and not words.strip(mark[0]) and indent(self.lines[index]) < 4:
                return Block("code", self.base + at, self.base + index + 1, (), begin - at)
        self.never_closed[mark[0]] = len(mark), len(self.lines)
        return None

    def _is_never_closed(self, mark: str, length: int, at: int) -> bool:
        least, before = self.never_closed.get(mark, (0, 0))
        return length >= least and at < before

    def _aside(self, at: int) -> Block | None:
        """A comment, or tags of Jinja, with nothing else on their lines."""
        words = self.lines[at].strip()
        mark = next((mark for mark in shapes.ASIDES if words.startswith(mark)), "")
        if not mark or indent(self.lines[at]) >= 4:
            return None
        kind: Kind = "statement" if mark == "{%" else "comment"
        if shapes.STATEMENT.match(words):
            return self._made(kind, at, at + 1)
        closing = shapes.ASIDES[mark]
        end = self._line_with(closing, at)
        if end is None or not shapes.COMMENTS.fullmatch(self.lines[end].partition(closing)[2]):
            return None
        return self._made(kind, at, end + 1)

    def _item(self, kind: Kind, at: int, lead: str) -> Block:
        """An item or a definition: what follows at once, and what is indented as far as its text behind `lead`."""
        column = shapes.item_column(lead)
        inner = [self.lines[at][column:]]
        index = at + 1
        while not self._ends_item(index) and not self._fenced(index):
            if indent(self.lines[index]) >= column and shapes.is_item(self.lines[index].lstrip()):
                break
            inner.append(self._further(index, column))
            index += 1
        while (written := self._written(index)) is not None and not self._closes(written, column):
            if indent(self.lines[written]) < column:
                break
            inner += [""] * (written - index)
            index = written
            while index == written or not self._ends_item(index, column):
                inner.append(self._further(index, column))
                index += 1
        return self._made(kind, at, at + len(inner), inner, in_list=True)

    def _ends_item(self, at: int, column: int = NO_COLUMN) -> bool:
        """Whether the line `at` does not go on with an item, whose text begins at `column`."""
        line = self._line(at)
        anew = indent(line) < column and (shapes.is_item(line) or shapes.DEFINITION.match(line))
        return not line.strip() or bool(anew) or self._closes(at, column)

    def _further(self, at: int, column: int) -> str:
        """The line `at` without an indent of `column`, where it has that."""
        line = self._line(at)
        return line[column:] if indent(line) >= column else line

    def _quote(self, at: int) -> Block:
        inner: list[str] = []
        for line in self.lines[at:]:
            mark = shapes.QUOTE.match(line)
            if not mark and (not line.strip() or self._ends_paragraph(at + len(inner))):
                break
            inner.append(line[mark.end() :] if mark else line.lstrip())
        return self._made("quote", at, at + len(inner), inner)

    def _note(self, at: int, lead: int) -> Block:
        """A note: the lines that follow directly, and the indented ones."""
        inner = [self.lines[at][lead:]]
        index = at + 1
        while (written := self._written(index)) is not None:
            line = self.lines[written]
            if self._closes(written, 4) or (indent(line) < 4 and (written > index or shapes.NOTE_MARK.match(line))):
                break
            inner += [*[""] * (written - index), self._further(written, 4)]
            index = written + 1
        return self._made("note", at, index, inner)

    def _division(self, at: int) -> Block | None:
        """A line that opens or closes a division; what it says may go on over lines."""
        opened = self._over_lines(shapes.DIVISION, at) if self.lines[at].lstrip().startswith(":::") else None
        return self._made("fence", at, opened[1]) if opened else None

    def _over_lines(self, shape: re.Pattern[str], at: int) -> tuple[re.Match[str], int] | None:
        """How the line `at` is of this `shape`, with lines below it where it has attributes; the index after it."""
        end = at + 1
        while not (found := shape.fullmatch("\n".join(self.lines[at:end]))):
            if "{" not in self.lines[at] or end - at == shapes.LONGEST_FENCE or not self._line(end).strip():
                return None
            end += 1
        return found, end

    def _indented_end(self, at: int) -> int:
        """The index after the indented code that begins at `at`; it may hold empty lines."""
        end = index = at + 1
        while index < len(self.lines) and (indent(self.lines[index]) >= 4 or not self.lines[index].strip()):
            index += 1
            end = index if self.lines[index - 1].strip() else end
        return end

    def _is_template(self, at: int) -> bool:
        """Whether tags of Jinja surround the indented line `at`: templates are indented, too."""
        index = at
        while indent(self._line(index)) >= 4 and "{%" not in self.lines[index]:
            index += 1
        return "{%" in self._line(index) or (at > 0 and "{%" in self.lines[at - 1])

    def _run_end(self, at: int, *shape: re.Pattern[str]) -> int:
        """The index after the line `at` and those below it that are indented, or of the `shape`."""
        index = at + 1
        while self._line(index).strip() and (
            indent(self.lines[index]) or any(one.match(self.lines[index]) for one in shape)
        ):
            index += 1
        return index

    def _table_follows(self, at: int) -> bool:
        """Whether the caption that begins at `at` precedes a table."""
        if not shapes.CAPTION.match(self.lines[at]):
            return False
        table = self._written(self._paragraph_end(at))
        return table is not None and shapes.table_end(self.lines, table) is not None

    def _line(self, at: int) -> str:
        return self.lines[at] if at < len(self.lines) else ""

    def _empty(self, at: int) -> int:
        """The index of the first line from `at` on that is empty."""
        return next((index for index in range(at, len(self.lines)) if not self.lines[index].strip()), len(self.lines))

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


def _closed(within: list[Block], opened: list[list[Block]]) -> list[Block]:
    """The blocks before the innermost division of `opened`, and that division, which holds the blocks `within`."""
    before = opened.pop()
    before.append(Block("division", within[0].at, within[-1].end, tuple(within)))
    return before
