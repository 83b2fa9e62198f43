"""A test that is skipped where nothing may be skipped has failed; elsewhere it says why, and no more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SKIPPED = {
    "by_a_mark": "import pytest\n\n@pytest.mark.skipif(True, reason='no walls here')\ndef test_it():\n    pass\n",
    "on_its_way": "import pytest\n\ndef test_it():\n    pytest.skip('no walls here')\n",
}


@pytest.mark.parametrize("needed", [False, True])
def test_a_test_that_is_skipped_where_all_is_needed_has_failed(*, needed: bool, tmp_path: Path) -> None:
    for name, text in SKIPPED.items():
        (tmp_path / f"test_{name}.py").write_text(text)
    variables = {name: value for name, value in os.environ.items() if name != "IMPRESSUM_NEEDS_ALL"}
    variables |= {"PYTHONPATH": str(TESTS), **({"IMPRESSUM_NEEDS_ALL": "1"} if needed else {})}
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "conftest", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == (1 if needed else 0), done.stdout
    assert ("1 failed, 1 error" if needed else "2 skipped") in done.stdout
    assert done.stdout.count("no walls here") >= 2
