"""Hands the state of the live page to every browser that is connected."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

LATEST = 1  # messages that wait for a browser: each holds everything, so that only the latest counts


@dataclass
class Board:
    """Holds the latest message; `publish` may be called from any thread, `messages` in one event loop."""

    message: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _loop: asyncio.AbstractEventLoop | None = None
    _waiting: set[asyncio.Queue[str | None]] = field(default_factory=set)
    _is_closed: bool = False

    def publish(self, message: str) -> None:
        """Hands `message` to all who wait, and to those who come later."""
        with self._lock:
            if message == self.message:
                return
            self.message = message
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._hand_out, message)

    async def messages(self) -> AsyncIterator[str | None]:
        """The latest message, and each that follows; None where there was none for a while."""
        if self._is_closed:
            return
        queue: asyncio.Queue[str | None] = asyncio.Queue(LATEST)
        with self._lock:
            self._loop = asyncio.get_running_loop()
            self._waiting.add(queue)
            message = self.message
        try:
            yield message
            while True:
                try:
                    following = await asyncio.wait_for(queue.get(), 15)
                except TimeoutError:
                    yield None
                    continue
                if following is None:
                    return
                yield following
        finally:
            self._waiting.discard(queue)

    def close(self) -> None:
        """Ends all `messages`; what is published later reaches nobody. To be called in their event loop."""
        self._is_closed = True
        with self._lock:
            self._loop = None
        for queue in self._waiting:
            _put(queue, None)

    def _hand_out(self, message: str) -> None:
        for queue in () if self._is_closed else self._waiting:  # nothing goes in the place of their end
            _put(queue, message)


def _put(queue: asyncio.Queue[str | None], message: str | None) -> None:
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(message)
