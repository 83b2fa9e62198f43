"""A figure as `draw` made it, in one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from impressum.core.model.document import Width


@dataclass(frozen=True)
class Drawing:
    """A drawn figure: `name` is the work file that Typst reads, the texts are the edition's."""

    id: str
    name: str
    content: bytes
    title: str
    alt: str
    source: str | None = None
    credit: str | None = None
    width: Width = "text"
    is_drawn: bool = False
    """Drawn for its width, by a script or as a chart; else it is a picture that was made beforehand."""
    licence: str | None = None
    is_half: bool = False
    """Drawn for half the width of the text, to stand beside another."""


Drawings = Callable[[], Mapping[str, Mapping[str, Drawing]]]
"""The drawings by edition and figure, once they are drawn: the call waits for them."""
