"""The texts of a publication outside of its chapters, which an edition translates in `edition.yaml`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from impressum.core.errors import Faults, Place
from impressum.core.licences import creative_commons
from impressum.core.model.sources import DataTable, FigureSource
from impressum.stages.load.data import read_data
from impressum.stages.load.editions import read_own_texts
from impressum.stages.load.figures import read_figures, sayings
from impressum.stages.load.tree import Items, Node, Scalar, Tree, joined
from impressum.stages.load.words import REFERENCE, read_words
from impressum.system.workspace import Workspace
from impressum.translation.passages import passages
from impressum.translation.shelf import Shelf, read_shelf

USED = re.compile(r"\]\((figure|table):([a-z][a-z0-9_-]*)[ )]")


@dataclass(frozen=True)
class Leaf:
    """A value of the source; one that is not translated (an address, a number) is only repeated in lists."""

    text: str
    is_text: bool = True


@dataclass(frozen=True)
class Branch:
    """A mapping, in the order in which an edition's file has it."""

    parts: Mapping[str, TextTree]


@dataclass(frozen=True)
class TextList:
    """A list."""

    parts: tuple[TextTree, ...]


TextTree = Leaf | Branch | TextList

TEXT, REPEATED = "text", "repeated"
_PERSON = {"name": TEXT, "role": "role", "orcid": REPEATED, "affiliation": TEXT, "ror": REPEATED}
_ORGANISATION = {"name": TEXT, "ror": REPEATED, "grant": REPEATED, "logo": REPEATED, "statement": TEXT}
_IMPRESSUM = {
    "publisher": {"name": TEXT, "address": [TEXT]},
    **dict.fromkeys(("edition", "type", "on-behalf-of", "responsible"), TEXT),
    "licence": "licence",
    **dict.fromkeys(("rights", "disclaimer", "printer", "accessibility"), TEXT),
    "notes": [TEXT],
}
SHAPE: dict[str, object] = {
    **dict.fromkeys(("title", "subtitle", "abstract"), TEXT),
    "keywords": [TEXT],
    "authors": [_PERSON],
    "contributors": [_PERSON],
    "partners": [_ORGANISATION],
    "funders": [_ORGANISATION],
    "series": {"title": TEXT},
    "cover": {"alt": TEXT, "blurb": TEXT},
    "impressum": _IMPRESSUM,
    "errata": [{"date": REPEATED, "where": "where", "was": TEXT, "now": TEXT, "reason": TEXT}],
}
"""The texts of publication.yaml; not version, ISBN, DOI and CIP block, of which each edition has its own."""


def source_texts(shelf: Shelf) -> Branch:
    """The texts of the publication and of the figures and tables in the source's chapters.

    Raises Faulty where a figure or data cannot be read.
    """
    faults = Faults()
    own = read_own_texts(shelf.workspace, shelf.source, faults)
    data = read_data(shelf.workspace, faults)
    figures = read_figures(shelf.workspace, data, faults)
    used = _used(shelf, faults)
    faults.stop_if_any()
    return _source_texts(shelf, own, figures, data, used)


class TextPair(NamedTuple):
    """A text outside of the chapters by its key, as the source and as an edition has it, there at `place`."""

    key: str
    source: str
    text: str
    place: Place


def text_pairs(
    workspace: Workspace, tag: str, figures: Mapping[str, FigureSource], data: Mapping[str, DataTable]
) -> tuple[TextPair, ...]:
    """The texts that the edition `tag` has translated, with those of the source, of the `figures` and `data` too."""
    shelf = read_shelf(workspace)
    own = read_own_texts(workspace, shelf.source, Faults())
    used = [*(("figure", name) for name in figures), *(("table", name) for name in data)]
    said = dict(flat(_source_texts(shelf, own, figures, data, used)))
    tree = read_own_texts(workspace, tag, Faults())
    there = given(tree) if tree else ()
    return tuple(TextPair(key, said[key], value.text, value.place) for key, value in there if key in said)


def _source_texts(
    shelf: Shelf,
    own: Tree | None,
    figures: Mapping[str, FigureSource],
    data: Mapping[str, DataTable],
    used: Iterable[tuple[str, str]],
) -> Branch:
    """The texts of the publication and of the figures and tables `used`; `own` is the source's own `edition.yaml`."""
    used = tuple(used)
    tree = shelf.file.tree
    assert tree  # a shelf is read from it
    reader = _TextReader(frozenset(read_words(shelf.workspace, REFERENCE, Faults())))
    whole = reader.branch(SHAPE, joined(tree, own) if own else tree)
    parts: dict[str, TextTree] = dict(whole.parts if whole else {})
    of_data = {name: _of_table(data[name]) for kind, name in used if kind == "table" and name in data}
    of_figures = {id_: _of_figure(figures[id_], of_data) for kind, id_ in used if kind == "figure" and id_ in figures}
    parts |= {key: Branch(said) for key, said in (("figures", of_figures), ("data", of_data)) if said}
    return Branch(parts)


