"""Removes the work files; what is published in dist/ stays."""

from __future__ import annotations

import argparse
import shutil

from impressum.commands.shared import workspace_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`clean` takes nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Removes the memo, the notes of earlier builds and the work folder, not the environment."""
    workspace = workspace_of(arguments)
    for folder in (workspace.memo, workspace.unchanged, workspace.work, workspace.cache / "matplotlib"):
        shutil.rmtree(folder, ignore_errors=True)
    return 0
