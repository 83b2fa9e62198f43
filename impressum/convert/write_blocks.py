"""How blocks are written: paragraphs, headings, lists, quotations, code, divisions."""

from __future__ import annotations

from dataclasses import replace

from impressum.convert.typst import boolean, language_options, string, text
from impressum.convert.write_inlines import BOXES, InlineWriter
from impressum.errors import Place
from impressum.model import document as d
from impressum.model.meant import MeantText

ONE_LINE = 60
FEW_LINES = 220
"""Letters of an item of a list that surely fit on one line, and on a few."""
LINE_FREE = (d.BulletList, d.OrderedList, d.DefinitionList, d.Quotation, d.CodeBlock, d.LineBlock, d.Box)
"""Blocks around which a line is left free."""
ENDS_FREE = (d.DefinitionList, d.Quotation, d.CodeBlock, d.LineBlock, d.Box)
"""Blocks below which a line is left free before the next item, or the next term, of their list."""
LONG_TABLE = 10
"""Rows from which on a table breaks over pages, and does not float."""


def around_headings(blocks: tuple[d.Block, ...]) -> dict[int, str]:
    """What the spaces of each heading depend on, as arguments of `section-title`, by the identity of the node.

    It `follows` another heading, or the block below it leaves a line `free`.
    """
    found: dict[int, str] = {}
    for before, block, after in zip((None, *blocks), blocks, (*blocks[1:], None), strict=False):
        if isinstance(block, d.Division):
            found |= around_headings(block.content)
        elif isinstance(block, d.Heading) and block.level > 1:
            follows = ", follows: true" if isinstance(before, d.Heading) else ""
            found[id(block)] = follows + (", free: true" if after is not None and stands_apart(after) else "")
    return found


def stands_apart(block: d.Block) -> bool:
    """Whether a line is left free around `block`: not around a figure or table that floats."""
    if isinstance(block, d.Figure | d.FigureGroup | d.Table):
        has_notes = any(isinstance(node, d.Note) for node in d.without_words(block))
        is_long = isinstance(block, d.Table) and (not block.caption or len(block.body) >= LONG_TABLE)
        return has_notes or is_long
    return isinstance(block, LINE_FREE)


