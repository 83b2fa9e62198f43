"""The contact sheet of the figures names each of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from impressum.core.errors import Faults
from impressum.core.model.figures import UsedFigure
from impressum.stages.verify.contents import contents
from impressum.stages.verify.document import HINT
from impressum.stages.verify.evidence import FALLBACK
from impressum.stages.verify.pages import READING
from impressum.stages.verify.structure import read_structure
from impressum.system.cache import Json

LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class SheetReport:
    """A verified contact sheet: its number of pages, the standards that it declares, what it contains."""

    pages: int
    standards: tuple[str, ...]
    contents: Mapping[str, Json]


def verify_sheet(pdf: bytes, figures: tuple[UsedFigure, ...], faults: Faults) -> SheetReport:
    """Looks for the title, the source and the files of each of `figures`; what is lost is a fault at the figure.

    Whether the tags hold together is looked at, too.
    """
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
        lost = next((words for words in wanted if _letters(words) not in printed), None)
        if lost is not None:
            faults.error(
                figure.place,
                f"the contact sheet does not show `{lost}`",
                "sheet-figure-lost",
                "where the publication has a `templates/sheet.typ` of its own, look there",
            )
    structure = read_structure(pdf)
    for misfit in structure.misfits:
        faults.error(
            FALLBACK, f"the tags of the contact sheet do not hold together: {misfit.message}", "document-tag-tree", HINT
        )
    return SheetReport(len(pages), structure.standards, contents(structure, pages).as_json())


def _letters(words: str) -> str:
    """Only letters and digits: how words are divided, and what joins them, does not count."""
    return LETTERS.sub("", words).casefold()
