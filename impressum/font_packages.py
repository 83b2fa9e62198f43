"""The packages that bring the fonts: whether all of their files are there, as they were installed.

A font that lacks one file would not stop the typesetter: it takes the next style that it finds, in silence.
"""

from __future__ import annotations

import csv
import sys
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from impressum.errors import Fault, Faulty, Place


@cache
def font_folder(package: str) -> Path:
    """The folder of the font files of `package` (`fontpkg_spectral`). Raises `Faulty` where one is missing or cut."""
    name = package.replace("_", "-")
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        raise Faulty([_fault(name, "this package of fonts is not installed")]) from None
    folder = Path(str(installed.locate_file(package))) / "files"
    if wrong := _wrong(installed, f"{package}/files/"):
        raise Faulty([_fault(name, f"{path} {how}") for path, how in wrong])
    return folder


def _wrong(installed: Distribution, prefix: str) -> list[tuple[str, str]]:
    """The font files of a package that are not as its own list has them."""
    found = []
    # The list itself: from Python 3.12 on, `installed.files` passes over what is missing.
    for name, _, size in csv.reader((installed.read_text("RECORD") or "").splitlines()):
        if not name.startswith(prefix):
            continue
        path = Path(str(installed.locate_file(name)))
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
