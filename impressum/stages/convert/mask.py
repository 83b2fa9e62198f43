"""The source as a reader of the pages sees it: what never becomes words is blanked, at the same length.

Blanked are comments, the targets of links, attributes, definitions of links, the marks of code fences. Code and
formulas stay.
"""

from __future__ import annotations

import re

from impressum.core.markdown_code import blank, code_of, without_code

MARK = re.compile(r"`{3,}|~{3,}")
NOT_WORDS = re.compile(
    r"""
    (?P<span>(?<![`\\])(?P<ticks>`+)(?!`)(?:[^`\n]|\n(?![ \t]*\n)){1,2000}?(?<!`)(?P=ticks)(?!`))
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
    done = 0
    for begin, inside, end in code_of(text):
        mark = MARK.search(text, begin, inside)
        said = mark.end() if mark else inside
        parts += [_printed(text[done:begin]), text[begin:said], blank(text[said:inside]), text[inside:end]]
        done = end
    return "".join([*parts, _printed(text[done:])])


def without_any_code(text: str) -> str:
    """`text` with its blocks of code and the code within its lines blanked; every offset and line stays."""
    return NOT_WORDS.sub(lambda found: blank(found[0]) if found["span"] else found[0], without_code(text))


def _printed(text: str) -> str:
    """`text`, which holds no blocks of code, without what is not printed."""
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
        if found.group("comment"):
            closed = text.find("-->", position) if comments else -1
            comments = closed >= 0
            if not comments:
                continue  # nor is any that follows; to look again for each would take quadratic time
            end = position = closed + 3
        parts += [text[done:begin], blank(text[begin:end])]
        done = end
    return "".join([*parts, text[done:]])
