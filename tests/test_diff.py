"""`diff`: what changed between two files is told by pages, by words and by numbers."""

from __future__ import annotations

import json
from pathlib import Path

from building import built, impressum, scratch
from hypothesis import given
from hypothesis import strategies as st

from impressum.release.diff.compare import (
    Changed,
    ChangedNumber,
    PagePair,
    PageText,
    PdfComparison,
    compare,
    read_pages,
)
from impressum.release.diff.report import STYLE, as_html, as_text

TEXT = (
    "The river is long. Its banks are paved with stone. Nobody counted the boats in 2012.",
    "A second page has other words. Trade was 1.5 billion then. The rest is known.",
    "The third page closes the text. It has an end.",
)


def pages(*texts: str) -> tuple[PageText, ...]:
    return tuple(PageText(number, tuple(text.split()), text) for number, text in enumerate(texts, 1))


def compared(*new: str) -> PdfComparison:
    return compare(pages(*TEXT), pages(*new))


def test_a_file_is_the_same_as_itself() -> None:
    comparison = compared(*TEXT)
    assert comparison.is_same
    assert (comparison.changes, comparison.numbers) == ((), ())
    assert as_text({"a.pdf": comparison}) == "a.pdf: the same on all 3 pages"


def test_a_changed_word_is_told_with_what_stands_around_it() -> None:
    comparison = compared(TEXT[0].replace("stone", "brick"), *TEXT[1:])
    (change,) = comparison.changes
    assert (change.old, change.new, change.new_page) == ("stone.", "brick.", 1)
    assert change.before.endswith("Its banks are paved with")
    assert comparison.numbers == ()


def test_a_changed_number_is_told_beside_what_it_was() -> None:
    comparison = compared(TEXT[0], TEXT[1].replace("1.5", "1.7"), TEXT[2])
    (number,) = comparison.numbers
    assert (number.old, number.new, number.new_page) == ("1.5", "1.7", 2)


def test_a_page_that_is_put_in_moves_those_behind_it_and_changes_none() -> None:
    comparison = compared(TEXT[0], "Wholly new words stand on this one.", *TEXT[1:])
    assert [(pair.old, pair.new, pair.kind) for pair in comparison.pairs] == [
        (1, 1, "same"),
        (None, 2, "added"),
        (2, 3, "same"),
        (3, 4, "same"),
    ]


def test_a_page_that_is_taken_out_is_told() -> None:
    comparison = compared(TEXT[0], TEXT[2])
    assert [pair.old for pair in comparison.of("removed")] == [2]
    assert [(number.old, number.new) for number in comparison.numbers] == [("1.5", "")]


def test_a_page_with_the_same_words_and_another_look_is_told_as_that() -> None:
    new = (PageText(1, tuple(TEXT[0].split()), "other"), *pages(*TEXT)[1:])
    assert [pair.kind for pair in compare(pages(*TEXT), new).pairs] == ["looks", "same", "same"]


def test_words_that_only_went_to_another_page_are_no_change_of_words() -> None:
    note = "1 A note that follows its mark."
    comparison = compare(pages(f"{TEXT[0]} {note}", TEXT[1]), pages(TEXT[0], f"{TEXT[1]} {note}"))
    assert comparison.changes == ()
    assert [pair.kind for pair in comparison.pairs] == ["changed", "changed"]


@given(st.lists(st.sampled_from(["one", "two", "3", "four.", "5."]), max_size=30), st.integers(0, 29))
def test_any_word_that_is_taken_out_is_found(words: list[str], at: int) -> None:
    whole = [*words, "end."]
    at = min(at, len(words) - 1) if words else 0
    less = whole[:at] + whole[at + 1 :]
    comparison = compare(pages(" ".join(whole)), pages(" ".join(less)))
    removed = sum(len(change.old.split()) for change in comparison.changes)
    added = sum(len(change.new.split()) for change in comparison.changes)
    assert removed - added == 1


def test_running_heads_and_folios_are_no_words_of_a_page() -> None:
    root = built("minimal")
    (file,) = [path for path in (root / "dist").glob("*.pdf") if not path.stem.endswith("-figures")][:1]
    read = read_pages(file, "x.pdf")
    assert len(read) > 4
    assert all(str(page.number) not in page.words[-1:] for page in read)


def test_a_page_that_holds_all_of_a_short_one_and_much_more_is_another() -> None:
    short, long = "A table alone.", "A table alone. " + " ".join(f"word{number}" for number in range(40))
    found = compare(pages(TEXT[0], short), pages(TEXT[0], long))
    assert [(pair.old, pair.new, pair.kind) for pair in found.pairs] == [
        (1, 1, "same"),
        (None, 2, "added"),
        (2, None, "removed"),
    ]


def changes(number: int) -> PdfComparison:
    changed = Changed(1, 1, "before", "was", "is", "after")
    return PdfComparison(1, 1, (PagePair(1, 1, "changed"),), (changed,) * number, ())


