"""Each language keeps its marks, its letters and its spaces: what is written comes out as the language wants it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import typst
from building import checked, impressum, line_of, pages, scratch
from fontTools.ttLib import TTFont
from load_sources import write

from impressum.core.languages import fallbacks, is_right_to_left, typst_language, with_script
from impressum.stages.convert.preprocess import with_latin_markers
from impressum.stages.convert.typst import language_options
from impressum.system.fonts import figure_faces, font_folder

FONTS = font_folder("fontpkg_spectral")


def fragment(root: Path, tag: str, text: str, files: Mapping[str, str | bytes] | None = None) -> str:
    """The Typst of a chapter with this `text` in a publication in the language `tag`, on one line, nothing escaped."""
    head = f"title: Rivers\nlanguage: {tag}\ndate: 2025-03-12\n"
    chapter = {f"chapters/{tag}/01-start.md": f"# Start\n\n{text}\n"}
    write(root, {"publication.yaml": head, **chapter, **(files or {})})
    if tag != "en":
        (root / "chapters/en/01-start.md").unlink()
        (root / "chapters/en").rmdir()
    run = line_of(root)
    found = checked(run)
    assert [str(fault) for fault in run.faults.all()] == []
    return re.sub(" *\n", " ", re.sub(r"\\(\W)", r"\1", found.editions[0].manuscript.fragments[0].typst))


QUOTED = {
    "en": "“so ‘in’ so”",
    "de": "„so ‚in‘ so“",
    "fr": "«\u202fso “in” so\u202f»",
    "hr": "„so ‘in’ so”",
    "sr-Latn": "„so ’in’ so“",
    "sr-Cyrl": "„so ’in’ so“",
    "sr-Latn-RS": "„so ’in’ so“",
}


@pytest.mark.parametrize("tag", QUOTED)
def test_quotation_marks_and_those_within_are_those_of_the_language(tag: str, tmp_path: Path) -> None:
    assert QUOTED[tag] in fragment(tmp_path, tag, "\"so 'in' so\"")


@pytest.mark.parametrize(
    ("tag", "marks"),
    [("sr-Latn", ("»", "«", "›", "‹")), ("sr-Cyrl", ("„", "”", "’", "’")), ("de", ("»", "«", "›", "‹"))],
)
def test_a_house_has_marks_of_its_own(tag: str, marks: tuple[str, ...], tmp_path: Path) -> None:
    keys = ("double.open", "double.close", "single.open", "single.close")
    own = "".join(f'quotes.{key}: "{mark}"\n' for key, mark in zip(keys, marks, strict=True))
    begin, end, inner, out = marks
    written = fragment(tmp_path, tag, "\"so 'in' so\"", {f"templates/words/{tag}.yaml": own})
    assert f"{begin}so {inner}in{out} so{end}" in written


def test_a_passage_in_another_language_has_the_marks_of_that_one(tmp_path: Path) -> None:
    written = fragment(
        tmp_path,
        "sr-Latn",
        'Reč "a", [a "b" word]{lang=en}, [реч "c"]{lang=sr-Cyrl}, [日本 "d"]{lang=ja}, [x "e"]{lang=xx}.\n\n'
        '::: {lang=de}\nSo "f" und *"g"*.\n:::\n\n'
        '::: {.note title="Sur *h*" lang=fr}\nAinsi "i".\n:::\n\nOpet "j".\n',
    )
    found = re.findall(r"([„“«「]\u202f?)([a-j])(\u202f?[“”»」])", written)
    low, high, french = "„“", "“”", "«\u202f\u202f»"
    expected = {"a": low, "b": high, "c": low, "d": "「」", "e": low, "f": low, "g": low, "i": french, "j": low}
    assert {word: begin + end for begin, word, end in found} == expected


@pytest.mark.parametrize("mark", ["а", "a"])
def test_a_list_counts_with_the_letters_of_the_edition(mark: str, tmp_path: Path) -> None:
    items = {"а": "абв", "a": "abc"}[mark]
    written = fragment(tmp_path, "sr-Cyrl", "\n".join(f"{letter}) реч" for letter in items))
    assert 'numbering: "a)", letters: "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ", tight: true, [ реч]' in written
    assert written.count("[ реч]") == 3


def test_a_list_in_latin_letters_leaves_them_to_typst(tmp_path: Path) -> None:
    assert 'numbering: "(a)", tight: true, [ reč]' in fragment(tmp_path, "sr-Latn", "(a) reč\n(b) reč\n(c) reč\n")


def test_cyrillic_marks_are_read_only_where_a_list_begins_with_the_first() -> None:
    text = (
        "а) прво\nб) друго\n   још\nв) треће\n\nТекст у којем\nв) није листа.\n\nг) ни ово\n\n"
        "1. Члан\n    а) прва\n    б) друга\n2. Члан\n    а) прва\n\n(А) Прво\n\n(Б) Друго\n\n```\nа) код\n```\n\n"
        "    а) код\n\n> а) наведено\n> б) и то\n"
    )
    assert with_latin_markers(text) == (
        "a) прво\nb) друго\n   још\nc) треће\n\nТекст у којем\nв) није листа.\n\nг) ни ово\n\n"
        "1. Члан\n    a) прва\n    b) друга\n2. Члан\n    a) прва\n\n(A) Прво\n\n(B) Друго\n\n```\nа) код\n```\n\n"
        "    а) код\n\n> a) наведено\n> b) и то\n"
    )


def test_code_in_an_item_with_a_cyrillic_mark_is_left_alone() -> None:
    text = "а) прво\n\n   ```\n   а) код\n   в) код\n   ```\n\nб) друго\n\n```x``` код\n\nа) прво\n"
    assert with_latin_markers(text) == (
        "a) прво\n\n   ```\n   а) код\n   в) код\n   ```\n\nb) друго\n\n```x``` код\n\na) прво\n"
    )


def test_a_text_without_cyrillic_marks_is_left_alone() -> None:
    text = "a) prvo\nb) drugo\n\nУ реду (а) и б) овде.\n"
    assert with_latin_markers(text) is text


N, T = "\u00a0", "\u202f"
GERMAN = """Am 3. Mai sagte er: "z. B. 'so'", und § 5 Abs. 2 gilt für 10 km, 5 % und {{ 1234.5 | number }} Tonnen.

