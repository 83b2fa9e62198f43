"""Chapters that an edition does not have itself: those of its twin in another script, else those of the source."""

from __future__ import annotations

from dataclasses import dataclass, replace

from impressum.core.errors import Faults, Place, nearest
from impressum.core.model.lost import LostChapter, may_be
from impressum.core.model.sources import ChapterSource
from impressum.core.transliteration import Transliterator
from impressum.stages.load.editions import EditionFolder, chapter_names
from impressum.stages.load.twins import twin_front
from impressum.system.workspace import Workspace


def check_unknown(workspace: Workspace, tag: str, source: str, faults: Faults) -> None:
    """A fault for each chapter of the edition `tag` that the edition `source` does not have."""
    names = chapter_names(workspace, tag)
    if tag == source and not names:
        faults.error(
            Place(workspace.relative(workspace.edition(tag))),
            "the edition has no chapters",
            "chapter-none",
            f"write the first one as `chapters/{tag}/01-introduction.md`",
        )
    wanted = chapter_names(workspace, source)
    for name in names:
        if name not in wanted:
            meant = nearest(name, wanted)
            faults.error(
                Place(workspace.relative(workspace.edition(tag) / name)),
                f"the source edition `{source}` has no chapter `{name}`",
                "chapter-unknown",
                f"rename it to `{meant}`" if meant else f"delete it, or write `chapters/{source}/{name}`",
            )


@dataclass(frozen=True)
class Twin:
    """The edition of which another is the same in a second script, and what puts its words into that."""

    folder: EditionFolder
    transliterator: Transliterator


def with_borrowed(
    folder: EditionFolder, source: EditionFolder, twin: Twin | None, workspace: Workspace, faults: Faults
) -> EditionFolder:
    """`folder` with every chapter of `source`, in its order; those that are not translated are borrowed from there.

    What `twin` has translated comes before that. Each chapter that is not translated is a warning, an error where
    the edition says `fallback: forbid`, and nothing where it says `fallback: show`.
    """
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
        found = own.pop(slug, None) or _from(of_twin.get(slug), twin)
        if found:
            chapters.append(found)
            lost.pop(slug, None)
        elif name not in there and slug in lent:  # of one that cannot be read nobody can say what is missing
            chapters.append(_lent(lent[slug], source.tag))
            _say(folder, slug, source.tag, workspace, faults)
    unknown = (LostChapter(slug, chapter.body.text) for slug, chapter in own.items())
    return replace(folder, chapters=tuple(chapters), lost=(*lost.values(), *unknown))


def without_borrowed(folder: EditionFolder, source: EditionFolder, workspace: Workspace) -> EditionFolder:
    """`folder`, of which nobody can say whose chapters it has beside its own: all that `source` has may be in it."""
    own = {name.removesuffix(".md") for name in chapter_names(workspace, folder.tag)}
    slugs = (name.removesuffix(".md") for name in chapter_names(workspace, source.tag))
    return replace(folder, lost=(*folder.lost, *(LostChapter(slug, None) for slug in slugs if slug not in own)))


def _from(chapter: ChapterSource | None, twin: Twin | None) -> ChapterSource | None:
    if chapter is None or twin is None:
        return None
    return replace(chapter, twin=twin.folder.tag, front=twin_front(chapter.front, twin.transliterator))


def _lent(chapter: ChapterSource, tag: str) -> ChapterSource:
    """`chapter` of the source edition `tag` as another shows it: in its own language."""
    front = chapter.front.model_copy(update={"language": chapter.front.language or tag})
    return replace(chapter, front=front, borrowed=tag)


def _say(folder: EditionFolder, slug: str, source: str, workspace: Workspace, faults: Faults) -> None:
    fallback = folder.texts.fallback
    if fallback == "show" or may_be("fallback", folder.unknown):
        return
    name = f"{slug}.md"
    note = faults.error if fallback == "forbid" else faults.warning
    note(
        Place(workspace.relative(workspace.edition(folder.tag))),
        f"the edition has no `{name}`" + ("" if fallback else f", and shows that of `chapters/{source}`"),
        "chapter-untranslated",
        f"translate `chapters/{source}/{name}` to `chapters/{folder.tag}/{name}`"
        + ("" if fallback else f", or write `fallback: show` in `chapters/{folder.tag}/edition.yaml`"),
    )
