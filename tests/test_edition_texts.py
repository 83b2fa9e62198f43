"""The texts of `edition.yaml` are compared with those of the source as those of chapters are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from building import impressum
from handing import publication

from impressum.checks.parity import Vocabulary, compare_texts
from impressum.core.errors import Faults, Place

CHAPTER = "# Rivers\n\nThe trade, with its loans, is here: [a value]{{x}}.\n\n![Loans](table:loans)\n".replace(
    "{x}", ""
)
SOURCE = """\
title: Loans of 900 million euros
subtitle: The foreign debt
language: en
date: 2025-01-31
abstract: The loans grew by 8% to 1.2 billion dollars. Nobody knows where the money went.
keywords: [foreign debt, loan, Huawei]
"""
RIGHT = """\
title: Zajmovi od 900 miliona evra
subtitle: Spoljni dug
abstract: Zajmovi su porasli za osam odsto, na 1,2 milijarde dolara. Niko ne zna kuda je novac otišao.
keywords: [spoljni dug, zajam, Huawei]
data:
  loans:
    title: Zajmovi od 2019.
    year: Godina
    debt: Dug u evrima
    The whole sum: Ukupno
"""
FILES = {
    "figures/data/loans.csv": "year,debt\nThe whole sum,12\n2019,3\n",
    "figures/data/loans.yaml": (
        "title: Loans since 2019\nsource: https://example.org\n"
        "columns:\n  year: {title: Year}\n  debt: {title: Debt in euros}\n"
    ),
    "glossary.csv": "term,sr-Latn,forbidden-sr-Latn,do-not-translate\nloan,zajam,kredit,\nHuawei,,,yes\n",
    "chapters/sr-Latn/01-start.md": "# Reke\n\nTrgovina je, sa zajmovima, ovde: a value.\n\n![Zajmovi](table:loans)\n",
}
PLANTED = [
    ("900 miliona evra", "900 miliona dolara", "1:19: warning: the number is `900 miliona` (USD)", "parity-numbers"),
    (
        "Spoljni dug\n",
        "The foreign debt\n",
        "2:11: warning: the heading is word for word that of",
        "parity-untranslated",
    ),
    ("osam odsto", "devet odsto", "3:11: warning: the number `8` of the source", "parity-numbers"),
    (
        "Niko ne zna kuda je novac otišao",
        "Nobody knows where the money went",
        "3:70: warning: `Nobody",
        "parity-untranslated",
    ),
    ("1,2 milijarde", "1,2 miliona", "3:48: warning: the number is `1,2 miliona`", "parity-numbers"),
    ("od 2019.", "od 2018.", "7:23: warning: the number is `2018`", "parity-numbers"),
    ("Dug u", "Дуг u", "9:11: warning: `Дуг` is written in Cyrillic letters", "letters-mixed"),
    ("Dug u", "Duг u", "9:11: error: `Duг` is written in Latin letters, but for `г`", "letters-mixed"),
    ("zajam, Huawei", "kredit, Huawei", "4:1: error: the glossary forbids `kredit` for `loan`", "glossary-forbidden"),
    ("zajam, Huawei", "dug, Huawei", "4: warning: `loan` is not called `zajam`", "glossary-term"),
    ("zajam, Huawei", "zajam, Hvavej", "4: error: `Huawei` is in the source of this passage", "glossary-lost"),
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publication(tmp_path_factory.mktemp("texts"), CHAPTER, **{"publication.yaml": SOURCE, **FILES})


def told(root: Path, text: str) -> list[str]:
    """What a check says of `edition.yaml`."""
    path = root / "chapters/sr-Latn/edition.yaml"
    path.write_text(text, encoding="utf-8")
    lines = impressum(root, "check", "--edition", "sr-Latn").stderr.splitlines()
    return [line.removeprefix("chapters/sr-Latn/edition.yaml:") for line in lines if "/edition.yaml:" in line[:40]]


def test_right_texts_are_not_told(root: Path) -> None:
    assert told(root, RIGHT) == []


@pytest.mark.parametrize(("old", "new", "said", "rule"), PLANTED)
def test_a_planted_defect_is_told_at_its_line(old: str, new: str, said: str, rule: str, root: Path) -> None:
    lines = told(root, RIGHT.replace(old, new, 1))
    assert [line for line in lines if line.startswith(said) and line.endswith(f"[{rule}]")]
    assert len(lines) == 1 + (rule == "glossary-forbidden")  # its term is not there then, either


def test_a_difference_that_is_meant_is_declared(root: Path) -> None:
    meant = "differences:\n  - {chapter: edition.yaml, rule: parity-numbers, where: 900, reason: Converted.}\n"
    assert told(root, RIGHT.replace("900 miliona evra", "900 miliona dolara") + meant) == []


def vocabulary(texts: Sequence[tuple[str, str, Place, str, Place]]) -> Vocabulary:
    """The words of `texts`, beside no chapters."""
    return Vocabulary(lambda: ((), ()), tuple(one[3] for one in texts), tuple(one[1] for one in texts))


def test_a_name_that_is_filled_in_with_a_value_must_stay() -> None:
    there, here = Place("figures/debt.yaml"), Place("chapters/de/edition.yaml", 4)
    texts = [
        ("above", "more than {value}", there, "mehr als {value}", here),
        ("to", "up to {value}", there, "bis", here),
    ]
    faults = Faults()
    compare_texts(texts, vocabulary(texts), source_language="en", language="de", declared=(), faults=faults)
    (fault,) = faults.all()
    assert str(fault) == (
        "chapters/de/edition.yaml:4: warning: `{value}` of the source (figures/debt.yaml) is missing "
        "[parity-placeholders]\n  hint: write it where the value is to be filled in"
    )


def test_one_word_is_told_where_the_source_has_it_often_and_the_translation_never() -> None:
    there, here = Place("figures/stages.yaml"), Place("chapters/de/edition.yaml", 4)
    often = "the economy, an economy, no economy; a status, the status, their status"
    texts = [
        ("text", often, there, "die Wirtschaft hat einen Marktstatus, eine ebenso, keine nicht", here),
        ("economy", "Economy", there, "Economy", here),
        ("status", "Status", there, "Status", here),
    ]
    faults = Faults()
    compare_texts(texts, vocabulary(texts), source_language="en", language="de", declared=(), faults=faults)
    (fault,) = faults.all()
    assert "the text is word for word that of the source (figures/stages.yaml): `Economy`" in str(fault)
