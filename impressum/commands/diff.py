"""Compares two finished PDFs, or two folders of them: pages, words, numbers."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.commands.shared import add_json
from impressum.commands.writing import write_report
from impressum.errors import Fault, Faulty, Place

if TYPE_CHECKING:
    from impressum.diff.compare import Pair


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `diff` takes."""
    parser.add_argument("old", type=Path, metavar="A", help="a PDF, or a folder of them, as it was")
    parser.add_argument("new", type=Path, metavar="B", help="the one that it became")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with both sides of each changed page")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Shows what changed; exit code 0 whether anything did or not."""
    from impressum.diff import as_html, as_json, as_text, compare, read_pages
    from impressum.diff.pages import picture_of

    found = _files(arguments.old, arguments.new)
    files = {
        name: compare(
            read_pages(old, str(old)) if old else (),
            read_pages(new, str(new)) if new else (),
        )
        for name, (old, new) in found.items()
    }
    if arguments.html:

        def pictures(name: str, pair: Pair) -> tuple[bytes | None, bytes | None]:
            old, new = found[name]
            return (
                picture_of(old, pair.old) if old and pair.old else None,
                picture_of(new, pair.new) if new and pair.new else None,
            )

        page = as_html(files, pictures, f"From {arguments.old.name} to {arguments.new.name}")
        write_report(arguments.html, page.encode())
    if arguments.json:
        print(json.dumps(as_json(files), ensure_ascii=False, indent=2))
    else:
        print(as_text(files))
    return 0


def _files(old: Path, new: Path) -> dict[str, tuple[Path | None, Path | None]]:
    """The pairs of files to compare, by name: two files as they are; of two folders, those of the same name."""
    for path in (old, new):
        if not path.exists():
            hint = "give two PDFs, or two folders that hold some"
            raise Faulty([Fault(Place(str(path)), "there is no such file", "file-missing", hint)])
    if old.is_dir() != new.is_dir():
        folder = old if old.is_dir() else new
        message = "a folder is compared with a file"
        raise Faulty([Fault(Place(str(folder)), message, "diff-unreadable", "give two PDFs, or two folders")])
    if not old.is_dir():
        return {new.name: (old, new)}
    names = sorted({path.name for folder in (old, new) for path in folder.glob("*.pdf")})
    if not names:
        hint = "give the folder of a release"
        raise Faulty([Fault(Place(str(new)), "the folder holds no PDF", "diff-unreadable", hint)])
    return {name: (_there(old / name), _there(new / name)) for name in names}


def _there(path: Path) -> Path | None:
    return path if path.is_file() else None
