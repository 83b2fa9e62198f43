"""The texts of an edition that stand in no chapter: handed off, and put into `edition.yaml` again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from building import copy
from handing import as_po, as_xliff, handed_in, handed_off, publication, refused, texts, units

from impressum.system.workspace import Workspace
from impressum.translation.differences import record
from impressum.translation.edition_file import put_texts
from impressum.translation.handoff.markup import Parts
from impressum.translation.handoff.unit import Unit
from impressum.translation.shelf import read_shelf

WHOLE = """\
title: On Rivers
subtitle: "A *short* history"
language: en
date: 2025-01-31
keywords: [rivers, roads]
authors:
  - name: The Impressum contributors
    orcid: 0000-0002-1825-0097
abstract: |
  A first paragraph.

  A second one.
"""
WORDS = {
    "On Rivers": "Über Flüsse",
    "rivers": "Flüsse",
    "roads": "Straßen: alte",
    "The Impressum contributors": "Die Mitwirkenden von Impressum",
    "A first paragraph.": "Ein erster Absatz.",
    "A second one.": "Ein zweiter.",
}


def german(unit: Unit) -> Parts:
    if unit.words == "A short history":
        opens, closes = (part for part in unit.parts if not isinstance(part, str))
        return ("Eine ", opens, "kurze", closes, " Geschichte")
    return (WORDS[unit.words],) if unit.words in WORDS else ()


def pub(root: Path, edition: str | None = None) -> Path:
    others = {} if edition is None else {"chapters/de/edition.yaml": edition}
    publication(root, "Words.\n", **{"publication.yaml": WHOLE, **others})
    if edition is None:
        (root / "chapters/de/edition.yaml").unlink()
    return root


def edition(root: Path) -> str:
    """The file without its comments and empty lines."""
    lines = (root / "chapters/de/edition.yaml").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.strip() and not line.strip().startswith("#"))


DONE = """\
title: Über Flüsse
subtitle: "Eine *kurze* Geschichte"
abstract: "Ein erster Absatz.\\n\\nEin zweiter."
keywords:
  - Flüsse
  - "Straßen: alte"
authors:
  - name: Die Mitwirkenden von Impressum
    orcid: 0000-0002-1825-0097"""


@pytest.mark.parametrize("fill", [as_po, as_xliff], ids=["po", "xliff"])
def test_texts_that_stand_in_no_chapter_are_handed_off_and_put_back(tmp_path: Path, fill: Callable[..., Path]) -> None:
    root = pub(tmp_path / "publication")
    every = texts(root)
    assert [unit.words for unit in every] == [
        "On Rivers",
        "A short history",
        "A first paragraph.",
        "A second one.",
        "rivers",
        "roads",
        "The Impressum contributors",
    ]
    file = fill(handed_off(root), [*every, *units(root)], german, tmp_path / f"back.{fill.__name__[3:6].strip('_')}")
    file = file.rename(tmp_path / ("back.po" if fill is as_po else "back.xlf"))
    (done,) = handed_in(root, file)
    assert (done.path, done.units, done.without) == ("chapters/de/edition.yaml", 7, ())
    assert edition(root).startswith(DONE)
    assert [unit.words for unit in texts(root, everything=False)] == []


def test_what_came_back_is_up_to_date_and_the_rest_is_still_handed_off(tmp_path: Path) -> None:
    root = pub(tmp_path, "title: Alt # so far\n")
    record(read_shelf(Workspace(root)), "de", "edition.yaml")
    path = root / "publication.yaml"
    path.write_text(
        WHOLE.replace("title: On Rivers", "title: On all Rivers").replace("roads]", "canals]"), encoding="utf-8"
    )
    assert [(unit.words, unit.state, unit.earlier_target) for unit in texts(root, everything=False)] == [
        ("On all Rivers", "changed", "Alt"),
        ("canals", "changed", ""),
    ]

    def title(unit: Unit) -> Parts:
        return ("Über alle Flüsse",) if "all" in unit.words else ()

    handed_in(root, as_po(handed_off(root), [*texts(root), *units(root)], title, tmp_path / "back.po"))
    assert (root / "chapters/de/edition.yaml").read_text(encoding="utf-8") == "title: Über alle Flüsse # so far\n"
    assert [unit.words for unit in texts(root, everything=False)] == ["canals"]


def test_the_words_of_figures_find_their_place(tmp_path: Path) -> None:
    root = copy("specimen", tmp_path / "specimen")
    (root / "chapters/de/edition.yaml").unlink()
    every = texts(root)

    def marked(unit: Unit) -> Parts:
        return tuple(f"{part}: ü" if isinstance(part, str) else part for part in unit.parts)

    file = as_po(handed_off(root), [*every, *units(root)], marked, tmp_path / "back.po")
    handed_in(root, file)
    again = texts(root)
    assert [unit.target for unit in again] == [marked(unit) for unit in every]
    assert {unit.state for unit in again} == {"unchanged"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title:\nother: x\n", "title: Neu\nother: x\n"),
        ("title: old # why\n", "title: Neu # why\n"),
        ('title: "old\n  one"\nother: x\n', "title: Neu\nother: x\n"),
        ("title: >-\n  old\n  one\n\nother: x\n", "title: Neu\n\nother: x\n"),
        ("a: {title: b}\n", "a: {title: b}\ntitle: Neu\n"),
        ("# only a comment\n", "# only a comment\n\ntitle: Neu\n"),
        ("", "title: Neu\n"),
    ],
)
def test_a_text_takes_the_place_of_another_and_nothing_else_changes(before: str, after: str) -> None:
    assert put_texts(before, {("title",): "Neu"}) == after


def test_keys_that_are_missing_are_put_in_where_they_belong() -> None:
    before = "figures:\n  trade:\n    title: Handel\n  # a comment\n  debt:\n\nkeywords: [a, b]\n"
    values = {
        ("figures", "trade", "alt"): "Zwei Balken: so",
        ("figures", "debt", "title"): "Schulden",
        ("keywords", "2"): "c",
        ("figures", "fdi", "2023 imports"): "Einfuhr",
    }
    assert put_texts(before, values) == (
        'figures:\n  trade:\n    title: Handel\n    alt: "Zwei Balken: so"\n  # a comment\n  debt:\n'
        "    title: Schulden\n  fdi:\n    2023 imports: Einfuhr\n\nkeywords: [a, c]\n"
    )


def test_a_text_that_cannot_be_put_in_is_a_fault_and_nothing_is_written(tmp_path: Path) -> None:
    root = pub(tmp_path, "authors: [{name: Jemand}]\nkeywords: {a: b}\n")
    file = as_po(handed_off(root), [*texts(root), *units(root)], german, tmp_path / "back.po")
    assert refused(root, file).startswith(
        "chapters/de/edition.yaml: error: `keywords.1` cannot be put into this file as it stands [handin-text]\n"
    )
    assert edition(root) == "authors: [{name: Jemand}]\nkeywords: {a: b}"
