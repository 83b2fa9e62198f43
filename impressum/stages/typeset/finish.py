"""Writes into the PDF what Typst cannot: languages with their script, and the publication's metadata.

Typst has no Serbian in Latin script: `sr-Latn` is set with a stand-in (`hr`, for its hyphenation) and is put
right here. XMP gets what Typst has no words for: ISBN, DOI, rights, publisher, series. The same input gives
the same bytes: no clock, no random identifier.

Sources: ISO 32000-1 14.9.2 (languages) and 14.3 (metadata), the XMP Specification of 2005, ISO 19005-2 6.6.2.3.3
(descriptions of schemas that are not predefined), PRISM 3.0 basic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from impressum.core.facts import doi_address, isbn_of_pdf, mark_of, rights_line
from impressum.core.languages import SUBSTITUTES, with_script
from impressum.core.licences import creative_commons
from impressum.core.model.manuscript import ChapterOpening
from impressum.core.model.publication import Publication
from impressum.stages.typeset.bookmarks import nest_bookmarks
from impressum.stages.typeset.xmp import Packet, Property
from impressum.system.pdf_objects import (
    END_OF_STREAM,
    STRING,
    content_of,
    dictionary_of,
    join,
    pack,
    reference,
    references,
    split,
    string,
    taken,
    text,
    value,
    with_content,
)

STAGE = "Stage"
"""The key in the document information for the stage of a file that is not final; in XMP it is the label."""
QUARTER_TURN = 90  # clockwise, in degrees
EDITION_STAND_INS = {"sr-Latn": "hr", "sr-Cyrl": "sr"}
_MARKED_LANGUAGE = re.compile(rb"/Lang\s*\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\)(?=[^()]{0,200}?BDC)")
_LANGUAGE = re.compile(rb"/Lang(" + STRING + rb")")
_ENTRY = re.compile(rb"/(\w+)(" + STRING + rb")")


def finish(
    pdf: bytes | tuple[list[bytes], bytes],
    *,
    publication: Publication,
    tag: str,
    words: Mapping[str, str],
    producer: str,
    turned: Sequence[int] = (),
    chapters: tuple[ChapterOpening, ...] = (),
) -> bytes:
    """The PDF that Typst wrote, or the objects that are linked, with the languages and the metadata of the edition
    `tag`.

    `publication` is the edition's (its texts merged). `producer` is the program that is named as the one that
    wrote the file; Typst stays named as the one that made it. The pages `turned` (from 1) are printed with their
    head to the left, and are turned upright where they are read on a screen. The bookmarks of `chapters` go under
    those of their parts. What Typst wrote and nothing here replaces
    (dates, identifiers, the claims of PDF/A and PDF/UA) stays as it is. The same input gives the same bytes.
    """
    objects, trailer = taken(pdf) if isinstance(pdf, bytes) else pdf
    _set_languages(objects, trailer, tag)
    _set_metadata(objects, trailer, publication, tag, words, producer)
    _turn(objects, trailer, turned)
    outline = reference(objects[reference(trailer, b"/Root") - 1], b"/Outlines")
    if outline:
        nest_bookmarks(objects, outline, chapters)
    return pack(objects, trailer)


def turned_upright(pdf: bytes, turned: Sequence[int]) -> bytes:
    """The PDF with its pages `turned` (from 1) upright, as `finish` turns them; nothing else is changed."""
    if not turned:
        return pdf
    objects, trailer = split(pdf)
    _turn(objects, trailer, turned)
    return join(objects, trailer)


def _turn(objects: list[bytes], trailer: bytes, turned: Sequence[int]) -> None:
    pages = _pages(objects, trailer)
    for number in turned:
        at = pages[number - 1] - 1
        objects[at] = objects[at][:-2] + b"/Rotate %d>>" % QUARTER_TURN


def _pages(objects: Sequence[bytes], trailer: bytes) -> list[int]:
    """The numbers of the pages among the objects."""
    return references(objects[reference(objects[reference(trailer, b"/Root") - 1], b"/Pages") - 1])


def _set_languages(objects: list[bytes], trailer: bytes, tag: str) -> None:
    """Writes `tag` as the document's language, and the true language wherever a stand-in was set."""
    root = reference(trailer, b"/Root") - 1
    found = _LANGUAGE.search(objects[root])
    true_language = _TrueLanguages(tag, value(found[1]).decode() if found else "")

    def put_right(found: re.Match[bytes]) -> bytes:
        return b"/Lang" + string(true_language(value(found[1]).decode()).encode())

    pages = {reference(objects[page - 1], b"/Contents") for page in _pages(objects, trailer)}
    for at, content in enumerate(objects):
        if content.endswith(END_OF_STREAM):
            if at + 1 in pages or b"/Subtype/Form" in dictionary_of(content):
                objects[at] = _with_marked_languages(content, true_language)
        elif b"/Lang" in content:
            objects[at] = _LANGUAGE.sub(put_right, content)
    objects[root] = _LANGUAGE.sub(b"", objects[root])[:-2] + b"/Lang" + string(tag.encode()) + b">>"


