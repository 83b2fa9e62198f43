"""The index on pages that are written down here: each entry in its place, with the pages of its marks."""

from __future__ import annotations

from typing import Any

import pytest
from test_verify_values import at, book, link, text, told

from impressum.core.errors import Place
from impressum.core.model.manuscript import ExpectedMark, IndexEntry
from impressum.stages.verify.index import check_index
from impressum.stages.verify.navigation import check_headings
from impressum.stages.verify.pages import Line, Rectangle
from impressum.stages.verify.structure import LinkMade, Target
from impressum.stages.verify.texts import check_texts
from impressum.stages.verify.words import WordStream

TEXTS = (text("The ferry crossed the river", 3), text("Salt came by cart", 5), text("and more salt is here", 7))
BODY = " / ".join(one.text for one in TEXTS)
MARKS = (
    ExpectedMark("a", "The", "ferry", at(3, 5)),
    ExpectedMark("b", "", "Salt", at(5, 1)),
    ExpectedMark("c", "and more", "salt", at(7, 10)),
    ExpectedMark("n", "of the", "note", at(3, 9), in_note=True),
    ExpectedMark("m", "crossed the river", "", at(3, 20)),
    ExpectedMark("w", "words that are not there", "", at(5, 9)),
    ExpectedMark("s", "", "", at(7, 1)),
    ExpectedMark("u", "", "nowhere", Place("other.md", 1)),
)
LINKS = tuple(link(5, "", page) for page in (2, 3, 4))


def entry(words: str, *pages: str, refers: str = "", line: int = 9) -> IndexEntry:
    """An entry with the labels of its marks, two of them joined by `-` for a range."""
    return IndexEntry(words, 0, tuple(tuple(one.split("-")) for one in pages), refers, at(line))


def indexed(
    printed: str, *entries: IndexEntry, body: str = BODY, links: tuple[LinkMade, ...] = LINKS * 2, **meant: Any
) -> list[str]:
    """What is said of the index on page 5."""
    chapter = {"texts": TEXTS, "marks": MARKS}
    expected = {"index_title": "Index", "index": entries, **meant}
    with book(f"Cover / {body} / Index; {printed}", chapter, {"links": links}, expected) as evidence:
        check_headings(evidence)
        check_texts(evidence)
        before = len(told(evidence))
        check_index(evidence)
        return told(evidence)[before:]


FERRY, SALT = entry("ferry", "a"), entry("salt", "b", "c", line=11)
LACKS = "error: the index on page 5 does not give page {} for `{}`, where its mark is [page-index]"
OTHER = "error: the index on page 5 gives page {} for `{}`, but no mark of it is there [page-index]"


