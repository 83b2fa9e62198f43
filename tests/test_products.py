"""Several editions at a time: the same files, the same faults in the same order, and no more than memory allows."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from building import contents_of, impressum, line_of
from test_steps import SOURCES, write

from impressum.core.errors import Faults, Faulty
from impressum.pipeline import setting
from impressum.pipeline.build import _tasks, converted, prepare
from impressum.pipeline.products import bearable, make_editions
from impressum.system.parallel import at_once


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


def test_the_faults_of_all_editions_are_told_whatever_order_they_end_in(tmp_path: Path) -> None:
    wide = "\n$$\\frac{" + " + ".join(f"a_{{{number}}}" for number in range(60)) + "}{b}$$\n"
    ends = {name: text + wide for name, text in SOURCES.items() if name.endswith("02-decline.md")}
    line = line_of(write(tmp_path, {**SOURCES, **ends}))
    tasks = _tasks(line, prepare(line))
    for jobs in (1, 2):
        with pytest.raises(Faulty) as told:
            make_editions(tasks, jobs=jobs, progress=lambda stage, what: None, faults=Faults())
        errors = [(fault.place.path, fault.rule) for fault in told.value.faults if fault.severity == "error"]
        assert errors == [(f"chapters/{tag}/02-decline.md", "page-outside") for tag in ("de", "en")]


@pytest.mark.parametrize(("memory", "most"), [(0, 1), (700_000_000, 2), (100_000_000_000, 2)])
def test_no_more_editions_are_made_at_once_than_memory_allows(memory: int, most: int, tmp_path: Path) -> None:
    line = line_of(write(tmp_path, SOURCES))
    tasks = _tasks(line, prepare(line))
    assert bearable(tasks, memory) == most
    fragment = tasks[0].setting.manuscript.fragments[0]
    long = replace(tasks[0].setting.manuscript, fragments=(replace(fragment, typst="." * 3_000_000),))
    large = replace(tasks[0], setting=replace(tasks[0].setting, manuscript=long))
    assert bearable([tasks[1], large], setting.MEMORY_OF_A_LETTER * 3_000_000 + setting.LEAST_MEMORY) == 1


def test_the_number_of_editions_at_a_time_must_be_one(tmp_path: Path) -> None:
    ran = impressum(write(tmp_path, SOURCES), "build", "--jobs", "-1")
    assert (ran.code, ran.stderr) == (2, "impressum: `--jobs` is a number of editions: 1 or more\n")


def test_what_only_checks_read_is_forgotten_before_pages_are_set(tmp_path: Path) -> None:
    line = line_of(write(tmp_path, SOURCES))
    assert all(one.documents for one in converted(line).manuscripts)
    ready = prepare(line)
    assert not any(one.documents for one in ready.manuscripts)
    assert ready.model == {}


def test_the_pages_of_an_edition_that_is_made_are_forgotten(tmp_path: Path) -> None:
    line = line_of(write(tmp_path, SOURCES))
    (task, _) = _tasks(line, prepare(line))
    pages = task.setting._memory.pages
    known: dict[str, int] = {}
    make_editions([task], jobs=1, progress=lambda stage, _: known.update({stage: len(pages)}), faults=Faults())
    assert known["verify"] > 0  # those that were measured while they were fitted
    assert not pages
