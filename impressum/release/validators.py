"""`build --validate CMD`: a validator of the publisher's own, such as veraPDF, judges each PDF before it is published;
its record keeps the outcome. A failure, or an unreliable answer, stops the build."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from impressum.core.errors import Fault, Faulty, Place, WrongUsage
from impressum.stages.publish.records import Build, Product
from impressum.system.cache import Json
from impressum.system.parallel import at_once, processors
from impressum.system.process import Limits, run
from impressum.system.work_folders import fresh
from impressum.system.workspace import Workspace

LIMITS = Limits(seconds=900)
FILE = "{file}"
"""The placeholder for the path of the file in a command; without it the path comes last."""
REFUSES = re.compile(rb'isCompliant="false"|"(?:isC|c)ompliant"\s*:\s*false|^FAIL\b', re.MULTILINE)
"""How veraPDF's reports (XML, JSON, text) say that a file does not comply, whatever its exit code."""
VERSION = re.compile(r'<releaseDetails id="core" version="([\w.+-]{1,40})"')
MOST_KEPT = 200_000
"""Letters of a report that are kept."""
MOST_SHOWN = 6
"""Lines of a report that a message shows."""


@dataclass(frozen=True)
class Validator:
    """A program with its arguments, in which `{file}` is replaced by the file to check."""

    program: str
    arguments: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name, without its folder."""
        return Path(self.program).name

    def command(self, path: Path) -> list[str]:
        """The command line that has it look at the file `path`."""
        arguments = [one.replace(FILE, str(path)) for one in self.arguments]
        return [self.program, *arguments, *([] if any(FILE in one for one in self.arguments) else [str(path)])]


def validators_of(commands: Sequence[str]) -> tuple[Validator, ...]:
    """The validators that the command line gives. Raises WrongUsage for what is none, or is not on this machine."""
    found = []
    for command in commands:
        try:
            words = shlex.split(command, posix=os.name == "posix")
        except ValueError as error:
            raise WrongUsage(f"--validate: `{command}` is no command: {error}") from error
        if not words:
            raise WrongUsage("--validate: name a program, as in `--validate 'verapdf --flavour ua1'`")
        program = shutil.which(words[0])
        if program is None:
            raise WrongUsage(f"--validate: there is no program `{words[0]}` on this machine")
        found.append(Validator(str(Path(program).absolute()), tuple(words[1:])))
    return tuple(found)


def validated(made: Build, validators: Sequence[Validator], workspace: Workspace, *, limits: Limits = LIMITS) -> Build:
    """`made` with what each of the `validators` said of each PDF in its record; the reports stay in the work files
    until the next time. Raises Faulty with a fault for each file and validator that does not pass it."""
    folder = fresh(workspace.validation)
    tasks = [
        partial(_judged, one, validator, limits, fresh(folder / f"{number}-{validator.name}"))
        for one in made.products
        if isinstance(one, Product) and one.name.endswith(".pdf")
        for number, validator in enumerate(validators, 1)
    ]
    judged = at_once(tasks, processors())
    faults = [said for _, said in judged if isinstance(said, Fault)]
    if faults:
        raise Faulty(faults)
    verdicts: dict[str, list[Json]] = {}
    for name, said in judged:
        if not isinstance(said, Fault):
            verdicts.setdefault(name, []).append(said)
    products = tuple(
        replace(one, record={**one.record, "validated": verdicts[one.name]}) if one.name in verdicts else one
        for one in made.products
    )
    return replace(made, products=products)


def _judged(
    product: Product, validator: Validator, limits: Limits, folder: Path
) -> tuple[str, dict[str, Json] | Fault]:
    """The name of `product`, and what its record says of the `validator`, or why it does not pass."""
    path = folder / product.name
    path.write_bytes(product.content)
    try:
        done = run(validator.command(path), limits=limits, folder=folder, environment=os.environ)
    except OSError as error:
        return product.name, _refused(product, f"`{validator.name}` cannot be run: {error.strerror}", "")
    output = done.stdout if done.stdout.strip() else done.stderr
    report = output.decode("utf-8", "replace").replace(f"{folder}{os.sep}", "")
    path.with_name(f"{product.name}.report").write_bytes(done.stdout + done.stderr)
    if done.timed_out:
        why = f"`{validator.name}` took longer than {limits.seconds:g} seconds over it, and was ended"
    elif done.code != 0:
        end = f"exit code {done.code}" if done.code > 0 else f"signal {-done.code}"
        why = f"`{validator.name}` does not pass it ({end})"
    elif REFUSES.search(output):
        why = f"`{validator.name}` says that it does not comply, though its exit code is 0"
    elif not report.strip():
        why = f"`{validator.name}` ended without a word, so nothing says that it looked at the file"
    elif path.read_bytes() != product.content:
        why = f"`{validator.name}` changed the file that it was to judge"
    else:
        version = VERSION.search(report)
        return product.name, {
            "validator": validator.name,
            "version": version[1] if version else None,
            "arguments": [_without_folder(one) for one in validator.arguments],
            "sha256": hashlib.sha256(product.content).hexdigest(),
            "exit": done.code,
            "report": report[:MOST_KEPT],
        }
    return product.name, _refused(product, why, report)


def _without_folder(argument: str) -> str:
    """`argument`, of a file of this machine the name alone: where it lies is nobody's business."""
    path = Path(argument)
    return path.name if path.is_absolute() and path.exists() else argument


def _refused(product: Product, why: str, report: str) -> Fault:
    lines = [line for line in map(str.strip, report.splitlines()) if line]
    said = "".join(f"\n    {line[:160]}" for line in lines[:MOST_SHOWN])
    hint = "nothing was published; mend what the validator names, or leave `--validate` out"
    hint += f"; its report begins:{said}" if said else ""
    return Fault(Place(f"dist/{product.name}"), why, "validation-failed", hint)
