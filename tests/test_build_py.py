"""`python build.py` on a machine: which interpreter goes on, how the environment is made, and what is said when not.

Each test runs a copy of the files that start the program, in a folder of its own, with a lock that asks for one
small wheel, made here. No test reaches a network.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from impressum.cli import preparation
from impressum.cli.environment import lock_named, lock_of, locked
from impressum.cli.preparation import INSTALL, explain
from impressum.cli.venv import MARKER, python_of
from impressum.core.errors import Faulty

ROOT = Path(__file__).resolve().parent.parent
STARTS = (
    "__init__",
    *("cli/__init__", "cli/environment", "cli/preparation", "cli/venv"),
    *("core/__init__", "core/errors", "system/__init__", "system/installed"),
    *("system/interpreter", "system/orphans", "system/parallel", "system/process"),
)
PATIENCE = 200.0  # seconds; to make an environment takes its time on a busy machine
PREPARING = "Preparing the environment (once, about a minute) ...\n"
PROGRAM = """
import json, sys

def main(argv):
    if argv == ["fail"]:
        raise LookupError("a bug")
    packages = [name for name in ("pebble",) if __import__("importlib.util").util.find_spec(name)]
    print(json.dumps({"argv": argv, "prefix": sys.prefix, "path": sys.path[0], "packages": packages}))
    return 3
