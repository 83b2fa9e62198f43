"""prose: slips in the text itself: placeholders, doubled words and marks, spaces before marks, empty chapters.

Reads typed documents and the lines that they came from; nothing is rendered or typeset for this. Each passage is read
in its own language; code, formulas, addresses and the output of citeproc are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from impressum.checks.prose.doubled import report_doubled
from impressum.checks.prose.marks import report_marks, report_typed, report_unpaired
from impressum.checks.prose.passages import Prose, WrittenLines, read_prose
from impressum.checks.prose.placeholders import explained, report_placeholders
from impressum.core.errors import Faults, Place
from impressum.core.markdown_blocks import front_end, scan, walk
from impressum.core.model import document as d
from impressum.core.model.manuscript import ChapterDocument

WORDLESS = frozenset({"heading", "comment", "division", "fence"})


def check_prose(
    documents: Sequence[ChapterDocument], lines: Mapping[str, Mapping[str, Sequence[str]]], faults: Faults
) -> None:
    """Warns of slips in `documents`, borrowed ones left out; `lines` are those of their files, by chapter and path."""
    read: list[tuple[ChapterDocument, tuple[Prose, ...]]] = [
        (document, read_prose(document)) for document in documents if not document.borrowed
    ]
    known = explained([prose for _, texts in read for prose in texts])
    for document, texts in read:
        written = WrittenLines(lines.get(document.slug, {}))
        report_empty(document, written, faults)
        for prose in texts:
            report_placeholders(prose, known, written, faults)
            report_doubled(prose, written, faults)
            report_marks(prose, written, faults)
            report_unpaired(prose, written, faults)
            report_typed(prose, written, faults)


def report_empty(document: ChapterDocument, written: WrittenLines, faults: Faults) -> None:
    """Warns of a chapter, unless it is a part, in which only headings are `written`; refused text counts as text."""
    if document.front.kind == "part" or not document.blocks or not _is_empty(document.blocks):
        return
    lines = written.text(document.path).split("\n")
    if not all(block.kind in WORDLESS for block in walk(scan(lines[front_end(lines) or 0 :]))):
        return
    place = next(
        (node.place for node in d.without_words(document.blocks) if isinstance(node, d.Heading)), Place(document.path)
    )
    hint = "write its text, or delete the file; a page with a title alone is a part: `kind: part`"
    faults.warning(place, "the chapter has a title, and no text below it", "chapter-empty", hint)


def _is_empty(blocks: tuple[d.Block, ...]) -> bool:
    return all(
        isinstance(block, d.Heading) or (isinstance(block, d.Division) and _is_empty(block.content)) for block in blocks
    )
