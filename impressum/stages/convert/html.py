"""Raw HTML in a chapter: what to write instead, and which `<words>` are no HTML but text."""

from __future__ import annotations

import re

BARE = re.compile(r"^</?([A-Za-z][\w-]*)\s*/?>$")
NAME = re.compile(r"^<(/?)([A-Za-z][\w:-]*)")
COMMENT = re.compile(r"^\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+$", re.DOTALL)
OTHERWISE = "write it in Markdown; comments `<!-- … -->` are fine"
INSTEAD = {
    **dict.fromkeys(("b", "strong"), "write `**words**`"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), "write `*words*`"),
    **dict.fromkeys(("s", "del", "strike"), "write `~~words~~`"),
    **dict.fromkeys(("u", "ins"), "write `[words]{.underline}`"),
    "sup": "write `^2^`",
    "sub": "write `~2~`",
    "br": "end the line with a backslash",
    "hr": "write `* * *` on a line of its own",
    "p": "leave an empty line between paragraphs",
    "a": "write `[words](https://…)`",
    "img": "write `![Caption](file.png)`",
    **dict.fromkeys(("code", "kbd", "samp", "tt", "pre"), "write the words between backticks"),
    **dict.fromkeys(("ul", "ol", "li"), "begin each item with `- ` or `1. `"),
    **dict.fromkeys(
        ("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"),
        "write a table with `|` between its columns and a row of `---` below its header",
    ),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "write `#` before the heading, once for each level"),
    **dict.fromkeys(("blockquote", "q"), "write `> ` before each line"),
    **dict.fromkeys(
        (
            "abbr acronym address article aside audio big body center dd details div dl dt embed figcaption figure "
            "font footer form frame head header html iframe link main map mark math meta nav nobr noscript object "
            "param picture script section small source span style summary svg template textarea time title track "
            "video wbr"
        ).split(),
        OTHERWISE,
    ),
}

PARENTS = {
    **dict.fromkeys(("thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"), ("table",)),
    **dict.fromkeys(("li",), ("ul", "ol")),
    **dict.fromkeys(("dt", "dd"), ("dl",)),
}


def is_comment(code: str) -> bool:
    """Whether `code` is nothing but HTML comments."""
    return bool(COMMENT.match(code))


def is_text(code: str) -> bool:
    """Whether `code` is a word in angle brackets (`<name>`) that is no element which marks up text."""
    bare = BARE.match(code)
    return bare is not None and bare[1].lower() not in INSTEAD


def element(code: str) -> tuple[str, bool]:
    """The name of the first element in `code` (empty: none), and whether its tag is a closing one."""
    found = NAME.match(code.strip())
    return (found[2].lower(), bool(found[1])) if found else ("", False)


def belongs_to_one_of(name: str, open_elements: list[str]) -> bool:
    """Whether the element `name` is part of an open one (a row of its table): one fault is enough for both."""
    return any(parent in open_elements for parent in PARENTS.get(name, ()))


def instead(code: str) -> str:
    """The hint: what an author writes in place of `code`."""
    return INSTEAD.get(element(code)[0], OTHERWISE)
