"""`CITATION.cff`: what it says of the reference publication, and how names are read."""

from __future__ import annotations

import re

import pytest
import yaml

from impressum.core.model.publication import Person, Publication
from impressum.stages.publish.citation import citation_cff, person_or_entity


def publication(**more: object) -> Publication:
    known: dict[str, object] = {
        "title": "Steel Friendship",
        "subtitle": "A Study",
        "language": "sr-Latn",
        "date": "2025-03-01",
        "authors": [{"name": "Stefan Vladislavljev"}, {"name": "Mirjana Đorđević", "orcid": "0000-0002-1825-0097"}],
        "keywords": ["trade", "security", "trade"],
        "abstract": "What the partnership is made of.",
    }
    return Publication.model_validate(known | more)


IMPRESSUM = {
    "publisher": {
        "name": "Foundation BFPE",
        "address": ["Omladinskih brigada 216", "11000 Belgrade"],
        "website": "www.bfpe.org",
    },
    "year": "2025",
    "isbn": {"print": "978-3-16-148410-0", "pdf": "978-0-306-40615-7"},
    "doi": "10.5281/zenodo.1234567",
    "licence": "CC BY-SA 4.0",
}


def test_the_whole_file_reads_as_a_citation_of_a_report() -> None:
    series = {"title": "Policy Studies", "number": "3", "issn": "0317-8471"}
    contributors = [{"name": "Ana Petrović", "role": "Editor"}, {"name": "Jan van der Berg", "role": "translation"}]
    text = citation_cff(publication(impressum=IMPRESSUM, version="1.10", series=series, contributors=contributors))
    assert text == (
        """\
cff-version: 1.2.0
message: To cite this publication, use the metadata under preferred-citation.
title: 'Steel Friendship: A Study'
authors:
- given-names: Stefan
  family-names: Vladislavljev
- given-names: Mirjana
  family-names: Đorđević
  orcid: https://orcid.org/0000-0002-1825-0097
date-released: '2025-03-01'
version: '1.10'
doi: 10.5281/zenodo.1234567
url: https://doi.org/10.5281/zenodo.1234567
license: CC-BY-SA-4.0
keywords:
- trade
- security
abstract: What the partnership is made of.
preferred-citation:
  type: report
  title: 'Steel Friendship: A Study'
  authors:
  - given-names: Stefan
    family-names: Vladislavljev
  - given-names: Mirjana
    family-names: Đorđević
    orcid: https://orcid.org/0000-0002-1825-0097
  editors:
  - given-names: Ana
    family-names: Petrović
  translators:
  - given-names: Jan
    family-names: van der Berg
  year: 2025
  date-released: '2025-03-01'
  publisher:
    name: Foundation BFPE
    address: Omladinskih brigada 216, 11000 Belgrade
    website: https://www.bfpe.org
  collection-title: Policy Studies
  number: '3'
  issn: 0317-8471
  isbn: 978-0-306-40615-7
  version: '1.10'
  copyright: © 2025 Foundation BFPE
  languages:
  - sr
  doi: 10.5281/zenodo.1234567
  url: https://doi.org/10.5281/zenodo.1234567
  license: CC-BY-SA-4.0
  keywords:
  - trade
  - security
  abstract: What the partnership is made of.
"""
    )


def test_a_bare_publication_still_names_an_author_as_the_format_demands() -> None:
    bare = Publication.model_validate({"title": "T", "language": "en", "date": "2025-03-01"})
    assert yaml.safe_load(citation_cff(bare)) == {
        "cff-version": "1.2.0",
        "message": "To cite this publication, use the metadata under preferred-citation.",
        "title": "T",
        "authors": [{"name": "Anonymous"}],
        "date-released": "2025-03-01",
        "preferred-citation": {
            "type": "report",
            "title": "T",
            "authors": [{"name": "Anonymous"}],
            "year": 2025,
            "date-released": "2025-03-01",
            "languages": ["en"],
        },
    }


