"""Reads the inlines of pandoc's tree: words, links, notes, citations, each at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from impressum.core.errors import Fault, Place, nearest
from impressum.core.model import document as d
from impressum.core.model.heading_ids import slugify
from impressum.stages.convert import html
from impressum.stages.convert.attributes import KEY, short
from impressum.stages.convert.input import Input, blocks, inlines, reads
from impressum.stages.convert.preprocess import INLINE_CHUNK, expanded
from impressum.stages.convert.slips import leftover
from impressum.stages.convert.words import WORD

STYLES: dict[str, d.Style] = {
    "Emph": "emphasis",
    "Strong": "strong",
    "Strikeout": "strikeout",
    "Superscript": "superscript",
    "Subscript": "subscript",
    "SmallCaps": "smallcaps",
    "Underline": "underline",
}
ADDRESS = re.compile(r"(https?://\S+?)([.,;:)]*)\Z")
LINK_END = re.compile(r"\](?:\(#|[ \n]?\[([^\[\]]+)\])?")
PANDOC_CROSSREF = re.compile(r"(sec|fig|tbl|tab|eq):(.+)")
"""A cross-reference as pandoc-crossref and bookdown write it."""
CROSSREF_KINDS = {"sec": "section", "fig": "figure", "tbl": "table", "eq": "formula"}
PLAIN_MARKS = ((re.compile("---"), "—"), (re.compile("--"), "–"), (re.compile(r"\.\.\."), "…"), (re.compile("'"), "’"))
EMPHASIS = re.compile(r"\*(\S(?:[^*]*\S)?)\*")
NOTE_WORDS = 3
"""Words by which a note is known."""


def line(raw: Any, src: Input) -> tuple[d.Inline, ...]:
    """The inlines of a paragraph, a heading, a caption: the aligner knows which words are coming."""
    with src.aligner.expecting(list(_words(raw))):
        return inlines(raw, src)


def placed(
    read: Callable[[Any, Input], tuple[d.Inline, ...]], raw: Any, src: Input
) -> tuple[tuple[d.Inline, ...], Place]:
    """The nodes that `read` (`line` or `inlines`) makes of `raw`, and the place of their first word."""
    opened, expected = src.aligner.open(), src.aligner.here()
    content = read(raw, src)
    return content, src.aligner.close(opened, expected)


@reads("Str")
def _text(text: str, src: Input) -> d.Inline:
    begin = src.aligner.offset()
    place = src.aligner.words(text)
    if not WORD.search(text) and not text.isascii():  # an emoji
        place = src.aligner.written(text, begin) or place
    if not src.aligner.is_detached:
        left = leftover(text, in_note=src.notes_open > 0, notes=src.defined)
        at = src.aligner.written(left.letters, begin, text) if left and left.letters else place
        if left and at:
            src.faults.add(Fault(at, left.message, left.rule, left.hint, left.severity))
    return d.Text(place, text)


@reads("Space", "SoftBreak")
def _space(_raw: Any, src: Input) -> d.Inline:
    return d.Space(Place(src.chapter.source.body.path))


@reads("LineBreak")
def _linebreak(_raw: Any, src: Input) -> d.Inline:
    return d.LineBreak(Place(src.chapter.source.body.path))


def _styled(raw: Any, src: Input, style: d.Style) -> d.Inline:
    content = inlines(raw, src)
    return d.Styled(content[0].place if content else src.aligner.here(), style, content)


for tag, name in STYLES.items():
    reads(tag)(partial(_styled, style=name))


@reads("Quoted")
def _quoted(raw: Any, src: Input) -> d.Inline:
    kind, inner = raw
    content = inlines(inner, src)
    place = content[0].place if content else src.aligner.here()
    return d.Quoted(place, kind["t"] == "DoubleQuote", content)


@reads("Code")
def _code(raw: Any, src: Input) -> d.Inline:
    attributes, text = raw
    place = src.aligner.words(text)
    src.guard.attributes(attributes, place, src.behind(), classes=None)
    if INLINE_CHUNK.fullmatch(text):
        hint = "R Markdown and Quarto would print what it gives: write that, or a value of `publication.yaml`"
        src.faults.warning(place, f"`{short(text)}` is not run here, and is printed as it stands", "code-chunk", hint)
    return d.Code(place, text)


@reads("Math")
def _math(raw: Any, src: Input) -> d.Inline:
    kind, tex = raw
    begin = src.aligner.offset()
    place = src.aligner.words(tex)
    if not WORD.search(tex):  # a formula of signs only
        place = src.aligner.written(tex, begin) or place
    return d.Math(place, expanded(tex, src.macros), kind["t"] == "DisplayMath")


@reads("RawInline")
def _rawinline(raw: Any, src: Input) -> d.Inline | None:
    form, code = raw
    return raw_text(form, code, src)


@reads("Link")
def _link(raw: Any, src: Input) -> d.Inline | None:
    attributes, inner, (target, _title) = raw
    content, place = placed(inlines, inner, src)
    find = src.behind()
    if not content:
        place = find(target, "](") or place
    src.guard.attributes(attributes, place, find)
    if target == "#" and (heading := _heading_named(src, d.plain(content))):
        target += slugify(heading)
    allowed = src.guard.target(target, place)
    if not content and allowed is not None:
        hint = "say where it leads in its brackets"
        src.faults.error(place, f"the link to `{short(target)}` has no text", "link-empty", hint)
    return d.Link(place, allowed, content) if allowed is not None else None


def _heading_named(src: Input, words: str) -> str:
    """The heading that the link just read names, as in `[Heading]` or `[words][Heading]`; empty for `[words](#)`."""
    found = src.aligner.pattern(LINK_END)
    return (found[1] or words) if found and found[0] != "](#" else ""


@reads("Image")
def image(raw: Any, src: Input) -> d.Image | None:
    """The image that pandoc's content of one is; None with a fault where it cannot be shown."""
    attributes, inner, (target, _title) = raw
    words, place = placed(inlines, inner, src)
    find = src.behind()
    place = src.aligner.target(target) or place
    kept = src.guard.attributes(attributes, place, find)
    return src.images.find(target, kept, place, caption=d.plain(words))


