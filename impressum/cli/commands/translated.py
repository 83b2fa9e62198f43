"""Notes that chapters of an edition are translated as their source is now; `status` tells what changes from then on."""

from __future__ import annotations

import argparse

from impressum.cli.commands.shared import workspace_of
from impressum.core.errors import Faults, Faulty, WrongUsage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `translated`."""
    parser.add_argument(
        "chapters",
        nargs="*",
        metavar="CHAPTER",
        help="a chapter (02-economy, its file name or its path), or edition.yaml",
    )
    parser.add_argument("--edition", required=True, metavar="TAG", help="the edition that has translated them")
    parser.add_argument("--all", action="store_true", help="all that the edition has")


def run(arguments: argparse.Namespace) -> int:
    """Copies the source of each chapter to `.base/` of the edition; nothing is written where one is refused."""
    from impressum.translation.bases import check, record, translated_files
    from impressum.translation.shelf import read_shelf

    if arguments.all == bool(arguments.chapters):
        raise WrongUsage("name the chapters, or say --all for everything that the edition has")
    shelf = read_shelf(workspace_of(arguments))
    (tag,) = shelf.chosen((arguments.edition,))
    faults = Faults()
    names: list[str] = []
    for given in arguments.chapters:
        try:
            names.append(shelf.named(given))
            check(shelf, tag, names[-1])
        except Faulty as faulty:
            faults.extend(faulty.faults)
    faults.stop_if_any()
    for name in dict.fromkeys(names or translated_files(shelf, tag)):
        print(shelf.workspace.relative(record(shelf, tag, name)))
    return 0
