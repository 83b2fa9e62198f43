"""Kills children that outlive the killed process that started them. Run as a file that imports nothing of the package.
Input lines: `+PID` for each process group that begins, `-PID` for each that has ended; at its end, those left are
killed."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress


def still_runs(pid: int) -> bool:
    """Whether there is a process with this number; on Windows, where to ask a process is to end it, always."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def main() -> None:
    groups: set[int] = set()
    for line in sys.stdin:
        change = groups.add if line.startswith("+") else groups.discard
        change(int(line[1:]))
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
