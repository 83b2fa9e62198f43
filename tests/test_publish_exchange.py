"""`dist` is exchanged as a whole where the system can: what stays is the same file, and nothing is ever mixed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from building import built_copy, contents_of, impressum, replace

from impressum.cli.untrusted.assembly import deliver
from impressum.stages import publish
from impressum.system.work_folders import sweep, temporary
from impressum.system.workspace import Workspace

pytestmark = pytest.mark.skipif(not publish.AT_ONCE, reason="only Linux exchanges folders")


def put(workspace: Workspace, edition: str, content: bytes) -> None:
    product = publish.Product(f"study-{edition}.pdf", content, edition, "pdf", {})
    publish.publish(workspace, publish.Build((product,), {}, {}, "1" * 64))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path)
    put(workspace, "en", b"first")
    put(workspace, "sr", b"prvo")
    return workspace


def test_what_stays_is_the_same_file_and_what_nobody_published_stays_too(workspace: Workspace) -> None:
    dist = workspace.dist
    dist.chmod(0o750)
    (dist / "notes" / "old").mkdir(parents=True)
    (dist / "notes" / "old" / "letter.txt").write_text("Dear")
    (dist / "link").symlink_to("notes/old/letter.txt")
    os.mkfifo(dist / "pipe")
    stays = {name: (dist / name).lstat() for name in ("study-sr.pdf", "notes/old/letter.txt", "pipe")}
    folder = dist.stat().st_ino
    put(workspace, "en", b"second")
    assert dist.stat().st_ino != folder  # it was exchanged
    assert dist.stat().st_mode & 0o777 == 0o750
    assert (dist / "study-en.pdf").read_bytes() == b"second"
    for name, noted in stays.items():
        now = (dist / name).lstat()
        assert (now.st_ino, now.st_mtime_ns) == (noted.st_ino, noted.st_mtime_ns), name
    assert (dist / "link").readlink() == Path("notes/old/letter.txt")
    assert not workspace.next_dist.exists()


@pytest.mark.skipif(os.name == "posix" and os.geteuid() != 0, reason="only root gives folders away")
def test_a_folder_of_another_user_is_not_exchanged_and_gets_its_files(workspace: Workspace) -> None:
    os.chown(workspace.dist, 65534, 65534)
    folder = workspace.dist.stat().st_ino
    put(workspace, "en", b"second")
    assert (workspace.dist.stat().st_ino, workspace.dist.stat().st_uid) == (folder, 65534)
    assert (workspace.dist / "study-en.pdf").read_bytes() == b"second"
    assert not [path for path in workspace.dist.iterdir() if path.name.startswith(".")]
    assert not workspace.next_dist.exists()


def test_a_draft_that_a_killed_build_left_is_swept(workspace: Workspace) -> None:
    shutil.copytree(workspace.dist, workspace.next_dist)
    publish.recover(workspace)
    assert not workspace.next_dist.exists()
    workspace.next_dist.symlink_to(workspace.dist)
    put(workspace, "en", b"second")
    assert not os.path.lexists(workspace.next_dist)
    assert (workspace.dist / "study-sr.pdf").read_bytes() == b"prvo"


def test_a_record_of_a_release_that_cannot_take_its_place_leaves_dist_as_it_was(workspace: Workspace) -> None:
    before = contents_of(workspace.dist)
    (workspace.root / "releases" / "1.0.json").mkdir(parents=True)
    (workspace.root / "releases" / "1.0.json" / "letter.txt").write_text("Dear")
    changed = {"releases/1.0.json": b"{}", "study-en.pdf": b"final"}
    assert not publish._exchanged(workspace, changed, ["study-sr.pdf"])
    assert contents_of(workspace.dist) == before
    assert contents_of(workspace.root / "releases").keys() == {"1.0.json/letter.txt"}
    assert not workspace.next_dist.exists()


def test_verify_says_that_a_build_was_interrupted(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    journal = root / "dist/.impressum-journal.json"
    journal.write_text("{}")
    for file in (root / "dist/a-small-report-en.pdf", root / "dist/none.pdf", root / "dist"):
        ran = impressum(root, "verify", str(file))
        assert (ran.code, ran.faults) == (
            1,
            (
                f"{journal}: error: a build was interrupted while it published here: its files and older ones may "
                "stand side by side [publishing-interrupted]\n"
                "  hint: build again, which finishes or undoes it first"
            ),
        )
    replace(root / "publication.yaml", "type: Report", "type: Study")
    assert impressum(root, "build").code == 0
    assert impressum(root, "verify", str(root / "dist")).code == 0


def link_to(folder: Path) -> Callable[[Path], None]:
    return lambda dist: dist.symlink_to(folder)


def test_a_delivery_takes_the_place_of_whatever_stood_there_and_sweeps_what_others_left(tmp_path: Path) -> None:
    made, root, precious = tmp_path / "made", tmp_path / "root", tmp_path / "precious"
    for folder in (made, root, precious):
        folder.mkdir()
        (folder / "file").write_text(folder.name)
    before = contents_of(precious)
    for stand in (lambda dist: None, Path.mkdir, Path.touch, link_to(precious), link_to(tmp_path / "none")):
        (root / ".dist-4194303999").mkdir()
        (root / ".before-4194303999").symlink_to(precious)
        stand(root / "dist")
        deliver(made, root)
        assert contents_of(root) == {"file": contents_of(root)["file"], "dist/file": contents_of(made)["file"]}
        assert sorted(path.name for path in root.iterdir()) == ["dist", "file"]
        shutil.rmtree(root / "dist")
    assert contents_of(precious) == before


def test_temporary_folders_of_killed_runs_are_swept_a_day_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name, age in (("impressum-test-old", 100_000), ("impressum-test-new", 1000), ("other-old", 100_000)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (tmp_path.stat().st_mtime - age,) * 2)
    with temporary("impressum-test-") as folder:
        assert folder.is_dir()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["impressum-test-new", "other-old"]


def test_sweeping_leaves_a_cache_that_a_publication_lies_in_alone(tmp_path: Path) -> None:
    """Ensures that a folder `.cache` above a publication is not taken for the publication's own."""
    root = tmp_path / ".cache" / "clones" / "report"
    root.mkdir(parents=True)
    (tmp_path / ".cache" / "work").mkdir()
    sweep(root / ".dist-1")
    put(Workspace(root), "en", b"first")
    assert sorted(path.name for path in (tmp_path / ".cache").iterdir()) == ["clones", "work"]
