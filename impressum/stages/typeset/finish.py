"""Writes into the PDF what Typst cannot: languages with their script, and the publication's metadata.

Typst has no Serbian in Latin script: `sr-Latn` is set with a stand-in (`hr`, for its hyphenation) and is put
right here. XMP gets what Typst has no words for: ISBN, DOI, rights, publisher, series. The same input gives
the same bytes: no clock, no random identifier.

Sources: ISO 32000-1 14.9.2 (languages) and 14.3 (metadata), the XMP Specification of 2005, ISO 19005-2 6.6.2.3.3
(descriptions of schemas that are not predefined), PRISM 3.0 basic.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from impressum.core.facts import doi_address, isbn_of_pdf, mark_of, rights_line
from impressum.core.languages import SUBSTITUTES, with_script
from impressum.core.licences import creative_commons
from impressum.core.model.manuscript import ChapterOpening, parts_of
from impressum.core.model.publication import Publication
from impressum.stages.typeset.xmp import Packet, Property
from impressum.system.interpreter import uninterrupted

if TYPE_CHECKING:
    import pikepdf

STAGE = "/Stage"
"""The key in the document information for the stage of a file that is not final; in XMP it is the label."""
VERSION = "1.7"  # of PDF, that of Typst's files
QUARTER_TURN = 90  # clockwise, in degrees
EDITION_STAND_INS = {"sr-Latn": "hr", "sr-Cyrl": "sr"}
_MARKED_LANGUAGE = re.compile(rb"/Lang\s*\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\)(?=[^()]{0,200}?BDC)")


def finish(
    pdf: bytes | pikepdf.Pdf,
    *,
    publication: Publication,
    tag: str,
    words: Mapping[str, str],
    producer: str,
    turned: Sequence[int] = (),
    chapters: tuple[ChapterOpening, ...] = (),
) -> bytes:
    """The PDF that Typst wrote, or that is linked and open, with the languages and the metadata of the edition `tag`.

    `publication` is the edition's (its texts merged). `producer` is the program that is named as the one that
    wrote the file; Typst stays named as the one that made it. The pages `turned` (from 1) are printed with their
    head to the left, and are turned upright where they are read on a screen. The bookmarks of `chapters` go under
    those of their parts. What Typst wrote and nothing here replaces
    (dates, identifiers, the claims of PDF/A and PDF/UA) stays as it is. The same input gives the same bytes.
    """
    with uninterrupted():
        import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) if isinstance(pdf, bytes) else pdf as document:
        _set_languages(document, tag)
        _set_metadata(document, publication, tag, words, producer)
        _turn(document, turned)
        nest_bookmarks(document, chapters)
        document.save(
            out,
            min_version=VERSION,
            deterministic_id=True,
            linearize=False,
            fix_metadata_version=False,
            compress_streams=True,
            recompress_flate=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


def turned_upright(pdf: bytes, turned: Sequence[int]) -> bytes:
    """The PDF with its pages `turned` (from 1) upright, as `finish` turns them; nothing else is changed."""
    if not turned:
        return pdf
    with uninterrupted():
        import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        _turn(document, turned)
        document.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def _turn(document: pikepdf.Pdf, turned: Sequence[int]) -> None:
    for number in turned:
        document.pages[number - 1].obj["/Rotate"] = QUARTER_TURN


def _set_languages(document: pikepdf.Pdf, tag: str) -> None:
    """Writes `tag` as the document's language, and the true language wherever a stand-in was set."""
    import pikepdf

    true_language = _TrueLanguages(tag, str(document.Root.get("/Lang", "")))
    document.Root.Lang = pikepdf.String(tag)
    for thing in document.objects:
        if isinstance(thing, pikepdf.Stream):
            if _holds_page_content(thing):
                _set_marked_languages(thing, true_language)
        elif isinstance(thing, pikepdf.Dictionary) and "/Lang" in thing and thing.objgen != document.Root.objgen:
            written = str(thing.Lang)
            if true_language(written) != written:
                thing.Lang = pikepdf.String(true_language(written))


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


def _holds_page_content(stream: pikepdf.Stream) -> bool:
    """True for the content of a page or a form; pictures, fonts, profiles and metadata name their kind."""
    kind = stream.get("/Subtype")
    return kind == "/Form" or (kind is None and "/Type" not in stream and "/N" not in stream)


def _set_marked_languages(stream: pikepdf.Stream, true_language: _TrueLanguages) -> None:
    """Puts the languages of marked stretches within a paragraph right; an untouched stream keeps its bytes."""
    import pikepdf

    if stream.get("/Filter") not in (None, "/FlateDecode"):
        return
    content = stream.read_bytes()

    def put_right(found: re.Match[bytes]) -> bytes:
        return b"/Lang(" + true_language(found[1].decode("ascii")).encode("ascii") + b")"

    changed = _MARKED_LANGUAGE.sub(put_right, content)
    if changed != content:
        stream.write(zlib.compress(changed, 9), filter=pikepdf.Name.FlateDecode)


def _set_metadata(
    document: pikepdf.Pdf, publication: Publication, tag: str, words: Mapping[str, str], producer: str
) -> None:
    """Writes the publication's facts to XMP, and those that have a place there to the document information."""
    import pikepdf

    authors = [author.name for author in publication.authors]
    information = {
        "/Title": publication.title,
        "/Author": _listed(authors),
        "/Subject": " ".join((publication.abstract or "").split()),
        "/Keywords": _listed(publication.keywords),
        "/Producer": producer,
        STAGE: mark_of(publication, tag=tag, words=words) or "",
    }
    for key, text in information.items():
        if text:
            document.docinfo[key] = pikepdf.String(text)
    packet = Packet(document.Root.Metadata.read_bytes())
    packet.set(_properties(publication, tag, words, information))
    document.Root.Metadata.write(packet.bytes())


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
        Property("dc", "description", information["/Subject"], "Alt", tag),
        Property("dc", "language", (tag,), "Bag"),
        Property("dc", "rights", rights, "Alt", tag),
        Property("dc", "identifier", identifier),
        Property("dc", "date", (publication.date.isoformat(),), "Seq"),
        Property("xmpRights", "Marked", ("False" if licence and licence.is_dedication else "True") if rights else ""),
        Property("xmpRights", "WebStatement", address),
        Property("pdf", "Keywords", information["/Keywords"]),
        Property("pdf", "Producer", information["/Producer"]),
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


def nest_bookmarks(document: pikepdf.Pdf, chapters: tuple[ChapterOpening, ...]) -> None:
    """Puts the bookmarks of chapters under the bookmark of the part in which they stand."""
    if not any(chapter.kind == "part" for chapter in chapters):
        return
    parts = parts_of(chapters)
    with document.open_outline() as outline:
        waiting = list(chapters)
        kept: list[pikepdf.OutlineItem] = []
        marks: dict[str, pikepdf.OutlineItem] = {}
        for item in outline.root:
            chapter = next((one for one in waiting if _letters(item.title) == _letters(one.number + one.title)), None)
            part = parts[chapter.label] if chapter else ""
            if chapter is None or part in ("", chapter.label) or part not in marks:
                kept.append(item)
            else:
                marks[part].children.append(item)
            if chapter:
                del waiting[: waiting.index(chapter) + 1]
            if chapter and part == chapter.label:
                marks[part] = item
                item.is_closed = False
        outline.root[:] = kept


def _letters(title: str) -> str:
    return "".join(letter for letter in title.casefold() if letter.isalnum())
