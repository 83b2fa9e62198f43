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

HINTS = {
    "write it as the source does: what is typed by hand does not follow the data",
    "take it out, or write it in the source, too",
    "take it out, or correct `where`: an id, a number, a key, or first words",
}


def told(text: str, source: str = SOURCE, declared: tuple[Difference, ...] = ()) -> list[str]:
    """What is said of the values in `text`, whose file has three lines of front matter."""
    faults = Faults()
    compare_placeholders(
        ChapterSource("01-rivers", FrontMatter(), SourceText(SR, text, 3)),
        ChapterSource("01-rivers", FrontMatter(), SourceText(EN, source, 3)),
        declared=declared,
        faults=faults,
    )
    for fault in faults.all():
        assert fault.hint in HINTS, fault
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


@pytest.mark.parametrize(
    ("source", "text", "place"),
    [
        ("{{ a }}\n", "# Reke\n\nTekst.\n", "4:1"),
        ("# A\n\n{{ a }}\n", "# Reke\n\nTekst.\n", "4:1"),
        ("# A\n\n## B\n\n{{ a }}\n", "# Reke\n\n## Dva\n\nTekst.\n", "6:1"),
        ("# A\n\n## B\n\n{{ a }}\n", "# Reke\n\nTekst.\n", "4:1"),
        ("# A\n\n## B\n\n{{ a }}\n", "Tekst.\n", "4:1"),
        ("# A\n\n{{ b }} and {{ a }}\n", "# Reke\n\nTo {{ b }} i.\n", "6:4"),
        ("# A\n\n{{ b }}\n\n## B\n\n{{ a }}\n", "# Reke\n\nTo {{ b }}.\n\n## Dva\n", "8:1"),
    ],
)
def test_one_that_is_missing_is_told_below_its_heading_or_behind_the_one_before_it(
    source: str, text: str, place: str
) -> None:
    (said,) = told(text, source)
    assert said.startswith(f"{SR}:{place}: `{{{{ a }}}}` of the source ({EN}:")


def test_values_of_two_sections_are_not_taken_for_each_other() -> None:
    source, text = "# A\n\n{{ a }}\n\n## B\n\nSo.\n", "# Reke\n\nTako.\n\n## Dva\n\n{{ b }}\n"
    assert told(text, source) == [
        f"{SR}:4:1: `{{{{ a }}}}` of the source ({EN}:6:1) is missing",
        f"{SR}:10:1: `{{{{ b }}}}` is not in the source",
    ]
    assert told(text.replace("Tako.", "{{ b }} {{ c }}").replace("\n\n{{ b }}\n", ""), source) == [
        f"{SR}:6:1: `{{{{ b }}}}` stands where the source ({EN}:6:1) has `{{{{ a }}}}`",
        f"{SR}:6:9: `{{{{ c }}}}` is not in the source",
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