def test_of_many_changes_the_first_are_shown_and_the_rest_is_counted() -> None:
    line = "  page 1: … before [-was-]{+is+} after …"
    head = ["a.pdf: 1 pages became 1", "  pages with changed words: 1"]
    assert as_text({"a.pdf": changes(20)}).split("\n") == [*head, *[line] * 20]
    assert as_text({"a.pdf": changes(23)}).split("\n") == [*head, *[line] * 20, "  and 3 more changes of words"]


def test_the_report_is_a_page_of_html_that_needs_no_other_file() -> None:
    assert as_html({}, lambda name, pair: (None, None), "a < b") == (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>a &lt; b</title><style>{STYLE}</style></head><body><main><h1>a &lt; b</h1>\n</main></body></html>\n"
    )


def test_the_report_has_numbers_words_and_pages_of_each_file() -> None:
    number = ChangedNumber(1, 2, "5", "7", "it was <")
    changed = Changed(1, 2, "before", "was", "is", "after")
    same = PdfComparison(1, 1, (PagePair(1, 1, "same"),), (), ())
    other = PdfComparison(1, 1, (PagePair(1, 1, "changed"),), (changed,), (number,))
    page = as_html({"a.pdf": same, "b.pdf": other}, lambda name, pair: (b"old", None), "T")
    before, _, after = page.partition("<h2>b.pdf</h2>")
    assert "the same on all 1 pages" in before
    assert ("<table" in before, "<img" in before) == (False, False)
    assert "<td>… it was &lt;</td>" in after
    assert after.count('<div class="pages">') == after.count("<img ") == 1
    assert "new, page 1: of this release only the words are kept" in after


def test_a_folder_and_a_file_are_not_compared() -> None:
    (book,) = (built("minimal") / "dist").glob("*-en.pdf")
    for sides in ((book.parent, book), (book, book.parent)):
        ran = impressum(None, "diff", *map(str, sides))
        assert ran.code == 1
        assert ran.stderr == (
            f"{book.parent}: error: a folder is compared with a file [diff-unreadable]\n"
            "  hint: give two PDFs, or two folders\n"
        )


def test_two_folders_are_compared_file_by_file() -> None:
    root = built("minimal")
    old = scratch() / "diff-old"
    old.mkdir()
    for path in (root / "dist").glob("*.pdf"):
        (old / path.name).write_bytes(path.read_bytes())
    (old / "gone.pdf").write_bytes(next((root / "dist").glob("*.pdf")).read_bytes())
    report = scratch() / "diff.html"
    ran = impressum(None, "diff", str(old), str(root / "dist"), "--html", str(report), "--json")
    assert ran.code == 0
    files = {file["name"]: file for file in json.loads(ran.stdout)["files"]}
    assert files["gone.pdf"]["pages"]["new"] == 0
    assert all(not file["changes"] for name, file in files.items() if name != "gone.pdf")
    page = report.read_text(encoding="utf-8")
    assert page.count("<img ") == files["gone.pdf"]["pages"]["old"]
    assert "no such page" in page


def test_files_without_records_are_paired_by_their_names(tmp_path: Path) -> None:
    """Ensures it where other files stand before them in the alphabet, on either side."""
    book = next((built("minimal") / "dist").glob("*-en.pdf")).read_bytes()
    for name, files in (("old", ("a.pdf", "b.pdf")), ("new", ("b.pdf", "c.pdf"))):
        (tmp_path / name).mkdir()
        for file in files:
            (tmp_path / name / file).write_bytes(book)
    ran = impressum(None, "diff", str(tmp_path / "old"), str(tmp_path / "new"), "--json")
    pages = {
        file["name"]: (file["pages"]["old"] > 0, file["pages"]["new"] > 0) for file in json.loads(ran.stdout)["files"]
    }
    assert pages == {"a.pdf": (True, False), "b.pdf": (True, True), "c.pdf": (False, True)}


def test_what_is_no_pdf_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("no")
    ran = impressum(None, "diff", str(tmp_path / "a.pdf"), str(tmp_path / "a.pdf"))
    assert ran.code == 1
    assert ran.stderr == (
        f"{tmp_path}/a.pdf: error: the file cannot be read as a PDF [diff-unreadable]\n"
        "  hint: give two PDFs, or two folders that hold some\n"
    )


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    ran = impressum(None, "diff", str(tmp_path / "a.pdf"), str(tmp_path))
    assert ran.stderr == (
        f"{tmp_path}/a.pdf: error: there is no such file [file-missing]\n"
        "  hint: give two PDFs, or two folders that hold some\n"
    )


def test_a_report_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    file = next((built("minimal") / "dist").glob("*.pdf"))
    ran = impressum(None, "diff", str(file), str(file), "--html", str(tmp_path / "taken" / "a.html"))
    assert (ran.code, ran.stdout) == (1, "")
    assert ran.stderr == (
        f"{tmp_path}/taken/a.html: error: the file cannot be written (File exists) [file-not-writable]\n"
        "  hint: name a file in a folder that you may write to\n"
    )
