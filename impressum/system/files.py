"""Files are written whole or not at all: the old file stays until the new one is complete."""

from __future__ import annotations

import errno
import os
import re
import stat
import threading
from contextlib import suppress
from pathlib import Path

DISK_FULL = frozenset(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name))
"""The numbers of errors by which a system says that there is no room for a file."""


def exchange(one: Path, other: Path) -> bool:
    """Exchanges the files of two names on one disk, at once; False where the system cannot, and did not."""
    import ctypes

    here, both = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    try:
        return bool(ctypes.CDLL(None).renameat2(here, os.fsencode(one), here, os.fsencode(other), both) == 0)
    except (AttributeError, OSError):  # another system, or an old C library
        return False


def raise_full_disk(errors: str) -> None:
    """Raises the OSError with which a Python child ended, by its `errors`, if it says that the disk is full."""
    ending = re.match(r"OSError: \[Errno (\d+)\] ([^:]+)", errors.strip().rpartition("\n")[2])
    if ending and int(ending[1]) in DISK_FULL:
        raise OSError(int(ending[1]), ending[2])


def is_file(path: Path) -> bool:
    """Whether `path` is a file. A name that no file can have, as one that is too long, is none."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def read(path: Path) -> bytes:
    """The content of the regular file `path`. Raises OSError for anything else: a pipe would be waited for."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is not a file", str(path))
        return file.read()


def put(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Replaces the file `path` by `content`, whole or not at all; `durable`: once it is on the disk. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    try:
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as file:  # it follows no link of that name
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
