"""verify on pages that are as they should be, and on what it must not mistake for a fault."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pikepdf
import pypdf
import typst
from PIL import Image
from verifying import PARAGRAPH, SOURCES, Set, good, made

from impressum.core.errors import Place
from impressum.core.model.manuscript import Expected, ExpectedChapter, ExpectedText
from impressum.stages.verify import CHECKS
from impressum.stages.verify.pages import PrintedPages


def test_a_good_publication_has_no_fault_and_the_report_says_what_was_checked() -> None:
    report, faults = good().report()
    assert faults == ""
    assert report.pages == 8
    assert report.standards == ("PDF/UA-1", "PDF/A-2a")
    assert report.checks == tuple(CHECKS)


def meant_also(*texts: str, first: tuple[str, ...] = ()) -> Expected:
    """What is meant, and `texts` in the second chapter, too, and `first` in the first one."""
    meant = good().expected

    def also(number: int, name: str, texts: tuple[str, ...]) -> ExpectedChapter:
        chapter = meant.chapters[number]
        blocks = tuple(ExpectedText(text, Place(f"chapters/en/{name}.md", 90 + n)) for n, text in enumerate(texts))
        return replace(chapter, texts=(*chapter.texts, *blocks))

    chapters = (also(0, "01-trade", first), also(1, "02-decline", texts), *meant.chapters[2:])
    return replace(meant, chapters=chapters)


def test_hyphens_ligatures_marks_and_references_in_words_are_no_loss() -> None:
    also = meant_also(
        "The railway took the grain. Read more on the page of the mu\u00adseum.",  # a mark stands behind `grain.`
        first=(
            "The \ufb01rst ferry ran in 1712. It crossed where the bridge stands",
            "today (Perić 1998), as \ufffc tells.",  # here a heading is named
            "After the table the text goes on, and \ufffc lists what it names.",
        ),
    )
    assert good().faults(meant=also) == ""


def test_formulas_are_not_looked_for_as_they_were_written() -> None:
    also = meant_also(r"The railway took the \frac{a}{b} grain. Read more on the page of the museum.")
    assert good().faults(meant=also) == ""


def test_chapters_without_sections_are_lines_of_the_contents_each() -> None:
    """Their short lines stand so close that the reader of the PDF runs them together."""
    chapters = {f"chapters/en/{number:02}-a.md": f"# Example {number}\n\nSome words.\n" for number in range(1, 13)}
    assert made({"publication.yaml": "title: Short\nlanguage: en\ndate: 2025-01-31\n", **chapters}).faults() == ""


@cache
def mistakable() -> Set:
    """A publication whose impressum has a line like the heading of its contents, whose contents have lines that end in
    years, and whose last caption is a word of the text before it."""
    years = " ".join(str(year) for year in range(1712, 1742))
    trade = SOURCES["chapters/en/01-trade.md"]
    trade = trade.replace("## Tolls and their keepers", f"## Tolls of {years} and later")
    trade = trade.replace("A toll was due", "As @tbl-ferry says, a toll was due")
    table = "| A | B |\n|---|---|\n| 1 | 2 |\n\n: Ferry {#tbl-ferry}\n"
    publisher = "    name: The River Press\n    address: [1 Water Street, Contents]\n"
    return made(
        {
            **SOURCES,
            "publication.yaml": SOURCES["publication.yaml"].replace("    name: The River Press\n", publisher),
            "chapters/en/01-trade.md": f"{trade}\n\nThen came the ferry. {PARAGRAPH * 40}\n\n{table}",
        }
    )


def test_lines_that_look_like_others_are_told_apart() -> None:
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(mistakable().pdf)).pages]
    assert "Contents" in pages[1].splitlines()
    assert any(re.search(r" 17[1-4]\d$", line.rstrip()) for line in pages[2].splitlines())
    assert [line for line in mistakable().faults().splitlines() if "[type-" not in line] == []


def test_a_link_to_a_caption_that_is_a_word_of_the_text_is_held_to_the_caption() -> None:
    with pikepdf.open(io.BytesIO(mistakable().pdf)) as document:
        for annotation in document.pages[3].Annots:
            if "/Dest" in annotation:
                annotation.Dest = pikepdf.Array([document.pages[3].obj, pikepdf.Name.XYZ, 0, 500, 0])
        changed = io.BytesIO()
        document.save(changed)
    told = mistakable().faults(changed.getvalue())
    assert re.search(r"the link `Table 2` on page 4 does not lead to its target on page [789] \[link-lost\]", told), (
        told
    )


def test_a_page_shows_a_picture_where_it_has_more_than_rules_and_colour(tmp_path: Path) -> None:
    """Ensures it of images, of drawings that are objects of their own, and of shadings; rules and words are none."""
    Image.new("L", (9, 9)).save(tmp_path / "a.png")
    shown = ('image("a.png")', "line()", "rect(fill: red)", "[Words]", "[]", "[]")
    (tmp_path / "a.typ").write_text("\n#pagebreak()\n".join(f"#{one}" for one in shown))
    with pikepdf.open(io.BytesIO(typst.compile(tmp_path / "a.typ"))) as document:
        form = document.make_stream(b"0 0 9 9 re f", {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form})
        form.BBox = pikepdf.Array([0, 0, 9, 9])
        shading = pikepdf.Dictionary(ShadingType=2, ColorSpace=pikepdf.Name.DeviceGray, Coords=[0, 0, 9, 9])
        shading.Function = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[0], C1=[1], N=1)
        for page, kind, made, call in ((4, "XObject", form, b"/A Do"), (5, "Shading", shading, b"/A sh")):
            document.pages[page].Resources = pikepdf.Dictionary({f"/{kind}": pikepdf.Dictionary(A=made)})
            document.pages[page].Contents = document.make_stream(call)
        changed = io.BytesIO()
        document.save(changed)
    printed = PrintedPages(changed.getvalue())
    assert [printed.has_picture(number) for number in range(1, 7)] == [True, False, False, False, True, True]
    printed.close()
