"""The pages of a PDF as words, in the order in which they are printed, without running heads and folios."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from impressum.core.errors import Fault, Faulty, Place
from impressum.system.files import read

SEEN_AT = 50 / 72
"""The scale at which two pages are compared as pictures: 50 dots an inch."""
SHOWN_AT = 80 / 72
"""The scale at which a page is shown beside another."""
OFTEN = 3
"""A line at the head or foot that stands on so many pages, its numbers apart, belongs to none of them."""
DIVIDED = re.compile("[\ufffe\u00ad]\\s*|[\u200b\u2060]")
"""How a word that is divided at the end of a line is read, and signs that are not printed."""


@dataclass(frozen=True)
class Page:
    """A page: its number in the file (from 1), its words, and a sum of how it looks."""

    number: int
    words: tuple[str, ...]
    look: str


def read_pages(pdf: Path | bytes, shown: str) -> tuple[Page, ...]:
    """The pages of a PDF, a file or its bytes, which faults call `shown`. Raises `Faulty` for what is no PDF."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(read(pdf) if isinstance(pdf, Path) else pdf)
    except (pypdfium2.PdfiumError, OSError) as error:
        hint = "give two PDFs, or two folders that hold some"
        raise Faulty([Fault(Place(shown), "the file cannot be read as a PDF", "diff-unreadable", hint)]) from error
    try:
        lines: list[list[str]] = []
        looks: list[str] = []
        for page in document:
            text = DIVIDED.sub("", page.get_textpage().get_text_range())
            lines.append([line for line in (" ".join(raw.split()) for raw in text.splitlines()) if line])
            picture = page.render(scale=SEEN_AT).to_numpy()
            looks.append(hashlib.sha256(picture.tobytes()).hexdigest())
    finally:
        document.close()
    furniture = _furniture(lines)
    return tuple(
        Page(number, tuple(word for line in _body(found, furniture) for word in line.split()), look)
        for number, (found, look) in enumerate(zip(lines, looks, strict=True), 1)
    )


def body_page(pdf: bytes, front: frozenset[str]) -> int:
    """The page (from 1) of the first bookmark that is none of the headings `front`; 1 where there is none."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        for mark in document.get_toc():
            target = mark.get_dest()
            if mark.get_title() not in front and target is not None:
                return (target.get_index() or 0) + 1
    finally:
        document.close()
    return 1


def picture_of(path: Path, number: int) -> bytes:
    """The page `number` of the PDF at `path` as a PNG."""
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        out = io.BytesIO()
        document[number - 1].render(scale=SHOWN_AT).to_pil().save(out, "PNG", optimize=True)
        return out.getvalue()
    finally:
        document.close()


def _furniture(pages: list[list[str]]) -> frozenset[str]:
    """The lines of running heads, with their numbers taken out."""
    count: Counter[str] = Counter()
    for lines in pages:
        count.update({_plain(line) for line in (*lines[:2], *lines[-2:])})
    return frozenset(line for line, times in count.items() if times >= OFTEN)


def _body(lines: list[str], furniture: frozenset[str]) -> list[str]:
    """`lines` without those at the head and the foot that are furniture, or only a number."""
    last = len(lines) - 1
    return [
        line
        for index, line in enumerate(lines)
        if not (index in (0, 1, last - 1, last) and (_plain(line) in furniture or line.isdecimal()))
    ]


def _plain(line: str) -> str:
    return re.sub(r"\d+", "", line).strip()
