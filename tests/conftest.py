"""Where `IMPRESSUM_NEEDS_ALL` is set, a test that is skipped has failed: `.ci/run` brings what the tests need. What
begins in the background (`nohup … &`) ignores Ctrl-C, and so would all that it starts: the tests do not. Nothing that
is there when all tests are collected is garbage, and to look for it would take a third of that time. As in build.py,
what is compiled is kept: each process would compile all tests anew, with what pytest writes into them. In a fresh
clone nothing is compiled yet: of all tests, each process begins with a share of its own, and finds the others made.

A build in the process of a test has one processor, as tests run beside each other: where it has more, it makes copies
of this process, which has grown large. More are tried where a test asks for them, and by the builds of their own."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from impressum.system import parallel
from impressum.system.interpreter import collect_seldom

REQUIRED = "IMPRESSUM_NEEDS_ALL"
SHARED = "IMPRESSUM_TESTS_SHARE"
"""The variable that names the folder of what all processes of a run share: made by the first, removed by it."""

if os.environ.get("PYTHONDONTWRITEBYTECODE"):
    sys.dont_write_bytecode = False
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")  # however slow a machine is, no test fails for it


def pytest_configure(config: pytest.Config) -> None:
    if SHARED not in os.environ:  # the first process of this run: those that it starts inherit it
        os.environ[SHARED] = tempfile.mkdtemp(prefix="impressum-tests-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(SHARED), ignore_errors=True))
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    pytest.MonkeyPatch().setattr(parallel, "processors", lambda: 1)  # before another module has taken it from there


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    gc.disable()
    worker = getattr(session.config, "workerinput", None)
    if worker and session.config.args_source == pytest.Config.ArgsSource.TESTPATHS:
        names = sorted(path.stem for path in Path(__file__).parent.glob("test_*.py"))
        for name in names[int(worker["workerid"][2:]) :: worker["workercount"]]:
            with suppress(Exception, pytest.skip.Exception):  # it is told where it is collected
                import_module(name)
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        collect_seldom()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and REQUIRED in os.environ and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{reason}; {REQUIRED} is set, and so nothing may be skipped"
    return report
