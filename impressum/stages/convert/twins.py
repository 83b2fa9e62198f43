"""Puts a chapter into the script of its twin: its typed document, and before citeproc the words around citations."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from impressum.core.model import document as d
from impressum.core.transliteration import Transliterator
from impressum.stages.convert.build_spans import AS_IS
from impressum.stages.convert.spacing_words import in_latin
from impressum.stages.convert.terms import LABELS

OPAQUE = "\ufffc"
"""Replaces what is no words, or no words of this language."""
LATER = (d.Note, d.Image, d.IndexMark)
"""Nodes in a line that are no part of its sentence."""
RANGE = re.compile(r"[\u00a0\u202f ]?\d+[–,-]")
NUMBERED = re.compile(r"[\d–-]*,?|[ivxlcIVXLC]+,?")
"""A number, a range or a comma between two labels."""
LABELLED = {label.casefold(): name for name, labels in LABELS.items() for label in labels.split()}


def transliterated(blocks: tuple[d.Block, ...], transliterator: Transliterator) -> tuple[d.Block, ...]:
    """`blocks` with their words in the other script: the same nodes at the same places."""
    writer = _Writer(transliterator)
    writer.visit(blocks)
    return d.rewritten(blocks, writer.changed_node)


def affixes(tree: Any, transliterator: Transliterator) -> None:
    """Puts the words before and behind the keys of citations in pandoc's `tree` into the other script, in place."""
    localise_pages(tree, transliterator.target, first=True)
    for cite in _cites(tree):
        for citation in cite["c"][0]:
            for affix in (citation["citationPrefix"], citation["citationSuffix"]):
                pieces = list(_raw_pieces(affix))
                for (node, old), new in zip(pieces, transliterator.parts([text for _, text in pieces]), strict=True):
                    if new != old:
                        node["c"] = new


Piece = tuple[d.Node | None, str]
"""Words with their node, or the text between them."""


@dataclass
class _Writer:
    """Goes through a document line by line and gathers the changes by the identity of nodes. Texts outside of lines,
    such as that of an image, count as lines too."""

    transliterator: Transliterator
    changed: dict[int, str] = field(default_factory=dict)

    def visit(self, value: object) -> None:
        """Goes through `value`: nodes, or tuples of them."""
        if isinstance(value, tuple) and value and isinstance(value[0], d.Inline):
            self.line(list(self._pieces(value)))
        elif not isinstance(value, d.Node) or not _is_of_its_own(value):
            if isinstance(value, d.Node) and (alone := _alone(value)):
                self.line([(value, alone)])
            for part in d.inside(value):
                self.visit(part)

    def _pieces(self, line: Iterable[d.Inline]) -> Iterator[Piece]:
        """The pieces of `line`; notes and images in it are gone through on the way."""
        for node in line:
            if isinstance(node, d.Text):
                yield node, node.text
            elif isinstance(node, d.Space | d.LineBreak):
                yield None, " "
            elif isinstance(node, LATER):
                self.visit(node)
            elif isinstance(node, d.Quoted):
                yield None, "„"
                yield from self._pieces(node.content)
                yield None, "“"
            elif isinstance(node, d.Styled | d.Link | d.Span) and not _is_of_its_own(node):
                yield from self._pieces(node.content)
            else:
                yield None, OPAQUE

    def line(self, pieces: list[Piece]) -> None:
        """Notes the words of a line in the other script."""
        texts = [text for _, text in pieces]
        for (node, _), new in zip(pieces, self.transliterator.parts(texts), strict=True):
            if node:
                self.changed[id(node)] = new

    def changed_node(self, old: d.Node, new: d.Node) -> d.Node:
        """`new`, made of `old`, with the words of `old` in the other script."""
        words = self.changed.get(id(old))
        if words is None:
            return new
        if isinstance(new, d.Text):
            return new if words == new.text else replace(new, text=words)
        if isinstance(new, d.Image | d.Equation):
            return replace(new, alt=words)
        return replace(new, credit=words) if isinstance(new, d.Figure) else new


def _alone(node: d.Node) -> str:
    """The words of `node` that are in no line."""
    if isinstance(node, d.Image | d.Equation):
        return node.alt or ""
    return (node.credit or "") if isinstance(node, d.Figure) else ""


