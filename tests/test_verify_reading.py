"""How a page of a PDF is read: places as a reader has them, lines by their letters, runs that cover each other."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from test_verify_values import theme

from impressum.stages.verify.evidence import Area, area_of
from impressum.stages.verify.page_memory import MOST_REMEMBERED, PageMemory, _packed, _read_page
from impressum.stages.verify.pages import (
    Coordinates,
    Glyph,
    Line,
    Page,
    PrintedPages,
    ReadPage,
    Rectangle,
    _letter,
)
from impressum.stages.verify.touching import touching

BOX = Rectangle(1, 2, 3, 4)
MM = 72 / 25.4


def test_a_box_knows_its_middle_what_it_holds_and_whether_it_is_empty() -> None:
    assert Rectangle(1, 2, 3, 4).middle == (2, 3)
    inside = [(1, 2), (3, 4), (1, 4), (3, 2), (2, 3)]
    outside = [(0.9, 3), (3.1, 3), (2, 1.9), (2, 4.1)]
    assert [BOX.holds(point) for point in (*inside, *outside)] == [True] * 5 + [False] * 4
    sizes = ((0.5, 0.5), (0.4, 9), (9, 0.4), (0.4, 0.4))
    assert [Rectangle(0, 0, right, bottom).empty for right, bottom in sizes] == [False, True, True, True]


def test_a_line_is_as_large_as_all_its_boxes() -> None:
    line = Line(1, "so", 0, (BOX, Rectangle(0, 3, 2, 9)))
    assert (line.left, line.top, line.right, line.bottom) == (0, 2, 3, 9)
    bare = Line(1, "so", 0, ())
    assert (bare.left, bare.top, bare.right, bare.bottom, bare.said) == (0, 0, 0, 0, "so")
    assert Line(1, "so", 0, (), logical="os").said == "os"


def test_places_are_those_that_a_reader_sees() -> None:
    upright, turned = Coordinates(100, False), Coordinates(100, True)
    assert (upright.box(1, 2, 3, 4), upright.point(1, 2)) == (Rectangle(1, 96, 3, 98), (1, 98))
    assert (turned.box(1, 2, 3, 4), turned.point(1, 2)) == (Rectangle(2, 1, 4, 3), (2, 1))
    lying, standing = Page(1, 100, 50, (), turned=True), Page(1, 100, 50, ())
    assert lying.as_printed(BOX) == Rectangle(2, 97, 4, 99)
    assert lying.as_read(Rectangle(2, 97, 4, 99)) == BOX
    assert standing.as_printed(BOX) == standing.as_read(BOX) == BOX


def test_what_is_no_character_is_read_as_none() -> None:
    codes = (0, 1, 65, 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0x10FFFF, 0x110000)
    assert [_letter(code) for code in codes] == [
        *("\ufffe", "\x01", "A", "\ud7ff", "\ufffe", "\ufffe", "\ue000", "\U0010ffff", "\ufffe")
    ]


@pytest.mark.parametrize(
    ("boxes", "touch"),
    [
        (((10, 10, 50, 20), (10, 16.5, 50, 26.5)), True),
        (((10, 10, 50, 20), (10, 16.6, 50, 26.6)), False),
        (((10, 10, 50, 20), (48, 10, 90, 20)), True),
        (((10, 10, 50, 20), (48.1, 10, 90, 20)), False),
        (((10, 10, 50, 20), (10, 13, 50, 16)), True),
        (((10, 10, 50, 20), (10, 17, 50, 19.9)), True),
        (((10, 10, 300, 20), (200, 10, 210, 20)), True),
        (((10, 10, 50, 20), (10, 20, 50, 30)), False),
        (((-50, 10, -10, 20), (-50, 10, -10, 20)), False),
        (((410, 10, 450, 20), (410, 10, 450, 20)), False),
        (((380, 10, 450, 20), (390, 10, 460, 20)), True),
        (((-50, 10, 10, 20), (-60, 10, 9, 20)), True),
    ],
)
def test_runs_touch_that_cover_each_other_to_a_good_part(
    boxes: tuple[tuple[float, float, float, float], ...], touch: bool
) -> None:
    lines = tuple(Line(1, "so", number, (Rectangle(*box),)) for number, box in enumerate(boxes))
    assert list(touching(Page(1, 400, 600, lines))) == [(0, 1)][: int(touch)]
    one = Line(1, "so", 0, tuple(Rectangle(*box) for box in boxes))
    assert list(touching(Page(1, 400, 600, (one,)))) == [(0, 0)][: int(touch)]


def test_lines_of_which_several_runs_cover_each_other_are_one_pair() -> None:
    boxes = tuple(Rectangle(left, 10, left + 30, 20) for left in (0, 50, 100))
    lower = tuple(replace(box, top=11, bottom=21) for box in boxes)
    lines = (Line(1, "so", 0, lower), Line(1, "so", 1, (*boxes[:2], lower[2])), Line(1, "so", 2, boxes[:1]))
    pages = printed("")
    pages.read(1).page = Page(1, 400, 600, lines)
    assert set(pages.touching(1)) == {(lines[0], lines[1]), (lines[1], lines[2]), (lines[0], lines[2])}
    assert len(pages.touching(1)) == 3
    pages.close()


def test_runs_that_cover_each_other_are_found_in_the_midst_of_others() -> None:
    boxes = ((0, 0, 30, 10), (0, 20, 400, 30), (50, 21, 90, 31), (0, 40, 30, 50), (200, 22, 230, 32))
    lines = tuple(Line(1, "so", number, (Rectangle(*box),)) for number, box in enumerate(boxes))
    assert list(touching(Page(1, 400, 600, lines))) == [(1, 2), (1, 4)]


def printed(*contents: str, turned: bool = False) -> PrintedPages:
    """Pages that show these contents."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        letters = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier)
        for content in contents:
            page = document.add_blank_page(page_size=(300, 400)).obj
            page.Resources = Dictionary(Font=Dictionary(F1=letters))
            page.Contents = document.make_stream(content.encode())
            if turned:
                page.Rotate = 90
        document.save(out)
    return PrintedPages(out.getvalue())


