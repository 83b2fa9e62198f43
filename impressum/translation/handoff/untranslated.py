"""What stands in a translation as in its source, in divisions `::: untranslated`, until it is translated."""

from __future__ import annotations

import re

from impressum.translation.passages import Passage, passages

UNTRANSLATED = re.compile(r"[ \t]*:{3,}[ \t]*(?:untranslated\b|\{[^}]*\.untranslated\b)")


def apart(text: str) -> tuple[list[Passage], list[Passage]]:
    """The passages of a translation that are translated, and those that stand in divisions as in the source."""
    kept: list[Passage] = []
    borrowed: list[Passage] = []
    depth = 0
    for passage in passages(text):
        opens = passage.kind == "fence" and any(letter.isalnum() for letter in passage.text)
        if depth or (opens and UNTRANSLATED.match(passage.text)):
            depth += (1 if opens else -1) if passage.kind == "fence" else 0
            borrowed.append(passage)
        else:
            kept.append(passage)
    return kept, borrowed
