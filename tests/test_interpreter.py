"""How the running Python behaves."""

from __future__ import annotations

import subprocess
import sys

import pytest

HALF_FREED = """
from pathlib import Path
from impressum.system.interpreter import give_memory_back
{call}

def taken():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

large = bytearray(1_000_000)
del large
blocks = [bytearray(b"x" * 200_000) for _ in range(100)]
before = taken()
del blocks[::2]
print(before - taken() > 8_000_000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_that_is_free_between_blocks_in_use_is_given_back() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", HALF_FREED.format(call="give_memory_back()")], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "True\n"
