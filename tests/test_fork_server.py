"""Children that are forked: each has its limits and its sandbox, begins as the first did, and ends apart."""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import children_of, runs, waited_for

from impressum.system import fork_server, sandbox_launcher
from impressum.system.fork_server import ForkServer
from impressum.system.process import Finished, Limits
from impressum.system.sandbox import fork_sandbox, isolation

pytestmark = pytest.mark.skipif(not fork_server.IS_POSSIBLE, reason="only Linux has what it takes")
shut = pytest.mark.skipif(isolation().how != "namespaces", reason="this system does not allow namespaces")
LIMITS = Limits(seconds=30)
SERVE = "import sys, os, time; from impressum.system import fork_server_child as child; "
SERVE += "known = []; child.IDLE = {}; child.serve("
SERVE += "lambda: exec(sys.stdin.read(), globals()))"


@pytest.fixture
def home() -> Iterator[ForkServer]:
    """A fork server whose children run what they read."""
    made = ForkServer([sys.executable, "-P", "-c", SERVE.format(60)])
    yield made
    made.close()


def ran(home: ForkServer, code: str, limits: Limits = LIMITS, *, alone: bool = False) -> Finished:
    done = home.run(limits=limits, stdin=code.encode(), sandbox=fork_sandbox(()) if alone else None)
    assert done
    return done


def forked() -> set[int]:
    """The keepers that run, of all nurseries of this process."""
    return {pid for one in processes() for pid in children_of(one)}


def test_a_child_ends_as_a_program_of_its_own_would(home: ForkServer) -> None:
    big = ran(home, "sys.stderr.write('é' * 100000); print('x' * 3_000_000)")
    assert (big.code, big.stdout, big.errors) == (0, b"x" * 3_000_000 + b"\n", "é" * 100000)
    assert ran(home, "raise SystemExit(7)").code == 7
    assert ran(home, "sys.exit()").code == 0
    told = ran(home, "sys.exit('no')")
    assert (told.code, told.errors) == (1, "no\n")
    failed = ran(home, "raise KeyboardInterrupt")
    assert (failed.code, failed.errors.splitlines()[-1]) == (1, "KeyboardInterrupt")
    assert ran(home, "os.kill(os.getpid(), 15)").code == -signal.SIGTERM
    assert ran(home, "import atexit; atexit.register(print, 'last')").stdout == b"last\n"


@shut
def test_a_child_that_is_shut_in_ends_as_it_would_outside(home: ForkServer) -> None:
    assert ran(home, "raise SystemExit(7)", alone=True).code == 7
    assert ran(home, "os.kill(os.getpid(), 9)", alone=True).code == -signal.SIGKILL
    assert ran(home, "os.kill(os.getpid(), 15)", alone=True).code == -signal.SIGTERM


def test_what_a_child_changes_no_other_sees(home: ForkServer) -> None:
    code = "print(known, 'left' in os.environ); known.append(1); os.environ['left'] = '1'; sys.stdout.flush()"
    assert [ran(home, code).stdout for _ in range(2)] == [b"[] False\n"] * 2


