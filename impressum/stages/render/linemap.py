"""Builds the way back from a rendered text to its sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from impressum.core.errors import Place
from impressum.stages.render.marks import Origin

if TYPE_CHECKING:
    from impressum.core.model.sources import LineMap, SourceText


def identity(source: SourceText) -> LineMap:
    """The map of a text that was not rendered."""
    return traced(source.text, [(0, line + 1) for line in range(source.text.count("\n") + 1)], (source,))


def traced(text: str, origins: Sequence[Origin], sources: Sequence[SourceText]) -> LineMap:
    """The map of `text`, each of whose lines has its origin: a number in `sources` and a line there."""
    from impressum.core.model.sources import LineMap

    lines = [source.text.split("\n") for source in sources]
    places: list[Place] = []
    exact: list[bool] = []
    for rendered, (number, line) in zip(text.split("\n"), origins, strict=True):
        places.append(sources[number].place(line))
        exact.append(0 < line <= len(lines[number]) and lines[number][line - 1] == rendered)
    used = {number for number, _ in origins}
    by_path = {sources[number].path: ("",) * sources[number].offset + tuple(lines[number]) for number in sorted(used)}
    return LineMap(tuple(places), tuple(exact), by_path)
