"""Serbian in its two scripts: letters from Cyrillic to Latin, and the labels of places in cited works."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from impressum.core.transliteration import tables
from impressum.stages.convert.terms import LABELS

SERBIAN = {
    "book": "књ.",
    "chapter": "погл.",
    "column": "стуб.",
    "figure": "сл.",
    "folio": "лист",
    "issue": "бр.",
    "line": "ред",
    "note": "нап.",
    "page": "стр.",
    "paragraph": "пас.",
    "part": "део",
    "section": "одељ.",
    "verse": "стих",
    "volume": "том",
}
"""How Serbian writes the label of a place in a work, by its name in CSL."""
LABELLED = {label.casefold(): name for name, labels in LABELS.items() for label in labels.split()}
WORD = re.compile("[ЂЈЉЊЋЏА-ИК-Шђјљњћџа-ик-ш]+")


def in_latin(text: str) -> str:
    """`text` with its Serbian Cyrillic letters in Latin; `Љ` is `Lj` before a small letter, else `LJ`."""
    letters = _letters()

    def word(match: re.Match[str]) -> str:
        found = match.group()
        written = "".join(letters[one.lower()].capitalize() if one.isupper() else letters[one] for one in found)
        return written.upper() if found.isupper() and len(found) > 1 else written

    return WORD.sub(word, text)


@cache
def _letters() -> Mapping[str, str]:
    known = tables("sr-Cyrl", "sr-Latn")
    assert known is not None
    return known.letters


def localise_pages(tree: Any, language: str) -> None:
    """Before a chapter is put into the other script: `p. 5` or `Kap. 3` in a citation becomes `str. 5`, `стр. 5`."""
    if isinstance(tree, list):
        for node in tree:
            localise_pages(node, language)
    elif isinstance(tree, dict):
        if tree.get("t") == "Cite":
            for citation in tree["c"][0]:
                _localise(citation["citationSuffix"], latin="latn" in language.lower())
        else:
            localise_pages(tree.get("c"), language)


def _localise(suffix: Any, *, latin: bool) -> None:
    for index, node in enumerate(suffix):
        if node["t"] == "Space" or node.get("c") == ",":
            continue
        label, space, number = (
            re.split("([\u00a0\u202f]|$)", node["c"], maxsplit=1) if node["t"] == "Str" else ("", "", "")
        )
        after = suffix[index + 2] if index + 2 < len(suffix) else {}
        name = LABELLED.get(label.casefold())
        if name and re.match(r"[\d\u00a0\u202f ivxlcIVXLC]", number or str(after.get("c", ""))):
            node["c"] = (in_latin(SERBIAN[name]) if latin else SERBIAN[name]) + space + number
        return
