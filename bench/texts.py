"""The texts that are set for the benchmark: the sample's own, without figures and data, once or many times over.

Impressum's own render stage fills in the values, so that every program is given the same finished Markdown.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from impressum.core.errors import Faults
from impressum.pipeline.load import load as load_sources
from impressum.pipeline.render import render
from impressum.pipeline.run import Order, Run
from impressum.stages.load import load
from impressum.system.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parent.parent
SAMPLE = ("publication.yaml", "chapters", "figures", "bib", "templates", "glossary.csv")
"""The files and folders of the sample, the publication in this repository."""
FIGURE = re.compile(r"^!\[[^\n]*\]\((?:figure|table):[^\n]*\n", re.MULTILINE)
TO_FIGURE = re.compile(r"\[?-?@(?:fig|tbl)-[\w-]+\]?")
TO_SECTION = re.compile(r"\[?-?@(sec-[\w-]+)\]?")
CLAIM = re.compile(r"\[([^\]\n]*)\]\{data=[^}]*\}")
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
DIVISION = re.compile(r"^:{3,}.*\n", re.MULTILINE)
COMMENT = re.compile(r"\{##.*?##\}", re.DOTALL)
ID = re.compile(r"\{[^}\n]*#([\w-]+)[^}\n]*\}")
TITLE = re.compile(r"^# (.*?)(?= \{|$)", re.MULTILINE)
NOTE = re.compile(r"\[\^([\w*-]+)\]")
INSTEAD = {
    "en": ("that", "the other chapter"),
    "sr-Latn": ("to", "drugo poglavlje"),
    "de": ("das", "das andere Kapitel"),
}
"""By language, what stands where a figure or a section was named."""


@dataclass(frozen=True)
class Text:
    """The same text in the forms that programs take: a publication, and one Markdown file with its bibliography."""

    publication: Path
    combined: Path
    bibliography: Path
    words: int


def sample_chapters(tag: str = "en") -> dict[str, str]:
    """The chapters that the sample has in a language, by slug: plain Markdown with citations and notes."""
    run = Run(Workspace(REPOSITORY), Order((tag,)), lambda stage, what: None)
    (edition,) = render(load_sources(run), run).editions
    return {one.source.slug: _plain(one.text, tag) for one in edition.chapters if not one.source.borrowed}


def write_chapters(root: Path, folder: Path) -> list[Path]:
    """The chapters of all editions of the publication in `root` as files in `folder`: those that `check` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for edition in load(Workspace(root), Faults()).editions:
        for chapter in edition.chapters:
            files.append(folder / f"{edition.tag}-{chapter.slug}.md")
            files[-1].write_text(chapter.body.text, encoding="utf-8")
    return files


def _plain(text: str, tag: str) -> str:
    that, other = INSTEAD[tag]
    for pattern, instead in (
        (FRONT_MATTER, ""),
        (FIGURE, ""),
        (TO_FIGURE, that),
        (TO_SECTION, rf"[{other}](#\1)"),
        (CLAIM, r"\1"),
        (DIVISION, ""),
        (COMMENT, ""),
    ):
        text = pattern.sub(instead, text)
    return text.strip() + "\n"


def write(folder: Path, times: int) -> Text:
    """Writes the text `times` times over into `folder`, which is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    publication = folder / "publication"
    (publication / "chapters" / "en").mkdir(parents=True)
    (publication / "bib").mkdir()
    (publication / "publication.yaml").write_text(
        "title: China in Serbia\n"
        "language: en\n"
        "date: 2025-06-30\n"
        "authors:\n  - name: The Impressum contributors\n"
        "impressum:\n  publisher:\n    name: Impressum\n  type: Study\n",
        encoding="utf-8",
    )
    bibliography = publication / "bib" / "references.bib"
    shutil.copy(REPOSITORY / "bib" / "references.bib", bibliography)
    whole = []
    chapters = sample_chapters()
    for turn in range(times):
        for at, (slug, text) in enumerate(chapters.items()):
            own = text if times == 1 else again(text, turn + 1)
            number = turn * len(chapters) + at + 1
            name = f"{number:03d}-{slug.partition('-')[2]}.md"
            (publication / "chapters" / "en" / name).write_text(own, encoding="utf-8")
            whole.append(NOTE.sub(rf"[^{number}-\1]", own).replace("-*]", "-x]"))
    combined = folder / "whole.md"
    combined.write_text("\n\n".join(whole), encoding="utf-8")
    return Text(publication, combined, bibliography, sum(len(one.split()) for one in whole))


def again(text: str, turn: int) -> str:
    """The text once more: its ids and the titles of its chapters are its own."""
    for name in set(ID.findall(text)) | set(re.findall(r"\(#([\w-]+)\)", text)):
        text = re.sub(rf"#{re.escape(name)}(?=[)\s}}])", f"#{name}-{turn}", text)
    return TITLE.sub(rf"# \1 {turn}", text)
