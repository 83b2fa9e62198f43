"""The code is laid out as its map says: which module knows which, and that the map is true."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from impressum.commands import COMMANDS
from impressum.pipeline import STAGES

REPOSITORY = Path(__file__).parent.parent
PACKAGE = REPOSITORY / "impressum"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MAP = 120
LONGEST_MODULE = 400

# What stands before the first command runs, with nothing but the standard library: it is no part of the line.
SETTING_UP = {"environment", "preparation", "venv"}
# From the outermost to the innermost; a module may import what stands in a later group, never an earlier one.
LAYERS = (
    ("__main__", "staged"),
    ("cli",),
    ("commands",),
    ("live",),
    ("pipeline", "ground", "examined"),
    ("translation", "editions", "allowances", "untrusted", "release", "links", "products"),
    ("setting",),
    STAGES,
)
# What the command line may ask a stage for besides the line itself: to check a file, to tell of versions, to set
# what is no book.
COMMANDS_MAY_ASK = {
    "clean": {"publish"},
    "verify": {"publish"},
    "doctor": {"convert", "typeset"},
    "proof": {"typeset"},
}


def part(module: Path) -> str:
    """The stage, folder or file at the top of the package that `module` belongs to."""
    first = module.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


@cache
def parsed(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


@cache
def imports(module: Path) -> tuple[tuple[str, int], ...]:
    """Every module that `module` names in an import, wherever it stands, with its line."""
    return tuple(_imports(module))


def _imports(module: Path) -> Iterator[tuple[str, int]]:
    known = {path.stem for path in PACKAGE.iterdir()}
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno} imports by dots"
            assert node.module is not None
            if node.module == "impressum":
                yield from ((f"impressum.{alias.name}", node.lineno) for alias in node.names if alias.name in known)
            else:
                yield node.module, node.lineno


def parts_imported(module: Path) -> Iterator[tuple[str, int]]:
    """The parts of this package that `module` imports, with the line."""
    for name, line in imports(module):
        if name.startswith("impressum."):
            yield name.split(".")[1], line


def at(module: Path, line: int) -> str:
    return f"{module.relative_to(REPOSITORY).as_posix()}:{line}"


def layer(name: str) -> int:
    """The layer of a part; all that is no stage and nothing above stands below them."""
    return next((index for index, names in enumerate(LAYERS) if name in names), len(LAYERS))


def test_the_stages_are_folders_of_the_package() -> None:
    assert [stage for stage in STAGES if not (PACKAGE / stage / "__init__.py").is_file()] == []


def test_stages_never_import_each_other() -> None:
    crossed = [
        f"{at(module, line)}: {part(module)} imports {name}"
        for module in MODULES
        if part(module) in STAGES
        for name, line in parts_imported(module)
        if name in STAGES and name != part(module)
    ]
    assert crossed == []


def test_arrows_point_one_way() -> None:
    backwards = [
        f"{at(module, line)}: {part(module)} imports {name}"
        for module in MODULES
        if part(module) not in SETTING_UP
        for name, line in parts_imported(module)
        if layer(name) < layer(part(module))
    ]
    assert backwards == []


def test_what_a_publication_is_made_with_knows_nothing_of_how_it_is_set_up() -> None:
    known = [
        f"{at(module, line)}: {part(module)} imports {name}"
        for module in MODULES
        if part(module) not in SETTING_UP
        for name, line in parts_imported(module)
        if name in SETTING_UP
    ]
    assert known == []


def test_a_command_walks_the_line_and_asks_no_stage() -> None:
    asked = [
        f"{at(module, line)}: it asks {name}"
        for module in sorted((PACKAGE / "commands").glob("*.py"))
        for name, line in parts_imported(module)
        if name in STAGES and name not in COMMANDS_MAY_ASK.get(module.stem, set())
    ]
    assert asked == []


def test_the_values_between_stages_depend_on_nothing_that_does_something() -> None:
    allowed = {"model", "errors", "memo", "languages"}
    others = [
        f"{at(module, line)}: model imports {name}"
        for module in MODULES
        if part(module) == "model"
        for name, line in parts_imported(module)
        if name not in allowed
    ]
    assert others == []


def test_there_is_one_door_to_other_processes() -> None:
    doors = {"subprocess", "multiprocessing", "pty", "asyncio.subprocess"}
    opened = {at(module, line).split(":")[0] for module in MODULES for name, line in imports(module) if name in doors}
    assert opened == {"impressum/tools.py"}


def test_no_module_starts_a_process_behind_the_door() -> None:
    """Ensures it but for the launcher and the nursery, which run in processes that came through the door."""
    ways = re.compile(r"\bos\.(system|popen|exec[lv]\w*|spawn\w*|posix_spawn\w*|fork\w*)\(")
    found = {
        at(module, number).split(":")[0]
        for module in MODULES
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), 1)
        if ways.search(line)
    }
    inside = {"impressum/shut_in.py", "impressum/nursery_child.py"}
    assert found == {"impressum/tools.py", *inside}
    names = {"shut_in", "nursery_child"}
    importing = {at(module, line) for module in MODULES for name, line in parts_imported(module) if name in names}
    children = {"impressum/draw/child.py", "impressum/render/child.py"}
    assert {one.split(":")[0] for one in importing} == {"impressum/nursery_child.py", *children}


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    """Ensures that a build which changes nothing pays for none of them."""
    heavy = {"matplotlib", "pypdf", "pypdfium2", "pikepdf", "typst", "jinja2", "numpy", "babel", "pypandoc", "rich"}
    heavy |= {"starlette", "uvicorn", "watchfiles", "PIL", "playwright"}
    early = [
        f"{at(module, node.lineno)}: {name}"
        for module in MODULES
        for node in parsed(module).body
        for name in names_of(node)
        if name.split(".")[0] in heavy and not only_in_a_child(module)
    ]
    assert early == []


def test_the_children_that_run_typst_start_without_the_package() -> None:
    """Ensures that a page is set soon: what the package imports takes longer than a small book."""
    for child in ("typeset/child.py", "typeset/plates_child.py"):
        imported = {name for node in ast.walk(parsed(PACKAGE / child)) for name in names_of(node)}
        assert {name.partition(".")[0] for name in imported} - sys.stdlib_module_names == {"typst"}, child


def only_in_a_child(module: Path) -> bool:
    """The modules of render that run in its child alone may import Jinja at once."""
    return part(module) == "render" and "jinja2" in module.read_text(encoding="utf-8")


def names_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}
    assert [at(module, 1) for module in MODULES if module.stem in drawers] == []


def test_no_module_is_longer_than_two_ideas() -> None:
    long = {
        at(module, 1).split(":")[0]: lines
        for module in MODULES
        if module.name != "rules.py"  # a list with a line for each rule is one idea
        and (lines := len(module.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def test_every_module_says_what_it_is() -> None:
    silent = [at(module, 1) for module in MODULES if not ast.get_docstring(parsed(module))]
    assert silent == []


def text_of(name: str) -> str:
    path = REPOSITORY / name
    assert path.is_file(), f"there is no {name}"
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert re.search(rf"`(python build\.py |impressum )?{command}\b[^`]*`|build\.py {command}\b", text_of("README.md"))


def test_the_readme_names_no_command_that_is_not_there() -> None:
    """Ensures that what is only planned is not promised."""
    named = set(re.findall(r"(?:python3? build\.py|^impressum|`impressum) ([a-z][a-z-]*)", text_of("README.md"), re.M))
    assert named - COMMANDS.keys() == set()


def test_the_map_is_two_screens_long() -> None:
    assert len(text_of("ARCHITECTURE.md").splitlines()) <= LONGEST_MAP


def test_the_map_names_every_part_of_the_package() -> None:
    text = text_of("ARCHITECTURE.md")
    parts = {path.name for path in PACKAGE.iterdir() if path.suffix == ".py" and not path.name.startswith("__")}
    parts |= {f"{path.name}/" for path in PACKAGE.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}
    missing = {name for name in parts if not re.search(rf"(?<![\w.]){re.escape(name.rstrip('/'))}(?![\w-])", text)}
    assert missing == set()


def test_the_map_names_no_file_that_is_not_there() -> None:
    named = set(
        re.findall(r"(?<![\w/.-])((?:[\w-]+/)*[\w-]+\.(?:py|typ|md|yaml|yml|toml|txt))\b", text_of("ARCHITECTURE.md"))
    )
    # A publication's files are told by their patterns, which are no files of this repository.
    of_a_publication = re.compile(r"^(edition|layout|NN-[\w-]+|references)\.|^(chapters|figures|bib|templates|dist)/")
    files = {path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.rglob("*") if ".cache" not in path.parts}
    unknown = {
        name
        for name in named
        if not of_a_publication.match(name) and not any(file == name or file.endswith(f"/{name}") for file in files)
    }
    assert unknown == set()


def test_the_map_goes_through_the_stages_in_order() -> None:
    """Ensures that the seven words are headings or the first words of lines, in the order of the line."""
    found = re.findall(
        rf"^(?:#+\s*(?:\d[.)]?\s*)?|[-*|]\s*)[`*]*({'|'.join(STAGES)})\b", text_of("ARCHITECTURE.md"), re.M
    )
    assert list(dict.fromkeys(found)) == list(STAGES)
