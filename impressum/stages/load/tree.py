"""A YAML file as a tree in which each key and value keeps its place; every scalar is text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from impressum.core.errors import Place


@dataclass(frozen=True)
class Scalar:
    """A value as the text in the file (`no` is "no"); `plain` if it was not quoted."""

    text: str
    place: Place
    plain: bool = True


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class TreeEntry:
    """A key with its place, and its value."""

    place: Place
    value: Node


@dataclass(frozen=True)
class Tree:
    """A mapping, in the order of the file."""

    entries: Mapping[str, TreeEntry]
    place: Place

    def value(self, key: str) -> Node | None:
        """The value of `key`, or None where it is not given."""
        entry = self.entries.get(key)
        return entry.value if entry else None

    def text(self, key: str) -> Scalar | None:
        """The value of `key` where it is a scalar."""
        value = self.value(key)
        return value if isinstance(value, Scalar) else None

    def table(self, key: str) -> Tree | None:
        """The value of `key` where it is a mapping."""
        value = self.value(key)
        return value if isinstance(value, Tree) else None

    def items(self, key: str) -> tuple[Node, ...]:
        """The items of `key` where it is a list, else none."""
        value = self.value(key)
        return value.items if isinstance(value, Items) else ()


Node = Scalar | Items | Tree


def merged(base: Tree, over: Tree) -> Tree:
    """`over` laid over `base`, for the keys of `over` only: mappings merge key by key, all else replaces."""
    return Tree({key: _laid(base.entries.get(key), entry) for key, entry in over.entries.items()}, over.place)


def joined(base: Tree, over: Tree) -> Tree:
    """`over` laid over `base`, for the keys of both."""
    return Tree({**base.entries, **merged(base, over).entries}, over.place)


def is_given(path: str, tree: Tree) -> bool:
    """Whether `tree` has a value for the keys of `path` (`cover.alt`)."""
    key, _, rest = path.partition(".")
    value = tree.value(key)
    return value is not None and (not rest or not isinstance(value, Tree) or is_given(rest, value))


def scalars(node: Node, but: Set[str] = frozenset()) -> Iterator[Scalar]:
    """Every value in `node`, at any depth, except below the keys `but`."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Items):
        for item in node.items:
            yield from scalars(item, but)
    else:
        for key, entry in node.entries.items():
            if key not in but:
                yield from scalars(entry.value, but)


def paths_to(tree: Tree, nodes: Set[int], path: str = "") -> Iterator[str]:
    """The paths (`cover.alt`) in `tree` of the values whose `id` is among `nodes`; of a list that of all of it."""
    for key, entry in tree.entries.items():
        own = f"{path}{key}"
        if id(entry.value) in nodes or (isinstance(entry.value, Items) and _holds(entry.value, nodes)):
            yield own
        elif isinstance(entry.value, Tree):
            yield from paths_to(entry.value, nodes, f"{own}.")


def _holds(node: Node, nodes: Set[int]) -> bool:
    """Whether `node` or something in it is among `nodes`."""
    if isinstance(node, Items):
        return any(_holds(item, nodes) for item in node.items)
    inner = [entry.value for entry in node.entries.values()] if isinstance(node, Tree) else []
    return id(node) in nodes or any(_holds(one, nodes) for one in inner)


def without(tree: Tree, spoilt: Set[int]) -> Tree | None:
    """As `sound`, of a mapping."""
    left = sound(tree, spoilt)
    assert left is None or isinstance(left, Tree)
    return left


def sound(node: Node, spoilt: Set[int]) -> Node | None:
    """`node` without the nodes whose `id` is among `spoilt`, and their keys; None where it is one of them itself."""
    if id(node) in spoilt:
        return None
    if isinstance(node, Items):
        return Items(tuple(one for item in node.items if (one := sound(item, spoilt))), node.place)
    if isinstance(node, Tree):
        kept = ((key, entry.place, sound(entry.value, spoilt)) for key, entry in node.entries.items())
        return Tree({key: TreeEntry(place, value) for key, place, value in kept if value}, node.place)
    return node


def _laid(base: TreeEntry | None, over: TreeEntry) -> TreeEntry:
    if base is None or not isinstance(base.value, Tree) or not isinstance(over.value, Tree):
        return over
    table = merged(base.value, over.value)
    return TreeEntry(over.place, Tree({**base.value.entries, **table.entries}, over.value.place))
