"""Checks for content that cannot be set: longer than any publication has it, or whole chapters from right to left."""

from __future__ import annotations

from dataclasses import replace

from impressum.core.errors import Faults, Place
from impressum.core.languages import is_right_to_left, right_to_left
from impressum.core.model import document as d
from impressum.core.model.manuscript import ChapterDocument
from impressum.core.model.publication import LONGEST_SPOKEN, LONGEST_TITLE, is_too_long
from impressum.stages.convert.attributes import short

LONGEST_WORD = 10_000
LONGEST_CELL = 20_000
LONGEST_FORMULA = 20_000
"""Letters of a formula written out: a few commands defined by each other can make millions."""
MOST_ROWS = 2_000
"""Fifty pages; for twice as many Typst needs more memory than it may use."""
MOST_NOTES = 1_500


def check_sizes(blocks: tuple[d.Block, ...], faults: Faults) -> None:
    """A fault for each title, word and table of a chapter that is too long to be set, and for too many notes."""
    notes = 0
    for node in d.walk(blocks):
        if isinstance(node, d.Space):
            continue
        if isinstance(node, d.Text):
            if len(node.text) > LONGEST_WORD:
                message = f"a word has {len(node.text):,} letters: `{short(node.text)}`"
                hint = f"put spaces into it; a word may have {LONGEST_WORD:,} letters"
                faults.error(node.place, message, "word-too-long", hint)
        elif isinstance(node, d.Heading) and (letters := len(d.plain(node.content))) > LONGEST_TITLE:
            hint = f"end the paragraph that it is with an empty line; a title may have {LONGEST_TITLE:,} letters"
            faults.error(node.place, f"the title has {letters:,} letters", "title-too-long", hint)
        elif isinstance(node, d.Table) and (rows := len(node.body)) > MOST_ROWS:
            hint = f"choose what a reader needs, or part it; a table may have {MOST_ROWS:,} rows"
            faults.error(node.place, f"the table has {rows:,} rows", "table-too-long", hint)
        elif isinstance(node, d.Cell) and (letters := len(d.plain(node.content))) > LONGEST_CELL:
            hint = f"write it below the table; a cell may have {LONGEST_CELL:,} letters"
            faults.error(node.place, f"a cell of the table has {letters:,} letters", "text-too-long", hint)
        elif isinstance(node, d.Code | d.CodeBlock):
            for number, line in enumerate(node.text.split("\n")):
                if len(line) > LONGEST_WORD:
                    message = f"a line of code has {len(line):,} letters"
                    hint = f"break it; a line may have {LONGEST_WORD:,} letters"
                    faults.error(replace(node.place, line=node.place.line + number), message, "text-too-long", hint)
        elif isinstance(node, d.Image | d.Equation) and is_too_long(node.alt or ""):
            hint = f"say in a sentence what it shows; it may have {LONGEST_SPOKEN:,} letters"
            faults.error(node.place, f"the alternative text has {len(node.alt or ''):,} letters", "text-too-long", hint)
        elif isinstance(node, d.Note):
            notes += 1
            if notes == MOST_NOTES + 1:
                hint = f"part the chapter; one may have {MOST_NOTES:,} notes"
                faults.error(node.place, f"this is note {notes:,} of the chapter", "notes-too-many", hint)


def check_direction(document: ChapterDocument, faults: Faults) -> None:
    """A fault for a chapter that is written from right to left as a whole, and for each code with such letters."""
    if is_right_to_left(document.language):
        message = f"a chapter in `{document.language}`, from right to left, cannot be set yet"
        hint = f"set it as a passage of another chapter, between `::: {{lang={document.language}}}` and `:::`"
        faults.error(Place(document.path), message, "direction-unsupported", hint)
        return
    for node in d.without_words(document.blocks):
        if isinstance(node, d.Code | d.CodeBlock) and (letters := right_to_left(node.text)):
            message = f"`{letters}` is written from right to left, which cannot be set in code yet"
            hint = "write it outside of the code, or show it as a picture with its alternative text"
            faults.error(node.place, message, "direction-unsupported", hint)
