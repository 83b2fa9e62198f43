"""Changes the code a little, one statement at a time, and runs the tests that cover it: do they see it?

    python -m bench.mutate verify --minutes 20
    python -m bench.mutate impressum/stages/publish/journal.py --tests 'test_publish*' --count 40

It works on a copy of the repository. First the tests run once, to see which lines each of them covers; then each
mutant meets its tests, the cheapest first, until one fails. A mutant that no test sees is told with its line; one
that changes nothing that anybody could see goes into `bench/equivalent.txt`, with the reason.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, starmap
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parent.parent
EQUIVALENT = Path(__file__).parent / "equivalent.txt"
ROOMS = {
    "security": (
        "cli/untrusted pipeline/untrusted.py system/sandbox.py system/sandbox_launcher.py checks/links",
        "test_untrusted* test_isolation test_links*",
    ),
    "verify": (
        "stages/verify",
        "test_verify* test_published test_front_matter test_themes test_convert_crossrefs",
    ),
    "parity": ("checks/parity", "test_parity* test_edition_texts test_planted"),
    "remembering": (
        "system/cache.py pipeline/unchanged.py",
        "test_memo test_unchanged test_handed_over test_render_memo test_steps",
    ),
    "publish": (
        "stages/publish release",
        "test_publish* test_release* test_citation test_diff test_validators test_check_reproducible",
    ),
}
"""Names for modules that belong together, and their tests."""
MOST_TESTS, MOST_SECONDS = 40, 60.0
"""Of one mutant: so many tests, and further ones while all take no longer; dearer ones mostly cover the same."""
SWAPS: dict[type, type] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Break: ast.Continue, ast.Continue: ast.Break,
}  # fmt: skip
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min", "startswith": "endswith", "endswith": "startswith"}


@dataclass(frozen=True)
class Mutant:
    """A module with one statement changed; `said` is what became of the statement, `make` gives the module's text."""

    path: str
    line: int
    lines: frozenset[int]
    said: str
    make: Callable[[], str]


def mutants(path: str, seed: int) -> Iterator[Mutant]:
    """One mutant for each statement of the functions in the module `path`, chosen by `seed`."""
    nodes = list(ast.walk(ast.parse((REPOSITORY / path).read_text(encoding="utf-8"))))
    functions = [one for one in nodes if isinstance(one, ast.FunctionDef)]
    statements = {id(one): one for function in functions for one in ast.walk(function) if isinstance(one, ast.stmt)}
    number = {id(node): at for at, node in enumerate(nodes)}
    for one in statements.values():
        changed = copy.deepcopy(one)
        ways = list(_ways(changed))
        if isinstance(one, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom) or not ways:
            continue
        way = random.Random(f"{seed} {path} {ast.unparse(one)}").randrange(len(ways))
        ways[way]()
        body = [node.lineno for node in ast.walk(one) if isinstance(node, ast.stmt | ast.expr)]
        heads = frozenset(body if not hasattr(one, "body") else [one.lineno])
        said = f"{_head(one)}  →  {_head(changed)}"
        yield Mutant(path, one.lineno, heads, said, partial(_changed, path, number[id(one)], way))


def _changed(path: str, at: int, way: int) -> str:
    """The module `path` with its node of the number `at` changed in one of the `_ways`."""
    tree = ast.parse((REPOSITORY / path).read_text(encoding="utf-8"))
    list(_ways(list(ast.walk(tree))[at]))[way]()
    return ast.unparse(ast.fix_missing_locations(tree))


def _head(statement: ast.AST) -> str:
    return ast.unparse(statement).partition("\n")[0][:200]


