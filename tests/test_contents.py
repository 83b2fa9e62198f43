"""The contents, where they are longer than a page."""

from __future__ import annotations

from pathlib import Path

from building import impressum, pages

CHAPTERS = 40
"""More than a page of contents holds, where nothing but chapters stands in them."""


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
