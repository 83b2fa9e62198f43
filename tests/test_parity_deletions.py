"""Parity of a chapter with itself is empty; whatever is taken out of a translation is found, and nothing besides."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import cycle

import pytest
from building import PUBLICATIONS
from parity_chapters import LANGUAGES, chapter, compared, nodes_in_text, specimen, without
from test_any_chapter import Author

from impressum.checks.parity import findings as rules
from impressum.core.errors import Fault, Place
from impressum.core.model import document as d
from impressum.core.model.manuscript import ChapterDocument

NUMBER = re.compile(r"\d[\d.,]*\d|\d")
CHAPTERS = sorted(path.stem for path in (PUBLICATIONS / "specimen/chapters/en").glob("*.md"))
NEAR = 3
"""Lines within which a loss is named: one of two blocks that are much alike may be taken for the other."""
RULES: dict[type[d.Node], set[str]] = {
    d.Heading: {rules.HEADINGS},
    d.Note: {rules.NOTES},
    d.Citation: {rules.CITATIONS, rules.TABLES},  # the source of a table may be nothing else
    d.Figure: {rules.FIGURES},
    d.Table: {rules.TABLES},
    d.Paragraph: {rules.BLOCKS, rules.TABLES},  # in a cell
    d.BulletList: {rules.BLOCKS, rules.TABLES},
    d.Quotation: {rules.BLOCKS},
    d.Box: {rules.BLOCKS},
    d.Equation: {rules.BLOCKS},
    d.CodeBlock: {rules.BLOCKS},
    d.Link: {rules.LINKS},
    d.CrossReference: {rules.REFERENCES},
    d.Text: {rules.NUMBERS},
}


def generated(seed: int) -> ChapterDocument:
    """A chapter that nobody wrote."""
    return chapter(Author(random.Random(seed)).chapter(12))


@pytest.mark.parametrize("tag", ["en", "sr-Cyrl"])
def test_a_chapter_has_no_difference_from_itself(tag: str) -> None:
    for document in specimen()[tag].documents.values():
        assert compared(document, document) == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_chapter_that_nobody_wrote_has_no_difference_from_itself(seed: int) -> None:
    document = generated(seed)
    assert compared(document, document) == ()


@pytest.mark.parametrize("tag", LANGUAGES[1:])
def test_the_specimen_has_all_that_its_source_has(tag: str) -> None:
    for slug, document in specimen()["en"].documents.items():
        assert compared(specimen()[tag].documents[slug], document) == ()


def losses(document: ChapterDocument, chance: random.Random) -> Iterator[tuple[d.Node, ChapterDocument]]:
    """One of the nodes of each kind, with the chapter without it."""
    for kind in RULES:
        nodes = [node for node in nodes_in_text(document.blocks) if type(node) is kind and _counts(node, document)]
        for node in chance.sample(nodes, min(1, len(nodes))):
            blocks = without(document.blocks, node)
            assert isinstance(blocks, tuple)
            yield node, document.with_blocks(blocks)


def _counts(node: d.Node, document: ChapterDocument) -> bool:
    """Whether one thing is lost with `node`: it is no word, no link with a number in its words, and not the title."""
    if isinstance(node, d.Text):
        return bool(NUMBER.fullmatch(node.text))
    if isinstance(node, d.Link):
        return not NUMBER.search(d.plain(node.content))
    return not (isinstance(node, d.Heading) and node is document.blocks[0])


def check(node: d.Node, found: tuple[Fault, ...]) -> None:
    """One thing is said, under the rule of the kind of `node`."""
    assert [fault.rule for fault in found if fault.rule not in RULES[type(node)]] == [], (node, found)
    assert len(found) == 1, (node, found)


@pytest.mark.parametrize("slug", CHAPTERS[1::2])
def test_what_is_taken_out_of_a_chapter_is_named_with_its_place(slug: str) -> None:
    document = specimen()["en"].documents[slug]
    for node, less in losses(document, random.Random(slug)):
        found = compared(less, document)
        check(node, found)
        place = named(found[0])
        assert (place.path, place.line) == (node.place.path, node.place.line), (node, found)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_taken_out_of_a_chapter_that_nobody_wrote_is_named(seed: int) -> None:
    document = generated(seed)
    for node, less in losses(document, random.Random(seed)):
        check(node, compared(less, document))


@pytest.mark.parametrize(("slug", "tag"), list(zip(CHAPTERS[::2], cycle(["sr-Cyrl", "de"]), strict=False)))
def test_what_is_taken_out_of_a_translation_is_named_near_its_place(slug: str, tag: str) -> None:
    source, document = (specimen()[one].documents[slug] for one in ("en", tag))
    for node, less in losses(document, random.Random(slug + tag)):
        found = compared(less, source)
        check(node, found)
        assert is_near(found[0], node), (node, found)


def is_near(fault: Fault, node: d.Node) -> bool:
    """Whether `fault` is where `node` was: before what comes next, behind what came before, or in the same text."""
    away = fault.place.line - node.place.line
    if fault.place.path != node.place.path:  # what comes before or next is a text that the chapter includes
        return True
    if "missing before this" in fault.message:
        return away >= -NEAR
    return away <= NEAR if "missing behind this" in fault.message else abs(away) <= NEAR


def named(fault: Fault) -> Place:
    """The place of the source that a message names."""
    found = re.search(r"\(([\w/.-]+\.md):(\d+):(\d+)\)", fault.message)
    assert found
    return Place(found[1], int(found[2]), int(found[3]))
