"""Zip and XML files from translators, read within limits and without entities; zips written reproducibly."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faulty, Place
from impressum.system.files import read

if TYPE_CHECKING:
    from lxml.etree import _Element

EPOCH = (1980, 1, 1, 0, 0, 0)
LOCKED = 1  # the flag of a file in a zip that is encrypted
MOST_FILES = 2_000
LIMIT = 200_000_000
"""Bytes that all files of a zip together may unpack to."""
LARGEST_XML = 50_000_000
DEEPEST = 200


def bytes_of(file: Path) -> bytes:
    """The content of `file`. Raises Faulty where it cannot be read, or is too large."""
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


def files_in(folder: Path) -> dict[str, bytes]:
    """The files in a folder and those below it, by their path there. Raises Faulty if they are too many or large."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    if len(paths) > MOST_FILES or sum(path.stat().st_size for path in paths) > LIMIT:
        message = f"the folder holds more than {LIMIT // 1_000_000} MB or {MOST_FILES} files"
        raise _refused(folder.as_posix(), message)
    return {path.relative_to(folder).as_posix(): bytes_of(path) for path in paths}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of `files` by name, in their order; a name that ends with a slash is a folder."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o40755 << 16 | 0x10 if info.is_dir() else 0o644 << 16
            info.create_system = 3
            archive.writestr(info, content, compresslevel=9)
    return buffer.getvalue()


def unzipped(raw: bytes, path: str) -> dict[str, bytes]:
    """The files in the zip `raw` by name. Raises Faulty if they are too many or large, or lead out."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            for info in infos:
                if not is_inside(info.filename):
                    raise _refused(path, f"the zip holds `{info.filename}`, a name that leads out of it")
                if info.flag_bits & LOCKED:
                    raise _refused(path, "the zip is locked by a password")
            if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > LIMIT:
                raise _refused(path, f"the zip unpacks to more than {LIMIT // 1_000_000} MB or {MOST_FILES} files")
            return _read(archive, infos, path)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as exc:
        raise _refused(path, f"the zip cannot be read ({exc})") from exc
    except OSError as exc:
        raise _refused(path, f"the zip cannot be read ({exc.strerror or exc})") from exc


def is_inside(name: str) -> bool:
    """Whether `name` is inside the folder that it is unpacked to."""
    pure = PurePosixPath(name.replace("\\", "/"))
    return not pure.is_absolute() and ".." not in pure.parts and ":" not in name and "\x00" not in name


def _read(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], path: str) -> dict[str, bytes]:
    """The contents of the files; the sizes that the zip declares are not trusted."""
    files: dict[str, bytes] = {}
    left = LIMIT
    for info in infos:
        with archive.open(info) as file:
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise _refused(path, f"the zip unpacks to more than {LIMIT // 1_000_000} MB or {MOST_FILES} files")
        files[info.filename] = content
    return files


def _refused(path: str, message: str) -> Faulty:
    hint = "hand in the files that were handed off, with the translations in them"
    return Faulty([Fault(Place(path), message, "handin-unreadable", hint)])


def parse_xml(raw: bytes, path: str, *, is_part: bool = False) -> _Element:
    """The root of the XML in `raw`, a part of an Office file if `is_part`. Raises Faulty for no XML or a DTD."""
    from lxml import etree

    if len(raw) > LARGEST_XML:
        message = f"the file has {len(raw) / 1e6:.0f} MB, and at most {LARGEST_XML // 1_000_000} MB are read"
        raise _refused_xml(path, 0, message)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as exc:
        line = 0 if is_part else exc.lineno or 0
        reason = str(getattr(exc, "msg", exc)).partition(", line ")[0]
        raise _refused_xml(path, line, f"the file is not XML that can be read ({reason})") from exc
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise _refused_xml(path, 0, "the file declares a document type, which a file that is handed in never needs")
    return root


def _refused_xml(path: str, line: int, message: str) -> Faulty:
    hint = "export it anew from the program in which it was translated"
    return Faulty([Fault(Place(path, line), message, "handin-unreadable", hint)])


def element_name(element: _Element) -> str:
    """The name of an element without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
