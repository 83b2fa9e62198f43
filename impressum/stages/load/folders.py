"""Reads the folders of the requested editions; missing chapters come from the twin, else from the source edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from impressum.core.errors import Fault, Faults, Place, nearest
from impressum.core.model.lost import LostChapter, may_be
from impressum.core.model.sources import ChapterSource, DataTable, FigureSource
from impressum.core.transliteration import Transliterator
from impressum.stages.load.editions import (
    EditionFolder,
    chapter_names,
    chosen,
    edition_tags,
    is_chapter,
    read_edition,
    read_layout,
    read_own_part,
)
from impressum.stages.load.tree import Scalar, Tree, joined
from impressum.stages.load.twins import check_twins, of_twin, twin_declared, twin_front, twin_of, twin_texts
from impressum.system.workspace import Workspace


@dataclass
class Folders:
    """Reads the folders of editions; faults of one that is not requested are reported only where another needs it."""

    workspace: Workspace
    publication: Tree | None
    figures: Mapping[str, FigureSource]
    data: Mapping[str, DataTable]
    faults: Faults
    unknown: frozenset[str] = frozenset()
    """The paths of what cannot be read in `publication`."""
    source: str = ""
    """The tag of the source edition; empty where there is none."""
    _trees: dict[str, Tree | None] = field(default_factory=dict)
    """The `edition.yaml` of each edition."""
    _unknown: dict[str, frozenset[str]] = field(default_factory=dict)
    """The paths of what cannot be read in it."""
    _aside: dict[str, Faults] = field(default_factory=dict)
    """The faults in the folder of each edition."""
    _twins: dict[str, str] = field(default_factory=dict)
    _of_twins: dict[str, tuple[Fault, ...]] = field(default_factory=dict)
    """The faults in what each edition says about its twin; warnings where it seems to have none."""
    _may_be_twins: set[str] = field(default_factory=set)
    """Editions whose source of missing chapters cannot be determined."""
    _read: dict[str, EditionFolder] = field(default_factory=dict)

    def read(self, wanted: tuple[str, ...]) -> tuple[EditionFolder, ...]:
        """The editions of the tags `wanted` (none given: all). Raises WrongUsage for a tag that is no edition."""
        language = self.publication.text("language") if self.publication else None
        tags = edition_tags(self.workspace, language, self.faults)
        requested = chosen(tags, wanted)
        self.source = language.text.strip() if language and language.text.strip() in tags else ""
        self._read_trees(tags)
        if self.source:
            for tag in dict.fromkeys((self.source, *requested)):
                check_unknown(self.workspace, tag, self.source, self.faults)
        for tag in requested:
            is_known = not may_be("twin-of", self._folder(tag).unknown)
            self.faults.extend(self._aside[tag].all())
            self.faults.extend(fault for fault in self._of_twins[tag] if is_known or fault.severity == "error")
        return tuple(self._whole(tag) for tag in requested)

    def source_folder(self, requested: tuple[EditionFolder, ...]) -> EditionFolder | None:
        """The folder of the source edition; None if more than chapters of it are faulty and it was not requested."""
        if not self.source:
            return None
        folder = self._folder(self.source)
        faulty = any(not is_chapter(fault.place.path) for fault in self._aside[self.source].errors())
        if faulty and self.source not in {one.tag for one in requested}:
            return None
        return self._with_layout(folder)

    def _read_trees(self, tags: tuple[str, ...]) -> None:
        """Every `edition.yaml`, and which editions are twins; one that cannot be a twin is a fault, and none."""
        for tag in tags:
            self._aside[tag] = Faults()
            self._trees[tag], self._unknown[tag] = read_own_part(self.workspace, tag, self._aside[tag])
        found = Faults()
        check_twins(self._trees, self.source, found)
        wrong = {fault.place.path for fault in found.errors() if fault.rule != "twin-words"}
        for tag in tags:
            path = self.workspace.relative(self.workspace.edition_file(tag))
            self._of_twins[tag] = tuple(fault for fault in found.all() if fault.place.path == path)
            named = twin_of(self._trees[tag])
            if named and path not in wrong and named.text.strip() in tags:
                self._twins[tag] = named.text.strip()
            elif named or may_be("twin-of", self._unknown[tag]):
                self._may_be_twins.add(tag)

    def _folder(self, tag: str) -> EditionFolder:
        """The folder of `tag` as it is; a twin has the texts of the other edition, in its script, below its own."""
        if tag not in self._read:
            own = self._trees[tag]
            if tag in self._twins and own:
                own = joined(self._twin_texts(tag), own)
            about = self._unknown[tag], self.unknown
            folder = read_edition(self.workspace, tag, own, self.publication, self._aside[tag], *about)
            if tag in self._twins:
                other = self._folder(self._twins[tag]).unknown
                folder = replace(folder, unknown=folder.unknown | of_twin(other))
            self._read[tag] = folder
        return self._read[tag]

    def _twin_texts(self, tag: str) -> Tree:
        twin, transliterator = self._twins[tag], self._transliterator(tag)
        theirs = self._folder(twin).tree
        texts = twin_texts(theirs, transliterator) if theirs else None
        if twin != self.source or not self.publication:
            return texts or Tree({}, Place(""))
        declared = twin_declared(self.figures, self.data, transliterator)
        base = joined(twin_texts(self.publication, transliterator), declared)
        return joined(base, texts) if texts else base

    def _transliterator(self, tag: str) -> Transliterator:
        """The transliterator from the twin of `tag`, with the exceptions listed in its `edition.yaml`."""
        tree = self._trees[tag]
        given = tree.table("transliteration") if tree else None
        words = given.table("words") if given else None
        listed = words.entries.items() if words else ()
        exceptions = {word: entry.value.text for word, entry in listed if isinstance(entry.value, Scalar)}
        keep = tuple(item.text for item in (given.items("keep") if given else ()) if isinstance(item, Scalar))
        return Transliterator(self._twins[tag], tag, exceptions, keep)

    def _whole(self, tag: str) -> EditionFolder:
        """The folder of `tag` with what it borrows."""
        folder = replace(self._folder(tag), twin=self._twins.get(tag, ""))
        if self.source and tag != self.source:
            twin = None
            if tag in self._twins:
                other = self._folder(self._twins[tag])
                self.faults.extend(self._aside[other.tag].all())
                twin = Twin(other, self._transliterator(tag))
            if tag in self._may_be_twins or may_be("twin-of", folder.unknown):
                folder = without_borrowed(folder, self._folder(self.source), self.workspace)
            else:
                folder = with_borrowed(folder, self._folder(self.source), twin, self.workspace, self.faults)
            own = {path.removesuffix(".md") for path in chapter_names(self.workspace, tag)}
            if any(chapter.borrowed for chapter in folder.chapters) or any(one.slug not in own for one in folder.lost):
                self.faults.extend(self._aside[self.source].all())
        return self._with_layout(folder)

    def _with_layout(self, folder: EditionFolder) -> EditionFolder:
        names = (*(chapter.slug for chapter in folder.chapters), *(chapter.slug for chapter in folder.lost))
        return replace(folder, layout=read_layout(self.workspace, folder.tag, names, self.faults))


def check_unknown(workspace: Workspace, tag: str, source: str, faults: Faults) -> None:
    """A fault for each chapter of the edition `tag` that the edition `source` does not have."""
    names = chapter_names(workspace, tag)
    if tag == source and not names:
        message = "the edition has no chapters"
        hint = f"write the first one as `chapters/{tag}/01-introduction.md`"
        faults.error(Place(workspace.relative(workspace.edition(tag))), message, "chapter-none", hint)
    wanted = chapter_names(workspace, source)
    for name in names:
        if name not in wanted:
            near = nearest(name, wanted)
            message = f"the source edition `{source}` has no chapter `{name}`"
            hint = f"rename it to `{near}`" if near else f"delete it, or write `chapters/{source}/{name}`"
            faults.error(Place(workspace.relative(workspace.edition(tag) / name)), message, "chapter-unknown", hint)


@dataclass(frozen=True)
class Twin:
    """The edition of which another is the same in a second script, and what puts its words into that."""

    folder: EditionFolder
    transliterator: Transliterator


def with_borrowed(
    folder: EditionFolder, source: EditionFolder, twin: Twin | None, workspace: Workspace, faults: Faults
) -> EditionFolder:
    """`folder` with all chapters of `source`, missing ones from `twin` or there; `fallback:` weighs the warning."""
    if folder.tag == source.tag:
        return folder
    lent = {chapter.slug: chapter for chapter in source.chapters}
    own = {chapter.slug: chapter for chapter in folder.chapters}
    tags = (folder.tag, twin.folder.tag) if twin else (folder.tag,)
    there = {name for tag in tags for name in chapter_names(workspace, tag)}
    of_twin = {chapter.slug: chapter for chapter in twin.folder.chapters} if twin else {}
    chapters: list[ChapterSource] = []
    of_twin_lost = (replace(chapter, text=None) for chapter in (twin.folder.lost if twin else ()))
    lost = {chapter.slug: chapter for chapter in (*source.lost, *of_twin_lost, *folder.lost)}
    for name in chapter_names(workspace, source.tag):
        slug = name.removesuffix(".md")
        found = own.pop(slug, None)
        if not found and twin and (theirs := of_twin.get(slug)):
            found = replace(theirs, twin=twin.folder.tag, front=twin_front(theirs.front, twin.transliterator))
        if found:
            chapters.append(found)
            lost.pop(slug, None)
        elif name not in there and slug in lent:  # of one that cannot be read nobody can say what is missing
            front = lent[slug].front.model_copy(update={"language": lent[slug].front.language or source.tag})
            chapters.append(replace(lent[slug], front=front, borrowed=source.tag))
            _say(folder, slug, source.tag, workspace, faults)
    unknown = (LostChapter(slug, chapter.body.text) for slug, chapter in own.items())
    return replace(folder, chapters=tuple(chapters), lost=(*lost.values(), *unknown))


def without_borrowed(folder: EditionFolder, source: EditionFolder, workspace: Workspace) -> EditionFolder:
    """`folder`, with every chapter of `source` that is not its own marked as lost: any of them may be in it."""
    own = {name.removesuffix(".md") for name in chapter_names(workspace, folder.tag)}
    slugs = (name.removesuffix(".md") for name in chapter_names(workspace, source.tag))
    return replace(folder, lost=(*folder.lost, *(LostChapter(slug, None) for slug in slugs if slug not in own)))


def _say(folder: EditionFolder, slug: str, source: str, workspace: Workspace, faults: Faults) -> None:
    fallback = folder.texts.fallback
    if fallback == "show" or may_be("fallback", folder.unknown):
        return
    name = f"{slug}.md"
    note = faults.error if fallback == "forbid" else faults.warning
    message = f"the edition has no `{name}`" + ("" if fallback else f", and shows that of `chapters/{source}`")
    hint = f"translate `chapters/{source}/{name}` to `chapters/{folder.tag}/{name}`" + (
        "" if fallback else f", or write `fallback: show` in `chapters/{folder.tag}/edition.yaml`"
    )
    note(Place(workspace.relative(workspace.edition(folder.tag))), message, "chapter-untranslated", hint)
