"""What a machine does to a build: damaged caches, full disks, wrong clocks, fonts that are gone.

What is published stays whole, the message says what happened, and the next build succeeds by itself.
"""

from __future__ import annotations

import _thread
import errno
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest
from building import (
    PATIENCE,
    REPOSITORY,
    Ran,
    built,
    built_copy,
    contents_of,
    copy,
    impressum,
    mounting,
    program,
    replace,
    variables,
    whole,
)

from impressum.core.errors import Faulty
from impressum.system import parallel, process
from impressum.system.cache import Memo
from impressum.system.files import raise_full_disk
from impressum.system.fonts import font_folder
from impressum.system.work_folders import ensured, fresh, lay, sweep, take_away

posix = pytest.mark.skipif(os.name != "posix", reason="mounts, limits and links are those of POSIX")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    if content:
        content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "rest").touch()


def make_dead_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


DAMAGES = (flip, cut, empty, make_folder, make_dead_link)


@posix
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_remembered_value_that_is_damaged_is_made_again(damage: Callable[[Path], None], tmp_path: Path) -> None:
    memo = Memo(tmp_path)
    assert memo("step", {"read": 1}, lambda: b"a value") == b"a value"
    for entry in [path for path in tmp_path.rglob("*") if path.is_file()]:
        damage(entry)
    assert memo("step", {"read": 1}, lambda: b"a value") == b"a value"
    assert memo.ran == {"step": 2}


@posix
def test_a_cache_that_is_damaged_in_every_file_gives_the_same_bytes(tmp_path: Path) -> None:
    """Ensures it for what is remembered, for the faces of figures, and for the work files of an earlier build."""
    root = tmp_path / "figures"
    shutil.copytree(built("figures", "sr-Latn"), root)
    before = contents_of(root / "dist")
    files = sorted(path for path in (root / ".cache").rglob("*") if path.is_file() and path.name != "build.lock")
    assert len(files) > 50
    for number, path in enumerate(files):
        DAMAGES[number % len(DAMAGES)](path)
    for folder in ("work/sr-Latn/typst", "work/sr-Latn/plates"):
        shutil.rmtree(root / ".cache" / folder)
        (root / ".cache" / folder).write_text("a file in the place of a folder")
    shutil.rmtree(root / "dist")
    ran = impressum(root, "build", "--edition", "sr-Latn")
    assert (ran.code, ran.faults) == (0, "")
    assert contents_of(root / "dist") == before


@posix
def test_whatever_stands_in_the_place_of_a_work_folder_gives_way(tmp_path: Path) -> None:
    cache = ensured(tmp_path / ".cache")
    (cache / "work").symlink_to("nowhere")
    assert ensured(cache / "work/en").is_dir()
    (cache / "work/en/kept").touch()
    assert (ensured(cache / "work/en") / "kept").exists()
    assert list(fresh(cache / "work/en").iterdir()) == []
    take_away(cache / "work/en")
    (cache / "work/en").touch()
    assert list(fresh(cache / "work/en").iterdir()) == []
    take_away(cache / "work/none")
    lay(cache / "work/en/file", b"one")
    make_folder(cache / "work/en/file")
    lay(cache / "work/en/file", b"two")
    assert (cache / "work/en/file").read_bytes() == b"two"


@posix
def test_work_folders_of_killed_processes_are_swept(tmp_path: Path) -> None:
    ended = process.run([sys.executable, "-c", "import os; print(os.getpid())"], limits=process.Limits(60))
    own, living, dead = (
        ensured(tmp_path / f"script-rain-{pid}") for pid in (os.getpid(), os.getppid(), int(ended.stdout))
    )
    other = ensured(tmp_path / f"script-rain-fall-{int(ended.stdout)}")
    sweep(own)
    assert [path.exists() for path in (own, living, dead, other)] == [True, True, False, True]


@posix
def test_a_file_in_the_place_of_the_cache_itself_is_the_users(tmp_path: Path) -> None:
    (tmp_path / ".cache").write_text("mine")
    with pytest.raises(Faulty, match=r"`\.cache` is no folder; work files .* \[cache-foreign\]"):
        ensured(tmp_path / ".cache" / "work")
    assert (tmp_path / ".cache").read_text() == "mine"


CLOCK = """\
import time

real = time.time
time.time = lambda: real() - 1_000_000_000
time.time_ns = lambda: int(time.time() * 1e9)
"""
"""In the place of `sitecustomize`: a clock that is thirty years behind."""


