"""Reads the PDFs that are shown in a child: how each page looks, its picture, and the words at a point of it."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from impressum.system import process
from impressum.system.cache import Json
from impressum.system.on_call import OnCall

LIMITS = process.Limits(seconds=120, memory=4_000_000_000)
KEPT = 96  # pictures that are kept
MOMENT = 0.005  # seconds
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


class Sheet(NamedTuple):
    """A page as it lies in a PDF: the file, whose name stands for its content, and the number there, from 1."""

    pdf: Path
    number: int


@dataclass
class PageReader:
    """Talks to the child that reads and draws pages; to be closed. May be called from any thread."""

    _child: OnCall = field(
        default_factory=lambda: OnCall(process.python_module("impressum.preview.pages_child"), limits=LIMITS)
    )
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _pictures: OrderedDict[tuple[str, int], bytes] = field(default_factory=OrderedDict)
    _sizes: dict[Path, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    _looks: dict[Sheet, str] = field(default_factory=dict)
    _awaited: list[Sheet] = field(default_factory=list)
    """The pages of which somebody waits for a picture: until it is drawn, no other page is looked at."""

    def start(self) -> None:
        """Starts the child, so that it is there when it is needed."""
        self._child.begun()

    def close(self) -> None:
        """Ends the child."""
        self._child.close()

    def sizes(self, pdf: Path) -> tuple[tuple[float, float], ...]:
        """The sizes of the pages of `pdf`, in points."""
        if pdf not in self._sizes:
            self._sizes[pdf] = tuple((width, height) for width, height in self._asked("sizes", path=str(pdf))["sizes"])
        return self._sizes[pdf]

    def looks(self, sheets: Sequence[Sheet]) -> tuple[str, ...]:
        """A sum of how each of the pages looks: where it is the same, the page is."""
        new = [sheet for sheet in sheets if sheet not in self._looks]
        if new:
            while self._awaited:
                time.sleep(MOMENT)
            self._looks.update(zip(new, self._asked("looks", pages=[_said(one) for one in new])["looks"], strict=True))
        return tuple(self._looks[sheet] for sheet in sheets)

    def forget(self, pdf: Path) -> None:
        """Forgets the pages of `pdf`, which is gone."""
        for number in range(1, len(self._sizes.pop(pdf, ())) + 1):
            self._looks.pop(Sheet(pdf, number), None)

    def picture(self, sheet: Sheet, look: str, width: int) -> bytes:
        """A page that looks so (empty: not known), as a PNG of about so many pixels."""
        width = next((one for one in WIDTHS if one >= width), WIDTHS[-1])
        self._awaited.append(sheet)
        try:
            with self._lock:
                return self._drawn(sheet, look, width)
        finally:
            self._awaited.remove(sheet)

    def _drawn(self, sheet: Sheet, look: str, width: int) -> bytes:
        known = self._pictures.get((look, width)) if look else None
        if known is not None:
            self._pictures.move_to_end((look, width))
            return known
        png = base64.b64decode(self._asked("picture", page=_said(sheet), width=width)["png"])
        if look:
            self._pictures[look, width] = png
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)
        return png

    def words(self, sheet: Sheet, x: float, y: float) -> WordAtPoint:
        """The words at a point of a page, in points from the top left."""
        answer = self._asked("words", page=_said(sheet), x=x, y=y)
        return WordAtPoint(answer["before"], answer["word"], answer["after"])

    def _asked(self, do: str, **request: Json) -> Any:
        line = json.dumps({"do": do, **request}).encode()
        with self._lock:
            try:
                answer = json.loads(self._child.ask(line))
            except process.Ended:  # by the system, for want of memory; a new child may have room
                answer = json.loads(self._child.ask(line))
        if "error" in answer:
            raise PageError(answer["error"])
        return answer


def _said(sheet: Sheet) -> Json:
    return [str(sheet.pdf), sheet.number]
