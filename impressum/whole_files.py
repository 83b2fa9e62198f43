"""A file written whole or not at all: what stood in its place stays until the new one is complete."""

from __future__ import annotations

import errno
import os
import threading
from contextlib import suppress
from pathlib import Path

DISK_FULL = frozenset(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name))
"""The numbers of errors by which a system says that there is no room for a file."""


def put(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Puts `content` in the place of the file `path`, whose folder is there. Raises OSError where it cannot.

    `durable`: it waits until the content is on the disk. Nothing of it is left where it fails or is interrupted.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    try:
        with draft.open("wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
