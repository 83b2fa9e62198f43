"""What verify says of boxes: words that are lost from them, pull quotes that are not printed, summaries that go on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from verifying import Set, made

from impressum.core.errors import Faults, Place
from impressum.stages.load.theme import read_theme
from impressum.system.workspace import Workspace

RIVERS, CHAPTER = "title: Rivers\nlanguage: en\ndate: 2025-01-31\n", "chapters/en/01-start.md"
TEXT = """\
# One

The towns lived by the water, and knew it well. They built quays before they built walls.

::: pull-quote
The towns lived by the water … before they built walls.
:::

::: {.note title="Masonry"}
A quay of stone lasts longer.

> Wood is for the hasty.
>
> -- Ana Anić
:::

The end.
"""
HINT = "\n  hint: look whether a template of this publication leaves it out; if not, this is a fault of Impressum"
LOST = "\n  hint: look whether something covers it or cuts it off; if not, this is a fault of Impressum"


@cache
def whole() -> Set:
    return made({"publication.yaml": RIVERS, CHAPTER: TEXT})


def spoilt(template: str, old: str, new: str) -> str:
    """What verify says of `TEXT` where a template of the book has `new` for `old`."""

    def change(source: str) -> str:
        assert source.count(old) == 1
        return source.replace(old, new)

    return whole().report(whole().again({template: change}))[1]


def test_a_pull_quote_that_is_not_printed_is_named_part_by_part() -> None:
    assert spoilt("boxes.typ", "set-in(pulled, content,", "set-in(pulled, [],") == "\n".join(
        f"chapters/en/01-start.md:6:1: error: the pull quote `{part}` is not printed beside the text that it "
        f"repeats [text-lost]{HINT}"
        for part in ("The towns lived by the water", "before they built walls.")
    )


def test_the_title_of_a_box_that_is_not_printed_is_named() -> None:
    said = spoilt("boxes.typ", "    titled(title, lead: lead)\n    set-box({", "    set-box({")
    assert said == (
        "chapters/en/01-start.md:9:19: error: the text `Masonry` is not printed on page 4 or after it "
        f"[text-lost]{LOST}"
    )


def test_the_source_of_a_quotation_that_is_not_printed_is_named() -> None:
    said = spoilt("blocks.typ", "    if source != none { source-below(source) }\n", "")
    assert said == (
        f"chapters/en/01-start.md:14:6: error: the text `Ana Anić` is not printed on page 4 or after it "
        f"[text-lost]{LOST}"
    )


def test_a_summary_that_passes_its_page_is_named() -> None:
    words = "The river carried timber, grain and salt to the towns on its lower course. "
    name, rule = CHAPTER, "[summary-long]"
    sources = {"publication.yaml": RIVERS}
    text = f"# Executive summary {{.unnumbered .summary}}\n\n{words * 15}\n\n## Rivers {{.summary}}\n\n{words}\n"
    assert rule not in made({**sources, name: text}).faults()
    text += f"\n{words * 40}\n\n{words * 20}\n\n## Towns\n\n{words}\n"
    said = [line for line in made({**sources, name: text}).faults().splitlines() if rule in line]
    assert said == [
        f"{name}:1:3: warning: the summary `Executive summary` begins on page 4 and ends on page 6 {rule}",
        f"{name}:5:4: warning: the summary `Rivers` begins on page 4 and ends on page 5 {rule}",
    ]


@pytest.mark.parametrize("name", ["report", "book"])
def test_words_on_a_tint_and_words_of_code_can_be_read(tmp_path: Path, name: str) -> None:
    colours = read_theme(Workspace(tmp_path), name, Place(""), Faults()).tokens["colour"]
    assert isinstance(colours, dict)

    def light(role: str) -> float:
        parts = [int(str(colours[role])[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for role in ("ink", "quiet", "accent", "link", "code-keyword", "code-string", "code-name"):
        assert (light("tint") + 0.05) / (light(role) + 0.05) >= 4.5, role
