"""What a figure script cannot do: reach the network, see secrets, write outside, leave a process behind."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from building import copy, impressum, variables
from test_draw import HEAD, drawn

from impressum.stages.draw import scripts
from impressum.system import process, sandbox
from impressum.system.cache import Json
from impressum.system.sandbox import Sight, shut_in
from impressum.system.sandbox_launcher import NOT_HERE

ALONE = sandbox.isolation().how != "none"
shut = pytest.mark.skipif(not ALONE, reason="this system does not let a child be shut in")
LIMITS = process.Limits(seconds=60)
NETWORK_HINT = "  hint: save what it needs as `figures/data/<name>.csv` with its source, and name that under `data:`"


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    """A server of this machine: its port, and who came."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        going = threading.Event()

        def serve() -> None:
            while not going.is_set():
                try:
                    visitor, address = listening.accept()
                except TimeoutError:
                    continue
                came.append(str(address))
                visitor.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1], came
        going.set()
        thread.join()


@pytest.fixture
def untried() -> Iterator[None]:
    """What this system lets us do is found out anew, before the test and behind it."""
    sandbox.isolation.cache_clear()
    yield
    sandbox.isolation.cache_clear()


def python_that(does: str, folder: Path) -> str:
    """A Python of its own for which the shell code `does` stands wherever it is to launch something shut in."""
    path = folder / "python"
    path.write_text(f'#!/bin/sh\ncase "$*" in *sandbox_launcher.py*) {does};; esac\nexec {sys.executable} "$@"\n')
    path.chmod(0o755)
    return str(path)


