"""Reads pandoc's blocks of text: paragraphs, headings, lists, quotations, code, displayed formulas."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.stages.convert import build_figures, build_spans, build_tables  # noqa: F401 - they register
from impressum.stages.convert.attributes import Find, short
from impressum.stages.convert.build_boxes import subtitle, without_source
from impressum.stages.convert.inlines import line, placed, raw_text
from impressum.stages.convert.input import Input, blocks, reads
from impressum.stages.convert.preprocess import expanded
from impressum.stages.convert.slips import check_list_marks, is_indented_prose
from impressum.stages.convert.typst import nearest_language, typst_name

LIST_NUMBER = re.compile(r"^[ \t>]*\(?(\d{5,})[.)]", re.MULTILINE)
LABEL = re.compile(r"\\label\{(?:eqn?:)?(?P<latex>[^{}\n]+)\}|\(\\#eq:(?P<bookdown>[\w.:-]+)\)")
ATTRIBUTES = re.compile(r"\{#(?P<id>\S{1,200}?)(?P<pairs>(?:\s++[\w-]++=(?:\"[^\"]*+\"|[^\s\"]\S{0,200}?))*)\s*+\}")
PAIR = re.compile(r"(?<![\w-])([\w-]++)=(?:\"([^\"]*)\"|(\S+))")


@reads("Para")
def _paragraph(raw: Any, src: Input, *, tight: bool = False) -> d.Block:
    check_list_marks(raw, src.aligner, src.faults)
    if displays(raw):
        return divided(raw, src, tight=tight)
    content, place = placed(line, raw, src)
    return d.Paragraph(place, content, tight)


reads("Plain")(partial(_paragraph, tight=True))


@reads("Header")
def _header(raw: Any, src: Input) -> d.Block:
    if src.boxes_open:
        return subtitle(raw, src)
    level, attributes, title = raw
    content, place = placed(line, title, src)
    classes = frozenset({"unnumbered", "unlisted", "summary"})
    kept = src.guard.attributes(attributes, place, src.behind(), classes=classes)
    numbered, listed = "unnumbered" not in kept.classes, "unlisted" not in kept.classes
    return d.Heading(place, level, kept.id, numbered, listed, content, "summary" in kept.classes)


@reads("BulletList")
def _bulletlist(raw: Any, src: Input) -> d.Block:
    place = src.aligner.here()
    items = tuple(blocks(item, src) for item in raw)
    return d.BulletList(_first(items, place), items, _tight(items))


@reads("OrderedList")
def _orderedlist(raw: Any, src: Input) -> d.Block:
    (start, style, delimiter), content = raw
    place = src.aligner.here()
    if start > 9999 or start < 0:
        written = src.aligner.pattern(LIST_NUMBER)  # pandoc's own number has overflowed
        at = src.chapter.place(written.start(1), written[1]) if written else place
        message = f"the list begins with the number {short(written[1] if written else str(start))}, which is too large"
        hint = "begin it with a number up to 9999; if it is no list, write a backslash before the point"
        src.faults.error(at, message, "list-number", hint)
        start = 1
    letter = {"LowerAlpha": "a", "UpperAlpha": "A", "LowerRoman": "i", "UpperRoman": "I"}.get(style["t"], "1")
    pattern = {"OneParen": f"{letter})", "TwoParens": f"({letter})"}.get(delimiter["t"], f"{letter}.")
    items = tuple(blocks(item, src) for item in content)
    return d.OrderedList(_first(items, place), start, pattern, items, _tight(items))


@reads("DefinitionList")
def _definitionlist(raw: Any, src: Input) -> d.Block:
    place = src.aligner.here()
    items = []
    for term, definitions in raw:
        words = line(term, src)
        items.append((words, tuple(block for definition in definitions for block in blocks(definition, src))))
    return d.DefinitionList(place, tuple(items))


@reads("BlockQuote")
def _blockquote(raw: Any, src: Input) -> d.Block:
    place = src.aligner.here()
    content, source = without_source(blocks(raw, src))
    return d.Quotation(content[0].place if content else place, content, source)


@reads("CodeBlock")
def _codeblock(raw: Any, src: Input) -> d.Block:
    (identifier, names, pairs), text = raw
    names = [name.partition(",")[0] for name in names]  # `rust,ignore` is for those who run it
    language = typst_name(names[0]) if names else None
    attributes = identifier, names, pairs
    is_prose = is_indented_prose(text, src.aligner)
    find, place = _on_fence(attributes, src), src.aligner.code_block(text)
    others = names if language is None else names[1:]  # `c++` is a language, and no class
    kept = src.guard.attributes((identifier, others, pairs), place, find, classes=None)
    if is_prose and not names:
        hint = "take the spaces away, or put the code between lines of three backticks"
        src.faults.warning(place, "the paragraph is indented by four spaces, and is set as code", "code-indented", hint)
    if language is None and kept.classes:
        _warn_of_language(kept.classes[0], place, find, src)
    return d.CodeBlock(place, text, language or None)


def _on_fence(attributes: Any, src: Input) -> Find:
    """Finds attributes on the line that opens the code, which may hold no word to go by."""
    identifier, names, _ = attributes
    fence = src.aligner.fence(src.aligner.offset(), [identifier, *names]) if identifier or names else None
    if fence is None:
        return src.ahead()
    begin, end = fence
    return lambda *texts: src.aligner.before(begin, end, texts)


def _warn_of_language(name: str, place: Place, find: Find, src: Input) -> None:
    near = nearest_language(name)
    message = f"the language of code `{short(name)}` is not known, and nothing of it is coloured"
    hint = f"did you mean `{near}`?" if near else "leave the name out, or write `text`"
    src.faults.warning(find(f".{name}", name) or place, message, "code-language-unknown", hint)


@reads("LineBlock")
def _lineblock(raw: Any, src: Input) -> d.Block:
    place = src.aligner.here()
    return d.LineBlock(place, tuple(line(one, src) for one in raw))


@reads("HorizontalRule")
def _horizontalrule(_raw: Any, src: Input) -> d.Block:
    return d.Rule(src.aligner.here())


@reads("RawBlock")
def _rawblock(raw: Any, src: Input) -> d.Block | None:
    form, code = raw
    built = raw_text(form, code, src)
    if isinstance(built, d.RawTypst):
        return d.RawTypst(built.place, built.code, block=True)
    return d.Paragraph(built.place, (built,)) if built else None


def _first(items: tuple[tuple[d.Block, ...], ...], fallback: Place) -> Place:
    return items[0][0].place if items and items[0] else fallback


def _tight(items: tuple[tuple[d.Block, ...], ...]) -> bool:
    return all(block.tight for item in items for block in item if isinstance(block, d.Paragraph))


def displays(raw: Any) -> bool:
    """Whether the inlines `raw` hold a displayed formula."""
    return any(_formula(node) is not None for node in raw)


def _formula(node: Any) -> str | None:
    """The TeX of a displayed formula, alone or in a span of its own; else None."""
    if node["t"] == "Span" and len(node["c"][1]) == 1:
        return _formula(node["c"][1][0])
    return str(node["c"][1]) if node["t"] == "Math" and node["c"][0]["t"] == "DisplayMath" else None


def divided(raw: Any, src: Input, *, tight: bool) -> d.Block:
    """The paragraph `raw` as its words and its formulas, one after the other."""
    built: list[d.Block] = []
    words: list[Any] = []
    rest = list(raw)
    with src.aligner.expecting([]):  # it is read in pieces: the aligner looks for each word alone
        while rest:
            node = rest.pop(0)
            tex = _formula(node)
            if tex is None:
                words.append(node)
                continue
            built += _words(words, src, tight=tight)
            words = []
            if rest and rest[0]["t"] == "Str" and re.fullmatch(r"[.,;:!?]+", rest[0]["c"]):
                tex += rest.pop(0)["c"]
            attributes = node["c"][0] if node["t"] == "Span" else _attributes(rest)
            built.append(_equation(tex, attributes, src))
        built += _words(words, src, tight=tight)
    return built[0] if len(built) == 1 else d.Division(built[0].place, "", (), None, tuple(built))


def _words(raw: list[Any], src: Input, *, tight: bool) -> list[d.Block]:
    spaces = ("Space", "SoftBreak", "LineBreak")
    while raw and raw[-1]["t"] in spaces:
        raw.pop()
    while raw and raw[0]["t"] in spaces:
        raw.pop(0)
    if not raw:
        return []
    content, place = placed(line, raw, src)
    return [d.Paragraph(place, content, tight)]


def _equation(tex: str, attributes: Any, src: Input) -> d.Equation:
    place = src.aligner.words(tex)
    named = LABEL.search(tex)
    if named and not attributes[0]:  # as LaTeX and bookdown name a formula
        attributes = (re.sub(r"[^\w-]", "-", f"eq-{named['latex'] or named['bookdown']}"), *attributes[1:])
    kept = src.guard.attributes(attributes, place, src.behind())
    tex = LABEL.sub("", tex)
    return d.Equation(place, kept.id, d.Math(place, expanded(tex, src.macros), display=True), kept.alt)


def _attributes(rest: list[Any]) -> tuple[str, list[str], list[list[str]]]:
    """Takes `{#id alt="…"}` off the front of `rest`, and gives it as pandoc would; else nothing is taken."""
    text = ""
    for count, node in enumerate(rest):
        text += _text(node)
        found = ATTRIBUTES.fullmatch(text.strip())
        if found:
            del rest[: count + 1]
            return found["id"], [], [[key, quoted or bare] for key, quoted, bare in PAIR.findall(found["pairs"])]
        if text.strip() and not text.strip().startswith("{"):
            break
    return "", [], []


def _text(node: Any) -> str:
    kind, content = node["t"], node.get("c")
    if kind in ("Space", "SoftBreak"):
        return " "
    if kind == "Str":
        return str(content)
    if kind == "Quoted":
        return '"' + "".join(map(_text, content[1])) + '"'
    if kind in ("Emph", "Strong", "Subscript", "Superscript"):
        return "".join(map(_text, content))
    return str(content[1]) if kind in ("Code", "Math") else "\ufffc"
