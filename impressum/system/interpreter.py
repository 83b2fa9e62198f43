"""How the running Python behaves: Ctrl-C held back where it would leave something behind, garbage collected seldom,
memory given back, and an end without tidying up."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

YOUNG, MIDDLE, OLD = 100_000, 50, 200
"""After so many new objects Python looks at the new ones; after so many such looks, at those that outlived one; after
so many of these, at all."""


LOST_OUTPUT = 120
"""The exit code of a Python whose output cannot be written at its end."""
POOLS, MAPPED = -8, -3  # M_ARENA_MAX and M_MMAP_THRESHOLD of mallopt(3)
ALONE = 128 << 10
"""Bytes of a block that is mapped alone, and so given back when it is free: a page's stream, a part, a picture."""


class Interruption:
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


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Holds Ctrl-C back until its body has ended: some compiled libraries abort where their import is interrupted."""
    interruption = Interruption()
    try:
        yield
    finally:
        interruption.let_through()


def collect_seldom() -> None:
    """Lets Python look seldom: a book is some hundred thousand objects that stay, and to look at all of them again and
    again took more than half of the time that a book of two hundred pages takes before its pages are set."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def give_memory_back() -> None:
    """Lets the C library give back what is free. Of its own accord it holds a pool for each thread, and maps no block
    alone that is smaller than the largest one that was freed: for three editions that was a seventh of all. To be
    called before there are threads; only that of GNU can be told."""
    if sys.platform == "linux":
        import ctypes

        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(POOLS, 1)
            mallopt(MAPPED, ALONE)


def end(code: int) -> NoReturn:
    """Ends this process with the exit `code`, at once: to give back all that was read, object by object, takes Python
    a tenth of a second. Where what it said cannot be written, an exit code of 0 becomes Python's own for that."""
    atexit._run_exitfuncs()
    for output in (sys.stdout, sys.stderr):
        if output is not None and not output.closed:  # a program may have closed them, or put another in their place
            try:
                output.flush()
            except (OSError, ValueError):
                code = code or LOST_OUTPUT
    os._exit(code & 0xFF)