def _ways(statement: ast.AST) -> Iterator[Any]:
    """What can be changed in `statement` but not in those within it: functions that do it."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return
    if isinstance(statement, ast.Expr | ast.Raise | ast.AugAssign):
        yield lambda: _become(statement, ast.Pass())
    if isinstance(statement, ast.Return) and not isinstance(statement.value, ast.Constant | None):
        yield lambda: setattr(statement, "value", ast.Constant(None))
    if isinstance(statement, ast.Break | ast.Continue):
        yield lambda: _become(statement, SWAPS[type(statement)]())
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        waiting += [
            child
            for name, child in _children(node)
            if not isinstance(child, ast.stmt | ast.expr_context) and name not in ("annotation", "msg")
        ]
        yield from _changes(node)


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield name, child


def _changes(node: ast.AST) -> Iterator[Any]:
    match node:
        case ast.Compare(ops=[op]) | ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in SWAPS:
            new = SWAPS[type(op)]()
            yield lambda: setattr(node, *(("ops", [new]) if isinstance(node, ast.Compare) else ("op", new)))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield lambda: _become(node, operand)
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), test))
        case ast.comprehension(ifs=[_, *_]):
            yield lambda: node.ifs.pop()
        case ast.Constant(value=bool(value)):
            yield lambda: setattr(node, "value", not value)
        case ast.Constant(value=int(value)):
            yield lambda: setattr(node, "value", value + 1)
        case ast.Constant(value=str(value)) if value:
            yield lambda: setattr(node, "value", "")
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in NAMES:
            yield lambda: setattr(node, "id" if isinstance(node, ast.Name) else "attr", NAMES[name])


def _become(node: ast.AST, other: ast.AST) -> None:
    """Makes `node` what `other` is, in its place."""
    node.__class__, node.__dict__ = other.__class__, {**vars(node), **vars(other)}


class Tracer:
    """A plug-in of pytest: which lines of the modules in MUTATED each test covers, and its seconds, into a file."""

    def __init__(self) -> None:
        self.files = {str(REPOSITORY / name): name for name in os.environ["MUTATED"].split(os.pathsep)}
        self.found: dict[str, tuple[float, dict[str, list[int]]]] = {}

    def pytest_runtest_protocol(self, item: Any) -> None:
        self.item, self.begun = item.nodeid, time.monotonic()
        self.lines: dict[str, set[int]] = {name: set() for name in self.files.values()}
        threading.settrace(self.trace)
        sys.settrace(self.trace)

    def trace(self, frame: Any, event: str, argument: Any) -> Any:
        name = self.files.get(frame.f_code.co_filename)
        if name is None:
            return None
        lines = self.lines[name]

        def local(frame: Any, event: str, argument: Any) -> Any:
            lines.add(frame.f_lineno)
            return local

        return local

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "teardown" and self.item not in self.found:
            covered = {name: sorted(lines) for name, lines in self.lines.items() if lines}
            self.found[self.item] = (time.monotonic() - self.begun, covered)
        if report.failed:
            self.found[self.item] = (0.0, {})

    def pytest_sessionfinish(self) -> None:
        sys.settrace(None)
        Path(os.environ["COVERED"]).write_text(json.dumps(self.found), encoding="utf-8")


if "MUTATED" in os.environ:  # as the plug-in `-p bench.mutate`
    TRACER = Tracer()
    pytest_runtest_protocol, pytest_runtest_logreport = TRACER.pytest_runtest_protocol, TRACER.pytest_runtest_logreport
    pytest_sessionfinish = TRACER.pytest_sessionfinish


@dataclass
class Trial:
    """Copies of the repository in which mutants meet their tests, one for each hand."""

    folders: list[Path]
    covered: dict[str, tuple[float, dict[str, list[int]]]]

    def fate(self, mutant: Mutant) -> str:
        """`killed`, `survived`, or `uncovered` where no test comes by.

        Where none does in its own process, it may in a child: then those are run that cover the module, or its folder.
        """
        lines = {mutant.path: mutant.lines}
        tests = self.tests(lambda name, some: not lines.get(name, frozenset()).isdisjoint(some))
        tests = tests or self.tests(lambda name, _: name == mutant.path)
        tests = tests or self.tests(lambda name, _: Path(name).parent == Path(mutant.path).parent)
        if not tests:
            return "uncovered"
        folder = self.folders.pop()
        module = folder / mutant.path
        good = module.read_text(encoding="utf-8")
        try:
            _write(module, mutant.make())
            limit = 30 + 5 * sum(seconds for seconds, _ in tests)
            return "survived" if _pytest(folder, ["-x", *(test for _, test in tests)], limit, {}) == 0 else "killed"
        finally:
            _write(module, good)
            self.folders.append(folder)

    def tests(self, comes_by: Callable[[str, list[int]], bool]) -> list[tuple[float, str]]:
        """The seconds and names of the cheapest tests of which `comes_by` holds for a module and the lines covered."""
        every = self.covered.items()
        found = sorted((seconds, test) for test, (seconds, files) in every if any(starmap(comes_by, files.items())))
        total = accumulate(seconds for seconds, _ in found)
        return [
            one
            for number, (one, sofar) in enumerate(zip(found, total, strict=True))
            if number < MOST_TESTS or sofar < MOST_SECONDS
        ]


def _write(module: Path, text: str) -> None:
    """Writes the module with a time that it never had, so that Python takes no compiled one for it."""
    module.write_text(text, encoding="utf-8")
    stamp = time.time_ns() + 2_000_000_000 * random.randrange(1, 10_000)
    os.utime(module, ns=(stamp, stamp))


def _pytest(folder: Path, arguments: list[str], limit: float | None, variables: Mapping[str, str]) -> int:
    """The exit code of pytest in `folder`; 1 where it takes too long."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *arguments]
    with tempfile.TemporaryDirectory(prefix="mutant-") as temporary:
        environment = {**os.environ, "TMPDIR": temporary, **variables}
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            return process.wait(limit)
        except subprocess.TimeoutExpired:
            return 1
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)
                process.wait()


