"""convert: pandoc reads the chapters, our own pass makes typed documents of them, each becomes a Typst fragment."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from impressum.convert import pandoc
from impressum.convert.abbreviations import check_abbreviations
from impressum.convert.align import Aligner
from impressum.convert.anchors import Anchors, ChapterDocument, number
from impressum.convert.attributes import Guard
from impressum.convert.build import Builder
from impressum.convert.citations import Style, set_citations, settle
from impressum.convert.crossrefs import Resolver, in_titles
from impressum.convert.data import Data
from impressum.convert.data_tables import cite_sources
from impressum.convert.fragment import Writer
from impressum.convert.images import Images
from impressum.convert.references import entries, section, words_of, works, write_references
from impressum.convert.spacing import spaced
from impressum.convert.styles import find_style
from impressum.convert.tables import check_tables
from impressum.convert.used import check_unused, used_figures
from impressum.convert.write_inlines import REF_PREFIX
from impressum.errors import Fault, Faults, Place
from impressum.facts import blurb, isbn_of_print
from impressum.memo import Memo
from impressum.model import document as d
from impressum.model.drawing import Drawing
from impressum.model.meant import ChapterOpening, Fragment, Manuscript, Meant, MeantChapter, MeantWords
from impressum.model.publication import FrontMatter
from impressum.model.sources import Bibliography, DataTable, Edition, RenderedChapter
from impressum.model.theme import FigureRooms
from impressum.workspace import Workspace

__all__ = ["Apparatus", "Depths", "References", "Style", "check_unused", "convert", "find_style"]


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
class References:
    """The bibliography as `render` left it: its text, and where its entries stand."""

    text: str
    source: Bibliography

    @property
    def places(self) -> dict[str, Place]:
        return {key: entry.place for key, entry in self.source.entries.items()}


def convert(
    edition: Edition,
    chapters: tuple[RenderedChapter, ...],
    *,
    references: References | None,
    style: Style,
    data: Mapping[str, DataTable],
    drawings: Mapping[str, Drawing],
    depths: Depths,
    apparatus: Apparatus,
    rooms: FigureRooms,
    workspace: Workspace,
    memo: Memo,
    faults: Faults,
) -> Manuscript:
    """The manuscript of an edition. Faults are collected in `faults`; raises `Faulty` where it cannot go on."""
    trees, warnings = _parse(chapters, memo, faults)
    keys = frozenset(references.places) if references else frozenset()
    known = _data(data, edition, keys)
    for tree in trees.values():
        settle(tree, keys)
        cite_sources(tree, known)
    faults.stop_if_any()
    listed = _cited(trees, references, style, edition, apparatus, workspace, memo, faults) if references else {}
    images = Images(workspace, workspace.relative(workspace.edition(edition.tag)), drawings, rooms, faults)
    ids: dict[str, Place] = {}
    documents: list[ChapterDocument] = []
    for chapter in chapters:
        builder = _builder(chapter, images, ids, known, edition, faults, trees[chapter.source.slug])
        blocks = builder.blocks(trees[chapter.source.slug])
        own = listed.get(chapter.source.slug)
        if own and references:
            listing = works(own, builder, references.places)
            blocks += section(edition.words["references"], listing, chapter.source.body.path)
        pandoc.report_warnings(warnings[chapter.source.slug], chapter, faults)
        check_tables(chapter, faults)
        pandoc.report_notes(builder.aligner.definitions, builder.aligner.used_notes, faults)
        blocks = spaced(blocks, chapter.source.front.language or edition.tag)
        documents.append(ChapterDocument(chapter.source.slug, chapter.source.body.path, chapter.source.front, blocks))
    anchors = number(tuple(documents), depth=depths.numbers, words=edition.words, faults=faults)
    resolver = Resolver(anchors, edition.words, frozenset(ids), apparatus.pages, faults)
    resolved = tuple(resolver.resolve(document) for document in documents)
    if in_titles(resolved):  # their words are known only now
        anchors = number(resolved, depth=depths.numbers, words=edition.words, faults=faults)
    check_abbreviations(resolved, faults)
    writing = _Writing(edition, anchors, _mathematics(resolved, memo), listed, apparatus, faults)
    fragments, meant = writing.chapters(resolved)
    words = {
        f"{document.slug}/{work.id}": words_of(work)
        for document in resolved
        for work in document.blocks
        if isinstance(work, d.Reference)
    }
    title = edition.words["references"] if listed.get(BOOK) else ""
    if title and references:
        builder = _builder(_empty_chapter(chapters[0]), images, {}, known, edition, faults)
        whole = works(listed[BOOK], builder, references.places)
        blocks = spaced(whole, edition.tag)
        document = ChapterDocument(BOOK, references.source.source.path, FrontMatter(), blocks)
        entire = tuple(work for work in blocks if isinstance(work, d.Reference))
        fragment, said = write_references(entire, writing.writer(document), title)
        fragments, meant = (*fragments, fragment), (*meant, said)
        words = {work.id: words_of(work) for work in entire}
    return Manuscript(
        fragments,
        dict(images.files),
        Meant(
            edition.publication.title,
            edition.tag,
            edition.tag,
            edition.words["contents"],
            title,
            anchors.all(),
            meant,
            words,
            depths.contents,
            edition.words["impressum.pages"],
            MeantWords(
                edition.words["list-of-figures"],
                edition.words["list-of-tables"],
                edition.words["heading.part"],
                edition.words["heading.appendix"],
            ),
            blurb(edition.publication),
            isbn_of_print(edition.publication) or "",
        ),
        tuple(_opening(document, anchors) for document in resolved),
        used_figures(resolved, anchors, drawings),
    )


def _cited(
    trees: Mapping[str, list[Any]],
    references: References,
    style: Style,
    edition: Edition,
    apparatus: Apparatus,
    workspace: Workspace,
    memo: Memo,
    faults: Faults,
) -> dict[str, dict[str, Any]]:
    """Sets the citations in `trees`; gives the entries by key of each list: by chapter, or that of the book."""
    everything = edition.publication.nocite == "all"
    folder = workspace.edition_work(edition.tag) / "citeproc"

    def entries_of(slug: str, chapters: Mapping[str, list[Any]]) -> dict[str, Any]:
        return entries(
            set_citations(
                chapters,
                bibliography=references.text,
                style=style,
                language=edition.tag,
                everything=everything and slug == BOOK,
                memo=memo,
                folder=folder / slug,
            )
        )

    if not apparatus.works_by_chapter:
        return {BOOK: entries_of(BOOK, trees)}
    if everything:
        faults.warning(
            Place("publication.yaml"),
            "`nocite: all` has no effect, for each chapter lists the works that it cites (`references.by: chapter`)",
            "nocite-by-chapter",
            "take it out, or let the theme list the works of the whole book",
        )
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(trees, pool.map(lambda slug: entries_of(slug, {slug: trees[slug]}), trees), strict=True))


_Parsed = tuple[dict[str, list[Any]], dict[str, str]]
"""Pandoc's trees by chapter, and what it said about each."""


