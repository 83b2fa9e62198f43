"""One file a command: `add_arguments` says what it takes, `run` does it and gives the exit code."""

from __future__ import annotations

import argparse
from typing import Protocol

from impressum.commands import (
    build,
    check,
    clean,
    diff,
    doctor,
    handin,
    handoff,
    new_edition,
    proof,
    status,
    test,
    translated,
    verify,
    watch,
)


class Command(Protocol):
    """What a module of this folder is."""

    __doc__: str | None

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> int: ...


COMMANDS: dict[str, Command] = {
    "build": build,
    "check": check,
    "watch": watch,
    "verify": verify,
    "diff": diff,
    "status": status,
    "translated": translated,
    "new-edition": new_edition,
    "proof": proof,
    "handoff": handoff,
    "handin": handin,
    "doctor": doctor,
    "clean": clean,
    "test": test,
}
