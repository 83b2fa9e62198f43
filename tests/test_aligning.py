"""Two sequences are laid side by side so that what belongs together stands together, however long they are."""

from __future__ import annotations

import pytest

from impressum.core.aligning import Same, aligned, matching


def equal(one: object, other: object) -> float:
    return float(one == other)


def test_what_has_no_partner_is_left_over_and_the_rest_keeps_its_order() -> None:
    assert aligned("abcd", "axcd", equal) == [("a", "a"), (None, "x"), ("b", None), ("c", "c"), ("d", "d")]


def test_of_equally_good_pairings_the_first_is_taken() -> None:
    assert aligned("aaa", "a", equal) == [("a", "a"), ("a", None), ("a", None)]
    assert aligned([1, 2], [3], lambda one, two: 1.0) == [(1, 3), (2, None)]


def test_the_sum_counts_and_not_the_best_single_pair() -> None:
    likeness = {("a", "y"): 3.0, ("a", "x"): 2.0, ("b", "y"): 2.0}
    pairs = aligned("ab", "xy", lambda one, two: likeness.get((one, two), 0.0))
    assert pairs == [("a", "x"), ("b", "y")]


def test_nothing_is_paired_with_nothing() -> None:
    assert aligned("", "", equal) == []
    assert aligned("ab", "", equal) == [("a", None), ("b", None)]
    assert aligned("ab", "cd", equal) == [(None, "c"), (None, "d"), ("a", None), ("b", None)]


@pytest.mark.parametrize(("one", "two"), [(40, 90), (90, 40), (3, 2000), (30, 9000), (700, 500), (0, 5)])
def test_each_thing_is_there_once_whatever_the_numbers(one: int, two: int) -> None:
    pairs = aligned(range(one), range(two), lambda a, b: float(a * two == b * one), 5)
    assert [a for a, _ in pairs if a is not None] == list(range(one))
    assert [b for _, b in pairs if b is not None] == list(range(two))
    assert (0, 0) in pairs or not one


def test_a_long_insertion_at_either_end_shifts_the_rest() -> None:
    text = list(range(100))
    for other in ([-1] * 60 + text, text + [-1] * 60):
        assert sum(a is not None and a == b for a, b in aligned(text, other, equal)) == len(text)


def test_equal_things_are_matched_and_what_was_replaced_one_for_one() -> None:
    assert list(matching(["a", "b", "c", "d"], ["a", "x", "c", "y", "z"])) == [
        Same(0, 0, True),
        Same(1, 1, False),
        Same(2, 2, True),
    ]
