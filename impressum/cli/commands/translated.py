"""Records that chapters of an edition are translated as their source is now; `status` reports later changes."""

from __future__ import annotations

import argparse
import sys

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
    parser.add_argument(
        "--state",
        choices=("translated", "reviewed", "approved"),
        help="how far somebody has signed them off, passage by passage",
    )
    parser.add_argument(
        "--apply", action="store_true", help="put in what has changed in the source and needs no translator"
    )


def run(arguments: argparse.Namespace) -> int:
    """Copies the source of each chapter to `.base/` of the edition; nothing is written where one is refused."""
    from impressum.translation.differences import check, record, translated_files
    from impressum.translation.shelf import read_shelf

    if arguments.all + arguments.apply + bool(arguments.chapters) != 1:
        raise WrongUsage("name the chapters, or say --all for everything that the edition has, or --apply")
    if arguments.apply and arguments.state:
        raise WrongUsage("--state is for chapters that are named, or for --all")
    shelf = read_shelf(workspace_of(arguments))
    (tag,) = shelf.chosen((arguments.edition,))
    faults = Faults()
    if arguments.apply:
        from impressum.translation.handoff.handing_in import apply_source

        done, waiting = apply_source(shelf, tag, faults)
        for chapter in done:
            print(chapter.path)
        for path in waiting:
            print(f"{path} waits: a passage of it needs a translator (`status --edition {tag}`)", file=sys.stderr)
        if not done and not waiting:
            print("nothing has changed in the source that is to be put in", file=sys.stderr)
        return 0
    names: list[str] = []
    for given in arguments.chapters:
        try:
            names.append(shelf.named(given))
            check(shelf, tag, names[-1])
        except Faulty as faulty:
            faults.extend(faulty.faults)
    faults.stop_if_any()
    names = [*dict.fromkeys(names or translated_files(shelf, tag))]
    for name in names:
        print(shelf.workspace.relative(record(shelf, tag, name)))
    if arguments.state:
        from impressum.translation.handoff.gathering import sign_files

        sign_files(shelf, tag, names, arguments.state)
    return 0
