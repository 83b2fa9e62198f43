"""The allowing comments of a source file: `allow RULE, RULE: reason`, with the lines that each covers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import yaml

from impressum.core.errors import Faults
from impressum.core.markdown_blocks import Block, front_end, scan
from impressum.core.rules import RULES
from impressum.stages.load.strict_yaml import LOADER
from impressum.stages.load.texts import TEXT_LIMIT, decode, read_bytes
from impressum.stages.render.protect import protect, tags
from impressum.system.files import is_file
from impressum.system.workspace import Workspace

_ALLOW = re.compile(r"\s*allow(?![\w-])(?P<rest>.*)\Z", re.DOTALL | re.IGNORECASE)
_NAMED = re.compile(r"\s+(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)\s*(?P<colon>:?)(?P<reason>.*)\Z", re.DOTALL)
_ALLOW_TAG = re.compile(r"\{##\s*allow\b", re.IGNORECASE)
_BLANK = " \t>"
"""Characters that print nothing on a line of their own."""
_GO_TOGETHER = {
    *(("item", "item"), ("table", "caption"), ("caption", "table")),
    *(("term", "definition"), ("definition", "definition"), ("definition", "term")),
}
"""Kinds of adjacent blocks that an author sees as one: the items of a list, a table and its caption."""
_AFTER_HASH = re.compile(r"(?:^|(?<=\s))#[ \t]*(allow\b[^\n]*)", re.IGNORECASE)
_AFTER_PERCENT = re.compile(r"(?<!\\)%[ \t]*(allow\b[^\n]*)", re.IGNORECASE)
_ENTRY = re.compile(r"[ \t]*@[^\W\d_]+[ \t]*[{(]")
_FIELD = re.compile(r"[ \t]*(?:[\w:+-]+[ \t]*=|[})])")


@dataclass(frozen=True)
class Comment:
    """A comment with the lines `first` to `last` that it covers; `whole`: faults of the file as a whole, too."""

    text: str
    line: int
    column: int
    first: int
    last: int
    whole: bool = False


@dataclass(frozen=True)
class AllowedRules:
    """The rules that a comment allows, and the reason; either may be missing."""

    rules: tuple[str, ...]
    reason: str


def allowed_rules(text: str) -> AllowedRules | None:
    """The rules that the comment `text` allows; None for any other comment ("allow me to explain")."""
    allow = _ALLOW.match(text)
    if not allow:
        return None
    rest = allow["rest"]
    named = _NAMED.match(rest)
    if not named:
        return AllowedRules((), "") if not rest.strip() or rest.lstrip().startswith(":") else None
    rules = tuple(re.split(r"\s*,\s*", named["rules"].lower()))
    if not (named["colon"] or not named["reason"].strip() or rules[0] in RULES or "-" in rules[0]):
        return None
    reason = " ".join(named["reason"].split()) if named["colon"] else ""
    return AllowedRules(rules, reason if re.search(r"\w", reason) else "")


def comments_of(workspace: Workspace, name: str) -> tuple[Comment, ...]:
    """The comments in the file `name` that begin with `allow`; none if it cannot be read or is of another type."""
    path = workspace.inside(name)
    suffix = name.rpartition(".")[2]
    if path is None or suffix not in _READERS or not is_file(path):
        return ()
    raw = read_bytes(workspace, path, Faults(), limit=TEXT_LIMIT)
    if raw is None or b"allow" not in raw.lower():
        return ()
    text = decode(raw, name, Faults())
    return () if text is None else tuple(_READERS[suffix](text))


def example(name: str, rule: str) -> str:
    """The comment that allows `rule` in the file `name`."""
    said = f"allow {rule}: why"
    if name.endswith(".md"):
        return f"{{## {said} ##}}"
    return f"% {said}" if name.endswith(".bib") else f"# {said}"


def _of_chapter(text: str) -> Iterator[Comment]:
    lines = text.split("\n")
    end = front_end(lines) or 0
    if end:
        yield from _of_yaml("\n".join(lines[1 : end - 1]), offset=1)
    yield from _of_body("\n".join(lines[end:]), offset=end)


def _of_yaml(text: str, offset: int = 0) -> Iterator[Comment]:
    try:
        values = list(_values(text))
    except yaml.YAMLError:
        return
    lines = text.split("\n")
    for at, line in enumerate(lines):
        for found in _AFTER_HASH.finditer(line):
            if any(one.start <= (at, found.start()) < one.end for one in values):
                continue  # it is text, in quotes or in a block
            alone = not line[: found.start()].strip()
            after = _next(lines, at, "#") if alone else None
            first = at if after is None else after
            last = max([first, *(one.end[0] - (not one.end[1]) for one in values if one.line == first)])
            whole = _is_first(lines, at, "#")
            yield Comment(found[1], at + 1 + offset, found.start() + 1, first + 1 + offset, last + 1 + offset, whole)
            break


@dataclass(frozen=True)
class _YamlScalar:
    """A key or value of a YAML text: the line it begins on and the extent of its text (lines and columns from 0)."""

    line: int
    start: tuple[int, int]
    end: tuple[int, int]


def _values(text: str) -> Iterator[_YamlScalar]:
    for event in yaml.parse(text, Loader=LOADER):
        start, end = event.start_mark, event.end_mark
        if isinstance(event, yaml.ScalarEvent) and start and end:
            in_block = event.style in ("|", ">")  # a comment may follow these indicators
            begins = (start.line + 1, 0) if in_block else (start.line, start.column)
            yield _YamlScalar(start.line, begins, (end.line, end.column))


def _of_script(text: str) -> Iterator[Comment]:
    import io
    import tokenize

    lines = text.split("\n")
    try:
        tokens = [one for one in tokenize.generate_tokens(io.StringIO(text).readline) if one.type == tokenize.COMMENT]
    except (tokenize.TokenError, SyntaxError):
        return
    for token in tokens:
        line, column = token.start
        alone = not lines[line - 1][:column].strip()
        after = _next(lines, line - 1, "#") if alone else line - 1
        first = line if after is None else after + 1
        whole = _is_first(lines, line - 1, "#")
        yield Comment(token.string.lstrip("#").strip(), line, column + 1, first, first, whole)


def _of_bibliography(text: str) -> Iterator[Comment]:
    """A comment before an entry covers it, one before a field covers that, one at the end of a line the line."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        found = _AFTER_PERCENT.search(line)
        if not found:
            continue
        first = last = at
        if not line[: found.start()].strip():
            first = last = _next(lines, at, "%") or at
            ends = _ENTRY if _ENTRY.match(lines[first]) else _FIELD
            while last + 1 < len(lines) and not (_ENTRY.match(lines[last + 1]) or ends.match(lines[last + 1])):
                last += 1
            while last > first and not lines[last].strip():
                last -= 1
        whole = _is_first(lines, at, "%")
        yield Comment(found[1], at + 1, found.start() + 1, first + 1, last + 1, whole)


