"""The lists of references, as citeproc set them: one for the book in a chapter of its own, or one a chapter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.core.model.manuscript import ExpectedChapter, Fragment
from impressum.stages.convert.fragment import IMPORT, lines_of
from impressum.stages.convert.input import Input, inlines
from impressum.stages.convert.output import Output, block
from impressum.stages.convert.typst import string
from impressum.stages.convert.write_inlines import REF_PREFIX

SLUG = "references"
BIBLIOGRAPHY = Place("bib/references.bib")


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
        with src.aligner.sleeping(place):
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


def write_references(listed: Iterable[d.Reference], out: Output, title: str) -> tuple[Fragment, ExpectedChapter]:
    """The fragment of the book's list, and what is meant by it."""
    lines = [IMPORT.rstrip(), f"#references-title({string(title)})"]
    places = [BIBLIOGRAPHY, BIBLIOGRAPHY]
    for work in listed:
        for line, at in lines_of(block(work, out), work.place, out):
            lines.append(line)
            places.append(at)
    titles = f'{IMPORT}#listed-title(1, "references", "", {string(title)})'
    fragment = Fragment(SLUG, "\n".join(lines) + "\n", tuple(places), titles)
    return fragment, ExpectedChapter(SLUG, (), tuple(out.expected.links), (), {})


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
