"""Slips of the author that pandoc reads without complaint: marks left as text, lists, code and tables that are none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from impressum.core.errors import Faults, Severity
from impressum.core.letters import TURNING, unseen_letter
from impressum.core.markdown_code import without_code
from impressum.core.model.sources import RenderedChapter
from impressum.stages.convert.align import Aligner
from impressum.stages.convert.attributes import short

MARKS = re.compile(
    r"(?P<note>\[\^[^\]\s]+\])|(?P<inline>\^\[(?!\^))|(?P<citation>@\{)|(?P<attribute>\{[#.](?=\S)|(?<=\])\{[#.]\Z|\{[\w:-]*=)|(?P<link>\]\()|(?P<reference>\]\[)"
    r"|(?P<latex>(?<![\\/:])\\[A-Za-z]{2,}\*?(?=[{\[])|(?<![\w\\/:.])\\[A-Za-z]{3,}(?![\w\\/:]|\.\w))"
    r"|(?P<bookdown>@ref\([\w:-]+\)|\(#[a-z]{2,4}:[\w-]+\)|\(ref:[\w-]+\))"
    r"|^(?P<fence>`{3,}|~{3,})|(?P<strong>\*\*(?=\w)|(?<=\w)\*\*)"
    rf"|(?P<unseen>[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ue000-\ue0ff{TURNING}])"
    r"|(?P<stacked>[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{11,})"
)
BULLETS = "•‣▪▫◦●○■□∙⁃◆"
BULLET_LINE = re.compile(rf"^[ \t>]*(?:[-*+] +)?([{BULLETS}])", re.MULTILINE)
ITEM_LINE = re.compile(r"^[ \t>]*([-*+]|1[.)])[ \t]", re.MULTILINE)
PROSE = re.compile(r"\w++[,;]?(?:\s++[(\"'“„]?\w++[)\"'”“,;:]*+){3,}+.*[.!?…][)\"'”“]?$", re.DOTALL)
DELIMITER = re.compile(r"^[ \t>]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+$")
GRID = re.compile(r"^[ \t>]*+\+(?:[-=:]++\+)++[ \t]*+$")
WITHIN = " \t>"
"""The letters before the lines of a list, a note or a quotation."""
CELL_PARTS = re.compile(r"\\.|(?<!`)(`++).*?(?<!`)\1(?!`)|\$[^$|]*\$|\|")


@dataclass(frozen=True)
class Leftover:
    """Markup left as text: the letters by which it is found, and its fault."""

    letters: str
    severity: Severity
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
            message = f"`{letters}` is in a note and is printed as it stands"
            hint = "a note cannot hold a note: write its words here, in parentheses"
            return Leftover(letters, "warning", message, "note-nested", hint)
        hint = f"write its text on a line of its own: `{short(letters)}: …`"
        return Leftover(letters, "error", f"the note `{short(letters)}` is not defined", "note-undefined", hint)
    shown = short(text)
    if kind == "citation":
        hint = "write the key between the braces, letter for letter as in the bibliography"
        return Leftover(letters, "error", f"the citation `{shown}` is not understood", "citation-malformed", hint)
    if kind == "attribute":
        severity: Severity = "error" if text.startswith(letters) else "warning"
        letters = text if text.endswith(letters) else letters  # then a quotation mark follows, and ends the word
        message = f"`{shown}` is not understood as an id or a class, and is printed as it stands"
        hint = "write `{#name}` or `{.name}` with letters, digits, `-` and `_`, directly behind what it belongs to"
        return Leftover(letters, severity, message, "attribute-malformed", hint)
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
        if letters.startswith("(ref:"):
            message = f"`{letters}` names a text of bookdown, which means nothing here"
            hint = "write the words where they are to stand: a caption may hold all Markdown, notes and citations too"
            return Leftover(letters, "error", message, "reference-foreign", hint)
        written, what = f"\\{letters}", "is a reference of bookdown"
        hint = f"write `@{name}`, which prints the word and the number, or `[-@{name}]` for it alone"
        if not letters.startswith("@"):
            written, what = letters.replace("(", "(\\", 1), "is a name that bookdown gives"
            hint = f"write `{{#{name}}}` behind the caption, the formula or the heading"
        return Leftover(written, "error", f"`{written}` {what}, which means nothing here", "reference-foreign", hint)
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
"""The hints for commands of LaTeX."""
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


def check_list_marks(raw: Any, aligner: Aligner, faults: Faults) -> None:
    """Warns where the paragraph `raw`, which is read next, looks like a list."""
    if raw and raw[0]["t"] == "Str" and raw[0]["c"][:1] in BULLETS:
        found = aligner.pattern(BULLET_LINE)
        if found:
            message = f"the paragraph begins with `{found[1]}`, which makes no list"
            hint = "begin each item with `- ` on a line of its own, and leave an empty line before the first"
            faults.warning(aligner.chapter.place(found.start(1), found[1]), message, "list-bullets", hint)
        return
    signs = [
        node["c"]
        for before, node, after in zip(raw, raw[1:], raw[2:], strict=False)
        if before["t"] == "SoftBreak" and node["t"] == "Str" and after["t"] == "Space"
    ]
    sign = next((one for one in signs if one in ("-", "*", "+") or (one in ("1.", "1)") and len(signs) > 1)), None)
    if sign is None:
        return
    found = aligner.pattern(ITEM_LINE)
    if found:
        message = f"the line begins with `{found[1]}` but belongs to the paragraph above it, and makes no list"
        hint = f"leave an empty line before the list, or write `\\{sign}` for the sign itself"
        faults.warning(aligner.chapter.place(found.start(1), found[1]), message, "list-unread", hint)


def is_indented_prose(text: str, aligner: Aligner) -> bool:
    """Whether the code `text`, which is read next, is a paragraph that was only indented."""
    first = text.partition("\n")[0].strip()
    if not first or not PROSE.fullmatch(text.strip().partition("\n\n")[0]):
        return False
    found = aligner.pattern(re.compile(rf"^([ \t>]*){re.escape(first)}[ \t]*$", re.MULTILINE))
    return found is not None and bool(re.search(r" {4}|\t", found[1])) and not aligner.is_fenced(found.start())


def check_tables(chapter: RenderedChapter, faults: Faults) -> None:
    """Notes a fault for each row with too many cells, each grid that is not square, each table that is read as text."""
    lines = without_code(chapter.text).split("\n")
    for begin, end in _stretches(lines):
        if GRID.match(lines[begin]):
            _check_grid(chapter, lines, begin, end, faults)
        elif begin + 1 < end and "|" in lines[begin] and _is_delimiter(lines[begin + 1]):
            _check_pipes(chapter, lines, begin, end, faults)
        else:
            _check_unread(chapter, lines, begin, end, faults)


def _stretches(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The stretches of lines between blank ones: the index of the first, and of the blank one after the last."""
    begin: int | None = None
    for index, line in enumerate([*lines, ""]):
        if line.strip(WITHIN) and begin is None:
            begin = index
        elif not line.strip(WITHIN) and begin is not None:
            yield begin, index
            begin = None


