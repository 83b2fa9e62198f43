"""The source as a reader of the pages sees it: what never becomes words is blanked, at the same length.

Blanked are comments, the targets of links, attributes, definitions of links, the marks of code fences. Code and
formulas stay.
"""

from __future__ import annotations

import re

CODE_INDENTS = ("    ", "\t")
NOT_WORDS = re.compile(
    r"""
    (?P<fence>^[ \t>]*(?P<mark>`{3,}|~{3,})(?P<info>[^`\n]*)\n
        (?:(?![ \t>]*(?P=mark))[^\n]*(?:\n|\Z))*
        (?:[ \t>]*(?P=mark)[`~]*[ \t]*(?:\n|\Z))?)
    | (?P<span>(?<![`\\])(?P<ticks>`+)(?!`)(?:[^`\n]|\n(?![ \t]*\n)){1,2000}?(?<!`)(?P=ticks)(?!`))
    | (?P<formula>\$\$[^$]{1,2000}\$\$|\$(?=\S)[^$\n]{1,500}(?<=\S)\$(?!\d))
    | (?P<comment><!--)
    | (?P<escape>\\.)
    | (?<=\])(?P<target>\((?:[^()\\\n]|\\.|\n(?![ \t]*\n)|\((?:[^()\\\n]|\\.){0,2000}\)){0,2000}\))
    | (?<=\])(?P<label>\[(?!\^)[^\[\]@\n]{1,500}\])
    | (?P<definition>^[ ]{0,3}\[(?!\^)[^\]\n]{1,500}\]:[ \t]*\S[^\n]*)
    | (?<=[\]\)`\w"'.!?: ])(?P<attributes>\{
        (?:[#.](?=[^\W\d])|[\w:-]{1,100}=)(?:[^{}"'\n]|"[^"\n]{0,2000}"|'[^'\n]{0,2000}'){0,2000}\})
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)


def readable(text: str) -> str:
    """`text` with everything blanked that pandoc reads and does not print; every offset and line stays."""
    parts: list[str] = []
    position = done = 0
    comments = True
    while found := NOT_WORDS.search(text, position):
        position = found.end()
        begin, end = found.span(
            found.lastgroup if found.lastgroup in ("target", "label", "definition", "attributes") else 0
        )
        if found.group("span") or found.group("escape") or found.group("formula"):
            continue
        if found.group("fence"):
            begin, end = found.span("info")
        elif found.group("comment"):
            closed = text.find("-->", position) if comments else -1
            comments = closed >= 0
            if not comments:
                continue  # nor is any that follows; to look again for each would take quadratic time
            end = position = closed + 3
        parts += [text[done:begin], _blank(text[begin:end])]
        done = end
    return "".join([*parts, text[done:]])


def without_code(text: str) -> str:
    """`text` with its fenced code blanked; every offset and line stays."""
    return NOT_WORDS.sub(lambda found: _blank(found.group()) if found.group("fence") else found.group(), text)


def without_any_code(text: str, lines: frozenset[str]) -> str:
    """`text` with fenced code, code in the line and the indented code of `lines` blanked; every offset stays."""
    code = ("fence", "span")
    kept = NOT_WORDS.sub(lambda found: _blank(found[0]) if any(found[kind] for kind in code) else found[0], text)
    return "".join(
        _blank(line) if line.startswith(CODE_INDENTS) and line.strip() in lines else line
        for line in kept.splitlines(keepends=True)
    )


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
