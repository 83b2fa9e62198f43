"""A translation is held to its source: what is lost, or is not the same, is named at its line, and nothing else.

The exact words are in `tests/publications/broken-parity`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from building import copy, impressum
from parity_chapters import parity

FILES = {
    "publication.yaml": "title: Rivers\nlanguage: en\ndate: 2025-01-31\n",
    "bib/references.bib": "@book{doe2020, author = {Doe, J.}, title = {Rivers}, publisher = {House}, year = {2020}}\n",
    "chapters/sr-Cyrl/edition.yaml": "title: Реке\n",
}
SOURCE = """# Rivers of the country

The first paragraph counts 1,234.5 boats on 12 June 2024.[^boats]

## Banks

Stone banks were paved for the first time in 1853 [@doe2020, p. 5].

- a quay of stone
- a bridge of wood

A paragraph that nobody should leave in the language of the source text.

## Trade

Trade has a [page of its own](https://example.org/trade) beside @tbl-boats.

| Year | Boats |
|------|------:|
| 2012 | 5 |
| 2023 | 7 |

: Boats {#tbl-boats}

The last word is said of {{ publication.title }}.[^last]

[^boats]: They were counted by hand.

[^last]: It is no long word.
"""
TRANSLATION = """# Реке земље

Први пасус броји 1.234,5 бродова 12. јуна 2024.[^boats]

## Обале

Камене обале поплочане су први пут 1853. године [@doe2020, стр. 5].

- камени кеј
- дрвени мост

Пасус који нико не треба да остави на језику извора.

## Трговина

Трговина има [своју страницу](https://example.org/trade) поред @tbl-boats.

| Година | Бродови |
|------|------:|
| 2012. | 5 |
| 2023. | 7 |

: Бродови {#tbl-boats}

Последња реч је о {{ publication.title }}.[^last]

[^boats]: Бројани су ручно.

[^last]: Није дуга.
"""


def told(root: Path, translation: str, edition: str = "", source: str = SOURCE) -> str:
    """What is found in `translation`."""
    files = {**FILES, "chapters/en/01-rivers.md": source, "chapters/sr-Cyrl/01-rivers.md": translation}
    files["chapters/sr-Cyrl/edition.yaml"] += edition
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return parity(root, "sr-Cyrl")


def test_a_whole_translation_has_nothing_to_tell(tmp_path: Path) -> None:
    assert told(tmp_path, TRANSLATION) == ""


# What is taken out or changed in the translation; the rule under which it is found, and the line.
SPOILED = {
    "a heading": ("## Трговина\n\n", "", "parity-headings", 15),
    "an id": (" {#tbl-boats}", "", "parity-ids", 23),
    "a value": (" {{ publication.title }}", "", "parity-placeholders", 16),
    "a number": ("1.234,5", "1.243,5", "parity-numbers", 3),
    "a letter": ("Камене", "Кaмене", "letters-mixed", 7),
    "a text left as it was": (
        "Пасус који нико не треба да остави на језику извора.",
        "A paragraph that nobody should leave in the language of the source text.",
        "parity-untranslated",
        12,
    ),
}


@pytest.mark.parametrize("case", SPOILED)
def test_each_slip_is_found_at_its_line_and_nothing_else(case: str, tmp_path: Path) -> None:
    old, new, rule, line = SPOILED[case]
    assert TRANSLATION.count(old) == 1
    found = told(tmp_path, TRANSLATION.replace(old, new))
    rules = re.findall(r"\[([a-z-]+)\]$", found, re.MULTILINE)
    places = [int(number) for number in re.findall(r"^chapters/sr-Cyrl/01-rivers\.md:(\d+)", found, re.MULTILINE)]
    assert set(rules) == {rule}, found
    assert min(abs(place - line) for place in places) <= 3, found


def test_a_difference_that_is_meant_is_not_told_and_one_that_is_gone_is(tmp_path: Path) -> None:
    meant = "differences:\n  - {chapter: 01-rivers, rule: parity-citations, reason: The work is named in the text.}\n"
    without = TRANSLATION.replace(" [@doe2020, стр. 5]", "")
    assert told(tmp_path / "a", without, meant) == ""
    assert "[difference-unused]" in told(tmp_path / "b", TRANSLATION, meant)


def test_a_heading_takes_the_id_of_its_source_so_that_links_hold(tmp_path: Path) -> None:
    source = SOURCE.replace(
        "The last word", "See [the banks](#banks) and [the top](#rivers-of-the-country). The last word"
    )
    translation = TRANSLATION.replace(
        "Последња реч", "Види [обале](#banks) и [почетак](#rivers-of-the-country). Последња реч"
    )
    assert told(tmp_path, translation, source=source) == ""


def test_a_source_that_has_changed_since_is_what_status_tells_and_parity_does_not(tmp_path: Path) -> None:
    root = copy("broken-parity", tmp_path / "rivers")
    source = (root / "chapters/en/01-rivers.md").read_text(encoding="utf-8")
    before = source.replace("Stone banks were paved", "Banks of stone were paved")
    assert before != source
    (root / "chapters/sr-Cyrl/.base").mkdir()
    (root / "chapters/sr-Cyrl/.base/01-rivers.md").write_text(before, encoding="utf-8")
    ran = impressum(root, "status", "--edition", "sr-Cyrl")
    changed = [line for line in ran.stdout.splitlines() if ": changed" in line]
    assert changed == ["chapters/en/01-rivers.md:7: changed; look at chapters/sr-Cyrl/01-rivers.md:7"]
    assert impressum(root, "check").faults == (root / "expected").read_text(encoding="utf-8").rstrip("\n")
