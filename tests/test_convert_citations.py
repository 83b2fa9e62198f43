"""Citeproc sees only the blocks that it can touch; what comes back is the same as over the whole book."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from impressum.convert import pandoc
from impressum.convert.citations import set_citations, settle
from impressum.convert.styles import find_style
from impressum.errors import Faults, Place
from impressum.load import load
from impressum.memo import Memo
from impressum.model.sources import LineMap, RenderedChapter
from impressum.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
STYLES = [None, "apa", "ieee", "nature", "chicago-notes-bibliography", "mhra-notes-subsequent-ibid"]


def trees_of_the_sample(memo: Memo) -> tuple[dict[str, list[Any]], str, frozenset[str]]:
    sources = load(Workspace(ROOT), Faults(), editions=("en",))
    assert sources.bibliography is not None
    keys = frozenset(sources.bibliography.entries)
    trees: dict[str, list[Any]] = {}
    for chapter in sources.editions[0].chapters:
        plain = RenderedChapter(chapter, chapter.body.text, LineMap((), (), {}))
        parsed = pandoc.parse(plain, memo)
        assert isinstance(parsed, dict)
        trees[chapter.slug] = parsed["tree"]["blocks"]
        settle(trees[chapter.slug], keys)
    return trees, sources.bibliography.source.text, keys


@pytest.mark.parametrize("name", STYLES)
def test_citations_are_those_of_citeproc_over_the_whole_book(name: str | None, tmp_path: Path) -> None:
    memo = Memo(tmp_path / "memo")
    trees, bibliography, _ = trees_of_the_sample(memo)
    faults = Faults()
    style = find_style(name, Workspace(ROOT), Place("publication.yaml"), faults)
    assert faults.all() == ()
    whole = {
        "pandoc-api-version": [1, 23, 1],
        "meta": {"lang": {"t": "MetaString", "c": "en"}, "link-citations": {"t": "MetaBool", "c": True}},
        "blocks": [block for blocks in copy.deepcopy(trees).values() for block in blocks],
    }
    done = pandoc.citeproc(whole, bibliography=bibliography, style=style.csl, memo=memo, folder=tmp_path / "whole")
    listed = set_citations(
        trees,
        bibliography=bibliography,
        style=style,
        language="en",
        everything=False,
        memo=memo,
        folder=tmp_path / "parts",
    )
    expected = [block for block in done["blocks"] if not is_list(block)]
    assert [block for blocks in trees.values() for block in blocks] == expected
    assert [listed] == [block["c"][1] for block in done["blocks"] if is_list(block)]
    assert "ref-vladislavljev2025influence" in json.dumps(listed)


def is_list(block: Any) -> bool:
    return bool(block["t"] == "Div" and block["c"][0][0] == "refs")


def test_a_style_that_does_not_exist_is_named_with_the_nearest() -> None:
    faults = Faults()
    find_style("chicago-author-dates", Workspace(ROOT), Place("publication.yaml", 9, 17), faults)
    (fault,) = faults.all()
    assert str(fault).startswith(
        "publication.yaml:9:17: error: there is no citation style `chicago-author-dates` [style-unknown]\n"
        "  hint: did you mean `chicago-author-date"
    )


def test_a_style_that_is_only_another_name_is_followed_to_it() -> None:
    faults = Faults()
    style = find_style("nature-medicine", Workspace(ROOT), Place("publication.yaml"), faults)
    assert faults.all() == ()
    assert "<citation" in style.csl
