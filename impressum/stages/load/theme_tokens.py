"""The tokens that a publication gives are those of its theme, and their values are of the same kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from impressum.core.errors import Faults, Place, did_you_mean, nearest
from impressum.stages.load.tree import Items, Node, Scalar, Tree, TreeEntry, without
from impressum.system.cache import Json

NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LENGTH = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?(mm|cm|in|pt)")
FLAG = re.compile(r"true|false")
KINDS = (
    (NUMBER, "a number"),
    (COLOUR, "a colour, as in `#15324a`"),
    (LENGTH, "a length, as in `66mm`"),
    (FLAG, "`true` or `false`"),
)
FAMILIES = ("serif", "sans", "mono", "other")
"""Tokens of type that name a family of fonts."""
HEADS = ("title", "authors", "chapter", "none")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "page.labels": ("margin", "text"),
    "heads.verso": HEADS,
    "heads.recto": HEADS,
    "heads.folio": ("head", "foot"),
    "notes.numbering": ("book", "chapter"),
    "references.by": ("book", "chapter"),
    "family": FAMILIES[:3],
    "weight": tuple(str(weight) for weight in range(100, 1000, 100)),
}
"""Tokens, by their whole path or its last part, that take one of some words."""
LIMITS: Mapping[str, tuple[float, float]] = {
    "size": (4, 144),
    "leading": (4, 180),
    "tracking": (-0.1, 0.5),
    "page.lines": (10, 120),
    "openers.drop": (0, 30),
    "contents.depth": (0, 3),
    "numbers.depth": (0, 4),
    "print.signature": (1, 128),
    "print.resolution": (0, 4800),
}
"""Numbers, by the token's whole path or its last part, from the least to the most; others are not negative."""
WHOLE = frozenset({"page.lines", "openers.drop", "contents.depth", "numbers.depth", "print.signature"})
LANGUAGES = "type.by-language"


def sound_tokens(base: Tree, changes: Tree, faults: Faults) -> tuple[Tree, frozenset[str]]:
    """The part of `changes` that fits the theme `base`, and the groups (`colour`) with faults."""
    comparison = _TokenCheck(base, faults)
    comparison.group(base, changes, "")
    left = without(changes, comparison.spoilt)
    assert left is not None, "the whole of a file is no token"
    return left, frozenset(comparison.groups)


def token_places(changes: Tree, path: str = "") -> Iterator[tuple[str, Place]]:
    """The tokens that `changes` gives, by path, and where."""
    for key, entry in changes.entries.items():
        if isinstance(entry.value, Tree):
            yield from token_places(entry.value, f"{path}{key}.")
        else:
            yield f"{path}{key}", entry.value.place


def token_families(changes: Tree) -> Iterator[tuple[str, Place]]:
    """The families of fonts that `changes` names, and where."""
    types = changes.table("type")
    languages = types.table("by-language") if types else None
    own = [entry.value for entry in languages.entries.values()] if languages else []
    for group in (types, *own):
        for key in FAMILIES:
            name = group.text(key) if isinstance(group, Tree) else None
            if name:
                yield name.text, name.place


def token_values(table: Tree) -> dict[str, Json]:
    """The tokens as the templates read them: numbers and `true` or `false` as such, all else as text."""
    return {key: _value(entry.value) for key, entry in table.entries.items()}


def _value(node: Node) -> Json:
    if isinstance(node, Tree):
        return token_values(node)
    if isinstance(node, Items):
        return [_value(item) for item in node.items]
    if node.plain and NUMBER.fullmatch(node.text):
        return float(node.text) if "." in node.text else int(node.text)
    if node.plain and FLAG.fullmatch(node.text):
        return node.text == "true"
    return node.text


