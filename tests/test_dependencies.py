"""What pyproject.toml declares is what the code imports: no package less, and none more."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from test_structure import statements

REPOSITORY = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
OURS = {"impressum", "bench", *(path.stem for path in (*REPOSITORY.glob("tests/*.py"), *REPOSITORY.glob("bench/*.py")))}
NOT_IMPORTED = {
    "mypy": "a linter",
    "ruff": "a linter",
    "types-pyyaml": "what mypy knows of yaml",
    "pytest-xdist": "a plug-in, for `-n` in the options of pytest",
}
KNOWN = {*sys.stdlib_module_names, *OURS, "_typeshed"}  # the last is there for mypy alone


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


def imported(texts: Mapping[str, str] | Mapping[int, str]) -> dict[str, list[str]]:
    """Each foreign module at the top that `texts` import, wherever the import stands, with `file:line`."""
    found = defaultdict(list)
    for file, text in texts.items():
        for name, line in _modules(text):
            if name not in KNOWN:
                found[name].append(f"{file}:{line}")
    return found


@cache
def _modules(text: str) -> list[tuple[str, int]]:
    """The modules at the top that `text` imports, with their lines."""
    found: list[tuple[str, int]] = []
    for node in statements(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [(alias.name.partition(".")[0], node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.append((node.module.partition(".")[0], node.lineno))
    return found


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
    files = list(texts)
    named = set(imported(dict(enumerate(files))))
    left = {one: [name for name, found in distributions().items() if one in found] for one in known}
    return {one for one, names in left.items() if not any(name in named or in_a_string(name, files) for name in names)}


def in_a_string(name: str, texts: Iterable[str]) -> bool:
    """Whether `name` stands as a word in a string that is no docstring."""
    word = re.compile(rf"\b{name}\b")
    for text in filter(word.search, texts):
        for node in ast.walk(ast.parse(text)):
            children = () if isinstance(node, ast.Expr) else ast.iter_child_nodes(node)
            strings = (one.value for one in children if isinstance(one, ast.Constant) and isinstance(one.value, str))
            if any(map(word.search, strings)):
                return True
    return False


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
    assert unused(sources("impressum").values(), declared()) == set()
    beside = sources("tests") | sources("bench")
    del beside[Path(__file__).relative_to(REPOSITORY).as_posix()]  # which names some
    assert unused(beside.values(), declared("test", "dev") - declared()) == NOT_IMPORTED.keys()


def test_both_are_seen_where_they_are_not_so() -> None:
    texts = {"impressum/one.py": "def run() -> None:\n    import numpy.linalg\n    from PIL import Image\n"}
    assert undeclared(texts, {"numpy"}) == ["impressum/one.py:3: PIL"]
    assert unused(texts.values(), {"numpy", "pillow", "pyyaml"}) == {"pyyaml"}
    assert unused(['"""Reads yaml."""\nrun("-m", "pdfua")\n'], {"pyyaml", "pdfua"}) == {"pyyaml"}
