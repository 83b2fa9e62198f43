"""The file itself: its fonts and claims; its contents for the record, and whether pypdf reads the same.

pypdf has no part in making the file: the libraries that write it are not the only ones that vouch for it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from unicodedata import normalize

from impressum.core.errors import Fault, Place
from impressum.stages.verify.evidence import FALLBACK, Evidence
from impressum.stages.verify.structure import Structure
from impressum.system.cache import Json
from impressum.system.process import Limits, python_file, run

STANDARDS = ("PDF/UA-1", "PDF/A-2a")
HINT = "this is a fault of Impressum or of a template of this publication; leave the template out to see which"
LIMITS = Limits(seconds=1200, memory=4_000_000_000)  # for pypdf, which takes a tenth of a second for a page
SIGNS = re.compile(r"[\W_]+")
REPEATED = re.compile("(\\w[\u0300-\u036f]+)\\1+")
"""A letter with a mark over it that follows itself: PDFium reads the first of them alone."""
MOST_NAMED = 5
SECOND_READER = "second-reader"


def check_fonts(evidence: Evidence) -> None:
    """Every font is in the file, and none is drawn letter by letter (Type 3)."""
    for font in evidence.structure.fonts:
        if font.kind == "/Type3":
            message = f"page {font.page} uses a Type 3 font, which cannot be read aloud or printed well"
            hint = "use a figure or an image that was made with TrueType or OpenType fonts"
            evidence.faults.error(evidence.place(font.page), message, "font-type3", hint)
        elif not font.embedded:
            message = f"the font `{font.name}` on page {font.page} is not embedded"
            hint = "use a figure or an image that embeds its fonts"
            evidence.faults.error(evidence.place(font.page), message, "font-not-embedded", hint)


def check_document(evidence: Evidence) -> None:
    """Title, language, tags, claims; no script, no program, no file inside."""
    made, expected = evidence.structure, evidence.expected
    found = []
    for title in dict.fromkeys(made.titles):
        if normalize("NFC", title) != normalize("NFC", expected.title):
            found.append((f"the file's title is `{title}`, not `{expected.title}`", "document-title"))
    if made.language != expected.tag:
        found.append((f"the file's language is `{made.language}`, not `{expected.tag}`", "document-language"))
    if not made.tagged:
        found.append(("the file does not say that it is tagged", "document-tags"))
    if not made.has_structure:
        found.append(("the file has no structure for a screen reader", "document-tags"))
    if not made.shows_title:
        found.append(("the file does not ask readers to show its title in the window", "document-title"))
    for standard in STANDARDS:
        if standard not in made.standards:
            found.append((f"the file does not declare {standard}", "document-standard"))
    if not made.has_output_intent:
        found.append(("the file has no output intent, so its colours have no meaning", "document-standard"))
    for danger in made.dangers:
        found.append((f"the file holds {danger}", "document-danger"))
    for message, rule in found:
        evidence.faults.error(FALLBACK, message, rule, HINT)


def check_tags(evidence: Evidence) -> None:
    """The tag tree is consistent: a screen reader finds everything printed, once, and the way back from it."""
    for misfit in evidence.structure.misfits:
        message = f"the tags do not hold together: {misfit.message}"
        evidence.faults.error(evidence.place(misfit.page), message, "document-tag-tree", HINT)


class Unreadable(Exception):
    """pypdf cannot read the file; why, in its own words."""


@dataclass(frozen=True)
class PdfContents:
    """The contents of a PDF for its record: `metadata` by name; bookmarks as `7 Rivers`; of each page, the hashes of
    its links (empty: there is none) and of its letters and digits, in whatever order they are read."""

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


def contents(structure: Structure, pages: Sequence[str]) -> PdfContents:
    """The contents as PDFium reads them, `pages` by their hashes, and pikepdf in the rest of the file."""
    links: list[list[str | int]] = [[] for _ in pages]
    for link in structure.links:
        links[link.page - 1].append(link.address or link.target.page)
    outline = ((mark.title, mark.target.page) for mark in structure.bookmarks)
    return _recorded(structure.info, structure.language, structure.packet, outline, links, pages)


def second_opinion(recorded: Json, pdf: bytes, place: Place) -> Iterator[Fault]:
    """A fault at `place` for each thing that pypdf reads otherwise in `pdf` than the `contents` of its record say."""
    hint = "readers disagree on this file, so that a person may not see what was verified: please report it"
    try:
        for message in differences(recorded, read_again(pdf)):
            yield Fault(place, message, SECOND_READER, hint)
    except Unreadable as error:
        yield Fault(place, f"pypdf cannot read the file: {error}", SECOND_READER, hint)


def read_again(pdf: bytes) -> PdfContents:
    """The contents as pypdf reads them, in a child process. Raises Unreadable."""
    done = run(python_file(__file__, "pypdf_child.py"), limits=LIMITS, stdin=pdf)
    if done.timed_out:
        raise Unreadable(f"it took longer than {LIMITS.seconds:g} seconds")
    if done.code != 0:
        raise Unreadable((done.errors.strip().splitlines() or [f"it ended with {done.code}"])[-1])
    said = json.loads(done.stdout)
    letters = map(hash_of_letters, said["text"])
    return _recorded(said["info"], said["language"], said["packet"], said["outline"], said["links"], letters)


def _recorded(
    info: Mapping[str, str],
    language: str,
    packet: str,
    outline: Iterable[tuple[str, int]],
    links: Iterable[Sequence[str | int]],
    pages: Iterable[str],
) -> PdfContents:
    return PdfContents(
        {**info, "language": language, "XMP": _hash(packet)},
        tuple(f"{page} {title}" for title, page in outline),
        tuple(_hash("\n".join(map(str, targets))) if targets else "" for targets in links),
        tuple(pages),
    )


def hash_of_letters(text: str) -> str:
    """The hash of the letters and digits of a page, in whatever order they are read."""
    return _hash("".join(sorted(_letters(text))))


def _letters(text: str) -> str:
    """The letters and digits of `text`: what joins and divides words is read in many ways."""
    return SIGNS.sub("", REPEATED.sub(r"\1", normalize("NFKC", text)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def differences(recorded: Json, found: PdfContents) -> Iterator[str]:
    """Where what pypdf has `found` differs from the `contents` of a record, a sentence each."""
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
