"""What pyproject.toml declares is what the code imports: no package less, and none more."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
OURS = {"impressum", "bench", *(path.stem for path in (*REPOSITORY.glob("tests/*.py"), *REPOSITORY.glob("bench/*.py")))}
NOT_IMPORTED = {
    "mypy": "a linter",
    "ruff": "a linter",
    "types-pyyaml": "what mypy knows of yaml",
    "pytest-xdist": "a plug-in, for `-n` in the options of pytest",
}
TYPES_ONLY = {"_typeshed"}  # there for mypy alone


def canonical(names: Iterable[str]) -> set[str]:
    """`PyYAML` as `pyyaml`, so that a name is one however it is written."""
    return {str(canonicalize_name(one)) for one in names}


def declared(*extras: str) -> set[str]:
    """The distributions that pyproject.toml asks for, those of `extras` included, by their canonical names."""
    project = PYPROJECT["project"]
    lines = [*project["dependencies"], *(line for one in extras for line in project["optional-dependencies"][one])]
    return canonical(Requirement(line).name for line in lines) - {"impressum"}


@cache
def distributions() -> dict[str, set[str]]:
    """Which distributions hold a module at the top."""
    return {name: canonical(found) for name, found in packages_distributions().items()}


def sources(folder: str) -> dict[str, str]:
    """The text of each Python file of `folder`, but for the publications of the tests, which are data."""
    files = (path for path in (REPOSITORY / folder).rglob("*.py") if "publications" not in path.parts)
    return {path.relative_to(REPOSITORY).as_posix(): path.read_text(encoding="utf-8") for path in files}


def imported(texts: dict[str, str]) -> dict[str, list[str]]:
    """Each foreign module at the top that `texts` import, wherever the import stands, with `file:line`."""
    found = defaultdict(list)
    for file, text in texts.items():
        for node in ast.walk(ast.parse(text)):
            for name in _modules(node):
                if name not in sys.stdlib_module_names | OURS | TYPES_ONLY:
                    found[name].append(f"{file}:{getattr(node, 'lineno', 1)}")
    return found


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
        yield node.module.partition(".")[0]


def undeclared(texts: dict[str, str], known: set[str]) -> list[str]:
    """The imports in `texts` of what no distribution among `known` holds."""
    return [
        f"{place}: {name}"
        for name, places in imported(texts).items()
        if not distributions().get(name, set()) & known
        for place in places
    ]


def unused(texts: Iterable[str], known: set[str]) -> set[str]:
    """Those of `known` whose modules `texts` neither import nor name in a string (`find_spec`, `python -m`)."""
    joined = "\n".join(texts)
    named = set(imported({"": joined}))
    for node in ast.walk(ast.parse(joined)):
        if isinstance(node, ast.Expr):  # a docstring
            continue
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Constant) and isinstance(child.value, str):
                named.update(re.findall(r"\w+", child.value))
    return {one for one in known if not any(one in found and name in named for name, found in distributions().items())}


def without_future(texts: dict[str, str]) -> list[str]:
    """The texts without the line that may stand at the top of a file only."""
    return [text.replace("from __future__ import annotations\n", "") for text in texts.values()]


def test_the_package_imports_only_what_it_declares() -> None:
    texts = sources("impressum")
    runs_the_tests = {file: text for file, text in texts.items() if file.endswith("commands/test.py")}
    assert len(runs_the_tests) == 1
    assert undeclared(runs_the_tests, declared("test")) == []
    assert undeclared({file: text for file, text in texts.items() if file not in runs_the_tests}, declared()) == []


@pytest.mark.parametrize(("folder", "extras"), [("tests", ["test"]), ("bench", ["test", "dev"])])
def test_what_stands_beside_it_imports_only_what_its_extras_declare(folder: str, extras: list[str]) -> None:
    assert undeclared(sources(folder), declared(*extras)) == []


def test_everything_declared_is_used() -> None:
    package = without_future(sources("impressum"))
    assert unused(package, declared()) == {"pypdf"}  # which the next commit reads finished files with
    beside = sources("tests") | sources("bench")
    del beside[Path(__file__).relative_to(REPOSITORY).as_posix()]  # which names some
    assert unused(without_future(beside), declared("test", "dev") - declared()) == NOT_IMPORTED.keys()


def test_both_are_seen_where_they_are_not_so() -> None:
    texts = {"impressum/one.py": "def run() -> None:\n    import numpy.linalg\n    from PIL import Image\n"}
    assert undeclared(texts, {"numpy"}) == ["impressum/one.py:3: PIL"]
    assert unused(texts.values(), {"numpy", "pillow", "pyyaml"}) == {"pyyaml"}
    assert unused(['"""Reads yaml."""\nrun("-m", "pdfua")\n'], {"pyyaml", "pdfua"}) == {"pyyaml"}
