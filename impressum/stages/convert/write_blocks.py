"""Writes blocks and boxes as Typst, and checks that a pull quote repeats words of its chapter."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.core.model.manuscript import ExpectedText
from impressum.stages.convert.attributes import short
from impressum.stages.convert.output import Output, block, write
from impressum.stages.convert.typst import boolean, language_options, string, text
from impressum.stages.convert.write_inlines import BOXES, inlines, line

ONE_LINE = 60
FEW_LINES = 220
"""Letters of an item of a list that surely fit on one line, and on a few."""
LINE_FREE = (d.BulletList, d.OrderedList, d.DefinitionList, d.Quotation, d.CodeBlock, d.LineBlock, d.Box)
"""Blocks around which a line is left free."""
ENDS_FREE = (d.DefinitionList, d.Quotation, d.CodeBlock, d.LineBlock, d.Box)
"""Blocks below which a line is left free before the next item, or the next term, of their list."""
ROOM_BELOW = (((d.CodeBlock, d.Box), 5), ((d.DefinitionList,), 4), ((d.BulletList, d.OrderedList, d.Quotation), 3))
"""The lines that such a block needs below the line that leads to it, with the one that is left free."""
LONG_TABLE = 10
"""Rows from which on a table breaks over pages, and does not float."""


def around_headings(blocks: tuple[d.Block, ...]) -> dict[int, str]:
    """The arguments of `section-title` for the spaces of each heading, by the identity of the node: it `follows`
    another heading, or the block below it leaves a line `free`."""
    found: dict[int, str] = {}
    for before, node, after in zip((None, *blocks), blocks, (*blocks[1:], None), strict=False):
        if isinstance(node, d.Division):
            found |= around_headings(node.content)
        elif isinstance(node, d.Heading) and node.level > 1:
            follows = ", follows: true" if isinstance(before, d.Heading) else ""
            found[id(node)] = follows + (", free: true" if after is not None and stands_apart(after) else "")
    return found


def lead_ins(blocks: tuple[d.Block, ...]) -> dict[int, int]:
    """The lines of the next block that must be below each paragraph that leads to it, by the paragraph's identity: it
    ends with a colon, or is the name of the code that follows."""
    found: dict[int, int] = {}
    for node, after in pairwise(blocks):
        if isinstance(node, d.Division):
            found |= lead_ins(node.content)
        elif isinstance(node, d.Paragraph) and (_names(node, after) or d.plain(node).rstrip().endswith(":")):
            found |= {id(node): lines for kinds, lines in ROOM_BELOW if isinstance(after, kinds)}
            if isinstance(after, d.Box) and is_short(after):
                found[id(node)] = 6 + _length(after.content) // ONE_LINE
            if isinstance(after, d.CodeBlock) and after.text.count("\n") == 2:  # its three lines stay together
                found[id(node)] = 6
    return found


def _names(node: d.Paragraph, after: d.Block) -> bool:
    """Whether `node` is nothing but code, strong or emphasized words on one line above code: the name of a file."""
    kinds = (d.Code, d.Styled, d.Space)
    is_name = all(isinstance(one, kinds) or d.plain((one,)) in ":." for one in node.content)
    return is_name and isinstance(after, d.CodeBlock) and len(d.plain(node)) <= ONE_LINE


def is_short(node: d.Box) -> bool:
    """Whether a box is kept on one page: it is a few lines of nothing but paragraphs."""
    return not has_notes(node) and _length(node.content) <= FEW_LINES


def stands_apart(block: d.Block) -> bool:
    """Whether a line is left free around `block`: not around a figure or table that floats."""
    if isinstance(block, d.Figure | d.FigureGroup | d.Table):
        is_long = isinstance(block, d.Table) and (not block.caption or len(block.body) >= LONG_TABLE)
        return is_long or has_notes(block)
    return isinstance(block, LINE_FREE)


def has_notes(node: d.Node) -> bool:
    """Whether there is a note in `node`."""
    return any(isinstance(one, d.Note) for one in d.without_words(node))


def blocks(nodes: tuple[d.Block, ...], out: Output) -> str:
    """`nodes`, one after the other."""
    return "\n\n".join(out.at(node.place) + block(node, out) for node in nodes)


@write.register
def _paragraph(node: d.Paragraph, out: Output) -> str:
    ends = (one for one in reversed(node.content) if not isinstance(one, d.Space | d.Note))
    out.end = next(ends, None) if len(d.plain(node)) > ONE_LINE else None
    return line(node.content, node.place, out)


@write.register
def _heading(node: d.Heading, out: Output) -> str:
    anchor = next(out.order)
    title = line(node.content, node.place, out)
    if anchor.byline:
        out.expected.texts.append(ExpectedText(anchor.byline, node.place))
    title_of = "part-title" if anchor.chapter_kind == "part" else "chapter-title"
    name = title_of if node.level == 1 else "section-title"
    level = "" if node.level == 1 else f"{node.level}, "
    around = out.around.get(id(node), "")
    names = f"{level}{string(anchor.label)}, {string(anchor.number)}"
    if node.listed:
        out.listed.append(f"#listed-title({level or '1, '}{string(anchor.label)}, {string(anchor.number)}, [{title}])")
    return f"#{name}({names}, [{title}], listed: {boolean(node.listed)}{around})"


@write.register
def _bulletlist(node: d.BulletList, out: Output) -> str:
    tasks = [_task(item) for item in node.items]
    if all(done is not None for done, _ in tasks):
        items = _items(tuple(item for _, item in tasks), out)
        done = ", ".join(boolean(bool(done)) for done, _ in tasks)
        texts = f"to-do: {string(out.words['task.open'])}, done: {string(out.words['task.done'])}"
        call = f"#tasks({string(out.scope.key)}, ({done},), {texts}, tight: {boolean(node.tight)}, {items})"
    else:
        call = f"#bullets({string(out.scope.key)}, tight: {boolean(node.tight)}, {_items(node.items, out)})"
    return _placed(call, node.items, out)


@write.register
def _orderedlist(node: d.OrderedList, out: Output) -> str:
    letters = out.words["appendix.letters"]
    own = f"letters: {string(letters)}, " if "a" in node.numbering.lower() and not letters.isascii() else ""
    start = f"start: {node.start}, numbering: {string(node.numbering)}, {own}tight: {boolean(node.tight)}"
    return _placed(f"#numbered({string(out.scope.key)}, {start}, {_items(node.items, out)})", node.items, out)


def _items(items: tuple[tuple[d.Block, ...], ...], out: Output) -> str:
    """The items of a list; the last but one is kept with a last one that has a single line."""
    with out.within(in_list=True):
        written = [f"[{blocks(item, out)}]" for item in items]
    for index, item in enumerate(items[:-1]):
        if item and isinstance(item[-1], ENDS_FREE):
            written[index] = f"free-below{written[index]}"
    if len(items) > 1 and _length(items[-1]) <= ONE_LINE and _length(items[-2]) <= FEW_LINES:
        written[-2] = f"kept-item{written[-2]}"
    return ", ".join(written)


def _placed(call: str, items: tuple[tuple[d.Block, ...], ...], out: Output) -> str:
    """Writes a list within a list closer; one in the text begins where two lines have room."""
    if out.scope.in_list:
        return f"#nested[{call}]"
    return f"#room-for-list()\n{call}" if len(items) > 1 or _length(items[0]) > ONE_LINE else call


@write.register
def _definitionlist(node: d.DefinitionList, out: Output) -> str:
    items = [
        f"(term: [{line(term, node.place, out)}], description: [{blocks(content, out)}], "
        f"lines: {_lines_with_term(content)})"
        for term, content in node.items
    ]
    is_long = any(_length(content) > ONE_LINE for _, content in node.items)
    apart = f"apart: {boolean(is_long)}, " if out.scope.definitions == "definitions" else ""
    return f"#{out.scope.definitions}({apart}{', '.join(items)})"


def _lines_with_term(content: tuple[d.Block, ...]) -> int:
    """How many lines are kept with a term, its own included: two of its meaning, with the space around a block."""
    if not content or isinstance(content[0], d.Paragraph):
        return 3 if _length(content[:1]) > ONE_LINE else 2
    return 4 if isinstance(content[0], d.BulletList | d.OrderedList) else 6


@write.register
def _quotation(node: d.Quotation, out: Output) -> str:
    content = blocks(_as_verse(node.content), out)
    if not node.source:
        return f"#quotation[\n{content}\n]"
    source = line(node.source, place_of(node.source, node.place), out)
    held = isinstance(node.content[-1], d.Paragraph)  # the source is never alone at the top of a page
    content += "#hold-source()" if held else ""
    return f"#quotation(source: [{source}], held: {boolean(held)})[\n{content}\n]"


@write.register
def _codeblock(node: d.CodeBlock, out: Output) -> str:
    language = f"lang: {string(node.language)}, " if node.language else ""
    out.expected.texts.append(ExpectedText(node.text, node.place))
    if out.scope.in_cell:
        return f"#cell-code({string(node.text)})"
    return f"#code-block({language}{string(node.text)})"


@write.register
def _lineblock(node: d.LineBlock, out: Output) -> str:
    lines = ", ".join(f"[{line(one, node.place, out)}]" for one in node.lines)
    return f"#{'verse' if node.poem else 'line-block'}({lines},)"


@write.register
def _rule(_node: d.Rule, out: Output) -> str:
    return "#thought-break()"


@write.register
def _division(node: d.Division, out: Output) -> str:
    with out.speaking(node.language), out.turned(node.language):
        content = blocks(node.content, out)
    if d.SUBTITLE in node.classes:
        content = f"#box-subtitle[{content}]"
    if node.language:
        content = f"#[\n#set text({language_options(node.language)})\n{content}\n]"
    if d.UNTRANSLATED in node.classes:
        content = f"{notice('mark.untranslated-passage', node.place, out)}\n\n{content}"
    label = f"{out.label(node.id)}\n" if node.id else ""
    return f"{label}{content}"


def notice(word: str, place: Place, out: Output) -> str:
    """The notice above an untranslated text, in the language of the edition."""
    words = out.own_words[word]
    out.expected.texts.append(ExpectedText(words, place))
    return f"#untranslated({language_options(out.tag)})[{text(words)}]"


@write.register
def _reference(node: d.Reference, out: Output) -> str:
    label = out.references[f"ref-{node.id}"]
    number = f"[{inlines(node.number, out)}]" if node.number else "none"
    return f"#reference({string(label)}, {number}, [{inlines(node.content, out)}])"


@write.register
def _rawtypst(node: d.RawTypst, out: Output) -> str:
    """Each line of a block with its own place."""
    if not node.block or not node.place.line:
        return node.code
    first = node.place.line - (len(node.code) - len(node.code.lstrip("\n")))
    lines = enumerate(node.code.split("\n"), first)
    return "".join(out.at(replace(node.place, line=number, column=1)) + code for number, code in lines)


def place_of(content: tuple[d.Inline, ...], fallback: Place) -> Place:
    """The place of the first words of `content`."""
    return next((node.place for node in d.walk(content) if node.place.line), fallback)


def _as_verse(quoted: tuple[d.Block, ...]) -> tuple[d.Block, ...]:
    """The quoted blocks as verse if they are nothing but lines, which the quotation indents and sets apart."""
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


ELLIPSIS = re.compile(r"\s*(?:\[(?:…|\.\.\.)\]|\((?:…|\.\.\.)\)|…|\.\.\.)\s*")
LEADS = (d.BulletList, d.OrderedList, d.DefinitionList, d.Quotation, d.LineBlock, d.CodeBlock)
"""Blocks that leave a line free above them, but not below the title of a box."""
TITLED = ("note", "tip", "important", "warning", "key-findings", "recommendations")
"""Boxes that have a title of their kind where the author gives none: the words `box.<kind>`."""


@write.register
def _box(node: d.Box, out: Output) -> str:
    language = language_options(node.language) if node.language else ""
    options = [string(node.kind)]
    definitions = "abbreviated" if node.kind == "abbreviations" else out.scope.definitions
    with out.speaking(node.language), out.turned(node.language), out.within(box=node.kind, definitions=definitions):
        if title := node.title or ((d.Text(node.place, out.words[f"box.{node.kind}"]),) if node.kind in TITLED else ()):
            words = line(title, place_of(title, node.place), out)
            options.append(f"title: [{_in_language(words, language if node.title else '')}]")
        content = node.content
        if node.kind == "biography" and (portrait := _portrait(content[:1])) is not None:
            image = f"image({string('/' + portrait.file)}, alt: {string(portrait.alt)}, ..size)"
            options.append(f"portrait: size => {image}")
            content = content[1:]
        if content and isinstance(content[0], LEADS):
            options.append("lead: true")
        if is_short(node):
            options.append("whole: true")
        if node.id:
            options.append(f"name: {string(f'{out.document.slug}/{node.id}')}")
        written = _in_language(blocks(content, out), language)
        if node.source:
            source = line(node.source, place_of(node.source, node.place), out)
            options.append(f"source: [{_in_language(source, language)}]")
    if node.kind == "pull-quote":
        _expect_pulled(node, out)
    return f"#boxed({', '.join(options)})[\n{written}\n]"


def _in_language(content: str, options: str) -> str:
    return f"#set text({options})\n{content}" if options else content


def _expect_pulled(node: d.Box, out: Output) -> None:
    for passage in node.content:
        words, place = d.plain(passage), passage.place
        if _is_in_text(words, out):
            out.expected.repeats += [ExpectedText(part, place) for part in ELLIPSIS.split(words) if part.strip()]
            continue
        out.expected.texts.append(ExpectedText(words, place))
        message = f"the pull quote `{short(words)}` does not stand in the chapter's text"
        hint = "a pull quote repeats words of its chapter, and is not read aloud: write it as it stands there, "
        hint += "or mark what is left out with `…`; for words of others, use `::: quotation`"
        out.faults.warning(place, message, "pull-quote-unknown", hint)
    for title in (node.title, node.source):
        if title:
            out.expected.texts.append(ExpectedText(d.plain(title), node.place))


def _is_in_text(words: str, out: Output) -> bool:
    """Whether the parts of a pull quote are in the text of the chapter, in this order."""
    others = (one for one in out.document.blocks if not (isinstance(one, d.Box) and one.kind == "pull-quote"))
    text, at = _letters(d.plain(tuple(others))), 0
    for part in ELLIPSIS.split(words):
        letters = _letters(part)
        found = text.find(letters, at)
        if found < 0:
            return False
        at = found + len(letters)
    return True


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", text.casefold()))


def _portrait(first: tuple[d.Block, ...]) -> d.Image | None:
    content = first[0].content if first and isinstance(first[0], d.Paragraph) else ()
    return content[0] if len(content) == 1 and isinstance(content[0], d.Image) else None
