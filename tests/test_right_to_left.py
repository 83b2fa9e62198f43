"""Words and passages from right to left in a text from left to right: set, tagged, and read again in their order."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import matplotlib
import pikepdf
import pypdfium2
import pytest
from building import impressum

from impressum.core.languages import ends_turned, in_logical_order, script_language
from impressum.stages.verify.pages import Line, PrintedPages
from impressum.stages.verify.words import WordStream, wanted

SHALOM, OLAM = "שלום", "עולם"
TEXT = f"""# Words and {SHALOM}

The words [{SHALOM} {OLAM}]{{lang=he}}, 1948 of them, and in Arabic [السلام عليكم]{{lang=ar}} (peace).
Not marked: {SHALOM} {OLAM}, with a number {SHALOM} 123 {OLAM} in it, and *{SHALOM}*.[^1]

[^1]: {OLAM} {SHALOM} in a note.
[^2]: {SHALOM} 7 (x), and {OLAM} (y).

## {SHALOM} {OLAM}

It is his ({SHALOM} 1998, 12); so is {SHALOM}, 7 {OLAM}.

::: {{lang=he}}
בראשית ברא אלהים את השמים ואת הארץ, והארץ היתה תהו ובהו; [so](https://example.org) it says (1:2).[^2]

| One | Two |
|:----|:----|
| {SHALOM} | peace |
:::

In an index are [{OLAM}]{{.index lang=he}}, [{SHALOM} {OLAM}]{{.index}}, [Latin]{{.index lang=he}},
[c]{{.index see="{OLAM}"}}.
"""


@pytest.mark.parametrize(
    ("visual", "said"),
    [
        ("abc", "abc"),
        (f"a {SHALOM[::-1]} b", f"a {SHALOM} b"),
        (f"a, {OLAM[::-1]} {SHALOM[::-1]}, b", f"a, {SHALOM} {OLAM}, b"),
        (f"in {OLAM[::-1]} 12:30 {SHALOM[::-1]} 5", f"in {SHALOM} 12:30 {OLAM} 5"),
        (f".{OLAM[::-1]} 1948 {SHALOM[::-1]}", f"{SHALOM} 1948 {OLAM}."),
        (f"2.{OLAM[::-1]} {SHALOM[::-1]}", f"{SHALOM} {OLAM}.2"),
        (f"{OLAM[::-1]} {SHALOM[::-1]} 4", f"{SHALOM} {OLAM} 4"),
        ("", ""),
    ],
)
def test_a_line_is_read_in_the_order_in_which_it_is_said(visual: str, said: str) -> None:
    assert in_logical_order(list(visual)) == said


def test_the_language_of_words_that_are_not_marked_is_that_of_most_texts_in_their_letters() -> None:
    assert [script_language(one) for one in (SHALOM, "سلام", "ދިވެހި", "", "word")] == ["he", "ar", "dv", "", ""]
    assert [ends_turned(one) for one in (f"a {SHALOM}.", f"{SHALOM} a", "1", "")] == [True, False, False, False]


def test_a_word_that_is_not_printed_is_missed_whatever_the_order_of_the_others() -> None:
    printed = WordStream([Line(1, f"so it says (1:2). {OLAM} {SHALOM}", 0, ())])
    found = printed.find(wanted(f"{SHALOM} {OLAM} (1:2). so it says"), 0, 0)
    assert found is not None
    assert found.lost == ()
    found = printed.find(wanted(f"{SHALOM}-so {OLAM} (1:2). it says"), 0, 0)
    assert found is not None
    assert found.lost == ()
    found = printed.find(wanted(f"{SHALOM} ארץ {OLAM} (1:2). so it says not"), 0, 0)
    assert found is not None
    assert found.lost == ("ארץ", "not")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published file; a font for Arabic is where pip puts one, and named nowhere."""
    root = tmp_path_factory.mktemp("words")
    (root / "chapters/en").mkdir(parents=True)
    (root / "publication.yaml").write_text("title: Words\nlanguage: en\ndate: 2025-01-31\n", encoding="utf-8")
    (root / "chapters/en/01-words.md").write_text(TEXT, encoding="utf-8")
    files = root / "templates/fonts/fontpkg_some/files"
    files.mkdir(parents=True)
    shutil.copy(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf", files)
    ran = impressum(root, "build")
    assert (ran.code, ran.faults) == (0, "")
    return root / "dist/words-en.pdf"


def test_they_are_printed_in_their_order_with_what_belongs_behind_them(book: Path) -> None:
    printed = PrintedPages(book.read_bytes())
    said = " ".join((line.logical or line.text).replace("\u200e", "").strip() for line in printed.lines())
    printed.close()
    assert f"The words {SHALOM} {OLAM}, 1948 of them, and in Arabic السلام عليكم" in said
    assert f"with a number {SHALOM} 123 {OLAM} in it, and {SHALOM}.1" in said
    assert f"1 {OLAM} {SHALOM} in a note." in said
    assert f"{SHALOM} {OLAM} 4" in said  # in the contents
    assert f"{SHALOM} 1998, 12" in said
    assert f"so is {SHALOM}, 7 {OLAM}." in said
    assert f"One Two {SHALOM} peace" in said  # columns keep their order
    assert re.search(r"בראשית ברא אלהים את השמים ואת הארץ", said)


def test_no_sign_that_turns_the_direction_unseen_is_among_the_letters(book: Path) -> None:
    document = pypdfium2.PdfDocument(book)
    letters = {letter for page in document for letter in page.get_textpage().get_text_range()}
    document.close()
    assert not letters & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f")


def test_an_index_has_the_pages_behind_them(book: Path) -> None:
    printed = PrintedPages(book.read_bytes())
    last = [line.said.strip() for line in printed.lines() if line.page == len(printed.pages)]
    printed.close()
    assert [line for line in last if len(line) > 1] == [
        *("Index", f"c, see {OLAM}", "Latin, 4", f"{OLAM}, 4", f"{SHALOM} {OLAM}, 4")
    ]


def test_they_are_tagged_in_their_languages(book: Path) -> None:
    with pikepdf.open(book) as document:
        tags = [str(one.Lang) for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/Lang" in one]
        marked = b"".join(page.Contents.read_bytes() for page in document.pages)
    assert "he" in tags
    assert b"/Lang(ar)" in marked or "ar" in tags
