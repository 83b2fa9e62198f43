"""Texts put into a YAML file by their keys (`figures.trade.title`, `keywords.2`); all else in it stays as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from impressum.translation.edition_file import written

if TYPE_CHECKING:
    import yaml


@dataclass(frozen=True)
class _Change:
    """What stands from `start` to `end` of the text, and comes in its place."""

    start: int
    end: int
    text: str
    indent: int = 0


@dataclass
class _Branch:
    """What is missing below a key, by the next part of its key."""

    below: dict[str, _Branch] = field(default_factory=dict)
    text: str | None = None


def put_texts(text: str, values: Mapping[tuple[str, ...], str]) -> str:
    """`text` with `values` in place of what stands behind these keys; a key that is not there is put in.

    Raises yaml.YAMLError where `text` is no YAML.
    """
    import yaml

    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        lines = _lines(_tree(values), 0)
        return (text.rstrip("\n") + "\n\n" if text.strip() else "") + "\n".join([*lines, ""])
    changes: list[_Change] = []
    missing: dict[int, tuple[yaml.Node, dict[tuple[str, ...], str]]] = {}
    for key, value in values.items():
        node, rest = _deepest(root, key)
        if not rest and isinstance(node, yaml.ScalarNode):
            changes.append(_in_place(text, node, value))
        elif _may_hold(node, rest):
            missing.setdefault(node.start_mark.index, (node, {}))[1][rest] = value
    changes += [_put_in(text, node, others) for node, others in missing.values()]
    # From the end to the beginning; of what is put in at one place, what is further in comes to stand first.
    for change in sorted(changes, key=lambda one: (-one.start, one.indent)):
        text = text[: change.start] + change.text + text[change.end :]
    return text


def _deepest(root: yaml.Node, key: tuple[str, ...]) -> tuple[yaml.Node, tuple[str, ...]]:
    """The deepest node on the way to `key`, and what is left of the way."""
    import yaml

    node, rest = root, key
    while rest:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for name, value in node.value if name.value == rest[0]), None)
        elif isinstance(node, yaml.SequenceNode) and rest[0].isdigit() and 0 < int(rest[0]) <= len(node.value):
            found = node.value[int(rest[0]) - 1]
        if found is None:
            break
        node, rest = found, rest[1:]
    return node, rest


def _may_hold(node: yaml.Node, rest: tuple[str, ...]) -> bool:
    """Whether keys can be put in below `node`: a mapping on lines of its own, or a key with nothing behind it yet."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        return not node.flow_style
    return bool(rest) and isinstance(node, yaml.ScalarNode) and not node.value


def _in_place(text: str, node: yaml.ScalarNode, value: str) -> _Change:
    start, end = node.start_mark.index, node.end_mark.index
    after = text[start:end]
    end -= len(after) - len(after.rstrip("\n "))  # a block ends with the line after it
    space = "" if not start or text[start - 1].isspace() else " "
    return _Change(start, max(end, start), f"{space}{written(value)}")


def _put_in(text: str, node: yaml.Node, values: Mapping[tuple[str, ...], str]) -> _Change:
    """The keys that `node` lacks, below the last line of what it has."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        indent, last = node.start_mark.column, _end(node)
    else:  # a key with nothing behind it yet
        line = text.rfind("\n", 0, node.start_mark.index) + 1
        indent, last = len(text[line:]) - len(text[line:].lstrip(" ")) + 2, node.start_mark.index
    at = text.find("\n", last)
    at = len(text) if at < 0 else at
    return _Change(at, at, "\n" + "\n".join(_lines(_tree(values), indent)), indent)


def _end(node: yaml.Node) -> int:
    """Where the last value below `node` ends."""
    import yaml

    if isinstance(node, yaml.MappingNode) and node.value:
        return _end(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        return _end(node.value[-1])
    end: int = node.end_mark.index
    is_block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    return end - 1 if is_block else end


def _tree(values: Mapping[tuple[str, ...], str]) -> _Branch:
    root = _Branch()
    for key, value in values.items():
        branch = root
        for part in key:
            branch = branch.below.setdefault(part, _Branch())
        branch.text = value
    return root


def _lines(branch: _Branch, indent: int) -> Sequence[str]:
    lines: list[str] = []
    for name, below in branch.below.items():
        lead = " " * indent + ("-" if name.isdigit() else f"{written(name)}:")
        if below.text is not None:
            lines.append(f"{lead} {written(below.text)}")
        elif name.isdigit():
            first, *others = _lines(below, indent + 2)
            lines += [f"{lead} {first.lstrip()}", *others]
        else:
            lines += [lead, *_lines(below, indent + 2)]
    return lines