def _next(lines: Sequence[str], at: int, mark: str) -> int | None:
    """The first line after `at` that is neither empty nor only a comment, which begins with `mark`."""
    return next((n for n in range(at + 1, len(lines)) if not _is_first(lines[n : n + 1], 1, mark)), None)


def _is_first(lines: Sequence[str], at: int, mark: str) -> bool:
    """Whether nothing but comments, which begin with `mark`, precedes the line `at`."""
    return all(not line.strip() or line.lstrip().startswith(mark) for line in lines[:at])


_READERS: dict[str, Callable[[str], Iterator[Comment]]] = {
    "md": _of_chapter,
    "yaml": _of_yaml,
    "py": _of_script,
    "bib": _of_bibliography,
}


def _of_body(text: str, offset: int) -> Iterator[Comment]:
    """The comments of the body `text` of a chapter, which `offset` lines of its file precede."""
    if not _ALLOW_TAG.search(text):
        return
    spans = [(start, end) for start, end in tags(protect(text)) if end and text.startswith("{##", start)]
    body = _BodyLines(text, spans)
    for start, end in spans:
        line, last = text.count("\n", 0, start), text.count("\n", 0, end)
        column = start - text.rfind("\n", 0, start)
        alone = body.vanishes(line)
        first, to = body.block_after(last) if alone else (line, last)
        yield Comment(
            text[start + 3 : end - 3].strip(),
            line + 1 + offset,
            column,
            first + 1 + offset,
            to + 1 + offset,
            body.is_first(line),
        )


class _BodyLines:
    """The lines of a chapter (from 0) with its comments blanked out."""

    def __init__(self, text: str, spans: list[tuple[int, int]]) -> None:
        bare, done = [], 0
        for start, end in spans:
            bare += [text[done:start], re.sub(r"[^\n]", " ", text[start:end])]
            done = end
        self.lines = "".join([*bare, text[done:]]).split("\n")
        touched = {
            line for start, end in spans for line in range(text.count("\n", 0, start), text.count("\n", 0, end) + 1)
        }
        self._vanished = {line for line in touched if self._is_blank(line)}
        self._kept = [line for line in range(len(self.lines)) if line not in self._vanished]
        self._blocks = scan([self.lines[line] for line in self._kept])

    def vanishes(self, line: int) -> bool:
        """Whether `line` holds nothing but comments."""
        return line in self._vanished

    def is_first(self, line: int) -> bool:
        return all(self._is_blank(before) for before in range(line))

    def block_after(self, line: int) -> tuple[int, int]:
        """The first and the last line of the block that follows `line`."""
        start = next((at for at in self._kept if at > line and not self._is_blank(at)), None)
        if start is None:
            return line, line
        return start, self._kept[_end(self._blocks, self._kept.index(start)) - 1]

    def _is_blank(self, line: int) -> bool:
        return not self.lines[line].strip(_BLANK)


def _end(blocks: Sequence[Block], at: int) -> int:
    """The index of the line after the outermost of the `blocks` that begins at the line `at`."""
    for number, block in enumerate(blocks):
        if block.at == at:
            for following in blocks[number + 1 :]:
                if (block.kind, following.kind) not in _GO_TOGETHER:
                    break
                block = following
            return block.end
        if block.at < at < block.end:
            return _end(block.within, at) if block.within else block.end
    return at + 1
