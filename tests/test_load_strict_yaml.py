"""Ensures that YAML holds no surprises, and that what is not YAML is told where and how to mend it."""

from __future__ import annotations

import pytest

from impressum.core.errors import Faults
from impressum.stages.load.strict_yaml import parse_yaml
from impressum.stages.load.texts import decode
from impressum.stages.load.tree import Items, Scalar, Tree


def tree(text: str) -> Tree:
    faults = Faults()
    found = parse_yaml(text, "a.yaml", faults)
    assert faults.all() == ()
    assert found is not None
    return found


def told(raw: str | bytes) -> list[str]:
    faults = Faults()
    text = decode(raw if isinstance(raw, bytes) else raw.encode(), "a.yaml", faults)
    if text is not None:
        parse_yaml(text, "a.yaml", faults)
    return [str(fault) for fault in faults.all()]


@pytest.mark.parametrize("text", ["no", "1.10", "010", "null", "~", "2024-01-01", "0x1F", "1e3", "12:30:45", "yes"])
def test_a_plain_value_stays_the_text_that_stands_in_the_file(text: str) -> None:
    value = tree(f"key: {text}\n").text("key")
    assert value is not None
    assert value.text == text


def test_each_key_and_value_keeps_its_place() -> None:
    root = tree("one: 1\ntwo:\n  - three\n")
    two = root.value("two")
    assert isinstance(two, Items)
    assert str(root.entries["two"].place) == "a.yaml:2:1"
    assert str(two.items[0].place) == "a.yaml:3:5"


def test_a_place_counts_the_lines_before_the_text() -> None:
    faults = Faults()
    parse_yaml("one: 1\none: 2\n", "a.md", faults, offset=1)
    assert [str(fault.place) for fault in faults.all()] == ["a.md:3:1"]


def test_values_are_in_one_form_of_unicode() -> None:
    assert tree("key: e\u0301\n").text("key") == Scalar("é", tree("key: x").entries["key"].value.place)


def test_a_byte_order_mark_and_windows_line_ends_make_no_difference() -> None:
    assert told(b"\xef\xbb\xbftitle: x\r\nother: y\r\n") == []


def test_a_comment_after_a_space_is_no_fault() -> None:
    assert told("title: x # a remark\n# another\n") == []


HASH = "put the whole value in quotes, or write `# ` with a space before a comment"

