"""Links inside the publication: to chapters, headings, and passages with an id of their own."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
from building import impressum, pages_of
from verifying import made_in

PUBLICATION = "title: Links\nlanguage: en\ndate: 2025-01-31\n"


def publication(root: Path, **chapters: str) -> Path:
    (root / "chapters" / "en").mkdir(parents=True)
    (root / "publication.yaml").write_text(PUBLICATION, encoding="utf-8")
    for number, (name, text) in enumerate(chapters.items(), 1):
        (root / "chapters" / "en" / f"{number:02}-{name}.md").write_text(text, encoding="utf-8")
    return root


def test_a_passage_and_a_division_with_an_id_can_be_linked_to(tmp_path: Path) -> None:
    root = publication(
        tmp_path,
        one="# One\n\nA [passage]{#here}, a [link to it](#here) and one to [another chapter](#there).\n",
        two="# Two\n\n::: {#there}\nWords of a division, and a way [back](01-one.md).\n:::\n",
    )
    assert made_in(root).report()[1] == ""


def test_a_link_to_an_id_that_stands_in_two_other_chapters_is_a_fault(tmp_path: Path) -> None:
    root = publication(
        tmp_path,
        one="# One\n\nSee [the end](#end).\n",
        two="# Two\n\nWords.\n\n## End\n\nWords.\n",
        three="# Three\n\nWords.\n\n## End\n\nWords.\n",
    )
    ran = impressum(root, "check")
    assert ran.code == 1
    assert ran.faults == (
        "chapters/en/01-one.md:3:6: error: the link leads to `#end`, which is in several chapters [link-unknown]\n"
        "  hint: write `chapter.md#end`"
    )


def test_the_name_of_a_heading_in_brackets_leads_to_it(tmp_path: Path) -> None:
    root = publication(
        tmp_path,
        one="# One\n\nSee [old weirs], [the locks][Locks & *gates*] and [River mouth]; [sic] stays.\n\n"
        "## Old weirs\n\nWords.\n\n## Locks & *gates*\n\nWords.\n\n## River mouth {#sec-mouth}\n\nWords.\n",
    )
    book = made_in(root)
    assert book.report()[1] == ""
    assert "See old weirs, the locks and River mouth; [sic] stays." in " ".join(pages_of(book.pdf))
    with pikepdf.open(io.BytesIO(book.pdf)) as document:
        assert sum(len(page.get("/Annots", [])) for page in document.pages[3:]) == 3  # verified: each to its heading


def test_a_link_that_names_no_heading_and_no_place_is_a_fault(tmp_path: Path) -> None:
    ran = impressum(publication(tmp_path, one="# One\n\nSee [the end](#).\n"), "check")
    assert ran.faults.startswith("chapters/en/01-one.md:3:6: error: the link leads to `#`, but nothing has that id")
