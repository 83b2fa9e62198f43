"""The file for a printer, made here page by page: each thing that it is held to is broken once, from both sides."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from test_verify_values import theme

from impressum.core.errors import Faults
from impressum.stages.verify.print_file import check_print

WIDTH, HEIGHT, BLEED = (
    theme().length("page", "width"),
    theme().length("page", "height"),
    theme().length("print", "bleed"),
)
TRIM = (0.0, 0.0, WIDTH, HEIGHT)
BLED = (-BLEED, -BLEED, WIDTH + BLEED, HEIGHT + BLEED)
Change = Callable[[pikepdf.Pdf], Any]


def sheets(change: Change = lambda _: None, *, pages: int = 4, width: float = WIDTH) -> bytes:
    """Empty pages with their boxes, after `change`."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            page = document.add_blank_page(page_size=(100, 100)).obj
            page.TrimBox = Array([0, 0, width, HEIGHT])
            page.BleedBox = page.MediaBox = Array([-BLEED, -BLEED, width + BLEED, HEIGHT + BLEED])
        document.Root.Metadata = document.make_stream(b"<x/>", Type=Name.Metadata, Subtype=Name.XML)
        change(document)
        document.save(out, fix_metadata_version=False)
    return out.getvalue()


def told(pdf: bytes, **more: Any) -> list[str]:
    faults = Faults()
    check_print(pdf, more.pop("look", theme()), faults, **more)
    return [f"{fault.message} [{fault.rule}]" for fault in faults.all()]


@pytest.mark.parametrize("side", range(4))
@pytest.mark.parametrize("key", ["TrimBox", "BleedBox", "MediaBox"])
def test_the_boxes_are_those_of_the_trimmed_size_and_the_bleed(key: str, side: int) -> None:
    def moved(by: float) -> list[str]:
        def change(document: pikepdf.Pdf) -> None:
            box = list(TRIM if key == "TrimBox" else BLED)
            box[side] += by
            for page in document.pages[1:3]:
                page.obj[f"/{key}"] = Array(box)

        return told(sheets(change))

    wrong = ["the boxes of page 2 of the print file are not those of its trimmed size and its bleed [print-boxes]"]
    inwards = 1 if side < 2 else -1
    assert moved(0.015) == moved(-0.015) == []
    assert moved(0.1 * inwards) == wrong
    assert moved(-0.1 * inwards) == moved(-50 * inwards) == ([] if key == "MediaBox" else wrong)


def test_a_page_without_its_boxes_is_named_and_a_cover_is_two_pages_wide() -> None:
    wrong = ["the boxes of page 1 of the print file are not those of its trimmed size and its bleed [print-boxes]"]
    for key in ("/TrimBox", "/BleedBox"):
        assert told(sheets(lambda one: one.pages[0].obj.__delitem__(key))) == wrong  # noqa: B023  (called at once)
    printed = theme().tokens["print"]
    assert isinstance(printed, dict)
    thick = replace(theme(), tokens={**theme().tokens, "print": {**printed, "caliper": "2pt"}})
    cover = sheets(pages=1, width=2 * WIDTH + 30)
    assert told(cover, around=30, look=thick) == []
    assert told(cover, around=28, look=thick) == told(cover, around=32, look=thick) == wrong


def test_the_sheets_are_full() -> None:
    assert [len(told(sheets(pages=pages))) for pages in (3, 4, 5, 8)] == [1, 0, 1, 0]
    assert told(sheets(pages=6)) == ["the print file has 6 pages, which is no multiple of 4 [print-pages]"]
    assert check_print(sheets(pages=8), theme(), Faults()) == 8


def test_nothing_for_a_screen_is_in_it() -> None:
    def change(document: pikepdf.Pdf) -> None:
        for key in ("/StructTreeRoot", "/Outlines", "/Names", "/AcroForm"):
            document.Root[key] = Dictionary()
        document.pages[1].obj.Annots = Array([])

    assert told(sheets(change)) == [
        (
            "the print file holds what is for a screen: /StructTreeRoot, /Outlines, /Names, /AcroForm, links on page 2 "
            "[print-interactive]"
        )
    ]


