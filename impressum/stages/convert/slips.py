"""Slips that pandoc does not see: a list that is none, a paragraph that became code. Each is a warning."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from impressum.core.errors import Faults, Place
from impressum.stages.convert.align import Aligner

BULLETS = "•‣▪▫◦●○■□∙⁃◆"
BULLET_LINE = re.compile(rf"^[ \t>]*(?:[-*+] +)?([{BULLETS}])", re.MULTILINE)
ITEM_LINE = re.compile(r"^[ \t>]*([-*+]|1[.)])[ \t]", re.MULTILINE)
INDENTED = re.compile(r" {4}|\t")
PROSE = re.compile(r"\w++[,;]?(?:\s++[(\"'“„]?\w++[)\"'”“,;:]*+){3,}+.*[.!?…][)\"'”“]?$", re.DOTALL)


def check_list_marks(raw: Any, aligner: Aligner, place: Callable[[int, str], Place], faults: Faults) -> None:
    """Warns where the paragraph `raw`, which is read next, was meant to be a list."""
    if raw and raw[0]["t"] == "Str" and raw[0]["c"][:1] in BULLETS:
        found = aligner.pattern(BULLET_LINE)
        if found:
            faults.warning(
                place(found.start(1), found[1]),
                f"the paragraph begins with `{found[1]}`, which makes no list",
                "list-bullets",
                "begin each item with `- ` on a line of its own, and leave an empty line before the first",
            )
        return
    signs = [
        node["c"]
        for before, node, after in zip(raw, raw[1:], raw[2:], strict=False)
        if before["t"] == "SoftBreak" and node["t"] == "Str" and after["t"] == "Space"
    ]
    sign = next((one for one in signs if one in ("-", "*", "+") or (one in ("1.", "1)") and len(signs) > 1)), None)
    if sign is None:
        return
    found = aligner.pattern(ITEM_LINE)
    if found:
        faults.warning(
            place(found.start(1), found[1]),
            f"the line begins with `{found[1]}` but belongs to the paragraph above it, and makes no list",
            "list-unread",
            f"leave an empty line before the list, or write `\\{sign}` for the sign itself",
        )


def is_indented_prose(text: str, aligner: Aligner) -> bool:
    """Whether the code `text`, which is read next, is a paragraph that was only indented."""
    first = text.partition("\n")[0].strip()
    if not first or not PROSE.fullmatch(text.strip().partition("\n\n")[0]):
        return False
    found = aligner.pattern(re.compile(rf"^([ \t>]*){re.escape(first)}[ \t]*$", re.MULTILINE))
    return found is not None and bool(INDENTED.search(found[1])) and not aligner.is_fenced(found.start())
