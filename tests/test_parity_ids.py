"""A translated chapter takes the ids of its source, so that swapping a file never breaks a link silently."""

from __future__ import annotations

from dataclasses import replace

from parity_chapters import chapter, found

from impressum.core.errors import Faults
from impressum.core.model import document as d
from impressum.core.model.heading_ids import heading_ids, headings_of
from impressum.stages.convert.anchors import in_titles, number, without_gaps
from impressum.stages.convert.inherited_ids import inherit_ids

SOURCE = "# Rivers\n\nText.\n\n## Economic cooperation\n\nText.\n\n## Methods {#sec-methods}\n\nText.\n\n## Methods\n"


def ids(source: str, text: str) -> tuple[list[str], str]:
    """The ids of the headings of `text` after it has taken those of `source`, and what was said."""
    faults = Faults()
    document = inherit_ids(chapter(text, "sr-Latn"), chapter(source), faults)
    assert document.landmarks == d.landmarks_of(document.blocks)
    return [heading.id for heading in headings_of(document)], "\n".join(map(str, faults.all()))


def test_a_heading_takes_the_id_of_that_of_the_source_even_one_made_from_its_title() -> None:
    text = "# Reke\n\nTekst.\n\n## Ekonomska saradnja\n\nTekst.\n\n## Metode\n\nTekst.\n\n## Opet metode\n"
    assert ids(SOURCE, text) == (["rivers", "economic-cooperation", "sec-methods", "methods"], "")
    assert heading_ids(headings_of(chapter(SOURCE))) == (
        "rivers",
        "economic-cooperation",
        "sec-methods",
        "methods",
    )


def test_headings_within_passages_take_theirs_too() -> None:
    text = "# Reke\n\n::: untranslated\n## Economic cooperation\n\nText.\n:::\n\n## Metode\n\n## Opet\n"
    assert ids(SOURCE, text)[0] == ["rivers", "economic-cooperation", "sec-methods", "methods"]


def test_an_id_that_the_translator_wrote_stays() -> None:
    assert ids("# Rivers\n", "# Reke {#reke}\n") == (["reke"], "")


def test_where_levels_differ_no_heading_takes_an_id() -> None:
    assert ids(SOURCE, "# Reke\n\n## Saradnja\n\n## Metode\n") == (["", "", ""], "")


def test_where_ids_have_changed_places_no_heading_takes_an_id() -> None:
    source = "# Rivers\n\n## One {#one}\n\n## Two {#two}\n\n## Three\n"
    assert ids(source, "# Reke\n\n## Dva {#two}\n\n## Jedan {#one}\n\n## Tri\n")[0] == ["", "two", "one", ""]


def test_an_id_that_stands_elsewhere_is_a_fault() -> None:
    taken, said = ids("# Rivers\n\n## One {#one}\n", "# Reke\n\nJedno [mesto]{#one}.\n\n## Jedan\n")
    assert taken == ["rivers", ""]
    assert said == (
        "chapters/sr-Latn/01-rivers.md:3:8: error: the id `one` stands here, and in the source it is that of what is "
        "now at chapters/sr-Latn/01-rivers.md:5:4 [parity-ids]\n"
        "  hint: put it where the source has it, or take it out"
    )


def figures(source: str, text: str) -> list[str]:
    """The ids of the figures of `text` after it has taken those of `source`."""
    document = inherit_ids(chapter(text, "sr-Latn"), chapter(source), Faults())
    assert document.landmarks == d.landmarks_of(document.blocks)
    return [node.id for node in d.walk(document.blocks) if isinstance(node, d.Figure)]


def test_a_figure_takes_the_id_of_the_same_picture_wherever_it_stands() -> None:
    source = (
        "# A\n\n![One](figure:trade){#fig-trade}\n\n![Two](figure:debt){#fig-debt}\n\n"
        "![Three](images/canon.svg){#fig-canon alt=So}\n"
    )
    text = (
        "# A\n\n![Tri](images/canon.svg){alt=Tako}\n\n![Dva](figure:debt){#fig-dug}\n\n"
        "::: tip\n![Jedan](figure:trade)\n:::\n"
    )
    assert figures(source, text) == ["fig-canon", "fig-dug", "fig-trade"]


def test_a_picture_that_stands_twice_says_nothing() -> None:
    source = "# A\n\n![One](figure:trade){#fig-one}\n\n![Two](figure:trade){#fig-two}\n"
    assert figures(source, "# A\n\n![Jedan](figure:trade)\n\n![Dva](figure:trade)\n") == ["", ""]


def test_the_id_of_a_table_a_box_a_formula_and_a_passage_has_to_be_written() -> None:
    source = (
        "# A\n\n| A |\n|---|\n| one |\n\n: Boats {#tbl-boats}\n\n::: {.tip #box-tip}\nText.\n:::\n\n"
        "$$ a = b $$ {#eq-a}\n\n::: {#passage}\nA passage.\n:::\n"
    )
    text = "# A\n\n| A |\n|---|\n| jedan |\n\n: Čamci\n\n::: tip\nTekst.\n:::\n\n$$ a = b $$\n\nJedan pasus.\n"
    assert found(source, text).splitlines() == [
        "chapters/sr-Latn/…:3:3: error: the id `tbl-boats` of the source (chapters/en/…:3:3) is missing [parity-ids]",
        "chapters/sr-Latn/…:9:5: error: the id `box-tip` of the source (chapters/en/…:9:6) is missing [parity-ids]",
        "chapters/sr-Latn/…:13:4: error: the id `eq-a` of the source (chapters/en/…:13:4) is missing [parity-ids]",
        "chapters/sr-Latn/…:15:1: error: the id `passage` of the source (chapters/en/…:16:1) is missing [parity-ids]",
    ]


def test_an_id_that_is_nearly_one_of_the_source_is_told_with_it() -> None:
    source = "# A\n\nA [place]{#sec-place}.\n\nText.\n"
    assert found(source, "# A\n\nJedno mesto.\n\n[Tekst]{#sec-plaec}.\n").splitlines() == [
        "chapters/sr-Latn/…:3:1: error: the id `sec-place` of the source (chapters/en/…:3:4) is missing [parity-ids]",
        "chapters/sr-Latn/…:5:2: warning: the source has no id `sec-plaec` [parity-ids]",
    ]


def test_the_landmarks_of_a_chapter_say_all_that_its_places_are_numbered_by() -> None:
    text = (
        "Before.\n\n# A title[^n]\n\n#### *Below* [it]{#span}\n\n| A |\n|---|\n| one |\n\n: Boats $x$ {#tbl-boats}\n\n"
        "![One, see @tbl-boats](figure:trade){#fig-trade}\n\n::: {.tip #box}\nA tip, of some [words](#span).\n:::\n\n"
        "$$ a = b $$ {#eq-a}\n\n::: {#passage}\nA passage.\n\n## Within it\n:::\n\n[^n]: A note.\n"
    )
    document = without_gaps(chapter(text))
    everything = replace(document, landmarks=document.nodes)
    words = {"appendix.letters": "AB", "box.tip": "Tip", "list.and": " and ", "list.comma": ", "}
    numbered, by_nodes = (number((one,), depth=4, words=words) for one in (document, everything))
    assert numbered == by_nodes
    assert [anchor.title for anchor in numbered.all()][:2] == ["A title", "Below it"]
    assert [heading.level for heading in headings_of(document)] == [1, 2, 2]
    assert in_titles(document)
    assert document.landmarks == d.landmarks_of(document.blocks)
