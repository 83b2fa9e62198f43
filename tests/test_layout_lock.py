"""`layout.lock`: what page fitting found, kept with the publication, and never more than other line breaks."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from building import impressum, line_of
from fitted import Prose, write

from impressum.core.errors import Faults, Place
from impressum.core.model.fits import Fit
from impressum.core.model.manuscript import ExpectedBlock, ExpectedChapter
from impressum.pipeline import build
from impressum.pipeline.fitting.chapter_fits import ChapterFits
from impressum.pipeline.fitting.lock import NOTHING, read_lock, write_lock
from impressum.system.workspace import Workspace

CHAPTER = "01-lines"
BLOCK = ExpectedBlock(f"{CHAPTER}/1", "paragraph", "", "Words", Place("chapters/en/01-lines.md", 3))
FOUND = ChapterFits({f"{CHAPTER}/": Fit(depth=1), f"{CHAPTER}/1": Fit(lines=-1)}, {f"{CHAPTER}/1": ""}, 8, 3, 2, "a")

REFUSED = (
    "chapters/en/layout.lock: warning: this is no file that `build --keep-fits` has written: all pages are fitted anew "
    "[layout-lock]\n  hint: take it away, or let `build --keep-fits` write it anew"
)


def chapters() -> dict[str, str]:
    """One chapter whose last page has too few lines, and one that is as it should be."""
    prose = Prose(36)
    few = "\n\n".join(prose.line() for _ in range(36))
    return {CHAPTER: f"# Lines\n\n{few}\n", "02-more": f"# More\n\n{prose.sentences(9)}\n"}


def test_a_machine_without_a_cache_sets_what_was_kept_and_searches_for_what_has_changed(tmp_path: Path) -> None:
    first = write(tmp_path / "first", chapters())
    ran = impressum(first, "build", "--keep-fits")
    assert ran.code == 0
    assert "[7/7] publish  chapters/en/layout.lock\n" in ran.stderr
    lock = first / "chapters/en/layout.lock"
    kept = json.loads(lock.read_text(encoding="utf-8"))["chapters"]
    assert kept[CHAPTER]["fits"] == {f"{CHAPTER}/": {"depth": 1}}
    made = (first / "dist/fitted-pages-en.pdf").read_bytes()
    clone = write(tmp_path / "clone", chapters())
    (clone / "chapters/en/layout.lock").write_bytes(lock.read_bytes())
    line = line_of(clone)
    build.build(line)
    assert "chapter-fits" not in line.memo.ran
    assert (clone / "dist/fitted-pages-en.pdf").read_bytes() == made
    records = [root / "dist/fitted-pages-en.pdf.record.json" for root in (first, clone)]
    assert len({json.loads(one.read_text(encoding="utf-8"))["inputs"] for one in records}) == 2, "the lock is one"
    more = clone / "chapters/en/02-more.md"
    more.write_text(f"{more.read_text(encoding='utf-8')}\nOne sentence more.\n", encoding="utf-8")
    about = clone / "publication.yaml"  # which no chapter is laid out by
    about.write_text(about.read_text(encoding="utf-8").replace("title: ", "title: Other ", 1), encoding="utf-8")
    line = line_of(clone)
    build.build(line)
    assert [step.about for step in line.memo.steps if step.name == "chapter-fits"] == ["en, 02-more"]


def test_what_is_kept_is_of_one_state_of_a_chapter(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.edition("en").mkdir(parents=True)
    write_lock(workspace, "en", {CHAPTER: FOUND, "02-unset": ChapterFits({}, {}, 0, 0)})
    faults = Faults()
    lock = read_lock(workspace, "en", faults)
    chapter = ExpectedChapter(CHAPTER, (), (), (), {}, (BLOCK,))
    assert lock.find(chapter, "a") == FOUND
    assert lock.find(chapter, "b") is None
    assert lock.find(ExpectedChapter("02-unset", (), (), (), {}), "") is None, "what cannot be set is not kept"
    assert lock.find(ExpectedChapter(CHAPTER, (), (), (), {}), "a") is None, "it names a block that is not there"
    assert read_lock(workspace, "de", faults) == NOTHING
    assert faults.all() == ()


@pytest.mark.parametrize(
    ("fits", "is_read"),
    [
        ({"lines": -2}, True),
        ({"lines": 20}, False),
        ({"reserve": 1e9}, False),
        ({"depth": 40}, False),
        ({"whole": "a" * 5000}, False),
        ({"breaks": "never"}, False),
        ({"place": "top"}, True),
        ({"place": "left"}, False),
        ({"probe": True}, False),
        ({"lines": "1"}, False),
        ("[" * 100_000, False),
    ],
)
def test_a_lock_asks_for_what_page_fitting_may_ask_or_for_nothing(fits: object, is_read: bool, tmp_path: Path) -> None:
    workspace, faults = Workspace(tmp_path), Faults()
    workspace.edition("en").mkdir(parents=True)
    about = {"made_of": "a", "reasons": {}, "weight": 0, "passes": 1, "pages": 1}
    whole = json.dumps({"version": 1, "chapters": {CHAPTER: {**about, "fits": {BLOCK.key: fits}}}})
    workspace.layout_lock("en").write_text(fits if isinstance(fits, str) else whole, encoding="utf-8")
    assert (read_lock(workspace, "en", faults) != NOTHING) is is_read
    assert [str(fault) for fault in faults.all()] == ([] if is_read else [REFUSED])


def test_a_lock_keeps_all_that_page_fitting_asks_of_a_block(tmp_path: Path) -> None:
    every = Fit(True, -1, "bottom", 2.5, "word", "open", depth=1)
    assert [one.name for one in fields(Fit) if getattr(every, one.name) == one.default] == ["probe"]
    workspace = Workspace(tmp_path)
    workspace.edition("en").mkdir(parents=True)
    write_lock(workspace, "en", {CHAPTER: replace(FOUND, fits={BLOCK.key: every})})
    found = read_lock(workspace, "en", Faults()).find(ExpectedChapter(CHAPTER, (), (), (), {}, (BLOCK,)), "a")
    assert found is not None
    assert found.fits == {BLOCK.key: every}


def test_what_page_fitting_did_for_a_reason_that_there_is_not_is_not_believed(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.edition("en").mkdir(parents=True)
    write_lock(workspace, "en", {CHAPTER: ChapterFits({}, {CHAPTER: "\x1b[2J"}, 0, 1, 1, "a")})
    chapter = ExpectedChapter(CHAPTER, (), (), (), {}, (BLOCK,))
    assert read_lock(workspace, "en", Faults()).find(chapter, "a") is None
