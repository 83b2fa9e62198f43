"""Makes the virtual environment of a lock with exactly its packages, or says why not: in a sibling folder, then
renamed, so that it is there whole or not at all; of two, the first stays. Standard library only."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import NoReturn

from impressum.cli.venv import DROPPED, MARKER, PUBLICATION, is_ready, python_of
from impressum.core.errors import Fault, Faulty, Place
from impressum.system.orphans import still_runs
from impressum.system.process import NO_NETWORK, Limits, run

PATIENCE = Limits(seconds=3600)  # for pip on a slow line
MISPLACING = ("PIP_DRY_RUN", "PIP_LOG", "PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PIP_USER")
INSTALL = ("install", "--quiet", "--no-input", "--no-deps", "--require-hashes", "--only-binary", ":all:")
UNREACHABLE = re.compile(
    r"Could not fetch URL .*connection error: "
    r"|ERROR: .*(Max retries exceeded|Read timed out|Connection (aborted|broken|reset)|Failed to (connect|resolve))"
    r"|ReadTimeoutError|IncompleteRead|incomplete-download"
)


def make(home: Path, lock: Path) -> None:
    """Makes the environment of `lock` in `home`. Raises Faulty with what the user can do."""
    _need("venv", "ensurepip", lock=lock)
    print("Preparing the environment (once, about a minute) ...", file=sys.stderr, flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that it ends as Ctrl-C does: nothing half made
    unfinished = home.with_name(f"{home.name}.{os.getpid()}")
    log = unfinished / "pip.log"
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        _sweep(home.parent)
        unfinished.mkdir()
        _step(sys.executable, "venv", "--without-pip", str(unfinished), lock=lock, log=log)
        _step(str(python_of(unfinished)), "ensurepip", "--default-pip", lock=lock, log=log)
        _step(str(python_of(unfinished)), "pip", *INSTALL, "--log", str(log), "-r", str(lock), lock=lock, log=log)
        log.unlink(missing_ok=True)
        (unfinished / MARKER).write_text(f"{lock.name}\n", encoding="utf-8")
        _settle(unfinished, home)
    except OSError as error:
        _not_written(error)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _need(*modules: str, lock: Path) -> None:
    from importlib.util import find_spec

    for module in modules:
        if find_spec(module) is None:
            message = f"this Python (`{sys.executable}`) comes without `{module}`, so that no environment can be made"
            hint = "on Debian or Ubuntu: sudo apt install python3-venv; elsewhere, run a complete Python"
            _stop(_place(lock), message, "environment-no-venv", hint)


def _sweep(folder: Path) -> None:
    """Removes what builds that do not run any more left unfinished."""
    for stray in folder.glob("venv-*.*"):
        pid = stray.name.split(".")[1]
        if pid.isdigit() and (int(pid) == os.getpid() or not still_runs(int(pid))):
            shutil.rmtree(stray, ignore_errors=True)


def _step(python: str, module: str, *arguments: str, lock: Path, log: Path) -> None:
    """Runs `module` in a new interpreter. The user's settings of pip (index, proxy) stay, but not where to put it."""
    variables = {name: value for name, value in os.environ.items() if name not in (*DROPPED, *MISPLACING)}
    variables |= {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    # Of all children this one needs the network: it has the user's proxies, or none.
    variables |= {name: os.environ.get(name, os.environ.get(name.upper(), "")) for name in NO_NETWORK}
    command = [python, "-I", "-X", "utf8", "-m", module, *arguments]
    finished = run(command, limits=PATIENCE, environment=variables)
    if finished.code != 0:
        output = (finished.stdout + finished.stderr).decode("utf-8", "replace").strip()
        explain(module, output, log.read_text("utf-8", "replace") if log.exists() else "", lock)


def _settle(unfinished: Path, home: Path) -> None:
    """Renames `unfinished` to `home`; where another build was faster, its environment stays."""
    try:
        unfinished.rename(home)
    except OSError:
        if is_ready(home):
            return
        damaged = home.rename(unfinished.with_name(f"{unfinished.name}.damaged"))
        unfinished.rename(home)
        shutil.rmtree(damaged, ignore_errors=True)


def explain(module: str, output: str, log: str, lock: Path) -> NoReturn:
    """Raises Faulty for a step that failed: what `module` printed, and pip's log."""
    if re.search(r"No space left on device|not enough space on the disk|Disk quota exceeded", output):
        _disk_full()
    if UNREACHABLE.search(output) or ("(from versions: none)" in output and UNREACHABLE.search(log)):
        message = "the locked packages cannot be fetched: the package index does not answer"
        hint = (
            "connect once and run the command again; or, on a connected machine of the same kind with the same "
            f"Python, run `python -m pip download --no-deps -r {_place(lock)} -d wheels`, bring the folder `wheels` "
            "here, and set PIP_NO_INDEX=1 and PIP_FIND_LINKS=wheels"
        )
        _stop(_place(lock), message, "environment-offline", hint)
    said = output.replace("\n", "\n    ")
    message = f"the environment of the locked packages cannot be made: `{module}` failed"
    hint = f"mend what it names, and run the command again; it said:\n    {said}"
    _stop(_place(lock), message, "environment-failed", hint)


def _not_written(error: OSError) -> NoReturn:
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        _disk_full()
    message = f"the environment cannot be written here: {error.strerror}"
    hint = "see that `.cache` is a folder that can be written, or copy the publication to where one can"
    _stop(Place(".cache"), message, "environment-not-writable", hint)


def _disk_full() -> NoReturn:
    hint = "make room, here and in the folder for temporary files, and run the command again"
    _stop(Place(".cache"), "the disk is full, and the environment needs 1 GB", "environment-disk-full", hint)


def _place(lock: Path) -> Place:
    return Place(lock.relative_to(PUBLICATION).as_posix())


def _stop(place: Place, message: str, rule: str, hint: str) -> NoReturn:
    raise Faulty([Fault(place, message, rule, hint)])
