"""Files of the publication that a command writes: each whole or not at all."""

from __future__ import annotations

from pathlib import Path

from impressum.core.errors import Fault, Faulty, Place
from impressum.system.files import DISK_FULL, put
from impressum.system.workspace import Workspace


def write_file(workspace: Workspace, path: Path, content: bytes) -> None:
    """Puts `content` in the place of the file `path`, whose folders are made. Raises Faulty where it cannot.

    What a link leads out of the publication is refused; what stood there before stays if anything fails.
    """
    name = workspace.relative(path)
    if workspace.inside(name) is None:
        raise Faulty([_outside(name)])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, content, durable=True)
    except OSError as error:
        raise Faulty([_not_written(name, error)]) from error


def _outside(name: str) -> Fault:
    return Fault(
        Place(name),
        f"`{name}` leads out of the publication's folder, so nothing is written there",
        "file-outside",
        "put a folder of its own in the place of the link",
    )


def _not_written(name: str, error: OSError) -> Fault:
    reason = error.strerror or type(error).__name__
    if error.errno in DISK_FULL:
        return Fault(Place(name), f"the file does not fit on the disk ({reason})", "disk-full", "free some space")
    return Fault(
        Place(name),
        f"the file cannot be written ({reason}); what stood there stands there still",
        "file-not-writable",
        "see that you may write in this folder, and that the file is not open in another program",
    )
