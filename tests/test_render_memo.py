"""What was rendered is remembered, and rendered again where anything that it reads has changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from rendering import CONTEXT, Rendering

from impressum.system.cache import Json


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


TRADE: dict[str, Json] = {
    "2022": {"exports": 1000, "imports": 7, "who": "Ana"},
    "2023": {"exports": 1234.5, "imports": 8, "who": "Luka"},
}
OTHER: dict[str, Json] = {**TRADE, "2023": {"exports": 99, "imports": 8, "who": "Luka"}}


def with_trade(trade: Mapping[str, Json], **more: Json) -> dict[str, Json]:
    data: dict[str, Json] = {"trade": dict(trade), "loans": {"a": {"sum": 1}}}
    return {**CONTEXT, "data": data, **more}


def test_a_changed_value_renders_every_chapter_with_templates_again(rendering: Rendering) -> None:
    texts = [
        "{{ data.trade['2023'].exports }}",
        "{{ data.trade['2023'].imports }} {{ data.trade['2022'].exports }}",
        "{{ data.loans.a.sum }}",
        "{{ site.name }}",
    ]
    rendering.chapters(*texts, context=with_trade(TRADE))
    assert counts(rendering) == (4, 0)
    again = rendering.chapters(*texts, context=with_trade(OTHER))
    assert counts(rendering) == (4, 0)
    assert [chapter.text for chapter in again] == ["99", "8 1000", "1", "Foreign Trade"]
    rendering.chapters(*texts, context=with_trade(TRADE))
    assert counts(rendering) == (0, 4)


def test_a_value_that_another_one_leads_to_is_followed(rendering: Rendering) -> None:
    row = "{{ data.trade['2023'].exports }}"
    text = f"{{% if data.trade['2022'].exports > 500 %}}{row}{{% else %}}{{{{ data.loans.a.sum }}}}{{% endif %}}"
    low: dict[str, Json] = {**TRADE, "2022": {"exports": 1, "imports": 7, "who": "Ana"}}

    def shown(trade: Mapping[str, Json]) -> str:
        return rendering.chapters(text, context=with_trade(trade))[0].text

    assert [shown(TRADE), shown(low), shown(OTHER)] == [r"1234.5", "1", "99"]
    assert counts(rendering) == (3, 0)
    assert [shown(TRADE), shown(low), shown(OTHER), shown({**OTHER, "2022": low["2022"]})] == ["1234.5", "1", "99", "1"]
    assert counts(rendering)[1] >= 3


READING = [
    "{{ data.trade['2023'].exports | number }}",
    "{{ data.trade['2023']['exports'] + 1 }}",
    "{{ data.trade['2023'].get('exports') }}",
    "{% for key in data.trade %}{{ key }}{{ data.trade[key].exports }} {% endfor %}",
    "{% for key, row in data.trade.items() %}{{ row.exports }} {% endfor %}",
    "{% for row in data.trade.values() %}{{ row.exports }} {% endfor %}",
    "{{ data.trade.values() | sum(attribute='exports') }}",
    "{{ data.trade.values() | map(attribute='exports') | join(' ') }}",
    "{{ data.trade['2023'].values() | join(' ') }}",
    "{% for key, value in data.trade['2023'] | dictsort %}{{ value }} {% endfor %}",
    "{% set row = data.trade['2023'] %}{{ row.exports }}",
    "{% set rows = dict(data.trade) %}{{ rows['2023'].exports }}",
    "{% set row = dict(data.trade['2023'], year=1) %}{{ row.exports }}",
    "{% set space = namespace(row=data.trade['2023']) %}{{ space.row.exports }}",
    "{% macro said(row) %}{{ row.exports }}{% endmacro %}{{ said(data.trade['2023']) }}",
    "{% macro said() %}{{ kwargs.exports }}{% endmacro %}{{ said(**data.trade['2023']) }}",
    "{{ 'same' if data.trade['2023'] == {'exports': 99, 'imports': 8, 'who': 'Luka'} else 'other' }}",
    "{{ data.trade['2023'] | string | markdown }}",
    "{{ '%s' | format(data.trade['2023']) | markdown }}",
    "{{ data.trade['2023'] ~ '' }}",
    "{{ (data.trade | list)[1] }}{{ data['trade']['2023']['exports'] }}",
    "{% import 'm.md' as m with context %}{{ m.said() }}",
    "{% include 'i.md' %}",
]


@pytest.mark.parametrize("text", READING)
def test_whatever_way_a_value_is_read_a_change_of_it_is_seen(tmp_path: Path, text: str) -> None:
    includes = {
        "m.md": "{% macro said() %}{{ data.trade['2023'].exports }}{% endmacro %}",
        "i.md": "{{ data.trade['2023'].exports }}",
    }
    remembering = Rendering(tmp_path / "one")
    (first,) = remembering.chapters(text, context=with_trade(TRADE), includes=includes)
    (again,) = remembering.chapters(text, context=with_trade(OTHER), includes=includes)
    (fresh,) = Rendering(tmp_path / "two").chapters(text, context=with_trade(OTHER), includes=includes)
    assert remembering.shown() == ""
    assert again.text == fresh.text != first.text


@pytest.mark.parametrize(
    "text",
    [
        "{{ data.trade | length }}",
        "{{ 'yes' if '2024' in data.trade else 'no' }}",
        "{{ 'yes' if data.trade['2024'] is defined else 'no' }}",
        "{{ data.trade.keys() | join(' ') }}",
        "{{ data.trade | list | last }}",
        "{{ data.trade.get('2024', {'exports': 0}).exports }}",
    ],
)
def test_a_row_that_is_added_is_seen(tmp_path: Path, text: str) -> None:
    remembering = Rendering(tmp_path)
    (first,) = remembering.chapters(text, context=with_trade(TRADE))
    (again,) = remembering.chapters(text, context=with_trade({**TRADE, "2024": {"exports": 5}}))
    assert remembering.shown() == ""
    assert again.text != first.text
