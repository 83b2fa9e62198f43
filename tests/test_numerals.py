"""Numbers, shares, money and times as each language writes them."""

from __future__ import annotations

import datetime

import pytest

from impressum.core.numerals import Numerals, locale_of, long_date, time_kind

N, T = "\u00a0", "\u202f"
WRITTEN = {
    "en": ("1,234.5", "34.5%", "€12.5", f"RSD{N}12", "May 2023", "May 17, 2023", "Q2 2023"),
    "de": ("1.234,5", f"34,5{N}%", f"12,5{N}€", f"12{N}RSD", "Mai 2023", "17. Mai 2023", "Q2 2023"),
    "fr": (f"1{T}234,5", f"34,5{N}%", f"12,5{N}€", f"12{N}RSD", "mai 2023", "17 mai 2023", "T2 2023"),
    "sr-Latn": ("1.234,5", "34,5%", f"12,5{N}€", f"12{N}RSD", "maj 2023.", "17. maja 2023.", "2. kv. 2023."),
    "sr-Cyrl": ("1.234,5", "34,5%", f"12,5{N}€", f"12{N}RSD", "мај 2023.", "17. маја 2023.", "2. кв. 2023."),
}


@pytest.mark.parametrize("tag", WRITTEN)
def test_each_language_writes_numbers_money_and_times_its_own_way(tag: str) -> None:
    numerals = Numerals(tag)
    assert (
        numerals.number(1234.5),
        numerals.percent(0.345),
        numerals.currency(12.5, "EUR"),
        numerals.currency(12, "RSD"),
        numerals.time("2023-05"),
        numerals.time("2023-05-17"),
        numerals.time("2023-Q2"),
    ) == WRITTEN[tag]


def test_decimals_are_those_that_are_asked_for_or_those_of_the_value() -> None:
    english = Numerals("en")
    assert [english.number(value) for value in (2, 2.0, 0.1 + 0.2, 1e-4)] == ["2", "2", "0.3", "0.0001"]
    assert [english.number(value, 1) for value in (2, 0.25, 0.05, -0.04)] == ["2.0", "0.3", "0.1", "0.0"]
    assert [english.percent(value, 0) for value in (0.59, 0.595)] == ["59%", "60%"]


def test_below_zero_stands_a_minus_and_no_hyphen() -> None:
    assert Numerals("de").number(-3.25) == "\u22123,25"
    assert Numerals("en").currency(-3, "EUR") == "\u2212€3"


def test_a_month_that_stands_alone_has_its_own_form() -> None:
    assert [Numerals(tag).month("2023-05") for tag in ("en", "hr", "sr-Cyrl")] == ["May", "svibanj", "мај"]
    assert Numerals("de").month("2023-09", short=True) == "Sep"
    assert Numerals("de").month("Herbst") == "Herbst"


def test_a_language_that_is_not_known_counts_as_its_shorter_form() -> None:
    assert Numerals("de-CH-1996").number(1234.5) == Numerals("de-CH").number(1234.5)
    assert Numerals("tlh").number(1234.5) == "1,234.5"


def test_texts_are_times_where_all_of_them_are_of_one_kind() -> None:
    assert [time_kind([text]) for text in ("2023", "2023-05", "2023-Q4", "2023-02-28")] == [
        "year",
        "month",
        "quarter",
        "day",
    ]
    for none in (["2023", "2023-05"], ["2023-13"], ["2023-02-30"], ["around 2023"], []):
        assert time_kind(none) is None


@pytest.mark.parametrize(
    ("tag", "day", "written"),
    [
        ("sr-Latn", datetime.date(2025, 3, 1), "1. marta 2025."),
        ("sr-Latn", datetime.date(2025, 12, 31), "31. decembra 2025."),
        ("sr-Cyrl", datetime.date(2025, 6, 2), "2. јуна 2025."),
        ("bs", datetime.date(2025, 7, 2), "2. jula 2025."),
        ("sl", datetime.date(2025, 3, 1), "1. marca 2025"),
        ("hr", datetime.date(2025, 3, 1), "1. ožujka 2025."),
        ("pl", datetime.date(2025, 3, 1), "1 marca 2025"),
        ("de", datetime.date(2025, 3, 1), "1. März 2025"),
    ],
)
def test_a_month_behind_its_day_is_in_the_genitive_where_the_language_has_one(
    tag: str, day: datetime.date, written: str
) -> None:
    assert long_date(day, locale_of(tag)) == written


def test_a_month_that_stands_alone_stays_as_it_is() -> None:
    assert Numerals("sr-Latn").month("2025-03-01") == "mart"
    assert Numerals("sr-Latn").time("2025-03") == "mart 2025."


def test_a_large_number_keeps_its_digits_beside_many_decimals() -> None:
    assert Numerals("en").number(12_345_678_901_234_567, 15) == "12,345,678,901,234,567.000000000000000"
    assert Numerals("en").percent(999_999_999_999_999_999, 12) == f"{99_999_999_999_999_999_900:,}.000000000000%"
