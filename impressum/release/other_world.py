"""Runs the program with another umask and with folders listed in reverse; its parent sets the environment."""

from __future__ import annotations

import os
import runpy
from collections.abc import Iterator
from typing import Any


class _Reversed:
    """The entries of `os.scandir`, from the last name to the first."""

    def __init__(self, path: Any = ".") -> None:
        with _scandir(path) as entries:
            self._entries: Iterator[os.DirEntry[Any]] = iter(sorted(entries, key=lambda one: one.name, reverse=True))

    def __iter__(self) -> Iterator[os.DirEntry[Any]]:
        return self._entries

    def __next__(self) -> os.DirEntry[Any]:
        return next(self._entries)

    def __enter__(self) -> _Reversed:
        return self

    def __exit__(self, *_: object) -> None:
        """All has been read already."""

    def close(self) -> None:
        """All has been read already."""


_scandir, _listdir = os.scandir, os.listdir


def _reversed_names(path: Any = ".") -> list[Any]:
    return sorted(_listdir(path), reverse=True)


if __name__ == "__main__":
    os.umask(0o077)
    os.scandir = _Reversed  # type: ignore[assignment]
    os.listdir = _reversed_names
    runpy.run_module("impressum", run_name="__main__")
