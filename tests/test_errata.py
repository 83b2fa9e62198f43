"""`errata:`: what a corrected version corrects is read with its places, and printed on a page of its own."""

from __future__ import annotations

import datetime
import shutil
from functools import cache
from pathlib import Path

import pypdf
from building import built_copy, impressum, pages, reader, replace, scratch

from impressum.core.errata import check_places, compose
from impressum.core.errors import Faults, Place
from impressum.core.model.manuscript import Anchor
from impressum.core.model.publication import Erratum

WORDS = {
    "ref.table": "Table {number}",
    "ref.equation": "Equation {number}",
    "ref.section": "section {number}",
    "ref.chapter": "chapter {number}",
    "quotes.double.open": "“",
    "quotes.double.close": "”",
}


def anchor(name: str, kind: str, number: str, level: int = 0, chapter: str = "01-start") -> Anchor:
    return Anchor(f"{chapter}/{name}", kind, number, "A title", chapter, Place("a.md", 1), level)  # type: ignore[arg-type]


ANCHORS = (
    anchor("sec-start", "heading", "1", 1),
    anchor("sec-rest", "heading", "", 2),
    anchor("tbl-trade", "table", "2"),
    anchor("eq-sum", "equation", "3"),
    anchor("twice", "table", "4"),
    anchor("twice", "table", "5", chapter="02-end"),
)


def erratum(where: str, day: int = 1) -> Erratum:
    return Erratum(date=datetime.date(2025, 4, day), where=where, was="8", now="9").at(Place("publication.yaml", day))


def test_a_place_by_its_id_is_said_in_the_words_of_the_edition() -> None:
    found = compose(
        [erratum("@sec-start"), erratum("@sec-rest"), erratum("@tbl-trade"), erratum("@eq-sum"), erratum("The cover")],
        ANCHORS,
        WORDS,
    )
    (day,) = found
    assert [(one.where, one.label) for one in day.corrections] == [
        ("Chapter 1", "01-start/sec-start"),
        ("“A title”", "01-start/sec-rest"),
        ("Table 2", "01-start/tbl-trade"),
        ("Equation (3)", "01-start/eq-sum"),
        ("The cover", ""),
    ]


def test_the_latest_day_comes_first_and_those_of_a_day_stay_in_their_order() -> None:
    found = compose([erratum("a", 1), erratum("b", 3), erratum("c", 1)], (), WORDS)
    assert [(day.date.day, [one.where for one in day.corrections]) for day in found] == [(3, ["b"]), (1, ["a", "c"])]


def test_an_id_that_is_not_there_or_there_twice_is_told() -> None:
    faults = Faults()
    check_places([erratum("@tbl-trad", 1), erratum("@twice", 2), erratum("@tbl-trade", 3)], ANCHORS, faults)
    assert [str(fault) for fault in faults.all()] == [
        (
            "publication.yaml:1: error: an erratum names `@tbl-trad`, but nothing has that id [reference-unknown]\n"
            "  hint: did you mean `@tbl-trade`?"
        ),
        (
            "publication.yaml:2: error: an erratum names `@twice`, and 2 chapters have that id [reference-unknown]\n"
            "  hint: name the place in words, as in `where: Chapter 2, second paragraph`"
        ),
    ]


ENGLISH = """\
version: "1.1"
errata:
  - date: 2025-04-03
    where: "@sec-end"
    reason: A sentence was left out.
  - date: 2025-04-12
    where: "@tbl-trade"
    was: $10.4 billion
    now: $10.2 billion
    reason: The office has revised it.
"""
SERBIAN = """\
title: Mali izveštaj
subtitle: Ni iz čega
errata:
  - date: 2025-04-12
    where: "@tbl-trade"
    was: 10,4 milijarde
    now: 10,2 milijarde
"""
TABLE = "\n| Year | Trade |\n|------|------:|\n| 2023 | 12 |\n\n: Trade {#tbl-trade}\n"


@cache
def corrected() -> Path:
    """A publication in English, in Serbian, and in Serbian again in Cyrillic, with errata. Not to be changed."""
    root = built_copy("minimal", scratch() / "corrected")
    with (root / "publication.yaml").open("a", encoding="utf-8") as file:
        file.write(ENGLISH)
    with (root / "chapters/en/02-end.md").open("a", encoding="utf-8") as file:
        file.write(TABLE)
    shutil.copytree(root / "chapters/en", root / "chapters/sr-Latn")
    (root / "chapters/sr-Latn/edition.yaml").write_text(SERBIAN, encoding="utf-8")
    (root / "chapters/sr-Cyrl").mkdir()
    (root / "chapters/sr-Cyrl/edition.yaml").write_text("twin-of: sr-Latn\n", encoding="utf-8")
    assert impressum(root, "build").code == 0
    return root


def test_errata_have_a_page_of_their_own_after_the_impressum() -> None:
    printed = pages(corrected(), "a-small-report-en.pdf")
    assert printed[2] == (
        "Corrections This version corrects earlier ones in these places. April 12, 2025 Table 1, p. 6 "
        "Before: $10.4 billion Now: $10.2 billion The office has revised it. April 3, 2025 Chapter 2, p. 6 "
        "A sentence was left out."
    )
    assert printed[1].startswith("Impressum ")
    assert printed[3].startswith("Contents ")


def test_an_edition_prints_its_own_errata_and_its_twin_prints_them_in_its_script() -> None:
    assert pages(corrected(), "a-small-report-sr-Latn.pdf")[2] == (
        "Ispravke Ova verzija ispravlja ranije na sledećim mestima. 12. aprila 2025. Tabela 1, str. 6 "
        "Ranije: 10,4 milijarde Sada: 10,2 milijarde"
    )
    assert pages(corrected(), "a-small-report-sr-Cyrl.pdf")[2] == (
        "Исправке Ова верзија исправља раније на следећим местима. 12. априла 2025. Табела 1, стр. 6 "
        "Раније: 10,4 милијарде Сада: 10,2 милијарде"
    )


def test_the_errata_have_a_bookmark_and_lead_to_what_they_correct() -> None:
    file = reader(corrected(), "a-small-report-en.pdf")
    assert [str(one.title) for one in file.outline if isinstance(one, pypdf.generic.Destination)][:3] == [
        *("Impressum", "Corrections", "Contents"),
    ]
    assert len(file.pages[2].annotations or []) == 2


def test_a_publication_without_errata_has_no_such_page() -> None:
    root = shutil.copytree(corrected(), scratch() / "uncorrected")
    replace(root / "chapters/sr-Latn/edition.yaml", SERBIAN[SERBIAN.index("errata") :], "errata: []\n")
    assert impressum(root, "build", "--edition", "sr-Latn").code == 0
    assert pages(root, "a-small-report-sr-Latn.pdf")[2].startswith("Sadržaj ")
