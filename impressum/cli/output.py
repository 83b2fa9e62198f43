"""What the program prints: text, and no commands to the terminal, whatever a file or a server is called or says."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from impressum.core.errors import COMMANDING

UNPRINTABLE = re.compile(f"{COMMANDING.pattern}|[\\ud800-\\udfff]")
"""What a terminal obeys, and halves of characters: a file may be called by bytes that are no text."""


def visible(text: str) -> str:
    """`text` with the code of each such character in its place, in a form that JSON reads as that character."""
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class _Visible:
    """A stream that prints what is `visible`; all else that is asked of it is `stream`'s."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        return self.stream.write(visible(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def plain_output() -> Iterator[None]:
    """Within it, standard output and errors print text alone."""
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast("TextIO", _Visible(stream)) for stream in kept)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = kept
