"""`build --check-reproducible`: the publication is built a second time apart, and must give the same bytes.

Apart: a copy of the sources in another folder, an empty cache, another home, time zone, locale, hash seed, umask and
order of the files in a folder (`other_world.py`). What differs is told by `differences.py`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from impressum.core.errors import Faults, Place
from impressum.release.reproducible.differences import where
from impressum.system import process
from impressum.system.files import read
from impressum.system.work_folders import temporary
from impressum.system.workspace import Workspace

LIMITS = process.Limits(seconds=4 * 60 * 60)
"""For the second build as a whole; what is in it has limits of its own."""
NOT_SOURCES = frozenset({".cache", "dist", ".git", ".hg", ".svn", ".venv", "node_modules"})
"""Folders at the top of a publication that hold nothing of it."""
LISTS = frozenset({"build-record.json", "SHA256SUMS"})
"""They list what earlier builds published too; what they say of the new files follows from those."""
LONG_AGO = 1_000_000_000.0


def check_reproducible(
    workspace: Workspace, command: Sequence[str], files: Mapping[str, bytes], faults: Faults
) -> None:
    """Builds the sources of `workspace` again with `command` (`build` and its options), and compares all `files`.

    `files` are what the first build made, by their names in `dist`. Each that differs is a fault.
    """
    with temporary("impressum-apart-") as folder:
        apart = folder / "another folder, čž"
        root = apart / "publication"
        copy_sources(workspace.root, root)
        for name in ("home", "tmp"):
            (apart / name).mkdir()
        done = process.run(
            [*process.python_module("impressum.release.reproducible.other_world"), "--root", str(root), *command],
            limits=LIMITS,
            environment=_other_world(apart),
        )
        if done.code not in (0, 1):
            raise RuntimeError(f"the second build ended with {done.code}:\n{done.errors}")
        if done.code == 1:
            told = [line for line in done.errors.splitlines() if ": error: " in line]
            faults.error(
                Place("dist"),
                f"the second build, apart, failed: {told[0] if told else done.errors.strip()}",
                "reproducible-failed",
                "it has a copy of the publication's folder alone: no file outside of it, no `.cache`, another home",
            )
            return
        again = {
            path.relative_to(root / "dist").as_posix(): read(path)
            for path in sorted((root / "dist").rglob("*"))
            if path.is_file() and path.name not in LISTS
        }
    compare(files, again, faults)


def compare(files: Mapping[str, bytes], again: Mapping[str, bytes], faults: Faults) -> None:
    """Notes each file that is not the same, byte for byte, in both."""
    for name in sorted(files.keys() | again.keys()):
        if name not in again or name not in files:
            which = "first" if name in files else "second"
            said = f"it comes out of the {which} of two builds only"
        elif files[name] != again[name]:
            said = f"built again, apart, it is another: {where(files[name], again[name])}"
        else:
            continue
        faults.error(
            Place(f"dist/{name}"),
            said,
            "not-reproducible",
            "a figure script that asks the clock or the system, or goes through a set, is the usual cause",
        )


def copy_sources(root: Path, to: Path, besides: frozenset[str] = NOT_SOURCES) -> None:
    """Copies the publication in `root` without what is made of it; the last names first, all files old.

    A file system may list names in the order in which they were made.
    """
    to.mkdir(parents=True)
    for path in sorted(root.iterdir(), reverse=True):
        if path.name in besides or path.name == "__pycache__":
            continue
        copy = to / path.name
        if path.is_symlink():
            copy.symlink_to(path.readlink())
        elif path.is_dir():
            copy_sources(path, copy, frozenset())
        elif path.is_file():
            shutil.copyfile(path, copy)
            os.utime(copy, (LONG_AGO, LONG_AGO))


def _other_world(apart: Path) -> dict[str, str]:
    zone = "Pacific/Kiritimati" if os.environ.get("TZ") != "Pacific/Kiritimati" else "America/St_Johns"
    return {
        "TZ": zone,
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "4711" if os.environ.get("PYTHONHASHSEED") != "4711" else "1147",
        "HOME": str(apart / "home"),
        "TMPDIR": str(apart / "tmp"),
        "COLUMNS": "60",
    }
