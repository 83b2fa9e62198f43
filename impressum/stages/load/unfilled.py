"""`edition.yaml` while it is being translated: what has no value yet counts as not given, and is told once."""

from __future__ import annotations

from collections.abc import Iterator

from impressum.core.errors import Faults, Place
from impressum.core.model.publication import PublicationTexts
from impressum.stages.load.tree import Entry, Items, Node, Scalar, Table

TEXTS = frozenset({str(field.alias) for field in PublicationTexts.model_fields.values()} | {"figures", "data"})
"""The keys that a translator fills in; any other without a value is a fault."""
TOLD_ELSEWHERE = ("figures", "data")
"""What is missing there is told where it is printed."""
MOST_TOLD = 3
HINT = (
    "write what is missing behind the colon, or take the line out where it stays as it is in the source; "
    "until then the book prints that of the source"
)


def filled(tree: Table, faults: Faults) -> Table:
    """`tree` without the keys that have nothing after their colon; one warning names them.

    A list of which an item is not complete is left out as a whole: half of it would be printed in its place.
    """
    texts = Table({key: entry for key, entry in tree.entries.items() if key in TEXTS}, tree.place)
    missing = [(key, place) for key, place in _missing(texts, "") if key.partition(".")[0] not in TOLD_ELSEWHERE]
    if missing:
        faults.warning(missing[0][1], _told([key for key, _ in missing]), "text-untranslated", HINT)
    kept = _without(texts).entries
    return Table(
        {key: kept.get(key, entry) for key, entry in tree.entries.items() if key in kept or key not in TEXTS},
        tree.place,
    )


def _told(keys: list[str]) -> str:
    if len(keys) == 1:
        return f"a text of this edition is not translated yet: `{keys[0]}`"
    names = ", ".join(f"`{key}`" for key in keys[:MOST_TOLD])
    more = f" and {len(keys) - MOST_TOLD} more" if len(keys) > MOST_TOLD else ""
    return f"{len(keys)} texts of this edition are not translated yet: {names}{more}"


def _is_missing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and not node.text.strip()


def _missing(node: Node, key: str) -> Iterator[tuple[str, Place]]:
    """The keys below `node` that have no value, each with its place."""
    if isinstance(node, Table):
        for name, entry in node.entries.items():
            inner = f"{key}.{name}" if key else name
            if _is_missing(entry.value):
                yield inner, entry.place
            else:
                yield from _missing(entry.value, inner)
    elif isinstance(node, Items):
        for number, item in enumerate(node.items, 1):
            if _is_missing(item):
                yield f"{key}.{number}", item.place
            else:
                yield from _missing(item, f"{key}.{number}")


def _without(tree: Table) -> Table:
    entries: dict[str, Entry] = {}
    for name, entry in tree.entries.items():
        value = entry.value
        if isinstance(value, Table):
            value = _without(value)
        empty = isinstance(value, Table) and not value.entries and value != entry.value
        if not (_is_missing(value) or empty or (isinstance(value, Items) and any(_missing(value, "")))):
            entries[name] = Entry(entry.place, value)
    return Table(entries, tree.place)
