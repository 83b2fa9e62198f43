"""Compares two finished PDFs, or two releases: pages, words, numbers."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.cli.commands.shared import add_json, workspace_of, write_report

if TYPE_CHECKING:
    from impressum.release.diff.compare import PagePair


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `diff`."""
    whole = "a PDF, a folder of them, or a version that was released, as it was"
    parser.add_argument("old", type=Path, metavar="A", help=whole)
    parser.add_argument("new", type=Path, metavar="B", help="the one that it became")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with both sides of each changed page")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Shows what changed; exit code 0 whether anything did or not."""
    from impressum.release.diff.compare import compare, picture_of
    from impressum.release.diff.report import as_html, as_json, as_text
    from impressum.release.sides import pairs_of

    found = pairs_of(arguments.old, arguments.new, workspace_of(arguments))
    files = {name: compare(old.pages if old else (), new.pages if new else ()) for name, (old, new) in found.items()}
    if arguments.html:

        def pictures(name: str, pair: PagePair) -> tuple[bytes | None, bytes | None]:
            old, new = found[name]
            return (
                picture_of(old.pdf, pair.old) if old and old.pdf and pair.old else None,
                picture_of(new.pdf, pair.new) if new and new.pdf and pair.new else None,
            )

        page = as_html(files, pictures, f"From {arguments.old.name} to {arguments.new.name}")
        write_report(arguments.html, page.encode())
    if arguments.json:
        print(json.dumps(as_json(files), ensure_ascii=False, indent=2))
    else:
        print(as_text(files))
    return 0
