"""Folders of work files in `.cache`: whatever is in their place is removed, and nothing outside of `.cache` is.

A killed build, a restored backup or a program that tidies up may leave anything there: half a file, a file instead of
a folder. And a publication may come from somebody else, with links in `.cache` that lead to other folders of the user.
So no link is followed on the way to a folder that is written to or emptied: a link in `.cache` is itself taken away,
and a `.cache` that is a link, or that holds folders of our names without our mark, is refused.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from impressum.core.errors import Fault, Faulty, Place
from impressum.system.files import put
from impressum.system.orphans import still_runs

CACHE = ".cache"
OURS = ("dist", "links.json", "matplotlib", "memo", "now", "size", "steps", "unchanged", "watch", "work")
"""The names that this package writes, empties and deletes in `.cache`."""
MARK = "CACHEDIR.TAG"
LEFT_FOR = 86_400.0
"""Seconds after which a temporary folder is no longer in use."""
TAG = b"""\
Signature: 8a477f597d28d172789f06886806bc55
# Impressum made this folder. It may be deleted: everything in it is made anew.
# About this file, by which programs for backups pass it over: https://bford.info/cachedir/
"""


def ensured(folder: Path) -> Path:
    """`folder`, made where it is not there; what is in it stays. Raises Faulty where its `.cache` is not ours."""
    _make_way(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def fresh(folder: Path) -> Path:
    """`folder`, empty."""
    take_away(folder)
    return ensured(folder)


def lay(path: Path, content: bytes) -> None:
    """Puts a work file in its place, whole; two commands that put the same there at once do not disturb each other."""
    ensured(path.parent)
    if path.is_dir():
        take_away(path)
    put(path, content)


def sweep(folder: Path) -> None:
    """Removes the folders beside `folder` that are called as it is, but for the number of a process that is no more."""
    if os.name != "posix":
        return
    stem = folder.name.rpartition("-")[0]
    for path in folder.parent.glob(f"{stem}-*"):
        number = path.name.removeprefix(f"{stem}-")
        if number.isdecimal() and not still_runs(int(number)):
            remove(path)


@contextmanager
def temporary(prefix: str) -> Iterator[Path]:
    """A folder of this user in that for temporary files, removed at the end; those of runs that were killed too."""
    home = Path(tempfile.gettempdir()).resolve()
    for left in home.glob(f"{prefix}*"):
        with suppress(OSError):
            noted = left.lstat()
            if time.time() - noted.st_mtime > LEFT_FOR and (os.name != "posix" or noted.st_uid == os.geteuid()):
                remove(left)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=home))
    try:
        yield folder
    finally:
        remove(folder)


def take_away(path: Path) -> None:
    """Removes the file, link or folder `path`, if it is there and can be removed. Raises Faulty as `ensured` does."""
    if os.path.lexists(path):
        _make_way(path.parent)
        remove(path)


def remove(path: Path) -> None:
    """Removes the file, link or folder `path`, wherever it stands, if it is there and can be removed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()


def _make_way(folder: Path) -> None:
    """Takes away what is no folder on the way from `.cache` to `folder`: files, and links to wherever they lead."""
    way = [folder, *folder.parents]
    depth = 1
    if CACHE in folder.parts:
        depth = folder.parts[::-1].index(CACHE)
        _claim(way[depth])
    for one in reversed(way[:depth]):
        if one.is_symlink() or (os.path.lexists(one) and not one.is_dir()):
            one.unlink(missing_ok=True)


def _claim(cache: Path) -> None:
    """Puts our mark into the folder `cache` where it is not there. Raises Faulty where it is none, or another's."""
    if cache.is_symlink() or (os.path.lexists(cache) and not cache.is_dir()):
        what = "a link" if cache.is_symlink() else "no folder"
        message = f"`{CACHE}` is {what}; work files are written and deleted in the publication's own folder only"
        hint = f"delete {'the link' if cache.is_symlink() else 'it'}; where the disk is too small, move the whole "
        raise Faulty([Fault(Place(CACHE), message, "cache-foreign", f"{hint}publication to a larger one")])
    if _is_marked(cache):
        return
    cache.mkdir(parents=True, exist_ok=True)
    taken = [name for name in OURS if os.path.lexists(cache / name)]
    if taken and not _is_marked(cache):  # another thread or process of ours marks it before it makes anything there
        message = f"another program has made `{taken[0]}`, which Impressum would empty: `{CACHE}` has no `{MARK}`"
        hint = f"move it away, or delete `{CACHE}` if nothing in it is yours"
        raise Faulty([Fault(Place(f"{CACHE}/{taken[0]}"), message, "cache-foreign", hint)])
    put(cache / MARK, TAG)


def _is_marked(cache: Path) -> bool:
    return (cache / MARK).is_file() and not (cache / MARK).is_symlink()
