"""What a figure script cannot do: reach the network, see secrets, write outside, leave a process behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from building import copy, impressum, variables
from test_draw import HEAD, drawn

from impressum.stages.draw import scripts
from impressum.system import process, sandbox, sandbox_launcher
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
@pytest.mark.parametrize("program", [None, shutil.which("bwrap")])
def test_what_is_shut_in_ends_with_its_parent_though_nobody_else_ends_it(program: str | None) -> None:
    """Ensures it of namespaces and of bubblewrap, each where it is there."""
    waits = "import time; print('in', flush=True); time.sleep(15); print('outlived', flush=True)"
    parent = (
        "import subprocess, sys\nfrom impressum.system.process import Limits\n"
        "from impressum.system.sandbox import Sight, launched, shut_in\n"
        f"command, limits, program = [sys.executable, '-c', {waits!r}], Limits(60), {program!r}\n"
        "asked = launched(command, Sight(()), limits, program) if program else shut_in(command, Sight(()), limits)\n"
        "subprocess.run(asked)"
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
    (tmp_path / "seen" / "inner").mkdir()
    done = inside(code, Sight((tmp_path / "seen", tmp_path / "seen" / "inner")))
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
    done = process.run(sandbox.launched(["/nowhere/python"], Sight(()), LIMITS, None), limits=LIMITS)
    assert (done.code, done.errors) == (127, "[Errno 2] No such file or directory\n")


@pytest.mark.skipif(sys.platform != "linux", reason="a call of Linux")
@pytest.mark.parametrize("ended_before", [True, False])
def test_a_launcher_whose_parent_ended_before_it_could_say_so_ends(ended_before: bool) -> None:
    code = (
        "import os; from impressum.system.sandbox_launcher import Kernel; "
        f"Kernel().end_with(os.getppid() + {int(ended_before)}); print('goes on')"
    )
    done = process.run([sys.executable, "-c", code], limits=process.Limits(30, 1_000_000_000))
    assert (done.code, done.stdout) == ((NOT_HERE, b"") if ended_before else (0, b"goes on\n"))


FACTS = """
import json, os, socket
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines())
mounts = [line.split() for line in open("/proc/self/mountinfo")]
print(json.dumps({
    "user": [os.getuid(), os.getgid()], "folder": os.getcwd(), "root": os.listdir("/"), "parent": os.getppid(),
    "powers": [status[name] for name in ("CapEff", "CapPrm", "NoNewPrivs")],
    "net": [name for _, name in socket.if_nameindex()],
    "mounts": {line[4]: [line[5].split(","), line[line.index("-") + 1], line[-1].split(",")] for line in mounts},
    "spaces": {name: os.readlink(f"/proc/self/ns/{name}") for name in ("ipc", "mnt", "net", "pid", "user")},
}))
"""


@shut
@pytest.mark.parametrize("nests", [False, True])
def test_inside_there_is_nothing_but_what_the_sandbox_promises(nests: bool, tmp_path: Path) -> None:
    """Ensures it of each mount and right: all is read-only but the folder of its own and an empty one in memory, and no
    program or device gives powers. Only who shuts others in has the settings of the kernel to write to."""
    if sandbox.isolation().how != "namespaces":
        pytest.skip("bubblewrap builds its own")
    seen, own = tmp_path / "seen", tmp_path / "own"
    seen.mkdir()
    own.mkdir()
    found = json.loads(inside(FACTS, Sight((seen,), own, nests=nests)).stdout)
    assert (found["user"], found["folder"], found["net"]) == ([1000, 1000], "/tmp", ["lo"])
    assert (found["powers"], found["parent"]) == (["0" * 16, "0" * 16, "1"], 1)
    assert all(space != str(Path(f"/proc/self/ns/{name}").readlink()) for name, space in found["spaces"].items())
    assert not {"old", "new"} & set(found["root"])
    mounts = {path: (set(options), kind) for path, (options, kind, _) in found["mounts"].items()}
    assert {"size=1048576k", "mode=700"} <= set(found["mounts"]["/tmp"][2])
    proc = {"/proc"} & mounts.keys()  # some containers refuse it
    assert {path for path, (options, _) in mounts.items() if "rw" in options} == {
        "/tmp",
        str(own),
        *(proc if nests else ()),
    }
    assert [mounts[path][1] for path in ("/", "/tmp")] == ["tmpfs", "tmpfs"]
    assert all("nosuid" in options for path, (options, _) in mounts.items() if path != str(own))
    assert all("nodev" in mounts[path][0] for path in {"/tmp", *proc})
    shown = {"/", "/tmp", str(seen), str(own), *sandbox_launcher.DEVICES}
    python = {sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent.parent)}
    assert shown <= mounts.keys()
    assert {path for path in mounts if not path.startswith(sandbox_launcher.SYSTEM)} <= shown | python | proc


@pytest.mark.parametrize(
    ("code", "ends", "reset"),
    [
        *[(code, [], []) for code in (0, 1, 127, 128, 128 + signal.SIGCHLD, 255)],
        *[(128 + number, [number], [number]) for number in (1, 15)],
        *[(128 + number, [number], []) for number in (signal.SIGKILL, signal.SIGSTOP)],
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux")
def test_the_launcher_ends_by_the_signal_of_what_it_ran(
    code: int, ends: list[int], reset: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed: list[int] = []
    left: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: killed.append(number) if pid == os.getpid() else None)
    monkeypatch.setattr(signal, "signal", lambda number, how: left.append(number) if how == signal.SIG_DFL else None)
    assert sandbox_launcher._ended(code) == code
    assert (killed, left) == (ends, reset)


def test_bubblewrap_is_given_the_system_what_is_seen_and_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib64").symlink_to("lib")
    lib, lib64 = str(tmp_path / "lib"), str(tmp_path / "lib64")
    monkeypatch.setattr(sandbox_launcher, "SYSTEM", (lib, lib64, str(tmp_path / "none")))
    line = ["/bwrap", "--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--proc", "/proc", "--dev", "/dev"]
    line += ["--tmpfs", "/tmp", "--ro-bind", lib, lib, "--symlink", "lib", lib64, "--ro-bind", "/seen", "/seen"]
    end = ["--remount-ro", "/", "--chdir", "/tmp", "--", "/bin/true", "it"]
    asked = {"bubblewrap": "/bwrap", "readable": ["/seen"], "private": None, "command": ["/bin/true", "it"]}
    assert sandbox_launcher._bubblewrap(asked) == [*line, *end]
    assert sandbox_launcher._bubblewrap({**asked, "private": "/own"}) == [*line, "--bind", "/own", "/own", *end]


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
@pytest.mark.parametrize(
    ("size", "most", "set_to"), [(0, -1, []), (9, -1, [(9, 9)]), (9, 5, [(5, 5)]), (9, 20, [(9, 9)])]
)
def test_memory_is_limited_to_no_more_than_there_is(
    size: int, most: int, set_to: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    limits: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda what: (1, most) if what == resource.RLIMIT_AS else (0, 0))
    monkeypatch.setattr(resource, "setrlimit", lambda what, both: limits.append(both))
    sandbox_launcher.limit_memory(size)
    assert limits == set_to


@pytest.mark.skipif(sys.platform != "linux", reason="calls of Linux")
def test_what_the_kernel_refuses_is_said_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kernel = sandbox_launcher.Kernel()
    with pytest.raises(OSError, match=r"^\[Errno 2\] mount /nowhere: No such file or directory$"):
        kernel.mount("/nowhere", "/nowhere", flags=sandbox_launcher.BIND)
    with pytest.raises(OSError, match=r"^\[Errno \d+\] make /nowhere read-only: \w"):
        kernel.read_only("/nowhere")
    with pytest.raises(OSError, match=r"unmount /nowhere: "):
        kernel.unmount("/nowhere")
    with pytest.raises(OSError, match=r"^\[Errno 22\] prctl: Invalid argument$"):
        kernel.control(-1, 0)
    with pytest.raises(OSError, match=r"^\[Errno 22\] unshare: Invalid argument$"):
        kernel.unshare(1)
    monkeypatch.setattr(kernel, "_libc", SimpleNamespace(capset=lambda head, sets: -1))
    with pytest.raises(OSError, match=r"^\[Errno \d+\] capset: "):
        kernel.give_up_powers()
    monkeypatch.setattr(sandbox_launcher, "PIVOT_ROOT", {})
    with pytest.raises(sandbox_launcher.NotHere, match=r"^nobody has tried it on \w+$"):
        kernel.pivot_root("/a", "/b")
    monkeypatch.setattr(sys, "argv", ["launcher", "{}"])
    monkeypatch.setattr(sys, "platform", "win32")
    assert sandbox_launcher.main() == NOT_HERE
    assert capsys.readouterr().err == "only Linux has what it takes\n"


def ended(code: int, errors: str = "", *, timed_out: bool = False) -> process.Finished:
    return process.Finished(code, b"", errors.encode(), timed_out=timed_out)


@pytest.mark.usefixtures("untried")
@pytest.mark.parametrize(
    ("trials", "program", "expected"),
    [
        ([ended(0)], "/bwrap", ("namespaces", "")),
        ([ended(96, "no"), ended(0)], "/bwrap", ("bubblewrap", "")),
        ([ended(1, "why\nno\n")], None, ("none", "namespaces: no; bubblewrap is not installed")),
        ([ended(96), ended(1, " \n")], "/bwrap", ("none", "namespaces: exit code 96; bubblewrap: exit code 1")),
        ([ended(3), ended(0)], "/bwrap", ("bubblewrap", "")),
        ([ended(3), ended(96)], "/bwrap", ("unknown", "trying namespaces ended with exit code 3")),
        ([ended(96), ended(2)], "/bwrap", ("unknown", "trying bubblewrap ended with exit code 2")),
        (
            [ended(1, timed_out=True), ended(96)],
            "/bwrap",
            ("unknown", "trying namespaces took longer than 20 seconds"),
        ),
    ],
)
def test_how_a_child_can_be_shut_in_is_found_out_by_trying(
    trials: list[process.Finished], program: str | None, expected: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[list[str], object]] = []

    def run(command: list[str], *, limits: process.Limits) -> process.Finished:
        settings = json.loads(command[-1])
        asked.append((settings["command"][1:], settings["bubblewrap"]))
        return trials[len(asked) - 1]

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(process, "run", run)
    monkeypatch.setattr(shutil, "which", {"bwrap": program}.get)
    assert sandbox.isolation() == sandbox.Isolation(*expected)  # type: ignore[arg-type]
    assert asked == [(["-I", "-S", "-c", ""], how) for how in (None, "/bwrap")][: len(asked)]
    assert len(asked) == len(trials)


def test_the_launcher_is_told_what_may_be_seen_and_with_whom_it_ends(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    sight = Sight((tmp_path / "a", tmp_path / "none", tmp_path), tmp_path / "own", nests=True)
    *python, launcher, settings = sandbox.launched(("/bin/true", "it"), sight, process.Limits(5, 7), "/bwrap")
    assert python == [sys.executable, "-I", "-S"]
    assert Path(launcher) == Path(sandbox_launcher.__file__)
    told = json.loads(settings)
    seen = told.pop("readable")
    assert seen == sorted(seen)
    assert {str(tmp_path), str(tmp_path / "a"), sys.prefix, sys.base_prefix} <= set(seen)
    assert str(tmp_path / "none") not in seen
    assert sandbox.fork_sandbox(sight.readable) == {"readable": seen, "private": None}
    assert told == {
        "command": ["/bin/true", "it"],
        "private": str(tmp_path / "own"),
        "nests": True,
        "memory": 7,
        "bubblewrap": "/bwrap",
        "parent": os.getpid(),
    }
