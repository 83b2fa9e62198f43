"""The ends of lines behind tags: Jinja takes that of a tag that stands alone on its line, and only that one.

By itself Jinja takes the end of every line that ends with a tag: `A sentence.{% if … %} Another.{% endif %}` would run
into the next paragraph, and the head of a table into the line below it.
"""

from __future__ import annotations

import re

from impressum.stages.render.marks import KEPT_END
from impressum.stages.render.protect import tags

_RAW = re.compile(r"\{%[-+]?\s*raw\s*-?%\}(.*)\{%", re.DOTALL)
_ASKED = re.compile(r"[-+](?:%|##)\}\Z")
"""A tag whose author says what becomes of the space behind it."""


def keep_line_ends(text: str) -> str:
    """`text` with a mark behind each tag that ends a line on which something else stands, so that the line ends there.

    What such a line prints may be nothing: then `marks.unmark` takes it away as a whole.
    """
    pieces: list[str] = []
    done = position = 0
    words = False
    for start, end in tags(text):
        if end is None:
            break
        words = _holds_words(text[position:start], words)
        tag = text[start:end]
        raw = _RAW.match(tag)
        words = tag.startswith("{{") or (_holds_words(raw[1], words) if raw else words)
        if words and not tag.startswith("{{") and text[end : end + 1] == "\n" and not _ASKED.search(tag):
            pieces += [text[done:end], KEPT_END]
            done = end
        position = end
    return "".join([*pieces, text[done:]])


def _holds_words(passed: str, before: bool) -> bool:
    """Whether the last line of `passed` holds anything; `before` is what was found on it so far."""
    line = passed.rpartition("\n")[2]
    return bool(line.strip()) or (before and "\n" not in passed)
