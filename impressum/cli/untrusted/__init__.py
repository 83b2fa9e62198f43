"""`--untrusted --base DIR`: a stranger's texts with a trusted base, in a sandboxed child."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import astuple
from pathlib import Path

from impressum.cli.commands.shared import form_of, reporting_faults, workspace_of
from impressum.core.errors import Fault, Faulty, Place, WrongUsage
from impressum.system import process
from impressum.system.sandbox import Sight, known_isolation, shut_in
from impressum.system.work_folders import temporary

SECONDS = {"check": 90.0, "build": 400.0}
"""Seconds for the whole line. Each stage has lower limits, whose faults name a place."""
MEMORY = 4_000_000_000
"""Bytes of the process of the line; its children have limits of their own."""
PACKAGE = Path(__file__).resolve().parent.parent.parent
REFUSED = ("release", "check_reproducible", "validate", "waive", "open", "keep_fits")
"""Options that no untrusted build may have."""


def add_untrusted(parser: argparse.ArgumentParser) -> None:
    """`--untrusted` and `--base DIR`."""
    parser.add_argument("--untrusted", action="store_true", help="the publication's folder is a stranger's")
    parser.add_argument(
        "--base", type=Path, metavar="DIR", help="with `--untrusted`, the trusted folder (default: the tool's own)"
    )
    parser.set_defaults(untrusted_texts=None)


def run_untrusted(arguments: argparse.Namespace) -> int:
    """Assembles the publication, runs the command over it shut in, and takes out what was published; its exit code."""
    from impressum.cli.untrusted.assembly import assemble, deliver

    for name in REFUSED:
        if getattr(arguments, name, None):
            raise WrongUsage(f"`--{name.replace('_', '-')}` does not go with `--untrusted`")
    with reporting_faults(arguments):
        root = workspace_of(arguments).root
        base = _base(arguments, root)
        with temporary("impressum-untrusted-") as folder:
            target = folder / "publication"
            target.mkdir()
            warnings = assemble(root, base, target)
            code = _run_inside(arguments, folder, target, warnings)
            if code == 0 and (target / "dist").is_dir():
                deliver(target / "dist", root)
            return code


def _base(arguments: argparse.Namespace, root: Path) -> Path:
    """The trusted folder. Raises WrongUsage where there is none, or where it may be the stranger's."""
    given: Path | None = arguments.base
    base = (given or PACKAGE.parent).resolve()
    if not (base / "publication.yaml").is_file():
        said = f"`--base {given}` holds no `publication.yaml`" if given else "`--untrusted` needs `--base DIR`"
        raise WrongUsage(f"{said}: name the trusted folder, whose configuration, templates and scripts are used")
    if base.is_relative_to(root):
        raise WrongUsage(
            f"the base `{base}` must lie outside of the publication's folder `{root}`, where everything is the "
            "stranger's: name another folder with `--base`, or the stranger's with `--root`"
        )
    if PACKAGE.is_relative_to(root):
        raise WrongUsage(
            f"the program that runs is the stranger's, in `{root}`: run that of the base, "
            f"`python {base / 'build.py'} --root {root} {arguments.command} --untrusted`"
        )
    return base


def _run_inside(arguments: argparse.Namespace, folder: Path, target: Path, warnings: tuple[Fault, ...]) -> int:
    here = known_isolation(Place("."))
    own = {"root", "base", "untrusted", "untrusted_texts"}
    request = {
        "arguments": {
            **{name: value for name, value in vars(arguments).items() if name not in own},
            "untrusted": False,
            "base": None,
        },
        "root": str(target),
        "warnings": [[astuple(fault.place), *astuple(fault)[1:]] for fault in warnings],
        "unshielded": here.why if here.how == "none" else "",
        "memory": MEMORY,
    }
    limits = process.Limits(SECONDS[arguments.command])
    done = process.run(
        shut_in(process.python_module("impressum.cli.untrusted.child"), Sight((PACKAGE,), folder, nests=True), limits),
        limits=limits,
        stdin=json.dumps(request).encode(),
        folder=target,
    )
    form = form_of(arguments)
    if done.timed_out or done.code < 0:
        raise Faulty([_ended(done, limits)])
    print(harmless(done.errors, form), end="", file=sys.stderr)
    print(harmless(done.stdout.decode("utf-8", "replace"), form), end="", flush=True)
    return done.code


def _ended(done: process.Finished, limits: process.Limits) -> Fault:
    """The fault for a line that was ended, with the stage that it last reported."""
    stages = [line for line in done.errors.splitlines() if line.startswith("[")]
    where = f" in `{stages[-1]}`" if stages else ""
    if done.timed_out:
        message = f"the untrusted build took longer than {limits.seconds:g} seconds{where}, and was ended"
        return Fault(Place("."), message, "untrusted-slow", "look for a text that is very long or deeply nested")
    message = f"the untrusted build was ended by the system{where} (signal {-done.code})"
    return Fault(Place("."), message, "untrusted-crashed", "it may have used more memory than there is")


def harmless(text: str, form: str) -> str:
    """`text` without what GitHub's runner would take for a command: the words in it are the stranger's."""
    if form in ("json", "sarif"):
        return text.replace("##[", "\\u0023#[")
    text = text.replace("##[", "# #[")
    if form == "github":
        return text
    return "".join(f"` {line}" if line.lstrip().startswith("::") else line for line in text.splitlines(keepends=True))
