"""Chapters that nobody wrote: every construct in any order, at any length. They build, and nothing is lost."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from building import PUBLICATIONS, impressum, pages

WORDS = (
    "the river carried timber and grain to towns below while a bridge of stone stood over it for years before rails "
    "came with trade of a new kind which nobody had asked for but everyone used once there was no other way home "
    "Novi Sad Smederevo Zrenjanin naïve Ćuprija kolovoz Überlieferung déjà-vu internationalization 1,234.5 2012 59% "
    "€3.2 x. and, or; (so) well-known state-of-the-art https://example.org/a/long/path?with=query&and=more"
).split()
WHOLE = ("2012", "59%", "1,234.5", "€3.2")
"""Words that no line divides."""
BLOCKS = 10
CHAPTERS = int(os.environ.get("IMPRESSUM_CHAPTERS", "2"))
"""How many chapters are built; with more, more is found."""
CHAPTER_PAGE = 3
"""Behind cover, impressum and contents."""
SPOILED = re.compile(r"\[(text-lost|note-lost|note-page|note-mark|page-overprint|page-outside|link-lost|page-blank)\]")
PLACE = re.compile(r"^(  |\d+ errors?, \d+ warnings? |[\w./-]+(:\d+(:\d+)?)?: (error|warning): .+ \[[a-z-]+\]$)")


@dataclass
class Author:
    """Writes a chapter as `chance` has it; what is cited, linked and noted is there."""

    chance: random.Random
    notes: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    formulas: int = 0

    def words(self, least: int, most: int) -> str:
        words = [self.chance.choice(WORDS) for _ in range(self.chance.randint(least, most))]
        return " ".join(words).removeprefix("x. ")  # which would begin a list

    def inline(self, *, notes: bool = True) -> str:
        kinds = ["words"] * 6 + ["*{}*", "**{}**", "`{}`", '"{}"', "'{}'", "[{}]{{.smallcaps}}", "[{}]{{lang=de}}"]
        kinds += [
            "~~{}~~",
            "H~2~O {}",
            "m^2^ {}",
            "$a_{{1}} + b^2$ {}",
            "[{}](https://example.org/x)",
            "{} [@doe2020, p. 3]",
        ]
        kind = self.chance.choice([*kinds, "note", "reference"])
        if kind == "note" and notes:
            name = f"n{len(self.notes)}"
            self.notes.append(f"[^{name}]: {self.words(2, 60)}.")
            return f"{self.words(1, 3)}[^{name}]"
        if kind == "reference" and self.ids:
            return f"see @{self.chance.choice(self.ids)}"
        if kind in ("words", "note", "reference"):
            return self.words(2, 14)
        text = self.words(1, 3).replace("`", "").replace("https://example.org/a/long/path?with=query&and=more", "it")
        return kind.format(text)

    def line(self, most: int = 9, *, notes: bool = True) -> str:
        return " ".join(self.inline(notes=notes) for _ in range(self.chance.randint(1, most))) + "."

    def name(self, kind: str) -> str:
        self.ids.append(f"{kind}-{len(self.ids)}")
        return self.ids[-1]

    def paragraph(self) -> str:
        return self.line()

    def heading(self) -> str:
        return (
            f"## {self.words(2, 9)} {{#{self.name('sec')}}}\n\n{self.line()}\n\n### {self.words(1, 6)}\n\n{self.line()}"
        )

    def bullets(self) -> str:
        items = [
            f"- {self.line(3)}" + (f"\n    - {self.line(2)}" if self.chance.random() < 0.3 else "") for _ in range(4)
        ]
        return "\n".join(items)

    def numbers(self) -> str:
        return "\n\n".join(f"{n}. {self.line(3)}\n\n    {self.line(2)}" for n in range(1, self.chance.randint(3, 6)))

    def tasks(self) -> str:
        return f"- [ ] {self.line(2)}\n- [x] {self.line(2)}"

    def terms(self) -> str:
        return "\n\n".join(f"{self.words(1, 3)}\n:   {self.line(3)}" for _ in range(3))

    def quotation(self) -> str:
        return f"> {self.line(6)}\n>\n> — {self.words(2, 4)}"

    def verse(self) -> str:
        return "\n".join(f"| {self.words(2, 6)}" for _ in range(4))

    def code(self) -> str:
        return f"```python\n{self.words(3, 12)}\n\n    {self.words(2, 20)}\n```"

    def table(self) -> str:
        columns = self.chance.randint(2, 6)
        cells = [
            " | ".join(self.inline(notes=False).replace("|", "") for _ in range(columns)) for _ in range(self.rows())
        ]
        head = " | ".join(self.words(1, 2) for _ in range(columns))
        rule = "|".join(self.chance.choice((":--", "--:", ":-:")) for _ in range(columns))
        rows = "\n".join(f"| {row} |" for row in cells)
        return f'| {head} |\n|{rule}|\n{rows}\n\n: {self.line(2)} {{#{self.name("tbl")} source="{self.words(2, 6)}"}}'

    def rows(self) -> int:
        return self.chance.choice((2, 3, 5, 30))

    def picture(self) -> str:
        width = self.chance.choice(("", "width=40%", ".wide", "width=60mm"))
        return f'![{self.line(2)}](images/canon.svg){{#{self.name("fig")} alt="Two pages." {width}}}'

    def group(self) -> str:
        images = "\n\n".join(
            f'![{self.words(1, 3)}](images/margins-{one}.svg){{alt="A page."}}' for one in ("even", "narrow")
        )
        return f"::: {{#{self.name('fig')}}}\n{images}\n\n{self.line(2, notes=False)}\n:::"

    def box(self) -> str:
        kind = self.chance.choice(("note", "tip", "warning", "important", "box", "key-findings", "recommendations"))
        inside = self.chance.choice((self.paragraph, self.bullets, self.numbers))
        return f'::: {{.{kind} title="{self.words(1, 5)}"}}\n{self.line()}\n\n{inside()}\n:::'

    def formula(self) -> str:
        return f"$$ \\sum_{{i=1}}^{{n}} x_i = \\frac{{a}}{{b}} $$ {{#{self.name('eq')}}}"

    def pause(self) -> str:
        return f"* * *\n\n{self.line()}"

    def foreign(self) -> str:
        return f"::: {{lang=de}}\n{self.line(notes=False)}\n:::"

    def chapter(self, blocks: int) -> str:
        kinds: list[Callable[[], str]] = [self.paragraph] * 4
        kinds += [
            self.heading,
            self.bullets,
            self.numbers,
            self.tasks,
            self.terms,
            self.quotation,
            self.verse,
            self.code,
        ]
        kinds += [self.table, self.picture, self.group, self.box, self.formula, self.pause, self.foreign]
        body = "\n\n".join(self.chance.choice(kinds)() + f"\n\n{self.paragraph()}" for _ in range(blocks))
        return f"# {self.words(2, 8)}\n\n{self.paragraph()}\n\n{body}\n\n" + "\n\n".join(self.notes) + "\n"


def publication(root: Path, seed: int) -> str:
    """A publication of one such chapter, in both themes by turns; gives the chapter."""
    (root / "chapters/en").mkdir(parents=True)
    (root / "bib").mkdir()
    shutil.copytree(PUBLICATIONS / "specimen/images", root / "images")
    (root / "bib/references.bib").write_text(
        "@book{doe2020, author = {Doe, Jane}, title = {A Title}, publisher = {House}, year = {2020}}\n",
        encoding="utf-8",
    )
    (root / "publication.yaml").write_text(
        f"title: Any\nlanguage: en\ndate: 2025-01-31\ntheme: {('report', 'book')[seed % 2]}\n", encoding="utf-8"
    )
    text = Author(random.Random(seed)).chapter(BLOCKS)
    (root / "chapters/en/01-any.md").write_text(text, encoding="utf-8")
    return text


@pytest.mark.parametrize("seed", range(CHAPTERS))
def test_any_chapter_builds_and_nothing_of_it_is_lost_or_printed_over(tmp_path: Path, seed: int) -> None:
    text = publication(tmp_path, seed)
    ran = impressum(tmp_path, "build")
    assert "Traceback" not in ran.stderr, ran.stderr
    assert [line for line in ran.faults.splitlines() if not PLACE.match(line)] == [], ran.faults
    assert not SPOILED.search(ran.faults), ran.faults
    assert ran.code == 0, ran.faults
    printed = "".join("".join(pages(tmp_path, "any-en.pdf")[CHAPTER_PAGE:]).split())
    for word in WHOLE:  # what verify does not find missing is not missing to another reader either
        assert printed.count(word) >= text.count(word), word
