"""A full disk, a read-only disk and a folder of somebody else: `dist` stays as it was.

The disks are real (a small tmpfs) where the system lets us mount one: as root, or as root of a user
namespace. Elsewhere a limit on the size of files stands in for the full disk.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from building import mounting

from impressum.core.errors import Faulty
from impressum.stages import publish
from impressum.stages.publish.files import not_written
from impressum.system import process
from impressum.system.workspace import Workspace

pytestmark = pytest.mark.skipif(os.name != "posix", reason="mounts, limits and users are those of POSIX")

PAGE = 4096
WHOLE, MIXED = "what stood there is unchanged", "some files there are new and some are old"
LIMITS = process.Limits(seconds=120)
FULL_HINT = "  hint: free some space, or move the publication to a larger disk"


def put(workspace: Workspace, letter: bytes, size: int = 3 * PAGE) -> None:
    products = tuple(
        publish.Product(f"study-{edition}.pdf", letter * size, edition, "pdf", {}) for edition in ("en", "sr")
    )
    publish.publish(workspace, publish.Build(products, {"CITATION.cff": letter}, {}, "1" * 64))


def published(dist: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in dist.iterdir() if path.name != "filler"}


def attempt(workspace: Workspace) -> dict[str, object]:
    """Publishes other files over those that stand there; what was said, and whether they are as they were."""
    before = published(workspace.dist)
    said: list[str] = []
    try:
        put(workspace, b"b")
    except Faulty as faulty:
        said = [str(fault) for fault in faulty.faults]
    after = published(workspace.dist)
    hidden = [name for name in after if name.startswith(".")]
    return {"said": said, "same": after == before, "hidden": hidden, "new": after["study-en.pdf"][0] == "b"}


def fill(workspace: Workspace) -> Iterator[dict[str, object]]:
    """A disk with room for 0, 1, 2 … pages, until all fits."""
    done = False
    for pages in range(40):
        for path in workspace.dist.iterdir():
            path.unlink()
        put(workspace, b"a")
        with (workspace.dist / "filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"x" * PAGE)
            except OSError:
                filler.truncate(max(0, filler.tell() // PAGE - pages) * PAGE)
        yield (result := attempt(workspace))
        done = bool(result["new"])
        if done:
            return


def run_full(workspace: Workspace) -> list[dict[str, object]]:
    workspace.dist.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "none", str(workspace.dist)]
    assert process.run(mount, limits=LIMITS).code == 0
    try:
        return list(fill(workspace))
    finally:
        process.run(["umount", str(workspace.dist)], limits=LIMITS)


def run_limited(workspace: Workspace) -> list[dict[str, object]]:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    put(workspace, b"a")
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * PAGE, resource.RLIM_INFINITY))
    result = attempt(workspace)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return [result]


def run_read_only(workspace: Workspace) -> list[dict[str, object]]:
    workspace.dist.mkdir()
    place = str(workspace.dist)
    assert process.run(["mount", "-t", "tmpfs", "none", place], limits=LIMITS).code == 0
    try:
        put(workspace, b"a")
        assert process.run(["mount", "-o", "remount,ro", "none", place], limits=LIMITS).code == 0
        return [attempt(workspace)]
    finally:
        process.run(["umount", place], limits=LIMITS)


def run_foreign(workspace: Workspace) -> list[dict[str, object]]:
    put(workspace, b"a")
    workspace.dist.chmod(0o555)
    workspace.root.chmod(0o755)
    if os.geteuid() == 0:
        os.setresuid(65534, 65534, 65534)  # root may write everywhere
    return [attempt(workspace)]


def run_busy(workspace: Workspace) -> list[dict[str, object]]:
    """One of the published files is a mount of its own: it has no hard links, and nothing is renamed to it."""
    put(workspace, b"a")
    busy = str(workspace.dist / "study-sr.pdf")
    (workspace.root / "other.pdf").write_bytes(b"a")
    bind = ["mount", "--bind", str(workspace.root / "other.pdf"), busy]
    assert process.run(bind, limits=LIMITS).code == 0
    try:
        return [attempt(workspace)]
    finally:
        process.run(["umount", busy], limits=LIMITS)


RUNS: dict[str, Callable[[Workspace], list[dict[str, object]]]] = {
    "full": run_full,
    "limited": run_limited,
    "read-only": run_read_only,
    "foreign": run_foreign,
    "busy": run_busy,
}


def results(what: str, folder: Path, prefix: list[str] | None = None) -> list[dict[str, object]]:
    done = process.run([*(prefix or []), sys.executable, __file__, what, str(folder)], limits=LIMITS)
    assert done.code == 0, done.errors
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


RIGHTS = "close the files of `dist` in other programs, and give this user the right to write in `dist`"


@pytest.mark.parametrize(
    ("code", "path", "told", "hint"),
    [
        (
            errno.EROFS,
            "dist/a.pdf",
            "dist: error: `dist` cannot be written to (Read-only file system)",
            "make its disk wri",
        ),
        (errno.EACCES, "dist/a.pdf", "dist: error: `dist` cannot be written to (Permission denied)", RIGHTS),
        (errno.EPERM, "dist/a.pdf", "dist: error: `dist` cannot be written to (Operation not permitted)", RIGHTS),
        (
            errno.EIO,
            "dist/a.pdf",
            "dist: error: `dist` cannot be written to (Input/output error)",
            "see that the disk ",
        ),
        (
            errno.ENOSPC,
            "dist/a.pdf",
            "dist: error: the new files do not fit on the disk of `dist` (No space",
            "free some",
        ),
        (
            errno.EACCES,
            "releases/1.0.json",
            "releases: error: `releases`, which keeps what was rel",
            "give this user the",
        ),
        (
            errno.ENOTDIR,
            "releases",
            "releases: error: `releases`, which keeps what was rel",
            "give this user the right",
        ),
    ],
)
def test_what_the_disk_refuses_is_told_with_what_to_do(code: int, path: str, told: str, hint: str) -> None:
    for whole, after, then in ((True, WHOLE, ""), (False, MIXED, "; the next build puts `dist` right first")):
        fault = not_written(OSError(code, os.strerror(code), path), whole=whole)
        assert str(fault).startswith(told)
        assert f"); {after} [" in str(fault)
        assert fault.hint.startswith(hint)
        assert fault.hint.endswith(then)
        assert ("the next build" in fault.hint) is bool(then)


def test_a_disk_that_fills_up_at_any_point_leaves_dist_as_it_was(tmp_path: Path) -> None:
    prefix = mounting()
    found = results("limited", tmp_path) if prefix is None else results("full", tmp_path, prefix)

    failed = [result for result in found if result["said"]]
    reason = "File too large" if prefix is None else "No space left on device"
    for result in failed:
        assert result["said"] == [
            (
                f"dist: error: the new files do not fit on the disk of `dist` ({reason}); what stood there is unchanged"
                f" [disk-full]\n{FULL_HINT}"
            )
        ]
        assert result["same"]
        assert result["hidden"] == []
    if prefix is not None:
        assert len(failed) > 5
        assert found[-1] == {"said": [], "same": False, "hidden": [], "new": True}


def test_a_limit_on_the_size_of_files_is_a_full_disk(tmp_path: Path) -> None:
    (result,) = results("limited", tmp_path)

    assert result["said"] == [
        (
            "dist: error: the new files do not fit on the disk of `dist` (File too large);"
            f" what stood there is unchanged [disk-full]\n{FULL_HINT}"
        )
    ]
    assert result["same"]
    assert result["hidden"] == []


def test_a_read_only_disk_is_a_fault(tmp_path: Path) -> None:
    prefix = mounting()
    if prefix is None:
        pytest.skip("nothing can be mounted here")
    (result,) = results("read-only", tmp_path, prefix)

    assert result["said"] == [
        (
            "dist: error: `dist` cannot be written to (Read-only file system); what stood there is unchanged"
            " [dist-not-writable]\n"
            "  hint: make its disk writable, or move the publication to one that is"
        )
    ]
    assert result["same"]


def test_a_file_that_cannot_be_replaced_puts_back_those_that_were(tmp_path: Path) -> None:
    prefix = mounting()
    if prefix is None:
        pytest.skip("nothing can be mounted here")
    (result,) = results("busy", tmp_path, prefix)

    assert result["said"] == [
        (
            "dist: error: `dist` cannot be written to (Device or resource busy); what stood there is unchanged"
            " [dist-not-writable]\n"
            "  hint: see that the disk of `dist` is there and in order, then build again"
        )
    ]
    assert result["same"]
    assert result["hidden"] == []


def test_a_folder_of_somebody_else_is_a_fault(tmp_path: Path) -> None:
    # pytest's folders are for their owner alone: the other user needs a way in
    for folder in (tmp_path, *tmp_path.parents[:3]):
        if folder.stat().st_uid == os.geteuid() and folder != Path(folder.anchor):
            folder.chmod(folder.stat().st_mode | 0o111)
    (result,) = results("foreign", tmp_path)

    assert result["said"] == [
        (
            "dist: error: `dist` cannot be written to (Permission denied); what stood there is unchanged"
            " [dist-not-writable]\n"
            "  hint: close the files of `dist` in other programs, and give this user the right to write in `dist`"
        )
    ]
    assert result["same"]


if __name__ == "__main__":
    print(json.dumps(RUNS[sys.argv[1]](Workspace(Path(sys.argv[2])))))
