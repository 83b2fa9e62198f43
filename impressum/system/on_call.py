"""A child that begins when it is first asked something."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from impressum.system.process import Conversation, Ended, Finished, Limits


class OnCall:
    """A child that begins with the first question, and anew after it has ended. Any thread may close it, also while
    another waits for an answer: that one gets `Ended`, and no child begins any more."""

    def __init__(self, command: Sequence[str], *, limits: Limits) -> None:
        self._command, self._limits = command, limits
        self._turn = threading.Lock()
        self._child: Conversation | None = None
        self._is_closed = False

    def ask(self, line: bytes) -> bytes:
        """The answer to `line`, as of a `Conversation`. Raises Ended."""
        child = self.begun()
        try:
            return child.ask(line)
        except Ended:
            with self._turn:
                self._child = None
            raise

    def begun(self) -> Conversation:
        """The child, which begins where none is there. Raises Ended after the end."""
        with self._turn:
            if self._is_closed:
                raise Ended(Finished(0, b"", b""))
            if self._child is None:
                self._child = Conversation(self._command, limits=self._limits)
            return self._child

    def rest(self) -> None:
        """Ends the child, if it runs, until the next question. To be called by who asks."""
        with self._turn:
            child, self._child = self._child, None
        if child is not None:
            child.close()

    def close(self) -> None:
        """Ends the child, if it runs."""
        with self._turn:
            self._is_closed = True
            child = self._child
        if child is not None:
            child.close()
