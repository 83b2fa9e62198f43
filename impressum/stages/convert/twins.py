"""Puts a chapter into the script of its twin: its typed document, and before citeproc the words around citations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
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
PRINTED = {
    code: dict(zip(LABELS, labels.split(), strict=True))
    for code, labels in {
        "en": "bk. chap. col. fig. fol. no. line n. p. para. pt. sec. v. vol.",
        "de": "Buch Kap. Sp. Abb. Bl. Nr. Z. Anm. S. Abs. Teil Abschn. V. Bd.",
        "fr": "livre chap. col. fig. fol. nᵒ ligne n. p. al. partie sect. vers vol.",
        "it": "lib. cap. col. fig. fol. n. riga nota p. par. parte sez. verso vol.",
        "es": "lib. cap. col. fig. fol. n.º línea nota p. párr. parte sec. verso vol.",
        "pl": "księga rozdz. kol. rys. k. nr wers przyp. s. akapit cz. podrozdz. wiersz t.",
        "hr": "knj. pogl. stup. sl. list br. red bilj. str. odl. dio odj. stih sv.",
        "bs": "knj. pogl. stub. sl. list br. red nap. str. pas. dio odj. stih tom",
        "sr": "књ. погл. стуб. сл. лист бр. ред нап. стр. пас. део одељ. стих том",
        "mk": "кн. гл. кол. сл. лист бр. ред заб. стр. пас. дел одд. стих т.",
        "sq": "lib. kap. kol. fig. fl. nr. rreshti shën. f. par. pj. seks. vargu vëll.",
    }.items()
}
"""How a language writes the label of a place in a work, by its name in CSL."""
PLURAL = {"p.": "pp."}
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


def localise_pages(tree: Any, language: str, *, first: bool) -> None:
    """Puts the labels of places in citations into `language`: `p. 5` or `Kap. 3` becomes `str. 5`, `стр. 5`. The first
    of each citation is put so by citeproc; it is put here where the chapter goes into another script (`first`)."""
    if language.partition("-")[0] not in PRINTED:
        return
    if isinstance(tree, list):
        for node in tree:
            localise_pages(node, language, first=first)
    elif isinstance(tree, dict):
        if tree.get("t") == "Cite":
            for citation in tree["c"][0]:
                _localise(citation["citationSuffix"], language, first=first)
        else:
            localise_pages(tree.get("c"), language, first=first)


def _localise(suffix: Any, language: str, *, first: bool) -> None:
    """Every label of a place (`vol. 2, pp. 5-7`), or all but the first, up to the first other word."""
    labels = PRINTED[language.partition("-")[0]]
    for index, node in enumerate(suffix):
        if node["t"] == "Space" or NUMBERED.fullmatch(str(node.get("c", ""))):
            continue
        word = node["c"] if node["t"] == "Str" else ""
        label, space, number = re.split("([\u00a0\u202f]|$)", word, maxsplit=1)
        after = suffix[index + 2] if index + 2 < len(suffix) else {}
        name = LABELLED.get(label.casefold())
        if not name:
            return
        behind = number or str(after.get("c", ""))
        if re.match(r"[\d\u00a0\u202f ivxlcIVXLC]", behind):
            label = in_latin(labels[name]) if "latn" in language.lower() else labels[name]
            if first:
                node["c"] = (PLURAL.get(label, label) if RANGE.match(behind) else label) + space + number
            elif name == "volume":  # citeproc's Croatian takes `sv.` for an opus
                node["c"] = f"vol.{space}{number}"
            first = True
