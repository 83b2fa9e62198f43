"""What a finished PDF holds, for its record; and whether pypdf, which had no part in making it, reads the same."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from unicodedata import normalize

from impressum.core.errors import Fault, Place
from impressum.stages.verify.structure import Structure
from impressum.system.cache import Json
from impressum.system.process import Limits, python_file, run

LIMITS = Limits(seconds=1200, memory=4_000_000_000)
"""For pypdf, which takes a tenth of a second for a page."""
SIGNS = re.compile(r"[\W_]+")
REPEATED = re.compile("(\\w[\u0300-\u036f]+)\\1+")
"""A letter with a mark over it that follows itself: PDFium reads the first of them alone."""
MOST_NAMED = 5
SECOND_READER = "second-reader"


class Unreadable(Exception):
    """pypdf cannot read the file; why, in its own words."""


@dataclass(frozen=True)
class Contents:
    """What is recorded of a PDF: `metadata` by name; bookmarks as `7 Rivers`; of each page, the hashes of its links
    (empty: there is none) and of its letters and digits, in whatever order they are read."""

    metadata: Mapping[str, str]
    outline: tuple[str, ...]
    links: tuple[str, ...]
    text: tuple[str, ...]

    def as_json(self) -> dict[str, Json]:
        """The value of `contents` in a record."""
        return {
            "metadata": dict(self.metadata),
            "outline": list(self.outline),
            "links": list(self.links),
            "text": list(self.text),
        }


def contents(structure: Structure, pages: Sequence[str]) -> Contents:
    """What PDFium has read on `pages`, and pikepdf in the rest of the file."""
    links: list[list[str | int]] = [[] for _ in pages]
    for link in structure.links:
        links[link.page - 1].append(link.address or link.target.page)
    outline = ((mark.title, mark.target.page) for mark in structure.bookmarks)
    return _contents(structure.info, structure.language, structure.packet, outline, links, pages)


def second_opinion(recorded: Json, pdf: bytes, place: Place) -> Iterator[Fault]:
    """A fault at `place` for each thing that pypdf reads otherwise in `pdf` than the `contents` of its record say."""
    hint = "readers disagree on this file, so that a person may not see what was verified: please report it"
    try:
        for message in differences(recorded, read_again(pdf)):
            yield Fault(place, message, SECOND_READER, hint)
    except Unreadable as error:
        yield Fault(place, f"pypdf cannot read the file: {error}", SECOND_READER, hint)


def read_again(pdf: bytes) -> Contents:
    """The same as pypdf reads it, in a child of its own. Raises Unreadable."""
    done = run(python_file(__file__, "pypdf_child.py"), limits=LIMITS, stdin=pdf)
    if done.timed_out:
        raise Unreadable(f"it took longer than {LIMITS.seconds:g} seconds")
    if done.code != 0:
        raise Unreadable((done.errors.strip().splitlines() or [f"it ended with {done.code}"])[-1])
    said = json.loads(done.stdout)
    return _contents(said["info"], said["language"], said["packet"], said["outline"], said["links"], said["text"])


def _contents(
    info: Mapping[str, str],
    language: str,
    packet: str,
    outline: Iterable[tuple[str, int]],
    links: Iterable[Sequence[str | int]],
    pages: Iterable[str],
) -> Contents:
    return Contents(
        {**info, "language": language, "XMP": _hash(packet)},
        tuple(f"{page} {title}" for title, page in outline),
        tuple(_hash("\n".join(map(str, targets))) if targets else "" for targets in links),
        tuple(_hash("".join(sorted(_letters(text)))) for text in pages),
    )


def _letters(text: str) -> str:
    """The letters and digits of `text`: what joins and divides words is read in many ways."""
    return SIGNS.sub("", REPEATED.sub(r"\1", normalize("NFKC", text)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def differences(recorded: Json, found: Contents) -> Iterator[str]:
    """What pypdf has `found` and the `contents` of a record do not say, a sentence each."""
    says = recorded if isinstance(recorded, dict) else {}
    metadata = says.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    for name in sorted(known.keys() | found.metadata.keys()):
        was, now = known.get(name), found.metadata.get(name)
        if was != now:
            yield f"its {name} is {_shown(now)} to pypdf and {_shown(was)} in its record"
    text, outline, links = (_listed(says.get(name)) for name in ("text", "outline", "links"))
    if len(text) != len(found.text):
        yield f"it has {len(found.text)} pages to pypdf and {len(text)} in its record"
        return
    for number, (mark, read) in enumerate(zip_longest(outline, found.outline), 1):
        if mark != read:
            yield f"its bookmark {number} is {_shown(read)} to pypdf and {_shown(mark)} in its record"
            break
    for what, were, are in (("links", links, found.links), ("text", text, found.text)):
        others = [number for number, pair in enumerate(zip_longest(were, are), 1) if pair[0] != pair[1]]
        if others:
            pages = f"page{'s' if len(others) > 1 else ''} {', '.join(map(str, others[:MOST_NAMED]))}"
            more = f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
            yield f"pypdf reads other {what} on {pages}{more} than its record has"


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _shown(value: Json) -> str:
    return "missing" if value is None else f"`{value}`"
