"""Inline Markdown as words, which are translated, and tags, which are protected.

`read` gives the parts of a text: words as a reader sees them, without backslashes, and tags with their numbers.
`escaping.written` puts words and tags together as Markdown again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from impressum.translation.handoff.hiding import MARK, Hidden

Role = Literal["open", "close", "alone"]
BRACE = "&#123;"
"""A `{` before a value, from which a backslash would not separate it."""
DEEPEST = 20
"""The depth to which brackets within brackets are read; deeper ones are words."""


class Tag(NamedTuple):
    """Protected markup: `text` is its Markdown. Both tags of a pair have one number."""

    number: int
    role: Role
    text: str
    kind: str


Part = str | Tag
Parts = tuple[Part, ...]


class Setting(NamedTuple):
    """The context of words: in a cell of a table, in an attribute, at the beginning of a line."""

    cell: bool = False
    attribute: bool = False
    at_start: bool = True


class _Pair(NamedTuple):
    opens: str
    inner: tuple[_Node, ...]
    closes: str
    kind: str


class _Alone(NamedTuple):
    text: str
    kind: str


_Node = str | _Alone | _Pair

_PUNCTUATION = r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"""
_KEY = r"(?:\{[^}\s]+\}|\w+(?:[:.#$%&\-+?<>~/]+\w+)*)"
_CITED = re.compile(rf"-?@{_KEY}")
_LOCATOR = re.compile(r"\s\[(?:p|pp|S|str|стр|chap|sec|§|\d)[^\[\]@]*\]")
_BREAK = ("break", re.compile(r"\\\n| {2,}\n"))
_SIMPLE = {
    "[": (("note", re.compile(r"\[\^[^\]\s]+\]")),),
    "<": (
        ("link", re.compile(r"<(?:[a-z][a-z0-9+.-]*:[^\s<>]+|[^\s<>@]+@[^\s<>]+)>", re.IGNORECASE)),
        ("markup", re.compile(r"</?[A-Za-z][^<>]*>")),
    ),
    "h": (("link", re.compile(r"https?://[^\s<>\"“”»)\]]*[^\s<>\"“”»)\].,;:!?]")),),
    "&": (("character", re.compile(r"&(?!#123;)(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")),),
    "\\": (_BREAK, ("markup", re.compile(r"\\index(?:\[[^\]\n]*\])?\{(?:[^{}\n]|\{[^{}\n]*\})*\}"))),
    " ": (_BREAK,),
    "⟦": (("mark", re.compile(r"⟦[^⟦⟧]*⟧")),),
}
"""Single pieces of protected markup, by first letter."""
_BEGINS = re.compile(r"[\ue000\[<&\\⟦@\-!^~*_]|h(?=ttps?://)| (?= )")
"""Where something may begin that is not a letter of a word: markup, or what is hidden."""
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
_MAY_CLOSE = {mark: re.compile(rf"[\\\[{re.escape(mark)}]") for mark in "*_~"}
_SCRIPT = re.compile(r"(?P<mark>[\^~])(?!(?P=mark))(?P<inner>(?:[^\s\\^~\[\]]|\\.)+)(?P=mark)")
_RUN = re.compile(r"\*+|_+|~~")
_CITATIONS = re.compile(rf"(?<![\w@]){_CITED.pattern}")
_AFTER_BRACKET = re.compile(r"\((?:[^()\\\s]|\\.|\([^()]*\)|\s+\"[^\"]*\"|\s)*\)")
_NAMED = re.compile(r"[ \t]*\{[^{}]*\}")
_AFTER_SPAN = re.compile(r"\{[^{}]*\}")
_WORDS = re.compile(r"[^\W\d_]")
_SAID = re.compile(r"[^\W_]")


def read(text: str, hidden: Hidden) -> Parts:
    """The words and tags of `text`, in which the verbatim is hidden. Tags are numbered from 1 in their order."""
    return _flat(_nodes(text, hidden, 0))


