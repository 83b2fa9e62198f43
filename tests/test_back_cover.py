"""The back cover: when there is one, what it says, and that its barcode can be read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from itertools import groupby

import pikepdf
import pypdfium2
import pytest
from building import words_of
from verifying import Set, made

from impressum.core.barcode import barcode_of, price_bars
from impressum.core.facts import blurb, isbn_of_print
from impressum.core.model.publication import Publication

ISBN = "978-0-00-000002-6"
DIGITS = ("3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112")
"""The widths of the four runs of each digit; in the left half, a digit may be read backwards."""
FIRST = (
    "LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL",
)  # fmt: skip
"""Which of the left digits are read backwards (G), by the first digit, which has no bars."""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="40" viewBox="0 0 {0} 40"><rect width="{0}" height="40" fill="#15324a"/></svg>'  # noqa: E501
PUBLICATION = """\
title: The River
language: en
date: 2025-03-31
series:
  title: Example Reports
partners:
  - name: Example Institute
    logo: images/wide.svg
funders:
  - name: Example Fund
    logo: images/square.svg
    statement: Paid for by the Example Fund.
  - name: Example Ministry
"""
IMPRESSUM = """\
impressum:
  publisher:
    name: Example Press
    website: https://www.example.org/
"""
BLURB = """\
cover:
  blurb: |
    A book about the river,
    its boats and its towns.

    Read it aloud.
"""


def publication(text: str, theme: str = "") -> dict[str, str]:
    return {
        "publication.yaml": text,
        "images/wide.svg": LOGO.format(160),
        "images/square.svg": LOGO.format(40),
        "chapters/en/01-river.md": "# The river\n\nIt carries boats.\n",
        **({"templates/theme.yaml": theme} if theme else {}),
    }


@cache
def book() -> Set:
    """A book with everything that a back cover can show."""
    numbers = f"  isbn: {{pdf: 978-0-00-000001-9, print: {ISBN}}}\n  price-code: 51995\n"
    return made(publication(f"{PUBLICATION}{IMPRESSUM}{numbers}{BLURB}"))


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [words_of(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def rows(pdf: bytes, scale: float) -> Iterator[list[tuple[bool, int]]]:
    """The rows of the last page as it is seen, each in runs of dark and of light with their lengths in pixels."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        image = document[len(document) - 1].render(scale=scale, grayscale=True).to_pil()
    finally:
        document.close()
    width, height = image.size
    data = image.tobytes()
    for row in range(0, height, 8):
        dark = (value < 128 for value in data[row * width : (row + 1) * width])
        yield [(key, len(list(run))) for key, run in groupby(dark)]


def read_barcode(runs: list[tuple[bool, int]]) -> tuple[str, float] | None:
    """The number of the first EAN-13 in a row, with the width of its module, if its quiet zones are free."""
    for start in range(1, len(runs) - 59):
        some = [length for _, length in runs[start : start + 59]]
        module = sum(some) / 95
        widths = "".join(str(min(9, round(length / module))) for length in some)
        guards = widths[:3] + widths[27:32] + widths[56:]
        before, after = runs[start - 1][1], runs[start + 59][1]
        if not runs[start][0] or guards != "1" * 11 or before < 11 * module - 1 or after < 7 * module - 1:
            continue
        left = [widths[at : at + 4] for at in range(3, 27, 4)]
        right = [widths[at : at + 4] for at in range(32, 56, 4)]
        sides = "".join("L" if one in DIGITS else "G" for one in left)
        number = [one if one in DIGITS else one[::-1] for one in left] + right
        if sides in FIRST and all(one in DIGITS for one in number):
            return f"{FIRST.index(sides)}{''.join(str(DIGITS.index(one)) for one in number)}", module
    return None


def test_the_back_cover_says_what_is_known_in_the_order_in_which_it_is_read() -> None:
    printed = pages(book().pdf)
    assert len(printed) == 5
    assert printed[-1] == (
        "A book about the river, its boats and its towns. Read it aloud. Partners Funded by Example Ministry "
        "Paid for by the Example Fund. Example Press www.example.org Example Reports ISBN 978-0-00-000002-6 "
        "9 780000 000026 5 1 9 9 5"
    )
    assert "Number of pages 5" in printed[1]


