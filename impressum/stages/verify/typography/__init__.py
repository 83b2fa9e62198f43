"""How a designer would read the finished pages: measure, rhythm, headings, ends of pages, of paragraphs, of lines."""

from __future__ import annotations

from impressum.stages.verify.evidence import Evidence
from impressum.stages.verify.typography.breaks import (
    check_chapter_ends,
    check_hyphens,
    check_notes_over_pages,
    check_page_turns,
    check_paragraph_ends,
)
from impressum.stages.verify.typography.holes import check_holes, check_lists
from impressum.stages.verify.typography.layout import read_layout
from impressum.stages.verify.typography.rhythm import (
    check_depth,
    check_grid,
    check_measure,
    check_narrow,
    check_space_of_headings,
    check_spacing,
    count_letters,
)

MEASURES = (
    count_letters,
    check_spacing,
    check_grid,
    check_depth,
    check_space_of_headings,
    check_page_turns,
    check_chapter_ends,
    check_holes,
    check_lists,
    check_notes_over_pages,
    check_paragraph_ends,
    check_hyphens,
)


def check_typography(evidence: Evidence) -> None:
    """Every measure of the pages; what they find are warnings. Needs what the checks of the words have located."""
    if not evidence.checked:
        measure_pages(evidence)
    check_measure(evidence)
    check_narrow(evidence)


def measure_pages(evidence: Evidence) -> None:
    """Every measure but those that need the pages of all chapters."""
    layout = read_layout(evidence)
    for measure in MEASURES:
        measure(layout)