Vgl. S. 8-9; {{ publication.date | date }}, {{ 0.345 | percent }}, {{ 12.5 | currency("EUR") }}.
"""
FRENCH = """Le 3 mai, il dit : "ainsi 'soit' il !" Pourquoi? Voyez § 5, 10 km, 5 % et {{ 1234.5 | number }} tonnes.

Cf. p. 8-9 ; {{ publication.date | date }}, {{ 0.345 | percent }}, {{ 12.5 | currency("EUR") }}.
"""


def test_german_keeps_its_marks_spaces_numbers_and_dates(tmp_path: Path) -> None:
    written = fragment(tmp_path, "de", GERMAN)
    assert f"3.{N}Mai sagte er: „z.{T}B. ‚so‘\u200a“, und §{T}5 Abs.{N}2 gilt für" in written
    assert f'10{N}km, 5{T}% und 1.234,5{N}#word("01-start/1", "", "Tonnen").' in written
    assert f"Vgl. S.{N}8–9; 12.{N}März 2025, 34,5{N}%, 12,50{N}€." in written


def test_french_keeps_its_marks_spaces_numbers_and_dates(tmp_path: Path) -> None:
    written = fragment(tmp_path, "fr", FRENCH)
    assert f"Le 3{N}mai, il dit{N}: «{T}ainsi “soit” il{T}!{T}» Pourquoi{T}? Voyez §{T}5, 10{N}km, 5{T}% et" in written
    assert f'1{T}234,5{N}#word("01-start/1", "", "tonnes").' in written
    assert f"Cf. p.{N}8–9{T}; 12{N}mars 2025, 34,5{N}%, 12,50{N}€." in written


TYPST = {
    "en": ("en", None),
    "de-AT": ("de", "AT"),
    "sr": ("sr", None),
    "sr-Latn": ("hr", "RS"),
    "sr-Latn-ME": ("hr", "RS"),
    "sr-Cyrl": ("sr", "RS"),
    "hr-HR": ("hr", "HR"),
    "bs": ("hr", "XB"),
    "mk": ("sr", "XM"),
    "zh-Hant-TW": ("zh", "TW"),
}


@pytest.mark.parametrize("tag", TYPST)
def test_typst_is_told_the_language_that_it_can_hyphenate(tag: str) -> None:
    assert typst_language(tag) == TYPST[tag]


def test_a_passage_says_its_region_and_else_none() -> None:
    assert language_options("de-AT") == 'lang: "de", region: "AT"'
    assert language_options("fr") == 'lang: "fr", region: none'


def test_a_passage_keeps_its_script_through_typst() -> None:
    assert language_options("zh-Latn") == 'lang: "zh", region: "XL"'
    assert language_options("sr-Latn") == 'lang: "hr", region: "RS"'
    assert [with_script(tag) for tag in ("zh-XL", "ru-XL", "az-XC", "de-AT", "en")] == [
        *("zh-Latn", "ru-Latn", "az-Cyrl", "de-AT", "en"),
    ]


def test_a_tag_falls_back_within_its_script() -> None:
    assert fallbacks("sr-Latn-RS") == ("sr-Latn-RS", "sr-Latn")
    assert fallbacks("sr-RS") == ("sr-RS", "sr", "sr-Cyrl")
    assert fallbacks("de-AT") == ("de-AT", "de")


def test_the_direction_of_a_language_is_that_of_its_script() -> None:
    tags = ("ar", "he", "fa-IR", "ur", "az-Arab", "yi", "en", "ja", "az-Latn", "ar-Latn")
    assert [tag for tag in tags if is_right_to_left(tag)] == ["ar", "he", "fa-IR", "ur", "az-Arab", "yi"]


DIGRAPHS = {
    "sr-Latn": (
        "zaljubljenost prijateljstvo najljubazniji poljoprivredni priznanje svanjivati nadžnjevati izdžikljati odžačar "
        "menadžment budžetski pidžama međunarodni neprilagođenost istraživanje zahvaljujući najznačajniji kuhinja"
    ),
    "sr-Cyrl": (
        "заљубљеност пријатељство најљубазнији пољопривредни признање свањивати наджњевати оџачар менаџмент буџетски "
        "међународни неприлагођеност истраживање захваљујући најзначајнији рачуноводство"
    ),
}


@pytest.mark.parametrize("tag", DIGRAPHS)
def test_serbian_is_hyphenated_in_both_scripts_and_no_letter_of_two_signs_is_divided(tag: str) -> None:
    words = DIGRAPHS[tag].split()
    divided = hyphenated(tag, words)
    assert [word.replace("-", "") for word in divided] == words
    assert all("-" in word for word in divided)
    assert [word for word in divided if re.search("l-j|n-j|d-ž", word)] == []


def hyphenated(tag: str, words: list[str]) -> list[str]:
    """Each of `words` with the hyphens of a column that is too narrow for it."""
    head = f'#set page(width: 9pt, height: auto, margin: 0pt)\n#set text(font: "Spectral", {language_options(tag)})\n'
    source = head + "#set text(size: 9pt, hyphenate: true)\n" + "\n#pagebreak()\n".join(words)
    fonts: Any = [str(FONTS)]
    pdf = typst.compile(source.encode(), format="pdf", font_paths=fonts, ignore_system_fonts=True)
    assert isinstance(pdf, bytes)
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return [re.sub("[-\u00ad\u2010\ufffe\x02\r\n]+", "-", text).strip("-") for text in texts]


def test_figures_have_the_serbian_letters_upright_and_italic() -> None:
    faces = figure_faces()
    for style, letters in (("Regular", "б"), ("Bold", "б"), ("Italic", "бгдпт")):
        font = TTFont(io.BytesIO(faces[f"AlegreyaSansLiningSerbian-{style}.ttf"]))
        assert all(".locl" in font.getBestCmap()[ord(letter)] for letter in letters)


CYRILLIC = {
    "publication.yaml": "title: Лађе и људи\nslug: lade\nlanguage: sr-Cyrl\ndate: 2025-03-01\nabstract: Кратак опис.\n",
    "templates/theme.yaml": 'type:\n  other: "Libertinus Serif, House"\n',
    "bib/references.bib": "@book{andric, author = {Андрић, Иво}, title = {На Дрини ћуприја}, publisher = {Просвета},"
    " year = {1945}}\n@phdthesis{liang, author = {Liang, Franklin}, title = {Word Hy-phen-a-tion}, school = {Stanford},"
    " year = {1983}}\n",
    "chapters/sr-Cyrl/01-lade.md": """# Лађе

