"""Functions of publishing on small values: names of files, work files, what the disk refuses, locks."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from impressum.core.errors import Faulty
from impressum.stages import publish
from impressum.stages.publish import files, journal, locking, records
from impressum.system.cache import Json
from impressum.system.workspace import Workspace

posix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and handles of POSIX")
DIST = Path("/p/dist")


@pytest.mark.parametrize(
    ("name", "path", "home", "shown", "place"),
    [
        ("a.pdf", "/p/dist/a.pdf", "/p/dist", "dist/a.pdf", "dist"),
        ("maps/a.svg", "/p/dist/maps/a.svg", "/p/dist", "dist/maps/a.svg", "dist"),
        ("releases/1.0.json", "/p/releases/1.0.json", "/p/releases", "releases/1.0.json", "releases"),
        ("releases/a.svg", "/p/dist/releases/a.svg", "/p/dist", "dist/releases/a.svg", "dist"),
    ],
)
def test_the_record_of_a_release_alone_stands_beside_dist(
    name: str, path: str, home: str, shown: str, place: str
) -> None:
    assert (files.path_of(DIST, name), files.home_of(DIST, name)) == (Path(path), Path(home))
    assert (files.shown(name), files.place_of(name).path) == (shown, place)


@posix
def test_only_files_and_links_of_dist_may_go_and_none_behind_a_link(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    (dist / "maps").mkdir(parents=True)
    for name in ("a.pdf", "maps/a.svg"):
        (dist / name).touch()
    (dist / "link").symlink_to("maps")
    (dist / "dead").symlink_to("nowhere")
    may = {
        name: files.may_go(dist, name) for name in ("a.pdf", "maps/a.svg", "link", "dead", "maps", "link/a.svg", "b")
    }
    assert may == {
        **dict.fromkeys(("a.pdf", "maps/a.svg", "link", "dead"), True),
        **dict.fromkeys(("maps", "link/a.svg", "b"), False),
    }
    assert [files.passes_a_link(dist, name) for name in ("link/a.svg", "maps/a.svg", "link")] == [True, False, False]


@posix
def test_a_file_holds_its_content_and_no_link_or_pipe_does(tmp_path: Path) -> None:
    for name, content in (("same", b"ab"), ("other", b"ac"), ("longer", b"abc")):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "link").symlink_to("same")
    (tmp_path / "folder").mkdir()
    names = ("same", "other", "longer", "link", "folder", "none")
    assert [name for name in names if files.holds(tmp_path / name, b"ab")] == ["same"]
    assert [files.sha256_of(tmp_path / name) for name in ("folder", "none")] == [None, None]
    assert files.sha256_of(tmp_path / "link") == records.sum_of("", b"ab").sha256


def test_where_a_disk_knows_no_hard_links_a_copy_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    (tmp_path / "a").write_bytes(b"old")
    files.keep_copy(tmp_path / "a", tmp_path / "linked")
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    files.keep_copy(tmp_path / "a", tmp_path / "copied")
    assert (tmp_path / "linked").samefile(tmp_path / "a")
    assert not (tmp_path / "copied").samefile(tmp_path / "a")
    assert (tmp_path / "copied").read_bytes() == b"old"
    with pytest.raises(FileExistsError):
        files.write_new(tmp_path / "a", b"new")


def handles() -> int:
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


linux = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks into /proc")


@linux
@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EIO])
def test_a_folder_that_cannot_be_waited_for_is_passed_over_and_a_failing_disk_is_not(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    before = handles()
    if number == errno.EIO:
        with pytest.raises(OSError, match="Input/output"):
            files.sync_folder(tmp_path)
    else:
        files.sync_folder(tmp_path)
    assert handles() == before


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (OSError("what?"), "`dist` cannot be written to (OSError); "),
        (PermissionError(errno.EACCES, "Denied", b"releases/1.0.json"), "`dist` cannot be written to (Denied); "),
        (PermissionError(errno.EACCES, "Denied", "a/releases/b/c"), "`dist` cannot be written to (Denied); "),
        (OSError(errno.ENOSPC, "Full", "p/releases/1.0.json"), "`releases`, which keeps what was released, cannot be "),
        (OSError(errno.EDQUOT, "Quota", "p/dist/a.pdf"), "the new files do not fit on the disk of `dist` (Quota); "),
    ],
)
def test_a_refusal_is_told_of_the_folder_that_it_is_about(error: OSError, begins: str) -> None:
    assert files.not_written(error, whole=True).message.startswith(begins)


# the journal


@posix
def test_work_files_are_swept_in_dist_and_beside_it_but_for_those_of_others(tmp_path: Path) -> None:
    dist, releases = tmp_path / "dist", tmp_path / "releases"
    for folder in (dist, releases):
        folder.mkdir()
        for name in (files.work_file(1, "tmp"), files.work_file(2, "old"), f".impressum-{os.getppid()}-1.tmp", "a"):
            (folder / name).touch()
    assert journal._sweep(dist) == 4
    left = [f".impressum-{os.getppid()}-1.tmp", "a"]
    assert [sorted(path.name for path in folder.iterdir()) for folder in (dist, releases)] == [left, left]
    for name in left:
        (releases / name).unlink()
    (releases / files.work_file(1, "tmp")).touch()
    assert journal._sweep(dist) == 1
    assert not releases.exists(), "an interrupted first release had made it"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / files.work_file(1, "tmp")).touch()
    releases.symlink_to(elsewhere)
    assert journal._sweep(dist) == 0
    assert list(elsewhere.iterdir())


def test_one_work_file_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / files.work_file(1, "tmp")).touch()
    assert publish.recover(Workspace(tmp_path)) == ("Removed 1 work file that an interrupted build left in `dist`.",)


@posix
def test_no_process_has_a_number_out_of_the_systems_range() -> None:
    numbers = (os.getpid(), os.getppid(), 0, 2**31 - 1, 2**31, 10**20)
    assert [journal._runs_elsewhere(number) for number in numbers] == [False, True, False, False, False, False]


def test_a_waiting_file_with_the_right_content_is_finished_and_one_that_is_gone_is_not(tmp_path: Path) -> None:
    one = journal.Move(".impressum-1-1.tmp", "a.pdf", records.sum_of("", b"new").sha256, None)
    gone = journal.Move(None, "b.pdf", "", ".impressum-1-2.old")
    (tmp_path / "a.pdf").write_bytes(b"old")
    (tmp_path / ".impressum-1-1.tmp").write_bytes(b"new")
    assert not journal._can_finish(tmp_path, (one, gone)), "what goes is not kept"
    (tmp_path / ".impressum-1-2.old").write_bytes(b"b")
    assert journal._can_finish(tmp_path, (one, gone))
    (tmp_path / ".impressum-1-1.tmp").unlink()
    assert not journal._can_finish(tmp_path, (one,))
    (tmp_path / "a.pdf").write_bytes(b"new")
    assert journal._can_finish(tmp_path, (one,))


# locks


class Waits(Exception):
    """Raised in place of waiting for a lock."""


def waits() -> None:
    raise Waits


@linux
def test_work_files_are_used_together_but_by_who_is_alone(tmp_path: Path) -> None:
    workspace, before = Workspace(tmp_path), handles()
    with publish.work_files(workspace), publish.work_files(workspace):
        with pytest.raises(Waits), publish.work_files(workspace, alone=waits):
            pass
        with publish.lock(workspace, waiting=waits):
            pass
    with publish.work_files(workspace, alone=waits):
        assert handles() == before + 1
    with pytest.raises(ValueError, match=r"^$"), publish.lock(workspace):
        raise ValueError
    with publish.lock(workspace, waiting=waits), pytest.raises(Waits), publish.lock(workspace, waiting=waits):
        pass
    assert handles() == before


@linux
def test_where_the_lock_of_work_files_cannot_be_made_the_command_says_so_itself(tmp_path: Path) -> None:
    (workspace := Workspace(tmp_path)).cache.mkdir()
    (workspace.cache / "in-use.lock").mkdir()
    with publish.work_files(workspace):
        assert handles()


@posix
def test_a_lock_is_made_for_whoever_may_build_and_holds_only_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "build.lock"
    mask = os.umask(0)
    try:
        handle = locking._acquire(path, waits)
    finally:
        os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666
    assert locking._still_named(path, handle)
    path.unlink()
    assert not locking._still_named(path, handle)
    path.touch()
    assert not locking._still_named(path, handle)
    os.close(handle)


def file(path: Path) -> None:
    path.write_bytes(b"")


def pipe(path: Path) -> None:
    os.mkfifo(path)


@posix
@pytest.mark.parametrize(("make", "told"), [(Path.mkdir, "Is a directory"), (file, ""), (pipe, "")])
def test_only_a_folder_or_a_link_is_told_to_be_deleted(make: Callable[[Path], None], told: str, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.cache.mkdir()
    make(workspace.lock)
    fault = locking._no_lock(workspace, OSError(errno.EISDIR if told else 0, told))
    assert f"cannot be taken ({told or 'OSError'})" in fault.message
    assert fault.hint.startswith("delete `.cache/build.lock`" if told else "give this user the right")


# what is published


def test_a_product_whose_kind_changed_is_no_longer_there(tmp_path: Path) -> None:
    line = records.Sum("maps/a.svg", "1" * 64)
    (tmp_path / "maps").mkdir()
    (tmp_path / "a.pdf").touch()
    there = {
        name: [publish._is_there(tmp_path, records.Record(name, "", 0, {}, lines)) for lines in ((), (line,))]
        for name in ("maps", "a.pdf", "none")
    }
    assert there == {"maps": [False, True], "a.pdf": [True, False], "none": [False, False]}


@pytest.mark.parametrize("name", ["a.pdf/b", "CITATION.cff", "SHA256SUMS", "build-record.json", "a.record.json"])
def test_a_name_is_given_once_and_to_no_record(name: str, tmp_path: Path) -> None:
    products = (publish.Product("CITATION.cff", b"", "en", "pdf", {}),) if name == "CITATION.cff" else ()
    with pytest.raises(ValueError, match="cannot be the name of a published file"):
        publish.publish(Workspace(tmp_path), publish.Build(products, {name: b""}, {}, ""))


def test_all_that_stands_in_the_way_is_told_at_once(tmp_path: Path) -> None:
    for name in ("dist/a.pdf", "releases/1.0.json"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "dist" / "maps").touch()
    names = ("a.pdf", "b.pdf", "maps/a.svg", "maps/b.svg", "charts/a.svg", "releases/1.0.json")
    with pytest.raises(Faulty) as caught:
        publish._refuse_wrong_places(tmp_path / "dist", dict.fromkeys(names, b""))
    assert [str(fault).partition(" [")[0] for fault in caught.value.faults] == [
        "dist: error: `dist/a.pdf` is a folder, so the file of that name cannot be published",
        "releases: error: `releases/1.0.json` is a folder, so the file of that name cannot be published",
        "dist: error: `dist/maps` is a file, so no folder of that name can be published",
    ]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_folder_whose_last_file_goes_goes_too(at_once: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "AT_ONCE", at_once and publish.AT_ONCE)
    workspace = Workspace(tmp_path)
    made = [publish.FolderProduct(name, {"a.svg": b"<svg/>"}, "en", "figures", {}) for name in ("maps", "charts")]
    publish.publish(workspace, publish.Build(tuple(made), {"CITATION.cff": b"x"}, {}, "1" * 64))
    (workspace.dist / "charts" / "letter.txt").touch()
    publish.publish(workspace, publish.Build((), {"CITATION.cff": b"x"}, {}, "1" * 64), ended=("maps", "charts"))
    left = sorted(path.relative_to(workspace.dist).as_posix() for path in workspace.dist.rglob("*"))
    assert left == ["CITATION.cff", "SHA256SUMS", "build-record.json", "charts", "charts/letter.txt"]


def test_what_was_prepared_for_nothing_is_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ensures it where the disk fills up at the second file, and where the build is interrupted there."""
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "a.pdf").write_bytes(b"old")
    write_new = files.write_new
    monkeypatch.setattr(publish, "AT_ONCE", False)
    failures: tuple[tuple[BaseException, type[BaseException]], ...] = (
        (OSError(errno.ENOSPC, "No space left"), Faulty),
        (KeyboardInterrupt(), KeyboardInterrupt),
    )
    for failure, raised in failures:

        def fail(path: Path, content: bytes, failure: BaseException = failure) -> None:
            if content == b"second":
                raise failure
            write_new(path, content)

        monkeypatch.setattr(files, "write_new", fail)
        with pytest.raises(raised):
            publish.commit(Workspace(tmp_path), {"a.pdf": b"first", "b.pdf": b"second"})
        assert [path.name for path in (tmp_path / "dist").iterdir()] == ["a.pdf"]
        assert (tmp_path / "dist" / "a.pdf").read_bytes() == b"old"


