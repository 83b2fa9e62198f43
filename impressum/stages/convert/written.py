"""A chapter as it is written for Typst: remembered, as long as nothing changes that it is written with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from impressum.core.errors import Fault, Faults
from impressum.core.model import document as d
from impressum.core.model.manuscript import ChapterDocument, ExpectedChapter, Fragment, IndexEntry
from impressum.core.model.publication import FrontMatter
from impressum.core.model.sources import Edition, References, RenderedChapter
from impressum.stages.convert import pandoc
from impressum.stages.convert.anchors import Anchors, Resolver
from impressum.stages.convert.explained import text_of
from impressum.stages.convert.fragment import BOOK, words_of, works, write_chapter, write_references
from impressum.stages.convert.index import INDEX, Marked, write_index
from impressum.stages.convert.kept import as_bytes, read_back
from impressum.stages.convert.limits import check_direction
from impressum.stages.convert.output import Output
from impressum.stages.convert.reading import Reader
from impressum.stages.convert.spacing import spaced
from impressum.stages.convert.write_inlines import REF_PREFIX
from impressum.system.cache import Json, Memo, digest


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

    def chapter(self, document: ChapterDocument, notes: int) -> Written:
        """`document` as it is written; its notes count on from `notes`. It is as it was read but for ids and levels of
        headings, ids of figures, and its own list of works."""

        def run() -> bytes:
            faults = Faults(self.reader.faults.severities)
            words = self._edition_of(document).words
            resolver = Resolver(self.anchors, words, frozenset(self.reader.ids), self.pages, faults)
            resolved = resolver.resolve(document)
            check_direction(resolved, faults)
            out = self._output(resolved, faults)
            out.notes = notes
            fragment, expected = write_chapter(out)
            return as_bytes((fragment, expected, faults.found(), out.notes, text_of(document.blocks), out.marked))

        raw = self.memo("write", self._inputs(document, notes), run, about=None) if document.known_by else run()
        written = read_back(Written, raw) or read_back(Written, run())
        assert written is not None
        return written

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
            book = ChapterDocument(BOOK, path, FrontMatter(), blocks, tag)
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
        empty = ChapterDocument(INDEX, "publication.yaml", FrontMatter(), (), self.reader.own.edition.tag)
        return write_index(marked, self._output(empty, faults))

    def _inputs(self, document: ChapterDocument, notes: int) -> dict[str, Json]:
        nodes = document.nodes
        changed = [(node.id, getattr(node, "level", 0)) for node in nodes if isinstance(node, d.Heading | d.Figure)]
        formulas = {node.tex: self.formulas.get(node.tex) for node in nodes if isinstance(node, d.Math)}
        return {
            "document": [document.known_by, repr(replace(document, blocks=())), repr(changed)],
            "notes": notes,
            "works": [repr(node) for node in document.blocks if isinstance(node, d.Reference)],
            "formulas": dict(formulas),
            "words": self._edition_of(document).words_known_by,
            "edition": self._of_edition,
        }

    @cached_property
    def _of_edition(self) -> str:
        """The hash of what every chapter of the edition is written with."""
        reader, keys = self.reader, {slug: list(works) for slug, works in self.listed.items()}
        known = digest(self.anchors.known_by(), repr(sorted(reader.ids)), repr(keys))
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


def mathematics(documents: Iterable[ChapterDocument], memo: Memo, tag: str) -> dict[str, str | None]:
    """The formulas of `documents` as Typst, by their TeX."""
    nodes = (node for document in documents for node in document.nodes)
    formulas = tuple(dict.fromkeys(node.tex for node in nodes if isinstance(node, d.Math)))
    return dict(zip(formulas, pandoc.mathematics(formulas, memo, tag), strict=True))
