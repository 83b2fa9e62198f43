"""Checks finished files against their records, the sums, and the releases."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from impressum.cli.commands.shared import workspace_of
from impressum.core.errors import Faulty


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `verify`."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a published file, or SHA256SUMS for all")


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0 where every file is what is recorded of it, else `Faulty`."""
    from impressum.release.published import check_published, summary
    from impressum.system.parallel import at_once, processors

    workspace = workspace_of(arguments)
    checks = [partial(check_published, path, workspace) for path in arguments.files]
    faults = [fault for found in at_once(checks, processors()) for fault in found]
    if faults:
        raise Faulty(list(dict.fromkeys(faults)))
    for path in arguments.files:
        print(f"{path}: {summary(path)}")
    return 0
