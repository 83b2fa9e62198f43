"""Puts a file that a translator gives back into the chapters of his edition, with ids, notes and values restored."""

from __future__ import annotations

import argparse
from pathlib import Path

from impressum.cli.commands.shared import add_json, finish, started
from impressum.core.errors import count_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `handin`."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="the DOCX, PO or XLIFF file, a folder with it, or the whole zip"
    )
    parser.add_argument("--edition", metavar="TAG", help="the edition, where the file does not say it")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Writes the chapters, notes that they are up to date, then checks the edition."""
    from impressum.pipeline.build import check
    from impressum.pipeline.run import Order
    from impressum.translation.handoff.handing_in import hand_in
    from impressum.translation.shelf import read_shelf

    with started(arguments, Order()) as line:
        shelf = read_shelf(line.workspace)
        tag, chapters = hand_in(shelf, arguments.file, arguments.edition, line.faults)
        if not arguments.json:
            for chapter in chapters:
                left = f", {len(chapter.without)} still without a translation" if chapter.without else ""
                print(f"{chapter.path}: {count_of(chapter.units, 'segment')} put in{left}")
        line.order = Order((tag,))
        check(line)
        line.faults.stop_if_any()
        return finish(arguments, line, published=tuple(chapter.path for chapter in chapters))