def _is_of_its_own(node: d.Node) -> bool:
    """Whether the words of `node` are not those of the chapter's language, or not to be changed."""
    is_fixed = isinstance(node, d.Citation | d.Reference | d.Code | d.CodeBlock | d.Math | d.RawTypst)
    return is_fixed or (isinstance(node, d.Span) and node.as_is) or bool(getattr(node, "language", None))


def _cites(tree: Any) -> Iterator[Any]:
    """The citations in pandoc's `tree`, but for those in passages that stay as they are."""
    if isinstance(tree, list):
        for node in tree:
            yield from _cites(node)
    elif isinstance(tree, dict):
        if tree.get("t") == "Cite":
            yield tree
        elif not _stays(tree):
            yield from _cites(tree.get("c"))


def _stays(node: Any) -> bool:
    """Whether pandoc's `node` says a language of its own, or that it is to stay."""
    if node.get("t") not in ("Span", "Div"):
        return False
    _, classes, pairs = node["c"][0]
    return AS_IS in classes or any(key == "lang" for key, _ in pairs)


def _raw_pieces(inlines: Any) -> Iterator[tuple[Any, str]]:
    """The words of pandoc's `inlines` and the text between them, with their nodes."""
    for node in inlines:
        kind, content = node["t"], node.get("c")
        if kind == "Str":
            yield node, content
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            yield node, " "
        elif kind in ("Code", "Math", "RawInline", "Image", "Note", "Cite") or _stays(node):
            yield node, OPAQUE
        elif kind in ("Quoted", "Link", "Span"):
            yield from _raw_pieces(content[1])
        else:
            yield from _raw_pieces(content)


@cache
def place_labels() -> Mapping[str, Mapping[str, str]]:
    """How each language writes the label of a place in a work, by its name in CSL: short, `one | more` in plural."""
    data = tomllib.loads(files("impressum").joinpath("templates/locators.toml").read_text(encoding="utf-8"))
    return {tag: dict(zip(data["names"], labels, strict=True)) for tag, labels in data["labels"].items()}


def localise_pages(tree: Any, language: str, *, first: bool, terms: Mapping[str, str] | None = None) -> None:
    """Puts the labels of places in citations into `language`: `p. 5` or `Kap. 3` becomes `str. 5`, `стр. 5`. The first
    of each citation is put so by citeproc; it is put here where the chapter goes into another script (`first`).
    `terms` are those of the edition for citations, which go before those of CSL."""
    labels = next((place_labels()[tag] for tag in (language, language.partition("-")[0]) if tag in place_labels()), {})
    own = {name: terms[f"{name}.short"] for name in LABELS if f"{name}.short" in terms} if terms else {}
    _localise_pages(tree, {**labels, **own}, is_latin="latn" in language.lower(), first=first)


def _localise_pages(tree: Any, labels: Mapping[str, str], *, is_latin: bool, first: bool) -> None:
    if isinstance(tree, list):
        for node in tree:
            _localise_pages(node, labels, is_latin=is_latin, first=first)
    elif isinstance(tree, dict):
        if tree.get("t") == "Cite":
            for citation in tree["c"][0]:
                _localise(citation["citationSuffix"], labels, is_latin=is_latin, first=first)
        else:
            _localise_pages(tree.get("c"), labels, is_latin=is_latin, first=first)


def _localise(suffix: Any, labels: Mapping[str, str], *, is_latin: bool, first: bool) -> None:
    """Every label of a place (`vol. 2, pp. 5-7`), or all but the first, up to the first other word."""
    for index, node in enumerate(suffix):
        if node["t"] == "Space" or NUMBERED.fullmatch(str(node.get("c", ""))):
            continue
        word = node["c"] if node["t"] == "Str" else ""
        label, space, number = re.split("([\u00a0\u202f]|$)", word, maxsplit=1)
        after = suffix[index + 2] if index + 2 < len(suffix) else {}
        name = LABELLED.get(label.casefold(), "")
        if name not in labels:
            return
        behind = number or str(after.get("c", ""))
        if re.match(r"[\d\u00a0\u202f ivxlcIVXLC]", behind):
            if first:
                one, divided, more = labels[name].partition(" | ")
                label = more if divided and RANGE.match(behind) else one
                node["c"] = (in_latin(label) if is_latin else label) + space + number
            elif name == "volume":  # citeproc's Croatian takes `sv.` for an opus
                node["c"] = f"vol.{space}{number}"
            first = True
