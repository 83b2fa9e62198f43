"""A PDF of Typst's as its objects, and back; and linked by them."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
import typst

from impressum.core.model.manuscript import ChapterOpening
from impressum.stages.typeset.bookmarks import nest_bookmarks
from impressum.stages.typeset.link import Part, _Alone, link
from impressum.stages.verify.tags import misfits
from impressum.system.pdf_objects import (
    content_of,
    join,
    pack,
    plain,
    reference,
    split,
    string,
    taken,
    text,
    value,
    with_content,
    words,
)

STREAM = b"<</Length 4/N 3>>\nstream\nendo\nendstream"
ODD = "One) 1 0 R (a (b) /Lang(xx) \\) /Count 3"
ADDRESS = "https://example.org/(A)/P 7 0 R"


@pytest.fixture(scope="module")
def made() -> bytes:
    """A page with a title and a link that look like objects, and a title that is not in ASCII."""
    return set_in_typst(
        f"#heading({quoted(ODD)})\n== Dva č <here>\n#link({quoted(ADDRESS)})[There] #link(<here>)[Here]\n"
    )


def set_in_typst(source: str) -> bytes:
    pdf = typst.compile(
        f'#set document(title: "A")\n{source}'.encode(), pdf_standards=["ua-1"], timestamp=1_740_787_200
    )
    assert isinstance(pdf, bytes)
    return pdf


def quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\") + '"'


def told(pdf: bytes) -> tuple[list[Any], list[str], list[str]]:
    """The bookmarks, each with those below it; the addresses of links; the titles of tags."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert list(misfits(document)) == []
        with document.open_outline() as outline:
            marks = [(one.title, [below.title for below in one.children], one.is_closed) for one in outline.root]
        links = [str(one.A.URI) for page in document.pages for one in page.get("/Annots", []) if "/A" in one]
        return marks, links, [str(one.T) for one in document.Root.StructTreeRoot.K[0].K if "/T" in one]


def test_a_file_of_typst_is_split_into_its_objects_and_is_the_same_when_they_are_joined(made: bytes) -> None:
    objects, trailer = split(made)
    assert objects[0].startswith(b"<</Type/Pages/Count 1/Kids[")
    assert trailer.startswith(b"<</Size %d/Root %d 0 R" % (len(objects) + 1, len(objects)))
    assert objects[-1].startswith(b"<</Type/Catalog")
    assert join(objects, trailer) == made


def test_the_content_of_a_page_can_be_changed(made: bytes) -> None:
    objects, trailer = split(made)
    (at,) = (at for at, one in enumerate(objects) if b"\nstream\n" in one and b"BDC" in content_of(one))
    content = content_of(objects[at])
    objects[at] = with_content(objects[at], content + b"q Q")
    again = split(join([*objects, b"null"], trailer))
    assert content_of(again[0][at]) == content + b"q Q"
    assert again[0][-1] == b"null"
    assert b"/Size %d/" % (len(objects) + 2) in again[1]
    assert content_of(with_content(STREAM, b"other")) == b"other"


