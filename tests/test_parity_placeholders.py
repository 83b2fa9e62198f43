"""A value that the source takes from the data is one in the translation, too, however it is formatted."""

from __future__ import annotations

import pytest

from impressum.checks.parity import compare_placeholders
from impressum.core.errors import Faults
from impressum.core.model.publication import Difference, FrontMatter
from impressum.core.model.sources import ChapterSource, SourceText

EN = "chapters/en/01-rivers.md"
SR = "chapters/sr-Latn/01-rivers.md"
SOURCE = """# Rivers

## Trade

It was {{ data.trade["2012"].total | number }} in 2012.

## Debt

It was {{ data.debt["2025-01"].total | number }}, or {{ data.debt["2025-01"].ratio }} percent.
"""


def told(text: str, source: str = SOURCE, declared: tuple[Difference, ...] = ()) -> list[str]:
    """What is said of the values in `text`, whose file has three lines of front matter."""
    faults = Faults()
    compare_placeholders(
        ChapterSource("01-rivers", FrontMatter(), SourceText(SR, text, 3)),
        ChapterSource("01-rivers", FrontMatter(), SourceText(EN, source, 3)),
        declared=declared,
        faults=faults,
    )
    return [f"{fault.place}: {fault.message}" for fault in faults.all()]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| number", "| number(1)"),
        ('"2012"', "'2012'"),
        ('{{ data.debt["2025-01"].ratio }}', '{{data.debt["2025-01"].ratio|percent}}'),
        ("# Rivers", "# Reke\n\n- so\n\n  ~~~ {.j a='`'}\n  ```\n  {{ data.code }}\n  ~~~~\n\n      {{ data.more }}"),
        ("# Rivers", "# Reke\n\n<!-- {{ data.old }} -->\n\n{## {{ data.older }} ##}\n\n```\n{{ data.code }}\n```"),
    ],
)
def test_how_a_value_is_written_and_what_stands_in_comments_and_code_makes_no_difference(old: str, new: str) -> None:
    assert told(SOURCE.replace(old, new)) == []


def test_values_may_come_in_another_order() -> None:
    text = (
        "# Reke\n\n{{ data.debt['2025-01'].ratio }}, {{ data.trade['2012'].total }}, {{ data.debt['2025-01'].total }}\n"
    )
    assert told(text) == []


def test_one_that_is_written_out_is_named_below_its_heading() -> None:
    text = SOURCE.replace('{{ data.debt["2025-01"].total | number }}', "40,5")
    assert told(text) == [
        f'{SR}:10:1: `{{{{ data.debt["2025-01"].total | number }}}}` of the source ({EN}:12:8) is missing'
    ]


def test_one_that_is_another_is_named_with_that_of_the_source() -> None:
    assert told(SOURCE.replace("debt[", "dept[", 1)) == [
        (
            f'{SR}:12:8: `{{{{ data.dept["2025-01"].total | number }}}}` stands where the source ({EN}:12:8) has '
            '`{{ data.debt["2025-01"].total | number }}`'
        )
    ]


def test_one_that_only_the_translation_has_is_named() -> None:
    assert told(SOURCE + "\nAnd {{ data.trade['2013'].total }}.\n") == [
        f"{SR}:14:5: `{{{{ data.trade['2013'].total }}}}` is not in the source"
    ]


def test_one_behind_what_only_looks_like_a_fence_is_compared() -> None:
    text = SOURCE.replace("# Rivers", "# Reke\n\n```x``` a\n").replace("## Debt", "```y``` b\n\n## Debt")
    assert told(text) == []
    assert told(text.replace('data.trade["2012"]', 'data.trade["2011"]')) == [
        (
            f'{SR}:11:8: `{{{{ data.trade["2011"].total | number }}}}` stands where the source ({EN}:8:8) has '
            '`{{ data.trade["2012"].total | number }}`'
        )
    ]


def test_one_may_be_meant_to_be_missing() -> None:
    declared = Difference.model_validate(
        {
            "chapter": "01-rivers",
            "rule": "parity-placeholders",
            "where": 'data.debt["2025-01"].ratio',
            "reason": "The ratio is left out.",
        }
    )
    text = SOURCE.replace(', or {{ data.debt["2025-01"].ratio }} percent', "")
    assert told(text, declared=(declared,)) == []
    assert told(SOURCE, declared=(declared,)) == [
        (
            'chapters/sr-Latn/edition.yaml: the difference of `01-rivers` at `data.debt["2025-01"].ratio` '
            "(`parity-placeholders`) is not there any more"
        )
    ]