def _parse(chapters: tuple[RenderedChapter, ...], memo: Memo, faults: Faults) -> _Parsed:
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda chapter: pandoc.parse(chapter, memo), chapters))
    trees: dict[str, list[Any]] = {}
    warnings: dict[str, str] = {}
    for chapter, result in zip(chapters, results, strict=True):
        if isinstance(result, Fault):
            faults.add(result)
            trees[chapter.source.slug], warnings[chapter.source.slug] = [], ""
        else:
            trees[chapter.source.slug] = result["tree"]["blocks"]
            warnings[chapter.source.slug] = result["said"]
    return trees, warnings


def _builder(
    chapter: RenderedChapter,
    images: Images,
    ids: dict[str, Place],
    data: Data,
    edition: Edition,
    faults: Faults,
    tree: Any = (),
) -> Builder:
    raw_allowed = edition.publication.raw == "allow"
    aligner = Aligner(chapter, code=pandoc.lines_of_code(tree))
    data = replace(data, language=chapter.source.front.language or data.language)
    return Builder(chapter, aligner, Guard(faults, ids), images, faults, raw_allowed, data.keys, data, edition.words)


def _data(tables: Mapping[str, DataTable], edition: Edition, keys: frozenset[str]) -> Data:
    translated = edition.tag if edition.tag != edition.publication.language else ""
    return Data(tables, edition.texts.data, edition.tag, translated, keys)


def _empty_chapter(model: RenderedChapter) -> RenderedChapter:
    from impressum.model.sources import LineMap

    return RenderedChapter(model.source, "", LineMap((), (), {}))


def _mathematics(documents: tuple[ChapterDocument, ...], memo: Memo) -> dict[str, str | None]:
    formulas = tuple(
        dict.fromkeys(
            node.tex for document in documents for node in d.walk(document.blocks) if isinstance(node, d.Math)
        )
    )
    return dict(zip(formulas, pandoc.mathematics(formulas, memo), strict=True))


@dataclass
class _Writing:
    edition: Edition
    anchors: Anchors
    mathematics: Mapping[str, str | None]
    listed: Mapping[str, Mapping[str, Any]]
    apparatus: Apparatus
    faults: Faults

    def writer(self, document: ChapterDocument, notes: int = 0) -> Writer:
        own = self.listed.get(document.slug, {}) if document.slug != BOOK else {}
        labels = {f"{REF_PREFIX}{key}": f"{REF_PREFIX}{key}" for key in self.listed.get(BOOK, {})}
        labels |= {f"{REF_PREFIX}{key}": f"{document.slug}/{REF_PREFIX}{key}" for key in own}
        return Writer(document, self.anchors, self.edition.words, self.mathematics, labels, self.faults, notes)

    def chapters(self, documents: tuple[ChapterDocument, ...]) -> tuple[tuple[Fragment, ...], tuple[MeantChapter, ...]]:
        fragments: list[Fragment] = []
        meant: list[MeantChapter] = []
        notes = 0
        for document in documents:
            writer = self.writer(document, 0 if self.apparatus.notes_by_chapter else notes)
            fragment, said = writer.write()
            notes = writer.notes
            fragments.append(fragment)
            meant.append(said)
        return tuple(fragments), tuple(meant)


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
    )
