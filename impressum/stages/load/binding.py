"""Binds a YAML tree to a pydantic model; each misfit becomes a fault at its key or value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from impressum.core.errors import Faults, Place, nearest
from impressum.stages.load.tree import Items, Node, Scalar, Tree, TreeEntry, without

M = TypeVar("M", bound=BaseModel)

EXAMPLES = {
    "title": "title: Rivers and Roads",
    "language": "language: en",
    "date": "date: 2025-01-31",
    "name": "name: Jane Doe",
    "alt": "alt: what the picture shows, for those who do not see it",
    "source": "source: the BibTeX key or web address that the data come from",
}
MEND = "correct the value, or take the key out"
FORMS = {
    "slug": "must be lower-case letters, digits and single hyphens",
    "email": "must be an e-mail address",
    "glossary": "must be the path of a table (`.csv`) from the folder of publication.yaml, with `/` between its parts",
}


def bind(model: type[M], tree: Tree, faults: Faults, lost: Set[str] = frozenset()) -> M | None:
    """The `model` that `tree` describes, or None after faults; keys at or below the `lost` paths are not missing."""
    bound = _validated(model, tree)
    if not isinstance(bound, list):
        return bound
    misspelt = {(*one.loc[:-1], one.near) for one in bound if one.near}
    for misfit in bound:
        # A misspelt key is not missing too.
        if misfit.type != "missing" or not (misfit.loc in misspelt or misfit.is_below(lost)):
            misfit.add_to(faults)
    return None


@dataclass(frozen=True)
class Bound(Generic[M]):
    """The part of a tree that fits its model (`value` None: too little), `unknown` paths, `id`s of `spoilt` nodes."""

    value: M | None
    tree: Tree
    unknown: frozenset[str] = frozenset()
    spoilt: frozenset[int] = frozenset()


def bind_what_fits(
    model: type[M],
    tree: Tree,
    faults: Faults,
    instead: Mapping[str, str] | None = None,
    lost: frozenset[str] = frozenset(),
    of_base: frozenset[str] = frozenset(),
) -> Bound[M]:
    """The `model` that `tree` describes, without the keys and values that do not fit: each of them is a fault.

    `instead` are values for required keys that can be done without until the fault is mended, `lost` the paths of those
    that could not be read, `of_base` of those in what `tree` is laid over.
    """
    bound = bind(model, tree, faults, lost | of_base)
    if bound is not None:
        return Bound(bound, tree, lost)
    trees = [tree]  # keeps the nodes, so that no other has the `id` of one of them
    unknown: set[str] = set(lost)
    spoilt: set[int] = set()
    while isinstance(found := _validated(model, tree), list):
        given = {key: text for key, text in (instead or {}).items() if any(key == one.lacks for one in found)}
        spoilt |= {id(one.node) for one in found if one.lacks not in given}
        unknown.update(path for one in found for path in one.unknown())
        left = without(tree, spoilt)
        if left is None:
            return Bound(None, trees[0], frozenset(unknown))
        place = tree.place
        filled = {key: TreeEntry(place, Scalar(text, place)) for key, text in given.items()}
        tree = Tree({**left.entries, **filled}, place)
        trees.append(tree)
    return Bound(found, tree, frozenset(unknown), frozenset(spoilt))


def _validated(model: type[M], tree: Tree) -> M | list[_Misfit]:
    """The `model` that `tree` describes, or what of it does not fit."""
    try:
        return model.model_validate(_plain(tree))
    except ValidationError as exc:
        return [_Misfit(model, tree, error) for error in exc.errors(include_url=False)]


def _plain(node: Node) -> Any:
    """`node` as pydantic takes it."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [_plain(item) for item in node.items]
    return {key: _plain(entry.value) for key, entry in node.entries.items()}


