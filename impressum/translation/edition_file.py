"""Writes `edition.yaml`: for a new edition, with each text of the source as a comment; and texts put into it by key."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from impressum.translation.texts import Branch, Leaf, TextList, TextTree

if TYPE_CHECKING:
    import yaml

WIDTH = 110
PLAIN = re.compile(r"[^\W_](?:[\w./@-]|(?<! ) (?! ))*")
"""A name or value that YAML reads without quotes."""
HEAD = """\
# The texts of the edition {tag} that stand in none of its chapters.
#
# Above each name with a colon stands the text of the source ({source}). Write yours behind the colon:
#
#     # Rivers and Roads
#     title: Reke i putevi
#
# - Leave the names before the colons, and the spaces at the beginnings of lines, as they are.
# - A text that has a colon, a # or quotation marks in it stands in quotes: title: "Roads: a history"
# - A long one may go on below: write >- behind the colon, and the text in the lines below, two spaces further in.
# - What stays as it is in the source needs no line: take it out. In a list (behind -) everything is filled in, names
#   that stay the same too, for it takes the place of the whole list of the source.
# - What has nothing behind its colon is not translated yet. The book prints the text of the source there, and warns.
"""


def edition_file(said: Branch, tag: str, source: str, twin: str = "", own: tuple[str, ...] = ()) -> str:
    """The file for the edition `tag`. `twin` is an edition of the same language in another script, if there is one.

    `own` are the names of numbers below `impressum` that each edition may have for itself.
    """
    parts = dict(said.parts)
    parts.setdefault("contributors", TextList(()))
    lines = [HEAD.format(tag=tag, source=source)]
    for key in sorted(parts, key=lambda key: list(ORDER).index(key)):
        lines += [f"# {ORDER[key]}"] if ORDER[key] else []
        lines += _part(key, parts[key], 0)
        lines += TRANSLATOR if key == "contributors" else []
        lines += [f"  # {name}: (that of the source is printed, unless this edition has its own)" for name in own] * (
            key == "impressum"
        )
        lines.append("")
    if twin:
        lines += [line.format(twin=twin) for line in TWIN]
    return "\n".join(lines).rstrip() + "\n"


ORDER = {
    "title": "",
    "subtitle": "",
    "version": "",
    "abstract": "",
    "keywords": "",
    "authors": "Names are filled in as this language writes them.",
    "contributors": "Who worked on it; who translated it comes last.",
    "partners": "",
    "funders": "",
    "series": "",
    "cover": "",
    "impressum": "",
    "errata": "What this version corrects. An edition that had other errors lists its own; `errata: []` lists none.",
    "figures": "What the figures say.",
    "data": "What the tables from data say: their columns and rows.",
}
"""The keys in the order of the file, with the comment above each."""
TRANSLATOR = ["  # (whoever translated it, or take these two lines out)", "  - name:", "    role: translator"]
TWIN = (
    "# If this edition is to be the same text as {twin} in another script, take all of the above out, and keep only:",
    "# twin-of: {twin}",
)


def _part(key: str, said: TextTree, depth: int) -> Iterator[str]:
    """The lines of `key` and all below it."""
    indent = "  " * depth
    if isinstance(said, Leaf):
        yield from _comment(said.text, indent) if said.text != key else ()
        yield f"{indent}{written(key)}:"
        return
    yield f"{indent}{written(key)}:"
    if isinstance(said, Branch):
        for name, part in said.parts.items():
            yield from _part(name, part, depth + 1)
        return
    for part in said.parts:
        yield from _item(part, indent + "  ")


def _item(said: TextTree, indent: str) -> Iterator[str]:
    """The lines of an item of a list; the first name of a mapping follows the dash."""
    if isinstance(said, Leaf) and said.is_text:
        yield from _comment(said.text, indent)
        yield f"{indent}-"
    elif isinstance(said, Leaf):
        yield f"{indent}- {written(said.text)}"
    elif isinstance(said, Branch):
        dash = "- "
        for name, part in said.parts.items():
            assert isinstance(part, Leaf)  # persons and organisations are flat
            if part.is_text:
                yield from _comment(part.text, indent if dash == "- " else f"{indent}  ")
            value = "" if part.is_text else f" {written(part.text)}"
            yield f"{indent}{dash}{written(name)}:{value}"
            dash = "  "


def _comment(text: str, indent: str) -> Iterator[str]:
    for number, paragraph in enumerate(re.split(r"\n[ \t]*\n", text.strip())):
        wrapped = textwrap.wrap(paragraph, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
        yield from (f"{indent}# {line}".rstrip() for line in ([""] if number else []) + wrapped)


def written(text: str) -> str:
    """A name or a value as YAML writes it."""
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


@dataclass(frozen=True)
class _Change:
    """A replacement of the text from `start` to `end`."""

    start: int
    end: int
    text: str
    indent: int = 0


@dataclass
class _Branch:
    """The values missing below a key, by its next part."""

    below: dict[str, _Branch] = field(default_factory=dict)
    text: str | None = None


def put_texts(text: str, values: Mapping[tuple[str, ...], str]) -> str:
    """`text` with `values` at their keys (`figures.trade.title`, `keywords.2`); missing keys are added.

    Raises yaml.YAMLError where `text` is no YAML.
    """
    import yaml

    if (root := yaml.compose(text, Loader=yaml.SafeLoader)) is None:
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
    # From the end to the beginning; at one place, the deeper ones come first.
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
    """Whether keys can be added below `node`: a block mapping, or a key without a value."""
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
