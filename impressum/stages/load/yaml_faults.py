"""Turns PyYAML's syntax errors into faults that help the author."""

from __future__ import annotations

import re

import yaml

from impressum.core.errors import Faults, Place

VALUE = re.compile(r"^\s*(?:-\s+)*(?:[^\s:#\"'\[{][^:]*:\s+)?(?=\S)")
"""The part of a line before its value: indentation, `- `, `key: `."""


def add_syntax_fault(exc: yaml.YAMLError, lines: list[str], path: str, offset: int, faults: Faults) -> None:
    """Notes the fault that `exc` means, at its line and column in the file `path`."""
    problem_mark = getattr(exc, "problem_mark", None)
    if problem_mark is None:
        faults.error(Place(path), f"the file is not YAML: {exc}", "yaml-syntax", "save it as plain text, in UTF-8")
        return
    context_mark = getattr(exc, "context_mark", None) or problem_mark
    problem, context = str(getattr(exc, "problem", "")), str(getattr(exc, "context", ""))
    line, column, message, rule, hint = _SyntaxError(lines, problem, context, problem_mark, context_mark).explain()
    if line >= len(lines):  # the parser is behind the end of the file
        line, column = len(lines) - 1, 0
    faults.error(Place(path, line + 1 + offset, column + 1), message, rule, hint)


_Explanation = tuple[int, int, str, str, str]
"""Line and column (from 0), message, rule, hint."""


