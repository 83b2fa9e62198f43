"""The finished PDF: languages with their script, metadata, the same bytes, and nothing that Typst claimed lost."""

from __future__ import annotations

import io
import re
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pypdf
import pytest
import typst
import yaml

from impressum.core.model.publication import Publication
from impressum.stages.typeset.finish import finish, turned_upright
from impressum.stages.typeset.xmp import NAMESPACES, Packet, Property
from impressum.system.fonts import font_folder

WORDS_FOLDER = Path(__file__).parent.parent / "impressum" / "templates" / "words"
FONTS = str(font_folder("fontpkg_spectral"))
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

BOOK = """\
#set document(title: "Naslov", author: ("Ana Anić", "Đorđe Žikić"), description: "Opis", keywords: ("jedan", "dva"))
#set text(lang: "LANGUAGE", region: REGION, font: "Spectral")
= Uvod
Prvi pasus, #text(lang: "en", region: SPANS)[with English words], dalje.

#text(lang: "en", region: SPANS)[An English paragraph with #text(lang: "LANGUAGE", region: REGION)[rečima] in it.]

#text(lang: "hr", region: none)[Hrvatski odlomak.]#footnote[Beleška]

#text(lang: "sr")[Ћирилица.]
"""


def words(tag: str) -> dict[str, str]:
    return dict(yaml.safe_load((WORDS_FOLDER / f"{tag}.yaml").read_text(encoding="utf-8")))


def typeset(language: str, region: str = "none", spans: str = "none") -> bytes:
    source = BOOK.replace("LANGUAGE", language).replace("REGION", region).replace("SPANS", spans)
    standards: Any = ["ua-1", "a-2a"]
    fonts: Any = [FONTS]
    pdf = typst.compile(
        source.encode(),
        format="pdf",
        font_paths=fonts,
        ignore_system_fonts=True,
        pdf_standards=standards,
        timestamp=1_740_787_200,
    )
    assert isinstance(pdf, bytes)
    return pdf


def publication(**more: object) -> Publication:
    known: dict[str, object] = {
        "title": "Čelično <prijateljstvo> & posledice",
        "subtitle": "Studija",
        "language": "sr-Latn",
        "date": "2025-03-01",
        "authors": [{"name": "Ana Anić"}, {"name": "Đorđe Žikić"}],
        "keywords": ["trgovina", "bezbednost"],
        "abstract": "Prvi red.\nDrugi red.",
        "series": {"title": "Studije", "number": "3", "issn": "0317-8471"},
        "impressum": {
            "publisher": {"name": "Fondacija BFPE"},
            "isbn": {"pdf": "978-0-306-40615-7", "print": "978-3-16-148410-0"},
            "doi": "10.5281/zenodo.1234567",
            "licence": "CC-BY-4.0",
        },
    }
    return Publication.model_validate(known | more)


def finished(pdf: bytes, tag: str = "sr-Latn", **more: object) -> bytes:
    return finish(pdf, publication=publication(**more), tag=tag, words=words(tag), producer="Impressum 1.0")


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def packet(pdf: bytes) -> ElementTree.Element:
    with opened(pdf) as document:
        return ElementTree.fromstring(document.Root.Metadata.read_bytes())


def said(pdf: bytes, prefix: str, name: str) -> Any:
    """What XMP says of a property: text, or the list of its values (with their language, where they have one)."""
    found = packet(pdf).findall(f".//{RDF}Description/{{{NAMESPACES[prefix]}}}{name}")
    assert len(found) < 2, "a property that stands twice is no valid XMP"
    if not found:
        return None
    items = found[0].findall(f"*/{RDF}li")
    if not items:
        return found[0].text
    return [(item.get(LANG), item.text) if item.get(LANG) else item.text for item in items]


def languages(pdf: bytes) -> list[str]:
    """The languages of the structure elements, of the catalog and of the marked stretches, in order and once each."""
    with opened(pdf) as document:
        dictionaries = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/Lang" in one]
        marked = [re.findall(rb"/Lang\(([^)]*)\)", page.Contents.read_bytes()) for page in document.pages]
        found = {str(one.Lang) for one in dictionaries} | {tag.decode() for page in marked for tag in page}
    return sorted(found)


def test_the_stand_in_of_serbian_in_latin_script_is_put_right_everywhere() -> None:
    raw = typeset("hr", '"RS"')
    assert languages(raw) == ["en", "hr", "hr-RS", "sr-RS"]
    done = finished(raw)
    assert languages(done) == ["en", "hr", "sr-Cyrl", "sr-Latn"]
    with opened(done) as document:
        assert str(document.Root.Lang) == "sr-Latn"


