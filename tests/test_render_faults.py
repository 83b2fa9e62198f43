"""What is wrong in a template is told with its place, in a sentence, with what to do; and nothing gets out of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rendering import Rendering

from impressum.system.process import Limits

INTERNALS = "use the data's own keys, a filter, or the methods of texts such as `upper` and `split`"
NAMES = "known names: data, odd, published, site, year"
TYPES = "check that texts, numbers and lists are used as such"
GROWS = "look for a text that is repeated or grows in a loop"
BACKTICKS = "put it in backticks where it is to be printed as it stands"
EMPTY = "fill it in, or test it before with `{% if … %}`"
TOO_LARGE = ("the number is too large, or none at all", "template-value", "use a larger unit, or divide by less")
LETTER = ("template-letter", "take it out of the value that it writes")
TAGS = "known tags: if, for, set, macro, call, filter, with, include, import, from, extends, block, raw"


@pytest.fixture
def rendering(tmp_path: Path) -> Rendering:
    return Rendering(tmp_path)


def internals(column: int, name: str) -> tuple[int, str, str, str]:
    return (column, f"template may not touch Python internals (`{name}`)", "template-refused", INTERNALS)


def megabytes() -> tuple[int, str, str, str]:
    return (1, "template needs more than 1000 MB", "template-too-big", GROWS)


ONE_LINE = [
    # Ways out of the sandbox
    ("{{ ''.__class__.__mro__[1].__subclasses__() | length }}", *internals(7, "__class__")),
    ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", *internals(11, "__init__")),
    ("{{ lipsum.__globals__['os'].popen('id').read() }}", *internals(11, "__globals__")),
    ("{{ '' | attr('__class__') }}", *internals(15, "__class__")),
    ("{{ '{x.__class__}'.format_map({'x': site}) }}", *internals(20, "format_map")),
    ("{{ '{0.__class__}'.format(site) }}", *internals(20, "format")),
    ("{{ self.__init__.__globals__ }}", *internals(9, "__init__")),
    ("{{ ().__class__ }}", *internals(7, "__class__")),
    ("{{ [site] | map(attribute='__class__') | list }}", *internals(28, "__class__")),
    ("{{ ['x'] | groupby('__class__') | list }}", *internals(21, "__class__")),
    ("{{ [site] | sort(attribute='__len__') | list }}", *internals(29, "__len__")),
    ("{{ site['__class__'] }}", *internals(10, "__class__")),
    ("{{ namespace(_x=1)._x }}", *internals(14, "_x")),
    ("{{ site.name.encode() }}", *internals(14, "encode")),
    ("{{ year.real }}", *internals(9, "real")),
    (
        "{{ site.update({'secret': 'changed'}) }}{{ site.name }}",
        9,
        "template may not change its data (`update`)",
        "template-refused",
        "make a value of its own with `{% set … %}`",
    ),
    (
        "{{ site.authors.append('x') }}",
        17,
        "template may not change its data (`append`)",
        "template-refused",
        "make a value of its own with `{% set … %}`",
    ),
    ("{{ obj.danger() }}", 4, "`obj` is not defined", "template-undefined", NAMES),
    ("{{ lipsum(n=200000) | length }}", 4, "`lipsum` is not defined", "template-undefined", NAMES),
    (
        "{% for i in range(10**9) %}{% endfor %}",
        13,
        "`range(1000000000)` is larger than 100000",
        "template-too-big",
        "loop over data, or over a smaller range",
    ),
    ("{{ 2 ** 20000 }}", 6, "`**` makes a number of 40000 bits", "template-too-big", "use a smaller power"),
    ("{{ ('A' * 10**9) | length }}", *megabytes()),
    ("{{ 'x'.center(2 * 10**9) | length }}", *megabytes()),
    ("{{ '%1000000000d' | format(1) | length }}", *megabytes()),
    (
        "{% set ns = namespace(s='AAAAAAAAAA') %}{% for i in range(40) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        *megabytes(),
    ),
    # Includes
    (
        "{% include '/etc/passwd' %}",
        13,
        "include of `/etc/passwd` not found under templates/",
        "template-include",
        "known templates: box.md, self.md",
    ),
    (
        "{% include 'bx.md' %}",
        13,
        "include of `bx.md` not found under templates/",
        "template-include",
        "did you mean `box.md`?",
    ),
    ("{% include '01.md' %}", 13, "`01.md` includes itself", "template-include", "take the `include` out of it"),
    (
        "{% from 'box.md' import nope %}{{ nope() }}",
        25,
        "`nope` is not in `box.md`",
        "template-undefined",
        "a template gives what it makes with `{% macro … %}` or `{% set … %}`",
    ),
    # Names and keys
    ("{{ sitte.name }}", 4, "`sitte` is not defined; did you mean `site`?", "template-undefined", NAMES),
    ("{{ nope | number }}", 4, "`nope` is not defined", "template-undefined", NAMES),
    (
        "{{ number(year) }}",
        4,
        "`number` is not defined",
        "template-undefined",
        "`number` is a filter: write `value | number`",
    ),
    (
        "on: ${{ github.ref }}",
        9,
        "`github` is not defined",
        "template-undefined",
        "to print `${{ … }}` as it stands, put it in backticks",
    ),
    (
        '{{ data.trade["2024"].exports | number }}',
        16,
        "`2024` is not in `data.trade`",
        "template-undefined",
        "known keys: 2022, 2023",
    ),
    (
        "{{ data.trade[2023].exports }}",
        15,
        "`2023` is not in `data.trade`",
        "template-undefined",
        'keys are texts: write `["2023"]`',
    ),
    (
        "{% for year, row in data.trade.items() if year == '2023' %}{{ row.exprts }}{% endfor %}",
        67,
        '`exprts` is not in `data.trade["2023"]`; did you mean `exports`?',
        "template-undefined",
        "known keys: exports, share",
    ),
    (
        "{{ site.authors[7] }}",
        17,
        "`7` is not in `site.authors`, which is a list of 2",
        "template-undefined",
        "items are counted from 0, or gone through with `{% for … in … %}`",
    ),
    ("{{ site.name.first }}", 14, "a text has no `first`", "template-undefined", "only mappings have keys"),
    ("{{ site.subtitle }}", 4, "`site.subtitle` is empty", "template-empty", EMPTY),
    ("{{ year }} and {{ site.subtitle }}", 19, "`site.subtitle` is empty", "template-empty", EMPTY),
    (
        "{{ site.subtitle | number }}",
        20,
        "`number` needs a number and was given nothing: the value is empty",
        "template-empty",
        EMPTY,
    ),
    # Values
    (
        "{{ site.authors }}",
        4,
        "`site.authors` is a list, not a text",
        "template-value",
        'join it with `| join(", ")`, or go through it with `{% for … in … %}`',
    ),
    (
        "{{ data.trade }}",
        4,
        "`data.trade` is a mapping, not a text",
        "template-value",
        "print one of its parts, or go through it with `{% for … in … %}`",
    ),
    ('So {{ "\\ud800" }}', 4, "the template makes U+D800 here, which is no character of a text", *LETTER),
    ("So {{ '%c' | format(8238) }}", 4, "the template makes U+202E here, which is no character of a text", *LETTER),
    ("So {{ 1e999 }}", 1, *TOO_LARGE),
    ("{% set x = 1e308 %}So {{ x * 10 }}", 1, *TOO_LARGE),
    ("So {{ ('1e308' | float) * -10 }}", 1, *TOO_LARGE),
    ("{{ 'abc' | number }}", 12, "`abc` is not a number", "template-value", "`| number` takes a number only"),
    (
        "{{ '2020-13-45' | date }}",
        19,
        "`2020-13-45` is not a date",
        "template-value",
        "write it as 2025-03-31, 2025-03 or 2025",
    ),
    ("{{ year | number(99) }}", 18, "`99` is not a number of decimals", "template-value", "give 0 to 20"),
    ("{{ 1 / 0 }}", 6, "division by zero", "template-type", "test the divisor before with `{% if … %}`"),
    (
        "{{ 1 + 'a' }}",
        1,
        "the expression cannot be computed: unsupported operand type(s) for +: 'int' and 'str'",
        "template-type",
        TYPES,
    ),
    ("{{ year() }}", 1, "a number cannot be called", "template-type", "leave out the brackets `()`, or call a macro"),
    (
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        1,
        "a macro calls itself without end",
        "template-refused",
        "give it a condition that ends it",
    ),
    # The writing
    (
        "a {{ year",
        3,
        "`{{` is never closed",
        "template-syntax",
        "close it with `}}`, or put it in backticks to print it",
    ),
    ("{## a", 1, "`{##` is never closed", "template-syntax", "close it with `##}`, or put it in backticks to print it"),
    ("{% if year %}a", 4, "`{% if %}` is never ended", "template-syntax", "end it with `{% endif %}`"),
    ("{% raw %}a", 4, "`{% raw %}` is never ended", "template-syntax", "end it with `{% endraw %}`"),
    ("{% fr x in [] %}", 4, "there is no tag `fr`; did you mean `for`?", "template-syntax", TAGS),
    ("{% autoescape false %}{% endautoescape %}", 4, "there is no tag `autoescape`", "template-syntax", TAGS),
    (
        "{% endif %}",
        4,
        "`{% endif %}` belongs to no block",
        "template-syntax",
        "take it out, or open its block before it",
    ),
    (
        "{% if year %}{% for a in [1] %}{% endif %}{% endfor %}",
        4 + 31,
        "`endif` stands where `endfor` or `else` is expected",
        "template-syntax",
        "close the inner block first",
    ),
    (
        "{{ odd | safe }}",
        10,
        "there is no filter `safe`",
        "template-syntax",
        "write `| markdown` for a value that is Markdown",
    ),
    (
        "{{ year site }}",
        9,
        "the template is not understood: expected `}}`, got 'site'",
        "template-syntax",
        BACKTICKS,
    ),
    ("{{ }}", 1, "the template is not understood: expected an expression, got `}}`", "template-syntax", BACKTICKS),
]


@pytest.mark.parametrize(("text", "column", "message", "rule", "hint"), ONE_LINE, ids=[case[0] for case in ONE_LINE])
def test_a_fault_is_told_in_a_sentence(
    rendering: Rendering, text: str, column: int, message: str, rule: str, hint: str
) -> None:
    shown = rendering.fault(f"first\n\n{text}\n", includes={"box.md": "a\n", "self.md": "b\n"})
    assert shown == f"chapters/en/01.md:3:{column}: error: {message} [{rule}]\n  hint: {hint}"


def test_an_unknown_filter_or_test_names_its_nearest(rendering: Rendering) -> None:
    assert rendering.fault("{{ year | numbr }}").startswith(
        "chapters/en/01.md:1:11: error: there is no filter `numbr`; did you mean `number`? [template-syntax]\n"
        "  hint: known filters: abs, attr, batch, "
    )
    assert rendering.fault("{% if year is evn %}{% endif %}").startswith(
        "chapters/en/01.md:1:15: error: there is no test `evn`; did you mean `even`? [template-syntax]\n"
        "  hint: known tests: boolean, callable, "
    )


def test_all_faults_of_all_chapters_are_told_at_once(rendering: Rendering) -> None:
    rendering.chapters(
        "{{ sitte.name }} and {{ nope }}\n\n{{ site.subtitle }}", "fine {{ year }}", "a\n{% if %}", "{{ 1 / 0 }}"
    )
    assert [f"{fault.place} {fault.rule}" for fault in rendering.faults.all()] == [
        "chapters/en/01.md:1:4 template-undefined",
        "chapters/en/01.md:1:25 template-undefined",
        "chapters/en/01.md:3:4 template-empty",
        "chapters/en/03.md:2:1 template-syntax",
        "chapters/en/04.md:1:6 template-type",
    ]


def test_a_fault_does_not_keep_the_other_chapters_from_being_rendered(rendering: Rendering) -> None:
    chapters = rendering.chapters("{{ nope }}", "fine {{ year }}", "{% broken", "also {{ year }}")
    assert [chapter.text for chapter in chapters] == ["", "fine 2023", "{% broken", "also 2023"]


def test_a_fault_in_an_include_is_at_its_line_once(rendering: Rendering) -> None:
    includes = {"box.md": "a\n\nb {{ nope }}\n"}
    rendering.chapters('{% include "box.md" %}', 'x\n{% include "box.md" %}', includes=includes)
    assert (
        rendering.shown() == f"templates/box.md:3:6: error: `nope` is not defined [template-undefined]\n  hint: {NAMES}"
    )


def test_a_fault_in_the_writing_of_an_include_is_at_its_line(rendering: Rendering) -> None:
    assert rendering.fault('{% include "box.md" %}', includes={"box.md": "a\n{% if year %}\n"}) == (
        "templates/box.md:2:4: error: `{% if %}` is never ended [template-syntax]\n  hint: end it with `{% endif %}`"
    )


def test_an_include_that_includes_itself_is_named(rendering: Rendering) -> None:
    assert rendering.fault('{% include "self.md" %}', includes={"self.md": "b\n{% include 'self.md' %}\n"}) == (
        "templates/self.md:2:13: error: `self.md` includes itself [template-include]\n"
        "  hint: take the `include` out of it"
    )


def test_a_fault_in_a_long_expression_is_at_its_own_line(rendering: Rendering) -> None:
    assert rendering.fault("a\n{{\n  year ~\n  nope\n}}\n") == (
        f"chapters/en/01.md:4:3: error: `nope` is not defined [template-undefined]\n  hint: {NAMES}"
    )


def test_an_unclosed_tag_is_at_its_opening(rendering: Rendering) -> None:
    assert rendering.fault("a\n\nb {{ year was\n\nand {{ year }} too\n") == (
        "chapters/en/01.md:3:3: error: `{{` is never closed [template-syntax]\n"
        "  hint: close it with `}}`, or put it in backticks to print it"
    )


def test_a_loop_without_end_is_stopped_and_named_with_its_line(rendering: Rendering) -> None:
    loop = "{% for a in range(100000) %}\n{% for b in range(100000) %}\n{% set c = a * b %}{% endfor %}{% endfor %}"
    rendering.chapters("fine {{ year }}", f"x\n\n{loop}", "{{ year }}", limits=Limits(seconds=2, memory=1_000_000_000))
    (fault,) = rendering.faults.all()
    assert fault.place.path == "chapters/en/02.md"
    assert fault.place.line in (4, 5)
    assert fault.message == "template still running after 2 s (a loop without end?)"
    assert fault.rule == "template-too-slow"


def test_a_computation_that_heeds_no_clock_is_stopped_from_outside(rendering: Rendering) -> None:
    text = "{% set n = namespace(x=7 ** 3000) %}{% for i in range(30) %}{% set n.x = n.x * n.x %}{% endfor %}"
    rendering.chapters("fine {{ year }}", text, limits=Limits(seconds=2, memory=1_000_000_000))
    (fault,) = rendering.faults.all()
    assert (fault.place.path, fault.message) == (
        "chapters/en/02.md",
        "template still running after 2 s (a loop without end?)",
    )


def test_a_text_that_grows_too_long_is_refused(rendering: Rendering) -> None:
    assert rendering.fault("{% for i in range(5000) %}{{ 'abcde' * 1000 }}{% endfor %}") == (
        "chapters/en/01.md: error: the rendered text is longer than 20 million letters [template-too-big]\n"
        "  hint: look for a loop that repeats too much"
    )


def test_a_refused_change_changes_nothing_for_the_chapters_after_it(rendering: Rendering) -> None:
    chapters = rendering.chapters("{{ site.update({'name': 'changed'}) }}", "{{ site.name }}")
    assert chapters[1].text == "Foreign Trade"


def test_a_rule_that_is_turned_off_leaves_the_chapter_in_the_book(rendering: Rendering) -> None:
    (chapter,) = rendering.chapters("a\n{{ 1 / 0 }}\n")
    assert chapter.text == "a\n{{ 1 / 0 }}\n"
    assert [place.line for place in chapter.map.lines] == [1, 2, 3]
