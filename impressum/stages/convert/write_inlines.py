"""Writes inlines and formulas as Typst."""

from __future__ import annotations

from impressum.core.errors import Place
from impressum.core.languages import ends_turned, is_right_to_left, right_to_left, script_language
from impressum.core.model import document as d
from impressum.core.model.lost import may_stand
from impressum.core.model.manuscript import Anchor, ExpectedLink, ExpectedMark, ExpectedNote, ExpectedPage, ExpectedText
from impressum.stages.convert.attributes import is_chapter_file, short
from impressum.stages.convert.formulas import DEFINING, UNREADABLE
from impressum.stages.convert.hyphens import divided
from impressum.stages.convert.limits import LONGEST_FORMULA
from impressum.stages.convert.output import Output, block, write
from impressum.stages.convert.spoken import in_signs, is_deep
from impressum.stages.convert.typst import (
    address_text,
    length,
    shown_address,
    string,
    text,
)

BOXES = ("☐", "☒")
"""How pandoc writes the items of a list of tasks; the font for them is in Typst itself."""
TURN_BACK = "\u200e"
"""Behind words from right to left: a number or a mark would be drawn to their other side."""
NEAR = 12
"""Inlines behind a word that are looked at for what belongs to it."""
REF_PREFIX = "ref-"
HAIR = "\u200a"
"""Between quotation marks that would touch."""


def inlines(nodes: tuple[d.Inline, ...], out: Output) -> str:
    """`nodes`, one after the other."""
    parts: list[str] = []
    for before, node in zip((None, *nodes), nodes, strict=False):
        if isinstance(before, d.Space) and not isinstance(node, d.Space):
            parts[-1] = out.at(node.place) or parts[-1]
        if before is not None and _ends_in_note(before) and _ends_in_note(node):
            parts.append("#between-notes()")
            out.seen(",")
        parts.append(write(node, out))
        if isinstance(node, d.Text) and not node.text.isascii() and _number_follows(node, nodes, out):
            parts.append(TURN_BACK)
    return "".join(parts)


def _number_follows(node: d.Text, nodes: tuple[d.Inline, ...], out: Output) -> bool:
    """Whether a number comes next behind `node`, a word from right to left, with which it would be turned, and no other
    such word behind it: the number is one of the text around."""
    if out.scope.is_turned or not ends_turned(node.text):
        return False
    at = next(index for index, one in enumerate(nodes) if one is node)
    behind = d.plain(nodes[at + 1 : at + NEAR])
    following = next((letter for letter in behind if letter.isalpha()), "")
    return behind.strip()[:1].isdecimal() and not right_to_left(following)


def line(content: tuple[d.Inline, ...], place: Place, out: Output) -> str:
    """`content` on a line of its own, which is expected to be printed."""
    out.before = ""
    out.expect(content, place)
    return inlines(content, out)


def below(word: str, content: tuple[d.Inline, ...], place: Place, out: Output) -> list[str]:
    """The option for the `source` or the `note` below a figure or table, which is expected to be printed."""
    if not content:
        return []
    out.before = f"{out.words[word]}{out.words['colon']} "
    out.expected.texts.append(ExpectedText(out.before + d.plain(content), place))
    return [f"{word}: [{inlines(content, out)}]"]


@write.register
def _text(node: d.Text, out: Output) -> str:
    out.seen(node.text)
    if node.text in BOXES:
        return f"#text(font: {string('DejaVu Sans Mono')})[{node.text}]"
    key = None if out.scope.in_note else out.scope.key
    written = divided(node.text, out.scope.language, key, out.hyphenation, at_end=node is out.end)
    letters = "" if is_right_to_left(out.scope.language) else right_to_left(node.text)
    tag = script_language(letters)
    return out.in_language(tag, written) if tag else written


@write.register
def _space(_node: d.Space, out: Output) -> str:
    out.seen(" ")
    return " "


@write.register
def _linebreak(_node: d.LineBreak, out: Output) -> str:
    out.seen(" ")
    return "#linebreak()"


@write.register
def _styled(node: d.Styled, out: Output) -> str:
    names = {"emphasis": "emph", "superscript": "super", "subscript": "sub", "strikeout": "strike"}
    return f"#{names.get(node.style, node.style)}[{inlines(node.content, out)}]"


@write.register
def _quoted(node: d.Quoted, out: Output) -> str:
    marks = out.scope.marks
    opening, closing = (marks.open, marks.close) if node.double else (marks.inner_open, marks.inner_close)
    out.seen(opening)
    content = inlines(node.content, out)
    out.seen(closing)
    first, last = node.content[:1], node.content[-2:]
    if last and _is_point(last[-1]):
        last = last[:-1]
    begin = HAIR if first and isinstance(first[0], d.Quoted) else ""
    end = HAIR if last and isinstance(last[-1], d.Quoted) else ""
    return f"{text(opening)}{begin}{content}{end}{text(closing)}"


