"""Strict YAML: anchors, aliases, tags, merge keys, duplicate keys and second documents are faults; scalars are text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from unicodedata import normalize

import yaml

from impressum.core.errors import Faults, Place
from impressum.core.letters import STACKED, UNWANTED, add_letter_fault, add_stack_fault
from impressum.stages.load.texts import SHOWN, YAML_LIMIT, read_text
from impressum.stages.load.tree import Items, Node, Scalar, Tree, TreeEntry, paths_to, without
from impressum.stages.load.yaml_faults import add_syntax_fault
from impressum.system.workspace import Workspace

DEPTH = 50
MOST_VALUES = 20_000
"""Many times what a file of a publication has; for each that is unknown, the nearest known one is looked for."""
T = TypeVar("T")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DROPPED = re.compile(r"[ \t]+(#[^\s#][^\n]*)")


class _RefusedError(Exception):
    """The file cannot be read on; its fault is noted already."""


def read_yaml(workspace: Workspace, path: Path, faults: Faults) -> Tree | None:
    """The mapping that the file `path` holds, or None after faults."""
    read = read_yaml_in_part(workspace, path, faults)
    return None if read is None or read.spoilt else read.tree


@dataclass(frozen=True)
class PartialFile:
    """The readable part of a file; `spoilt` if something was left out, `unknown` the paths of unreadable values."""

    tree: Tree
    spoilt: bool = False
    unknown: frozenset[str] = frozenset()


def read_yaml_in_part(workspace: Workspace, path: Path, faults: Faults) -> PartialFile | None:
    """The readable part of the mapping in the file `path`, or None if there is none; the rest becomes faults."""
    text = read_text(workspace, path, faults, limit=YAML_LIMIT)
    return None if text is None else _parsed(text, workspace.relative(path), 0, faults)


def parse_yaml(text: str, path: str, faults: Faults, *, offset: int = 0) -> Tree | None:
    """The mapping in `text`, after `offset` lines of the file `path`; None after faults, such as no key at all."""
    read = _parsed(text, path, offset, faults)
    return None if read is None or read.spoilt else read.tree


def parse_node(text: str, path: str, faults: Faults, *, most: int) -> tuple[Node | None, Set[int]]:
    """The mapping or list in `text` of the file `path`, of at most `most` values, and the `id` of each faulty one."""
    reader = _TreeBuilder(text.split("\n"), path, 0, faults, most)
    return _read(reader, text, _TreeBuilder.root), reader.lost.keys()


def _parsed(text: str, path: str, offset: int, faults: Faults) -> PartialFile | None:
    return _read(_TreeBuilder(text.split("\n"), path, offset, faults), text, _TreeBuilder.document)


def _read(reader: _TreeBuilder, text: str, method: Callable[[_TreeBuilder, Iterator[yaml.Event]], T]) -> T | None:
    try:
        return method(reader, yaml.parse(text, Loader=LOADER))
    except _RefusedError:
        return None
    except yaml.YAMLError as exc:
        add_syntax_fault(exc, reader.lines, reader.path, reader.offset, reader.faults)
        return None


class _TreeBuilder:
    """Builds the tree from the parser's events; what a fault spoils is no part of it."""

    def __init__(self, lines: list[str], path: str, offset: int, faults: Faults, most: int = MOST_VALUES) -> None:
        self.lines, self.path, self.offset, self.faults, self.most = lines, path, offset, faults, most
        self.lost: dict[int, Node] = {}
        """Each value that cannot be read, by its `id`."""
        self.counts: Counter[str] = Counter()
        self.count = 0

    def root(self, events: Iterator[yaml.Event]) -> Node | None:
        """The one value of the file; None after a fault if it is empty."""
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._refuse(event, "the file holds a second document", "yaml-document", "take out this `---` line")
                root = self._node(next(events), events, 0)
        if root is None or (isinstance(root, Scalar) and not root.text):
            place = Place(self.path, self.offset)
            self.faults.error(place, "the file is empty", "yaml-empty", "write at least one `key: value` line")
            return None
        return root

    def document(self, events: Iterator[yaml.Event]) -> PartialFile | None:
        root = self.root(events)
        if root is None:
            return None
        if not isinstance(root, Tree):
            what = "a list" if isinstance(root, Items) else "text"
            message = f"the file holds {what}, not a mapping"
            self.faults.error(root.place, message, "yaml-not-mapping", "write `key: value` lines")
            return None
        left = without(root, self.lost.keys())
        return None if left is None else PartialFile(left, bool(self.lost), frozenset(paths_to(root, self.lost.keys())))

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        """The value that begins with `event`; one that cannot be read is among those that are lost."""
        if depth > DEPTH:
            self._refuse(event, f"the values are nested more than {DEPTH} deep", "yaml-depth", "write it flatter")
        self.count += 1
        if self.count > self.most:
            message = f"the file holds more than {self.most:,} keys and values"
            self._refuse(event, message, "yaml-too-long", "take out what no page needs")
        is_sound = self._is_plain(event)
        place = self._place(event)
        node: Node = Scalar("", place)  # an alias: a fault is noted
        if isinstance(event, yaml.ScalarEvent):
            self._check_comment(event)
            is_sound = self._is_clean(event, place) and is_sound
            node = Scalar(normalize("NFC", event.value), place, event.style in (None, ""))
        elif isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self._node(item, events, depth + 1))
            node = Items(tuple(items), place)
        elif isinstance(event, yaml.MappingStartEvent):
            node = self._table(place, events, depth)
        if not is_sound:
            self._lose(node)
        return node

    def _table(self, place: Place, events: Iterator[yaml.Event], depth: int) -> Tree:
        entries: dict[str, TreeEntry] = {}
        is_sound = True
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if id(key) in self.lost:
                self._lose(value)
            if not isinstance(key, Scalar) or not key.text:
                self._fault(key.place, "a key must be text", "yaml-key", "write `key: value`")
                is_sound = False  # it may be any
            elif key.text == "<<" and key.plain:
                self._fault(key.place, "merge keys (`<<`) are not read", "yaml-merge", "write the keys out")
                is_sound = False
            elif key.text in entries:
                first = entries[key.text]
                message = f"key `{key.text}` already given on line {first.place.line}"
                self._fault(key.place, message, "yaml-duplicate-key", "keep one of the two")
                self._lose(first.value)
            else:
                entries[key.text] = TreeEntry(key.place, value)
        table = Tree(entries, place)
        if not is_sound:
            self._lose(table)
        return table

    def _lose(self, node: Node) -> None:
        self.lost[id(node)] = node

    def _is_clean(self, event: yaml.ScalarEvent, place: Place) -> bool:
        """Whether the value has only letters of a text; an escape such as "\\0" writes what the file may not hold."""
        unwanted = UNWANTED.search(event.value)
        if unwanted:
            add_letter_fault(unwanted.group(), place, self.faults)
        stacked = None if event.value.isascii() else STACKED.search(event.value)
        if stacked and event.style == '"':  # written as escapes; as letters it is noted already
            add_stack_fault(stacked[0], place, self.faults)
            return False
        return not unwanted

    def _is_plain(self, event: yaml.Event) -> bool:
        """Whether the value is literal: no alias, anchor or tag."""
        if isinstance(event, yaml.AliasEvent):
            hint = "write the value out, or put a text that begins with `*` in quotes"
            self._fault(self._place(event), f"the alias `*{event.anchor}` is not read", "yaml-alias", hint)
            return False
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            hint = "take it out, or put a text that begins with `&` in quotes"
            self._fault(self._place(event), f"the anchor `&{anchor}` is not read", "yaml-alias", hint)
        if tag:
            hint = "take it out, or put a text that begins with `!` in quotes"
            self._fault(self._place(event), f"the tag `{tag}` is not read", "yaml-tag", hint)
        return not (anchor or tag)

    def _check_comment(self, event: yaml.ScalarEvent) -> None:
        mark = event.end_mark
        if mark is None or event.style not in (None, ""):
            return
        line = self.lines[mark.line] if mark.line < len(self.lines) else ""
        found = DROPPED.match(line, mark.column)
        if found:
            text = found[1] if len(found[1]) <= 40 else f"{found[1][:39]}…"
            place = Place(self.path, mark.line + 1 + self.offset, found.start(1) + 1)
            hint = "put the whole value in quotes, or write `# ` with a space before a comment"
            self.faults.warning(place, f"the text `{text}` after `#` was dropped as a comment", "yaml-comment", hint)

    def _fault(self, place: Place, message: str, rule: str, hint: str) -> None:
        self.counts[rule] += 1
        if rule != "yaml-alias" or self.counts[rule] <= SHOWN:  # a bomb is not a million faults
            self.faults.error(place, message, rule, hint)

    def _refuse(self, event: yaml.Event, message: str, rule: str, hint: str) -> None:
        self.faults.error(self._place(event), message, rule, hint)
        raise _RefusedError

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        if mark is None:
            return Place(self.path)
        return Place(self.path, mark.line + 1 + self.offset, mark.column + 1)
