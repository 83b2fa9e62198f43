"""Cross-references that say a page: the one on which their target stands, where that is another one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from impressum.core.model.manuscript import ExpectedPage
from impressum.stages.verify.evidence import Evidence, Located, shown
from impressum.stages.verify.links import target_of
from impressum.stages.verify.words import norm

HINT = (
    "look whether a template of this publication changes cross-references; if none does, this is a fault of Impressum"
)


def check_page_references(evidence: Evidence) -> None:
    """Every page that a cross-reference says is that of its target; none is missing."""
    for chapter in evidence.expected.chapters:
        if chapter.pages:
            paths = {page.place.path for page in chapter.pages}
            for located in [one for one in evidence.located if one.wanted.gaps and one.place.path in paths]:
                for page, end in _references(evidence, chapter.pages, located):
                    _compare(evidence, page, end)


def _references(
    evidence: Evidence, pages: tuple[ExpectedPage, ...], located: Located
) -> Iterator[tuple[ExpectedPage, int]]:
    """The cross-references in a piece of text, each with the letter of the stream behind its words."""
    text = located.wanted.text
    for gap in located.wanted.gaps:
        here = [page for page in pages if text[:gap].endswith(norm(page.words))]
        if not here:
            continue
        page = max(here, key=lambda one: len(one.words))
        words = norm(page.words)
        before = len(re.findall(re.escape(words), text[: gap - len(words)]))
        found = evidence.stream.all(words, located.found.start, None)
        at = next((index for number, index in enumerate(found) if number == before), None)
        if at is not None:
            yield page, at + len(words)


def _compare(evidence: Evidence, page: ExpectedPage, end: int) -> None:
    target = target_of(evidence, page.label)
    if target is None:
        return
    stream = evidence.stream
    here = {stream.page(end - 1), stream.page(min(end, len(stream.text) - 1))}
    before, _, after = page.pattern.partition("{number}")
    printed = re.compile(re.escape(norm(before)) + r"(\d+?)(?=\D|$)" + re.escape(norm(after))).match(stream.text, end)
    says = int(printed[1]) if printed else None
    if says == target.page or (says is None and target.page in here):
        return
    what = f"the reference {shown(page.words)} on page {min(here)}"
    message = (
        f"{what} does not say the page of its target, which is {target.page}"
        if says is None
        else f"{what} says page {says}, but its target stands on page {target.page}"
    )
    evidence.faults.error(page.place, message, "page-reference", HINT)
