"""What a file says about itself, wrongly or not at all, is named."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from test_verify_structure import structure
from test_verify_values import at, book, text
from verifying import good, spoiled

from impressum.core.errors import Faults
from impressum.core.model.figures import UsedFigure
from impressum.stages.verify import SheetReport, _parts, verify_sheet
from impressum.stages.verify.document import (
    PdfContents,
    _hash,
    check_document,
    check_fonts,
    check_tags,
    contents,
    differences,
    hash_of_letters,
)
from impressum.stages.verify.structure import Font, Structure, read_structure
from impressum.stages.verify.tags import Misfit
from impressum.stages.verify.texts import check_texts
from impressum.system.cache import Json

HINT = "  hint: this is a fault of Impressum or of a template of this publication; leave the template out to see which"


def test_a_font_that_is_not_embedded_is_named_with_its_first_page() -> None:
    def change(document: pikepdf.Pdf) -> None:
        for one in document.objects:
            if isinstance(one, pikepdf.Dictionary) and "Spectral-Regular" in str(one.get("/FontName", "")):
                for name in ("/FontFile2", "/FontFile3"):
                    if name in one:
                        del one[name]

    report = good().report(spoiled(change))[1]
    assert report.endswith(
        "error: the font `Spectral-Regular` on page 3 is not embedded [font-not-embedded]\n"
        "  hint: use a figure or an image that embeds its fonts"
    )


def test_a_type_3_font_is_named() -> None:
    def change(document: pikepdf.Pdf) -> None:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type3)
        document.pages[6].Resources.Font["/Drawn"] = document.make_indirect(font)

    assert good().report(spoiled(change))[1] == (
        "chapters/en/02-decline.md:1:3: error: page 7 uses a Type 3 font, which cannot be read aloud or printed well "
        "[font-type3]\n"
        "  hint: use a figure or an image that was made with TrueType or OpenType fonts"
    )


def test_a_wrong_title_is_named() -> None:
    def change(document: pikepdf.Pdf) -> None:
        document.docinfo["/Title"] = "Another River"

    assert good().faults(spoiled(change)) == (
        "publication.yaml: error: the file's title is `Another River`, not `The River and Its Towns` [document-title]"
    )


def test_a_claim_that_is_not_made_is_named() -> None:
    def change(document: pikepdf.Pdf) -> None:
        packet = document.Root.Metadata.read_bytes().replace(b"pdfuaid:part", b"pdfuaid:rest")
        document.Root.Metadata.write(packet)

    report, faults = good().report(spoiled(change))
    assert faults == f"publication.yaml: error: the file does not declare PDF/UA-1 [document-standard]\n{HINT}"
    assert report.standards == ("PDF/A-2a",)


def test_what_acts_or_hides_in_the_file_is_named() -> None:
    def change(document: pikepdf.Pdf) -> None:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        document.Root.OpenAction = script
        document.pages[6].Annots[0].A = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("x.sh"))
        document.attachments["notes.txt"] = b"hidden"

    faults = good().faults(spoiled(change)).splitlines()
    assert [fault for fault in faults if "document-danger" in fault] == [
        "publication.yaml: error: the file holds JavaScript [document-danger]",
        "publication.yaml: error: the file holds an action that starts a program [document-danger]",
        "publication.yaml: error: the file holds an embedded file [document-danger]",
    ]


def test_a_drawing_that_holds_itself_is_looked_into_once() -> None:
    def change(document: pikepdf.Pdf) -> None:
        drawing = document.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 1, 1])
        drawing.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Own=drawing))
        document.pages[4].Resources.XObject = pikepdf.Dictionary(Own=drawing)

    assert good().faults(spoiled(change)) == good().faults()


def judged(title: str = "Book", **made: Any) -> list[str]:
    """What is said of a file that is as it should be, but for what is `made` otherwise."""
    sound = {"titles": (title,), "standards": ("PDF/UA-1", "PDF/A-2a")}
    with book(
        "Cover / Words of the text", {"texts": (text("Words of the text", 3),)}, {}, {"title": title}
    ) as evidence:
        evidence.structure = replace(evidence.structure, **{**sound, **made})
        for check in (check_texts, check_fonts, check_document, check_tags):
            check(evidence)
        return [
            str(fault).removeprefix("publication.yaml: error: ").partition("\n")[0] for fault in evidence.faults.all()
        ]


@pytest.mark.parametrize(
    ("made", "faults"),
    [
        ({}, []),
        ({"titles": ("Book", "Book")}, []),
        ({"titles": ("Rivers", "Rivers")}, ["the file's title is `Rivers`, not `Book` [document-title]"]),
        ({"titles": ("", "Book")}, ["the file's title is ``, not `Book` [document-title]"]),
        ({"language": "de"}, ["the file's language is `de`, not `en` [document-language]"]),
        ({"tagged": False}, ["the file does not say that it is tagged [document-tags]"]),
        ({"has_structure": False}, ["the file has no structure for a screen reader [document-tags]"]),
        ({"shows_title": False}, ["the file does not ask readers to show its title in the window [document-title]"]),
        ({"standards": ("PDF/UA-1",)}, ["the file does not declare PDF/A-2a [document-standard]"]),
        (
            {"has_output_intent": False},
            ["the file has no output intent, so its colours have no meaning [document-standard]"],
        ),
        (
            {"dangers": ("JavaScript", "an embedded file")},
            ["the file holds JavaScript [document-danger]", "the file holds an embedded file [document-danger]"],
        ),
        (
            {"fonts": (Font("A", "/Type0", True, 2), Font("B", "/Type0", False, 2), Font("C", "/Type0", False, 1))},
            [
                "chapters/en/01-a.md:3:1: error: the font `B` on page 2 is not embedded [font-not-embedded]",
                "the font `C` on page 1 is not embedded [font-not-embedded]",
            ],
        ),
        (
            {"misfits": (Misfit(2, "so it is"), Misfit(0, "or so"))},
            [
                "chapters/en/01-a.md:3:1: error: the tags do not hold together: so it is [document-tag-tree]",
                "the tags do not hold together: or so [document-tag-tree]",
            ],
        ),
    ],
)
def test_what_a_file_claims_is_held_to_what_is_meant(made: dict[str, Any], faults: list[str]) -> None:
    assert judged(**made) == faults


def test_letters_with_marks_may_be_written_in_either_way_in_a_title() -> None:
    assert judged("\u0160abac", titles=("S\u030cabac",)) == []


RECORDED = PdfContents({"Title": "A", "language": "en"}, ("1 One", "2 Two"), ("", "x"), ("a", "b"))
MANY = PdfContents({}, (), ("",) * 7, tuple("abcdefg"))


@pytest.mark.parametrize(
    ("record", "changes", "said"),
    [
        (RECORDED, {}, []),
        (RECORDED, {"metadata": {"Title": "B", "language": "en"}}, ["its Title is `B` to pypdf and `A` in its record"]),
        (RECORDED, {"metadata": {"Title": "A"}}, ["its language is missing to pypdf and `en` in its record"]),
        (
            RECORDED,
            {"metadata": {**RECORDED.metadata, "Author": "C"}},
            ["its Author is `C` to pypdf and missing in its record"],
        ),
        (RECORDED, {"outline": ("1 One", "3 Two")}, ["its bookmark 2 is `3 Two` to pypdf and `2 Two` in its record"]),
        (RECORDED, {"outline": ()}, ["its bookmark 1 is missing to pypdf and `1 One` in its record"]),
        (
            RECORDED,
            {"outline": (*RECORDED.outline, "3 So")},
            ["its bookmark 3 is `3 So` to pypdf and missing in its record"],
        ),
        (RECORDED, {"links": ("", "y")}, ["pypdf reads other links on page 2 than its record has"]),
        (RECORDED, {"text": ("c", "d")}, ["pypdf reads other text on pages 1, 2 than its record has"]),
        (RECORDED, {"text": ("c",), "links": ("",)}, ["it has 1 pages to pypdf and 2 in its record"]),
        (MANY, {"text": ("-",) * 7}, ["pypdf reads other text on pages 1, 2, 3, 4, 5 and 2 more than its record has"]),
        (MANY, {"text": (*"-----", *"fg")}, ["pypdf reads other text on pages 1, 2, 3, 4, 5 than its record has"]),
    ],
)
def test_each_thing_that_two_readers_read_otherwise_is_a_sentence(
    record: PdfContents, changes: dict[str, Any], said: list[str]
) -> None:
    assert list(differences(record.as_json(), replace(record, **changes))) == said


def test_a_record_that_says_nothing_is_read_as_nothing() -> None:
    records: tuple[Json, ...] = (None, [], {"text": "so", "metadata": []})
    for record in records:
        assert list(differences(record, replace(RECORDED, metadata={}))) == [
            "it has 2 pages to pypdf and 0 in its record"
        ]


def recorded(made: Structure, *pages: str) -> PdfContents:
    """What a record says of a file with such pages."""
    return contents(made, [hash_of_letters(page) for page in pages])


def test_the_contents_for_the_record_say_what_is_on_each_page() -> None:
    found = recorded(structure(), "ab c", "", "q\u0301q\u0301")
    assert found.outline == ("1 One", "2 Two", "0 Three")
    assert found.links == (_hash("https://e.org/a\n2"), "", _hash("1\n0"))
    assert found.text[:2] == (_hash("abc"), _hash(""))
    assert found.text == recorded(structure(), "c\u00ad ba", "_ .", "q\u0301").text
    assert found.text[0] != recorded(structure(), "abb c", "", "").text[0]
    assert {name: found.metadata[name] for name in ("Title", "language")} == {
        "Title": "Rivers of old",
        "language": "en",
    }
    assert found.as_json() == {
        "metadata": dict(found.metadata),
        "outline": list(found.outline),
        "links": list(found.links),
        "text": list(found.text),
    }


def sheet(*words: str, tagged: bool = False) -> bytes:
    """A contact sheet of these pages."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        letters = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        for said in words:
            page = document.add_blank_page().obj
            page.Resources = Dictionary(Font=Dictionary(F1=letters))
            page.Contents = document.make_stream(f"BT /F1 12 Tf 50 700 Td ({said}) Tj ET".encode())
        if tagged:
            tree = document.make_indirect(Dictionary(Nums=Array([0, Dictionary()])))
            document.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, ParentTree=tree)
        document.save(out)
    return out.getvalue()


