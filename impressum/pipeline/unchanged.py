"""Whether anything that a build reads has changed since the last one: where nothing has, there is nothing to do.

What is compared is not content but what the file system notes of each file (size, times, number), as `make` and Git
do: a file that is written again has another time of change, which no program can set back. A file that changed so
shortly before the build that a second change could bear the same time is not trusted; nor is anything, then.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from impressum.core.errors import Allowance, Fault, Faults, Faulty, Place, Silenced, packed, unpacked
from impressum.system.cache import Memo, installed_packages
from impressum.system.files import put, read
from impressum.system.work_folders import ensured
from impressum.system.workspace import Workspace, shared_files

UNREAD = frozenset({".git", ".hg", ".svn", ".cache", ".venv", "node_modules", "dist"})
"""Folders at the top of a publication that hold nothing of it."""
SHARED = re.compile(rb"^(?:glossary|house):[ \t]*[\"']?([^\"'#\r\n]*[^\"'#\s])", re.MULTILINE)
BETWEEN_TICKS = 20_000_000  # nanoseconds in which a file system may note two changes with the same time
COARSE = 1_000_000_000  # on some file systems times are whole seconds; two of them then


@dataclass(frozen=True)
class Seen:
    """The state of all that a build may read: `state` is its hash, `settled` whether a later one must differ."""

    state: str
    settled: bool


@dataclass(frozen=True)
class LastRun:
    """The results of the last build of the same order: its warnings, and its files in `dist` by their hashes.
    `silenced` are the faults that comments allow."""

    faults: tuple[Fault, ...]
    silenced: tuple[Silenced, ...]
    published: tuple[tuple[str, str], ...]


def see(workspace: Workspace, now: int | None = None) -> Seen:
    """Looks at everything that a build of the publication may read, Impressum itself and its packages too. `now`, in
    nanoseconds, is the time by the clock of its disk where it is not given."""
    now = _time_of_the_disk(workspace) if now is None else now
    newest = 0
    total = hashlib.sha256()
    variables = [os.environ.get("SOURCE_DATE_EPOCH", ""), os.environ.get("PATH", "")]
    total.update(json.dumps([sys.version, *variables, *installed_packages()]).encode())
    for name, noted in (*_files(os.fspath(workspace.root), UNREAD), *_of_impressum()):
        facts: tuple[int, ...] = ()
        if noted is not None:
            changed = noted.st_mtime_ns if os.name == "nt" else noted.st_ctime_ns
            newest = max(newest, changed)
            facts = (noted.st_mode, noted.st_ino, noted.st_size, noted.st_mtime_ns, changed)
        total.update(f"{name}\0{facts}\n".encode("utf-8", "surrogateescape"))
    for path in _shared(workspace):
        noted = path.stat()
        newest = max(newest, noted.st_ctime_ns)
        total.update(f"{path}\0{(noted.st_ino, noted.st_size, noted.st_mtime_ns, noted.st_ctime_ns)}".encode())
    between = 2 * COARSE if now % COARSE == 0 else BETWEEN_TICKS
    return Seen(total.hexdigest(), 0 < newest < now - between)


@cache
def _of_impressum() -> tuple[tuple[str, os.stat_result | None], ...]:
    """The files of Impressum itself, as they are at the first look: a process runs what it found then."""
    return tuple(_files(os.fspath(Path(__file__).parent.parent), UNREAD))


def _shared(workspace: Workspace) -> Iterator[Path]:
    """The glossary and the files of the house that `publication.yaml` shares with others: what may be outside of the
    publication."""
    with suppress(OSError, ValueError):
        for named in SHARED.findall(read(workspace.publication)):
            path = workspace.root / named.decode()
            yield from (one for one in (path, *shared_files(path)) if one.is_file())


def look(workspace: Workspace, order: str, seen: Seen) -> LastRun | None:
    """The results of the last run for `order`, if it read what is `seen` now, and if all that it published
    is in `dist` unchanged."""
    raw = Memo(workspace.memo).get("run", {"state": seen.state, "order": order})
    if raw is None:
        return None
    note = json.loads(raw)
    if not _is_whole(workspace, note["published"]):
        return None
    silenced = tuple(
        (unpacked(fault), Allowance(Place(*place), rule, why)) for fault, place, rule, why in note["silenced"]
    )
    published = tuple((name, sha) for name, sha in note["published"])
    return LastRun(tuple(map(unpacked, note["faults"])), silenced, published)


def remember(workspace: Workspace, order: str, seen: Seen, faults: Faults, files: tuple[Path, ...]) -> None:
    """Notes what a run of `order` left that read what was `seen` before it began."""
    if not seen.settled:
        return
    published = [(workspace.relative(path), hashlib.sha256(read(path)).hexdigest()) for path in files]
    note = {
        "published": published,
        "faults": [packed(fault) for fault in faults.all()],
        "silenced": [(packed(fault), _as_place(by.place), by.rule, by.reason) for fault, by in faults.silenced()],
    }
    Memo(workspace.memo).put("run", {"state": seen.state, "order": order}, json.dumps(note).encode())


def _as_place(place: Place) -> tuple[str, int, int]:
    return place.path, place.line, place.column


def _is_whole(workspace: Workspace, published: list[list[str]]) -> bool:
    """Whether every published file has the bytes that were published, and no interrupted build left its traces."""
    if not published:
        return True
    try:
        if any(path.name.startswith(".") for path in workspace.dist.iterdir()):
            return False
        return all(hashlib.sha256(read(workspace.root / name)).hexdigest() == sha for name, sha in published)
    except OSError:
        return False


def _files(
    folder: str, unread: frozenset[str] = frozenset(), above: str = ""
) -> Iterator[tuple[str, os.stat_result | None]]:
    """Every file and link in `folder` in the order of names, and every folder by its name: its own times change with
    files that nobody reads. What the system does not let be listed, or takes away meanwhile, no build reads either."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name in unread or entry.name == "__pycache__":
            continue
        name = f"{above}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield f"{name}/", None
            yield from _files(entry.path, above=f"{name}/")
        else:
            with suppress(FileNotFoundError):
                yield name, entry.stat(follow_symlinks=False)


def _time_of_the_disk(workspace: Workspace) -> int:
    """Now, in nanoseconds, as the file system of the publication counts (0: nothing can be written)."""
    with suppress(OSError, Faulty):  # what is wrong there, the lock tells
        now = ensured(workspace.cache) / "now"
        put(now, b"")
        return now.lstat().st_mtime_ns
    return 0
