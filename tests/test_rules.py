"""Every rule that a fault can name is on the page of rules, and nothing else is."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.rule_page import examples, page
from impressum.core.errors import Faults, Place
from impressum.core.rules import GROUPS, RULES, check_names

ROOT = Path(__file__).resolve().parent.parent
EXPECTED = ROOT / "tests" / "publications"
STARTS = (ROOT / "build.py", ROOT / "impressum/templates/new/all/build.py.txt")
"""The program of this repository, and that of a new publication."""


def sources() -> str:
    """All that the code says, but for the list of the rules itself."""
    files = [path for path in (ROOT / "impressum").rglob("*.py") if path.name != "rules.py"]
    listed = (ROOT / "impressum/core/rules.py").read_text(encoding="utf-8").partition("def of_allowances")[2]
    return "\n".join([listed, *(path.read_text(encoding="utf-8") for path in [*files, *STARTS])])


def test_the_page_of_rules_is_made_from_the_rules() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == page(EXPECTED)
    done = subprocess.run([sys.executable, "-m", "bench.rule_page"], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == page(EXPECTED)


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


def test_each_rule_has_an_example() -> None:
    known = examples(EXPECTED)
    assert [rule for rule in RULES if rule not in known] == []
    assert [rule for rule in known if rule not in RULES] == []


def test_each_example_written_by_hand_is_said_in_the_words_of_the_code() -> None:
    """Ensures that an example is mended with its message: one of the pieces of which that is made stands in it."""
    files = [*STARTS, *(ROOT / "impressum").rglob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in files if path.name != "rules.py"]
    by_hand = [one for ones in examples(EXPECTED).values() for one in ones if one.by_hand]
    assert by_hand
    wrong = []
    for example in by_hand:
        message, _, hint = example.told.partition(f" [{example.rule}]")
        of_rule = [text for text in texts if f'"{example.rule}"' in text or f"[{example.rule}]" in text]
        pieces = [piece for text in of_rule for piece in pieces_of(text)]
        if not (any(piece in message for piece in pieces) and any(piece in hint for piece in pieces)):
            wrong.append(example.told)
    assert wrong == []


def pieces_of(code: str) -> Iterator[str]:
    """The longer texts that stand in `code`, those between the values of an f-string too."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (piece.strip() for piece in re.split(r"%[ds]|\n", node.value) if len(piece.strip()) >= 8)


def test_each_rule_has_a_heading_to_link_to() -> None:
    headings = re.findall(r"^### (.+)$", (ROOT / "docs" / "rules.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [rule for rules in GROUPS.values() for rule in rules]


def test_a_rule_that_does_not_exist_is_named_with_the_nearest() -> None:
    faults = Faults()
    check_names({"note-lots": Place("publication.yaml", 7, 3)}, faults)
    assert [str(fault) for fault in faults.all()] == [
        (
            "publication.yaml:7:3: error: there is no rule `note-lots`; did you mean `note-lost`? [rule-unknown]\n"
            "  hint: the id of a rule is in square brackets behind its message"
        )
    ]
