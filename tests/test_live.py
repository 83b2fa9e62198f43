"""The parts of the live page: what changes, what is carried over, where things stand, what opens an editor."""

from __future__ import annotations

import _thread
import asyncio
import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from building import PATIENCE, waited_for
from watching import write_publication

from impressum.core.errors import Faults, Place, WrongUsage
from impressum.core.model.fits import Extent, Fit, LayoutReport, SetNote, Spot
from impressum.core.model.manuscript import Expected, ExpectedBlock, ExpectedChapter, ExpectedNote
from impressum.core.model.theme import Theme
from impressum.preview import PreviewOptions, checking, prepared
from impressum.preview.board import Board
from impressum.preview.changes import ChangeWatcher, is_source
from impressum.preview.checking import Checked, Checking, CheckJob
from impressum.preview.editors import EDITORS, link, pattern_of
from impressum.preview.kept_fits import carried, keep_fits, kept_fits
from impressum.preview.lookups import find, tokens
from impressum.preview.pages import PageReader, Sheet
from impressum.preview.places import Stand, places
from impressum.preview.views import name_of
from impressum.stages.load import read_theme
from impressum.system import parallel, process
from impressum.system.cache import Memo
from impressum.system.on_call import OnCall
from impressum.system.parallel import Later
from impressum.system.workspace import Workspace

# Editors.


@pytest.mark.parametrize("name", EDITORS)
def test_each_editor_is_given_the_file_the_line_and_the_column(name: str) -> None:
    made = link(pattern_of(name), Path("/home/a b/ch#1.md"), 14, 3)
    assert "/home/a%20b/ch%231.md" in made
    assert "14" in made
    assert "{" not in made


def test_the_editor_is_vscode_where_none_is_named() -> None:
    assert link(pattern_of(""), Path("/p/a.md"), 0, 0) == "vscode://file/p/a.md:1:1"


def test_a_pattern_of_ones_own_is_an_editor() -> None:
    assert link(pattern_of("ed://{path}?l={line}"), Path("/p/{line}.md"), 7, 1) == "ed:///p/%7Bline%7D.md?l=7"


@pytest.mark.parametrize("wrong", ["javascript:alert('{path}')", "ed://open", "data:text/html,{path}", "{path}"])
def test_what_is_no_link_of_an_editor_is_wrong_usage(wrong: str) -> None:
    with pytest.raises(WrongUsage, match=r"is no link of an editor; write one with `\{path\}`"):
        pattern_of(wrong)


def test_an_editor_that_is_not_known_is_told_with_the_nearest() -> None:
    with pytest.raises(WrongUsage, match="no editor `vscod` is known; did you mean `vscode`"):
        pattern_of("vscod")


def test_a_language_is_named_as_it_names_itself() -> None:
    names = [name_of(tag) for tag in ("en", "de", "sr-Latn", "sr-Cyrl", "hr", "xx")]
    assert names == ["English", "Deutsch", "Srpski (latinica)", "Српски (ћирилица)", "Hrvatski", "xx"]


# Changes.


@pytest.mark.parametrize(
    "name", ["chapters/en/01-a.md", "publication.yaml", "figures/data/x.csv", "bib/references.bib", "new/logo.svg"]
)
def test_a_source_is_one_wherever_it_lies(tmp_path: Path, name: str) -> None:
    assert is_source(tmp_path, tmp_path / name)


@pytest.mark.parametrize(
    "name",
    [
        ".cache/memo/ab/cd",
        ".git/index",
        "dist/a.pdf",
        "chapters/en/.01-a.md.swp",
        "chapters/en/01-a.md~",
        "chapters/en/4913",
        "chapters/en/.#01-a.md",
        "chapters/en/#01-a.md#",
        "figures/__pycache__/trade.cpython-311.pyc",
        "proof-de.pdf",
        "../elsewhere.md",
    ],
)
def test_what_editors_and_builds_leave_is_no_source(tmp_path: Path, name: str) -> None:
    assert not is_source(tmp_path, Path(os.path.normpath(tmp_path / name)))


@contextmanager
def seen(root: Path, *, poll: bool = False) -> Iterator[list[int]]:
    """The changes of `root` that are told while it is watched."""
    told: list[int] = []
    changes = ChangeWatcher(Workspace(root), lambda: told.append(1), poll=poll)
    changes.start()
    try:
        probe = root / "chapters" / "en" / "probe.md"
        assert waited_for(lambda: bool(told) or not probe.write_text(str(len(told)) + os.urandom(4).hex()))
        told.clear()
        yield told
    finally:
        changes.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "chapters" / "en").mkdir(parents=True)
    return tmp_path.resolve()


