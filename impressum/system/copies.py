"""Work that is shared out to copies of this process, which need to be handed nothing: only bytes come back. They run
nothing but our own code; other programs start through `process.py`, the one door."""

from __future__ import annotations

import os
import pickle
import select
import sys
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress

from impressum.system.process import WATCHER, kill_group

LATE, LEAST = 4, 20.0
"""A copy is late after as many times what this process took for its own share, and not before so many seconds."""


def shared_out(tasks: Sequence[Callable[[], bytes]], hands: int) -> list[bytes]:
    """The results of `tasks`, in order; so many `hands` work at the same time, this process being one of them.

    A task works something out, and changes nothing that another one or this process would see. Where a copy is killed,
    one of its tasks raises, or it is late, this process does them all itself, and meets the same error. A copy may wait
    for ever, for a lock that another thread of this process held when it was made. Only Linux copies a process well.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        hands = 1
    hands = max(1, min(hands, len(tasks)))
    found: dict[int, bytes] = {}
    copies: list[_Copy] = []
    try:
        with suppress(OSError):  # where the system gives no more processes, this one does it
            for start in range(1, hands):
                copies.append(_Copy(tasks[start::hands]))
        began = time.monotonic()
        for number in range(0, len(tasks), hands):
            found[number] = tasks[number]()
        late = max(LATE * (time.monotonic() - began), LEAST)
        for start, copy in enumerate(copies, 1):
            found.update(zip(range(start, len(tasks), hands), copy.results(late), strict=False))
    finally:
        for copy in copies:
            copy.end()
    return [found[number] if number in found else task() for number, task in enumerate(tasks)]


class _Copy:
    """A copy of this process that does `tasks`. To be ended."""

    def __init__(self, tasks: Sequence[Callable[[], bytes]]) -> None:
        self._results, theirs = os.pipe()
        try:
            with warnings.catch_warnings():  # a thread that draws progress holds nothing that the copy needs
                warnings.simplefilter("ignore", DeprecationWarning)
                self._pid = os.fork()
        except OSError:
            os.close(self._results)
            os.close(theirs)
            raise
        if self._pid == 0:
            try:
                os.setpgid(0, 0)
                WATCHER.leave()
                with os.fdopen(theirs, "wb") as output:
                    pickle.dump([task() for task in tasks], output)
                os._exit(0)
            finally:
                os._exit(1)
        os.close(theirs)
        with suppress(OSError):  # it may have done so itself, and have ended
            os.setpgid(self._pid, self._pid)
        WATCHER.note(f"+{self._pid}\n")

    def results(self, seconds: float) -> list[bytes]:
        """What its tasks gave, once it is done with them; nothing where it failed, or is not done after `seconds`."""
        waiting = select.poll()
        waiting.register(self._results, select.POLLIN)
        if not waiting.poll(seconds * 1000):
            return []
        with os.fdopen(self._results, "rb", closefd=False) as pipe, suppress(EOFError, pickle.UnpicklingError):
            given: list[bytes] = pickle.load(pipe)
            return given
        return []

    def end(self) -> None:
        """Ends it, if it still runs."""
        kill_group(self._pid)
        os.waitpid(self._pid, 0)
        os.close(self._results)
        WATCHER.note(f"-{self._pid}\n")
