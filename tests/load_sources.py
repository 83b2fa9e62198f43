"""A tiny publication for the tests of `load`: files by their names, and what is found in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from impressum.core.errors import Faults, Faulty
from impressum.core.model.sources import Sources
from impressum.stages.load import load
from impressum.system.workspace import Workspace

PUBLICATION = "title: Rivers\nlanguage: en\ndate: 2025-01-31\n"
SOUND: Mapping[str, str | bytes] = {"publication.yaml": PUBLICATION, "chapters/en/01-start.md": "# Start\n\nText.\n"}


def write(root: Path, files: Mapping[str, str | bytes]) -> Workspace:
    """Writes the tiny publication into `root`, with `files` added to it or in place of its own."""
    for name, content in {**SOUND, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Workspace(root)


def sources(root: Path, files: Mapping[str, str | bytes] | None = None) -> Sources:
    """What `load` makes of the tiny publication with `files`, which must be without any fault."""
    faults = Faults()
    loaded = load(write(root, files or {}), faults)
    assert [str(fault) for fault in faults.all()] == []
    return loaded


def told(root: Path, files: Mapping[str, str | bytes] | None = None) -> list[str]:
    """Every fault that `load` finds in the tiny publication with `files`, as it is shown."""
    return told_of(write(root, files or {}))


def told_of(workspace: Workspace) -> list[str]:
    """Every fault that `load` finds, as it is shown."""
    faults = Faults()
    try:
        load(workspace, faults)
    except Faulty as exc:
        return [str(fault) for fault in exc.faults]
    return [str(fault) for fault in faults.all()]
