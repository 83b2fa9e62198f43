"""Makes one zip for a translator who works in Word or a CAT tool: what is new or has changed, with all that helps."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from impressum.cli.commands.shared import add_json, finish, started
from impressum.core.errors import count_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `handoff`."""
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help="these chapters alone, or edition.yaml")
    parser.add_argument("--translator", metavar="NAME", help="what this translator has by editions.yaml")
    parser.add_argument("--edition", required=True, metavar="TAG", help="the edition that is to be translated")
    parser.add_argument("--all", action="store_true", help="every passage, those that are translated, too")
    parser.add_argument("--to", type=Path, metavar="FILE", help="the zip (default: handoff-<slug>-<tag>.zip)")
    parser.add_argument(
        "--memory", type=Path, action="append", metavar="FILE", help="a TMX file whose translations come with it"
    )
    parser.add_argument(
        "--format",
        action="append",
        choices=("docx", "xliff", "po", "xliff2", "omegat"),
        help="what is in the zip, as often as you like (default: docx, xliff and po)",
    )
    parser.add_argument("--tmx", type=Path, metavar="FILE", help="write the translation memory alone, as TMX 1.4")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Writes the zip, or the translation memory; gives exit code 0, or `Faulty` where there is nothing to hand off."""
    from impressum.pipeline.run import Order
    from impressum.translation.handoff.bundle import USUAL, hand_off, memory_of, write_new
    from impressum.translation.shelf import TEXTS, read_shelf
    from impressum.translation.tasks import read_tasks

    with started(arguments, Order()) as line:
        shelf = read_shelf(line.workspace)
        if arguments.tmx:
            write_new(arguments.tmx, memory_of(shelf, arguments.edition, line.faults))
            return finish(arguments, line, published=_printed(arguments, arguments.tmx.as_posix()))
        memories = arguments.memory or ()
        names = tuple(dict.fromkeys(map(shelf.named, arguments.chapters)))
        if arguments.translator:
            tasks = read_tasks(shelf, line.faults)
            line.faults.stop_if_any()
            named = names or (*shelf.chapters(shelf.source), TEXTS)
            names = tasks.files(arguments.edition, named, arguments.translator)
        handoff, content = hand_off(
            shelf,
            arguments.edition,
            everything=arguments.all,
            faults=line.faults,
            memories=memories,
            names=names,
            formats=arguments.format or USUAL,
        )
        part = f"-{next(iter(handoff.units)).replace('/', '-')}" if names and len(handoff.units) == 1 else ""
        path = arguments.to or line.workspace.root / f"handoff-{handoff.slug}-{handoff.edition}{part}.zip"
        write_new(path, content)
        shown = path.as_posix() if arguments.to else line.workspace.relative(path)
        if not arguments.json:
            for chapter, units in handoff.units.items():
                words = sum(unit.count for unit in units)
                print(f"{chapter}: {count_of(len(units), 'segment')}, {count_of(words, 'word')}", file=sys.stderr)
            exact, fuzzy = (sum(unit.match > least for unit in handoff.all()) for least in (99, 0))
            if fuzzy:
                print(f"from memories: {exact} exact, {fuzzy - exact} fuzzy", file=sys.stderr)
        return finish(arguments, line, published=_printed(arguments, shown))


def _printed(arguments: argparse.Namespace, path: str) -> tuple[str, ...]:
    if not arguments.json:
        print(path)
    return (path,)
