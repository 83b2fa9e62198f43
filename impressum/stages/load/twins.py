"""The texts of an edition that is another one in a second script, as trees in which each keeps its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from impressum.core.errors import Place
from impressum.core.facts import role_key
from impressum.core.licences import creative_commons
from impressum.core.model.publication import EditionTexts, FrontMatter
from impressum.core.model.sources import DataTable, FigureSource
from impressum.core.transliteration import Transliterator
from impressum.stages.load.tree import Entry, Items, Node, Scalar, Table
from impressum.stages.load.words import known_roles

OF_THE_EDITION = frozenset({"twin-of", "transliteration", "differences"})
"""What an edition says of itself alone."""
NO_TEXTS = frozenset(
    "version date orcid ror grant logo number issn image focus website email year isbn doi print-run cip "
    "fallback".split()
)
"""Keys of values that are no words, or that others wrote: a library's record is what it is."""
NAMES = frozenset({"name", "affiliation"})
"""Keys of values that stay whole where one of their words is foreign."""


def twin_texts(tree: Table, transliterator: Transliterator) -> Table:
    """What `tree`, a `publication.yaml` or an `edition.yaml`, says for the edition that is its twin."""
    known = {name.replace("_", "-") for name in EditionTexts.model_fields} - OF_THE_EDITION
    texts = {key: _entry(key, entry, transliterator) for key, entry in tree.entries.items() if key in known}
    return Table(texts, tree.place)


def of_twin(unknown: Set[str]) -> frozenset[str]:
    """Those of the paths that are `unknown` of an edition that its twin does not know either."""
    return frozenset(path for path in unknown if path.partition(".")[0] not in OF_THE_EDITION)


def twin_declared(
    figures: Mapping[str, FigureSource], data: Mapping[str, DataTable], transliterator: Transliterator
) -> Table:
    """The `figures:` and `data:` for the twin of the source edition, whose words stand with figures and data."""
    return Table(
        {
            "figures": _tables({one.id: (one.path, _words_of_figure(one)) for one in figures.values()}, transliterator),
            "data": _tables({one.name: (one.path, _words_of_data(one)) for one in data.values()}, transliterator),
        },
        Place(""),
    )


def twin_front(front: FrontMatter, transliterator: Transliterator) -> FrontMatter:
    """The front matter of a chapter for the twin; as it is where the chapter has a language of its own."""
    if front.language:
        return front
    return front.model_copy(
        update={
            "authors": tuple(_name(name, transliterator) for name in front.authors),
            "short_title": transliterator.text(front.short_title) if front.short_title else None,
        }
    )


def _entry(key: str, entry: Entry, transliterator: Transliterator) -> Entry:
    if key in NO_TEXTS:
        return entry
    if key in ("figures", "data"):
        return Entry(entry.place, _all(entry.value, transliterator))
    return Entry(entry.place, _value(key, entry.value, transliterator))


def _value(key: str, node: Node, transliterator: Transliterator) -> Node:
    """`node`, which is the value of `key` or an item of it."""
    if isinstance(node, Table):
        return Table({own: _entry(own, entry, transliterator) for own, entry in node.entries.items()}, node.place)
    if isinstance(node, Items):
        return Items(tuple(_value(key, item, transliterator) for item in node.items), node.place)
    if key in NAMES:
        return Scalar(_name(node.text, transliterator), node.place, node.plain)
    if key == "where" and node.text.startswith("@"):  # an id
        return node
    stays = (key == "role" and role_key(node.text) in known_roles()) or (key == "licence" and _is_code(node.text))
    return node if stays else Scalar(transliterator.text(node.text), node.place, node.plain)


def _all(node: Node, transliterator: Transliterator) -> Node:
    """The words of figures or data: every value but a licence, whatever its key."""
    if isinstance(node, Table):
        return Table(
            {
                key: one if key == "licence" else Entry(one.place, _all(one.value, transliterator))
                for key, one in node.entries.items()
            },
            node.place,
        )
    if isinstance(node, Items):
        return node
    return Scalar(transliterator.text(node.text), node.place, node.plain)


def _name(name: str, transliterator: Transliterator) -> str:
    return name if transliterator.kept(name) else transliterator.text(name)


def _is_code(licence: str) -> bool:
    return creative_commons(licence) is not None or " " not in licence.strip()


def _tables(said: Mapping[str, tuple[str, Iterator[tuple[str, str]]]], transliterator: Transliterator) -> Entry:
    """The words by figure or table, each at the file that declares it."""
    tables = {}
    for name, (path, words) in said.items():
        place = Place(path)
        entries = {key: Entry(place, Scalar(transliterator.text(word), place)) for key, word in words if word.strip()}
        tables[name] = Entry(place, Table(entries, place))
    return Entry(Place(""), Table(tables, Place("")))


def _words_of_figure(figure: FigureSource) -> Iterator[tuple[str, str]]:
    declared = figure.declaration
    yield from declared.words.items()
    for key in ("title", "alt", "source", "credit", "unit"):
        yield key, getattr(declared, key) or ""


def _words_of_data(table: DataTable) -> Iterator[tuple[str, str]]:
    yield from ((cell, cell) for row in table.rows for cell in row if isinstance(cell, str))
    for name in table.columns:
        yield name, table.column(name).title or name
        yield f"{name}.unit", table.column(name).unit or ""
    yield "title", table.sidecar.title
    yield "unit", table.sidecar.unit or ""
