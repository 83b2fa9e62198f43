"""The one door to other processes: an argument list, a clean environment (never the parent's secrets), limits on time
and memory (not on Windows, without `resource`), and a process group that nothing it starts survives."""

from __future__ import annotations

import math
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from shutil import which
from typing import IO, Protocol

from impressum.core.errors import Fault, Faulty, Place
from impressum.system.interpreter import Interruption
from impressum.system.parallel import Later

KEPT_VARIABLES = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "SOURCE_DATE_EPOCH", "PYTHONHASHSEED")
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:0")
"""No child needs the network. Typst and pandoc, whose code is not ours, take a proxy, and none listens there."""
OUTPUT_LIMIT = 512_000_000
"""Bytes that a child may write to an output before it is ended."""
OUTPUT_KEPT = 1_000_000
OUT_OF_WORK = -getattr(signal, "SIGXCPU", 1_000)
PATIENCE = 30 if sys.platform == "linux" else 1
"""By how much more time than it works may pass for a child on a busy machine; elsewhere nobody can limit its work."""
ORPHANS = Path(__file__).with_name("orphans.py")
PARTING = 2.0
"""Seconds that a child has to end by itself."""


@dataclass(frozen=True)
class Limits:
    """The limits of a child: `seconds` of wall-clock time, `memory` in bytes of address space (0: no limit), and bytes
    of `output` on each of its two; `work` is seconds in which it works, however busy the machine is (0: no limit)."""

    seconds: float
    memory: int = 0
    output: int = OUTPUT_LIMIT
    work: int = 0


def patient(limits: Limits) -> Limits:
    """`limits` with their seconds as those in which the child works, where the system counts these."""
    return replace(limits, seconds=limits.seconds * PATIENCE, work=math.ceil(limits.seconds))


@dataclass(frozen=True)
class Finished:
    """A child that ended: its exit code (negative: the signal that ended it), and what it wrote."""

    code: int
    stdout: bytes
    stderr: bytes
    timed_out: bool = False

    @property
    def errors(self) -> str:
        """Its standard error, as text."""
        return self.stderr.decode("utf-8", "replace")


class Process(Protocol):
    """A child that runs, the leader of its process group; its pipes are open."""

    pid: int
    stdin: IO[bytes] | None
    stdout: IO[bytes] | None
    stderr: IO[bytes] | None

    def wait(self) -> int: ...
    def kill(self) -> None: ...


def python_module(module: str, *arguments: str) -> list[str]:
    """The command that runs `module` of this package; it imports nothing from a stranger's current folder (`-P`)."""
    return [sys.executable, "-P", "-X", "utf8", "-m", module, *arguments]


def python_file(beside: str, name: str) -> list[str]:
    """As `python_module`, for the file `name` beside `beside`, without the package: such a child starts much sooner."""
    return [sys.executable, "-P", "-X", "utf8", str(Path(beside).with_name(name))]


