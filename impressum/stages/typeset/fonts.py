"""The font files: from packages only, never from the system, so that every machine sets the same pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from impressum.system.font_packages import font_folder
from impressum.system.installed import version

PACKAGES = ("fontpkg_spectral", "fontpkg_alegreya_sans", "fontpkg_ibm_plex_mono")


@cache
def font_folders() -> tuple[Path, ...]:
    """The folders of the font packages. Raises `Faulty` where one is not whole."""
    return tuple(font_folder(package) for package in PACKAGES)


def font_versions() -> dict[str, str]:
    """The version of each font package, for the keys of the memo. Raises `Faulty` where one is not whole."""
    font_folders()
    return {package: version(package.replace("_", "-")) for package in PACKAGES}
