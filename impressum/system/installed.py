"""The version of an installed package, for keys of the memo, from the name of its `name-version.dist-info` (2.5 for
2.005): to import `importlib.metadata` takes as long as `check` has for all of its sources."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

from impressum.core.errors import Fault, Place

ENDING = ".dist-info"


def version(package: str) -> str:
    """The installed version of `package`. Raises PackageNotFoundError where it is not installed."""
    folder = described(package)
    if folder is not None:
        return folder.name.removesuffix(ENDING).partition("-")[2]
    from importlib.metadata import version as installed

    return installed(package)


def described(package: str) -> Path | None:
    """The folder that describes `package` as it was installed, the first one that Python finds; None without one."""
    name = _plain(package)
    for entry in sys.path:
        try:
            changed = Path(entry).stat().st_mtime_ns
        except OSError:
            continue
        found = _described_in(entry, changed).get(name)
        if found:
            return Path(entry, found)
    return None


def environment_damaged(error: ImportError) -> Fault:
    """The fault for a part of a package that is missing or cannot be imported."""
    said = " ".join(str(error).split())
    hint = (
        f"delete `{sys.prefix}` and run `python build.py` again, which makes it anew; "
        f"into an environment of your own: `python -m pip install --force-reinstall {error.name or 'impressum'}`"
    )
    return Fault(Place(sys.prefix), f"the environment is damaged: {said}", "environment-damaged", hint)


@cache
def _described_in(entry: str, changed: int) -> dict[str, str]:
    """The folders in `entry` that describe packages, by the plain names of these; `changed` is its time."""
    try:
        names = sorted((path.name for path in Path(entry).iterdir() if path.name.endswith(ENDING)), reverse=True)
    except OSError:
        return {}
    return {_plain(name.partition("-")[0]): name for name in names}


def _plain(package: str) -> str:
    return re.sub(r"[-_.]+", "_", package).lower()
