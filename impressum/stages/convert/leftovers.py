"""Marks of Markdown that pandoc read as text: mostly a slip of the author, who would see it printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from impressum.core.letters import TURNING, unseen_letter
from impressum.stages.convert.attributes import short

MARKS = re.compile(
    r"(?P<note>\[\^[^\]\s]+\])|(?P<inline>\^\[(?!\^))|(?P<citation>@\{)|(?P<attribute>\{[#.](?=\S)|(?<=\])\{[#.]\Z|\{[\w:-]*=)|(?P<link>\]\()|(?P<reference>\]\[)"
    r"|(?P<latex>(?<![\\/:])\\[A-Za-z]{2,}\*?(?=[{\[])|(?<![\w\\/:.])\\[A-Za-z]{3,}(?![\w\\/:]|\.\w))"
    r"|(?P<bookdown>@ref\([\w:-]+\)|\(#[a-z]{2,4}:[\w-]+\))"
    r"|^(?P<fence>`{3,}|~{3,})|(?P<strong>\*\*(?=\w)|(?<=\w)\*\*)"
    rf"|(?P<unseen>[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ue000-\ue0ff{TURNING}])"
    r"|(?P<stacked>[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{11,})"
)


@dataclass(frozen=True)
class Leftover:
    """What was left as text: the letters by which it is found, and the fault that it is."""

    letters: str
    severity: Literal["error", "warning"]
    message: str
    rule: str
    hint: str


def leftover(text: str, *, in_note: bool, notes: frozenset[str]) -> Leftover | None:
    """The first mark in the word `text` that should not be there; `notes` are the notes that are defined."""
    found = MARKS.search(text)
    if not found:
        return None
    letters, kind = found.group(), str(found.lastgroup)
    if kind == "note":
        name = letters[2:-1]
        if name in notes and not in_note:
            return None
        if name in notes:
            return Leftover(
                letters,
                "warning",
                f"`{letters}` stands in a note and is printed as it stands",
                "note-nested",
                "a note cannot hold a note: write its words here, in parentheses",
            )
        return Leftover(
            letters,
            "error",
            f"the note `{short(letters)}` is not defined",
            "note-undefined",
            f"write its text on a line of its own: `{short(letters)}: …`",
        )
    shown = short(text)
    if kind == "citation":
        return Leftover(
            letters,
            "error",
            f"the citation `{shown}` is not understood",
            "citation-malformed",
            "write the key between the braces, letter for letter as in the bibliography",
        )
    if kind == "attribute":
        alone = text.startswith(letters)
        return Leftover(
            text if text.endswith(letters) else letters,  # a quotation mark comes next, which is no part of the word
            "error" if alone else "warning",
            f"`{shown}` is not understood as an id or a class, and is printed as it stands",
            "attribute-malformed",
            "write `{#name}` or `{.name}` with letters, digits, `-` and `_`, directly behind what it belongs to",
        )
    if kind == "unseen":
        return Leftover("", "error", *unseen_letter(letters, f"the word `{shown}`"))
    if kind == "stacked":
        hint = "delete them; no script writes more than a few"
        return Leftover("", "error", f"{len(letters)} accents stand on one letter", "text-marks", hint)
    if kind == "fence":
        message = "the code that begins here is never closed, and is printed as text"
        return Leftover(letters, "warning", message, "markup-unread", "close it with a line of the same marks")
    if kind == "latex":
        hint = next((hint for names, hint in _LATEX.items() if letters.strip("\\*") in names.split()), _NO_LATEX)
        return Leftover(letters, "warning", f"`{letters}` is LaTeX and is printed as it stands", "markup-unread", hint)
    if kind == "bookdown":
        name = re.sub(r"^@ref\(|^\(#|\)$", "", letters)
        name = name.replace("tab:", "tbl:").replace(":", "-") if ":" in name else f"sec-{name.removeprefix('sec-')}"
        refers = letters.startswith("@")
        return Leftover(
            f"\\{letters}" if refers else letters.replace("(", "(\\", 1),
            "error",
            f"`\\{letters}` is a reference of bookdown, which means nothing here"
            if refers
            else f"`{letters.replace('(', '(' + chr(92), 1)}` is a name that bookdown gives, which means nothing here",
            "reference-foreign",
            f"write `@{name}`, which prints the word and the number, or `[-@{name}]` for it alone"
            if refers
            else f"write `{{#{name}}}` behind the caption, the formula or the heading",
        )
    what, hint = _UNREAD[kind]
    return Leftover(letters, "warning", f"`{letters}` is printed as it stands: {what}", "markup-unread", hint)


_NO_LATEX = "write it in Markdown: `*words*`, `**words**`, lists, `[words](https://…)`; pages break by themselves"
_LATEX = {
    "emph textit textsl": "write `*words*`",
    "textbf": "write `**words**`",
    "texttt verb lstinline mintinline": "write the words between backticks",
    "textsc": "write `[words]{.smallcaps}`",
    "underline uline": "write `[words]{.underline}`",
    "textsuperscript": "write `^words^`",
    "textsubscript": "write `~words~`",
    "footnote footnotetext thanks": "write `^[words]` where the mark of the note is to stand",
    "cite citep citet parencite textcite autocite footcite citeauthor citeyear": "write `[@key]`, or `@key` as a word",
    "ref autoref cref Cref eqref pageref nameref vref": "write `@fig-name`, `@tbl-name`, `@sec-name` or `@eq-name`",
    "label": "write `{#fig-name}` behind the caption, `{#sec-name}` behind the heading",
    "url href": "write `<https://…>` or `[words](https://…)`",
    "section subsection subsubsection chapter paragraph": "write `##` before the heading, once for each level",
    "includegraphics": "write `![Caption](file.png)`",
    "caption": "write it in the brackets of the image, or behind `: ` below the table",
    "item": "begin each item with `- ` or `1. `",
    "gls Gls glspl Glspl ac acs acl acf acp acrshort acrlong acrfull": "write the words; "
    "`::: abbreviations` lists what they stand for",
    "enquote": 'write quotation marks: `"words"`',
    "ldots dots textellipsis": "write `...`",
    "todo": "write `<!-- TODO words -->`, which is not printed",
}
"""What to write in place of commands of LaTeX."""
_UNREAD = {
    "inline": (
        "a note in the text is not closed, has an empty line in it, or stands right before `[` or `(`",
        "close it with `]` and a space; a note of several paragraphs is written `[^name]`, and below `[^name]: …`",
    ),
    "link": ("the link is not complete", "write `[words](https://…)` on one line, or `\\]` if no link is meant"),
    "reference": (
        "the link that it refers to is not defined",
        "define it on a line of its own, `[name]: https://…`, or write `\\]` if no link is meant",
    ),
    "strong": ("the bold words are not closed", "write `**` on both sides of the words, or `\\*\\*` for asterisks"),
}
