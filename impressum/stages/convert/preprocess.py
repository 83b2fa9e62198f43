"""Prepares Markdown for pandoc: chunks of R Markdown, LaTeX (formulas, marks, macros), Cyrillic list markers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from impressum.core.errors import Faults
from impressum.core.markdown_blocks import scan, walk
from impressum.core.markdown_code import blank, without_code
from impressum.core.model.sources import RenderedChapter
from impressum.stages.convert.attributes import short
from impressum.stages.convert.limits import LONGEST_FORMULA
from impressum.stages.convert.typst import typst_name
from impressum.stages.convert.words import NOT_WORDS, without_any_code

CHUNK = re.compile(r"(?P<lead>[ \t>]*(?:`{3,}|~{3,}))[ ]*(?P<says>\{(?P<language>[A-Za-z][\w.+-]*)(?=[\s,}]).*\})")
"""The line that opens a chunk: `{r, echo=FALSE}`. An attribute of pandoc begins with `.`, `#` or `=`, or is a pair."""
WORDY = re.compile(
    r"(?P<lead>[ \t>]*(?:[-*+] +)?(?:`{3,}|~{3,})[ ]*[^\s`{}]+)(?:[ ]+[^\s`{}]+)+[ ]*(?P<attributes>\{.*\})?[ ]*"
)
"""The line that opens code with more words than its language, as other programs read it: `C++ numberLines`."""
INLINE_CHUNK = re.compile(r"\{(?:r|python|julia|ojs)\} .+|r [\w.$:]+[(\[$].*")
"""Code in a line that R Markdown or Quarto would run."""
INDEX_MARK = re.compile(r"(?<!\\)\\index(?:\[[^\]\n]*\])?\{((?:[^{}\n]|\{[^{}\n]*\})*)\}")
INDEX_CLASS = "index-of-latex"
LAYOUT_MARK = re.compile(
    r"(?<![\\/:\w])\\(?:(?:newpage|clear(?:double)?page|(?:no)?pagebreak|newline|linebreak|noindent|indent|par|hfill|vfill"
    r"|(?:big|med|small)skip|(?:front|main|back)matter|appendix|maketitle|tableofcontents|listof(?:figures|tables)"
    r"|centering|ragged(?:right|left)|(?:single|onehalf|double)spacing|phantomsection|protect|null|FloatBarrier|printbibliography"
    r"|printindex|makeindex|tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|huge|Huge)(?![\w\\/:]|\.\w)"
    r"(?:\[[^\]\n]*\]|\{\})?|(?:[hv]space\*?|(?:this)?pagestyle|pagenumbering|enlargethispage\*?|usepackage(?:\[[^\]\n]*\])?)"
    r"\{[^{}\n]*\}|(?:setlength|addtolength|setcounter|addtocounter)\{[^{}\n]*\}\{[^{}\n]*\}"
    r"|addcontentsline(?:\{[^{}\n]*\}){3})"
)
"""Commands of LaTeX that print no word."""
NO_LAYOUT = "take it out: pages break by themselves, `layout.yaml` says what is to be otherwise, the theme how it looks"
METADATA = re.compile(
    r"(?:\A|(?<=\n)[ \t]*\n)---[ \t]*\n(?=[A-Za-z])(?:(?:\w[\w-]*:(?:[ \t].*)?|[ \t#-].*)\n)+?(?:---|\.\.\.)[ \t]*$",
    re.MULTILINE,
)
"""A block of YAML that is not at the head of the chapter, which pandoc would take for metadata."""
SPACED = re.compile(
    r"(?<![\\$\w])\$(?:[ ][^$\n]{0,200}[\\_^{][^$\n]{0,200}|[^$\n]{0,200}[\\_^{][^$\n]{0,200}[ ])\$(?![\w$])"
)
"""What looks like a formula and is none to pandoc: a space stands behind its first `$` or before its last."""
FORMULA = re.compile(r"\$\$(?:\\.|\$(?!\$)[^$\n]{1,200}\$(?!\$)|[^$\\])+?\$\$", re.DOTALL)
"""A displayed formula, which may hold others in its words: `\\text{if $x$}`."""
DISPLAYED = re.compile(
    r"(?<!\\)\\begin\{(?P<name>equation|align|gather|multline|eqnarray|flalign|alignat|displaymath)(?P<star>\*?)\}"
    r"(?:(?!\n[ \t>]*\n|\\begin\{(?P=name)).)*?\\end\{(?P=name)(?P=star)\}"
    r"|^[ \t>]*(?P<open>\\\[)[ \t]*\n(?:(?!\n[ \t>]*\n).)*?\n[ \t>]*\\\][ \t.,;]*$",
    re.MULTILINE | re.DOTALL,
)
"""A displayed formula as LaTeX writes it; `\\[` counts on a line of its own alone: it may be a bracket of the text."""
_FLAT = r"(?:[^{}\n]|\{[^{}\n]*\})*"
_GROUP = rf"\{{(?P<body>(?:[^{{}}\n]|\{{{_FLAT}\}}){{0,500}})\}}"
WITHIN = re.compile(
    r"\\(?P<kind>DeclareMathOperator\*?|(?:re)?newcommand\*?|providecommand\*?)[ ]*"
    rf"(?:\{{\\(?P<name>[A-Za-z]+)\}}|\\(?P<bare>[A-Za-z]+))[ ]*(?:\[(?P<count>[1-9])\])?[ ]*{_GROUP}",
)
"""A definition in a formula; pandoc would expand it without limit, so none is left to it."""
DEFINITION = re.compile(rf"^ {{0,3}}{WITHIN.pattern}[ \t]*$", re.MULTILINE)
COMMAND = re.compile(r"\\([A-Za-z]+)")
ARGUMENT = re.compile(rf"\s*(?:{_GROUP}|(?P<sign>[^\s{{}}]))")
ROUNDS = 8
"""How deeply commands may be nested."""
Macros = Mapping[str, tuple[int, str]]
"""The number of arguments of a command and its replacement, by its name."""
FIRST = "а"
MARKER = re.compile(r"^([ \t>]*(?:[-*+][ \t]+)?\(?)([\u0400-\u04ff])([.)][ \t]+\S)")
ANY_MARKER = re.compile(r"^[ \t>]*(?:\d+[.)]|\(?\w[.)]|[-*+])[ \t]")
ANY_CYRILLIC = re.compile(MARKER.pattern, re.MULTILINE)
LATIN = "abcdefghijklmnopqrstuvwxyz"


def as_pandoc_reads(text: str) -> str:
    """The Markdown `text` for pandoc, line by line: chunks as plain code, formulas of LaTeX between dollar signs, its
    index marks as spans without words, without commands of its layout and definitions of others."""
    lines = text.split("\n")
    for at, chunk in _chunks(lines):
        lines[at] = f"{chunk['lead']} {typst_name(chunk['language']) or ''}".rstrip()
    for at, opening in _wordy(lines):
        lines[at] = f"{opening['lead']}{opening['attributes'] or ''}"
    text = without_definitions("\n".join(lines))
    for mark in reversed(_marks(INDEX_MARK, text)):
        entry = mark[1].replace("\\", "\\\\").replace('"', '\\"')
        text = f'{text[: mark.start()]}[]{{.{INDEX_CLASS} entry="{entry}"}}{text[mark.end() :]}'
    for mark in reversed(_marks(LAYOUT_MARK, text)):
        # Where it has a line of its own, an empty one would end the paragraph.
        line = text[text.rfind("\n", 0, mark.start()) + 1 : len(text)].partition("\n")[0]
        instead = "" if LAYOUT_MARK.sub("", line).strip() else "<!---->"
        text = text[: mark.start()] + instead + text[mark.end() :]
    return _with_dollars(text)


def _with_dollars(text: str) -> str:
    r"""`text` with displayed formulas of LaTeX between `$$`, where they are not already; no line moves."""
    for found in reversed(_marks(DISPLAYED, text)):
        formula = text[found.start() : found.end()]
        if found["open"]:
            formula = re.sub(r"\\\](?=[ \t.,;]*\Z)", lambda _: "$$", formula.replace(r"\[", "$$", 1))
        else:
            formula = f"$${formula}$$"
        text = text[: found.start()] + formula + text[found.end() :]
    return text


def report_foreign(chapter: RenderedChapter, faults: Faults) -> None:
    """A fault for each chunk, which nothing runs here, and warnings for metadata in the text and
    for all marks of the layout."""
    for at, chunk in _chunks(chapter.text.split("\n")):
        says, language = chunk["says"], chunk["language"].lower()
        message = f"`{short(says)}` makes a chunk of R Markdown or Quarto of this code, which is not run here"
        hint = f"write ```` ```{language} ```` to print the code itself; what it draws or computes belongs into "
        hint += "`figures/`, as an image, a chart or the data of a table"
        faults.error(chapter.map.place(at + 1, chunk.start("says") + 1, says), message, "code-chunk", hint)
    for found in METADATA.finditer(without_code(chapter.text)):
        at = found.start() + found[0].index("---")
        message = "the metadata that begin here are not at the head of the chapter, and are printed as text or a table"
        hint = "take them out: what holds for the chapter stands at its head, for the publication in `publication.yaml`"
        faults.warning(chapter.place(at, "---"), message, "markup-unread", hint)
    for found in _marks(SPACED, chapter.text, "$"):
        real = chapter.text[found.start() : found.end()]
        message = f"`{short(real)}` is printed as text: a space stands within its dollar signs"
        hint = "take the space out, and it is a formula: `$x_1$`; write `\\$` for a dollar"
        faults.warning(chapter.place(found.start(), real), message, "markup-unread", hint)
    if marks := _marks(LAYOUT_MARK, chapter.text):
        more = "" if len(marks) == 1 else f", and so are {len(marks) - 1} more in this chapter"
        message = f"`{short(marks[0][0])}` sets no words and is left out{more}"
        faults.warning(chapter.place(marks[0].start(), marks[0][0]), message, "layout-mark", NO_LAYOUT)


def _chunks(lines: list[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """The lines that open chunks, by their index."""
    if any("{" in line and ("```" in line or "~~~" in line) for line in lines):
        for block in walk(scan(lines)):
            found = CHUNK.fullmatch(lines[block.at].rstrip()) if block.kind == "code" and block.lead else None
            if found:
                yield block.at, found


def _wordy(lines: list[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """The lines that open code with several words, of which pandoc reads none, by their index."""
    if any(WORDY.fullmatch(line) for line in lines):
        for block in walk(scan(lines)):
            found = WORDY.fullmatch(lines[block.at]) if block.kind == "code" and block.lead else None
            if found:
                yield block.at, found


def _marks(pattern: re.Pattern[str], text: str, sign: str = "\\") -> list[re.Match[str]]:
    """What `pattern`, which needs `sign`, finds in `text` outside of code and of formulas between dollar signs."""
    if sign not in text:
        return []
    hidden = FORMULA.sub(lambda one: blank(one[0]), without_code(text))
    hidden = NOT_WORDS.sub(lambda one: blank(one[0]) if one["span"] or one["formula"] else one[0], hidden)
    return list(pattern.finditer(hidden))


def macros_of(text: str) -> Macros:
    """The commands that the Markdown `text` defines."""
    return _meanings(_definitions(text))


def _meanings(definitions: list[re.Match[str]]) -> Macros:
    macros: dict[str, tuple[int, str]] = {}
    for found in definitions:
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
    """The formula `tex`, `macros` and its own definitions replaced; cut off behind `LONGEST_FORMULA` letters."""
    if own := list(WITHIN.finditer(tex)):
        macros, tex = {**macros, **_meanings(own)}, WITHIN.sub("", tex)
    before = ""
    rounds = 0
    while macros and tex != before and rounds < ROUNDS and len(tex) <= LONGEST_FORMULA:
        before, tex, rounds = tex, _once(tex, macros)[: LONGEST_FORMULA + 1], rounds + 1
    return tex


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


@dataclass(frozen=True)
class _List:
    """An open list: the text before its marks, and the number of its items."""

    before: str
    count: int
    capital: bool


def with_latin_markers(text: str) -> str:
    """The Markdown `text` with lists from `а)` on numbered `a)`, `b)`, `c)`; no line and no column moves, and the
    edition's own letters are printed."""
    if not ANY_CYRILLIC.search(text):
        return text
    lines = text.split("\n")
    marked = _with_latin_markers(lines, frozenset())
    code = frozenset(at for block in walk(scan(marked)) if block.kind == "code" for at in range(block.at, block.end))
    return "\n".join(_with_latin_markers(lines, code) if code else marked)


