"""Says what each edition has of each chapter: up to date, changed, new, removed, or unknown."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from impressum.cli.commands.shared import add_editions, add_json, workspace_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from impressum.translation.comparing import DiffPiece


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `status`."""
    add_editions(parser)
    parser.add_argument("--words", action="store_true", help="count words and characters, as CSV for an invoice")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0, whatever the editions have; `Faulty` where a file cannot be read."""
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
