"""Reads files of the publication as bytes or as clean text, and the Markdown that chapters may include."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from unicodedata import normalize

from impressum.core.errors import Faults, Place
from impressum.core.letters import STACKED, UNWANTED, add_letter_fault, add_stack_fault
from impressum.core.model.sources import SourceText
from impressum.system.files import is_file, read
from impressum.system.workspace import Workspace

YAML_LIMIT = 1_000_000
TEXT_LIMIT = 5_000_000
DATA_LIMIT = 20_000_000
IMAGE_LIMIT = 50_000_000
SHOWN = 10
"""How many faulty characters of one file are shown."""


def read_bytes(workspace: Workspace, path: Path, faults: Faults, *, limit: int) -> bytes | None:
    """The bytes of the regular file `path` inside the publication, at most `limit`, or None after a fault."""
    place = Place(workspace.relative(path))
    if workspace.inside(place.path) is None:
        message = f"`{path.name}` leads out of the publication's folder"
        faults.error(place, message, "file-outside", "copy the file into the publication instead of linking to it")
        return None
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            faults.error(place, f"`{path.name}` is not a file", "file-unreadable", "rename it or move it away")
            return None
        if status.st_size > limit:
            message = f"the file has {status.st_size / 1e6:.1f} MB, and at most {limit // 1_000_000} MB are read"
            faults.error(place, message, "file-size", "split it or make it smaller")
            return None
        return read(path)
    except OSError as exc:
        message = f"the file cannot be read: {exc.strerror or exc}"
        faults.error(place, message, "file-unreadable", "check that it exists and that you may read it")
        return None


def read_shared(workspace: Workspace, name: str, faults: Faults) -> bytes | None:
    """The bytes of the glossary, or of another file, `name` that several publications share: it may be outside of the
    root. None after a fault. What leads out of the root is not read in an untrusted build, which refuses it before.
    """
    path = workspace.root / name
    if not is_file(path):
        hint = "paths are relative to the folder of publication.yaml; mind upper and lower case"
        faults.error(Place("publication.yaml"), f"the shared glossary `{name}` is not there", "glossary-missing", hint)
        return None
    if path.stat().st_size > TEXT_LIMIT:
        message = f"the file has {path.stat().st_size / 1e6:.1f} MB, and at most {TEXT_LIMIT // 1_000_000} MB are read"
        faults.error(Place(name), message, "file-size", "split it or make it smaller")
        return None
    return read(path)


def read_text(workspace: Workspace, path: Path, faults: Faults, *, limit: int = TEXT_LIMIT) -> str | None:
    """The text of `path`: UTF-8, without BOM, with `\\n` line ends, free of unwanted characters; else None."""
    raw = read_bytes(workspace, path, faults, limit=limit)
    return None if raw is None else decode(raw, workspace.relative(path), faults)


def decode(raw: bytes, path: str, faults: Faults) -> str | None:
    """`raw` as clean text (see `read_text`), or None after faults at the bytes or characters that are wrong."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        line = raw.count(b"\n", 0, exc.start) + 1
        message = f"the file is not UTF-8: byte {exc.start + 1} (line {line}) is 0x{raw[exc.start]:02X}"
        is_wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        guess = "it looks like UTF-16" if is_wide else "it may have been saved in a Windows or Latin encoding"
        faults.error(Place(path, line), message, "text-encoding", f"save the file as UTF-8; {guess}")
        return None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text if _is_clean(text, path, faults) else None


def _is_clean(text: str, path: str, faults: Faults) -> bool:
    clean = True
    stacked = None if text.isascii() else STACKED.search(text)
    if stacked:
        clean = False
        start = stacked.start()
        add_stack_fault(
            stacked[0], Place(path, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)), faults
        )
    for count, found in enumerate(UNWANTED.finditer(text)):
        if count == SHOWN:
            break
        clean = False
        start = found.start()
        line = text.count("\n", 0, start) + 1
        place = Place(path, line, start - text.rfind("\n", 0, start))
        add_letter_fault(found.group(), place, faults)
    return clean


def exists(path: Path) -> bool:
    """Whether there is a file `path`; a name that no file can have is a file that does not exist."""
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True


def read_includes(workspace: Workspace, faults: Faults) -> Mapping[str, SourceText]:
    """Every `.md` file under `templates/`, by its path there; hidden ones are left out."""
    includes = {}
    for path in _markdown(workspace.templates):
        text = read_text(workspace, path, faults)
        if text is not None:
            includes[_name(workspace, path)] = SourceText(workspace.relative(path), normalize("NFC", text))
    return includes


def include_names(workspace: Workspace) -> frozenset[str]:
    """The names of all of them, those that cannot be read, too."""
    return frozenset(_name(workspace, path) for path in _markdown(workspace.templates))


def _name(workspace: Workspace, path: Path) -> str:
    return normalize("NFC", path.relative_to(workspace.templates).as_posix())


def _markdown(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():  # a link to a folder may lead out, or round and round
            yield from _markdown(path)
        elif path.suffix == ".md":
            yield path
