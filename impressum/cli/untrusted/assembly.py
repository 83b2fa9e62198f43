"""Puts the base and the stranger's texts into one folder, laid out as a publication; delivers what is built of it.

From the base: `publication.yaml`, `templates/` but for its words, the citation style, and what is in `figures/*.py`.
From the root: chapters with their texts, the bibliography, words, figures and their data, the glossary, pictures.
Nothing else is there: no repository, no hidden file, no link that leaves, nothing that is not a file.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from shutil import copyfile

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.core.letters import TURNING
from impressum.core.pictures import FILES
from impressum.stages.load.strict_yaml import read_yaml
from impressum.stages.load.texts import IMAGE_LIMIT
from impressum.system.files import exchange, is_file
from impressum.system.work_folders import remove, sweep
from impressum.system.workspace import Workspace, resolved

TEXT_FOLDERS = ("chapters", "figures", "templates/words", "templates/citations")
NOT_LOOKED_AT = frozenset({"dist", "node_modules", "__pycache__"})
SCRIPT = ".py"
MOST_ENTRIES = 100_000
MOST_BYTES = 1_000_000_000
MOST_IGNORED = 20
DEEPEST = 30
UNSHOWABLE = re.compile(f"[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029{TURNING}\\ud800-\\udfff]")


def assemble(
    root: Path, base: Path, target: Path, *, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES
) -> tuple[Fault, ...]:
    """Fills the empty folder `target`; gives warnings of what in `root` is not looked at. Raises Faulty for links that
    leave, names that cannot be shown, scripts that the base lacks, and more than `most_entries` or `most_bytes`."""
    assembler = _Assembler(Workspace(root.resolve()), Workspace(base.resolve()), target, most_entries, most_bytes)
    assembler.take_from_base()
    for path, parts in assembler.entries():
        assembler.take(path, parts)
    assembler.faults.stop_if_any()
    return assembler.faults.all()


@dataclass
class _Assembler:
    root: Workspace
    base: Workspace
    target: Path
    most_entries: int
    most_bytes: int
    faults: Faults = field(default_factory=Faults)
    bibliography: str = "bib/references.bib"
    style: str = ""
    taken: int = 0
    """Bytes so far."""
    ignored: int = 0

    def take_from_base(self) -> None:
        """The base's configuration. Faults in it are reported by the line, which reads it again."""
        tree = read_yaml(self.base, self.base.publication, Faults()) if self.base.publication.is_file() else None
        named, style = (tree.text(key) if tree else None for key in ("bibliography", "citation-style"))
        if named and self.base.inside(named.text.strip()):
            self.bibliography = PurePosixPath(named.text.strip()).as_posix()
        if style and style.text.strip().endswith(".csl") and self.base.inside(style.text.strip()):
            self.style = PurePosixPath(style.text.strip()).as_posix()
        for key, what in (("glossary", "shared glossary"), ("house", "folder of the house")):
            shared = tree.text(key) if tree else None
            inside = self.base.inside(shared.text.strip()) if shared else None
            if shared and not inside:
                message = f"the {what} `{shared.text.strip()}` is outside of the base, and no untrusted build reads it"
                self.faults.error(shared.place, message, "file-outside", "copy it into the publication's folder")
            elif inside:
                for path in (inside, *sorted(inside.rglob("*"))):
                    self._copy_of_base(self.base.relative(path))
        for name in ("publication.yaml", self.style):
            self._copy_of_base(name)
        for path in sorted(self.base.templates.rglob("*")):
            self._copy_of_base(self.base.relative(path))

    def _copy_of_base(self, name: str) -> None:
        source = self.base.root / name
        if name and is_file(source) and not _is_in(name, TEXT_FOLDERS):
            self._place_for(name)
            copyfile(source, self.target / name)

    def entries(self) -> Iterator[tuple[os.DirEntry[str], str]]:
        """The files in the root with their relative paths, without hidden and foreign folders. No link is followed."""
        waiting = [(self.root.root, "", 0)]
        count = 0
        while waiting:
            folder, prefix, depth = waiting.pop()
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
            for entry in entries:
                count += 1
                if count > self.most_entries:
                    raise Faulty([self._too_large(f"holds more than {self.most_entries} files and folders")])
                if entry.name.startswith(".") or (not prefix and entry.name in NOT_LOOKED_AT):
                    continue
                name = f"{prefix}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    if depth < DEEPEST and not self.base.root.is_relative_to(self.root.root / name):
                        waiting.append((Path(entry.path), f"{name}/", depth + 1))
                else:
                    yield entry, name

    def take(self, entry: os.DirEntry[str], name: str) -> None:
        """Takes one entry of the root, if it is one of those that a stranger may bring."""
        own, is_picture = self._is_text(name), name.lower().endswith(FILES)
        if not own and (name.startswith("templates/") or not (is_picture or _is_linked_folder(entry))):
            self._note_ignored(entry, name)
        elif UNSHOWABLE.search(name):
            if own:
                shown = name.encode("unicode_escape", "backslashreplace").decode()
                self._error(shown, "the file's name holds characters that are none", "untrusted-name", "rename it")
        elif name.startswith("figures/") and name.endswith(SCRIPT) and name.count("/") == 1:
            self._take_script(entry, name)
        elif entry.is_symlink():
            self._take_link(entry, name, own=own)
        else:
            self._take_file(entry, name)

    def _is_text(self, name: str) -> bool:
        """Whether `name`, or what it would lead to, is one of the stranger's texts."""
        return _is_in(name, (*TEXT_FOLDERS, "glossary.csv", self.bibliography)) or self._is_folder_of_texts(name)

    def _is_folder_of_texts(self, name: str) -> bool:
        """Whether `name` is that of a folder which holds texts, or folders of them, and what goes for the base's."""
        return name in TEXT_FOLDERS or any(text.startswith(f"{name}/") for text in (*TEXT_FOLDERS, self.bibliography))

    def _take_script(self, entry: os.DirEntry[str], name: str) -> None:
        known = self.base.root / name
        if not known.is_file():
            hint = "draw the figure with `chart:`, or give it as an image; a script is run once the base has it"
            self._error(name, f"the script `{entry.name}` is not in the base, and is not run", "untrusted-script", hint)
            return
        self._place_for(name)
        copyfile(known, self.target / name)
        self._note_ignored(entry, name)

    def _take_link(self, entry: os.DirEntry[str], name: str, *, own: bool) -> None:
        """A link that stays in the root stays, but in the place of a folder of texts, which would make scripts and
        templates of what it leads to; one that leaves it leads nowhere, and is refused where it is a text."""
        source = Path(entry.path)
        try:
            leads_to = resolved(source)
            stays = leads_to.is_relative_to(self.root.root)
        except (OSError, RuntimeError):  # links in a circle
            leads_to, stays = source, False
        if not stays and own:
            message = f"`{entry.name}` leads out of the publication's folder"
            self._error(name, message, "file-outside", "copy the file into the publication instead of linking to it")
            return
        if self._is_folder_of_texts(name):
            message = f"`{entry.name}` is a link, and in a stranger's publication it must be the folder itself"
            self._error(name, message, "untrusted-link", "put what it leads to in its place")
            return
        if os.path.lexists(self.target / name):  # the base's goes before it
            return
        self._place_for(name)
        outside = self.target.parent / "outside"
        away = os.path.relpath(leads_to, source.parent.resolve()) if stays else str(outside)
        (self.target / name).symlink_to(away)

    def _take_file(self, entry: os.DirEntry[str], name: str) -> None:
        status = entry.stat(follow_symlinks=False)
        self._place_for(name)
        copy = self.target / name
        if not stat.S_ISREG(status.st_mode):
            copy.mkdir()  # a pipe or a device: what is not a file, but can be opened without waiting
            return
        if status.st_size > IMAGE_LIMIT:
            with copy.open("wb") as file:
                file.truncate(status.st_size)  # no reader takes a file of this size: its own fault reports it
            return
        self.taken += status.st_size
        if self.taken > self.most_bytes:
            raise Faulty([self._too_large(f"holds more than {self.most_bytes / 1e6:g} MB of texts and pictures")])
        copyfile(entry.path, copy, follow_symlinks=False)

    def _note_ignored(self, entry: os.DirEntry[str], name: str) -> None:
        """Warns of a file of the configuration that is another one in the base, which goes before it."""
        is_script = name.startswith("figures/") and name.endswith(SCRIPT)
        if not (name in ("publication.yaml", self.style) or name.startswith("templates/") or is_script):
            return
        if UNSHOWABLE.search(name) or self.ignored == MOST_IGNORED or _same(Path(entry.path), self.base.root / name):
            return
        self.ignored += 1
        there = (self.base.root / name).is_file()
        message = (
            f"`{entry.name}` differs from that of the base, which is used"
            if there
            else f"`{entry.name}` is not in the base, and is not looked at"
        )
        hint = "whoever may change the base looks at this change, and builds it as trusted"
        self.faults.warning(Place(name), message, "untrusted-ignored", hint)

    def _place_for(self, name: str) -> None:
        (self.target / name).parent.mkdir(parents=True, exist_ok=True)

    def _error(self, name: str, message: str, rule: str, hint: str) -> None:
        self.faults.error(Place(name), message, rule, hint)

    def _too_large(self, message: str) -> Fault:
        return Fault(Place("."), f"the root {message}", "untrusted-size", "take out what is no part of the publication")