def flat(said: TextTree, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text below `said` by its key: `impressum.type`, `funders.1.statement`, `figures.trade.alt`."""
    if isinstance(said, Leaf):
        if said.is_text:
            yield key, said.text
        return
    parts = said.parts.items() if isinstance(said, Branch) else ((str(n), part) for n, part in enumerate(said.parts, 1))
    for name, part in parts:
        yield from flat(part, f"{key}.{name}" if key else name)


def given(node: Node, key: str = "") -> Iterator[tuple[str, Scalar]]:
    """Every value below `node`, in the same keys."""
    if isinstance(node, Scalar):
        yield key, node
    elif isinstance(node, Items):
        for number, item in enumerate(node.items, 1):
            yield from given(item, f"{key}.{number}")
    else:
        for name, entry in node.entries.items():
            yield from given(entry.value, f"{key}.{name}" if key else name)


def record_of(texts: Iterable[tuple[str, str]]) -> str:
    """Texts by key, one line each, as a file for `status` to compare with later ones."""
    lines = [f"{_quoted(key)}: {_quoted(text)}\n" for key, text in texts]
    return "".join(["# The texts of the source as they were when this edition had translated them.\n", *lines])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _used(shelf: Shelf, faults: Faults) -> list[tuple[str, str]]:
    """The figures and tables from data in the chapters of the source, each once, in order."""
    found: dict[tuple[str, str], None] = {}
    for name in shelf.chapters(shelf.source):
        text = shelf.text(shelf.chapter(shelf.source, name), faults) or ""
        for passage in passages(text):
            if passage.kind not in ("code", "comment"):
                found |= dict.fromkeys((kind, id_) for kind, id_ in USED.findall(passage.text))
    return list(found)


def _of_figure(figure: FigureSource, tables: Mapping[str, Branch]) -> Branch:
    """The texts of a figure, without those of a chart that its table has, too."""
    said = figure.declaration
    table = tables.get(said.data[0]) if figure.chart else None
    elsewhere = table.parts.keys() - {"title", "unit", *said.words} if table else set()
    texts = {key: text for key, text in sayings(figure).items() if key not in elsewhere}
    texts |= {key: text for key, text in (("source", said.source), ("credit", said.credit)) if text}
    return Branch({key: Leaf(text) for key, text in texts.items() if _has_words(text)})


def _of_table(table: DataTable) -> Branch:
    texts = {"title": table.sidecar.title, "unit": table.sidecar.unit or ""}
    for name in table.columns:
        column = table.column(name)
        texts |= {name: column.title or name, f"{name}.unit": column.unit or ""}
    texts |= {cell: cell for row in table.rows for cell in row if isinstance(cell, str)}
    return Branch({key: Leaf(text) for key, text in texts.items() if _has_words(text)})


def _holds_texts(said: TextTree) -> bool:
    return next(flat(said), None) is not None


def _has_words(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


@dataclass(frozen=True)
class _TextReader:
    """Reads texts from a tree by their shape; `words` are the keys of the book's own words."""

    words: frozenset[str]

    def branch(self, shape: Mapping[str, object], tree: Tree, *, listed: bool = False) -> Branch | None:
        parts = {
            key: said
            for key, inner in shape.items()
            if (node := tree.value(key)) and (said := self._said(inner, node, listed=listed))
        }
        return Branch(parts) if listed or _holds_texts(Branch(parts)) else None

    def _said(self, shape: object, node: Node, *, listed: bool) -> TextTree | None:
        if isinstance(shape, dict):
            return self.branch(shape, node, listed=listed) if isinstance(node, Tree) else None
        if isinstance(shape, list):
            if not isinstance(node, Items):
                return None
            said = tuple(self._said(shape[0], item, listed=True) or Leaf("", is_text=False) for item in node.items)
            return TextList(said) if _holds_texts(TextList(said)) else None
        if not isinstance(node, Scalar) or not node.text.strip():
            return None
        is_text = self._is_text(str(shape), node.text)
        return Leaf(node.text, is_text) if is_text or listed else None

    def _is_text(self, shape: str, text: str) -> bool:
        if shape == REPEATED or not _has_words(text):
            return False
        if shape == "where" and text.startswith("@"):
            return False
        if shape == "role":
            return f"role.{text.strip()}.one" not in self.words
        return shape != "licence" or creative_commons(text) is None
