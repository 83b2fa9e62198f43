"""HTML in a chapter: elements that mean the same as Markdown, hints for the others, `<words>` that are text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

BARE = re.compile(r"^</?([A-Za-z][\w-]*)\s*/?>$")
NAME = re.compile(r"^<(/?)([A-Za-z][\w:-]*)")
COMMENT = re.compile(r"^\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+$", re.DOTALL)
OTHERS = (
    "abbr acronym address article aside audio big body center dd details div dl dt embed figcaption figure font "
    "footer form frame head header html iframe link main map math meta nav nobr noscript object param picture "
    "script section small source span style summary svg template textarea time title track video wbr"
)
TABLE = "write a table with `|` between its columns and a row of `---` below its header"
OTHERWISE = "write it in Markdown; comments `<!-- … -->` are fine"
ELEMENTS = (
    ("b strong", "Strong", "write `**words**`"),
    ("i em cite dfn var", "Emph", "write `*words*`"),
    ("s del strike", "Strikeout", "write `~~words~~`"),
    ("u ins", "Underline", "write `[words]{.underline}`"),
    ("sup", "Superscript", "write `^2^`"),
    ("sub", "Subscript", "write `~2~`"),
    ("code kbd samp tt", "Code", "write the words between backticks"),
    ("pre", "", "write the words between backticks"),
    ("mark", "Mark", "write `[words]{.mark}`"),
    ("br", "", "end the line with a backslash"),
    ("hr", "", "write `* * *` on a line of its own"),
    ("p", "", "leave an empty line between paragraphs"),
    ("a", "", "write `[words](https://…)`"),
    ("img", "", "write `![Caption](file.png)`"),
    ("ul ol li", "", "begin each item with `- ` or `1. `"),
    ("h1 h2 h3 h4 h5 h6", "", "write `#` before the heading, once for each level"),
    ("blockquote q", "", "write `> ` before each line"),
    ("table thead tbody tfoot tr td th caption colgroup col", "", TABLE),
    (OTHERS, "", OTHERWISE),
)
"""Elements that mark up text, the node of pandoc that means the same where there is one, and the hint."""
SAFE = "/:#?&=%+,;@!$'()*~"
"""In the name of a file, what stays as it is written: pandoc writes a space in it as `%20`."""
INSTEAD = {name: hint for names, _, hint in ELEMENTS for name in names.split()}
READ = {name: tag for names, tag, _ in ELEMENTS if tag for name in names.split()}
PARENTS = {
    **dict.fromkeys("thead tbody tfoot tr td th caption colgroup col".split(), ("table",)),
    "li": ("ul", "ol"),
    "dt": ("dl",),
    "dd": ("dl",),
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
    """The hint for an author who wrote `code`."""
    return INSTEAD.get(element(code)[0], OTHERWISE)


def read(inlines: list[Any]) -> list[Any]:
    """Inlines of pandoc's tree with `<sup>`, `<kbd>`, `<br>` and the like as the nodes that they mean."""
    if not any(_is_tag(node) for node in inlines):
        return inlines
    built: list[Any] = []
    opened: list[tuple[str, int]] = []
    for node in inlines:
        code = node["c"][1] if _is_tag(node) else ""
        name, closes = element(code)
        begin = next((at for one, at in reversed(opened) if one == name), None) if closes else None
        made: Any = {"t": "LineBreak"} if name == "br" and not closes else _image(code) if name == "img" else None
        if begin is not None and (made := _made(name, built[begin + 1 :])):
            del built[begin:]
            opened = [(one, at) for one, at in opened if at < begin]
        elif name in READ and not closes and BARE.match(code):
            opened.append((name, len(built)))
        built.append(made or node)
    return built


def _is_tag(node: Any) -> bool:
    return isinstance(node, dict) and node.get("t") == "RawInline" and node["c"][0] == "html"


class _Attributes(HTMLParser):
    """Collects the attributes of a tag, with the letters that they are written for (`&amp;`)."""

    def __init__(self) -> None:
        super().__init__()
        self.given: dict[str, str] = {}

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.given = {name: value or "" for name, value in attrs}


def _image(code: str) -> Any:
    """Pandoc's image for an `<img>` that names a file; None for any other."""
    found = _Attributes()
    found.feed(code)
    if not found.given.get("src"):
        return None
    given = {name: value for name, value in found.given.items() if name not in ("src", "title", "id", "class")}
    for side in ("width", "height"):
        if given.get(side, "").isdecimal():
            given[side] += "px"
    attributes = [found.given.get("id", ""), found.given.get("class", "").split(), list(map(list, given.items()))]
    return {"t": "Image", "c": [attributes, [], [quote(found.given["src"], safe=SAFE), ""]]}


def _made(name: str, content: list[Any]) -> Any:
    """The node that the element `name` around `content` is; None where it is code and holds more than words."""
    if READ[name] == "Mark":  # so pandoc calls what is written as `[words]{.mark}`
        return {"t": "Span", "c": [["", ["mark"], []], content]}
    if READ[name] != "Code":
        return {"t": READ[name], "c": content}
    words = {"Space": " ", "SoftBreak": " "}
    if not all(node["t"] == "Str" or node["t"] in words for node in content):
        return None
    return {"t": "Code", "c": [["", [], []], "".join(words.get(node["t"]) or node["c"] for node in content)]}
