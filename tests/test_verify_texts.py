"""Words in, words out: what is not printed is named with its page and its Markdown line."""

from __future__ import annotations

from dataclasses import replace

from verifying import good

from impressum.errors import Place

HINT = "  hint: look whether something covers it or cuts it off; if not, this is a fault of Impressum"


def test_a_lost_paragraph_is_named_with_its_line() -> None:
    rule = '#show regex("After the table the text.*|lists what it names"): none'
    assert good().report(good().with_rule(rule))[1] == (
        "chapters/en/01-trade.md:94:1: error: the text `After the table the text goes on, and …` "
        f"is not printed on page 6 or after it [text-lost]\n{HINT}"
    )


def test_a_lost_word_is_named_with_the_word_before_it() -> None:
    assert good().report(good().with_rule('#show "railway": none'))[1] == (
        "chapters/en/02-decline.md:5:1: error: `railway` after `The` is lost from the text "
        f"`The railway took the grain. Read more on …` on page 7 [text-lost]\n{HINT}"
    )


def test_a_lost_sign_of_a_sentence_is_named() -> None:
    rule = '#show ", grain and": " grain and"'
    assert good().faults(good().with_rule(rule)).splitlines()[0] == (
        "chapters/en/01-trade.md:3:1: error: `,` after `timber` is lost from the text "
        "`The river carried timber, grain and salt to …` on page 4 [text-lost]"
    )


def test_a_lost_cell_of_a_table_is_named() -> None:
    assert good().faults(good().with_rule('#show "1850": none')) == (
        "chapters/en/01-trade.md:70:14: error: the text `1850` is not printed on page 5 or after it [text-lost]"
    )


def test_a_work_that_is_not_printed_is_named_where_it_is_cited() -> None:
    definitions = """\
#let reference(name, mark, content) = {
  if name == "ref-salt2004" [#block[Another work.] #label(name)] else [#block(content) #label(name)]
}"""
    assert good().report(good().with_definitions(definitions))[1] == (
        "chapters/en/01-trade.md:13:54: error: the work `salt2004` of the references is not printed on page 8 "
        f"or after it [reference-lost]\n{HINT}"
    )


def test_a_cited_work_that_is_not_listed_is_named() -> None:
    meant = good().meant
    first, *rest = meant.chapters
    cited = replace(first, cited={**first.cited, "bridge2010": Place("chapters/en/01-trade.md", 3, 7)})
    assert good().report(meant=replace(meant, chapters=(cited, *rest)))[1] == (
        "chapters/en/01-trade.md:3:7: error: `bridge2010` is cited, but the references from page 8 on do not list it "
        "[reference-lost]\n"
        "  hint: look whether a template of this publication leaves works out; if none does, "
        "this is a fault of Impressum"
    )