@pytest.mark.parametrize(
    ("found", "put", "message"),
    [
        (b"startxref\n", b"startxref\n1", "the PDF has no table of places"),
        (b"xref\n0 ", b"xref\n0 1", "the PDF has no table of places"),
        (b"\n2 0 obj\n", b"\n3 0 obj\n", "object 2 of the PDF is not where its table says"),
    ],
)
def test_a_file_of_another_form_is_refused(made: bytes, found: bytes, put: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        split(made.replace(found, put, 1))


def test_parts_are_linked_whatever_their_words_look_like(made: bytes) -> None:
    once, twice = (
        pack(*link([Part(name, made) for name in names], "{number}", "Note {number}")) for names in ("a", "ab")
    )
    assert told(once) == told(made) == ([(ODD, ["Dva č"], True)], [ADDRESS], [ODD, "Dva č"])
    assert told(twice) == tuple(2 * one for one in told(made))
    assert twice == pack(*link([Part("a", made), Part("b", made)], "{number}", "Note {number}"))
    with pikepdf.open(io.BytesIO(twice)) as document:
        links = [one for page in document.pages for one in page.Annots if "/Dest" in one]
        assert [(str(one.Dest), str(one.Contents)) for one in links] == [("here", "1"), ("b/here", "2")]
        assert [str(name) for name in document.Root.Names.Dests.Names][::2] == ["b/here", "here"]


def test_a_role_that_is_two_things_is_refused(made: bytes) -> None:
    other = made.replace(b"/Datetime/Span", b"/Datetime/Link")
    with pytest.raises(ValueError, match="the role /Datetime is two things"):
        link([Part("a", made), Part("b", other)], "{number}", "Note {number}")


def test_what_is_packed_is_read_by_others(made: bytes, tmp_path: Path) -> None:
    objects, trailer = split(made)
    more = [*objects, *[b"[%d 0 R(one)]" % (number % 9 + 1) for number in range(1, 451)]]
    packed = pack(more, trailer)
    assert len(packed) < len(join(more, trailer)) / 2
    with pikepdf.open(io.BytesIO(packed)) as document:
        assert document.check_pdf_syntax() == []
        for number in (1, 200, 450):
            thing = document.get_object(len(objects) + number, 0)
            assert (thing[0].objgen, str(thing[1])) == ((number % 9 + 1, 0), "one")
        reader = pypdf.PdfReader(io.BytesIO(packed), strict=True)
        for number, (stream, index) in reader.xref_objStm.items():
            assert int(document.get_object(stream, 0).read_bytes().split()[2 * index]) == number
    assert reader.pages[0].extract_text().endswith("There Here")
    if shutil.which("qpdf"):
        (tmp_path / "packed.pdf").write_bytes(packed)
        done = subprocess.run(["qpdf", "--check", tmp_path / "packed.pdf"], capture_output=True, text=True)
        assert (done.returncode, "WARNING" in done.stderr) == (0, False)


@pytest.mark.parametrize(
    ("content", "made"),
    [
        (rb"<</T(One)/K[1]/Lang(en)>>", rb"<</T(One)/K[1]/Lang(en)>>"),
        (rb"<</A(a/b c 0 Q)/B(d\\)>>", rb"<</A(a/b c 0 Q)/B(d\\)>>"),
        (rb"<</T(a (b (c)) d)/K(e)>>", rb"<</T(a \050b \050c\051\051 d)/K(e)>>"),
        (rb"<</T(\) \\\(\n)/K(\\)>>", rb"<</T(\051 \\\050\n)/K(\\)>>"),
        (rb"<</T(5 0 R)/K(6 0 Rs)>>", rb"<</T(5\0400 R)/K(6\0400 Rs)>>"),
        (rb"<</T(a /Lang /lang)/Lang(en)>>", rb"<</T(a \057Lang /lang)/Lang(en)>>"),
    ],
)
def test_strings_hold_nothing_that_looks_like_an_object_and_say_the_same(content: bytes, made: bytes) -> None:
    assert plain(content) == made
    assert plain(made) == made
    assert pikepdf.Object.parse(made) == pikepdf.Object.parse(content)


@pytest.mark.parametrize("said", ["One", "a) (b", "5 0 R", "/Lang", "\\n", "č – €", "", "\x00\x1f\n", "📖"])
def test_a_string_says_what_it_stands_for(said: str) -> None:
    assert words(text(said)) == said == str(pikepdf.Object.parse(text(said)))
    assert value(string(said.encode())) == said.encode() == bytes(pikepdf.Object.parse(string(said.encode())))
    assert value(rb"(\(\051\n\\)") == b"()\n\\"


def test_what_is_shared_is_met_once_even_if_it_leads_in_a_circle(made: bytes) -> None:
    book: list[bytes] = []
    known: dict[bytes, int] = {}
    for _ in range(2):
        alone = _Alone(Part("a", made), book, known)
        first = alone.add(b"<</F %d 0 R/S(one)>>" % (len(alone.own) + 2))
        alone.add(b"[(font)]")
        circle = alone.add(b"[%d 0 R %d 0 R]" % (first + 1, first + 3))
        alone.add(b"<</Back %d 0 R>>" % circle)
        shared, round_ = alone.share(first + 1), alone.share(circle)
        assert book[shared - 1] == b"[(font)]"
        assert book[round_ - 1] == b"[%d 0 R %d 0 R]" % (shared, alone.numbers[first + 3])
        assert book[alone.numbers[first + 3] - 1] == b"<</Back %d 0 R>>" % round_
    assert book.count(b"[(font)]") == 1


def test_chapters_are_below_the_bookmarks_of_their_parts() -> None:
    kinds = {"Part (I)": "part", "One": "chapter", "Two": "chapter", "Part II": "part", "End": "appendix"}
    chapters = tuple(ChapterOpening(title, title, "", title, title, kind, ()) for title, kind in kinds.items())
    objects, trailer = taken(set_in_typst("= Preface\n= Part (I)\n== Why\n= One\n= Two\n== In\n= Part II\n= End"))
    outline = reference(objects[reference(trailer, b"/Root") - 1], b"/Outlines")
    nest_bookmarks(objects, outline, chapters)
    marks = [(title, inside) for title, inside, _ in told(join(objects, trailer))[0]]
    assert marks == [("Preface", []), ("Part (I)", ["Why", "One", "Two"]), ("Part II", []), ("End", [])]
    assert b"/Count 7>>" in objects[outline - 1]
    with pikepdf.open(io.BytesIO(pack(objects, trailer))) as document, document.open_outline() as known:
        part, two = known.root[1], known.root[1].children[2]
        assert [one.is_closed for one in (part, two)] == [False, True]
        assert [one.title for one in two.children] == ["In"]
