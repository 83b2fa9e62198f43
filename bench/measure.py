"""Runs a command once, alone, and notes what it took."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SLOWS = ("PYTHONDONTWRITEBYTECODE",)
"""Variables by which every program in Python would be compiled again in each run."""


@dataclass(frozen=True)
class Taken:
    """What a run took: wall-clock and processor time in seconds, and the bytes of its largest process."""

    seconds: float
    processor: float
    memory: int


class Failed(Exception):
    """A command that ended with another code than 0."""


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Taken:
    """Runs `command` in `folder` to its end. Raises Failed with the last of what it wrote."""
    log = folder / ".bench-log"
    with log.open("wb") as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**{name: value for name, value in os.environ.items() if name not in SLOWS}, **(environment or {})},
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise Failed(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    return Taken(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def middle(taken: Sequence[Taken]) -> Taken:
    """The medians of some runs."""
    return Taken(
        median(one.seconds for one in taken),
        median(one.processor for one in taken),
        int(median(one.memory for one in taken)),
    )