class BlockWriter(InlineWriter):
    """Writes blocks of text."""

    _lists_open: int = 0
    _definitions: str = "definitions"
    """What a list of definitions is written with."""

    def blocks(self, blocks: tuple[d.Block, ...]) -> str:
        """`blocks`, one after the other."""
        return "\n\n".join(self._at(block.place) + self.block(block) for block in blocks)

    def _paragraph(self, node: d.Paragraph) -> str:
        self._before = ""
        self._mean(node.content, node.place)
        return self.inlines(node.content)

    def _heading(self, node: d.Heading) -> str:
        anchor = next(self._order)
        self._before = ""
        self._mean(node.content, node.place)
        title = self.inlines(node.content)
        listed = "true" if node.listed else "false"
        if anchor.byline:
            self.made_texts.append(MeantText(anchor.byline, node.place))
        title_of = "part-title" if anchor.chapter_kind == "part" else "chapter-title"
        name = title_of if node.level == 1 else "section-title"
        level = "" if node.level == 1 else f"{node.level}, "
        around = self._around.get(id(node), "")
        return f"#{name}({level}{string(anchor.label)}, {string(anchor.number)}, [{title}], listed: {listed}{around})"

    def _bulletlist(self, node: d.BulletList) -> str:
        tasks = [_task(item) for item in node.items]
        if all(done is not None for done, _ in tasks):
            items = self._items(tuple(item for _, item in tasks))
            done = ", ".join(boolean(bool(done)) for done, _ in tasks)
            texts = f"to-do: {string(self.words['task.open'])}, done: {string(self.words['task.done'])}"
            call = f"#tasks({string(self.key)}, ({done},), {texts}, tight: {boolean(node.tight)}, {items})"
        else:
            call = f"#bullets({string(self.key)}, tight: {boolean(node.tight)}, {self._items(node.items)})"
        return self._placed(call, node.items)

    def _orderedlist(self, node: d.OrderedList) -> str:
        letters = self.words["appendix.letters"]
        own = f"letters: {string(letters)}, " if "a" in node.numbering.lower() and not letters.isascii() else ""
        start = f"start: {node.start}, numbering: {string(node.numbering)}, {own}tight: {boolean(node.tight)}"
        return self._placed(f"#numbered({string(self.key)}, {start}, {self._items(node.items)})", node.items)

    def _items(self, items: tuple[tuple[d.Block, ...], ...]) -> str:
        """The items of a list; the last but one is kept with a last one that has a single line."""
        self._lists_open += 1
        written = [f"[{self.blocks(item)}]" for item in items]
        self._lists_open -= 1
        for index, item in enumerate(items[:-1]):
            written[index] = _before_next(item) + written[index]
        if len(items) > 1 and _length(items[-1]) <= ONE_LINE and _length(items[-2]) <= FEW_LINES:
            written[-2] = f"kept-item{written[-2]}"
        return ", ".join(written)

    def _placed(self, call: str, items: tuple[tuple[d.Block, ...], ...]) -> str:
        """A list within a list stands closer; one in the text begins where two lines have room."""
        if self._lists_open:
            return f"#nested[{call}]"
        return f"#room-for-list()\n{call}" if len(items) > 1 or _length(items[0]) > ONE_LINE else call

    def _definitionlist(self, node: d.DefinitionList) -> str:
        items = []
        for index, (term, content) in enumerate(node.items):
            self._before = ""
            self._mean(term, node.place)
            free = _before_next(content) if index + 1 < len(node.items) else ""
            items.append(f"terms.item([{self.inlines(term)}], {free}[{self.blocks(content)}])")
        return f"#{self._definitions}({', '.join(items)})"

    def _quotation(self, node: d.Quotation) -> str:
        content = self.blocks(_as_verse(node.content))
        if not node.source:
            return f"#quotation[\n{content}\n]"
        self._before = ""
        self._mean(node.source, place_of(node.source, node.place))
        held = isinstance(node.content[-1], d.Paragraph)  # the source is never alone at the top of a page
        content += "#hold-source()" if held else ""
        return f"#quotation(source: [{self.inlines(node.source)}], held: {boolean(held)})[\n{content}\n]"

    def _codeblock(self, node: d.CodeBlock) -> str:
        language = f"lang: {string(node.language)}, " if node.language else ""
        self.made_texts.append(MeantText(node.text, node.place))
        return f"#code-block({language}{string(node.text)})"

    def _lineblock(self, node: d.LineBlock) -> str:
        lines = []
        for line in node.lines:
            self._before = ""
            self._mean(line, node.place)
            lines.append(f"[{self.inlines(line)}]")
        return f"#{'verse' if node.poem else 'line-block'}({', '.join(lines)},)"

    def _rule(self, _node: d.Rule) -> str:
        return "#thought-break()"

    def _division(self, node: d.Division) -> str:
        with self.speaking(node.language):
            content = self.blocks(node.content)
        if d.SUBTITLE in node.classes:
            content = f"#box-subtitle[{content}]"
        if node.language:
            content = f"#[\n#set text({language_options(node.language)})\n{content}\n]"
        if d.UNTRANSLATED in node.classes:
            content = f"{self.notice('mark.untranslated-passage', node.place)}\n\n{content}"
        label = f"#metadata(none){self._label(node.id)}\n" if node.id else ""
        return f"{label}{content}"

    def notice(self, word: str, place: Place) -> str:
        """The notice above what is not translated, in the language of the edition."""
        words = self.own_words[word]
        self.made_texts.append(MeantText(words, place))
        return f"#untranslated({language_options(self.tag)})[{text(words)}]"

    def _rawtypst(self, node: d.RawTypst) -> str:
        """Each line of a block with its own place."""
        if not node.block or not node.place.line:
            return node.code
        first = node.place.line - (len(node.code) - len(node.code.lstrip("\n")))
        lines = enumerate(node.code.split("\n"), first)
        return "".join(self._at(replace(node.place, line=line, column=1)) + code for line, code in lines)


def place_of(content: tuple[d.Inline, ...], fallback: Place) -> Place:
    """The place of the first words of `content`."""
    return next((node.place for node in d.walk(content) if node.place.line), fallback)


def _before_next(item: tuple[d.Block, ...]) -> str:
    """What an item is written with that another one follows."""
    return "free-below" if item and isinstance(item[-1], ENDS_FREE) else ""


def _as_verse(quoted: tuple[d.Block, ...]) -> tuple[d.Block, ...]:
    """What is quoted, as verse where it is nothing but lines: the quotation has moved them in, and sets them apart."""
    if not all(isinstance(block, d.LineBlock) for block in quoted):
        return quoted
    return tuple(replace(block, poem=True) for block in quoted if isinstance(block, d.LineBlock))


def _task(item: tuple[d.Block, ...]) -> tuple[bool | None, tuple[d.Block, ...]]:
    """Whether the task that `item` is has been done (None: it is no task), and the item without its sign."""
    first = item[0] if item else None
    if not isinstance(first, d.Paragraph) or not first.content:
        return None, item
    sign = first.content[0]
    if not isinstance(sign, d.Text) or sign.text not in BOXES:
        return None, item
    rest = first.content[2:] if len(first.content) > 1 else ()
    return sign.text == BOXES[1], (replace(first, content=rest), *item[1:])


def _length(item: tuple[d.Block, ...]) -> int:
    """The letters of an item; where it holds more than paragraphs, more than a line can have."""
    if not all(isinstance(block, d.Paragraph) for block in item):
        return FEW_LINES + 1
    return len(d.plain(item)) + ONE_LINE * (len(item) - 1)
