"""Makes typed documents of rendered chapters, each in the words of the edition whose language it has."""

from __future__ import annotations

import json
import marshal
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, NamedTuple

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.core.model import document as d
from impressum.core.model.figures import Drawing, PendingDrawings
from impressum.core.model.lost import LostChapter, may_be
from impressum.core.model.manuscript import ChapterDocument
from impressum.core.model.sources import DataTable, Edition, LineMap, RenderedChapter
from impressum.core.model.theme import FigureRooms
from impressum.core.transliteration import Transliterator
from impressum.stages.convert import build, pandoc  # noqa: F401 - build registers
from impressum.stages.convert.align import Aligner
from impressum.stages.convert.attributes import Guard
from impressum.stages.convert.citations import Excerpt, excerpt_of, put_back, settle
from impressum.stages.convert.data import Data
from impressum.stages.convert.data_tables import cite_sources
from impressum.stages.convert.images import Found, Images, files_named, look_for
from impressum.stages.convert.input import Input, blocks
from impressum.stages.convert.kept import as_bytes, read_back
from impressum.stages.convert.limits import check_sizes
from impressum.stages.convert.slips import check_tables
from impressum.stages.convert.spacing import spaced
from impressum.stages.convert.twins import affixes, localise_pages, transliterated
from impressum.system.cache import Json, Memo, Task, digest
from impressum.system.parallel import at_once
from impressum.system.workspace import Workspace


@dataclass(frozen=True)
class Localisation:
    """The words and drawings of an edition for the chapters in its language."""

    edition: Edition
    drawn: PendingDrawings

    @property
    def drawings(self) -> Mapping[str, Drawing]:
        """The drawings by figure; waits until they are drawn."""
        return self.drawn().get(self.edition.tag, {})


@dataclass(frozen=True)
class Parsed:
    """A chapter as pandoc read it: its excerpt for citeproc, pandoc's warnings, the image files that it names."""

    excerpt: Excerpt
    warnings: str
    images: tuple[str, ...]
    _tree: Callable[[], list[Any]]

    def tree(self, cited: str | None) -> list[Any]:
        """Its blocks, with the excerpt as citeproc set it (JSON). Each call makes another tree."""
        tree = self._tree()
        if cited:
            put_back(cited, tree)
        return tree


class ParsedChapter(NamedTuple):
    """A chapter as pandoc read it, with its excerpt as citeproc set it (None: citations as they are written)."""

    chapter: RenderedChapter
    parsed: Parsed
    cited: str | None = None


@dataclass(frozen=True)
class Read:
    """A chapter that was read: its blocks, packed by themselves, its landmarks and faults, and the work files and ids
    noted on the way. `shown` are the image files that it shows, as the chapter names them; their bytes are not kept."""

    packed: bytes
    landmarks: tuple[d.Node, ...]
    faults: tuple[Fault, ...]
    files: Mapping[str, bytes]
    ids: Mapping[str, Place]
    shown: tuple[str, ...]

    def as_bytes(self) -> bytes:
        """For the cache."""
        return as_bytes((self.packed, self.landmarks, self.faults, dict(self.files), dict(self.ids), self.shown))

    def blocks(self) -> tuple[d.Block, ...]:
        """Its blocks, made anew by each call."""
        made = read_back(lambda *blocks: blocks, self.packed)
        assert made is not None  # they were kept with the rest
        return made


