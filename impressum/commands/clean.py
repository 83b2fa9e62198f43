"""Removes the work files; what is published in dist/ stays."""

from __future__ import annotations

import argparse

from impressum.commands.shared import workspace_of
from impressum.work_folders import take_away


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`clean` takes nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Removes the memo, the notes of earlier runs and the work folder, not the environment."""
    workspace = workspace_of(arguments)
    named = (workspace.cache / name for name in ("matplotlib", "steps"))
    for path in (workspace.memo, workspace.unchanged, workspace.work, workspace.links, *named):
        take_away(path)
    return 0
