"""Chapters that have a title and no text below it. Parts may: they hold the chapters that follow."""

from __future__ import annotations

import re

from impressum.checks.prose.written import Written
from impressum.core.errors import Faults, Place
from impressum.core.model import document as d
from impressum.core.model.chapters import ChapterDocument

RULE = "chapter-empty"
COMMENT = re.compile(r"\A---\n.*?\n---\n|<!--.*?-->|\{##?.*?#\}", re.DOTALL)
EMPTY = re.compile(r"\s*(?:$|#|:::)")
"""Front matter and comments; a line that is empty, a heading, or the border of a passage."""


def report_empty(document: ChapterDocument, written: Written, faults: Faults) -> None:
    """Warns of a chapter in which nothing but headings is `written`; what was refused is no text, and was meant."""
    if document.front.kind == "part" or not document.blocks or not _is_empty(document.blocks):
        return
    if not all(EMPTY.match(line) for line in COMMENT.sub("", written.text(document.path)).split("\n")):
        return
    place = next(
        (node.place for node in d.without_words(document.blocks) if isinstance(node, d.Heading)), Place(document.path)
    )
    faults.warning(
        place,
        "the chapter has a title, and no text below it",
        RULE,
        "write its text, or delete the file; a page with a title alone is a part: `kind: part`",
    )


def _is_empty(blocks: tuple[d.Block, ...]) -> bool:
    return all(
        isinstance(block, d.Heading) or (isinstance(block, d.Division) and _is_empty(block.content)) for block in blocks
    )
