"""The objects of a PDF as bytes, in the one form in which Typst writes them.

They are numbered from 1 without a gap, lie in that order, and have a table of their places behind them; each is one
line, but for the content of streams. Imports the standard library alone, for the child that runs Typst does. ISO
32000-1, 7.3 and 7.5.
"""

from __future__ import annotations

import re
import zlib

HEAD = b"%PDF-1.7\n%\x80\x80\x80\x80\n\n"
END = b"\nendobj\n"
STREAM, END_OF_STREAM = b"\nstream\n", b"\nendstream"
PACKED = b"/Filter/FlateDecode"
FREE = b"0000000000 65535 f\r\n"
ENTRY = len(FREE)  # the length of an entry in the table of places
_AT = re.compile(rb"startxref\n(\d+)\n%%EOF\n?\Z")
_LENGTH = re.compile(rb"/Length \d+")
_SIZE = re.compile(rb"/Size \d+")


def split(pdf: bytes) -> tuple[list[bytes], bytes]:
    """The objects of a file of Typst's, that with the number 1 first, each without its number; and the dictionary of
    its trailer. Raises `ValueError` where the file has another form."""
    found = _AT.search(pdf, max(0, len(pdf) - 40))
    at = int(found[1]) if found else 0
    head, free, rest = pdf[at:].partition(FREE)
    table, trailer, dictionary = rest.partition(b"trailer\n")
    if not free or not trailer or head != b"xref\n0 %d\n" % (len(table) // ENTRY + 1):
        raise ValueError("the PDF has no table of places as Typst writes it")
    starts = [int(table[entry : entry + 10]) for entry in range(0, len(table), ENTRY)]
    objects = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], at], strict=True), 1):
        begin = b"%d 0 obj\n" % number
        if not pdf.startswith(begin, start) or not pdf.startswith(END, end - len(END)):
            raise ValueError(f"object {number} of the PDF is not where its table says")
        objects.append(pdf[start + len(begin) : end - len(END)])
    return objects, dictionary.partition(b"\nstartxref\n")[0]


def join(objects: list[bytes], trailer: bytes) -> bytes:
    """The file of these objects and the dictionary of its trailer, as Typst writes it."""
    parts, places, at = [HEAD], [FREE], len(HEAD)
    for number, content in enumerate(objects, 1):
        parts.append(b"%d 0 obj\n%b%b" % (number, content, END))
        places.append(b"%010d 00000 n\r\n" % at)
        at += len(parts[-1])
    size = len(places)
    end = _SIZE.sub(b"/Size %d" % size, trailer, count=1)
    table = b"xref\n0 %d\n%btrailer\n%b\nstartxref\n%d\n%%%%EOF" % (size, b"".join(places), end, at)
    return b"".join([*parts, table])


def content_of(stream: bytes) -> bytes:
    """The content of a `stream`, unpacked if it is packed."""
    dictionary, _, rest = stream.partition(STREAM)
    content = rest[: -len(END_OF_STREAM)]
    return zlib.decompress(content) if PACKED in dictionary else content


def with_content(stream: bytes, content: bytes) -> bytes:
    """The `stream` with other `content`, which is packed if the first was."""
    dictionary = stream.partition(STREAM)[0]
    packed = zlib.compress(content, 9) if PACKED in dictionary else content
    return b"".join([_LENGTH.sub(b"/Length %d" % len(packed), dictionary, 1), STREAM, packed, END_OF_STREAM])
