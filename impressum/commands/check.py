"""Finds every fault in the sources; builds nothing."""

from __future__ import annotations

import argparse

from impressum.commands.shared import add_editions, add_report, finish, started
from impressum.commands.untrusted import add_untrusted, run_untrusted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `check` takes."""
    add_editions(parser)
    add_report(parser)
    add_untrusted(parser)


def run(arguments: argparse.Namespace) -> int:
    """Runs the first four stages; exit code 0 where there is no error."""
    from impressum import pipeline

    if arguments.untrusted:
        return run_untrusted(arguments)
    order = pipeline.Order(tuple(arguments.edition or ()), staged=arguments.staged)
    with started(arguments, order) as line:
        pipeline.prepare(line)
        return finish(arguments, line)
