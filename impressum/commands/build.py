"""Builds every edition of the publication, or those named, into dist/."""

from __future__ import annotations

import argparse
import sys

from impressum.commands.shared import add_editions, add_json, finish, started


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `build` takes."""
    add_editions(parser)
    parser.add_argument("--draft", action="store_true", help="mark the pages as a draft")
    parser.add_argument("--explain", action="store_true", help="tell of spare lines and of how the pages were fitted")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Builds and publishes; exit code 0, or `Faulty`."""
    from impressum import pipeline

    order = pipeline.Order(tuple(arguments.edition or ()), draft=arguments.draft)
    with started(arguments, order) as line:
        files = pipeline.build(line)
        if not arguments.json:
            for path in files:
                if path.suffix == ".pdf":
                    print(line.workspace.relative(path), file=sys.stdout)
            for explained in line.explained if arguments.explain else ():
                print(explained.text())
        return finish(arguments, line, published=tuple(line.workspace.relative(path) for path in files))
