"""Turns the typed document of a chapter, and the list of references, into a Typst fragment and its expectations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from textwrap import shorten
from typing import Any

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.core.model.manuscript import ExpectedBlock, ExpectedChapter, Fragment
from impressum.stages.convert import write_figures, write_tables  # noqa: F401 - they register
from impressum.stages.convert.input import Input, inlines
from impressum.stages.convert.output import Output, block
from impressum.stages.convert.typst import language_options, string
from impressum.stages.convert.write_blocks import around_headings, lead_ins, notice
from impressum.stages.convert.write_figures import at_the_foot, ends_in_figures
from impressum.stages.convert.write_inlines import REF_PREFIX

IMPORT = '#import "/book/elements.typ": *\n'
SPOKEN = tuple(
    f"#let {name} = {name}.with(words: voice-here)" for name in ("figure-block", "figure-group", "table-block")
)
"""The functions that print words of the book, with those of another edition."""
BLOCK_WORDS = 120
"""Letters of a block by which `layout.yaml` can name it."""
PLACE_MARK = re.compile("\ue000(\\d+)\ue001")
BOOK = "references"
"""The slug of the list of works of the whole book; those of chapters begin with numbers."""
BIBLIOGRAPHY = Place("bib/references.bib")


def write_chapter(out: Output) -> tuple[Fragment, ExpectedChapter]:
    """The fragment of the chapter, and what is expected of it."""
    document = out.document
    out.around = around_headings(document.blocks)
    out.leads = lead_ins(document.blocks)
    out.at_the_foot = at_the_foot(document.blocks)
    lines = [(line, Place(document.path)) for line in (IMPORT.rstrip(), *_voice(out))]
    for index, node in enumerate(document.blocks):
        lines += _lines(_fitted(node, f"{document.slug}/{index}", out), node.place, out)
        if index == 0 and document.borrowed:
            lines.append((notice("mark.untranslated", node.place, out), node.place))
        lines.append(("", node.place))
    if document.blocks and ends_in_figures(document.blocks):
        lines.append(("#after-figures()", document.blocks[-1].place))
    titles = PLACE_MARK.sub("\n", "\n".join([IMPORT.rstrip(), *out.listed]))
    return _fragment(document.slug, lines, titles), out.expected.chapter(document.slug, document.language)


def write_references(listed: Iterable[d.Reference], out: Output, title: str) -> tuple[Fragment, ExpectedChapter]:
    """The fragment of the book's list of references, and what is expected of it."""
    begin = IMPORT.rstrip(), f"#references-title({string(title)})", "#references-list("
    lines = [(line, BIBLIOGRAPHY) for line in begin]
    for work in listed:
        lines += _lines(block(work, out).replace("#reference(", "arguments(", 1) + ",", work.place, out)
    lines.append((")", BIBLIOGRAPHY))
    titles = f'{IMPORT}#listed-title(1, "references", "", {string(title)})'
    return _fragment(BOOK, lines, titles), ExpectedChapter(BOOK, (), tuple(out.expected.links), (), {})


def _fragment(slug: str, lines: list[tuple[str, Place]], titles: str) -> Fragment:
    typst = "".join(f"{line}\n" for line, _ in lines)
    return Fragment.of(slug, typst, (place for _, place in lines), titles)


def _voice(out: Output) -> tuple[str, ...]:
    """The lines for a chapter in another language than its edition's; if borrowed, with that language's words."""
    if out.document.language == out.tag:
        return ()
    language = f"#set text({language_options(out.document.language)})"
    if not out.document.borrowed:
        return (language,)
    return language, f"#let voice-here = voice-of({string(out.document.borrowed)})", *SPOKEN


def _fitted(node: d.Block, key: str, out: Output) -> str:
    """`node` at the top of the chapter, where page fitting finds it under its key."""
    if isinstance(node, d.Division) and not node.language and not node.classes:
        return _opened(node, key, out)
    _remember(node, key, out)
    with out.within(key=key):
        written = block(node, out)
    if isinstance(node, d.Paragraph):
        lines = out.leads.get(id(node))
        hold, let_go = (f"#hold({lines})", f"\n#let-go({lines})") if lines else ("", "")
        return f"#paragraph({string(key)})[{written}{hold}]{let_go}"
    return f"#before({string(key)})\n{written}\n#after({string(key)})"


