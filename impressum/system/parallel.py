"""Tasks at the same time, each in a daemon thread."""

from __future__ import annotations

import _thread
import os
import queue
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, cast

T = TypeVar("T")
U = TypeVar("U")
BEGINNING = 30.0
"""Seconds in which a thread must have begun."""


def processors() -> int:
    """How many processors there are for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def at_once(tasks: Sequence[Callable[[], T]], most: int) -> list[T]:
    """The results of `tasks`, in order; at most `most` run at once. Raises the first exception in order, once all have
    ended. The threads are daemons: an interrupted build ends at once, and the children with it."""
    if most <= 1 or len(tasks) <= 1:
        return [task() for task in tasks]
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(tasks)):
        waiting.put(number)
    found: dict[int, T] = {}
    raised: dict[int, BaseException] = {}

    def work() -> None:
        while True:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                found[number] = tasks[number]()
            except BaseException as error:
                raised[number] = error

    for worker in [Later(work) for _ in range(min(most, len(tasks)))]:
        worker.result()
    for number in sorted(raised):
        raise raised[number]
    return [found[number] for number in range(len(tasks))]


class Later(Generic[T]):
    """A task in a daemon thread, which begins at once. Raises RuntimeError where the system gives no thread; where it
    gives one without the memory to begin, `threading.Thread.start` waits for ever."""

    def __init__(self, task: Callable[[], T]) -> None:
        self._given: list[T] = []
        self._raised: list[BaseException] = []
        self._begun, self._ended = _thread.allocate_lock(), _thread.allocate_lock()
        self._begun.acquire()
        self._ended.acquire()
        _thread.start_new_thread(self._work, (task,))
        if not self._begun.acquire(timeout=BEGINNING):
            raise RuntimeError("can't start new thread")

    def _work(self, task: Callable[[], T]) -> None:
        self._begun.release()
        try:
            self._given.append(task())
        except BaseException as error:
            self._raised.append(error)
        finally:
            self._ended.release()

    def ends(self, seconds: float = -1) -> bool:
        """Waits until it ends, at most `seconds` (-1: without limit); whether it did."""
        if not self._ended.acquire(timeout=seconds):
            return False
        self._ended.release()
        return True

    def result(self) -> T:
        """Waits until it ends; what it gave. Raises what it raised."""
        self.ends()
        for error in self._raised:
            raise error
        return self._given[0]


def both(one: Callable[[], T], other: Callable[[], U]) -> tuple[T, U]:
    """The results of two tasks that run at the same time. Raises as `at_once` does."""
    return cast("tuple[T, U]", tuple(at_once((one, other), 2)))
