"""Removes the work files; what is published in dist/ stays."""

from __future__ import annotations

import argparse
import os
import sys

from impressum.cli.commands.shared import workspace_of
from impressum.stages.publish import work_files
from impressum.system.work_folders import OURS, take_away


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`clean` takes nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Removes the work files in `.cache`, but not the environment, once no other command is at work here."""
    workspace = workspace_of(arguments)
    if not os.path.lexists(workspace.cache):
        return 0
    with work_files(workspace, alone=lambda: print("waiting for other commands of this publication", file=sys.stderr)):
        for name in OURS:
            take_away(workspace.cache / name)
    return 0
