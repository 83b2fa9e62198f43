"""Each rendered line knows the source line that it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rendering import Rendering

from impressum.stages.render.protect import holds_tags, protect

few = settings(
    max_examples=12,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def rendering(tmp_path: Path) -> Rendering:
    return Rendering(tmp_path)


def test_lines_of_a_loop_come_from_its_body_each_time(rendering: Rendering) -> None:
    text = "one\n{% for n in [1, 2] %}\n{{ n }} of\nthe loop\n\n{% endfor %}\ntwo\n"
    assert rendering.lines(text) == [
        "01:1= one",
        "01:3 1 of",
        "01:4= the loop",
        "01:5=",
        "01:3 2 of",
        "01:4= the loop",
        "01:5=",
        "01:7= two",
        "01:8=",
    ]


def test_a_conditional_that_drops_lines_moves_nothing_that_follows(rendering: Rendering) -> None:
    text = "a\n{% if year < 2000 %}\nold\n{% elif year > 2020 %}\nnew\n{% else %}\nmid\n{% endif %}\nb"
    assert rendering.lines(text) == ["01:1= a", "01:5= new", "01:9= b"]


def test_a_comment_of_several_lines_leaves_the_lines_after_it_in_place(rendering: Rendering) -> None:
    assert rendering.lines("a\n{## x\n\ny ##}\nb {## c ##} d\ne") == ["01:1= a", "01:5 b  d", "01:6= e"]


def test_an_expression_of_several_lines_is_at_its_first_and_the_rest_at_its_last(rendering: Rendering) -> None:
    assert rendering.lines("a\n{{\n  year\n}}\nb\n\nc {{ year }} d\ne") == [
        "01:1= a",
        "01:2 2023",
        "01:5= b",
        "01:6=",
        "01:7 c 2023 d",
        "01:8= e",
    ]


def test_each_line_of_a_value_is_at_its_expression(rendering: Rendering) -> None:
    assert rendering.lines('a\n{{ "x\ny\n\nz" }}\nb') == ["01:1= a", "01:2 x", "01:2 y", "01:2", "01:2 z", "01:6= b"]


def test_the_lines_of_a_macro_are_where_it_is_written(rendering: Rendering) -> None:
    text = "{% macro box(t) %}\nbegin {{ t }}\nend\n{% endmacro %}\na\n{{ box(1) }}\n{{ box(2) }}"
    assert rendering.lines(text) == [
        "01:5= a",
        "01:2 begin 1",
        "01:3= end",
        "01:6",
        "01:2 begin 2",
        "01:3= end",
        "01:7",
    ]


def test_a_call_block_and_its_caller_keep_their_lines(rendering: Rendering) -> None:
    text = "{% macro m() %}\n<<\n{{ caller() }}>>\n{% endmacro %}\n{% call m() %}\ninner\n{% endcall %}\nafter"
    assert rendering.lines(text) == ["01:2= <<", "01:6= inner", "01:3 >>", "01:8= after"]


def test_a_set_block_keeps_its_lines_where_it_is_printed(rendering: Rendering) -> None:
    text = "{% set part %}\nfirst\nsecond {{ year }}\n{% endset %}\na\n{{ part }}b"
    assert rendering.lines(text) == ["01:5= a", "01:2= first", "01:3 second 2023", "01:6 b"]


def test_a_filter_block_is_at_its_tag(rendering: Rendering) -> None:
    text = "a\n{% filter upper %}\none\n\ntwo\n{% endfilter %}\nb"
    assert rendering.lines(text) == ["01:1= a", "01:2 ONE", "01:2", "01:2 TWO", "01:7= b"]


def test_raw_text_keeps_its_lines_and_braces(rendering: Rendering) -> None:
    text = "a\n{% raw %}\n{{ b }}\n{% c %}\n{% endraw %}\nd"
    assert rendering.lines(text) == ["01:1= a", "01:2", "01:3= {{ b }}", "01:4= {% c %}", "01:6= d"]


def test_whitespace_control_takes_no_line_from_what_follows(rendering: Rendering) -> None:
    text = "a\n\n{%- if year %}\nb\n\n\n{%- endif -%}\n\nc\n{{- year -}}\nd\n  {%+ if year %}\ne{% endif %}\n\nf"
    assert rendering.lines(text) == ["01:1 abc2023d", "01:13   e", "01:14=", "01:15= f"]


def test_a_tag_behind_words_does_not_take_the_end_of_their_line(rendering: Rendering) -> None:
    rows = "| x |{% for n in [1, 2] %} {{ n }} |{% endfor %}\n|---|\n"
    text = f"One.{{% if year %}} Two.{{% endif %}}\n\nThree. {{## d ##}}\n\n{rows}"
    assert rendering.lines(text) == [
        "01:1 One. Two.",
        "01:2=",
        "01:3 Three.",
        "01:4=",
        "01:5 | x | 1 | 2 |",
        "01:6= |---|",
        "01:7=",
    ]


def test_a_line_on_which_the_tags_print_nothing_is_no_empty_line(rendering: Rendering) -> None:
    text = (
        "a\n{% if not year %}{{ year }}.{% endif %} {% if not year %}b{% endif %}\nc\n{% raw %}{{ d }}{% endraw %}\ne"
    )
    assert rendering.lines(text) == ["01:1= a", "01:3= c", "01:4 {{ d }}", "01:5= e"]


def test_a_tag_whose_author_takes_the_space_behind_it_does_so(rendering: Rendering) -> None:
    assert rendering.text("a{% if year %}b{% endif -%}\n\nc") == "abc"


def test_lines_of_an_include_are_in_its_file(rendering: Rendering) -> None:
    text = 'a\n{% include "box.md" %}\nb\n'
    assert rendering.lines(text, includes={"box.md": "one\n{{ year }}\n"}) == [
        "01:1= a",
        "box:1= one",
        "box:2 2023",
        "01:3= b",
        "01:4=",
    ]


def test_lines_of_an_imported_macro_are_in_its_file(rendering: Rendering) -> None:
    includes = {"m.md": "\n\n{% macro hello(who) %}\nHello {{ who }}\n{% endmacro %}\n"}
    text = 'a\n{% from "m.md" import hello %}\n{{ hello("you") }}'
    assert rendering.lines(text, includes=includes) == ["01:1= a", "m:4 Hello you", "01:3"]


def test_lines_of_an_extended_template_are_in_its_file(rendering: Rendering) -> None:
    includes = {"base.md": "top\n{% block body %}\nold\n{% endblock %}\nbottom"}
    text = '{% extends "base.md" %}\n{% block body %}\n{{ super() }}new\n{% endblock %}'
    assert rendering.lines(text, includes=includes) == ["base:1= top", "base:3= old", "01:3 new", "base:5= bottom"]


def test_a_chapter_with_front_matter_counts_as_its_file_does(rendering: Rendering) -> None:
    (chapter,) = rendering.chapters("a\n{{ year }} b\nplain words", offset=4)
    assert [str(place) for place in chapter.map.lines] == [f"chapters/en/01.md:{line}" for line in (5, 6, 7)]
    assert str(chapter.place(chapter.text.index("words"))) == "chapters/en/01.md:7:7"
    assert str(chapter.place(chapter.text.index(" b") + 1, "b")) == "chapters/en/01.md:6:12"


def test_captured_text_is_compared_without_its_marks(rendering: Rendering) -> None:
    text = (
        "{% macro kind(n) %}{% if n > 1 %}big{% else %}small{% endif %}{% endmacro %}"
        '{% set b %}{{ year }}{% endset %}{{ kind(2) == "big" }} {{ kind(1) | length }} {{ b | length }} '
        '{{ kind(2) ~ "_" ~ b }} {{ (kind(2) + "!") | upper }} {{ [kind(1), "a_b"] | join("*") }} {{ kind(2)[0] }}'
    )
    assert rendering.text(text) == "True 5 4 big\\_2023 BIG! small\\*a\\_b b"


def test_a_chapter_without_templates_is_itself(rendering: Rendering) -> None:
    text = "# One {#one}\n\nText with `{{ code }}` and $x^{{2}}$.\n"
    (chapter,) = rendering.chapters(text)
    assert chapter.text == text
    assert all(chapter.map.exact)
    assert [place.line for place in chapter.map.lines] == [1, 2, 3, 4]
    assert rendering.memo.ran == {}


MARKDOWN = st.lists(
    st.sampled_from(
        [
            "a",
            "Ж",
            "{",
            "}",
            "%",
            "#",
            "`",
            "``",
            "$",
            "$$",
            "\\",
            "\n",
            "\n\n",
            "    ",
            "- ",
            "> ",
            "```\n",
            "{{ x }}",
            "|",
        ]
    ),
    max_size=30,
).map("".join)


@few
@given(texts=st.lists(MARKDOWN.filter(lambda text: not holds_tags(protect(text))), min_size=1, max_size=40))
def test_markdown_without_templates_renders_as_itself(rendering: Rendering, texts: list[str]) -> None:
    chapters = rendering.chapters(*("{## c ##}\n\n" + text for text in texts))
    assert rendering.shown() == ""
    for chapter, text in zip(chapters, texts, strict=True):
        assert chapter.text == "\n" + text
        assert [place.line for place in chapter.map.lines] == list(range(2, text.count("\n") + 4))[
            : text.count("\n") + 2
        ]
        assert all(chapter.map.exact)


@st.composite
def templates(draw: st.DrawFn) -> str:
    """A template in which each word `w<n>` stands once."""
    count = 0

    def piece(depth: int) -> list[str]:
        nonlocal count
        lines: list[str] = []
        for _ in range(draw(st.integers(1, 4))):
            kind = draw(
                st.sampled_from(
                    ["word", "words", "blank", "value", "long", "note"] + ["for", "if", "call"] * (depth < 2)
                )
            )
            count += 2
            if kind == "word":
                lines.append(f"w{count}")
            elif kind == "words":
                lines.append(f"w{count} {{{{ year }}}} w{count + 1} {{{{- year }}}}")
            elif kind == "value":
                lines.append("{{ year }}" * draw(st.integers(1, 2)))
            elif kind == "long":
                lines += ["{{ year", "   }}" + f" w{count}"]
            elif kind == "note":
                lines += ["{## a", "b ##}" + draw(st.sampled_from(["", f" w{count}"]))]
            elif kind == "for":
                dash = draw(st.sampled_from(["", "-"]))
                lines += [
                    f"{{%{dash} for i in range({draw(st.integers(0, 3))}) %}}",
                    *piece(depth + 1),
                    f"{{% endfor {dash}%}}",
                ]
            elif kind == "if":
                lines += [
                    f"{{% if {draw(st.booleans())} %}}",
                    *piece(depth + 1),
                    "{% else %}",
                    *piece(depth + 1),
                    "{% endif %}",
                ]
            elif kind == "call":
                lines += ["{% call wrap() %}", *piece(depth + 1), "{% endcall %}"]
            else:
                lines.append("")
        return lines

    return "\n".join(["{% macro wrap() %}", "w0", "{{ caller() }}w1", "{% endmacro %}", *piece(0)])


@few
@given(texts=st.lists(templates(), min_size=1, max_size=25))
def test_each_word_of_a_template_is_found_again_at_its_line(rendering: Rendering, texts: list[str]) -> None:
    chapters = rendering.chapters(*texts)
    assert rendering.shown() == ""
    for chapter, text in zip(chapters, texts, strict=True):
        home = {word: n for n, line in enumerate(text.split("\n"), 1) for word in line.split() if word.startswith("w")}
        home["w1"] = 3
        for place, line in zip(chapter.map.lines, chapter.text.split("\n"), strict=True):
            first = line.split()[:1]
            if first and first[0] in home:
                assert place.line == home[first[0]], (text, chapter.text)


def test_a_tag_that_ends_a_line_does_not_escape_what_opens_it(rendering: Rendering) -> None:
    text = "- One {## a comment ##}\n- Two{% if year %}.{% endif %}\n\n# Head {## another ##}\n"
    assert rendering.text(text) == "- One \n- Two.\n\n# Head \n"
