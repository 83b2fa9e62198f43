"""The reference list, as citeproc set it, for a chapter of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from impressum.convert.build import Builder
from impressum.convert.fragment import IMPORT, Writer
from impressum.convert.typst import string
from impressum.convert.write_inlines import REF_PREFIX
from impressum.errors import Place
from impressum.model import document as d
from impressum.model.meant import Fragment, MeantChapter

SLUG = "references"


def entries(raw: list[Any]) -> dict[str, Any]:
    """The entries of citeproc's list by key, in order."""
    return {
        block["c"][0][0].removeprefix(REF_PREFIX): block["c"]
        for block in raw
        if block["t"] == "Div" and block["c"][0][0].startswith(REF_PREFIX)
    }


def write_references(
    listed: Mapping[str, Any], builder: Builder, writer: Writer, places: Mapping[str, Place], title: str
) -> tuple[Fragment, MeantChapter, dict[str, str]]:
    """The fragment of the list, what is meant by it, and the words of each entry by key."""
    fallback = Place("bib/references.bib")
    lines = [IMPORT.rstrip(), f"#references-title({string(title)})"]
    line_places = [fallback, fallback]
    words: dict[str, str] = {}
    builder.aligner.asleep += 1
    for key, (_, blocks) in listed.items():
        place = builder.aligner.fixed = places.get(key, fallback)
        label, content = _margin(blocks, builder)
        words[key] = d.plain((*label, *content))
        mark = f"[{writer.inlines(label)}]" if label else "none"
        written = f"#reference({string(REF_PREFIX + key)}, {mark}, [{writer.inlines(content)}])"
        for line, at in writer.lines(written, place):
            lines.append(line)
            line_places.append(at)
    builder.aligner.asleep -= 1
    fragment = Fragment(SLUG, "\n".join(lines) + "\n", tuple(line_places))
    return fragment, MeantChapter(SLUG, (), tuple(writer.made_links), (), {}), words


def _margin(blocks: Any, builder: Builder) -> tuple[tuple[d.Inline, ...], tuple[d.Inline, ...]]:
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
    return builder.inlines(left), builder.inlines(right)
