"""The door to other processes: limits hold, nothing that a child wrote is lost, nothing that it started stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from building import PATIENCE, descendants_of, runs, variables, waited_for

from impressum.system import process
from impressum.system.on_call import OnCall
from impressum.system.parallel import Later
from impressum.system.process import Limits, run


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_what_a_child_reads_and_writes_comes_through_whole() -> None:
    code = "import sys; data = sys.stdin.buffer.read(); sys.stdout.buffer.write(data); sys.stderr.write('é' * 100000)"
    done = run(python(code), limits=Limits(30), stdin=b"x" * 3_000_000)
    assert (done.code, done.stdout, done.errors) == (0, b"x" * 3_000_000, "é" * 100000)


def test_a_child_that_does_not_read_ends_with_its_own_code() -> None:
    done = run(python("raise SystemExit(7)"), limits=Limits(30), stdin=b"x" * 3_000_000)
    assert (done.code, done.timed_out) == (7, False)


def test_a_child_that_goes_on_is_killed_with_what_it_started(tmp_path: Path) -> None:
    started = tmp_path / "pid"
    code = (
        "import subprocess, sys, time; from pathlib import Path;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        f"Path({str(started)!r}).write_text(str(child.pid)); time.sleep(600)"
    )
    done = run(python(code), limits=Limits(3))
    assert done.timed_out
    pid = int(started.read_text())
    for _ in range(100):  # the kernel takes a moment to clear a killed process
        if not Path(f"/proc/{pid}/cmdline").is_file() or not Path(f"/proc/{pid}/cmdline").read_bytes():
            return
        time.sleep(0.05)
    pytest.fail(f"process {pid} still runs")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody can limit the work of another process")
def test_a_child_has_time_to_wait_and_not_to_work() -> None:
    assert run(python("while True: pass"), limits=Limits(500, work=1)).timed_out
    waiting = run(python("import time; time.sleep(1.2); print(1)"), limits=Limits(500, work=1))
    assert (waiting.timed_out, waiting.code, waiting.stdout.split()) == (False, 0, [b"1"])


def test_a_child_that_leaves_another_behind_does_not_hold_us() -> None:
    code = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])"
    assert run(python(code), limits=Limits(30)).timed_out is False


def test_a_child_that_writes_without_end_is_killed() -> None:
    done = run(python("import os\nwhile True: os.write(1, b'y' * 65536)"), limits=Limits(60, output=1_000_000))
    assert done.timed_out is False
    assert done.code < 0
    assert len(done.stdout) < 1_200_000


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")
def test_a_child_that_takes_too_much_memory_is_refused_it() -> None:
    done = run(
        python("import time; time.sleep(0.3); x = bytearray(2_000_000_000)"), limits=Limits(30, memory=1_000_000_000)
    )
    assert done.code != 0
    assert "MemoryError" in done.errors


def test_a_child_does_not_see_the_secrets_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISH_TOKEN", "secret")
    done = run(python("import os; print(sorted(os.environ))"), limits=Limits(30))
    assert "PUBLISH_TOKEN" in os.environ
    assert b"PUBLISH_TOKEN" not in done.stdout


def test_a_program_that_does_not_exist_is_an_error_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # the user's own may have folders that may not be looked into
    with pytest.raises(FileNotFoundError):
        run(["no-such-program-here"], limits=Limits(5))


def test_an_interruption_waits_until_it_may_come() -> None:
    code = (
        "import os, signal\n"
        "from impressum.system.interpreter import uninterrupted\n"
        "try:\n"
        "    with uninterrupted():\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        print('went on')\n"
        "    print('not here')\n"
        "except KeyboardInterrupt:\n"
        "    print('then it came')\n"
    )
    done = run(python(code), limits=Limits(30))
    assert done.stdout.decode().splitlines() == ["went on", "then it came"]


ECHO = "import sys\nfor line in sys.stdin: print(line.strip().upper(), flush=True)"


def test_a_child_that_stays_answers_line_by_line() -> None:
    talk = process.Conversation(python(ECHO), limits=Limits(30))
    answers = [talk.ask(word).strip() for word in (b"one", b"two", b"x" * 300_000)]
    talk.close()
    assert answers == [b"ONE", b"TWO", b"X" * 300_000]


def test_a_child_that_ends_without_an_answer_tells_its_exit_code_and_its_errors() -> None:
    talk = process.Conversation(python("import sys; sys.stderr.write('no more'); sys.exit(7)"), limits=Limits(30))
    with pytest.raises(process.Ended) as ended:
        talk.ask(b"one")
    assert (ended.value.finished.code, ended.value.finished.errors) == (7, "no more")
    assert not ended.value.finished.timed_out


def test_a_child_that_does_not_answer_in_time_is_ended() -> None:
    talk = process.Conversation(python("import time; time.sleep(600)"), limits=Limits(1))
    with pytest.raises(process.Ended) as ended:
        talk.ask(b"one")
    assert ended.value.finished.timed_out


def test_a_child_on_call_begins_anew_after_its_end_and_no_more_once_it_is_closed() -> None:
    child = OnCall(python(f"{ECHO}; break"), limits=Limits(30))
    assert child.ask(b"one") == b"ONE\n"
    with pytest.raises(process.Ended):
        child.ask(b"two")
    assert child.ask(b"three") == b"THREE\n"
    child.close()
    with pytest.raises(process.Ended):
        child.ask(b"four")


def test_a_child_on_call_that_rests_begins_anew_with_the_next_question() -> None:
    child = OnCall(python(ECHO), limits=Limits(30))
    assert child.ask(b"one") == b"ONE\n"
    first = child.begun()
    child.rest()
    assert child.ask(b"two") == b"TWO\n"
    assert child.begun() is not first
    child.close()


def test_a_child_on_call_is_ended_while_a_thread_waits_for_its_answer() -> None:
    child = OnCall(python("import time; time.sleep(600)"), limits=Limits(600))
    waiting = Later(lambda: child.ask(b"one"))
    assert not waiting.ends(0.1)
    child.close()
    assert waiting.ends(PATIENCE)
    with pytest.raises(process.Ended):
        waiting.result()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc")
@pytest.mark.parametrize("way", ["run", "Conversation"])
def test_a_child_ends_with_a_parent_that_was_killed(way: str) -> None:
    start = {
        "run": "process.run(command, limits=process.Limits(60))",
        "Conversation": "process.Conversation(command, limits=process.Limits(60)).ask(b'')",
    }
    child = "import os, subprocess, sys, time; subprocess.Popen(['sleep', '60']); print(os.getpid()); time.sleep(60)"
    code = f"from impressum.system import process; command = [{sys.executable!r}, '-c', {child!r}]; {start[way]}"
    parent = subprocess.Popen([sys.executable, "-c", code], env=variables(), start_new_session=True)
    assert waited_for(lambda: len(descendants_of(parent.pid)) >= 3)
    below = descendants_of(parent.pid)
    os.killpg(parent.pid, signal.SIGKILL)
    parent.wait()
    assert waited_for(lambda: not any(map(runs, below)))
