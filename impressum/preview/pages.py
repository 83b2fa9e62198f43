"""Reads the PDF that is shown in a child: how each page looks, its picture, and the words at a point of it."""

from __future__ import annotations

import base64
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from impressum.system import process
from impressum.system.cache import Json
from impressum.system.on_call import OnCall

LIMITS = process.Limits(seconds=120, memory=4_000_000_000)
KEPT = 96  # pictures that are kept
WIDTHS = (320, 480, 640, 800, 960, 1200, 1440, 1760, 2080, 2480, 3200)
"""The widths of pictures, in pixels: a few, so that kept ones are reused."""


class PageError(Exception):
    """A page cannot be looked at: its PDF is gone, or there is no such page."""


@dataclass(frozen=True)
class WordAtPoint:
    """The word at a point of a page, and the letters before and behind it; empty where nothing is printed."""

    before: str
    word: str
    after: str


@dataclass
class PageReader:
    """Talks to the child that reads and draws pages; to be closed. May be called from any thread."""

    _child: OnCall = field(
        default_factory=lambda: OnCall(process.python_module("impressum.preview.pages_child"), limits=LIMITS)
    )
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _pictures: OrderedDict[tuple[str, int], bytes] = field(default_factory=OrderedDict)

    def start(self) -> None:
        """Starts the child, so that it is there when it is needed."""
        self._child.begun()

    def close(self) -> None:
        """Ends the child."""
        self._child.close()

    def sizes(self, pdf: Path) -> tuple[tuple[float, float], ...]:
        """The sizes of the pages of `pdf`, in points."""
        return tuple((width, height) for width, height in self._asked(pdf, "sizes")["sizes"])

    def looks(self, pdf: Path, numbers: Sequence[int]) -> tuple[str, ...]:
        """A sum of how each of the pages looks: where it is the same, the page is."""
        return tuple(self._asked(pdf, "looks", pages=list(numbers))["looks"]) if numbers else ()

    def picture(self, pdf: Path, number: int, look: str, width: int) -> bytes:
        """Page `number`, which looks so (empty: not known), as a PNG of about so many pixels."""
        width = next((one for one in WIDTHS if one >= width), WIDTHS[-1])
        with self._lock:
            known = self._pictures.get((look, width)) if look else None
            if known is not None:
                self._pictures.move_to_end((look, width))
                return known
            png = base64.b64decode(self._asked(pdf, "picture", page=number, width=width)["png"])
            if look:
                self._pictures[look, width] = png
            while len(self._pictures) > KEPT:
                self._pictures.popitem(last=False)
            return png

    def words(self, pdf: Path, number: int, x: float, y: float) -> WordAtPoint:
        """The words at a point of page `number`, in points from the top left."""
        answer = self._asked(pdf, "words", page=number, x=x, y=y)
        return WordAtPoint(answer["before"], answer["word"], answer["after"])

    def _asked(self, pdf: Path, do: str, **request: Json) -> Any:
        line = json.dumps({"do": do, "path": str(pdf), **request}).encode()
        with self._lock:
            try:
                answer = json.loads(self._child.ask(line))
            except process.Ended:  # by the system, for want of memory; a new child may have room
                answer = json.loads(self._child.ask(line))
        if "error" in answer:
            raise PageError(answer["error"])
        return answer