Реч *бгдпт* и "друга" [@andric, p. 5; @liang, chap. 2]. Знак 漢 је из другог писма, [an English *word*]{lang=en} и \
[reč *ovde*]{lang=sr-Latn} нису.

а) прво
б) друго

## Одељак *бгдпт*

#### Мањи

Текст.

| Лађа | Дужина |
|------|-------:|
| прва |     10 |

: Табела *бгдпт* {#tbl-lade}
""".replace("#### Мањи", "### Средњи\n\nТекст.\n\n#### Мањи наслов"),
}


@cache
def cyrillic() -> Path:
    """A publication in Serbian Cyrillic, built once, with a font that it brings for a character of another script."""
    root = scratch() / "cyrillic"
    write(root, {**CYRILLIC, "templates/fonts/House.ttf": house_font()})
    (root / "chapters/en/01-start.md").unlink()
    (root / "chapters/en").rmdir()
    ran = impressum(root, "build")
    assert (ran.code, ran.faults) == (0, "")
    return root


def house_font() -> bytes:
    """A font that has the character 漢, after a fashion."""
    font = TTFont(FONTS / "Spectral-Regular.ttf")
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap = {**table.cmap, ord("漢"): "H"}
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = str(record).replace("Spectral", "House")
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def test_a_cyrillic_edition_says_everything_in_its_script() -> None:
    found = " ".join(pages(cyrillic(), "lade-sr-Cyrl.pdf"))
    assert "а) прво б) друго" in found
    assert "(Андрић 1945, 5; Liang 1983, погл. 2)" in found
    assert "Докторска дисертација, Stanford." in found
    latin = set(re.findall(r"[A-Za-zčćđšž]{2,}", found))
    assert latin <= set("Liang Franklin Word Hy phen tion Stanford an English word reč ovde".split())


def test_italics_of_serbian_cyrillic_are_those_that_the_serif_has() -> None:
    with pikepdf.open(cyrillic() / "dist" / "lade-sr-Cyrl.pdf") as document:
        fonts = {
            str(font.BaseFont).rpartition("+")[2]
            for page in document.pages
            for font in page.Resources.get("/Font", {}).values()
        }
    assert {"Spectral-Italic", "AlegreyaSans-Bold", "House-Regular"} <= fonts
    assert not [font for font in fonts if re.fullmatch(r"AlegreyaSans-\w*Italic", font)]


def test_the_file_names_each_language_with_its_script() -> None:
    with pikepdf.open(cyrillic() / "dist" / "lade-sr-Cyrl.pdf") as document:
        assert str(document.Root.Lang) == "sr-Cyrl"
        marked = b"".join(page.Contents.read_bytes() for page in document.pages)
        assert b"<rdf:li>sr-Cyrl</rdf:li>" in document.Root.Metadata.read_bytes()
    assert set(re.findall(rb"/Lang\(([^)]*)\)", marked)) == {b"sr-Cyrl", b"en", b"sr-Latn"}