NAMESPACES_REFUSED = """case "$*" in *'"bubblewrap": null'*) echo no >&2; exit 96;; esac; kill -9 $$"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nothing is tried")
@pytest.mark.usefixtures("untried")
@pytest.mark.parametrize(
    ("does", "why"),
    [
        ("kill -9 $$", r"trying \w+ ended with exit code -9"),
        ("exit 3", r"trying \w+ ended with exit code 3"),
        (NAMESPACES_REFUSED, "trying bubblewrap ended with exit code -9"),
        ("sleep 60", r"trying \w+ took longer than 0.2 seconds"),
    ],
)
def test_a_trial_that_comes_to_no_end_lets_no_script_run_unshielded(
    does: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if does == NAMESPACES_REFUSED and shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    if does.startswith("sleep"):
        monkeypatch.setattr(sandbox, "TRIAL", process.Limits(seconds=0.2))
    monkeypatch.setattr(sys, "executable", python_that(does, tmp_path))
    ran = tmp_path / "ran"
    drawings, told = drawn(tmp_path / "p", HEAD + f"    open({str(ran)!r}, 'w')\n    figure.subplots()\n")
    assert re.fullmatch(
        rf"figures/trade\.py: error: it could not be found out whether this system can shut this in: {why} "
        r"\[isolation-unknown\]\n  hint: build again when the machine is less busy; `doctor` tells what it finds",
        told,
    )
    assert drawings == {"en": {}}
    assert not ran.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nothing is tried")
@pytest.mark.usefixtures("untried")
def test_a_trial_that_comes_to_no_end_lets_nothing_of_a_stranger_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("base", "fork"):
        copy("broken-style-missing", tmp_path / name)
    monkeypatch.setattr(sys, "executable", python_that("kill -9 $$", tmp_path))
    ran = impressum(tmp_path / "fork", "check", "--untrusted", "--base", str(tmp_path / "base"))
    assert ran.code == 1
    assert ran.faults.startswith(".: error: it could not be found out whether this system can shut this in: trying ")
    assert "style-missing" not in ran.faults


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nothing is tried")
@pytest.mark.usefixtures("untried")
def test_where_the_system_lets_nothing_be_shut_in_a_command_is_run_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", python_that("echo no >&2; exit 96", tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert sandbox.isolation() == sandbox.Isolation("none", "namespaces: no; bubblewrap is not installed")
    assert shut_in(("/bin/true", "it"), Sight(()), LIMITS) == ["/bin/true", "it"]


@shut
def test_what_is_shut_in_ends_with_its_parent_though_nobody_else_ends_it() -> None:
    waits = "import time; print('in', flush=True); time.sleep(15); print('outlived', flush=True)"
    parent = (
        "import subprocess, sys\nfrom impressum.system.process import Limits\n"
        "from impressum.system.sandbox import Sight, shut_in\n"
        f"subprocess.run(shut_in([sys.executable, '-c', {waits!r}], Sight(()), Limits(60)))"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, env=variables()) as begun:
        assert begun.stdout
        assert begun.stdout.readline() == b"in\n"
        begun.kill()
        assert begun.stdout.read() == b"", "it ends where nothing holds the pipe any more"


def inside(code: str, sight: Sight | None = None) -> process.Finished:
    """What a program does that is shut in."""
    command = [sys.executable, "-X", "utf8", "-c", code]
    return process.run(shut_in(command, sight or Sight(()), LIMITS), limits=LIMITS)


def test_a_script_that_asks_for_a_name_is_told_so(tmp_path: Path) -> None:
    drawings, told = drawn(tmp_path, f"import socket\n\nsocket.gethostbyname('example.org')\n\n{HEAD}    pass\n")
    assert told == f"figures/trade.py:3: error: the script tried to use the network [figure-network]\n{NETWORK_HINT}"
    assert drawings == {"en": {}}


def test_a_script_that_connects_is_told_so_even_where_it_would_go_on(
    tmp_path: Path, server: tuple[int, list[str]]
) -> None:
    port, came = server
    script = HEAD + "    import urllib.request\n    figure.subplots()\n    try:\n"
    script += f"        urllib.request.urlopen('http://127.0.0.1:{port}/')\n    except Exception:\n        pass\n"
    _, told = drawn(tmp_path, script)
    assert told == f"figures/trade.py:5: error: the script tried to use the network [figure-network]\n{NETWORK_HINT}"
    assert came == []


@shut
def test_a_program_that_a_script_starts_has_no_network_either(tmp_path: Path, server: tuple[int, list[str]]) -> None:
    port, came = server
    script = "import subprocess, sys\n\n\n" + HEAD
    script += f"    code = 'import socket; socket.create_connection((\"127.0.0.1\", {port}))'\n"
    script += "    subprocess.run([sys.executable, '-c', code], check=True, stderr=subprocess.DEVNULL)\n"
    _, told = drawn(tmp_path, script)
    assert told.startswith("figures/trade.py:6: error: the script fails: subprocess.CalledProcessError: ")
    assert came == []


def test_a_script_sees_none_of_the_secrets_of_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISH_TOKEN", "secret")
    script = "import os\n\n\n" + HEAD + "    raise ValueError('TOKEN' in ' '.join(os.environ))\n"
    _, told = drawn(tmp_path, script)
    assert told.startswith("figures/trade.py:5: error: the script fails: ValueError: False [figure-failed]\n")


@shut
def test_a_script_cannot_write_outside(tmp_path: Path) -> None:
    target = Path(__file__).parent.parent / "impressum" / "written"
    _, told = drawn(tmp_path, HEAD + f"    open({str(target)!r}, 'w').write('x')\n")
    assert told == (
        f"figures/trade.py:2: error: the script fails: OSError: [Errno 30] Read-only file system: '{target}' "
        "[figure-failed]\n"
        f"  hint: line 2 is `open({str(target)!r}, 'w').write('x')`; a script sees no files: what it needs is a table "
        "in `figures/data/`, named under `data:`"
    )
    assert not target.exists()


@shut
def test_a_script_sees_no_files_of_the_publication(tmp_path: Path) -> None:
    secret = tmp_path / "publication.yaml"
    _, told = drawn(tmp_path, HEAD + f"    open({str(secret)!r})\n")
    assert secret.is_file()
    assert told.startswith(
        "figures/trade.py:2: error: the script fails: FileNotFoundError: [Errno 2] No such file or directory: "
        f"'{secret}' [figure-failed]\n"
    )


@shut
def test_a_publication_in_a_folder_of_the_system_is_drawn_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is seen of it is read-only, and so no folder could be made in it."""
    seen = sandbox.fork_sandbox

    def with_publication(readable: Sequence[Path]) -> dict[str, Json]:
        return seen((*readable, tmp_path))

    monkeypatch.setattr(scripts, "fork_sandbox", with_publication)
    script = "import os, pathlib\n\n\n" + HEAD
    script += "    pathlib.Path(os.environ['MPLCONFIGDIR'], 'left').touch()\n    figure.subplots().set_axis_off()\n"
    for change in ("", "\n"):
        assert drawn(tmp_path, script + change)[1] == ""


@shut
def test_what_one_script_leaves_no_other_finds(tmp_path: Path) -> None:
    script = "import os, pathlib\n\n\n" + HEAD
    script += "    left = pathlib.Path(os.environ['MPLCONFIGDIR'], 'left')\n"
    script += "    assert not left.exists()\n    left.touch()\n    pathlib.Path('/tmp/left').touch(exist_ok=False)\n"
    script += "    figure.subplots().set_axis_off()\n"
    for change in ("", "\n"):
        assert drawn(tmp_path, script + change)[1] == ""