class _Misfit:
    """One of pydantic's errors, walked down the tree to the key and value that it means."""

    def __init__(self, model: type[BaseModel], tree: Tree, error: ErrorDetails) -> None:
        self.error, self.loc, self.type = error, error["loc"], error["type"]
        self.context = error.get("ctx", {})
        self.model: type[BaseModel] | None = model
        self.node: Node = tree
        """The node to leave out for the rest to fit: the value, or the mapping that lacks a key."""
        self.key = ""
        self.key_place = tree.place
        self.branch = ""
        self.in_root, self.item, self.in_items = True, False, False
        self.path: list[str] = []
        """The keys that lead to it, as far as its items are apart."""
        self._walk(self.loc)

    def _walk(self, loc: tuple[int | str, ...]) -> None:
        for step in loc:
            node = self.node
            if isinstance(step, int) and isinstance(node, Items) and step < len(node.items):
                self.node = node.items[step]
                self.item = True
                self.in_items = True
                self.key_place = self.node.place
            elif isinstance(step, str) and isinstance(node, Tree) and step in node.entries:
                self.model = _model_of(self.model, step)
                self.path += [] if self.in_items else [step]
                self.key, self.item = step, False
                self.key_place, self.node = node.entries[step].place, node.entries[step].value
                self.in_root, self.branch = False, ""
            elif isinstance(step, str) and self.type == "missing" and step == loc[-1]:
                self.key = step
            else:
                self.branch = str(step)  # the member of a union, such as `Isbn`

    @cached_property
    def near(self) -> str | None:
        """The known key that an unknown one probably misspells."""
        return nearest(self.key, self._known()) if self.type == "extra_forbidden" else None

    @property
    def lacks(self) -> str:
        """The required key of the whole file that is missing, or empty."""
        return self.key if self.type == "missing" and len(self.loc) == 1 else ""

    def is_below(self, lost: Set[str]) -> bool:
        """Whether the path of the missing key, or one that leads to it, is `lost`; items are never laid over."""
        path = [*self.path, self.key]
        return not self.in_items and any(".".join(path[:length]) in lost for length in range(len(path) + 1))

    def unknown(self) -> Iterator[str]:
        """The paths whose value is unknown: its own (a list as a whole), and that of the key it probably misspells."""
        yield ".".join(self.path) or self.key
        if self.near and self.path[-1:] == [self.key]:
            yield ".".join((*self.path[:-1], self.near))

    def add_to(self, faults: Faults) -> None:
        place, message, rule, hint = self._message()
        if message:
            faults.error(place, message, rule, hint)

    def _message(self) -> tuple[Place, str, str, str]:
        if self.type == "extra_forbidden":
            guess = f"; did you mean `{self.near}`?" if self.near else ""
            hint = f"known keys: {', '.join(sorted(self._known()))}"
            return self.key_place, f"unknown key `{self.key}`{guess}", "yaml-unknown-key", hint
        if self.type == "missing":
            of = self.node.place
            place = Place(of.path, 1) if self.in_root and of.line == 1 else of  # nothing is at its column
            example = EXAMPLES.get(self.key, f"{self.key}: …")
            return place, f"the required key `{self.key}` is missing", "yaml-missing-key", f"add a line `{example}`"
        if self.branch and self.branch[:1].isupper() != isinstance(self.node, Tree):
            return self.node.place, "", "", ""  # the other member of the union says what is wrong
        if isinstance(self.node, Scalar):
            return self._scalar(self.node)
        found = "a list" if isinstance(self.node, Items) else "a mapping"
        wanted, hint = self._expected()
        return self.node.place, f"{self._name()} must be {wanted}, not {found}", "yaml-type", hint

    def _known(self) -> list[str]:
        return [_alias(name) for name in self.model.model_fields] if self.model else []

    def _expected(self) -> tuple[str, str]:
        """The kind of value that the model expects here, and how to write it."""
        if self.type in ("tuple_type", "list_type"):
            if self.model:
                return "a list", f"write `{self.key}:` and below it, indented, `- name: …` for each"
            return "a list", f"write `{self.key}: [one, two]`, or each item on its own line after `- `"
        if self.type in ("model_type", "model_attributes_type", "dict_type", "mapping_type"):
            if self.item:
                return "a mapping", "write `- name: Jane Doe`"
            if not self.model or "dict" in self.type:
                return "a mapping", "write `key: value` lines below it, indented"
            known = ", ".join(_alias(name) for name in self.model.model_fields)
            return "a mapping", f"write its keys below it, indented: {known}"
        if self.type.startswith("int"):
            return "a whole number", "write digits only"
        if self.type.startswith("bool"):
            return "`true` or `false`", "write `true` or `false`"
        if self.type == "literal_error":
            return _choices(self.context), "write one of these words"
        return "text", "write one value; put it in quotes if it has special characters"

    def _scalar(self, node: Scalar) -> tuple[Place, str, str, str]:
        value = node.text if len(node.text) <= 60 else f"{node.text[:59]}…"
        if not node.text.strip():
            message = f"{self._name()} is empty"
            return self.key_place, message, "yaml-empty-value", "give it a value, or take the key out"
        if self.type in ("model_type", "model_attributes_type") and self.item:
            message = f"{self._name()} must be a mapping, not `{value}`"
            return node.place, message, "yaml-type", f"write `- name: {value}`"
        if self.type in ("tuple_type", "list_type"):
            hint = f"write `{self.key}: [{value}]`, or each item on its own line after `- `"
            if self.model:
                hint = f"write `{self.key}:` and below it, indented, `- name: {value}`"
            return node.place, f"{self._name()} must be a list, not `{value}`", "yaml-type", hint
        if self.type == "value_error":
            return node.place, str(self.context.get("error", self.error["msg"])), "yaml-value", MEND
        if self.type == "literal_error":
            near = nearest(node.text, _choice_list(self.context))
            hint = f"did you mean `{near}`?" if near else "write it so, or take the key out"
            message = f"{self._name()} must be {_choices(self.context)}, not `{value}`"
            return node.place, message, "yaml-value", hint
        if self.type == "string_pattern_mismatch":
            form = FORMS.get(self.key, "does not have the form that it needs")
            return node.place, f"{self._name()} {form}, not `{value}`", "yaml-value", MEND
        if self.type == "string_too_long":
            longest, letters = self.context["max_length"], len(node.text)
            message = f"{self._name()} has {letters:,} letters, and may have {longest:,}"
            return node.place, message, "yaml-value", "write a shorter one"
        if self.type in ("greater_than_equal", "less_than_equal"):
            bound = f"at least {self.context['ge']}" if "ge" in self.context else f"at most {self.context['le']}"
            return node.place, f"{self._name()} must be {bound}, not `{value}`", "yaml-value", MEND
        wanted, hint = self._expected()
        return node.place, f"{self._name()} must be {wanted}, not `{value}`", "yaml-type", hint

    def _name(self) -> str:
        return f"an item of `{self.key}`" if self.item else f"`{self.key}`"


def _alias(name: str) -> str:
    return name.replace("_", "-")


def _choice_list(context: dict[str, Any]) -> list[str]:
    return str(context.get("expected", "")).replace(" or ", ", ").replace("'", "").split(", ")


def _choices(context: dict[str, Any]) -> str:
    choices = [f"`{choice}`" for choice in _choice_list(context)]
    return choices[0] if len(choices) == 1 else f"one of {', '.join(choices)}"


def _model_of(model: type[BaseModel] | None, key: str) -> type[BaseModel] | None:
    """The model that the key `key` of `model` takes, itself or as the items of a list."""
    if model is None:
        return None
    field = next((f for name, f in model.model_fields.items() if _alias(name) == key), None)
    return next(_models(field.annotation), None) if field else model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
