"""Displayed formulas: blocks of their own, with a number where they have an id."""

from __future__ import annotations

import re
from typing import Any

from impressum.core.model import document as d
from impressum.stages.convert.inlines import Inlines

ATTRIBUTES = re.compile(r"\{#(?P<id>\S{1,200}?)(?P<pairs>(?:\s++[\w-]++=(?:\"[^\"]*+\"|[^\s\"]\S{0,200}?))*)\s*+\}")
PAIR = re.compile(r"(?<![\w-])([\w-]++)=(?:\"([^\"]*)\"|(\S+))")
PUNCTUATION = re.compile(r"[.,;:!?]+")


def displays(raw: Any) -> bool:
    """Whether the inlines `raw` hold a displayed formula."""
    return any(_formula(node) is not None for node in raw)


def _formula(node: Any) -> str | None:
    """The TeX of a displayed formula, alone or in a span of its own; else None."""
    if node["t"] == "Span" and len(node["c"][1]) == 1:
        return _formula(node["c"][1][0])
    return str(node["c"][1]) if node["t"] == "Math" and node["c"][0]["t"] == "DisplayMath" else None


class EquationBuilder(Inlines):
    """Divides a paragraph at its displayed formulas."""

    def divided(self, raw: Any, *, tight: bool) -> d.Block:
        """The paragraph `raw` as its words and its formulas, one after the other."""
        self.aligner.expect([])  # what comes is read in pieces: the aligner looks for each word alone
        blocks: list[d.Block] = []
        words: list[Any] = []
        rest = list(raw)
        while rest:
            node = rest.pop(0)
            tex = _formula(node)
            if tex is None:
                words.append(node)
                continue
            blocks += self._words(words, tight=tight)
            words = []
            if rest and rest[0]["t"] == "Str" and PUNCTUATION.fullmatch(rest[0]["c"]):
                tex += rest.pop(0)["c"]
            attributes = node["c"][0] if node["t"] == "Span" else _attributes(rest)
            blocks.append(self._equation(tex, attributes))
        blocks += self._words(words, tight=tight)
        self.aligner.expected()
        return blocks[0] if len(blocks) == 1 else d.Division(blocks[0].place, "", (), None, tuple(blocks))

    def _words(self, raw: list[Any], *, tight: bool) -> list[d.Block]:
        spaces = ("Space", "SoftBreak", "LineBreak")
        while raw and raw[-1]["t"] in spaces:
            raw.pop()
        while raw and raw[0]["t"] in spaces:
            raw.pop(0)
        if not raw:
            return []
        opened, expected = self.aligner.open(), self.aligner.here()
        content = self._line(raw)
        return [d.Paragraph(self.aligner.close(opened, expected), content, tight)]

    def _equation(self, tex: str, attributes: Any) -> d.Equation:
        place = self.aligner.words(tex)
        kept = self.guard.attributes(attributes, place, self._behind())
        return d.Equation(place, kept.id, d.Math(place, tex, display=True), kept.alt)


def _attributes(rest: list[Any]) -> tuple[str, list[str], list[list[str]]]:
    """Takes `{#id alt="…"}` off the front of `rest`, and gives it as pandoc would; else nothing is taken."""
    text = ""
    for count, node in enumerate(rest):
        text += _text(node)
        found = ATTRIBUTES.fullmatch(text.strip())
        if found:
            del rest[: count + 1]
            return found["id"], [], [[key, quoted or bare] for key, quoted, bare in PAIR.findall(found["pairs"])]
        if text.strip() and not text.strip().startswith("{"):
            break
    return "", [], []


def _text(node: Any) -> str:
    kind, content = node["t"], node.get("c")
    if kind in ("Space", "SoftBreak"):
        return " "
    if kind == "Str":
        return str(content)
    if kind == "Quoted":
        return '"' + "".join(map(_text, content[1])) + '"'
    if kind in ("Emph", "Strong", "Subscript", "Superscript"):
        return "".join(map(_text, content))
    return str(content[1]) if kind in ("Code", "Math") else "\ufffc"
