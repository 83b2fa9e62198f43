"""What a command and all that it starts take together: watched from outside, in /proc (Linux)."""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

PROC = Path("/proc")
EVERY = 0.25
"""Seconds between two looks."""
SUBREAPER = 36
"""Of prctl(2): who loses its parent becomes a child of this process, and is seen still."""


@dataclass(frozen=True)
class Watched:
    """How a command ended, in how many seconds, and the most memory (bytes, PSS) that was seen at one time.

    `together` is that of the whole tree of processes, `largest` that of one process of it, called `name`. `processor`
    are the seconds that the tree worked.
    """

    code: int
    seconds: float
    processor: float
    together: int
    largest: int
    name: str


def watched(command: Sequence[str], folder: Path, log: Path, every: float = EVERY) -> Watched:
    """Runs the command in `folder` to its end; what it writes goes to `log`."""
    adopt = partial(ctypes.CDLL(None).prctl, SUBREAPER)
    adopt(1, 0, 0, 0)
    together = largest = 0
    name = ""
    before = os.times()
    begin = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        ended = threading.Event()
        threading.Thread(target=_await, args=(process, ended), daemon=True).start()
        while not ended.wait(every):
            taken = {number: proportional(number) for number in tree(os.getpid()) - {os.getpid()}}
            together = max(together, sum(taken.values()))
            first = max(taken, key=taken.__getitem__, default=0)
            if taken and taken[first] > largest:
                largest, name = taken[first], called(first)
    seconds = time.perf_counter() - begin
    adopt(0, 0, 0, 0)
    after = os.times()
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    return Watched(process.returncode, seconds, worked, together, largest, name)


def _await(process: subprocess.Popen[bytes], ended: threading.Event) -> None:
    process.wait()
    ended.set()


def tree(root: int) -> set[int]:
    """The process `root` and all that descend from it, by their numbers."""
    children: dict[int, list[int]] = {}
    for path in PROC.iterdir():
        if path.name.isdecimal():
            try:
                fields = (path / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            children.setdefault(int(fields[1]), []).append(int(path.name))
    found: set[int] = set()
    waiting = [root]
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting.extend(children.get(number, ()))
    return found


def proportional(number: int) -> int:
    """The bytes of a process that are in memory, those that it shares divided by their sharers; 0 where it ended."""
    try:
        text = (PROC / str(number) / "smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0
    lines = dict(line.split(":", 1) for line in text.splitlines()[1:] if ":" in line)
    return int(lines["Pss"].split()[0]) * 1024 if "Pss" in lines else 0


def called(number: int) -> str:
    """What a process was started as: its program, and the module of Python that it runs."""
    try:
        words = (PROC / str(number) / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return ""
    module = words[words.index("-m") + 1] if "-m" in words[:-1] else ""
    return " ".join(filter(None, (Path(words[0]).name, module)))
