"""Writes files of the publication, atomically."""

from __future__ import annotations

from pathlib import Path

from impressum.core.errors import Fault, Faulty, Place
from impressum.system.files import DISK_FULL, put
from impressum.system.workspace import Workspace


def write_file(workspace: Workspace, path: Path, content: bytes) -> None:
    """Writes `content` to `path`, creating folders. Raises Faulty, with the old file unchanged, where it cannot.

    A path that leads out of the publication through a link is refused.
    """
    name = workspace.relative(path)
    if workspace.inside(name) is None:
        message = f"`{name}` leads out of the publication's folder, so nothing is written there"
        hint = "put a folder of its own in the place of the link"
        raise Faulty([Fault(Place(name), message, "file-outside", hint)])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, content, durable=True)
    except OSError as error:
        raise Faulty([_not_written(name, error)]) from error


def _not_written(name: str, error: OSError) -> Fault:
    reason = error.strerror or type(error).__name__
    if error.errno in DISK_FULL:
        return Fault(Place(name), f"the file does not fit on the disk ({reason})", "disk-full", "free some space")
    hint = "see that you may write in this folder, and that the file is not open in another program"
    return Fault(Place(name), f"the file cannot be written ({reason}); nothing was changed", "file-not-writable", hint)
