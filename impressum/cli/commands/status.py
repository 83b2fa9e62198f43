"""Says what each edition has of each chapter: up to date, changed, new, removed, or unknown."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.cli.commands.shared import add_editions, add_json, workspace_of, write_report
from impressum.core.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable

    from impressum.translation.comparing import DiffPiece


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `status`."""
    add_editions(parser)
    parser.add_argument(
        "--each", type=Path, nargs="+", metavar="DIR", help="the publications in these folders, at a glance"
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write that as a page")
    parser.add_argument("--words", action="store_true", help="count words and characters, as CSV for an invoice")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0, whatever the editions have; `Faulty` where a file cannot be read."""
    if arguments.each or arguments.html:
        return _dashboard(arguments)
    from impressum.translation import counts
    from impressum.translation.shelf import read_shelf
    from impressum.translation.status import report_json, report_lines, status

    shelf = read_shelf(workspace_of(arguments))
    found = status(shelf, tuple(arguments.edition or ()))
    if arguments.json:
        reported = report_json(found, shelf)
        if arguments.words:
            reported["words"] = counts.as_json(counts.counted(found))
        _write(json.dumps(reported, ensure_ascii=False, indent=2) + "\n")
    elif arguments.words:
        _write(counts.as_csv(counts.counted(found)))
    else:
        _write("".join(f"{line}\n" for line in report_lines(found, shelf, _shown())))
    return 0


def _dashboard(arguments: argparse.Namespace) -> int:
    """Several publications at a glance; one that cannot be read is a fault, and the others are shown."""
    from impressum.core.errors import Faults, Faulty
    from impressum.translation.dashboard import as_html, as_json, as_text, board_of, today
    from impressum.translation.shelf import read_shelf

    if arguments.words:
        raise WrongUsage("--words is for one publication, as a table")
    faults, boards, day = Faults(), [], today()
    for root in arguments.each or [arguments.root]:
        arguments.root = root
        try:
            shelf = read_shelf(workspace_of(arguments))
            boards.append(board_of(shelf, root.as_posix(), tuple(arguments.edition or ()), day))
        except Faulty as faulty:
            for fault in faulty.faults:
                path = fault.place.path if fault.rule == "root-missing" else f"{root.as_posix()}/{fault.place.path}"
                faults.extend([replace(fault, place=replace(fault.place, path=path))])
    if arguments.html:
        write_report(arguments.html, as_html(boards, day).encode())
    if arguments.json:
        _write(json.dumps(as_json(boards), ensure_ascii=False, indent=2) + "\n")
    else:
        _write("".join(f"{line}\n" for line in as_text(boards)))
    arguments.root = Path()
    faults.stop_if_any()
    return 0


def _write(text: str) -> None:
    """Writes UTF-8, whatever the system takes for its own: a table is to be opened elsewhere."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def _shown() -> Callable[[DiffPiece], str]:
    """How a piece of a text is written: with marks, and on a terminal in colours too."""
    import os

    from impressum.translation.comparing import marked

    if not sys.stdout.isatty() or "NO_COLOR" in os.environ or os.name == "nt":
        return marked
    colours = {"same": "{}", "old": "\x1b[31m{}\x1b[0m", "new": "\x1b[32m{}\x1b[0m"}
    return lambda piece: colours[piece.side].format(marked(piece))
