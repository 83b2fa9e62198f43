"""The source as a reader of the pages sees it: what never becomes words is blanked, at the same length.

Blanked are comments, the targets of links, attributes, definitions of links, the marks of code fences. Code stays.
"""

from __future__ import annotations

import re

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
NOT_WORDS = re.compile(
    r"""
    (?P<fence>^(?P<indent>[ \t>]*)(?P<mark>`{3,}|~{3,})(?P<info>[^`\n]*)\n
        (?P<code>(?:(?![ \t>]*(?P=mark))[^\n]*\n?)*))
    | (?P<span>(?<![`\\])(?P<ticks>`+)(?!`)(?:[^`\n]|\n(?![ \t]*\n)){1,2000}?(?<!`)(?P=ticks)(?!`))
    | (?P<comment><!--.*?-->)
    | (?P<escape>\\.)
    | (?<=\])(?P<target>\((?:[^()\\\n]|\\.|\n(?![ \t]*\n)|\((?:[^()\\\n]|\\.){0,2000}\)){0,2000}\))
    | (?P<definition>^[ ]{0,3}\[(?!\^)[^\]\n]{1,500}\]:[ \t]*\S[^\n]*)
    | (?<=[\]\)`\w"'.!?: ])(?P<attributes>\{(?:[#.](?=[\w])|[\w:-]+=)(?:[^{}"'\n]|"[^"\n]{0,2000}"|'[^'\n]{0,2000}'){0,2000}\})
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)


def readable(text: str) -> str:
    """`text` with everything blanked that pandoc reads and does not print; every offset and line stays."""
    return NOT_WORDS.sub(_blanked, text)


def without_comments(text: str) -> str:
    """`text` with its comments blanked."""
    return COMMENT.sub(lambda found: _blank(found.group()), text)


def _blanked(found: re.Match[str]) -> str:
    whole = found.group()
    if found.group("span") or found.group("escape"):
        return whole
    if found.group("fence"):
        begin, end = found.start("info") - found.start(), found.end("info") - found.start()
        return whole[:begin] + _blank(whole[begin:end]) + whole[end:]
    return _blank(whole)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
