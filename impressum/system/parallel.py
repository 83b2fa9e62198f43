"""Tasks at the same time, each in a daemon thread."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar, cast

T = TypeVar("T")
U = TypeVar("U")


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

    for wait in [later(work) for _ in range(min(most, len(tasks)))]:
        wait()
    for number in sorted(raised):
        raise raised[number]
    return [found[number] for number in range(len(tasks))]


def later(task: Callable[[], T]) -> Callable[[], T]:
    """Begins `task` in a daemon thread; the returned call waits, and gives its result or raises its exception."""
    given: list[T] = []
    raised: list[BaseException] = []

    def work() -> None:
        try:
            given.append(task())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()

    def wait() -> T:
        thread.join()
        if raised:
            raise raised[0]
        return given[0]

    return wait


def both(one: Callable[[], T], other: Callable[[], U]) -> tuple[T, U]:
    """The results of two tasks that run at the same time. Raises as `at_once` does."""
    return cast("tuple[T, U]", tuple(at_once((one, other), 2)))
