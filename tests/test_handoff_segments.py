"""What a translator gets of a passage, and the passage with other words in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from building import PUBLICATIONS, REPOSITORY
from hypothesis import example, given, settings
from hypothesis import strategies as st

from impressum.translation.handoff.cutting import cut
from impressum.translation.handoff.escaping import escaped
from impressum.translation.handoff.hiding import Hidden, hide
from impressum.translation.handoff.markup import Part, Setting, read
from impressum.translation.handoff.segments import Segment
from impressum.translation.handoff.word import token
from impressum.translation.passages import Passage, passages, put_together

CHAPTERS = sorted(
    path
    for folder in (
        REPOSITORY / "chapters/en",
        *(PUBLICATIONS / "specimen/chapters" / tag for tag in ("en", "fr", "sr-Cyrl")),
    )
    for path in folder.glob("*.md")
)


def shown(text: str) -> list[str]:
    """The segments of all passages of `text`, their tags as tokens."""
    found = [segment for passage in passages(text) for segment in cut(passage).segments]
    return ["".join(part if isinstance(part, str) else token(part) for part in one.parts) for one in found]


def with_words(text: str, words: dict[str, str]) -> str:
    """`text` with the words of its segments replaced."""

    def changed(part: Part) -> Part:
        return words.get(part, part) if isinstance(part, str) else part

    (passage,) = passages(text)
    taken = cut(passage)
    return taken.put([[changed(part) for part in segment.parts] for segment in taken.segments])


def plain(text: str) -> list[str]:
    return text.replace("\\", "").split()


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_chapter_whose_own_words_are_put_in_is_what_it_was(path: Path) -> None:
    """Ensures it but for where lines break, and for what is escaped without need."""
    for passage in passages(path.read_text(encoding="utf-8")):
        taken = cut(passage)
        again = taken.put([segment.parts for segment in taken.segments])
        if passage.kind == "table" and taken.drawn:
            assert shown(again) == shown(passage.text)
        else:
            assert plain(again) == plain(passage.text)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_put_in_is_read_again(path: Path) -> None:
    """Ensures that words and tags come back as they were, whatever had to be escaped."""
    for passage in passages(path.read_text(encoding="utf-8")):
        taken = cut(passage)
        text = taken.put([segment.parts for segment in taken.segments])
        again = cut(Passage(passage.kind, text, passage.line, passage.line + text.count("\n")))
        assert [one.parts for one in again.segments] == [one.parts for one in taken.segments]


def test_notes_citations_links_values_and_code_are_tags() -> None:
    text = (
        "In {{ publication.date | date }} it was *large*,[^a] see [the *site*](https://example.org), [@doe2023, p. 5], "
        "@fig-trade, `code` and $x^2$.\n"
    )
    assert shown(text) == ["In ⟦1⟧ it was ⟦2⟧large⟦/2⟧,⟦3⟧ see ⟦4⟧the ⟦5⟧site⟦/5⟧⟦/4⟧, ⟦6⟧, ⟦7⟧, ⟦8⟧ and ⟦9⟧."]


def test_words_before_the_first_key_of_a_citation_are_translated() -> None:
    assert shown("So it is [see also @doe2023, p. 5].\n") == ["So it is ⟦1⟧see also ⟦2⟧⟦/1⟧."]


def test_signs_around_a_whole_passage_are_not_shown() -> None:
    assert shown("# The river {#sec-river .unnumbered}\n") == ["The river"]
    assert shown("- [ ] **To be done**\n") == ["To be done"]
    assert shown("> A quotation.\n") == ["A quotation."]
    assert shown("[^a]: A note.\n") == ["A note."]


def test_the_texts_of_attributes_are_segments_of_their_own() -> None:
    text = '![The bridge](images/bridge.svg){#fig-bridge alt="A bridge." width=80% source="Archive, box 3"}\n'
    assert shown(text) == ["The bridge", "A bridge.", "Archive, box 3"]
    words = {"The bridge": "Die Brücke", "A bridge.": 'Eine "Brücke".', "Archive, box 3": "Archiv, Kiste 3"}
    assert with_words(text, words) == (
        '![Die Brücke](images/bridge.svg){#fig-bridge alt="Eine \\"Brücke\\"." width=80% source="Archiv, Kiste 3"}'
    )


def test_of_the_front_matter_the_short_title_is_translated() -> None:
    text = "---\nauthors: [Ana Anić]\nshort-title: Rivers\n---\n\nWords.\n"
    assert shown(text) == ["Rivers", "Words."]
    taken = cut(passages(text)[2])
    assert taken.put([("Flüsse: oben",)]) == 'short-title: "Flüsse: oben"'


def test_code_and_comments_have_no_segment() -> None:
    assert shown("```python\nprint('words')\n```\n\n<!-- words -->\n\n* * *\n") == []


def test_the_cells_of_a_table_are_segments_and_stand_below_each_other_again() -> None:
    table = "| River  |   Length | Share |\n|:-------|---------:|------:|\n| Danube | 2,850 km |    74 |\n"
    assert shown(table) == ["River", "Length", "Share", "Danube", "2,850 km", "74"]
    words = {
        "River": "Fluss",
        "Length": "Länge",
        "Share": "Anteil am Ganzen",
        "Danube": "Donau|Ister",
        "2,850 km": "2.850 km",
    }
    assert with_words(table, words) == (
        "| Fluss        |    Länge | Anteil am Ganzen |\n"
        "|:-------------|---------:|-----------------:|\n"
        "| Donau\\|Ister | 2.850 km |               74 |"
    )


def test_a_drawn_table_grows_where_its_words_do() -> None:
    table = (
        "+--------+-----------------+\n"
        "| River  | Length in km    |\n"
        "|        +-------+---------+\n"
        "|        | all   | here    |\n"
        "+:=======+======:+========:+\n"
        "| Danube | 2,850 | 588     |\n"
        "+--------+-------+---------+\n"
    )
    assert shown(table) == ["River", "Length in km", "all", "here", "Danube", "2,850", "588"]
    words = {"all": "zusammengenommen", "Length in km": "Länge in km", "2,850": "2.850"}
    assert with_words(table, words) == (
        "+--------+----------------------------+\n"
        "| River  | Länge in km                |\n"
        "|        +------------------+---------+\n"
        "|        | zusammengenommen | here    |\n"
        "+:=======+=================:+========:+\n"
        "| Danube | 2.850            | 588     |\n"
        "+--------+------------------+---------+"
    )


def test_where_the_source_has_a_line_for_each_sentence_the_translation_has_too() -> None:
    text = "The river is long.[^a]\nIt has no bridge.\n"
    words = {
        "The river is long.": "Der Fluss ist lang. Dr. Roe sagt es.",
        " It has no bridge.": " Er hat z. B. keine Brücke.",
    }
    assert with_words(text, words) == "Der Fluss ist lang.\nDr. Roe sagt es.[^a]\nEr hat z. B. keine Brücke."


def test_lines_in_an_item_keep_their_indent() -> None:
    text = "- The river is long.\n  It has no bridge.\n"
    words = {"The river is long. It has no bridge.": "Der Fluss ist lang. Er hat keine Brücke. Das ist so."}
    assert with_words(text, words) == "- Der Fluss ist lang.\n  Er hat keine Brücke.\n  Das ist so."


@pytest.mark.parametrize(
    ("words", "markdown"),
    [
        ("5 * 3 [sic] `x` $5 a_b _c_", "5 \\* 3 \\[sic\\] \\`x\\` \\$5 a_b \\_c\\_"),
        ("# no heading", "\\# no heading"),
        ("1. no list", "1\\. no list"),
        ("- no list", "\\- no list"),
        ("(a) no list", "\\(a) no list"),
        ("@nobody and a@b.org", "\\@nobody and a@b.org"),
        ("{{ no value }}", "\\{\\{ no value }}"),
        ("no <b> and &amp;", "no \\<b> and \\&amp;"),
        ("World\u00a0Bank", "World\\ Bank"),
        ("C:\\folder", "C:\\\\folder"),
    ],
)
def test_words_of_a_translator_are_words_in_markdown(words: str, markdown: str) -> None:
    assert escaped(words, Setting()) == markdown
    hidden = Hidden()
    assert read(hide(markdown, hidden), hidden) == (words,)


def test_brackets_without_end_are_read_in_time() -> None:
    hidden = Hidden()
    assert read(hide("[" * 3000, hidden), hidden) == ("[" * 3000,)
    parts = read(hide("*a " * 2000, hidden), hidden)
    assert "".join(part for part in parts if isinstance(part, str)) == "*a " * 2000


EVERYTHING = """\
---
short-title: S
---

