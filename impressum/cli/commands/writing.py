"""What a command makes for whoever asked, beside the publication: a report, a proof."""

from __future__ import annotations

from pathlib import Path

from impressum.core.errors import Fault, Faulty, Place
from impressum.system.files import put


def write_report(path: Path, content: bytes) -> None:
    """Writes `path`, whole or not at all, in the place of an older one; its folder is made. Raises `Faulty`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, content)
    except OSError as error:
        message = f"the file cannot be written ({error.strerror or type(error).__name__})"
        hint = "name a file in a folder that you may write to"
        raise Faulty([Fault(Place(path.as_posix()), message, "file-not-writable", hint)]) from error
