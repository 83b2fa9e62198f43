"""Reads `chapters/<tag>/`: an edition's texts over the publication's, its layout, its chapters with front matter."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal
from unicodedata import normalize

from pydantic import BaseModel, BeforeValidator, ConfigDict

from impressum.core.errors import Faults, Place, WrongUsage, did_you_mean
from impressum.core.file_names import RENAME, Misspelt, alike
from impressum.core.markdown_blocks import front_end
from impressum.core.model.fits import LayoutEntry
from impressum.core.model.identifiers import TAG
from impressum.core.model.lost import EVERYTHING, LostChapter
from impressum.core.model.publication import EditionTexts, FrontMatter, Publication, PublicationTexts, Text
from impressum.core.model.sources import ChapterSource, SourceText
from impressum.stages.load.binding import Bound, bind, bind_what_fits
from impressum.stages.load.images import check_images
from impressum.stages.load.publication import slug_of, with_errata
from impressum.stages.load.strict_yaml import parse_yaml, read_yaml, read_yaml_in_part
from impressum.stages.load.text_checks import FRONT_MATTER, check_quotes, check_titles, filled
from impressum.stages.load.texts import TEXT_LIMIT, decode, read_bytes
from impressum.stages.load.tree import Items, Scalar, Tree, TreeEntry, merged, without
from impressum.system.workspace import Workspace

CHAPTER = re.compile(r"^\d{2,3}-[a-z0-9-]+\.md$")
EXPECTED = frozenset({"edition.yaml", "layout.yaml", "layout.lock"})

LANGUAGE = "lang"
"""In unreadable front matter, this hints that the chapter declares its own language."""
ASKS = ("break-before", "keep-together", "lines", "place")
EXAMPLE = 'write `- at: "#sec-name"` or `- at: "First words"`, and below it `break-before: true`'


@dataclass(frozen=True)
class EditionFolder:
    """An edition's folder: the sound part of its `edition.yaml` as a tree and as texts; `unknown` paths of the rest."""

    tag: str
    tree: Tree | None
    texts: EditionTexts
    chapters: tuple[ChapterSource, ...]
    layout: tuple[LayoutEntry, ...] = ()
    twin: str = ""
    lost: tuple[LostChapter, ...] = ()
    """The chapters that cannot be read."""
    unknown: frozenset[str] = frozenset()


def edition_tags(workspace: Workspace, language: Scalar | None, faults: Faults) -> tuple[str, ...]:
    """The tags of all editions, the source edition (whose tag `language` is) first."""
    tags = []
    folder = workspace.chapters
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith("."):
            continue
        if not path.is_dir():
            _warn_unexpected(workspace, path, faults)
        elif not TAG.match(path.name):
            message = f"`{path.name}` is not a language tag (BCP 47)"
            hint = "name the folder of an edition like en, sr-Latn or de-AT"
            faults.error(Place(workspace.relative(path)), message, "edition-name", hint)
        else:
            tags.append(path.name)
    source = language.text.strip() if language else ""
    if language and TAG.match(source) and source not in tags:
        there = ", ".join(f"`chapters/{tag}`" for tag in tags) or "none"
        message = f"the language is `{source}`, but there is no folder `chapters/{source}`"
        hint = f"put the chapters there, or name another language; folders there are: {there}"
        faults.error(language.place, message, "edition-source", hint)
    return tuple(sorted(tags, key=lambda tag: (tag != source, tag)))


