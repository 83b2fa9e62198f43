"""From rendered chapters to their typed documents, in the voice of the edition whose language each speaks."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.core.model.chapters import ChapterDocument
from impressum.core.model.drawing import Drawing
from impressum.core.model.lost import LostChapter, may_be
from impressum.core.model.sources import DataTable, Edition, LineMap, RenderedChapter
from impressum.core.model.theme import FigureRooms
from impressum.core.transliteration import Transliterator
from impressum.stages.convert import (
    build,  # noqa: F401 - it registers
    pandoc,
)
from impressum.stages.convert.align import Aligner
from impressum.stages.convert.attributes import Guard
from impressum.stages.convert.citations import Excerpt, excerpt_of, put_back, settle
from impressum.stages.convert.data import Data
from impressum.stages.convert.data_tables import cite_sources
from impressum.stages.convert.images import Found, Images, look_for
from impressum.stages.convert.input import Input, blocks
from impressum.stages.convert.remembered import Read, reads_no_files, remembered
from impressum.stages.convert.spacing import spaced
from impressum.stages.convert.tables import check_tables
from impressum.stages.convert.twins import affixes, transliterated
from impressum.system.cache import Json, Memo, digest
from impressum.system.workspace import Workspace


@dataclass(frozen=True)
class Voice:
    """An edition that speaks in a chapter: its words, and its drawings by figure."""

    edition: Edition
    drawings: Mapping[str, Drawing]

    def data(self, tables: Mapping[str, DataTable], keys: frozenset[str], lost: frozenset[str]) -> Data:
        """The data `tables` as this edition says them; `keys` are the works of the bibliography.

        `lost` are the names of tables that could not be read.
        """
        edition = self.edition
        is_translated = edition.tag != edition.publication.language and not may_be("data", edition.unknown)
        return Data(tables, edition.texts.data, edition.tag, edition.tag if is_translated else "", keys, lost)


@dataclass(frozen=True)
class Parsed:
    """A chapter as pandoc has read it: what citeproc is to get of it, and what pandoc `said`; its tree on demand."""

    excerpt: Excerpt
    said: str
    _tree: Callable[[], list[Any]]

    def tree(self, cited: list[Any] | None) -> list[Any]:
        """Its blocks, with what citeproc has made of the excerpt. Each call makes another tree."""
        tree = self._tree()
        if cited:
            put_back(cited, tree)
        return tree


@dataclass
class Reader:
    """Reads the chapters of the edition `own`; `lender` speaks in those that it borrows.

    `files` collects the work files of images, `looked` what was found for the names of image files, `shown` those that
    are shown, `ids` the ids that the author gave.
    """

    own: Voice
    lender: Voice | None
    tables: Mapping[str, DataTable]
    keys: frozenset[str]
    rooms: FigureRooms
    workspace: Workspace
    faults: Faults
    lost: tuple[LostChapter, ...] = ()
    """The chapters that cannot be read, or not whole."""
    declared: frozenset[str] = frozenset()
    """The figures that there are, those that could not be read or drawn, too."""
    lost_tables: frozenset[str] = frozenset()
    """The names of tables of data that could not be read."""
    files: dict[str, bytes] = field(default_factory=dict)
    looked: dict[str, Found] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    ids: dict[str, Place] = field(default_factory=dict)

    def voice(self, chapter: RenderedChapter) -> Voice:
        """The edition that speaks in `chapter`."""
        return self.lender if chapter.source.borrowed and self.lender else self.own

    def parsed(self, chapter: RenderedChapter, memo: Memo) -> Parsed | Fault:
        """`chapter` as pandoc reads it, or the fault that keeps it from being read."""
        fresh: list[list[Any]] = []

        def tree() -> tuple[list[Any], str]:
            result = pandoc.parse(chapter, memo)
            if isinstance(result, Fault):
                raise Faulty([result])
            blocks = result["tree"]["blocks"]
            self._prepare(chapter, blocks)
            return blocks, result["said"]

        def run() -> bytes:
            blocks, said = tree()
            fresh.append(blocks)
            excerpt = excerpt_of(chapter.source.slug, blocks)
            return json.dumps([excerpt.blocks, excerpt.cites, said]).encode()

        voice, source = self.voice(chapter), chapter.source
        inputs: dict[str, Json] = {
            "text": [chapter.text, source.slug, source.front.language, source.twin],
            "bibliography": tuple(sorted(self.keys)),
            "data": [self._tables_in(chapter), voice.edition.tag, voice.edition.publication.language],
            "words": repr(voice.edition.texts.data),
            "script": self._script(),
            "reader": pandoc.known_by(),
        }
        try:
            blocks, cites, said = json.loads(memo("excerpt", inputs, run, about=None))
        except Faulty as faulty:
            return faulty.faults[0]
        return Parsed(Excerpt(blocks, cites), said, lambda: fresh.pop() if fresh else tree()[0])

    def _prepare(self, chapter: RenderedChapter, tree: list[Any]) -> None:
        """Before citeproc: cross-references are told from citations, and data tables cite their sources."""
        settle(tree, self.keys)
        transliterator = self._transliterator(chapter)
        if transliterator:
            affixes(tree, transliterator)
        cite_sources(tree, self.voice(chapter).data(self.tables, self.keys, self.lost_tables))

    def document(
        self, chapter: RenderedChapter, parsed: Parsed, cited: list[Any] | None, memo: Memo
    ) -> ChapterDocument:
        """The document of `chapter`, with what citeproc has made of its excerpt (None: citations as they are written).

        It is remembered, unless it gives an id that another chapter has given.
        """
        source = chapter.source
        inputs = self._inputs(chapter, cited, parsed.said)
        fresh: list[Read] = []
        alone = replace(self, faults=Faults(self.faults.severities), files={}, ids={}, looked={}, shown=set())

        def read_alone() -> Read:
            if not fresh:
                blocks = alone._read(chapter, parsed.tree(cited), parsed.said).blocks
                files = {name: content for name, content in alone.files.items() if name not in alone.work_files()}
                fresh.append(Read(blocks, alone.faults.found(), files, alone.ids, shown=tuple(sorted(alone.shown))))
            return fresh[0]

        looked = {} if reads_no_files(chapter.text) else alone._look(chapter, inputs, read_alone, memo)
        images = tuple((name, found.known_by) for name, found in sorted(looked.items()))
        read = remembered(memo, {**inputs, "images": images} if images else inputs, read_alone, source.body.path)
        if read.ids.keys() & self.ids.keys():
            return self._read(chapter, parsed.tree(cited), parsed.said)
        self.faults.extend(read.faults)
        self.files.update(read.files)
        self.files.update((looked[name].work_file, looked[name].content) for name in read.shown)
        self.ids.update(read.ids)
        return ChapterDocument(
            source.slug,
            source.body.path,
            source.front,
            read.blocks,
            self._language(chapter),
            source.borrowed,
            read.hash,
            read.kept_as,
            images,
        )

    def work_files(self) -> frozenset[str]:
        """The work files of the images that are shown of the disk."""
        return frozenset(self.looked[name].work_file for name in self.shown)

    def _look(
        self, chapter: RenderedChapter, inputs: Mapping[str, Json], read: Callable[[], Read], memo: Memo
    ) -> dict[str, Found]:
        """What the disk has for each name of an image file in `chapter`; which these are is known from the last time
        that it was `read`."""
        names = memo.remembered("images", inputs)
        if names is None:
            read()
            memo.put("images", inputs, json.dumps(sorted(self.looked)).encode())
            return self.looked
        folder = posixpath.dirname(chapter.source.body.path)
        return {name: look_for(name, folder, self.workspace) for name in json.loads(names)}

    def _inputs(self, chapter: RenderedChapter, cited: list[Any] | None, said: str) -> dict[str, Json]:
        """Everything that the document of `chapter` is made of."""
        voice = self.voice(chapter)
        edition = voice.edition
        drawings: dict[str, Json] = dict.fromkeys(self.declared, "")
        drawings |= {
            name: repr(replace(one, content=b"")) + digest(one.content) if name in chapter.text else ""
            for name, one in voice.drawings.items()
        }
        drawings |= {name: "not drawn" for name in self.declared - voice.drawings.keys() if name in chapter.text}
        return {
            "text": [chapter.text, repr(chapter.source), repr(chapter.map)],
            "citations": [cited, said, pandoc.known_by()],
            "words": [edition.tag, self.own.edition.tag, dict(edition.words)],
            "publication": [edition.publication.raw, edition.publication.language],
            "data": [
                self._tables_in(chapter),
                repr(edition.texts.data),
                list[Json](sorted(self.lost_tables)),
                may_be("data", edition.unknown),
            ],
            "figures": [drawings, repr(self.rooms)],
            "bibliography": tuple(sorted(self.keys)),
            "rules": dict(self.faults.severities),
            "script": self._script(),
        }

    def _tables_in(self, chapter: RenderedChapter) -> dict[str, Json]:
        """The tables by name. What a chapter names it may use; of the others it only knows that they are there."""
        return {name: table.digest if name in chapter.text else "" for name, table in self.tables.items()}

    def _script(self) -> list[Json]:
        """What puts chapters into the script of a twin."""
        return [self.own.edition.twin, repr(self.own.edition.texts.transliteration)]

    def _language(self, chapter: RenderedChapter) -> str:
        return chapter.source.front.language or self.own.edition.tag

    def _read(self, chapter: RenderedChapter, tree: list[Any], said: str) -> ChapterDocument:
        source = chapter.source
        src = self.input(chapter)
        read = blocks(tree, src)
        pandoc.report_warnings(said, chapter, self.faults)
        check_tables(chapter, self.faults)
        pandoc.report_notes(src.aligner.definitions, src.aligner.used_notes, self.faults)
        transliterator = self._transliterator(chapter)
        if transliterator:
            read = transliterated(read, transliterator)
        language = self._language(chapter)
        read = spaced(read, language)
        return ChapterDocument(source.slug, source.body.path, source.front, read, language, source.borrowed)

    def input(self, chapter: RenderedChapter) -> Input:
        """What pandoc's tree of `chapter` is read with."""
        voice = self.voice(chapter)
        data = voice.data(self.tables, self.keys, self.lost_tables)
        language = chapter.source.front.language or data.language
        data = replace(data, language=language, compares=not chapter.source.twin)
        return Input(
            chapter,
            Aligner(chapter),
            Guard(self.faults, self.ids),
            self._images(chapter, voice),
            self.faults,
            voice.edition.publication.raw == "allow",
            self.keys,
            data,
            voice.edition.words,
            voice.edition.publication.language,
        )

    def unsourced(self, model: RenderedChapter) -> Input:
        """What text that is in no chapter is read with, as an entry of the bibliography."""
        source = replace(model.source, borrowed="", twin="")
        src = self.input(RenderedChapter(source, "", LineMap((), (), {})))
        src.guard.ids = {}
        src.data = self.own.data(self.tables, self.keys, self.lost_tables)
        return src

    def _transliterator(self, chapter: RenderedChapter) -> Transliterator | None:
        """What puts `chapter` into the script of the edition, where it is that of its twin, in their language."""
        return self._into_script if chapter.source.twin and not chapter.source.front.language else None

    @cached_property
    def _into_script(self) -> Transliterator:
        edition = self.own.edition
        texts = edition.texts.transliteration
        return Transliterator(edition.twin, edition.tag, texts.words, texts.keep)

    def _images(self, chapter: RenderedChapter, voice: Voice) -> Images:
        folder = posixpath.dirname(chapter.source.body.path)
        return Images(
            self.workspace,
            folder,
            voice.drawings,
            self.rooms,
            self.faults,
            self.files,
            self.declared,
            self.looked,
            self.shown,
        )


def parse(chapters: tuple[RenderedChapter, ...], reader: Reader, memo: Memo) -> dict[str, Parsed]:
    """What pandoc reads of `chapters`, by name; one that cannot be read is a fault, and not among them."""
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda chapter: reader.parsed(chapter, memo), chapters))
    read: dict[str, Parsed] = {}
    for chapter, result in zip(chapters, results, strict=True):
        if isinstance(result, Fault):
            reader.faults.hold(result)
        else:
            read[chapter.source.slug] = result
    return read


def read_documents(chapters: tuple[RenderedChapter, ...], reader: Reader, memo: Memo) -> tuple[ChapterDocument, ...]:
    """The documents of `chapters` with their citations as they are written: to compare a translation with."""
    read = parse(chapters, reader, memo)
    return tuple(
        reader.document(chapter, read[chapter.source.slug], None, memo)
        for chapter in chapters
        if chapter.source.slug in read
    )
