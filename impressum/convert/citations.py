"""Citations of a whole edition through citeproc, whose input is only what it can touch.

Citeproc looks at the blocks that hold citations or notes (notes count for note styles), and at headings.
So the tree that it gets is those blocks, each in a division of its own; what comes back is put in their place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from impressum.convert import pandoc
from impressum.convert.inlines import XREF_CLASS
from impressum.convert.script import terms_in_latin
from impressum.memo import Memo

XREF_KINDS = ("fig", "tbl", "sec", "eq")
MARK = "impressum-block-"
MEANT = 0.8
"""How alike a bare `@word` and a key must be for it to be that key misspelt, and no handle."""


@dataclass(frozen=True)
class Style:
    """A citation style: its CSL text (empty: pandoc's own Chicago author-date)."""

    name: str
    csl: str


def settle(tree: Any, known: frozenset[str]) -> None:
    """Before citeproc: `@fig-x` becomes a cross-reference, a bare `@handle` that nothing knows becomes text."""
    if isinstance(tree, list):
        settled: list[Any] = []
        for node in tree:
            if isinstance(node, dict) and node.get("t") == "Cite":
                settled.extend(_settle_cite(node, known))
            else:
                settle(node, known)
                settled.append(node)
        tree[:] = settled
    elif isinstance(tree, dict):
        settle(tree.get("c"), known)


def _settle_cite(node: Any, known: frozenset[str]) -> list[Any]:
    citations, content = node["c"]
    first = citations[0]
    key = first["citationId"]
    if len(citations) > 1 and first["citationMode"]["t"] == "AuthorInText" and key not in known:
        # `@handle [see @doe, 3]`: pandoc takes the brackets as belonging to the handle
        alone = {"t": "Cite", "c": [[first], content[:1]]}
        return [*_settle_cite(alone, known), {"t": "Space"}, {"t": "Cite", "c": [citations[1:], content[2:]]}]
    if key not in known and key.partition("-")[0] in XREF_KINDS and "-" in key:
        spans: list[Any] = []
        for citation in citations:
            form = "number" if citation["citationMode"]["t"] == "SuppressAuthor" else "full"
            spans += [{"t": "Str", "c": ","}, {"t": "Space"}] if spans else []
            spans += [*citation["citationPrefix"], {"t": "Space"}] if citation["citationPrefix"] else []
            pairs = [["target", citation["citationId"]], ["form", form]]
            spans.append({"t": "Span", "c": [["", [XREF_CLASS], pairs], []]})
            spans += citation["citationSuffix"]
        return spans
    in_text = first["citationMode"]["t"] == "AuthorInText" and key not in known
    if in_text and pandoc_text(content) and not get_close_matches(key, known, n=1, cutoff=MEANT):
        return list(content)
    return [node]


def pandoc_text(content: Any) -> bool:
    """Whether a citation stands in the text as a bare `@word` (and not as `@{…}`)."""
    return bool(content) and content[0].get("t") == "Str" and not content[0]["c"].startswith("@{")


def set_citations(
    trees: Mapping[str, list[Any]],
    *,
    bibliography: str,
    style: Style,
    language: str,
    everything: bool,
    memo: Memo,
    folder: Path,
) -> list[Any]:
    """Sets the citations in `trees` (blocks by chapter, changed in place); gives the blocks of the reference list.

    `everything` lists works that are not cited too. Raises `Faulty` where citeproc cannot go on.
    """
    blocks: list[Any] = []
    places: list[tuple[str, int]] = []
    for slug, tree in trees.items():
        for index, block in enumerate(tree):
            if block["t"] == "Header" or _holds(block, ("Cite", "Note")):
                blocks.append({"t": "Div", "c": [[f"{MARK}{len(places)}", [], []], [block]]})
                places.append((slug, index))
    if not everything and not _holds(blocks, ("Cite",)):
        return []
    meta: dict[str, Any] = {
        "lang": {"t": "MetaString", "c": language},
        "link-citations": {"t": "MetaBool", "c": True},
        "suppress-bibliography": {"t": "MetaBool", "c": False},
    }
    if everything:
        cite = {
            "citationId": "*",
            "citationPrefix": [],
            "citationSuffix": [],
            "citationMode": {"t": "NormalCitation"},
            "citationNoteNum": 0,
            "citationHash": 0,
        }
        meta["nocite"] = {"t": "MetaInlines", "c": [{"t": "Cite", "c": [[cite], [{"t": "Str", "c": "@*"}]]}]}
    book = {"pandoc-api-version": [1, 23, 1], "meta": meta, "blocks": blocks}
    done = pandoc.citeproc(book, bibliography=bibliography, style=style.csl, memo=memo, folder=folder)
    references: list[Any] = []
    for block in done["blocks"]:
        identifier = block["c"][0][0] if block["t"] == "Div" else ""
        if identifier.startswith(MARK):
            slug, index = places[int(identifier.removeprefix(MARK))]
            inner = block["c"][1]
            trees[slug][index] = inner[0] if len(inner) == 1 else {"t": "Div", "c": [["", [], []], inner]}
        elif identifier == "refs":
            references = block["c"][1]
    if language == "sr-Latn":
        terms_in_latin(list(trees.values()), bibliography, inside=False)
        terms_in_latin(references, bibliography, inside=True)
    return references


def _holds(tree: Any, kinds: tuple[str, ...]) -> bool:
    text = json.dumps(tree)
    return any(f'"t": "{kind}"' in text for kind in kinds)
