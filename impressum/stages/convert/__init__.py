"""convert: pandoc reads the chapters, our own pass makes typed documents of them, each becomes a Typst fragment."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from impressum.core.errors import Faulty
from impressum.core.facts import blurb, isbn_of_print
from impressum.core.model import document as d
from impressum.core.model.lost import LostChapter
from impressum.core.model.manuscript import (
    ChapterDocument,
    ChapterOpening,
    Expected,
    ExpectedChapter,
    ExpectedWords,
    Fragment,
    Manuscript,
)
from impressum.core.model.publication import FrontMatter
from impressum.core.model.sources import CitationStyle, Edition, References, RenderedChapter
from impressum.stages.convert import pandoc
from impressum.stages.convert.anchors import Anchors, check_headings, number, without_gaps
from impressum.stages.convert.citations import Cited, Excerpt, set_citations
from impressum.stages.convert.crossrefs import Resolver, in_titles
from impressum.stages.convert.fragment import entries, section, words_of, works, write_chapter, write_references
from impressum.stages.convert.inherited_ids import inherit_ids
from impressum.stages.convert.limits import check_direction, check_sizes
from impressum.stages.convert.output import Output
from impressum.stages.convert.reading import Localisation, Parsed, Reader, parse, read_documents
from impressum.stages.convert.spacing import spaced
from impressum.stages.convert.terms import Language
from impressum.stages.convert.unused import check_abbreviations, check_nocite, check_uncited, check_unused, used_figures
from impressum.stages.convert.write_inlines import REF_PREFIX
from impressum.system.cache import Memo
from impressum.system.workspace import Workspace

__all__ = [
    "Apparatus",
    "CitedChapters",
    "Depths",
    "Localisation",
    "Reader",
    "check_nocite",
    "check_uncited",
    "check_unused",
    "cite",
    "convert",
    "read_documents",
]


BOOK = "references"
"""Stands among the chapters for the list of the whole book; no chapter is called so, for each begins with a number."""


@dataclass(frozen=True)
class Depths:
    """How deep headings are numbered and listed in the contents (1: chapters only)."""

    numbers: int
    contents: int


@dataclass(frozen=True)
class Apparatus:
    """What the theme asks of references and notes.

    `pages`: a cross-reference says the page of its target; `notes_by_chapter`: each chapter counts its notes
    from 1; `works_by_chapter`: each chapter lists the works that it cites.
    """

    pages: bool = False
    notes_by_chapter: bool = False
    works_by_chapter: bool = False


@dataclass(frozen=True)
class CitedChapters:
    """The chapters of an edition as pandoc read them, by name, and what citeproc made of their citations.

    `blocks` are those of each chapter that hold citations, `listed` the entries by key of each list of works.
    """

    chapters: tuple[RenderedChapter, ...]
    parsed: Mapping[str, Parsed]
    blocks: Mapping[str, list[Any]]
    listed: Mapping[str, Mapping[str, Any]]
    unread: tuple[LostChapter, ...]
    """The chapters that pandoc cannot read."""


def cite(
    chapters: tuple[RenderedChapter, ...],
    *,
    reader: Reader,
    references: References | None,
    style: CitationStyle,
    apparatus: Apparatus,
    memo: Memo,
) -> CitedChapters:
    """Has pandoc read `chapters`, and citeproc set their citations; no figure needs to be drawn for it.

    Faults go to `reader.faults`. A chapter that cannot be read is left out; no citations are set where the
    bibliography, or citeproc, does not allow it.
    """
    parsed = parse(chapters, reader, memo)
    unread = tuple(chapter.source.when_lost() for chapter in chapters if chapter.source.slug not in parsed)
    chapters = tuple(chapter for chapter in chapters if chapter.source.slug in parsed)
    blocks: dict[str, list[Any]] = {}
    listed: dict[str, dict[str, Any]] = {}
    if chapters and references and references.source.is_whole:
        excerpts = {slug: one.excerpt for slug, one in parsed.items()}
        try:
            blocks, listed = _cited(excerpts, references, style, reader.own.edition, apparatus, reader.workspace, memo)
        except Faulty as faulty:  # the texts are read nevertheless
            for fault in faulty.faults:
                reader.faults.hold(fault)
    return CitedChapters(chapters, parsed, blocks, listed, unread)


def convert(
    cited: CitedChapters,
    *,
    reader: Reader,
    references: References | None,
    depths: Depths,
    apparatus: Apparatus,
    memo: Memo,
    model: Mapping[str, ChapterDocument],
) -> Manuscript:
    """The manuscript of the edition that `reader` reads; `model` are the source's chapters, if this is a translation.

    Faults go to `reader.faults`. Nothing is concluded from what a chapter that could not be read may hold.
    """
    edition, faults = reader.own.edition, reader.faults
    chapters, listed, lost = cited.chapters, cited.listed, (*reader.lost, *cited.unread)
    documents: list[ChapterDocument] = []
    written: list[ChapterDocument] = []
    for chapter in chapters:
        slug = chapter.source.slug
        document = reader.document(chapter, cited.parsed[slug], cited.blocks.get(slug), memo)
        if slug in model:
            document = inherit_ids(document, model[slug], faults)
        check_sizes(document.blocks, faults)
        written.append(document)
        if references and listed.get(slug):
            own = works(listed[slug], reader.unsourced(chapter), references.places)
            blocks = spaced(section(edition.words["references"], own, document.path), edition.tag)
            document = replace(document, blocks=(*document.blocks, *blocks))
        check_headings(document, faults)
        documents.append(without_gaps(document))
    anchors = number(tuple(documents), depth=depths.numbers, words=edition.words, lost=lost)
    localisations = [reader.localisation(chapter) for chapter in chapters]
    resolved = tuple(
        Resolver(anchors, one.edition.words, frozenset(reader.ids), apparatus.pages, faults).resolve(document)
        for one, document in zip(localisations, documents, strict=True)
    )
    if in_titles(resolved):  # their words are known only now
        anchors = number(resolved, depth=depths.numbers, words=edition.words, lost=lost)
    check_abbreviations(resolved, lost, faults)
    for document in resolved:
        check_direction(document.blocks, faults)
    title = edition.words["references"] if listed.get(BOOK) else ""
    book: ChapterDocument | None = None
    if title and references:
        whole = spaced(works(listed[BOOK], reader.unsourced(chapters[0]), references.places), edition.tag)
        check_direction(whole, faults)
        book = ChapterDocument(BOOK, references.source.source.path, FrontMatter(), whole, edition.tag)
    formulas = _mathematics((*resolved, book) if book else resolved, memo, edition.tag)
    writing = _Writing(reader, anchors, formulas, listed, apparatus)
    fragments, expected = writing.chapters(resolved)
    words = {
        f"{document.slug}/{work.id}": words_of(work)
        for document in resolved
        for work in document.blocks
        if isinstance(work, d.Reference)
    }
    if book:
        entire = tuple(work for work in book.blocks if isinstance(work, d.Reference))
        fragment, said = write_references(entire, writing.output(book), title)
        fragments, expected = (*fragments, fragment), (*expected, said)
        words = {work.id: words_of(work) for work in entire}
    return Manuscript(
        fragments,
        dict(reader.files),
        Expected(
            edition.publication.title,
            edition.tag,
            edition.tag,
            edition.words["contents"],
            title,
            anchors.all(),
            expected,
            words,
            depths.contents,
            edition.words["impressum.pages"],
            ExpectedWords(
                edition.words["list-of-figures"],
                edition.words["list-of-tables"],
                edition.words["heading.part"],
                edition.words["heading.appendix"],
            ),
            blurb(edition.publication),
            isbn_of_print(edition.publication) or "",
        ),
        tuple(_opening(document, anchors) for document in resolved),
        used_figures(resolved, anchors, [one.drawings for one in localisations]),
        tuple(written),
        {one.edition.tag: one.edition.words for one in localisations if one is not reader.own},
        lost,
    )


def _cited(
    excerpts: Mapping[str, Excerpt],
    references: References,
    style: CitationStyle,
    edition: Edition,
    apparatus: Apparatus,
    workspace: Workspace,
    memo: Memo,
) -> tuple[dict[str, list[Any]], dict[str, dict[str, Any]]]:
    """What citeproc makes of `excerpts`: the blocks of each chapter, and the entries by key of each list.

    The lists are by chapter, or there is that of the book alone.
    """
    everything = edition.publication.nocite == "all"
    folder = workspace.edition_work(edition.tag) / "citeproc"

    def cited(slug: str, chapters: Mapping[str, Excerpt]) -> Cited:
        return set_citations(
            chapters,
            bibliography=references.text,
            path=references.source.source.path,
            style=style,
            language=Language(edition.tag, edition.terms, edition.words),
            everything=everything and slug == BOOK,
            memo=memo,
            folder=folder / slug,
        )

    if not apparatus.works_by_chapter:
        whole = cited(BOOK, excerpts)
        return dict(whole.chapters), {BOOK: entries(whole.references)}
    with ThreadPoolExecutor(2) as pool:
        each = list(pool.map(lambda slug: cited(slug, {slug: excerpts[slug]}), excerpts))
    blocks = {slug: one for part in each for slug, one in part.chapters.items()}
    return blocks, {slug: entries(part.references) for slug, part in zip(excerpts, each, strict=True)}


def _mathematics(documents: tuple[ChapterDocument, ...], memo: Memo, tag: str) -> dict[str, str | None]:
    formulas = tuple(
        dict.fromkeys(
            node.tex for document in documents for node in d.without_words(document.blocks) if isinstance(node, d.Math)
        )
    )
    return dict(zip(formulas, pandoc.mathematics(formulas, memo, tag), strict=True))


@dataclass
class _Writing:
    reader: Reader
    anchors: Anchors
    mathematics: Mapping[str, str | None]
    listed: Mapping[str, Mapping[str, Any]]
    apparatus: Apparatus

    def output(self, document: ChapterDocument, notes: int = 0) -> Output:
        own = self.listed.get(document.slug, {}) if document.slug != BOOK else {}
        labels = {f"{REF_PREFIX}{key}": f"{REF_PREFIX}{key}" for key in self.listed.get(BOOK, {})}
        labels |= {f"{REF_PREFIX}{key}": f"{document.slug}/{REF_PREFIX}{key}" for key in own}
        edition, fallback = self.reader.own.edition, self.reader.fallback
        words = fallback.edition.words if document.borrowed and fallback else edition.words
        return Output(
            document,
            edition.tag,
            self.anchors,
            words,
            edition.words,
            self.mathematics,
            labels,
            self.reader.faults,
            notes,
        )

    def chapters(
        self, documents: tuple[ChapterDocument, ...]
    ) -> tuple[tuple[Fragment, ...], tuple[ExpectedChapter, ...]]:
        fragments: list[Fragment] = []
        expected: list[ExpectedChapter] = []
        notes = 0
        for document in documents:
            out = self.output(document, 0 if self.apparatus.notes_by_chapter else notes)
            fragment, said = write_chapter(out)
            notes = out.notes
            fragments.append(fragment)
            expected.append(said)
        return tuple(fragments), tuple(expected)


def _opening(document: ChapterDocument, anchors: Anchors) -> ChapterOpening:
    anchor = anchors.chapters.get(document.slug)
    title = anchor.title if anchor else document.slug
    return ChapterOpening(
        document.slug,
        anchor.label if anchor else document.slug,
        anchor.number if anchor else "",
        title,
        document.front.short_title or title,
        document.front.kind,
        document.front.authors,
        bool(document.borrowed),
    )
