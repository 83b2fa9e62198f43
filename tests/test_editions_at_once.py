"""Several editions at a time: the same files, the same faults in the same order, and no more than memory allows."""

from __future__ import annotations

import threading
from dataclasses import replace as replaced
from pathlib import Path

import pytest
from building import built, checked, contents_of, copy, impressum, line_of, pages, replace

from impressum.pipeline.book import LEAST_MEMORY, MEMORY_OF_A_LETTER, inputs_of
from impressum.pipeline.build import check
from impressum.pipeline.run import Order, Run
from impressum.pipeline.typeset import bearable
from impressum.system.parallel import at_once
from impressum.system.workspace import Workspace


def test_what_is_done_at_once_is_given_in_order() -> None:
    second = threading.Event()

    def first() -> str:
        assert second.wait(10), "the other one runs beside it"
        return "first"

    def other() -> str:
        second.set()
        return "other"

    assert at_once([first, other], 2) == ["first", "other"]
    assert at_once([other, first], 1) == ["other", "first"]
    assert at_once([], 4) == []


def test_the_first_in_order_is_raised_once_all_have_ended() -> None:
    ended: list[int] = []

    def fails(number: int) -> None:
        ended.append(number)
        raise ValueError(str(number))

    with pytest.raises(ValueError, match=r"^0$"):
        at_once([lambda: fails(0), lambda: fails(1), lambda: ended.append(2)], 3)
    assert sorted(ended) == [0, 1, 2]


def test_one_edition_after_the_other_gives_the_same_files_as_both_at_once(tmp_path: Path) -> None:
    root = copy("river", tmp_path / "river")
    ran = impressum(root, "build", "--jobs", "4")
    assert (ran.code, ran.faults) == (0, "")
    assert contents_of(root / "dist") == contents_of(built("river") / "dist")


def test_the_faults_of_all_editions_are_told(tmp_path: Path) -> None:
    """Ensures that a book which cannot be set hides nothing of the others."""
    root = copy("river", tmp_path / "river")
    for tag, words in (("en", "for a week."), ("de", "eine Woche.")):
        replace(root / "chapters" / tag / "01-trade.md", words, f'{words}\n\n```{{=typst}}\n#panic("{tag}")\n```\n')
    replace(root / "publication.yaml", "slug: river", "slug: river\nraw: allow")
    ran = impressum(root, "build", "--jobs", "2")
    assert ran.code == 1
    assert [line.partition(":")[0] for line in ran.faults.splitlines() if "panic" in line] == [
        "chapters/de/01-trade.md",
        "chapters/en/01-trade.md",
    ]


def test_what_is_wrong_on_the_pages_of_all_editions_is_told(tmp_path: Path) -> None:
    wide = "\n$$\\frac{" + " + ".join(f"a_{{{number}}}" for number in range(60)) + "}{b}$$\n"
    root = copy("river", tmp_path / "river")
    for path in root.glob("chapters/*/02-decline.md"):
        path.write_text(path.read_text(encoding="utf-8") + wide, encoding="utf-8")
    ran = impressum(root, "build")
    assert [line.partition(":")[0] for line in ran.faults.splitlines() if "[page-outside]" in line] == [
        "chapters/de/02-decline.md",
        "chapters/en/02-decline.md",
    ]
    files = ".cache/work/en/refused.pdf, .cache/work/de/refused.pdf"
    assert ran.faults.splitlines()[-1] == f"  pages: {files}, with what is wrong marked on them"
    assert not (root / "dist").exists()
    ran = impressum(root, "build", "--draft", "--edition", "en")
    assert ran.code == 1
    assert ran.faults.splitlines()[-1] == "  pages: dist/river-en-draft.pdf, with what is wrong marked on them"
    assert not (root / "dist" / "river-en.pdf").exists()
    *book, told = pages(root, "river-en-draft.pdf")
    (marked,) = (number for number, text in enumerate(book, 1) if "page-outside" in text)
    assert told.startswith("What is wrong on the pages page-outside chapters/en/02-decline.md:")
    assert f" on page {marked}: " in told
    assert impressum(root, "verify", str(root / "dist/SHA256SUMS")).code == 0


def test_no_more_editions_are_set_at_once_than_memory_allows(tmp_path: Path) -> None:
    line = line_of(copy("river", tmp_path / "river"))
    manuscripts = checked(line)
    inputs = [inputs_of(one, manuscripts, line) for one in manuscripts.editions]
    assert [bearable(inputs, memory) for memory in (0, 700_000_000, 100_000_000_000)] == [1, 2, 2]
    fragment = inputs[0].manuscript.fragments[0]
    long = replaced(inputs[0].manuscript, fragments=(replaced(fragment, typst="." * 3_000_000),))
    large = replaced(inputs[0], manuscript=long)
    assert bearable([inputs[1], large], MEMORY_OF_A_LETTER * 3_000_000 + LEAST_MEMORY) == 1
    by_chapter = replaced(long, fragments=(replaced(fragment, typst="." * 60_000),) * 50)
    book = replaced(inputs[0], manuscript=by_chapter)
    assert bearable([book, book], MEMORY_OF_A_LETTER * 3_000_000 + LEAST_MEMORY) == 2, "chapters, one at a time"


def test_the_number_of_editions_at_a_time_must_be_one(tmp_path: Path) -> None:
    ran = impressum(copy("river", tmp_path / "river"), "build", "--jobs", "-1")
    assert (ran.code, ran.stderr) == (2, "impressum: `--jobs` is a number of editions: 1 or more\n")


def test_how_many_at_a_time_is_no_other_build() -> None:
    assert repr(Order(jobs=1)) == repr(Order(jobs=2))
    assert Run(Workspace(Path("/nowhere")), Order(jobs=3), lambda stage, what: None).order.jobs == 3


def test_what_only_checks_read_is_forgotten_before_pages_are_set(tmp_path: Path) -> None:
    root = copy("river", tmp_path / "river")
    kept, forgotten = check(line_of(root), documents=True), check(line_of(root))
    assert all(one.manuscript.documents for one in kept.editions)
    assert not any(one.manuscript.documents for one in forgotten.editions)
    assert forgotten.source_documents == {}