def main(argv: list[str] | None = None) -> int:
    """Runs the mutants; 1 where one of them survived."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("what", nargs="+", help=f"modules or folders, or one of: {', '.join(ROOMS)}")
    parser.add_argument("--tests", nargs="+", default=[], metavar="PATTERN", help="files of tests (default: a room's)")
    parser.add_argument("--count", type=int, default=100_000, help="how many mutants (default: all)")
    parser.add_argument("--minutes", type=float, default=600, help="begin no further mutant after so long")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other mutants (default: 0)")
    parser.add_argument("--hands", type=int, default=2, help="how many at the same time (default: 2)")
    wanted = parser.parse_args(argv)
    paths, tests = _chosen(wanted.what, wanted.tests)
    until = time.monotonic() + wanted.minutes * 60
    known = {line.partition(" #")[0].strip() for line in EQUIVALENT.read_text(encoding="utf-8").splitlines()}
    every = [mutant for path in paths for mutant in mutants(path, wanted.seed)]
    every = [mutant for mutant in every if f"{mutant.path}: {mutant.said}" not in known]
    random.Random(wanted.seed).shuffle(every)
    with tempfile.TemporaryDirectory(prefix="mutants-") as temporary:
        folders = [Path(temporary) / str(number) for number in range(wanted.hands)]
        for folder in folders:
            skipped = shutil.ignore_patterns(".git", ".cache", "dist", "__pycache__", ".*_cache")
            shutil.copytree(REPOSITORY, folder, ignore=skipped, symlinks=True)
        report = Path(temporary) / "covered.json"
        variables = {"MUTATED": os.pathsep.join(paths), "COVERED": str(report)}
        _pytest(folders[0], ["-p", "bench.mutate", *tests], None, variables)
        trial = Trial(folders, json.loads(report.read_text(encoding="utf-8")))
        fates: dict[str, list[Mutant]] = {"killed": [], "survived": [], "uncovered": []}

        def meet(mutant: Mutant) -> None:
            if time.monotonic() < until:
                fate = trial.fate(mutant)
                fates[fate].append(mutant)
                if fate != "killed":
                    print(f"{fate}: {mutant.path}:{mutant.line}: {mutant.said}", flush=True)

        with ThreadPoolExecutor(wanted.hands) as pool:
            list(pool.map(meet, every[: wanted.count]))
    done = sum(map(len, fates.values()))
    counts = ", ".join(f"{len(some)} {fate}" for fate, some in fates.items())
    print(f"{done} of {len(every)} mutants: {counts}; {100 * len(fates['killed']) / max(1, done):.1f} % are killed")
    return int(done > len(fates["killed"]))


def _chosen(what: list[str], patterns: list[str]) -> tuple[list[str], list[str]]:
    """The modules that are meant, and the files of tests, both from the repository's folder."""
    modules: list[Path] = []
    for name in what:
        named = [f"impressum/{one}" for one in ROOMS[name][0].split()] if name in ROOMS else [name]
        patterns = patterns + (ROOMS[name][1].split() if name in ROOMS else [])
        for one in map(Path, named):
            modules += sorted((REPOSITORY / one).rglob("*.py")) if (REPOSITORY / one).is_dir() else [REPOSITORY / one]
    files = [
        path
        for pattern in patterns or ["test_*"]
        for path in sorted((REPOSITORY / "tests").glob(f"{pattern.removesuffix('.py')}.py"))
    ]
    return (
        [module.relative_to(REPOSITORY).as_posix() for module in modules],
        [file.relative_to(REPOSITORY).as_posix() for file in files],
    )


if __name__ == "__main__":
    sys.exit(main())
