"""What a page can say of the text on others: pull quotes that repeat it, summaries that should stay on one page."""

from __future__ import annotations

from impressum.core.model.manuscript import Anchor
from impressum.stages.verify.evidence import Evidence, shown
from impressum.stages.verify.words import wanted

SEED = 12
PULLED = 2
"""How often the words of a pull quote are printed: in the text, and in the quote."""


def check_pull_quotes(evidence: Evidence) -> None:
    """Words that are pulled out of the text are printed twice; what repeats them is not read aloud, but is seen."""
    stream = evidence.stream
    for chapter in evidence.expected.chapters:
        for quote in chapter.repeats:
            words = wanted(quote.text)
            ends: list[int] = []
            for at in stream.all(words.text[:SEED], evidence.body):
                if ends and at < ends[-1]:
                    continue
                found = stream.follow(words, at)
                if not found.lost:
                    ends.append(found.end)
                    evidence.locate(quote.place, words, found, is_block=False)
            if len(ends) < PULLED:
                evidence.faults.error(
                    quote.place,
                    f"the pull quote {shown(quote.text)} is not printed beside the text that it repeats",
                    "text-lost",
                    "look whether a template of this publication leaves it out; if not, this is a fault of Impressum",
                )


def check_summaries(evidence: Evidence) -> None:
    """A chapter or section that is a summary ends on the page on which it begins."""
    headings = [anchor for anchor in evidence.expected.anchors if anchor.kind == "heading"]
    for number, anchor in enumerate(headings):
        heading = evidence.headings.get(anchor.label)
        if not anchor.summary or heading is None:
            continue
        last = max((heading.last, *_pages(evidence, anchor, headings[number + 1 :])))
        if last > heading.first:
            evidence.faults.warning(
                anchor.place,
                f"the summary {shown(anchor.title)} begins on page {heading.first} and ends on page {last}",
                "summary-long",
                "a summary is read alone, on one page: shorten it, or take `.summary` out of its heading",
            )


def _pages(evidence: Evidence, anchor: Anchor, following: list[Anchor]) -> list[int]:
    """The last pages of the blocks between a heading and the next one that is not below it."""
    end = next((one.place for one in following if one.chapter == anchor.chapter and one.level <= anchor.level), None)
    return [
        one.last
        for one in evidence.located
        if one.is_block
        and one.place.path == anchor.place.path
        and one.place >= anchor.place
        and (end is None or one.place < end)
    ]
