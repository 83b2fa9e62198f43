"""The child that reads a PDF with pypdf: the file on standard input, what it says as JSON on standard output.

It imports nothing of the package, so that its answer is independent of the program that wrote the file.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any


def read(pdf: bytes) -> dict[str, Any]:
    """Document information, language, XMP packet, bookmarks with their pages, and of each page links and text."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))
    references = [page.indirect_reference for page in reader.pages]
    numbers = {one.idnum: number for number, one in enumerate(references, 1) if one}
    named = {name: _page(one, numbers) for name, one in reader.named_destinations.items()}
    catalog: Any = reader.root_object
    packet = _entry(catalog, "/Metadata")
    return {
        "info": {key.removeprefix("/"): str(value) for key, value in (reader.metadata or {}).items()},
        "language": str(catalog.get("/Lang", "")),
        "packet": packet.get_data().decode("utf-8", "replace") if packet else "",
        "outline": list(_outline(reader.outline, numbers)),
        "links": [list(_links(page, numbers, named)) for page in reader.pages],
        "text": [page.extract_text() for page in reader.pages],
    }


def _outline(items: list[Any], numbers: dict[int, int]) -> Iterator[tuple[str, int]]:
    for item in items:
        if isinstance(item, list):
            yield from _outline(item, numbers)
        else:
            yield str(item.title), _page(item, numbers)


def _page(destination: Any, numbers: dict[int, int]) -> int:
    """The number of the page that `destination` (pypdf's, or an array) leads to; 0 for none."""
    page = list.__getitem__(destination, 0) if isinstance(destination, list) else destination.get("/Page")
    return numbers.get(getattr(page, "idnum", 0), 0)


def _links(page: Any, numbers: dict[int, int], named: dict[str, int]) -> Iterator[str | int]:
    """Where each link of `page` leads: an address, or the number of a page."""
    for reference in _entry(page, "/Annots") or ():
        annotation = reference.get_object()
        if annotation["/Subtype"] != "/Link":
            continue
        action = _entry(annotation, "/A") or annotation
        if "/URI" in action:
            yield str(action["/URI"])
            continue
        destination = _entry(action, "/Dest") or _entry(action, "/D")
        if isinstance(destination, list):
            yield _page(destination, numbers)
        else:
            yield named.get(str(destination).removeprefix("/"), 0)


def _entry(table: Any, name: str) -> Any:
    """The value of `name` in `table`, resolved; None where there is none."""
    return table[name] if name in table else None  # noqa: SIM401  (`get` gives a reference as it stands)


if __name__ == "__main__":
    logging.disable()  # pypdf warns of what it tolerates
    json.dump(read(sys.stdin.buffer.read()), sys.stdout, ensure_ascii=True)
