"""The languages that the package has whole: words, terms, marks, numbers, dates and breaks, held to CLDR and CSL."""

from __future__ import annotations

import datetime
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
from building import impressum, pages, scratch
from citing import of_citeproc
from load_sources import write
from test_convert_citations import ROOT

from impressum.core.errors import Faults
from impressum.core.imprint import copies
from impressum.core.languages import HYPHENATED, is_hyphenated
from impressum.core.numerals import Numerals, locale_of, long_date
from impressum.stages.convert.hyphens import divided, macedonian
from impressum.stages.convert.output import MARKS, Marks
from impressum.stages.convert.spacing_words import LANGUAGES
from impressum.stages.convert.terms import Language, style_in
from impressum.stages.load.words import CITEPROC, packaged, read_terms, read_words
from impressum.system.workspace import Workspace

WHOLE = ("en", "de", "fr", "hr", "sr-Latn", "sr-Cyrl", "it", "es", "pl", "sq", "mk", "bs")
OF_CITEPROC = {
    "en": "en-US",
    "de": "de-DE",
    "fr": "fr-FR",
    "it": "it-IT",
    "es": "es-ES",
    "pl": "pl-PL",
    "sq": "",
    "mk": "",
}
CYRILLIC = ("sr-Cyrl", "mk")
DAY = datetime.date(2024, 5, 3)
NAMESPACE = "{http://purl.org/net/xbiblio/csl}"


@cache
def whole(tag: str) -> Language:
    """The words and terms of the package in the language `tag`; a fault in them fails the test."""
    faults = Faults()
    language = Language(tag, read_terms(Workspace(ROOT), tag, faults), read_words(Workspace(ROOT), tag, faults))
    assert [str(fault) for fault in faults.all()] == []
    return language


@pytest.mark.parametrize("tag", WHOLE)
def test_no_word_is_missing_and_each_has_the_places_of_the_english_one(tag: str) -> None:
    english, own = packaged("words", "en").words, packaged("words", tag).words
    assert own.keys() == english.keys()
    places = re.compile(r"\{\w+\}")
    assert {key: sorted(places.findall(word.text)) for key, word in own.items()} == {
        key: sorted(places.findall(word.text)) for key, word in english.items()
    }
    assert all(word.text for word in own.values())


@pytest.mark.parametrize("tag", WHOLE)
def test_words_are_in_the_letters_of_their_language(tag: str) -> None:
    of_latin = {
        "Creative",
        "Commons",
        "CIP",
        "CC",
        "ISBN",
        "ORCID",
        "ISSN",
        "DOI",
        "PDF",
        "EPUB",
        "CD",
        "ROM",
        "number",
    }
    of_latin |= {"name", "version", "date"}
    texts = " ".join([*whole(tag).words.values(), *whole(tag).terms.values()])
    words = {word for word in re.findall(r"[^\W\d_]+", texts) if word not in of_latin}
    is_other = re.compile("[A-Za-z]" if tag in CYRILLIC else "[\u0400-\u04ff]")
    assert [word for word in words if is_other.search(word)] == []


@pytest.mark.parametrize("tag", WHOLE)
def test_numbers_are_written_as_cldr_has_them(tag: str) -> None:
    symbols = locale_of(tag).number_symbols["latn"]
    words = whole(tag).words
    assert (words["number.decimal"], words["number.group"]) == (symbols["decimal"], symbols["group"])
    assert Numerals(tag).number(12345.5) == f"12{symbols['group']}345{symbols['decimal']}5"


@pytest.mark.parametrize("tag", WHOLE)
def test_months_of_citations_are_those_of_cldr(tag: str) -> None:
    months = {number: whole(tag).terms.get(f"month-{number:02}") for number in range(1, 13)}
    wide = locale_of(tag).months["format"]["wide"]
    if tag.split("-")[0] in CITEPROC and None in months.values():
        months = of_citeproc_months(OF_CITEPROC[tag])
    assert {number: str(name).lower() for number, name in months.items()} == {
        number: name.lower() for number, name in wide.items()
    }


def of_citeproc_months(tag: str) -> dict[int, str | None]:
    found = {term.get("name"): term.text for term in of_citeproc(tag).iter(f"{NAMESPACE}term") if not term.get("form")}
    return {number: found[f"month-{number:02}"] for number in range(1, 13)}


