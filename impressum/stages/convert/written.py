"""A chapter as it is written for Typst: remembered, as long as nothing changes that it is written with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import accumulate
from typing import Any

from impressum.core.errors import Fault, Faults
from impressum.core.model import document as d
from impressum.core.model.manuscript import ChapterDocument, ExpectedChapter, Fragment, IndexEntry
from impressum.core.model.sources import Edition, References, RenderedChapter
from impressum.stages.convert import pandoc
from impressum.stages.convert.anchors import Anchors, Resolver
from impressum.stages.convert.explained import text_of
from impressum.stages.convert.formulas import as_typst
from impressum.stages.convert.fragment import BOOK, words_of, works, write_chapter, write_references
from impressum.stages.convert.index import INDEX, Marked, write_index
from impressum.stages.convert.kept import as_bytes, read_back
from impressum.stages.convert.limits import check_direction
from impressum.stages.convert.output import Output
from impressum.stages.convert.reading import Reader
from impressum.stages.convert.spacing import spaced
from impressum.stages.convert.write_inlines import REF_PREFIX, chapter_named, is_internal
from impressum.system.cache import Json, Memo, Task, digest


@dataclass(frozen=True)
class Written:
    """A chapter as Typst, what is expected of it, and the faults that were found in it. `notes` is the number of its
    last note, `text` its words but for lists of abbreviations."""

    fragment: Fragment
    expected: ExpectedChapter
    faults: tuple[Fault, ...]
    notes: int
    text: str
    marked: Marked
    """The marks of the index, each with its label and the language of the words around it."""


@dataclass(frozen=True)
class WrittenReferences:
    """The list of works of a book as Typst, what is expected of it, the faults in it, and its entries by key."""

    fragment: Fragment
    expected: ExpectedChapter
    faults: tuple[Fault, ...]
    entries: Mapping[str, str]


@dataclass(frozen=True)
class Writer:
    """Writes the chapters of the edition that `reader` reads. `formulas` are those of all chapters by their TeX, as
    Typst; `listed` the entries by key of each list of works; `pages`: cross-references name pages."""

    reader: Reader
    anchors: Anchors
    formulas: Mapping[str, str | None]
    listed: Mapping[str, Mapping[str, Any]]
    pages: bool
    memo: Memo

    def chapters(self, documents: Sequence[ChapterDocument], *, begins_anew: bool) -> list[Written]:
        """`documents` as they are written, each as it was read but for ids and levels of headings, ids of figures, and
        its own list of works. Notes are numbered on from one to the next, unless each chapter `begins_anew`."""
        counts = [0 if begins_anew else _notes_in(document) for document in documents]
        starts = [0, *accumulate(counts)][: len(documents)]
        tasks = [self._task(document, start) for document, start in zip(documents, starts, strict=True)]
        raws = iter(self.memo.each("write", [task for task, one in zip(tasks, documents, strict=True) if one.known_by]))
        written: list[Written] = []
        for document, task, start in zip(documents, tasks, starts, strict=True):
            raw = next(raws) if document.known_by else b""
            notes = written[-1].notes if written and not begins_anew else 0
            if notes != start:  # a note stands where none is printed
                task, raw = self._task(document, notes), b""
            one = read_back(Written, raw) or read_back(Written, task.run())
            assert one is not None
            written.append(one)
        return written

    def _task(self, document: ChapterDocument, notes: int) -> Task:
        return Task(self._inputs(document, notes), partial(self._chapter, document, notes), None)

    def _chapter(self, document: ChapterDocument, notes: int) -> bytes:
        """`document` as it is written, its notes counted on from `notes`, for the cache."""
        faults = Faults(self.reader.faults.severities)
        words = self._edition_of(document).words
        resolver = Resolver(self.anchors, words, frozenset(self.reader.ids), self.pages, faults)
        resolved = resolver.resolve(document)
        check_direction(resolved, faults)
        out = self._output(resolved, faults)
        out.notes = notes
        fragment, expected = write_chapter(out)
        return as_bytes((fragment, expected, faults.found(), out.notes, text_of(document.blocks), out.marked))

    def references(self, references: References, title: str, model: RenderedChapter) -> WrittenReferences:
        """The list of works of the whole book, as it is written below `title`; `model` is any chapter. An entry with an
        image, of which nothing is known here, is not remembered."""
        reader, listed = self.reader, self.listed[BOOK]
        tag = reader.own.edition.tag

        def run() -> bytes:
            faults = Faults(reader.faults.severities)
            src = replace(reader, faults=faults).unsourced(model)
            blocks = spaced(works(listed, src, references.places), tag)
            path = references.source.source.path
            book = ChapterDocument.of(BOOK, path, blocks, tag)
            writer = replace(self, formulas=mathematics((book,), self.memo, tag))
            entries = [block for block in blocks if isinstance(block, d.Reference)]
            fragment, expected = write_references(entries, writer._output(book, faults), title)
            return as_bytes((fragment, expected, faults.found(), {work.id: words_of(work) for work in entries}))

        inputs: dict[str, Json] = {
            "works": [title, *listed.items()],
            "places": repr([references.places.get(key) for key in listed]),
            "reader": [*sorted(reader.keys), reader.own.edition.publication.raw, pandoc.known_by()],
            "words": dict(reader.own.edition.words),
            "edition": [tag, dict(reader.faults.severities)],
        }
        raw = run() if "'Image'" in repr(listed) else self.memo("references", inputs, run, about=None)
        written = read_back(WrittenReferences, raw) or read_back(WrittenReferences, run())
        assert written is not None
        return written

    def index(self, marked: Marked, faults: Faults) -> tuple[Fragment, tuple[IndexEntry, ...]]:
        """The index that the marks of all chapters make, as Typst, and what is expected of it."""
        empty = ChapterDocument.of(INDEX, "publication.yaml", (), self.reader.own.edition.tag)
        return write_index(marked, self._output(empty, faults))

    def _inputs(self, document: ChapterDocument, notes: int) -> dict[str, Json]:
        nodes = document.landmarks
        changed = [(node.id, getattr(node, "level", 0)) for node in nodes if isinstance(node, d.Heading | d.Figure)]
        formulas = {node.tex: self.formulas.get(node.tex) for node in nodes if isinstance(node, d.Math)}
        return {
            "document": [document.known_by, repr(document), repr(changed)],
            "anchors": self._anchors_of(document),
            "notes": notes,
            "works": [repr(node) for node in nodes if isinstance(node, d.Reference)],
            "formulas": dict(formulas),
            "words": self._edition_of(document).words_known_by,
            "edition": self._of_edition,
        }

    def _anchors_of(self, document: ChapterDocument) -> str:
        """The hash of the anchors that `document` has, and of those that it leads to."""
        names = {node.target for node in document.landmarks if isinstance(node, d.CrossReference)}
        works = (self.listed.get(BOOK, {}), self.listed.get(document.slug, {}))
        chapters = set()
        for node in document.landmarks:
            if isinstance(node, d.Link) and is_internal(node.target):
                chapter, _, name = node.target.partition("#")
                if chapter:
                    chapters.add(chapter_named(chapter))
                if name and (chapter or not any(name.removeprefix(REF_PREFIX) in some for some in works)):
                    names.add(name)
        return self.anchors.known_by(document.slug, names, chapters)

    @cached_property
    def _of_edition(self) -> str:
        """The hash of what every chapter of the edition is written with."""
        reader, keys = self.reader, {slug: list(works) for slug, works in self.listed.items()}
        known = digest(repr(sorted(reader.ids)), repr(keys))
        edition = reader.own.edition
        severities = repr(sorted(reader.faults.severities.items()))
        forms = repr(sorted(edition.publication.hyphenation.items()))
        return digest(known, repr(self.pages), edition.tag, edition.words_known_by, severities, forms)

    def _edition_of(self, document: ChapterDocument) -> Edition:
        """The edition that `document` comes from."""
        fallback = self.reader.fallback
        return fallback.edition if document.borrowed and fallback else self.reader.own.edition

    def _output(self, document: ChapterDocument, faults: Faults) -> Output:
        """The state in which `document` is written."""
        edition = self.reader.own.edition
        own = {} if document.slug == BOOK else self.listed.get(document.slug, {})
        labels = {f"{REF_PREFIX}{key}": f"{REF_PREFIX}{key}" for key in self.listed.get(BOOK, {})}
        labels |= {f"{REF_PREFIX}{key}": f"{document.slug}/{REF_PREFIX}{key}" for key in own}
        words = self._edition_of(document).words
        divided = edition.publication.hyphenation
        return Output(document, edition.tag, self.anchors, words, edition.words, self.formulas, labels, faults, divided)


def _notes_in(document: ChapterDocument) -> int:
    """How many notes of `document` are numbered."""
    return sum(1 for node in document.landmarks if isinstance(node, d.Note) and not node.mark)


def mathematics(documents: Iterable[ChapterDocument], memo: Memo, tag: str) -> dict[str, str | None]:
    """The formulas of `documents` as Typst, by their TeX."""
    nodes = (node for document in documents for node in document.landmarks)
    formulas = tuple(dict.fromkeys(node.tex for node in nodes if isinstance(node, d.Math)))
    return dict(zip(formulas, as_typst(formulas, memo, tag), strict=True))
