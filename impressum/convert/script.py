"""Serbian in Latin script: citeproc knows its terms in Cyrillic only (`и остали`), which here are put into Latin.

Cyrillic to Latin is unambiguous, letter for letter. What stands in the bibliography in Cyrillic (a Cyrillic
title) stays as it is: only words that citeproc itself put in are changed.
"""

from __future__ import annotations

import re
from typing import Any

CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
LATIN = ("a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š").split()
LETTERS = dict(zip(CYRILLIC, LATIN, strict=True))
SHORT = 2
WORD = re.compile(f"[{CYRILLIC}{CYRILLIC.upper()}]+")


def in_latin(text: str) -> str:
    """`text` with its Serbian Cyrillic letters in Latin; `Љ` is `Lj` before a small letter, else `LJ`."""

    def word(match: re.Match[str]) -> str:
        letters = match.group()
        written = "".join(LETTERS[one.lower()].capitalize() if one.isupper() else LETTERS[one] for one in letters)
        return written.upper() if letters.isupper() and len(letters) > 1 else written

    return WORD.sub(word, text)


def terms_in_latin(tree: Any, bibliography: str, *, inside: bool) -> None:
    """Puts the words of citations (everywhere, where `inside` one already) into Latin, in place.

    Words that stand so in the text of `bibliography` are the author's, and stay.
    """
    if isinstance(tree, list):
        words = [node["c"] if isinstance(node, dict) and node.get("t") == "Str" else "" for node in tree]
        for index, node in enumerate(tree):
            if words[index] and inside:
                beside = " ".join(words[max(0, index - 2) : index] + words[index + 1 : index + 3])
                node["c"] = WORD.sub(
                    lambda match, beside=beside: _term(match.group(), beside, bibliography), words[index]
                )
            else:
                terms_in_latin(node, bibliography, inside=inside)
    elif isinstance(tree, dict):
        inside = inside or tree.get("t") == "Cite"
        terms_in_latin(tree["c"][1] if tree.get("t") == "Cite" else tree.get("c"), bibliography, inside=inside)


def _term(word: str, beside: str, bibliography: str) -> str:
    """`word` in Latin, unless the bibliography has it; a short one (`и`, `у`) needs such a word beside it, too."""
    own = _stands_in(word, bibliography)
    if own and len(word) <= SHORT:
        own = any(len(other) > SHORT and _stands_in(other, bibliography) for other in WORD.findall(beside))
    return word if own else in_latin(word)


def _stands_in(word: str, bibliography: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", bibliography) is not None
