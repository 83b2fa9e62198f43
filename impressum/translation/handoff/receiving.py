"""The file that a translator gives back: a Word, PO or XLIFF file, or a zip of them."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.system.files import read
from impressum.translation.handoff.gettext_po import read_po
from impressum.translation.handoff.unit import ReturnedFile
from impressum.translation.handoff.word_in import read_docx
from impressum.translation.handoff.xliff import read_xliff
from impressum.translation.handoff.zips import LIMIT, unzipped

KINDS = (".docx", ".po", ".xlf", ".xliff")


def received(file: Path, faults: Faults) -> list[ReturnedFile]:
    """What `file` gives back. Raises Faulty where it cannot be read, or is none of these kinds."""
    raw = _bytes(file)
    path = file.as_posix()
    kind = file.suffix.lower()
    if kind in KINDS:
        return [_read(raw, path, kind, faults)]
    if kind != ".zip":
        hint = f"hand in a {', '.join(KINDS[:-1])} or {KINDS[-1]} file, or the whole zip"
        raise Faulty([Fault(Place(path), "the file is of no kind that can be handed in", "handin-unreadable", hint)])
    found = [
        _read(content, f"{path}/{name}", PurePosixPath(name).suffix.lower(), faults)
        for name, content in unzipped(raw, path).items()
        if PurePosixPath(name).suffix.lower() in KINDS and not _is_shadow(name)
    ]
    if not found:
        hint = f"it should hold the {', '.join(KINDS[:-2])} or {KINDS[-2]} file of the hand-off"
        raise Faulty([Fault(Place(path), "the zip holds no translated file", "handin-unreadable", hint)])
    return found


def _read(raw: bytes, path: str, kind: str, faults: Faults) -> ReturnedFile:
    if kind == ".docx":
        return read_docx(raw, path, faults)
    return read_po(raw, path) if kind == ".po" else read_xliff(raw, path)


def _is_shadow(name: str) -> bool:
    """Whether a system or an office program left this file beside the real one."""
    last = PurePosixPath(name).name
    return last.startswith((".", "~$")) or "__MACOSX" in PurePosixPath(name).parts


def _bytes(file: Path) -> bytes:
    place = Place(file.as_posix())
    try:
        if file.is_file() and file.stat().st_size > LIMIT:
            message = f"the file has {file.stat().st_size / 1e6:.0f} MB, and at most {LIMIT // 1_000_000} MB are read"
            raise Faulty([Fault(place, message, "handin-unreadable", "hand in only what was handed off")])
        return read(file)
    except OSError as exc:
        message = f"the file cannot be read: {exc.strerror or exc}"
        hint = "check its name, and that you may read it"
        raise Faulty([Fault(place, message, "handin-unreadable", hint)]) from exc
