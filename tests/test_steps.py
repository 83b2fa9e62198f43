"""What a change makes run: exactly the steps that depend on it, and the bytes are those of a clean build."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from building import contents_of, impressum, replace

SOURCES = {
    "publication.yaml": (
        "title: The River Trade\nlanguage: en\ndate: 2025-03-31\nslug: river\nrules: {bib-unused: off}\n"
    ),
    "bib/references.bib": (
        "@book{rivers, author = {Keeper, Ann}, title = {Rivers}, year = {1999}, publisher = {Old Press}}\n"
        "@book{tolls, author = {Clerk, Bo}, title = {Tolls}, year = {2001}, publisher = {Old Press}}\n"
    ),
    "figures/data/loads.csv": "year,loads\n1868,120\n1869,90\n",
    "figures/data/loads.yaml": "title: Loads at the landing\nsource: rivers\n",
    "figures/loads.yaml": (
        "title: Loads at the landing\nalt: Loads fell from 120 to 90.\ndata: [loads]\nchart: bar\nunit: loads\n"
    ),
    "chapters/en/01-trade.md": (
        "# The trade\n\nThe boats came in spring [@rivers].\n\nThey stayed for a week.\n\n"
        "![Loads at the landing](figure:loads){#fig-loads}\n\nAs @fig-loads shows, they grew fewer.\n"
    ),
    "chapters/en/02-decline.md": (
        '# The decline\n\nIn the year before it were {{ data.loads["1868"].loads }} loads.\n\nThen the railway came.\n'
    ),
    "chapters/de/01-trade.md": (
        "# Der Handel\n\nDie Boote kamen im Frühling [@rivers].\n\nSie blieben eine Woche.\n\n"
        "![Ladungen an der Lände](figure:loads){#fig-loads}\n\nWie @fig-loads zeigt, wurden es weniger.\n"
    ),
    "chapters/de/02-decline.md": (
        '# Das Ende\n\nIm Jahr davor waren es {{ data.loads["1868"].loads }} Ladungen.\n\nDann kam die Bahn.\n'
    ),
    "chapters/de/edition.yaml": (
        "title: Der Handel am Fluss\nfigures:\n  loads:\n    title: Ladungen an der Lände\n"
        "    alt: Es fielen die Ladungen von 120 auf 90.\n    unit: Ladungen\n"
    ),
}
READ = ("render", "parse", "document")
PAGES = {"typeset", "fitting", "verify"}


def write(root: Path, sources: dict[str, str]) -> Path:
    for name, text in sources.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("steps") / "root", SOURCES)
    ran = impressum(root, "build")
    assert (ran.code, ran.faults) == (0, "")
    return root


def steps_of(root: Path) -> tuple[set[str], dict[str, list[str]]]:
    """What runs in a build of `root` now: the steps, and because of what."""
    ran = impressum(root, "build", "--explain", "--json")
    assert ran.code == 0, ran.stdout
    steps = [step for step in json.loads(ran.stdout)["explained"]["steps"] if not step["reused"]]
    return {f"{step['step']} {step['about']}" for step in steps}, {
        f"{step['step']} {step['about']}": step["because"] for step in steps
    }


def pages(*tags: str) -> set[str]:
    return {f"{step} {tag}" for step in PAGES for tag in tags}


def fits(tags: str, *chapters: str) -> set[str]:
    """What is fitted of chapters, and set anew."""
    return {f"{step} {tag}, {one}" for step in ("chapter-fits", "part") for tag in tags.split() for one in chapters}


def plates(*tags: str) -> set[str]:
    return {f"plate loads in {tag}" for tag in tags}


def cite(path: Path, words: str) -> Path:
    replace(path, words, f"{words} [@tolls]")
    return path


EN, DE = "chapters/en", "chapters/de"
EDITS: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "nothing": (lambda root: None, set()),
    "a word": (
        lambda root: replace(root / EN / "01-trade.md", "for a week", "for a month"),
        {f"parse {EN}/01-trade.md", f"document {EN}/01-trade.md", *fits("en", "01-trade"), *pages("en")},
    ),
    "a word of a translation": (
        lambda root: replace(root / DE / "02-decline.md", "Dann kam", "Bald kam"),
        {*(f"{step} {DE}/02-decline.md" for step in READ), *fits("de", "02-decline"), *pages("de")},
    ),
    "a title": (
        lambda root: replace(root / DE / "02-decline.md", "# Das Ende", "# Das Ende der Boote"),
        {*(f"{step} {DE}/02-decline.md" for step in READ), *fits("de", "02-decline"), "part de, front", *pages("de")},
    ),
    "a word beside a citation": (
        lambda root: replace(root / EN / "01-trade.md", "in spring", "in summer"),
        {
            f"parse {EN}/01-trade.md",
            f"document {EN}/01-trade.md",
            "citeproc en, references",
            *fits("en", "01-trade"),
            *pages("en"),
        },
    ),
    "a value that a chart and a chapter use": (
        lambda root: replace(root / "figures/data/loads.csv", "1868,120", "1868,140"),
        {
            *(f"chart loads in {tag}" for tag in ("en", "de")),
            *(f"{step} chapters/{tag}/02-decline.md" for tag in ("en", "de") for step in READ),
            *(f"document chapters/{tag}/01-trade.md" for tag in ("en", "de")),
            *fits("en de", "01-trade", "02-decline"),
            *plates("en", "de"),
            "sheet en",
            "sheet de",
            *pages("en", "de"),
        },
    ),
    "a value that only a chart uses": (
        lambda root: replace(root / "figures/data/loads.csv", "1869,90", "1869,80"),
        {
            *(f"chart loads in {tag}" for tag in ("en", "de")),
            *(f"document chapters/{tag}/01-trade.md" for tag in ("en", "de")),
            *fits("en de", "01-trade"),
            f"document {EN}/02-decline.md",  # it holds the word `loads`, and might mean the chart
            *(f"render chapters/{tag}/02-decline.md" for tag in ("en", "de")),  # it might print any value
            *plates("en", "de"),
            "sheet en",
            "sheet de",
            *pages("en", "de"),
        },
    ),
    "an entry that no one cites": (
        lambda root: replace(root / "bib/references.bib", "{2001}", "{2002}"),
        {"citeproc en, references", "citeproc de, references"},
    ),
    "one citation more": (
        lambda root: [
            cite(root / name / "02-decline.md", before) for name, before in ((EN, "railway came"), (DE, "die Bahn"))
        ],
        {
            *(f"{step} chapters/{tag}/02-decline.md" for tag in ("en", "de") for step in READ),
            *(f"citeproc {tag}, references" for tag in ("en", "de")),
            *fits("en de", "02-decline"),
            *(f"part {tag}, references" for tag in ("en", "de")),
            *pages("en", "de"),
        },
    ),
    "the layout": (
        lambda root: (root / EN / "layout.yaml").write_text(
            "02-decline:\n  - at: Then the railway came\n    break-before: true\n", encoding="utf-8"
        ),
        # There is a page more: the list of works comes later, and the contents say so.
        {*fits("en", "02-decline"), "part en, front", "part en, references", *pages("en")},
    ),
}


def test_an_edit_runs_what_depends_on_it_and_nothing_else(built: Path, tmp_path: Path) -> None:
    """Ensures that after all of them, one on the other, all files are those of a clean build."""
    root = tmp_path / "root"
    shutil.copytree(built, root)
    for edit, (change, expected) in EDITS.items():
        change(root)
        ran, _ = steps_of(root)
        assert ran == expected, edit
    clean = tmp_path / "clean"
    shutil.copytree(root, clean, ignore=shutil.ignore_patterns(".cache", "dist"))
    impressum(clean, "build")
    assert contents_of(root / "dist") == contents_of(clean / "dist")


def test_it_is_told_because_of_what_a_step_ran(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(built, root)
    EDITS["a value that a chart and a chapter use"][0](root)
    _, because = steps_of(root)
    assert because[f"render {EN}/02-decline.md"] == ["values"]
    assert because["chart loads in en"] == ["chart"]
    assert because[f"parse {EN}/02-decline.md"] == ["text"]
    assert "chapters/02-decline.typ" in because["typeset en"]
    shutil.rmtree(root / ".cache" / "memo")
    assert steps_of(root)[1]["verify en"] == ["its result is not in the cache"]