def _with_latin_markers(texts: list[str], code: frozenset[int]) -> list[str]:
    """The lines `texts` with Latin markers, but for those of `code`."""
    lines: list[str] = []
    open_lists: list[_List] = []
    before = ""
    for at, line in enumerate(texts):
        found = None if at in code else MARKER.match(line)
        if line.strip(" \t>") and not found and not line[:1].isspace() and not ANY_MARKER.match(line):
            # a paragraph ends every list, a line that runs on does not
            open_lists = open_lists if before.strip(" \t>") else []
        lines.append(_marked(line, found, before, open_lists) if found else line)
        before = line
    return lines


def _marked(line: str, found: re.Match[str], before: str, open_lists: list[_List]) -> str:
    """`line` with a Latin letter, where it is an item of a list; `open_lists` is brought up to date."""
    letter, capital = found[2].lower(), found[2].isupper()
    known = next((one for one in open_lists if one.before == found[1] and one.capital == capital), None)
    inside = len(found[1]) - len(found[1].lstrip(" \t"))
    if known is None or letter == FIRST:
        stands = not before.strip(" \t>") or bool(ANY_MARKER.match(before))
        if letter != FIRST or not stands or (inside > 3 and not (open_lists or ANY_MARKER.match(before))):
            return line
        open_lists[:] = [one for one in open_lists if len(one.before) < len(found[1])]
        known = _List(found[1], 0, capital)
    else:
        open_lists.remove(known)
    if known.count >= len(LATIN):
        return line
    open_lists.append(_List(known.before, known.count + 1, capital))
    latin = LATIN[known.count]
    return f"{found[1]}{latin.upper() if capital else latin}{line[found.end(2) :]}"
