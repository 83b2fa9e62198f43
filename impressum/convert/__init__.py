"""convert: pandoc reads the chapters, our own pass makes typed documents of them, each becomes a Typst fragment."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from impressum.convert import pandoc
from impressum.convert.align import Aligner
from impressum.convert.anchors import Anchors, ChapterDocument, number
from impressum.convert.attributes import Guard
from impressum.convert.build import Builder
from impressum.convert.citations import Style, set_citations, settle
from impressum.convert.fragment import Writer
from impressum.convert.images import Images
from impressum.convert.references import entries, write_references
from impressum.convert.styles import find_style
from impressum.convert.tables import check_tables
from impressum.errors import Fault, Faults, Place
from impressum.facts import blurb, isbn_of_print
from impressum.memo import Memo
from impressum.model import document as d
from impressum.model.drawing import Drawing
from impressum.model.meant import ChapterOpening, Fragment, Manuscript, Meant, MeantChapter, MeantWords
from impressum.model.publication import FrontMatter
from impressum.model.sources import Bibliography, Edition, RenderedChapter
from impressum.workspace import Workspace

__all__ = ["Depths", "References", "Style", "convert", "find_style"]


@dataclass(frozen=True)
class Depths:
    """How deep headings are numbered and listed in the contents (1: chapters only)."""

    numbers: int
    contents: int


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
    drawings: Mapping[str, Drawing],
    depths: Depths,
    workspace: Workspace,
    memo: Memo,
    faults: Faults,
) -> Manuscript:
    """The manuscript of an edition. Faults are collected in `faults`; raises `Faulty` where it cannot go on."""
    trees, warnings = _parse(chapters, memo, faults)
    keys = frozenset(references.places) if references else frozenset()
    for tree in trees.values():
        settle(tree, keys)
    faults.stop_if_any()
    listed: dict[str, Any] = {}
    if references:
        listed = entries(
            set_citations(
                trees,
                bibliography=references.text,
                style=style,
                language=edition.tag,
                everything=edition.publication.nocite == "all",
                memo=memo,
                folder=workspace.edition_work(edition.tag) / "citeproc",
            )
        )
    images = Images(workspace, workspace.relative(workspace.edition(edition.tag)), drawings, faults)
    ids: dict[str, Place] = {}
    documents: list[ChapterDocument] = []
    for chapter in chapters:
        builder = _builder(chapter, images, ids, keys, edition, faults, trees[chapter.source.slug])
        blocks = builder.blocks(trees[chapter.source.slug])
        pandoc.report_warnings(warnings[chapter.source.slug], chapter, faults)
        check_tables(chapter, faults)
        pandoc.report_notes(builder.aligner.definitions, builder.aligner.used_notes, faults)
        documents.append(ChapterDocument(chapter.source.slug, chapter.source.body.path, chapter.source.front, blocks))
    anchors = number(tuple(documents), depth=depths.numbers, words=edition.words, faults=faults)
    writing = _Writing(edition, anchors, _mathematics(documents, memo), listed, faults)
    fragments, meant = writing.chapters(documents)
    words: dict[str, str] = {}
    title = edition.words["references"]
    if listed and references:
        empty = _empty_chapter(chapters[0])
        fragment, said, words = write_references(
            listed,
            _builder(empty, images, {}, keys, edition, faults),
            writing.writer(ChapterDocument("references", references.source.source.path, FrontMatter(), ())),
            references.places,
            title,
        )
        fragments, meant = (*fragments, fragment), (*meant, said)
    return Manuscript(
        fragments,
        dict(images.files),
        Meant(
            edition.publication.title,
            edition.tag,
            edition.tag,
            edition.words["contents"],
            title if listed else "",
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
        tuple(_opening(document, anchors) for document in documents),
    )


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
    keys: frozenset[str],
    edition: Edition,
    faults: Faults,
    tree: Any = (),
) -> Builder:
    raw_allowed = edition.publication.raw == "allow"
    aligner = Aligner(chapter, code=pandoc.lines_of_code(tree))
    return Builder(chapter, aligner, Guard(faults, ids), images, faults, raw_allowed, keys)


def _empty_chapter(model: RenderedChapter) -> RenderedChapter:
    from impressum.model.sources import LineMap

    return RenderedChapter(model.source, "", LineMap((), (), {}))


def _mathematics(documents: list[ChapterDocument], memo: Memo) -> dict[str, str | None]:
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
    listed: Mapping[str, Any]
    faults: Faults

    def writer(self, document: ChapterDocument, notes: int = 0) -> Writer:
        known = frozenset(f"ref-{key}" for key in self.listed)
        return Writer(document, self.anchors, self.edition.words, self.mathematics, known, self.faults, notes)

    def chapters(self, documents: list[ChapterDocument]) -> tuple[tuple[Fragment, ...], tuple[MeantChapter, ...]]:
        fragments: list[Fragment] = []
        meant: list[MeantChapter] = []
        notes = 0
        for document in documents:
            writer = self.writer(document, notes)
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
