"""Numbers in the text that claim to come from data: which agree with their cell, and what is told of the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_chapters import faults

from impressum.core.errors import Faults, Place
from impressum.core.model.publication import DataSidecar
from impressum.core.model.sources import DataTable
from impressum.stages.convert.data import Data, check_claim

PATH = "figures/data/t.csv"
HERE = Place("chapters/en/01-start.md", 3, 7)
COLUMNS: dict[str, int | float] = {
    "plain": 1234.567,
    "whole": 59,
    "percent": 59,
    "share": 0.594,
    "loss": -3.5,
    "money": 3_162_000_000,
    "billions": 3.162,
    "half": 2.5,
}


def table() -> DataTable:
    """One row, whose key has dots and spaces in it, and what its columns are."""
    columns = {
        "percent": {"format": "percent"},
        "share": {"format": "share"},
        "money": {"format": "USD"},
        "billions": {"unit": "billion dollars"},
    }
    sidecar = DataSidecar.model_validate({"title": "T", "source": "x", "columns": columns})
    row: tuple[str | int | float | None, ...] = ("in 2012.5", *COLUMNS.values())
    places = tuple(Place(PATH, 2, at) for at in range(1, len(row) + 1))
    return DataTable("t", PATH, ("key", *COLUMNS), (row,), sidecar, "", (places,))


def told(text: str, column: str, language: str = "en") -> list[str]:
    found = Faults()
    check_claim(text, f"t.in 2012.5.{column}", Data({"t": table()}, language=language), HERE, HERE, found)
    return [str(fault) for fault in found.all()]


AGREE = [
    ("en", "plain", "1,234.567"),
    ("en", "plain", "1234.6"),
    ("en", "plain", "about 1,235"),
    ("de", "plain", "1.234,57"),
    ("fr", "plain", "1\u202f234,6"),
    ("sr-Latn", "plain", "1.234,6"),
    ("sr-Cyrl", "plain", "1.235"),
    ("sv", "plain", "1.234,6"),
    ("pl", "plain", "1.235"),
    ("ar", "plain", "١٬٢٣٥"),
    ("zh", "money", "31.62亿美元"),
    ("en", "whole", "59"),
    ("en", "whole", "59 %"),
    ("en", "percent", "59%"),
    ("de", "percent", "59 Prozent"),
    ("en", "share", "59 %"),
    ("en", "share", "59.4 per cent"),
    ("sr-Latn", "share", "59 odsto"),
    ("en", "loss", "-3.5"),
    ("en", "loss", "\u22124"),
    ("en", "money", "$3.2 billion"),
    ("en", "money", "3,162 million dollars"),
    ("de", "money", "3,2 Milliarden Dollar"),
    ("sr-Latn", "money", "3,2 milijarde dolara"),
    ("en", "billions", "$3.2 billion"),
    ("en", "billions", "3,162 million dollars"),
    ("en", "billions", "3.16"),
    ("en", "half", "2"),
    ("en", "half", "3"),
]


@pytest.mark.parametrize(("language", "column", "text"), AGREE)
def test_a_number_agrees_where_it_is_that_of_the_data_rounded_to_its_decimals(
    language: str, column: str, text: str
) -> None:
    assert told(text, column, language) == []


@pytest.mark.parametrize(
    ("language", "column", "text", "said"),
    [
        ("en", "plain", "1,234.5", "1,234.567"),
        ("en", "whole", "60 %", "59"),
        ("en", "share", "0.594", "59.4%"),
        ("de", "share", "60 %", "59,4\u00a0%"),
        ("en", "loss", "3.5", "−3.5"),
        ("en", "money", "3.2 million", "3,162,000,000"),
        ("en", "billions", "3.3 billion", "3.162"),
    ],
)
def test_a_number_that_is_another_is_told_with_both_and_the_cell(
    language: str, column: str, text: str, said: str
) -> None:
    (fault,) = told(text, column, language)
    line = 2 + list(COLUMNS).index(column)
    assert fault.splitlines()[0] == (
        f"{HERE}: error: the text says `{text}`, and the data `t.in 2012.5.{column}` say {said} ({PATH}:2:{line}) "
        "[number-contradicts]"
    )


def test_the_hint_shows_the_value_that_follows_the_data() -> None:
    shown = {column: told("1", column)[0].partition("write ")[2] for column in ("plain", "share")}
    assert shown == {
        "plain": '`{{ data.t["in 2012.5"].plain | number }}`, which follows the data',
        "share": '`{{ data.t["in 2012.5"].share | percent }}`, which follows the data',
    }


@pytest.mark.parametrize("text", ["nothing", "1.234,5", "1,23,4"])
def test_what_cannot_be_read_in_the_notation_of_the_language_is_told(text: str) -> None:
    assert told(text, "plain") == [
        (
            f"{HERE}: error: `{text}` has no number that can be read, and is to be compared with the data "
            "`t.in 2012.5.plain` [number-unreadable]\n"
            "  hint: put one number between the brackets, in the notation of the language, as in 1,234.567"
        )
    ]


def test_two_numbers_are_one_too_many() -> None:
    (fault,) = told("between 50 and 59", "whole")
    assert "`between 50 and 59` has more than one number" in fault


def test_claims_in_a_chapter_are_checked_and_the_text_is_left_as_it_is(tmp_path: Path) -> None:
    text = 'It was [3.6 %]{data=trade.2023.share}, [Hungary]{data="trade.2023.partner"}, and 99 % elsewhere.\n'
    assert faults(tmp_path, text) == ""


def test_a_claim_to_data_that_do_not_exist_is_told_with_the_nearest(tmp_path: Path) -> None:
    claims = (
        "trde.2023.exports",
        "trade.2032.exports",
        "trade.2023.exprots",
        "trade.2023",
        "trade",
        "trade.2023.imports",
    )
    text = "\n".join(f"[1.1]{{data={claim}}}" for claim in claims)
    assert faults(tmp_path, f"{text}\n[China]{{data=trade.2023.partner}}\n") == (
        "chapters/en/01-start.md:3:7: error: there are no data `trde`; did you mean `trade`? [data-unknown]\n"
        "  hint: known data: trade\n"
        "chapters/en/01-start.md:4:7: error: the data `trade` have no row `2032`; did you mean `2023`? [data-unknown]\n"
        "  hint: rows: 2012, 2019, 2023\n"
        "chapters/en/01-start.md:5:7: error: the data `trade` have no column `exprots`; did you mean `exports`? "
        "[data-unknown]\n  hint: columns: year, exports, imports, share, partner\n"
        "chapters/en/01-start.md:6:7: error: no column of the data `trade` is named [data-unknown]\n"
        "  hint: write the name of the data, of the row and of the column: `data=trade.2023.exports`\n"
        "chapters/en/01-start.md:7:7: error: `trade` names no cell of the data `trade` [data-unknown]\n"
        "  hint: write the name of the data, of the row and of the column: `data=trade.2023.exports`\n"
        "chapters/en/01-start.md:8:2: error: the text says `1.1`, and the data `trade.2023.imports` are empty "
        "(figures/data/trade.csv:4:10) [number-contradicts]\n"
        "  hint: fill the cell, or take `data=` out\n"
        "chapters/en/01-start.md:9:2: error: the text says `China`, and the data `trade.2023.partner` say Hungary "
        "(figures/data/trade.csv:4:18) [number-contradicts]\n"
        '  hint: correct the text, or write `{{ data.trade["2023"].partner }}`, which follows the data'
    )
