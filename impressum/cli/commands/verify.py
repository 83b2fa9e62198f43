"""Checks finished files against the records beside them."""

from __future__ import annotations

import argparse
from pathlib import Path

from impressum.core.errors import Faulty


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `verify` takes."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a published file")


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0 where every file is what its record says, else `Faulty`."""
    from impressum.stages.publish import told_of, verify_record

    faults = [fault for path in arguments.files for fault in verify_record(path)]
    if faults:
        raise Faulty(faults)
    for path in arguments.files:
        print(f"{path}: as its record says{told_of(path)}")
    return 0