@pytest.mark.parametrize("poll", [False, True], ids=["told", "looked-for"])
def test_a_file_that_takes_the_place_of_another_is_a_change(root: Path, *, poll: bool) -> None:
    """Ensures that editors which write a new file and rename it are followed, each time."""
    chapter = root / "chapters" / "en" / "01-a.md"
    with seen(root, poll=poll) as told:
        for _ in range(2):
            told.clear()
            draft = chapter.with_name(".01-a.md.tmp")
            draft.write_text(os.urandom(8).hex())
            draft.replace(chapter)
            assert waited_for(lambda: bool(told))


def test_folders_that_come_later_are_watched(root: Path) -> None:
    with seen(root) as told:
        (root / "publication.yaml").write_text("title: A\n")
        assert waited_for(lambda: bool(told))
        (root / "bib").mkdir()
        bibliography = root / "bib" / "references.bib"
        bibliography.write_text("")
        assert waited_for(lambda: len(told) > 1)
        told.clear()
        assert waited_for(lambda: bool(told) or not bibliography.write_text(os.urandom(4).hex()))


def test_the_folder_of_a_file_that_the_publication_names_is_watched(root: Path) -> None:
    logo = root / "logos" / "ours.svg"
    logo.parent.mkdir()
    told: list[int] = []
    changes = ChangeWatcher(Workspace(root), lambda: told.append(1))
    changes.start()
    try:
        changes.also([logo, root / "publication.yaml"])
        assert waited_for(lambda: bool(told) or not logo.write_text(os.urandom(4).hex()))
    finally:
        changes.close()


@pytest.mark.parametrize("poll", [False, True], ids=["told", "looked-for"])
def test_a_glossary_outside_of_the_publication_is_watched(tmp_path: Path, *, poll: bool) -> None:
    root, glossary = tmp_path / "title", tmp_path / "terms.csv"
    (root / "chapters" / "en").mkdir(parents=True)
    glossary.write_text("term,de\n")
    told: list[int] = []
    changes = ChangeWatcher(Workspace(root), lambda: told.append(1), poll=poll)
    changes.start()
    try:
        changes.also([root / ".." / "terms.csv"])
        assert waited_for(lambda: bool(told) or not glossary.write_text(os.urandom(4).hex()))
    finally:
        changes.close()


class LastMoment(threading.Event):
    """Is cleared just after everything was to be ended."""

    def __init__(self, ended: threading.Event) -> None:
        super().__init__()
        self.ended = ended

    def clear(self) -> None:
        self.ended.set()
        self.set()
        super().clear()


def test_an_end_that_comes_just_before_a_thread_waits_is_not_missed(root: Path) -> None:
    changes = ChangeWatcher(Workspace(root), lambda: None, poll=True)
    changes._again, changes._elsewhere = (LastMoment(changes._stop) for _ in range(2))
    changes.start()
    assert Later(changes.close).ends(PATIENCE)


# What ends with a session.


def hanging() -> OnCall:
    return OnCall([sys.executable, "-c", "import time; time.sleep(600)"], limits=process.Limits(600))


def test_a_check_that_hangs_does_not_keep_a_session_from_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "PARTING", 0.1)
    reported: list[Checked] = []
    child = hanging()
    checks = Checking(Workspace(tmp_path), reported.append, _child=child)
    checks.start()
    checks.ask(CheckJob(1, "en", {}))
    assert waited_for(lambda: child._child)
    assert Later(checks.close).ends(PATIENCE)
    assert reported == []


def test_a_page_that_hangs_does_not_keep_a_session_from_its_end(tmp_path: Path) -> None:
    child = hanging()
    pages = PageReader(_child=child)
    reading = Later(lambda: pages.sizes(tmp_path / "pages.pdf"))
    assert waited_for(lambda: child._child)
    assert Later(pages.close).ends(PATIENCE)
    with pytest.raises(process.Ended):
        reading.result()


def test_a_picture_that_is_waited_for_goes_before_the_looks_of_other_pages(tmp_path: Path) -> None:
    asked: list[str] = []
    in_midst, go_on = threading.Event(), threading.Event()

    class Child(OnCall):
        def ask(self, line: bytes) -> bytes:
            asked.append(json.loads(line)["do"])
            if len(asked) == 3:
                in_midst.set()
                go_on.wait(PATIENCE)
            return json.dumps({"looks": ["look"], "png": ""}).encode()

    pages = PageReader(_child=Child([], limits=process.Limits(1, 1)))
    sheets = [Sheet(tmp_path / "pages.pdf", number) for number in range(1, 200)]
    looking = Later(lambda: [pages.looks([sheet]) for sheet in sheets])
    assert in_midst.wait(PATIENCE)
    drawing = Later(lambda: pages.picture(sheets[-1], "", 800))
    assert waited_for(lambda: pages._awaited)
    go_on.set()
    assert (drawing.result(), len(looking.result())) == (b"", len(sheets))
    assert asked.index("picture") <= 4  # the look that had been asked for by then is the third, or the fourth


