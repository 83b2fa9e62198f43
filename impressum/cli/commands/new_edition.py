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
    from impressum.translation.new_edition import limits, new_edition
    from impressum.translation.shelf import read_shelf

    shelf = read_shelf(workspace_of(arguments))
    written = new_edition(shelf, arguments.tag)
    for path in written:
        print(shelf.workspace.relative(path))
    sys.stdout.flush()
    source, tag = f"chapters/{shelf.source}", f"chapters/{arguments.tag}"
    print(f"translate the chapters of {source}/ to {tag}/, under the same names", file=sys.stderr)
    for path in written[1:]:
        lacking = "the book has no words of its own" if path.parent.name == "words" else "citations have no terms"
        name = shelf.workspace.relative(path)
        print(f"{lacking} in this language yet: write them in {name}", file=sys.stderr)
    for limit in limits(arguments.tag):
        print(limit, file=sys.stderr)
    return 0