@pytest.mark.parametrize(
    ("printed", "entries", "faults"),
    [
        ("ferry, 2; salt, 3, 4", (FERRY, SALT), []),
        ("Fer\ufffe; ry, 2; salt, 3,; 4", (FERRY, SALT), []),
        ("Letters; ferry, 2; salt works, 3; salt, 3, 4", (FERRY, SALT), []),
        (
            "ferry, 3; salt, 3, 4",
            (FERRY, SALT),
            [f"3:5: {LACKS.format(2, 'ferry')}", f"9:1: {OTHER.format(3, 'ferry')}"],
        ),
        ("ferry, 2; salt, 3", (FERRY, SALT), [f"7:10: {LACKS.format(4, 'salt')}"]),
        ("ferry, 2; salt, 2–4", (FERRY, SALT), [f"11:1: {OTHER.format(2, 'salt')}"]),
        ("“Titanic” (ship), 2; law of « salt », 3", (entry("Titanic (ship)", "a"), entry("law of salt", "b")), []),
        (
            "„Titanik“ (ship), 2",
            (entry("Titanic (ship)", "a"),),
            ["9:1: error: the index on page 5 has no entry `Titanic (ship)` where it belongs [page-index]"],
        ),
        ("salt, 3–4", (entry("salt", "b-c"),), []),
        ("salt, 3", (entry("salt", "b-c"),), [f"5:1: {LACKS.format(4, 'salt')}"]),
        ("salt, 2–4", (entry("salt", "b-c"),), [f"9:1: {OTHER.format(2, 'salt')}"]),
        ("salt, 2–4", (entry("salt", "a-c"),), []),
        (
            "salt, 3, 4; ferry, 2",
            (FERRY, SALT),
            ["11:1: error: the index on page 5 has no entry `salt` where it belongs [page-index]"],
        ),
        (
            "ferry; salt, 3, 4",
            (FERRY, SALT),
            ["9:1: error: the index on page 5 has no entry `ferry` where it belongs [page-index]"],
        ),
        (
            "salt, 3",
            (FERRY, SALT),
            [
                f"7:10: {LACKS.format(4, 'salt')}",
                "9:1: error: the index on page 5 has no entry `ferry` where it belongs [page-index]",
            ],
        ),
        (
            "boat, see river; salt, 3",
            (entry("boat", refers="see ferry"), SALT),
            [
                f"7:10: {LACKS.format(4, 'salt')}",
                "9:1: error: the entry `boat` of the index does not go on with `see ferry` [page-index]",
            ],
        ),
        ("ferry, 2 / ^Index; salt, 3, 4", (FERRY, SALT), []),
        ("trade; salt, 3, 4", (entry("trade"), SALT), []),
        ("boat, see ferry", (entry("boat", refers="see ferry"),), []),
        ("boat, see ferry", (entry("boat", refers=", see ferry"),), []),
        ("ferry, 2; see also salt", (entry("ferry", "a", refers="see also salt"),), []),
        (
            "boat, see river; salt, 3, 4",
            (entry("boat", refers="see ferry"), SALT),
            ["9:1: error: the entry `boat` of the index does not go on with `see ferry` [page-index]"],
        ),
        ("boat, see river; boat, see ferry", (entry("boat", refers="see ferry"),), []),
        ("^ferry, 2", (FERRY,), ["9:1: error: the index on page 5 has no entry `ferry` where it belongs [page-index]"]),
        ("a note, 3", (entry("a note", "n"),), []),
        ("river, 2", (entry("river", "m"),), []),
        ("river, 3", (entry("river", "m"),), [f"3:20: {LACKS.format(2, 'river')}", f"9:1: {OTHER.format(3, 'river')}"]),
        ("cart, 3", (entry("cart", "w"),), []),
        ("cart, 4", (entry("cart", "w"),), [f"5:9: {LACKS.format(3, 'cart')}", f"9:1: {OTHER.format(4, 'cart')}"]),
        ("more, 4", (entry("more", "s"),), []),
        ("more, 3", (entry("more", "s"),), [f"7:1: {LACKS.format(4, 'more')}", f"9:1: {OTHER.format(3, 'more')}"]),
        ("other, 3", (entry("other", "u"),), []),
    ],
)
def test_each_entry_gives_the_pages_of_its_marks(
    printed: str, entries: tuple[IndexEntry, ...], faults: list[str]
) -> None:
    assert indexed(printed, *entries) == faults


def test_a_mark_is_on_a_page_of_its_block_where_the_words_around_it_stand() -> None:
    body = "The ferry / crossed the river / Salt came by cart and more salt is here"
    links = tuple(link(5, "", page) for page in (2, 3, 4))
    unknown = entry("trade", "w")
    assert indexed("river, 3", entry("river", "m"), body=body, links=links) == []
    assert indexed("river, 2", entry("river", "m"), body=body, links=links) == [
        f"3:20: {LACKS.format(3, 'river')}",
        f"9:1: {OTHER.format(2, 'river')}",
    ]
    assert indexed("trade, 4", unknown, body=body, links=links) == []


