"""What is published stays, byte for byte, whatever fails; and the build after an interruption puts all right."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from building import (
    Ran,
    at_stage,
    built_copy,
    children_of,
    contents_of,
    descendants_of,
    ended,
    impressum,
    kill_group,
    obedient,
    pages,
    replace,
    runs,
    started,
    waited_for,
    whole,
)

from impressum.system.sandbox import isolation

posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits are POSIX")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for the children")

ENDLESS = "def draw(figure, data, words):\n    while True:\n        pass\n"
NOTE = "#let note(name, mark, content) = {"
INTERRUPTED = "interrupted; dist/ is unchanged"
TEMPLATES = Path(__file__).parent.parent / "impressum" / "templates" / "book"


def append(name: str, text: str) -> Callable[[Path], None]:
    def do(root: Path) -> None:
        path = root / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return do


def write(name: str, text: str) -> Callable[[Path], None]:
    def do(root: Path) -> None:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")

    return do


def override(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A template of the book in the publication's own `templates/`, with `new` for `old`."""

    def do(root: Path) -> None:
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        write(f"templates/{name}", text.replace(old, new))(root)

    return do


BROKEN: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "load": (
        "figures",
        append("publication.yaml", "tilte: Two\n"),
        "publication.yaml:6:1: error: unknown key `tilte`; did you mean `title`? [yaml-unknown-key]\n",
    ),
    "draw": (
        "figures",
        append("figures/rain.py", "    words['unit']\n"),
        "figures/rain.py:6: error: the figure has no words `unit` [figure-failed]\n  hint: its words: axis; ",
    ),
    "render": (
        "figures",
        append("chapters/en/01-figures.md", "\n{{ data.rian }}\n"),
        "chapters/en/01-figures.md:9:9: error: ",
    ),
    "convert": (
        "figures",
        append("chapters/en/01-figures.md", "\n![Snow.](figure:snow){#fig-snow}\n"),
        "chapters/en/01-figures.md:9:10: error: there is no figure `snow` [figure-unknown]\n",
    ),
    "typeset": (
        "minimal",
        override(
            "notes.typ", NOTE, f'#let note(name, mark, content) = panic("no notes")\n{NOTE.replace("note", "unused")}'
        ),
        "chapters/en/01-beginning.md:3:",
    ),
    "verify": (
        "minimal",
        override("notes.typ", NOTE, f"#let note(name, mark, content) = none\n{NOTE.replace('note', 'unused')}"),
        "chapters/en/01-beginning.md:3:",
    ),
}


@pytest.mark.parametrize("stage", BROKEN)
def test_a_fault_at_any_stage_leaves_what_is_published(stage: str, tmp_path: Path) -> None:
    name, broken, expected = BROKEN[stage]
    root = built_copy(name, tmp_path / name)
    before = contents_of(root / "dist")
    broken(root)
    ran = impressum(root, "build")
    assert ran.code == 1
    assert ran.stderr.count("Traceback") == 0
    assert f"] {stage}" in ran.stderr
    assert ran.faults.startswith(expected), ran.faults
    assert contents_of(root / "dist") == before


@posix
def test_a_dist_that_cannot_be_written_is_left_whole(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    before = contents_of(root / "dist")
    replace(root / "publication.yaml", "title: A Small Report", "title: A Small Report Again\nslug: a-small-report")
    (root / "dist").chmod(0o555)
    try:
        ran = obedient(root, "build")
    finally:
        (root / "dist").chmod(0o755)
    assert (ran.code, ran.faults) == (
        1,
        (
            "dist: error: `dist` cannot be written to (Permission denied); what stood there is unchanged"
            " [dist-not-writable]\n"
            "  hint: close the files of `dist` in other programs, and give this user the right to write in `dist`"
        ),
    )
    assert contents_of(root / "dist") == before
    assert impressum(root, "build").code == 0
    assert whole(root / "dist")


@posix
def test_a_folder_that_nobody_may_look_into_stops_no_build(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    (root / "private").mkdir(mode=0o000)
    try:
        ran = obedient(root, "build")
    finally:
        (root / "private").chmod(0o755)
    assert (ran.code, ran.faults) == (0, "")


@posix
def test_work_files_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    before = contents_of(root / "dist")
    replace(root / "publication.yaml", "type: Report", "type: Study")
    work = [path for path in (root / ".cache/work").rglob("*") if path.is_dir()]
    for path in work:
        path.chmod(0o555)
    ran = obedient(root, "build")
    for path in work:
        path.chmod(0o755)
    assert (ran.code, ran.faults) == (
        1,
        (
            ".cache: error: the work files cannot be written (Permission denied); dist/ is unchanged "
            "[cache-not-writable]\n"
            "  hint: give this user the right to write in `.cache` and all that is in it, or delete it: builds make it "
            "anew"
        ),
    )
    assert contents_of(root / "dist") == before
    assert impressum(root, "build").code == 0


def limited(root: Path, kilobytes: int) -> Ran:
    """A build that may write no file of more than `kilobytes`, as on a full disk.

    It keeps no bytecode, for Python 3.11 would put what it could write of a module in the place of the whole.
    """
    import resource

    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, most[1]))
    try:
        return impressum(root, "build")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
        sys.dont_write_bytecode = kept


