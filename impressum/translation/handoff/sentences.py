"""One sentence a line: where a source is written so, its translation is too."""

from __future__ import annotations

import re

_SENTENCES_END = re.compile(r"[.!?…:](?:[\"”“’»)\]*_]|\[\^[^\]\s]+\])*$")
_SENTENCE = re.compile(
    r"(?P<word>[^\W\d_]+|\d+|[^\w\s])(?P<end>[.!?…])(?P<marks>[\"”“’»)\]*_]*(?:\[\^[^\]\s]+\])*) "
    r"(?=[\"„“«(*_\[]*[A-ZÀ-ÞĀ-ŽА-ЯЀ-Џ@\ue000])"
)
_NO_END = re.compile(r"[^\W\d_]|\d\d?")
_SHORTENED = frozenset(
    "abb al art bd br bzw ca cf chap dr ev fig gl hrsg jr kap mr mrs ms no npr nr prof sl sog sr st str tab tzv usw "
    "vgl vol vs čl бр др нпр проф сл стр таб тзв чл".split()
)


def is_by_sentence(text: str) -> bool:
    """Whether each line of `text`, which has several, ends where a sentence ends."""
    lines = text.split("\n")
    return len(lines) > 1 and all(_SENTENCES_END.search(line) for line in lines[:-1])


def by_sentence(text: str) -> str:
    """`text` with a line for each sentence."""
    return _SENTENCE.sub(_line_after, text)


def _line_after(found: re.Match[str]) -> str:
    """The end of a sentence with a line end for its space; that of a shortened word or an ordinal as it is."""
    word = found["word"]
    short = found["end"] == "." and (_NO_END.fullmatch(word) or word.lower() in _SHORTENED)
    return found.group() if short else found.group()[:-1] + "\n"
