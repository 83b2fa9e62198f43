"""The packages that bring the fonts: whether all of their files are there, as they were installed.

A font that lacks one file would not stop the typesetter: it takes the next style that it finds, in silence.
"""

from __future__ import annotations

import csv
import sys
from functools import cache
from pathlib import Path

from impressum.core.errors import Fault, Faulty, Place
from impressum.system.installed import described


@cache
def font_folder(package: str) -> Path:
    """The folder of the font files of `package` (`fontpkg_spectral`). Raises `Faulty` where one is missing or cut."""
    name = package.replace("_", "-")
    description = described(name)
    if description is None:
        raise Faulty([_fault(name, "this package of fonts is not installed")])
    folder = description.parent / package / "files"
    if wrong := _wrong(description, f"{package}/files/"):
        raise Faulty([_fault(name, f"{path} {how}") for path, how in wrong])
    return folder


def _wrong(description: Path, prefix: str) -> list[tuple[str, str]]:
    """The font files of the package with this `description` that are not as its own list has them."""
    found = []
    listed = description / "RECORD"
    for name, _, size in csv.reader(listed.read_text(encoding="utf-8").splitlines() if listed.exists() else ()):
        if not name.startswith(prefix):
            continue
        path = description.parent / name
        if not path.is_file():
            found.append((f"the font `{path.name}`", "is missing"))
        elif size and path.stat().st_size != int(size):
            found.append((f"the font `{path.name}`", f"is damaged: it has not its {size} bytes"))
    return found


def _fault(name: str, said: str) -> Fault:
    hint = (
        f"delete the environment `{sys.prefix}` and run `python build.py` again, which makes it anew; "
        f"into one of your own: `python -m pip install --force-reinstall {name}`"
    )
    return Fault(Place(name), said, "font-missing", hint)
