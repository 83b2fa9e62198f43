"""While figures are drawn, chapters are read: each thing once, and nothing else is told."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from building import PATIENCE, copy

import impressum.stages.draw.figures
from impressum.core.errors import Faulty
from impressum.core.model.sources import Edition
from impressum.pipeline import build, ground
from impressum.pipeline.build import Order, Run
from impressum.pipeline.editions import Editions
from impressum.system.workspace import Workspace


def run_of(root: Path) -> Run:
    return Run(Workspace(root), Order(), lambda stage, what: None)


def told(run: Run) -> list[str]:
    with suppress(Faulty):
        build.check(run)
    return [str(fault) for fault in run.faults.all()]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, threading.Event]:
    """Figures that are not drawn before the editions that have an event here were read."""
    read: dict[str, threading.Event] = {"de": threading.Event()}
    draw, ahead = impressum.stages.draw.figures.draw, Editions.ahead

    def drawn(*parts: Any, **named: Any) -> Any:
        assert all(event.wait(PATIENCE) for event in read.values())
        return draw(*parts, **named)

    def noted(editions: Editions, edition: Edition) -> None:
        ahead(editions, edition)
        if edition.tag in read:
            read[edition.tag].set()

    monkeypatch.setattr(impressum.stages.draw.figures, "draw", drawn)
    monkeypatch.setattr(Editions, "ahead", noted)
    return read


def test_chapters_are_read_while_figures_are_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    first = run_of(copy("garden", tmp_path / "first"))
    monkeypatch.setattr(ground, "SOON", PATIENCE)  # nothing is read ahead
    faults = told(first)
    request.getfixturevalue("slow")
    monkeypatch.setattr(ground, "SOON", 0.0)
    ahead = run_of(copy("garden", tmp_path / "ahead"))
    assert told(ahead) == faults
    assert {step: ahead.memo.ran[step] for step in ("render", "parse", "citeproc", "document")} == {
        step: first.memo.ran[step] for step in ("render", "parse", "citeproc", "document")
    }
    assert ahead.memo.reused["citeproc"] == 2
    steps = [(step.name, step.about) for step in ahead.memo.explained()]
    assert len(steps) == len(set(steps))


def test_what_is_wrong_in_what_is_read_ahead_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: Mapping[str, threading.Event]
) -> None:
    monkeypatch.setattr(ground, "SOON", 0.0)
    root = copy("garden", tmp_path / "root")
    one, other = sorted((root / "chapters" / "de").glob("*.md"))[:2]
    one.write_text(f"{one.read_text('utf-8')}\n{'[' * 12}\n", encoding="utf-8")
    other.write_text(f"{other.read_text('utf-8')}\n{{{{ nobody }}}}\n", encoding="utf-8")
    faults = told(run_of(root))
    assert slow["de"].is_set()
    assert sum("nested-too-deep" in fault for fault in faults) == 1
    assert sum("nobody" in fault for fault in faults) == 1
