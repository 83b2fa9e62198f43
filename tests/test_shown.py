"""What is printed of very many faults; reports for programs hold them all."""

from __future__ import annotations

import json
from pathlib import Path

from building import impressum
from load_sources import write

from impressum.cli.output import shown
from impressum.core.errors import Fault, Place


def fault(number: int, rule: str, severity: str = "warning") -> Fault:
    return Fault(Place("a.md", number), "what", rule, severity="error" if severity == "error" else "warning")


def test_as_many_as_can_be_read_are_shown_whole() -> None:
    faults = [fault(number, "one") for number in range(1, 201)]
    assert list(shown(faults)) == [str(one) for one in faults]


def test_of_very_many_some_of_each_rule_are_shown_and_the_rest_is_counted() -> None:
    faults = [fault(number, "one") for number in range(1, 1501)]
    faults += [fault(number, "two", "error") for number in range(1501, 1526)]
    lines = list(shown(faults))
    assert lines[:40] == [str(one) for one in (*faults[:20], *faults[1500:1520])]
    assert lines[40:] == ["1,485 more are not shown: 1,480 [one], 5 [two]; `check --report json` tells all"]


def test_warnings_leave_room_for_errors() -> None:
    faults = [fault(number, f"rule-{number // 20}") for number in range(400)] + [fault(400, "worse", "error")]
    lines = list(shown(faults))
    assert lines[-2] == str(faults[-1])
    assert lines[-1].startswith("201 more are not shown: 20 [rule-10], ")
    assert lines[-1].endswith(", 5 more rules; `check --report json` tells all")
    assert len(lines) == 201


def test_a_report_for_programs_holds_them_all(tmp_path: Path) -> None:
    text = "# Start\n\n" + "".join(f"See @sec-no{number}.\n\n" for number in range(300))
    root = write(tmp_path, {"chapters/en/01-start.md": text}).root
    ran = impressum(root, "check")
    assert ran.faults.count("[reference-unknown]\n") == 20
    assert "\n280 more are not shown: 280 [reference-unknown]; `check --report json` tells all" in ran.faults
    for report, count in (("json", "faults"), ("sarif", "runs")):
        told = json.loads(impressum(root, "check", "--report", report).stdout)
        assert len(told[count] if report == "json" else told[count][0]["results"]) == 300
