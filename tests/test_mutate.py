"""What changes the code to try the tests: each mutant is another program, and a test that sees it kills it."""

from __future__ import annotations

import ast
from pathlib import Path

from bench.mutate import REPOSITORY, ROOMS, Mutant, Trial, mutants

MODULE = "impressum/checks/links/doors.py"


def test_each_statement_of_a_function_becomes_another_one() -> None:
    text = ast.unparse(ast.parse((REPOSITORY / MODULE).read_text(encoding="utf-8")))
    made = list(mutants(MODULE, 0))
    assert [mutant.said for mutant in made] == [mutant.said for mutant in mutants(MODULE, 0)]
    assert [mutant.said for mutant in made] != [mutant.said for mutant in mutants(MODULE, 1)]
    assert len({mutant.line for mutant in made}) > 25
    for mutant in made:
        source = mutant.make()
        compile(source, mutant.path, "exec")
        changed = set(source.splitlines()) ^ set(text.splitlines())
        assert source != text
        assert len(changed) <= 3, mutant.said


def test_the_modules_and_tests_of_each_room_are_there() -> None:
    for modules, tests in ROOMS.values():
        assert [name for name in modules.split() if not (REPOSITORY / "impressum" / name).exists()] == []
        assert [name for name in tests.split() if not list((REPOSITORY / "tests").glob(f"{name}.py"))] == []


def test_a_mutant_is_killed_by_a_test_that_sees_it_and_survives_one_that_does_not(tmp_path: Path) -> None:
    (tmp_path / "sums.py").write_text("def doubled(x):\n    return x + x\n")
    (tmp_path / "test_sums.py").write_text(
        "from sums import doubled\ndef test_two(): assert doubled(2) == 4\ndef test_no(): doubled(3)\n"
    )

    def fate(*tests: str) -> str:
        covered = {f"test_sums.py::{test}": (0.1, {"sums.py": [2]}) for test in tests}
        mutant = Mutant("sums.py", 2, frozenset({2}), "", lambda: "def doubled(x):\n    return x - x\n")
        return Trial([tmp_path], covered).fate(mutant)

    assert fate("test_no", "test_two") == "killed"
    assert fate("test_no") == "survived"
    assert fate() == "uncovered"
    assert "x + x" in (tmp_path / "sums.py").read_text()
