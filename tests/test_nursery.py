"""Children that are forked: each has its limits and its walls, begins as the first did, and ends apart."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import children_of, runs, waited_for

from impressum import nursery
from impressum.isolation import isolation, walls
from impressum.nursery import Nursery
from impressum.tools import Finished, Limits

pytestmark = pytest.mark.skipif(not nursery.IS_POSSIBLE, reason="only Linux has what it takes")
shut = pytest.mark.skipif(isolation().how != "namespaces", reason="this system does not allow namespaces")
LIMITS = Limits(seconds=30)
SERVE = "import sys, os, time; from impressum import nursery_child as child; known = []; child.IDLE = {}; child.serve("
SERVE += "lambda: exec(sys.stdin.read(), globals()))"


@pytest.fixture
def home() -> Iterator[Nursery]:
    """A nursery of children that run what they read."""
    made = Nursery([sys.executable, "-P", "-c", SERVE.format(60)])
    yield made
    made.close()


def ran(home: Nursery, code: str, limits: Limits = LIMITS, *, alone: bool = False) -> Finished:
    done = home.run(limits=limits, stdin=code.encode(), walls=walls(()) if alone else None)
    assert done
    return done


def forked() -> set[int]:
    """The keepers that run, of all nurseries of this process."""
    return {pid for one in processes() for pid in children_of(one)}


def test_a_child_ends_as_a_program_of_its_own_would(home: Nursery) -> None:
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
def test_a_child_that_is_shut_in_ends_as_it_would_outside(home: Nursery) -> None:
    assert ran(home, "raise SystemExit(7)", alone=True).code == 7
    assert ran(home, "os.kill(os.getpid(), 9)", alone=True).code == -signal.SIGKILL
    assert ran(home, "os.kill(os.getpid(), 15)", alone=True).code == -signal.SIGTERM


def test_what_a_child_changes_no_other_sees(home: Nursery) -> None:
    code = "print(known, 'left' in os.environ); known.append(1); os.environ['left'] = '1'; sys.stdout.flush()"
    assert [ran(home, code).stdout for _ in range(2)] == [b"[] False\n"] * 2


def test_a_child_holds_no_files_but_its_own_three(home: Nursery) -> None:
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
def test_a_child_that_is_shut_in_has_no_powers(home: Nursery, power: str) -> None:
    status = ran(home, "print(open('/proc/self/status').read())", alone=True).stdout.decode()
    values = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
    assert int(values[power], 16) == 0
    assert values["NoNewPrivs"] == "1"


@shut
def test_a_child_that_is_shut_in_cannot_change_its_walls(home: Nursery) -> None:
    ways = ("libc.umount2(b'/tmp', 2)", "libc.mount(b'none', b'/', None, 32 | 4096, None)", "libc.setns(0, 0)")
    code = "import ctypes; libc = ctypes.CDLL(None, use_errno=True); "
    code += f"print([({', '.join(ways)})[n] for n in range(3)], os.getpid() > 1, os.listdir('/'))"
    told = ran(home, code, alone=True).stdout.decode()
    assert told.startswith("[-1, -1, -1] True ")
    assert "'home'" not in told
    assert ran(home, "open('/x', 'w')", alone=True).errors.endswith("Read-only file system: '/x'\n")
    assert ran(home, f"os.kill({os.getpid()}, 0)", alone=True).errors.endswith("No such process\n")


def test_a_child_that_goes_on_is_killed_and_no_other_with_it(home: Nursery) -> None:
    done: list[Finished] = []
    other = threading.Thread(target=lambda: done.append(ran(home, "time.sleep(2); print('whole')")))
    other.start()
    assert ran(home, "os.spawnlp(os.P_NOWAIT, 'sleep', 'sleep', '600')\nwhile True: pass", Limits(1)).timed_out
    other.join()
    assert [(one.code, one.stdout) for one in done] == [(0, b"whole\n")]
    assert waited_for(lambda: not forked())


@shut
def test_a_child_that_is_shut_in_and_goes_on_is_killed_with_what_left_its_group(home: Nursery) -> None:
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


@pytest.mark.parametrize("alone", [False, pytest.param(True, marks=shut)])
def test_the_memory_of_each_child_is_limited(home: Nursery, alone: bool) -> None:
    limits = Limits(seconds=30, memory=1_000_000_000)
    assert "MemoryError" in ran(home, "bytearray(2_000_000_000)", limits, alone=alone).errors
    assert ran(home, "bytearray(2_000_000_000)", alone=alone).code == 0


def test_a_nursery_that_has_ended_begins_again(home: Nursery) -> None:
    assert ran(home, "print('first')").stdout == b"first\n"
    (process,) = processes()
    os.kill(process, signal.SIGKILL)
    assert waited_for(lambda: not runs(process))
    assert ran(home, "print('second')").stdout == b"second\n"


def processes() -> set[int]:
    """Those of the nurseries of these tests."""
    return {pid for pid in children_of(os.getpid()) if b"child.serve(" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def test_a_nursery_that_is_idle_ends_and_another_begins() -> None:
    home = Nursery([sys.executable, "-P", "-c", SERVE.format(0.1)])
    try:
        assert ran(home, "time.sleep(1); print('first')").stdout == b"first\n"  # it waits for its children
        assert waited_for(lambda: not processes())
        assert ran(home, "print('second')").stdout == b"second\n"
    finally:
        home.close()


def test_where_there_is_no_nursery_nothing_is_said_to_have_run() -> None:
    home = Nursery([sys.executable, "-c", "raise SystemExit('it cannot begin')"])
    assert home.run(limits=LIMITS, stdin=b"") is None


def test_a_child_ends_with_its_nursery(home: Nursery) -> None:
    done: list[Finished] = []
    running = threading.Thread(target=lambda: done.append(ran(home, "time.sleep(600)")))
    running.start()
    assert waited_for(lambda: bool(forked()))
    time.sleep(0.2)  # until the keeper has tied itself to the nursery
    home.close()
    running.join(20)
    assert [one.code for one in done] == [-signal.SIGKILL]
    assert not forked()
