"""Chapters that have a title and no text below it. Parts may: they hold the chapters that follow."""

from __future__ import annotations

from impressum.checks.prose.written import Written
from impressum.core.errors import Faults, Place
from impressum.core.markdown_blocks import front_end, scan, walk
from impressum.core.model import document as d
from impressum.core.model.chapters import ChapterDocument

RULE = "chapter-empty"
WORDLESS = frozenset({"heading", "comment", "division", "fence"})


def report_empty(document: ChapterDocument, written: Written, faults: Faults) -> None:
    """Warns of a chapter in which nothing but headings is `written`; what was refused is no text, and was meant."""
    if document.front.kind == "part" or not document.blocks or not _is_empty(document.blocks):
        return
    lines = written.text(document.path).split("\n")
    if not all(block.kind in WORDLESS for block in walk(scan(lines[front_end(lines) or 0 :]))):
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