CASES: dict[str, tuple[str | bytes, str]] = {
    "an anchor": (
        "a: &x 1\n",
        (
            "a.yaml:1:4: error: the anchor `&x` is not read [yaml-alias]\n"
            "  hint: take it out, or put a text that begins with `&` in quotes"
        ),
    ),
    "an alias": (
        "a: *x\n",
        (
            "a.yaml:1:4: error: the alias `*x` is not read [yaml-alias]\n"
            "  hint: write the value out, or put a text that begins with `*` in quotes"
        ),
    ),
    "a tag": (
        "a: !x 1\n",
        (
            "a.yaml:1:4: error: the tag `!x` is not read [yaml-tag]\n"
            "  hint: take it out, or put a text that begins with `!` in quotes"
        ),
    ),
    "a merge key": (
        "<<: {x: 1}\n",
        "a.yaml:1:1: error: merge keys (`<<`) are not read [yaml-merge]\n  hint: write the keys out",
    ),
    "a key that is a list": (
        "? [a]\n: b\n",
        "a.yaml:1:3: error: a key must be text [yaml-key]\n  hint: write `key: value`",
    ),
    "a second document": (
        "title: a\n---\ntitle: b\n",
        "a.yaml:2:1: error: the file holds a second document [yaml-document]\n  hint: take out this `---` line",
    ),
    "a tab": (
        "title: a\n\tlang: en\n",
        "a.yaml:2:1: error: a tab indents this line [yaml-tab]\n  hint: indent with spaces only",
    ),
    "an indentation that fits no line": (
        "a:\n  b: 1\n c: 2\n",
        (
            "a.yaml:3:2: error: this line is indented by 1 space, which fits no line above it [yaml-indent]\n"
            "  hint: indent it as far as the other keys or items that it belongs to"
        ),
    ),
    "a quote that is not closed": (
        'title: "abc\nlang: en\n',
        (
            'a.yaml:1:8: error: the quote `"` that begins here is not closed [yaml-quote]\n'
            '  hint: close it with `"` at the end of the value'
        ),
    ),
    "a quote that the next line closes": (
        'title: "abc\nsub: "def"\n',
        (
            'a.yaml:1:8: error: the quote `"` that begins here is not closed [yaml-quote]\n'
            '  hint: close it with `"` at the end of the value'
        ),
    ),
    "text after a quote": (
        "a: 'it's'\n",
        (
            "a.yaml:1:4: error: text stands after the quoted text that begins with `'` [yaml-quote]\n"
            "  hint: put the whole value in quotes; a quote of the same kind inside is written twice in single quotes"
        ),
    ),
    "text after a bracket": (
        "title: [Draft] A study\n",
        (
            "a.yaml:1:8: error: text stands after the list or mapping that begins with `[` [yaml-bracket]\n"
            "  hint: put the whole value in quotes; a quote of the same kind inside is written twice in single quotes"
        ),
    ),
    "a bracket that is not closed": (
        "a: [b, c\nd: e\n",
        (
            "a.yaml:1:4: error: the bracket `[` that begins here is not closed, or a comma is missing in it "
            "[yaml-bracket]\n"
            "  hint: close it with `]`, or put the value in quotes if it is a text that begins with `[`"
        ),
    ),
    "a colon in a value": (
        "title: Risk: a study\n",
        (
            "a.yaml:1:12: error: a colon and a space stand inside a value without quotes [yaml-colon]\n"
            '  hint: put the value in quotes: `title: "Risk: a study"`'
        ),
    ),
    "an at sign": (
        "title: @handle\n",
        (
            "a.yaml:1:8: error: a value cannot begin with `@` [yaml-first-character]\n"
            '  hint: put the value in quotes: `title: "@handle"`'
        ),
    ),
    "a backtick": (
        "title: `x` y\n",
        (
            "a.yaml:1:8: error: a value cannot begin with ``` [yaml-first-character]\n"
            '  hint: put the value in quotes: `title: "`x` y"`'
        ),
    ),
    "an emphasis": (
        "title: *bold* word\n",
        (
            "a.yaml:1:8: error: a value cannot begin with `*` [yaml-first-character]\n"
            '  hint: put the value in quotes: `title: "*bold* word"`'
        ),
    ),
    "a backslash in double quotes": (
        'a: "C:\\path"\n',
        (
            "a.yaml:1:4: error: a backslash in double quotes begins an escape that does not exist [yaml-escape]\n"
            "  hint: use single quotes, or write the backslash twice"
        ),
    ),
    "a line without a colon": (
        "a: b\nc:d\n",
        (
            "a.yaml:2:1: error: this line is not a `key: value` line [yaml-syntax]\n"
            "  hint: write a colon and a space after the key"
        ),
    ),
    "an empty file": (
        "\n# nothing\n",
        "a.yaml: error: the file is empty [yaml-empty]\n  hint: write at least one `key: value` line",
    ),
    "a list at the top": (
        "- a\n- b\n",
        "a.yaml:1:1: error: the file holds a list, not a mapping [yaml-not-mapping]\n  hint: write `key: value` lines",
    ),
    "a text at the top": (
        "a:b\n",
        "a.yaml:1:1: error: the file holds text, not a mapping [yaml-not-mapping]\n  hint: write `key: value` lines",
    ),
    "a text that was dropped as a comment": (
        "title: C# for #1\n",
        f"a.yaml:1:15: warning: the text `#1` after `#` was dropped as a comment [yaml-comment]\n  hint: {HASH}",
    ),
    "a value that was dropped as a comment": (
        "title: #1 in sales\n",
        (
            "a.yaml:1:8: warning: the text `#1 in sales` after `#` was dropped as a comment [yaml-comment]\n"
            f"  hint: {HASH}"
        ),
    ),
    "a NUL": (
        b"title: a\x00b\n",
        (
            "a.yaml:1:9: error: the control character U+0000 is not text [text-control]\n"
            "  hint: delete it; it may have come with a copy from another program"
        ),
    ),
    "a NUL written as an escape": (
        'title: "a\\0b"\n',
        (
            "a.yaml:1:8: error: the control character U+0000 is not text [text-control]\n"
            "  hint: delete it; it may have come with a copy from another program"
        ),
    ),
    "bytes that are not UTF-8": (
        b"title: a\nlang: \xe8\n",
        (
            "a.yaml:2: error: the file is not UTF-8: byte 16 (line 2) is 0xE8 [text-encoding]\n"
            "  hint: save the file as UTF-8; it may have been saved in a Windows or Latin encoding"
        ),
    ),
    "deep nesting": (
        "{a: " * 60 + "b" + "}" * 60,
        "a.yaml:1:202: error: the values are nested more than 50 deep [yaml-depth]\n  hint: write it flatter",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_told_where_it_is_and_how_to_mend_it(case: str) -> None:
    raw, expected = CASES[case]
    assert told(raw) == [expected]


def test_a_duplicate_key_names_both_lines() -> None:
    assert told("title: One\nlang: en\ntitle: Two\n") == [
        "a.yaml:3:1: error: key `title` already given on line 1 [yaml-duplicate-key]\n  hint: keep one of the two"
    ]


def test_all_independent_faults_of_a_file_are_told_at_once() -> None:
    rules = [line.rpartition("[")[2].partition("]")[0] for line in told("a: &x 1\nb: *x\na: !t 2\n")]
    assert rules == ["yaml-alias", "yaml-alias", "yaml-duplicate-key", "yaml-tag"]


@pytest.mark.parametrize("text", ["a: " + "[" * 100_000, "{a: " * 50_000, "- " * 100_000, "? " * 5_000])
def test_a_bottomless_file_is_refused_like_any_other(text: str) -> None:
    assert len(told(text)) == 1


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("type:\n  body: {size: 10.5, leading: ", "2:9"),
        ("type: {body: [a, b\n\n\n", "1:14"),
        ("title: x\n\u00a0", "2:1"),
    ],
)
def test_what_the_end_of_the_file_leaves_open_is_told_within_it(text: str, place: str) -> None:
    faults = Faults()
    assert parse_yaml(text, "x.yaml", faults) is None
    assert [str(fault.place) for fault in faults.all()] == [f"x.yaml:{place}"]


@pytest.mark.parametrize(
    "text",
    ["".join(f"key{number}: x\n" for number in range(30_000)), f"a: [{'x, ' * 30_000}x]\n"],
    ids=["keys", "items"],
)
def test_a_file_of_more_values_than_any_publication_needs_is_not_read(text: str) -> None:
    faults = Faults()
    assert parse_yaml(text, "a.yaml", faults) is None
    (fault,) = faults.all()
    assert (fault.message, fault.rule) == ("the file holds more than 20,000 keys and values", "yaml-too-long")
