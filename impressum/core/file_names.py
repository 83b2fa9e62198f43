"""File names as on disk: macOS and Windows take `Map.PNG` for `map.png`, and macOS NFC for NFD; texts are in NFC."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from impressum.core.errors import Faults, Place

CASE, FORM = "file-case", "file-unicode-form"
RENAME = "rename it"
Listing = Callable[[Path], Iterable[str]]
"""Gives the names in a folder; raises OSError."""


@dataclass(frozen=True)
class Misspelt:
    """A name as it is `given`, and as it is `found` on disk; they differ in the case of letters, or in their form."""

    given: str
    found: str

    @property
    def rule(self) -> str:
        return FORM if normalize("NFC", self.given) == normalize("NFC", self.found) else CASE

    def add_to(self, faults: Faults, place: Place, mend: str = "write it letter for letter") -> None:
        """Notes the fault at `place`, where the name is given; `mend` says what to do where only case differs."""
        name, found = PurePosixPath(self.given), PurePosixPath(self.found)
        if self.rule == CASE:
            hint = f"{mend}: macOS and Windows take both for the same, Linux and the web do not"
            faults.error(place, f"the file `{self.given}` is called `{self.found}`", CASE, hint)
        else:
            message = f"the name of the file `{name}` is written with accents as characters of their own (NFD) on disk"
            nfc = normalize("NFC", found.name)
            hint = f"rename it, so that it is `{nfc}` in NFC: only macOS takes both for the same"
            faults.error(place, message, FORM, hint)


def misspelt(root: Path, name: str, listing: Listing = os.listdir) -> Misspelt | None:
    """How `name`, a path below `root`, is written on disk, where that is another way; None where it is not there."""
    folder, found = root, []
    parts = PurePosixPath(name).parts
    for part in parts:
        known = _one_of(part, folder, listing)
        if known is None:
            return None
        found.append(known)
        folder /= known
    return None if tuple(found) == parts else Misspelt("/".join(parts), "/".join(found))


def alike(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that is `name`, else the one that differs from it in case or form only, else None."""
    known = sorted(names)
    if name in known:
        return name
    for same in (lambda text: normalize("NFC", text), _folded):
        for one in known:
            if same(one) == same(name):
                return one
    return None


def _folded(name: str) -> str:
    return normalize("NFC", normalize("NFC", name).casefold())


def _one_of(name: str, folder: Path, listing: Listing) -> str | None:
    if name == "..":
        return name
    try:
        return alike(name, listing(folder))
    except (OSError, ValueError):
        return None
