"""verify on pages that are as they should be, and on what it must not mistake for a fault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from building import impressum
from verifying import good

from impressum.core.errors import Place
from impressum.core.model.expected import Expected, ExpectedChapter, ExpectedText
from impressum.stages.verify import CHECKS


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


def test_chapters_without_sections_are_lines_of_the_contents_each(tmp_path: Path) -> None:
    """Their short lines stand so close that the reader of the PDF runs them together."""
    for number in range(1, 13):
        chapter = tmp_path / "chapters" / "en" / f"{number:02}-example.md"
        chapter.parent.mkdir(parents=True, exist_ok=True)
        chapter.write_text(f"# Example {number}\n\nSome words.\n", encoding="utf-8")
    (tmp_path / "publication.yaml").write_text("title: Short\nlanguage: en\ndate: 2025-01-31\n", encoding="utf-8")
    ran = impressum(tmp_path, "build")
    assert (ran.code, ran.faults) == (0, "")
