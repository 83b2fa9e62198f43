"""The author's own commands of mathematics: `\\newcommand` and `\\DeclareMathOperator` on lines of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from impressum.stages.convert.mask import without_any_code

_FLAT = r"(?:[^{}\n]|\{[^{}\n]*\})*"
_GROUP = rf"\{{(?P<body>(?:[^{{}}\n]|\{{{_FLAT}\}}){{0,500}})\}}"
DEFINITION = re.compile(
    r"^ {0,3}\\(?P<kind>DeclareMathOperator\*?|(?:re)?newcommand\*?|providecommand\*?)[ ]*"
    rf"(?:\{{\\(?P<name>[A-Za-z]+)\}}|\\(?P<bare>[A-Za-z]+))[ ]*(?:\[(?P<count>[1-9])\])?[ ]*{_GROUP}[ \t]*$",
    re.MULTILINE,
)
COMMAND = re.compile(r"\\([A-Za-z]+)")
ARGUMENT = re.compile(rf"\s*(?:{_GROUP}|(?P<sign>[^\s{{}}]))")
ROUNDS = 8
"""How deep commands may stand in each other."""
LONGEST = 8000
"""Letters of a formula; one that would become longer is left as it is."""

Macros = Mapping[str, tuple[int, str]]
"""How many arguments a command takes, and what it stands for, by its name."""


def macros_of(text: str) -> Macros:
    """The commands that the Markdown `text` defines."""
    macros: dict[str, tuple[int, str]] = {}
    for found in _definitions(text):
        body = found["body"]
        is_operator = found["kind"].startswith("Declare")
        macros[found["name"] or found["bare"]] = (
            int(found["count"] or 0),
            rf"\operatorname{{{body}}}" if is_operator else body,
        )
    return macros


def without_definitions(text: str) -> str:
    """`text` with comments in the place of its definitions; no line moves."""
    for found in reversed(_definitions(text)):
        text = f"{text[: found.start()]}<!---->{text[found.end() :]}"
    return text


def expanded(tex: str, macros: Macros) -> str:
    """The formula `tex` with what `macros` stand for in their place."""
    before = ""
    rounds = 0
    while macros and tex != before and rounds < ROUNDS and len(tex) < LONGEST:
        before, tex, rounds = tex, _once(tex, macros), rounds + 1
    return tex if len(tex) < LONGEST else before


def _once(tex: str, macros: Macros) -> str:
    parts: list[str] = []
    done = 0
    for found in COMMAND.finditer(tex):
        count, body = macros.get(found[1], (0, None))
        if body is None or found.start() < done:
            continue
        end = found.end()
        given: list[str] = []
        while len(given) < count and (argument := ARGUMENT.match(tex, end)):
            given.append(argument["body"] if argument["sign"] is None else argument["sign"])
            end = argument.end()
        if len(given) == count:
            parts += [tex[done : found.start()], re.sub(r"#([1-9])", partial(_given, given), body)]
            done = end
    return "".join([*parts, tex[done:]])


def _given(given: list[str], mark: re.Match[str]) -> str:
    number = int(mark[1])
    return given[number - 1] if number <= len(given) else mark[0]


def _definitions(text: str) -> list[re.Match[str]]:
    return list(DEFINITION.finditer(without_any_code(text))) if "\\" in text else []