@posix
@pytest.mark.parametrize("kilobytes", [0, 8, 40])
def test_a_full_disk_is_told_and_leaves_what_is_published(kilobytes: int, tmp_path: Path) -> None:
    """Ensures it wherever the disk is full: at the first work file, at a template, at the PDF."""
    root = built_copy("minimal", tmp_path / "report")
    before = contents_of(root / "dist")
    replace(root / "publication.yaml", "type: Report", "type: Study")
    ran = limited(root, kilobytes)
    assert (ran.code, ran.faults.count("\n")) == (1, 1), ran.stderr
    assert re.search(r"\(File too large\); (what stood there|dist/) is unchanged \[disk-full\]", ran.faults)
    assert contents_of(root / "dist") == before


@posix
def test_an_interruption_at_any_stage_leaves_what_is_published(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    before = contents_of(root / "dist")
    replace(root / "chapters/en/02-end.md", "The end cites", "The very end cites")
    for stage in ("load", "convert", "verify"):
        process = started(root, "build")
        at_stage(process, stage)
        process.send_signal(signal.SIGINT)
        ran = ended(process)
        assert ran.code in (130, -signal.SIGINT)  # where it came into an import, Python ends by the signal
        assert ran.stderr.splitlines()[-1] == INTERRUPTED
        assert contents_of(root / "dist") == before
    assert impressum(root, "build").code == 0
    assert whole(root / "dist")


def none_runs(pids: set[int]) -> bool:
    return not any(map(runs, pids))


def drawing(pid: int) -> set[int]:
    """The processes that the build `pid` has started, as soon as the script runs: shut in, it has three before it."""
    least = {"namespaces": 4, "bubblewrap": 2, "none": 1}[isolation().how]
    assert waited_for(lambda: len(descendants_of(pid)) >= least)
    return descendants_of(pid)


@linux
def test_an_interruption_ends_the_script_that_draws(tmp_path: Path) -> None:
    root = built_copy("figures", tmp_path / "figures")
    before = contents_of(root / "dist")
    (root / "figures/rain.py").write_text(ENDLESS, encoding="utf-8")
    process = started(root, "build")
    at_stage(process, "draw")
    children = drawing(process.pid)
    process.send_signal(signal.SIGINT)
    ran = ended(process)
    assert (ran.code, ran.stderr.splitlines()[-1]) == (130, INTERRUPTED)
    assert contents_of(root / "dist") == before
    assert waited_for(partial(none_runs, children))


@linux
def test_a_kill_ends_the_script_that_draws_and_the_next_build_is_whole(tmp_path: Path) -> None:
    root = built_copy("figures", tmp_path / "figures")
    before = contents_of(root / "dist")
    script = (root / "figures/rain.py").read_text(encoding="utf-8")
    (root / "figures/rain.py").write_text(ENDLESS, encoding="utf-8")
    process = started(root, "build")
    at_stage(process, "draw")
    children = drawing(process.pid)
    kill_group(process)
    assert contents_of(root / "dist") == before
    assert waited_for(partial(none_runs, children))
    (root / "figures/rain.py").write_text(script, encoding="utf-8")
    ran = impressum(root, "build")
    assert (ran.code, ran.faults) == (0, "")
    assert contents_of(root / "dist") == before


@linux
def test_kills_at_any_stage_leave_no_engine_running_and_nothing_that_the_next_build_cannot_put_right(
    tmp_path: Path,
) -> None:
    """Ensures it where the build alone is killed, for pandoc and Typst, which are in groups of their own; and where all
    that is in its group is."""
    root = built_copy("minimal", tmp_path / "report")
    before = contents_of(root / "dist")
    replace(root / "chapters/en/02-end.md", "The end cites", "The very end cites")
    for stage in ("convert", "typeset"):
        process = started(root, "build")
        at_stage(process, stage)
        assert waited_for(partial(children_of, process.pid))
        children = children_of(process.pid)
        process.kill()
        ended(process)
        assert waited_for(partial(none_runs, children))
    for stage in ("render", "publish"):
        process = started(root, "build")
        at_stage(process, stage)
        kill_group(process)
        assert stage == "publish" or contents_of(root / "dist") == before
    ran = impressum(root, "build")
    assert (ran.code, ran.faults) == (0, "")
    assert whole(root / "dist")
    assert "The very end cites" in pages(root, "a-small-report-en.pdf")[4]


@posix
def test_cleaning_waits_for_the_command_that_is_at_work(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    before = contents_of(root / "dist")
    assert impressum(root, "clean").code == 0
    working = started(root, "check")  # cold: it reads everything
    at_stage(working, "load")
    cleaning = started(root, "clean")
    ran, cleaned = ended(working), ended(cleaning)
    assert (ran.code, ran.faults) == (0, "")
    assert (cleaned.code, cleaned.stderr) in ((0, ""), (0, "waiting for other commands of this publication\n"))
    assert contents_of(root / "dist") == before
    assert sorted(path.name for path in (root / ".cache").iterdir()) == ["CACHEDIR.TAG", "build.lock", "in-use.lock"]


def test_two_builds_of_two_editions_at_once_leave_one_whole(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    write("chapters/de/edition.yaml", "title: Ein kleiner Bericht\nfallback: show\n")(root)
    assert impressum(root, "clean").code == 0
    processes = [started(root, "build", "--edition", tag) for tag in ("en", "de")]  # each cold
    runs = [ended(process) for process in processes]
    assert [run.code for run in runs] == [0, 0], runs
    assert sum("waiting for another build of this publication" in run.stderr for run in runs) <= 1
    assert whole(root / "dist")
    assert {path.name for path in (root / "dist").glob("*.pdf")} == {
        f"a-small-report-{tag}.pdf" for tag in ("en", "de")
    }