@write.register
def _code(node: d.Code, out: Output) -> str:
    out.seen(node.text)
    return f"#raw({string(node.text)})"


@write.register
def _image(node: d.Image, _out: Output) -> str:
    width = node.width or (f"{node.most:g}pt" if node.most else None)
    given = (("width", width), ("height", node.height))
    sizes = "".join(f"{name}: {length(value)}, " for name, value in given if value)
    return f"#box(image({string('/' + node.file)}, {sizes}alt: {string(node.alt)}))"


@write.register
def _link(node: d.Link, out: Output) -> str:
    if is_internal(node.target):
        return _internal_link(node, out)
    words = d.plain(node.content)
    if words in (node.target, node.target.removeprefix("mailto:")):
        content = f"#text(hyphenate: false)[{address_text(node.target)}]"
        out.seen(shown_address(node.target))
    else:
        content = inlines(node.content, out)
    out.expected.links.append(ExpectedLink(node.target, words, node.place))
    return f"#link({string(node.target)})[{content}]"


def is_internal(target: str) -> bool:
    """Whether a link to `target` leads to a place of the publication."""
    return target.startswith("#") or is_chapter_file(target)


def chapter_named(name: str) -> str:
    """The slug of the chapter whose file a link names."""
    return name.rpartition("/")[2].removesuffix(".md")


def _internal_link(node: d.Link, out: Output) -> str:
    content = inlines(node.content, out)
    name, _, identifier = node.target.partition("#")
    if identifier.startswith(REF_PREFIX) and not name and identifier in out.references:
        label = out.references[identifier]
    elif out.scope.in_citation:  # a style without a list has nothing to lead to
        return content
    else:
        anchor = _destination(name, identifier, node.place, out)
        if anchor is None:
            return content
        label = anchor.label
    out.expected.links.append(ExpectedLink(f"#{label}", d.plain(node.content), node.place))
    return f"#link(label({string(label)}))[{content}]"


def _destination(name: str, identifier: str, place: Place, out: Output) -> Anchor | None:
    chapter = chapter_named(name) or out.document.slug
    if name and chapter not in out.anchors.chapters:
        if chapter in {one.slug for one in out.anchors.lost}:
            return None
        message = f"the link leads to `{short(name)}`, which is no chapter of this publication"
        hint = f"the chapters are {', '.join(f'`{slug}.md`' for slug in out.anchors.chapters)}"
        out.faults.error(place, message, "link-unknown", hint)
        return None
    if name and not identifier:
        return out.anchors.chapters[chapter]
    anchor = out.anchors.find(identifier, chapter)
    if anchor is None:
        near = out.anchors.nearest(identifier)
        many = len(out.anchors.everywhere.get(identifier, ())) > 1
        if not many and may_stand(identifier, out.anchors.lost):
            return None
        what = "which is in several chapters" if many else "but nothing has that id"
        hint = f"did you mean `#{near}`?" if near else f"give the place an id: `{{#{short(identifier)}}}`"
        hint = f"write `chapter.md#{identifier}`" if many else hint
        out.faults.error(place, f"the link leads to `#{short(identifier)}`, {what}", "link-unknown", hint)
    return anchor


@write.register
def _note(node: d.Note, out: Output) -> str:
    before, out.before = out.before, ""
    mark = node.mark or ""
    if not node.mark:
        out.notes += 1
        mark = str(out.notes)
    position = len(out.expected.notes)
    words = " ".join(map(_shown, node.content))
    out.expected.notes.append(ExpectedNote(mark, words, before, node.place))
    parts = (inlines(one.content, out) if isinstance(one, d.Paragraph) else block(one, out) for one in node.content)
    with out.within(in_note=True, is_turned=False):
        content = "\n\n".join(parts)
        if is_right_to_left(out.scope.language):
            content = out.in_language(out.scope.language, content)
    out.expected.notes[position] = ExpectedNote(mark, words, before, node.place)
    out.before = before
    out.seen(mark)
    heading = "heading-" if node.in_title else ""
    behind = "" if out.scope.is_turned or not ends_turned(before) else TURN_BACK
    kind, name = "marked-note" if node.mark else "note", f"{out.document.slug}/^{position + 1}"
    return behind + out.once(f"#{heading}{kind}({string(name)}, {string(mark)})[{content}]")


@write.register
def _citation(node: d.Citation, out: Output) -> str:
    for key in node.keys:
        out.expected.cited.setdefault(key, node.place)
    with out.within(in_citation=True):
        content = inlines(node.content, out)
    if out.scope.in_note or out.scope.language[:2] == "en" or _ends_in_note(node):
        return content
    return f"#text(hyphenate: false)[{content}]"  # it may be in any language


@write.register
def _crossreference(node: d.CrossReference, out: Output) -> str:
    out.seen(node.words)
    if not node.label:  # a fault
        return text(node.words)
    out.expected.links.append(ExpectedLink(f"#{node.label}", node.words, node.place))
    page = ""
    if node.page:
        out.expected.pages.append(ExpectedPage(node.label, node.words, node.page, node.place))
        page = f"#page-of({string(node.label)}, {string(node.page)})"
        out.before = ""  # what stands before the next mark is known to Typst only
    return f"#link(label({string(node.label)}))[{text(node.words)}{page}]"


