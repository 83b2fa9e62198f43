"""Work that is shared out to copies of a process gives what one process alone gives."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from impressum.system import copies
from impressum.system.cache import Memo, Task
from impressum.system.copies import shared_out


def said(number: int) -> bytes:
    return f"{number} {os.getpid()}".encode()


def tasks(count: int) -> list[Callable[[], bytes]]:
    return [partial(said, number) for number in range(count)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is sure to copy a process well")
def test_results_come_in_order_from_as_many_processes_as_there_are_hands() -> None:
    results = [one.split() for one in shared_out(tasks(7), 3)]
    assert [int(number) for number, _ in results] == list(range(7))
    assert len({pid for _, pid in results}) == 3
    assert shared_out([], 3) == []


def test_another_thread_makes_no_copies() -> None:
    """Ensures it since the main thread may hold a lock that nobody in a copy would open."""
    found: list[bytes] = []
    thread = threading.Thread(target=lambda: found.extend(shared_out(tasks(4), 2)))
    thread.start()
    thread.join()
    assert {int(one.split()[1]) for one in found} == {os.getpid()}


def test_a_task_that_fails_in_a_copy_fails_here() -> None:
    def fails() -> bytes:
        raise ValueError(f"in {os.getpid()}")

    with pytest.raises(ValueError, match=f"in {os.getpid()}"):
        shared_out([*tasks(1), fails], 2)


def test_what_a_killed_copy_leaves_is_done_here() -> None:
    here = os.getpid()

    def killed() -> bytes:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"done"

    assert shared_out([lambda: b"first", killed, lambda: b"third"], 2) == [b"first", b"done", b"third"]


def test_what_a_copy_waits_for_without_end_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeds a lock that another thread holds while the copy is made."""
    monkeypatch.setattr(copies, "LEAST", 0.1)
    lock, here = threading.Lock(), os.getpid()

    def locked() -> bytes:
        if os.getpid() != here:
            lock.acquire()
        return b"done"

    with lock:
        assert shared_out([lambda: b"first", locked], 2) == [b"first", b"done"]


def test_a_memo_runs_what_it_does_not_remember_and_counts_it(tmp_path: Path) -> None:
    memo = Memo(tmp_path / "memo", hands=2)
    assert memo("step", {"of": 1}, lambda: b"before") == b"before"
    given = [Task({"of": number}, partial(bytes, number), f"task {number}") for number in range(4)]
    assert memo.each("step", given) == [b"", b"before", bytes(2), bytes(3)]
    assert (memo.ran["step"], memo.reused["step"]) == (4, 1)
    assert memo.each("step", given) == [b"", b"before", bytes(2), bytes(3)]
    assert (memo.ran["step"], memo.reused["step"]) == (4, 5)
