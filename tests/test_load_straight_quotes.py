"""Straight quotation marks are told where nothing turns them into those of the language, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest
from load_sources import PUBLICATION, told

from impressum.core.errors import Faults, Place
from impressum.stages.load.text_checks import check_text

HINT = (
    "\n  hint: write those of the language, such as “ ”, „ “ or « »: only in chapters are straight ones turned into "
    "them"
)


def warning(place: str, text: str) -> str:
    return f"{place}: warning: the quotation marks in `{text}` are printed straight [quote-straight]{HINT}"


@pytest.mark.parametrize(
    "text",
    [
        'The "Golden" Rivers',
        "The 'Golden' Rivers",
        '"Golden Rivers"',
        "('Golden')",
    ],
)
def test_straight_quotation_marks_are_told(text: str) -> None:
    faults = Faults()
    check_text(text, Place("publication.yaml", 1, 8), faults)
    assert [str(fault) for fault in faults.all()] == [warning("publication.yaml:1:8", text)]


@pytest.mark.parametrize(
    "text",
    [
        "The Author's View of the 1990's",
        "Rivers' End and Roads' Beginning",
        "Rock 'n' roll, 'tis the rivers' end, of the '90s and the Rivers' end",
        'A pipe of 6" and a man of 5\'10", 43°12\'30"',
        'G{\\"o}del and \\"Uber',
        "The “Golden” Rivers, „goldene“ und « dorées »",
    ],
)
def test_apostrophes_inches_and_accents_are_not_told(text: str) -> None:
    faults = Faults()
    check_text(text, Place("publication.yaml", 1, 8), faults)
    assert faults.all() == ()


def test_the_excerpt_of_a_long_text_holds_the_mark() -> None:
    faults = Faults()
    check_text("one two three " * 10 + '"four" five' + " six" * 40, Place("publication.yaml", 1, 8), faults)
    (fault,) = faults.all()
    shown = fault.message.split("`")[1]
    assert '"four"' in shown
    assert len(shown) <= 60


def test_every_printed_text_that_stands_in_no_chapter_is_looked_at(tmp_path: Path) -> None:
    files = {
        "publication.yaml": PUBLICATION + 'impressum:\n  notes:\n    - A "first" note.\ncover:\n  image: images/a.svg\n'
        '  alt: A "picture".\nbibliography: bib/references.bib\n',
        "images/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        "bib/references.bib": '@book{a, author={Doe, Jane}, title={A "big" book}, year=2020, note={"x"}}\n'
        '@book{b, author={Doe, Jane}, title="A bigger book", year=2020}\n',
        "chapters/en/01-start.md": '---\nshort-title: A "short" one\n---\n\n# Start "again"\n\nText.\n',
        "figures/trade.yaml": 'title: The "trade"\nalt: The "trade".\nchart: bar\ndata: [trade]\n',
        "figures/data/trade.yaml": 'title: The "trade" of all\nsource: https://example.org\nunit: t\n',
        "figures/data/trade.csv": "year,exports\n2020,1\n2021,2\n",
    }
    assert told(tmp_path, files) == [
        warning("bib/references.bib:1:37", 'A "big" book'),
        warning("chapters/en/01-start.md:2:14", 'A "short" one'),
        warning("figures/data/trade.yaml:1:8", 'The "trade" of all'),
        warning("figures/trade.yaml:1:8", 'The "trade"'),
        warning("publication.yaml:6:7", 'A "first" note.'),
    ]


def test_the_texts_of_an_edition_are_looked_at(tmp_path: Path) -> None:
    files = {
        "chapters/de/01-start.md": "# Anfang\n\nText.\n",
        "chapters/de/edition.yaml": 'title: Die "Flüsse"\n',
    }
    assert told(tmp_path, files) == [warning("chapters/de/edition.yaml:1:8", 'Die "Flüsse"')]
