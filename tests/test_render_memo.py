"""What was rendered is remembered, and rendered again where anything that it reads has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from rendering import CONTEXT, Rendering


@pytest.fixture
def rendering(tmp_path: Path) -> Rendering:
    return Rendering(tmp_path)


def counts(rendering: Rendering) -> tuple[int, int]:
    """How many chapters ran and were reused since the last call."""
    found = (rendering.memo.ran.get("render", 0), rendering.memo.reused.get("render", 0))
    rendering.memo.ran.clear()
    rendering.memo.reused.clear()
    return found


def test_only_what_changed_is_rendered_again(rendering: Rendering) -> None:
    includes = {"a.md": "{{ year }}", "b.md": "x\n"}
    texts = ["one {{ year }}", 'two\n{% include "a.md" %}', "three"]
    first = rendering.chapters(*texts, includes=includes)
    assert counts(rendering) == (2, 0)
    assert rendering.chapters(*texts, includes=includes) == first
    assert counts(rendering) == (0, 2)
    again = rendering.chapters("one {{ year }}!", *texts[1:], includes=includes)
    assert counts(rendering) == (1, 1)
    assert [chapter.text for chapter in again] == ["one 2023!", "two\n2023", "three"]
    assert again[1:] == first[1:]
    assert str(again[1].map.lines[1]) == "templates/a.md:1"


def test_data_includes_and_language_are_part_of_what_is_read(rendering: Rendering) -> None:
    rendering.chapters("{{ year }}")
    rendering.chapters("{{ year }}", context={**CONTEXT, "year": 2024})
    rendering.chapters("{{ year }}", includes={"a.md": ""})
    rendering.chapters("{{ year }}", language="de")
    assert counts(rendering) == (4, 0)


def test_a_chapter_with_a_fault_is_not_remembered(rendering: Rendering) -> None:
    rendering.chapters("{{ nope }}")
    first = rendering.shown()
    rendering.chapters("{{ nope }}")
    assert rendering.shown() == first != ""
    assert counts(rendering) == (0, 0)


def test_lines_follow_the_front_matter_of_a_remembered_chapter(rendering: Rendering) -> None:
    rendering.chapters("{{ year }}", offset=2)
    (chapter,) = rendering.chapters("{{ year }}", offset=7)
    assert counts(rendering) == (1, 1)
    assert str(chapter.map.lines[0]) == "chapters/en/01.md:8"
