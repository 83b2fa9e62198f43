"""The specimen holds every construct in every edition, and builds without a warning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest
from building import PUBLICATIONS, line_of, specimen
from fitted import specimen_in

from impressum.core.errors import Faults
from impressum.core.model import document as d
from impressum.core.model.manuscript import Manuscript
from impressum.pipeline.build import check
from impressum.stages.verify import verify

EDITIONS = ("en", "de", "fr", "sr-Cyrl", "sr-Latn")
MADE_BY_US = {d.RawTypst, d.Reference}
"""What no chapter of this publication writes: it does not allow raw code, and citeproc makes the references."""

MENDED = ("chapter-end", "figure-far", "note-page", "page-", "type-")
"""How the rules begin that page fitting heeds."""


@dataclass(frozen=True)
class Read:
    """What is known of each edition before a page is set."""

    manuscripts: Mapping[str, Manuscript]

    def nodes(self, tag: str) -> list[d.Node]:
        """Every node of the chapters of an edition."""
        return [node for document in self.manuscripts[tag].documents for node in d.walk(document.blocks)]


@pytest.fixture(scope="module")
def read() -> Read:
    """The specimen without a fault."""
    with specimen() as root:
        run = line_of(root)
        made = check(run, documents=True)
    assert [str(fault) for fault in run.faults.all()] == []
    return Read({one.edition.tag: one.manuscript for one in made.editions})


def test_the_editions_are_read_without_a_fault(read: Read) -> None:
    assert sorted(read.manuscripts) == sorted(EDITIONS)


@pytest.mark.parametrize("tag", EDITIONS)
def test_every_block_and_every_inline_is_there(tag: str, read: Read) -> None:
    wanted = {*get_args(d.Block), *get_args(d.Inline)} - MADE_BY_US
    assert wanted - {type(node) for node in read.nodes(tag)} == set()


@pytest.mark.parametrize("tag", EDITIONS)
def test_every_box_every_width_and_every_style_is_there(tag: str, read: Read) -> None:
    found = read.nodes(tag)
    assert set(get_args(d.BoxKind)) == {node.kind for node in found if isinstance(node, d.Box)}
    assert set(get_args(d.Width)) == {node.width for node in found if isinstance(node, d.Figure | d.Table)}
    assert set(get_args(d.Style)) == {node.style for node in found if isinstance(node, d.Styled)}


@pytest.mark.parametrize("tag", EDITIONS)
def test_notes_stand_wherever_words_can(tag: str, read: Read) -> None:
    places = (d.Heading, d.Figure, d.Cell, d.Box, d.Quotation, d.BulletList, d.OrderedList, d.DefinitionList)
    found = read.nodes(tag)
    for place in places:
        assert any(isinstance(inner, d.Note) for node in found if isinstance(node, place) for inner in d.walk(node)), (
            place
        )
    assert {node.mark is None for node in found if isinstance(node, d.Note)} == {True, False}
    assert any(node.in_title or node.mark for node in found if isinstance(node, d.Note))


def test_it_is_set_without_a_warning_but_for_flaws_that_page_fitting_mends(tmp_path: Path) -> None:
    """Ensures it in the theme book; in the other one the specimen is set by test_link.py."""
    book, faults = specimen_in(tmp_path / "specimen", "book", tag="fr"), Faults()
    with book.typesetter() as typesetter:
        pdf = typesetter.set({}, faults).pdf
    verify(pdf, book.manuscript.expected, theme=book.theme, faults=faults)
    assert [str(fault) for fault in faults.all() if not fault.rule.startswith(MENDED)] == []


def test_every_chapter_is_in_every_edition() -> None:
    names = {
        tag: sorted(path.name for path in (PUBLICATIONS / "specimen/chapters" / tag).glob("*.md")) for tag in EDITIONS
    }
    assert len({tuple(found) for found in names.values()}) == 1
