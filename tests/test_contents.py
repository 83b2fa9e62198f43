"""The contents, where they are longer than a page, and where pages have their margin at either side."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from building import pages_of
from verifying import made, made_in

from impressum.stages.verify.pages import PrintedPages

SECTIONS = 50
"""More than a page of contents holds."""


def left_of_folio(pdf: bytes, number: int) -> int:
    """Points from the left edge of the page `number` to its folio."""
    printed = PrintedPages(pdf)
    [found] = [line.left for line in printed.lines() if line.page == number and line.text.strip() == str(number)]
    printed.close()
    return round(found)


def test_contents_of_two_pages_begin_on_the_first() -> None:
    sections = "".join(f"## Title {number}\n\nText.\n\n" for number in range(1, SECTIONS + 1))
    publication = "title: Many\nlanguage: en\ndate: 2025-01-31\n"
    many = made({"publication.yaml": publication, "chapters/en/01-a.md": f"# Titles\n\n{sections}"})
    assert ": error: " not in many.faults()
    contents = pages_of(many.pdf)[2:4]
    assert "Title 1 " in contents[0]
    assert f"Title {SECTIONS} " in contents[1]


@pytest.mark.parametrize(
    "theme",
    ["report\n---\npage: {facing: true, inside: 26mm}", "book\n---\npage: {labels: margin}\nopeners: {recto: false}"],
)
def test_numbers_of_chapters_in_a_margin_at_the_right_are_read_before_their_titles_in_the_contents(
    theme: str, tmp_path: Path
) -> None:
    """The chapters open on both sides, and so do the contents of the book: no number is taken for a part of a title."""
    name, _, tokens = theme.partition("\n---\n")
    (tmp_path / "chapters/en").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/theme.yaml").write_text(f"{tokens}\n", encoding="utf-8")
    (tmp_path / "publication.yaml").write_text(
        f"title: Sides\nlanguage: en\ndate: 2025-01-31\ntheme: {name}\n", encoding="utf-8"
    )
    for number in range(1, 6):
        path = tmp_path / f"chapters/en/{number:02}-a.md"
        path.write_text(f"# Title {number}00\n\nText.\n\n## Below {number}00\n\nText.\n", encoding="utf-8")
    book = made_in(tmp_path)
    assert book.report()[1] == ""
    text = pages_of(book.pdf)
    contents = "".join(text[2].split())
    assert contents.startswith("Contents1Title100"), "the number of a chapter, its title, then the folio"
    folios = {number: left_of_folio(book.pdf, number) for number in range(4, 9)}
    assert {folios[4], folios[6], folios[8]} == {min(folios.values())}, "the folios of even pages are at the left edge"
    assert folios[5] == folios[7] == max(folios.values()) > 300, "and those of odd ones at the right"


TITLE = "Where the river and its boats once were and where all towns are"
WORKS = 57
"""Two more than two pages hold, in the usual space."""


@cache
def matter() -> tuple[bytes, list[list[str]]]:
    """A book of a chapter and a list of references, and the lines of its pages."""
    work = "@report{{w{0:02}, author = {{Doe, Jane}}, title = {{Of river {0:02}}}, date = {{2020}}}}\n"
    pdf = made(
        {
            "publication.yaml": "title: The River\nlanguage: en\ndate: 2025-03-31\ntheme: book\nnocite: all\n"
            "cover:\n  blurb: A book about the river.\n",
            "chapters/en/01-river.md": f"# {TITLE}\n\nText.\n",
            "bib/references.bib": "".join(work.format(number) for number in range(WORKS)),
        }
    ).pdf
    printed = PrintedPages(pdf)
    lines = [[line.text.strip() for line in page.lines] for page in printed.pages]
    printed.close()
    return pdf, lines


def test_a_title_that_turns_over_leaves_no_word_alone() -> None:
    _, lines = matter()
    found = [line.replace("\u00a0", " ") for line in lines[2][1:3]]
    assert found == ["1 Where the river and its boats once were", "and where all towns are 5"], "nor a short word last"


def test_the_last_page_of_the_references_is_well_filled_or_not_needed() -> None:
    _, lines = matter()
    works = [sum("Of River" in line for line in page) for page in lines]
    assert works[6:] == [23, 34, 0, 0]


def test_the_blank_page_before_the_back_cover_is_white() -> None:
    pdf, lines = matter()
    assert lines[-2:] == [[], ["A book about the river."]]
    document = pypdfium2.PdfDocument(pdf)
    edges = [document[page].render(scale=0.1).to_pil().convert("L").getpixel((1, 1)) for page in (8, 9)]
    document.close()
    assert edges[0] == 255 > edges[1]