LONG_DATES = {
    "it": "3 maggio 2024",
    "es": "3 de mayo de 2024",
    "pl": "3 maja 2024",
    "sq": "3 maj 2024",
    "mk": "3 мај 2024 г.",
    "bs": "3. maja 2024.",
}


@pytest.mark.parametrize("tag", LONG_DATES)
def test_a_day_is_written_as_its_language_does(tag: str) -> None:
    assert re.sub("[\u00a0\u202f]", " ", long_date(DAY, locale_of(tag))) == LONG_DATES[tag]


MARKS_OF_CLDR = {
    "en": "“ ” ‘ ’",
    "de": "„ “ ‚ ‘",
    "fr": "« » « »",
    "hr": "„ “ ‚ ‘",
    "sr": "„ “ ’ ’",
    "it": "« » “ ”",
    "es": "« » “ ”",
    "pl": "„ ” « »",
    "sq": "« » “ ”",
    "mk": "„ “ ‚ ‘",
    "bs": "„ ” ’ ’",
}
"""The delimiters of CLDR 45, which Babel does not have."""
OTHERWISE = {"fr": "« » “ ”", "hr": "„ ” ‘ ’", "mk": "„ “ ’ ‘"}
"""Where the orthography of a language is followed, and not CLDR."""


@pytest.mark.parametrize("tag", WHOLE)
def test_quotation_marks_are_those_of_the_orthography(tag: str) -> None:
    words, code = whole(tag).words, tag.split("-")[0]
    own = [words[f"quotes.{kind}.{end}"].strip("\u202f") for kind in ("double", "single") for end in ("open", "close")]
    assert " ".join(own) == OTHERWISE.get(code, MARKS_OF_CLDR[code])
    assert Marks(*own) == Marks(*(mark.strip("\u202f") for mark in vars(MARKS[code]).values()))


ALIKE = frozenset(
    "album anonymous april article article-locator author canon circa colon comma document et-al figure film folio "
    "ibid in internet loc-cit map month-04 month-08 month-09 month-11 note online op-cit opus page pamphlet podcast "
    "preprint season-04 section semicolon software sub-verbo video volume page-range-delimiter number-of-pages".split()
)
"""Terms that are the same in English and another of these languages."""
COPIES = {
    "it": ("1 copia", "2 copie", "5 copie", "1.000 copie"),
    "es": ("1 ejemplar", "2 ejemplares", "5 ejemplares", "1.000 ejemplares"),
    "pl": ("1 egzemplarz", "2 egzemplarze", "5 egzemplarzy", "1 000 egzemplarzy"),
    "sq": ("1 kopje", "2 kopje", "5 kopje", "1 000 kopje"),
    "mk": ("1 примерок", "2 примероци", "5 примероци", "1.000 примероци"),
    "bs": ("1 primjerak", "2 primjerka", "5 primjeraka", "1.000 primjeraka"),
}


@pytest.mark.parametrize("tag", COPIES)
def test_plurals_are_those_of_the_language(tag: str) -> None:
    words = whole(tag).words
    printed = (copies(number, tag=tag, words=words).replace("\u00a0", " ") for number in (1, 2, 5, 1000))
    assert tuple(printed) == COPIES[tag]


@pytest.mark.parametrize("tag", WHOLE)
def test_no_term_of_citations_is_left_in_english(tag: str) -> None:
    """What citeproc has in English is in our file or, in other words, in citeproc's own."""
    if tag == "en":
        return
    style = ElementTree.fromstring(style_in(whole(tag), '<style xmlns="http://purl.org/net/xbiblio/csl"/>'))
    ours = {term.get("name") for term in style.iter(f"{NAMESPACE}term") if term.get("form") != "verb-short"}
    english, own = (plain(of_citeproc(name)) for name in ("en-US", OF_CITEPROC.get(tag) or "en-US"))
    same = {name for name, text in english.items() if own.get(name) == text and name not in ours}
    assert {name for name in same if name and not name.startswith(("ordinal", "open-", "close-"))} <= ALIKE


def plain(locale: ElementTree.Element) -> dict[str | None, str]:
    """The terms of `locale` without a form."""
    return {
        term.get("name"): "|".join(term.itertext()).strip()
        for term in locale.iter(f"{NAMESPACE}term")
        if not term.get("form") and "".join(term.itertext()).strip()
    }


