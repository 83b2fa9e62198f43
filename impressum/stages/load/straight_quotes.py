"""Straight quotation marks in texts that stand in no chapter: in chapters the reader makes those of the language."""

from __future__ import annotations

import re
from collections.abc import Set
from textwrap import shorten

from impressum.core.errors import Faults, Place
from impressum.stages.load.tree import Table, scalars

RULE = "quote-straight"
DOUBLE = re.compile(r'(?<![\d\\])"')
ELISION = r"(?:tis|twas|til|em|n|cause|bout|round|s|ne|nen|ndrangheta|\d\ds?)(?!\w)"
SINGLE = re.compile(rf"(?<![^\s(\[])'(?!{ELISION})(?=\S)[^'\n]*?[^\s\d]'(?![\w'])")
LENGTH = 60
FIGURE = frozenset({"title", "unit", "words", "credit", "source", "labels"})
DATA = frozenset({"title", "unit", "columns"})
FRONT_MATTER = frozenset({"authors", "short-title"})
"""The keys of a figure, of data, of a chapter below which there are printed texts."""
NO_TEXT = frozenset(
    {
        "alt",
        "image",
        "logo",
        "focus",
        "ror",
        "orcid",
        "grant",
        "issn",
        "isbn",
        "doi",
        "cip",
        "website",
        "email",
        "format",
    }
)
HINT = "write those of the language, such as “ ”, „ “ or « »: only in chapters are straight ones turned into them"


def check_quotes(tree: Table, keys: Set[str], faults: Faults) -> None:
    """Warns of each text below one of `keys` of `tree` that has straight quotation marks."""
    for key, entry in tree.entries.items():
        if key in keys:
            for text in scalars(entry.value, NO_TEXT):
                check_text(text.text, text.place, faults)


def check_text(text: str, place: Place, faults: Faults) -> None:
    """Warns of straight quotation marks in `text`, which stands at `place`. Inches and apostrophes are none."""
    found = DOUBLE.search(text) or SINGLE.search(text)
    if found:
        begin = max(text.rfind(" ", 0, max(found.start() - LENGTH // 3, 0)) + 1, 0)
        shown = shorten(text[begin:], LENGTH, placeholder=" …")
        faults.warning(place, f"the quotation marks in `{shown}` are printed straight", RULE, HINT)
