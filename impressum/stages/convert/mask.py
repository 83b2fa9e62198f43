"""The source as a reader of the pages sees it: what never becomes words is blanked, at the same length.

Blanked are comments, the targets of links, attributes, definitions of links, the marks of code fences. Code and
formulas stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from impressum.core.markdown_blocks import line_starts, scan, walk

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
        parts += [_printed(text[done:begin]), text[begin:said], _blank(text[said:inside]), text[inside:end]]
        done = end
    return "".join([*parts, _printed(text[done:])])


def code_of(text: str) -> Iterator[tuple[int, int, int]]:
    """The offsets of each block of code in `text`: of its first line, of the first line of the code, of its end."""
    lines = text.split("\n")
    starts = line_starts(lines)
    for block in walk(scan(lines)):
        if block.kind == "code":
            yield starts[block.at], starts[block.at + block.lead], starts[block.end]


def without_code(text: str, *, spans: bool = False) -> str:
    """`text` with its blocks of code blanked, and the code within its lines (`spans`); every offset and line stays."""
    parts: list[str] = []
    done = 0
    for begin, _, end in [*code_of(text), (len(text), 0, len(text))]:
        kept = text[done:begin]
        if spans:
            kept = NOT_WORDS.sub(lambda found: _blank(found[0]) if found["span"] else found[0], kept)
        parts += [kept, _blank(text[begin:end])]
        done = end
    return "".join(parts)


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
        parts += [text[done:begin], _blank(text[begin:end])]
        done = end
    return "".join([*parts, text[done:]])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
