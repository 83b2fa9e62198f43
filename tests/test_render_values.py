"""A value is text: pandoc reads it as the letters that it is, and numbers and dates as their language writes them."""

from __future__ import annotations

import json
from pathlib import Path

import pypandoc
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rendering import Rendering

from impressum.system import process
from impressum.system.cache import Json


@pytest.fixture
def rendering(tmp_path: Path) -> Rendering:
    return Rendering(tmp_path)


def blocks(markdown: str) -> list[tuple[str, str]]:
    """What pandoc makes of `markdown`: the kind and the text of each block; other inlines stand as `<kind>`."""

    def words(inline: Json) -> str:
        if isinstance(inline, list):
            return "".join(words(part) for part in inline)
        assert isinstance(inline, dict)
        kind, content = inline["t"], inline.get("c")
        if kind == "Str" and isinstance(content, str):
            return content
        return " " if kind in ("Space", "SoftBreak") else f"<{kind}>"

    done = process.run(
        [pypandoc.get_pandoc_path(), "-f", "markdown-smart-yaml_metadata_block-pandoc_title_block", "-t", "json"],
        limits=process.Limits(60),
        stdin=markdown.encode(),
    )
    assert done.code == 0, done.errors
    return [
        (block["t"], words(block["c"]) if block["t"] in ("Para", "Plain") else "")
        for block in json.loads(done.stdout)["blocks"]
    ]


AWKWARD = st.lists(
    st.sampled_from(
        [
            *"\\`*_{}[]<>#@$~^|&+-=:.()!%'\"/;,0123aivxZж",
            *("&amp;", "&#65;", "http://a.b/c_d", "[^1]", "1.", "(1)", "a) ", "iv. ", "::: x", "^[n]", "{{", "{% x %}"),
            *("<b>", "---", "===", "- ", " ", "  "),
        ]
    ),
    min_size=1,
    max_size=8,
).map(lambda parts: " ".join("".join(parts).split()))
PLACES = ["%s", "%s. was", "%s) was", "x %s y", "x\n%s", "(%s) y", "1%s y"]


