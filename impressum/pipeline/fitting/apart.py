"""Blocks that are set apart from their chapter, to see how their lines come out if they are broken elsewhere.

That depends on no page: so all the ways to break them are seen at once, before any is tried in the chapter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from impressum.core.errors import Fault, Place
from impressum.core.model.fits import Apart, Fit, Fits
from impressum.core.model.manuscript import Expected, ExpectedBlock, ExpectedChapter
from impressum.pipeline.fitting.chapters import SetChapter
from impressum.pipeline.fitting.proposals import BREAKS, BROKEN, OF_LINES, Outcomes, for_lines, weight

LEAST_SEEN = 2
"""A block of which fewer ways to break its lines are not known is tried in its chapter."""


def to_be_seen(
    expected: ExpectedChapter, chapter: SetChapter, faults: tuple[Fault, ...], fits: Fits, outcomes: Outcomes
) -> list[Apart]:
    """The blocks of `chapter` with flaws in their lines, with each way to break these whose outcome is not known. Those
    that name a page are left out: it is not known apart from the book."""
    found: list[Apart] = []
    flawed = (chapter.block_at(fault.place) for fault in faults if fault.rule in OF_LINES)
    naming = {chapter.block_at(page.place) for page in expected.pages}
    for block in dict.fromkeys(block for block in flawed if block and block.kind in BROKEN):
        if block.key not in chapter.extents or block in naming:
            continue
        now = fits.get(block.key, Fit())
        wanted = [for_lines(Fit(breaks=breaks).over(now)) for breaks in BREAKS]
        unknown = [fit for fit in wanted if (block.key, fit) not in outcomes]
        if len(unknown) >= LEAST_SEEN:
            at, notes = chapter.extents[block.key].first, _notes_before(expected, block)
            found += [Apart(block.key, fit, at, notes) for fit in unknown]
    return found


def _notes_before(chapter: ExpectedChapter, block: ExpectedBlock) -> int:
    after = [note for note in chapter.notes if note.mark.isdecimal() and note.place >= block.place]
    return int(min(after, key=lambda note: note.place).mark) - 1 if after else 0


def expected_apart(expected: Expected, blocks: Sequence[Apart]) -> Expected:
    """What is expected where `blocks` of the one chapter of `expected` are set apart. The path of each place is the
    number of its block."""
    (chapter,) = expected.chapters
    own = {block.key: block for block in chapter.blocks}
    behind = dict(zip(own, [*list(own.values())[1:], None], strict=True))
    made, texts = [], []
    for number, one in enumerate(blocks):
        block, after = own[one.key], behind[one.key]
        made.append(replace(block, key=str(number), place=_numbered(block.place, number)))
        for text in chapter.texts:
            if block.place <= text.place and (after is None or text.place < after.place):
                texts.append(replace(text, place=_numbered(text.place, number)))
    apart = ExpectedChapter(chapter.slug, (), (), tuple(texts), {}, tuple(made))
    return replace(expected, anchors=(), chapters=(apart,))


def _numbered(place: Place, number: int) -> Place:
    return replace(place, path=str(number))


def outcomes_apart(blocks: Sequence[Apart], faults: Sequence[Fault]) -> dict[tuple[str, Fit], int]:
    """How grave the flaws are in the lines of `blocks`; of one that was not found whole that is not known."""
    found = {str(number): 0 for number in range(len(blocks))}
    for fault in faults:
        if fault.rule in OF_LINES and fault.place.path in found:
            found[fault.place.path] += weight(fault)
        else:
            found.pop(fault.place.path, None)
    return {(blocks[int(path)].key, blocks[int(path)].fit): grave for path, grave in found.items()}
