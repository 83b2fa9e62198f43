"""A PDF of Typst's as its objects, and back."""

from __future__ import annotations

import pytest
import typst

from impressum.stages.typeset.objects import content_of, join, split, with_content

STREAM = b"<</Length 4/N 3>>\nstream\nendo\nendstream"


@pytest.fixture(scope="module")
def made() -> bytes:
    """A page with a link, a title that has an unpaired bracket, and one that is not in ASCII."""
    source = b'#set document(title: "A")\n= One) 1 0 R\n== Dva \xc4\x8d\n#link("https://example.org/1 0 R")[There]\n'
    pdf = typst.compile(source, pdf_standards=["ua-1"], timestamp=1_740_787_200)
    assert isinstance(pdf, bytes)
    return pdf


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
    ("found", "put", "said"),
    [
        (b"startxref\n", b"startxref\n1", "the PDF has no table of places"),
        (b"xref\n0 ", b"xref\n0 1", "the PDF has no table of places"),
        (b"\n2 0 obj\n", b"\n3 0 obj\n", "object 2 of the PDF is not where its table says"),
    ],
)
def test_a_file_of_another_form_is_refused(made: bytes, found: bytes, put: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        split(made.replace(found, put, 1))
