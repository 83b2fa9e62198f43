"""Finds every fault in the sources; builds nothing."""

from __future__ import annotations

import argparse

from impressum.commands.shared import add_editions, add_report, finish, started


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `check` takes."""
    add_editions(parser)
    add_report(parser)


def run(arguments: argparse.Namespace) -> int:
    """Runs the first four stages; exit code 0 where there is no error."""
    from impressum import pipeline

    with started(arguments, pipeline.Order(tuple(arguments.edition or ()))) as line:
        pipeline.prepare(line)
        return finish(arguments, line)