# records


MAPS = publish.FolderProduct("maps", {"b.svg": b"<b/>", "a.svg": b"<svg/>"}, "en", "figures", {"pages": 2})
A, B = records.sum_of("maps/a.svg", b"<svg/>"), records.sum_of("maps/b.svg", b"<b/>")


def fields_of(product: publish.Product | publish.FolderProduct) -> dict[str, Json]:
    return dict(records.record_of(product, publish.Build((), {}, {"typst": "1"}, "7" * 64)).fields)


def test_the_record_of_a_folder_lists_its_files_and_sums_their_lines_up() -> None:
    lines = f"{A.sha256}  maps/a.svg\n{B.sha256}  maps/b.svg\n".encode()
    assert fields_of(MAPS) == {
        "schema": "impressum/record",
        "version": 1,
        "name": "maps",
        "edition": "en",
        "format": "figures",
        "bytes": 10,
        "sha256": records.sum_of("", lines).sha256,
        "inputs": "7" * 64,
        "made_with": {"typst": "1"},
        "files": [
            {"name": "maps/a.svg", "bytes": 6, "sha256": A.sha256},
            {"name": "maps/b.svg", "bytes": 4, "sha256": B.sha256},
        ],
        "pages": 2,
    }


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"schema": "impressum/release"}, "it is not a record: its schema is not `impressum/record`"),
        ({"version": 2}, "its version is 2 and this Impressum reads version 1"),
        *[
            ({key: value}, "its `name`, `sha256` or `bytes` is missing or is not what it must be")
            for key, value in (
                ("name", 3),
                ("sha256", "A" * 64),
                ("sha256", "1" * 65),
                ("sha256", None),
                ("bytes", "10"),
            )
        ],
        ({"sha256": "1" * 64}, "its `sha256` is not that of its `files`"),
        *[
            ({"files": files}, "its `files` are not what they must be")
            for files in ("maps/a.svg", ["maps/a.svg"], [{"name": 3, "sha256": A.sha256}], [{"name": "maps/a.svg"}])
        ],
        *[
            ({"files": [{"name": name, "sha256": A.sha256}]}, f"it lists `{name}`, which is no file of that folder")
            for name in ("charts/a.svg", "a.svg", "maps/../a.svg", "maps/a/b.svg")
        ],
    ],
)
def test_a_record_is_read_only_as_a_build_writes_it(changes: dict[str, Json], why: str | None, tmp_path: Path) -> None:
    path = tmp_path / "maps.record.json"
    path.write_bytes(records.as_bytes({**fields_of(MAPS), **changes}))
    if why is None:
        read = records.read(path)
        assert (read.name, read.size, read.files) == ("maps", 10, (A, B))
    else:
        with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
            records.read(path)