"""


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Copy:
    """A repository that has only what starts the program."""

    root: Path

    def build(self, *arguments: str, **variables: str) -> Ended:
        return self.python(["build.py", *arguments], variables)

    def python(self, arguments: Sequence[str], variables: dict[str, str]) -> Ended:
        process = self.start(arguments, variables)
        out, err = process.communicate(timeout=PATIENCE)
        return Ended(process.returncode, out, err)

    def start(self, arguments: Sequence[str], variables: dict[str, str]) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "wheels"}
        settings["HOME"] = str(self.root.parent)  # pip tells of one that is not there, or is another user's
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.root,
            env=kept | settings | variables,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def begun(self, **variables: str) -> tuple[list[str], str]:
        """The environments while one is made, and what was said; the build is ended, as to make one takes seconds."""
        before = self.environments()
        process = self.start(["build.py"], variables)
        while process.poll() is None and not set(self.environments()) - set(before):
            time.sleep(0.01)
        names = [home.name.partition(f".{process.pid}")[0] for home in self.environments()]
        process.terminate()
        return names, process.communicate(timeout=PATIENCE)[1]

    def environments(self) -> list[Path]:
        return sorted((self.root / ".cache").glob("*"))


def a_copy(root: Path) -> Copy:
    package = root / "impressum"
    (package / "cli" / "lock").mkdir(parents=True)
    (package / "core").mkdir()
    (package / "system").mkdir()
    shutil.copy(ROOT / "build.py", root)
    for name in STARTS:
        shutil.copy(ROOT / "impressum" / f"{name}.py", package / f"{name}.py")
    (package / "cli" / "main.py").write_text(PROGRAM, encoding="utf-8")
    digest = a_wheel(root / "wheels")
    (package / "cli" / "lock" / "run.txt").write_text(f"pebble==1.0 \\\n    --hash=sha256:{digest}\n", encoding="utf-8")
    return Copy(root)


def a_wheel(folder: Path) -> str:
    """Makes the wheel of the package `pebble` 1.0 in `folder`; gives its hash."""
    folder.mkdir()
    path = folder / "pebble-1.0-py3-none-any.whl"
    files = {
        "pebble.py": "",
        "pebble-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: pebble\nVersion: 1.0\n",
        "pebble-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in files) + "pebble-1.0.dist-info/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in (files | {"pebble-1.0.dist-info/RECORD": record}).items():
            wheel.writestr(name, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def an_index_of(copy: Copy) -> Iterator[str]:
    """The address of a package index that serves the wheel of `copy`."""
    page = b'<a href="/pebble-1.0-py3-none-any.whl">pebble-1.0-py3-none-any.whl</a>'

    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wheel = copy.root / "wheels" / self.path.rpartition("/")[2]
            content = wheel.read_bytes() if wheel.is_file() else page
            self.send_response(200)
            self.send_header("Content-Type", "application/octet-stream" if wheel.is_file() else "text/html")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return a_copy(tmp_path / "copy")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copy, Ended]:
    """A copy that has been built once, and how that went; not to be changed."""
    copy = a_copy(tmp_path_factory.mktemp("first") / "copy")
    with an_index_of(copy) as index:
        fetched = {"PIP_INDEX_URL": index, "PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "no_proxy": "", "NO_PROXY": ""}
        strange = {"PIP_TARGET": "elsewhere", "PIP_USER": "1", "PYTHONPATH": "/nowhere"}
        ended = copy.build("--explain", "a word", **fetched, **strange)
    return copy, ended


@pytest.fixture
def made(first: tuple[Copy, Ended], tmp_path: Path) -> Copy:
    """A copy of the copy that has been built once."""
    shutil.copytree(first[0].root, tmp_path / "made", symlinks=True)
    return Copy(tmp_path / "made")


def test_the_first_build_makes_the_environment_and_goes_on_in_it(first: tuple[Copy, Ended]) -> None:
    """Ensures that packages come from the index of the user, though every other child finds a proxy of nobody."""
    copy, ended = first
    (home,) = copy.environments()
    assert (ended.code, ended.err) == (3, PREPARING)
    assert json.loads(ended.out) == {
        "argv": ["--explain", "a word"],
        "prefix": str(home),
        "path": str(copy.root),
        "packages": ["pebble"],
    }
    assert re.fullmatch("venv-[0-9a-f]{16}", home.name)
    assert sorted(path.name for path in copy.root.iterdir()) == [".cache", "build.py", "impressum", "wheels"]


def test_a_later_build_goes_on_in_the_environment_at_once_with_nothing_to_install_from(made: Copy) -> None:
    shutil.rmtree(made.root / "wheels")
    ended = made.build()
    assert (ended.code, ended.err) == (3, "")
    assert json.loads(ended.out)["prefix"] == str(made.environments()[0])


def test_what_is_compiled_is_kept_even_where_the_machine_keeps_nothing(made: Copy) -> None:
    compiled = made.root / "impressum/cli/__pycache__"
    shutil.rmtree(compiled)
    assert made.build(PYTHONDONTWRITEBYTECODE="1").code == 3
    assert {path.name.partition(".")[0] for path in compiled.iterdir()} >= {"environment", "main"}


def test_another_lock_is_another_environment(made: Copy) -> None:
    (home,) = made.environments()
    with (made.root / "impressum/cli/lock/run.txt").open("a", encoding="utf-8") as lock:
        lock.write("# renewed\n")
    names, said = made.begun()
    assert said == PREPARING
    assert home.name in names
    assert len(set(names)) == 2


def test_a_damaged_environment_is_made_anew(made: Copy) -> None:
    (home,) = made.environments()
    (home / MARKER).unlink()
    names, said = made.begun()
    assert (names, said) == ([home.name, home.name], PREPARING)


@pytest.mark.parametrize("there", ["", "damaged", "whole"])
def test_of_two_builds_at_once_the_first_gives_the_environment_and_a_damaged_one_goes(
    there: str, tmp_path: Path
) -> None:
    home, unfinished = tmp_path / "venv-0123", tmp_path / "venv-0123.7"
    for folder, made_by in ((home, there), (unfinished, "second")):
        if made_by:
            python_of(folder).parent.mkdir(parents=True)
            for file in (python_of(folder), folder / "pyvenv.cfg", folder / MARKER):
                file.write_text(made_by)
    if there == "damaged":
        (home / MARKER).unlink()
    preparation._settle(unfinished, home)
    assert (home / MARKER).read_text() == ("whole" if there == "whole" else "second")
    assert {path.name for path in tmp_path.iterdir()} == (
        {home.name, unfinished.name} if there == "whole" else {home.name}
    )


def test_an_interpreter_that_has_the_locked_versions_is_used_as_it_is(copy: Copy) -> None:
    for name, version in (("impressum", "0.1.0"), ("pebble", "1.0")):
        folder = copy.root / "installed" / f"{name}-{version}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    lock = copy.root / "impressum/cli/lock/run.txt"
    with lock.open("a", encoding="utf-8") as file:
        file.write("only-there==2 ; python_version < '3'\n")
    ended = copy.build(PYTHONPATH="installed")
    assert (ended.code, ended.err) == (3, "")
    assert json.loads(ended.out)["prefix"] == sys.prefix
    assert copy.environments() == []


def test_an_interpreter_with_another_version_is_not_used(copy: Copy) -> None:
    for name, version in (("impressum", "0.1.0"), ("pebble", "0.9")):
        folder = copy.root / "installed" / f"{name}-{version}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    assert copy.begun(PYTHONPATH="installed")[1] == PREPARING


def test_a_package_that_cannot_be_had_is_told(
    first: tuple[Copy, Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the pip of an environment that is made already: without a network, and where its hash is another."""
    lock, log = tmp_path / "run.txt", tmp_path / "pip.log"
    lock.write_text(f"pebble==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    monkeypatch.setattr(preparation, "PUBLICATION", tmp_path)
    python = str(python_of(first[0].environments()[0]))

    def said(**settings: str) -> str:
        for name, value in {"PIP_CONFIG_FILE": os.devnull, **settings}.items():
            monkeypatch.setenv(name, value)
        install = ("pip", *INSTALL, "--force-reinstall", "--log", str(log), "-r", str(lock))
        with pytest.raises(Faulty) as caught:
            preparation._step(python, *install, lock=lock, log=log)
        return str(caught.value)

    assert said(PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0") == (
        "run.txt: error: the locked packages cannot be fetched: the package index does not answer "
        "[environment-offline]\n"
        "  hint: connect once and run the command again; or, on a connected machine of the same kind with the same "
        "Python, run `python -m pip download --no-deps -r run.txt -d wheels`, bring the folder `wheels` here, and set "
        "PIP_NO_INDEX=1 and PIP_FIND_LINKS=wheels"
    )
    assert said(PIP_NO_INDEX="1", PIP_FIND_LINKS=str(first[0].root / "wheels"), PIP_TARGET=str(tmp_path)).startswith(
        "run.txt: error: the environment of the locked packages cannot be made: `pip` failed [environment-failed]\n"
        "  hint: mend what it names, and run the command again; it said:\n    ERROR: THESE PACKAGES DO NOT MATCH"
    )


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_tells_what_to_install(copy: Copy, module: str) -> None:
    start = f"import runpy, sys; sys.modules[{module!r}] = None; runpy.run_path('build.py', run_name='__main__')"
    ended = copy.python(["-c", start], {})
    assert ended.code == 1
    assert ended.err == (
        f"impressum/cli/lock/run.txt: error: this Python (`{sys.executable}`) comes without `{module}`, so that no "
        "environment can be made [environment-no-venv]\n"
        "  hint: on Debian or Ubuntu: sudo apt install python3-venv; elsewhere, run a complete Python\n"
    )


def test_a_folder_that_cannot_be_written_is_named(copy: Copy) -> None:
    (copy.root / ".cache").write_text("a file where the folder should be", encoding="utf-8")
    ended = copy.build()
    assert ended.code == 1
    assert ended.err == (
        f"{PREPARING}.cache: error: the environment cannot be written here: File exists [environment-not-writable]\n"
        "  hint: see that `.cache` is a folder that can be written, or copy the publication to where one can\n"
    )


def test_a_full_disk_is_named_with_the_room_it_takes() -> None:
    said = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
    with pytest.raises(Faulty) as caught:
        explain("pip", said, "", lock_named("run"))
    assert str(caught.value) == (
        ".cache: error: the disk is full, and the environment needs 1 GB [environment-disk-full]\n"
        "  hint: make room, here and in the folder for temporary files, and run the command again"
    )


def test_a_connection_lost_halfway_is_told_as_no_network() -> None:
    said = (
        "ERROR: Could not install packages due to an OSError: HTTPSConnectionPool(host='a', port=443): Read timed out."
    )
    with pytest.raises(Faulty, match="does not answer"):
        explain("pip", said, "", lock_named("run"))


def test_an_index_that_answers_without_the_package_is_not_told_as_no_network() -> None:
    said = "ERROR: Could not find a version that satisfies the requirement pebble==1.0 (from versions: none)"
    with pytest.raises(Faulty, match="`pip` failed"):
        explain("pip", said, "Fetching project page and analyzing links", lock_named("run"))


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_preparation_leaves_nothing(copy: Copy, number: signal.Signals) -> None:
    build = copy.start(["build.py"], {})
    while build.poll() is None and not copy.environments():
        time.sleep(0.01)
    build.send_signal(number)
    out, err = build.communicate(timeout=PATIENCE)
    assert (build.returncode, out, err) == (130, "", PREPARING)
    assert copy.environments() == []


@pytest.mark.skipif(os.name != "posix", reason="asks after a process as on POSIX")
def test_what_a_killed_build_left_is_swept_and_a_running_one_keeps_its_folder(copy: Copy) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(PATIENCE)
    for pid in (gone.pid, os.getpid()):
        (copy.root / ".cache" / f"venv-0123456789abcdef.{pid}" / "bin").mkdir(parents=True)
    names, _ = copy.begun()
    assert [name for name in names if "." in name] == [f"venv-0123456789abcdef.{os.getpid()}"]


def test_a_bug_shows_its_traceback_and_ends_with_70(made: Copy) -> None:
    ended = made.build("fail")
    assert ended.code == 70
    assert ended.err.startswith("Traceback")
    assert ended.err.endswith("LookupError: a bug\n")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [([], "run"), (["build"], "run"), (["test"], "test"), (["test", "-k", "x"], "test"), (["--json", "test"], "test")],
)
def test_only_the_tests_need_the_lock_of_the_tests(arguments: list[str], name: str) -> None:
    assert lock_of(arguments).name == f"{name}.txt"


