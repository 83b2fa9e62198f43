"""Removes the work files; what is published in dist/ stays."""

from __future__ import annotations

import argparse
import os
import sys

from impressum.cli.commands.shared import workspace_of
from impressum.stages.publish import lock
from impressum.system.work_folders import OURS, take_away


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`clean` takes nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Removes everything that builds, checks and live pages keep in `.cache`, but not the environment.

    It waits for a build to end.
    """
    workspace = workspace_of(arguments)
    if not os.path.lexists(workspace.cache):
        return 0
    with lock(workspace, waiting=lambda: print("waiting for a build of this publication to end", file=sys.stderr)):
        for name in OURS:
            take_away(workspace.cache / name)
    return 0
