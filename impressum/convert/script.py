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


PAGE_LABELS = {"en": "p.", "de": "S.", "fr": "p.", "hr": "str.", "bs": "str.", "sr": "стр."}
"""How citeproc, in each language, wants a page to be written; in others it stays as it is."""
LABEL = re.compile(r"(pp?\.|pages?|S\.|Seiten?|str\.|стр\.|s\.|с\.)([\u00a0\u202f]\S.*)?")


def localise_pages(tree: Any, language: str) -> None:
    """Before citeproc: `p. 5`, `S. 5` or `str. 5` in a citation becomes what it knows as a page in `language`."""
    label = PAGE_LABELS.get(language.split("-")[0].lower())
    if label and isinstance(tree, list):
        for node in tree:
            localise_pages(node, language)
    elif label and isinstance(tree, dict):
        if tree.get("t") == "Cite":
            for citation in tree["c"][0]:
                _localise(citation["citationSuffix"], label, english=language[:2] == "en")
        else:
            localise_pages(tree.get("c"), language)


def _localise(suffix: Any, label: str, *, english: bool) -> None:
    for index, node in enumerate(suffix):
        if node["t"] == "Space" or node.get("c") == ",":
            continue
        found = LABEL.fullmatch(node["c"]) if node["t"] == "Str" else None
        after = suffix[index + 2] if index + 2 < len(suffix) else {}
        known = found and (found[1] == label or (english and found[1].startswith("p")))
        if found and not known and re.match(r"[\d\u00a0\u202f ivxlcIVXLC]", found[2] or str(after.get("c", ""))):
            node["c"] = label + (found[2] or "")
        return