@pytest.mark.parametrize("refused", [2, 5], ids=["first", "last"])
def test_a_session_that_is_given_too_few_threads_ends_and_leaves_nothing(
    refused: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seeds a system one of whose threads has not the memory to begin."""
    live = prepared(Workspace(write_publication(tmp_path)), PreviewOptions("", ""))
    start, asked = _thread.start_new_thread, count()
    monkeypatch.setattr(parallel, "BEGINNING", 0.2)
    monkeypatch.setattr(_thread, "start_new_thread", lambda *task: 0 if next(asked) == refused else start(*task))
    with pytest.raises(RuntimeError, match=r"^can't start new thread$"):
        live.run()
    assert not live.session.workspace.work.exists()


# Fits that are carried over.


def chapter(*words: str, items: tuple[str, ...] = (), kind: str = "paragraph") -> ExpectedChapter:
    blocks = tuple(ExpectedBlock(f"a/{i}", kind, "", text, Place("a.md", 2 * i + 1)) for i, text in enumerate(words))
    own = tuple(ExpectedBlock(f"a/0.{i}", "item", "", text, Place("a.md", i + 1)) for i, text in enumerate(items))
    return ExpectedChapter("a", (), (), (), {}, blocks=blocks, items=own)


def test_a_fit_goes_with_its_block_when_others_are_put_in_before_it() -> None:
    fits = {"a/1": Fit(begins=True), "a/2": Fit(lines=-1), "b/1": Fit(lines=1)}
    now = chapter("One", "New", "Newer", "Two", "Three")
    assert carried(fits, [chapter("One", "Two", "Three")], [now]) == {"a/3": Fit(begins=True), "a/4": Fit(lines=-1)}


def test_a_fit_stays_where_the_first_words_of_its_block_change_and_goes_with_a_block_that_goes() -> None:
    fits = {"a/0": Fit(lines=1), "a/2": Fit(begins=True)}
    before = [chapter("One", "Two", "Three")]
    assert carried(fits, before, [chapter("Another one", "Two")]) == {"a/0": Fit(lines=1)}


def test_the_fit_of_an_item_of_a_list_goes_with_it() -> None:
    before, now = chapter("L", items=("x", "y")), chapter("L", items=("new", "x", "y"))
    assert carried({"a/0.1": Fit(begins=True)}, [before], [now]) == {"a/0.2": Fit(begins=True)}


def test_fits_of_a_chapter_as_a_whole_stay_where_it_stays() -> None:
    fits = {"a/": Fit(depth=-1), "b/": Fit(depth=1), "references/": Fit(depth=2)}
    before = [chapter("One"), replace(chapter("One"), slug="b")]
    assert carried(fits, before, [chapter("Another one", "Two")]) == {"a/": Fit(depth=-1), "references/": Fit(depth=2)}


def test_fits_are_kept_from_one_session_to_the_next(tmp_path: Path) -> None:
    before = chapter("One", "Two")
    assert kept_fits(Memo(tmp_path), "en", [before]) == {}
    keep_fits(Memo(tmp_path), "en", {"a/1": Fit(reserve=12.5)}, [before])
    assert kept_fits(Memo(tmp_path), "en", [chapter("New", "One", "Two")]) == {"a/2": Fit(reserve=12.5)}
    assert kept_fits(Memo(tmp_path), "de", [before]) == {}


# Where things stand.


@pytest.fixture(scope="module")
def theme(tmp_path_factory: pytest.TempPathFactory) -> Theme:
    return read_theme(Workspace(tmp_path_factory.mktemp("theme")), "report", Place(""), Faults())


def told(*blocks: Extent, notes: tuple[SetNote, ...] = ()) -> LayoutReport:
    return LayoutReport(9, 90.0, 720.0, 14.0, blocks, notes, figures={"a/fig-x": Spot(3, 170.0, 90.0)})


def meant(*chapters: ExpectedChapter) -> Expected:
    return Expected("T", "en", "en", "Contents", "", (), chapters, {}, 2, "")


def test_a_paragraph_on_two_pages_stands_on_both_down_to_their_notes(theme: Theme) -> None:
    one = chapter("A paragraph")
    note = SetNote("a/0", Spot(2, 200, 650), Spot(2, 170, 700))
    noted = ExpectedChapter("a", (ExpectedNote("1", "A note.", "", Place("a.md", 9)),), (), (), {}, blocks=one.blocks)
    found = places(meant(noted), told(Extent("a/0", Spot(2, 170, 600), Spot(3, 300, 104)), notes=(note,)), theme)
    paragraph, at_foot = found.by_page[2]
    assert (paragraph.top, paragraph.bottom) == (600 - 0.75 * 14, 700)
    assert (at_foot.kind, at_foot.place, at_foot.top, at_foot.bottom) == ("note", Place("a.md", 9), 700, 720)
    (rest,) = found.by_page[3]
    assert (rest.top, rest.place) == (90, Place("a.md", 1))
    assert found.at(2, 650) == paragraph
    assert found.of(Place("a.md", 4)) == paragraph
    assert found.of(Place("a.md", 9)) == at_foot
    assert found.of(Place("b.md", 9)) is None
    assert found.lines_of(paragraph) == range(1, 9)


def test_a_heading_stands_on_the_page_that_it_begins(theme: Theme) -> None:
    """Ensures that the page before it, on which its mark is, does not have it."""
    found = places(
        meant(chapter("T", kind="heading")), told(Extent("a/0", Spot(4, 170, 400), Spot(5, 170, 130))), theme
    )
    assert list(found.by_page) == [5]


def test_a_figure_stands_where_it_floats_down_to_what_follows(theme: Theme) -> None:
    figure = ExpectedBlock("a/0", "figure", "fig-x", "A figure", Place("a.md", 3))
    text = ExpectedBlock("a/1", "paragraph", "", "Text", Place("a.md", 5))
    extent = Extent("a/1", Spot(3, 170, 400), Spot(3, 300, 428))
    found = places(meant(ExpectedChapter("a", (), (), (), {}, blocks=(figure, text))), told(extent), theme)
    top = 400 - 0.75 * 14
    assert found.by_page[3][0] == Stand(3, 90, top - 0.35 * 14, "figure", Place("a.md", 3), "A figure")


# Words.

SOURCE = """# Of rivers

The *harbour* is old [@rhys2019, p. 3].[^one] The keeper of the harbour
knows the {{ data.x }} ships; the harbour is deep.
"""


@pytest.mark.parametrize(
    ("before", "word", "after", "place"),
    [
        ("", "The", "harbour is old (Rhys 2019, 3).", (3, 1)),
        ("The", "harbour", "is old", (3, 6)),
        ("The keeper of the", "harbour", "knows the 412 ships", (3, 65)),
        ("412 ships; the", "harbour", "is deep.", (4, 35)),
        ("The kee\ufffe\r\nper of the har\ufffe\r\n", "bour", "knows the 412", (3, 65)),
        ("The keeper of the", "har\ufffe", "\r\nbour knows the 412", (3, 65)),
        ("harbour knows the", "412", "ships; the harbour", (4, 24)),
    ],
)
def test_a_printed_word_is_found_in_its_line(before: str, word: str, after: str, place: tuple[int, int]) -> None:
    found = find(before, word, after, tokens(enumerate(SOURCE.splitlines(), 1)))
    assert found is not None
    assert (found[0].line, found[0].column) == place


def test_words_that_are_not_in_the_source_are_not_found() -> None:
    assert find("Number of", "pages", "32 Suggested", tokens(enumerate(SOURCE.splitlines(), 1))) is None


# Pictures.


@pytest.mark.parametrize("colour", [(250, 250, 250), (163, 52, 31)], ids=["grey", "coloured"])
def test_a_picture_is_the_same_when_it_is_read_again(colour: tuple[int, int, int]) -> None:
    import io

    import numpy
    from PIL import Image

    from impressum.preview.pages_child import png

    dots = numpy.full((7, 5, 3), 255, numpy.uint8)
    dots[2:4, 1:3] = colour
    read = Image.open(io.BytesIO(png(dots)))
    assert read.mode == ("L" if len(set(colour)) == 1 else "RGB")
    assert (numpy.asarray(read.convert("RGB")) == dots).all()


# News.


def test_only_the_latest_news_wait_for_a_slow_browser() -> None:
    board = Board()

    def publish(*words: str) -> None:
        for word in words:
            board.publish(word)

    async def read() -> list[str | None]:
        board.publish("one")
        messages = board.messages()
        got = [await anext(messages)]
        thread = threading.Thread(target=publish, args=("two", "three", "three", "four"))
        thread.start()
        thread.join()
        got.append(await anext(messages))
        board.close()
        got += [message async for message in messages]
        return got

    assert asyncio.run(read()) == ["one", "four"]


def test_news_that_come_just_before_the_end_do_not_take_its_place() -> None:
    board = Board()

    async def read() -> list[str | None]:
        messages = board.messages()
        got = [await anext(messages)]
        board.publish("late")
        board.close()
        return got + [message async for message in messages]

    assert asyncio.run(asyncio.wait_for(read(), PATIENCE)) == [""]
