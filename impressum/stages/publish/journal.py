"""All new files of `dist` or none in the end, where the folder cannot be exchanged as a whole (`__init__.py`).

1. Each new file is written as a work file of `dist`; each file that is replaced or removed is kept under a
   second name (a hard link). 2. The journal names them all. 3. The new files are renamed to their names, in
   folders of `dist` that are made now, and those that are no longer published go. 4. The journal goes, then
the kept files. Until the journal stands nothing has changed; while it stands the renames can be finished or
undone; once it is gone all is new. All of it happens inside the build's lock. The record of a release, which stands
beside `dist` in `releases`, is one of these files; its work files are there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from impressum.core.errors import Faulty
from impressum.stages.publish import files
from impressum.system.files import read
from impressum.system.orphans import still_runs
from impressum.system.work_folders import take_away
from impressum.system.workspace import Workspace

JOURNAL = ".impressum-journal.json"
SCHEMA = "impressum/journal"
VERSION = 1


@dataclass(frozen=True)
class Move:
    """A file on its way: `temporary` becomes `name` (None: it is removed); `old` keeps the previous content, if any."""

    temporary: str | None
    name: str
    sha256: str
    old: str | None


def recover(workspace: Workspace) -> tuple[str, ...]:
    """Finishes or undoes, inside the lock, what an interrupted build left; a sentence for each. Raises Faulty."""
    dist = workspace.dist
    try:
        if fault := files.not_a_folder(dist):
            raise Faulty([fault])
        if not dist.exists():
            return ()
        take_away(workspace.next_dist)
        done = _resolve(dist)
        swept = _sweep(dist)
    except OSError as error:
        raise Faulty([files.not_written(error, whole=False)]) from error
    if swept:
        noun = "file" if swept == 1 else "files"
        done += (f"Removed {swept} work {noun} that an interrupted build left in `dist`.",)
    return done


def prepare(dist: Path, changed: Mapping[str, bytes], leaving: Sequence[str], at: Path) -> tuple[Move, ...]:
    """Everything up to the journal, in the folder `at`; not one published name has changed when it returns."""
    moves = []
    for number, (name, content) in enumerate(changed.items(), start=1):
        temporary = files.work_file(number, "tmp")
        path, home = files.path_of(dist, name), files.home_of(dist, name)
        home.mkdir(exist_ok=True)
        files.write_new(home / temporary, content)
        old = files.work_file(number, "old") if os.path.lexists(path) else None
        if old is not None:
            files.keep_copy(path, home / old)
        moves.append(Move(temporary, name, hashlib.sha256(content).hexdigest(), old))
    for number, name in enumerate(leaving, start=len(moves) + 1):
        old = files.work_file(number, "old")
        files.keep_copy(dist / name, dist / old)
        moves.append(Move(None, name, "", old))
    for home in {files.home_of(dist, move.name) for move in moves} | {dist}:
        files.sync_folder(home)
    journal = {"schema": SCHEMA, "version": VERSION, "moves": [asdict(move) for move in moves]}
    unnamed = at / files.work_file(0, "tmp")
    files.write_new(unnamed, json.dumps(journal, indent=2).encode())
    unnamed.replace(at / JOURNAL)
    files.sync_folder(at)
    return tuple(moves)


def rename(dist: Path, moves: tuple[Move, ...]) -> None:
    """Gives each new file its name, in order; a file that has it already is left. What is to go, goes."""
    for move in moves:
        if move.temporary is None:
            (dist / move.name).unlink(missing_ok=True)
        elif os.path.lexists(temporary := files.home_of(dist, move.name) / move.temporary):
            path = files.path_of(dist, move.name)
            path.parent.mkdir(exist_ok=True)
            temporary.replace(path)
    _sync(dist, moves)


def _undo(dist: Path, moves: tuple[Move, ...]) -> None:
    """Restores `dist`; may be interrupted at any point and called again: the first file put back has neither its work
    file nor its new content, so that `_can_finish` says no and a second run undoes the rest."""
    for move in reversed(moves):
        path, home = files.path_of(dist, move.name), files.home_of(dist, move.name)
        if move.temporary is not None and os.path.lexists(home / move.temporary):
            continue  # never renamed; what could not be replaced (open on Windows) could not be put back either
        if move.old is not None:
            _put_back(path, home / move.old)
        elif files.sha256_of(path) == move.sha256:
            path.unlink()
    _sync(dist, moves)


def _put_back(path: Path, old: Path) -> None:
    if not os.path.lexists(old):
        return  # an earlier run has done it
    if os.path.lexists(path) and os.path.samestat(path.lstat(), old.lstat()):
        old.unlink()  # it has not gone yet: a rename between two names of one file would leave both
    else:
        old.replace(path)


def _sync(dist: Path, moves: tuple[Move, ...]) -> None:
    for folder in _folders(dist, moves):
        if folder.is_dir():
            files.sync_folder(folder)
    files.sync_folder(dist)


def _folders(dist: Path, moves: tuple[Move, ...]) -> tuple[Path, ...]:
    """The folders besides `dist` in which files move, each once."""
    return tuple(dict.fromkeys(files.path_of(dist, move.name).parent for move in moves if "/" in move.name))


def undo_as_far_as_possible(dist: Path, moves: tuple[Move, ...]) -> bool:
    """Whether `dist` is as it was; if not, the journal stands and the next build tries again."""
    try:
        _undo(dist, moves)
    except OSError:
        return False
    with contextlib.suppress(OSError):
        close(dist, moves)
    return True


def close(dist: Path, moves: tuple[Move, ...]) -> None:
    """Folders that are empty now, then the journal: what is left without it is only rubbish."""
    for folder in _folders(dist, moves):
        with contextlib.suppress(OSError):  # it holds files
            folder.rmdir()
    (dist / JOURNAL).unlink(missing_ok=True)
    files.sync_folder(dist)
    for move in moves:
        for name in (move.temporary, move.old):
            if name is not None:
                (files.home_of(dist, move.name) / name).unlink(missing_ok=True)


def clear(dist: Path) -> None:
    """Removes what `prepare` made before it failed."""
    with contextlib.suppress(OSError):
        (dist / JOURNAL).unlink(missing_ok=True)
        _sweep(dist)


def _resolve(dist: Path) -> tuple[str, ...]:
    if not os.path.lexists(dist / JOURNAL):
        return ()
    moves = _read(dist / JOURNAL)
    if moves is None:
        (dist / JOURNAL).unlink()
        return ("The journal of an interrupted build in `dist` cannot be read and was removed: build every edition.",)
    names = ", ".join(f"`{move.name}`" for move in moves)
    if _can_finish(dist, moves):
        try:
            rename(dist, moves)
        except OSError:
            _undo(dist, moves)
        else:
            close(dist, moves)
            return (f"Finished what an interrupted build was publishing in `dist`: {names}.",)
    else:
        _undo(dist, moves)
    close(dist, moves)
    return (f"Undid what an interrupted build was publishing in `dist`: {names}.",)


def _can_finish(dist: Path, moves: tuple[Move, ...]) -> bool:
    """Whether each file either has its name already, or waits whole under the name of its work file."""
    for move in moves:
        if move.temporary is None:
            if move.old is None or not os.path.lexists(dist / move.old):
                return False
            continue
        temporary = files.home_of(dist, move.name) / move.temporary
        waits = os.path.lexists(temporary)
        if waits and temporary.is_symlink():
            return False
        if files.sha256_of(temporary if waits else files.path_of(dist, move.name)) != move.sha256:
            return False
    return True


def _read(path: Path) -> tuple[Move, ...] | None:
    """The moves of a journal, or None if no build of ours can have written it: it may be a stranger's."""
    try:
        journal = json.loads(read(path))
        if (journal["schema"], journal["version"]) != (SCHEMA, VERSION):
            return None
        moves = tuple(Move(**move) for move in journal["moves"])
        right = all(
            (move.temporary is None or files.WORK_FILE.fullmatch(move.temporary))
            and (files.is_name(move.name) or files.RELEASE.fullmatch(move.name))
            and not files.passes_a_link(path.parent, move.name)
            and (move.old is None or files.WORK_FILE.fullmatch(move.old))
            for move in moves
        )
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return moves if right else None


def _sweep(dist: Path) -> int:
    """Removes the work files of processes that are no more, and of this one; returns how many."""
    count = 0
    releases = dist.parent / files.RELEASES
    beside = sorted(releases.iterdir()) if releases.is_dir() and not releases.is_symlink() else []
    for path in [*sorted(dist.iterdir()), *beside]:
        match = files.WORK_FILE.fullmatch(path.name)
        if match and not _runs_elsewhere(int(match[1])):
            path.unlink(missing_ok=True)
            count += 1
    if beside:
        with contextlib.suppress(OSError):  # it holds the records of releases
            releases.rmdir()
    return count


def _runs_elsewhere(pid: int) -> bool:
    """Another publication may share the folder, under its own lock: its work files are left alone."""
    if os.name != "posix" or pid == os.getpid() or not 0 < pid < 2**31:
        return False
    return still_runs(pid)
