"""Single files in `dist`: written whole and down to the disk, hashed, and what a failure is called."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Container
from pathlib import Path

from impressum.core.errors import Fault, Place
from impressum.system.files import DISK_FULL, read

PLAIN = re.compile(r"""[^.\s/\\:*?"<>|\x00-\x1f][^/\\:*?"<>|\x00-\x1f]*""")
IN_FOLDER = re.compile(rf"({PLAIN.pattern})/({PLAIN.pattern})")
"""The name of a file in a folder of `dist`; folders hold no other folders."""
RELEASES = "releases"
RELEASE = re.compile(r"releases/[0-9A-Za-z][0-9A-Za-z.+_-]{0,80}\.json")
"""The record of a release, beside `dist` and not in it; it changes together with the files of `dist`."""
WORK_FILE = re.compile(r"\.impressum-(\d{1,20})-(\d{1,20})\.(tmp|old)")
PUBLIC_MODE = 0o644  # the user's umask takes its bits off it


def work_file(number: int, suffix: str) -> str:
    """The name of a work file of this process: `suffix` is `tmp` (new) or `old` (kept until all is done)."""
    return f".impressum-{os.getpid()}-{number}.{suffix}"


def is_name(name: str) -> bool:
    """Whether `name` can be that of a published file, in `dist` itself or in a folder of it."""
    return bool(PLAIN.fullmatch(name) or IN_FOLDER.fullmatch(name))


def path_of(dist: Path, name: str) -> Path:
    """The file `name`: one of `dist`, or a record of a release."""
    return dist.parent / name if RELEASE.fullmatch(name) else dist / name


def home_of(dist: Path, name: str) -> Path:
    """The folder of the work files of the file `name`, on the same disk: renames do not pass from one to another."""
    return dist.parent / RELEASES if RELEASE.fullmatch(name) else dist


def shown(name: str) -> str:
    """The file `name` as users see it."""
    return name if RELEASE.fullmatch(name) else f"dist/{name}"


def place_of(name: str) -> Place:
    """Where faults say that the file `name` is."""
    return Place(RELEASES if RELEASE.fullmatch(name) else "dist")


def passes_a_link(dist: Path, name: str) -> bool:
    """Whether the folder in which the file `name` stands is a link: what it leads to is never touched."""
    return "/" in name and path_of(dist, name).parent.is_symlink()


def may_go(dist: Path, name: str) -> bool:
    """Whether there is a file `name` to remove."""
    if passes_a_link(dist, name) or not os.path.lexists(dist / name):
        return False
    return (dist / name).is_symlink() or not (dist / name).is_dir()


def write_new(path: Path, content: bytes) -> None:
    """Writes a file that does not exist yet, and waits until it is on the disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, PUBLIC_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def keep_copy(path: Path, copy: Path) -> None:
    """Makes `copy` hold what `path` holds now: a hard link, or a copy where the disk knows no hard links."""
    if path.is_symlink():
        copy.symlink_to(path.readlink())
        return
    try:
        copy.hardlink_to(path)
    except OSError:
        write_new(copy, read(path))


def sync_folder(folder: Path) -> None:
    """Waits until the names in `folder` are on the disk, where the system can say so."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str | None:
    """The SHA-256 of a regular file (links are followed), or None where there is none to read."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def holds(path: Path, content: bytes) -> bool:
    """Whether `path` is a file with just this content, and no link to one."""
    try:
        return not path.is_symlink() and path.stat().st_size == len(content) and read(path) == content
    except OSError:
        return False


def strangers(dist: Path, known: Container[str]) -> list[Fault]:
    """A fault for each file in `dist` that is not `known`: a folder that is to go out holds nothing else."""
    found = []
    for path in sorted(dist.iterdir()):
        inside = sorted(path.iterdir()) if path.is_dir() and not path.is_symlink() else []
        listed = {one: f"{path.name}/{one.name}" in known for one in inside}
        if any(listed.values()):
            found += [one for one, is_known in listed.items() if not is_known]
        elif path.name not in known:
            found.append(path)
    return [
        Fault(
            Place(f"dist/{path.relative_to(dist).as_posix()}"),
            f"`{path.name}` is not of this release, and no build has published it",
            "release-foreign",
            "move it out of `dist`: the folder that goes out holds the release and nothing else",
        )
        for path in found
    ]


def not_a_folder(dist: Path) -> Fault | None:
    """Why `dist` cannot be a folder, before anything is tried; None where it is one or can be made."""
    if dist.is_symlink():
        message = "`dist` is a link; a build publishes in the publication's own folder only"
        hint = "delete the link, and copy from `dist` to where the files shall go"
        return Fault(Place("dist"), message, "dist-not-writable", hint)
    if dist.exists() and not dist.is_dir():
        hint = "move the file away; the build makes the folder `dist` itself"
        return Fault(Place("dist"), "`dist` is a file, so nothing can be published in it", "dist-not-writable", hint)
    return None


def not_written(error: OSError, *, whole: bool) -> Fault:
    """The fault for `error`; `whole` says that `dist` is as it was before."""
    after = "what stood there is unchanged" if whole else "some files there are new and some are old"
    then = "" if whole else "; the next build puts `dist` right first"
    reason = error.strerror or type(error).__name__
    failed = Path(error.filename) if isinstance(error.filename, str) else Path()
    if failed.name == RELEASES or (failed.parent.name == RELEASES and failed.name != "dist"):
        message = f"`{RELEASES}`, which keeps what was released, cannot be written to ({reason}); {after}"
        return Fault(Place(RELEASES), message, "dist-not-writable", f"give this user the right to write in it{then}")
    place = Place("dist")
    if error.errno in DISK_FULL:
        message = f"the new files do not fit on the disk of `dist` ({reason}); {after}"
        return Fault(place, message, "disk-full", f"free some space, or move the publication to a larger disk{then}")
    if error.errno == errno.EROFS:
        hint = "make its disk writable, or move the publication to one that is"
    elif error.errno in (errno.EACCES, errno.EPERM):
        hint = "close the files of `dist` in other programs, and give this user the right to write in `dist`"
    else:
        hint = "see that the disk of `dist` is there and in order, then build again"
    return Fault(place, f"`dist` cannot be written to ({reason}); {after}", "dist-not-writable", hint + then)
