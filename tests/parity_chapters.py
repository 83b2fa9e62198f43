"""For the tests of parity: the chapters of a publication as typed documents, read by pandoc and not set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from impressum.convert import Reader, Voice, read_documents
from impressum.errors import Faults
from impressum.load import load, read_theme
from impressum.memo import Json, Memo
from impressum.model.chapters import ChapterDocument
from impressum.model.drawing import Drawing
from impressum.model.sources import ChapterSource, Edition, RenderedChapter, Sources
from impressum.parity import check_differences, check_letters, compare, compare_placeholders
from impressum.parity.ids import inherit_ids
from impressum.render import render_chapters
from impressum.workspace import Workspace


@dataclass
class Chapters:
    """The documents of an edition by name, with the texts that they were read from."""

    edition: Edition
    documents: Mapping[str, ChapterDocument]

    def source(self, slug: str) -> ChapterSource:
        return next(chapter for chapter in self.edition.chapters if chapter.slug == slug)


@dataclass
class Read:
    """Reads the editions of the publication in `root`, whose figures are not drawn."""

    root: Path

    def __post_init__(self) -> None:
        self.workspace = Workspace(self.root)
        self.faults = Faults()
        self.memo = Memo(self.workspace.memo)
        self.sources: Sources = load(self.workspace, self.faults)
        self.rooms = read_theme(
            self.workspace, self.sources.publication.theme, self.sources.place_of("theme"), self.faults
        ).figure_rooms()

    def edition(self, tag: str) -> Chapters:
        """The chapters of the edition `tag`."""
        edition = next(one for one in self.sources.editions if one.tag == tag)
        data: dict[str, Json] = {}
        for name, table in self.sources.data.items():
            data[name] = {key: dict(row) for key, row in table.by_key().items()}
        publication: Json = edition.publication.model_dump(mode="json", by_alias=True, exclude_none=True)
        context: dict[str, Json] = {"publication": publication, "data": data, "words": dict(edition.words)}
        chapters = render_chapters(
            edition.chapters,
            context=context,
            includes=self.sources.includes,
            language=tag,
            memo=self.memo,
            faults=self.faults,
        )
        return Chapters(edition, {one.slug: one for one in self.documents(edition, chapters)})

    def documents(self, edition: Edition, chapters: tuple[RenderedChapter, ...]) -> tuple[ChapterDocument, ...]:
        drawings = {
            name: Drawing(name, f"figures/{name}.svg", b"<svg/>", figure.declaration.title, figure.declaration.alt)
            for name, figure in self.sources.figures.items()
        }
        keys = frozenset(self.sources.bibliography.entries) if self.sources.bibliography else frozenset()
        source = self.sources.source
        lender = Voice(source, drawings) if source else None
        reader = Reader(
            Voice(edition, drawings), lender, self.sources.data, keys, self.rooms, self.workspace, self.faults
        )
        return read_documents(chapters, reader, self.memo)


def parity(root: Path, tag: str) -> str:
    """What parity finds in the edition `tag` of the publication in `root`, as it is shown."""
    read = Read(root)
    source, translation = read.edition(read.sources.publication.language), read.edition(tag)
    faults = Faults(read.sources.publication.rules)
    meant = translation.edition.texts.differences
    check_differences(meant, tuple(source.documents), f"chapters/{tag}/edition.yaml", faults)
    for slug, document in source.documents.items():
        check_letters(document, faults)
        if translation.documents[slug].borrowed:
            continue
        mine = inherit_ids(translation.documents[slug], document, faults)
        compare(mine, document, source_language=source.edition.tag, meant=meant, faults=faults)
        compare_placeholders(translation.source(slug), source.source(slug), meant=meant, faults=faults)
    return "\n".join(map(str, faults.all()))
