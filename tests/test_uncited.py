"""Works that nothing cites are told once; those that others take up, and the rest of a library, are not told."""

from __future__ import annotations

from pathlib import Path

from building import impressum
from load_sources import PUBLICATION, write

from impressum.core.errors import Faults, Place
from impressum.core.model.sources import Bibliography, SourceText
from impressum.core.model.theme import Theme
from impressum.stages.convert.unused import check_uncited
from impressum.stages.load.bibliography import read_bibliography
from impressum.stages.load.bibtex_entries import check_access_dates


def bibliography(text: str) -> Bibliography:
    return read_bibliography(SourceText("refs.bib", text), Faults())


def told(text: str, *cited: str) -> list[str]:
    faults = Faults()
    check_uncited(bibliography(text).entries, set(cited), faults)
    return [str(fault) for fault in faults.all()]


def book(key: str, *fields: str) -> str:
    return f"@book{{{key}, title={{Of {key}}}, author={{Doe}}, year=2020, {', '.join(fields)}}}\n"


def test_works_that_nothing_cites_are_named_with_their_lines() -> None:
    hint = "take them out, cite them, or write `nocite: all` into publication.yaml to list them too"
    (two,) = told(book("a") + book("b") + book("c"), "a")
    assert two == (
        "refs.bib:2:1: warning: 2 entries are cited nowhere, and not listed among the references: `b` (line 2), "
        f"`c` (line 3) [bib-unused]\n  hint: {hint}"
    )
    (one,) = told(book("a") + book("b"), "a")
    assert one.startswith("refs.bib:2:1: warning: an entry is cited nowhere, and not listed among the references: `b`")
    (many,) = told("".join(book(f"k{n}") for n in range(30)), *(f"k{n}" for n in range(10, 30)))
    assert "`k5` (line 6) and 4 more" in many


def test_where_nothing_is_cited_yet_nothing_is_told() -> None:
    assert told(book("a") + book("b")) == []


def test_what_a_cited_work_takes_up_is_used() -> None:
    text = book("a", "crossref={b}") + book("b", "xdata={c, d}") + book("c") + "@xdata{d, publisher={P}}\n@xdata{e}\n"
    assert told(text, "a", "unknown") == []


def test_a_library_of_many_works_is_not_told() -> None:
    library = "".join(book(f"k{n}") for n in range(100))
    assert told(library, "k1", "k2") == []
    assert len(told(library, *(f"k{n}" for n in range(70)))) == 1


def test_citations_in_notes_tables_and_the_sources_of_data_count(tmp_path: Path) -> None:
    files = {
        "publication.yaml": PUBLICATION,
        "bib/references.bib": "".join(book(key, "publisher={House}") for key in ("a", "b", "c", "d", "e", "f")),
        "chapters/en/01-start.md": "# Start\n\nOne [@a] and @b.[^n]\n\n[^n]: See [-@c, p. 5].\n\n"
        "| x | y |\n|---|---|\n| 1 | [@d] |\n",
        "figures/data/trade.yaml": "title: Trade\nsource: e\n",
        "figures/data/trade.csv": "year,exports\n2020,1\n",
    }
    ran = impressum(write(tmp_path, files).root, "check")
    assert ran.code == 0
    assert ran.faults.splitlines()[0] == (
        "bib/references.bib:6:1: warning: an entry is cited nowhere, and not listed among the references: "
        "`f` (line 6) [bib-unused]"
    )
    write(tmp_path, {**files, "publication.yaml": f"{PUBLICATION}nocite: all\n"})
    assert impressum(tmp_path, "check").faults == ""


PAGES = """@online{a, title={A}, author={Doe}, year=2020, url={https://example.org/a}}
@online{b, title={B}, author={Doe}, url={https://example.org/b}, urldate={2025-01-31}}
@misc{c, title={C}, author={Doe}, year=2020, url={https://example.org/c}}
@misc{d, title={D}, author={Doe}, year=2020, url={https://example.org/d}, doi={10.1000/d}}
@book{e, title={E}, author={Doe}, year=2020, url={https://example.org/e}}
@xdata{f, urldate={2025-01-31}}
@online{g, title={G}, author={Doe}, url={https://example.org/g}, xdata={f}}
@misc{h, title={H}, author={Doe}, year=2020}
"""


def dated(*, asked: bool) -> list[str]:
    faults = Faults()
    theme = Theme("report", {"references": {"access-dates": asked}}, {}, {})
    check_access_dates(bibliography(PAGES), theme, faults)
    check_access_dates(None, theme, faults)
    return [str(fault) for fault in faults.all()]


def test_a_web_page_needs_the_day_on_which_it_was_read_where_the_theme_asks() -> None:
    hint = "add it, as in urldate = {2025-01-31}; the theme asks for it (`references.access-dates`)"
    assert dated(asked=True) == [
        f"{Place('refs.bib', line, 1)}: warning: the web page `{key}` has no day on which it was read "
        f"[bib-access-date]\n  hint: {hint}"
        for line, key in ((1, "a"), (3, "c"))
    ]
    assert dated(asked=False) == []