@dataclass
class Reader:
    """Reads the chapters of the edition `own`, and those borrowed by it in the words of `fallback`. `files` collects
    the work files of images, `ids` the ids that authors gave."""

    own: Localisation
    fallback: Localisation | None
    tables: Mapping[str, DataTable]
    keys: frozenset[str]
    rooms: FigureRooms
    workspace: Workspace
    faults: Faults
    lost: tuple[LostChapter, ...] = ()
    """The chapters that cannot be read, or not whole."""
    declared: frozenset[str] = frozenset()
    """The figures that there are, including those that could not be read or drawn."""
    lost_tables: frozenset[str] = frozenset()
    """The names of tables of data that could not be read."""
    files: dict[str, bytes] = field(default_factory=dict)
    ids: dict[str, Place] = field(default_factory=dict)

    def localisation(self, chapter: RenderedChapter) -> Localisation:
        """The edition in whose words `chapter` is read."""
        return self.fallback if chapter.source.borrowed and self.fallback else self.own

    def _data(self, edition: Edition) -> Data:
        """The tables of data in the words of `edition`."""
        is_translated = edition.tag != edition.publication.language and not may_be("data", edition.unknown)
        tag = edition.tag if is_translated else ""
        return Data(self.tables, edition.texts.data, edition.tag, tag, self.keys, self.lost_tables)

    def parsed(self, chapter: RenderedChapter, memo: Memo) -> Parsed | Fault:
        """`chapter` as pandoc reads it, or the fault that keeps it from being read."""
        fresh: list[bytes] = []

        def tree() -> tuple[list[Any], str]:
            result = pandoc.parse(chapter, memo)
            if isinstance(result, Fault):
                raise Faulty([result])
            blocks = result["tree"]["blocks"]
            self._prepare(chapter, blocks)
            return blocks, result["warnings"]

        def run() -> bytes:
            blocks, warnings = tree()
            fresh.append(marshal.dumps(blocks))  # a tenth of the tree: those of all editions wait for the drawings
            excerpt = excerpt_of(chapter.source.slug, blocks)
            return json.dumps([excerpt.blocks, excerpt.cites, warnings, sorted(set(files_named(blocks)))]).encode()

        try:
            blocks, cites, warnings, images = json.loads(memo("excerpt", self.excerpt_inputs(chapter), run, about=None))
        except Faulty as faulty:
            return faulty.faults[0]
        again = partial(marshal.loads, fresh[0]) if fresh else lambda: tree()[0]
        return Parsed(Excerpt(blocks, cites), warnings, tuple(images), again)

    def excerpt_inputs(self, chapter: RenderedChapter) -> dict[str, Json]:
        """Everything that the excerpt of a chapter is made of."""
        own, source = self.localisation(chapter), chapter.source
        return {
            "text": [chapter.text, source.slug, source.front.language, source.twin],
            "bibliography": self._keys_known_by,
            "data": [self._tables_in(chapter), own.edition.tag, own.edition.publication.language],
            "words": repr(own.edition.texts.data),
            "terms": dict(self.own.edition.terms),
            "script": self._script(),
            "language": self.own.edition.tag,
            "reader": pandoc.known_by(),
        }

    def _prepare(self, chapter: RenderedChapter, tree: list[Any]) -> None:
        """Prepares `tree` for citeproc: sets cross-references apart, and cites the sources of tables of data."""
        settle(tree, self.keys)
        transliterator = self._transliterator(chapter)
        if transliterator:
            affixes(tree, transliterator)
        else:
            edition = self.own.edition
            localise_pages(tree, edition.tag, first=False, terms=edition.terms)
        cite_sources(tree, self._data(self.localisation(chapter).edition))

    def documents(self, chapters: Sequence[ParsedChapter], memo: Memo) -> Iterator[ChapterDocument]:
        """The documents of `chapters`. Each comes from the cache, unless it gives an id that another chapter has
        given."""
        shown = [self._images(one) for one in chapters]
        tasks = [
            Task(self._inputs(one, images), partial(self._alone, one, images), one.chapter.source.body.path)
            for one, images in zip(chapters, shown, strict=True)
        ]
        for one, images, task, raw in zip(chapters, shown, tasks, memo.each("document", tasks), strict=True):
            source = one.chapter.source
            read = read_back(Read, raw) or read_back(Read, task.run())
            assert read is not None
            language, path = self._language(one.chapter), source.body.path
            about = (source.slug, path, source.front, read.blocks, read.landmarks, language, source.borrowed)
            if read.ids.keys() & self.ids.keys():
                yield ChapterDocument(*about).with_blocks(self._read(one, images, set()))
            else:
                self.faults.extend(read.faults)
                self.files.update(read.files)
                self.files.update((images[name].work_file, images[name].picture.content) for name in read.shown)
                self.ids.update(read.ids)
                yield ChapterDocument(*about, digest(raw))

    def _images(self, one: ParsedChapter) -> dict[str, Found]:
        """The images that a chapter names, as they are found."""
        folder = posixpath.dirname(one.chapter.source.body.path)
        return {name: look_for(name, folder, self.workspace) for name in one.parsed.images}

    def _alone(self, one: ParsedChapter, images: Mapping[str, Found]) -> bytes:
        """A chapter as it is read by itself, for the cache."""
        alone = replace(self, faults=Faults(self.faults.severities), files={}, ids={})
        shown: set[str] = set()
        blocks = alone._read(one, images, shown)
        of_disk = {images[name].work_file for name in shown}
        files = {name: content for name, content in alone.files.items() if name not in of_disk}
        packed, landmarks = as_bytes(blocks), d.landmarks_of(blocks)
        return Read(packed, landmarks, alone.faults.found(), files, alone.ids, tuple(sorted(shown))).as_bytes()

    def _inputs(self, one: ParsedChapter, images: Mapping[str, Found]) -> dict[str, Json]:
        """Everything that the document of a chapter is made of."""
        chapter = one.chapter
        own = self.localisation(chapter)
        edition = own.edition
        drawings: dict[str, Json] = dict.fromkeys(self.declared, "")
        drawings |= {
            name: repr(replace(drawing, content=b"")) + digest(drawing.content) if name in chapter.text else ""
            for name, drawing in own.drawings.items()
        }
        drawings |= {name: "not drawn" for name in self.declared - own.drawings.keys() if name in chapter.text}
        lost_tables: list[Json] = [*sorted(self.lost_tables)]
        return {
            "text": chapter.known_by,
            "citations": [one.cited, one.parsed.warnings, pandoc.known_by()],
            "words": [edition.tag, self.own.edition.tag, edition.words_known_by],
            "publication": [edition.publication.raw, edition.publication.language],
            "data": [self._tables_in(chapter), repr(edition.texts.data), lost_tables, may_be("data", edition.unknown)],
            "figures": [drawings, repr(self.rooms)],
            "images": {name: found.known_by for name, found in images.items()},
            "bibliography": self._keys_known_by,
            "rules": dict(self.faults.severities),
            "script": self._script(),
        }

    @cached_property
    def _keys_known_by(self) -> str:
        """The hash of the keys of the bibliography."""
        return digest(*sorted(self.keys))

    def _tables_in(self, chapter: RenderedChapter) -> dict[str, Json]:
        """The tables by name: the digest of those that the chapter names, for it may use them; else nothing."""
        return {name: table.digest if name in chapter.text else "" for name, table in self.tables.items()}

    def _script(self) -> list[Json]:
        """Everything that determines how a twin's chapters are transliterated."""
        return [self.own.edition.twin, repr(self.own.edition.texts.transliteration)]

    def _language(self, chapter: RenderedChapter) -> str:
        return chapter.source.front.language or self.own.edition.tag

    def _read(self, one: ParsedChapter, images: Mapping[str, Found], shown: set[str]) -> tuple[d.Block, ...]:
        chapter = one.chapter
        src = self.input(chapter, images, shown)
        read = blocks(one.parsed.tree(one.cited), src)
        pandoc.report_warnings(one.parsed.warnings, chapter, self.faults)
        check_tables(chapter, self.faults)
        pandoc.report_notes(src.aligner.definitions, src.aligner.used_notes, self.faults)
        transliterator = self._transliterator(chapter)
        if transliterator:
            read = transliterated(read, transliterator)
        read = spaced(read, self._language(chapter))
        check_sizes(read, self.faults)
        return read

    def input(self, chapter: RenderedChapter, images: Mapping[str, Found], shown: set[str]) -> Input:
        """The state in which the pandoc tree of `chapter` is read; those of `images` that it shows go to `shown`."""
        own = self.localisation(chapter)
        data = self._data(own.edition)
        language = chapter.source.front.language or data.language
        data = replace(data, language=language, compares=not chapter.source.twin)
        return Input(
            chapter,
            Aligner(chapter),
            Guard(self.faults, self.ids),
            Images(self.workspace, own.drawings, self.rooms, self.faults, self.files, self.declared, images, shown),
            self.faults,
            own.edition.publication.raw == "allow",
            self.keys,
            data,
            own.edition.words,
            own.edition.publication.language,
        )

    def unsourced(self, model: RenderedChapter) -> Input:
        """The state for reading text of no chapter, such as an entry of the bibliography."""
        source = replace(model.source, borrowed="", twin="")
        src = self.input(RenderedChapter(source, "", LineMap((), (), {})), {}, set())
        src.guard.ids = {}
        src.data = self._data(self.own.edition)
        return src

    def _transliterator(self, chapter: RenderedChapter) -> Transliterator | None:
        """The transliterator for `chapter`, where it is that of the edition's twin, in their language."""
        return self._into_script if chapter.source.twin and not chapter.source.front.language else None

    @cached_property
    def _into_script(self) -> Transliterator:
        edition = self.own.edition
        texts = edition.texts.transliteration
        return Transliterator(edition.twin, edition.tag, texts.words, texts.keep)


def parse(chapters: tuple[RenderedChapter, ...], reader: Reader, memo: Memo) -> dict[str, Parsed]:
    """The `chapters` as pandoc reads them, by name; one that cannot be read is a fault, and left out."""
    pandoc.parse_ahead([one for one in chapters if not memo.holds("excerpt", reader.excerpt_inputs(one))], memo)
    results = at_once([partial(reader.parsed, chapter, memo) for chapter in chapters], 2)
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
    parsed = [ParsedChapter(one, read[one.source.slug]) for one in chapters if one.source.slug in read]
    return tuple(reader.documents(parsed, memo))
