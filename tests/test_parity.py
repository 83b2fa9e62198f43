"""Parity, as properties: a chapter is like itself, and whatever is taken out of it is missed.

What is told is in `test_parity_found.py`, the exact words of several slips together in `publications/broken-parity`.
"""

from __future__ import annotations

from dataclasses import replace

from parity_chapters import specimen

from impressum.errors import Faults
from impressum.model.chapters import ChapterDocument
from impressum.parity import compare


def compared(one: ChapterDocument, other: ChapterDocument) -> tuple[str, ...]:
    """The rules under which `one` differs from `other`."""
    faults = Faults()
    compare(one, other, source_language="en", meant=(), faults=faults)
    return tuple(fault.rule for fault in faults.all())


def test_a_chapter_has_no_difference_from_itself() -> None:
    for document in specimen()["en"].documents.values():
        assert compared(document, document) == (), document.path


def test_any_block_that_is_taken_out_is_missed() -> None:
    for document in specimen()["en"].documents.values():
        for index in range(1, len(document.blocks)):
            less = replace(document, blocks=document.blocks[:index] + document.blocks[index + 1 :])
            assert compared(less, document), (document.path, document.blocks[index].place)