def run(
    command: Sequence[str],
    *,
    limits: Limits,
    stdin: bytes = b"",
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Finished:
    """Runs `command`, at most `limits.seconds`, then kills it and its children. Raises FileNotFoundError."""
    interruption = Interruption()
    try:
        process = _start(command, folder, environment or {})
    except BaseException:
        interruption.let_through()
        raise
    return finish(process, limits=limits, stdin=stdin, begin=interruption.let_through)


def finish(process: Process, *, limits: Limits, stdin: bytes, begin: Callable[[], None] = lambda: None) -> Finished:
    """Waits for a child that runs, as `run` does, after `begin()`."""
    try:
        begin()
        _limit(process.pid, limits)
        exchange = _Exchange(process, stdin, limits.output)
        timed_out = _outlasts(process, limits.seconds)
        if timed_out:
            _kill(process)
        stdout, stderr = exchange.outputs()
    except BaseException:
        _end(process)
        raise
    kill_group(process.pid)
    code = process.wait()
    WATCHER.note(f"-{process.pid}\n")
    return Finished(code, stdout, stderr, timed_out=timed_out or code == OUT_OF_WORK)


class Serving:
    """A child that takes messages with open files from the socket that is its standard input; POSIX only."""

    def __init__(self, command: Sequence[str], *, folder: Path | None, environment: Mapping[str, str]) -> None:
        import socket

        self._messages, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            silent = subprocess.DEVNULL
            self._process = _start(command, folder, environment, (theirs.fileno(), silent, silent))

    def send(self, message: bytes, files: Sequence[int]) -> bool:
        """Sends it `message`; whether it still was there to be sent to."""
        import socket

        try:
            socket.send_fds(self._messages, [message], files)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Ends it."""
        self._messages.close()
        _outlasts(self._process, PARTING)
        _end(self._process)


PIPES = (subprocess.PIPE, subprocess.PIPE, subprocess.PIPE)


def _start(
    command: Sequence[str], folder: Path | None, environment: Mapping[str, str], files: tuple[int, int, int] = PIPES
) -> subprocess.Popen[bytes]:
    """A child in its own process group, with `files` as its input, output and errors."""
    variables = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    package = str(Path(__file__).resolve().parents[2])
    variables |= {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONPATH": package, **NO_NETWORK, **environment}
    process = subprocess.Popen(
        list(command),
        stdin=files[0],
        stdout=files[1],
        stderr=files[2],
        cwd=folder,
        env=variables,
        start_new_session=os.name == "posix",
    )
    WATCHER.note(f"+{process.pid}\n")
    return process


class _Orphans:
    """The process that ends the children of this one where it was killed; begun with the first of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pipe: IO[bytes] | None = None

    def note(self, line: str) -> None:
        """Tells it that a child has begun, or ended."""
        if os.name != "posix":
            return
        with self._lock:
            if self._pipe is None:
                command, null = [sys.executable, "-I", "-S", str(ORPHANS)], subprocess.DEVNULL
                begun = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=null, stderr=null, env={}, start_new_session=True
                )
                self._pipe, begun.returncode = begun.stdin, 0  # nobody waits for it: it ends after this process
            with suppress(OSError):  # it was killed: the limits on time stand
                if self._pipe:
                    self._pipe.write(line.encode())
                    self._pipe.flush()

    def leave(self) -> None:
        """Lets go of it, in a copy of this process: it waits for this one alone."""
        if self._pipe is not None:
            os.close(self._pipe.fileno())


WATCHER = _Orphans()


class Ended(Exception):
    """A child has ended without an answer, or was ended because it took too long."""

    def __init__(self, finished: Finished) -> None:
        self.finished = finished
        super().__init__()


class Conversation:
    """A child that stays: a line in, a line out, each answer within `limits.seconds`. To be closed."""

    def __init__(self, command: Sequence[str], *, limits: Limits) -> None:
        interruption = Interruption()
        self._limits = limits
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._errors = bytearray()
        try:
            self._process = _start(command, None, {})
        except BaseException:
            interruption.let_through()
            raise
        try:
            self._readers = [Later(self._read_lines), Later(self._read_errors)]
            _limit(self._process.pid, limits)
            interruption.let_through()
        except BaseException:
            _end(self._process)
            raise

    def ask(self, line: bytes) -> bytes:
        """The answer to `line` (which holds no line end). Raises Ended, after which it answers no more."""
        assert self._process.stdin
        try:
            self._process.stdin.write(line + b"\n")
            self._process.stdin.flush()
        except OSError:
            pass  # the child has ended; its exit code says why
        try:
            answer = self._lines.get(timeout=self._limits.seconds)
        except queue.Empty:
            _kill(self._process)
            self.close()
            raise Ended(Finished(self._process.returncode, b"", bytes(self._errors), timed_out=True)) from None
        if not answer:
            self.close()
            raise Ended(Finished(self._process.returncode, b"", bytes(self._errors)))
        return answer

    def close(self) -> None:
        """Ends the child, if it still runs."""
        if self._process.stdin and not self._process.stdin.closed:
            with suppress(OSError):
                self._process.stdin.close()  # it may end by itself, with its own exit code
        if _outlasts(self._process, PARTING):
            _kill(self._process)
            self._process.wait()
        kill_group(self._process.pid)
        WATCHER.note(f"-{self._process.pid}\n")
        for reader in self._readers:
            reader.result()

    def _read_lines(self) -> None:
        assert self._process.stdout
        try:
            with self._process.stdout as pipe:
                for line in pipe:
                    self._lines.put(line)
        finally:
            self._lines.put(b"")

    def _read_errors(self) -> None:
        assert self._process.stderr
        with self._process.stderr as pipe:
            while part := pipe.read1(1 << 16):  # type: ignore[attr-defined]
                self._errors += part
                del self._errors[:-OUTPUT_KEPT]