def test_a_root_that_is_called_test_is_not_the_command() -> None:
    assert lock_of(["--root", "test", "build"]).name == "run.txt"
    assert lock_of(["build", "--edition", "test"]).name == "run.txt"


def test_an_old_python_is_told_what_is_needed(copy: Copy) -> None:
    old = (
        "import runpy, sys; sys.version_info = (2, 7, 18, 'final', 0); runpy.run_path('build.py', run_name='__main__')"
    )
    ended = copy.python(["-c", old], {})
    assert ended.code == 1
    assert ended.err == (
        "build.py: error: Impressum needs Python 3.11 or newer, and this is 2.7 [python-version]\n"
        "  hint: install a newer Python and run it by its name, for example: python3.13 build.py\n"
    )


def test_build_py_has_only_syntax_that_an_old_python_can_read() -> None:
    source = (ROOT / "build.py").read_text(encoding="ascii")
    kinds = {type(node).__name__ for node in ast.walk(ast.parse(source))}
    assert kinds <= {
        "Module", "Expr", "Constant", "Import", "ImportFrom", "alias", "If", "Compare", "Attribute", "Name", "Load",
        "Lt", "Eq", "Tuple", "Call", "BinOp", "Mod", "Subscript", "Slice", "Assign", "Store",
    }  # fmt: skip


