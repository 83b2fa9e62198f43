"""Reads and renders pages of a PDF, in a process of its own: PDFium is not thread-safe, and a page takes time.

Standard input: a line a request, a JSON object with `do` and what it asks for; a page is the path of a PDF and its
number there, from 1:

- `sizes` with the `path` of a PDF: `sizes`, in points, as pages are read;
- `looks` with `pages`: `looks`, a sum of how each of these looks;
- `picture` with a `page` and `width` in pixels: `png` in Base64;
- `words` with a `page`, `x` and `y` in points from the top left: `before`, `word` and `after`, or nothing.

Standard output: a line an answer, a JSON object; `error` where the PDF cannot be read.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import sys
import zlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SEEN_AT = 50 / 72  # the scale at which it is seen whether a page looks as it did: 50 dots an inch
KEPT = 32  # PDFs that stay open: chapters that are looked at
NEAR = 6.0  # points within which a click hits a letter
REACH = 160  # letters before and behind a click by which its line in the source is found


class OpenPdfs:
    """The PDFs that were read last, kept open."""

    def __init__(self) -> None:
        self._documents: OrderedDict[str, Any] = OrderedDict()

    def sizes(self, path: str) -> dict[str, object]:
        document = self._opened(path)
        return {"sizes": [document.get_page_size(index) for index in range(len(document))]}

    def looks(self, pages: list[tuple[str, int]]) -> dict[str, object]:
        return {"looks": [_look(self._page(page)) for page in pages]}

    def picture(self, page: tuple[str, int], width: int) -> dict[str, object]:
        opened = self._page(page)
        scale = width / opened.get_width()
        dots = opened.render(scale=scale, rev_byteorder=True).to_numpy()
        return {"png": base64.b64encode(png(dots)).decode()}

    def words(self, page: tuple[str, int], x: float, y: float) -> dict[str, object]:
        opened = self._page(page)
        text = opened.get_textpage()
        at = text.get_index(*_on_the_sheet(opened, x, y), NEAR, NEAR)
        if at is None:
            return {"before": "", "word": "", "after": ""}
        first = max(0, at - REACH)
        return _around(text.get_text_range(first, min(at + REACH, text.count_chars()) - first), at - first)

    def _page(self, page: tuple[str, int]) -> Any:
        path, number = page
        return self._opened(path)[number - 1]

    def _opened(self, path: str) -> Any:
        import pypdfium2

        if path not in self._documents:
            self._documents[path] = pypdfium2.PdfDocument(path)
            while len(self._documents) > KEPT:
                self._documents.popitem(last=False)[1].close()
        self._documents.move_to_end(path)
        return self._documents[path]


def _look(page: Any) -> str:
    picture = page.render(scale=SEEN_AT)
    size = f"{picture.width}x{picture.height}".encode()
    return hashlib.blake2b(size + bytes(picture.buffer), digest_size=12).hexdigest()


def png(dots: NDArray[numpy.uint8]) -> bytes:
    """A picture, rows of dots of red, green and blue, as a PNG: in greys where it has no colour. It is written while
    somebody waits, and read once on the same machine: quickly rather than small, without filters."""
    import numpy

    if not ((dots[..., 0] != dots[..., 1]).any() or (dots[..., 1] != dots[..., 2]).any()):
        dots = dots[..., :1]
    height, width, colours = dots.shape
    rows = numpy.zeros((height, 1 + width * colours), numpy.uint8)  # each row says first that it has no filter
    rows[:, 1:] = dots.reshape(height, width * colours)
    head = struct.pack(">IIBBBBB", width, height, 8, 2 if colours > 1 else 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 1)), (b"IEND", b""))
    return SIGNATURE + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )


def _on_the_sheet(page: Any, x: float, y: float) -> tuple[float, float]:
    """A point of the page as it is read, in the coordinates of the PDF: from the bottom left of the upright sheet."""
    if page.get_rotation() == 90:
        return y, x
    return x, float(page.get_height()) - y


def _around(text: str, at: int) -> dict[str, object]:
    """The word at the letter `at` of `text`, and what stands before and behind it."""
    first = last = min(at, max(0, len(text) - 1))
    while first > 0 and not text[first - 1].isspace():
        first -= 1
    while last < len(text) and not text[last].isspace():
        last += 1
    return {"before": text[:first], "word": text[first:last], "after": text[last:]}


def main() -> int:
    pages = OpenPdfs()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(pages, request.pop("do"))(**request)
        except (OSError, RuntimeError) as error:  # pypdfium2's errors are RuntimeErrors
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
