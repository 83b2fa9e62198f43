"""Children that begin at once, forked from a process that has imported what they need, as that takes longer than to
draw a figure; each has its own limits, memory and, where the system allows it, sandbox. Linux only."""

from __future__ import annotations

import atexit
import json
import os
import select
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from impressum.system import process

if TYPE_CHECKING:
    from impressum.system.cache import Json

IS_POSSIBLE = sys.platform == "linux"
BEGINNING = 60.0
"""Seconds in which a child must have begun, including all imports for the first one."""


class ForkServer:
    """Runs children forked from the process of `command`, which `fork_server_child.serve` serves: it begins with the
    first child and ends with this process or when idle, until the next. Several threads may use it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._command = command
        self._environment = environment or {}
        self._serving: process.Serving | None = None
        self._changing = threading.Lock()

    def run(
        self,
        *,
        limits: process.Limits,
        stdin: bytes,
        sandbox: Mapping[str, Json] | None = None,
        home: Callable[[], Path | None] = lambda: None,
    ) -> process.Finished | None:
        """The result of a child, as `process.run` gives it; None: there is no process to fork it from. `sandbox` is
        what `fork_sandbox` gives; `home` makes the folder in which the process begins (None: here)."""
        own = {"seconds": limits.seconds, "memory": limits.memory, "work": limits.work}
        order = json.dumps({**own, "sandbox": sandbox and dict(sandbox)})
        for _ in range(2):  # the process may have been idle for too long just now
            child = self._child(order.encode(), home)
            if child:
                return process.finish(child, limits=limits, stdin=stdin)
        return None

    def close(self) -> None:
        """Ends the process, and what was forked from it."""
        with self._changing:
            if self._serving:
                self._end(self._serving)

    def _child(self, order: bytes, home: Callable[[], Path | None]) -> _Forked | None:
        """The child of `order`, or None where the process has ended."""
        ours, theirs = _pipes()
        try:
            with self._changing:
                serving = self._serving or self._begin(home())
                is_sent = serving.send(order, theirs)
        except BaseException:
            _close(ours)
            raise
        finally:
            _close(theirs)
        child = _Forked(*ours)
        try:
            if is_sent and child.has_begun():
                return child
        except BaseException:
            child.discard()
            raise
        child.discard()
        with self._changing:
            if serving is self._serving:  # not yet replaced by that of another thread
                self._end(serving)
        return None

    def _begin(self, home: Path | None) -> process.Serving:
        self._serving = process.Serving(self._command, folder=home, environment=self._environment)
        atexit.register(self.close)
        return self._serving

    def _end(self, serving: process.Serving) -> None:
        self._serving = None
        atexit.unregister(self.close)
        serving.close()


class _Forked:
    """A child as `process.finish` takes it; `pid` is that of its keeper, which reports on it."""

    def __init__(self, stdin: int, stdout: int, stderr: int, reports: int) -> None:
        self.stdin: IO[bytes] | None = os.fdopen(stdin, "wb")
        self.stdout: IO[bytes] | None = os.fdopen(stdout, "rb")
        self.stderr: IO[bytes] | None = os.fdopen(stderr, "rb")
        self._reports = os.fdopen(reports, "rb")
        self._waiting = threading.Lock()
        self._ended: int | None = None
        self.pid = 0

    def has_begun(self) -> bool:
        """Waits until it has; False where it never will."""
        waiting = select.poll()  # `select` cannot wait for a file that is open after the 1,024th
        waiting.register(self._reports, select.POLLIN)
        if waiting.poll(BEGINNING * 1000):
            self.pid = int(self._reports.readline() or 0)
        return self.pid > 0

    def wait(self) -> int:
        with self._waiting:
            if self._ended is None:
                self._ended = int(self._reports.readline() or -9)  # SIGKILL
                self._reports.close()
        return self._ended

    def kill(self) -> None:
        process.kill_group(self.pid)

    def discard(self) -> None:
        """Lets go of one that has not begun."""
        for file in (self.stdin, self.stdout, self.stderr, self._reports):
            if file:
                file.close()


def _pipes() -> tuple[list[int], list[int]]:
    """Our ends and a child's of its input, output, errors, and of the reports about it."""
    pipes: list[tuple[int, int]] = []
    try:
        for _ in range(4):
            pipes.append(os.pipe())
    except OSError:  # too many are open
        _close(file for pipe in pipes for file in pipe)
        raise
    (child_in, our_in), *others = pipes
    return [our_in, *(reading for reading, _ in others)], [child_in, *(writing for _, writing in others)]


def _close(files: Iterable[int]) -> None:
    for file in files:
        os.close(file)