def test_what_declares_a_printing_condition_has_its_profile() -> None:
    def declared(*intents: dict[str, Any]) -> list[str]:
        def change(document: pikepdf.Pdf) -> None:
            document.Root.Metadata.write(b"<x>PDF/X-4</x>")
            if intents:
                profile = document.make_stream(b"")
                document.Root.OutputIntents = Array(
                    [Dictionary({**one, **({"/DestOutputProfile": profile} if "/S" in one else {})}) for one in intents]
                )

        return told(sheets(change))

    wrong = ["the print file declares PDF/X-4, and has no profile of a printing condition [print-intent]"]
    own = {"/S": Name.GTS_PDFX}
    assert declared() == declared({}) == declared({"/S": Name.GTS_PDFA1}) == wrong
    assert declared(own) == declared({"/S": Name.GTS_PDFA1}, own) == []

    def bare(document: pikepdf.Pdf) -> None:
        document.Root.Metadata.write(b"PDF/X-4")
        document.Root.OutputIntents = Array([Dictionary(own)])

    def silent(document: pikepdf.Pdf) -> None:
        document.Root.OutputIntents = Array([])

    assert told(sheets(bare)) == wrong
    assert told(sheets(silent)) == []


def shown(content: str, **resources: Any) -> list[str]:
    """What is said of a page that shows `content`."""

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[2].obj
        page.Resources = Dictionary({f"/{key}": Dictionary(made(document)) for key, made in resources.items()})
        page.Contents = document.make_stream(content.encode())

    return told(sheets(change))


def spaces(document: pikepdf.Pdf) -> dict[str, Any]:
    def based(parts: int) -> Array:
        return Array([Name.ICCBased, document.make_stream(b"", N=parts)])

    return {
        "/Rgb": based(3),
        "/One": based(1),
        "/Cal": Array([Name.CalRGB, Dictionary()]),
        "/Lab": Array([Name.Lab, 1]),
    }


GREY = "page 3 of the print file has the grey {}, which is not printed in black ink alone [print-black]"
HALF = [GREY.format("0.50 0.50 0.50")]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ("0.5 0.5 0.5 rg 0 0 9 9 re f", HALF),
        ("0.5 0.5 0.5 RG 0 0 9 9 re S", HALF),
        ("0.5 0.5 0.5 rg 0 0 9 9 re f 0 0 9 9 re f", HALF),
        ("0.5 0.5 0.5 rg f 0.25 0.25 0.25 rg f", [GREY.format("0.25 0.25 0.25"), *HALF]),
        ("0.5 0.5 0.5 rg 0 0 9 9 re", []),
        ("0 0 9 9 re f", []),
        ("0.5 0.5 0.5 rg BT (x) Tj ET", HALF),
        ("0.9 0.1 0.1 rg f", []),
        ("0.5 0.5 0.5 rg 0.9 0.1 0.1 rg f", []),
        ("0.5 0.5 0.5 rg 0.5 g f", []),
        ("0.5 0.5 0.5 rg 0 0 0 1 k f", []),
        ("0.5 0.5 0.5 rg 1 0 0 1 0 0 cm f", HALF),
        ("q 0.5 0.5 0.5 rg Q f", []),
        ("0.5 0.5 0.5 rg q 0 g Q f", HALF),
        ("Q 0.5 0.5 0.5 rg f", HALF),
        ("/Rgb cs 0.5 0.5 0.5 sc f", HALF),
        ("/Rgb CS 0.5 0.5 0.5 SC S", HALF),
        ("/Rgb cs 0.5 0.5 0.5 scn f", HALF),
        ("/Cal cs 0.5 0.5 0.5 scn f", HALF),
        ("/DeviceRGB cs 0.5 0.5 0.5 scn f", HALF),
        ("/Rgb cs 0.9 0.1 0.1 scn f", []),
        ("/One cs 0.5 scn f", []),
        ("/One cs 0.5 0.5 0.5 scn f", []),
        ("/Lab cs 0.5 0.5 0.5 scn f", []),
        ("/None cs 0.5 0.5 0.5 scn f", []),
        ("0.5 0.5 0.5 scn f", []),
        ("0.5 0.5 0.5 rg /Pattern cs /P scn f", []),
        ("/Rgb cs q /One cs Q 0.5 0.5 0.5 sc f", HALF),
    ],
)
def test_a_grey_that_is_no_black_ink_is_named(content: str, faults: list[str]) -> None:
    assert shown(content, ColorSpace=spaces) == faults


