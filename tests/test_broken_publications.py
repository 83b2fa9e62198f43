"""Each folder `tests/publications/broken-<what>/` is a publication with one fault: the program says exactly what is
in its file `expected`. `tests/publications/README.md` tells how to add one."""

from __future__ import annotations

import difflib
import os
import re
import shutil
from pathlib import Path

import pytest
from building import impressum

FOLDER = Path(__file__).parent / "publications"
CASES = sorted(path.name.removeprefix("broken-") for path in FOLDER.glob("broken-*"))
EXIT = re.compile(r"# exit (\d+)\n")
PROGRESS = re.compile(r"^\[\d/7\] .*\n", re.MULTILINE)


@pytest.mark.parametrize("case", CASES)
def test_a_broken_publication_is_told_word_for_word(case: str, tmp_path: Path) -> None:
    folder = FOLDER / f"broken-{case}"
    copy = tmp_path / case
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("expected", "command", ".cache", "dist"))
    command = folder / "command"
    ran = impressum(copy, *(command.read_text(encoding="utf-8").split() if command.exists() else ["check"]))
    told = PROGRESS.sub("", ran.stderr)
    if ran.code != 1:
        told = f"# exit {ran.code}\n{told}"
    expected = folder / "expected"
    if os.environ.get("IMPRESSUM_ACCEPT"):
        expected.write_text(told, encoding="utf-8")
    wanted = expected.read_text(encoding="utf-8")
    diff = difflib.unified_diff(wanted.splitlines(), told.splitlines(), "expected", "told", lineterm="")
    assert told == wanted, "\n" + "\n".join(diff)
    assert not (copy / "dist").exists()


def test_every_broken_publication_expects_a_fault_with_a_place_and_a_rule() -> None:
    for case in CASES:
        wanted = EXIT.sub("", (FOLDER / f"broken-{case}" / "expected").read_text(encoding="utf-8"), count=1)
        faults = [line for line in wanted.splitlines() if not line.startswith(" ")]
        assert faults, case
        for line in faults:
            assert re.fullmatch(r"[^:]+(:\d+(:\d+)?)?: (error|warning): .+ \[[a-z-]+\]", line), (case, line)