def test_a_note_that_is_found_is_held_to_its_page_and_a_mark_before_the_body_counts_for_nothing() -> None:
    body = BODY.replace("by cart", "by cart; ~1 of the note")
    assert indexed("a note, 3", entry("a note", "n"), body=body) == []
    assert indexed("a note, 4", entry("a note", "n"), body=body) == [
        f"3:9: {LACKS.format(3, 'a note')}",
        f"9:1: {OTHER.format(4, 'a note')}",
    ]


def test_each_number_leads_to_its_page() -> None:
    def leads(*made: LinkMade, printed: str = "ferry, 2; salt, 3, 4") -> list[str]:
        return indexed(printed, FERRY, SALT, links=made)

    said = "a number {} in the index, which begins on page 5, does not lead to that page [page-index]"
    said = f"publication.yaml: error: {said}"
    assert (
        leads(*LINKS[:2])
        == leads(*LINKS[:2], link(4, "", 4))
        == leads(*LINKS[:2], link(5, "so", 4))
        == [said.format(4)]
    )
    assert leads() == [said.format(page) for page in (2, 3, 4)]
    assert leads(*LINKS[:2], link(6, "", 4), printed="ferry, 2 / salt, 3, 4") == []
    assert leads(*LINKS[:2], link(6, "", 4)) == [said.format(4)]
    twice = (entry("ferry", "a"), entry("toll", "a"))
    assert indexed("ferry, 2; toll, 2", *twice, links=LINKS) == [said.format(2)]
    assert indexed("ferry, 2; toll, 2", *twice, links=(*LINKS, LINKS[0])) == []


def test_the_index_ends_before_the_back_cover_and_where_there_is_none_nothing_is_looked_for() -> None:
    lost = ["9:1: error: the index on page 5 has no entry `ferry` where it belongs [page-index]"]
    assert indexed("so / ferry, 2", FERRY, blurb=("ferry, 2",)) == lost
    assert indexed("so / ferry, 2", FERRY) == []
    assert indexed("ferry, 9", FERRY, index_title="") == []


def test_a_number_that_is_set_apart_begins_no_line() -> None:
    def apart(*places: tuple[str, float, float]) -> list[str]:
        with book(f"Cover / {BODY} / Index; x", {"texts": TEXTS, "marks": MARKS}, {"links": LINKS}, {
            "index_title": "Index", "index": (entry("2", line=8), FERRY),
        }) as evidence:  # fmt: skip
            *pages, last = evidence.printed.pages
            block = evidence.area.block
            some = tuple(
                Line(
                    5,
                    words,
                    0,
                    (Rectangle(block.left + x, block.top + 20 + y, block.left + x + 20, block.top + 30 + y),),
                )
                for words, x, y in places
            )
            evidence.printed.pages = (*pages, type(last)(5, last.width, last.height, (last.lines[0], *some)))
            evidence.stream = WordStream(evidence.printed.lines())
            check_headings(evidence)
            check_texts(evidence)
            check_index(evidence)
            return told(evidence)

    lost = ["8:1: error: the index on page 5 has no entry `2` where it belongs [page-index]"]
    assert apart(("ferry,", 0, 0), ("2", 60, 0)) == lost
    assert apart(("ferry,", 0, 0), ("2", 60, 3.9)) == apart(("ferry,", 0, 0), ("2", 16, 0)) == lost
    assert apart(("2", 60, 0), ("ferry,", 0, 0), ("2", 60, 0)) == []
    assert apart(("ferry,", 0, 0), ("2", 60, 4), ("ferry, 2", 0, 20)) == []
    assert apart(("ferry,", 60, 0), ("2", 75, 0), ("ferry, 2", 0, 20)) == []


def test_a_place_that_leads_nowhere_is_no_page_of_the_index() -> None:
    made = (*LINKS, LinkMade(5, "", Target(0, 0, "gone")))
    assert indexed("ferry, 2; salt, 3, 4", FERRY, SALT, links=made) == []
