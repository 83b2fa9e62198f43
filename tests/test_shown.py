"""What is printed of very many faults; reports for programs hold them all."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from building import impressum
from load_sources import write

from impressum.cli.output import from_here, shown
from impressum.core.errors import Fault, Place


def fault(number: int, rule: str, severity: str = "warning") -> Fault:
    return Fault(Place("a.md", number), "what", rule, severity="error" if severity == "error" else "warning")


def test_five_warnings_of_a_rule_and_a_hundred_errors_are_shown_whole() -> None:
    faults = [fault(number, "one") for number in range(1, 6)] + [fault(9, "one", "error")]
    faults += [fault(number, "two", "error") for number in range(10, 110)]
    assert list(shown(faults)) == [str(one) for one in faults]


def test_from_the_sixth_on_the_warnings_of_a_rule_are_one_line() -> None:
    faults = [fault(number, "one") for number in range(1, 1501)]
    faults += [fault(number, "two", "error") for number in range(1501, 1626)]
    first, *errors, last, counted = shown(faults)
    assert first == "a.md:1: warning: what; 1,499 more of this rule, at a.md:2, a.md:3, … [one]"
    assert errors == [str(one) for one in faults[1500:1599]]
    assert last == "a.md:1600: error: what; 25 more of this rule, at a.md:1601, a.md:1602, … [two]"
    assert counted == "125 errors, 1,500 warnings (1,500 of text); `--json` reports each"


def test_warnings_at_one_place_are_counted_without_others() -> None:
    faults = [Fault(Place("a.md", 1), f"what {number}", "one", "do it", "warning") for number in range(6)]
    assert list(shown(faults)) == [
        "a.md:1: warning: what 0; 5 more of this rule [one]\n  hint: do it",
        "0 errors, 6 warnings (6 of text); `--json` reports each",
    ]


def test_a_name_that_has_no_effect_is_shown_once() -> None:
    faults = [Fault(Place("a.md", at), f"the class `{'xyx'[at]}`", "class-unknown", "", "warning") for at in range(3)]
    assert list(shown(faults)) == [
        "a.md: warning: the class `x`; 1 more like it, at a.md:2 [class-unknown]",
        "a.md:1: warning: the class `y` [class-unknown]",
        "0 errors, 3 warnings (3 of text); `--json` reports each",
    ]


def test_warnings_of_the_layout_come_last_and_are_shown_whole_where_they_are_requested() -> None:
    layout = [fault(number, "page-widow") for number in range(1, 8)]
    text = [fault(number, "one") for number in range(8, 10)]
    assert list(shown([*layout, *text])) == [
        *map(str, text),
        "a.md:1: warning: what; 6 more of this rule, at a.md:2, a.md:3, … [page-widow]",
        "0 errors, 9 warnings (7 of layout, 2 of text); `--json` reports each, `--layout` shows those of layout",
    ]
    assert list(shown([*layout, *text], layout=True)) == [str(one) for one in (*layout, *text)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_terminal_gets_paths_from_the_current_folder_and_a_pipe_from_the_root(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch()
    leader, follower = os.openpty()
    with os.fdopen(leader, "rb"), os.fdopen(follower, "w") as terminal, (tmp_path / "pipe").open("w") as pipe:
        assert from_here("a.md", tmp_path, pipe) == "a.md"
        assert from_here("a.md", tmp_path, terminal) == os.path.relpath(tmp_path / "a.md") != "a.md"
        assert from_here("none.md", tmp_path, terminal) == "none.md"


def test_a_report_for_programs_holds_them_all(tmp_path: Path) -> None:
    text = "# Start\n\n" + "".join(f"See @sec-no{number}.\n\n" for number in range(300))
    root = write(tmp_path, {"chapters/en/01-start.md": text}).root
    ran = impressum(root, "check")
    assert ran.faults.count("[reference-unknown]\n") == 100
    assert "; 200 more of this rule, at chapters/en/01-start.md:203:5, chapters/en/01-start.md:205:5, … [" in ran.faults
    assert ran.faults.endswith("\n300 errors, 0 warnings; `--json` reports each")
    for report, count in (("json", "faults"), ("sarif", "runs")):
        told = json.loads(impressum(root, "check", "--report", report).stdout)
        assert len(told[count] if report == "json" else told[count][0]["results"]) == 300
