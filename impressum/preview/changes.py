"""Reports changes of the sources of a publication, however an editor saves them."""

from __future__ import annotations

import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from impressum.system.parallel import Later
from impressum.system.workspace import Workspace

SETTLED = 12
"""Milliseconds without another change before one is reported: an editor writes, renames and touches."""
LONGEST = 400  # milliseconds after which it is reported all the same
POLLED = 0.3  # seconds between two polls where the system reports nothing
SLACK = 0.1  # seconds by which the clocks of a file system and of the machine may differ
IGNORED = {".cache", ".git", ".hg", ".svn", "dist", "node_modules", "__pycache__", ".venv", "venv"}
ENDINGS = ("~", ".swp", ".swx", ".swo", ".tmp", ".bak", ".part", ".crswap", ".pyc")
PROBES = {"4913", ".DS_Store", "Thumbs.db"}
"""Files that vim writes to test its rights, and that systems leave behind."""
FOLDERS = ("chapters", "figures", "bib", "templates")


def is_source(root: Path, path: Path) -> bool:
    """Whether `path` may be one of the sources under `root`, and no work file of ours or an editor's."""
    try:
        parts = path.relative_to(root).parts
    except ValueError:
        return False
    name = parts[-1] if parts else ""
    if not name or any(part in IGNORED for part in parts):
        return False
    if name in PROBES or name.endswith(ENDINGS) or name.startswith((".#", "#", ".goutputstream")):
        return False
    return not name.startswith("proof-") or not name.endswith(".pdf")


class ChangeWatcher:
    """Watches a publication in two threads and calls `changed` for each burst of changes. `also` names files
    that lie outside of the folders that every publication has."""

    def __init__(self, workspace: Workspace, changed: Callable[[], None], *, poll: bool = False) -> None:
        self._root = workspace.root.resolve()
        self._changed = changed
        self._poll = poll
        self._stop = threading.Event()
        self._again = threading.Event()
        self._named: frozenset[Path] = frozenset()
        self._outside: frozenset[Path] = frozenset()
        self._elsewhere = threading.Event()

    def start(self) -> None:
        """Begins to watch."""
        self._threads = [Later(self._watch_root), Later(self._watch_folders)]

    def close(self) -> None:
        """Ends both threads."""
        self._stop.set()
        self._again.set()
        self._elsewhere.set()
        for thread in self._threads:
            thread.result()

    def also(self, named: Iterable[Path]) -> None:
        """Watches the folders of the files `named` too; of those outside of the publication the files alone."""
        resolved = frozenset(path.parent.resolve() / path.name for path in named)
        outside = frozenset(path for path in resolved if not path.is_relative_to(self._root))
        folders = frozenset(path.parent for path in resolved - outside) - {self._root}
        if folders != self._named:
            self._named = folders
            self._again.set()
        if outside != self._outside:
            self._outside = outside
            self._elsewhere.set()

    def _goes_on(self, woken: threading.Event) -> bool:
        """Whether a thread that was `woken` goes on. It clears that before it asks, for `close` wakes it only once."""
        woken.clear()
        return not self._stop.is_set()

    def _watch_root(self) -> None:
        """The folder itself, not what lies in it; a folder that comes or goes is watched, or no longer. So are those of
        files outside of it."""
        while self._goes_on(self._elsewhere):
            folders = sorted({self._root, *(path.parent for path in self._outside)})
            for paths in self._bursts(folders, recursive=False, stop=self._elsewhere):
                if any(path.is_dir() or path.name in FOLDERS for path in paths):
                    self._again.set()
                self._changed()

    def _is_source(self, path: Path) -> bool:
        return path in self._outside or is_source(self._root, path)

    def _watch_folders(self) -> None:
        left = 0.0
        while self._goes_on(self._again):
            folders = [self._root / name for name in FOLDERS]
            there = [folder for folder in (*folders, *sorted(self._named)) if folder.is_dir()]
            if left and any(self._changed_since(left, folder) for folder in there):
                self._changed()
            left = time.time() - SLACK
            if not there:
                self._again.wait()
                continue
            for _ in self._bursts(there, recursive=True, stop=self._again):
                self._changed()
                left = time.time() - SLACK

    def _changed_since(self, when: float, folder: Path) -> bool:
        """Whether a source under `folder` changed since, while nothing was watched."""
        for path in folder.rglob("*"):
            with suppress(OSError):
                if self._is_source(path) and path.stat().st_mtime >= when:
                    return True
        return False

    def _bursts(self, paths: list[Path], *, recursive: bool, stop: threading.Event) -> Iterator[list[Path]]:
        """Each burst of changes under `paths`, until `stop`; polled where the system cannot report them."""
        from watchfiles import watch

        if not self._poll:
            try:
                for found in watch(
                    *paths,
                    watch_filter=lambda _, name: self._is_source(Path(name)),
                    debounce=LONGEST,
                    step=SETTLED,
                    stop_event=stop,
                    rust_timeout=500,
                    raise_interrupt=False,
                    recursive=recursive,
                    ignore_permission_denied=True,
                ):
                    yield [Path(name) for _, name in found]
                return
            except FileNotFoundError:  # a folder went away while it was to be watched
                stop.wait(POLLED)
                return
            except OSError:  # no watches are left, or the system has no such thing
                self._poll = True
        yield from self._polled(paths, recursive=recursive, stop=stop)

    def _polled(self, paths: list[Path], *, recursive: bool, stop: threading.Event) -> Iterator[list[Path]]:
        """The same by polling: a file has changed where its time, size or inode has."""
        before = self._signs(paths, recursive=recursive)
        while not stop.wait(POLLED):
            now = self._signs(paths, recursive=recursive)
            changed = [path for path in before.keys() | now.keys() if before.get(path) != now.get(path)]
            before = now
            if changed:
                yield changed

    def _signs(self, paths: list[Path], *, recursive: bool) -> dict[Path, tuple[int, int, int]]:
        signs = {}
        for folder in paths:
            for path in folder.rglob("*") if recursive else folder.glob("*"):
                with suppress(OSError):  # it has just gone
                    if self._is_source(path):
                        found = path.stat()
                        is_folder = stat.S_ISDIR(found.st_mode)  # its time is that of work files in it, too
                        sign = (0, 0) if is_folder else (found.st_mtime_ns, found.st_size)
                        signs[path] = (*sign, found.st_ino)
        return signs