def _is_delimiter(line: str) -> bool:
    return "|" in line and "-" in line and bool(DELIMITER.match(line))


def _check_pipes(chapter: RenderedChapter, lines: list[str], begin: int, end: int, faults: Faults) -> None:
    columns = len(_cells(lines[begin + 1]))
    for index in (begin, *range(begin + 2, end)):
        if lines[index].lstrip().startswith((":", "Table:")):
            return
        cells = _cells(lines[index])
        if not _bars(lines[index]):
            message = "this line stands right below a table and is taken for a row of it"
            hint = "leave an empty line after the table"
            faults.warning(chapter.map.place(index + 1, 1), message, "table-unread", hint)
            return
        if len(cells) > columns and "|" in lines[index]:
            extra = cells[columns]
            message = f"this row has {len(cells)} cells and the table {columns} columns"
            hint = "what is in the last would be lost: "
            hint += "take a `|` out (write `\\|` for one that is text), or add a column"
            faults.error(chapter.map.place(index + 1, extra + 1), message, "table-cells", hint)


def _check_unread(chapter: RenderedChapter, lines: list[str], begin: int, end: int, faults: Faults) -> None:
    """A stretch of text that looks like a table."""
    below = next((index for index in range(begin + 2, end) if _is_delimiter(lines[index])), None)
    if below is not None and _bars(lines[below - 1]):
        message = "the table that begins here belongs to the paragraph above it, and is printed as text"
        faults.warning(chapter.map.place(below, 1), message, "table-unread", "leave an empty line before the table")
        return
    counts = {_bars(line) for line in lines[begin:end]}
    if end - begin > 1 and len(counts) == 1 and min(counts) > 1:
        rule = "|---" * len(_cells(lines[begin])) + "|"
        message = "these lines look like a table, but are printed as text: the line below the first one is missing"
        hint = f"write `{rule}` below the names of the columns"
        faults.warning(chapter.map.place(begin + 1, 1), message, "table-unread", hint)


def _bars(line: str) -> int:
    """How many `|` of `line` part cells."""
    return sum(found.group() == "|" for found in CELL_PARTS.finditer(re.sub(r"\$[^$]+\$", "", line)))


def _cells(line: str) -> list[int]:
    """Where each cell of a row begins, its `|` not counted."""
    row = line.rstrip()
    bars = [found.start() for found in CELL_PARTS.finditer(row) if found.group() == "|"]
    first = len(row) - len(row.lstrip())
    starts = [bar + 1 for bar in bars if bar < len(row) - 1]
    return starts if bars and bars[0] == first else [first, *starts]


def _check_grid(chapter: RenderedChapter, lines: list[str], begin: int, end: int, faults: Faults) -> None:
    wanted = _width(lines[begin])
    for index in range(begin + 1, end):
        line = lines[index].lstrip(WITHIN).rstrip()
        if line.startswith((":", "Table:")):
            return
        width = _width(lines[index])
        if width != wanted or line[0] not in "+|":
            message = f"the table is not well formed: this line is {width} characters wide, its first one {wanted}"
            hint = "make every line as wide as the first, each beginning and ending with `+` or `|`"
            faults.warning(chapter.map.place(index + 1, 1), message, "table-malformed", hint)
            return


def _width(line: str) -> int:
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in line.rstrip()
    )
