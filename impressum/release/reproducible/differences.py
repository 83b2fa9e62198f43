"""Where two files that should be one differ: by line, by object and page of a PDF, by byte."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

CHUNK = 1 << 16
PAGE = "on page "


def first_byte(first: bytes, second: bytes) -> int:
    """The offset of the first byte that differs; the length of the shorter where the longer only goes on."""
    shorter = min(len(first), len(second))
    for start in range(0, shorter, CHUNK):
        end = min(start + CHUNK, shorter)
        one, other = first[start:end], second[start:end]
        if one != other:
            return start + next((at for at, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]))
    return shorter


def where(first: bytes, second: bytes) -> str:
    """Where `first` and `second`, which differ, begin to, as a clause."""
    at = first_byte(first, second)
    byte = f"from byte {at + 1} on"
    if first.startswith(b"%PDF-") and second.startswith(b"%PDF-"):
        found = _in_pdf(first, second)
        return f"{found}; {byte}" if found else byte
    try:
        first.decode("utf-8")
        second.decode("utf-8")
    except UnicodeDecodeError:
        return byte
    return f"from line {first.count(bytes([10]), 0, at) + 1} on"


def _in_pdf(first: bytes, second: bytes) -> str:
    """The first object that differs, by its number in the first file and what it belongs to."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(first)) as one, pikepdf.open(io.BytesIO(second)) as other:
            if len(one.pages) != len(other.pages):
                return f"{len(one.pages)} pages and {len(other.pages)}"
            others = {thing.objgen: thing for thing in other.objects if isinstance(thing, pikepdf.Object)}
            named = dict(_named(one))
            changed = [
                thing.objgen
                for thing in one.objects
                if isinstance(thing, pikepdf.Object)
                and thing.is_indirect
                and (thing.objgen not in others or _content(thing) != _content(others[thing.objgen]))
            ]
            if not changed:
                return ""
            # The metadata carry a hash of all that is in the file: what is on a page is nearer to the cause.
            first_one = min(changed, key=lambda one: (PAGE not in named.get(one, ""), one not in named))
            return f"object {first_one[0]}" + (f", {named[first_one]}" if first_one in named else "")
    except pikepdf.PdfError:
        return ""


def _content(thing: Any) -> tuple[bytes, bytes]:
    import pikepdf

    return thing.unparse(resolved=True), thing.read_raw_bytes() if isinstance(thing, pikepdf.Stream) else b""


def _named(document: Any) -> Iterator[tuple[tuple[int, int], str]]:
    """The objects that can be told by what they belong to: the metadata, and what makes up a page."""
    import pikepdf

    for number, page in reversed(list(enumerate(document.pages, 1))):  # what pages share belongs to the first
        resources = page.obj.get("/Resources", pikepdf.Dictionary())
        drawn = resources.get("/XObject", pikepdf.Dictionary())
        contents = page.obj.get("/Contents", pikepdf.Array())
        parts = [page.obj, *(contents if isinstance(contents, pikepdf.Array) else [contents])]
        parts += [drawn[name] for name in drawn.keys()]  # noqa: SIM118  (a dictionary of PDF iterates over nothing else)
        yield from ((part.objgen, f"{PAGE}{number}") for part in parts)
    for owner, key, name in (
        (document.Root, "/Metadata", "the metadata (XMP)"),
        (document.trailer, "/Info", "its dates"),
    ):
        if key in owner:
            yield owner[key].objgen, name