@shut
def test_a_process_that_a_script_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("asks /proc")
    script = "import subprocess, sys\n\n\n" + HEAD + "    code = 'import time; time.sleep(600)  # left behind'\n"
    script += "    subprocess.Popen([sys.executable, '-c', code], start_new_session=True, stdout=2)\n"
    script += "    figure.subplots().set_axis_off()\n"
    assert drawn(tmp_path, script)[1] == ""
    assert [line for line in command_lines() if b"# left behind" in line and b"sleep" in line] == []


def command_lines() -> list[bytes]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found.append((entry / "cmdline").read_bytes())
        except OSError:
            continue
    return found


@shut
def test_a_program_that_is_shut_in_sees_the_system_and_what_it_may_read(tmp_path: Path) -> None:
    (tmp_path / "seen").mkdir()
    (tmp_path / "seen" / "note").write_text("to read")
    (tmp_path / "hidden").mkdir()
    code = f"import os; print(sorted(os.listdir({str(tmp_path)!r})), open({str(tmp_path / 'seen' / 'note')!r}).read())"
    done = inside(code, Sight((tmp_path / "seen",)))
    assert (done.code, done.stdout.decode().strip()) == (0, "['seen'] to read")


@shut
def test_the_folder_of_its_own_is_the_only_one_that_it_can_write_to(tmp_path: Path) -> None:
    own, seen = tmp_path / "own", tmp_path / "seen"
    own.mkdir()
    seen.mkdir()
    assert inside(f"open({str(own / 'x')!r}, 'w')", Sight((seen,), own)).code == 0
    assert (own / "x").is_file()
    for path in (seen / "x", Path("/x"), Path("/usr/x")):
        done = inside(f"open({str(path)!r}, 'w')", Sight((seen,), own))
        assert "Read-only file system" in done.errors, path


@shut
def test_a_program_that_is_shut_in_ends_as_it_would_outside() -> None:
    assert inside("raise SystemExit(7)").code == 7
    assert inside("import os; os.kill(os.getpid(), 9)").code == -9
    assert inside("import os; os.kill(os.getpid(), 15)").code == -15


@shut
def test_its_memory_is_limited_before_it_starts() -> None:
    limits = process.Limits(seconds=60, memory=1_000_000_000)
    done = process.run(shut_in([sys.executable, "-c", "bytearray(2_000_000_000)"], Sight(()), limits), limits=LIMITS)
    assert "MemoryError" in done.errors


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
def test_bubblewrap_shuts_in_as_well(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    code = "import os, socket; print(os.getppid()); open('own', 'w'); os.kill(os.getpid(), 9)"
    command = sandbox.launched([sys.executable, "-c", code], Sight((), own), LIMITS, shutil.which("bwrap"))
    done = process.run(command, limits=LIMITS)
    assert (done.code, done.stdout) == (-9, b"")  # what it printed is lost with it
    code = "import socket; socket.create_connection(('192.0.2.1', 80), 2)"
    command = sandbox.launched([sys.executable, "-c", code], Sight((), own), LIMITS, shutil.which("bwrap"))
    assert "unreachable" in process.run(command, limits=LIMITS).errors
    code = "open('/x', 'w')"
    command = sandbox.launched([sys.executable, "-c", code], Sight((), own), LIMITS, shutil.which("bwrap"))
    assert "Read-only file system" in process.run(command, limits=LIMITS).errors


@shut
def test_where_it_cannot_be_done_the_launcher_says_why_and_runs_nothing() -> None:
    asked = sandbox.launched(["/nowhere/python"], Sight((), Path("/nowhere")), LIMITS, None)
    done = process.run(asked, limits=LIMITS)
    assert (done.code, done.stdout) == (96, b"")
    assert done.errors == "[Errno 2] mount /new/nowhere: No such file or directory\n"


@pytest.mark.skipif(sys.platform != "linux", reason="a call of Linux")
@pytest.mark.parametrize("ended_before", [True, False])
def test_a_launcher_whose_parent_ended_before_it_could_say_so_ends(ended_before: bool) -> None:
    code = (
        "import os; from impressum.system.sandbox_launcher import Kernel; "
        f"Kernel().end_with(os.getppid() + {int(ended_before)}); print('goes on')"
    )
    done = process.run([sys.executable, "-c", code], limits=process.Limits(30, 1_000_000_000))
    assert (done.code, done.stdout) == ((NOT_HERE, b"") if ended_before else (0, b"goes on\n"))
