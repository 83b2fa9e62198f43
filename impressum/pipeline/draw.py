"""Draws the figures of a run while its chapters are read."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from impressum.core.errors import count_of
from impressum.core.model.figures import Drawing, PendingDrawings
from impressum.core.model.sources import Sources
from impressum.pipeline.run import Run
from impressum.stages.draw import figures
from impressum.system.parallel import Later

DRAWING = threading.Lock()
"""Held while figures are drawn: a run that was given up may still be at it when the next one begins."""


def draw(sources: Sources, run: Run) -> PendingDrawings:
    """Begins to draw the figures; the first call of the result waits for them and reports their faults."""
    run.progress("draw", count_of(len(sources.figures), "figure"))
    faults = run.faults.apart()

    def task() -> Mapping[str, Mapping[str, Drawing]]:
        with DRAWING:
            return figures.draw(
                sources,
                rooms=sources.theme.figure_rooms(),
                style=sources.theme.figure_style(),
                workspace=run.workspace,
                memo=run.memo,
                faults=faults,
            )

    drawn = Later(task)

    def wait() -> Mapping[str, Mapping[str, Drawing]]:
        drawings = drawn.result()
        run.faults.extend(faults.found())
        return drawings

    return wait
