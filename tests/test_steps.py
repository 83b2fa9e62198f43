"""What a change makes run: exactly the steps that depend on it, and the bytes are those of a clean build."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from building import built_copy, contents_of, impressum, replace

READ = ("render", "parse", "document")
PAGES = {"typeset", "fitting", "verify"}


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


def test_an_edit_runs_what_depends_on_it_and_nothing_else_and_says_because_of_what(tmp_path: Path) -> None:
    """Ensures that after all of them, one on the other, all files are those of a clean build."""
    root = built_copy("river", tmp_path / "root")
    said = {}
    for edit, (change, expected) in EDITS.items():
        change(root)
        ran, said[edit] = steps_of(root)
        assert ran == expected, edit
    because = said["a value that a chart and a chapter use"]
    assert because[f"render {EN}/02-decline.md"] == ["values"]
    assert because["chart loads in en"] == ["chart"]
    assert because[f"parse {EN}/02-decline.md"] == ["text"]
    assert "chapters/02-decline.typ" in because["typeset en"]
    clean = tmp_path / "clean"
    shutil.copytree(root, clean, ignore=shutil.ignore_patterns(".cache", "dist"))
    impressum(clean, "build")
    assert contents_of(root / "dist") == contents_of(clean / "dist")
    shutil.rmtree(clean / ".cache" / "memo")
    assert steps_of(clean)[1]["verify en"] == ["its result is not in the cache"]