def hand_over(command: Sequence[str], *, environment: Mapping[str, str]) -> int:
    """Goes on as `command` with this process's input and output; on POSIX in its place (never returns)."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(command[0], list(command), dict(environment))
    return subprocess.call(list(command), env=dict(environment))


def opener() -> list[str]:
    """The command that shows a file in the user's own program for it. Raises `Faulty` where the system has none."""
    if os.name == "nt":
        return ["cmd", "/c", "start", ""]
    name = "open" if sys.platform == "darwin" else "xdg-open"
    found = which(name)
    if found is None:
        hint = "leave out `--open` and open the file yourself, or install `xdg-utils`"
        raise Faulty([Fault(Place("."), f"nothing here opens files: there is no `{name}`", "open-missing", hint)])
    return [found]


def show(command: Sequence[str], path: Path) -> None:
    """Starts `command` on `path` with the user's own environment; it goes on when this process ends."""
    null = subprocess.DEVNULL
    shown = subprocess.Popen([*command, str(path)], stdin=null, stdout=null, stderr=null, start_new_session=True)
    shown.returncode = 0  # nobody waits for it


class _Exchange:
    """Feeds a child and reads its two outputs, each in a thread, so that none of them can wait for another."""

    def __init__(self, process: Process, stdin: bytes, most: int) -> None:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        self._process, self._most = process, most
        self._read: dict[str, bytearray] = {"stdout": bytearray(), "stderr": bytearray()}
        self._threads = [
            Later(partial(_feed, process.stdin, stdin)),
            Later(partial(self._drain, process.stdout, "stdout")),
            Later(partial(self._drain, process.stderr, "stderr")),
        ]

    def outputs(self) -> tuple[bytes, bytes]:
        """The output of the child, once it has ended; processes that outlived it no longer hold its pipes open."""
        self._process.wait()
        kill_group(self._process.pid)
        for thread in self._threads:
            thread.result()
        return bytes(self._read["stdout"]), bytes(self._read["stderr"])

    def _drain(self, pipe: IO[bytes], name: str) -> None:
        with pipe:
            while part := pipe.read1(1 << 16):  # type: ignore[attr-defined]
                self._read[name] += part
                if len(self._read[name]) > self._most:
                    _kill(self._process)
                    return


def _outlasts(process: Process, seconds: float) -> bool:
    """Whether `process` still runs after `seconds`; by a thread, as `Popen.wait` polls, up to 50 ms late."""
    return not Later(process.wait).ends(seconds)


def _feed(pipe: IO[bytes], content: bytes) -> None:
    try:
        with pipe:
            pipe.write(content)
    except OSError:
        return  # the child ended before it read everything; its exit code says why


def _limit(pid: int, limits: Limits) -> None:
    try:
        import resource

        for limit, size in ((resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CPU, limits.work)):
            most = resource.prlimit(pid, limit)[1]
            if size and (most == resource.RLIM_INFINITY or size < most):  # the user's own limit may be lower
                # at its first limit on work a process ends with a signal of its own, which says why
                resource.prlimit(pid, limit, (size, size if limit == resource.RLIMIT_AS else most))
    except (ImportError, AttributeError, ProcessLookupError):
        return  # no such limit on this system; the limit on time stands


def _end(process: Process) -> None:
    _kill(process)
    process.wait()
    WATCHER.note(f"-{process.pid}\n")


def _kill(process: Process) -> None:
    if os.name == "posix":
        kill_group(process.pid)
    else:
        process.kill()


def kill_group(pid: int) -> None:
    """Kills the process group of `pid`, if there is one."""
    if os.name != "posix":
        return
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