@pytest.mark.parametrize("raw", [b"{", b"[1]", b'{"a": NaN}', b'{"a": "\\ud800"}', b"\xff", b"[" * 100_000])
def test_what_is_no_mapping_that_can_be_written_again_is_none(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(raw)
    with pytest.raises(ValueError, match=r"^it is not a mapping in JSON$"):
        records.mapping(tmp_path / "a.json")


def test_records_are_the_same_bytes_whatever_their_order() -> None:
    assert records.as_bytes({"b": "é", "a": [1]}) == '{\n  "a": [\n    1\n  ],\n  "b": "é"\n}\n'.encode()
    listed = [records.Record(name, "", 0, {"schema": "s", "version": 1, "name": name}) for name in ("b", "a")]
    built = records.build_record(listed, (B, A), {"version": "1.0"})
    assert built == records.build_record(listed[::-1], (A, B), {"version": "1.0"})
    assert json.loads(built) == {
        "schema": "impressum/build-record",
        "version": 1,
        "products": [{"name": "a"}, {"name": "b"}],
        "shared": [{"name": "maps/a.svg", "sha256": A.sha256}, {"name": "maps/b.svg", "sha256": B.sha256}],
        "release": {"version": "1.0"},
    }
    assert "release" not in json.loads(records.build_record([], []))


def test_of_the_shared_files_of_earlier_builds_those_are_known_that_are_there(tmp_path: Path) -> None:
    names = ("a.cff", "maps/a.svg", "gone.md", "new.md", "../x", "folder")
    (tmp_path / "maps").mkdir()
    (tmp_path / "folder").mkdir()
    for name in ("a.cff", "maps/a.svg", "new.md"):
        (tmp_path / name).touch()
    good: list[Json] = [{"name": name, "sha256": "1" * 64} for name in names]
    bad: list[Json] = ["a.cff", {"name": "a.cff"}, {"name": 3, "sha256": "1" * 64}, {"name": "a.cff", "sha256": "x"}]

    def known(shared: Json, schema: str = "impressum/build-record") -> list[str]:
        (tmp_path / "build-record.json").write_bytes(records.as_bytes({"schema": schema, "shared": shared}))
        return [line.name for line in records.earlier_shared(tmp_path, ("new.md",))]

    assert known([*bad, *good]) == ["a.cff", "maps/a.svg"]
    assert (known({"name": "a.cff"}), known(good, "other")) == ([], [])
    (tmp_path / "build-record.json").write_text("[]")
    assert records.earlier_shared(tmp_path, ()) == ()


def test_of_the_products_of_earlier_builds_the_files_are_known_by_name(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    product = publish.Product("study.pdf", b"abc", "en", "pdf", {})
    publish.publish(workspace, publish.Build((product, MAPS), {"a.cff": b"x"}, {}, "7" * 64))
    dist = workspace.dist
    assert [record.name for record in records.earlier_records(dist)] == ["maps", "study.pdf"]
    assert set(records.earlier_files(dist, ["maps", "a.cff"])) == {"maps.record.json", "maps/a.svg", "maps/b.svg"}
    assert set(records.earlier_files(dist, ["study.pdf"])) == {"study.pdf", "study.pdf.record.json"}
    (dist / "study.pdf.record.json").rename(dist / "other.pdf.record.json")
    assert [record.name for record in records.earlier_records(dist)] == ["maps"]
    (dist / "build-record.json").write_text('{"products": {}}')
    assert records.earlier_records(dist) == ()


def test_strangers_in_dist_are_named_file_by_file_in_folders_that_are_known(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf", "maps/a.svg", "maps/b.svg", "other/a.svg", "other/b.svg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = files.strangers(tmp_path, {"a.pdf", "maps/a.svg"})
    assert [fault.place.path for fault in found] == ["dist/b.pdf", "dist/maps/b.svg", "dist/other"]
    assert found[1].message == "`b.svg` is not of this release, and no build has published it"


# what goes wrong on the way


def refuse(*_: object, **__: object) -> None:
    raise OSError(errno.EBUSY, "Device or resource busy")


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A `dist` of one file, which is replaced file by file."""
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "a.pdf").write_bytes(b"old")
    return Workspace(tmp_path)


def published(workspace: Workspace) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in workspace.dist.iterdir()}


@pytest.mark.parametrize(
    ("undone", "after"), [(True, "what stood there is unchanged"), (False, "some files there are")]
)
def test_a_rename_that_is_refused_is_undone_or_told_to_be_half_done(
    undone: bool, after: str, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "AT_ONCE", False)
    monkeypatch.setattr(publish, "rename", refuse)
    if not undone:
        monkeypatch.setattr(publish, "undo_as_far_as_possible", lambda dist, moves: False)
    with pytest.raises(Faulty, match=rf"\(Device or resource busy\); {after}"):
        publish.commit(workspace, {"a.pdf": b"new", "b.pdf": b"new"})
    assert (published(workspace) == {"a.pdf": b"old"}) is undone
    if undone:
        monkeypatch.setattr(publish, "rename", interrupt)
        with pytest.raises(KeyboardInterrupt):
            publish.commit(workspace, {"a.pdf": b"new"})


def test_what_cannot_be_closed_is_published_all_the_same(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = workspace.dist.stat().st_ino
    monkeypatch.setattr(publish, "close", refuse)
    monkeypatch.setattr(publish, "AT_ONCE", False)
    publish.commit(workspace, {"a.pdf": b"new"})
    assert (published(workspace)["a.pdf"], workspace.dist.stat().st_ino) == (b"new", folder)
    if sys.platform.startswith("linux"):
        monkeypatch.setattr(publish, "AT_ONCE", True)
        publish.commit(workspace, {"a.pdf": b"newer", "releases/1.0.json": b"{}"})
        assert (published(workspace)["a.pdf"], workspace.dist.stat().st_ino != folder) == (b"newer", True)
        assert (workspace.root / "releases" / "1.0.json").read_bytes() == b"{}"


@pytest.mark.skipif(not publish.AT_ONCE, reason="only Linux exchanges folders")
def test_a_folder_that_is_not_exchanged_is_left_and_its_draft_taken_away(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = {"a.pdf": b"new", "releases/1.0.json": b"{}"}
    monkeypatch.setattr(publish, "exchange", interrupt)
    with pytest.raises(KeyboardInterrupt):
        publish.commit(workspace, changed)
    for name, stand_in in (("exchange", lambda one, other: False), ("prepare", refuse)):
        monkeypatch.setattr(publish, name, stand_in)
        assert not publish._exchanged(workspace, changed, ())
    assert published(workspace) == {"a.pdf": b"old"}
    assert not workspace.next_dist.exists()
    assert not (workspace.root / "releases").exists()


def test_a_disk_that_fails_while_publishing_begins_or_recovers_is_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "earlier_files", refuse)
    with pytest.raises(Faulty, match="what stood there is unchanged"):
        publish.publish(workspace, publish.Build((), {}, {}, ""))
    monkeypatch.setattr(journal, "_sweep", refuse)
    with pytest.raises(Faulty, match="some files there are new and some are old"):
        publish.recover(workspace)


def test_renames_that_cannot_be_finished_are_undone(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    moves = journal.prepare(workspace.dist, {"a.pdf": b"new"}, (), workspace.dist)
    assert [(one.name, one.sha256, one.old is not None) for one in moves] == [
        ("a.pdf", records.sum_of("", b"new").sha256, True)
    ]
    monkeypatch.setattr(journal, "rename", refuse)
    assert publish.recover(workspace) == ("Undid what an interrupted build was publishing in `dist`: `a.pdf`.",)
    assert published(workspace) == {"a.pdf": b"old"}
