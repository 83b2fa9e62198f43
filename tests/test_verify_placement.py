"""Where letters stand on a page that is written down here, letter by letter: outside, or over one another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typst
from test_verify_values import book, hinted, text, theme

from impressum.core.errors import Fault, Faults, Place
from impressum.core.model.manuscript import Anchor
from impressum.stages.verify.evidence import area_of
from impressum.stages.verify.pages import Glyph, Line, PrintedPages, ReadPage, Rectangle
from impressum.stages.verify.placement import check_area, check_edges, check_overprint, find_overprint
from impressum.stages.verify.structure import IllustrationMade, Target, read_structure
from impressum.stages.verify.texts import check_texts
from impressum.stages.verify.words import WordStream

AREA = area_of(theme())
BLOCK = AREA.block


def placed(
    *lines: tuple[str, float, float],
    page: int = 2,
    checks: Any = (check_area,),
    body: int = 2,
    deeper: Mapping[int, float] | None = None,
    structure: Mapping[str, Any] | None = None,
    anchors: tuple[Anchor, ...] = (),
    whole: bool = False,
) -> list[Fault]:
    """What is wrong with lines that begin at these places of a page, each letter three points wide and ten high. Each
    is made of two runs, or of one (`whole`)."""
    texts = tuple(text(words, number) for number, (words, _, _) in enumerate(lines, 3))
    with book("Cover / x / x", {"texts": texts}, {}, {}) as evidence:
        made, glyphs = [], {}
        for number, (words, left, top) in enumerate(lines):
            box = Rectangle(left, top, left + 3 * len(words), top + 10)
            middle = (box.left + box.right) / 2
            runs = (box,) if whole else (replace(box, right=middle), replace(box, left=middle))
            made.append(Line(page, words, number * 100, runs, top + 10, 10.0, 3.0))
            letters = [
                Glyph(letter, Rectangle(left + 3 * at, top, left + 3 * at + 3, top + 10), 10.0, number)
                for at, letter in enumerate(words)
                if letter != " "
            ]
            glyphs[number * 100, 0], glyphs[number * 100, 4] = letters, letters[-4:]
        pages = list(evidence.printed.pages)
        pages[page - 1] = replace(pages[page - 1], lines=tuple(made))
        evidence.printed.pages = tuple(pages)
        evidence.printed._read_pages = [ReadPage(one, glyphs) for one in pages]
        evidence.stream = WordStream(evidence.printed.lines())
        evidence.body_page = body
        evidence.area = replace(evidence.area, deeper=deeper or {})
        evidence.structure = replace(evidence.structure, **(structure or {}))
        evidence.expected = replace(evidence.expected, anchors=anchors)
        check_texts(evidence)
        evidence.faults = Faults()
        for check in checks:
            check(evidence)
        return hinted(evidence.faults.all())


def said_of(faults: list[Fault]) -> list[str]:
    return [f"{fault.place.line}: {fault.message}" for fault in faults]


def to_right(words: str, over: float) -> tuple[str, float, float]:
    """A line whose end stands `over` points outside of the block."""
    return words, BLOCK.right + over - 3 * len(words), BLOCK.top + 50


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (("Words within", BLOCK.left, BLOCK.top), ""),
        (("Words within", BLOCK.left - 2, BLOCK.top), ""),
        (("Words out", BLOCK.left - 2.1, BLOCK.top), "3: `Words` on page 2: 2 pt to the left of the type area"),
        (("Far out", BLOCK.left - 9, BLOCK.top), "3: `Far` on page 2: 9 pt to the left of the type area"),
        (to_right("Words within", 2), ""),
        (to_right("Words that pass", 3), "3: `pass` on page 2: 3 pt to the right of the type area"),
        (to_right("Words that pass", 9), "3: `pass` on page 2: 9 pt to the right of the type area"),
        (to_right("A sign that hangs.", 5), ""),
        (to_right("A sign that hangs too far.", 7), "3: `far.` on page 2: 7 pt to the right of the type area"),
        (("Above", BLOCK.left, BLOCK.top - 2), ""),
        (("Too high", BLOCK.left, BLOCK.top - 3), "3: `Too high` on page 2: 3 pt above the type area"),
        (("Deep enough", BLOCK.left, BLOCK.bottom - 8), ""),
        (("Too deep", BLOCK.left, BLOCK.bottom - 7), "3: `Too deep` on page 2: 3 pt below the type area"),
        (("The running head", BLOCK.left, AREA.head[0]), ""),
        (("The running head", BLOCK.left - 5, AREA.head[0]), "3: `The` on page 2: 5 pt to the left of the type area"),
        (("12", BLOCK.left, AREA.foot[0]), ""),
        (("12", BLOCK.left, AREA.foot[1] - 10), ""),
        (("w" * 66, BLOCK.left, AREA.foot[0]), ""),
    ],
)
def test_words_outside_the_type_area_are_named_with_their_side(line: tuple[str, float, float], found: str) -> None:
    assert said_of(placed(line)) == [found][: bool(found)]


def test_pages_that_page_fitting_made_deeper_hold_a_line_more() -> None:
    pitch = theme().number("type", "body", "leading")
    line, after = (
        ("A line more", BLOCK.left, BLOCK.bottom + pitch - 10),
        ("Two more", BLOCK.left, BLOCK.bottom + 2 * pitch - 10),
    )
    folio = "12", BLOCK.left, BLOCK.bottom + 1.6 * pitch
    marks = {"places": {"01-a/one": Target(2, BLOCK.top)}}
    anchors = (Anchor("01-a/one", "heading", "", "One", "01-a", Place("a.md"), 1),)

    def deeper(depth: int, *lines: tuple[str, float, float], page: int = 2) -> list[str]:
        with book("Cover / x / x", {"depth": depth}, marks, {"anchors": anchors}) as evidence:
            return said_of(placed(*lines, page=page, deeper=evidence.area.deeper))

    assert deeper(1, line, folio) == []
    assert deeper(1, line, page=3) == [], "the chapter goes on"
    assert deeper(1, after) == [f"3: `Two more` on page 2: {pitch:.0f} pt below the type area"]
    for depth in (0, -1):
        assert deeper(depth, line) == [f"3: `A line more` on page 2: {pitch:.0f} pt below the type area"]


def test_a_line_of_words_in_the_place_of_the_folio_is_outside() -> None:
    words = "w " * 34
    (fault,) = placed((words, BLOCK.left, AREA.foot[0]), whole=True)
    assert fault.message.endswith("pt below the type area")


def test_lines_of_one_block_that_stand_outside_are_one_fault_with_its_spot() -> None:
    top = BLOCK.top
    lines = (
        ("One out", BLOCK.left - 5, top),
        ("Two out", BLOCK.left - 9, top + 20),
        ("Three in", BLOCK.left, top + 40),
    )
    (first, second) = placed(*lines)
    assert said_of([first, second]) == [
        "3: `One` on page 2: 5 pt to the left of the type area",
        "4: `Two` on page 2: 9 pt to the left of the type area",
    ]
    (both,) = placed(*lines, body=3)
    assert both.message == "`Two` and 1 more lines on page 2: 9 pt to the left of the type area"
    assert (both.place, both.spot) == (Place("publication.yaml"), (2, top, top + 30))


def test_on_the_cover_only_what_leaves_the_page_is_outside() -> None:
    assert placed(("Anywhere", 5, 5), page=1) == []
    assert said_of(placed(("Off the page", -9, 5), page=1)) == ["0: `Off` on page 1: 9 pt to the left of the page"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((("One line", 100, 100), ("Another", 100, 111)), ""),
        ((("One line", 100, 100), ("Another", 200, 100)), ""),
        (
            (("One line", 100, 100), ("Another", 100, 102)),
            "`One line` and `Another` are printed over each other on page 2",
        ),
        ((("One line", 100, 100), ("Another", 121, 102)), ""),
        ((("One line", 100, 100), ("Another", 118, 102)), "`line` and `Another` are printed over each other on page 2"),
        ((("One ....", 100, 100), ("....", 112, 102)), ""),
    ],
)
def test_words_that_are_printed_over_others_are_named_with_them(
    lines: tuple[tuple[str, float, float], ...], found: str
) -> None:
    faults = placed(*lines, checks=(find_overprint, check_overprint))
    assert [fault.message for fault in faults] == [found][: bool(found)]
    assert not faults or faults[0].spot == (2, 100, 110)


def test_pairs_of_lines_over_each_other_are_one_fault_a_block() -> None:
    lines = (("One line", 100, 100), ("Another", 100, 102), ("Third one", 100, 200), ("Fourth", 100, 202))
    checks = (find_overprint, check_overprint)
    assert [(fault.place.line, fault.spot) for fault in placed(*lines, checks=checks)] == [
        (3, (2, 100, 110)),
        (5, (2, 200, 210)),
    ]
    (both,) = placed(*lines, checks=checks, body=3)
    assert both.message == "`One line` and `Another` are printed over each other on page 2, and 1 more pairs of lines"
    assert both.spot == (2, 100, 210)


PICTURE = IllustrationMade("A bridge.", 2, Rectangle(200, 200, 300, 260))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (("All within", 210, 220), ""),
        (("Beside it", 120, 220), ""),
        (("Below it", 210, 262), ""),
        (("Too far by far", 285, 220), "`far by far` in a figure on page 2 is cut off at its right edge, by 27 pt"),
        (("Too far", 190, 220), "`Too` in a figure on page 2 is cut off at its left edge, by 10 pt"),
        (("Hangs", 210, 255), "`Hangs` in a figure on page 2 is cut off at its lower edge, by 5 pt"),
    ],
)
def test_words_of_a_figure_over_its_edge_are_named_where_the_figure_is_written(
    line: tuple[str, float, float], found: str
) -> None:
    structure = {
        "pictures": (replace(PICTURE, page=0), PICTURE),
        "places": {"fig-b": Target(2, 195), "fig-a": Target(2, 90)},
    }
    anchors = tuple(
        Anchor(f"fig-{one}", "figure", "1", "B", "01-a", Place("a.md", at)) for at, one in ((4, "a"), (9, "b"))
    )
    faults = placed(line, checks=(check_edges,), structure=structure, anchors=anchors)
    assert [(fault.place.line, fault.message) for fault in faults] == [(9, found)][: bool(found)]
    assert not faults or faults[0].spot == (2, 200, 260)


def test_words_below_the_picture_of_a_cover_are_not_cut_off_with_it() -> None:
    structure = {"pictures": (replace(PICTURE, page=1),)}
    assert placed(("Series, no. 3", 210, 255), page=1, checks=(check_edges,), structure=structure) == []


def test_words_that_an_svg_has_beyond_its_edge_are_found_in_the_file(tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60" font-size="12">{}</svg>'
    for name, x in (("cut", 150), ("whole", 20)):
        text = f'<text x="{x}" y="20">Exports abroad</text><text x="0" y="50">All of it</text>'
        (tmp_path / f"{name}.svg").write_text(svg.format(text), encoding="utf-8")
        (tmp_path / "a.typ").write_text(
            f'#set document(title: "x")\nCover.#pagebreak()\n#align(center, image("{name}.svg", alt: "Words."))\nText.',
            encoding="utf-8",
        )
        pdf = typst.compile(tmp_path / "a.typ", pdf_standards=["ua-1"])
        with book("Cover", {}, {}, {}) as evidence:
            evidence.printed = PrintedPages(pdf)
            evidence.structure = read_structure(pdf)
            check_edges(evidence)
            messages = [re.sub(r"\d+ pt", "so many pt", fault.message) for fault in hinted(evidence.faults.all())]
            evidence.printed.close()
        wanted = "`abroad` in a figure on page 2 is cut off at its right edge, by so many pt"
        assert messages == ([wanted] if name == "cut" else [])
