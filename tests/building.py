"""For the tests of the whole line: publications copied to a folder of their own and built by the real program."""

from __future__ import annotations

import atexit
import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.cli.main import main
from impressum.pipeline.build import check
from impressum.pipeline.convert import Manuscripts
from impressum.pipeline.run import Order, Run
from impressum.stages.publish.locking import lock
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    import pypdf

REPOSITORY = Path(__file__).parent.parent
PUBLICATIONS = Path(__file__).parent / "publications"
SHARED = "IMPRESSUM_TESTS_SHARE"
"""The variable that names the folder of what all processes of a run share; conftest.py makes and removes it."""
PATIENCE = 60.0  # seconds; a process that needs longer hangs
OF_OUTSIDE = ("SOURCE_DATE_EPOCH", "CI")
"""Variables that would change the output of a run."""


@dataclass(frozen=True)
class Ran:
    """A run of the program that ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def faults(self) -> str:
        """Standard error without the lines of progress."""
        return "\n".join(line for line in self.stderr.splitlines() if not line.startswith("["))


def command(root: Path | None, *arguments: str) -> list[str]:
    """The command line of the program for the publication in `root`."""
    where = [] if root is None else ["--root", str(root)]
    return [sys.executable, "-m", "impressum", *where, *arguments]


def variables(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a run: this process's, without what would change its output, and with `changes`."""
    kept = {name: value for name, value in os.environ.items() if name not in OF_OUTSIDE}
    return {**kept, "PYTHONPATH": str(REPOSITORY), **(changes or {})}


def impressum(root: Path | None, *arguments: str) -> Ran:
    """Runs the program to its end in this process, which saves its start; what it starts are processes of their own."""
    out, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    kept = dict(os.environ)
    for name in OF_OUTSIDE:
        os.environ.pop(name, None)
    try:
        with redirect_stdout(out), redirect_stderr(errors):
            code = main(command(root, *arguments)[3:])
    except SystemExit as ended:  # by argparse
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        os.environ.update(kept)
    return Ran(code, *(stream.buffer.getvalue().decode() for stream in (out, errors)))


