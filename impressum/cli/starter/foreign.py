"""Writes in the words of this program what a text says in those of pandoc-crossref, bookdown and LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable

from impressum.core.markdown_code import blank, without_code
from impressum.stages.convert.words import NOT_WORDS

KINDS = {"fig": "fig", "tbl": "tbl", "tab": "tbl", "eq": "eq", "eqn": "eq", "sec": "sec", "ch": "sec", "chap": "sec"}
_KIND = "fig|tbl|tab|eqn|eq|sec|chap|ch"
_NAME = r"[\w.-]*\w"
_WORDS = r"\{([^{}\n]*)\}"
HEADING = re.compile(r"^(#{1,6} .*?)[ \t]*(?:\{(?P<attributes>[^{}\n]*)\})?[ \t]*#*[ \t]*$", re.MULTILINE)


def _id(kind: str, name: str) -> str:
    return KINDS[kind.lower()] + "-" + re.sub(r"[^\w-]", "-", name)


def _cross(found: re.Match[str]) -> str:
    return f"{found[1]}{_id(found[2], found[3])}"


def _number(found: re.Match[str]) -> str:
    return f"[-@{_id(found[1], found[2])}]"


def _word(found: re.Match[str]) -> str:
    return f"@{_id(found[1], found[2])}"


def _keys(found: re.Match[str]) -> str:
    return "; ".join(f"@{key.strip()}" for key in found[1].split(","))


REWRITTEN: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (rf"(\{{#|(?<![\w.\]])-?@|\]\(#)({_KIND}):({_NAME})", _cross),
    (rf"(\{{#|(?<![\w.\]])-?@|\]\(#)(Fig|Tbl|Tab|Eq|Sec|Chap):({_NAME})", _cross),
    (rf"\\@ref\(({_KIND}):({_NAME})\)", _number),
    (
        rf"!\[\(\\#({_KIND}):({_NAME})\)[ ]*((?:[^\[\]\n]|\[[^\[\]\n]*\])*)\](\([^()\n]*\))(?!\{{)",
        lambda found: f"![{found[3]}]{found[4]}{{#{_id(found[1], found[2])}}}",
    ),
    (
        rf"^((?:Table)?:[ ])[ ]*\(\\#({_KIND}):({_NAME})\)[ ]*(.*)$",
        lambda found: f"{found[1]}{found[4]} {{#{_id(found[2], found[3])}}}",
    ),
    (rf"\\(?:ref|eqref)\{{({_KIND}):({_NAME})\}}", _number),
    (rf"\\(?:auto|[cC]|v|name)ref\{{({_KIND}):({_NAME})\}}", _word),
    (
        rf"[ ]?\\label\{{({_KIND}):({_NAME})\}}(.*?\]\([^()\n]*\))(?!\{{)",
        lambda found: f"{found[3]}{{#{_id(found[1], found[2])}}}",
    ),
    (
        rf"^(#+ .*?)[ ]?\\label\{{({_KIND}):({_NAME})\}}[ \t]*$",
        lambda found: f"{found[1]} {{#{_id(found[2], found[3])}}}",
    ),
    (rf"\\(?:citep?|parencite|autocite|footcite){_WORDS}", lambda found: f"[{_keys(found)}]"),
    (rf"\\(?:citet|textcite){_WORDS}", lambda found: _keys(found)),
    (rf"\\(?:emph|textit|textsl){_WORDS}", lambda found: f"*{found[1]}*"),
    (rf"\\textbf{_WORDS}", lambda found: f"**{found[1]}**"),
    (rf"\\texttt{_WORDS}", lambda found: f"`{found[1]}`"),
    (rf"\\footnote{_WORDS}", lambda found: f"^[{found[1]}]"),
    (rf"\\(?:url|href){_WORDS}(?!\{{)", lambda found: f"<{found[1]}>"),
)


def written_here(text: str) -> str:
    """The Markdown `text` with what it says in the words of those programs written as it is said here; code and
    formulas are left alone, and no line moves."""
    for pattern, new in REWRITTEN:
        text = _replaced(re.compile(pattern, re.MULTILINE), new, text)
    return _with_names(text)


def _replaced(pattern: re.Pattern[str], new: Callable[[re.Match[str]], str], text: str) -> str:
    hidden = NOT_WORDS.sub(lambda one: blank(one[0]) if one["span"] or one["formula"] else one[0], without_code(text))
    for found in reversed(list(pattern.finditer(hidden))):
        real = pattern.match(text, found.start())
        text = text[: found.start()] + new(real or found) + text[found.end() :]
    return text


def _with_names(text: str) -> str:
    r"""`text` with `\@ref(name)` as a reference to the heading of that name, which gets it as its id."""
    wanted = set(re.findall(r"\\@ref\(([\w-]+)\)", without_code(text)))
    if not wanted:
        return text
    text = _replaced(re.compile(r"\\@ref\(([\w-]+)\)"), lambda found: f"[-@sec-{found[1].removeprefix('sec-')}]", text)

    def named(found: re.Match[str]) -> str:
        attributes = found["attributes"] or ""
        own = re.search(r"#([\w:.-]+)", attributes)
        name = own[1] if own else _automatic(found[1])
        if name not in wanted:
            return found[0]
        rest = attributes.replace(own[0], "").strip() if own else attributes
        return f"{found[1]} {{#sec-{name.removeprefix('sec-')}{' ' if rest else ''}{rest}}}"

    text = _replaced(HEADING, named, text)
    return _replaced(
        re.compile(r"\]\(#([\w-]+)\)"),
        lambda found: f"](#sec-{found[1].removeprefix('sec-')})" if found[1] in wanted else found[0],
        text,
    )


def _automatic(heading: str) -> str:
    """The id that pandoc gives to a heading."""
    words = re.sub(r"[^\w\s.-]", "", heading.lstrip("# ").lower())
    return re.sub(r"^[^a-z]+", "", re.sub(r"\s+", "-", words.strip()))