# Heading {#sec-a}

A paragraph.
With two sentences.[^a]

- item one
- item two

> quote

| a | b |
|---|---|
| c | d |

: caption {#tbl-x source="src"}

| verse

Term
:   Definition

::: {.box title="box {{ x }}"}
inside
:::

+---+---+
| e | f |
+---+---+

[^a]: note
"""
SIGNS = "ab1 *_`[]()<>#$^~@|\\!-+=:.'&;%/,Ж\u00a0"


def settled(text: str) -> str:
    """`text` as a translation is taken: single spaces, none at the ends."""
    return re.sub("[ \u00a0]+", lambda run: "\u00a0" if "\u00a0" in run.group() else " ", text).strip()


@given(
    st.text(alphabet=SIGNS, min_size=1, max_size=14).map(settled).filter(lambda text: re.search(r"[ab\u0416]", text))
)
@example("(#) a")
@example("(IV) a")
@example("IV. a")
@example("A) b")
@settings(max_examples=150)
def test_words_of_any_signs_are_words_wherever_they_stand(words: str) -> None:
    """Ensures that no translation can add a heading, an item, a note, a link or code to a chapter."""
    old = passages(EVERYTHING)
    new: list[str] = []
    wanted: list[tuple[Part, ...]] = []
    for passage in old:
        taken = cut(passage)
        said = [with_tags(words, one) for one in taken.segments]
        new.append(taken.put(said))
        wanted += [parts for one, parts in zip(taken.segments, said, strict=True) if not starred(one, words)]
    again = passages(put_together(EVERYTHING, old, new))
    assert [passage.kind for passage in again] == [passage.kind for passage in old]
    segments = [one for passage in again for one in cut(passage).segments]
    assert [one.parts for one in segments if not starred(one, words)] == wanted


def with_tags(words: str, segment: Segment) -> tuple[Part, ...]:
    return (words, *(part for part in segment.parts if not isinstance(part, str)))


def starred(segment: Segment, words: str) -> bool:
    """In an attribute a star is the only sign with a meaning, and there is no way to take it away."""
    return segment.setting.attribute and "*" in words
