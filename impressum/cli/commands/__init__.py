"""One file a command: `add_arguments` says what it takes, `run` does it and gives the exit code."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Protocol, cast


class Command(Protocol):
    """The interface of a command module."""

    __doc__: str | None

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> int: ...


class _Commands(Mapping[str, Command]):
    """The commands by name, in the order of the help; each is imported on first use."""

    NAMES = (
        "build",
        "check",
        "watch",
        "new",
        "verify",
        "diff",
        "status",
        "translated",
        "new-edition",
        "proof",
        "handoff",
        "handin",
        "po",
        "doctor",
        "clean",
        "test",
    )

    def __getitem__(self, name: str) -> Command:
        if name not in self.NAMES:
            raise KeyError(name)
        return cast(Command, import_module(f"{__name__}.{name.replace('-', '_')}"))

    def __iter__(self) -> Iterator[str]:
        return iter(self.NAMES)

    def __len__(self) -> int:
        return len(self.NAMES)


COMMANDS: Mapping[str, Command] = _Commands()
