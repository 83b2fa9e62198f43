"""Folders of work files in `.cache`: what stands in their place gives way.

A killed build, a restored backup or a program that tidies up may leave anything there: half a file, a file instead of
a folder, a link that leads to nothing. None of it is the user's; what stands above `.cache` is, and stays.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from impressum.tools import still_runs
from impressum.whole_files import put

CACHE = ".cache"


def standing(folder: Path) -> Path:
    """`folder`, made where it is not there; what is in it stays."""
    above = [one for one in folder.parents if CACHE in one.parts and one.name != CACHE]
    for one in (*reversed(above), folder):
        if os.path.lexists(one) and not one.is_dir():
            one.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def fresh(folder: Path) -> Path:
    """`folder`, empty."""
    take_away(folder)
    return standing(folder)


def lay(path: Path, content: bytes) -> None:
    """Puts a work file in its place, whole; two commands that put the same there at once do not disturb each other."""
    standing(path.parent)
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
            take_away(path)


def take_away(path: Path) -> None:
    """Removes the file, link or folder `path`, if it is there and can be removed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()