def _opened(division: d.Division, key: str, out: Output) -> str:
    """Writes a division that only names its blocks: they are at the top of the chapter, as others are."""
    parts = []
    if division.id:
        parts.append(out.label(division.id))
        out.expected.blocks.append(ExpectedBlock(f"{key}-0", "division", division.id, "", division.place))
    for index, node in enumerate(division.content):
        parts.append(out.at(node.place) + _fitted(node, f"{key}-{index}", out))
    return "\n\n".join(parts)


def _remember(node: d.Block, key: str, out: Output) -> None:
    """Notes what `layout.yaml` can name: the block, and the items of a list."""
    kind = type(node).__name__.lower()
    words = first_words(getattr(node, "content", getattr(node, "caption", ())))
    items = node.items if isinstance(node, d.BulletList | d.OrderedList) else ()
    out.expected.blocks.append(ExpectedBlock(key, kind, getattr(node, "id", ""), words, node.place))
    for index, item in enumerate(items):
        place = item[0].place if item else node.place
        out.expected.items.append(ExpectedBlock(f"{key}.{index}", "item", "", first_words(item), place))


def _lines(written: str, place: Place, out: Output) -> Iterator[tuple[str, Place]]:
    """The lines of `written` Typst, which begins at `place`, each with its place."""
    for index, part in enumerate(PLACE_MARK.split(written)):
        if index % 2:
            place = out.places[int(part)]
        else:
            yield from ((line, place) for line in part.split("\n"))
    out.places.clear()


def first_words(content: object) -> str:
    """The first words of `content`, by which it can be named."""
    return shorten(d.plain(content).replace(d.MAY_FOLLOW, ""), BLOCK_WORDS, placeholder="")


def entries(raw: list[Any]) -> dict[str, Any]:
    """The entries of citeproc's list by key, in order."""
    return {
        block["c"][0][0].removeprefix(REF_PREFIX): block["c"]
        for block in raw
        if block["t"] == "Div" and block["c"][0][0].startswith(REF_PREFIX)
    }


def works(listed: Mapping[str, Any], src: Input, places: Mapping[str, Place]) -> tuple[d.Reference, ...]:
    """The entries `listed`, in order, each at its place in the bibliography."""
    built = []
    for key, (_, blocks) in listed.items():
        place = places.get(key, BIBLIOGRAPHY)
        with src.aligner.detached(place):
            number, content = _margin(blocks, src)
        built.append(d.Reference(place, key, number, content))
    return tuple(built)


def section(title: str, listed: tuple[d.Reference, ...], path: str) -> tuple[d.Block, ...]:
    """The section at the end of the chapter in the file `path` that lists its own works."""
    place = Place(path)
    words: list[d.Inline] = []
    for word in title.split(" "):
        words += [d.Space(place)] if words else []
        words.append(d.Text(place, word))
    return d.Heading(place, 2, "", numbered=False, listed=True, content=tuple(words)), *listed


def words_of(work: d.Reference) -> str:
    """The words of an entry, its number first."""
    return d.plain((*work.number, *work.content))


def _margin(blocks: Any, src: Input) -> tuple[tuple[d.Inline, ...], tuple[d.Inline, ...]]:
    """The number in the margin (numeric styles) and the text of an entry."""
    raw = [node for block in blocks for node in block.get("c", []) if isinstance(node, dict)]
    left: list[Any] = []
    right: list[Any] = []
    for node in raw:
        classes = node["c"][0][1] if node["t"] == "Span" else []
        if "csl-left-margin" in classes:
            left += node["c"][1]
        elif "csl-right-inline" in classes:
            right += node["c"][1]
        else:
            right.append(node)
    return inlines(left, src), inlines(right, src)