def test_the_barcode_is_that_of_the_printed_book_at_full_size_and_can_be_read() -> None:
    scale = 6.0
    found = [read for runs in rows(book().pdf, scale) if (read := read_barcode(runs))]
    assert {number for number, _ in found} == {ISBN.replace("-", "")}
    assert {round(module / scale / 72 * 25.4, 2) for _, module in found} == {0.33}
    assert len(found) * 8 / scale / 72 * 25.4 == pytest.approx(22.85, abs=1)
    price = "".join(str(bar.width) for bar in price_bars("51995"))
    pixels = 0.33 / 25.4 * 72 * scale
    behind = [
        "".join(str(round(length / pixels)) for is_dark, length in runs if is_dark) for runs in rows(book().pdf, scale)
    ]
    assert sum(widths.endswith(price) for widths in behind) * 8 / scale / 72 * 25.4 == pytest.approx(21.9, abs=1)


@pytest.mark.parametrize("isbn", ["978-86-7411-123-9", "979-10-90636-07-1", "978-3-16-148410-0", "0-306-40615-2"])
def test_any_isbn_has_a_barcode(isbn: str) -> None:
    code = barcode_of(isbn)
    edges = {bar.start for bar in code.bars} | {bar.start + bar.width for bar in code.bars}
    runs = [(False, 11)]
    bars = {at for bar in code.bars for at in range(bar.start, bar.start + bar.width)}
    runs += [(dark, len(list(run))) for dark, run in groupby(at in bars for at in range(95))]
    runs.append((False, 7))
    assert read_barcode(runs) is not None
    number, _ = read_barcode(runs) or ("", 0)
    assert "".join(code.digits) == number
    assert number[3:12] in isbn.replace("-", "")
    assert (min(edges), max(edges)) == (0, 95)


@pytest.mark.parametrize(
    ("digits", "sides"),
    # 3 × (5 + 9 + 5) + 9 × (1 + 9) = 147; 3 × (9 + 0 + 0) = 27; 3 × (1 + 3 + 5) + 9 × (2 + 4) = 81.
    [("51995", "LGLGL"), ("90000", "LGLGL"), ("12345", "GLGLL")],
)
def test_a_price_has_bars_of_its_own(digits: str, sides: str) -> None:
    dark = {at for bar in price_bars(digits) for at in range(bar.start, bar.start + bar.width)}
    modules = "".join("1" if at in dark else "0" for at in range(47))
    assert (modules[:4], modules[11::9]) == ("1011", "0000")
    for at, (digit, side) in enumerate(zip(digits, sides, strict=True)):
        runs = "".join(str(len(list(run))) for _, run in groupby(modules[4 + 9 * at : 11 + 9 * at]))
        widths = DIGITS[int(digit)]
        assert runs == (widths if side == "L" else widths[::-1])


def test_the_barcode_and_the_logos_are_pictures_with_words_for_those_who_do_not_see_them() -> None:
    with pikepdf.open(io.BytesIO(book().pdf)) as document:
        said = [
            str(thing.Alt) for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        ]
    assert sorted(said) == [
        f"Barcode of ISBN\u00a0{ISBN}",
        *["Logo: Example Fund"] * 2,
        *["Logo: Example Institute"] * 2,
    ]


def given(**impressum: object) -> Publication:
    return Publication.model_validate({"title": "T", "language": "en", "date": "2025-01-31", "impressum": impressum})


def test_the_barcode_has_the_isbn_of_the_printed_book_or_the_only_one_there_is() -> None:
    assert isbn_of_print(given(isbn=ISBN)) == ISBN
    assert isbn_of_print(given(isbn={"pdf": "978-0-00-000001-9", "print": ISBN})) == ISBN
    assert isbn_of_print(given(isbn={"pdf": "978-0-00-000001-9"})) is None
    assert isbn_of_print(given()) is None


