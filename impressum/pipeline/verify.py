"""Compares every finished book with what is expected in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from impressum.core.errors import Fault, Faults, packed, unpacked
from impressum.core.model.manuscript import Expected
from impressum.core.model.theme import Theme
from impressum.pipeline.convert import EditionManuscript, Manuscripts
from impressum.pipeline.run import Run
from impressum.pipeline.typeset import Book
from impressum.stages import verify as stage
from impressum.system.cache import Json, Memo, digest
from impressum.system.files import read


@dataclass(frozen=True)
class Reports:
    """The results of verifying a book and, where there is one, its contact sheet; what was `found` on the pages."""

    book: stage.Report
    sheet: stage.SheetReport | None
    found: tuple[Fault, ...]
    printed_pages: int = 0
    """The pages of the file for a printer, if there is one."""


def verify(books: Sequence[Book], manuscripts: Manuscripts, run: Run) -> Mapping[str, Reports]:
    """The reports by edition; each difference goes to the faults."""
    editions: Mapping[str, EditionManuscript] = {one.edition.tag: one for one in manuscripts.editions}
    reports = {}
    for book in books:
        run.progress("verify", book.tag)
        manuscript, sheet = editions[book.tag].manuscript, None
        theme = manuscripts.sources.theme.in_language(book.tag)
        report, found = verified(read(book.pdf), book.expected, theme, run.memo, run.pages)
        run.faults.extend(found)
        if book.figures:
            sheet = stage.verify_sheet(read(book.figures.sheet), manuscript.figures, run.faults)
        sheets = stage.check_print(read(book.for_print), theme, run.faults) if book.for_print else 0
        if book.cover:
            stage.check_print(read(book.cover), theme, run.faults, around=sheets)
        reports[book.tag] = Reports(report, sheet, found, sheets)
    return reports


def verified(
    pdf: bytes, expected: Expected, theme: Theme, memo: Memo, memory: stage.PageMemory
) -> tuple[stage.Report, tuple[Fault, ...]]:
    """The report on a finished `pdf`, and what was found; the same file is compared once with the same meaning."""

    def run() -> bytes:
        found = Faults()
        report = stage.verify(pdf, expected, theme=theme, faults=found, memory=memory)
        faults: list[Json] = [list(packed(fault)) for fault in found.all()]
        return json.dumps([report.pages, report.checks, report.standards, report.contents, faults]).encode()

    inputs: dict[str, Json] = {"pages": digest(pdf), "expected": expected.known_by, "theme": dict(theme.tokens)}
    pages, checks, standards, contents, faults = json.loads(memo("verify", inputs, run, about=expected.tag))
    return stage.Report(pages, tuple(checks), tuple(standards), contents), tuple(map(unpacked, faults))
