"""Prepares the folder of a new edition: a file with every text outside the chapters, to be translated."""

from __future__ import annotations

import argparse
import sys

from impressum.cli.commands.shared import workspace_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `new-edition`."""
    parser.add_argument("tag", metavar="TAG", help="the language, as in sr-Latn or de-AT (BCP 47)")


def run(arguments: argparse.Namespace) -> int:
    """Writes the files and names them, and says what comes next; nothing is overwritten."""
    from impressum.translation.new_edition import new_edition
    from impressum.translation.shelf import read_shelf

    shelf = read_shelf(workspace_of(arguments))
    written = new_edition(shelf, arguments.tag)
    for path in written:
        print(shelf.workspace.relative(path))
    sys.stdout.flush()
    source, tag = f"chapters/{shelf.source}", f"chapters/{arguments.tag}"
    print(f"translate the chapters of {source}/ to {tag}/, under the same names", file=sys.stderr)
    if len(written) > 1:
        words = shelf.workspace.relative(written[1])
        print(f"the book has no words of its own in this language yet: write them in {words}", file=sys.stderr)
    return 0
