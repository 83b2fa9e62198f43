"""The comments of a source file that may allow something, with the lines that each speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import yaml

from impressum.checks.allowances.chapters import comments_of_body
from impressum.checks.allowances.wording import Comment
from impressum.core.errors import Faults
from impressum.core.markdown_blocks import front_end
from impressum.stages.load.strict_yaml import LOADER
from impressum.stages.load.texts import TEXT_LIMIT, decode, read_bytes
from impressum.system.workspace import Workspace


def comments_of(workspace: Workspace, name: str) -> tuple[Comment, ...]:
    """The comments in the file `name` that begin with `allow`; none where it cannot be read, or has no comments."""
    path = workspace.inside(name)
    suffix = name.rpartition(".")[2]
    if path is None or suffix not in _READERS or not path.is_file():
        return ()
    raw = read_bytes(workspace, path, Faults(), limit=TEXT_LIMIT)
    if raw is None or b"allow" not in raw.lower():
        return ()
    text = decode(raw, name, Faults())
    return () if text is None else tuple(_READERS[suffix](text))


def example(name: str, rule: str) -> str:
    """How a comment in the file `name` allows `rule`."""
    said = f"allow {rule}: why"
    if name.endswith(".md"):
        return f"{{## {said} ##}}"
    return f"% {said}" if name.endswith(".bib") else f"# {said}"


def _of_chapter(text: str) -> Iterator[Comment]:
    lines = text.split("\n")
    end = front_end(lines) or 0
    if end:
        yield from _of_yaml("\n".join(lines[1 : end - 1]), offset=1)
    yield from comments_of_body("\n".join(lines[end:]), offset=end)


_AFTER_HASH = re.compile(r"(?:^|(?<=\s))#[ \t]*(allow\b[^\n]*)", re.IGNORECASE)


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
            after = _next(lines, at, _is_hash) if alone else None
            first = at if after is None else after
            last = max([first, *(one.end[0] - (not one.end[1]) for one in values if one.line == first)])
            whole = _is_first(lines, at, _is_hash)
            yield Comment(found[1], at + 1 + offset, found.start() + 1, first + 1 + offset, last + 1 + offset, whole)
            break


@dataclass(frozen=True)
class _Value:
    """A key or value of a YAML text, by lines and columns from 0: the `line` it begins on, and where its text is."""

    line: int
    start: tuple[int, int]
    end: tuple[int, int]


def _values(text: str) -> Iterator[_Value]:
    for event in yaml.parse(text, Loader=LOADER):
        start, end = event.start_mark, event.end_mark
        if isinstance(event, yaml.ScalarEvent) and start and end:
            in_block = event.style in ("|", ">")  # behind these marks a comment may stand
            begins = (start.line + 1, 0) if in_block else (start.line, start.column)
            yield _Value(start.line, begins, (end.line, end.column))


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
        after = _next(lines, line - 1, _is_hash) if alone else line - 1
        first = line if after is None else after + 1
        whole = _is_first(lines, line - 1, _is_hash)
        yield Comment(token.string.lstrip("#").strip(), line, column + 1, first, first, whole)


_AFTER_PERCENT = re.compile(r"(?<!\\)%[ \t]*(allow\b[^\n]*)", re.IGNORECASE)
_ENTRY = re.compile(r"[ \t]*@[^\W\d_]+[ \t]*[{(]")
_FIELD = re.compile(r"[ \t]*(?:[\w:+-]+[ \t]*=|[})])")


def _of_bibliography(text: str) -> Iterator[Comment]:
    """Comments before an entry speak of it, those before a field of that, those behind a line of the line."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        found = _AFTER_PERCENT.search(line)
        if not found:
            continue
        first = last = at
        if not line[: found.start()].strip():
            first = last = _next(lines, at, _is_percent) or at
            ends = _ENTRY if _ENTRY.match(lines[first]) else _FIELD
            while last + 1 < len(lines) and not (_ENTRY.match(lines[last + 1]) or ends.match(lines[last + 1])):
                last += 1
            while last > first and not lines[last].strip():
                last -= 1
        whole = _is_first(lines, at, _is_percent)
        yield Comment(found[1], at + 1, found.start() + 1, first + 1, last + 1, whole)


def _next(lines: Sequence[str], at: int, is_comment: Callable[[str], bool]) -> int | None:
    """The first line after `at` that is neither empty nor a comment alone."""
    return next((n for n in range(at + 1, len(lines)) if lines[n].strip() and not is_comment(lines[n])), None)


def _is_first(lines: Sequence[str], at: int, is_comment: Callable[[str], bool]) -> bool:
    """Whether nothing but comments stands before the line `at`."""
    return all(not line.strip() or is_comment(line) for line in lines[:at])


def _is_hash(line: str) -> bool:
    return line.lstrip().startswith("#")


def _is_percent(line: str) -> bool:
    return line.lstrip().startswith("%")


_READERS: dict[str, Callable[[str], Iterator[Comment]]] = {
    "md": _of_chapter,
    "yaml": _of_yaml,
    "py": _of_script,
    "bib": _of_bibliography,
}
