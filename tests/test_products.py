"""Several editions at a time: the same files, the same faults in the same order, and no more than memory allows."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from building import contents_of, impressum, line_of
from test_steps import SOURCES, write

from impressum.core.errors import Faults, Faulty, Place
from impressum.pipeline import products, setting
from impressum.pipeline.build import Order, Run, _tasks, converted, prepare
from impressum.pipeline.products import MadeEdition, Task, make_editions
from impressum.pipeline.setting import Setting
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
    made = []
    for jobs in ("1", "2"):
        root = write(tmp_path / jobs, SOURCES)
        ran = impressum(root, "build", "--jobs", jobs)
        assert (ran.code, ran.faults) == (0, "")
        made.append(contents_of(root / "dist"))
    assert made[0] == made[1]


def _noted(task: Task, progress: object, faults: Faults) -> MadeEdition:
    tag = task.setting.edition.tag
    faults.error(Place("publication.yaml", 1, 1), f"{tag} cannot be made", "typeset-crashed")
    faults.stop_if_any()
    raise AssertionError


def test_the_faults_of_all_editions_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = line_of(write(tmp_path, SOURCES))
    tasks = _tasks(line, prepare(line))
    monkeypatch.setattr(products, "_make", _noted)
    for jobs in (1, 2):
        with pytest.raises(Faulty) as told:
            make_editions(tasks, jobs=jobs, progress=lambda stage, what: None, faults=Faults())
        assert [fault.message for fault in told.value.faults] == ["de cannot be made", "en cannot be made"]


@pytest.mark.parametrize(("memory", "most"), [(0, 1), (700_000_000, 2), (100_000_000_000, 2)])
def test_no_more_editions_are_made_at_once_than_memory_allows(
    memory: int, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = line_of(write(tmp_path, SOURCES))
    tasks = _tasks(line, prepare(line))
    monkeypatch.setattr(products, "MEMORY", memory)
    assert products._bearable(tasks) == most
    fragment = tasks[0].setting.manuscript.fragments[0]
    long = replace(tasks[0].setting.manuscript, fragments=(replace(fragment, typst="." * 3_000_000),))
    large = replace(tasks[0], setting=replace(tasks[0].setting, manuscript=long))
    monkeypatch.setattr(products, "MEMORY", setting.MEMORY_OF_A_LETTER * 3_000_000 + setting.LEAST_MEMORY)
    assert products._bearable([tasks[1], large]) == 1


def test_the_number_of_editions_at_a_time_must_be_one(tmp_path: Path) -> None:
    ran = impressum(write(tmp_path, SOURCES), "build", "--jobs", "-1")
    assert (ran.code, ran.stderr) == (2, "impressum: `--jobs` is a number of editions: 1 or more\n")


def test_how_many_at_a_time_is_no_other_build() -> None:
    assert repr(Order(jobs=1)) == repr(Order(jobs=2))
    assert Run(Workspace(Path("/nowhere")), Order(jobs=3), lambda stage, what: None).order.jobs == 3


def test_what_only_checks_read_is_forgotten_before_pages_are_set(tmp_path: Path) -> None:
    line = line_of(write(tmp_path, SOURCES))
    assert all(one.documents for one in converted(line).manuscripts)
    ready = prepare(line)
    assert not any(one.documents for one in ready.manuscripts)
    assert ready.model == {}


def test_the_pages_of_an_edition_that_is_made_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = line_of(write(tmp_path, SOURCES))
    tasks = _tasks(line, prepare(line))[:1]
    known: list[int] = []
    really = Setting.verified

    def noted(self: Setting, pdf: bytes) -> object:
        found = really(self, pdf)
        known.append(len(self._memory.pages))
        return found

    monkeypatch.setattr(Setting, "verified", noted)
    make_editions(tasks, jobs=1, progress=lambda stage, what: None, faults=Faults())
    assert known[0] > 0
    assert not tasks[0].setting._memory.pages
