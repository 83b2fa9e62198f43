"""Words in, words out: what is not printed is named with its page and its Markdown line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verifying import good, short

from impressum.core.errors import Place
from impressum.stages.verify.pages import Line
from impressum.stages.verify.words import WordStream, wanted

HINT = "  hint: look whether something covers it or cuts it off; if not, this is a fault of Impressum"


def test_a_lost_paragraph_is_named_with_its_line() -> None:
    rule = '#show regex("After the table the text.*|lists what it |names"): none'
    assert short().report(short().with_rule(rule))[1] == (
        "chapters/en/01-trade.md:27:1: error: the text `After the table the text goes on, and …` "
        f"is not printed on page 4 or after it [text-lost]\n{HINT}"
    )


def test_a_lost_word_is_named_with_the_word_before_it() -> None:
    assert short().report(short().with_rule('#show "railway": none'))[1] == (
        "chapters/en/02-decline.md:5:1: error: `railway` after `The` is lost from the text "
        f"`The railway took the grain. Read more on …` on page 5 [text-lost]\n{HINT}"
    )


def test_a_lost_sign_of_a_sentence_is_named() -> None:
    rule = '#show ", grain and": " grain and"'
    assert short().faults(short().with_rule(rule)).splitlines()[0] == (
        "chapters/en/01-trade.md:3:1: error: `,` after `timber` is lost from the text "
        "`The river carried timber, grain and salt to …` on page 4 [text-lost]"
    )


def test_a_lost_cell_of_a_table_is_named() -> None:
    assert good().faults(good().with_rule('#show "1850": none')) == (
        "chapters/en/01-trade.md:70:14: error: the text `1850` is not printed on page 5 or after it [text-lost]"
    )


def test_a_work_that_is_not_printed_is_named_where_it_is_cited() -> None:
    definitions = """\
#let references-list(..works) = for work in works.pos() {
  let (name, _, content) = work.pos()
  if name == "ref-salt2004" [#block[Another work.] #label(name)] else [#block(content) #label(name)]
}"""
    assert short().report(short().with_definitions(definitions))[1] == (
        "chapters/en/01-trade.md:13:54: error: the work `salt2004` of the references is not printed on page 6 "
        f"or after it [reference-lost]\n{HINT}"
    )


def test_a_cited_work_that_is_not_listed_is_named() -> None:
    meant = good().expected
    first, *rest = meant.chapters
    cited = replace(first, cited={**first.cited, "bridge2010": Place("chapters/en/01-trade.md", 3, 7)})
    assert good().report(meant=replace(meant, chapters=(cited, *rest)))[1] == (
        "chapters/en/01-trade.md:3:7: error: `bridge2010` is cited, but the references from page 8 on do not list it "
        "[reference-lost]\n"
        "  hint: look whether a template of this publication leaves works out; if none does, "
        "this is a fault of Impressum"
    )


def lost(printed: str, words: str) -> tuple[str, ...]:
    """Which of `words` are lost from the lines of `printed`, page after page (`/`)."""
    pages = enumerate(printed.split(" / "), 1)
    stream = WordStream(Line(number, line, 0, ()) for number, page in pages for line in page.split("; "))
    found = stream.find(wanted(words), 0, 0)
    assert found is not None
    return found.lost


@pytest.mark.parametrize("printed", ["the or; or; the or the; or", "it; of x. and; x.; to towns"])
def test_words_that_come_often_lead_in_no_circle(printed: str) -> None:
    assert "timber" in lost(printed, "to or the timber of of x. to towns")


@pytest.mark.parametrize(
    "printed",
    [
        "a river.; EU12 and its members agreed to it",
        "a river.; EU and its members34 agreed to it",
        "a river.; EU1 and its / 1 By treaty.; 9 / members agreed to it",
    ],
)
def test_the_marks_of_notes_stand_between_words_and_behind_the_first_one(printed: str) -> None:
    assert lost(printed, "EU and its members agreed to it") == ()


def test_one_word_between_two_formulas_is_found() -> None:
    printed = "often written as θ. After θ has been determined, it is 𝑃𝑘 (contig𝑖 ∣ genome) that is left"
    words = (
        r"often written as \theta. After \theta has been determined, it is P_k(\text{contig}_i \mid \text{genome}) that"
    )
    assert lost(printed, words) == ()
    assert lost(printed.replace("After", ""), words) == ("After",)


def test_an_item_that_is_a_formula_has_no_words_to_lose() -> None:
    item, sentence = wanted(r"\frac{n}{3} = O(n)"), wanted(r"so \frac{n}{3} = O(n) holds")
    assert all(item.is_formula(word) for _, word in item.tokens)
    assert [word for _, word in sentence.tokens if not sentence.is_formula(word)] == ["holds"]


def test_an_address_that_goes_on_on_the_next_page_is_told_from_the_same_one_in_a_note() -> None:
    printed = "as said on example.org/a/long/; 3 See example.org/a/long/path?and=more of others / "
    printed += "path?and=more today and in the years before it"
    assert lost(printed, "as said on example.org/a/long/path?and=more today and in the years before it") == ()
