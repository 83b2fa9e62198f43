"""Builds every edition of the publication, or those named, into dist/."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from impressum.cli.commands.shared import add_editions, add_json, finish, report, started, steps_as_text, workspace_of
from impressum.cli.output import from_here
from impressum.cli.untrusted import add_untrusted, run_untrusted
from impressum.core.errors import Faulty, WrongUsage
from impressum.system.process import opener, show

if TYPE_CHECKING:
    from impressum.pipeline.run import Run, SecondBuild
    from impressum.pipeline.unchanged import LastRun
    from impressum.release.gate import ReleaseOrder
    from impressum.release.validators import Validator


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `build`."""
    add_editions(parser)
    parser.add_argument(
        "--format", choices=("pdf", "print"), default="pdf", help="print: also make a file for a printer"
    )
    parser.add_argument("--draft", action="store_true", help="mark the pages as a draft")
    parser.add_argument(
        "--jobs", type=int, default=0, metavar="N", help="make at most N editions at a time (default: one a processor)"
    )
    parser.add_argument("--release", action="store_true", help="let out only what is final, complete and clean")
    parser.add_argument("--waive", action="append", metavar="RULE", help="with --release: do not wait for this rule")
    parser.add_argument("--reason", action="append", metavar="TEXT", help="why the rule is waived; it is recorded")
    parser.add_argument("--open", action="store_true", help="show what was made in your PDF viewer")
    parser.add_argument(
        "--layout", action="store_true", help="show each warning of the layout, as --release does, however many"
    )
    parser.add_argument(
        "--keep-fits", action="store_true", help="keep the line and page breaks found, so that no machine looks again"
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help="tell which steps were run, because of what, and how pages were fitted",
    )
    parser.add_argument(
        "--check-reproducible", action="store_true", help="build a second time apart; publish if the bytes are the same"
    )
    parser.add_argument(
        "--validate", action="append", metavar="CMD", help="publish only PDFs that this program passes; it is recorded"
    )
    add_json(parser)
    add_untrusted(parser)


def run(arguments: argparse.Namespace) -> int:
    """Builds and publishes; exit code 0, or `Faulty`."""
    if arguments.untrusted:
        return run_untrusted(arguments)
    arguments.layout = arguments.layout or arguments.release
    command = opener() if arguments.open else []
    try:
        code, published = _build(arguments)
    except Faulty as faulty:
        _open(command, arguments, faulty.marked)
        raise
    _open(command, arguments, published)
    return code


def _open(command: Sequence[str], arguments: argparse.Namespace, files: Sequence[str]) -> None:
    for name in files:
        if command and name.endswith(".pdf") and not name.endswith("-figures.pdf"):
            show(command, workspace_of(arguments).root / name)


def _build(arguments: argparse.Namespace) -> tuple[int, tuple[str, ...]]:
    """The exit code, and what is published, by paths from the root."""
    from impressum.pipeline import unchanged
    from impressum.pipeline.run import Order

    if arguments.jobs < 0:
        raise WrongUsage("`--jobs` is a number of editions: 1 or more")
    order = Order(
        tuple(arguments.edition or ()),
        draft=arguments.draft,
        untrusted=arguments.untrusted_texts,
        for_print=arguments.format == "print",
        release=_release(arguments),
        validators=_validators(arguments.validate or ()),
        jobs=arguments.jobs,
        keep_fits=arguments.keep_fits,
    )
    workspace = workspace_of(arguments)
    seen = unchanged.see(workspace)
    # The gate looks further than a build: at what Git knows of translations, at what day it is.
    anew = arguments.explain or arguments.check_reproducible or order.release or order.validators
    last = None if anew else unchanged.look(workspace, repr(order), seen)
    if last is not None:
        return _report_unchanged(arguments, last), tuple(name for name, _ in last.published)
    from impressum.pipeline.build import build

    with started(arguments, order) as line:
        if arguments.check_reproducible:
            line.second_build = _second_build(arguments, line)
        files = build(line)
        if not order.release and not order.validators:
            unchanged.remember(workspace, repr(order), seen, line.faults, files)
        published = tuple(line.workspace.relative(path) for path in files)
        if not arguments.json:
            _print_files(arguments, published)
            if order.release:
                print(published[-1])
            if arguments.explain:
                for explained in line.explained:
                    print(explained.text())
                print(steps_as_text(line.memo.explained()))
        return finish(arguments, line, published=published), published


def _validators(commands: Sequence[str]) -> tuple[Validator, ...]:
    if not commands:
        return ()
    from impressum.release.validators import validators_of

    return validators_of(commands)


def _release(arguments: argparse.Namespace) -> ReleaseOrder | None:
    """The requested release, if any. Raises WrongUsage where its options do not go together."""
    if not arguments.release:
        if arguments.waive or arguments.reason:
            raise WrongUsage("`--waive` and `--reason` are for a release: add `--release`, or set `rules:`")
        return None
    if arguments.draft:
        raise WrongUsage("a draft is not released: leave out `--draft` or `--release`")
    if arguments.edition:
        raise WrongUsage("a release is the whole publication: leave out `--edition`")
    from impressum.release.gate import order_of

    return order_of(arguments.waive or (), arguments.reason or ())


def _second_build(arguments: argparse.Namespace, line: Run) -> SecondBuild:
    """The second build for `--check-reproducible`, with those options of the first that affect the output."""
    command = ["build", *(["--edition", *arguments.edition] if arguments.edition else [])]
    command += ["--draft"] if arguments.draft else []
    command += ["--format", arguments.format] if arguments.format != "pdf" else []

    def compare(files: Mapping[str, bytes]) -> None:
        from impressum.release.reproducibility import check_reproducible

        line.progress("verify", "a second build, apart")
        before = len(line.faults.errors())
        check_reproducible(line.workspace, command, files, line.faults)
        if len(line.faults.errors()) == before:
            line.progress("verify", f"the second build gave the same bytes, {len(files)} files")

    return compare


def _report_unchanged(arguments: argparse.Namespace, last: LastRun) -> int:
    """Reports the files that are there already, as the build that made them did."""
    published = tuple(name for name, _ in last.published)
    if not arguments.json:
        print("[7/7] publish  nothing has changed since the last build", file=sys.stderr)
        _print_files(arguments, published)
    return report(arguments, last.faults, last.silenced, published)


def _print_files(arguments: argparse.Namespace, published: tuple[str, ...]) -> None:
    for name in published:
        if name.endswith(".pdf"):
            print(from_here(name, arguments.root, sys.stdout))
