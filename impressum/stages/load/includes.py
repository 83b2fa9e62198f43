"""The Markdown under `templates/` that chapters may include."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from unicodedata import normalize

from impressum.core.errors import Faults
from impressum.core.model.sources import SourceText
from impressum.stages.load.texts import read_text
from impressum.system.workspace import Workspace


def read_includes(workspace: Workspace, faults: Faults) -> Mapping[str, SourceText]:
    """Every `.md` file under `templates/`, by its path there; hidden ones are left out."""
    includes = {}
    for path in _markdown(workspace.templates):
        text = read_text(workspace, path, faults)
        if text is not None:
            includes[_name(workspace, path)] = SourceText(workspace.relative(path), normalize("NFC", text))
    return includes


def include_names(workspace: Workspace) -> frozenset[str]:
    """The names of all of them, those that cannot be read, too."""
    return frozenset(_name(workspace, path) for path in _markdown(workspace.templates))


def _name(workspace: Workspace, path: Path) -> str:
    return normalize("NFC", path.relative_to(workspace.templates).as_posix())


def _markdown(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():  # a link to a folder may lead out, or round and round
            yield from _markdown(path)
        elif path.suffix == ".md":
            yield path