@reads("Note")
def _note(raw: Any, src: Input) -> d.Inline:
    identifier, place = src.aligner.enter_note(_beginning(raw)[:NOTE_WORDS])
    src.notes_open += 1
    content = blocks(raw, src)
    src.notes_open -= 1
    src.aligner.leave_note()
    own = identifier if identifier and not re.search(r"\w", identifier) else None
    return d.Note(place, own, content, name=identifier or "")


@reads("Cite")
def _cite(raw: Any, src: Input) -> d.Inline:
    citations, content = raw
    place = src.aligner.here()
    keys, locators = [], []
    for index, citation in enumerate(citations):
        inlines(citation["citationPrefix"], src)
        found = src.aligner.literal("@" + citation["citationId"]) or src.aligner.literal("@{" + citation["citationId"])
        if index == 0 and found:
            place = found
        _check_key(citation["citationId"], found or place, src)
        locators.append(d.plain(inlines(citation["citationSuffix"], src)))
        keys.append(citation["citationId"])
    with src.aligner.detached():
        built = inlines(content, src)
    return d.Citation(place, tuple(keys), built, tuple(locators))


def _check_key(key: str, place: Place, src: Input) -> None:
    if not KEY.match(key):
        message = f"the citation key `{short(key)}` has characters that a key may not have"
        src.faults.error(place, message, "citation-malformed", "use the key as it is in the bibliography")
    elif key not in src.known_keys and (named := PANDOC_CROSSREF.fullmatch(key)):
        kind = {"tab": "tbl"}.get(named[1], named[1])
        name = f"{kind}-{short(named[2])}"
        message = f"`@{short(key)}` is read as a citation, and the bibliography has no such entry"
        hint = f"to refer to a {CROSSREF_KINDS[kind]}, write `@{name}`, and `{{#{name}}}` where it stands"
        src.faults.error(place, message, "citation-unknown", hint)
    elif key not in src.known_keys:
        near = nearest(key, src.known_keys)
        message = f"`{short(key)}` is cited but the bibliography has no such entry"
        hint = f"did you mean `{near}`?" if near else "add the entry to the bibliography, or mend the key"
        src.faults.error(place, message, "citation-unknown", hint)