def test_a_region_that_is_only_inherited_is_taken_off() -> None:
    raw = typeset("hr", '"RS"', spans='"RS"')
    assert languages(raw) == ["en-RS", "hr", "hr-RS", "sr-RS"]
    assert languages(finished(raw)) == ["en", "hr", "sr-Cyrl", "sr-Latn"]


def test_a_script_that_was_set_as_a_region_is_named_again() -> None:
    raw = typeset("hr", '"RS"', spans='"XL"')
    assert languages(raw) == ["en-XL", "hr", "hr-RS", "sr-RS"]
    assert languages(finished(raw)) == ["en-Latn", "hr", "sr-Cyrl", "sr-Latn"]


def test_without_a_region_every_croatian_is_taken_for_the_stand_in() -> None:
    done = finished(typeset("hr"))
    assert languages(done) == ["en", "sr", "sr-Latn"]


def test_serbian_in_cyrillic_script_gets_its_script() -> None:
    done = finished(typeset("sr"), "sr-Cyrl")
    assert languages(done) == ["en", "hr", "sr-Cyrl"]


def test_an_english_edition_keeps_its_languages() -> None:
    assert languages(finished(typeset("en"), "en")) == ["en", "hr", "sr"]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert typeset("hr") == typeset("hr")
    assert finished(typeset("hr")) == finished(typeset("hr"))


def test_the_file_is_sound_and_claims_what_typst_claimed() -> None:
    raw = typeset("hr", '"RS"')
    done = finished(raw)
    with opened(done) as document:
        assert document.check_pdf_syntax() == []
        assert document.Root.MarkInfo.Marked
        assert "/Filter" not in document.Root.Metadata
        assert not document.is_linearized
    reader = pypdf.PdfReader(io.BytesIO(done), strict=True)
    assert "Prvi pasus" in reader.pages[0].extract_text()
    for prefix, name in (("pdfaid", "part"), ("pdfaid", "conformance"), ("pdfuaid", "part"), ("xmp", "CreateDate")):
        assert said(done, prefix, name) == said(raw, prefix, name) is not None
    assert (said(done, "pdfaid", "part"), said(done, "pdfaid", "conformance")) == ("2", "A")
    assert said(done, "pdfuaid", "part") == "1"


def test_xmp_says_what_the_impressum_says() -> None:
    done = finished(typeset("hr"))
    title = "Čelično <prijateljstvo> & posledice"
    rights = "© 2025 Fondacija BFPE. Creative Commons Autorstvo 4.0 Međunarodna (CC BY 4.0)."
    assert said(done, "dc", "title") == [("x-default", title), ("sr-Latn", title)]
    assert said(done, "dc", "creator") == ["Ana Anić", "Đorđe Žikić"]
    assert said(done, "dc", "publisher") == ["Fondacija BFPE"]
    assert said(done, "dc", "subject") == ["trgovina", "bezbednost"]
    assert said(done, "dc", "description") == [
        ("x-default", "Prvi red. Drugi red."),
        ("sr-Latn", "Prvi red. Drugi red."),
    ]
    assert said(done, "dc", "language") == ["sr-Latn"]
    assert said(done, "dc", "rights") == [("x-default", rights), ("sr-Latn", rights)]
    assert said(done, "dc", "identifier") == "https://doi.org/10.5281/zenodo.1234567"
    assert said(done, "dc", "date") == ["2025-03-01"]
    assert said(done, "xmpRights", "Marked") == "True"
    assert said(done, "xmpRights", "WebStatement") == "https://creativecommons.org/licenses/by/4.0/"
    assert said(done, "prism", "isbn") == "978-0-306-40615-7"
    assert said(done, "prism", "doi") == "10.5281/zenodo.1234567"
    assert said(done, "prism", "issn") == "0317-8471"
    assert said(done, "prism", "seriesTitle") == "Studije"
    assert said(done, "prism", "seriesNumber") == "3"
    assert said(done, "prism", "subtitle") == "Studija"


def test_the_document_information_agrees_with_xmp() -> None:
    done = finished(typeset("hr"))
    with opened(done) as document:
        information = {key: str(text) for key, text in document.docinfo.items()}
    assert information == {
        "/Title": "Čelično <prijateljstvo> & posledice",
        "/Author": "Ana Anić, Đorđe Žikić",
        "/Subject": "Prvi red. Drugi red.",
        "/Keywords": "trgovina, bezbednost",
        "/Creator": said(done, "xmp", "CreatorTool"),
        "/Producer": "Impressum 1.0",
        "/CreationDate": "D:20250301000000Z",
        "/ModDate": "D:20250301000000Z",
    }
    assert said(done, "pdf", "Producer") == "Impressum 1.0"
    assert said(done, "pdf", "Keywords") == "trgovina, bezbednost"
    assert information["/Creator"].startswith("Typst")


