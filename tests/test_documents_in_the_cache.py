"""Documents from the cache: the same as those that are read, and never anything but a document."""

from __future__ import annotations

import dataclasses
import os
import pickle
import shutil
from pathlib import Path

import pytest
from building import PUBLICATIONS, copy, impressum, line_of, replace
from test_steps import EN

from impressum.core.model.document import Block
from impressum.core.model.manuscript import ChapterDocument, Manuscript
from impressum.pipeline.build import check
from impressum.stages.convert.kept import read_back
from impressum.stages.convert.reading import Read

FAULTY = "\n\nA [place]{.unheard-of} and a box.\n\n::: box\nWords.\n:::\n"


def held(manuscript: Manuscript) -> tuple[Manuscript, list[tuple[ChapterDocument, tuple[Block, ...]]]]:
    """All that a manuscript holds, its blocks made."""
    documents = [(dataclasses.replace(one, content=tuple), one.blocks) for one in manuscript.documents]
    return dataclasses.replace(manuscript, documents=()), documents


def test_what_is_remembered_is_the_same_with_its_faults(tmp_path: Path) -> None:
    root = copy("river", tmp_path / "river")
    replace(root / EN / "02-decline.md", "Then the railway came.", f"Then the railway came.{FAULTY}")
    first, again = line_of(root, "en"), line_of(root, "en")
    read, recalled = check(first, documents=True), check(again, documents=True)
    assert (first.memo.ran["document"], again.memo.reused["document"]) == (2, 2)
    assert [held(one.manuscript) for one in recalled.editions] == [held(one.manuscript) for one in read.editions]
    assert again.faults.found() == first.faults.found() != ()


def test_an_id_that_two_chapters_give_is_told_from_the_memo_too(tmp_path: Path) -> None:
    root = copy("river", tmp_path / "river")
    for name in ("01-trade.md", "02-decline.md"):
        path = root / EN / name
        path.write_text(path.read_text(encoding="utf-8") + "\n\n## More {#sec-more}\n\nWords.\n", encoding="utf-8")
    told = [impressum(root, "check", "--edition", "en").faults for _ in range(2)]
    assert told[0] == told[1]


def test_a_chapter_that_shows_a_file_is_read_anew_where_the_file_has_changed(tmp_path: Path) -> None:
    root = copy("river", tmp_path / "river")
    image = root / "images" / "a boat.svg"
    image.parent.mkdir()
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"><rect width="{}" height="1"/></svg>'
    image.write_text(drawn.format(1), encoding="utf-8")
    text = "Then the railway came.\n\n![A boat](<images/a boat.svg>)\n\n![A ship](ship.png)\n"
    replace(root / EN / "02-decline.md", "Then the railway came.", text)
    manuscripts, ran = [], []
    for change in (
        lambda: None,
        lambda: None,
        lambda: image.write_text(drawn.format(2), encoding="utf-8"),
        lambda: image.rename(image.with_name("A boat.svg")),
        lambda: image.with_name("A boat.svg").rename(image),
    ):
        change()
        line = line_of(root, "en")
        made = check(line, documents=True)
        manuscripts.append(([held(one.manuscript) for one in made.editions], line.faults.found()))
        ran.append(line.memo.ran.get("document", 0))
    assert ran == [2, 0, 1, 1, 0]
    assert manuscripts[0] == manuscripts[1]
    assert manuscripts[2] == manuscripts[4] != manuscripts[0]
    files = [set(one[0][0].files.values()) for one, _ in manuscripts]
    assert drawn.format(1).encode() in files[1]
    assert drawn.format(2).encode() in files[4]
    assert [sorted(fault.rule for fault in faults) for _, faults in manuscripts] == [
        ["image-missing"],
        ["image-missing"],
        ["image-missing"],
        ["file-case", "image-missing"],
        ["image-missing"],
    ]


def test_a_chapter_is_written_anew_where_its_notes_or_what_it_says_of_others_changes(tmp_path: Path) -> None:
    root = copy("river", tmp_path / "root")
    first, second = root / EN / "01-trade.md", root / EN / "02-decline.md"
    first.write_text(first.read_text(encoding="utf-8") + "\n\n## Tolls {#sec-tolls .unnumbered}\n\nPaid.\n", "utf-8")
    replace(second, "Then the railway came.", "After @sec-tolls and @fig-loads came the railway.[^1]\n\n[^1]: In May.")
    written = []
    for path, old, new in (
        (second, "railway.", "railway!"),
        (first, "in spring", "in spring^[In March.]"),
        (first, "## Tolls", "## Duties"),
        (root / "bib" / "references.bib", "{Rivers}", "{Streams}"),
    ):
        replace(path, old, new)
        line = line_of(root, "en")
        recalled = check(line).editions[0].manuscript
        written.append((line.memo.ran.get("write", 0), line.memo.ran.get("references", 0)))
        if old in ("in spring", "{Rivers}"):
            clean = tmp_path / path.name
            shutil.copytree(root, clean, ignore=shutil.ignore_patterns(".cache"))
            assert recalled == check(line_of(clean, "en")).editions[0].manuscript
    assert written == [(2, 1), (2, 0), (2, 0), (0, 1)]


def test_what_another_chapter_explains_no_more_is_a_placeholder_in_one_that_is_as_it_was(tmp_path: Path) -> None:
    root = copy("river", tmp_path / "river")
    replace(root / EN / "01-trade.md", "They stayed", "They had thymidine kinase (TK) and stayed")
    replace(root / EN / "02-decline.md", "Then the railway came.", "The year is TK.")
    told = []
    for _ in range(2):
        line = line_of(root, "en")
        check(line)
        told.append([fault.place.path for fault in line.faults.found() if fault.rule == "placeholder-left"])
        shutil.copy(PUBLICATIONS / "river" / EN / "01-trade.md", root / EN)
    assert told == [[], [f"{EN}/02-decline.md"]]


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch ran",)


@pytest.mark.parametrize(
    "raw",
    [
        pickle.dumps(Evil()),
        pickle.dumps((Path("a"), (), {}, {})),
        b"cimpressum.core.model.sources\nPath\n.",
        b"cimpressum.core.errors\nnearest\n.",
        b"",
        b"torn",
    ],
)
def test_nothing_but_a_document_is_made_of_what_the_cache_holds(
    raw: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_back(Read, raw) is None
    assert not (tmp_path / "ran").exists()
