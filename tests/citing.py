"""For the tests of citations: what `convert` does with the trees of chapters, in one call."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from impressum.core.model.sources import CitationStyle
from impressum.stages.convert import pandoc
from impressum.stages.convert.citations import excerpt_of, put_back, set_citations
from impressum.stages.convert.terms import Language
from impressum.system.cache import Memo


def set_in_place(
    trees: Mapping[str, list[Any]],
    *,
    bibliography: str,
    style: CitationStyle,
    language: Language,
    memo: Memo,
    folder: Path,
    path: str = "bib/references.bib",
) -> list[Any]:
    """Sets the citations in `trees` (blocks by chapter, changed in place); gives the blocks of the list of works."""
    cited = set_citations(
        {slug: excerpt_of(slug, tree) for slug, tree in trees.items()},
        bibliography=bibliography,
        path=path,
        style=style,
        language=language,
        everything=False,
        memo=memo,
        folder=folder,
    )
    for slug, blocks in cited.chapters.items():
        put_back(blocks, trees[slug])
    return cited.references


def of_citeproc(tag: str) -> ElementTree.Element:
    """The locale `tag` in pandoc's own file."""
    whole = Path(pandoc.program()).read_bytes()
    begin = whole.index(f'<locale xmlns="http://purl.org/net/xbiblio/csl" version="1.0" xml:lang="{tag}"'.encode())
    return ElementTree.fromstring(whole[begin : whole.index(b"</locale>", begin)] + b"</locale>")