def test_every_property_of_a_foreign_schema_is_described() -> None:
    """PDF/A-2 (ISO 19005-2 6.6.2.3.3) refuses a property that is neither predefined nor described."""
    root = packet(finished(typeset("hr")))
    schema, prop = f"{{{NAMESPACES['pdfaSchema']}}}", f"{{{NAMESPACES['pdfaProperty']}}}"
    described = {
        (item.findtext(f"{schema}namespaceURI"), one.findtext(f"{prop}name"))
        for item in root.findall(f".//{{{NAMESPACES['pdfaExtension']}}}schemas/{RDF}Bag/{RDF}li")
        for one in item.findall(f"{schema}property/{RDF}Seq/{RDF}li")
    }
    prism = NAMESPACES["prism"]
    used = {element.tag.removeprefix(f"{{{prism}}}") for element in root.iter() if element.tag.startswith(f"{{{prism}")}
    assert used == {"isbn", "doi", "issn", "seriesTitle", "seriesNumber", "subtitle"}
    assert {name for uri, name in described if uri == prism} == used
    assert (NAMESPACES["pdfuaid"], "part") in described


def test_a_bare_publication_keeps_what_typst_wrote() -> None:
    raw = typeset("hr")
    bare: dict[str, Any] = {
        "subtitle": None,
        "authors": [],
        "keywords": [],
        "abstract": None,
        "series": None,
        "impressum": {},
    }
    done = finished(raw, "sr-Latn", **bare)
    assert said(done, "dc", "creator") == said(raw, "dc", "creator") == ["Ana Anić, Đorđe Žikić"]
    assert said(done, "dc", "description") == said(raw, "dc", "description")
    assert said(done, "dc", "rights") is None
    assert said(done, "xmpRights", "Marked") is None
    assert NAMESPACES["prism"].encode() not in done


def test_without_a_doi_the_isbn_identifies_the_file() -> None:
    done = finished(typeset("hr"), impressum={"isbn": "978-0-306-40615-7"})
    assert said(done, "dc", "identifier") == "urn:isbn:978-0-306-40615-7"
    assert said(finished(typeset("hr"), impressum={"isbn": {"print": "978-0-306-40615-7"}}), "prism", "isbn") is None


def test_a_work_given_to_the_public_is_not_marked_as_protected() -> None:
    done = finished(typeset("hr"), impressum={"publisher": {"name": "BFPE"}, "licence": "CC0-1.0"})
    assert said(done, "xmpRights", "Marked") == "False"
    assert said(done, "dc", "rights") == [("x-default", "CC0 1.0 Univerzalna."), ("sr-Latn", "CC0 1.0 Univerzalna.")]


def test_an_author_with_a_comma_asks_for_semicolons_in_the_document_information() -> None:
    done = finished(typeset("hr"), authors=[{"name": "Anić, Ana"}, {"name": "Žikić, Đorđe"}])
    with opened(done) as document:
        assert str(document.docinfo["/Author"]) == "Anić, Ana; Žikić, Đorđe"


def test_content_that_names_no_stand_in_keeps_its_bytes() -> None:
    raw = typeset("en")
    with opened(raw) as before, opened(finished(raw, "en")) as after:
        contents = [[page.Contents.read_raw_bytes() for page in one.pages] for one in (before, after)]
    assert contents[0] == contents[1]
    assert zlib.decompress(contents[1][0])


def test_turned_pages_are_upright_on_a_screen() -> None:
    raw = typeset("en")
    known: dict[str, Any] = {
        "publication": publication(),
        "tag": "en",
        "words": words("en"),
        "producer": "Impressum 1.0",
    }
    for pdf in (turned_upright(raw, (1,)), finish(raw, turned=(1,), **known)):
        with opened(pdf) as document:
            assert [page.get("/Rotate") for page in document.pages] == [90]


def test_a_packet_without_a_description_is_refused() -> None:
    with pytest.raises(ValueError, match="the XMP packet holds no rdf:Description"):
        Packet(b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')


def test_a_packet_without_described_schemas_gets_them() -> None:
    made = Packet(f'<rdf:RDF xmlns:rdf="{RDF[1:-1]}"><rdf:Description rdf:about=""/></rdf:RDF>'.encode())
    made.set([Property("prism", "isbn", "978-0-306-40615-7")])
    assert b"<pdfaSchema:prefix>prism</pdfaSchema:prefix>" in made.bytes()
    made.set([Property("prism", "isbn", "978-0-306-40615-7")])
    assert made.bytes().count(b"<pdfaSchema:prefix>prism</pdfaSchema:prefix>") == 1
