"""The layout of an environment: its folder, marker and Python. Standard library only."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PUBLICATION = ROOT.parent.parent if ROOT.parent.name == ".cache" else ROOT
"""Where the environment is made: a publication that has unpacked its wheel into its `.cache`, or the repository."""
MARKER = "impressum-ready"
DROPPED = ("PYTHONHOME", "PYTHONPATH")  # what belongs to the interpreter that started, not to the environment


def python_of(home: Path) -> Path:
    """The interpreter of the environment in `home`."""
    return home / "Scripts" / "python.exe" if os.name == "nt" else home / "bin" / "python"


def is_ready(home: Path) -> bool:
    """Whether the environment in `home` was finished and its Python still exists."""
    return all(path.exists() for path in (home / MARKER, home / "pyvenv.cfg", python_of(home)))