def test_a_contact_sheet_shows_the_title_the_source_and_the_files_of_each_figure() -> None:
    trade = UsedFigure(
        "trade",
        "fig-trade",
        "1",
        "trade",
        "trade.svg",
        "Trade of old",
        "",
        "An office",
        None,
        None,
        "text",
        True,
        at(3),
    )

    def lost(*words: str, figure: UsedFigure = trade) -> list[str]:
        faults = Faults()
        verify_sheet(sheet(*words), (figure,), faults)
        return [f"{one.place.line}: {one.message} [{one.rule}]" for one in faults.all()]

    def said(words: str) -> list[str]:
        return [f"3: the contact sheet does not show `{words}` [sheet-figure-lost]"]

    assert lost("Trade of old, an office", "trade.svg trade.png") == []
    assert lost("Trade of, an office", "trade.svg") == said("Trade of old")
    assert lost("Trade of old", "trade.svg trade.png") == said("An office")
    assert lost("Trade of old", "trade.svg trade.png", figure=replace(trade, source=None)) == []
    assert lost("Trade of old, an office", "trade.png") == said("trade.svg")
    assert lost("Trade of old, an office", "trade.svg") == said("trade.png")
    assert _parts("Trade of old") == ["tradeofold"]
    assert _parts("\u05d0\u05d1 \u05d2\u05d3") == ["\u05d0\u05d1", "\u05d2\u05d3"]


def test_the_tags_of_a_contact_sheet_are_looked_at() -> None:
    faults = Faults()
    report = verify_sheet(sheet("One", "Two", tagged=True), (), faults)
    assert report == SheetReport(
        2, (), recorded(read_structure(sheet("One", "Two", tagged=True)), "One", "Two").as_json()
    )
    assert [str(one) for one in faults.all()] == [
        (
            "publication.yaml: error: the tags of the contact sheet do not hold together: entry 0 of the parent tree "
            f"belongs to no page and no link [document-tag-tree]\n{HINT}"
        )
    ]
