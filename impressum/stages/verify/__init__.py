"""verify: opens the finished files and compares them with what the sources expect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from impressum.core.errors import Faults
from impressum.core.languages import right_to_left
from impressum.core.model.figures import UsedFigure
from impressum.core.model.manuscript import Expected
from impressum.core.model.theme import Theme
from impressum.stages.verify.chapters import evidence_of
from impressum.stages.verify.document import HINT, check_document, check_fonts, check_tags, contents, hash_of_letters
from impressum.stages.verify.evidence import FALLBACK, Evidence
from impressum.stages.verify.index import check_index
from impressum.stages.verify.links import check_links, check_page_references
from impressum.stages.verify.navigation import check_bookmarks, check_contents, check_headings, check_lists
from impressum.stages.verify.notes import check_notes
from impressum.stages.verify.page_memory import PageMemory
from impressum.stages.verify.pages import READING, PrintedPages
from impressum.stages.verify.placement import (
    check_area,
    check_blank_pages,
    check_edges,
    check_figures,
    check_overprint,
    find_overprint,
)
from impressum.stages.verify.print_file import check_print
from impressum.stages.verify.structure import Structure, read_landmarks, read_structure
from impressum.stages.verify.texts import (
    check_back_cover,
    check_formulas,
    check_leftovers,
    check_page_count,
    check_pull_quotes,
    check_references,
    check_summaries,
    check_texts,
)
from impressum.stages.verify.typography import check_typography
from impressum.system.cache import Json

__all__ = ["CHECKS", "PageMemory", "Report", "SheetReport", "check_print", "measure", "verify", "verify_sheet"]
CHECKS: dict[str, Callable[[Evidence], None]] = {
    # The first ones locate the expected text on the pages; the others look there for the line of a fault.
    "headings": check_headings,
    "texts": check_texts,
    "notes": check_notes,
    "pull-quotes": check_pull_quotes,
    "summaries": check_summaries,
    "references": check_references,
    "formulas": check_formulas,
    "page-count": check_page_count,
    "contents": check_contents,
    "lists": check_lists,
    "bookmarks": check_bookmarks,
    "links": check_links,
    "page-references": check_page_references,
    "index": check_index,
    "figures": check_figures,
    "figure-edges": check_edges,
    "fonts": check_fonts,
    "type-area": check_area,
    "overprint": check_overprint,
    "blank-pages": check_blank_pages,
    "leftovers": check_leftovers,
    "back-cover": check_back_cover,
    "document": check_document,
    "tags": check_tags,
    "typography": check_typography,
}
UNMOVED = frozenset(
    "contents lists bookmarks links page-references index figure-edges fonts leftovers page-count back-cover document "
    "tags".split()
)
"""Checks of what stays the same, however the lines and the pages of a book are fitted."""
OF_CHAPTERS_ALONE = frozenset("texts pull-quotes summaries formulas figures".split())
"""Checks that are made of each chapter alone, where its pages are known, and of nothing else."""
LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Report:
    """A verified file: its number of pages, the checks that ran, the standards that it declares, what it contains."""

    pages: int
    checks: tuple[str, ...]
    standards: tuple[str, ...]
    contents: Mapping[str, Json]


def verify(pdf: bytes, expected: Expected, *, theme: Theme, faults: Faults, memory: PageMemory | None = None) -> Report:
    """Compares the finished `pdf` with what is `expected`; each difference is a fault with page and source line. Pages
    that the `memory` has from the passes of page fitting are not read again."""
    structure = read_structure(pdf)
    with _printed(pdf, structure, memory) as printed:
        evidence, letters = evidence_of(expected, theme, printed, structure, faults.apart())
        _check(evidence)
        if evidence.checked and any(fault.severity == "error" for fault in evidence.faults.found()):
            evidence, letters = Evidence(expected, theme, printed, structure, faults.apart()), {}
            _check(evidence)
        faults.extend(map(evidence.spotted, evidence.faults.found()))
        printed.keep(evidence.numbers or ())
        letters |= {page.number: hash_of_letters(page.text) for page in evidence.pages}
    held = contents(structure, [letters[number] for number in sorted(letters)])
    return Report(len(letters), tuple(CHECKS), structure.standards, held.as_json())


def _check(evidence: Evidence) -> None:
    """Makes every check that was not made of the chapters alone."""
    find_overprint(evidence)
    for name, check in CHECKS.items():
        if not (evidence.checked and name in OF_CHAPTERS_ALONE):
            check(evidence)


def measure(pdf: bytes, expected: Expected, *, theme: Theme, memory: PageMemory, faults: Faults) -> None:
    """Runs the checks of `verify` on pages that are being fitted, except those that fitting cannot affect."""
    structure = read_landmarks(pdf, formulas=expected.has_formulas)
    with _evidence(pdf, expected, theme, structure, memory, faults) as evidence:
        for name, check in CHECKS.items():
            if name not in UNMOVED:
                check(evidence)


@contextmanager
def _evidence(
    pdf: bytes, expected: Expected, theme: Theme, structure: Structure, memory: PageMemory | None, faults: Faults
) -> Iterator[Evidence]:
    """The evidence for the checks while the pages are open; overprinting is already found."""
    with _printed(pdf, structure, memory) as printed:
        evidence = Evidence(expected, theme, printed, structure, faults)
        find_overprint(evidence)
        yield evidence


@contextmanager
def _printed(pdf: bytes, structure: Structure, memory: PageMemory | None) -> Iterator[PrintedPages]:
    """The pages while they are open."""
    with READING:
        printed = PrintedPages(pdf, structure.prints, memory)
        try:
            yield printed
        finally:
            printed.close()


@dataclass(frozen=True)
class SheetReport:
    """A verified contact sheet: its number of pages, the standards that it declares, what it contains."""

    pages: int
    standards: tuple[str, ...]
    contents: Mapping[str, Json]


def _parts(words: str) -> list[str]:
    """What of `words` has to be printed as one: of those from right to left, which turn with what is beside them, each
    alone."""
    return list(map(_letters, words.split() if right_to_left(words) else (words,)))


def verify_sheet(pdf: bytes, figures: tuple[UsedFigure, ...], faults: Faults) -> SheetReport:
    """Looks for the title, the source and the files of each of `figures`; what is lost is a fault at the figure. The
    tag tree is checked, too."""
    import pypdfium2

    with READING:
        document = pypdfium2.PdfDocument(pdf)
        try:
            pages = [page.get_textpage().get_text_range() for page in document]
        finally:
            document.close()
    printed = _letters(" ".join(pages))
    for figure in figures:
        wanted = (figure.title, figure.source or "", f"{figure.name}.svg", f"{figure.name}.png")
        lost = next((words for words in wanted if not all(one in printed for one in _parts(words))), None)
        if lost is not None:
            hint = "where the publication has a `templates/sheet.typ` of its own, look there"
            faults.error(figure.place, f"the contact sheet does not show `{lost}`", "sheet-figure-lost", hint)
    structure = read_structure(pdf)
    for misfit in structure.misfits:
        message = f"the tags of the contact sheet do not hold together: {misfit.message}"
        faults.error(FALLBACK, message, "document-tag-tree", HINT)
    held = contents(structure, list(map(hash_of_letters, pages)))
    return SheetReport(len(pages), structure.standards, held.as_json())


def _letters(words: str) -> str:
    """Only letters and digits: how words are divided, and what joins them, does not count."""
    return LETTERS.sub("", words).casefold()
