"""The fork server: a process that has imported what its children need, and holds nothing else.

An order is one message on the socket that is its standard input: a JSON object with four open files, which are the
child's standard input, output and errors, and a pipe on which its start and its end are reported. For each, a
keeper is forked: it limits the child, has it shut in, waits for it, and leads its process group.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

from impressum.system.interpreter import end
from impressum.system.sandbox_launcher import NOT_HERE, Kernel, limit_memory, shut_in

IDLE = 10.0
"""Seconds without an order, after which it ends: its memory is worth more than the time to begin anew."""
GRACE = 10
"""Seconds after its time that a child is given which the build should have ended."""
FILES = 1024
"""No file that is open here has a higher number."""


def serve(program: Callable[[], int | None], needed: Sequence[str] = (), scratch: str | None = None) -> NoReturn:
    """Imports `needed`, then runs `program` in a child for each order until idle; sandboxed, in an empty `scratch`."""
    gc.disable()  # what is imported stays; a child collects its own garbage
    for module in needed:
        import_module(module)
    orders = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    gc.freeze()  # no child looks at any of it again, and so they share it
    server = os.getpid()
    is_ordered = is_at_work = True
    while is_ordered or is_at_work:
        is_ordered = bool(select.select([orders], [], [], IDLE)[0])
        is_at_work = _is_at_work()
        if not is_ordered:
            continue
        message, files, _flags, _address = socket.recv_fds(orders, 1 << 16, 4)
        if not message:
            break
        if os.fork() == 0:
            order = json.loads(message)
            sandbox = order["sandbox"] and {**order["sandbox"], "scratch": scratch, "parent": server}
            _keep({**order, "sandbox": sandbox, "server": server}, files, program)
        for file in files:
            os.close(file)
    _is_at_work()
    os._exit(0)


def _is_at_work() -> bool:
    """Whether there is a keeper still; those that have ended are let go."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def _keep(order: dict[str, Any], files: list[int], program: Callable[[], int | None]) -> NoReturn:
    """Forks the child and reports it; the child keeps nothing that is open here."""
    code = NOT_HERE
    *standard, report = files
    try:
        os.setsid()
        os.write(report, f"{os.getpid()}\n".encode())  # before anything can fail: the next report is how it ended
        for number, file in enumerate(standard):
            os.dup2(file, number)
        os.closerange(3, report)
        os.closerange(report + 1, FILES)
        kernel = Kernel()
        kernel.end_with(order["server"])
        signal.alarm(int(order["seconds"]) + GRACE)
        limit_memory(order["memory"])
        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        if order["work"] and (most == resource.RLIM_INFINITY or order["work"] < most):
            resource.setrlimit(resource.RLIMIT_CPU, (order["work"], most))  # its signal says why the child ended
        code = _ended(kernel, order["sandbox"], report, program)
    except Exception as problem:
        print(problem, file=sys.stderr, flush=True)
    finally:
        with suppress(OSError):
            os.write(report, f"{code}\n".encode())
        os._exit(0)


def _ended(kernel: Kernel, sandbox: dict[str, Any] | None, report: int, program: Callable[[], int | None]) -> int:
    """How the child ended: its exit code, or minus its signal. Raises as `shut_in`."""
    keeper = os.getpid()
    interrupted = signal.signal(signal.SIGINT, signal.SIG_DFL)  # else a child could make its keepers report wrongly

    def child() -> NoReturn:
        try:
            os.close(report)  # it must not report its own end
            signal.signal(signal.SIGINT, interrupted)
            if sandbox:
                kernel.give_up_powers()
            else:
                kernel.end_with(keeper)
            _run(program)
        finally:
            os._exit(NOT_HERE)

    if sandbox:
        code = shut_in(kernel, sandbox, child)
        return 128 - code if code - 128 in set(signal.Signals) else code
    pid = os.fork()
    if pid == 0:
        child()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _run(program: Callable[[], int | None]) -> None:
    """Runs `program` and ends as a separate interpreter would."""
    code: object = 1
    gc.enable()
    try:
        code = program()
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    if code is not None and not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    end(code or 0)