def pictures(width: int, height: int) -> Callable[[pikepdf.Pdf], dict[str, Any]]:
    """An image, and forms that show it: one at its own size, one at half of it."""

    def made(document: pikepdf.Pdf) -> dict[str, Any]:
        image = document.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height)
        content, own = b"q 72 0 0 72 0 0 cm /Image Do Q", Dictionary(XObject=Dictionary(Image=image))
        whole = document.make_stream(content, Subtype=Name.Form, Resources=own)
        half = document.make_stream(content, Subtype=Name.Form, Resources=own, Matrix=Array([0.5, 0, 0, 0.5, 0, 0]))
        return {"/Image": image, "/Whole": whole, "/Half": half}

    return made


def dots(found: int, width: int, height: int) -> list[str]:
    return [
        (
            f"the image on page 3 of the print file ({width} × {height} pixels) has {found} dots an inch as printed, "
            "and 300 are needed [print-resolution]"
        )
    ]


@pytest.mark.parametrize(
    ("content", "size", "faults"),
    [
        ("72 0 0 72 0 0 cm /Image Do", (300, 300), None),
        ("72 0 0 72 0 0 cm /Image Do", (299, 900), 299),
        ("72 0 0 72 0 0 cm /Image Do", (900, 299), 299),
        ("72 0 0 36 0 0 cm /Image Do", (300, 150), None),
        ("36 0 0 72 9 9 cm /Image Do", (150, 290), 290),
        ("0 72 -36 0 0 0 cm /Image Do", (300, 150), None),
        ("0 72 -36 0 0 0 cm /Image Do", (150, 300), 150),
        ("36 36 0 72 0 0 cm /Image Do", (150, 900), 212),
        ("72 0 36 36 0 0 cm /Image Do", (900, 150), 212),
        ("2 0 0 3 0 0 cm 36 0 0 24 5 5 cm /Image Do", (300, 300), None),
        ("2 0 0 3 0 0 cm 36 0 0 24 5 5 cm /Image Do", (300, 299), 299),
        ("0 2 3 0 0 0 cm 36 0 0 24 5 5 cm /Image Do", (299, 300), 299),
        ("72 0 0 72 0 0 cm q 9 0 0 9 0 0 cm Q /Image Do", (300, 300), None),
        ("72 0 0 72 0 0 cm /Image Do /Image Do", (100, 300), 100),
        ("/Whole Do", (300, 300), None),
        ("/Whole Do", (299, 300), 299),
        ("/Half Do", (150, 150), None),
        ("/Half Do", (149, 150), 298),
        ("2 0 0 2 0 0 cm /Half Do", (299, 300), 299),
        ("0 0 0 0 0 0 cm /Image Do", (1, 1), None),
        ("/Other Do", (1, 1), None),
    ],
)
def test_an_image_has_the_dots_that_it_needs_as_it_is_printed(
    content: str, size: tuple[int, int], faults: int | None
) -> None:
    assert shown(content, XObject=pictures(*size)) == ([] if faults is None else dots(faults, *size))


def test_pages_are_each_looked_at() -> None:
    def change(document: pikepdf.Pdf) -> None:
        for page in document.pages[1:3]:
            page.obj.Contents = document.make_stream(b"0.5 0.5 0.5 rg f")

    def numbers(messages: Sequence[str]) -> list[str]:
        return [one.split()[1] for one in messages]

    assert numbers(told(sheets(change))) == ["2", "3"]
