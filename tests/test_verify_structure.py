"""The structure of a PDF that is made here object by object: what is read of it, and that each change is seen."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from impressum.stages.verify.pages import Rectangle
from impressum.stages.verify.pypdf_child import read
from impressum.stages.verify.structure import (
    Bookmark,
    Font,
    IllustrationMade,
    LinkMade,
    Structure,
    Target,
    read_landmarks,
    read_structure,
)

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<rdf:Description pdfaid:part="2"><pdfaid:conformance> A </pdfaid:conformance></rdf:Description>
<rdf:Description><pdfuaid:part>1</pdfuaid:part><dc:title><rdf:Alt><rdf:li>Rivers</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>"""
Change = Callable[[pikepdf.Pdf], None]


def font(document: pikepdf.Pdf, name: str, file: str = "") -> Any:
    """A composite font, with its file if `file` says under which key."""
    descriptor = Dictionary(Type=Name.FontDescriptor)
    if file:
        descriptor[file] = document.make_stream(name.encode())
    inner = document.make_indirect(Dictionary(DW=1000, W=Array([1, Array([500])]), FontDescriptor=descriptor))
    return document.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name(f"/{name}"), DescendantFonts=Array([inner]))
    )


def form(document: pikepdf.Pdf, content: bytes, **entries: Any) -> Any:
    return document.make_stream(
        content, Type=Name.XObject, Subtype=Name.Form, Matrix=Array([1, 0, 0, 1, 0, 0]), **entries
    )


