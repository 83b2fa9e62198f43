"""Sandboxed children: no network, no file but those that they may read, nothing that outlives them. Where the system
refuses, the caller learns it and runs the child unsandboxed; where that is unclear, nothing is run."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from impressum.core.errors import Fault, Faulty, Place
from impressum.system import process
from impressum.system.cache import Json

TRIAL = process.Limits(seconds=20)
"""For the trial whether a child can be sandboxed."""
REFUSALS = (1, 96)
"""The exit codes of bubblewrap and the launcher (`NOT_HERE`) where the system does not let them."""


@dataclass(frozen=True)
class Isolation:
    """How a child can be sandboxed here, else `why` it cannot; `unknown` where the trial was inconclusive."""

    how: Literal["bubblewrap", "namespaces", "none", "unknown"]
    why: str = ""


@dataclass(frozen=True)
class Sight:
    """The files that a sandboxed child sees besides the system and Python: folders `readable`, and `private`, to write
    into, under the same names as outside. Where it `nests`, it shuts in others."""

    readable: tuple[Path, ...]
    private: Path | None = None
    nests: bool = False


@cache
def isolation() -> Isolation:
    """How this machine can sandbox a child; tried once, with a child that does nothing."""
    if sys.platform != "linux":
        return Isolation("none", "only Linux has what it takes")
    refused: list[str] = []
    unknown = ""
    nothing = [sys.executable, "-I", "-S", "-c", ""]
    for how in ("namespaces", "bubblewrap"):
        program = shutil.which("bwrap") if how == "bubblewrap" else None
        if how == "bubblewrap" and program is None:
            refused.append("bubblewrap is not installed")
            continue
        done = process.run(launched(nothing, Sight(()), TRIAL, program), limits=TRIAL)
        if done.code == 0:
            return Isolation("bubblewrap" if program else "namespaces")
        if done.timed_out:
            unknown = f"trying {how} took longer than {TRIAL.seconds:g} seconds"
        elif done.code not in REFUSALS:
            unknown = f"trying {how} ended with exit code {done.code}"
        refused.append(f"{how}: {(done.errors.strip().splitlines() or [f'exit code {done.code}'])[-1]}")
    return Isolation("unknown", unknown) if unknown else Isolation("none", "; ".join(refused))


def known_isolation(place: Place) -> Isolation:
    """As `isolation`. Raises `Faulty`, at `place`, where it is unknown: then nothing may run as if there were none."""
    here = isolation()
    if here.how == "unknown":
        message = f"it could not be found out whether this system can shut this in: {here.why}"
        hint = "build again when the machine is less busy; `doctor` tells what it finds"
        raise Faulty([Fault(place, message, "isolation-unknown", hint)])
    return here


def shut_in(command: Sequence[str], sight: Sight, limits: process.Limits) -> list[str]:
    """The command that runs `command`, whose first word is a whole path, shut in by `limits` without network, with no
    more than `sight`, outlived by nothing; `command` itself where `isolation()` says that it cannot be."""
    how = known_isolation(Place(".")).how
    if how == "none":
        return list(command)
    return launched(command, sight, limits, shutil.which("bwrap") if how == "bubblewrap" else None)


def fork_sandbox(readable: Sequence[Path]) -> dict[str, Json]:
    """The sandbox of a forked child that sees the folders `readable`, where `isolation()` is `namespaces`."""
    return {"readable": _seen(readable), "private": None}


def launched(command: Sequence[str], sight: Sight, limits: process.Limits, program: str | None) -> list[str]:
    """`command` by way of the launcher: with `program`, which is bubblewrap, or with namespaces."""
    settings = {
        "command": list(command),
        "readable": _seen(sight.readable),
        "private": str(sight.private) if sight.private else None,
        "nests": sight.nests,
        "memory": limits.memory,
        "bubblewrap": program,
        "parent": os.getpid(),
    }
    return [sys.executable, "-I", "-S", str(Path(__file__).with_name("sandbox_launcher.py")), json.dumps(settings)]


def _seen(readable: Sequence[Path]) -> list[Json]:
    """The folders that are seen: those, and Python's."""
    python = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent.parent}
    return [*sorted({str(path) for path in (*python, *readable) if path.is_dir()})]  # the outer ones first
