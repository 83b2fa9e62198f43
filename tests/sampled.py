"""What is made once for all tests of a run: the sample, that is the repository's own publication, built."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from building import REPOSITORY, impressum

from impressum.stages.publish.locking import lock
from impressum.system.workspace import Workspace

SOURCES = ("publication.yaml", "chapters", "figures", "bib", "templates", "glossary.csv")
REPORT = "report.json"


@contextmanager
def shared(temporary: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """The folder `name` of all processes of a run, for this one alone while the body runs."""
    folder = temporary.getbasetemp()
    # Each process of pytest-xdist has a folder of its own in one for all of them.
    home = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / name
    with lock(Workspace(home)):
        yield home


def sample(temporary: pytest.TempPathFactory) -> Path:
    """The root of the sample with all its editions: not to be changed. What `build` said is `REPORT` beside it."""
    with shared(temporary, "sample") as home:
        root = home / "publication"
        if not (home / REPORT).exists():
            shutil.rmtree(root, ignore_errors=True)
            for path in (REPOSITORY / name for name in SOURCES):
                if path.is_dir():
                    shutil.copytree(path, root / path.name)
                elif path.is_file():
                    root.mkdir(parents=True, exist_ok=True)
                    shutil.copy(path, root)
            ran = impressum(root, "build", "--json")
            assert ran.code == 0, ran.faults
            (home / REPORT).write_text(ran.stdout, encoding="utf-8")
    return root
