"""Recovery from what is found in `dist`, and the refusals of the system, each with its sentence."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from impressum.core.errors import Faulty
from impressum.stages import publish
from impressum.stages.publish import files
from impressum.stages.publish.journal import Move, prepare, rename, undo_as_far_as_possible
from impressum.system import process
from impressum.system.workspace import Workspace

JOURNAL = ".impressum-journal.json"


def put(workspace: Workspace, content: bytes = b"pages") -> None:
    product = publish.Product("study-en.pdf", content, "en", "pdf", {})
    publish.publish(workspace, publish.Build((product,), {}, {}, "1" * 64))


def refused(workspace: Workspace) -> list[str]:
    with pytest.raises(Faulty) as caught:
        put(workspace)
    return [str(fault) for fault in caught.value.faults]


def published(dist: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in dist.iterdir()}


def write_journal(dist: Path, *moves: dict[str, str | None]) -> None:
    journal = {"schema": "impressum/journal", "version": 1, "moves": moves}
    (dist / JOURNAL).write_text(json.dumps(journal))


def move(name: str, content: bytes, old: str | None = None, number: int = 1) -> dict[str, str | None]:
    digest = hashlib.sha256(content).hexdigest()
    return {"temporary": f".impressum-1-{number}.tmp", "name": name, "sha256": digest, "old": old}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "dist").mkdir()
    return Workspace(tmp_path)


def test_nothing_to_recover_is_not_mentioned(workspace: Workspace) -> None:
    put(workspace)

    assert publish.recover(workspace) == ()
    assert publish.recover(Workspace(workspace.root / "nowhere")) == ()


def test_the_folder_that_a_killed_build_was_about_to_exchange_is_taken_away(workspace: Workspace) -> None:
    put(workspace)
    workspace.next_dist.mkdir()
    (workspace.next_dist / "study-en.pdf").write_bytes(b"new")
    before = published(workspace.dist)

    assert publish.recover(workspace) == ()
    assert not workspace.next_dist.exists()
    assert published(workspace.dist) == before


def test_whole_files_that_wait_are_published(workspace: Workspace) -> None:
    (workspace.dist / "a.pdf").write_bytes(b"new a")
    (workspace.dist / ".impressum-1-2.tmp").write_bytes(b"new b")
    write_journal(workspace.dist, move("a.pdf", b"new a"), move("b.pdf", b"new b", number=2))

    assert publish.recover(workspace) == (
        "Finished what an interrupted build was publishing in `dist`: `a.pdf`, `b.pdf`.",
    )
    assert published(workspace.dist) == {"a.pdf": b"new a", "b.pdf": b"new b"}


def test_a_torn_file_undoes_all(workspace: Workspace) -> None:
    (workspace.dist / "a.pdf").write_bytes(b"new a")
    (workspace.dist / ".impressum-1-1.old").write_bytes(b"old a")
    (workspace.dist / "c.pdf").write_bytes(b"new c")
    (workspace.dist / ".impressum-1-2.tmp").write_bytes(b"new")
    write_journal(
        workspace.dist,
        move("a.pdf", b"new a", old=".impressum-1-1.old"),
        move("c.pdf", b"new c", number=3),
        move("b.pdf", b"new b", number=2),
    )

    assert publish.recover(workspace) == (
        "Undid what an interrupted build was publishing in `dist`: `a.pdf`, `c.pdf`, `b.pdf`.",
    )
    assert published(workspace.dist) == {"a.pdf": b"old a"}


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_a_link_in_the_place_of_a_waiting_file_is_not_published(workspace: Workspace) -> None:
    (workspace.root / "secret").write_bytes(b"secret")
    (workspace.dist / ".impressum-1-1.tmp").symlink_to(workspace.root / "secret")
    write_journal(workspace.dist, move("a.pdf", b"secret"))

    publish.recover(workspace)

    assert published(workspace.dist) == {}


@pytest.mark.parametrize(
    "journal",
    [
        "{",
        "[]",
        '{"schema": "impressum/journal", "version": 2, "moves": []}',
        '{"schema": "impressum/journal", "version": 1, "moves": [{"name": "a"}]}',
        (
            '{"schema": "impressum/journal", "version": 1, "moves": '
            '[{"temporary": ".impressum-1-1.tmp", "name": "../chapters", "sha256": "", "old": null}]}'
        ),
        (
            '{"schema": "impressum/journal", "version": 1, "moves": '
            '[{"temporary": "../secret", "name": "a.pdf", "sha256": "", "old": null}]}'
        ),
        (
            '{"schema": "impressum/journal", "version": 1, "moves": '
            '[{"temporary": ".impressum-1-1.tmp", "name": "a.pdf", "sha256": "", "old": "/secret"}]}'
        ),
        (
            '{"schema": "impressum/journal", "version": 1, "moves": '
            '[{"temporary": ".impressum-1-1.tmp", "name": 3, "sha256": "", "old": null}]}'
        ),
    ],
)
def test_a_journal_that_is_not_ours_moves_nothing(workspace: Workspace, journal: str) -> None:
    (workspace.root / "secret").write_bytes(b"secret")
    (workspace.dist / "a.pdf").write_bytes(b"old a")
    (workspace.dist / JOURNAL).write_text(journal)

    assert publish.recover(workspace) == (
        "The journal of an interrupted build in `dist` cannot be read and was removed: build every edition.",
    )
    assert published(workspace.dist) == {"a.pdf": b"old a"}
    assert (workspace.root / "secret").read_bytes() == b"secret"


def test_work_files_of_dead_builds_are_removed(workspace: Workspace) -> None:
    dead = process.run([sys.executable, "-c", "import os; print(os.getpid())"], limits=process.Limits(seconds=60))
    pid = int(dead.stdout)
    for name in (f".impressum-{pid}-1.tmp", f".impressum-{pid}-1.old", ".impressum-99999999999999999999-1.tmp"):
        (workspace.dist / name).write_bytes(b"rest")
    (workspace.dist / ".impressum-notes").write_bytes(b"of the user")

    assert publish.recover(workspace) == ("Removed 3 work files that an interrupted build left in `dist`.",)
    assert published(workspace.dist) == {".impressum-notes": b"of the user"}


@pytest.mark.skipif(os.name != "posix", reason="on Windows nothing says which process is alive")
def test_work_files_of_a_living_process_are_left(workspace: Workspace) -> None:
    name = f".impressum-{os.getppid()}-1.tmp"
    (workspace.dist / name).write_bytes(b"at work")

    assert publish.recover(workspace) == ()
    assert published(workspace.dist) == {name: b"at work"}


def test_publish_itself_recovers_first(workspace: Workspace) -> None:
    (workspace.dist / ".impressum-1-1.tmp").write_bytes(b"torn")
    (workspace.dist / ".impressum-1-2.old").write_bytes(b"old a")
    (workspace.dist / "a.pdf").write_bytes(b"new a")
    write_journal(workspace.dist, move("a.pdf", b"new a", old=".impressum-1-2.old", number=2), move("b.pdf", b"whole"))

    put(workspace)

    assert (workspace.dist / "a.pdf").read_bytes() == b"old a"
    assert not [path for path in workspace.dist.iterdir() if path.name.startswith(".")]


def test_dist_that_is_a_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "dist").write_bytes(b"mine")

    assert refused(Workspace(tmp_path)) == [
        (
            "dist: error: `dist` is a file, so nothing can be published in it [dist-not-writable]\n"
            "  hint: move the file away; the build makes the folder `dist` itself"
        )
    ]
    assert (tmp_path / "dist").read_bytes() == b"mine"


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
@pytest.mark.parametrize("leads_to_a_folder", [True, False])
def test_dist_that_is_a_link_is_a_fault(leads_to_a_folder: bool, tmp_path: Path) -> None:
    (tmp_path / "dist").symlink_to(tmp_path / "web")
    if leads_to_a_folder:
        (tmp_path / "web").mkdir()
    assert refused(Workspace(tmp_path)) == [
        (
            "dist: error: `dist` is a link; a build publishes in the publication's own folder only "
            "[dist-not-writable]\n"
            "  hint: delete the link, and copy from `dist` to where the files shall go"
        )
    ]
    assert leads_to_a_folder == (tmp_path / "web").exists()
    assert not leads_to_a_folder or list((tmp_path / "web").iterdir()) == []


def test_folders_in_the_place_of_files_are_all_named_and_nothing_is_published(workspace: Workspace) -> None:
    (workspace.dist / "study-en.pdf").mkdir()
    (workspace.dist / "SHA256SUMS").mkdir()

    assert refused(workspace) == [
        (
            "dist: error: `dist/study-en.pdf` is a folder, so the file of that name cannot be published"
            " [dist-not-writable]\n  hint: move the folder away"
        ),
        (
            "dist: error: `dist/SHA256SUMS` is a folder, so the file of that name cannot be published"
            " [dist-not-writable]\n  hint: move the folder away"
        ),
    ]
    assert sorted(path.name for path in workspace.dist.iterdir()) == ["SHA256SUMS", "study-en.pdf"]


def test_a_name_that_the_disk_refuses_leaves_everything_as_it_was(workspace: Workspace) -> None:
    put(workspace)
    before = published(workspace.dist)
    long = publish.Product("x" * 300, b"pages", "en", "pdf", {})
    first = publish.Product("a.pdf", b"pages", "en", "pdf", {})

    with pytest.raises(Faulty) as caught:
        publish.publish(workspace, publish.Build((first, long), {}, {}, ""))

    assert [fault.rule for fault in caught.value.faults] == ["dist-not-writable"]
    assert published(workspace.dist) == before


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_a_link_among_the_published_files_is_replaced_and_not_followed(workspace: Workspace) -> None:
    (workspace.root / "elsewhere.pdf").write_bytes(b"not ours")
    (workspace.dist / "study-en.pdf").symlink_to(workspace.root / "elsewhere.pdf")

    put(workspace)

    assert (workspace.root / "elsewhere.pdf").read_bytes() == b"not ours"
    assert (workspace.dist / "study-en.pdf").read_bytes() == b"pages"
    assert not (workspace.dist / "study-en.pdf").is_symlink()


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_a_kept_link_is_kept_as_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")

    files.keep_copy(tmp_path / "link", tmp_path / "copy")

    assert (tmp_path / "copy").readlink() == Path("nowhere")


def put_figures(workspace: Workspace, *names: str) -> None:
    folder = publish.FolderProduct("study-en-figures", dict.fromkeys(names, b"<svg/>"), "en", "figures", {})
    publish.publish(workspace, publish.Build((folder,), {}, {}, "1" * 64))


def test_what_a_folder_no_longer_holds_is_removed_and_what_nobody_published_stays(workspace: Workspace) -> None:
    put_figures(workspace, "a.svg", "b.svg")
    (workspace.dist / "study-en-figures" / "letter.txt").write_bytes(b"Dear")
    put_figures(workspace, "b.svg", "c.svg")
    folder = workspace.dist / "study-en-figures"
    assert sorted(path.name for path in folder.iterdir()) == ["b.svg", "c.svg", "letter.txt"]
    assert "study-en-figures/a.svg" not in (workspace.dist / "SHA256SUMS").read_text()


def test_what_is_to_go_is_kept_until_all_is_done(workspace: Workspace) -> None:
    (workspace.dist / "a.svg").write_bytes(b"old")
    (move,) = prepare(workspace.dist, {}, ["a.svg"], workspace.dist)
    assert (move.temporary, move.name) == (None, "a.svg")
    assert move.old
    assert (workspace.dist / move.old).read_bytes() == b"old"
    rename(workspace.dist, (move,))
    assert not (workspace.dist / "a.svg").exists()
    assert undo_as_far_as_possible(workspace.dist, (move,))
    assert (workspace.dist / "a.svg").read_bytes() == b"old"
    (workspace.dist / move.old).mkdir()
    assert not undo_as_far_as_possible(workspace.dist, (move,)), "a folder stands in the place of what was kept"


def test_a_removal_that_was_interrupted_is_finished_or_undone(workspace: Workspace) -> None:
    folder = workspace.dist / "study-en-figures"
    folder.mkdir()
    for kept, left in ((True, []), (False, ["a.svg"])):
        (folder / "a.svg").write_bytes(b"old a")
        if kept:
            (workspace.dist / ".impressum-1-1.old").hardlink_to(folder / "a.svg")
        gone: dict[str, str | None] = {
            "temporary": None,
            "name": "study-en-figures/a.svg",
            "sha256": "",
            "old": ".impressum-1-1.old",
        }
        write_journal(workspace.dist, gone)
        (told,) = publish.recover(workspace)
        assert told == (
            f"{'Finished' if kept else 'Undid'} what an interrupted build was publishing in `dist`: "
            "`study-en-figures/a.svg`."
        )
        assert [path.name for path in workspace.dist.rglob("*.svg")] == left
        folder.mkdir(exist_ok=True)


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_nothing_is_written_or_removed_where_a_link_leads(workspace: Workspace) -> None:
    put_figures(workspace, "a.svg")
    elsewhere = workspace.root / "elsewhere"
    (workspace.dist / "study-en-figures").rename(elsewhere)
    (workspace.dist / "study-en-figures").symlink_to(elsewhere)
    with pytest.raises(Faulty) as caught:
        put_figures(workspace, "b.svg")
    assert [str(fault) for fault in caught.value.faults] == [
        (
            "dist: error: `dist/study-en-figures` is a link, so no folder of that name can be published "
            "[dist-not-writable]\n"
            "  hint: move it away"
        )
    ]
    publish.publish(workspace, publish.Build((), {}, {}, "1" * 64), ended=("study-en-figures",))
    assert [path.name for path in elsewhere.iterdir()] == ["a.svg"]


def test_a_record_cannot_name_a_file_of_another_folder(workspace: Workspace) -> None:
    put(workspace)
    put_figures(workspace, "a.svg")
    path = workspace.dist / "study-en-figures.record.json"
    record = json.loads(path.read_bytes())
    record["files"][0]["name"] = "../secret"
    path.write_text(json.dumps(record))
    (workspace.root / "secret").write_bytes(b"secret")
    publish.publish(workspace, publish.Build((), {}, {}, "1" * 64), ended=("study-en-figures",))
    assert (workspace.root / "secret").read_bytes() == b"secret"
    assert (workspace.dist / "study-en.pdf").is_file()


@pytest.mark.parametrize("name", ["../a.svg", "a/b.svg", ".hidden", "a.svg/", ""])
def test_a_folder_that_holds_a_wrong_name_is_a_bug(workspace: Workspace, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a published file"):
        put_figures(workspace, name)


def watched(root: Path, act: Callable[[], object]) -> list[str]:
    """What `act` does to names and has written down to the disk, in order, by paths from `root`."""
    events: list[str] = []

    def look(frame: FrameType, event: str, function: object) -> None:
        local, of_a_path = frame.f_locals, "pathlib" in frame.f_code.co_filename
        if event == "c_call" and function is os.fsync:
            number = local["handle"] if "handle" in local else local["file"].fileno()
            events.append(f"sync {os.path.relpath(Path(f'/proc/self/fd/{number}').resolve(), root)}")
        elif event == "c_call" and function is os.replace and of_a_path:
            events.append(f"{os.path.relpath(local['self'], root)} -> {os.path.relpath(local['target'], root)}")
        elif event == "c_call" and function is os.unlink and of_a_path:
            events.append(f"remove {os.path.relpath(local['self'], root)}")
        elif event == "call" and frame.f_code.co_name == "exchange":
            events.append(f"exchange {os.path.relpath(local['other'], root)}")

    sys.setprofile(look)
    try:
        act()
    finally:
        sys.setprofile(None)
    return [re.sub(r"-\d+-(\d+)\.", r"-\1.", line) for line in events]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_what_is_renamed_is_on_the_disk_before_and_its_new_name_after(workspace: Workspace) -> None:
    """Ensures it of files, of the journal, of folders, and of what is put back; a failing machine loses no more."""
    root, dist = workspace.root, workspace.dist
    (dist / "a.pdf").write_bytes(b"old")
    moves: list[Move] = []
    contents = {"a.pdf": b"new", "figures/b.svg": b"new"}
    assert watched(root, lambda: moves.extend(prepare(dist, contents, (), dist))) == [
        "sync dist/.impressum-1.tmp",
        "sync dist/.impressum-2.tmp",
        "sync dist",
        "sync dist/.impressum-0.tmp",
        "dist/.impressum-0.tmp -> dist/.impressum-journal.json",
        "sync dist",
    ]
    assert watched(root, lambda: rename(dist, tuple(moves))) == [
        "dist/.impressum-1.tmp -> dist/a.pdf",
        "dist/.impressum-2.tmp -> dist/figures/b.svg",
        "sync dist/figures",
        "sync dist",
    ]
    assert watched(root, lambda: undo_as_far_as_possible(dist, tuple(moves)))[:5] == [
        "remove dist/figures/b.svg",
        "dist/.impressum-1.old -> dist/a.pdf",
        "sync dist/figures",
        "sync dist",
        "remove dist/.impressum-journal.json",
    ]
    done = watched(root, lambda: put(workspace))
    at = done.index("exchange dist")
    assert {f"sync .cache/dist/{name}" for name in ("study-en.pdf", "SHA256SUMS")} <= set(done[:at])
    assert done[at - 1 : at + 2] == ["sync .cache/dist", "exchange dist", "sync ."]
