"""The colours of series are told apart by every eye, in grey too, and stand out from the paper."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from colour_vision import SIGHTS, distance

from impressum.core.colours import BLACK, READABLE, VISIBLE, WHITE, contrast, mixed, readable
from impressum.core.errors import Faults, Place
from impressum.stages.load import read_theme
from impressum.system.workspace import Workspace

NEIGHBOURS = {"grey": 10.0}  # with other sights twice as much
THEMES = ("report", "book")


def series(name: str, root: Path) -> tuple[str, ...]:
    return read_theme(Workspace(root), name, Place("publication.yaml"), Faults()).figure_style().series


def test_the_distance_of_colours_is_that_of_its_authors() -> None:
    """The greatest of all, and the difference of two blues."""
    assert distance("#000000", "#ffffff", "all colours") == pytest.approx(100, abs=0.1)
    assert distance("#0000ff", "#0000fe", "all colours") < 0.3
    assert distance("#ff0000", "#00ff00", "all colours") == pytest.approx(86.6, abs=0.2)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", THEMES)
def test_neighbouring_series_are_far_from_each_other_for_every_eye(theme: str, sight: str, tmp_path: Path) -> None:
    least = min(distance(one, other, sight) for one, other in pairwise(series(theme, tmp_path)))
    assert least >= NEIGHBOURS.get(sight, 20.0)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", THEMES)
def test_any_two_series_are_told_apart_by_every_eye(theme: str, sight: str, tmp_path: Path) -> None:
    least = min(distance(one, other, sight) for one, other in combinations(series(theme, tmp_path), 2))
    assert least >= (5.0 if sight == "grey" else 12.0)


def test_a_red_and_a_green_of_one_lightness_would_not_pass() -> None:
    """What the tests above must catch."""
    assert distance("#b0413e", "#5c7a29", "deuteranopia") < 12.0
    assert distance("#b0413e", "#5c7a29", "grey") < 10.0


@pytest.mark.parametrize("theme", THEMES)
def test_series_and_what_is_not_highlighted_stand_out_from_the_paper(theme: str, tmp_path: Path) -> None:
    style = read_theme(Workspace(tmp_path), theme, Place("publication.yaml"), Faults()).figure_style()
    for colour in (*style.series, style.rule):
        assert contrast(colour, WHITE) >= VISIBLE
        assert contrast(readable(colour), WHITE) >= READABLE
        assert max(contrast(WHITE, colour), contrast(BLACK, colour)) >= READABLE


def test_a_colour_is_mixed_and_made_readable_towards_the_nearer_end() -> None:
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"
    assert readable("#0f304b") == "#0f304b"
    assert contrast(readable("#4a99cb"), WHITE) >= READABLE
    assert contrast(readable("#4a99cb", BLACK), BLACK) >= READABLE


def test_a_publications_own_colour_of_a_series_that_cannot_be_seen_is_told(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/theme.yaml").write_text('colour:\n  series-2: "#ffcc33"\n', encoding="utf-8")
    faults = Faults()
    read_theme(Workspace(tmp_path), "report", Place("publication.yaml"), faults)
    assert [str(fault) for fault in faults.all()] == [
        (
            "templates/theme.yaml:2:13: warning: `colour.series-2`, `#ffcc33`, has a contrast of 1.5 : 1 on white "
            "[theme-contrast]\n"
            "  hint: lines and bars need 3 : 1 to be seen by everyone; make it darker"
        )
    ]
