"""Where something stands in the files: the place of a word is known, that of a mark between words is looked for.

What is nowhere is no slip of the author: a link that was refused is not in the document, and what stood on both
sides of it is not one behind the other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from impressum.core.errors import Place

GAP = r"[\s>|]+"
"""What stands between two words of a paragraph: spaces, a line end, the mark of a quotation."""


MOST = 200
"""How many places are looked for in a chapter; one with more slips than that is told of the first."""


@dataclass
class Written:
    """The lines of files by their paths."""

    lines: Mapping[str, Sequence[str]]
    _left: int = MOST

    def line(self, place: Place) -> str:
        """The line of `place`, empty where there is none."""
        lines = self.lines.get(place.path, ())
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""

    def text(self, path: str) -> str:
        """The whole file `path`."""
        return "\n".join(self.lines.get(path, ()))

    def find(self, pattern: str, near: Place) -> Place | None:
        """The place of the group `here` of `pattern` that is nearest to `near`, or None where it stands nowhere."""
        self._left -= 1
        lines = self.lines.get(near.path, ()) if self._left >= 0 else ()
        text = "\n".join(lines)
        starts = [0]
        for one in lines:
            starts.append(starts[-1] + len(one) + 1)
        places = []
        for found in re.finditer(pattern, text):
            line = bisect_right(starts, found.start("here"))
            places.append(Place(near.path, line, found.start("here") - starts[line - 1] + 1))
        return min(places, key=lambda one: (abs(one.line - near.line), abs(one.column - near.column)), default=None)
