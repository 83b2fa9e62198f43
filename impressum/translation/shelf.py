"""The editions of a publication and their files, by name and text only, for the commands for translators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from impressum.core.errors import Fault, Faults, Faulty, Place, WrongUsage, nearest
from impressum.stages.load.editions import chapter_names, chosen, edition_tags, read_own_texts
from impressum.stages.load.publication import PublicationFile, read_publication
from impressum.stages.load.texts import include_names, read_text
from impressum.system.files import DISK_FULL, put
from impressum.system.workspace import Workspace

TEXTS = "edition.yaml"
SIGNED = "signed.json"
"""In `.base/`: the sign-offs."""
TEMPLATES = "templates/"


@dataclass(frozen=True)
class Shelf:
    """The tags of the `source` and of the `editions` that translate it; `twins` names, by tag, the edition that a twin
    has in another script."""

    workspace: Workspace
    file: PublicationFile
    source: str
    editions: tuple[str, ...]
    twins: Mapping[str, str]

    def chapters(self, tag: str) -> tuple[str, ...]:
        """The names of the chapter files of the edition `tag`, in order, and of its texts as `templates/note.md`."""
        return (*chapter_names(self.workspace, tag), *self._templates(tag))

    def chapter(self, tag: str, name: str) -> Path:
        """The file of the chapter or text `name` in the edition `tag`."""
        if not name.startswith(TEMPLATES):
            return self.workspace.edition(tag) / name
        own = self.workspace.templates / tag / name.removeprefix(TEMPLATES)
        is_of_all = tag == self.source and not own.exists()
        return self.workspace.templates / name.removeprefix(TEMPLATES) if is_of_all else own

    def _templates(self, tag: str) -> Iterator[str]:
        """The texts under `templates/` that are translated: those in the folder of the source edition, and those of all
        editions that any of these has translated."""
        names = include_names(self.workspace)
        parts = [name.partition("/") for name in sorted(names)]
        known = {name for home, _, name in parts if home == self.source or (home in self.editions and name in names)}
        yield from (f"{TEMPLATES}{name}" for name in sorted(known) if tag == self.source or f"{tag}/{name}" in names)

    def text(self, path: Path, faults: Faults) -> str | None:
        """The text of a file as `load` reads it: `\\n` line ends, Unicode's NFC; None after a fault."""
        text = read_text(self.workspace, path, faults)
        return text if text is None or text.isascii() else normalize("NFC", text)

    def chosen(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        """The editions `wanted`, or all. Raises WrongUsage for one that is no translation."""
        if self.source in wanted:
            there = ", ".join(self.editions) or "none"
            raise WrongUsage(f"`{self.source}` is the source, which nobody translates; editions: {there}")
        return chosen(self.editions, wanted)

    def named(self, given: str) -> str:
        """The file name of the source chapter `given` by slug, file name or path. Raises Faulty for an unknown one."""
        names = self.chapters(self.source)
        wanted = given.replace("\\", "/").rstrip("/").rpartition("/")[2]
        for name in (*names, TEXTS):
            if name.rpartition("/")[2] in (wanted, f"{wanted}.md"):
                return name
        near = nearest(wanted, [name.removesuffix(".md") for name in names])
        message = f"there is no chapter `{given}`" + (f"; did you mean `{near}`?" if near else "")
        hint = f"chapters: {', '.join(name.removesuffix('.md') for name in names) or 'none'}"
        raise Faulty([Fault(Place(f"chapters/{self.source}"), message, "chapter-missing", hint)])


def read_shelf(workspace: Workspace) -> Shelf:
    """The editions of the publication. Raises Faulty where they cannot be listed; `check` reports other faults."""
    faults = Faults()
    file = read_publication(workspace, faults)
    language = file.tree.text("language") if file.tree else None
    folders = Faults()
    tags = edition_tags(workspace, language, folders)
    source = language.text.strip() if language else ""
    if source not in tags:
        faults.extend(folders.all())
        raise Faulty(faults.errors())
    others = tuple(tag for tag in tags if tag != source)
    return Shelf(workspace, file, source, others, _twins(workspace, source, others))


def _twins(workspace: Workspace, source: str, tags: tuple[str, ...]) -> dict[str, str]:
    trees = {tag: read_own_texts(workspace, tag, Faults()) for tag in tags}
    named = {tag: tree.text("twin-of") for tag, tree in trees.items() if tree}
    return {tag: twin.text.strip() for tag, twin in named.items() if twin and twin.text.strip() in (source, *tags)}


def write_file(workspace: Workspace, path: Path, content: bytes) -> None:
    """Writes `content` to `path`, creating folders. Raises Faulty, with the old file unchanged, where it cannot.

    A path that leads out of the publication through a link is refused.
    """
    name = workspace.relative(path)
    if workspace.inside(name) is None:
        message = f"`{name}` leads out of the publication's folder, so nothing is written there"
        hint = "put a folder of its own in the place of the link"
        raise Faulty([Fault(Place(name), message, "file-outside", hint)])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, content, durable=True)
    except OSError as error:
        raise Faulty([_not_written(name, error)]) from error


def _not_written(name: str, error: OSError) -> Fault:
    reason = error.strerror or type(error).__name__
    if error.errno in DISK_FULL:
        return Fault(Place(name), f"the file does not fit on the disk ({reason})", "disk-full", "free some space")
    hint = "see that you may write in this folder, and that the file is not open in another program"
    return Fault(Place(name), f"the file cannot be written ({reason}); nothing was changed", "file-not-writable", hint)
