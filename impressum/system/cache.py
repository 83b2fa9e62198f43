"""One small content-addressed cache: a step's key is the hash of what it reads, its value is bytes. Entries are written
whole, with an HMAC by a key in the user's own folder: torn ones, and those of other users, are misses."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from impressum.core.model import Json as Json
from impressum.system.files import put, read
from impressum.system.work_folders import ensured


def digest(*parts: bytes | str) -> str:
    """The hash of `parts`, length-prefixed, so that boundaries affect it."""
    total = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part  # names of files may hold halves
        total.update(len(raw).to_bytes(8, "big"))
        total.update(raw)
    return total.hexdigest()


LARGEST = 2_000_000_000
"""Bytes that a memo may take; what was not used for the longest time goes first."""
LEFT = 0.8
"""The part of it that is left when something goes."""
DAY = 86_400.0
"""Seconds; the use of an entry is noted as often."""
SHOWN = 16
"""Signs of a hash that are enough to see a change."""


@dataclass(frozen=True)
class Step:
    """A step that was taken, or `reused`; `because` names what it reads that has changed."""

    name: str
    about: str
    reused: bool
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """A task of a step: its `inputs`, how it is run, and what it is about, as for a call of `Memo`."""

    inputs: Mapping[str, Json]
    run: Callable[[], bytes]
    about: str | None = ""


@dataclass
class Memo:
    """Remembers results of steps in `folder`, for this `code` of the program; `ran` and `reused` count them by step."""

    folder: Path
    code: str = ""
    largest: int = LARGEST
    hands: int = 1
    """How many processes may work at the same time on what is not remembered."""
    ran: dict[str, int] = field(default_factory=dict)
    reused: dict[str, int] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    _parts: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    _written: int = field(default=0, repr=False)
    """Bytes of the entries that were put."""
    _counting: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def __call__(
        self, step: str, inputs: Mapping[str, Json], run: Callable[[], bytes], *, about: str | None = ""
    ) -> bytes:
        """The value of `run()`, remembered, unless it raises, under `step` and the hash of `inputs`: everything that it
        reads, by names an author understands. `about` is its subject (a chapter, a figure; None: not in
        `--explain`)."""
        value = self.get(step, inputs, about=about)
        if value is None:
            value = run()
            self.put(step, inputs, value, about=about)
        return value

    def each(self, step: str, tasks: Sequence[Task]) -> list[bytes]:
        """The values of many `tasks` of a `step`, in order, as a call for each gives them. Those not remembered
        are worked out by `hands` processes: a task changes nothing but what is remembered."""
        known = [self.get(step, task.inputs, about=task.about) for task in tasks]
        missing = [task for task, value in zip(tasks, known, strict=True) if value is None]
        if missing:
            from impressum.system.copies import shared_out

            made = shared_out([task.run for task in missing], self.hands)
            self._written += self.largest * (len(missing) > 1)  # other processes may have put more: all is counted
            for task, value in zip(missing, made, strict=True):
                self.put(step, task.inputs, value, about=task.about)
            new = iter(made)
        return [next(new) if value is None else value for value in known]

    def get(self, step: str, inputs: Mapping[str, Json], *, about: str | None = "") -> bytes | None:
        """The value that is remembered of `step` for these `inputs`, or None."""
        parts = _parts_of(inputs)
        path = self._path(step, parts)
        known = kept(path)
        if known is not None:
            _used(path)
            self._note(step, about, parts, reused=True)
        return known

    def holds(self, step: str, inputs: Mapping[str, Json]) -> bool:
        """Whether something is kept of `step` for these `inputs`; `get` looks whether it can be believed."""
        return self._path(step, _parts_of(inputs)).exists()

    def put(self, step: str, inputs: Mapping[str, Json], value: bytes, *, about: str | None = "") -> None:
        """Remembers `value` of `step` for these `inputs`."""
        parts = _parts_of(inputs)
        self._note(step, about, parts, reused=False)
        with self._counting:
            self._written += 64 + len(value)  # with its code
        keep(self._path(step, parts), value)

    def _path(self, step: str, parts: dict[str, str]) -> Path:
        key = digest(self.code, step, json.dumps(parts, sort_keys=True, ensure_ascii=False))
        return self.folder / key[:2] / key[2:]

    def _note(self, step: str, about: str | None, parts: dict[str, str], *, reused: bool) -> None:
        counts = self.reused if reused else self.ran
        with self._counting:  # steps may be taken in several threads
            counts[step] = counts.get(step, 0) + 1
            if about is None:
                return
            self.steps.append(Step(step, about, reused))
            self._parts[f"{step} {about}"] = {name: value[:SHOWN] for name, value in parts.items()}

    def explained(self) -> tuple[Step, ...]:
        """The steps of this run by name and subject, those that were run with what has changed since the last run."""
        before = self._last_parts()
        found = []
        taken = {step for step in self.steps if not step.reused}
        for step in sorted(set(self.steps), key=lambda one: (one.name, one.about, one.reused)):
            known = before.get(f"{step.name} {step.about}")
            parts = self._parts[f"{step.name} {step.about}"]
            if step.reused:
                if replace(step, reused=False) not in taken:
                    found.append(step)
            elif known is None:
                found.append(replace(step, because=("it is new",)))
            else:
                changed = sorted(name for name in parts.keys() | known.keys() if parts.get(name) != known.get(name))
                found.append(replace(step, because=tuple(changed) or ("its result is not in the cache",)))
        return tuple(found)

    def note(self) -> None:
        """Keeps what the steps of this run have read, for the next one to compare; trims the memo if it has grown."""
        if self._parts:
            known = {**self._last_parts(), **self._parts}
            keep(self._last, json.dumps(known, sort_keys=True).encode())
        if self.ran:
            before = kept(self._size)
            size = int(before) + self._written if before else self.largest + 1
            keep(self._size, str(size if size <= self.largest else self.trim()).encode())

    def trim(self) -> int:
        """Removes the entries that were not used for the longest time, where all take more than `largest` bytes; gives
        the bytes that are left."""
        entries = []
        with suppress(OSError):  # a live page goes on while the folder is taken away
            for path in self.folder.glob("??/*"):
                with suppress(FileNotFoundError):  # another build may have taken it away
                    noted = path.lstat()
                    if not path.parent.is_symlink():
                        entries.append((noted.st_mtime, noted.st_size, path))
        total = sum(size for _, size, _ in entries)
        if total <= self.largest:
            return total
        for _, size, path in sorted(entries):
            if total <= self.largest * LEFT:
                break
            with suppress(OSError):
                path.unlink()
                total -= size
        return total

    @property
    def _size(self) -> Path:
        """Where the bytes of all entries are noted, at least those that there are: to count them takes long."""
        return self.folder.with_name("size")

    @property
    def _last(self) -> Path:
        return self.folder.with_name("steps")

    def _last_parts(self) -> dict[str, dict[str, str]]:
        raw = kept(self._last)
        known: dict[str, dict[str, str]] = json.loads(raw) if raw else {}
        return known


def _parts_of(inputs: Mapping[str, Json]) -> dict[str, str]:
    return {name: digest(json.dumps(part, sort_keys=True, ensure_ascii=False)) for name, part in inputs.items()}


def _used(path: Path) -> None:
    """Notes in the time of the file that it was used, once a day."""
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > DAY:
            os.utime(path)


@cache
def installed_packages() -> tuple[str, ...]:
    """The installed packages with their versions, by the names of the folders that describe them."""
    folders = {Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("platlib"))}
    return tuple(sorted(path.name for folder in folders for path in folder.glob("*.dist-info")))


@cache
def code_of_package(packages: tuple[str, ...]) -> str:
    """The hash of all code and tables of letters of this package, as they are at the first call, and of the versions of
    the `packages` that it works with: another Typst makes other pages."""
    folder = Path(__file__).parent.parent
    files = sorted(path for kind in ("py", "toml", "lua") for path in folder.rglob(f"*.{kind}"))
    code = (part for file in files for part in (file.relative_to(folder).as_posix(), file.read_bytes()))
    return digest(sys.version, *packages, *code)


def kept(path: Path) -> bytes | None:
    """The value that `keep` put into the file `path`; None where there is none, or not the whole of it."""
    try:
        raw = read(path)
    except OSError:
        return None
    head, value = raw[:64], raw[64:]
    return value if hmac.compare_digest(_code(path, value), head) else None


def keep(path: Path, value: bytes) -> None:
    """Puts `value` with its code into the file `path`, whole or not at all."""
    with suppress(OSError):  # a cache that cannot be written costs time, never the build
        put(ensured(path.parent) / path.name, _code(path, value) + value)


def _code(path: Path, value: bytes) -> bytes:
    """The authentication code of `value` in the file `path`: 64 letters. Under another name it is not valid."""
    code = hmac.new(_key(), f"{path.parent.name}/{path.name}\0".encode(), "sha256")
    code.update(value)
    return code.hexdigest().encode()


KEY = Path(".local", "state", "impressum", "cache.key")
"""Where, in the home folder, the key of the user's caches lies: outside of everything that is handed on."""


@cache
def _key() -> bytes:
    """The key of this user, made where there is none; of this process alone where the home folder cannot keep it."""
    try:
        path = Path.home() / KEY
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _own(path) or _made(path)
    except (OSError, RuntimeError):
        return secrets.token_bytes(32)


def _made(path: Path) -> bytes:
    """A new key in the file `path`, or that of another process which was first."""
    key = secrets.token_bytes(32)
    temporary = path.with_name(f"{path.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
    try:
        with suppress(FileExistsError):
            os.link(temporary, path)
        if _own(path) is None:  # it is no key, or not this user's alone
            temporary.replace(path)
        return _own(path) or key
    finally:
        temporary.unlink(missing_ok=True)


def _own(path: Path) -> bytes | None:
    """The key in the file `path`, if nobody else can read or write it."""
    try:
        noted = path.lstat()
        shared = os.name == "posix" and (noted.st_uid != os.geteuid() or noted.st_mode & 0o077)
        key = b"" if shared or not stat.S_ISREG(noted.st_mode) else read(path)
    except FileNotFoundError:
        return None
    return key if len(key) == 32 else None
