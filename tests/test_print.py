"""The file for a printer: its boxes, its ink, its sheets; and each rule that it claims, broken once, is named."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pikepdf
import pymupdf
import pytest
from building import built_copy, impressum
from verifying import good

from impressum.core.colours import ink_of
from impressum.core.errors import Faults
from impressum.stages.typeset import set_spine
from impressum.stages.typeset.print_file import PrintOrder, condition_of, cover_file, print_file
from impressum.stages.verify.print_file import check_print
from impressum.system.cache import Json
from impressum.system.workspace import Workspace

A4 = [0, 0, 595.2756, 841.8898]


def profile(name: str = "PSO Coated v3 (FOGRA51)", space: bytes = b"CMYK") -> bytes:
    """An ICC profile that says its name, and nothing else (ICC.1:2001-04, 6.5.17)."""
    text = name.encode() + b"\0"
    said = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(4 + 4 + 2 + 1 + 67)
    head = b"\0\0\0\0" + struct.pack(">I", 0x02400000) + b"prtr" + space + b"Lab " + bytes(12) + b"acsp" + bytes(88)
    body = head + struct.pack(">I4sII", 1, b"desc", 144, len(said)) + said
    return struct.pack(">I", len(body) + 4) + body


@cache
def made(*, marks: bool = False, icc: bytes | None = None) -> bytes:
    """The print file of a publication of few pages, without a back cover."""
    return print_file(good().pdf, PrintOrder(8.5039, marks, 4, icc), has_back=False)


def told(pdf: bytes) -> list[str]:
    """What is wrong with a print file, without hints."""
    faults = Faults()
    check_print(pdf, good().manuscripts.sources.theme, faults)
    return [str(fault).splitlines()[0].removeprefix("publication.yaml: error: ") for fault in faults.all()]


def thick(caliper: str) -> dict[str, Json]:
    """The tokens of a theme with leaves of this thickness."""
    tokens = good().manuscripts.sources.theme.tokens
    printed = tokens["print"]
    assert isinstance(printed, dict)
    return {**tokens, "print": {**printed, "caliper": caliper}}


def spoiled(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made())) as document:
        change(document)
        document.save(out)
    return out.getvalue()


def test_each_page_has_its_trimmed_size_its_bleed_and_room_for_marks() -> None:
    for pdf, beyond in ((made(), 8.5039), (made(marks=True), 8.5039 + 2.83 + 14.17)):
        with pikepdf.open(io.BytesIO(pdf)) as document:
            assert len(document.pages) % 4 == 0
            for page in document.pages:
                assert [float(one) for one in page.TrimBox] == pytest.approx(A4)
                assert [float(one) for one in page.obj.BleedBox] == pytest.approx(
                    [-8.5039, -8.5039, A4[2] + 8.5039, A4[3] + 8.5039]
                )
                assert float(page.MediaBox[0]) == pytest.approx(-beyond)
    assert told(made()) == told(made(marks=True)) == []


def test_what_fills_the_cover_fills_its_bleed() -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(made())
    picture = document[0].render(scale=1).to_pil()
    inside = document[3].render(scale=1).to_pil()
    document.close()
    cover = picture.getpixel((picture.width // 2, picture.height - 2))
    assert picture.getpixel((0, 0)) == picture.getpixel((picture.width - 1, picture.height - 1)) == cover != (255,) * 3
    assert inside.getpixel((0, 0)) == (255, 255, 255)


def test_the_cover_is_one_spread_with_its_spine_where_a_leaf_has_a_thickness() -> None:
    import pypdfium2

    order = PrintOrder(8.5039, True, 4, caliper=1.0, ground="#15324a")
    theme = replace(good().manuscripts.sources.theme, tokens=thick("1pt"))
    cover = cover_file(good().pdf, order, pages=300, has_back=False)
    faults = Faults()
    check_print(cover, theme, faults, around=300)
    assert faults.all() == ()
    check_print(cover, theme, faults, around=200)
    assert [fault.rule for fault in faults.all()] == ["print-boxes"]
    with pikepdf.open(io.BytesIO(cover)) as document:
        assert [float(one) for one in document.pages[0].TrimBox] == pytest.approx([0, 0, 2 * A4[2] + 150, A4[3]])
    document = pypdfium2.PdfDocument(cover)
    words = document[0].get_textpage()
    assert "The River and Its Towns" in " ".join(words.get_text_range().split())
    assert words.get_text_bounded(right=A4[2] + 150).strip() == "", "the title is on the cover, at the right"
    assert document[0].render(scale=1).to_pil().getpixel((300, 400)) == (21, 50, 74), "the back and the spine"
    document.close()
    inside = pypdfium2.PdfDocument(print_file(good().pdf, order, has_back=False))
    assert inside[0].get_textpage().get_text_range() == ""
    assert inside[1].get_textpage().get_text_range() != ""
    inside.close()


def test_a_spine_that_is_thick_enough_names_author_title_and_publisher_from_top_to_bottom(tmp_path: Path) -> None:
    sources, width = good().manuscripts.sources, 40.0
    spine = partial(set_spine, sources.editions[0], theme=sources.theme, workspace=Workspace(tmp_path))
    assert spine(16.9) is None
    order = PrintOrder(8.5039, False, 4, caliper=width / 100, ground="#15324a")
    cover = cover_file(good().pdf, order, pages=200, has_back=False, words=spine(width))
    with pymupdf.open(stream=cover) as document:  # type: ignore[no-untyped-call]
        left = A4[2] + 8.5039
        found = [
            (line["dir"], line["bbox"], line["spans"][0]["text"])
            for block in document[0].get_text("dict")["blocks"]
            for line in block["lines"]
            if line["bbox"][0] < left + width
        ]
    assert [words for _, _, words in found] == ["Ana Anić", "The River and Its Towns", "The River Press"]
    assert all(direction == pytest.approx((0, 1)) for direction, _, _ in found)
    assert all(left < box[0] and box[2] < left + width for _, box, _ in found)
    for box in (box for _, box, _ in found):
        assert (box[0] + box[2]) / 2 == pytest.approx(left + width / 2, abs=2)
    tops = [number for _, box, _ in found for number in (box[1], box[3])]
    assert tops == sorted(tops)
    assert tops[0] > 60
    assert tops[-1] < A4[3] - 40
    faults = Faults()
    check_print(cover, replace(sources.theme, tokens=thick(f"{width / 100}pt")), faults, around=200)
    assert faults.all() == ()


def test_text_is_printed_with_black_ink_alone() -> None:
    with pikepdf.open(io.BytesIO(made())) as document:
        colours = {str(one) for one in document.pages[3].Contents.read_bytes().split(b"\n") if one.endswith(b" g")}
    assert "b'0.0000 g'" in colours


def test_greys_are_known_and_colours_are_left() -> None:
    assert [ink_of(one) for one in ((0.1, 0.1, 0.11), (0.5, 0.5, 0.5), (0.64, 0.2, 0.12), (0.3,), (0, 0, 0, 1))] == [
        *(0.0, 0.5, None, 0.3, None)
    ]


def test_nothing_for_a_screen_is_left() -> None:
    with pikepdf.open(io.BytesIO(made())) as document:
        assert sorted(document.Root.keys()) == ["/Lang", "/Metadata", "/Pages", "/Type"]
        assert not any("/Annots" in page.obj for page in document.pages)
        packet = document.Root.Metadata.read_bytes()
    assert b"pdfaid" not in packet
    assert b"PDF/X" not in packet
    assert made() == print_file(good().pdf, PrintOrder(8.5039, False, 4), has_back=False), "the same bytes"


def test_a_printing_condition_makes_it_pdf_x() -> None:
    with pikepdf.open(io.BytesIO(made(icc=profile()))) as document:
        (intent,) = document.Root.OutputIntents
        said = [str(one) for one in (intent.S, intent.OutputConditionIdentifier, intent.Info)]
        assert said == ["/GTS_PDFX", "FOGRA51", "PSO Coated v3 (FOGRA51)"]
        assert b"<pdfxid:GTS_PDFXVersion>PDF/X-4</" in document.Root.Metadata.read_bytes()
        assert document.docinfo.Trapped == "/False"
    assert told(made(icc=profile())) == []
    assert condition_of(profile(space=b"RGB ")) is None
    assert condition_of(b"nothing of the kind") is None


def grey(document: pikepdf.Pdf) -> None:
    document.pages[3].contents_add(document.make_stream(b"0.5 0.5 0.51 rg 0 0 9 9 re f"))


def cut(document: pikepdf.Pdf) -> None:
    document.pages[3].obj.TrimBox = pikepdf.Array([0, 0, 500, 700])


def short(document: pikepdf.Pdf) -> None:
    del document.pages[-1]


def linked(document: pikepdf.Pdf) -> None:
    document.pages[3].obj.Annots = pikepdf.Array([])


def coarse(document: pikepdf.Pdf) -> None:
    page = document.pages[3]
    picture = document.make_stream(
        bytes(100), Subtype=pikepdf.Name.Image, Type=pikepdf.Name.XObject, Width=10, Height=10
    )
    page.obj.Resources.XObject = pikepdf.Dictionary(Seeded=picture)
    page.contents_add(document.make_stream(b"q 72 0 0 36 100 100 cm /Seeded Do Q"))


def claimed(document: pikepdf.Pdf) -> None:
    packet = document.Root.Metadata.read_bytes()
    document.Root.Metadata.write(packet.replace(b"</rdf:RDF>", b"<!-- PDF/X-4 --></rdf:RDF>"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (grey, "page 4 of the print file has the grey 0.50 0.50 0.51, which is not printed in black ink alone"),
        (cut, "the boxes of page 4 of the print file are not those of its trimmed size and its bleed"),
        (short, "the print file has 7 pages, which is no multiple of 4"),
        (linked, "the print file holds what is for a screen: links on page 4"),
        (
            coarse,
            "the image on page 4 of the print file (10 × 10 pixels) has 10 dots an inch as printed, and 300 are needed",
        ),
        (claimed, "the print file declares PDF/X-4, and has no profile of a printing condition"),
    ],
)
def test_what_a_printer_would_object_to_is_named(change: Callable[[pikepdf.Pdf], None], message: str) -> None:
    assert [line.rpartition(" [")[0] for line in told(spoiled(change))] == [message]


def test_it_is_made_where_it_is_asked_for_and_goes_where_it_is_not(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "minimal")
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates/print.icc").write_bytes(profile(space=b"RGB "))
    ran = impressum(root, "build", "--format", "print")
    assert (ran.code, ran.faults.splitlines()[0]) == (
        1,
        "templates/print.icc: error: the file is no ICC profile of a printing condition in CMYK [print-profile]",
    )
    (root / "templates/print.icc").write_bytes(profile())
    ran = impressum(root, "build", "--format", "print")
    assert (ran.code, ran.faults) == (0, "")
    file = root / "dist/a-small-report-en-print.pdf"
    assert b"/GTS_PDFX" in file.read_bytes()
    assert impressum(root, "verify", str(file)).code == 0
    (root / "templates/theme.yaml").write_text("print: {caliper: 5mm}\n", encoding="utf-8")
    assert impressum(root, "build", "--format", "print").code == 0
    cover = root / "dist/a-small-report-en-print-cover.pdf"
    with pymupdf.open(cover) as document:  # type: ignore[no-untyped-call]
        assert document[0].get_text().count("A Small Report") == 2, "on the cover and on the spine"
    assert impressum(root, "build").code == 0
    assert not file.exists()
    assert not cover.exists()
