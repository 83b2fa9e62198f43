"""The code is laid out as its map says: which module knows which, and that the map is true."""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from impressum.cli.commands import COMMANDS
from impressum.pipeline.run import STAGES

REPOSITORY = Path(__file__).parent.parent
PACKAGE = REPOSITORY / "impressum"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MAP, SCREEN_WIDTH = 110, 110
LONGEST_MODULE = 400

# From the outermost room to the innermost: a module imports from its own room and from those below it.
ROOMS = ("cli", "preview", "pipeline", "release", "translation", "checks", "stages", "system", "core")
DATA = {"templates"}
"""What a publication may override file by file: it holds no code."""
# What stands before the first command runs, with nothing but the standard library: it is no part of the line.
SETTING_UP = {"environment", "preparation", "venv"}
# What a command may ask a stage for besides the line itself: to tell of versions, to set what is no book.
COMMANDS_MAY_ASK = {
    "clean": {"publish"},
    "shared": {"publish"},
    "doctor": {"convert"},
    "proof": {"typeset"},
}
ALONE = {f"stages/render/{name}.py" for name in ("child", "environment", "explain", "filters")}
ALONE |= {"stages/typeset/child.py"}
"""Modules that run in children alone: they import Jinja, or Typst, at once."""


def room(module: Path) -> str:
    """The room that `module` belongs to."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def stage_of(module: Path) -> str:
    """The stage that `module` belongs to, or nothing."""
    parts = module.relative_to(PACKAGE).parts
    return parts[1].removesuffix(".py") if parts[0] == "stages" and len(parts) > 2 else ""


@cache
def parsed(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


@cache
def imports(module: Path) -> tuple[tuple[str, int], ...]:
    """Every module that `module` names in an import, wherever it stands, with its line."""
    return tuple(_imports(module))


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Every statement in `node`, wherever it stands: an import is one, and expressions are most of a tree."""
    for name in ("body", "orelse", "handlers", "finalbody", "cases"):
        for inner in getattr(node, name, ()):
            yield inner
            yield from statements(inner)


def _imports(module: Path) -> Iterator[tuple[str, int]]:
    for node in statements(parsed(module)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno} imports by dots"
            assert node.module is not None
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield (full if full in NAMES else node.module), node.lineno


def name_of(module: Path) -> str:
    return ".".join(module.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")


NAMES = {name_of(module): module for module in MODULES}


def imported(module: Path) -> Iterator[tuple[Path, int]]:
    """The modules of this package that `module` imports, with the line."""
    for name, line in imports(module):
        if name in NAMES and NAMES[name] != module:
            yield NAMES[name], line


def at(module: Path, line: int) -> str:
    return f"{module.relative_to(REPOSITORY).as_posix()}:{line}"


def test_the_package_has_nine_rooms() -> None:
    there = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert there == {*ROOMS, *DATA}
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}
    assert not [path for name in DATA for path in (PACKAGE / name).rglob("*.py")]


def test_the_stages_are_folders_of_their_room() -> None:
    there = {path.name for path in (PACKAGE / "stages").iterdir() if (path / "__init__.py").is_file()}
    assert there == set(STAGES)


def test_arrows_point_downwards() -> None:
    backwards = [
        f"{at(module, line)}: {room(module)} imports {name_of(other)}"
        for module in MODULES
        if room(module) in ROOMS
        for other, line in imported(module)
        if room(other) in ROOMS and ROOMS.index(room(other)) < ROOMS.index(room(module))
    ]
    assert backwards == []


def test_stages_never_import_each_other() -> None:
    crossed = [
        f"{at(module, line)}: {stage_of(module)} imports {stage_of(other)}"
        for module in MODULES
        for other, line in imported(module)
        if stage_of(module) and stage_of(other) and stage_of(module) != stage_of(other)
    ]
    assert crossed == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Ensures it for imports that run: one for types alone lets two modules name each other's values."""
    known = {
        module: {other for other, line in imported(module) if line not in lines_for_types(module)} for module in MODULES
    }
    ended: set[Path] = set()
    circles: list[list[str]] = []

    def walk(module: Path, above: tuple[Path, ...]) -> None:
        if module in above:
            circles.append([name_of(one) for one in (*above[above.index(module) :], module)])
        elif module not in ended:
            for other in known[module]:
                walk(other, (*above, module))
            ended.add(module)

    for module in MODULES:
        walk(module, ())
    assert circles == []


