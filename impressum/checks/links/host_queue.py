"""Many addresses asked at the same time, of one host only a few."""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from impressum.checks.links.answers import Answer
from impressum.checks.links.exchange import split

AT_ONCE = 16
OF_A_HOST = 2


def asked(
    urls: Iterable[str], ask: Callable[[str], Answer], *, at_once: int = AT_ONCE, of_a_host: int = OF_A_HOST
) -> Iterator[tuple[str, Answer]]:
    """Each of `urls` with its answer, as they come. Raises what `ask` raises.

    The threads end with the process: Ctrl-C waits for no server.
    """
    lanes = _lanes(urls, of_a_host)
    waiting: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    for lane in lanes:
        waiting.put(lane)
    done: queue.SimpleQueue[tuple[str, Answer | BaseException]] = queue.SimpleQueue()

    def work() -> None:
        while True:
            try:
                lane = waiting.get_nowait()
            except queue.Empty:
                return
            for url in lane:
                try:
                    done.put((url, ask(url)))
                except BaseException as error:  # it is raised where the answers are read
                    done.put((url, error))

    for _ in range(min(at_once, len(lanes))):
        threading.Thread(target=work, daemon=True).start()
    for _ in range(sum(map(len, lanes))):
        url, answer = done.get()
        if isinstance(answer, BaseException):
            raise answer
        yield url, answer


def _lanes(urls: Iterable[str], of_a_host: int) -> list[list[str]]:
    """The addresses of each host in so many rows that are each gone through in order; the longest rows first."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        parts = split(url)
        hosts[parts.netloc.rpartition("@")[2].lower() if parts else ""].append(url)
    lanes = [lane for found in hosts.values() for at in range(of_a_host) if (lane := found[at::of_a_host])]
    return sorted(lanes, key=len, reverse=True)