@pytest.mark.parametrize("tag", WHOLE)
def test_lines_know_the_months_of_the_language_and_how_it_divides_words(tag: str) -> None:
    assert is_hyphenated(tag)
    code = tag.split("-")[0]
    if tag != "sr-Cyrl":  # which is looked up in Latin letters
        day = long_date(DAY, locale_of(tag)).lower()
        assert any(month in re.split(r"[\s\u00a0,]+", day) for month in LANGUAGES[code].months)
    assert {"ja", "mt"}.isdisjoint(HYPHENATED)


def test_words_of_macedonian_are_divided_though_typst_has_no_patterns_for_it() -> None:
    assert macedonian("комуникација") == ("комуникација",)
    assert macedonian("одѕив") == ("од", "\u00ad", "ѕив")
    assert macedonian("Моќност") == ("Мо", "ќ", "\u00ad", "ност")
    assert macedonian("ВМРО") == ("ВМРО",)
    assert divided("Reuters одѕив", "mk", "a/1").startswith('Reuters #word("a/1", "од"')


MACEDONIAN_BOOK = {
    "publication.yaml": (
        "title: Реки и патишта\nslug: reki\nlanguage: mk\ndate: 2025-03-12\nabstract: Краток опис.\n"
        "impressum: {publisher: {name: Куќа}, year: 2025, print-run: 500}\n"
    ),
    "bib/references.bib": (
        "@book{misirkov, author = {Мисирков, Крсте}, title = {За македонцките работи}, publisher = {Либерал},"
        " year = {1903}}\n@phdthesis{liang, author = {Liang, Franklin}, title = {Word Hy-phen-a-tion},"
        " school = {Stanford}, year = {1983}}\n"
        "@book{gjorgji, author = {Ѓорѓи, А.}, title = {Патишта}, publisher = {Нова}, year = {2001}}\n"
        "@book{goce, author = {Гоце, А. and Дамјан, Б.}, title = {Реки}, publisher = {Нова},"
        " year = {2002}, edition = 3}\n"
    ),
    "chapters/mk/01-reki.md": """# Реки

Реката *бгдпт* и "друга 'внатре' таму" [@misirkov, p. 5; @liang, chap. 2; @gjorgji; @goce], вкупно \
{{ 1234.5 | number }} км на {{ publication.date | date }}, според *Reuters*.

а) прво
б) второ

| Река | Должина |
|------|--------:|
| прва |      10 |

: Должини {#tbl-reki}

Види @tbl-reki.
""",
}


@cache
def macedonian_book() -> Path:
    root = scratch() / "macedonian"
    write(root, MACEDONIAN_BOOK)
    (root / "chapters/en/01-start.md").unlink()
    (root / "chapters/en").rmdir()
    ran = impressum(root, "build")
    assert (ran.code, ran.faults) == (0, "")
    return root


def test_a_macedonian_edition_says_everything_in_its_language() -> None:
    found = re.sub("[\u00a0\u202f]", " ", " ".join(" ".join(pages(macedonian_book(), "reki-mk.pdf")).split()))
    for printed in (
        "и „друга ’внатре‘ таму“ (Мисирков 1903, 5; Liang 1983, гл. 2; Ѓорѓи 2001; Гоце и Дамјан 2002)",
        "1.234,5 км на 12 март 2025г., според Reuters",
        "а) прво б) второ",
        "Табела 1 Должини",
        "Види табела 1.",
        "500 примероци",
        "3. изд. Нова.",
        "Докторска дисертација, Stanford.",
    ):
        assert printed in found
    listed = found[found.index("Гоце, А., и Б. Дамјан") :]
    assert listed.index("Ѓорѓи, А.") < listed.index("Мисирков") < listed.index("Liang")


def test_italics_of_macedonian_are_not_the_russian_ones_and_the_file_says_its_language() -> None:
    with pikepdf.open(macedonian_book() / "dist" / "reki-mk.pdf") as document:
        marked = b"".join(page.Contents.read_bytes() for page in document.pages)
        assert (str(document.Root.Lang), b"sr-XM" in marked) == ("mk", False)
        fonts = {
            str(font.BaseFont).rpartition("+")[2]
            for page in document.pages
            for font in page.Resources.get("/Font", {}).values()
        }
    assert "Spectral-Italic" in fonts
    assert not [font for font in fonts if re.fullmatch(r"AlegreyaSans-\w*Italic", font)]
