"""Letters become wider or narrower in a justified line, and stand no further apart for it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest
import typst

from impressum.system.expansion import MOST, expand
from impressum.system.pdf_objects import content_of, split

SIZE = 10.5
TEXT = """
Serbia and China put their economic relations on a new footing in 2009 (or: in *stages*), and the works “AVAST” [1–3]
are #link("https://example.org/")[named by link], #emph[in italics, at some length,] and once more by the office of
standardisation; a `word of code`#footnote[A note that is set ragged keeps its letters.]
and a #text(tracking: 0.06em)[letterspaced name] stand in between. #text(size: 8pt)[Small print, of one size alone,
is not touched by any of it, however long it may be in the end.]
"""
SIGNS = "".join(map(chr, (*range(0x30, 0x3C), *range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x180))))


@cache
def pages(body: str, limits: str = "tracking: (min: -0.012em, max: 0.015em), spacing: (min: 95%, max: 105%)") -> bytes:
    """A PDF as Typst writes it, of justified text."""
    source = f"""
#set document(title: "Lines")
#set page(width: 90mm, height: 140mm, margin: 10mm)
#set text(size: {SIZE}pt, lang: "en", font: "Libertinus Serif")
#set par(justify: true, justification-limits: ({limits}))
#show footnote.entry: set par(justify: false)
{body}
"""
    pdf = typst.compile(source.encode(), ignore_system_fonts=True)
    assert isinstance(pdf, bytes)
    return pdf


@dataclass(frozen=True)
class Letter:
    sign: str
    left: float
    right: float
    baseline: float


def letters(pdf: bytes) -> list[Letter]:
    """All letters of the first page, with the sides that they have with their space."""
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    found = []
    for number in range(text.count_chars()):
        left, bottom, right, _ = text.get_charbox(number, loose=True)
        found.append(Letter(text.get_text_range(number, 1), left, right, bottom))
    return found


def runs(pdf: bytes, size: float = SIZE) -> Iterator[tuple[float, bytes]]:
    """How wide the letters of the runs of a size are, and how the runs are written."""
    objects, _ = split(pdf)
    for page in (one for one in objects if one.startswith(b"<</Type/Page/")):
        found = re.search(rb"/Contents (\d+)", page)
        assert found
        content = content_of(objects[int(found[1]) - 1])
        written = rb"/f\d+ %g Tf ([\d.]+) 0 0 -1 [-\d.]+ 0 Tm(.*?)T[Jj]\n" % size
        for wide, run in re.findall(written, content, re.DOTALL):
            yield float(wide), run


def test_words_stay_where_they_are_and_letters_stand_together() -> None:
    body = "".join(f"#block(width: {width}mm)[{TEXT}]\n" for width in (60, 64, 68))
    pdf = pages(body)
    expanded = expand(pdf, SIZE)
    old, new = letters(pdf), letters(expanded)
    assert [one.sign for one in new] == [one.sign for one in old]
    seen = [at for at, letter in enumerate(old) if letter.sign.strip()]
    begins = [at for before, at in pairwise(seen) if at > before + 1]
    ends = [before for before, at in pairwise(seen) if old[before].baseline - old[at].baseline > 9]
    assert len(begins) > 150
    assert len(ends) > 20
    assert max(abs(old[at].left - new[at].left) for at in begins) < 0.4
    assert max(abs(old[at].right - new[at].right) for at in ends) < 0.12  # a hyphen is a run of its own, of one letter

    widths = {wide for wide, _ in runs(expanded)}
    assert {wide for wide, _ in runs(pdf)} == {1.0}
    assert min(widths) >= 1 - MOST - 1e-4
    assert max(widths) <= 1 + MOST + 1e-4
    assert min(widths) < 0.99
    assert max(widths) > 1.01

    def apart(all_of: list[Letter]) -> float:
        gaps = [
            abs(following.left - one.right)
            for one, following in pairwise(all_of)
            if one.sign.islower() and following.sign.islower() and one.baseline == following.baseline
        ]
        return sum(gap > 0.08 for gap in gaps) / len(gaps)

    assert apart(old) > 0.4
    assert apart(new) < 0.2  # by kerning, a letterspaced name, and what is beyond the limit


def test_what_is_no_justified_line_stays_byte_for_byte() -> None:
    for body in (
        "#set par(justify: false)\n" + TEXT,
        "#set text(size: 12pt)\n" + TEXT,
        "#set text(tracking: 0.05em)\n" + TEXT,
    ):
        assert expand(pages(body), SIZE) == pages(body)
    whole = expand(pages(TEXT), SIZE)
    assert list(runs(whole, 8.0)) == list(runs(pages(TEXT), 8.0))


def test_beyond_the_limit_letters_stand_apart() -> None:
    far = pages(TEXT, "tracking: (min: -0.012em, max: 0.03em), spacing: (min: 80%, max: 100%)")
    widest = [(wide, run) for wide, run in runs(expand(far, SIZE)) if abs(wide - 1 - MOST) < 1e-4]
    assert widest
    assert any(run.count(b">-") > 20 for _, run in widest)


def test_letters_are_read_however_they_are_written() -> None:
    """Brackets and bars are letters too; those beyond the first 127 of a font are written in hexadecimal."""
    body = " ".join(SIGNS[at : at + 9] for at in range(0, len(SIGNS), 9)) + r" a (b) \(c\) \\ d) (e \]TJ f "
    before, after = pages(body * 2), expand(pages(body * 2), SIZE)
    assert after != before
    assert [one.sign for one in letters(after)] == [one.sign for one in letters(before)]


def test_a_file_of_another_form_is_refused() -> None:
    with pikepdf.open(io.BytesIO(pages(TEXT))) as document:
        out = io.BytesIO()
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    with pytest.raises(ValueError, match="the PDF has no table of places as Typst writes it"):
        expand(out.getvalue(), SIZE)
