"""Makes every path in a publication's folders."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True)
class Workspace:
    """The folders of one publication at the absolute `root`; `desk` names its work folder, a live page has its own."""

    root: Path
    desk: str = "work"

    @property
    def publication(self) -> Path:
        return self.root / "publication.yaml"

    @property
    def chapters(self) -> Path:
        return self.root / "chapters"

    def edition(self, tag: str) -> Path:
        return self.chapters / tag

    def edition_file(self, tag: str) -> Path:
        return self.edition(tag) / "edition.yaml"

    def layout_file(self, tag: str) -> Path:
        return self.edition(tag) / "layout.yaml"

    def layout_lock(self, tag: str) -> Path:
        return self.edition(tag) / "layout.lock"

    def base_file(self, tag: str, name: str) -> Path:
        """The file `name` of the source edition as it was when the edition `tag` translated it."""
        return self.edition(tag) / ".base" / name

    @property
    def tasks(self) -> Path:
        """Who translates which edition, and by when."""
        return self.root / "editions.yaml"

    @property
    def glossary(self) -> Path:
        return self.root / "glossary.csv"

    @property
    def figures(self) -> Path:
        return self.root / "figures"

    @property
    def data(self) -> Path:
        return self.figures / "data"

    @property
    def bibliography(self) -> Path:
        return self.root / "bib" / "references.bib"

    @property
    def templates(self) -> Path:
        return self.root / "templates"

    def words_file(self, tag: str) -> Path:
        return self.templates / "words" / f"{tag}.yaml"

    @property
    def dist(self) -> Path:
        return self.root / "dist"

    @property
    def next_dist(self) -> Path:
        """The next `dist` while it is made."""
        return self.cache / "dist"

    @property
    def cache(self) -> Path:
        return self.root / ".cache"

    @property
    def memo(self) -> Path:
        return self.cache / "memo"

    @property
    def lock(self) -> Path:
        return self.cache / "build.lock"

    @property
    def work(self) -> Path:
        """Folder of the work files of a run; each edition has its own folder in it."""
        return self.cache / self.desk

    @property
    def validation(self) -> Path:
        """The files for validators, and their reports."""
        return self.work / "validation"

    def edition_work(self, tag: str) -> Path:
        return self.work / tag

    def finished(self, tag: str) -> Path:
        """The finished files of the edition until they are published: a long book has too many to hold them all."""
        return self.edition_work(tag) / "finished"

    def refused(self, tag: str) -> Path:
        """The pages of the edition that were not published, with their faults marked."""
        return self.edition_work(tag) / "refused.pdf"

    def script_work(self, figure: str) -> Path:
        """The folder that the script of a figure may write to while this process runs it."""
        return self.work / f"script-{figure}-{os.getpid()}"

    def fork_server_work(self) -> Path:
        """The folder in which the fork server of scripts begins."""
        return self.work / f"fork-server-{os.getpid()}"

    def relative(self, path: Path) -> str:
        """`path` as faults show it: relative to the root, with forward slashes."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()

    def inside(self, name: str) -> Path | None:
        """The file that `name` (from the root) means, or None where it leaves the root, by a symbolic link too."""
        pure = PurePosixPath(name.replace("\\", "/"))
        if pure.is_absolute() or ".." in pure.parts or not pure.parts:
            return None
        path = self.root.joinpath(*pure.parts)
        if os.name == "posix" and _has_no_links(path, len(pure.parts)):
            return path
        try:
            return path if resolved(path).is_relative_to(self.root.resolve()) else None
        except (OSError, RuntimeError, ValueError):  # links in a circle, or a name that no file can have
            return None


def shared_files(house: Path) -> tuple[Path, ...]:
    """The files of the folder that publications share: words of the book, terms of citations, dictionaries."""
    return tuple(path for name in ("words", "citations", "dictionaries") for path in sorted((house / name).glob("*.*")))


def _has_no_links(path: Path, parts: int) -> bool:
    """Whether `path` is there, and the last `parts` of it are no symbolic links: then it leads where it says."""
    try:
        for _ in range(parts):
            if stat.S_ISLNK(path.lstat().st_mode):
                return False
            path = path.parent
    except (OSError, ValueError):
        return False
    return True


def resolved(path: Path) -> Path:
    """The target of `path`, even if missing. Raises OSError for links in a circle, as no Python from 3.13 on does."""
    try:
        path.stat()
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise
    return path.resolve()
