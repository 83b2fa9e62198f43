"""The font files: from packages only, never from the system, so that every machine sets the same pages."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("fontpkg_spectral", "fontpkg_alegreya_sans", "fontpkg_ibm_plex_mono")


@cache
def font_folders() -> tuple[Path, ...]:
    """The folders of the font packages."""
    folders = []
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise RuntimeError(f"the font package {package} is not installed")
        folders.append(Path(spec.origin).parent / "files")
    return tuple(folders)


def font_versions() -> dict[str, str]:
    """The version of each font package, for the keys of the memo."""
    from importlib.metadata import version

    return {package: version(package.replace("_", "-")) for package in PACKAGES}
