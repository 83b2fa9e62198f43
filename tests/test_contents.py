"""The contents, where they are longer than a page, and where pages have their margin at either side."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import impressum, pages

from impressum.stages.verify.pages import PrintedPages

CHAPTERS = 40
"""More than a page of contents holds, where nothing but chapters stands in them."""


def left_of_folio(pdf: Path, number: int) -> int:
    """Points from the left edge of the page `number` to its folio."""
    printed = PrintedPages(pdf.read_bytes())
    [found] = [line.left for line in printed.lines() if line.page == number and line.text.strip() == str(number)]
    printed.close()
    return round(found)


def test_contents_of_two_pages_begin_on_the_first(tmp_path: Path) -> None:
    (tmp_path / "chapters/en").mkdir(parents=True)
    (tmp_path / "publication.yaml").write_text("title: Many\nlanguage: en\ndate: 2025-01-31\n", encoding="utf-8")
    for number in range(1, CHAPTERS + 1):
        path = tmp_path / f"chapters/en/{number:02}-a.md"
        path.write_text(f"# Title {number}\n\nText.\n", encoding="utf-8")
    ran = impressum(tmp_path, "build")
    assert (ran.code, ran.faults) == (0, "")
    contents = pages(tmp_path, "many-en.pdf")[2:4]
    assert "Title 1 " in contents[0]
    assert f"Title {CHAPTERS} " in contents[1]


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
    ran = impressum(tmp_path, "build")
    assert (ran.code, ran.faults) == (0, "")
    text = pages(tmp_path, "sides-en.pdf")
    contents = "".join(text[2].split())
    assert contents.startswith("Contents1Title100"), "the number of a chapter, its title, then the folio"
    folios = {number: left_of_folio(tmp_path / "dist/sides-en.pdf", number) for number in range(4, 9)}
    assert {folios[4], folios[6], folios[8]} == {min(folios.values())}, "the folios of even pages are at the left edge"
    assert folios[5] == folios[7] == max(folios.values()) > 300, "and those of odd ones at the right"
