"""Shortens blocks for citeproc to citations, notes and the words beside them.

Citeproc reads and changes the neighbours of a citation: it moves a point into quotation marks, takes a space away.
Other words come back as they were. They are left out, and put back into its result, so that a change of such a word
does not have all citations of the book set anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, cast

NEAR = 4
"""Inlines that stay on each side of a citation, and at both ends of a text that holds one: a quotation, a space, and
the marks that follow. Citeproc itself looks at two before it."""
MARK = "impressum-words-"
SPACES = frozenset({"Space", "SoftBreak", "LineBreak"})
WORDS = frozenset({"Str", "Code", "Math", "RawInline"})
HOLDERS = frozenset(
    {"Emph", "Strong", "Strikeout", "Underline", "Superscript", "Subscript", "SmallCaps", "Quoted", "Link", "Image"}
    | {"Span", "Note", "Cite"}
)
INLINES = SPACES | WORDS | HOLDERS


@dataclass
class Excerpts:
    """Makes excerpts of blocks of pandoc's tree, and puts back what it left out of them."""

    _left_out: list[list[Any]] = field(default_factory=list)
    _sought: set[int] = field(default_factory=set)
    """The `id` of each node that is a citation or a note, or holds one."""

    def of(self, block: dict[str, Any]) -> dict[str, Any] | None:
        """`block`, which stays as it is, without the words that citeproc does not look at; None where it holds
        neither a citation nor a note."""
        return cast("dict[str, Any]", self._shortened(block)) if self._seek(block) else None

    def restored(self, tree: Any) -> Any:
        """`tree`, which citeproc has made of excerpts, with the words that they lack."""
        if isinstance(tree, list):
            whole: list[Any] = []
            for node in tree:
                if isinstance(node, dict) and node.get("t") == "Span" and node["c"][0][0].startswith(MARK):
                    whole += self._left_out[int(node["c"][0][0].removeprefix(MARK))]
                else:
                    whole.append(self.restored(node))
            return whole
        if isinstance(tree, dict) and tree.get("t") not in WORDS:
            return {name: self.restored(part) for name, part in tree.items()}
        return tree

    def _seek(self, tree: Any) -> bool:
        """Whether `tree` holds a citation or a note; notes down the nodes that do."""
        if isinstance(tree, list):
            return bool(sum(map(self._seek, tree)))  # each of them is looked at, not the first only
        if not isinstance(tree, dict):
            return False
        kind = tree.get("t")
        if kind in WORDS or kind in SPACES:
            return False
        found = self._seek(tree.get("c")) or kind in ("Cite", "Note")
        if found:
            self._sought.add(id(tree))
        return found

    def _shortened(self, tree: Any) -> Any:
        if isinstance(tree, list):
            if tree and all(isinstance(node, dict) and node.get("t") in INLINES for node in tree):
                return self._text(tree)
            return [self._shortened(part) for part in tree]
        if isinstance(tree, dict) and tree.get("t") != "Cite":
            return {name: self._shortened(part) for name, part in tree.items()}
        return tree

    def _text(self, inlines: list[Any]) -> list[Any]:
        """`inlines` without the words that stand apart from citations."""
        shortened: list[Any] = []
        for is_kept, indices in groupby(range(len(inlines)), self._kept(inlines).__contains__):
            nodes = [inlines[index] for index in indices]
            if is_kept:
                shortened += [self._shortened(node) if id(node) in self._sought else node for node in nodes]
            else:
                shortened.append(self._mark(nodes))
        return shortened

    def _kept(self, inlines: list[Any]) -> set[int]:
        """The places in `inlines` of what citeproc may look at."""
        kept: set[int] = set()
        for index, node in enumerate(inlines):
            if id(node) not in self._sought:
                continue
            kept.add(index)
            if node["t"] != "Note":
                kept.update(range(index - NEAR, index + NEAR + 1))
                end = index + NEAR  # it looks over marks, and over notes, to the first word
                while end < len(inlines) and not _is_word(inlines[end]):
                    end += 1
                    kept.add(end)
        if kept:
            kept.update(range(NEAR), range(len(inlines) - NEAR, len(inlines)))
        return kept

    def _mark(self, inlines: list[Any]) -> dict[str, Any]:
        self._left_out.append(inlines)
        return {"t": "Span", "c": [[f"{MARK}{len(self._left_out) - 1}", [], []], []]}


def _is_word(node: dict[str, Any]) -> bool:
    return node["t"] == "Str" and any(map(str.isalnum, node["c"]))
