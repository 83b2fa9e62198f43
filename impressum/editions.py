"""The manuscripts of all editions, each translation held to the source edition: ids, and parity."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from impressum.errors import Faults, Faulty, packed, unpacked

if TYPE_CHECKING:
    from impressum.convert import Apparatus, Depths, Reader, References, Style
    from impressum.memo import Json, Memo
    from impressum.model.chapters import ChapterDocument
    from impressum.model.drawing import Drawing
    from impressum.model.meant import Manuscript
    from impressum.model.sources import Edition, RenderedChapter, Sources
    from impressum.model.theme import Theme
    from impressum.workspace import Workspace

Rendered = tuple[tuple["RenderedChapter", ...], "References | None"]
"""The chapters of an edition after `render`, and its bibliography."""
Render = Callable[["Edition", Faults], Rendered]


class Check(Protocol):
    """A check of documents that are given already; what it finds goes to `faults`."""

    def __call__(self, *, faults: Faults) -> None: ...


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
    _of_twins: Faults = field(default_factory=Faults)
    """Letters that are found in the chapters of twins: mostly where the edition has them that they are taken from."""

    def manuscripts(self, rendered: Sequence[Rendered]) -> tuple[Manuscript, ...]:
        """The manuscript of each edition, whose chapters are `rendered`; raises `Faulty`."""
        from impressum.convert import convert

        sources = self.sources
        made: dict[str, Manuscript] = {}
        stopped = False
        for edition, (chapters, references) in zip(sources.editions, rendered, strict=True):
            is_translation = sources.source is not None and edition.tag != sources.source.tag
            if is_translation and not self.model:
                self.model = self._source_documents(made)
            own = self.faults.apart()
            try:
                manuscript = convert(
                    chapters,
                    reader=self._reader(edition, references, own),
                    references=references,
                    style=self.style,
                    depths=self._depths(),
                    apparatus=self._apparatus(),
                    memo=self.memo,
                    model=self.model if is_translation else {},
                )
            except Faulty as faulty:  # the other editions are read nevertheless
                own.take(faulty)
                stopped = True
                continue
            finally:
                self.faults.extend(own.found())
            if is_translation:
                self._compare(edition, manuscript)
            else:
                self._check_letters(manuscript.documents, self.faults)
            self._check_prose(chapters, manuscript)
            silent = sources.untranslated.get(edition.tag, {})
            self.faults.extend(silent[name] for name in sorted(silent.keys() & manuscript.own_figures()))
            made[edition.tag] = manuscript
        told = {(fault.place, fault.rule) for fault in self.faults.found()}
        self.faults.extend(fault for fault in self._of_twins.found() if (fault.place, fault.rule) not in told)
        if stopped:
            raise Faulty(self.faults.all())
        return tuple(made.values())

    def _compare(self, edition: Edition, manuscript: Manuscript) -> None:
        """Holds each chapter of a translation to its source; those of a twin are held to it in the other script."""
        from impressum.parity import check_differences, compare, compare_placeholders

        source = self.sources.source
        assert source is not None
        meant = edition.texts.differences
        path = self.workspace.relative(self.workspace.edition_file(edition.tag))
        slugs = tuple(chapter.slug for chapter in edition.chapters)
        check_differences(meant, slugs, path, self.faults)
        theirs = {chapter.slug: chapter for chapter in source.chapters}
        for chapter, document in zip(edition.chapters, manuscript.documents, strict=True):
            model = self.model.get(chapter.slug)
            if model is None or chapter.borrowed:
                continue
            if chapter.twin:  # what it lacks is told of the edition that it is taken from
                self._check_letters((document,), self._of_twins)
                continue
            read: Json = [document.read_as, model.read_as]
            about: Json = [repr(document.front), document.language, model.language, source.tag, repr(meant)]
            inputs: dict[str, Json] = {"chapters": read, "about": about, "slug": document.slug}
            is_known = bool(document.read_as and model.read_as)
            check = partial(compare, document, model, source_language=source.tag, meant=meant)
            self._once(inputs if is_known else None, check, self.faults)
            compare_placeholders(chapter, theirs[chapter.slug], meant=meant, faults=self.faults)

    def _check_letters(self, documents: Sequence[ChapterDocument], faults: Faults) -> None:
        """Looks for letters of another script within the words of chapters that are compared with none."""
        from impressum.parity import check_letters

        for document in documents:
            inputs: dict[str, Json] = {"letters": document.read_as, "slug": document.slug}
            self._once(inputs if document.read_as else None, partial(check_letters, document), faults)

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

    def _check_prose(self, chapters: Sequence[RenderedChapter], manuscript: Manuscript) -> None:
        """Looks for slips in the text; that of a twin, which is put into its script, is told of where it is written."""
        from impressum.prose import check_prose

        written = [
            document
            for chapter, document in zip(chapters, manuscript.documents, strict=True)
            if not chapter.source.twin
        ]
        check_prose(written, {chapter.source.slug: chapter.map.source_lines for chapter in chapters}, self.faults)

    def _source_documents(self, made: Mapping[str, Manuscript]) -> dict[str, ChapterDocument]:
        """The chapters of the source edition by name: as they were made, else read for the purpose."""
        from impressum.convert import read_documents

        source = self.sources.source
        assert source is not None
        if source.tag in made:
            return {document.slug: document for document in made[source.tag].documents}
        aside = Faults()
        try:
            chapters, references = self.render(source, aside)
            documents = read_documents(chapters, self._reader(source, references, aside), self.memo)
        except Faulty:
            return {}
        unread = {fault.place.path for fault in aside.errors()}
        return {document.slug: document for document in documents if document.path not in unread}

    def _reader(self, edition: Edition, references: References | None, faults: Faults) -> Reader:
        from impressum.convert import Reader, Voice

        voices = {one.tag: Voice(one, self.drawings[one.tag]) for one in self.sources.spoken()}
        own = voices.get(edition.tag) or Voice(edition, {})
        source = self.sources.source
        keys = frozenset(references.places) if references else frozenset()
        return Reader(
            own,
            voices.get(source.tag) if source else None,
            self.sources.data,
            keys,
            self.theme.figure_rooms(),
            self.workspace,
            faults,
        )

    def _depths(self) -> Depths:
        from impressum.convert import Depths

        return Depths(int(self.theme.number("numbers", "depth")), int(self.theme.number("contents", "depth")))

    def _apparatus(self) -> Apparatus:
        from impressum.convert import Apparatus

        return Apparatus(
            pages=self.theme.flag("references", "pages"),
            notes_by_chapter=self.theme.text("notes", "numbering") == "chapter",
            works_by_chapter=self.theme.text("references", "by") == "chapter",
        )
