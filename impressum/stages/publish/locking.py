"""One build at a time in a publication, and no cleaning up under a command that is at work."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from impressum.core.errors import Fault, Faulty, Place
from impressum.system.work_folders import ensured
from impressum.system.workspace import Workspace

NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Nothing is made where a link in the place of the lock leads, and a pipe there is not waited for."""
BETWEEN_TRIES = 0.2  # seconds; only where the system cannot wait for a lock by itself


@contextmanager
def lock(workspace: Workspace, *, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Holds the publication's lock until the process ends; where another build holds it, calls `waiting` once and
    waits. Raises Faulty where the lock file cannot be made."""
    try:
        handle = _acquire(workspace.lock, waiting or _say_nothing)
    except OSError as error:
        raise Faulty([_no_lock(workspace, error)]) from error
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def work_files(workspace: Workspace, *, alone: Callable[[], None] | None = None) -> Iterator[None]:
    """Uses the work files of the publication, together with others; or `alone`, after it is called once to wait."""
    try:
        handle = _acquire(workspace.cache / "in-use.lock", alone or _say_nothing, shared=alone is None)
    except OSError:  # reported where the work files are written
        yield
        return
    try:
        yield
    finally:
        os.close(handle)


def _say_nothing() -> None:
    return None


def _acquire(path: Path, waiting: Callable[[], None], *, shared: bool = False) -> int:
    waited = False
    while True:
        ensured(path.parent)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | NO_LINK, 0o666)
        try:
            if not _try(handle, shared=shared):
                if not waited:
                    waiting()
                    waited = True
                _wait(handle, shared=shared)
            if _still_named(path, handle):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # the file was deleted while we waited (`clean`): a lock on it would hold nobody off


def _still_named(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":

    def _try(handle: int, *, shared: bool) -> bool:
        import msvcrt

        if shared:
            return True  # Windows has no such locks; nor does it delete what is open
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _wait(handle: int, *, shared: bool) -> None:
        while not _try(handle, shared=shared):
            time.sleep(BETWEEN_TRIES)

else:

    def _try(handle: int, *, shared: bool) -> bool:
        import fcntl

        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait(handle: int, *, shared: bool) -> None:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)


def _no_lock(workspace: Workspace, error: OSError) -> Fault:
    hint = "give this user the right to write in `.cache`, or move the publication to a local disk"
    reason = error.strerror or type(error).__name__
    if workspace.lock.is_symlink():
        reason = "it is a link"
    if workspace.lock.is_dir() or workspace.lock.is_symlink():
        hint = "delete `.cache/build.lock`: each build makes it anew"
    message = f"the lock that keeps two builds apart cannot be taken ({reason})"
    return Fault(Place(workspace.relative(workspace.lock)), message, "lock-not-writable", hint)
