"""A difference that is meant, and says why, is not told; one that is gone, or that names what is not there, is."""

from __future__ import annotations

from pathlib import Path

import pytest
from load_sources import sources
from parity_chapters import found, parity

from impressum.core.errors import Place
from impressum.core.model.publication import Difference

SOURCE = (
    "# Rivers\n\nIn 2012 it rose [@doe, p. 5].[^boats] In 2013 it fell, see [here](https://example.org/en).\n\n"
    "A bridge of stone was built.\n\n[^boats]: They were counted by hand.\n"
)
TEXT = "# Reke\n\nPoraslo je 2014. godine [@doe, str. 6]. Palo je 2013, videti [ovde](https://example.org/sr).\n"
ALL = [
    "parity-blocks",
    "parity-citations",
    "parity-links",
    "parity-notes",
    "parity-numbers",
]


def meant(rule: str, where: str | None = None, chapter: str = "01-rivers") -> Difference:
    given = {"chapter": chapter, "rule": rule, "reason": "So it is.", **({"where": where} if where else {})}
    return Difference.model_validate(given)


def rules(*differences: Difference) -> list[str]:
    """The rules under which something is told, where these differences are meant."""
    told = found(SOURCE, TEXT, declared=differences)
    return sorted(line.rpartition("[")[2].rstrip("]") for line in told.splitlines())


def test_all_is_told_where_nothing_is_meant() -> None:
    assert rules() == ALL


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ("parity-links", "https://example.org/sr"),
        ("parity-links", "https://example.org/en"),
        ("parity-blocks", "a bridge of stone"),
        ("parity-notes", None),
    ],
)
def test_what_is_meant_is_named_by_an_id_a_number_a_key_or_first_words(rule: str, where: str | None) -> None:
    assert rules(meant(rule, where)) == [one for one in ALL if one != rule]


def test_a_difference_holds_for_its_chapter_and_its_rule_only() -> None:
    assert rules(meant("parity-notes", chapter="02-roads")) == ALL
    assert rules(meant("parity-notes", chapter="01-rivers.md")) == [one for one in ALL if one != "parity-notes"]
    assert rules(meant("parity-notes", "doe")) == sorted([*ALL, "difference-unused"])


def test_a_note_in_a_paragraph_that_is_meant_to_be_missing_is_told_for_itself() -> None:
    source = "# Rivers\n\nOne.\n\nTwo [@doe].[^n]\n\n[^n]: So.\n"
    gone = meant("parity-blocks", "Two")
    assert found(source, "# Reke\n\nJedan.\n", declared=(gone,)).splitlines() == [
        (
            "chapters/sr-Latn/…:3:1: error: the note `[^n]` (`So.`) of the source (chapters/en/…:5:12) is missing "
            "[parity-notes]"
        ),
        (
            "chapters/sr-Latn/…:3:1: error: the source (chapters/en/…:5:6) cites `doe`, and this does not "
            "[parity-citations]"
        ),
    ]
    joined = meant("parity-blocks", "One")
    assert found(source, "# Reke\n\nJedan. Dva [@doe].[^n]\n\n[^n]: Tako.\n", declared=(joined,)) == ""


def test_one_that_is_gone_is_told_at_its_place() -> None:
    gone = meant("parity-notes", "boats").at(Place("chapters/sr-Latn/edition.yaml", 7, 5))
    assert found("# A\n", "# A\n", declared=(gone,)) == (
        "chapters/sr-Latn/edition.yaml:7:5: warning: the difference of `01-rivers` at `boats` (`parity-notes`) is not "
        "there any more [difference-unused]"
    )


def test_a_difference_is_read_from_edition_yaml_and_needs_a_reason(tmp_path: Path) -> None:
    text = "differences:\n  - {chapter: 01-start, rule: parity-notes, where: n, reason: It explains a word.}\n"
    loaded = sources(tmp_path, {"chapters/de/01-start.md": "# Anfang\n\nText.\n", "chapters/de/edition.yaml": text})
    german = next(edition for edition in loaded.editions if edition.tag == "de")
    assert german.texts.differences == (
        Difference.model_validate(
            {"chapter": "01-start", "rule": "parity-notes", "where": "n", "reason": "It explains a word."}
        ).at(Place("chapters/de/edition.yaml", 2, 5)),
    )
    assert "[difference-unused]" in parity(tmp_path, "de")
