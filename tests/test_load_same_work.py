"""The same work under two keys is told once, at the second; what only looks like one work is not told."""

from __future__ import annotations

import pytest

from impressum.core.errors import Faults
from impressum.core.model.sources import SourceText
from impressum.stages.load.bibliography import read_bibliography


def told(*entries: str) -> list[str]:
    faults = Faults()
    read_bibliography(SourceText("refs.bib", "".join(f"{entry}\n" for entry in entries)), faults)
    return [str(fault).partition("\n")[0] for fault in faults.all() if fault.rule == "bib-same-work"]


def entry(key: str, *fields: str, kind: str = "book") -> str:
    """An entry on one line; `fields` stand in place of those that it has of itself."""
    own = ("title={Of Rivers and Roads}", "author={Doe, Jane}", "year={2020}", "publisher={House}")
    named = {field.partition("=")[0] for field in fields}
    return f"@{kind}{{{key},{','.join((*(one for one in own if one.partition('=')[0] not in named), *fields))}}}"


def same(sign: str) -> list[str]:
    return [f"refs.bib:2:1: warning: entry `b` is the same work as `a` (line 1): it has {sign} [bib-same-work]"]


OTHER = "title={Another Title}"
PAGE = "https://example.org/2020/flood-report"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10.1000/AbC", "https://doi.org/10.1000/abc"),
        ("doi:10.1000/abc", "10.1000/abc"),
        ("10.1000/a%3Cb", "10.1000/A<b"),
    ],
)
def test_one_doi_is_one_work_however_it_is_written(one: str, other: str) -> None:
    assert told(entry("a", f"doi={{{one}}}"), entry("b", OTHER, "year=2019", f"doi={{{other}}}")) == same(
        "the same DOI"
    )


@pytest.mark.parametrize(
    "other", [PAGE, "http://www.example.org/2020/flood-report/", f"{PAGE}#top", f"{PAGE}?utm_source=mail&utm_id=2"]
)
def test_one_address_is_one_work_where_author_and_year_are_one(other: str) -> None:
    assert told(
        entry("a", f"url={{{PAGE}}}", kind="online"), entry("b", OTHER, f"url={{{other}}}", kind="online")
    ) == same("the same address")


@pytest.mark.parametrize(
    "fields",
    [
        ("title={{Of} rivers and {\\'r}oads}",),
        ("title={Of Rivers, and Roads.}", "author={Jane Doe and Poe, Ann}"),
        ("doi={10.1000/abc}",),
        ("date={2020}", "year={}"),
    ],
)
def test_one_title_author_and_year_are_one_work(fields: tuple[str, ...]) -> None:
    assert told(entry("a"), entry("b", *fields)) == same("the same title, author and year")


def test_a_work_is_told_once_under_the_surest_sign_and_each_of_three() -> None:
    again = told(*(entry(key, "doi={10.1000/abc}", f"url={{{PAGE}}}") for key in "abc"))
    assert again == [*same("the same DOI"), same("the same DOI")[0].replace(":2:", ":3:").replace("`b`", "`c`")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entry("a", "year=2020"), entry("b", "year=2021")),
        (entry("a"), entry("b", "author={Roe, Richard}")),
        (entry("a", "volume=1"), entry("b", "volume=2")),
        (entry("a", "edition=1"), entry("b", "edition=2")),
        (entry("a", "langid=english"), entry("b", "langid=german")),
        (entry("a", "doi={10.1000/a}"), entry("b", "doi={10.1000/b}")),
        (entry("a", kind="article"), entry("b", kind="techreport")),
        (entry("a", "title={Editorial}", "pages={1--2}"), entry("b", "title={Editorial}", "pages={7--8}")),
        (entry("a", "title={Notes}"), entry("b", "title={Notes}")),
        (entry("a", OTHER, "url={https://example.org/}"), entry("b", "url={https://example.org/}")),
        (entry("a", OTHER, "url={https://example.org/reports}"), entry("b", "url={https://example.org/reports}")),
        (entry("a", OTHER, f"url={{{PAGE}}}", "author={Roe, R.}"), entry("b", f"url={{{PAGE}}}")),
        (entry("a", f"url={{{PAGE}}}", "year=2019"), entry("b", f"url={{{PAGE}}}")),
        (
            entry("a", OTHER, "doi={10.1000/x}", kind="incollection"),
            entry("b", "doi={10.1000/x}", kind="incollection"),
        ),
        (entry("a", OTHER, f"url={{{PAGE}}}", kind="inbook"), entry("b", f"url={{{PAGE}}}", kind="inbook")),
        (entry("a", OTHER, "url={<<publication.doi>>}"), entry("b", "url={<<publication.doi>>}")),
        ("@xdata{a, title={Of Rivers and Roads}, author={Doe}, year=2020}", entry("b", "xdata={a}")),
        (entry("a", "title={}", "author={}"), entry("b", "title={}", "author={}")),
    ],
)
def test_two_works_that_look_like_one_are_not_told(one: str, other: str) -> None:
    assert told(one, other) == []


def test_ten_thousand_entries_are_compared_in_one_pass() -> None:
    entries = [entry(f"k{n}", f"title={{Rivers of the Valley {n}}}", f"doi={{10.1000/{n}}}") for n in range(10_000)]
    assert told(*entries) == []
