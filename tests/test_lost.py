"""What cannot be read, in whichever file it stands, hides no other fault, makes none, and is never built from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from building import impressum
from load_sources import PUBLICATION, write

from impressum.core.errors import Faults
from impressum.core.model.lost import may_be
from impressum.core.model.publication import Publication
from impressum.stages.load.binding import bind_what_fits
from impressum.stages.load.strict_yaml import parse_yaml

Files = Mapping[str, "str | bytes"]
SLIP = {"chapters/en/02-more.md": "# More\n\nAll of the the rest.\n"}
SLIPPED = ["chapters/en/02-more.md word-doubled"]
SIDECAR = "title: Trade\nsource: https://example.org/trade\n"
TRADE = {"figures/data/trade.csv": "year,a\n2022,1\n2023,2,3\n", "figures/data/trade.yaml": SIDECAR}
DOT = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0"


def told(root: Path, files: Files) -> list[str]:
    """The file and the rule of each fault that `check` tells, but for that of the second chapter."""
    ran = impressum(write(root, {**SLIP, **files}).root, "check")
    lines = [line for line in ran.faults.splitlines() if not line.startswith(" ")]
    found = [re.sub(r"(:\d+)*: (error|warning): .*\[([a-z-]+)\]$", r" \3", line) for line in lines]
    assert [one for one in found if one in SLIPPED] == SLIPPED
    return [one for one in found if one not in SLIPPED]


@pytest.mark.parametrize(
    ("broken", "text", "alone"),
    [
        (
            {"publication.yaml": f"{PUBLICATION}version: [2]\n"},
            "A {{ publication.version }} b.",
            "publication.yaml yaml-type",
        ),
        (
            {"publication.yaml": f"{PUBLICATION}vershion: 2\n"},
            "A {{ publication.version | upper }} b {{ 1 - publication.version[0].c }}.",
            "publication.yaml yaml-unknown-key",
        ),
        (
            {"publication.yaml": f"{PUBLICATION}subtitle: one\nsubtitle: two\n"},
            "A {{ publication.subtitle }} b.",
            "publication.yaml yaml-duplicate-key",
        ),
        (
            {"publication.yaml": "title: *new\nlanguage: en\ndate: 2025-01-31\n"},
            "A {{ publication.title }} b.",
            "publication.yaml yaml-alias",
        ),
        (
            {"publication.yaml": f"{PUBLICATION}keywords:\n  - !one\n  - two\n"},
            "A {{ publication.keywords | join }} b.",
            "publication.yaml yaml-tag",
        ),
        (
            {
                "publication.yaml": f"{PUBLICATION}rules:\n  data-gap: of\n",
                "figures/data/trade.csv": "year,a\n2022,1\n2023,\n",
                "figures/data/trade.yaml": SIDECAR,
            },
            "Text.",
            "publication.yaml yaml-value",
        ),
        (
            {"publication.yaml": f"{PUBLICATION}impressum:\n  publisher: X\n"},
            "A {{ publication.impressum.publisher.name }} b.",
            "publication.yaml yaml-type",
        ),
        (
            {"publication.yaml": "language: en\ndate: 2025-01-31\n"},
            "On {{ publication.title }}.",
            "publication.yaml yaml-missing-key",
        ),
        ({"publication.yaml": f"{PUBLICATION}raw: alow\n"}, "A `#h(1em)`{=typst} b.", "publication.yaml yaml-value"),
        (
            {
                "publication.yaml": f"{PUBLICATION}bibliography: bib/no.bib\n",
                "figures/data/t.yaml": "title: T\nsource: roe\n",
                "figures/data/t.csv": "year,a\n2022,1\n",
            },
            "So it is [@roe2021, p. 3; see @Poe:1999.]. See @sec-start.",
            "publication.yaml bibliography-missing",
        ),
        (
            {"bib/references.bib": b"@book{roe, title = {\xe9}}\n"},
            "So it is [-@roe].",
            "bib/references.bib text-encoding",
        ),
        (
            TRADE,
            "{{ data.trade['2022'].a + 1 }} or [4]{data=trade.2022.a}, see @tbl-t.\n\n![T](table:trade){#tbl-t rows=b}",
            "figures/data/trade.csv data-row",
        ),
        (
            TRADE,
            "A[^1]\n\n{% for row in data.trade %}\nB[^2]\n{% endfor %}\n\n[^1]: A note.\n\n[^2]: A note.",
            "figures/data/trade.csv data-row",
        ),
        (
            TRADE,
            "{% if data.trade['2022'].a > 1 %}\n## A {#sec-a}\n{% endif %}\n\nSee @sec-a.",
            "figures/data/trade.csv data-row",
        ),
        (
            {"figures/trade.yaml": "title: T\nalt: T\nchart: pie\n"},
            "![T](figure:trade){#fig-trade}\n\nSee @fig-trade.",
            "figures/trade.yaml yaml-value",
        ),
        (
            {"figures/trade.py": "def draw(figure, data, words): ...\n"},
            "![T](figure:trade){#fig-trade}\n\nSee @fig-trade.",
            "figures/trade.py figure-undeclared",
        ),
        (
            {"templates/note.md": b"A n\xf6te.\n"},
            '{% include "note.md" %}\n\nSee @sec-note.',
            "templates/note.md text-encoding",
        ),
        (
            {"templates/note.md": b"{% macro a() %}\xf6{% endmacro %}\n"},
            '{% from "note.md" import a %}{{ a() }} See @sec-note.',
            "templates/note.md text-encoding",
        ),
        (
            {"templates/theme.yaml": "page: {measure: wide}\nfigures: {resolution: 9000}\n", "images/a.png": DOT},
            "Text.",
            "templates/theme.yaml theme-token",
        ),
    ],
)
def test_a_chapter_that_leans_on_what_cannot_be_read_has_no_fault(
    tmp_path: Path, broken: Files, text: str, alone: str
) -> None:
    assert told(tmp_path, {"chapters/en/01-start.md": f"# Start {{#sec-start}}\n\n{text}\n", **broken}) == [alone]


EN = {"chapters/en/01-start.md": "# Start\n\nThe Danube is 2,850 km long, and blue.\n"}


@pytest.mark.parametrize(
    ("files", "alone"),
    [
        # Nobody knows whether the edition shows what it lacks, is the twin of another, or means to differ.
        ({"chapters/de/edition.yaml": "fallback: never\n"}, ["chapters/de/edition.yaml yaml-value"]),
        ({"chapters/de/edition.yaml": "a: b: c\n"}, ["chapters/de/edition.yaml yaml-colon"]),
        (
            {"chapters/de/edition.yaml": "twin-off: en\ntransliteration:\n  keep: [EU]\n"},
            ["chapters/de/edition.yaml yaml-unknown-key"],
        ),
        (
            {
                "chapters/de/edition.yaml": "fallback: show\ndifferences:\n  - chapter: 01-start\n",
                "chapters/de/01-start.md": "# Anfang\n\nDie Donau ist 2.580 km lang.\n\nMehr.\n",
            },
            ["chapters/de/edition.yaml yaml-missing-key"] * 2,
        ),
        # What is known of it counts.
        (
            {
                "chapters/de/edition.yaml": "fallback: show\ntitel: Flüsse\n",
                "chapters/de/01-start.md": "# Anfang\n\nDie Donau ist 2.580 km lang, und blau.\n",
            },
            ["chapters/de/01-start.md parity-numbers", "chapters/de/edition.yaml yaml-unknown-key"],
        ),
        # The words of an edition that has none are those of nobody.
        (
            {"chapters/tlh/edition.yaml": "fallback: show\n", "chapters/tlh/01-start.md": "# Qapla'\n\nA 2,850 b.\n"},
            ["chapters/tlh words-language"],
        ),
        (
            {"chapters/ar/edition.yaml": "fallback: show\n", "chapters/ar/01-start.md": "# A\n\nB (2,851) @sec-c.\n"},
            ["chapters/ar direction-unsupported"],
        ),
    ],
)
def test_nothing_is_concluded_from_an_edition_that_cannot_be_read(
    tmp_path: Path, files: Files, alone: list[str]
) -> None:
    assert told(tmp_path, {**EN, **files}) == alone


def test_what_else_is_wrong_in_a_declaration_is_told_beside_a_key_that_does_not_fit(tmp_path: Path) -> None:
    files = {
        "figures/a.yaml": "titel: A\nalt: A\nchart: bar\ndata: [trade]\nseries: [b]\nlicence: CC BA 4.0\n",
        "figures/b.yaml": "title: B\nalt: B\nchart: bah\ndata: [trade]\nseries: [b]\n",
        "figures/data/trade.csv": "year,a\n2022,1\n2023,2\n",
        "figures/data/trade.yaml": SIDECAR,
        "figures/data/more.csv": "year,a,b\n2022,1,x\n2023,2,y\n2024,3%,z\n",
        "figures/data/more.yaml": "title: More\nsorce: https://example.org\ncolumns:\n  c: {title: C}\n",
        "figures/data/rest.csv": "year,a\n2022,1\n2023,2\n2024,3%\n",
        "figures/data/rest.yaml": f"{SIDECAR}columns:\n  a: {{format: [text]}}\n",
    }
    assert told(tmp_path, files) == [
        *("figures/a.yaml yaml-unknown-key", "figures/a.yaml chart-column", "figures/a.yaml figure-licence"),
        "figures/b.yaml yaml-value",
        "figures/data/more.csv data-type",
        *("figures/data/more.yaml yaml-unknown-key", "figures/data/more.yaml data-unknown"),
        "figures/data/rest.yaml yaml-type",
    ]


@pytest.mark.parametrize("gap", ["{{ data.trade.a }}", "{{ nobody }}", "{{", "[" * 50])
def test_of_the_chapter_of_a_twin_no_word_is_known_where_it_cannot_be_read(tmp_path: Path, gap: str) -> None:
    files = {
        "publication.yaml": PUBLICATION.replace("en", "sr-Latn"),
        "chapters/sr-Latn/01-start.md": "# Reke {#sec-reke}\n\n::: abbreviations\nCEFTA\n:   Zona\n:::\n",
        "chapters/sr-Latn/02-more.md": f"# Mora {{#sec-mora}}\n\nOvde je CEFTA.\n\nRaz {gap} dva.\n",
        "chapters/sr-Latn/03-end.md": "# Kraj\n\nOvo ovo, a onda vidi vidi @sec-mora i [to](#mora).\n",
        "chapters/sr-Cyrl/edition.yaml": "twin-of: sr-Latn\n",
        **TRADE,
    }
    root = write(tmp_path, files).root
    for path in (root / "chapters/en").iterdir():
        path.unlink()
    (root / "chapters/en").rmdir()
    ran = impressum(root, "check")
    lines = [line for line in ran.faults.splitlines() if not line.startswith(" ")]
    assert {line.rpartition("[")[2] for line in lines} <= {
        *("data-row]", "word-doubled]", "template-undefined]", "template-syntax]", "nested-too-deep]"),
    }
    assert "word-doubled" in ran.faults


def test_where_the_bibliography_cannot_be_read_other_references_are_looked_for(tmp_path: Path) -> None:
    files: Files = {
        "bib/references.bib": b"@book{roe,\xe9}\n",
        "chapters/en/01-start.md": "# Start\n\nSee @sec-no [@doe].\n",
    }
    assert told(tmp_path, files) == ["bib/references.bib text-encoding", "chapters/en/01-start.md reference-unknown"]


def test_where_the_language_is_not_known_only_what_follows_from_nothing_is_told(tmp_path: Path) -> None:
    files = {
        "publication.yaml": "title: Rivers\ndate: 2025-01-31\nrules: {data-gap: off}\n",
        "bib/references.bib": "@book{roe2021,\n  author = {Roe, Jane},\n  title = {Water},\n  date = {2021},\n}\n",
        "figures/data/trade.csv": "year,a,b\n2022,1,x\n2023,,y\n",
        "figures/data/trade.yaml": "title: Trade\nsource: roe2021\n",
        "figures/a.yaml": "title: A\n",
        "chapters/de/edition.yaml": "fallback: never\n",
    }
    ran = impressum(write(tmp_path, files).root, "check")
    assert [line for line in ran.faults.splitlines() if not line.startswith(" ")] == [
        "chapters/de/edition.yaml:1:11: error: `fallback` must be one of `show`, `forbid`, not `never` [yaml-value]",
        (
            "figures/a.yaml: error: nothing draws this figure: there is no `a.py`, `.svg`, `.pdf`, `.png` or "
            "`.jpg` beside it [figure-drawing]"
        ),
        "figures/a.yaml:1: error: the required key `alt` is missing [yaml-missing-key]",
        "publication.yaml:1: error: the required key `language` is missing [yaml-missing-key]",
    ]


@pytest.mark.parametrize(
    "said", ["series:\n  title: [One]\n", "serie:\n  title: One\n", "series: One\n", 'subtitle: "a\n']
)
def test_what_an_edition_takes_from_what_cannot_be_read_is_not_missing_in_it(tmp_path: Path, said: str) -> None:
    files = {
        "publication.yaml": f"{PUBLICATION}{said}",
        "chapters/de/01-start.md": "# Anfang\n\nText.\n",
        "chapters/de/edition.yaml": "fallback: show\nseries:\n  number: 3\nauthors:\n  - role: x\n",
    }
    ran = impressum(write(tmp_path, files).root, "check")
    found = [line for line in ran.faults.splitlines() if not line.startswith(" ")]
    assert [line for line in found if not line.startswith("publication.yaml:")] == [
        "chapters/de/edition.yaml:5:5: error: the required key `name` is missing [yaml-missing-key]"
    ]
    assert len(found) == 2


def test_nothing_is_built_of_what_cannot_be_read_whatever_is_lowered_or_allowed(tmp_path: Path) -> None:
    off = "".join(
        f"  {rule}: off\n" for rule in ("yaml-unknown-key", "yaml-value", "theme-token", "data-row", "figure-failed")
    )
    broken: list[Files] = [
        {"publication.yaml": f"{PUBLICATION}# allow yaml-unknown-key: meant\nkeyword: x\nrules:\n{off}"},
        {"publication.yaml": f"{PUBLICATION}stage: finall\nrules:\n{off}"},
        {"chapters/en/edition.yaml": "subtitel: x\n", "publication.yaml": f"{PUBLICATION}rules:\n{off}"},
        {"templates/theme.yaml": "colour: {acent: '#112233'}\n", "publication.yaml": f"{PUBLICATION}rules:\n{off}"},
        {**TRADE, "publication.yaml": f"{PUBLICATION}rules:\n{off}"},
        {
            "figures/map.yaml": "title: Map\nalt: A map\n",
            "figures/map.py": "# allow figure-failed: meant\ndef draw(figure, data, words): raise SystemExit(3)\n",
            "chapters/en/01-start.md": "# Start\n\n![Map](figure:map){#fig-map}\n",
            "publication.yaml": f"{PUBLICATION}rules:\n{off}",
        },
    ]
    for number, files in enumerate(broken):
        root = write(tmp_path / str(number), files).root
        ran = impressum(root, "build", "--draft")
        assert (ran.code, ran.faults.count(": error: ")) == (1, 1), files
        assert "as something could not be read" in ran.faults
        assert not (root / "dist").exists()


def test_what_of_a_file_fits_is_bound_and_the_rest_is_known_to_be_unknown() -> None:
    text = (
        "language: en\ndate: soon\nsubtitel: x\nkeywords: [a, b]\nstage: final\nseries:\n  number: 3\n"
        "authors:\n  - name: A\n    orcid: 1\n  - role: b\n  - name: C\ncover:\n  fokus: top\n  alt: x\n"
    )
    tree = parse_yaml(text, "publication.yaml", Faults())
    assert tree is not None
    faults = Faults()
    read = bind_what_fits(Publication, tree, faults, {"title": "?", "date": "2000-01-01"})
    assert len(faults.all()) == 7
    assert read.value is not None
    assert (read.value.title, read.value.keywords, read.value.stage) == ("?", ("a", "b"), "final")
    assert [author.name for author in read.value.authors] == ["A", "C"]
    assert (read.value.series, read.value.cover.alt, read.value.authors[0].orcid) == (None, "x", None)
    assert read.unknown == {
        *("title", "date", "subtitel", "subtitle", "authors", "series"),
        *("cover.fokus", "cover.focus"),
    }
    assert may_be("cover", read.unknown)
    assert not may_be("cover.alt", read.unknown)
    assert bind_what_fits(Publication, tree, Faults()).value is None
