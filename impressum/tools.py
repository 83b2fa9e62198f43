"""The one door to other processes: an argument list, limits on time and memory, nothing lost.

The child gets a clean environment (never the parent's secrets) and its own process group, so that
nothing it starts survives it. On systems without `resource` (Windows) the memory limit is left out.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

KEPT_VARIABLES = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "SOURCE_DATE_EPOCH", "PYTHONHASHSEED")
OUTPUT_LIMIT = 64_000_000


@dataclass(frozen=True)
class Limits:
    """What a child may use: `seconds` of wall-clock time, `memory` in bytes of address space (0: no limit)."""

    seconds: float
    memory: int = 0


@dataclass(frozen=True)
class Finished:
    """A child that ended: its exit code (negative: the signal that ended it), and what it wrote."""

    code: int
    stdout: bytes
    stderr: bytes
    timed_out: bool = False

    @property
    def errors(self) -> str:
        """What it wrote to standard error, as text."""
        return self.stderr.decode("utf-8", "replace")


def python_module(module: str, *arguments: str) -> list[str]:
    """The command that runs `module` of this package in a new interpreter."""
    return [sys.executable, "-X", "utf8", "-m", module, *arguments]


def run(
    command: Sequence[str],
    *,
    limits: Limits,
    stdin: bytes = b"",
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Finished:
    """Runs `command` and waits for it, at most `limits.seconds`; then it and all it started are killed.

    Raises FileNotFoundError where the program does not exist.
    """
    variables = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    variables.update({"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONPATH": _package_folder()})
    variables.update(environment or {})
    interruption = _Interruption()
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=variables,
            start_new_session=os.name == "posix",
        )
    except BaseException:
        interruption.let_through()
        raise
    try:
        interruption.let_through()
        _limit_memory(process.pid, limits.memory)
        stdout, stderr = process.communicate(stdin, timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        _kill(process)
        stdout, stderr = process.communicate()
        return Finished(process.returncode, stdout, stderr, timed_out=True)
    except BaseException:
        _kill(process)
        process.wait()
        raise
    _kill_group(process.pid)
    return Finished(process.returncode, stdout, stderr)


def hand_over(command: Sequence[str], *, environment: Mapping[str, str]) -> int:
    """Goes on as `command`, with this process's own input and output.

    On POSIX in its place (never returns); elsewhere as a child, whose exit code is given back.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(command[0], list(command), dict(environment))
    return subprocess.call(list(command), env=dict(environment))


def _package_folder() -> str:
    return str(Path(__file__).resolve().parent.parent)


class _Interruption:
    """Holds Ctrl-C back while a child starts: one that came between its start and its pid would leave it running."""

    def __init__(self) -> None:
        self._came: list[int] = []
        self._handlers: dict[int, Callable[[int, FrameType | None], object]] = {}
        if threading.current_thread() is not threading.main_thread():
            return  # only the main thread is interrupted
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if callable(handler):
                self._handlers[number] = handler
                signal.signal(number, lambda number, _frame: self._came.append(number))

    def let_through(self) -> None:
        """Puts the handlers back, and raises what came meanwhile."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        for number in self._came:
            signal.raise_signal(number)


def _limit_memory(pid: int, size: int) -> None:
    if not size:
        return
    try:
        import resource

        resource.prlimit(pid, resource.RLIMIT_AS, (size, size))
    except (ImportError, AttributeError, ProcessLookupError):
        return  # no such limit on this system; the limit on time stands


def _kill(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        _kill_group(process.pid)
    else:
        process.kill()


def _kill_group(pid: int) -> None:
    if os.name != "posix":
        return
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
