"""CSL JSON and CSL YAML as a bibliography: what is read, what is a fault at its place, and that pandoc agrees."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from impressum.core.errors import Faults
from impressum.core.model.sources import Bibliography, SourceText
from impressum.stages.load.bibliography import read_bibliography

ZOTERO = """[
\t{
\t\t"id": "roe2020",
\t\t"type": "article-journal",
\t\t"title": "\\ud83d\\udea2 on the \\"Sava\\"",
\t\t"container-title": "Rivers \\/ Roads",
\t\t"author": [{"family": "Roe", "given": "Jane", "suffix": "Jr."}, {"literal": "World Bank"}],
\t\t"issued": {"date-parts": [["2020", 5, "3"], [2021]]},
\t\t"volume": 7, "page": "1-9", "keyword": "a, b", "custom": {"any": [1]},
\t\t"accessed": {"date-parts": [[2024, 2, 29]]}, "DOI": "10.5555/x"
\t}
]
"""
YAML = """---
references:
- id: law  # an act
  type: legislation
  title: The act of *rivers*
  authority: Parliament
  publisher: The gazette
  issued: {literal: n.d.}
- {id: old, type: book, title: Old, author: {family: Doe}, issued: {year: -350}}
...
"""


def read(text: str, name: str) -> tuple[Bibliography, list[str]]:
    """What is read of `text` in the file `name`, and the first line of each fault."""
    faults = Faults()
    return read_bibliography(SourceText(name, text), faults), [str(one).splitlines()[0] for one in faults.all()]


def one(variables: Mapping[str, object]) -> list[str]:
    """The faults of a book in YAML, with nothing lacking but what `variables` change."""
    book = {"id": "k", "type": "book", "title": "T", "author": [{"family": "A"}], "issued": {"raw": "2020"}}
    return read(json.dumps([{**book, **variables}]), "r.yaml")[1]


def test_what_zotero_exports_is_read_without_a_fault() -> None:
    bibliography, faults = read(ZOTERO, "bib/references.json")
    assert faults == []
    entry = bibliography.entries["roe2020"]
    assert (entry.type, str(entry.place)) == ("article", "bib/references.json:3:2")
    assert entry.fields["title"] == '🚢 on the "Sava"'
    assert entry.fields["author"] == "Roe, Jane and {World Bank}"
    assert (entry.fields["date"], entry.fields["urldate"]) == ("2020-05-03/2021", "2024-02-29")


def test_yaml_is_read_as_a_list_or_below_references() -> None:
    bibliography, faults = read(YAML, "r.yml")
    assert faults == []
    assert [(key, entry.type, entry.fields["date"]) for key, entry in bibliography.entries.items()] == [
        ("law", "misc", "n.d."),
        ("old", "book", "-0350"),
    ]
    assert read(YAML.replace("references:\n", ""), "r.yml")[0].keys() == {"law", "old"}


@pytest.mark.parametrize(
    ("text", "name", "fault"),
    [
        ('[{"id": "a",}]', "r.json", "r.json:1:1"),
        (
            '[{"id": "a" "b"}]',
            "r.json",
            "r.json:1:13: error: the file is no JSON: expecting ',' delimiter [bib-syntax]",
        ),
        (
            "[\n" + "[1," * 100_000,
            "r.json",
            "r.json:2:149: error: the values are nested more than 50 deep [yaml-depth]",
        ),
        (
            '[{"NaN": "\\" NaN",\n"x": NaN}]',
            "r.json",
            "r.json:2:6: error: the file is no JSON: it has no value `NaN` [bib-syntax]",
        ),
        ('{"works": []}', "r.json", "r.json:1:1: error: the file holds no list of works [bib-syntax]"),
        ("works: []", "r.yaml", "r.yaml:1:1: error: the file holds no list `references` [bib-syntax]"),
        ("", "r.yaml", "r.yaml: error: the file is empty [yaml-empty]"),
        ("- id: &a k\n  title: T\n", "r.yaml", "r.yaml:1:7: error: the anchor `&a` is not read [yaml-alias]"),
    ],
)
def test_a_file_that_is_no_bibliography_is_a_fault(text: str, name: str, fault: str) -> None:
    assert [told[: len(fault)] for told in read(text, name)[1]] == [fault]


@pytest.mark.parametrize(
    ("variables", "fault"),
    [
        ({"issued": "May 2020"}, "`issued` of entry `k` is `May 2020`: that is no date [bib-date]"),
        ({"accessed": {"date-parts": [[2023, 2, 29]]}}, "`accessed` of entry `k` is `2023-02-29`: that month has no"),
        ({"issued": {"date-parts": [2020]}}, "`issued` of entry `k` is `2020-2020-2020-2020`: that is no date"),
        ({"issued": {}}, "`issued` of entry `k` is no date [bib-date]"),
        ({"title": "[" * 9}, "more than 8 brackets `[` are open in `title` of entry `k` [bib-too-deep]"),
        ({"title": "A ![b](c)"}, "an image is in `title` of entry `k` [bib-html]"),
        ({"note": "A ![b](c)"}, "an image is in `note` of entry `k` [bib-html]"),
        ({"custom": {"any": ["[" * 9]}}, "more than 8 brackets `[` are open in `custom` of entry `k` [bib-too-deep]"),
        ({"author": [{"given-name": "A"}]}, "`author` of entry `k` holds a name without `family` and `literal`"),
        ({"volume": {"x": 1}}, "`volume` of entry `k` is a mapping, not text [bib-syntax]"),
        ({"URL": "data:text/html,x"}, "`URL` of entry `k` has the scheme `data` [bib-url-scheme]"),
        ({"title": "A\u202eB"}, "[text-bidi]"),
    ],
)
def test_a_value_that_pandoc_would_drop_or_must_not_read_is_a_fault(variables: dict[str, object], fault: str) -> None:
    assert any(fault in told for told in one(variables))


@pytest.mark.parametrize(
    ("variable", "fault"),
    [
        ('"title": null', "`title` of entry `k` is `null`, not text [bib-syntax]"),
        ('"keyword": ["a"]', "`keyword` of entry `k` is a list, not text [bib-syntax]"),
        ('"issued": 2020', "`issued` of entry `k` is no date as JSON has one [bib-syntax]"),
        ('"author": [{"family": 1}]', "`author` of entry `k` holds a name whose `family` is no text [bib-syntax]"),
        ('"author": "A"', "`author` of entry `k` is no list of names [bib-syntax]"),
        ('"author": [null]', "`author` of entry `k` holds `null` where a name should be [bib-syntax]"),
        ('"editor": [["A"]]', "`editor` of entry `k` holds a list where a name should be [bib-syntax]"),
        (
            '"author": [{"family": "A", "suffix": true}]',
            "`author` of entry `k` holds a name whose `suffix` is no text [bib-syntax]",
        ),
        ('"issued": {"literal": 7}', "`issued` of entry `k` holds a `literal` that is no text [bib-syntax]"),
        ('"volume": 3.5', "`volume` of entry `k` is `3.5`, not text [bib-syntax]"),
        ('"page": 1e400', "`page` of entry `k` is `1e400`, not text [bib-syntax]"),
    ],
)
def test_what_stops_pandoc_in_json_is_a_fault_at_its_place(variable: str, fault: str) -> None:
    lacking, *faults = read(f'[{{"id": "k", "type": "book", {variable}}}]', "r.json")[1]
    assert [one.partition(": error: ")[2] for one in faults] == [fault]
    assert variable.split('"')[1] not in lacking  # what is there is not missing


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('"id": null, "type": "book"', "an entry has no `id` [bib-key-missing]"),
        ('"id": true, "type": "book"', "an entry has no `id` [bib-key-missing]"),
        ('"id": "k", "type": null', "`type` of entry `k` is `null`, not text [bib-syntax]"),
        ('"id": "k", "type": ["book"]', "`type` of entry `k` is a list, not text [bib-syntax]"),
    ],
)
def test_an_id_and_a_type_are_text(entry: str, fault: str) -> None:
    faults = read(
        f'[{{{entry}, "title": "A", "author": [{{"literal": "B"}}], "issued": {{"raw": "2020"}}}}]', "r.json"
    )[1]
    assert [one.partition(": error: ")[2] for one in faults if ": error: " in one] == [fault]


def test_what_no_style_prints_may_hold_anything() -> None:
    more = '"custom": {"a": [1]}, "volume": 7, "author": [{"family": "A", "given": null, "isInstitution": true}]'
    work = f'[{{"id": "k", "type": "book", "title": "T", "issued": {{"raw": "2020"}}, {more}}}]'
    assert read(work, "r.json")[1] == []


def test_a_date_in_words_is_one_and_missing_fields_are_named() -> None:
    assert one({"issued": {"literal": "in press"}}) == []
    assert one({"author": [], "type": "chapter"}) == [
        "r.yaml:1:2: warning: entry `k` has no author or editor and no booktitle [bib-field-missing]"
    ]


def test_a_bibliography_of_thousands_of_works_is_no_file_too_long() -> None:
    works = [
        {
            "id": f"w{n}",
            "type": "book",
            "title": f"Work {n}",
            "author": [{"family": f"A{n}"}],
            "issued": {"raw": "1999"},
        }
        for n in range(3_000)
    ]
    bibliography, faults = read(json.dumps(works), "r.json")
    assert (len(bibliography.entries), faults) == (3_000, [])