def made(change: Change | None = None) -> bytes:
    """A PDF of three pages with one of each thing that is read."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        for height in (100, 200, 300):
            document.add_blank_page(page_size=(90, height))
        one, two, three = (page.obj for page in document.pages)
        within = form(
            document, b"inner", Resources=Dictionary(Font=Dictionary(F3=font(document, "Third", "/FontFile3")))
        )
        shown = form(document, b"outer", Resources=Dictionary(XObject=Dictionary(X2=within)))
        fonts = Dictionary(F1=font(document, "ABCDEF+First", "/FontFile2"), F2=font(document, "Second"))
        for page in (one, two):
            page.Resources = Dictionary(Font=fonts, XObject=Dictionary(X1=shown))
            page.Contents = document.make_stream(b"q")
        three.Contents = Array([document.make_stream(b"a"), document.make_stream(b"b")])
        root = document.Root
        by_name = Dictionary(D=Array([two, Name.XYZ, 10, 150, 0]))
        leaf = document.make_indirect(Dictionary(Names=Array([String("tolls"), by_name])))
        root.Names = Dictionary(Dests=Dictionary(Kids=Array([leaf])))
        root.Dests = Dictionary({"/old": Array([three, Name.Fit]), "/gone": Array([0, Name.Fit])})
        outlines = document.make_indirect(Dictionary(Type=Name.Outlines))
        items = [
            document.make_indirect(Dictionary(Title=String(title), Parent=outlines))
            for title in ("One", "Two", "Three")
        ]
        items[0].Dest, items[0].First, items[0].Next = Array([one, Name.XYZ, 0, 90, 0]), items[1], items[2]
        items[1].A, items[1].Parent = Dictionary(S=Name.GoTo, D=Array([two, Name.XYZ, 10, 150, 0])), items[0]
        items[2].Dest = String("nowhere")
        outlines.First = items[0]
        root.Outlines = outlines
        one.Annots = Array(
            [
                Dictionary(Type=Name.Annot, Subtype=Name.Text),
                Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://e.org/a"))),
                Dictionary(Type=Name.Annot, Subtype=Name.Link, Dest=String("tolls")),
            ]
        )
        three.Annots = Array(
            [
                Dictionary(
                    Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=Array([one, Name.XYZ, 0, 80, 0]))
                ),
                Dictionary(Type=Name.Annot, Subtype=Name.Link, Dest=String("nowhere")),
            ]
        )
        box = Dictionary(O=Name.Layout, BBox=Array([1, 20, 30, 60]))
        boxes = (box, Array([Dictionary(), box]))
        formulas = [Dictionary(S=Name.Formula, Alt=String("x"), Pg=two, A=where) for where in boxes]
        tags = [*map(document.make_indirect, formulas)]
        bare = document.make_indirect(Dictionary(S=Name.Formula, Alt=String("y"), Pg=two))
        root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Array([*tags, bare]))
        root.MarkInfo, root.ViewerPreferences = Dictionary(Marked=True), Dictionary(DisplayDocTitle=True)
        root.OutputIntents, root.Lang = Array([Dictionary()]), String("en")
        root.Metadata = document.make_stream(XMP.encode(), Type=Name.Metadata, Subtype=Name.XML)
        document.docinfo["/Title"] = "Rivers of old"
        if change:
            change(document)
        document.save(out, static_id=True, fix_metadata_version=False)
    return out.getvalue()


def structure(change: Change | None = None) -> Structure:
    return read_structure(made(change))


def test_all_that_is_in_the_file_is_read() -> None:
    found = structure()
    assert found.places == {"tolls": Target(2, 50, "tolls"), "old": Target(3, 0, "old"), "gone": Target(0, 0, "gone")}
    assert found.bookmarks == (
        Bookmark("One", Target(1, 10)),
        Bookmark("Two", Target(2, 50)),
        Bookmark("Three", Target(0, 0, "nowhere")),
    )
    assert found.links == (
        LinkMade(1, "https://e.org/a", Target(0, 0)),
        LinkMade(1, "", Target(2, 50, "tolls")),
        LinkMade(3, "", Target(1, 20)),
        LinkMade(3, "", Target(0, 0, "nowhere")),
    )
    assert found.fonts == (
        Font("First", "/Type0", True, 1),
        Font("Second", "/Type0", False, 1),
        Font("Third", "/Type0", True, 1),
    )
    assert found.formulas == (
        IllustrationMade("x", 2, Rectangle(1, 140, 30, 180)),
        IllustrationMade("x", 2, Rectangle(1, 140, 30, 180)),
        IllustrationMade("y", 0, Rectangle(0, 0, 0, 0)),
    )
    assert (found.language, found.titles) == ("en", ("Rivers of old", "Rivers"))
    assert found.standards == ("PDF/UA-1", "PDF/A-2a")
    assert (found.tagged, found.has_structure, found.shows_title, found.has_output_intent) == (True,) * 4
    assert (found.dangers, found.info, found.packet) == ((), {"Title": "Rivers of old"}, XMP)
    marks = read_landmarks(made(), formulas=True)
    assert (marks.bookmarks, marks.places, marks.formulas) == (found.bookmarks, found.places, found.formulas)
    assert marks.prints == found.prints
    assert read_landmarks(made(), formulas=False).formulas == ()


def test_the_second_reader_reads_the_same() -> None:
    found = read(made(lambda document: strip(document, "/Dests")))  # pypdf reads one kind of names or the other
    assert found["outline"] == [("One", 1), ("Two", 2), ("Three", 0)]
    assert found["links"] == [["https://e.org/a", 2], [], [1, 0]]
    assert (found["info"], found["language"], found["packet"]) == ({"Title": "Rivers of old"}, "en", XMP)
    assert found["text"] == ["", "", ""]
    bare = read(made(lambda document: strip(document, "/Lang", "/Metadata", "/Outlines")))
    assert (bare["language"], bare["packet"], bare["outline"]) == ("", "", [])


def strip(document: pikepdf.Pdf, *names: str) -> None:
    for name in names:
        del document.Root[name]


def test_what_is_missing_is_read_as_nothing() -> None:
    names = ("/Names", "/Dests", "/Outlines", "/StructTreeRoot", "/MarkInfo", "/ViewerPreferences", "/OutputIntents")
    found = structure(lambda document: strip(document, *names, "/Lang", "/Metadata"))
    assert (found.places, found.bookmarks, found.language, found.standards) == ({}, (), "", ())
    assert (found.tagged, found.has_structure, found.shows_title, found.has_output_intent) == (False,) * 4
    assert (found.titles, found.packet) == (("Rivers of old", ""), "")


def test_bookmarks_that_lead_in_a_circle_are_each_read_once() -> None:
    def turn(document: pikepdf.Pdf) -> None:
        first = document.Root.Outlines.First
        first.Next.Next = first

    assert [mark.title for mark in structure(turn).bookmarks] == ["One", "Two", "Three"]


DANGERS: dict[str, tuple[Callable[[pikepdf.Pdf], Any], str]] = {
    "a script that runs at the beginning": (lambda _: Dictionary(S=Name.JavaScript, JS=String("x")), "JavaScript"),
    "a script without a kind": (lambda _: Dictionary(JS=String("x")), "JavaScript"),
    "an action of a link": (lambda _: Dictionary(A=Dictionary(S=Name.Launch)), "an action that starts a program"),
    "a program": (lambda _: Dictionary(S=Name.Launch), "an action that starts a program"),
    "a script of the file": (lambda _: Dictionary(OpenAction=Dictionary(S=Name.JavaScript)), "JavaScript"),
    "a file": (lambda one: one.make_stream(b"x", Type=Name.EmbeddedFile), "an embedded file"),
    "a list of files": (lambda _: Dictionary(EmbeddedFiles=Dictionary()), "an embedded file"),
}


@pytest.mark.parametrize("case", DANGERS)
def test_a_danger_is_found_wherever_it_stands(case: str) -> None:
    danger, said = DANGERS[case]

    def put(document: pikepdf.Pdf) -> None:
        document.Root.Extra = Array([document.make_indirect(danger(document)) for _ in range(2)])

    assert structure(put).dangers == (said,)


def resources(document: pikepdf.Pdf) -> Any:
    return document.pages[0].obj.Resources


def inner(document: pikepdf.Pdf) -> Any:
    return resources(document).XObject.X1.Resources.XObject.X2


def descendant(document: pikepdf.Pdf) -> Any:
    return resources(document).Font.F1.DescendantFonts[0]


CHANGES: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "the content of a form within a form": lambda one: inner(one).write(b"other"),
    "where a form stands": lambda one: inner(one).__setattr__("Matrix", Array([1, 0, 0, 1, 5, 0])),
    "the name of a form": lambda one: resources(one).__setattr__("XObject", Dictionary(X9=resources(one).XObject.X1)),
    "the width of letters": lambda one: descendant(one).__setattr__("DW", 900),
    "the widths of letters": lambda one: resources(one).Font.F2.DescendantFonts[0].__setattr__("W", Array([])),
    "the outlines of letters": lambda one: (
        resources(one).Font.F1.DescendantFonts[0].FontDescriptor.FontFile2.write(b"o")
    ),
    "what letters mean": lambda one: resources(one).Font.F2.__setattr__("ToUnicode", one.make_stream(b"m")),
    "the font of a form": lambda one: inner(one).Resources.Font.F3.__setattr__("BaseFont", Name.Other),
    "the name of a font": lambda one: resources(one).Font.F2.__setattr__("BaseFont", Name.Other),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_page_that_shows_something_else_has_another_print(what: str) -> None:
    before, after = structure().prints, structure(CHANGES[what]).prints
    assert before[0] != after[0]
    assert before[2] == after[2]
    assert (before[1] == after[1]) == (what == "the name of a form")


def test_the_size_the_turn_and_each_part_of_a_page_are_in_its_print() -> None:
    def changed(change: Callable[[Any], None]) -> list[bool]:
        after = structure(lambda document: change(document.pages[2].obj)).prints
        return [one == two for one, two in zip(structure().prints, after, strict=True)]

    other = [True, True, False]
    assert changed(lambda page: page.__setattr__("MediaBox", Array([0, 0, 90, 301]))) == other
    assert changed(lambda page: page.__setattr__("Rotate", 90)) == other
    assert (
        changed(lambda page: page.Contents[0].write(b"c"))
        == changed(lambda page: page.Contents[1].write(b"c"))
        == other
    )
    assert changed(lambda page: page.__setattr__("Annots", Array([]))) == [True] * 3


def test_a_form_that_holds_itself_comes_to_an_end() -> None:
    def turn(document: pikepdf.Pdf) -> None:
        inner(document).Resources.XObject = Dictionary(X1=resources(document).XObject.X1)

    assert len(structure(turn).prints) == 3


def test_a_font_that_only_a_later_page_has_is_read_behind_those_of_the_first() -> None:
    def add(document: pikepdf.Pdf) -> None:
        document.pages[1].obj.Resources.Font = Dictionary(F1=resources(document).Font.F1, F9=font(document, "Ninth"))

    assert Font("Ninth", "/Type0", False, 2) in structure(add).fonts


@pytest.mark.parametrize(
    ("packet", "titles", "standards"),
    [
        ("<x", ("Rivers of old", ""), ()),
        ("<x/>", ("Rivers of old", ""), ()),
        (XMP.replace("pdfaid:part", "pdfaid:rest"), ("Rivers of old", "Rivers"), ("PDF/UA-1",)),
        (XMP.replace("pdfuaid:part", "pdfuaid:rest"), ("Rivers of old", "Rivers"), ("PDF/A-2a",)),
        (XMP.replace("pdfaid:conformance", "pdfaid:rest"), ("Rivers of old", "Rivers"), ("PDF/UA-1", "PDF/A-2")),
        (XMP.replace("rdf:li", "rdf:lo"), ("Rivers of old", ""), ("PDF/UA-1", "PDF/A-2a")),
    ],
)
def test_what_xmp_claims_is_read(packet: str, titles: tuple[str, ...], standards: tuple[str, ...]) -> None:
    found = structure(lambda document: document.Root.Metadata.write(packet.encode()))
    assert (found.titles, found.standards, found.packet) == (titles, standards, packet)


def test_fonts_that_are_written_into_the_resources_are_each_read() -> None:
    def put(document: pikepdf.Pdf) -> None:
        plain = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        bare = Dictionary(Type=Name.Font, Subtype=Name.Type3)
        document.pages[2].obj.Resources = Dictionary(Font=Dictionary(F1=plain, F2=bare))

    assert structure(put).fonts[3:] == (Font("Helvetica", "/Type1", False, 3), Font("nameless", "/Type3", False, 3))


def test_a_place_without_a_height_is_the_head_of_its_page() -> None:
    def at(*destination: Any) -> Target:
        def put(document: pikepdf.Pdf) -> None:
            page = document.pages[1].obj
            document.Root.Dests["/old"] = Array([page, *destination])

        return structure(put).places["old"]

    assert at(Name.XYZ, 10, 150, 0) == Target(2, 50, "old")
    assert (
        at(Name.XYZ, 10, 200) == at(Name.XYZ, 10, None, 0) == at(Name.FitR, 1, 2, 3, 4) == at() == Target(2, 0, "old")
    )
    assert at(Name.XYZ, 10) == at(Name.FitH, 150) == Target(2, 0, "old")
