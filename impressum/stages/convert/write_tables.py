"""Writes tables as Typst, with what each column needs: numbers, its share of the width, words that may not break."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Literal

from impressum.core.model import document as d
from impressum.core.numbers import number_form
from impressum.stages.convert.output import Output, write
from impressum.stages.convert.typst import boolean, string
from impressum.stages.convert.write_blocks import blocks, has_notes
from impressum.stages.convert.write_figures import foot_of_page, list_caption, no_notes_on_own_page, stands_free
from impressum.stages.convert.write_inlines import below, inlines, line

Kind = Literal["numbers", "words"]
BLANKS = frozenset(
    {"", "–", "—", "-", "−", "..", "...", "…", "•", "n/a", "n. a.", "n.a.", "N/A", "k. A.", "n.d.", "n. d.", "×", "x"}
)
"""Texts for a missing number in a column of numbers."""
BEFORE = r"(?P<before>[-−–+±≈~<>≤≥(]*\s?[$€£¥]?\s?[-−–+]?)"
BEHIND = r"(?P<unit>\)?\s?(?:%|‰|‱|°C|°|€|\$|£|¥|pp|[a-zA-Zµ²³]{1,4}\.?)?\)?)"
LONGEST_WORDS = 4
"""How many of the longest words of a column are measured; the others are shorter."""
SYLLABLES = 12
"""Letters of a word that are kept on a line at the least: longer words are divided."""
LONGEST_CODE = 24
"""Letters of a word of a block of code from which on it may be divided."""
BREAKS = re.compile(r"(?<=[-–—/\u200b])|\s+|(?<=[.?=&_#%])(?=\w)")
NO_BREAK = "\u00a0\u202f\u2060"


@write.register
def _table(node: d.Table, out: Output) -> str:
    anchor = next(out.order)
    free = stands_free(node, out)
    if node.width != "text" and not free:
        message = f"a table that is `{node.width}` is in a list, a quotation or a box"
        hint = "put it behind that block, where it has the room, or take its width away"
        out.faults.error(node.place, message, "table-width", hint)
    if node.width == "landscape":
        no_notes_on_own_page(node, out)
    caption = line(node.caption, node.place, out)
    list_caption("table", anchor, caption, out)
    kinds = columns(node, out.words)
    with out.within(repeated_head=anchor.label):
        head = _rows(node, node.head, kinds, out)
    with out.within(repeated_head=""):
        body = _rows(node, node.body, kinds, out)
    options = [
        f"columns: ({', '.join(_column_options(column) for column in kinds)},)",
        f"head: ({' '.join(f'{row},' for row in head)})",
        f"foot: {node.foot}",
        f"width: {string(node.width)}",
        f"is-small: {boolean(node.small)}",
        f"floats: {boolean(free)}",
        f"has-notes: {boolean(has_notes(node))}{foot_of_page(node, out)}",
        *below("source", node.source, node.place, out),
        *below("note", node.note, node.place, out),
    ]
    rows = "".join(f",\n  {row}" for row in body)
    start = f"{string(out.scope.key)}, {string(anchor.label)}, {string(anchor.number)}, [{caption}]"
    return f"#table-block({start}, {', '.join(options)}{rows}\n)"


def _rows(
    table: d.Table, rows: tuple[tuple[d.Cell, ...], ...], kinds: tuple[ColumnLayout, ...], out: Output
) -> list[str]:
    """The rows, written in the order in which Typst sets them: a cell over several rows comes after the last."""
    in_head = bool(out.scope.repeated_head)
    written: list[dict[int, str]] = [{} for _ in rows]
    for y, x, cell in sorted(placed(rows), key=lambda one: (one[0] + one[2].rows, one[2].rows > 1, one[0], one[1])):
        last = not in_head and y >= len(rows) - table.foot
        kind = kinds[x].kind if x < len(kinds) else "words"
        written[y][x] = _cell(x, cell, out, in_numbers=kind == "numbers" and not in_head, bold=last)
    return [f"({''.join(f'{row[x]}, ' for x in sorted(row))})" for row in written]


def _cell(x: int, cell: d.Cell, out: Output, *, in_numbers: bool, bold: bool) -> str:
    options = "" if cell.align == "default" else f", align: {cell.align}"
    options += f", rows: {cell.rows}" if cell.rows > 1 else ""
    options += f", columns: {cell.columns}" if cell.columns > 1 else ""
    options += ", bold: true" if bold or in_bold(cell) else ""
    options += ", whole-rows: true" if cell.rows > 1 and has_notes(cell) else ""
    content: tuple[d.Block, ...] = cell.content
    marks: tuple[d.Inline, ...] = ()
    number = number_of(cell, out.words) if in_numbers and cell.columns == 1 else None
    if number is not None:
        content, marks = without_marks(cell)
        options += f", whole: {string(number.whole)}, rest: {string(number.rest)}"
    with out.within(in_list=True, in_cell=True):  # nothing is left free around a list in a cell
        body = blocks(content, out)
    if marks:
        options += f", marks: [{inlines(marks, out)}]"
    return f"cell({x}, [{body}]{options})"


def _column_options(column: ColumnLayout) -> str:
    lists = ", ".join(
        f"{name}: ({''.join(f'{string(word)}, ' for word in words)})"
        for name in ("words", "pieces", "code", "head")
        for words in (getattr(column, name),)
    )
    return f"(title: {string(column.title)}, kind: {string(column.kind)}, weight: {column.weight:.4g}, {lists})"


@dataclass(frozen=True)
class SplitNumber:
    """A number in two halves: up to its decimal mark, and from it on."""

    whole: str
    rest: str


@dataclass(frozen=True)
class ColumnLayout:
    """The column `title`, with its share of the width where text must break (`weight`), its longest `words`, their
    `pieces` when hyphenated, the longest words of `code`, which are not, and the pieces of its `head`."""

    title: str
    kind: Kind
    weight: float
    words: tuple[str, ...]
    pieces: tuple[str, ...]
    code: tuple[str, ...]
    head: tuple[str, ...]


Placed = tuple[int, int, d.Cell]
"""Row, first column, cell."""


def placed(rows: tuple[tuple[d.Cell, ...], ...]) -> tuple[Placed, ...]:
    """Each cell of `rows` with the row and the column that it begins in; spans push the others on."""
    taken: set[tuple[int, int]] = set()
    found: list[Placed] = []
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            found.append((y, x, cell))
            taken.update((y + below, x + beside) for below in range(cell.rows) for beside in range(cell.columns))
            x += cell.columns
    return tuple(found)


def columns(table: d.Table, words: Mapping[str, str]) -> tuple[ColumnLayout, ...]:
    """The columns of `table`, whose numbers are written with the decimal mark and groups of `words`."""
    head, body = placed(table.head), placed(table.body)

    def own(cells: tuple[Placed, ...], index: int) -> tuple[d.Cell, ...]:
        return tuple(cell for _, x, cell in cells if x == index and cell.columns == 1)

    return tuple(
        _column(own(head, index), own(body, index), align, table.widths[index], words)
        for index, align in enumerate(table.aligns)
    )


def _column(
    head: tuple[d.Cell, ...], body: tuple[d.Cell, ...], align: d.Align, share: float | None, words: Mapping[str, str]
) -> ColumnLayout:
    texts = [d.plain(cell.content) for cell in body]
    numbers = align == "right" and all(number_of(cell, words) for cell in body) and any(_digits(one) for one in texts)
    codes = [[node for node in d.walk(cell.content) if isinstance(node, d.Code | d.CodeBlock)] for cell in body]
    lengths = [len(text) + _widest(code) for text, code in zip(texts, codes, strict=True)] or [1]
    weight = share or max(1.0, (max(lengths) * sum(lengths) / len(lengths)) ** 0.5)
    return ColumnLayout(
        shorten(" ".join(d.plain(cell.content) for cell in head), 30, placeholder="…"),
        "numbers" if numbers else "words",
        weight,
        _longest(texts, divided=False),
        _longest(texts, divided=True),
        tuple(sorted({word for code in codes for word in _code_words(code)}, key=len)[-LONGEST_WORDS:]),
        _longest([d.plain(cell.content) for cell in head], divided=True),
    )


def _widest(code: list[d.Code | d.CodeBlock]) -> int:
    """The letters of the longest line among the blocks of `code`."""
    return max(
        (len(line) for node in code if isinstance(node, d.CodeBlock) for line in node.text.split("\n")), default=0
    )


def _code_words(code: list[d.Code | d.CodeBlock]) -> Iterator[str]:
    """The words of `code` as far as they stay on one line."""
    for node in code:
        if isinstance(node, d.CodeBlock):
            yield from (word[:LONGEST_CODE] for word in node.text.split())
        else:
            yield from _pieces(node.text, divided=False)


def _digits(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _longest(texts: list[str], *, divided: bool) -> tuple[str, ...]:
    """The longest words in `texts`; `divided`: the longest pieces that hyphenation leaves of them."""
    found = {piece for text in texts for piece in _pieces(text, divided=divided)}
    return tuple(sorted(found, key=lambda piece: (-len(piece), piece))[:LONGEST_WORDS])


def _pieces(text: str, *, divided: bool) -> Iterator[str]:
    for piece in BREAKS.split(re.sub(f"[{NO_BREAK}]", "\u2060", text)):
        word = piece.replace("\u2060", "\u00a0").replace("\u200b", "")
        if divided and word.strip(".,;:!?()«»„“”").isalpha():
            yield word[:SYLLABLES] + ("-" if len(word) > SYLLABLES else "")
        elif word:
            yield word


def number_of(cell: d.Cell, words: Mapping[str, str]) -> SplitNumber | None:
    """The number that `cell` holds and nothing else, or the sign for a missing one; None: it holds words."""
    content, _ = without_marks(cell)
    if len(content) > 1 or not all(isinstance(block, d.Paragraph) for block in content):
        return None
    if any(isinstance(node, d.Image | d.Math | d.LineBreak | d.Note) for node in d.without_words(content)):
        return None
    text = d.plain(content).strip()
    if text in BLANKS or text == words.get("no-value"):
        return SplitNumber(text, "")
    form = number_form(words["number.decimal"], words["number.group"])
    found = re.fullmatch(rf"{BEFORE}{form.pattern}{BEHIND}", text)
    if found is None:
        return None
    return SplitNumber(text[: found.end("digits")], text[found.end("digits") :])


def without_marks(cell: d.Cell) -> tuple[tuple[d.Block, ...], tuple[d.Inline, ...]]:
    """The content of `cell` and the raised marks at its end: notes, and letters that refer to notes."""
    if len(cell.content) != 1 or not isinstance(cell.content[0], d.Paragraph):
        return cell.content, ()
    paragraph = cell.content[0]
    end = len(paragraph.content)
    while end > 0 and _is_mark(paragraph.content[end - 1]):
        end -= 1
    if end in (0, len(paragraph.content)):
        return cell.content, ()
    return (replace(paragraph, content=paragraph.content[:end]),), paragraph.content[end:]


def _is_mark(node: d.Inline) -> bool:
    return isinstance(node, d.Note) or (isinstance(node, d.Styled) and node.style == "superscript")


def in_bold(cell: d.Cell) -> bool:
    """Whether all words of `cell` are strong."""
    content, _ = without_marks(cell)
    words = content[0].content if len(content) == 1 and isinstance(content[0], d.Paragraph) else ()
    return bool(words) and all(isinstance(node, d.Styled) and node.style == "strong" for node in words)
