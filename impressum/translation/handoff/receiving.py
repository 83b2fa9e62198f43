"""Opens what comes back from a translator: a DOCX, PO or XLIFF file, a zip or a folder of them."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.translation.handoff.exchange import opened_po, read_po, read_xliff
from impressum.translation.handoff.safe_files import bytes_of, files_in, unzipped
from impressum.translation.handoff.unit import ReturnedFile
from impressum.translation.handoff.word import read_docx

KINDS = (".docx", ".po", ".xlf", ".xliff")


def received(file: Path, faults: Faults) -> list[ReturnedFile]:
    """The returned files in `file`. Raises Faulty where it cannot be read or is of another kind."""
    path = file.as_posix()
    kind = file.suffix.lower()
    if kind in KINDS and not file.is_dir():
        return [_read(bytes_of(file), path, kind, faults)]
    if kind != ".zip" and not file.is_dir():
        bytes_of(file)
        hint = f"hand in a {', '.join(KINDS[:-1])} or {KINDS[-1]} file, a folder of them, or the whole zip"
        raise Faulty([Fault(Place(path), "the file is of no kind that can be handed in", "handin-unreadable", hint)])
    files = files_in(file) if file.is_dir() else unzipped(bytes_of(file), path)
    names = _of_omegat([name for name in files if PurePosixPath(name).suffix.lower() in KINDS and not _is_shadow(name)])
    found = [_read(files[name], f"{path}/{name}", PurePosixPath(name).suffix.lower(), faults) for name in names]
    if not found:
        hint = f"it should hold the {', '.join(KINDS[:-2])} or {KINDS[-2]} file of the hand-off"
        what = "folder" if file.is_dir() else "zip"
        raise Faulty([Fault(Place(path), f"the {what} holds no translated file", "handin-unreadable", hint)])
    return found


def _read(raw: bytes, path: str, kind: str, faults: Faults) -> ReturnedFile:
    if kind == ".docx":
        return read_docx(raw, path, faults)
    return read_po(opened_po(raw, path), path) if kind == ".po" else read_xliff(raw, path, faults)


def _of_omegat(names: list[str]) -> list[str]:
    """`names` without what OmegaT was given, where it has written the translation of it beside it."""
    return [name for name in names if (made := name.replace("source/", "target/")) == name or made not in names]


def _is_shadow(name: str) -> bool:
    """Whether a system or an office program left this file beside the real one."""
    last = PurePosixPath(name).name
    return last.startswith((".", "~$")) or "__MACOSX" in PurePosixPath(name).parts
