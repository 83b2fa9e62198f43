"""The index: from marks in the text to entries in two columns, by the alphabet of each language, with their pages."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import pikepdf
import pytest
from building import PUBLICATIONS, built, pages
from parity_chapters import chapter, found
from verifying import Set, made

from impressum.core.alphabet import Alphabet
from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.translation.handoff.hiding import Hidden, hide

LATIN = "A B C Č Ć D Dž Đ E F G H I J K L Lj M N Nj O P R S Š T U V Z Ž"
CYRILLIC = "А Б В Г Д Ђ Е Ж З И Ј К Л Љ М Н Њ О П Р С Т Ћ У Ф Х Ц Ч Џ Ш"
ENGLISH = "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z"
HINT = (
    "  hint: look whether a template of this publication changes the index; if none does, this is a fault of Impressum"
)


@cache
def waters() -> Set:
    """The small publication with an index, in English."""
    folder = PUBLICATIONS / "index"
    names = ["publication.yaml", *(f"chapters/en/{one.name}" for one in sorted((folder / "chapters/en").iterdir()))]
    return made({name: (folder / name).read_text(encoding="utf-8") for name in names})


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        (LATIN, "5G Apa cvet čaj Ćuprija Dunav džep Đerdap Lom luka Ljubljana nula Njegoš Österreich Sava Šid Žabalj"),
        (CYRILLIC, "Авала Дунав Ђердап Лом Љиг Ћуприја цвет чај Џеп Шид China"),
        (ENGLISH, "£1 2nd 10th Apfel Äpfel Arbeit Ärger Čačak co-op Coal Ofen Öl Strand Strasse Straße Zoll"),
    ],
)
def test_words_are_sorted_by_the_alphabet_of_their_language(letters: str, words: str) -> None:
    alphabet = Alphabet(letters)
    backwards = words.split()[::-1]
    assert " ".join(sorted(backwards, key=alphabet.key)) == words


def test_a_space_comes_before_any_letter_and_quotation_marks_count_for_nothing() -> None:
    words = ["New York", "«Newark»", "Newcastle"]
    assert sorted(words, key=Alphabet(ENGLISH).key) == words


def test_words_stand_under_the_letter_as_the_alphabet_has_it() -> None:
    alphabet = Alphabet(LATIN)
    assert [alphabet.head(word) for word in ("ljubav", "Đ", "Österreich", "5G", "£1", "«Sava»", "Ω")] == [
        *("Lj", "Đ", "O", "", "", "S", "Ω")
    ]


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (
            "en",
            (
                "Index 5 lists, 5 A Acta, 5 D Danube, 4, 5–7 mouth, 4 I Ister, see Danube M mill, 4, 7 O Österreich, 5 "
                "S Sava, 4, 6; see also Danube T trade salt, 5 timber, 5 W water law, 4–6 weir, 4 Z zander, 5"
            ),
        ),
        (
            "de",
            (
                "Register 5 Listen, 5 A Acta, 5 D Donau, 4, 5–7 Mündung, 4 H Handel Holz, 5 Salz, 5 I Ister, siehe "
                "Donau M Mühle, 4, 7 O Österreich, 5 S Save, 4, 6; siehe auch Donau W Wasserrecht, 4–6 "
                "Wehr, 4 Z Zander, 5"
            ),
        ),
        (
            "sr-Latn",
            (
                "Registar 5 spiskova, 5 Č čamac, 5 D Dunav, 4, 5–7 ušće, 4 Dž džak, 5 I Ister, vidi Dunav J jaz, 4 "
                "Lj Ljubljana, 5 M mlin, 4, 7 S Sava, 4, 6; vidi i Dunav T trgovina drvo, 5 so, 5 V vodno pravo, 4–6"
            ),
        ),
        (
            "sr-Cyrl",
            (
                "Регистар 5 спискова, 5 В водно право, 4–6 Д Дунав, 4, 5–7 ушће, 4 И Истер, види Дунав Ј јаз, 4 "
                "Љ Љубљана, 5 М млин, 4, 7 С Сава, 4, 6; види и Дунав Т трговина дрво, 5 со, 5 Ч чамац, 5 Џ џак, 5"
            ),
        ),
    ],
)
def test_the_index_of_each_edition_is_in_its_own_order_and_words(tag: str, text: str) -> None:
    """The Serbian edition in Latin letters is a twin: its entries are put into them, and sorted anew."""
    printed = pages(built("index"), f"waters-{tag}.pdf")
    assert printed[7].removeprefix("8 ").removesuffix(" 8") == text
    assert text.split()[0] in printed[2], "the contents list it"


def test_a_screen_reader_hears_an_index_and_each_number_leads_to_its_page() -> None:
    with pikepdf.open(io.BytesIO(waters().pdf)) as document:
        (whole,) = document.Root.StructTreeRoot.K
        index = next(one for one in whole.K if one.S == "/Index")
        assert [str(one.S) for one in index.K][:4] == ["/L", "/H2", "/L", "/H2"]
        links = [one for one in document.pages[7].Annots if "/Dest" in one]
        assert {str(one.Contents) for one in links} == {f"Page {number}" for number in range(4, 9)}
        with document.open_outline() as outline:
            assert outline.root[-1].title == "Index"
    assert waters().faults() == ""


def test_where_no_word_is_marked_there_is_no_index() -> None:
    assert not any("Index" in page for page in pages(built("minimal"), "a-small-report-en.pdf"))


def test_a_number_of_a_page_that_is_not_that_of_the_mark_is_named() -> None:
    later = waters().again(
        {"index.typ": lambda source: source.replace("let first = page-at", "let first = 1 + page-at")}
    )
    said = waters().faults(later).splitlines()
    weir = "chapters/en/01-river.md:9:13: error: the index on page 8"
    assert said[11:13] == [
        f"{weir} does not give page 4 for `weir`, where its mark is [page-index]",
        f"{weir} gives page 5 for `weir`, but no mark of it is there [page-index]",
    ]


def test_pages_that_the_index_leaves_out_are_named() -> None:
    short = waters().again({"index.typ": lambda source: source.replace("(..found.flatten(), ..main)", "(..main,)")})
    assert "has no entry `5 lists` where it belongs [page-index]" in waters().faults(short)
    few = waters().again(
        {"index.typ": lambda source: source.replace("last: near.last().last", "last: near.first().first")}
    )
    said = [line.removeprefix("chapters/en/") for line in waters().faults(few).splitlines()]
    lacks = "error: the index on page 8 does not give page"
    assert said == [
        f"01-river.md:5:11: {lacks} 5 for `water law`, where its mark is [page-index]",
        f"03-law.md:3:6: {lacks} 6 for `Danube`, where its mark is [page-index]",
        f"04-end.md:3:6: {lacks} 7 for `Danube`, where its mark is [page-index]",
    ]


def test_words_that_refer_to_another_entry_and_are_not_printed_are_named() -> None:
    mute = waters().again({"index.typ": lambda source: source.replace("if refers.len() > 0 {", "if false {")})
    said = waters().report(mute)[1]
    assert f"the entry `Ister` of the index does not go on with `see Danube` [page-index]\n{HINT}" in said


def test_a_number_that_leads_to_another_page_is_named() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(waters().pdf)) as document:
        link = next(one for one in document.pages[7].Annots if str(one.Contents) == "Page 7")
        link.Dest = pikepdf.Array([document.pages[4].obj, pikepdf.Name.XYZ, 0, 700, 0])
        document.save(out)
    assert (
        "a number 7 in the index, which begins on page 8, does not lead to that page [page-index]"
        in waters().faults(out.getvalue())
    )


def test_a_mark_that_stands_elsewhere_than_the_index_says_is_named() -> None:
    """The defect is planted in what is meant: a mark of the last chapter is said to be in the first one."""
    meant = waters().expected
    first, last = meant.chapters[0], meant.chapters[-1]
    moved = replace(last.marks[-1], before="", place=first.marks[1].place)
    first, last = replace(first, marks=(*first.marks, moved)), replace(last, marks=last.marks[:-1])
    meant = replace(meant, chapters=(first, *meant.chapters[1:-1], last))
    assert waters().faults(meant=meant) == (
        "chapters/en/01-river.md:7:18: error: the index on page 8 gives page 7 for `mill`, but no mark of it is there "
        "[page-index]"
    )


def marks(text: str) -> list[d.IndexMark]:
    """The marks of a chapter without their places."""
    nowhere = Place("")

    def placeless(_old: d.Node, new: d.Node) -> d.Node:
        return replace(new, place=nowhere)

    document = chapter(f"# A\n\n{text}\n")
    return [one for one in d.walk(d.rewritten(document.blocks, placeless)) if isinstance(one, d.IndexMark)]


@pytest.mark.parametrize(
    ("latex", "markdown"),
    [
        (r"\index{trade}", '[]{.index entry="trade"}'),
        (r"\index{trade!salt!by cart}", '[]{.index entry="trade!salt!by cart"}'),
        (r"\index{trade|see{toll!old}}", '[]{.index entry="trade" see="toll!old"}'),
        (r"\index{trade|(}\index{trade|)}", '[]{.index entry="trade" range=start}[]{.index entry="trade" range=end}'),
        (r"\index{trade|textbf}", '[]{.index .main entry="trade"}'),
        (r"\index{Orsova@Orșova}", '[]{.index entry="Orșova" sort="Orsova"}'),
        (r"\index{\emph{Acta}}", '[]{.index entry="*Acta*"}'),
        (r"\index{bake\_loaf() \& \texttt{\_oven.yml}}", '[]{.index entry="bake_loaf() & _oven.yml"}'),
        (r"\index{Wham\"!}", "[]{.index entry='Wham\"!'}"),
    ],
)
def test_the_marks_of_latex_are_those_of_markdown(latex: str, markdown: str) -> None:
    latex = latex.replace(r"\"", '"')
    assert marks(f"Word{latex}.") == marks(f"Word{markdown}.") != []


def test_a_mark_on_a_line_of_its_own_belongs_to_the_paragraph_below_it() -> None:
    document = chapter("# A\n\n\\index{one}\n\nFirst.\n\n\\index{two}\n\n- Item\n")
    assert [type(block).__name__ for block in document.blocks] == ["Heading", "Paragraph", "BulletList"]
    assert len(marks("\\index{one}\n\nFirst.\n\n\\index{two}\n\n- Item\n")) == 2


def test_marks_without_words_have_places_of_their_own() -> None:
    text = """Salt[]{.index entry="trade!salt"} came.[]{.index entry=fees}

[]{.index entry="mills"}
[]{.index entry="law" range=start}
Law."""
    places = [one.place for one in d.walk(chapter(f"# A\n\n{text}\n").blocks) if isinstance(one, d.IndexMark)]
    assert [(place.line, place.column) for place in places] == [(3, 15), (3, 50), (5, 11), (6, 11)]


def test_a_mark_that_a_translation_lacks_is_named() -> None:
    source = "# A\n\nThe [river]{.index} and the []{.index entry=quay range=start}quay.\n"
    assert found(source, "# A\n\n[Reka]{.index} i []{.index entry=kej range=start}kej.\n") == ""
    assert found(source, "# A\n\nReka i []{.index entry=kej range=start}kej.\n") == (
        "chapters/sr-Latn/…:3:1: warning: the mark `river` of the index in the source (chapters/en/…:3:6) is missing "
        "[parity-index]"
    )


def test_a_translator_is_given_the_entries_of_marks() -> None:
    hidden = Hidden()
    hide('A [river]{.index entry="Danube!mouth" see-also="Sava" range=start}.', hidden)
    assert hidden.texts == ['"Danube!mouth"', '"Sava"']
