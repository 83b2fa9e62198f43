"""A test that is skipped where nothing may be skipped has failed; elsewhere it says why, and no more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
SKIPPED = {
    "by_a_mark": "import pytest\n\n@pytest.mark.skipif(True, reason='no walls here')\ndef test_it():\n    pass\n",
    "on_its_way": "import pytest\n\ndef test_it():\n    pytest.skip('no walls here')\n",
}


NEEDED = "import os\n\ndef test_it():\n    os.environ['IMPRESSUM_NEEDS_ALL'] = '1'\n"


def test_a_test_that_is_skipped_where_all_is_needed_has_failed(tmp_path: Path) -> None:
    for name, text in SKIPPED.items():
        (tmp_path / f"test_a_{name}.py").write_text(text)
        (tmp_path / f"test_c_{name}.py").write_text(text)
    (tmp_path / "test_b_is_needed.py").write_text(NEEDED)
    variables = {name: value for name, value in os.environ.items() if name != "IMPRESSUM_NEEDS_ALL"}
    variables["PYTHONPATH"] = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "conftest", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stdout
    assert "1 failed, 1 passed, 2 skipped, 1 error" in done.stdout
    assert done.stdout.count("no walls here") >= 4
