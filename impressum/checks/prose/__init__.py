"""prose: slips in the text itself: words that wait for others, words and marks that stand twice, spaces before marks.

Typed documents and the lines that they were read from; nothing is rendered or set for this, and no stage is known
here. Each passage is read in its own language; code, formulas, addresses and what citeproc has set are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from impressum.checks.prose.doubled import report_doubled
from impressum.checks.prose.empty import report_empty
from impressum.checks.prose.marks import report_marks
from impressum.checks.prose.passages import Prose, read_prose
from impressum.checks.prose.placeholders import explained, report_placeholders
from impressum.checks.prose.quotes import report_unpaired
from impressum.checks.prose.written import Written
from impressum.core.errors import Faults
from impressum.core.model.chapters import ChapterDocument

__all__ = ["check_prose"]


def check_prose(
    documents: Sequence[ChapterDocument], lines: Mapping[str, Mapping[str, Sequence[str]]], faults: Faults
) -> None:
    """Warns of what looks like a slip in `documents`; `lines` are those of their files, by chapter and path.

    What a chapter has borrowed from the source edition is told there.
    """
    read: list[tuple[ChapterDocument, tuple[Prose, ...]]] = [
        (document, read_prose(document)) for document in documents if not document.borrowed
    ]
    known = explained([prose for _, texts in read for prose in texts])
    for document, texts in read:
        written = Written(lines.get(document.slug, {}))
        report_empty(document, written, faults)
        for prose in texts:
            report_placeholders(prose, known, written, faults)
            report_doubled(prose, written, faults)
            report_marks(prose, written, faults)
            report_unpaired(prose, written, faults)