def test_each_lock_holds_the_one_before_it_whole() -> None:
    run, test, dev = (set(locked(lock_named(name))) for name in ("run", "test", "dev"))
    assert run < test < dev


@pytest.mark.parametrize("name", ["run", "test", "dev"])
def test_a_lock_pins_and_hashes_everything_and_names_no_host(name: str) -> None:
    text = lock_named(name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==[\w.]+( ; [^\\\n]+)? \\\n", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert "://" not in text


def test_every_dependency_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for name, wanted in (("run", project["dependencies"]), ("test", extras["test"]), ("dev", extras["dev"][1:])):
        pinned = {requirement.split("==")[0] for requirement in locked(lock_named(name))}
        names = {re.split(r"[<>=\[]", requirement)[0].lower().replace("_", "-") for requirement in wanted}
        assert names <= pinned


def test_the_container_of_the_workflow_is_pinned_by_its_digest() -> None:
    (image,) = re.findall(r"IMAGE: *(.+)", (ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[\w-]+/[\w-]+:v[\d.]+@sha256:[0-9a-f]{64}", image), image


def test_every_action_of_the_workflows_is_pinned_by_its_commit() -> None:
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        uses = re.findall(r"uses: *(.+)", text)
        assert uses
        assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+", use) for use in uses), uses
        assert text.index("\npermissions: {}\n") < text.index("\njobs:\n")
