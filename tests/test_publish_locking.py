"""One build at a time, in real processes."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from building import copy, obedient

from impressum.core.errors import Faulty
from impressum.release.published import check_published
from impressum.stages import publish
from impressum.system import process
from impressum.system.work_folders import ensured
from impressum.system.workspace import Workspace

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the processes here talk over POSIX pipes and signals")

BUILDER = """
import sys
from pathlib import Path
from impressum.stages import publish
from impressum.system.workspace import Workspace

workspace, edition = Workspace(Path(sys.argv[1])), sys.argv[2]
for turn in range(25):
    text = f"{edition} {turn}".encode() * 500
    with publish.lock(workspace):
        publish.recover(workspace)
        products = tuple(
            publish.Product(f"study-{edition}.{kind}", text + kind.encode(), edition, kind, {"turn": turn})
            for kind in ("pdf", "docx")
        )
        publish.publish(workspace, publish.Build(products, {"CITATION.cff": text}, {}, edition))
"""

HOLDER = """
import os, signal, sys
from pathlib import Path
from impressum.stages import publish
from impressum.system.workspace import Workspace

with publish.lock(Workspace(Path(sys.argv[1]))):
    Path(sys.argv[1], "held").touch()
    while not Path(sys.argv[1], "waiting").exists():
        pass
    Path(sys.argv[1], "waiting").unlink()
    if sys.argv[2] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
"""


def start(code: str, *arguments: str) -> tuple[threading.Thread, list[process.Finished]]:
    """Runs `code` in another process; the list holds how it ended once the thread is joined."""
    ended: list[process.Finished] = []
    command = [sys.executable, "-c", code, *arguments]
    thread = threading.Thread(target=lambda: ended.append(process.run(command, limits=process.Limits(seconds=120))))
    thread.start()
    return thread, ended


def test_two_builds_at_once_end_in_one_consistent_dist(tmp_path: Path) -> None:
    builds = [start(BUILDER, str(tmp_path), edition) for edition in ("en", "en", "sr")]
    for thread, ended in builds:
        thread.join()
        assert ended[0].code == 0, ended[0].errors

    dist = tmp_path / "dist"
    lines = [line.partition("  ") for line in (dist / "SHA256SUMS").read_text().splitlines()]
    sums = {name: digest for digest, _, name in lines}
    assert sums == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in dist.iterdir() if path.name != "SHA256SUMS"
    }
    assert len(sums) == 2 + 4 * 2
    for name in ("study-en.pdf", "study-en.docx", "study-sr.pdf", "study-sr.docx"):
        assert check_published(dist / name, Workspace(tmp_path)) == ()


@pytest.mark.parametrize("end", ["done", "killed"])
def test_a_second_build_says_once_that_it_waits_and_goes_on_when_the_first_ends(tmp_path: Path, end: str) -> None:
    thread, ended = start(HOLDER, str(tmp_path), end)
    while not (tmp_path / "held").exists():
        assert thread.is_alive(), ended
    said = []

    def waiting() -> None:
        said.append("waiting")
        (tmp_path / "waiting").touch()

    with publish.lock(Workspace(tmp_path), waiting=waiting):
        assert not (tmp_path / "waiting").exists()
    thread.join()

    assert said == ["waiting"]
    assert ended[0].code == (0 if end == "done" else -9), ended[0].errors


def test_nobody_waits_for_a_free_lock(tmp_path: Path) -> None:
    def waiting() -> None:
        raise AssertionError("the lock is free")

    for _ in range(2):
        with publish.lock(Workspace(tmp_path), waiting=waiting):
            pass


def test_a_lock_whose_file_was_deleted_while_it_was_waited_for_is_taken_anew(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    thread, ended = start(HOLDER, str(tmp_path), "done")
    while not (tmp_path / "held").exists():
        assert thread.is_alive(), ended

    def waiting() -> None:
        workspace.lock.unlink()
        (tmp_path / "waiting").touch()

    with publish.lock(workspace, waiting=waiting):
        assert workspace.lock.exists()
    thread.join()


def test_a_cache_that_is_a_file_cannot_hold_the_lock(tmp_path: Path) -> None:
    (tmp_path / ".cache").write_bytes(b"")

    with pytest.raises(Faulty) as caught, publish.lock(Workspace(tmp_path)):
        pass

    assert str(caught.value) == (
        ".cache: error: `.cache` is no folder; work files are written and deleted in the publication's own folder only "
        "[cache-foreign]\n"
        "  hint: delete it; where the disk is too small, move the whole publication to a larger one"
    )


def test_a_cache_that_cannot_be_written_cannot_hold_the_lock(tmp_path: Path) -> None:
    root = copy("minimal", tmp_path / "report")
    ensured(root / ".cache").chmod(0o555)
    ran = obedient(root, "build")
    (root / ".cache").chmod(0o755)
    assert (ran.code, ran.faults) == (
        1,
        (
            ".cache/build.lock: error: the lock that keeps two builds apart cannot be taken (Permission denied)"
            " [lock-not-writable]\n"
            "  hint: give this user the right to write in `.cache`, or move the publication to a local disk"
        ),
    )


def make_folder(path: Path) -> None:
    path.mkdir()


def make_dead_link(path: Path) -> None:
    path.symlink_to("nowhere/at/all")


@pytest.mark.parametrize(("make", "reason"), [(make_folder, "Is a directory"), (make_dead_link, "it is a link")])
def test_what_is_no_lock_and_stands_in_its_place_is_told(
    make: Callable[[Path], None], reason: str, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path)
    workspace.cache.mkdir()
    make(workspace.lock)

    with pytest.raises(Faulty) as caught, publish.lock(workspace):
        pass

    assert str(caught.value) == (
        f".cache/build.lock: error: the lock that keeps two builds apart cannot be taken ({reason})"
        " [lock-not-writable]\n"
        "  hint: delete `.cache/build.lock`: each build makes it anew"
    )