def program(
    root: Path | None, *arguments: str, environment: Mapping[str, str] | None = None, module: str = "impressum"
) -> Ran:
    """Runs the program to its end in a process of its own; `module` is another way into it."""
    words = command(root, *arguments)
    done = subprocess.run(
        [*words[:2], module, *words[3:]],
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        env=variables(environment),
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def obedient(root: Path, *arguments: str) -> Ran:
    """Runs the program as one whom the rights of files hold back, root too: without its powers to pass them over."""
    done = subprocess.run(
        command(root, *arguments),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        env=variables(),
        preexec_fn=_give_up_powers if os.geteuid() == 0 else None,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def _give_up_powers() -> None:
    """Drops what lets root of Linux read, write and own every file (capabilities 1 to 3), for what it starts."""
    import ctypes

    drop_from_bounding_set = 24
    for capability in (1, 2, 3):
        if ctypes.CDLL(None, use_errno=True).prctl(drop_from_bounding_set, capability, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "root cannot give its powers up here")


@cache
def mounting() -> list[str] | None:
    """What to put before a command that mounts: nothing as root, `unshare` as a user, None where neither works."""
    for prefix in ([], ["unshare", "--user", "--map-root-user", "--mount"]):
        # `none` again, so that `mount` reads no options of what is mounted: it would ask for an owner unknown there
        steps = "d=$(mktemp -d) && mount -t tmpfs none $d && mount -o remount,size=1m none $d"
        probe = [*prefix, "sh", "-c", f"{steps} && umount $d && rmdir $d"]
        if (not prefix or shutil.which(prefix[0])) and subprocess.run(
            probe, capture_output=True, check=False
        ).returncode == 0:
            return prefix
    return None


def started(root: Path, *arguments: str, code: str = "") -> subprocess.Popen[str]:
    """The program, or `code` that runs it, in a process group of its own; its standard error is a pipe."""
    words = command(root, *arguments)
    return subprocess.Popen(
        [words[0], "-c", code, *words[3:]] if code else words,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=variables(),
        start_new_session=True,
    )


def at_stage(process: subprocess.Popen[str], stage: str) -> None:
    """Waits until `process` says that it is at `stage`."""
    assert process.stderr is not None
    for line in process.stderr:
        if f"] {stage}" in line:
            return
    raise AssertionError(f"the build ended before {stage}")


def ended(process: subprocess.Popen[str]) -> Ran:
    """What `process` wrote since, and its exit code."""
    _, stderr = process.communicate(timeout=PATIENCE)
    return Ran(process.returncode, "", stderr)


def kill_group(process: subprocess.Popen[str]) -> None:
    """kill -9 for the process and all that stayed in its group."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)


def copy(name: str, to: Path) -> Path:
    """A copy of the publication `name` in the folder `to`, which must not exist."""
    shutil.copytree(PUBLICATIONS / name, to, ignore=shutil.ignore_patterns(".cache", "dist"))
    return to


@cache
def scratch() -> Path:
    """A folder for what all tests of this process share; removed at its end."""
    folder = Path(tempfile.mkdtemp(prefix="impressum-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def shared(name: str) -> Iterator[Path]:
    """The folder `name` of all processes of a run, for this one alone while the body runs."""
    home = Path(os.environ[SHARED]) / name
    with lock(Workspace(home)):
        yield home


@contextmanager
def specimen() -> Iterator[Path]:
    """The root of the specimen, for this process alone while the body runs: what one reads of it, the next finds in
    its cache. Its sources are not to be changed."""
    with shared("specimen") as home:
        root = home / "root"
        yield root if root.exists() else copy("specimen", root)


@cache
def built(name: str, edition: str = "") -> Path:
    """The root of the publication `name` for all tests of this process, built once in a run: not to be changed.

    All editions are built, or the one that is named, out of what is remembered of them all.
    """
    with shared(f"{name}-{edition}") as home:
        if not (home / "built").exists():
            shutil.rmtree(home / "root", ignore_errors=True)
            root = (built_copy if edition else copy)(name, home / "root")
            shutil.rmtree(root / "dist", ignore_errors=True)
            ran = impressum(root, "build", *(("--edition", edition) if edition else ()))
            assert (ran.code, ran.faults) == (0, "")
            (home / "built").touch()
    return Path(shutil.copytree(home / "root", scratch() / f"{name}-{edition}"))


def built_copy(name: str, to: Path) -> Path:
    """A copy of the publication `name` with its `dist` and its cache, to be changed."""
    shutil.copytree(built(name), to)
    return to


def contents_of(folder: Path) -> dict[str, str]:
    """The hash of each file under `folder` by name, work files included."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def whole(dist: Path) -> bool:
    """Whether `dist` holds what its sums say, and nothing else."""
    sums = dict(line.split("  ")[::-1] for line in (dist / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    contents = contents_of(dist)
    del contents["SHA256SUMS"]
    return contents == sums


def replace(path: Path, old: str, new: str) -> None:
    """Changes the text of a source; `old` must stand in it once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def line_of(root: Path, *editions: str) -> Run:
    """A run of the line in this process, for its memo and its faults."""
    return Run(Workspace(root), Order(editions), lambda stage, what: None)


def checked(run: Run) -> Manuscripts:
    """What `check` makes of the sources of `run`. Raises Faulty where they have an error."""
    made = check(run)
    run.faults.stop_if_any()
    return made


def reader(root: Path, name: str) -> pypdf.PdfReader:
    """The published file `name`, opened strictly."""
    import pypdf

    return pypdf.PdfReader(root / "dist" / name, strict=True)


def words_of(text: str) -> str:
    """`text` with single spaces, and without the marks that only say where a line may break or may not.

    A reader reads on without a space where an address is broken at such a mark.
    """
    return " ".join(re.sub("\u200b\\s*|[\u00ad\u2060]", "", text).split())


def pages(root: Path, name: str) -> list[str]:
    """The text of each page of a published file."""
    return pages_of((root / "dist" / name).read_bytes())


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [words_of(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def waited_for(condition: Callable[[], object]) -> bool:
    """Whether `condition` comes true before patience ends."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def runs(pid: int) -> bool:
    """Whether the process `pid` runs; one that ended and that nobody asked for does not (Linux)."""
    return _parent(pid) is not None


def children_of(pid: int) -> set[int]:
    """The processes that `pid` started and that still run (Linux)."""
    return _children_of(pid, _parents())


def descendants_of(pid: int) -> set[int]:
    """The processes that `pid` started, and those that they started, that still run (Linux)."""
    parents, found, new = _parents(), set[int](), {pid}
    while new:
        new = {child for one in new for child in _children_of(one, parents)}
        found |= new
    return found


def _children_of(pid: int, parents: Mapping[int, int | None]) -> set[int]:
    return {one for one, parent in parents.items() if parent == pid}


def _parents() -> dict[int, int | None]:
    return {pid: _parent(pid) for pid in (int(path.name) for path in Path("/proc").glob("[0-9]*"))}


def _parent(pid: int) -> int | None:
    try:
        state, parent, *_ = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if state == "Z" else int(parent)