def test_neither_the_clock_nor_the_times_of_files_matter(tmp_path: Path) -> None:
    """Ensures it for files of 1970 and of 2100, what is remembered and the lock among them."""
    root = built_copy("minimal", tmp_path / "report")
    before = contents_of(root / "dist")
    (tmp_path / "shim").mkdir()
    (tmp_path / "shim/sitecustomize.py").write_text(CLOCK)
    for number, path in enumerate(sorted(root.rglob("*"))):
        year = (0, 4_102_444_800)[number % 2]
        os.utime(path, (year, year))
    shutil.rmtree(root / "dist")
    paths = os.pathsep.join((str(tmp_path / "shim"), str(REPOSITORY)))
    ran = program(root, "build", environment={"PYTHONPATH": paths})
    assert (ran.code, ran.faults) == (0, "")
    assert contents_of(root / "dist") == before


def without_font(folder: Path, change: Callable[[Path], None]) -> Path:
    """A folder that comes before the installed packages: it has the package of Spectral, one file of it changed."""
    installed = distribution("fontpkg-spectral")
    for listed in installed.files or ():
        if "__pycache__" not in listed.parts and ".." not in listed.parts:
            (folder / listed).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(installed.locate_file(listed)), folder / listed)
    change(folder / "fontpkg_spectral/files/Spectral-Italic.ttf")
    return folder


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Path.unlink, "the font `Spectral-Italic.ttf` is missing"),
        (empty, "the font `Spectral-Italic.ttf` is damaged: it has not its"),
    ],
    ids=["missing", "damaged"],
)
def test_a_font_that_is_gone_is_told_before_another_takes_its_place(
    change: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    root = built_copy("minimal", tmp_path / "report")
    before = contents_of(root / "dist")
    replace(root / "publication.yaml", "type: Report", "type: Study")
    paths = os.pathsep.join((str(without_font(tmp_path / "packages", change)), str(REPOSITORY)))
    ran = program(root, "build", environment={"PYTHONPATH": paths})
    assert ran.code == 1
    fault, hint = ran.faults.splitlines()
    assert fault.startswith(f"fontpkg-spectral: error: {said}")
    assert fault.endswith(" [font-missing]")
    assert hint == (
        f"  hint: delete the environment `{sys.prefix}` and run `python build.py` again, which makes it anew; "
        "into one of your own: `python -m pip install --force-reinstall fontpkg-spectral`"
    )
    assert contents_of(root / "dist") == before


def test_a_package_of_fonts_that_is_not_installed_is_told() -> None:
    with pytest.raises(Faulty, match=r"^fontpkg-none: error: this package of fonts is not installed \[font-missing\]"):
        font_folder("fontpkg_none")


def builds(root: Path) -> list[Ran]:
    """On full disks: the work files do not fit, then what is to be published does not; and each time with room."""
    ran = []
    for folder, room in ((root / ".cache", 256), (root / "dist", 192)):
        replace(root / "publication.yaml", "type: ", f"type: New {room} ")
        old = root / "old"
        shutil.move(folder, old)
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={room}k", "none", str(folder)]
        assert process.run(mount, limits=process.Limits(60)).code == 0
        if folder.name == "dist":
            shutil.copytree(old, folder, dirs_exist_ok=True)
        ran.append(impressum(root, "build"))
        mount = ["mount", "-o", "remount,size=100m", "none", str(folder)]
        assert process.run(mount, limits=process.Limits(60)).code == 0
        ran.append(impressum(root, "build"))
        shutil.copytree(folder, root / "new")
        assert process.run(["umount", str(folder)], limits=process.Limits(60)).code == 0
        folder.rmdir()
        shutil.move(root / "new", folder)
        shutil.rmtree(old)
    return ran


def limited_builds(root: Path) -> list[Ran]:
    """The same where nothing can be mounted: a limit on the size of files that is lifted again."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    ran = []
    for kilobytes in (2, 64):
        replace(root / "publication.yaml", "type: ", f"type: New {kilobytes} ")
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, resource.RLIM_INFINITY))
        ran.append(impressum(root, "build"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        ran.append(impressum(root, "build"))
    return ran


@posix
def test_a_child_that_finds_the_disk_full_says_so_in_its_parent() -> None:
    child = "import errno, os; raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), '/a: b')"
    with pytest.raises(OSError, match="No space left on device") as caught:
        raise_full_disk(process.run([sys.executable, "-c", child], limits=process.Limits(60)).errors)
    assert caught.value.errno == errno.ENOSPC
    for other in ("OSError: [Errno 13] Permission denied", "ValueError", ""):
        raise_full_disk(other)


@posix
def test_a_full_disk_is_told_and_the_build_after_it_has_room_succeeds(tmp_path: Path) -> None:
    prefix = mounting()
    root = built_copy("minimal", tmp_path / "report")
    command = [*(prefix or []), sys.executable, __file__, "limited" if prefix is None else "mounted", str(root)]
    done = process.run(command, limits=process.Limits(120), environment=variables())
    assert done.code == 0, done.errors
    work, again, publish, last = json.loads(done.stdout)
    assert [one["code"] for one in (work, again, publish, last)] == [1, 0, 1, 0], done.stdout
    if prefix is not None:
        assert work["faults"].endswith(
            ".cache: error: the work files cannot be written (No space left on device); dist/ is unchanged "
            "[disk-full]\n"
            "  hint: make room on the disk of the publication, or move the publication to a larger one"
        )
        assert publish["faults"] == (
            "dist: error: the new files do not fit on the disk of `dist` (No space left on device); what stood there "
            "is unchanged [disk-full]\n  hint: free some space, or move the publication to a larger disk"
        )
    assert whole(root / "dist")


if __name__ == "__main__":
    found = {"mounted": builds, "limited": limited_builds}[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps([{"code": ran.code, "faults": ran.faults, "stderr": ran.stderr} for ran in found]))


@pytest.mark.parametrize(
    ("package", "said"),
    [
        ("yaml", "lib.so: cannot open shared object file"),
        ("pypdfium2", "lib.so: cannot open shared object file"),
        ("pypandoc", "pandoc cannot be run: `{fake}/pypandoc/files/pandoc`"),
    ],
)
def test_a_package_that_is_damaged_is_no_bug_of_impressum(package: str, said: str, tmp_path: Path) -> None:
    fake = tmp_path / "fake"
    (fake / package).mkdir(parents=True)
    code = "" if package == "pypandoc" else 'raise ImportError("lib.so: cannot open shared object file")\n'
    (fake / package / "__init__.py").write_text(code)
    root = copy("broken-style-missing", tmp_path / "publication")
    (root / "publication.yaml").write_text("title: Rivers\nlanguage: en\ndate: 2025-01-31\n")
    ran = program(root, "build", environment={"PYTHONPATH": os.pathsep.join([str(fake), str(REPOSITORY)])})
    assert ran.code == 1
    assert (
        f"{sys.prefix}: error: the environment is damaged: {said.format(fake=fake)} [environment-damaged]" in ran.faults
    )
    assert "Traceback" not in ran.stderr


LIMITED = """
import resource, sys
limit = getattr(resource, sys.argv.pop(1))
resource.setrlimit(limit, (int(sys.argv[1]), int(sys.argv.pop(1))))
from impressum.cli.main import main
raise SystemExit(main())
"""


def said_under(limit: str, most: int, root: Path) -> str:
    """What a build of `root` says that fails under this limit, and publishes nothing."""
    copy("broken-style-missing", root)
    (root / "publication.yaml").write_text("title: Rivers\nlanguage: en\ndate: 2025-01-31\n")
    command = [sys.executable, "-c", LIMITED, limit, str(most), "--root", str(root), "build"]
    done = process.run(command, limits=process.Limits(PATIENCE))
    assert (done.code, done.timed_out) == (1, False), done.errors
    assert not (root / "dist").exists()
    return done.errors


@posix
def test_a_machine_that_gives_no_more_files_is_no_bug(tmp_path: Path) -> None:
    assert re.search(
        r"^\.: error: the system gives the build no more threads, processes or files \(.+\); dist/ is unchanged "
        r"\[machine-full\]\n  hint: end other programs, or raise the limits",
        said_under("RLIMIT_NOFILE", 12, tmp_path / "publication"),
        re.MULTILINE,
    )


@posix
def test_a_machine_that_gives_no_more_memory_is_no_bug(tmp_path: Path) -> None:
    """Whichever of its parts is refused first is named: pandoc, Typst, or a thread."""
    assert re.search(
        r"^chapters/en/01-rivers.md: error: pandoc ended without a word while it read the chapter \(signal 11\) "
        r"\[chapter-unreadable\]\n  hint: the system may have refused it memory: end other programs, or raise",
        said_under("RLIMIT_AS", 150_000_000, tmp_path / "publication"),
        re.MULTILINE,
    )


@pytest.mark.parametrize("start", [lambda *_: 0, None])
def test_a_thread_that_cannot_begin_is_not_waited_for(
    start: Callable[..., int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seeds a thread that ends for want of memory before its first line, and a system that gives none."""

    def refused(*_: object) -> int:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(_thread, "start_new_thread", start or refused)
    monkeypatch.setattr(parallel, "BEGINNING", 0.01)
    with pytest.raises(RuntimeError, match=r"^can't start new thread$"):
        parallel.at_once([lambda: 1, lambda: 2], 2)


def test_what_a_task_raises_is_raised_where_it_is_waited_for() -> None:
    task = parallel.Later(lambda: 1 // 0)
    assert task.ends(20)
    with pytest.raises(ZeroDivisionError):
        task.result()


def test_python_without_docstrings_and_assertions_builds_the_same_bytes(tmp_path: Path) -> None:
    root = copy("minimal", tmp_path / "publication")
    ran = program(root, "build", environment={"PYTHONOPTIMIZE": "2"})
    assert (ran.faults, ran.code) == ("", 0)
    assert contents_of(root / "dist") == contents_of(built("minimal") / "dist")
    assert program(None, "--help", environment={"PYTHONOPTIMIZE": "2"}).code == 0