def _is_linked_folder(entry: os.DirEntry[str]) -> bool:
    """Whether `entry` is a link to a folder, or to what nobody can look at: pictures may be named behind it."""
    try:
        return entry.is_symlink() and not stat.S_ISREG(entry.stat().st_mode)
    except OSError:
        return True


def _is_in(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place}/") for place in places)


def _same(one: Path, other: Path) -> bool:
    """Whether both are files of the same bytes; a link or anything else is another."""
    try:
        mine, theirs = one.lstat(), other.stat()
        if not stat.S_ISREG(mine.st_mode) or mine.st_size != theirs.st_size:
            return False
        return one.read_bytes() == other.read_bytes()
    except OSError:
        return False


def deliver(made: Path, root: Path) -> None:
    """Puts the files of the folder `made`, no links, into `root/dist`; all of them or none. The old `dist` came with
    the stranger's texts and may link elsewhere: it is neither followed nor kept."""
    dist, fresh, before = root / "dist", root / f".dist-{os.getpid()}", root / f".before-{os.getpid()}"
    for folder in (fresh, before):
        sweep(folder)
        remove(folder)
    try:
        fresh.mkdir()
        _copy_folder(made, fresh)
        if not exchange(fresh, dist):
            if os.path.lexists(dist):
                dist.rename(before)
            fresh.rename(dist)
    finally:
        remove(fresh)
        remove(before)


def _copy_folder(made: Path, to: Path) -> None:
    with os.scandir(made) as found:
        for entry in sorted(found, key=lambda entry: entry.name):
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                (to / entry.name).mkdir()
                _copy_folder(Path(entry.path), to / entry.name)
            elif stat.S_ISREG(mode):
                shutil.copyfile(entry.path, to / entry.name, follow_symlinks=False)
