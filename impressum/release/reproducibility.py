"""`build --check-reproducible`: builds a copy of the sources with an empty cache, another home, time zone, locale, hash
seed, umask and order of files (`other_world.py`); it must give the same bytes."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from impressum.core.errors import Faults, Place
from impressum.system import process
from impressum.system.files import read
from impressum.system.work_folders import temporary
from impressum.system.workspace import Workspace

LIMITS = process.Limits(seconds=4 * 60 * 60)
"""For the second build as a whole; its stages have their own."""
NOT_SOURCES = frozenset({".cache", "dist", ".git", ".hg", ".svn", ".venv", "node_modules"})
"""Folders at the top of a publication that hold nothing of it."""
LISTS = frozenset({"build-record.json", "SHA256SUMS"})
"""They list what earlier builds published too; what they say of the new files follows from those."""
LONG_AGO = 1_000_000_000.0
CHUNK = 1 << 16
PAGE = "on page "


def check_reproducible(
    workspace: Workspace, command: Sequence[str], files: Mapping[str, bytes], faults: Faults
) -> None:
    """Builds `workspace` again with `command`; each of the first build's `files` (by name) that differs is a fault."""
    with temporary("impressum-apart-") as folder:
        apart = folder / "another folder, čž"
        root = apart / "publication"
        copy_sources(workspace.root, root)
        for name in ("home", "tmp"):
            (apart / name).mkdir()
        done = process.run(
            [*process.python_module("impressum.release.other_world"), "--root", str(root), *command],
            limits=LIMITS,
            environment=_other_world(apart),
        )
        if done.code not in (0, 1):
            raise RuntimeError(f"the second build ended with {done.code}:\n{done.errors}")
        if done.code == 1:
            errors = [line for line in done.errors.splitlines() if ": error: " in line]
            message = f"the second build, apart, failed: {errors[0] if errors else done.errors.strip()}"
            hint = "it has a copy of the publication's folder alone: no file outside of it, no `.cache`, another home"
            faults.error(Place("dist"), message, "reproducible-failed", hint)
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
        hint = "a figure script that asks the clock or the system, or goes through a set, is the usual cause"
        faults.error(Place(f"dist/{name}"), said, "not-reproducible", hint)


def copy_sources(root: Path, to: Path, besides: frozenset[str] = NOT_SOURCES) -> None:
    """Copies the sources in `root`, last names first, as file systems may list names in the order of their making."""
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


def first_byte(first: bytes, second: bytes) -> int:
    """The offset of the first byte that differs; the length of the shorter where the longer only goes on."""
    shorter = min(len(first), len(second))
    for start in range(0, shorter, CHUNK):
        end = min(start + CHUNK, shorter)
        one, other = first[start:end], second[start:end]
        if one != other:
            return start + next((at for at, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]))
    return shorter


def where(first: bytes, second: bytes) -> str:
    """Where `first` and `second`, which differ, begin to, as a clause."""
    at = first_byte(first, second)
    byte = f"from byte {at + 1} on"
    if first.startswith(b"%PDF-") and second.startswith(b"%PDF-"):
        found = _in_pdf(first, second)
        return f"{found}; {byte}" if found else byte
    try:
        first.decode("utf-8")
        second.decode("utf-8")
    except UnicodeDecodeError:
        return byte
    return f"from line {first.count(bytes([10]), 0, at) + 1} on"


def _in_pdf(first: bytes, second: bytes) -> str:
    """The first object that differs, by its number in the first file and what it belongs to."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(first)) as one, pikepdf.open(io.BytesIO(second)) as other:
            if len(one.pages) != len(other.pages):
                return f"{len(one.pages)} pages and {len(other.pages)}"
            others = {thing.objgen: thing for thing in other.objects if isinstance(thing, pikepdf.Object)}
            named = dict(_named(one))
            changed = [
                thing.objgen
                for thing in one.objects
                if isinstance(thing, pikepdf.Object)
                and thing.is_indirect
                and (thing.objgen not in others or _pdf_content(thing) != _pdf_content(others[thing.objgen]))
            ]
            if not changed:
                return ""
            # The metadata carry a hash of the whole file: what is on a page is nearer to the cause.
            first_one = min(changed, key=lambda one: (PAGE not in named.get(one, ""), one not in named))
            return f"object {first_one[0]}" + (f", {named[first_one]}" if first_one in named else "")
    except pikepdf.PdfError:
        return ""


def _pdf_content(thing: Any) -> tuple[bytes, bytes]:
    import pikepdf

    return thing.unparse(resolved=True), thing.read_raw_bytes() if isinstance(thing, pikepdf.Stream) else b""


def _named(document: Any) -> Iterator[tuple[tuple[int, int], str]]:
    """The objects that can be named by what they belong to: the metadata, and the parts of a page."""
    import pikepdf

    for number, page in reversed(list(enumerate(document.pages, 1))):  # what pages share belongs to the first
        resources = page.obj.get("/Resources", pikepdf.Dictionary())
        drawn = resources.get("/XObject", pikepdf.Dictionary())
        contents = page.obj.get("/Contents", pikepdf.Array())
        parts = [page.obj, *(contents if isinstance(contents, pikepdf.Array) else [contents])]
        parts += [drawn[name] for name in drawn.keys()]  # noqa: SIM118  (a dictionary of PDF iterates over nothing else)
        yield from ((part.objgen, f"{PAGE}{number}") for part in parts)
    for owner, key, name in (
        (document.Root, "/Metadata", "the metadata (XMP)"),
        (document.trailer, "/Info", "its dates"),
    ):
        if key in owner:
            yield owner[key].objgen, name
