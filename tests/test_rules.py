"""Every rule that a fault can name is on the page of rules, and nothing else is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from impressum.errors import Faults, Place
from impressum.rules import RULES, check_names, page

ROOT = Path(__file__).resolve().parent.parent
EXPECTED = ROOT / "tests" / "publications"


def sources() -> str:
    """All that the code says, but for the list of the rules itself."""
    files = [path for path in (ROOT / "impressum").rglob("*.py") if path.name != "rules.py"]
    listed = (ROOT / "impressum" / "rules.py").read_text(encoding="utf-8").partition("def check_names")[2]
    return "\n".join([listed, *(path.read_text(encoding="utf-8") for path in [*files, ROOT / "build.py"])])


def test_the_page_of_rules_is_made_from_the_rules() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == page()
    done = subprocess.run([sys.executable, "-m", "impressum.rules"], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == page()


def test_each_rule_is_named_where_it_is_found() -> None:
    code = sources()
    assert [rule for rule in RULES if f'"{rule}"' not in code and f"[{rule}]" not in code] == []


def test_each_fault_that_the_tests_expect_has_a_rule_that_exists() -> None:
    named = {
        rule
        for path in [*EXPECTED.rglob("expected"), *(ROOT / "tests").glob("test_*.py")]
        for rule in re.findall(r"(?:error|warning): .+ \[([a-z]+(?:-[a-z]+)+)\]", path.read_text(encoding="utf-8"))
    }
    assert named
    assert sorted(named - set(RULES)) == []


def test_a_rule_that_does_not_exist_is_named_with_the_nearest() -> None:
    faults = Faults()
    check_names({"note-lots": Place("publication.yaml", 7, 3)}, faults)
    assert [str(fault) for fault in faults.all()] == [
        (
            "publication.yaml:7:3: error: there is no rule `note-lots`; did you mean `note-lost`? [rule-unknown]\n"
            "  hint: the id of a rule stands in square brackets behind its message"
        )
    ]
