"""What `check` has found in an edition, from the memo where nothing that the edition reads has changed.

A changed chapter is read again in the editions that show it. Of all others it is enough to know what was told of
them, and what others ask: which figures and works stand in them, which ids a translation takes. Translations are still
held to their source, chapter by chapter, and then the documents that this needs are fetched.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faults, packed, unpacked
from impressum.pipeline.editions import Whole
from impressum.system.cache import digest
from impressum.system.parallel import both

if TYPE_CHECKING:
    from impressum.core.model.chapters import ChapterDocument
    from impressum.core.model.drawing import Drawing
    from impressum.core.model.expected import Manuscript
    from impressum.core.model.sources import Edition, RenderedChapter
    from impressum.pipeline.editions import Compared, Editions
    from impressum.system.cache import Json

STEP = "edition"
Look = Callable[["Edition", "Manuscript", Faults], object]


@dataclass(frozen=True)
class _Chapter:
    """A chapter that was read: `kept_as` is by what the memo knows its blocks, `inherited` what translations take,
    `images` the names of image files with the hashes of what was found."""

    slug: str
    path: str
    language: str
    borrowed: str
    read_as: str
    kept_as: str
    inherited: str
    images: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Examined:
    """What an edition tells by itself, and what those who `looked` at its manuscript tell; the declared figures that
    stand in it, and the works that it cites."""

    faults: tuple[Fault, ...]
    looked: tuple[Fault, ...]
    figures: frozenset[str]
    cited: frozenset[str]
    chapters: tuple[_Chapter, ...] = ()


@dataclass
class _Remembered:
    """A chapter whose blocks are fetched from the memo when they are needed; `model` is that of its source."""

    chapter: _Chapter
    edition: Edition
    model: Compared | None
    editions: Editions

    @cached_property
    def head(self) -> ChapterDocument:
        """The document without its blocks."""
        from impressum.core.model.chapters import ChapterDocument

        one = self.chapter
        front = next(chapter.front for chapter in self.edition.chapters if chapter.slug == one.slug)
        return ChapterDocument(one.slug, one.path, front, (), one.language, one.borrowed, one.read_as, one.kept_as)

    def whole(self) -> ChapterDocument:
        """The document as it was made; it is made again where the memo has lost it."""
        return self._whole

    @cached_property
    def _whole(self) -> ChapterDocument:
        from impressum.stages.convert.inherited_ids import inherit_ids
        from impressum.stages.convert.remembered import blocks_of

        blocks = blocks_of(self.editions.memo, self.chapter.kept_as)
        if blocks is None:
            manuscript = self.editions.made(self.edition, self.editions.render(self.edition, Faults()), Faults())
            return next(document for document in manuscript.documents if document.slug == self.chapter.slug)
        document = replace(self.head, blocks=blocks)
        return inherit_ids(document, self.model.whole(), Faults()) if self.model else document


@dataclass
class Examination:
    """Finds what there is to tell of `editions` without setting a page; it goes to their faults.

    `look` looks at each manuscript that has to be made; what it finds is remembered with the rest, and goes to
    `looked`.
    """

    editions: Editions
    look: Look
    looked: Faults = field(default_factory=Faults)
    _models: dict[str, Compared] = field(default_factory=dict)
    """The chapters of the source edition that nothing is left out of, by name."""

    def all(self) -> tuple[Examined, ...]:
        """Examines each edition that is asked for, the source edition first."""
        sources = self.editions.sources
        if sources.source is not None and all(map(self.editions.is_translation, sources.editions)):
            self._models = {slug: Whole(document) for slug, document in self.editions.source_documents().items()}
        found = tuple(map(self._one, sorted(sources.editions, key=self.editions.is_translation)))
        self.editions.tell_twins()
        return found

    def _one(self, edition: Edition) -> Examined:
        editions = self.editions
        is_translation = editions.is_translation(edition)
        models = self._models if is_translation else {}
        inputs = self._inputs(edition, models)
        examined = self._known(inputs) if inputs else None
        own = editions.faults.apart()
        rendered: tuple[RenderedChapter, ...] = ()
        documents: dict[str, Compared]
        if examined is not None:
            own.extend(examined.faults)
            documents = {
                one.slug: _Remembered(one, edition, models.get(one.slug), editions) for one in examined.chapters
            }
        else:
            (examined, manuscript, rendered), _ = both(
                lambda: self._made(edition, models, inputs, own), lambda: self._read_ahead(edition)
            )
            documents = {document.slug: Whole(document) for document in manuscript.documents}
        self.looked.extend(examined.looked)
        whole = {chapter.slug for chapter in edition.chapters} - {one.source.slug for one in rendered if one.spoilt}
        if is_translation:
            editions.compare(edition, frozenset(whole), documents.values(), models, own)
        else:
            self._models = {slug: document for slug, document in documents.items() if slug in whole}
        editions.faults.extend(editions.not_spoilt(rendered, own))
        return examined

    def _made(
        self, edition: Edition, models: Mapping[str, Compared], inputs: Mapping[str, Json] | None, own: Faults
    ) -> tuple[Examined, Manuscript, tuple[RenderedChapter, ...]]:
        """What is found in `edition`, with its manuscript and the chapters that it is made of; what follows from no
        other fault goes to `own`. It is remembered under `inputs`, if all of it could be read."""
        editions = self.editions
        of_values, looked = editions.faults.apart(), editions.faults.apart()
        rendered, references = editions.render(edition, of_values)
        editions.faults.extend(of_values.found())
        editions.model = {slug: model.whole() for slug, model in models.items()}
        manuscript = editions.made(edition, (rendered, references), own)
        self.look(edition, manuscript, looked)
        examined = _found(manuscript, (*of_values.found(), *own.found()), looked.found())
        is_spoilt = manuscript.lost or own.holds_any() or any(chapter.spoilt for chapter in rendered)
        if inputs and not is_spoilt and all(document.kept_as for document in manuscript.documents):
            editions.memo.put(STEP, inputs, _packed(examined))
        return examined, manuscript, rendered

    def _read_ahead(self, source: Edition) -> None:
        """Reads the editions that show chapters of `source`, which is made: they wait for pandoc at the same time."""
        for edition in self.editions.sources.editions:
            if any(chapter.borrowed == source.tag for chapter in edition.chapters):
                self.editions.ahead(edition)

    def _known(self, inputs: Mapping[str, Json]) -> Examined | None:
        """What is remembered of an edition, if the files of its images are still what they were."""
        from impressum.stages.convert.images import look_for

        raw = self.editions.memo.remembered(STEP, inputs)
        known = _unpacked(raw) if raw is not None else None
        images = (
            (image, look_for(image[0], posixpath.dirname(chapter.path), self.editions.workspace))
            for chapter in (known.chapters if known else ())
            for image in chapter.images
        )
        return known if all(image[1] == found.known_by for image, found in images) else None

    def _inputs(self, edition: Edition, models: Mapping[str, Compared]) -> dict[str, Json] | None:
        """Everything that is read for `edition`, but for the documents of its source; None where it is not worth it,
        or something that others ask of it is not known."""
        sources = self.editions.sources
        source = sources.source
        if len(sources.editions) == 1 or source is None or source.lost or sources.lost.is_any():
            return None
        is_translation = self.editions.is_translation(edition)
        if is_translation and models.keys() != {chapter.slug for chapter in source.chapters}:
            return None
        spoken = (edition, source) if is_translation else (edition,)
        setting: Json = list(self.editions.known_by())
        return {
            "chapters": [repr(chapter) for chapter in edition.chapters],
            "source": {slug: _inherited(model) for slug, model in models.items()},
            "texts": [_texts(one) for one in spoken],
            "figures": [tuple(sorted(sources.figures)), [_drawn(self.editions.drawings[one.tag]) for one in spoken]],
            "data": [[table.path, table.digest, repr(table.source_place)] for table in sources.data.values()],
            "bibliography": repr(sources.bibliography),
            "rest": [repr(sources.includes), repr(sources.places), repr(sources.untranslated.get(edition.tag))],
            "setting": setting,
            "rules": dict(self.editions.faults.severities),
        }


def _texts(edition: Edition) -> Json:
    """All that an edition says beside its chapters, with the places that are told of."""
    publication = edition.publication
    errata: Json = [str(one.place) for one in publication.errata]
    differences: Json = [str(one.place) for one in edition.texts.differences]
    return [repr(replace(edition, chapters=())), errata, differences]


def _drawn(drawings: Mapping[str, Drawing]) -> Json:
    return [repr(replace(one, content=b"")) + digest(one.content) for _, one in sorted(drawings.items())]


def _inherited(model: Compared) -> str:
    from impressum.stages.convert.inherited_ids import what_is_inherited

    return model.chapter.inherited if isinstance(model, _Remembered) else what_is_inherited(model.whole())


def _found(manuscript: Manuscript, faults: tuple[Fault, ...], looked: tuple[Fault, ...]) -> Examined:
    return Examined(
        faults,
        looked,
        frozenset(figure.declared for figure in manuscript.figures if figure.declared),
        frozenset(key for chapter in manuscript.meant.chapters for key in chapter.cited),
        tuple(
            _Chapter(
                document.slug,
                document.path,
                document.language,
                document.borrowed,
                document.read_as,
                document.kept_as,
                _inherited(Whole(document)),
                document.images,
            )
            for document in manuscript.documents
        ),
    )


def _packed(examined: Examined) -> bytes:
    chapters = [astuple(chapter) for chapter in examined.chapters]
    faults, looked = ([packed(fault) for fault in some] for some in (examined.faults, examined.looked))
    return json.dumps([faults, looked, sorted(examined.figures), sorted(examined.cited), chapters]).encode()


def _unpacked(raw: bytes) -> Examined:
    faults, looked, figures, cited, chapters = json.loads(raw)
    return Examined(
        tuple(map(unpacked, faults)),
        tuple(map(unpacked, looked)),
        frozenset(figures),
        frozenset(cited),
        tuple(_Chapter(*chapter) for chapter in chapters),
    )