class _TrueLanguages:
    """Maps a language that Typst wrote to the true one, in the edition `tag` that Typst set as `document`. A region on
    the document's stand-in is inherited by every other language in it (`en-RS`): there it says nothing."""

    def __init__(self, tag: str, document: str) -> None:
        self.languages = {**SUBSTITUTES, document: tag}
        self.inherited = document[-3:] if document in SUBSTITUTES else ""
        stand_in = EDITION_STAND_INS.get("-".join(tag.split("-")[:2]))
        if stand_in and not self.inherited:
            self.languages[stand_in] = tag

    def __call__(self, written: str) -> str:
        known = self.languages.get(written)
        return known or with_script(written.removesuffix(self.inherited) if self.inherited else written)


def _with_marked_languages(stream: bytes, true_language: _TrueLanguages) -> bytes:
    """Puts the languages of marked stretches within a paragraph right; an untouched stream keeps its bytes."""
    content = content_of(stream)

    def put_right(found: re.Match[bytes]) -> bytes:
        return b"/Lang(" + true_language(found[1].decode("ascii")).encode("ascii") + b")"

    changed = _MARKED_LANGUAGE.sub(put_right, content) if b"/Lang" in content else content
    return stream if changed == content else with_content(stream, changed)


def _set_metadata(
    objects: list[bytes], trailer: bytes, publication: Publication, tag: str, words: Mapping[str, str], producer: str
) -> None:
    """Writes the publication's facts to XMP, and those that have a place there to the document information."""
    authors = [author.name for author in publication.authors]
    information = {
        "Title": publication.title,
        "Author": _listed(authors),
        "Subject": " ".join((publication.abstract or "").split()),
        "Keywords": _listed(publication.keywords),
        "Producer": producer,
        STAGE: mark_of(publication, tag=tag, words=words) or "",
    }
    at = reference(trailer, b"/Info") - 1
    entries = dict(_ENTRY.findall(objects[at])) | {
        key.encode(): text(said) for key, said in information.items() if said
    }
    objects[at] = b"<<%b>>" % b"".join(b"/%b%b" % entry for entry in entries.items())
    at = reference(objects[reference(trailer, b"/Root") - 1], b"/Metadata") - 1
    packet = Packet(content_of(objects[at]))
    packet.set(_properties(publication, tag, words, information))
    objects[at] = with_content(objects[at], packet.bytes())


def _properties(
    publication: Publication, tag: str, words: Mapping[str, str], information: Mapping[str, str]
) -> list[Property]:
    impressum = publication.impressum
    licence = creative_commons(impressum.licence or "")
    name = licence.name(words) if licence else impressum.licence
    rights = " ".join(_ended(part) for part in (rights_line(publication), name) if part)
    isbn = isbn_of_pdf(publication)
    identifier = doi_address(impressum.doi) if impressum.doi else f"urn:isbn:{isbn}" if isbn else ""
    series = publication.series
    embargo = publication.embargo if publication.stage == "embargo" else None
    address = licence.url if licence else name if name and re.fullmatch(r"https?://\S+", name) else ""
    return [
        Property("dc", "title", publication.title, "Alt", tag),
        Property("dc", "creator", tuple(author.name for author in publication.authors), "Seq"),
        Property("dc", "publisher", (impressum.publisher.name,) if impressum.publisher else (), "Bag"),
        Property("dc", "subject", publication.keywords, "Bag"),
        Property("dc", "description", information["Subject"], "Alt", tag),
        Property("dc", "language", (tag,), "Bag"),
        Property("dc", "rights", rights, "Alt", tag),
        Property("dc", "identifier", identifier),
        Property("dc", "date", (publication.date.isoformat(),), "Seq"),
        Property("xmpRights", "Marked", ("False" if licence and licence.is_dedication else "True") if rights else ""),
        Property("xmpRights", "WebStatement", address),
        Property("pdf", "Keywords", information["Keywords"]),
        Property("pdf", "Producer", information["Producer"]),
        Property("xmp", "Label", information[STAGE]),
        Property("prism", "versionIdentifier", publication.version or ""),
        Property("prism", "embargoDate", embargo.isoformat() if embargo else ""),
        Property("prism", "isbn", isbn or ""),
        Property("prism", "doi", impressum.doi or ""),
        Property("prism", "issn", series.issn or "" if series else ""),
        Property("prism", "seriesTitle", series.title if series else ""),
        Property("prism", "seriesNumber", series.number or "" if series else ""),
        Property("prism", "subtitle", publication.subtitle or ""),
    ]


def _listed(parts: Sequence[str]) -> str:
    """`parts` in one string, as the document information wants them; one that holds a comma asks for semicolons."""
    return ("; " if any("," in part for part in parts) else ", ").join(parts)


def _ended(text: str) -> str:
    return text if text[-1] in ".?!…" else f"{text}."