def chosen(tags: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `tags` that are `wanted` (all, where none is). Raises WrongUsage for a tag that is no edition."""
    for tag in wanted:
        if tag not in tags:
            raise WrongUsage(f"there is no edition `{tag}`; editions: {', '.join(tags) or 'none'}")
    return tuple(tag for tag in tags if not wanted or tag in wanted)


def chapter_names(workspace: Workspace, tag: str) -> tuple[str, ...]:
    """The names of the chapter files of the edition `tag`, in the order of their numbers."""
    names = (path.name for path in workspace.edition(tag).iterdir() if CHAPTER.match(path.name))
    return tuple(sorted(names, key=lambda name: (int(name.partition("-")[0]), name)))


def is_chapter(path: str) -> bool:
    """Whether `path`, relative to the root, is that of a chapter."""
    folder, _, name = path.rpartition("/")
    return folder.startswith("chapters/") and bool(CHAPTER.match(name))


def read_edition(
    workspace: Workspace,
    tag: str,
    own: Tree | None,
    base: Tree | None,
    faults: Faults,
    unknown: frozenset[str] = frozenset(),
    of_base: frozenset[str] = frozenset(),
) -> EditionFolder:
    """Reads the folder of `tag`; `own` is its `edition.yaml`, laid over `base`, with the unreadable paths of each."""
    _check_names(workspace, tag, faults)
    texts, tree, unknown = _bound(workspace, own, base, faults, unknown, of_base)
    paths = (workspace.edition(tag) / name for name in chapter_names(workspace, tag))
    read = [read_chapter(workspace, path, faults) for path in paths]
    chapters = tuple(chapter for chapter in read if isinstance(chapter, ChapterSource))
    lost = tuple(chapter for chapter in read if isinstance(chapter, LostChapter))
    return EditionFolder(tag, tree, texts, chapters, lost=lost, unknown=unknown)


def edition_publication(publication: Publication, texts: EditionTexts) -> Publication:
    """`publication` with the texts that an edition overrides."""
    given = texts.model_fields_set & PublicationTexts.model_fields.keys()
    return publication.model_copy(update={name: getattr(texts, name) for name in given})


def read_own_texts(workspace: Workspace, tag: str, faults: Faults) -> Tree | None:
    """The tree of the `edition.yaml` of the edition `tag`, or None where there is none, or one with faults."""
    tree = read_yaml(workspace, workspace.edition_file(tag), faults) if has_own_texts(workspace, tag) else None
    return filled(tree, faults) if tree else None


def read_own_part(workspace: Workspace, tag: str, faults: Faults) -> tuple[Tree | None, frozenset[str]]:
    """The readable part of the `edition.yaml` of the edition `tag`, and the paths of the rest."""
    if not has_own_texts(workspace, tag):
        return None, frozenset()
    part = read_yaml_in_part(workspace, workspace.edition_file(tag), faults)
    return (filled(part.tree, faults), part.unknown) if part else (None, EVERYTHING)


def has_own_texts(workspace: Workspace, tag: str) -> bool:
    """Whether the edition `tag` has an `edition.yaml`, valid or not."""
    path = workspace.edition_file(tag)
    return path.exists() or path.is_symlink()


def _bound(
    workspace: Workspace,
    own: Tree | None,
    base: Tree | None,
    faults: Faults,
    unknown: frozenset[str],
    of_base: frozenset[str],
) -> tuple[EditionTexts, Tree | None, frozenset[str]]:
    """The texts that fit, the part of `own` that does, and the paths of what does not."""
    if own is None:
        return EditionTexts(), None, unknown
    whole = merged(base, own) if base else own
    read: Bound[EditionTexts] = bind_what_fits(EditionTexts, whole, faults, lost=unknown, of_base=of_base)
    check_images(workspace, read.tree, faults)
    texts = with_errata(read.value, read.tree, faults)
    assert texts is not None, "an edition needs no key"
    listed = zip(texts.differences, read.tree.items("differences"), strict=True)
    placed = tuple(one.at(node.place) for one, node in listed)
    texts = texts.model_copy(update={"differences": placed}) if placed else texts
    return texts, without(own, read.spoilt), read.unknown


def _check_names(workspace: Workspace, tag: str, faults: Faults) -> None:
    for path in sorted(workspace.edition(tag).iterdir()):
        if path.name.startswith(".") or path.name in EXPECTED or CHAPTER.match(path.name):
            continue
        expected = alike(path.name, EXPECTED)
        if expected:
            folder = workspace.edition(tag)
            given, found = (workspace.relative(folder / name) for name in (expected, path.name))
            Misspelt(given, found).add_to(faults, Place(found), RENAME)
            continue
        if path.suffix.lower() == ".md":
            message = f"`{path.name}` is not the name of a chapter: it must be like `02-economy.md`"
            number = re.sub(r"\D.*", "", path.stem, flags=re.DOTALL)
            slug = slug_of(path.stem[len(number) :]) or "name"
            hint = f"rename it to `{number[:3].zfill(2) if number else 'NN'}-{slug}.md`"
            faults.error(Place(workspace.relative(path)), message, "chapter-name", hint)
        elif not _is_shown(workspace, path):
            _warn_unexpected(workspace, path, faults)


def _is_shown(workspace: Workspace, path: Path) -> bool:
    """Whether a chapter beside `path` names it: as an image that it shows, or the folder of images."""
    chapters = (one for one in path.parent.iterdir() if CHAPTER.match(one.name))
    texts = (read_bytes(workspace, one, Faults(), limit=TEXT_LIMIT) or b"" for one in chapters)
    return any(f"{path.name}{'/' if path.is_dir() else ''}" in text.decode("utf-8", "replace") for text in texts)


def _warn_unexpected(workspace: Workspace, path: Path, faults: Faults) -> None:
    hint = "chapters are `NN-name.md`, other texts go into `edition.yaml`; move anything else away"
    faults.warning(Place(workspace.relative(path)), f"`{path.name}` is not read", "file-unexpected", hint)


def read_chapter(workspace: Workspace, path: Path, faults: Faults) -> ChapterSource | LostChapter:
    """The chapter in the file `path`, in NFC, or what is left after faults: its text, if its language is known."""
    raw = read_bytes(workspace, path, faults, limit=TEXT_LIMIT)
    if raw is None:
        return LostChapter(path.stem, None)
    name = workspace.relative(path)
    text = decode(raw, name, faults)
    if text is None:
        return LostChapter(path.stem, raw.decode("utf-8", "replace"))
    lines = normalize("NFC", text).split("\n")
    end = front_end(lines)
    if end is None:
        hint = "close it with a line `---`; for a rule across the page write `* * *`"
        faults.error(Place(name, 1), "the front matter that begins here is not closed", "front-matter-unclosed", hint)
        return LostChapter(path.stem, text)
    body = SourceText(name, "\n".join(lines[end:]), end)
    if not body.text.strip():
        faults.error(Place(name), "the chapter is empty", "chapter-empty", "write its text, or delete the file")
        return LostChapter(path.stem, text)
    front = _front(lines[1 : end - 1], name, faults) if end else FrontMatter()
    if front is None and any(LANGUAGE in line for line in lines[: end - 1]):
        return LostChapter(path.stem, text)
    return ChapterSource(path.stem, front or FrontMatter(), body)


def _front(lines: list[str], name: str, faults: Faults) -> FrontMatter | None:
    if all(not line.strip() or line.lstrip().startswith("#") for line in lines):
        return FrontMatter()
    tree = parse_yaml("\n".join(lines), name, faults, offset=1)
    if tree is None:
        return None
    tree = _as_of_pandoc(tree, faults)
    check_quotes(tree, FRONT_MATTER, faults)
    check_titles(tree, faults)
    return bind(FrontMatter, tree, faults)


def _as_of_pandoc(tree: Tree, faults: Faults) -> Tree:
    """The front matter `tree` without pandoc's keys: `author` becomes `authors`, `title` is reported."""
    entries = dict(tree.entries)
    title, author = entries.pop("title", None), entries.get("author")
    if title:
        words = title.value.text if isinstance(title.value, Scalar) else "Title"
        message = "the title of a chapter is in its text, and the key `title` is not read"
        hint = f"begin the text with `# {words}`, and take the key out"
        faults.warning(title.place, message, "yaml-unknown-key", hint)
    if author and "authors" not in entries and isinstance(author.value, Scalar | Items):
        value = author.value if isinstance(author.value, Items) else Items((author.value,), author.value.place)
        entries["authors"] = replace(entries.pop("author"), value=value)
    return Tree(entries, tree.place)


def _lines(value: object) -> object:
    """The number of lines: -2, -1, 1 or 2."""
    text = str(value).strip()
    if text.removeprefix("+") not in ("-2", "-1", "1", "2"):
        reason = "a paragraph can be up to 2 lines shorter or longer"
        raise ValueError(f"`lines` must be -2, -1, 1 or 2, not `{text[:60]}`: {reason}")
    return int(text)


class LayoutKeys(BaseModel):
    """An entry as it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"))
    at: Text
    break_before: Literal["true"] | None = None
    keep_together: Literal["true"] | None = None
    lines: Annotated[int | None, BeforeValidator(_lines)] = None
    place: Literal["top", "bottom", "here"] | None = None


def read_layout(workspace: Workspace, tag: str, chapters: tuple[str, ...], faults: Faults) -> tuple[LayoutEntry, ...]:
    """The entries of the edition `tag`, whose chapters have the names `chapters`; none where there is no file."""
    path = workspace.layout_file(tag)
    if not (path.exists() or path.is_symlink()):
        return ()
    tree = read_yaml(workspace, path, faults)
    found: list[LayoutEntry] = []
    for name, entry in tree.entries.items() if tree else ():
        slug = name.removesuffix(".md")
        if slug not in chapters:
            message = f"the edition has no chapter `{name}`{did_you_mean(slug, chapters)}"
            hint = f"its chapters are {', '.join(f'`{chapter}`' for chapter in chapters)}"
            faults.error(entry.place, message, "layout-chapter", hint)
        entries = _entries(slug, entry, faults)
        found += entries if slug in chapters else []
    return tuple(found)


def _entries(chapter: str, listed: TreeEntry, faults: Faults) -> list[LayoutEntry]:
    """The entries of one chapter."""
    if not isinstance(listed.value, Items):
        faults.error(listed.value.place, f"`{chapter}` must be a list of entries", "yaml-type", EXAMPLE)
        return []
    found = []
    for item in listed.value.items:
        if not isinstance(item, Tree):
            faults.error(item.place, f"an entry of `{chapter}` must be a mapping", "yaml-type", EXAMPLE)
            continue
        entry = bind(LayoutKeys, item, faults)
        at = item.text("at")
        if entry is None or at is None:
            continue
        if not any(key in item.entries for key in ASKS):
            message = f"the entry at `{entry.at}` asks for nothing"
            faults.error(item.place, message, "layout-empty", f"add one of {', '.join(f'`{key}`' for key in ASKS)}")
            continue
        breaks, keeps = entry.break_before is not None, entry.keep_together is not None
        found.append(LayoutEntry(chapter, entry.at, item.place, at.place, breaks, keeps, entry.lines or 0, entry.place))
    return found