def read_inner(text: str, hidden: Hidden) -> tuple[str, Parts, str]:
    """The same, but markup that encloses all of `text` (that of a figure, a strong title) is given apart."""
    nodes = _nodes(text, hidden, 0)
    opens, closes = "", ""
    while len(nodes) == 1 and isinstance(nodes[0], _Pair):
        opens, closes = opens + nodes[0].opens, nodes[0].closes + closes
        nodes = nodes[0].inner
    return opens, _flat(nodes), closes


def has_words(parts: Parts) -> bool:
    """Whether there is something to translate: a word, or a number, which languages write their own way."""
    return any(isinstance(part, str) and _SAID.search(part) for part in parts)


def readable(parts: Parts, hidden: Hidden) -> str:
    """The words of `parts` with their notes, values and citations, for a reader: no pair of signs around words."""
    shown = [part if isinstance(part, str) else _visible(part, hidden) for part in parts]
    return " ".join("".join(shown).split())


def _visible(tag: Tag, hidden: Hidden) -> str:
    if tag.role != "alone":
        return ""
    return " " if tag.kind == "break" else hidden.shown(tag.text)


def _flat(nodes: Sequence[_Node]) -> Parts:
    counter = iter(range(1, 1_000_000))
    whole = joined(_tags(nodes, counter))
    return tuple(part.replace("\n", " ") if isinstance(part, str) else part for part in whole)


def _tags(nodes: Sequence[_Node], counter: Iterator[int]) -> Iterator[Part]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, _Alone):
            yield Tag(next(counter), "alone", node.text, node.kind)
        else:
            number = next(counter)
            yield Tag(number, "open", node.opens, node.kind)
            yield from _tags(node.inner, counter)
            yield Tag(number, "close", node.closes, node.kind)


def joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Neighbouring words as one."""
    words = ""
    for part in parts:
        if isinstance(part, str):
            words += part
            continue
        if words:
            yield words
        words = ""
        yield part
    if words:
        yield words


def _nodes(text: str, hidden: Hidden, depth: int) -> tuple[_Node, ...]:
    return tuple(_InlineReader(text, hidden, depth).nodes())


class _InlineReader:
    """Reads one stretch of text from left to right. What opens and does not close is a sign as any other."""

    def __init__(self, text: str, hidden: Hidden, depth: int) -> None:
        self.text = text
        self.hidden = hidden
        self.depth = depth
        self.brackets = _brackets(text)

    def nodes(self) -> Iterator[_Node]:
        position, plain = 0, ""
        while begins := _BEGINS.search(self.text, position):
            plain += self.text[position : begins.start()]
            node, position = self._node(begins.start())
            if isinstance(node, str):
                plain += node
            else:
                if plain:
                    yield plain
                plain = ""
                yield node
        plain += self.text[position:]
        if plain:
            yield plain

    def _node(self, at: int) -> tuple[_Node, int]:
        text = self.text
        letter = text[at]
        if verbatim := MARK.match(text, at):
            kind: str = self.hidden.kinds[int(verbatim[1])]
            named = _NAMED.match(text, verbatim.end()) if kind in ("code", "formula") else None
            end = named.end() if named else verbatim.end()
            return _Alone(text[at:end], kind), end
        for kind, pattern in _SIMPLE.get(letter, ()):
            found = pattern.match(text, at)
            if found and not (letter == "h" and at and text[at - 1].isalnum()):
                return _Alone(found.group(), kind), found.end()
        if text.startswith(BRACE, at):
            return "{", at + len(BRACE)
        if letter == "\\" and re.match(_PUNCTUATION + "| ", text[at + 1 : at + 2]):
            return ("\u00a0" if text[at + 1] == " " else text[at + 1]), at + 2
        if letter in "@-" and (cited := self._cited(at)):
            return cited
        if letter in "[!^" and self.depth < DEEPEST and (bracketed := self._bracketed(at)):
            return bracketed
        if letter in "^~" and (script := _SCRIPT.match(text, at)):
            mark = script["mark"]
            return self._pair(mark, script["inner"], mark, "emphasis"), script.end()
        if letter in "*_~" and self.depth < DEEPEST:
            return self._emphasis(at)
        return letter, at + 1

    def _pair(self, opens: str, inner: str, closes: str, kind: str) -> _Pair:
        return _Pair(opens, _nodes(inner, self.hidden, self.depth + 1), closes, kind)

    def _cited(self, at: int) -> tuple[_Node, int] | None:
        found = _CITED.match(self.text, at)
        if not found or (at and (self.text[at - 1].isalnum() or self.text[at - 1] == "@")):
            return None
        locator = _LOCATOR.match(self.text, found.end())
        end = locator.end() if locator else found.end()
        return _Alone(self.text[at:end], "citation"), end

    def _bracketed(self, at: int) -> tuple[_Node, int] | None:
        """An image, a note in place, a citation, a link, a span, or words in brackets."""
        text = self.text
        lead = text[at] if text[at] in "!^" else ""
        start = at + len(lead)
        if (end := self.brackets.get(start)) is None:
            return None
        inner = text[start + 1 : end]
        opens = lead + "["
        if lead == "^":
            return self._pair(opens, inner, "]", "note"), end + 1
        target = _AFTER_BRACKET.match(text, end + 1)
        after = target.end() if target else end + 1
        if not target and text[after : after + 1] == "[" and after in self.brackets and "@" not in inner:
            after = self.brackets[after] + 1
        attributes = _AFTER_SPAN.match(text, after)
        after = attributes.end() if attributes else after
        if after > end + 1:
            kind = "image" if lead else "link" if target else "span"
            return self._pair(opens, inner, text[end:after], kind), after
        if lead:
            return None
        if _CITATIONS.search(inner):
            return self._citation(inner), end + 1
        return self._pair("[", inner, "]", "brackets"), end + 1

    def _citation(self, inner: str) -> _Node:
        """A citation is protected as a whole; words before its first key are translated."""
        first = _CITATIONS.search(inner)
        assert first
        before = inner[: first.start()]
        if not _WORDS.search(before):
            return _Alone(f"[{inner}]", "citation")
        nodes = _nodes(before, self.hidden, self.depth + 1)
        return _Pair("[", (*nodes, _Alone(inner[first.start() :], "citation")), "]", "citation")

    def _emphasis(self, at: int) -> tuple[_Node, int]:
        text = self.text
        if (run := _RUN.match(text, at)) is None:
            return text[at], at + 1
        mark = run.group()
        opens = text[run.end() : run.end() + 1].strip() and not (mark[0] == "_" and at and text[at - 1].isalnum())
        end = self._closing(run.end(), mark) if opens and len(mark) <= 3 else None
        if end is None:
            return mark, run.end()
        return self._pair(mark, text[run.end() : end], mark, "emphasis"), end + len(mark)

    def _closing(self, at: int, mark: str) -> int | None:
        """Where the run `mark` stands again behind a letter; brackets are stepped over as a whole."""
        text, may_close = self.text, _MAY_CLOSE[mark[0]]
        while stop := may_close.search(text, at):
            at, letter = stop.start(), stop.group()
            if letter == "\\":
                at += 2
            elif letter == "[" and at in self.brackets:
                at = self.brackets[at] + 1
            elif letter == mark[0]:
                run = _RUN.match(text, at)
                found = run.group() if run else letter
                behind = not text[at - 1].isspace()
                inside = mark[0] == "_" and text[at + len(found) : at + len(found) + 1].isalnum()
                if found == mark and behind and not inside:
                    return at
                at += len(found)
            else:
                at += 1
        return None


def _brackets(text: str) -> dict[int, int]:
    """The offset of each `[` that closes, and that of its `]`."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for bracket in _BRACKET.finditer(text):
        if bracket.group() == "[":
            opened.append(bracket.start())
        elif bracket.group() == "]" and opened:
            found[opened.pop()] = bracket.start()
    return found
