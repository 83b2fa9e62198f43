"""Makes the manuscripts of all editions, each translation compared with the source edition, and checks all together."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from impressum.checks.parity import (
    Unread,
    Vocabulary,
    all_words,
    check_differences,
    compare_placeholders,
    compare_texts,
)
from impressum.checks.prose import abbreviations
from impressum.core.errata import check_places
from impressum.core.errors import Fault, Faults, Place, packed, unpacked
from impressum.core.model.figures import PendingDrawings
from impressum.core.model.fits import Requested, with_requests
from impressum.core.model.lost import ANYTHING, LostChapter, may_be, may_stand
from impressum.core.model.manuscript import ChapterDocument, Manuscript
from impressum.core.model.sources import Edition, References, Rendered, RenderedChapter, RenderedEdition, Sources
from impressum.core.rules import FOUND_IN_SOURCES
from impressum.pipeline import chapter_checks
from impressum.pipeline.fitting.requested import find_requested
from impressum.pipeline.render import chapters_of
from impressum.pipeline.run import Run
from impressum.stages import convert as stage
from impressum.stages.convert.reading import Localisation, Reader, read_documents
from impressum.stages.convert.unused import check_nocite, check_uncited, check_unused
from impressum.system.cache import Json, Task
from impressum.system.files import read
from impressum.system.parallel import at_once, processors
from impressum.translation.differences import file_of
from impressum.translation.handoff.glossary_check import check_glossary
from impressum.translation.texts import TextPair, text_pairs


@dataclass(frozen=True)
class EditionManuscript:
    """An edition with its manuscript, its bibliography, and what its layout file asks."""

    edition: Edition
    manuscript: Manuscript
    references: References | None
    requested: tuple[Requested, ...]


@dataclass(frozen=True)
class Manuscripts:
    """Everything that can be known without setting a page."""

    sources: Sources
    editions: tuple[EditionManuscript, ...]
    pending_drawings: PendingDrawings
    source_documents: Mapping[str, ChapterDocument]
    """The chapters of the source edition by name, where a translation was compared with them."""
    is_whole: bool
    """Whether everything could be read; where it could not, there are errors."""


def convert(rendered: Rendered, drawings: PendingDrawings, run: Run, *, documents: bool = False) -> Manuscripts:
    """The manuscripts of the editions; what is wrong with them, and with all of them together, goes to the faults. A
    chapter that could not be read is not in them. `documents` keeps the typed documents of the chapters, which no page
    needs: those of five editions take as much memory as setting one of them."""
    sources = rendered.sources
    run.progress("convert", chapters_of(sources))
    if sources.theme.is_whole:
        check_nocite(sources, sources.theme, run.faults)
    editions = _Editions(rendered, drawings, run)
    editions.cite()
    drawings()
    is_whole = not run.faults.errors()
    manuscripts = editions.manuscripts(documents=documents)
    _check_together(sources, list(manuscripts.values()), editions.texts, run)
    made = tuple(_asked(one, manuscripts[one.edition.tag], run.faults) for one in rendered.editions)
    if run.order.release and not sources.lost.values:
        from impressum.release.gate import Gate, check_gate

        check_gate(Gate(run.order.release, run.workspace, sources, run.faults))
    if not run.faults.errors():
        run.allowances.check_unused(FOUND_IN_SOURCES, run.faults, complete=not run.order.editions)
    for one in made:
        is_whole = is_whole and not {chapter.slug for chapter in one.edition.chapters} - one.manuscript.slugs()
    return Manuscripts(sources, made, drawings, editions.source_documents if documents else {}, is_whole)


def _asked(one: RenderedEdition, manuscript: Manuscript, faults: Faults) -> EditionManuscript:
    requested = _requested(one.edition, manuscript, faults)
    manuscript = replace(manuscript, expected=with_requests(manuscript.expected, requested))
    return EditionManuscript(one.edition, manuscript, one.references, requested)


def _requested(edition: Edition, manuscript: Manuscript, faults: Faults) -> tuple[Requested, ...]:
    """The requests of the layout file of `edition`; what it and the errata name must be in `manuscript`."""
    errata = (one for one in edition.publication.errata if not may_stand(one.where, manuscript.lost))
    check_places(errata, manuscript.expected.anchors, faults)
    layout = tuple(entry for entry in edition.layout if not manuscript.lacks(entry.chapter))
    return find_requested(layout, manuscript.expected, faults)


def _check_together(
    sources: Sources, manuscripts: Sequence[Manuscript], texts: Mapping[str, Sequence[TextPair]], run: Run
) -> None:
    """The checks over all editions; `texts` are those of their `edition.yaml`."""
    # In an edition that is not read, or in a passage that could not be, a figure may stand.
    if not run.order.editions and not run.faults.errors():
        figures = {figure.declared for one in manuscripts for figure in one.figures if figure.declared}
        check_unused(sources.figures, figures, run.faults)
        bibliography = sources.bibliography
        if bibliography and sources.publication.nocite != "all":
            cited = {key for one in manuscripts for chapter in one.expected.chapters for key in chapter.cited}
            cited |= {table.sidecar.source for table in sources.data.values() if table.sidecar.source}
            check_uncited(bibliography.entries, cited, run.faults)
    shared = sources.publication.glossary
    if (shared or os.path.lexists(run.workspace.glossary)) and run.workspace.edition(
        sources.publication.language
    ).is_dir():
        tags = tuple(edition.tag for edition in sources.editions)
        check_glossary(run.workspace, sources.publication.language, tags, run.memo, run.faults, texts, shared)


@dataclass
class _Editions:
    """The editions of a run on their way to manuscripts."""

    rendered: Rendered
    drawings: PendingDrawings
    run: Run
    source_documents: dict[str, ChapterDocument] = field(default_factory=dict)
    """The chapters of the source edition by name, once a translation was compared with them.

    There are none where the source has faults of its own, which a build of it tells.
    """
    texts: dict[str, tuple[TextPair, ...]] = field(default_factory=dict)
    """The texts of `edition.yaml` of each translation, beside those of the source."""
    _faults: dict[str, Faults] = field(default_factory=dict)
    _readers: dict[str, Reader] = field(default_factory=dict)
    _cited: dict[str, stage.CitedChapters] = field(default_factory=dict)
    _of_twins: Faults = field(default_factory=Faults)
    """Letters that are found in the chapters of twins: mostly where the edition has them that they are taken from."""

    def cite(self) -> None:
        """Has pandoc read the editions, several at a time, and citeproc set their citations: no figure is needed."""
        run = self.run
        at_once([partial(self._cite, one) for one in self.rendered.editions], run.order.jobs or processors())

    def _cite(self, one: RenderedEdition) -> None:
        faults = self._faults[one.edition.tag] = self.run.faults.apart()
        reader = self._readers[one.edition.tag] = self._reader(one, faults)
        self._cited[one.edition.tag] = stage.cite(
            one.readable(),
            reader=reader,
            references=one.references,
            style=self._sources.style,
            theme=self._sources.theme,
            memo=self.run.memo,
        )

    def manuscripts(self, *, documents: bool) -> dict[str, Manuscript]:
        """The manuscripts by edition; of chapters read in part, only faults that do not follow from it are reported."""
        made: dict[str, Manuscript] = {}
        for one in sorted(self.rendered.editions, key=lambda one: self._is_translation(one.edition)):
            tag = one.edition.tag
            faults = self._faults[tag]
            if self._is_translation(one.edition) and not self.source_documents:
                self._read_source()
            manuscript = self._manuscript(one, faults)
            if self._is_translation(one.edition):
                self._compare(one, manuscript.documents, faults)
            elif self._sources.source is not None:
                self._take_model(one, manuscript.documents, ())
            self.run.faults.extend(_not_spoilt(one.chapters, faults))
            made[tag] = manuscript if documents else replace(manuscript, documents=())
        self._report_twins()
        return made

    @property
    def _sources(self) -> Sources:
        return self.rendered.sources

    def _is_translation(self, edition: Edition) -> bool:
        """Whether `edition` is compared with the source edition."""
        return self._sources.source is not None and edition.tag != self._sources.source.tag

    def _manuscript(self, one: RenderedEdition, faults: Faults) -> Manuscript:
        """The manuscript of an edition, checked by itself; a translation takes the ids of the `model`."""
        manuscript = stage.convert(
            self._cited.pop(one.edition.tag),
            reader=replace(self._readers[one.edition.tag], lost=self._lost(one)),
            references=one.references,
            theme=self._sources.theme,
            memo=self.run.memo,
            model=self.source_documents if self._is_translation(one.edition) else {},
        )
        if not self._is_translation(one.edition):
            chapter_checks.make(self.run.memo, map(chapter_checks.letters, manuscript.documents), faults)
        twins = {chapter.source.slug for chapter in one.chapters if chapter.source.twin}
        written = [document for document in manuscript.documents if document.slug not in twins]
        self._check_prose([document for document in written if not document.borrowed], one, faults)
        silent = self._sources.untranslated.get(one.edition.tag, {})
        faults.extend(silent[name] for name in sorted(silent.keys() & manuscript.own_figures()))
        return manuscript

    def _check_prose(self, documents: Sequence[ChapterDocument], one: RenderedEdition, faults: Faults) -> None:
        """Looks for slips in the texts of `documents`, which are chapters of `one`."""
        rendered = {chapter.source.slug: chapter for chapter in one.chapters}
        known = {*self._read("abbreviations", abbreviations, documents)}
        chapter_checks.make(
            self.run.memo,
            [chapter_checks.prose(document, rendered[document.slug], known) for document in documents],
            faults,
        )

    def _lost(self, one: RenderedEdition) -> tuple[LostChapter, ...]:
        """The parts of an edition that could not be read, or not whole. A translation takes ids from its source, and so
        lacks those of what could not be read there."""
        edition, source = one.edition, self._sources.source
        spoilt = [chapter.source.when_lost() for chapter in one.chapters if chapter.is_lost or chapter.spoilt]
        lost = [*edition.lost, *spoilt]
        if source and source.tag != edition.tag:
            there: dict[str, str | None] = {chapter.slug: chapter.body.text for chapter in source.chapters}
            there |= {chapter.slug: chapter.text for chapter in source.lost}
            own = {one.slug for one in lost}
            lost += [
                LostChapter("", text)
                for slug, text in there.items()
                if slug in own or slug not in self.source_documents
            ]
        elif source is None and edition.tag != edition.publication.language:
            lost.append(ANYTHING)
        return tuple(lost)

    def _read_source(self) -> None:
        """Reads the chapters of the source edition, where it was not requested itself."""
        source, aside = self.rendered.source, Faults()
        assert source is not None
        documents = read_documents(source.readable(), self._reader(source, aside), self.run.memo)
        self._take_model(source, documents, aside.errors())

    def _take_model(
        self, source: RenderedEdition, documents: Iterable[ChapterDocument], errors: Iterable[Fault]
    ) -> None:
        """Makes those of `documents` the model of translations that nothing is left out of."""
        unread = {fault.place.path for fault in errors}
        unread |= {one.source.body.path for one in source.chapters if one.is_lost or one.spoilt}
        self.source_documents = {document.slug: document for document in documents if document.path not in unread}

    def _compare(self, one: RenderedEdition, documents: Sequence[ChapterDocument], faults: Faults) -> None:
        """Compares each chapter of a translation with its source; a twin's own edition tells what it lacks."""
        edition, source = one.edition, self._sources.source
        assert source is not None
        declared = edition.texts.differences
        path = self.run.workspace.relative(self.run.workspace.edition_file(edition.tag))
        slugs = (*(chapter.slug for chapter in edition.chapters), *(lost.slug for lost in edition.lost))
        check_differences(declared, slugs, path, faults)
        theirs = {chapter.slug: chapter for chapter in source.chapters}
        ours = {chapter.slug: chapter for chapter in edition.chapters if chapter.slug in one.whole()}
        checks: list[chapter_checks.Check] = []
        of_twins: list[chapter_checks.Check] = []
        for document in documents:
            model, own = self.source_documents.get(document.slug), ours.get(document.slug)
            if model is None or own is None or own.borrowed:
                continue
            if own.twin:
                if not may_be("transliteration", edition.unknown):
                    of_twins += [chapter_checks.letters(document), chapter_checks.twin(document, model)]
                continue
            if may_be("differences", edition.unknown):
                continue
            checks.append(chapter_checks.comparison(document, model, source.tag, declared))
            compare_placeholders(own, theirs[own.slug], declared=declared, faults=faults)
        chapter_checks.make(self.run.memo, of_twins, self._of_twins)
        chapter_checks.make(self.run.memo, checks, faults)
        self._compare_texts(edition, documents, faults)

    def _compare_texts(self, edition: Edition, documents: Sequence[ChapterDocument], faults: Faults) -> None:
        """Compares the texts of `edition.yaml` with those of the source, where all of them could be read."""
        sources, source = self._sources, self._sources.source
        assert source is not None
        is_lost = sources.lost.values or sources.lost.figures or sources.lost.data or edition.unknown
        if edition.texts.twin_of or is_lost or not self.run.workspace.edition_file(edition.tag).is_file():
            return
        pairs = self.texts[edition.tag] = text_pairs(self.run.workspace, edition.tag, sources.figures, sources.data)
        places = [self._sources.places.get(pair.key, Place(file_of(pair.key))) for pair in pairs]
        texts = [
            (pair.key, pair.source, there, pair.text, pair.place) for pair, there in zip(pairs, places, strict=True)
        ]
        chapters = [document for document in documents if not document.borrowed]
        declared = edition.texts.differences
        lines = read(self.run.workspace.edition_file(edition.tag)).decode("utf-8", "replace").split("\n")
        inputs: dict[str, Json] = {
            "lines": "\n".join(lines),
            "texts": [[*one[:2], str(one[2]), one[3], str(one[4])] for one in texts],
            "about": [source.tag, edition.tag, repr(declared)],
        }
        tags = {"source_language": source.tag, "language": edition.tag}
        ours, theirs = tuple(one[3] for one in texts), tuple(one[1] for one in texts)
        known = Vocabulary(lambda: (self._words(chapters), self._words(self.source_documents.values())), ours, theirs)

        def check(found: Faults, known: Vocabulary = known) -> None:
            compare_texts(texts, known, **tags, declared=declared, faults=found, lines=lines)

        def alone() -> bytes:
            """What is found where the chapters say nothing about a text, and what they would be asked: seldom much."""
            found, unread = Faults(faults.severities), Unread(lambda: ((), ()), ours, theirs)
            check(found, unread)
            return json.dumps([sorted(unread.asked), [packed(fault) for fault in found.found()]]).encode()

        raw = self.run.memo("compare", {**inputs, "rules": dict(faults.severities)}, alone, about=None)
        asked, found = json.loads(raw)
        answers: list[Json] = [known.answer(word, count) for word, count in asked]
        if any(answers):
            chapter_checks.make(self.run.memo, [chapter_checks.Check({**inputs, "answers": answers}, check)], faults)
        else:
            faults.extend(map(unpacked, found))

    def _words(self, documents: Iterable[ChapterDocument]) -> Iterator[str]:
        return self._read("words", all_words, documents)

    def _read(
        self, step: str, words: Callable[[ChapterDocument], Iterable[str]], documents: Iterable[ChapterDocument]
    ) -> Iterator[str]:
        """The `words` of chapters, remembered where they are known."""

        def listed(document: ChapterDocument) -> bytes:
            return json.dumps([*words(document)]).encode()

        tasks: list[Task] = []
        for one in documents:
            if one.known_by:
                inputs: dict[str, Json] = {"document": one.known_by, "language": one.language}
                tasks.append(Task(inputs, partial(listed, one), None))
            else:
                yield from words(one)
        for raw in self.run.memo.each(step, tasks):
            yield from json.loads(raw)

    def _report_twins(self) -> None:
        """Reports letters in the chapters of twins that are not reported for the edition that they are taken from."""
        reported = {(fault.place, fault.rule) for fault in self.run.faults.found()}
        self.run.faults.extend(one for one in self._of_twins.found() if (one.place, one.rule) not in reported)

    def _reader(self, one: RenderedEdition, faults: Faults) -> Reader:
        sources = self._sources
        fallback = Localisation(sources.source, self.drawings) if sources.source else None
        return Reader(
            Localisation(one.edition, self.drawings),
            fallback,
            sources.data,
            one.references.keys if one.references else frozenset(),
            sources.theme.figure_rooms(),
            self.run.workspace,
            faults,
            declared=sources.lost.figures | sources.figures.keys(),
            lost_tables=sources.lost.data,
        )


def _not_spoilt(chapters: Sequence[RenderedChapter], faults: Faults) -> list[Fault]:
    """Those of `faults` that do not follow from what another has left out of `chapters`."""
    spoilt = [chapter for chapter in chapters if chapter.spoilt]
    return [fault for fault in faults.found() if not any(chapter.is_spoilt(fault.place) for chapter in spoilt)]
