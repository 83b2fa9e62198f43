"""What a file says about itself, wrongly or not at all, is named."""

from __future__ import annotations

import pikepdf
import pytest
from verifying import good, spoiled

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


def drop(name: str) -> bytes:
    """The pages without the entry `name` of their catalog."""

    def change(document: pikepdf.Pdf) -> None:
        del document.Root[name]

    return spoiled(change)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("/Lang", "the file's language is ``, not `en` [document-language]"),
        ("/MarkInfo", "the file does not say that it is tagged [document-tags]"),
        ("/StructTreeRoot", "the file has no structure for a screen reader [document-tags]"),
        ("/ViewerPreferences", "the file does not ask readers to show its title in the window [document-title]"),
        ("/OutputIntents", "the file has no output intent, so its colours have no meaning [document-standard]"),
    ],
)
def test_what_the_catalog_lacks_is_named(name: str, message: str) -> None:
    assert good().report(drop(name))[1] == f"publication.yaml: error: {message}\n{HINT}"


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
