"""What other programs understand in Markdown and pandoc does not: chunks of R Markdown, marks of an index."""

from __future__ import annotations

import re
from collections.abc import Iterator

from impressum.core.errors import Faults
from impressum.core.markdown_blocks import scan, walk
from impressum.core.model.sources import RenderedChapter
from impressum.stages.convert.attributes import short
from impressum.stages.convert.code_languages import typst_name
from impressum.stages.convert.macros import without_definitions
from impressum.stages.convert.mask import without_any_code

CHUNK = re.compile(r"(?P<lead>[ \t>]*(?:`{3,}|~{3,}))[ ]*(?P<says>\{(?P<language>[A-Za-z][\w.+-]*)(?=[\s,}]).*\})")
"""The line that opens a chunk: `{r, echo=FALSE}`. An attribute of pandoc begins with `.`, `#` or `=`, or is a pair."""
INLINE_CHUNK = re.compile(r"\{(?:r|python|julia|ojs)\} .+|r [\w.$:]+[(\[$].*")
"""What code in the line says that R Markdown or Quarto would run."""
INDEX_MARK = re.compile(r"(?<!\\)\\index(?:\[[^\]\n]*\])?\{(?:[^{}\n]|\{[^{}\n]*\})*\}")


def as_pandoc_reads(text: str) -> str:
    """The Markdown `text` for pandoc: chunks are plain code, marks of an index and definitions of commands are gone.

    No line moves.
    """
    lines = text.split("\n")
    for at, chunk in _chunks(lines):
        lines[at] = f"{chunk['lead']} {typst_name(chunk['language']) or ''}".rstrip()
    text = without_definitions("\n".join(lines))
    for mark in reversed(_index_marks(text)):
        # Where it has a line of its own, an empty one would end the paragraph.
        line = text[text.rfind("\n", 0, mark.start()) + 1 : len(text)].partition("\n")[0]
        instead = "" if INDEX_MARK.sub("", line).strip() else "<!---->"
        text = text[: mark.start()] + instead + text[mark.end() :]
    return text


def report_foreign(chapter: RenderedChapter, faults: Faults) -> None:
    """A fault for each chunk, which nothing runs here, and a warning for all marks of an index."""
    for at, chunk in _chunks(chapter.text.split("\n")):
        says, language = chunk["says"], chunk["language"].lower()
        faults.error(
            chapter.map.place(at + 1, chunk.start("says") + 1, says),
            f"`{short(says)}` makes a chunk of R Markdown or Quarto of this code, which is not run here",
            "code-chunk",
            f"write ```` ```{language} ```` to print the code itself; what it draws or computes belongs into "
            "`figures/`, as an image, a chart or the data of a table",
        )
    marks = _index_marks(chapter.text)
    if marks:
        line, column = _position(chapter.text, marks[0].start())
        more = "" if len(marks) == 1 else f", and so are {len(marks) - 1} more in this chapter"
        faults.warning(
            chapter.map.place(line, column, marks[0][0]),
            f"`{short(marks[0][0])}` marks an entry of an index and is left out{more}",
            "index-mark",
            "no index is made: take the marks out, or let them stand where another program needs them",
        )


def _chunks(lines: list[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """The lines that open chunks, by their index."""
    if any("{" in line and ("```" in line or "~~~" in line) for line in lines):
        for block in walk(scan(lines)):
            found = CHUNK.fullmatch(lines[block.at].rstrip()) if block.kind == "code" and block.lead else None
            if found:
                yield block.at, found


def _index_marks(text: str) -> list[re.Match[str]]:
    return list(INDEX_MARK.finditer(without_any_code(text))) if "\\index" in text else []


def _position(text: str, offset: int) -> tuple[int, int]:
    """The line and the column of `offset`, from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
