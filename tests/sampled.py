"""What is made once for all tests of a run: the sample, that is the repository's own publication, built."""

from __future__ import annotations

import shutil
from pathlib import Path

from building import REPOSITORY, impressum, shared

from bench.texts import SAMPLE

REPORT = "report.json"


def sample() -> Path:
    """The root of the sample with all its editions: not to be changed. What `build` said is `REPORT` beside it."""
    with shared("sample") as home:
        root = home / "publication"
        if not (home / REPORT).exists():
            shutil.rmtree(root, ignore_errors=True)
            for path in (REPOSITORY / name for name in SAMPLE):
                if path.is_dir():
                    shutil.copytree(path, root / path.name)
                elif path.is_file():
                    root.mkdir(parents=True, exist_ok=True)
                    shutil.copy(path, root)
            ran = impressum(root, "build", "--json")
            assert ran.code == 0, ran.faults
            (home / REPORT).write_text(ran.stdout, encoding="utf-8")
    return root
