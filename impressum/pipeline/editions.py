"""The manuscripts of all editions, each translation held to the source edition: ids, and parity."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from impressum.core.errors import Faults, packed, unpacked
from impressum.core.model.lost import ANYTHING, LostChapter, may_be

if TYPE_CHECKING:
    from impressum.core.errors import Fault
    from impressum.core.model.chapters import ChapterDocument
    from impressum.core.model.drawing import Drawing
    from impressum.core.model.expected import Manuscript
    from impressum.core.model.sources import Edition, RenderedChapter, Sources, Style
    from impressum.core.model.theme import Theme
    from impressum.stages.convert import Apparatus, Depths, Reader, References
    from impressum.system.cache import Json, Memo
    from impressum.system.workspace import Workspace

Rendered = tuple[tuple["RenderedChapter", ...], "References | None"]
"""The chapters of an edition after `render`, and its bibliography."""
Render = Callable[["Edition", Faults], Rendered]


class Check(Protocol):
    """A check of documents that are given already; what it finds goes to `faults`."""

    def __call__(self, *, faults: Faults) -> None: ...


class Compared(Protocol):
    """A chapter that is held to another."""

    @property
    def head(self) -> ChapterDocument:
        """Its document, perhaps without the blocks."""

    def whole(self) -> ChapterDocument:
        """Its document with its blocks."""


@dataclass(frozen=True)
class Whole:
    """A chapter whose document is at hand."""

    head: ChapterDocument

    def whole(self) -> ChapterDocument:
        """The document."""
        return self.head


@dataclass
class Editions:
    """Makes manuscripts of the editions of `sources`. `render` renders one of them."""

    sources: Sources
    render: Render
    drawings: Mapping[str, Mapping[str, Drawing]]
    style: Style
    theme: Theme
    workspace: Workspace
    memo: Memo
    faults: Faults
    model: dict[str, ChapterDocument] = field(default_factory=dict)
    """The chapters of the source edition by name, once a translation was held to them.

    There are none where the source has faults of its own, which a build of it tells.
    """
    documents: bool = True
    """Whether the chapters are of use afterwards: those of five editions take as much memory as setting one of them."""
    _of_twins: Faults = field(default_factory=Faults)
    """Letters that are found in the chapters of twins: mostly where the edition has them that they are taken from."""

    def manuscripts(self, rendered: Sequence[Rendered]) -> tuple[Manuscript, ...]:
        """The manuscript of each edition, whose chapters are `rendered`.

        Chapters that could not be read are not in it; of those that were read in part, the faults are told that do not
        follow from what they lack.
        """
        sources = self.sources
        made: dict[str, Manuscript] = {}
        for edition, one in zip(sources.editions, rendered, strict=True):
            is_translation = self.is_translation(edition)
            if is_translation and not self.model:
                self.model = self._source_documents(made, rendered)
            own = self.faults.apart()
            manuscript = self.made(edition, one, own)
            if is_translation:
                models = {slug: Whole(document) for slug, document in self.model.items()}
                self.compare(edition, _whole(one[0]), [Whole(each) for each in manuscript.documents], models, own)
            self.faults.extend(self.not_spoilt(one[0], own))
            made[edition.tag] = manuscript
            if not self.documents:
                if sources.source is not None and not is_translation:
                    self.model = self._source_documents(made, rendered)
                made[edition.tag] = replace(manuscript, documents=())
        if not self.documents:
            self.model = {}
        self.tell_twins()
        return tuple(made.values())

    def is_translation(self, edition: Edition) -> bool:
        """Whether `edition` is held to the source edition."""
        return self.sources.source is not None and edition.tag != self.sources.source.tag

    def made(self, edition: Edition, rendered: Rendered, faults: Faults) -> Manuscript:
        """The manuscript of `edition`, with all that it tells by itself; a translation takes the ids of the `model`."""
        from impressum.stages.convert import convert

        chapters, references = rendered
        manuscript = convert(
            tuple(chapter for chapter in chapters if not chapter.is_lost),
            reader=self._reader(edition, references, faults, self._lost(edition, chapters)),
            references=references,
            style=self.style,
            depths=self._depths(),
            apparatus=self._apparatus(),
            memo=self.memo,
            model=self.model if self.is_translation(edition) else {},
        )
        if not self.is_translation(edition):
            self._check_letters(manuscript.documents, faults)
        self._check_prose(chapters, manuscript, faults)
        silent = self.sources.untranslated.get(edition.tag, {})
        faults.extend(silent[name] for name in sorted(silent.keys() & manuscript.own_figures()))
        return manuscript

    def ahead(self, edition: Edition) -> None:
        """Does for the manuscript of `edition` what needs no figures, so that it is remembered; nothing is told."""
        from impressum.stages.convert import ahead

        aside = Faults(self.faults.severities)
        chapters, references = self.render(edition, aside)
        ahead(
            tuple(chapter for chapter in chapters if not chapter.is_lost),
            reader=self._reader(edition, references, aside, ()),
            references=references,
            style=self.style,
            apparatus=self._apparatus(),
            memo=self.memo,
        )

    def not_spoilt(self, chapters: Sequence[RenderedChapter], faults: Faults) -> list[Fault]:
        """Those of `faults` that do not follow from what another has left out of `chapters`."""
        spoilt = [chapter for chapter in chapters if chapter.spoilt]
        return [fault for fault in faults.found() if not any(chapter.is_spoilt(fault.place) for chapter in spoilt)]

    def source_documents(self) -> dict[str, ChapterDocument]:
        """The chapters of the source edition by name, read for translations where it is not asked for itself."""
        return self._source_documents({}, ())

    def known_by(self) -> list[Json]:
        """What the manuscripts are made with, beside the sources."""
        from impressum.stages.convert import pandoc

        parts = [self.style, self.theme.figure_rooms(), self._depths(), self._apparatus()]
        return [*map(repr, parts), pandoc.version()]

    def tell_twins(self) -> None:
        """Tells of letters in the chapters of twins what is not told of the edition that they are taken from."""
        told = {(fault.place, fault.rule) for fault in self.faults.found()}
        self.faults.extend(fault for fault in self._of_twins.found() if (fault.place, fault.rule) not in told)

    def _lost(self, edition: Edition, chapters: Sequence[RenderedChapter]) -> tuple[LostChapter, ...]:
        """What of `edition` could not be read, or not whole: `chapters` are what was rendered of it.

        A translation takes ids from its source, and so lacks those of what could not be read there.
        """
        lost = [*edition.lost, *_unsure(chapters)]
        source = self.sources.source
        if source and source.tag != edition.tag:
            there: dict[str, str | None] = {chapter.slug: chapter.body.text for chapter in source.chapters}
            there |= {chapter.slug: chapter.text for chapter in source.lost}
            own = {one.slug for one in lost}
            lost += [LostChapter("", text) for slug, text in there.items() if slug in own or slug not in self.model]
        elif source is None and edition.tag != edition.publication.language:
            lost.append(ANYTHING)
        return tuple(lost)

    def compare(
        self,
        edition: Edition,
        whole: frozenset[str],
        documents: Iterable[Compared],
        models: Mapping[str, Compared],
        faults: Faults,
    ) -> None:
        """Holds each chapter of a translation to its source; those of a twin are held to it in the other script.

        `whole` are the chapters of which nothing is left out, `documents` those of the edition, `models` those of the
        source by name.
        """
        from impressum.checks.parity import check_differences, compare, compare_placeholders

        source = self.sources.source
        assert source is not None
        meant = edition.texts.differences
        path = self.workspace.relative(self.workspace.edition_file(edition.tag))
        slugs = (*(one.slug for one in edition.chapters), *(one.slug for one in edition.lost))
        check_differences(meant, slugs, path, faults)
        theirs = {chapter.slug: chapter for chapter in source.chapters}
        ours = {chapter.slug: chapter for chapter in edition.chapters if chapter.slug in whole}
        for document in documents:
            head = document.head
            model, own = models.get(head.slug), ours.get(head.slug)
            if model is None or own is None or own.borrowed:
                continue
            if own.twin:  # what it lacks is told of the edition that it is taken from
                if not may_be("transliteration", edition.unknown):
                    self._check_letter(document, self._of_twins)
                continue
            if may_be("differences", edition.unknown):
                continue
            read: Json = [head.read_as, model.head.read_as]
            places: Json = [str(one.place) for one in meant]
            about: Json = [repr(head.front), head.language, model.head.language, source.tag, repr(meant), places]
            inputs: dict[str, Json] = {"chapters": read, "about": about, "slug": head.slug}
            is_known = bool(head.read_as and model.head.read_as)

            def check(*, faults: Faults, document: Compared = document, model: Compared = model) -> None:
                compare(document.whole(), model.whole(), source_language=source.tag, meant=meant, faults=faults)

            self._once(inputs if is_known else None, check, faults)
            compare_placeholders(own, theirs[own.slug], meant=meant, faults=faults)

    def _check_letters(self, documents: Sequence[ChapterDocument], faults: Faults) -> None:
        """Looks for letters of another script within the words of chapters that are compared with none."""
        for document in documents:
            self._check_letter(Whole(document), faults)

    def _check_letter(self, document: Compared, faults: Faults) -> None:
        from impressum.checks.parity import check_letters

        read_as = document.head.read_as
        inputs: dict[str, Json] = {"letters": read_as, "slug": document.head.slug}

        def check(*, faults: Faults) -> None:
            check_letters(document.whole(), faults)

        self._once(inputs if read_as else None, check, faults)

    def _once(self, inputs: Mapping[str, Json] | None, check: Check, faults: Faults) -> None:
        """Does `check` once for the same `inputs` (None: each time); what it finds goes to `faults`."""
        if inputs is None:
            check(faults=faults)
            return

        def found() -> bytes:
            own = Faults(faults.severities)
            check(faults=own)
            return json.dumps([packed(fault) for fault in own.found()]).encode()

        rules: dict[str, Json] = dict(faults.severities)
        raw = self.memo("compare", {**inputs, "rules": rules}, found, about=None)
        faults.extend(map(unpacked, json.loads(raw)))

    def _check_prose(self, chapters: Sequence[RenderedChapter], manuscript: Manuscript, faults: Faults) -> None:
        """Looks for slips in the text; that of a twin, which is put into its script, is told of where it is written."""
        from impressum.checks.prose import check_prose

        twins = {chapter.source.slug for chapter in chapters if chapter.source.twin}
        written = [document for document in manuscript.documents if document.slug not in twins]
        check_prose(written, {chapter.source.slug: chapter.map.source_lines for chapter in chapters}, faults)

    def _source_documents(
        self, made: Mapping[str, Manuscript], rendered: Sequence[Rendered]
    ) -> dict[str, ChapterDocument]:
        """The chapters of the source edition by name: as they were made, else read for the purpose."""
        from impressum.stages.convert import read_documents

        source = self.sources.source
        assert source is not None
        aside = Faults()
        if source.tag in made:
            documents = made[source.tag].documents
            chapters = rendered[[edition.tag for edition in self.sources.editions].index(source.tag)][0]
        else:
            chapters, references = self.render(source, aside)
            read = tuple(chapter for chapter in chapters if not chapter.is_lost)
            documents = read_documents(read, self._reader(source, references, aside, ()), self.memo)
        unread = {fault.place.path for fault in aside.errors()}
        unread |= {chapter.source.body.path for chapter in chapters if chapter.is_lost or chapter.spoilt}
        return {document.slug: document for document in documents if document.path not in unread}

    def _reader(
        self, edition: Edition, references: References | None, faults: Faults, lost: tuple[LostChapter, ...]
    ) -> Reader:
        from impressum.stages.convert import Reader, Voice

        voices = {one.tag: Voice(one, self.drawings[one.tag]) for one in self.sources.spoken()}
        own = voices.get(edition.tag) or Voice(edition, {})
        source = self.sources.source
        keys = references.keys if references else frozenset()
        return Reader(
            own,
            voices.get(source.tag) if source else None,
            self.sources.data,
            keys,
            self.theme.figure_rooms(),
            self.workspace,
            faults,
            lost,
            self.sources.lost.figures | self.sources.figures.keys(),
            self.sources.lost.data,
        )

    def _depths(self) -> Depths:
        from impressum.stages.convert import Depths

        return Depths(int(self.theme.number("numbers", "depth")), int(self.theme.number("contents", "depth")))

    def _apparatus(self) -> Apparatus:
        from impressum.stages.convert import Apparatus

        return Apparatus(
            pages=self.theme.flag("references", "pages"),
            notes_by_chapter=self.theme.text("notes", "numbering") == "chapter",
            works_by_chapter=self.theme.text("references", "by") == "chapter",
        )


def _whole(chapters: Sequence[RenderedChapter]) -> frozenset[str]:
    """The names of those of `chapters` that nothing is left out of."""
    return frozenset(chapter.source.slug for chapter in chapters if not chapter.spoilt)


def _unsure(chapters: Sequence[RenderedChapter]) -> list[LostChapter]:
    """Those of `chapters` that a fault has left nothing of, or not all."""
    return [chapter.source.when_lost() for chapter in chapters if chapter.is_lost or chapter.spoilt]
