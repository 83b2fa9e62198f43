"""BibTeX text into entries and `@string` definitions, each with its place.

The grammar is the one that pandoc reads, which is narrower than BibTeX's: braces and no parentheses round an
entry, a comma after the key, no `@` in the text between entries. What pandoc would refuse is a fault here, and
reading goes on: after a mistake with the next entry that begins a line. Time is linear in the text: after a
jump back no entry is read beyond the beginning of the next, so nothing is read more than a few times over.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from impressum.core.errors import Faults
from impressum.core.model.sources import SourceText

DEPTH_LIMIT = 100
JINJA = r"<<[^\n<>]{0,200}>>"
"""A placeholder that Jinja fills later; its content is not BibTeX. Bounded, so that the search stays linear."""

_SKIP = re.compile(r"(?:\s++|%[^\n]*+)*+")
_BRACES = re.compile(rf"{JINJA}|\\[{{}}]|[{{}}]")
_QUOTED = re.compile(rf"{JINJA}|\\.|[\"{{}}]", re.DOTALL)
_BETWEEN = re.compile(r"[@%]")
_TYPE = re.compile(r"[^\W\d_]+")
_ENTRY_AT_LINE_START = re.compile(r"^[ \t]*(@)[^\W\d_]+[ \t]*[{(]", re.MULTILINE)
_KEY = re.compile(r"[^\s,{}\"=%][^,{}\"=\n%]*(?:%[^\s,{}\"=%]+(?=\s*,))?")
_NAME = re.compile(r"[\w:+-]+")
_BARE = re.compile(rf"{JINJA}|[\w:+-]+")


@dataclass(frozen=True)
class ValuePart:
    """A piece of a value: the literal text at `offset`, or (`is_name`) the name of an @string."""

    text: str
    offset: int
    is_name: bool = False


@dataclass(frozen=True)
class BibField:
    """`name = part # part` at `offset`; the name is lower case."""

    name: str
    offset: int
    parts: tuple[ValuePart, ...]


@dataclass(frozen=True)
class RawEntry:
    """An entry as written: `whole` is false where a fault in it cut the reading short."""

    type: str
    key: str
    offset: int
    key_offset: int
    fields: tuple[BibField, ...]
    whole: bool = True


Item = RawEntry | BibField
"""An entry, or the definition of an @string."""


class Broken(Exception):
    """An item that cannot be read on; `resume` is where to go on, None for the next entry at a line start."""

    def __init__(
        self, offset: int, message: str, hint: str, rule: str = "bib-syntax", resume: int | None = None
    ) -> None:
        super().__init__(message)
        self.offset, self.message, self.hint, self.rule, self.resume = offset, message, hint, rule, resume


class Unclosed(Exception):
    """The text (or what may belong to the item) ended before the item did."""


@dataclass
class Scanner:
    """Reads `text`, but nothing from `end` on."""

    text: str
    end: int

    def over_spaces(self, position: int) -> int:
        """The offset of the next thing that is no space and no %-comment, or the end."""
        found = _SKIP.match(self.text, position, self.end)
        return found.end() if found else position

    def skip(self, position: int) -> int:
        """As `over_spaces`; the item goes on there, so that the end there leaves it open."""
        after = self.over_spaces(position)
        if after >= self.end:
            raise Unclosed
        return after

    def braced(self, start: int) -> tuple[str, int]:
        """The text between the brace at `start` and its partner, and the offset after that."""
        depth = 0
        for found in _BRACES.finditer(self.text, start, self.end):
            if found[0] == "{":
                depth += 1
                if depth > DEPTH_LIMIT:
                    message = f"braces are nested deeper than {DEPTH_LIMIT}"
                    raise Broken(found.start(), message, "take the superfluous braces out", "bib-too-deep")
            elif found[0] == "}":
                depth -= 1
                if not depth:
                    return self.text[start + 1 : found.start()], found.end()
        raise Unclosed

    def quoted(self, start: int) -> tuple[str, int]:
        """The text between the quote at `start` and the next one outside braces, and the offset after that."""
        position = start + 1
        while found := _QUOTED.search(self.text, position, self.end):
            position = found.end()
            if found[0] == '"':
                return self.text[start + 1 : found.start()], position
            if found[0] == "{":
                position = self.braced(found.start())[1]
            elif found[0] == "}":
                hint = 'look for a missing `"` or `{` before it'
                raise Broken(found.start(), "`}` closes nothing in this quoted value", hint)
        raise Unclosed


def read_bibtex(source: SourceText, faults: Faults) -> tuple[Item, ...]:
    """The entries (those without a key left out) and @string definitions of the text, in its order."""
    reader = _BibtexParser(source, faults)
    reader.read()
    return tuple(reader.items)


@dataclass
class _Unfinished:
    """The item being read, as far as it is known."""

    kind: str
    offset: int
    key: str = ""
    key_offset: int = 0
    fields: list[BibField] = field(default_factory=list)

    def __str__(self) -> str:
        return f"entry `{self.key}`" if self.key else f"`@{self.kind}`"


class _BibtexParser:
    def __init__(self, source: SourceText, faults: Faults) -> None:
        self.source, self.faults, self.text = source, faults, source.text
        self.items: list[Item] = []
        starts = (found.start(1) for found in _ENTRY_AT_LINE_START.finditer(self.text))
        self.entry_starts = (*starts, len(self.text))
        self.scanner = Scanner(self.text, len(self.text))
        self.strict = False
        """After a jump back, an item may not reach beyond the beginning of the next: that keeps time linear."""

    def read(self) -> None:
        position = 0
        while (found := _BETWEEN.search(self.text, position)) is not None:
            if found[0] == "%":
                newline = self.text.find("\n", found.end())
                position = len(self.text) if newline < 0 else newline
            else:
                position = self._item(found.start())

    def _item(self, at: int) -> int:
        """Reads the item that begins at `at`; the offset at which to go on."""
        following = self.entry_starts[bisect_right(self.entry_starts, at)]
        self.scanner.end = following if self.strict else len(self.text)
        item = _Unfinished("", at)
        try:
            resume = self._body(item)
            self._keep(item, whole=True)
            return resume
        except Broken as broken:
            self._error(broken.offset, broken.message, broken.hint, broken.rule)
            self._keep(item, whole=False)
            if broken.resume is not None:
                return broken.resume
            self.strict = self.strict or broken.offset > following
        except Unclosed:
            self._error(at, f"{item} is not closed", self._hint(following), "bib-unclosed")
            self._keep(item, whole=False)
            self.strict = True
        return following

    def _hint(self, following: int) -> str:
        if following == len(self.text):
            return "the file ends before its last `}`: count the braces"
        return f"a new entry seems to begin on line {self.source.place_at(following).line}: a `}}` is missing before it"

    def _keep(self, item: _Unfinished, *, whole: bool) -> None:
        if item.kind == "string":
            self.items.extend(item.fields)
        elif item.key:
            self.items.append(RawEntry(item.kind, item.key, item.offset, item.key_offset, tuple(item.fields), whole))

    def _body(self, item: _Unfinished) -> int:
        name = _TYPE.match(self.text, item.offset + 1, self.scanner.end)
        item.kind = name[0].lower() if name else ""
        after_name = name.end() if name else item.offset + 1
        position = self.scanner.over_spaces(after_name)
        if not name or self.text[position : position + 1] not in ("{", "("):
            message = f"`@{name[0] if name else ''}` begins no entry: no `{{` follows it"
            hint = "pandoc stops at any `@` outside an entry; begin the line with % or take the `@` out"
            raise Broken(item.offset, message, hint, resume=after_name)
        close = "}"
        if self.text[position] == "(":
            close = ")"
            hint = f"pandoc reads braces only: write @{name[0]}{{ … }}"
            self._error(position, f"`@{name[0]}` is enclosed in parentheses", hint, "bib-parentheses")
        if item.kind in ("comment", "preamble"):
            return self._passed_over(position, close)
        position = self.scanner.skip(position + 1)
        if item.kind == "string":
            position = self._field(item, position)
            if self.text[position] != close:
                wanted = f"`{close}` must follow the value of @string `{item.fields[-1].name}`"
                raise Broken(position, f"{wanted}, not `{self.text[position]}`", "define one name in each @string")
            return position + 1
        return self._fields(item, self._key(item, position, close), close)

    def _passed_over(self, position: int, close: str) -> int:
        """The end of a @comment or @preamble, whose contents pandoc leaves unread too."""
        if close == "}":
            return self.scanner.braced(position)[1]
        closing = self.text.find(close, position, self.scanner.end)
        if closing < 0:
            raise Unclosed
        return closing + 1

    def _key(self, item: _Unfinished, position: int, close: str) -> int:
        """Reads the key and its comma; the offset of the first field."""
        found = _KEY.match(self.text, position, self.scanner.end)
        item.key_offset = position
        after = self.scanner.skip(found.end()) if found else position
        words = re.match(r"(\S+)\s+", found[0]) if found and self.text[after] == "=" else None
        if words:
            item.key = words[1]
            self._comma_after_key(item, position + words.end(1))
            return position + words.end()
        if not found or self.text[after] == "=":
            hint = f"write @{item.kind}{{key, … }}: the key is what chapters cite"
            self._error(position, f"`@{item.kind}` has no key", hint, "bib-key-missing")
            return position if found or self.text[after] != "," else self.scanner.skip(after + 1)
        item.key = found[0].rstrip()
        if self.text[after] == ",":
            return self.scanner.skip(after + 1)
        if self.text[after] == close:
            hint = f"write @{item.kind}{{{item.key}, title = {{…}}, … }}"
            raise Broken(after, f"{item} has no fields", hint, resume=after + 1)
        if not _NAME.match(self.text, after, self.scanner.end):
            message = f"`,` must follow the key `{item.key}`, not `{self.text[after]}`"
            raise Broken(after, message, "put a comma after the key")
        self._comma_after_key(item, found.end())
        return after

    def _error(self, offset: int, message: str, hint: str, rule: str = "bib-syntax") -> None:
        self.faults.error(self.source.place_at(offset), message, rule, hint)

    def _comma_after_key(self, item: _Unfinished, offset: int) -> None:
        self._error(offset, f"`,` is missing after the key `{item.key}`", "put a comma there")

    def _fields(self, item: _Unfinished, position: int, close: str) -> int:
        while self.text[position] != close:
            if self.text[position] == ",":
                self._error(position, f"{item} has a `,` too many", "take it out")
                position = self.scanner.skip(position + 1)
                continue
            position = self._field(item, position)
            if self.text[position] == ",":
                position = self.scanner.skip(position + 1)
            elif self.text[position] != close:
                self._missing_comma(item, position)
        return position + 1

    def _missing_comma(self, item: _Unfinished, position: int) -> None:
        last = item.fields[-1].name
        name = _NAME.match(self.text, position, self.scanner.end)
        if name and self.text[self.scanner.skip(name.end())] == "=":
            return self._error(position, f"`,` is missing before `{name[0]}`", "put a comma there")
        if self.text[position] == "@":
            raise Unclosed
        message = f"`,` or `}}` must follow the value of `{last}` in {item}, not `{self.text[position]}`"
        raise Broken(position, message, f"a value is in braces, whole; look for a stray quote or brace in `{last}`")

    def _field(self, item: _Unfinished, position: int) -> int:
        """Reads `name = value` into `item.fields`; the offset of what follows it."""
        name = _NAME.match(self.text, position, self.scanner.end)
        if not name:
            if self.text[position] == "@":
                raise Unclosed
            message = f"a field name must stand here in {item}, not `{self.text[position]}`"
            raise Broken(position, message, "a field is written name = {value}")
        after = self.scanner.skip(name.end())
        if self.text[after] != "=":
            message = f"`=` must follow `{name[0]}` in {item}, not `{self.text[after]}`"
            raise Broken(after, message, "a field is written name = {value}")
        parts, after = self._value(name[0], self.scanner.skip(after + 1))
        item.fields.append(BibField(name[0].lower(), position, parts))
        return after

    def _value(self, name: str, position: int) -> tuple[tuple[ValuePart, ...], int]:
        parts: list[ValuePart] = []
        while True:
            if self.text[position] in '{"':
                read = self.scanner.braced if self.text[position] == "{" else self.scanner.quoted
                text, after = read(position)
                parts.append(ValuePart(text, position + 1))
            elif bare := _BARE.match(self.text, position, self.scanner.end):
                is_text = bare[0].isdigit() or bare[0].startswith("<<")
                parts.append(ValuePart(bare[0], position, is_name=not is_text))
                after = bare.end()
            else:
                message = f"the value of `{name}` must stand here, not `{self.text[position]}`"
                raise Broken(position, message, "write the value in braces, or take the field out")
            position = self.scanner.skip(after)
            if self.text[position] != "#":
                return tuple(parts), position
            position = self.scanner.skip(position + 1)
