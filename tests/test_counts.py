"""Ensures that what is counted for an invoice is words, and nothing that a translator leaves as it is."""

from __future__ import annotations

import pytest

from impressum.translation.counts import plain, words
from impressum.translation.passages import passages

PLAIN = {
    "# Rivers and roads {#sec-rivers .unnumbered}\n": "Rivers and roads",
    "Rivers\n======\n": "Rivers",
    "It grew[^a] to \\$5 billion [@nbs2024, pp. 8-9; see @doe].\n": "It grew to $5 billion.",
    "As @doe2023 [p. 3] says, @fig-trade grows.\n": "As says, grows.",
    "A [link](https://example.org/a_(b)) and <https://example.org>.\n": "A link and.",
    "See https://example.org/report now.\n": "See now.",
    "*So* **it** ~~is~~ H~2~O m^2^ `code` $x^2$ [Wort]{lang=de}.\n": "So it is H2O m2 Wort.",
    'In {{ data.trade["2023"].exports | number }} years {% if a %}one{% endif %}.\n': "In years one.",
    "A note.^[In place.] <!-- not this --> {## nor this ##} More.\n": "A note. In place.] More.".replace("]", ""),
    "[^a]: A note [@doe].\n": "A note.",
    "[^b]: @doe, <https://example.org>.\n": "",
    "- [x] An item\n": "An item",
    "(@ferry) An example\n": "An example",
    "> A quotation\n> of two lines\n": "A quotation of two lines",
    "| A verse\n| of two lines\n": "A verse of two lines",
    "| River | km |\n|:------|---:|\n| Sava | 990 |\n": "River km Sava 990",
    "+---+---+\n| a | b |\n+===+===+\n| c | d |\n+---+---+\n": "a b c d",
    '![A bridge](a.svg){#fig-a alt="A wide river." width=80% source="Archive"}\n': "A bridge A wide river. Archive",
    '::: {.box title="How to read" #box-read}\n': "How to read",
    ":::\n": "",
    "```\ncode\n```\n": "",
    "$$ a $$ {#eq-a}\n": "",
    "* * *\n": "",
    '{% include "note.md" %}\n': "",
    "[site]: https://example.org\n": "",
    "Term\n:   Its definition\n": "Term Its definition",
    "---\nshort-title: Rivers\nkind: front\n---\n": "Rivers",
}


@pytest.mark.parametrize("text", PLAIN)
def test_only_words_are_left_of_a_passage(text: str) -> None:
    assert " ".join(said for one in passages(text) if (said := plain(one.kind, one.text))) == PLAIN[text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("– … 5 %", 1),
        ("It’s don't", 2),
        ("1,234.5 and 1.234,5", 3),
        ("a well-known e.g. U.S. case", 6),
        ("2012–2023", 2),
        ("Кина у Србији", 3),
        ("čelično prijateljstvo", 2),
        ("ce\u030celo", 1),
        ("हिन्दी भाषा", 2),
        ("人口は増えた", 6),
        ("snake_case", 1),
    ],
)
def test_words_are_counted_as_unicode_parts_them(text: str, count: int) -> None:
    assert words(text) == count
