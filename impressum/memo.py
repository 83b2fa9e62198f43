"""One small content-addressed cache, used by every stage.

The key of a step is the hash of what it reads; its value is bytes. An entry is written whole (temporary
file, rename) and carries the hash of its value, so that a torn or corrupted entry is a miss.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from impressum.whole_files import put

Json = None | bool | int | float | str | list["Json"] | tuple["Json", ...] | dict[str, "Json"]


def digest(*parts: bytes | str) -> str:
    """The hash of `parts`, each with its length, so that their borders count."""
    total = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        total.update(len(raw).to_bytes(8, "big"))
        total.update(raw)
    return total.hexdigest()


@dataclass
class Memo:
    """Remembers the results of steps in `folder`; `ran` and `reused` count what happened, by step.

    `code` stands for the program that takes the steps: what another version of it made is not used.
    """

    folder: Path
    code: str = ""
    ran: dict[str, int] = field(default_factory=dict)
    reused: dict[str, int] = field(default_factory=dict)
    _counting: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def __call__(self, step: str, inputs: Json, run: Callable[[], bytes]) -> bytes:
        """The value of `run()`, remembered under `step` and the hash of `inputs`.

        `inputs` must hold everything that the step reads. An exception of `run` is not remembered.
        """
        key = digest(self.code, step, json.dumps(inputs, sort_keys=True, ensure_ascii=False))
        path = self.folder / key[:2] / key[2:]
        known = kept(path)
        if known is not None:
            self._count(self.reused, step)
            return known
        value = run()
        self._count(self.ran, step)
        keep(path, value)
        return value

    def _count(self, counts: dict[str, int], step: str) -> None:
        with self._counting:  # steps may be taken in several threads
            counts[step] = counts.get(step, 0) + 1


def code_of_package() -> str:
    """The hash of every Python file of this package."""
    folder = Path(__file__).parent
    files = sorted(folder.rglob("*.py"))
    return digest(*(part for file in files for part in (file.relative_to(folder).as_posix(), file.read_bytes())))


def kept(path: Path) -> bytes | None:
    """The value that `keep` put into the file `path`; None where there is none, or not the whole of it."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    head, value = raw[:64], raw[64:]
    return value if hashlib.sha256(value).hexdigest().encode() == head else None


def keep(path: Path, value: bytes) -> None:
    """Puts `value` with its hash into the file `path`, whole or not at all."""
    with suppress(OSError):  # a cache that cannot be written costs time, never the build
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, hashlib.sha256(value).hexdigest().encode() + value)
