"""Lists that explain words: glossaries in the order of the language, abbreviations where they first stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from parity_chapters import chapter

from impressum.core.errors import Faults
from impressum.core.model import document as d
from impressum.stages.convert.explained import check_lists, in_order, text_of

SERBIAN = "A B C Č Ć D Dž Đ E F G H I J K L Lj M N Nj O P R S Š T U V Z Ž"
ABBREVIATIONS = """
::: {.abbreviations .written-out}
NATO
:   Severnoatlantski savez, osnovan 1949.

SB
:   Svetska banka
:::
"""


def told(text: str, tag: str = "sr-Latn") -> list[str]:
    """What the lists of a chapter are told, without hints."""
    faults = Faults()
    document = chapter(f"# A\n\n{text}\n", tag)
    check_lists((document,), text_of(document.blocks), (), faults)
    return [str(replace(fault, hint="")).split(":", 1)[1] for fault in faults.all()]


def test_a_glossary_is_sorted_by_the_alphabet_and_an_index_mark_moves_with_its_word() -> None:
    words = ("ćuprija", "čamac", "cvet", "[Đerdap]{.index}", "džep")
    document = chapter(
        "# A\n\n::: glossary\n" + "\n\n".join(f"{one}\n:   Reč." for one in words) + "\n:::\n", "sr-Latn"
    )
    box = in_order(document, SERBIAN).blocks[1]
    assert isinstance(box, d.Box)
    assert isinstance(box.content[0], d.DefinitionList)
    assert [d.plain(term) for term, _ in box.content[0].items] == ["cvet", "čamac", "ćuprija", "džep", "Đerdap"]


def test_words_that_the_index_names_stand_in_the_text() -> None:
    glossary = "::: glossary\nustava\n:   Brana.\n\nbrod\n:   Plovi.\n:::\n"
    text = 'Jedna [ustava]{.index} i [NATO]{.index}, [plovilo]{.index entry="brod"}; SB (Svetska banka).\n\n'
    assert told(text + glossary + ABBREVIATIONS) == [
        "3:27: warning: `NATO` is not written out where it first stands in the text [abbreviation-first-use]",
        "9:1: warning: the glossary explains `brod`, which stands nowhere in the text [glossary-unused]",
    ]


def test_a_word_of_a_glossary_may_end_otherwise_in_the_text() -> None:
    glossary = "::: glossary\nvodno pravo\n:   Ko šta sme.\n\nustava\n:   Brana.\n:::\n"
    assert told(f"O vodnom pravu i ustavama.\n\n{glossary}") == []
    assert told(f"O pravu i ustavama.\n\n{glossary}") == [
        "6:1: warning: the glossary explains `vodno pravo`, which stands nowhere in the text [glossary-unused]"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "U Severnoatlantskom savezu (NATO) i Svetskoj banci (SB). NATO i SB su tu.",
        "NATO (Severnoatlantski savez) i „Svetska banka“ (SB)[^1].\n\n[^1]: SB.",
    ],
)
def test_an_abbreviation_that_is_written_out_where_it_first_stands_is_silent(text: str) -> None:
    assert told(text + ABBREVIATIONS) == []


def test_an_abbreviation_that_is_not_written_out_is_told_where_it_first_stands() -> None:
    text = "## NATO danas\n\nI NATO je tu. Severnoatlantski savez (NATO) i SB.\n"
    first = "is not written out where it first stands in the text [abbreviation-first-use]"
    assert told(text + ABBREVIATIONS) == [f"5:3: warning: `NATO` {first}", f"5:47: warning: `SB` {first}"]
    assert told(text + ABBREVIATIONS.replace("{.abbreviations .written-out}", "abbreviations")) == []