def test_without_authors_the_editors_and_then_the_publisher_are_named() -> None:
    edited = publication(authors=[], contributors=[{"name": "Ana Petrović", "role": "editor"}])
    assert yaml.safe_load(citation_cff(edited))["authors"] == [{"given-names": "Ana", "family-names": "Petrović"}]
    published = publication(authors=[], impressum=IMPRESSUM, contributors=[{"name": "Jan Smit", "role": "translator"}])
    assert yaml.safe_load(citation_cff(published))["authors"] == [{"name": "Foundation BFPE"}]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Damir Dizdarević", {"given-names": "Damir", "family-names": "Dizdarević"}),
        ("Ana Marija Kovač", {"given-names": "Ana Marija", "family-names": "Kovač"}),
        ("Vincent van der Berg", {"given-names": "Vincent", "family-names": "van der Berg"}),
        ("Simone de Beauvoir", {"given-names": "Simone", "family-names": "de Beauvoir"}),
        ("Leonardo da Vinci", {"given-names": "Leonardo", "family-names": "da Vinci"}),
        ("Alexander von Humboldt", {"given-names": "Alexander", "family-names": "von Humboldt"}),
        ("de Gaulle", {"given-names": "de", "family-names": "Gaulle"}),
        ("María de la Cruz", {"given-names": "María", "family-names": "de la Cruz"}),
        ("King III", {"given-names": "King", "family-names": "III"}),
        ("The Economist", {"name": "The Economist"}),
        ("Doctors without Borders", {"name": "Doctors without Borders"}),
        ("Martin Luther King Jr.", {"given-names": "Martin Luther", "family-names": "King", "name-suffix": "Jr."}),
        ("Petrović Njegoš, Petar", {"given-names": "Petar", "family-names": "Petrović Njegoš"}),
        ("Мирјана Ђорђевић", {"given-names": "Мирјана", "family-names": "Ђорђевић"}),
        ("the Impressum contributors", {"name": "the Impressum contributors"}),
        ("Impressum contributors", {"name": "Impressum contributors"}),
        ("Institut für Zeitgeschichte", {"name": "Institut für Zeitgeschichte"}),
        ("Фондација БФПЕ", {"name": "Фондација БФПЕ"}),
        ("OECD", {"name": "OECD"}),
    ],
)
def test_a_name_is_split_as_its_owner_would_or_left_whole(name: str, expected: dict[str, str]) -> None:
    assert person_or_entity(Person.model_validate({"name": name})) == expected


def test_an_orcid_makes_even_a_single_word_a_person() -> None:
    one = Person.model_validate({"name": "Madonna", "orcid": "0000-0002-1825-0097", "affiliation": "BFPE"})
    assert person_or_entity(one) == {
        "family-names": "Madonna",
        "affiliation": "BFPE",
        "orcid": "https://orcid.org/0000-0002-1825-0097",
    }


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("CC0-1.0", {"license": "CC0-1.0"}),
        ("MIT", {"license": "MIT"}),
        ("CC BY 3.0 IGO", {"license-url": "https://creativecommons.org/licenses/by/3.0/igo/"}),
        ("https://example.org/terms", {"license-url": "https://example.org/terms"}),
        ("All rights reserved", {}),
    ],
)
def test_only_a_licence_of_the_formats_list_is_named_as_one(licence: str, expected: dict[str, str]) -> None:
    found = yaml.safe_load(citation_cff(publication(impressum={"licence": licence})))
    assert {key: found[key] for key in found if key.startswith("license")} == expected


def test_a_doi_that_the_format_refuses_is_given_as_an_address() -> None:
    found = yaml.safe_load(citation_cff(publication(impressum={"doi": "10.1000/a+b"})))
    assert "doi" not in found
    assert found["url"] == "https://doi.org/10.1000/a+b"
    assert found["preferred-citation"]["identifiers"] == [{"type": "url", "value": "https://doi.org/10.1000/a+b"}]


def test_what_else_a_reader_may_ask_for_is_in_the_reference() -> None:
    publisher = {"name": "Foundation BFPE", "email": "press@example.org"}
    more = {"publisher": publisher, "edition": "Second edition", "isbn": {"epub": "978-0-306-40615-7"}}
    found = yaml.safe_load(citation_cff(publication(impressum=more)))["preferred-citation"]
    assert found["publisher"] == publisher
    assert (found["edition"], found["isbn"]) == ("Second edition", "978-0-306-40615-7")
    one = publication(impressum={"isbn": {"print": "978-3-16-148410-0", "epub": "978-0-306-40615-7"}})
    assert yaml.safe_load(citation_cff(one))["preferred-citation"]["isbn"] == "978-3-16-148410-0"


def test_the_file_never_holds_a_yaml_alias() -> None:
    assert not re.search(r"(^|\s)[&*]id\d+", citation_cff(publication(impressum=IMPRESSUM)))