class _TokenCheck:
    """Compares a publication's tokens with those of its theme."""

    def __init__(self, base: Tree, faults: Faults) -> None:
        self.base = base
        self.faults = faults
        self.spoilt: set[int] = set()
        """The `id` of each value that is no sound one."""
        self.groups: set[str] = set()

    def group(self, base: Tree, changes: Tree, path: str) -> None:
        for key, entry in changes.entries.items():
            known = base.entries.get(key)
            if path == f"{LANGUAGES}.":
                self.language(key, entry)
            elif known is None:
                group = path or nearest(key, base.entries) or key
                message = f"the theme has no token `{path}{key}`{did_you_mean(key, base.entries)}"
                self.refuse(entry.value, group, entry.place, message, f"its tokens here are {', '.join(base.entries)}")
            else:
                self.token(known.value, entry, f"{path}{key}")

    def language(self, tag: str, entry: TreeEntry) -> None:
        """Checks the tokens of type for one language; they may hold any role of type."""
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", tag):
            message = f"`{tag}` is not a language tag"
            self.refuse(entry.value, LANGUAGES, entry.place, message, "write it as in `sr-Cyrl` or `de`")
            return
        types = self.base.table("type")
        assert types is not None, "each theme has type"
        roles = {key: one for key, one in types.entries.items() if f"type.{key}" != LANGUAGES}
        self.token(Tree(roles, types.place), entry, f"{LANGUAGES}.{tag}")

    def token(self, known: Node, entry: TreeEntry, path: str) -> None:
        value = entry.value
        if isinstance(known, Tree):
            if isinstance(value, Tree):
                self.group(known, value, f"{path}.")
            else:
                hint = f"give {', '.join(known.entries)}"
                self.refuse(value, path, entry.place, f"`{path}` is a group of tokens", hint)
        elif isinstance(known, Items):
            names = value.items if isinstance(value, Items) else ()
            if not isinstance(value, Items) or any(
                not isinstance(name, Scalar) or not re.fullmatch(r"[a-z0-9]{4}", name.text) for name in names
            ):
                message = f"`{path}` must be a list of OpenType features"
                self.refuse(value, path, value.place, message, "write their tags, as in `[smcp]`")
        elif isinstance(known, Scalar) and isinstance(value, Scalar):
            self.scalar(known, value, path)
        else:
            self.refuse(value, path, entry.place, f"`{path}` must be one value", "write a single value")

    def scalar(self, known: Scalar, value: Scalar, path: str) -> None:
        last = path.rpartition(".")[2]
        choices = CHOICES.get(path) or CHOICES.get(last)
        if choices is not None:
            if value.text not in choices:
                near = nearest(value.text, choices)
                words = [f"`{word}`" for word in choices]
                hint = f"did you mean `{near}`?" if near else f"the theme's own value is `{known.text}`"
                said = f"{', '.join(words[:-1])} or {words[-1]}"
                self.refuse(value, path, value.place, f"`{path}` must be {said}, not `{value.text}`", hint)
            return
        for pattern, kind in KINDS:
            if pattern.fullmatch(known.text):
                if not pattern.fullmatch(value.text):
                    hint = f"the theme's own value is `{known.text}`"
                    self.refuse(value, path, value.place, f"`{path}` must be {kind}, not `{value.text}`", hint)
                elif pattern is NUMBER:
                    self.number(known, value, path, last)
                return

    def number(self, known: Scalar, value: Scalar, path: str, last: str) -> None:
        least, most = LIMITS.get(path) or LIMITS.get(last) or (0, float("inf"))
        number = float(value.text)
        hint = f"the theme's own value is `{known.text}`"
        if path in WHOLE and not number.is_integer():
            self.refuse(value, path, value.place, f"`{path}` must be a whole number, not `{value.text}`", hint)
        elif not least <= number <= most:
            limits = f"{least:g} or more" if most == float("inf") else f"from {least:g} to {most:g}"
            self.refuse(value, path, value.place, f"`{path}` must be {limits}, not `{value.text}`", hint)

    def refuse(self, value: Node, path: str, place: Place, message: str, hint: str) -> None:
        """Leaves the `value` of the token `path` out, with a fault at `place`."""
        self.spoilt.add(id(value))
        self.groups.add(path.partition(".")[0])
        self.faults.error(place, message, "theme-token", hint)
