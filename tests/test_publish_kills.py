"""Publishing is killed before each line that it runs; what the next run finds in `dist` is all old or all new.

The sweep runs in a process of its own (this file as a script), which forks a child for each kill.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from impressum.stages import publish
from impressum.system import process
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    from _typeshed import TraceFunction

EVERY_LINE = bool(os.environ.get("IMPRESSUM_EVERY_LINE"))
"""The suite kills before every 23rd line of publishing and every 41st of the rest; with this, before each."""
IN_MEMORY = Path("/dev/shm")
"""A disk that is not waited for, where there is one: a killed process loses nothing that it wrote to either."""
RELEASES = "releases"
PUBLISH = str(Path(publish.__file__).parent)
MADE_WITH = {"impressum": "1.0.0", "typst": "0.15.2"}

if __name__ != "__main__":  # a fork of a process with pytest in it costs three times as much
    import pytest

    pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 and fork are POSIX")


def product(name: str, text: str, edition: str) -> publish.Product:
    return publish.Product(name, text.encode(), edition, name.rpartition(".")[2], {"pages": len(text)})


def figures(edition: str, **files: bytes) -> publish.FolderProduct:
    contents = {f"{name}.svg": content for name, content in files.items()}
    return publish.FolderProduct(f"study-{edition}-figures", contents, edition, "figures", {})


def publish_old(workspace: Workspace) -> None:
    products = (product("study-en.pdf", "first", "en"), product("study-sr.pdf", "prvo", "sr"))
    folders = (figures("en", trade=b"<svg/>", rain=b"<svg id='rain'/>"), figures("sr", kisa=b"<svg id='kisa'/>"))
    publish.publish(workspace, publish.Build(products + folders, {"CITATION.cff": b"v1\n"}, MADE_WITH, "1" * 64))


def publish_new(workspace: Workspace) -> None:
    """Files are new, changed, unchanged and gone; of the folders one is new and one is gone."""
    products = (product("study-en.pdf", "second edition", "en"), product("study-en.docx", "as a document", "en"))
    folders = (figures("en", trade=b"<svg id='new'/>", snow=b"<svg/>"), figures("de", schnee=b"<svg/>"))
    publish.publish(
        workspace,
        publish.Build(products + folders, {"CITATION.cff": b"v2\n"}, MADE_WITH, "2" * 64),
        ended=("study-sr-figures",),
    )


def publish_release(workspace: Workspace) -> None:
    """All that is not released goes; the record of the release appears beside `dist`."""
    release = publish.Release("2.0", {"version": "2.0"}, b'{"release": "2.0"}\n')
    products = (product("study-en.pdf", "the second version", "en"), figures("en", trade=b"<svg id='new'/>"))
    shared = {"CITATION.cff": b"v2\n", "CHANGES-2.0.md": b"# Changes\n"}
    publish.publish(workspace, publish.Build(products, shared, MADE_WITH, "3" * 64, release))


def recover(workspace: Workspace) -> None:
    publish.recover(workspace)


def published(dist: Path) -> dict[str, bytes]:
    """The files by name; of a folder, its name with nothing; those of `releases` with their folder."""
    found = {path.relative_to(dist).as_posix(): path for path in dist.rglob("*")}
    found |= {f"../{RELEASES}/{path.name}": path for path in (dist.parent / RELEASES).glob("*")}
    return {name: path.read_bytes() if path.is_file() else b"" for name, path in found.items()}


def wrong_sums(dist: Path) -> list[str]:
    lines = (dist / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    return [n for n, digest in sums.items() if hashlib.sha256((dist / n).read_bytes()).hexdigest() != digest]


def run_watched(action: Callable[[Workspace], None], workspace: Workspace, before: Callable[[int], None]) -> None:
    """Runs `action`, and calls `before` with its number before each line of publish."""
    line = 0

    def trace(frame: FrameType, event: str, _: object) -> TraceFunction | None:
        nonlocal line
        if not frame.f_code.co_filename.startswith(PUBLISH):
            return None
        if event == "line":
            line += 1
            before(line)
        return trace

    sys.settrace(trace)
    try:
        action(workspace)
    finally:
        sys.settrace(None)


def run_killed(action: Callable[[Workspace], None], workspace: Workspace, line: int) -> bool:
    """Runs `action` in a child that is killed before its `line`th line of publish; whether it came to its end."""
    child = os.fork()
    if child == 0:

        def kill(at: int) -> None:
            if at == line:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            run_watched(action, workspace, kill)
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL), status
    return status == 0


class Sweep:
    """The folder that is killed in, and the two states that it may be in afterwards."""

    def __init__(self, root: Path, publish_new: Callable[[Workspace], None]) -> None:
        self.workspace = Workspace(root / "killed")
        self.publish_new = publish_new
        model = Workspace(root / "model")
        publish_old(model)
        self.old = published(model.dist)
        publish_new(model)
        self.new = published(model.dist)
        self.outcomes = {"old": 0, "new": 0, "mixed": 0}

    def start(self, files: dict[str, bytes]) -> None:
        shutil.rmtree(self.workspace.dist, ignore_errors=True)
        shutil.rmtree(self.workspace.root / RELEASES, ignore_errors=True)
        self.workspace.dist.mkdir(parents=True)
        for name, content in sorted(files.items()):
            if content:
                (self.workspace.dist / name).write_bytes(content)
            else:
                (self.workspace.dist / name).mkdir()

    def check(self, where: str) -> None:
        found = published(self.workspace.dist)
        if found not in (self.old, self.new):
            raise AssertionError(f"{where}: neither old nor new: {sorted(found)}")
        if wrong_sums(self.workspace.dist):
            raise AssertionError(f"{where}: wrong sums")
        self.outcomes["old" if found == self.old else "new"] += 1

    @staticmethod
    def without_release(files: dict[str, bytes]) -> dict[str, bytes]:
        return {name: content for name, content in files.items() if not name.startswith("../")}

    def states(self) -> list[int]:
        """Three lines at which a kill leaves the journal: nothing renamed yet, some, all."""
        found: dict[tuple[str, ...], int] = {}

        def look(line: int) -> None:
            if line % 3 == 1:  # each state lasts for several lines
                names = tuple(sorted(name.rpartition("-")[2] for name in published(self.workspace.dist)))
                if "journal.json" in names:
                    found.setdefault(names, line)

        self.start(self.old)
        run_watched(self.publish_new, self.workspace, look)
        lines = sorted(found.values())
        return [lines[0], lines[len(lines) // 2], lines[-1]]

    def killed_at(self, line: int) -> None:
        """Lays out what a kill before this line leaves; it is killed once, for a kill leaves the same each time."""
        left = self.workspace.root.with_name(f"left-{line}")
        if not left.exists():
            self.start(self.old)
            assert not run_killed(self.publish_new, self.workspace, line)
            shutil.copytree(self.workspace.root, left)
        shutil.rmtree(self.workspace.root)
        shutil.copytree(left, self.workspace.root)

    def tear(self) -> int:
        """Cuts the last new file that still waits, as a power cut may; how many waited."""
        waiting = sorted(self.workspace.root.glob("*/.impressum-*.tmp"))
        for path in waiting[-1:]:
            path.write_bytes(path.read_bytes()[:-1])
        return len(waiting)


def kill_publish(sweep: Sweep, *, at_once: bool) -> None:
    """`at_once`: the files of `dist` are all old or all new even before the next run."""
    line, ended = 0, False
    while not ended:
        line += 1 if EVERY_LINE else 23 if at_once else 41
        sweep.start(sweep.old)
        ended = run_killed(sweep.publish_new, sweep.workspace, line)
        found = {
            name: content for name, content in published(sweep.workspace.dist).items() if ".impressum-" not in name
        }
        mixed = not any(sweep.without_release(found) == sweep.without_release(one) for one in (sweep.old, sweep.new))
        sweep.outcomes["mixed"] += mixed
        if at_once and mixed:
            raise AssertionError(f"line {line}: neither old nor new: {sorted(found)}")
        publish.recover(sweep.workspace)
        sweep.check(f"line {line}")
        if sweep.workspace.next_dist.exists():
            raise AssertionError(f"line {line}: the draft is left")


def kill_first_publish(sweep: Sweep) -> None:
    """Where nothing stood before, `dist` is empty or complete."""
    line, ended = 0, False
    sweep.new, sweep.old = sweep.old, {}
    while not ended:
        line += 1 if EVERY_LINE else 23
        sweep.start({})
        ended = run_killed(publish_old, sweep.workspace, line)
        publish.recover(sweep.workspace)
        if published(sweep.workspace.dist):
            sweep.check(f"line {line}")
        else:
            sweep.outcomes["old"] += 1


def kill_recover(sweep: Sweep, *, torn: bool) -> None:
    for at in sweep.states():
        line, ended = 0, False
        while not ended:
            line += 1 if EVERY_LINE else 41
            sweep.killed_at(at)
            if torn and not sweep.tear():
                break
            ended = run_killed(recover, sweep.workspace, line)
            publish.recover(sweep.workspace)
            sweep.check(f"killed at line {at}, then at line {line}")


def main(what: str, root: Path) -> None:
    at_once = publish.AT_ONCE and what in ("publish", "release", "first")
    publish.AT_ONCE = at_once
    sweep = Sweep(root, publish_release if what.startswith("release") else publish_new)
    if what.startswith(("publish", "release")):
        kill_publish(sweep, at_once=at_once)
    elif what == "first":
        kill_first_publish(sweep)
    else:
        kill_recover(sweep, torn=what.endswith("torn"))
    print(json.dumps(sweep.outcomes))


def kept() -> dict[str, str]:
    return {"IMPRESSUM_EVERY_LINE": "1"} if EVERY_LINE else {}


def outcomes(what: str) -> dict[str, int]:
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None) as folder:
        command = [sys.executable, __file__, what, folder]
        done = process.run(command, limits=process.Limits(seconds=300), environment=kept())
    assert done.code == 0, done.errors
    result: dict[str, int] = json.loads(done.stdout)
    return result


def test_a_kill_at_any_line_leaves_all_old_or_all_new_before_anything_is_run_again() -> None:
    """Ensures it where the system exchanges folders; the record of a release is there once the next build began."""
    for what in ("publish", "release"):
        found = outcomes(what)
        assert found["old"] > 10
        assert found["new"] > 1
        assert found["mixed"] == 0 or not publish.AT_ONCE


def test_a_kill_at_any_line_leaves_all_old_or_all_new_in_the_end_where_folders_are_not_exchanged() -> None:
    for what in ("publish by names", "release by names"):
        found = outcomes(what)
        assert found["old"] > 10
        assert found["new"] > 1
        assert found["mixed"] > 0


def test_a_kill_at_any_line_of_a_first_publish_leaves_nothing_or_all() -> None:
    found = outcomes("first")
    assert found["old"] > 10
    assert found["new"] > 1


def test_a_kill_at_any_line_of_a_recovery_leaves_all_new_in_the_end() -> None:
    found = outcomes("recover")
    assert found["old"] == 0
    assert found["new"] > 10


def test_a_torn_file_and_a_kill_at_any_line_of_the_undoing_leave_all_old_in_the_end() -> None:
    found = outcomes("torn")
    assert found["old"] > 20
    assert found["new"] == 0


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