@settings(
    max_examples=4,
    phases=[Phase.generate],
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(values=st.lists(AWKWARD.filter(bool), min_size=40, max_size=60))
def test_pandoc_reads_a_value_as_its_letters(rendering: Rendering, values: list[str]) -> None:
    pairs = [(place, number) for place in PLACES for number in range(len(values))]
    source = "\n\n".join(place % f"{{{{ v[{number}] }}}}" for place, number in pairs)
    plain: list[Json] = list(values)
    (chapter,) = rendering.chapters(source, context={"v": plain})
    assert rendering.shown() == ""
    expected = [("Para", " ".join((place % values[number]).split())) for place, number in pairs]
    assert blocks(chapter.text) == expected


def test_the_marks_of_markdown_come_out_as_they_are(rendering: Rendering) -> None:
    text = rendering.text("{{ odd }}")
    assert text == r"\*x\* \[a\] \# \@b \$c\$ \\d \<e\> \`f\` g\_h \~i\~ \^j\^ \|k\| & l"
    assert blocks(text) == [("Para", r"*x* [a] # @b $c$ \d <e> `f` g_h ~i~ ^j^ |k| & l")]


def test_a_year_that_begins_a_paragraph_begins_no_list(rendering: Rendering) -> None:
    assert rendering.text("{{ year }}. was") == r"2023\. was"
    assert rendering.text("> {{ year }}) was") == r"> 2023\) was"
    assert rendering.text("- {{ year }}. was") == r"- 2023\. was"
    assert rendering.text("in {{ year }}. was") == "in 2023. was"
    assert rendering.text("{{ year }}.5") == "2023.5"
    assert rendering.text('{{ "-" }} a') == r"\- a"
    assert rendering.text('{{ "-5" }} a and {{ "-5" }}') == r"\-5 a and -5"
    assert rendering.text("1. {{ site.name }}") == "1. Foreign Trade"


def test_an_address_in_angle_brackets_is_verbatim(rendering: Rendering) -> None:
    (chapter,) = rendering.chapters("<{{ u }}> [x]({{ u }})", context={"u": "https://a.org/b_c~d"})
    assert chapter.text == r"<https://a.org/b_c~d> [x](https://a.org/b\_c\~d)"


def test_an_exclamation_before_a_link_makes_no_image(rendering: Rendering) -> None:
    assert rendering.text('{{ "Stop!" }}[x](y)') == r"Stop\![x](y)"


def test_markdown_is_let_through_where_it_is_asked_for(rendering: Rendering) -> None:
    assert rendering.text('{{ "*a* & - b" | markdown }}') == "*a* & - b"
    assert rendering.text('{{ "- a\n1. b" | markdown }}') == "- a\n1. b"


def test_a_macro_is_not_escaped_twice(rendering: Rendering) -> None:
    text = '{% macro em(t) %}*{{ t }}*{% endmacro %}{{ em("a_b & c") }} {{ em(em("x")) }} {{ "_" ~ em("y") }}'
    assert rendering.text(text) == r"*a\_b & c* **x** \_*y*"


def test_an_include_is_not_escaped(rendering: Rendering) -> None:
    assert rendering.text('{% include "a.md" %}', includes={"a.md": "*a* {{ odd[:3] }}\n"}) == "*a* \\*x\\*\n"


def test_pandocs_own_braces_are_left_alone(rendering: Rendering) -> None:
    text = "# A {#sec-a .unnumbered}\n\n[x]{.small} @fig-x ![c](figure:{{ year }}){#fig-{{ year }} width=50%}\n"
    assert rendering.text(text) == text.replace("{{ year }}", "2023")


NUMBERS = [
    ("en", "{{ 1234.5 | number }}", "1,234.5"),
    ("de", "{{ 1234.5 | number }}", "1.234,5"),
    ("sr-Latn", "{{ 1234.5 | number }}", "1.234,5"),
    ("sr-Cyrl", "{{ 1234567 | number }}", "1.234.567"),
    ("fr", "{{ 1234.5 | number }}", "1\u202f234,5"),
    ("en", "{{ 2.5 | number(0) }} {{ 3.5 | number(0) }} {{ -2.5 | number(0) }}", "3 4 −3"),
    ("en", "{{ 7 | number(2) }} {{ 0.1 | number }} {{ '1234.50' | number }}", "7.00 0.1 1,234.5"),
    ("en", "{{ 1e-7 | number }} {{ 1e12 | number }} {{ 0 | number }}", "0.0000001 1,000,000,000,000 0"),
    ("en", "{{ data.trade['2023'].exports | number }}", "1,234.5"),
    ("en", "{{ 0.345 | percent }} {{ 0.345 | percent(0) }} {{ 1 | percent }}", "34.5% 35% 100%"),
    ("de", "{{ 0.345 | percent }}", "34,5\u00a0%"),
    ("sr-Latn", "{{ 0.345 | percent }}", "34,5%"),
    ("en", "on {{ published | date }}", "on March 31, 2025"),
    ("en-GB", "on {{ published | date }}", "on 31 March 2025"),
    ("de", "am {{ published | date }}", "am 31. März 2025"),
    ("sr-Latn", "{{ published | date }}", r"31\. marta 2025."),
    ("sr-Cyrl", "dana {{ published | date }}", "dana 31. марта 2025."),
    ("en", "{{ '2025-03' | date }} {{ 2025 | date }}", "March 2025 2025"),
]


@pytest.mark.parametrize(("language", "text", "expected"), NUMBERS)
def test_numbers_and_dates_are_written_as_in_their_language(
    rendering: Rendering, language: str, text: str, expected: str
) -> None:
    assert rendering.text(text, language=language) == expected


def test_data_keys_come_before_methods(rendering: Rendering) -> None:
    context: dict[str, Json] = {"d": {"items": 3, "get": "x", "_a": 1}}
    (chapter,) = rendering.chapters(
        "{{ d.items }} {{ d.get }} {{ d['_a'] }} {{ d.keys() | join(' ') }}", context=context
    )
    assert chapter.text == r"3 x 1 items get \_a"