@write.register
def _span(node: d.Span, out: Output) -> str:
    first, rest = node.content[:1], node.content[1:]
    with out.speaking(node.language):
        if first and isinstance(first[0], d.IndexMark):
            content = _marked(first[0], d.plain(rest), out) + inlines(rest, out)
        else:
            content = inlines(node.content, out)
    if node.language:
        content = out.in_language(node.language, content)
        if is_right_to_left(node.language) and not out.scope.is_turned:
            content += TURN_BACK
    return f"{out.once(out.label(node.id))}{content}" if node.id else content


@write.register
def _indexmark(node: d.IndexMark, out: Output) -> str:
    return _marked(node, "", out)


def _marked(node: d.IndexMark, term: str, out: Output) -> str:
    """A mark of the index before the words `term`."""
    label = f"{out.document.slug}/@{len(out.marked) + 1}"
    out.marked.append((label, node, out.scope.language))
    if node.only_refers:
        return ""
    out.expected.marks.append(ExpectedMark(label, out.before, term, node.place, out.scope.in_note))
    return out.once(f"#index-mark({string(label)})")


def _shown(block: d.Block) -> str:
    """The words of a note's block as they are printed: addresses in their short form."""
    parts: list[str] = []
    for node in block.content if isinstance(block, d.Paragraph) else ():
        if isinstance(node, d.Link) and d.plain(node.content) == node.target:
            parts.append(shown_address(node.target))
        else:
            parts.append(d.plain(node))
    return "".join(parts) if isinstance(block, d.Paragraph) else d.plain(block)


def _is_point(node: d.Inline) -> bool:
    return isinstance(node, d.Text) and node.text in (".", ",")


def _ends_in_note(node: d.Inline) -> bool:
    """Whether `node` ends in a raised mark: a note, or a citation that is printed as one."""
    return isinstance(node, d.Note) or (
        isinstance(node, d.Citation) and bool(node.content) and isinstance(node.content[-1], d.Note)
    )


@write.register
def _math(node: d.Math, out: Output) -> str:
    out.seen(node.tex)
    typst = _mathematics(node, out)
    if typst is None:
        return f"#raw({string(node.tex)})"
    alt = in_signs(node.tex)
    out.expected.formulas.append(ExpectedText(alt, node.place))
    return f"#math.equation(alt: {string(alt)}, ${typst}$.body)"


def _mathematics(node: d.Math, out: Output) -> str | None:
    """The formula as Typst mathematics; where it cannot be read, a warning and None."""
    if is_deep(node.tex):
        hint = "divide it, or give its parts names"
        out.faults.error(node.place, f"the formula `{short(node.tex)}` is nested too deeply", "nested-too-deep", hint)
        return None
    typst = out.mathematics.get(node.tex) or UNREADABLE
    if max(len(typst), len(node.tex)) > LONGEST_FORMULA:
        message = f"the formula `{short(node.tex)}` is written out to more than {LONGEST_FORMULA:,} letters"
        out.faults.error(node.place, message, "text-too-long", "divide it")
        return None
    if not typst.startswith(UNREADABLE):
        return typst
    unknown = typst.removeprefix(UNREADABLE)
    message = f"the formula `{short(node.tex.strip())}` cannot be read as mathematics and is printed as it stands"
    hint = "write it with the TeX commands of mathematics"
    if unknown:
        message += f": the command `{short(unknown)}` is not known"
        name = short(unknown[1:])
        hint = f"write what it stands for (the name of a function is `\\operatorname{{{name}}}`), or define it in the "
        hint += f"chapter, on a line of its own: `\\newcommand{{\\{name}}}{{…}}`"
    if DEFINING.fullmatch(unknown) or unknown in ("\\def", "\\let"):
        hint = "define each command on a line of its own in the chapter, and none within another"
    out.faults.warning(node.place, message, "math-unreadable", hint)
    return None


@write.register
def _equation(node: d.Equation, out: Output) -> str:
    anchor = next(out.order) if node.id else None
    label, number = (string(anchor.label), anchor.number) if anchor else ("none", "")
    out.before = ""
    typst = _mathematics(node.math, out)
    if typst is None:
        out.expected.texts.append(ExpectedText(node.math.tex, node.math.place))
        led_to = f"#metadata(none)#label({label})\n" if anchor else ""
        return f"{led_to}#code-block({string(node.math.tex.strip())})"
    if number:
        out.expected.texts.append(ExpectedText(f"({number})", node.math.place))
    alt = node.alt or in_signs(node.math.tex)
    out.expected.formulas.append(ExpectedText(alt, node.math.place))
    return f"#equation-block({label}, {string(number)}, {string(alt)}, $ {typst} $)"
