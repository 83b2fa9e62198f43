"""Starts a publication in a new folder, with the program that builds it; on a terminal it asks what no option says."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from impressum.core.errors import Faulty

KINDS = ("report", "book", "working-paper")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `new`."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that is new or empty")
    parser.add_argument("--title", metavar="TEXT", help="the title (default: made of the name of the folder)")
    parser.add_argument("--language", metavar="TAG", help="the language of the text, as in en or sr-Latn (default: en)")
    parser.add_argument("--author", action="append", metavar="NAME", help="an author; given again, one more")
    parser.add_argument("--publisher", metavar="NAME", help="who publishes it")
    parser.add_argument(
        "--kind", choices=KINDS, help="report (A4), book (17 × 24 cm) or working-paper (default: report)"
    )
    parser.add_argument("--from", dest="text", type=Path, metavar="FILE", help="a Markdown file to split into chapters")


def run(arguments: argparse.Namespace) -> int:
    """Writes the publication and names its files, and says what comes next; nothing is overwritten."""
    from impressum.cli.starter import Answers, check_free, start
    from impressum.cli.starter.splitting import split

    check_free(arguments.folder)
    text = split(arguments.text) if arguments.text else None
    name = arguments.folder.resolve().name.replace("-", " ").replace("_", " ").strip()
    title = text.title if text else name[:1].upper() + name[1:] or "Untitled"
    answers = Answers(
        _answer(arguments.title, "Title", title),
        _language(arguments.language, (text.language if text else "") or "en"),
        tuple(arguments.author or ()) or _authors(text.authors if text else ()),
        _answer(arguments.publisher, "Publisher", ""),
        _kind(arguments.kind),
    )
    for written in start(arguments.folder, answers, text):
        print(f"{arguments.folder.as_posix()}/{written}")
    sys.stdout.flush()
    if text and text.unused:
        print(f"not used, of the front matter of {arguments.text}: {', '.join(text.unused)}", file=sys.stderr)
    program = f"cd {arguments.folder} && {'python' if os.name == 'nt' else 'python3'} build.py"
    print(f"to build it: {program}", file=sys.stderr)
    print(f"to see it while you write: {program} watch", file=sys.stderr)
    return 0


def _answer(given: str | None, question: str, default: str) -> str:
    """The value `given`, else the answer to the `question` on a terminal, else the `default`."""
    if given is not None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return default if given is None else given
    print(f"{question}{f' [{default}]' if default else ''}: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() or default


def _authors(known: tuple[str, ...]) -> tuple[str, ...]:
    names = ", ".join(known)
    answer = _answer(None, "Authors, with commas between them", names)
    return known if answer == names else tuple(one.strip() for one in answer.split(",") if one.strip())


def _language(given: str | None, default: str) -> str:
    from impressum.translation.new_edition import check_tag

    while True:
        tag = _answer(given, "Language, as in en or sr-Latn", default)
        try:
            check_tag(tag)
            return tag
        except Faulty as faulty:
            if given is not None or not sys.stdin.isatty():
                raise
            print(faulty, file=sys.stderr)


def _kind(given: str | None) -> str:
    while (kind := _answer(given, "Kind, report, book or working-paper", KINDS[0])) not in KINDS:
        pass
    return kind
