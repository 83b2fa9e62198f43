"""Every field of the contract on the impressum page of each edition, in the reader's language, and in the metadata."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml
from building import PUBLICATIONS, built, pages, words_of

TAGS = ("en", "de", "fr", "hr", "sr-Cyrl", "sr-Latn")
FIELDS = PUBLICATIONS / "every-field"
PRISM = "{http://prismstandard.org/namespaces/basic/3.0/}"
DOI, ISBN, ISSN = "10.5555/12345678", "978-0-00-000001-9", "1234-5679"


def read(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in over.items():
        mine = result.get(key)
        result[key] = merged(mine, value) if isinstance(mine, dict) and isinstance(value, dict) else value
    return result


def fields(tag: str) -> dict[str, Any]:
    """The publication as the edition `tag` has it: mappings merged, lists replaced."""
    edition = FIELDS / "chapters" / tag / "edition.yaml"
    return merged(read(FIELDS / "publication.yaml"), read(edition) if edition.exists() else {})


def house_words(tag: str) -> dict[str, str]:
    return read(FIELDS.parent.parent.parent / "impressum" / "templates" / "words" / f"{tag}.yaml")


def impressum_text(tag: str) -> str:
    """The pages of the impressum, from its heading to the contents."""
    printed = pages(built("every-field"), f"every-field-{tag}.pdf")
    contents = next(i for i, page in enumerate(printed) if page.startswith(house_words(tag)["contents"]))
    return " ".join(printed[1:contents])


def in_order(tag: str) -> list[str]:
    """What must be printed, label and value, in the order of the contract."""
    known, words = fields(tag), house_words(tag)
    own = known["impressum"]
    label = {key.removeprefix("impressum."): word for key, word in words.items() if key.startswith("impressum.")}
    person = known["authors"][0]
    series = known["series"]
    copies = {"en": "1,500", "fr": "1500"}.get(tag, "1.500")  # the reader of the PDF drops the narrow French space
    parts = [
        label["publisher"], own["publisher"]["name"],
        label["address"], *own["publisher"]["address"],
        label["website"], "www.example.org",
        label["email"], own["publisher"]["email"],
        label["year"], "2025",
        label["edition"], own["edition"],
        label["version"], known["version"],
        label["type"], own["type"],
        label["on-behalf-of"], own["on-behalf-of"],
        label["responsible"], own["responsible"],
        label["pages"], str(len(pages(built("every-field"), f"every-field-{tag}.pdf"))),
        words["author.many"], person["name"], person["orcid"], person["affiliation"], known["authors"][1]["name"],
        words["role.editor.one"], known["contributors"][0]["name"],
        words["role.translator.one"], known["contributors"][1]["name"],
        words["role.designer.one"], known["contributors"][2]["name"],
        words["role.proofreader.one"], known["contributors"][3]["name"],
        known["contributors"][4]["role"], known["contributors"][4]["name"],
        label["series"], series["title"], label["series-number"].format(number=series["number"]),
        label["issn"], series["issn"],
        label["isbn-pdf"], own["isbn"]["pdf"],
        label["isbn-print"], own["isbn"]["print"],
        label["isbn-epub"], own["isbn"]["epub"],
        label["doi"], f"https://doi.org/{own['doi']}",
        label["citation"], person["name"], "(2025)", known["title"], known["subtitle"],
        label["licence"], "(CC BY 4.0)", "https://creativecommons.org/licenses/by/4.0/",
        label["rights"], own["rights"],
        label["partners"], known["partners"][0]["name"],
        label["funded-by"], known["funders"][0]["name"], label["grant"].format(number=known["funders"][0]["grant"]),
        known["funders"][0]["statement"], known["partners"][0]["statement"],
        label["disclaimer"], own["disclaimer"],
        *own["cip"].splitlines(),
        label["printer"], own["printer"],
        label["print-run"], copies,
        label["image-credits"], credit_of(tag),
        label["accessibility"], own["accessibility"],
        label["notes"], *own["notes"],
    ]  # fmt: skip
    return [words_of(part) for part in parts if part.strip()]


def credit_of(tag: str) -> str:
    own = fields(tag).get("figures", {}).get("shares", {})
    return str(own.get("credit") or read(FIELDS / "figures" / "shares.yaml")["credit"])


@pytest.mark.parametrize("tag", TAGS)
def test_every_field_is_printed_in_the_readers_language_in_the_order_of_the_contract(tag: str) -> None:
    printed = impressum_text(tag).replace("\u2019", "'")
    position = 0
    for part in in_order(tag):
        wanted = part.replace("\u2019", "'")
        found = printed.find(wanted, position)
        assert found >= 0, f"{wanted!r} does not follow in {printed[position : position + 200]!r}"
        position = found + len(wanted)
    assert printed[position:].strip() == ""


@pytest.mark.parametrize("tag", [tag for tag in TAGS if tag != "en"])
def test_no_english_label_or_text_is_in_another_edition(tag: str) -> None:
    printed = f" {' '.join(pages(built('every-field'), f'every-field-{tag}.pdf'))} "
    english = set(in_order("en")) - set(in_order(tag))
    english |= {
        word for key, word in house_words("en").items() if key in ("contents", "references", "figure", "source")
    }
    # The CIP record is a library's, and stays as the library wrote it; so does what both languages spell alike.
    own = {*fields(tag)["impressum"]["cip"].splitlines(), *house_words(tag).values()}
    left = [
        word
        for word in sorted(english - own)
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", printed) and not any(word in line for line in own)
    ]
    assert left == []


@pytest.mark.parametrize("tag", TAGS)
def test_the_number_of_pages_is_that_of_the_file(tag: str) -> None:
    printed = pages(built("every-field"), f"every-field-{tag}.pdf")
    assert f"{house_words(tag)['impressum.pages']} {len(printed)} " in impressum_text(tag)


@pytest.mark.parametrize("tag", TAGS)
def test_the_record_of_a_library_keeps_its_lines_and_its_indents(tag: str) -> None:
    """Ensures that the block is verbatim: each of its lines starts where its indent says."""
    import pypdfium2

    path = built("every-field") / "dist" / f"every-field-{tag}.pdf"
    lines = [line for line in fields(tag)["impressum"]["cip"].splitlines() if line.strip()]
    document = pypdfium2.PdfDocument(path)
    try:
        left = {}
        for page in list(document)[:-1]:  # the back cover prints the ISBN again
            text = page.get_textpage()
            for line in lines:
                found = (
                    text.search(line.strip().replace(" ", "\u00a0")).get_next() or text.search(line.strip()).get_next()
                )
                if found:
                    left[line] = text.get_charbox(found[0], loose=True)[0]
    finally:
        document.close()
    assert set(left) == set(lines)
    first = left[lines[0]]
    indents = {line: round((left[line] - first) / 4.8) for line in lines}  # 8 pt, 0.6 em a letter
    assert indents == {line: len(line) - len(line.lstrip()) for line in lines}


@pytest.mark.parametrize("tag", TAGS)
def test_logos_and_the_cover_are_pictures_with_words_for_those_who_do_not_see_them(tag: str) -> None:
    known, words = fields(tag), house_words(tag)
    with pikepdf.open(built("every-field") / "dist" / f"every-field-{tag}.pdf") as document:
        said = {
            str(thing.Alt) for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        }
    figure = known.get("figures", {}).get("shares") or read(FIELDS / "figures" / "shares.yaml")
    assert said >= {
        known["cover"]["alt"],
        words["alt.logo"].format(name=known["partners"][0]["name"]),
        words["alt.logo"].format(name=known["funders"][0]["name"]),
        figure["alt"],
    }


@pytest.mark.parametrize("tag", TAGS)
def test_the_metadata_say_what_the_impressum_says(tag: str) -> None:
    known = fields(tag)
    authors = [one["name"] for one in known["authors"]]
    with pikepdf.open(built("every-field") / "dist" / f"every-field-{tag}.pdf") as document:
        information = {key: str(value) for key, value in document.docinfo.items()}
        assert str(document.Root.Lang) == tag
        with document.open_metadata() as metadata:
            facts = {
                key: metadata.get(key)
                for key in (
                    "dc:title", "dc:creator", "dc:subject", "dc:description", "dc:language", "dc:identifier",
                    "dc:publisher", "dc:date", f"{PRISM}isbn", f"{PRISM}doi", f"{PRISM}issn", f"{PRISM}seriesTitle",
                    f"{PRISM}seriesNumber", f"{PRISM}subtitle", "xmpRights:WebStatement",
                )
            }  # fmt: skip
    assert information["/Title"] == known["title"]
    assert information["/Author"] == ", ".join(authors)
    assert information["/Subject"] == known["abstract"]
    assert information["/Keywords"] == ", ".join(known["keywords"])
    assert information["/CreationDate"].startswith("D:20250331")
    assert facts == {
        "dc:title": known["title"],
        "dc:creator": authors,
        "dc:subject": set(known["keywords"]),
        "dc:description": known["abstract"],
        "dc:language": {tag},
        "dc:identifier": f"https://doi.org/{DOI}",
        "dc:publisher": {"Impressum"},
        "dc:date": ["2025-03-31"],
        f"{PRISM}isbn": ISBN,
        f"{PRISM}doi": DOI,
        f"{PRISM}issn": ISSN,
        f"{PRISM}seriesTitle": known["series"]["title"],
        f"{PRISM}seriesNumber": "7",
        f"{PRISM}subtitle": known["subtitle"],
        "xmpRights:WebStatement": "https://creativecommons.org/licenses/by/4.0/",
    }


@pytest.mark.parametrize("tag", ["sr-Latn", "sr-Cyrl"])
def test_no_part_of_a_serbian_edition_is_marked_as_another_language(tag: str) -> None:
    with pikepdf.open(built("every-field") / "dist" / f"every-field-{tag}.pdf") as document:
        marked = {
            str(thing.Lang) for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/Lang" in thing
        }
    assert marked == {tag}


def test_the_citation_file_says_what_the_impressum_of_the_source_edition_says() -> None:
    cited = yaml.safe_load((built("every-field") / "dist" / "CITATION.cff").read_text(encoding="utf-8"))
    known = fields("en")
    whole_title = f"{known['title']}: {known['subtitle']}"
    assert (cited["title"], cited["doi"], cited["license"]) == (whole_title, DOI, "CC-BY-4.0")
    assert (cited["version"], cited["date-released"], cited["keywords"]) == ("1.2", "2025-03-31", known["keywords"])
    assert cited["abstract"] == known["abstract"]
    assert cited["authors"] == [
        {
            "given-names": "Josiah",
            "family-names": "Carberry",
            "affiliation": "Brown University",
            "orcid": "https://orcid.org/0000-0002-1825-0097",
        },
        {"name": "The Impressum contributors"},
    ]
    preferred = cited["preferred-citation"]
    assert (preferred["type"], preferred["year"], preferred["isbn"]) == ("report", 2025, ISBN)
    assert (preferred["collection-title"], preferred["number"], preferred["issn"]) == ("Example Reports", "7", ISSN)
    assert preferred["publisher"] == {
        "name": "Impressum",
        "address": "1 Example Street, 12345 Exampleville",
        "website": "https://www.example.org/",
        "email": "office@example.org",
    }
    assert preferred["editors"] == [{"name": "The Impressum contributors"}]
    assert preferred["translators"] == [{"name": "Example Language Institute"}]
    assert (preferred["edition"], preferred["copyright"]) == ("First edition", "© 2025 Impressum")


def test_the_publication_gives_every_field_of_the_model() -> None:
    """Ensures that a field which joins the contract also joins this test."""
    from impressum.core.model.publication import (
        BookSeries,
        Cover,
        Impressum,
        Isbn,
        Organisation,
        Person,
        Publication,
        Publisher,
    )

    known = read(FIELDS / "publication.yaml")
    own = known["impressum"]
    people = known["authors"] + known["contributors"]
    supporters = known["partners"] + known["funders"]
    for model, given in (
        (Publication, known), (Impressum, own), (Publisher, own["publisher"]), (Isbn, own["isbn"]),
        (Cover, known["cover"]), (BookSeries, known["series"]),
        (Person, {key: None for one in people for key in one}),
        (Organisation, {key: None for one in supporters for key in one}),
    ):  # fmt: skip
        wanted = {field.alias or name for name, field in model.model_fields.items()}
        assert set(given) == wanted - {"house", "hyphenation"}, model.__name__  # they are no fields of the impressum
