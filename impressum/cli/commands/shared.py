"""Shared by the commands that run the line: options, progress, reports."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.cli.output import print_faults, visible
from impressum.core.errors import Fault, Faulty, Place, Silenced
from impressum.system.cache import Json, Step
from impressum.system.epoch import epoch
from impressum.system.files import put
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    from impressum.pipeline.run import Order, Progress, Run


def add_editions(parser: argparse.ArgumentParser) -> None:
    """`--edition TAG…`; given again, it names more of them."""
    parser.add_argument("--edition", nargs="+", action="extend", metavar="TAG", help="only these editions")


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help="report as JSON on standard output")


def workspace_of(arguments: argparse.Namespace) -> Workspace:
    """The publication that the command is about. A folder that is not there is a fault."""
    root: Path = arguments.root
    if not root.is_dir():
        raise Faulty([Fault(Place(str(root)), "there is no such folder", "root-missing", "correct its path")])
    return Workspace(root.resolve())


def add_report(parser: argparse.ArgumentParser) -> None:
    """`--report text|json|sarif|github`, and `--json` for the second of them."""
    forms = ("text", "json", "sarif", "github")
    parser.add_argument("--report", choices=forms, default="text", help="the form of the report (default: text)")
    add_json(parser)


@contextmanager
def started(arguments: argparse.Namespace, order: Order) -> Iterator[Run]:
    """A run of the line that shows its progress; with `--json`, its faults are reported as JSON too."""
    from impressum.pipeline.run import Run
    from impressum.stages.publish.locking import work_files

    with _progress(quiet=form_of(arguments) != "text") as progress:
        line = Run(workspace_of(arguments), order, progress)
        with reporting_faults(arguments, line), work_files(line.workspace):
            epoch()  # a malformed one is reported before anything is made
            try:
                yield line
            finally:
                line.memo.note()


@contextmanager
def reporting_faults(arguments: argparse.Namespace, line: Run | None = None) -> Iterator[None]:
    """Within it, faults that stop the command are reported in the requested form."""
    form = form_of(arguments)
    try:
        yield
    except Faulty as faulty:
        if form == "text" or not faulty.faults:
            raise
        _print(form, arguments.command, faulty.faults, line.faults.silenced() if line else (), faulty.marked)
        raise Faulty(()) from faulty


def finish(arguments: argparse.Namespace, line: Run, published: tuple[str, ...] = ()) -> int:
    """Shows the warnings that are left (or the JSON report); gives exit code 0."""
    explained: dict[str, Json] | None = None
    if getattr(arguments, "explain", False):
        steps: list[Json] = [
            {"step": one.name, "about": one.about, "reused": one.reused, "because": one.because}
            for one in line.memo.explained()
        ]
        explained = {"pages": [one.as_json() for one in line.explained], "steps": steps}
    return report(arguments, line.faults.all(), line.faults.silenced(), published, explained)


def report(
    arguments: argparse.Namespace,
    faults: tuple[Fault, ...],
    silenced: tuple[Silenced, ...],
    published: tuple[str, ...] = (),
    explained: dict[str, Json] | None = None,
) -> int:
    """Shows `faults` (or the JSON report, with the files that were `published`); gives exit code 0."""
    form = form_of(arguments)
    if form != "text":
        _print(form, arguments.command, faults, silenced, published, explained)
    else:
        print_faults(faults, arguments)
    return 0


def steps_as_text(steps: tuple[Step, ...]) -> str:
    """Which steps were run and why, a line each, after how many were reused."""
    ran = [step for step in steps if not step.reused]
    lines = [f"steps: {len(ran)} run, {len(steps) - len(ran)} reused"]
    lines += [f"  {step.name} {step.about}".rstrip() + f": {', '.join(step.because)}" for step in ran]
    return "\n".join(lines)


def form_of(arguments: argparse.Namespace) -> str:
    """The requested form of the report."""
    return "json" if arguments.json else getattr(arguments, "report", "text")


def _print(
    form: str,
    command: str,
    faults: tuple[Fault, ...],
    silenced: tuple[Silenced, ...],
    published: tuple[str, ...] = (),
    explained: dict[str, Json] | None = None,
) -> None:
    if form != "json":
        from impressum.cli.commands.reports import as_github, as_sarif

        text = as_sarif(faults, silenced) if form == "sarif" else as_github(faults)
        if text:
            print(text)
        return
    report: dict[str, object] = {
        "schema": "impressum-report",
        "version": 1,
        "command": command,
        "faults": [_fault(fault) for fault in faults],
        "silenced": [
            {**_fault(fault), "reason": allowance.reason, "allowed": _place(allowance.place)}
            for fault, allowance in silenced
        ],
        "published": list(published),
    }
    if explained is not None:
        report["explained"] = explained
    print(json.dumps(report, ensure_ascii=False, indent=2))


def _fault(fault: Fault) -> dict[str, Json]:
    weight: dict[str, Json] = {"severity": fault.severity, "rule": fault.rule}
    return {**_place(fault.place), **weight, "message": fault.message, "hint": fault.hint}


def _place(place: Place) -> dict[str, Json]:
    return {"path": place.path, "line": place.line, "column": place.column}


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress]:
    """Plain lines in CI and pipes, one moving line on a terminal, nothing with `--json`."""
    from impressum.pipeline.run import STAGES

    def said(stage: str, what: str) -> str:
        return f"[{STAGES.index(stage) + 1}/{len(STAGES)}] {stage:<8} {what}"

    if quiet:
        yield lambda stage, what: None
    elif sys.stderr.isatty() and not os.environ.get("CI"):
        from rich.console import Console

        console = Console(file=getattr(sys.stderr, "stream", sys.stderr))  # it moves its line by commands
        with console.status("") as status:
            yield lambda stage, what: status.update(visible(said(stage, what)))
    else:
        # A line is written at once: several editions may be made at the same time.
        yield lambda stage, what: print(f"{said(stage, what)}\n", end="", file=sys.stderr, flush=True)


def write_report(path: Path, content: bytes) -> None:
    """Writes `path`, whole or not at all, in the place of an older one; its folder is made. Raises `Faulty`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, content)
    except OSError as error:
        message = f"the file cannot be written ({error.strerror or type(error).__name__})"
        hint = "name a file in a folder that you may write to"
        raise Faulty([Fault(Place(path.as_posix()), message, "file-not-writable", hint)]) from error
