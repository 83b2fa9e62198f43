"""The impressum as data, the words of the six languages, and the licences that they name."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
import yaml

from impressum.core.facts import full_title, join_names, rights_line
from impressum.core.imprint import ImprintItem, ImprintLine, compose, copies, suggested_citation
from impressum.core.licences import CreativeCommons, creative_commons
from impressum.core.model.publication import Publication

WORDS_FOLDER = Path(__file__).parent.parent / "impressum" / "templates" / "words"
TAGS = ("de", "en", "fr", "hr", "sr-Cyrl", "sr-Latn")
CIP = "CIP - Каталогизација у публикацији\nНародна библиотека Србије\n\n    327(510:497.11)\n\n   STUDIJA  2025\n"

CITATION = (
    "Mirjana Đorđević (2025). Steel Friendship: A Study. Digital edition. Policy Studies, no.\u00a03. "
    "Foundation BFPE. https://doi.org/10.5281/zenodo.1234567"
)


def words(tag: str) -> dict[str, str]:
    return dict(yaml.safe_load((WORDS_FOLDER / f"{tag}.yaml").read_text(encoding="utf-8")))


def publication(**more: object) -> Publication:
    known: dict[str, object] = {
        "title": "Steel Friendship",
        "subtitle": "A Study",
        "language": "en",
        "date": "2025-03-01",
        "authors": [{"name": "Stefan Vladislavljev"}, {"name": "Damir Dizdarević"}, {"name": "Mirjana Đorđević"}],
    }
    return Publication.model_validate(known | more)


FULL = publication(
    version="1.2",
    authors=[{"name": "Mirjana Đorđević", "orcid": "0000-0002-1825-0097", "affiliation": "BFPE"}],
    contributors=[
        {"name": "Ana Petrović", "role": "editor"},
        {"name": "Jan van der Berg", "role": "Translator"},
        {"name": "Eva Novak", "role": "Editors"},
        {"name": "Petar Ilić", "role": "Fact-checking"},
        {"name": "Olga Marić"},
    ],
    partners=[{"name": "Partner One", "logo": "figures/one.svg", "ror": "https://ror.org/05dxps055"}],
    funders=[{"name": "Funder Two", "grant": "2025/17", "statement": "Paid for by Funder Two."}],
    series={"title": "Policy Studies", "number": "3", "issn": "0317-8471"},
    impressum={
        "publisher": {
            "name": "Foundation BFPE",
            "address": ["Omladinskih brigada 216", "11000 Belgrade"],
            "website": "http://www.bfpe.org/",
            "email": "office@bfpe.org",
        },
        "edition": "Digital edition",
        "type": "Research",
        "on-behalf-of": "Svetlana Stefanović",
        "responsible": "Svetlana Stefanović, director",
        "isbn": {"pdf": "978-0-306-40615-7", "print": "978-3-16-148410-0"},
        "doi": "10.5281/zenodo.1234567",
        "licence": "CC BY-NC-SA 4.0",
        "disclaimer": "The views are the authors' own.",
        "cip": CIP,
        "printer": "Printer, Belgrade",
        "print-run": "1500",
        "accessibility": "The file is tagged.",
        "notes": ["First note.", "Second note."],
    },
)


def items(edition: Publication, tag: str = "en", credits: tuple[str, ...] = ()) -> dict[str, ImprintItem]:
    found = compose(edition, tag=tag, words=words(tag), credits=credits)
    return {item.key: item for item in found}


def test_a_full_impressum_stands_in_the_order_of_the_contract() -> None:
    found = compose(FULL, tag="en", words=words("en"), credits=("Photo: A", "Map: B", "Photo: A"))
    assert [(item.key, item.kind, item.label, tuple(line.text for line in item.lines)) for item in found] == [
        ("publisher", "text", "Publisher", ("Foundation BFPE",)),
        ("address", "text", "Address", ("Omladinskih brigada 216", "11000 Belgrade")),
        ("website", "link", "Website", ("www.bfpe.org",)),
        ("email", "link", "Email", ("office@bfpe.org",)),
        ("year", "text", "Year of publication", ("2025",)),
        ("edition", "text", "Edition", ("Digital edition",)),
        ("version", "text", "Version", ("1.2",)),
        ("type", "text", "Type of publication", ("Research",)),
        ("on-behalf-of", "text", "On behalf of the publisher", ("Svetlana Stefanović",)),
        ("responsible", "text", "Responsible for the content", ("Svetlana Stefanović, director",)),
        ("pages", "pages", "Number of pages", ()),
        ("authors", "people", "Author", ("Mirjana Đorđević",)),
        ("role-editor", "people", "Editors", ("Ana Petrović", "Eva Novak")),
        ("role-translator", "people", "Translator", ("Jan van der Berg",)),
        ("contributors", "people", "Fact-checking", ("Petar Ilić",)),
        ("contributors", "people", "Contributors", ("Olga Marić",)),
        ("series", "text", "Series", ("Policy Studies, no.\u00a03",)),
        ("issn", "text", "ISSN", ("0317-8471",)),
        ("isbn-pdf", "text", "ISBN (PDF)", ("978-0-306-40615-7",)),
        ("isbn-print", "text", "ISBN (print)", ("978-3-16-148410-0",)),
        ("doi", "link", "DOI", ("https://doi.org/10.5281/zenodo.1234567",)),
        (
            "citation",
            "text",
            "Suggested citation",
            (CITATION,),
        ),
        (
            "licence",
            "link",
            "Licence",
            (
                "Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International (CC BY-NC-SA 4.0)",
                "https://creativecommons.org/licenses/by-nc-sa/4.0/",
            ),
        ),
        ("rights", "text", "Copyright", ("© 2025 Foundation BFPE",)),
        ("partners", "logos", "Partners", ("Partner One",)),
        ("funders", "logos", "Funded by", ("Funder Two",)),
        ("statements", "statement", "", ("Paid for by Funder Two.",)),
        ("disclaimer", "statement", "Disclaimer", ("The views are the authors' own.",)),
        (
            "cip",
            "verbatim",
            "",
            (
                "CIP - Каталогизација у публикацији",
                "Народна библиотека Србије",
                "",
                "    327(510:497.11)",
                "",
                "   STUDIJA  2025",
            ),
        ),
        ("printer", "text", "Printed by", ("Printer, Belgrade",)),
        ("print-run", "text", "Print run", ("1,500 copies",)),
        ("image-credits", "text", "Image credits", ("Photo: A", "Map: B")),
        ("accessibility", "statement", "Accessibility", ("The file is tagged.",)),
        ("notes", "statement", "Notes", ("First note.", "Second note.")),
    ]


def test_lines_carry_where_they_lead_and_who_is_meant() -> None:
    found = items(FULL)
    assert found["authors"].lines == (ImprintLine("Mirjana Đorđević", orcid="0000-0002-1825-0097", detail="BFPE"),)
    assert found["website"].lines[0].url == "http://www.bfpe.org/"
    assert found["email"].lines[0].url == "mailto:office@bfpe.org"
    assert found["partners"].lines == (
        ImprintLine("Partner One", url="https://ror.org/05dxps055", logo="figures/one.svg"),
    )
    assert found["funders"].lines[0].detail == "Grant no.\u00a02025/17"
    assert found["citation"].lines[0].url == "https://doi.org/10.5281/zenodo.1234567"


def test_a_bare_publication_has_the_year_the_pages_and_the_citation() -> None:
    bare = Publication.model_validate({"title": "Why?", "language": "en", "date": "2025-03-01"})
    assert compose(bare, tag="en", words=words("en")) == (
        ImprintItem("year", "text", "Year of publication", (ImprintLine("2025"),)),
        ImprintItem("pages", "pages", "Number of pages"),
        ImprintItem("citation", "text", "Suggested citation", (ImprintLine("Why? (2025)."),)),
    )


def test_the_reference_publication_cites_itself_in_each_language() -> None:
    edition = publication(impressum={"publisher": {"name": "BFPE", "website": "www.bfpe.org"}})
    names = "Stefan Vladislavljev, Damir Dizdarević"
    rest = "Mirjana Đorđević (2025). Steel Friendship{} A Study. BFPE. https://www.bfpe.org"
    assert {tag: suggested_citation(edition, words=words(tag)) for tag in TAGS} == {
        "de": f"{names} und {rest.format(':')}",
        "en": f"{names}, and {rest.format(':')}",
        "fr": f"{names} et {rest.format(chr(0xA0) + ':')}",
        "hr": f"{names} i {rest.format(':')}",
        "sr-Cyrl": f"{names} и {rest.format(':')}",
        "sr-Latn": f"{names} i {rest.format(':')}",
    }


def test_without_authors_the_editors_and_then_the_publisher_are_cited() -> None:
    editors = [{"name": "Ana Petrović", "role": "editor"}, {"name": "Eva Novak", "role": "editor"}]
    house = {"publisher": {"name": "BFPE"}}
    edited = publication(authors=[], contributors=editors, impressum=house)
    assert suggested_citation(edited, words=words("en")) == (
        "Ana Petrović and Eva Novak (eds.) (2025). Steel Friendship: A Study. BFPE."
    )
    nobody = publication(authors=[], impressum=house)
    assert suggested_citation(nobody, words=words("de")) == "BFPE (2025). Steel Friendship: A Study."


def test_a_title_that_asks_gets_neither_colon_nor_full_stop() -> None:
    assert full_title(publication(title="Why now?"), words("en")) == "Why now? A Study"
    asked = publication(title="Why now?", subtitle=None, authors=[{"name": "A B"}])
    assert suggested_citation(asked, words=words("en")) == "A B (2025). Why now?"


def test_names_are_joined_as_the_language_joins_them() -> None:
    assert join_names([], words("en")) == ""
    assert join_names(["A"], words("en")) == "A"
    assert join_names(["A", "B"], words("en")) == "A and B"
    assert join_names(["A", "B", "C"], words("en")) == "A, B, and C"
    assert join_names(["A", "B", "C"], words("sr-Cyrl")) == "A, B и C"


def test_rights_default_to_the_publisher_and_only_to_one() -> None:
    house = {"publisher": {"name": "BFPE"}}
    assert rights_line(publication(impressum=house | {"year": "2024"})) == "© 2024 BFPE"
    assert rights_line(publication(impressum=house | {"rights": "© The authors"})) == "© The authors"
    assert rights_line(publication(impressum=house | {"licence": "CC0-1.0"})) is None
    assert rights_line(publication()) is None


def test_a_number_of_a_series_that_has_its_own_word_is_left_alone() -> None:
    series = {"title": "Studien", "number": "Band 3"}
    assert items(publication(series=series), "de")["series"].lines[0].text == "Studien, Band 3"


def test_one_isbn_stands_for_all_forms() -> None:
    assert items(publication(impressum={"isbn": "978-0-306-40615-7"}))["isbn"].label == "ISBN"


def test_a_cip_record_without_its_own_heading_gets_one() -> None:
    found = items(publication(impressum={"cip": "\n327(510)\n"}), "sr-Latn")["cip"]
    assert (found.label, found.lines) == ("CIP – Katalogizacija u publikaciji", (ImprintLine("327(510)"),))


def test_a_licence_that_is_not_known_is_printed_as_it_is() -> None:
    free = items(publication(impressum={"licence": "All rights reserved"}))["licence"]
    assert free.lines == (ImprintLine("All rights reserved"),)
    address = items(publication(impressum={"licence": "https://example.org/terms"}))["licence"]
    assert address.lines == (ImprintLine("https://example.org/terms", "https://example.org/terms"),)


@pytest.mark.parametrize(
    ("tag", "name", "deed"),
    [
        ("en", "Attribution-NoDerivatives 4.0 International", ""),
        ("de", "Namensnennung-Keine Bearbeitungen 4.0 International", "deed.de"),
        ("fr", "Attribution – Pas de Modification 4.0 International", "deed.fr"),
        ("hr", "Autorstvo-Bez prerada 4.0 Međunarodna", "deed.hr"),
        ("sr-Latn", "Autorstvo-Bez prerada 4.0 Međunarodna", "deed.sr-latn"),
        ("sr-Cyrl", "Ауторство-Без прерада 4.0 Међународна", "deed.sr-latn"),
    ],
)
def test_a_licence_has_its_name_and_its_summary_in_the_language(tag: str, name: str, deed: str) -> None:
    found = items(publication(impressum={"licence": "cc-by-nd-4.0"}), tag)["licence"]
    address = f"https://creativecommons.org/licenses/by-nd/4.0/{deed}"
    assert found.lines == (
        ImprintLine(f"Creative Commons {name} (CC BY-ND 4.0)", address),
        ImprintLine(address, address),
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("CC-BY-4.0", CreativeCommons("by", "4.0")),
        ("CC BY 4.0 International", CreativeCommons("by", "4.0")),
        ("cc by-nc-sa 4.0", CreativeCommons("by-nc-sa", "4.0")),
        ("CC BY-ND-NC 1.0", CreativeCommons("by-nc-nd", "1.0")),
        ("CC BY 3.0 IGO", CreativeCommons("by", "3.0", "igo")),
        ("CC0-1.0", CreativeCommons("zero", "1.0")),
        ("CC0 1.0 Universal", CreativeCommons("zero", "1.0")),
        ("https://creativecommons.org/licenses/by-sa/4.0/deed.sr-latn", CreativeCommons("by-sa", "4.0")),
        ("https://creativecommons.org/publicdomain/zero/1.0/", CreativeCommons("zero", "1.0")),
        ("CC BY", None),
        ("CC BY 5.0", None),
        ("CC BY-SA-ND 4.0", None),
        ("CC BY 4.0 RS", None),
        ("CC0 2.0", None),
        ("MIT", None),
        ("", None),
    ],
)
def test_a_creative_commons_licence_is_known_however_it_is_written(
    written: str, expected: CreativeCommons | None
) -> None:
    assert creative_commons(written) == expected


def test_a_licence_knows_its_address_its_identifier_and_its_older_name() -> None:
    igo = CreativeCommons("by-nc", "3.0", "igo")
    assert igo.url == "https://creativecommons.org/licenses/by-nc/3.0/igo/"
    assert igo.spdx == "CC-BY-NC-3.0-IGO"
    assert igo.name(words("en")) == "Creative Commons Attribution-NonCommercial 3.0 IGO (CC BY-NC 3.0 IGO)"
    assert CreativeCommons("zero", "1.0").name(words("fr")) == "CC0 1.0 universel"


@pytest.mark.parametrize(
    ("number", "tag", "expected"),
    [
        (1, "en", "1 copy"),
        (1500, "en", "1,500 copies"),
        (1500, "de", "1.500 Exemplare"),
        (1500, "fr", "1\u202f500 exemplaires"),
        (301, "sr-Latn", "301 primerak"),
        (302, "sr-Latn", "302 primerka"),
        (1500, "sr-Latn", "1.500 primeraka"),
        (302, "sr-Cyrl", "302 примерка"),
        (312, "hr", "312 primjeraka"),
    ],
)
def test_copies_are_counted_as_the_language_counts(number: int, tag: str, expected: str) -> None:
    assert copies(number, tag=tag, words=words(tag)) == expected


def test_copies_in_a_language_that_nobody_knows_are_still_counted() -> None:
    assert copies(1500, tag="qxx", words=words("en")) == "1,500 copies"


def test_every_language_has_the_same_words_and_the_same_places_in_them() -> None:
    english = words("en")
    for tag in TAGS:
        known = words(tag)
        assert list(known) == list(english), tag
        assert all(isinstance(text, str) and text for text in known.values()), tag
        for key, text in known.items():
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", english[key])), (tag, key)
            assert unicodedata.is_normalized("NFC", text), (tag, key)


def test_serbian_words_stand_in_one_script_and_the_two_say_the_same() -> None:
    latin_kept = {"ISBN", "PDF", "EPUB", "ISSN", "DOI", "ORCID", "CIP", "CC0"}
    for key, text in words("sr-Cyrl").items():
        bare = re.sub(r"\{\w+\}", "", text)
        assert set(re.findall(r"[A-Za-zČĆŽŠĐčćžšđ0]{2,}", bare)) <= latin_kept, (key, text)
    for key, text in words("sr-Latn").items():
        assert not re.search(r"[\u0400-\u04ff]", text), (key, text)


def test_quotation_marks_are_those_of_the_language() -> None:
    marks = ("double.open", "double.close", "single.open", "single.close")
    assert {tag: tuple(words(tag)[f"quotes.{mark}"] for mark in marks) for tag in TAGS} == {
        "de": ("„", "“", "‚", "‘"),
        "en": ("“", "”", "‘", "’"),
        "fr": ("«\u202f", "\u202f»", "“", "”"),
        "hr": ("„", "”", "‘", "’"),
        "sr-Cyrl": ("„", "“", "’", "’"),
        "sr-Latn": ("„", "“", "’", "’"),
    }
