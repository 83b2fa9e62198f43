"""Opens an Excel workbook (`.xlsx`) without running anything in it.

What a package of files can hide is limited before openpyxl reads it: its size when unpacked, and XML that grows.
"""

from __future__ import annotations

import io
import posixpath
import re
import warnings
import zipfile
from dataclasses import dataclass
from typing import Any

from impressum.core.errors import Faults, Place

UNPACKED_LIMIT = 50_000_000
MOST_PARTS = 2000
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
MOST_MERGED = 100_000
"""Cells; the library that reads the workbook makes an object of each."""
RELATIONS = "xl/_rels/workbook.xml.rels"
MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"
)
FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")


@dataclass(frozen=True)
class Workbook:
    """A workbook of openpyxl with the values of its cells; with their formulas too, where it has any."""

    values: Any
    formulas: Any | None


def open_workbook(raw: bytes, place: Place, faults: Faults) -> Workbook | None:
    """The workbook `raw`, or None after a fault at `place`."""
    wrong = _what_is_wrong(raw)
    if wrong:
        faults.error(place, wrong[0], "excel-file", wrong[1])
        return None
    try:
        return Workbook(_opened(raw, values=True), _opened(raw, values=False) if _has_formulas(raw) else None)
    except Exception as exc:  # openpyxl raises whatever a malformed part leads it to
        said = " ".join(str(exc).split())[:200]
        message = f"the workbook cannot be read: {said}"
        faults.error(place, message, "excel-file", "open it in a spreadsheet and save it anew")
        return None


def _what_is_wrong(raw: bytes) -> tuple[str, str] | None:
    """The reason not to open the package, and a hint; None if there is none."""
    if raw.startswith(OLD_OR_LOCKED):
        return (
            "the workbook is protected by a password, or of the old kind (`.xls`)",
            "save it as `.xlsx` without a password",
        )
    anew = "save it anew as `.xlsx`, with only the sheets that are needed"
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            parts = package.infolist()
            size = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or size > UNPACKED_LIMIT:
                most = UNPACKED_LIMIT // 1_000_000
                return f"the workbook unpacks to {size / 1e6:.0f} MB, and at most {most} MB are read", anew
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    content = package.read(part)
                    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content[:200]:
                        return f"the workbook holds `{part.filename}`, which no spreadsheet writes so", anew
                    merged = sum(_area(*found.groups()) for found in MERGED.finditer(content))
                    if merged > MOST_MERGED:
                        return f"the workbook merges {merged} cells into others", "unmerge them, and save it anew"
            lost = _lost_sheet(package)
            if lost:
                return f"the workbook names the sheet `{lost}`, and does not hold it", anew
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError, SyntaxError):
        return "this is not a workbook, or a damaged one", "open it in a spreadsheet and save it anew as `.xlsx`"
    return None


def _lost_sheet(package: zipfile.ZipFile) -> str:
    """The part of a sheet that is not there: the library would leave it out, and read another one in its place."""
    from xml.etree import ElementTree

    parts = set(package.namelist())
    relations = ElementTree.fromstring(package.read(RELATIONS)) if RELATIONS in parts else ()
    sheets = (one.get("Target", "") for one in relations if one.get("Type", "").endswith("/worksheet"))
    return next((one for one in sheets if posixpath.normpath(posixpath.join("/xl", one))[1:] not in parts), "")


def _area(left: bytes, top: bytes, right: bytes, bottom: bytes) -> int:
    """How many cells lie between two corners, such as `A`, `1`, `C`, `9`."""
    across, down = abs(_column(right) - _column(left)) + 1, abs(int(bottom) - int(top)) + 1
    return across * down


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _has_formulas(raw: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        sheets = (name for name in package.namelist() if name.startswith("xl/worksheets/"))
        return any(FORMULA.search(package.read(name)) for name in sheets)


def _opened(raw: bytes, *, values: bool) -> Any:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of whatever it would not write back
        return load_workbook(io.BytesIO(raw), data_only=values, keep_links=False, keep_vba=False, rich_text=False)
