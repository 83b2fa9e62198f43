"""Where `IMPRESSUM_NEEDS_ALL` is set, a test that is skipped has failed: `.ci/run` brings what the tests need."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

REQUIRED = "IMPRESSUM_NEEDS_ALL"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and REQUIRED in os.environ and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{reason}; {REQUIRED} is set, and so nothing may be skipped"
    return report
