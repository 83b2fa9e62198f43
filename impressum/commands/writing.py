"""What a command makes for whoever asked, beside the publication: a report, a proof."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from impressum.errors import Fault, Faulty, Place


def write_report(path: Path, content: bytes) -> None:
    """Writes `path`, whole or not at all, in the place of an older one; its folder is made. Raises `Faulty`."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        message = f"the file cannot be written ({error.strerror or type(error).__name__})"
        hint = "name a file in a folder that you may write to"
        raise Faulty([Fault(Place(path.as_posix()), message, "file-not-writable", hint)]) from error
