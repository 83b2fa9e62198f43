"""A picture in PDF is printed as the SVG that Typst makes of its page; what cannot be printed of it has its reason."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from building import impressum
from pikepdf import Dictionary, Name

from impressum.core.pictures import how_to_mend
from impressum.system.pdf_pictures import Picture, as_picture
from impressum.system.workspace import Workspace

SQUARE = b"0.2 0.4 0.6 rg 10 10 30 30 re f"
WORDS = b"BT /F1 12 Tf 10 20 Td (Sava) Tj ET"


def pdf(content: bytes = SQUARE, font: str = "", *, pages: int = 1, password: str | None = None) -> bytes:
    """A PDF of 100 × 50 points that draws `content`; `font` is named in it, and not embedded."""
    made = pikepdf.new()
    for _ in range(pages):
        page = made.add_blank_page(page_size=(100, 50))
        page.Contents = made.make_stream(content)
        if font:
            face = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{font}"))
            form = made.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 100, 50])
            form.Resources = Dictionary(Font=Dictionary(F1=face))
            page.Resources = Dictionary(XObject=Dictionary(X1=form))
            page.Contents = made.make_stream(b"/X1 Do")
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    file = io.BytesIO()
    made.save(file, encryption=pikepdf.Encryption(owner="a", user=password) if password else False)
    return file.getvalue()


def shared(content: bytes) -> bytes:
    """A PDF whose form X1 draws X2, and that `content`; both share the resources of the page."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(100, 50))
    one, other = (
        made.make_stream(drawn, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 100, 50])
        for drawn in (b"/X2 Do", content)
    )
    one.Resources = other.Resources = page.Resources = made.make_indirect(
        Dictionary(XObject=Dictionary(X1=one, X2=other))
    )
    page.Contents = made.make_stream(b"/X1 Do")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def picture(content: bytes, folder: Path) -> Picture:
    return as_picture(Path("a.pdf"), content, Workspace(folder))


def test_a_pdf_becomes_an_svg_of_its_size_which_is_remembered(tmp_path: Path) -> None:
    made = picture(pdf(), tmp_path)
    assert (made.suffix, made.what_is_wrong, made.what_is_converted) == (".svg", None, None)
    assert b'viewBox="0 0 100 50" width="100pt" height="50pt"' in made.content
    assert b'fill="#336699"' in made.content
    assert b"alert" not in made.content
    assert picture(pdf(), tmp_path) == made
    assert picture(shared(SQUARE), tmp_path).what_is_wrong is None


@pytest.mark.parametrize(
    ("content", "wrong", "hint"),
    [
        (b"%PDF-1.7 nothing", "is not a PDF file, or is damaged", "save it anew as one of"),
        (b"", "is empty or larger than 50 MB", "save it anew as one of"),
        (pdf(pages=3), "has 3 pages, and a picture has one", "save the page alone: `qpdf"),
        (pdf(password="b"), "is locked by a password", "save it anew as one of"),
        (shared(b"/X1 Do"), "draws itself within itself", "save it anew as one of"),
        (pdf(WORDS, "ABCDEF+Garamond"), "does not hold its font `Garamond`", "save it with its fonts: `cairo_pdf()`"),
    ],
)
def test_a_pdf_that_is_no_picture_has_its_reason(content: bytes, wrong: str, hint: str, tmp_path: Path) -> None:
    found = picture(content, tmp_path).what_is_wrong
    assert found == wrong
    assert how_to_mend(wrong).startswith(hint)


def test_what_is_printed_otherwise_is_said(tmp_path: Path) -> None:
    like = picture(pdf(WORDS, "Helvetica-Bold"), tmp_path)
    assert like.what_is_wrong is None
    assert like.what_is_converted
    assert like.what_is_converted[0] == "does not hold its font `Helvetica-Bold`, and is printed in one like it"
    assert like.content.count(b"<use ") == len("Sava")
    inks = picture(pdf(b"1 0 0 0 k 10 10 30 30 re f"), tmp_path).what_is_converted
    assert inks == ("has colours in CMYK, and is printed in sRGB", "look at its colours in the PDF, or save it in sRGB")


def test_a_figure_and_an_image_in_pdf_are_on_the_page_with_their_words_for_the_blind(tmp_path: Path) -> None:
    for folder in ("chapters/en", "figures", "images"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "publication.yaml").write_text("title: Rivers\nlanguage: en\ndate: 2025-01-31\n")
    text = '# Rivers\n\n![Flow](figure:flow)\n\n![Bank](images/bank.pdf){alt="A bank." width=40mm}\n'
    (tmp_path / "chapters/en/01-rivers.md").write_text(text)
    (tmp_path / "figures/flow.yaml").write_text("title: Flow\nalt: A square.\n")
    (tmp_path / "figures/flow.pdf").write_bytes(pdf())
    (tmp_path / "images/bank.pdf").write_bytes(pdf(WORDS, "Helvetica"))
    ran = impressum(tmp_path, "build")
    assert ran.code == 0, ran.stderr
    assert (tmp_path / "dist/rivers-en-figures/flow.svg").is_file()
    with pikepdf.open(tmp_path / "dist/rivers-en.pdf") as book:
        spoken = {str(one.Alt) for one in book.objects if isinstance(one, Dictionary) and "/Alt" in one}
        drawn = [one.read_bytes() for one in book.objects if isinstance(one, pikepdf.Stream) and "/Filter" in one]
    assert {"A square.", "A bank."} <= spoken
    assert any(b"0.2 0.4 0.6" in content for content in drawn)