@cache
def lines_for_types(module: Path) -> frozenset[int]:
    """The lines below `if TYPE_CHECKING:`."""
    return frozenset(
        line
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for one in node.body
        for line in range(one.lineno, (one.end_lineno or one.lineno) + 1)
    )


def test_what_a_publication_is_made_with_knows_nothing_of_how_it_is_set_up() -> None:
    known = [
        f"{at(module, line)}: imports {name_of(other)}"
        for module in MODULES
        if module.stem not in SETTING_UP and module.parent.name != "starter"  # which packs both
        for other, line in imported(module)
        if other.stem in SETTING_UP and room(other) == "cli"
    ]
    assert known == []


def test_a_command_walks_the_line_and_asks_no_stage() -> None:
    asked = [
        f"{at(module, line)}: it asks {stage_of(other)}"
        for module in sorted((PACKAGE / "cli" / "commands").glob("*.py"))
        for other, line in imported(module)
        if stage_of(other) and stage_of(other) not in COMMANDS_MAY_ASK.get(module.stem, set())
    ]
    assert asked == []


def test_the_values_between_stages_depend_on_nothing_that_does_something() -> None:
    allowed = {"impressum.core.errors", "impressum.core.languages"}
    others = [
        f"{at(module, line)}: model imports {name_of(other)}"
        for module in sorted((PACKAGE / "core" / "model").rglob("*.py"))
        for other, line in imported(module)
        if name_of(other) not in allowed and "impressum.core.model" not in name_of(other)
    ]
    assert others == []


def test_there_is_one_door_to_other_processes() -> None:
    doors = {"subprocess", "multiprocessing", "pty", "asyncio.subprocess"}
    opened = {at(module, line).split(":")[0] for module in MODULES for name, line in imports(module) if name in doors}
    assert opened == {"impressum/system/process.py"}


def test_no_module_starts_a_process_behind_the_door() -> None:
    """Ensures it but for copies of this one, and what runs in processes that came through the door."""
    ways = re.compile(r"\bos\.(system|popen|exec[lv]\w*|spawn\w*|posix_spawn\w*|fork\w*)\(")
    found = {
        at(module, number).split(":")[0]
        for module in MODULES
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), 1)
        if ways.search(line)
    }
    inside = {f"impressum/system/{name}.py" for name in ("sandbox_launcher", "fork_server_child", "copies")}
    assert found == {"impressum/system/process.py", *inside}
    names = {"sandbox_launcher", "fork_server_child"}
    importing = {at(module, line) for module in MODULES for other, line in imported(module) if other.stem in names}
    children = {"impressum/stages/draw/child.py", "impressum/stages/render/child.py"}
    assert {one.split(":")[0] for one in importing} == {"impressum/system/fork_server_child.py", *children}


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    """Ensures that a build which changes nothing pays for none of them."""
    heavy = {"matplotlib", "pypdf", "pypdfium2", "pikepdf", "typst", "jinja2", "numpy", "babel", "pypandoc", "rich"}
    heavy |= {"starlette", "uvicorn", "watchfiles", "PIL", "playwright"}
    early = [
        f"{at(module, node.lineno)}: {name}"
        for module in MODULES
        for node in parsed(module).body
        for name in names_of(node)
        if name.split(".")[0] in heavy and module.relative_to(PACKAGE).as_posix() not in ALONE
    ]
    assert early == []
    network = "impressum.checks.links"
    others = [module for module in MODULES if module.parent.name != "links"]
    early = [
        at(module, 1) for module in others for node in parsed(module).body for name in names_of(node) if network in name
    ]
    assert early == []


def test_the_child_that_runs_typst_starts_without_most_of_the_package() -> None:
    """Ensures that a page is set soon: what the package imports takes longer than a small book."""
    to_read, foreign = ["impressum.stages.typeset.child"], set()
    for module in to_read:
        found = PACKAGE.parent / f"{module.replace('.', '/')}.py"
        imported = {name for node in ast.walk(parsed(found)) for name in names_of(node)}
        foreign |= {name for name in imported if name.partition(".")[0] not in {*sys.stdlib_module_names, "impressum"}}
        to_read += [name for name in imported if name.startswith("impressum.") and name not in to_read]
    assert foreign == {"typst"}
    assert set(to_read[1:]) == {"impressum.system.expansion", "impressum.system.pdf_objects"}


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
    lines = text_of("ARCHITECTURE.md").splitlines()
    assert sum(len(textwrap.wrap(line, SCREEN_WIDTH)) or 1 for line in lines) <= LONGEST_MAP


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
