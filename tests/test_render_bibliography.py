"""The bibliography is filled in with `<< >>`, and its own braces are BibTeX's."""

from __future__ import annotations

from pathlib import Path

import pytest
from rendering import Rendering


@pytest.fixture
def rendering(tmp_path: Path) -> Rendering:
    return Rendering(tmp_path)


def test_a_bibliography_without_values_is_itself(rendering: Rendering) -> None:
    text = "@book{a,\n  title = {{Impressum} {% a %} {## b ##}},\n}\n"
    rendered, map_ = rendering.bibliography(text)
    assert rendered == text
    assert all(map_.exact)
    assert rendering.memo.ran == {}


def test_values_are_filled_in_and_escaped_and_lines_are_known(rendering: Rendering) -> None:
    text = (
        "@book{a,\n  title = {{Of} << site.name >> {% if %} {## `x` << year >> ##}},\n"
        "  note = {<< odd >>},\n  url = {https://a.org/b_c?<< year >>},\n}\n"
    )
    rendered, map_ = rendering.bibliography(text)
    assert rendering.shown() == ""
    assert rendered == (
        "@book{a,\n  title = {{Of} Foreign Trade {% if %} {## `x` 2023 ##}},\n"
        r"  note = {*x* [a] \# @b \$c\$ \textbackslash{}d <e> `f` g\_h \textasciitilde{}i\textasciitilde{}"
        r" \textasciicircum{}j\textasciicircum{} |k| \& l},"
        "\n  url = {https://a.org/b_c?2023},\n}\n"
    )
    assert [place.line for place in map_.lines] == [1, 2, 3, 4, 5, 6]
    assert map_.exact == (True, False, False, False, True, True)


def test_an_address_is_not_escaped(rendering: Rendering) -> None:
    assert rendering.bibliography("<< 'https://a.org/b_c#d' >> << '10.1234/a_b' >>")[0] == (
        "https://a.org/b_c#d 10.1234/a_b"
    )


def test_an_unknown_name_is_at_its_place(rendering: Rendering) -> None:
    rendered, _ = rendering.bibliography("@book{a,\n  year = {<< yaer >>}\n}\n")
    assert rendering.shown() == (
        "bib/references.bib:2:14: error: `yaer` is not defined; did you mean `year`? [template-undefined]\n"
        "  hint: known names: data, odd, published, site, year"
    )
    assert rendered == "@book{a,\n  year = {}\n}\n"