def test_empty_lines_divide_the_blurb_however_yaml_was_told_to_keep_them() -> None:
    def of(text: str) -> tuple[str, ...]:
        cover = {"title": "T", "language": "en", "date": "2025-01-31", "cover": {"blurb": text}}
        return blurb(Publication.model_validate(cover))

    assert of("One line\nof two.\n\nAnother.") == ("One line of two.", "Another.")
    assert of("Folded, it ends here.\nAnother.") == ("Folded, it ends here.", "Another.")
    assert of("Wrapped in\ntwo lines") == ("Wrapped in two lines",)


def test_a_back_cover_is_there_for_a_blurb_or_for_a_barcode_where_the_theme_says_so() -> None:
    plain = f"title: The River\nlanguage: en\ndate: 2025-03-31\n{IMPRESSUM}"
    theme = "cover:\n  back: true\n"
    pdf_only = f"{plain}  isbn: {{pdf: {ISBN}}}\n"
    assert len(pages(made(publication(plain)).pdf)) == 4
    assert len(pages(made(publication(f"{plain}  isbn: {ISBN}\n")).pdf)) == 4
    assert len(pages(made(publication(pdf_only, theme)).pdf)) == 4
    assert pages(made(publication(f"{plain}  isbn: {ISBN}\n", theme)).pdf)[4:] == [
        "Example Press www.example.org ISBN 978-0-00-000002-6 9 780000 000026"
    ]
    assert pages(made(publication(f"{plain}{BLURB}")).pdf)[4:] == [
        "A book about the river, its boats and its towns. Read it aloud. Example Press www.example.org"
    ]


def test_the_back_cover_of_a_book_is_a_left_page() -> None:
    facing = made(publication(f"{PUBLICATION}theme: book\n{IMPRESSUM}{BLURB}"))
    printed = pages(facing.pdf)
    assert printed[-1].startswith("A book about the river")
    assert len(printed) % 2 == 0
    assert facing.faults() == ""


def changed(old: str, new: str) -> str:
    """What verify finds when the back cover's template says `new` instead of `old`."""

    def change(source: str) -> str:
        assert source.count(old) == 1
        return source.replace(old, new)

    return book().report(book().again({"back.typ": change}))[1]


def test_what_the_back_cover_leaves_out_is_named() -> None:
    assert book().faults() == ""
    hint = "  hint: look whether a template of this publication leaves it out"
    assert changed("in data.back.blurb {", "in data.back.blurb.slice(1) {") == (
        "publication.yaml: error: the back cover on page 5 does not print `A book about the river, its boats and …` "
        f"as it is meant [page-back-cover]\n{hint}"
    )
    assert changed('"ISBN\\u{a0}" + code.isbn', '"ISBN\\u{a0}978-0-00-000001-9"') == (
        f"publication.yaml: error: the back cover on page 5 does not print `ISBN {ISBN}` as it is meant "
        f"[page-back-cover]\n{hint}"
    )


def test_a_back_cover_that_is_too_full_is_a_fault() -> None:
    long = "\n\n    ".join(["Since 1712 the river has carried timber, grain and salt to the towns. " * 8] * 12)
    full = made(publication(f"{PUBLICATION}{IMPRESSUM}cover:\n  blurb: |\n    {long}\n"))
    assert full.report()[1] == (
        "publication.yaml: error: what the back cover on page 5 says is 646 pt higher than the page "
        "[page-back-cover]\n"
        "  hint: shorten `cover.blurb`, or the statements of the funders"
    )


@pytest.mark.parametrize("theme", ["report", "book"])
def test_the_back_cover_of_a_draft_carries_its_mark(theme: str) -> None:
    text = PUBLICATION.replace("date:", f"stage: draft\ntheme: {theme}\ndate:") + BLURB
    book = made(publication(text))
    assert pages(book.pdf)[-1].replace(" ", "").startswith("DRAFTAbook")
    assert book.faults() == ""