def test_a_line_is_read_with_its_baseline_its_size_and_its_space() -> None:
    pages = printed("BT /F1 10 Tf 50 300 Td (Two words here) Tj ET BT /F1 20 Tf 50 200 Td (So) Tj ET", "")
    (page, blank) = pages.pages
    assert (page.number, page.width, page.height, page.turned) == (1, 300, 400, False)
    assert (blank.number, blank.lines, blank.text) == (2, (), "")
    assert [(line.text, line.page, line.size, round(line.space, 3)) for line in page.lines] == [
        ("Two words here", 1, 10, 6),
        ("So", 1, 20, 0),
    ]
    assert [line.baseline for line in page.lines] == pytest.approx([100, 200])
    assert page.lines[0].first == 0
    assert page.lines[0].left == pytest.approx(50, abs=1.5)
    letters = pages.glyphs(page.lines[0])
    assert "".join(one.letter for one in letters) == "Twowordshere"
    assert {(one.size, one.run) for one in letters} == {(10, letters[0].run)}
    assert "".join(one.letter for one in pages.glyphs(page.lines[0], last=6)) == "shere"
    assert "".join(one.letter for one in pages.glyphs(page.lines[1], last=6)) == "So"
    assert pages.glyphs(page.lines[0]) is letters, "they are read once"
    assert [pages.has_picture(number) for number in (1, 2)] == [False, False]
    pages.close()


def test_a_page_that_is_turned_is_read_as_it_is_shown() -> None:
    pages = printed("BT /F1 10 Tf 0 1 -1 0 100 50 Tm (Two words) Tj ET", turned=True)
    (page,) = pages.pages
    assert (page.width, page.height, page.turned) == (400, 300, True)
    (line,) = page.lines
    assert (line.text, round(line.baseline, 3), round(line.space, 3)) == ("Two words", 100, 6)
    assert [line.left, line.right] == pytest.approx([50, 104], abs=1.5)
    pages.close()


def test_a_page_that_is_remembered_is_what_was_read() -> None:
    line = Line(3, "so", 4, (BOX,), 4.5, 2.5, 1.5, "os")
    glyphs = {(4, 0): [Glyph("s", BOX, 2.5, 7)], (4, 2): [Glyph("o", BOX, 2.5, 8)]}
    read = ReadPage(Page(3, 100, 50, (line,), turned=True), glyphs, True, [(0, 0)])
    back = _read_page(_packed(read))
    assert back.is_kept
    assert (back.page.number, back.page.lines[0].page) == (0, 0)
    again = back.on(3)
    assert (again.page, again.glyphs, again.has_picture) == (read.page, read.glyphs, True)
    assert [tuple(pair) for pair in again.touching or ()] == [(0, 0)]
    assert again.on(3) is again
    assert read.on(4).page.lines[0].page == read.on(4).page.number == 4


def test_a_memory_forgets_the_oldest_pages() -> None:
    memory = PageMemory()
    read = ReadPage(Page(1, 100, 50, ()))
    memory.pages = {str(number): read for number in range(MOST_REMEMBERED)}
    memory.forget()
    assert len(memory.pages) == MOST_REMEMBERED
    memory.pages |= {"one": read, "two": read}
    memory.forget()
    assert list(memory.pages) == [*map(str, range(2, MOST_REMEMBERED)), "one", "two"]
    assert memory.recall("two") is read
    assert memory.recall("two") is None
    memory.keep("one", read)
    assert not read.is_kept
    memory.pages = {str(number): read for number in range(MOST_REMEMBERED)}
    pages = printed("", "")
    for prints in (("a", "b"), ("0", "c"), ()):
        again = PrintedPages(pages.pdf, prints, memory)
        assert [again.read(number).page.number for number in (1, 2)] == [1, 2]
        again.close()
    assert list(memory.pages) == [*map(str, range(3, MOST_REMEMBERED)), "a", "b", "0", "c"][-MOST_REMEMBERED:]
    pages.close()


def test_the_type_area_is_that_of_the_theme() -> None:
    def area(**page: object) -> Area:
        known = theme().tokens["page"]
        assert isinstance(known, dict)
        return area_of(type(theme())(**{**vars(theme()), "tokens": {**theme().tokens, "page": {**known, **page}}}))

    bottom = 85 + 45 * 15 - 4.5
    whole = area()
    assert [whole.block.left, whole.block.right] == pytest.approx([20 * MM, 182 * MM])
    assert (whole.block.top, whole.block.bottom) == (85, bottom)
    assert (whole.head, whole.foot) == ((31, 70), (bottom + 15, bottom + 54))
    assert whole.on(2) == whole.on(3) == whole.block == whole.verso
    narrow = area(**{"margin-column": 0})
    assert [narrow.block.left, narrow.block.right] == pytest.approx([66 * MM, 182 * MM])
    turned = area(facing=True)
    assert [turned.on(3).left, turned.on(3).right] == pytest.approx([66 * MM, 228 * MM])
    assert [turned.on(2).left, turned.on(2).right] == pytest.approx([-18 * MM, 144 * MM])
    assert (turned.on(2).top, turned.on(2).bottom) == (85, bottom)
    deep = replace(turned, deeper={2: 10.0})
    assert (deep.on(2).bottom, deep.on(3).bottom) == (bottom + 10, bottom)
    assert (deep.foot_on(2), deep.foot_on(3)) == ((bottom + 19, bottom + 54), turned.foot)
