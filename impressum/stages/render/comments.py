"""Takes the comments out of a text that has no other tags, as Jinja would, without a child."""

from __future__ import annotations

import re

from impressum.stages.render import marks, protect
from impressum.stages.render.line_ends import keep_line_ends

_SPACE = re.compile(r"\s+")


def without_comments(text: str) -> tuple[str, tuple[marks.Origin, ...]] | None:
    """`text` (after `protect`) without its comments, and the origin of each line; None where Jinja must read it.

    A comment alone on its line takes the line with it. `{##-` and `-##}`, which take more, are left to Jinja.
    """
    text = keep_line_ends(text)
    parts: list[str] = []
    position, line, at_line_start = 0, 1, True
    for start, end in protect.tags(text):
        if end is None or not text.startswith("{##", start) or text[start + 3] in "-+" or text[end - 4] in "-+":
            return None
        parts.append(_marked(_without_indent(text[position:start], at_line_start=at_line_start), line))
        at_line_start = text[end : end + 1] == "\n"
        end += at_line_start
        line += text.count("\n", position, end)
        position = end
    parts.append(_marked(text[position:], line))
    found = marks.unmark("".join(parts), (0, 1))
    return protect.restore(found.text), found.origins


def _marked(piece: str, line: int) -> str:
    return marks.with_origins(piece, 0, line) if piece else ""


def _without_indent(piece: str, *, at_line_start: bool) -> str:
    """What stands before a comment, without the spaces that indent it."""
    line = piece.rfind("\n") + 1
    return piece[:line] if (line or at_line_start) and _SPACE.fullmatch(piece, line) else piece
