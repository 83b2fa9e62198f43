"""What should have been replaced by something and was not, and the number of pages that the impressum prints."""

from __future__ import annotations

import re

from impressum.stages.verify.evidence import FALLBACK, Evidence
from impressum.stages.verify.words import norm

CODE = re.compile(r"\w*(?:\{\{|\}\}|\[@|\{#)[\w:.-]*")
MISSING = re.compile(r"\w*\?\?[\w?]*|\([\w:.-]+\?\)|\b[a-zA-Z]+\d{4}[a-z]*\?")
BETWEEN = re.compile(r"[\s\u200b\ufffe\u00ad]+")


def check_leftovers(evidence: Evidence) -> None:
    """No sign of a reference, a value or a citation that was not found; what the sources say literally may stand."""
    said = _said(evidence)
    for page in evidence.printed.pages:
        text = page.text
        found = [*CODE.finditer(text), *(MISSING.finditer(text) if page.number >= evidence.body_page else ())]
        for one in dict.fromkeys(match.group() for match in found):
            if BETWEEN.sub("", one) not in said:
                line = next((line.text for line in page.lines if one in line.text), one)
                place = evidence.place(page.number, line) if page.number >= evidence.body_page else FALLBACK
                evidence.faults.error(
                    place,
                    f"`{one}` is printed on page {page.number}",
                    "page-leftover",
                    "something was to be put in its place and was not found: look at the source line",
                )


def _said(evidence: Evidence) -> str:
    expected = evidence.expected
    parts = [expected.title, *(one.title for one in expected.anchors), *expected.references.values()]
    for chapter in expected.chapters:
        parts += [one.text for one in chapter.texts]
        parts += [one.text for one in chapter.notes]
    return BETWEEN.sub("", "\n".join(parts))


def check_page_count(evidence: Evidence) -> None:
    """The number of pages that the impressum prints is that of the file."""
    label = norm(evidence.expected.number_of_pages_label)
    pages = len(evidence.printed.pages)
    front = [page for page in evidence.printed.pages if 1 < page.number < evidence.body_page]
    for page in front:
        printed = re.search(re.escape(label) + r":?(\d+)", "\n".join(norm(line.text) for line in page.lines))
        if printed is None:
            printed = _broken_label(label, [norm(line.text) for line in page.lines])
        if printed is not None:
            if int(printed[1]) != pages:
                evidence.faults.error(
                    FALLBACK,
                    f"the impressum on page {page.number} says {printed[1]} pages, but the file has {pages}",
                    "page-count",
                    "look whether a template of this publication counts its pages itself",
                )
            return
    evidence.faults.error(
        FALLBACK,
        f"no page before page {evidence.body_page} prints `{evidence.expected.number_of_pages_label}` with a number",
        "page-count",
        "look whether a template of this publication leaves it out of the impressum",
    )


def _broken_label(label: str, lines: list[str]) -> re.Match[str] | None:
    """The number beside the first line of a label that takes several."""
    for line in lines:
        beside = re.fullmatch(r"\D*?(?=\d)(\d+)", line)
        if beside and len(line) - len(beside[1]) >= 4 and label.startswith(line[: -len(beside[1])].rstrip(":")):
            return beside
    return None
