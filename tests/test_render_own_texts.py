"""Texts under `templates/` that an edition has of its own: which one is included, and what becomes of one it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest
from rendering import Rendering

from impressum.stages.render.batch import OwnTexts

INCLUDES = {
    "en/note.md": "A *note* in {{ year }}.\n\nAnd more.",
    "sr-Latn/note.md": "Napomena.\n",
    "en/macros.md": "{% macro page(n) %}p. {{ n }} of {{ site.name }}{% endmacro %}\n",
    "names.md": "Spectral\n",
}
TRANSLATED = frozenset({"note.md", "macros.md"})
CHAPTER = 'One.\n\n{% include "note.md" %}\n\nLast.\n'
MACRO = '{% from "macros.md" import page %}See {{ page(3) }}.\n'


def own(edition: str) -> OwnTexts:
    return OwnTexts(edition, "en", TRANSLATED)


@pytest.fixture
def rendering(tmp_path: Path) -> Rendering:
    return Rendering(tmp_path)


def test_an_edition_includes_its_own_text_and_the_source_that_of_the_source(rendering: Rendering) -> None:
    for tag, text in (("sr-Latn", "Napomena.\n"), ("en", "A *note* in 2023.\n\nAnd more.")):
        (chapter,) = rendering.chapters(CHAPTER, includes=INCLUDES, own=own(tag))
        assert (chapter.text, rendering.shown()) == (f"One.\n\n{text}\nLast.\n", "")


def test_a_text_that_an_edition_lacks_is_printed_as_not_translated_and_told_each_time(rendering: Rendering) -> None:
    for _ in range(2):  # the second one is remembered
        (chapter,) = rendering.chapters(CHAPTER, includes=INCLUDES, own=own("de"))
        assert chapter.text == ("One.\n\n::: untranslated\nA *note* in 2023.\n\nAnd more.\n:::\n\nLast.\n")
        assert [f"{Path(place.path).name}:{place.line}" for place in chapter.map.lines[2:8]] == [
            *("note.md:1", "note.md:1", "note.md:2", "note.md:3", "note.md:3", "01.md:4")
        ]
        assert rendering.shown() == (
            "chapters/en/01.md:3:13: warning: `note.md` is not translated: that of the source is printed "
            "[template-untranslated]\n  hint: translate it to `templates/de/note.md`"
        )


def test_macros_of_the_source_are_imported_and_know_the_values_of_the_chapter(rendering: Rendering) -> None:
    (chapter,) = rendering.chapters(MACRO, includes=INCLUDES, own=own("en"))
    assert (chapter.text, rendering.shown()) == ("See p. 3 of Foreign Trade.\n", "")
    (chapter,) = rendering.chapters(MACRO, includes=INCLUDES, own=own("de"))
    assert chapter.text == "See p. 3 of Foreign Trade.\n"
    assert rendering.shown().startswith("chapters/en/01.md:1:10: warning: `macros.md` is not translated")


def test_a_text_in_no_edition_is_for_all_of_them(rendering: Rendering) -> None:
    (chapter,) = rendering.chapters('{% include "names.md" %}\n', includes=INCLUDES, own=own("de"))
    assert (chapter.text, rendering.shown()) == ("Spectral\n", "")


def test_one_that_only_a_translation_has_beside_that_of_all_is_a_translation_too(rendering: Rendering) -> None:
    includes = {"note.md": "A note.\n", "de/note.md": "Eine Anmerkung.\n"}
    both = OwnTexts("de", "en", frozenset({"note.md"})), OwnTexts("fr", "en", frozenset({"note.md"}), "off")
    (german,) = rendering.chapters('{% include "note.md" %}', includes=includes, own=both[0])
    (french,) = rendering.chapters('{% include "note.md" %}', includes=includes, own=both[1])
    assert (german.text, french.text) == ("Eine Anmerkung.\n", "::: untranslated\nA note.\n\n:::\n")
    assert rendering.shown() == ""


def test_a_fault_in_the_text_of_an_edition_is_at_its_own_line(rendering: Rendering) -> None:
    includes = {**INCLUDES, "sr-Latn/note.md": "Prvo.\n\n{{ godina }}\n", "en/note.md": "First.\n{{ yaer }}\n"}
    assert "templates/sr-Latn/note.md:3:4: error: `godina`" in rendering.fault(
        CHAPTER, includes=includes, own=own("sr-Latn")
    )
    assert "templates/en/note.md:2:4: error: `yaer`" in rendering.fault(CHAPTER, includes=includes, own=own("de"))