def raw_text(form: str, code: str, src: Input) -> d.RawTypst | d.Text | None:
    """Raw `code` in the language `form`: Typst where it is allowed; comments are nothing, the rest are faults."""
    if src.aligner.is_detached and form == "latex":  # a macro unknown to pandoc: a fault of its entry
        return None
    place = src.aligner.literal(code.strip()) or src.aligner.words(code)
    if form == "html":
        return _html(code, place, src)
    if form == "typst" and src.raw_allowed:
        return d.RawTypst(place, code, block=False)
    allow = ", or set `raw: allow` in publication.yaml if you answer for the code" if form == "typst" else ""
    src.faults.error(place, f"raw {short(form)} is not allowed in chapters", "raw-code", f"write it in Markdown{allow}")
    return None


def _html(code: str, place: Place, src: Input) -> d.Text | None:
    """A fault, but for comments, and for words in angle brackets that are no HTML."""
    if html.is_comment(code):
        return None
    if html.is_text(code):
        message = f"`{short(code)}` is no HTML for text and is printed as it stands"
        src.faults.warning(place, message, "html-unknown", f"write `\\{short(code)}` if it is meant so")
        return d.Text(place, code)
    name, closes = html.element(code)
    if closes and name in src.html_open:
        src.html_open.remove(name)  # its opening tag is a fault already
        return None
    if html.belongs_to_one_of(name, src.html_open):
        return None
    src.html_open.append(name)
    src.faults.error(place, f"raw HTML is not allowed in chapters: `{short(code)}`", "raw-html", html.instead(code))
    return None


def attribute_words(key: str, values: Mapping[str, str], fallback: Place, src: Input) -> tuple[d.Inline, ...]:
    """The words of an attribute, in which only `*emphasis*` is Markdown; the aligner goes on behind them."""
    value = values.get(key, "").strip()
    place = src.aligner.literal(value) or fallback if value else fallback
    return short_text(value, place)


def short_text(value: str, place: Place) -> tuple[d.Inline, ...]:
    """The words of a short text, in which only `*emphasis*` is Markdown."""
    for pattern, sign in PLAIN_MARKS:
        value = pattern.sub(sign, value)
    content: list[d.Inline] = []
    for number, part in enumerate(value.split('"') if value.count('"') % 2 == 0 else [value]):
        if number % 2:
            content.append(d.Quoted(place, True, _with_emphasis(part.strip(), place)))
        else:
            content += _with_emphasis(part, place)
    return tuple(content)


def _with_emphasis(text: str, place: Place) -> tuple[d.Inline, ...]:
    """`text` as words; `*so*` are emphasised."""
    content: list[d.Inline] = []
    for number, part in enumerate(EMPHASIS.split(text)):
        words = re.split(r"(\s+)", part)
        inner = tuple(d.Space(place) if word.isspace() else d.Text(place, word) for word in words if word)
        content += [d.Styled(place, "emphasis", inner)] if number % 2 else inner
    return tuple(content)


def with_links(text: str, place: Place) -> tuple[d.Inline, ...]:
    """A source as it is written in an attribute or in YAML, as inlines; an address in it is a link."""
    built: list[d.Inline] = []
    for word in text.split():
        if built:
            built.append(d.Space(place))
        address = ADDRESS.match(word)
        if address:
            built.append(d.Link(place, address[1], (d.Text(place, address[1]),)))
        rest = address[2] if address else word
        if rest:
            built.append(d.Text(place, rest))
    return tuple(built)


def _beginning(blocks: Any) -> list[str]:
    """The words that `blocks` begin with: those of a paragraph, or of the first item of a list."""
    for block in blocks[:1]:
        if block["t"] in ("Para", "Plain"):
            return list(_words(block["c"]))
        if block["t"] in ("BulletList", "OrderedList"):
            items = block["c"] if block["t"] == "BulletList" else block["c"][1]
            return _beginning(items[0])
    return []


def _words(raw: Any) -> Iterator[str]:
    """The words of inlines in the order in which they are read here, without those of notes."""
    for node in raw:
        kind, content = node["t"], node.get("c")
        if kind == "Str":
            yield from WORD.findall(content)
        elif kind in ("Code", "Math", "RawInline"):
            yield from WORD.findall(content[1])
        elif kind == "Cite":
            for citation in content[0]:
                yield from _words(citation["citationPrefix"])
                yield from _words(citation["citationSuffix"])
        elif kind in STYLES:
            yield from _words(content)
        elif kind in ("Quoted", "Link", "Image", "Span"):
            yield from _words(content[1])
