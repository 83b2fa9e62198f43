"""convert: pandoc reads the chapters, our own pass makes typed documents of them, each becomes a Typst fragment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from impressum.core.errors import Faults, Faulty
from impressum.core.facts import blurb, isbn_of_print
from impressum.core.model import document as d
from impressum.core.model.lost import LostChapter
from impressum.core.model.manuscript import (
    ChapterDocument,
    ChapterOpening,
    Expected,
    ExpectedWords,
    IndexEntry,
    Manuscript,
)
from impressum.core.model.sources import CitationStyle, References, RenderedChapter
from impressum.core.model.theme import Theme
from impressum.stages.convert.anchors import Anchors, Resolver, check_headings, in_titles, number, without_gaps
from impressum.stages.convert.citations import Cited, Excerpt, set_citations
from impressum.stages.convert.explained import check_lists, in_order
from impressum.stages.convert.fragment import BOOK, entries, section, words_of, works
from impressum.stages.convert.inherited_ids import inherit_ids
from impressum.stages.convert.reading import Parsed, ParsedChapter, Reader, parse
from impressum.stages.convert.spacing import spaced
from impressum.stages.convert.terms import Language
from impressum.stages.convert.unused import used_figures
from impressum.stages.convert.written import Writer, mathematics
from impressum.system.cache import Memo
from impressum.system.parallel import at_once

EXPECTED_WORDS = ("list-of-figures", "list-of-tables", "heading.part", "heading.appendix")


@dataclass(frozen=True)
class CitedChapters:
    """The chapters of an edition as pandoc read them, with `blocks`, those of each chapter that hold citations, and
    `listed`, the entries by key of each list of works, as citeproc set them."""

    chapters: tuple[RenderedChapter, ...]
    parsed: Mapping[str, Parsed]
    blocks: Mapping[str, str]
    listed: Mapping[str, Mapping[str, Any]]
    unread: tuple[LostChapter, ...]
    """The chapters that pandoc cannot read."""


def cite(
    chapters: tuple[RenderedChapter, ...],
    *,
    reader: Reader,
    references: References | None,
    style: CitationStyle,
    theme: Theme,
    memo: Memo,
) -> CitedChapters:
    """Has pandoc read `chapters`, and citeproc set their citations where it and the bibliography allow that. Faults go
    to `reader.faults`; a chapter that cannot be read is left out. No figure needs to be drawn for it."""
    parsed = parse(chapters, reader, memo)
    unread = tuple(chapter.source.when_lost() for chapter in chapters if chapter.source.slug not in parsed)
    chapters = tuple(chapter for chapter in chapters if chapter.source.slug in parsed)
    blocks: dict[str, str] = {}
    listed: dict[str, dict[str, Any]] = {}
    if chapters and references and references.source.is_whole:
        excerpts = {slug: one.excerpt for slug, one in parsed.items()}
        try:
            blocks, listed = _cited(excerpts, reader, references, style, theme, memo)
        except Faulty as faulty:  # the texts are read nevertheless
            for fault in faulty.faults:
                reader.faults.hold(fault)
    return CitedChapters(chapters, parsed, blocks, listed, unread)


def _cited(
    excerpts: Mapping[str, Excerpt],
    reader: Reader,
    references: References,
    style: CitationStyle,
    theme: Theme,
    memo: Memo,
) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """The blocks of each chapter with their citations set, and the entries by key of each list of works: one a chapter
    where the theme says so, else that of the book (`BOOK`)."""
    edition = reader.own.edition

    def cited(slug: str, chapters: Mapping[str, Excerpt]) -> Cited:
        return set_citations(
            chapters,
            bibliography=references.text,
            path=references.source.source.path,
            style=style,
            language=Language(edition.tag, edition.terms, edition.words),
            everything=edition.publication.nocite == "all" and slug == BOOK,
            memo=memo,
            folder=reader.workspace.edition_work(edition.tag) / "citeproc" / slug,
        )

    if theme.text("references", "by") != "chapter":
        whole = cited(BOOK, excerpts)
        return dict(whole.chapters), {BOOK: entries(whole.references)}
    each = at_once([partial(cited, slug, {slug: excerpts[slug]}) for slug in excerpts], 2)
    blocks = {slug: one for part in each for slug, one in part.chapters.items()}
    return blocks, {slug: entries(part.references) for slug, part in zip(excerpts, each, strict=True)}


def convert(
    cited: CitedChapters,
    *,
    reader: Reader,
    references: References | None,
    theme: Theme,
    memo: Memo,
    model: Mapping[str, ChapterDocument],
) -> Manuscript:
    """The manuscript of the edition that `reader` reads; `model` are the source's chapters, if this is a translation.
    Faults go to `reader.faults`; none follows from the unknown content of an unreadable chapter."""
    edition, faults, lost = reader.own.edition, reader.faults, (*reader.lost, *cited.unread)
    read: list[ChapterDocument] = []
    written: list[ChapterDocument] = []
    parsed = [
        ParsedChapter(chapter, cited.parsed[chapter.source.slug], cited.blocks.get(chapter.source.slug))
        for chapter in cited.chapters
    ]
    for chapter, document in zip(cited.chapters, reader.documents(parsed, memo), strict=True):
        slug = document.slug
        if slug in model:
            document = inherit_ids(document, model[slug], faults)
        written.append(document)
        document = in_order(document, edition.words["index.letters"])
        if references and cited.listed.get(slug):
            own = works(cited.listed[slug], reader.unsourced(chapter), references.places)
            blocks = spaced(section(edition.words["references"], own, document.path), edition.tag)
            document = document.with_blocks((*document.blocks, *blocks))
        check_headings(document, faults)
        read.append(without_gaps(document))
    documents = tuple(read)
    depth = int(theme.number("numbers", "depth"))
    anchors = number(documents, depth=depth, words=edition.words, lost=lost)
    localisations = [reader.localisation(chapter) for chapter in cited.chapters]
    pages = theme.flag("references", "pages")
    titled = tuple(
        Resolver(anchors, one.edition.words, frozenset(reader.ids), pages, Faults()).resolve(document)
        if in_titles(document)
        else document
        for one, document in zip(localisations, documents, strict=True)
    )
    if any(map(in_titles, documents)):  # the words of cross-references in titles are known only now
        anchors = number(titled, depth=depth, words=edition.words, lost=lost)
    title = edition.words["references"] if cited.listed.get(BOOK) else ""
    formulas = mathematics(documents, memo, edition.tag)
    writer = Writer(reader, anchors, formulas, cited.listed, pages, memo)
    chapters = writer.chapters(documents, begins_anew=theme.text("notes", "numbering") == "chapter")
    for one in chapters:
        faults.extend(one.faults)
    check_lists(documents, "".join(one.text for one in chapters), lost, faults)
    fragments = [one.fragment for one in chapters]
    expected = [one.expected for one in chapters]
    listed = ((document.slug, work) for document in documents for work in document.landmarks)
    words = {f"{slug}/{work.id}": words_of(work) for slug, work in listed if isinstance(work, d.Reference)}
    if title and references:
        whole = writer.references(references, title, cited.chapters[0])
        faults.extend(whole.faults)
        appendices = [at for at, one in enumerate(documents) if one.front.kind == "appendix"]
        first = edition.publication.references == "before-appendices"
        at = appendices[0] if first and appendices else len(fragments)
        fragments.insert(at, whole.fragment)
        expected.insert(at, whole.expected)
        words = dict(whole.entries)
    marked = [mark for one in chapters for mark in one.marked]
    index: tuple[IndexEntry, ...] = ()
    if marked:
        fragment, index = writer.index(marked, faults)
        fragments.append(fragment)
    return Manuscript(
        tuple(fragments),
        dict(reader.files),
        Expected(
            edition.publication.title,
            edition.tag,
            edition.tag,
            edition.words["contents"],
            title,
            anchors.all(),
            tuple(expected),
            words,
            int(theme.number("contents", "depth")),
            edition.words["impressum.pages"],
            ExpectedWords(*(edition.words[key] for key in EXPECTED_WORDS)),
            blurb(edition.publication),
            isbn_of_print(edition.publication) or "",
            edition.words["index.title"] if index else "",
            index,
        ),
        tuple(_opening(document, anchors) for document in documents),
        used_figures(titled, anchors, [one.drawings for one in localisations]),
        tuple(written),
        {one.edition.tag: one.edition.words for one in localisations if one is not reader.own},
        lost,
    )


def _opening(document: ChapterDocument, anchors: Anchors) -> ChapterOpening:
    anchor, front = anchors.chapters.get(document.slug), document.front
    title, label = (anchor.title, anchor.label) if anchor else (document.slug, document.slug)
    short_title = front.short_title or title
    printed = anchor.number if anchor else ""
    is_borrowed = bool(document.borrowed)
    return ChapterOpening(document.slug, label, printed, title, short_title, front.kind, front.authors, is_borrowed)
