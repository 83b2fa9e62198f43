"""Good publications with something done to them: the program tells faults with a place, or succeeds; it never falls
over, never hangs, and leaves `dist` whole. `bench/fuzz.py` does the same as often as one likes."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import copy
from fuzzing import GARDEN, MANNERS, Mutation, Verdict, files_of, judged, mutated, planted
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

GOOD = files_of(GARDEN)
LARGEST = 2**20
LONGEST_LINE = 600
PARTS = 4
EXAMPLES = 6
"""Of each part: two dozen in all; an hour of `bench.fuzz` tries thousands."""
SMALL = settings(max_examples=EXAMPLES, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The garden, checked once: what did not change is remembered."""
    root = copy("garden", tmp_path_factory.mktemp("fuzz") / "garden")
    assert judged(root) == Verdict(0, "", "")
    return root


def mutations(*manners: str) -> st.SearchStrategy[list[Mutation]]:
    """One or two mutations of these manners."""
    number = st.integers(0, LARGEST)
    names = sorted(GOOD)
    cheap = [name for name in names if not name.endswith((".md", ".bib"))]  # no pandoc: twice as often
    file = st.sampled_from([names.index(name) for name in [*names, *cheap]])
    return st.lists(st.builds(Mutation, st.sampled_from(manners), file, number, number), min_size=1, max_size=2)


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_done_to_a_publication_is_told_with_a_place_or_does_no_harm(part: int, garden: Path) -> None:
    @SMALL
    @given(mutations(*MANNERS[part::PARTS]))
    def holds(done: list[Mutation]) -> None:
        files = mutated(GOOD, done)
        with planted(garden, GOOD, files) as names:
            verdict = judged(garden)
        assert verdict.wrong == "", (names, verdict.told)

    holds()


FOUND = {
    "a token of five thousand digits": ("templates/theme.yaml", "10.5", "9" * 5000),
    "a width of five thousand digits": ("templates/theme.yaml", "type:", f"page:\n  measure: {'9' * 5000}mm\ntype:"),
    "a token that goes on on the next line": ("templates/theme.yaml", "size: 10.5", "si\n\n   ze: 10.5"),
    "a value that goes on on the next line": ("templates/theme.yaml", "10.5", "10\n\n   5"),
    "a mapping that the end of the file leaves open": ("templates/theme.yaml", "15}", ""),
    "a number of five thousand digits": ("chapters/de/01-beds.md", "Ein Garten hat", f"Ein Garten hat {'9' * 5000}"),
    "a space that is none": ("figures/data/crops.yaml", "crops\n", "crops\n\u00a0"),
}
"""What was found by mutation or by hand, each as a replacement in a file."""


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_is_mended(name: str, garden: Path) -> None:
    file, old, new = FOUND[name]
    assert GOOD[file].count(old.encode())
    files = {**GOOD, file: GOOD[file].replace(old.encode(), new.encode(), 1)}
    with planted(garden, GOOD, files):
        verdict = judged(garden)
    assert verdict.wrong == "", verdict.told
    assert max(map(len, verdict.told.splitlines()), default=0) < LONGEST_LINE


def test_a_build_of_what_was_mutated_publishes_all_or_nothing(garden: Path) -> None:
    """Ensures it where `dist` holds what was built before."""
    assert judged(garden, "build") == Verdict(0, "", "")
    for done in BUILT:
        with planted(garden, GOOD, mutated(GOOD, [done])) as names:
            verdict = judged(garden, "build")
        assert verdict.wrong == "", (names, verdict.told)


BUILT = (
    Mutation("double", sorted(GOOD).index("chapters/de/02-harvest.md"), 30, 1),
    Mutation("cut", sorted(GOOD).index("figures/data/crops.csv"), 11, 1),
)
