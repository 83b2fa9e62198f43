"""The versions of installed packages, as the folders say them that describe them."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from impressum.cli.environment import lock_named, locked
from impressum.system.installed import described, version


def test_each_locked_package_has_the_version_that_it_says_itself() -> None:
    wanted = [one for one in map(Requirement, locked(lock_named("run"))) if not one.marker or one.marker.evaluate()]
    said = {one.name: Version(version(one.name)) for one in wanted}
    assert said == {one.name: Version(importlib.metadata.version(one.name)) for one in wanted}
    assert all(described(one.name) for one in wanted)


def test_the_first_of_two_is_meant_and_one_that_comes_later_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr("sys.path", [str(tmp_path / "nowhere"), str(tmp_path / "one"), str(tmp_path / "two")])
    (tmp_path / "two/Some_Pebble-1.0.dist-info").mkdir()
    assert version("some.pebble") == "1.0"
    (tmp_path / "one/some_pebble-2.0rc1.dist-info").mkdir()
    assert version("some-pebble") == "2.0rc1"
    assert described("some-pebble") == tmp_path / "one/some_pebble-2.0rc1.dist-info"


def test_a_package_that_is_not_installed_is_told() -> None:
    assert described("no-such-package") is None
    with pytest.raises(importlib.metadata.PackageNotFoundError, match="no-such-package"):
        version("no-such-package")
