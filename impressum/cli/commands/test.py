"""Runs the tests of this repository."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Passes all further arguments to pytest."""
    parser.add_argument("pytest", nargs=argparse.REMAINDER, metavar="…", help="arguments for pytest")


def run(arguments: argparse.Namespace) -> int:
    """pytest's exit code (1 for a failed test)."""
    import pytest

    return int(pytest.main(list(arguments.pytest)))