class _SyntaxError:
    """One syntax error, and the questions that tell its kinds apart."""

    def __init__(self, lines: list[str], problem: str, context: str, at: yaml.Mark, since: yaml.Mark) -> None:
        self.lines, self.problem, self.context = lines, problem, context
        self.line, self.column = at.line, at.column
        self.from_line, self.from_column = since.line, since.column

    def explain(self) -> _Explanation:
        return (
            self._tab()
            or self._unclosed_quote()
            or self._first_letter()
            or self._brackets()
            or self._after_close()
            or self._colon()
            or self._no_colon()
            or self._indent()
        )

    def _text(self, line: int) -> str:
        return self.lines[line] if 0 <= line < len(self.lines) else ""

    def _value_start(self, line: int) -> int:
        found = VALUE.match(self._text(line))
        return found.end() if found else 0

    def _tab(self) -> _Explanation | None:
        text = self._text(self.line)
        indent = text[: len(text) - len(text.lstrip())]
        if "\t" not in indent:
            return None
        return (self.line, indent.index("\t"), "a tab indents this line", "yaml-tab", "indent with spaces only")

    def _unclosed_quote(self) -> _Explanation | None:
        if "quoted scalar" in self.context:
            if "escape" in self.problem:
                message = "a backslash in double quotes begins an escape that does not exist"
                hint = "use single quotes, or write the backslash twice"
                return self.from_line, self.from_column, message, "yaml-escape", hint
            return self._quote(self.from_line, self.from_column)
        for line in range(self.line, -1, -1):
            start = self._value_start(line)
            quote = self._text(line)[start : start + 1]
            if quote in ('"', "'") and quote and self._text(line).count(quote) % 2 and line < self.line:
                return self._quote(line, start)
            if line < self.line and self._text(line).strip():
                break
        return None

    def _quote(self, line: int, column: int) -> _Explanation:
        quote = self._text(line)[column : column + 1]
        message = f"the quote `{quote}` that begins here is not closed"
        return line, column, message, "yaml-quote", f"close it with `{quote}` at the end of the value"

    def _first_letter(self) -> _Explanation | None:
        start = self._value_start(self.line)
        letter = self._text(self.line)[start : start + 1]
        special = (
            (letter in ("@", "`", "%") and "cannot start any token" in self.problem)
            or (letter in ("*", "&", "!") and any(word in self.context for word in ("alias", "anchor", "tag")))
            or (letter in (">", "|") and "block scalar" in self.context)
            or (letter in ("-", "?", ",") and "not allowed" in self.problem and self.column == start)
        )
        if not special:
            return None
        hint = f"put the value in quotes: {self._quoted(start)}"
        return self.line, start, f"a value cannot begin with `{letter}`", "yaml-first-character", hint

    def _brackets(self) -> _Explanation | None:
        if "flow" not in self.context:
            return None
        line, column = self.from_line, self.from_column
        bracket = self._text(line)[column : column + 1]
        if bracket not in ("[", "{"):  # the parser names the end of the file, or what stands inside
            line, column = self._open_bracket()
            bracket = self._text(line)[column : column + 1]
        close = "]" if bracket == "[" else "}"
        message = f"the bracket `{bracket}` that begins here is not closed, or a comma is missing in it"
        hint = f"close it with `{close}`, or put the value in quotes if it is a text that begins with `{bracket}`"
        return line, column, message, "yaml-bracket", hint

    def _open_bracket(self) -> tuple[int, int]:
        """The innermost bracket that is open where the problem is, as far as brackets alone show it."""
        waiting: list[tuple[int, int]] = []
        for number, text in enumerate(self.lines[: self.line + 1]):
            for found in re.finditer(r"[\[\]{}]", text[: self.column] if number == self.line else text):
                if found.group() in "[{":
                    waiting.append((number, found.start()))
                elif waiting:
                    waiting.pop()
        return waiting[-1] if waiting else (min(self.line, len(self.lines) - 1), self.column)

    def _after_close(self) -> _Explanation | None:
        start = self._value_start(self.line)
        letter = self._text(self.line)[start : start + 1]
        if not letter or letter not in "\"'[{" or "not allowed" in self.problem:
            return None
        what = "list or mapping" if letter in "[{" else "quoted text"
        rule = "yaml-quote" if letter in "\"'" else "yaml-bracket"
        hint = "put the whole value in quotes; a quote of the same kind inside is written twice in single quotes"
        return self.line, start, f"text stands after the {what} that begins with `{letter}`", rule, hint

    def _colon(self) -> _Explanation | None:
        text = self._text(self.line)
        start = self._value_start(self.line)
        if "not allowed" not in self.problem or self.column < start or not re.search(r":\s", text[:start]):
            return None
        message = "a colon and a space stand inside a value without quotes"
        return self.line, self.column, message, "yaml-colon", f"put the value in quotes: {self._quoted(start)}"

    def _no_colon(self) -> _Explanation | None:
        line, column = self.line, 0
        if "expected ':'" in self.problem:
            line, column = self.from_line, self.from_column
        elif "not allowed" in self.problem and ":" not in self._text(self.line - 1):
            line = self.line - 1
            column = len(self._text(line)) - len(self._text(line).lstrip())
        else:
            return None
        if not self._text(line).strip():
            return None
        hint = "write a colon and a space after the key"
        return line, column, "this line is not a `key: value` line", "yaml-syntax", hint

    def _indent(self) -> _Explanation:
        text = self._text(self.line)
        spaces = len(text) - len(text.lstrip())
        if any(words in self.problem for words in ("expected key", "block end", "not allowed", "'-'")):
            plural = "" if spaces == 1 else "s"
            message = f"this line is indented by {spaces} space{plural}, which fits no line above it"
            hint = "indent it as far as the other keys or items that it belongs to"
            return self.line, spaces, message, "yaml-indent", hint
        hint = "put the value in quotes, or write one `key: value` a line"
        return self.line, self.column, f"this is not YAML: {self.problem}", "yaml-syntax", hint

    def _quoted(self, start: int) -> str:
        text = self._text(self.line)
        value = text[start:].rstrip()
        key = text[:start].strip()
        if len(value) > 60:
            value = f"{value[:59]}…"
        quoted = "'" + value.replace("'", "''") + "'" if '"' in value or "\\" in value else f'"{value}"'
        return f"`{key} {quoted}`" if key else f"`{quoted}`"
