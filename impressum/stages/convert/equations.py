"""Displayed formulas: blocks of their own, with a number where they have an id."""

from __future__ import annotations

import re
from typing import Any

from impressum.core.model import document as d
from impressum.stages.convert.inlines import line, placed
from impressum.stages.convert.input import Input
from impressum.stages.convert.macros import expanded

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


def divided(raw: Any, src: Input, *, tight: bool) -> d.Block:
    """The paragraph `raw` as its words and its formulas, one after the other."""
    src.aligner.expect([])  # what comes is read in pieces: the aligner looks for each word alone
    built: list[d.Block] = []
    words: list[Any] = []
    rest = list(raw)
    while rest:
        node = rest.pop(0)
        tex = _formula(node)
        if tex is None:
            words.append(node)
            continue
        built += _words(words, src, tight=tight)
        words = []
        if rest and rest[0]["t"] == "Str" and PUNCTUATION.fullmatch(rest[0]["c"]):
            tex += rest.pop(0)["c"]
        attributes = node["c"][0] if node["t"] == "Span" else _attributes(rest)
        built.append(_equation(tex, attributes, src))
    built += _words(words, src, tight=tight)
    src.aligner.expected()
    return built[0] if len(built) == 1 else d.Division(built[0].place, "", (), None, tuple(built))


def _words(raw: list[Any], src: Input, *, tight: bool) -> list[d.Block]:
    spaces = ("Space", "SoftBreak", "LineBreak")
    while raw and raw[-1]["t"] in spaces:
        raw.pop()
    while raw and raw[0]["t"] in spaces:
        raw.pop(0)
    if not raw:
        return []
    content, place = placed(line, raw, src)
    return [d.Paragraph(place, content, tight)]


def _equation(tex: str, attributes: Any, src: Input) -> d.Equation:
    place = src.aligner.words(tex)
    kept = src.guard.attributes(attributes, place, src.behind())
    return d.Equation(place, kept.id, d.Math(place, expanded(tex, src.macros), display=True), kept.alt)


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