def test_a_child_holds_no_files_but_its_own_three(home: ForkServer) -> None:
    code = "files = os.listdir('/proc/self/fd'); print(sorted(int(one) for one in files)[:-1])"
    done: list[bytes] = []
    threads = [threading.Thread(target=lambda: done.append(ran(home, code).stdout)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [b"[0, 1, 2]\n"] * 4


@shut
@pytest.mark.parametrize("power", ["CapInh", "CapPrm", "CapEff", "CapAmb"])
def test_a_child_that_is_shut_in_has_no_powers(home: ForkServer, power: str) -> None:
    status = ran(home, "print(open('/proc/self/status').read())", alone=True).stdout.decode()
    values = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
    assert int(values[power], 16) == 0
    assert values["NoNewPrivs"] == "1"


@shut
def test_a_child_that_is_shut_in_cannot_change_its_walls(home: ForkServer) -> None:
    ways = ("libc.umount2(b'/tmp', 2)", "libc.mount(b'none', b'/', None, 32 | 4096, None)", "libc.setns(0, 0)")
    code = "import ctypes; libc = ctypes.CDLL(None, use_errno=True); "
    code += f"print([({', '.join(ways)})[n] for n in range(3)], os.getpid() > 1, os.listdir('/'))"
    told = ran(home, code, alone=True).stdout.decode()
    assert told.startswith("[-1, -1, -1] True ")
    assert not [name for name in ("boot", "media", "mnt", "srv") if f"'{name}'" in told]
    assert ran(home, "open('/x', 'w')", alone=True).errors.endswith("Read-only file system: '/x'\n")
    assert ran(home, f"os.kill({os.getpid()}, 0)", alone=True).errors.endswith("No such process\n")


@shut
@pytest.mark.parametrize(
    "code",
    [
        "os.open('/proc/sys/kernel/core_pattern', os.O_WRONLY)",
        "os.open('/proc/self/comm', os.O_WRONLY)",
        "os.chmod('/dev/null', os.stat('/dev/null').st_mode & 0o777)",
    ],
)
def test_what_root_owns_of_the_system_a_child_of_root_cannot_change(home: ForkServer, code: str) -> None:
    assert "Read-only file system" in ran(home, code, alone=True).errors
    assert ran(home, "open('/dev/null', 'w').write('x')", alone=True).code == 0


@shut
def test_a_child_cannot_have_its_keepers_tell_of_another_end(home: ForkServer) -> None:
    assert ran(home, "os.kill(1, 2); time.sleep(0.5); print('on')", alone=True).stdout == b"on\n"
    assert ran(home, "os.kill(0, 2)", alone=True).code == -signal.SIGKILL
    assert ran(home, "open('/proc/1/fd/0')", alone=True).errors.endswith("Permission denied: '/proc/1/fd/0'\n")


@pytest.mark.parametrize(
    ("code", "ends"),
    [
        ("file = open(os.devnull, 'w'); sys.stdout = file; file.close()", 0),
        ("sys.stdout = sys.stderr = None", 0),
        ("os.close(0); os.close(1); os.close(2)", 0),
        ("print('x'); os.close(1)", 120),
    ],
)
def test_a_child_may_close_its_outputs(home: ForkServer, code: str, ends: int) -> None:
    assert ran(home, code).code == ends


@pytest.mark.parametrize("alone", [False, pytest.param(True, marks=shut)])
def test_where_the_user_may_use_less_memory_a_child_gets_less(alone: bool) -> None:
    lowered = "import resource; resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000,) * 2); import ctypes; "
    lowered += "most = [*[~(1 << 24)] * 2, 0, 511, 511, 0]; "  # all powers but that to use more
    lowered += "ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*most)); "
    home = ForkServer([sys.executable, "-P", "-c", lowered + SERVE.format(60)])
    try:
        limits = Limits(seconds=30, memory=4_000_000_000)
        code = "import resource; print(resource.getrlimit(resource.RLIMIT_AS)[1])"
        assert ran(home, code, limits, alone=alone).stdout == b"3000000000\n"
    finally:
        home.close()


def test_what_fails_before_a_child_begins_is_its_end_and_no_number_of_a_process(home: ForkServer) -> None:
    done = home.run(limits=Limits(seconds=2**32), stdin=b"")  # more than the clock of the keeper can hold
    assert done
    assert done.code == sandbox_launcher.NOT_HERE
    assert "C int" in done.errors


def test_with_many_open_files_a_child_begins_as_well(home: ForkServer) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (2048 if hard < 0 else min(2048, hard), hard))
    held: list[int] = []
    try:
        held += [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
        assert ran(home, "print('begun')").stdout == b"begun\n"
    finally:
        for file in held:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_no_file_stays_open(home: ForkServer) -> None:
    assert ran(home, "").code == 0
    before = open_files()
    for _ in range(20):
        ran(home, "print(1)")

    def failing() -> Path:
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        ForkServer(["true"]).run(limits=LIMITS, stdin=b"", home=failing)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for left in (0, 2, 4):  # a child takes four pipes: eight files
        free = sorted(set(range(soft)) - set(map(int, open_files())))[left]
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
        try:
            with pytest.raises(OSError, match="Too many open files"):
                home.run(limits=LIMITS, stdin=b"")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert open_files() == before


def open_files() -> set[str]:
    return {path.name for path in Path("/proc/self/fd").iterdir()}


def test_the_work_of_each_child_is_limited_and_not_its_time(home: ForkServer) -> None:
    assert ran(home, "while True: pass", Limits(500, work=1)).timed_out
    waiting = ran(home, "import time; time.sleep(1.2); print(1)", Limits(500, work=1))
    assert (waiting.timed_out, waiting.stdout) == (False, b"1\n")


def test_a_child_that_goes_on_is_killed_and_no_other_with_it(home: ForkServer) -> None:
    done: list[Finished] = []
    other = threading.Thread(target=lambda: done.append(ran(home, "time.sleep(2); print('whole')")))
    other.start()
    assert ran(home, "os.spawnlp(os.P_NOWAIT, 'sleep', 'sleep', '600')\nwhile True: pass", Limits(1)).timed_out
    other.join()
    assert [(one.code, one.stdout) for one in done] == [(0, b"whole\n")]
    assert waited_for(lambda: not forked())


@shut
def test_a_child_that_is_shut_in_and_goes_on_is_killed_with_what_left_its_group(home: ForkServer) -> None:
    code = "import subprocess; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)  # in a session',"
    code += "], start_new_session=True)\nwhile True: pass"
    assert ran(home, code, Limits(1), alone=True).timed_out
    assert waited_for(lambda: not any(b"# in a session" in line for line in command_lines()))


def command_lines() -> Iterator[bytes]:
    for pid in Path("/proc").glob("[0-9]*"):
        try:
            yield (pid / "cmdline").read_bytes()
        except OSError:
            continue


LARGE = "import mmap; mmap.mmap(-1, 2_000_000_000)"  # asked for, and never written to


@pytest.mark.parametrize("alone", [False, pytest.param(True, marks=shut)])
def test_the_memory_of_each_child_is_limited(home: ForkServer, alone: bool) -> None:
    limits = Limits(seconds=30, memory=1_000_000_000)
    assert "Cannot allocate memory" in ran(home, LARGE, limits, alone=alone).errors
    assert ran(home, LARGE, alone=alone).code == 0


def test_a_nursery_that_has_ended_begins_again(home: ForkServer) -> None:
    assert ran(home, "print('first')").stdout == b"first\n"
    (process,) = processes()
    os.kill(process, signal.SIGKILL)
    assert waited_for(lambda: not runs(process))
    assert ran(home, "print('second')").stdout == b"second\n"


def processes() -> set[int]:
    """Those of the nurseries of these tests."""
    return {pid for pid in children_of(os.getpid()) if b"child.serve(" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def test_a_nursery_that_is_idle_ends_and_another_begins() -> None:
    home = ForkServer([sys.executable, "-P", "-c", SERVE.format(0.1)])
    try:
        assert ran(home, "time.sleep(0.5); print('first')").stdout == b"first\n"  # it waits for its children
        assert waited_for(lambda: not processes())
        assert ran(home, "print('second')").stdout == b"second\n"
    finally:
        home.close()


def test_where_there_is_no_nursery_nothing_is_said_to_have_run() -> None:
    home = ForkServer([sys.executable, "-c", "raise SystemExit('it cannot begin')"])
    assert home.run(limits=LIMITS, stdin=b"") is None


def test_a_child_ends_with_its_nursery(home: ForkServer) -> None:
    done: list[Finished] = []
    running = threading.Thread(target=lambda: done.append(ran(home, "time.sleep(600)")))
    running.start()
    assert waited_for(lambda: bool(forked()))
    time.sleep(0.2)  # until the keeper has tied itself to the fork server
    home.close()
    running.join(20)
    assert [one.code for one in done] == [-signal.SIGKILL]
    assert not forked()
