"""What is longer than any publication has it is told at its line at once, before Typst works on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import impressum
from load_sources import PUBLICATION, write

CHAPTER, DATA = "chapters/en/01-start.md", "figures/data/rows.csv"
NOTES = "".join(f"A word.[^{number}]\n\n" for number in range(1501)) + "".join(
    f"[^{number}]: The note {number}.\n\n" for number in range(1501)
)
GROWING = r"\newcommand{\a}{xxxxxxxxxx}" + r"\newcommand{\b}{\a\a\a\a\a\a\a\a\a\a}" + r"\b\b\b" * 100
"""A formula that is written out to 30,000 letters."""
LONG = {
    "word-too-long": ({CHAPTER: f"# Start\n\nA {'a' * 10_001} word.\n"}, f"{CHAPTER}:3:3: error: a word has 10,001 "),
    "title-too-long": ({CHAPTER: f"# {'a words ' * 126}\n\nText.\n"}, f"{CHAPTER}:1:3: error: the title has 1,007 "),
    "title-too-long ": (
        {"publication.yaml": PUBLICATION.replace("Rivers", "A" * 1001)},
        "publication.yaml:1:8: error: `title` is longer than any title or name: it has 1,001",
    ),
    "table-too-long": (
        {CHAPTER: "# Start\n\n| a | b |\n|---|---|\n" + "| c | d |\n" * 2001},
        f"{CHAPTER}:3:3: error: the table has 2,001 rows",
    ),
    "text-too-long": (
        {CHAPTER: f"# Start\n\n| a | b |\n|---|---|\n| c | {'word ' * 4001}|\n"},
        f"{CHAPTER}:5:7: error: a cell of the table has 20,004 letters",
    ),
    "text-too-long ": (
        {CHAPTER: f"# Start\n\n```\nshort\n{'a' * 10_001}\n```\n\nOr `{'b' * 10_001}`.\n"},
        f"{CHAPTER}:5:1: error: a line of code has 10,001 letters",
    ),
    "text-too-long  ": (
        {CHAPTER: f'# Start\n\n$$x$$ {{#eq-a alt="{"as said " * 2001}"}}\n'},
        f"{CHAPTER}:3:3: error: the alternative text has 16,007 letters",
    ),
    "text-too-long   ": (
        {"publication.yaml": f"{PUBLICATION}abstract: {'река ' * 3500}\n"},
        "publication.yaml:4:11: error: `abstract` has 17,499 letters",
    ),
    "text-too-long    ": (
        {CHAPTER: f"# Start\n\nWords.\n\nSo ${GROWING}$ it is.\n"},
        f"{CHAPTER}:5:6: error: the formula ",
    ),
    "notes-too-many": ({CHAPTER: f"# Start\n\n{NOTES}"}, f"{CHAPTER}:3003:8: error: this is note 1,501 of the"),
}


@pytest.mark.parametrize("rule", LONG)
def test_what_could_not_be_set_is_told_at_its_line(tmp_path: Path, rule: str) -> None:
    files, message = LONG[rule]
    ran = impressum(write(tmp_path, files).root, "check")
    assert ran.code == 1
    assert message in ran.faults
    assert f"[{rule.strip()}]" in ran.faults


def test_what_books_have_is_not_told(tmp_path: Path) -> None:
    text = f"# {'word ' * 60}\n\nhttps://example.org/{'a' * 2000} and more.[^1]\n\n[^1]: A note.\n"
    ran = impressum(write(tmp_path, {CHAPTER: text}).root, "check")
    assert "too-long" not in ran.faults
