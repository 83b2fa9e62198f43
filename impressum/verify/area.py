"""The type area: nothing is printed outside it, and no page is left blank."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from impressum.errors import Place
from impressum.verify.evidence import FALLBACK, Evidence, shown
from impressum.verify.frame import Area
from impressum.verify.pages import Box, Glyph, Line
from impressum.verify.words import norm

TOLERANCE = 2.0
OVERHANG = 0.5
HANGING = 6.0
LINE_END = 4
FURNITURE_WIDTH = 200.0
"""Points: the folio of an opener and the mark of a stage ("Under embargo until …") are no wider."""
COVER = 1


@dataclass(frozen=True)
class _Outside:
    """Words that stand outside: on which side, and how far in points."""

    words: str
    side: str
    far: float


def check_area(evidence: Evidence) -> None:
    """No letter stands outside the type area; on the cover, none outside the page. One fault a page, side and block."""
    for page in evidence.printed.pages:
        sheet = Box(0.0, 0.0, page.width, page.height)
        found: dict[tuple[Place, str], list[_Outside]] = defaultdict(list)
        for line in page.lines:
            for box in line.boxes:
                limits = sheet if page.number == COVER else _limits(evidence.area, box)
                sides = _out(box, limits, TOLERANCE)
                if sides and not _only_hangs(evidence, line, sides, limits):
                    outside = _outside(evidence, line, sheet)
                    if outside is not None:
                        place = FALLBACK
                        if page.number >= evidence.body_page:
                            place = evidence.place(page.number, line.text)
                        found[place, outside.side].append(outside)
                    break
        for (place, side), lines in found.items():
            farthest = max(lines, key=lambda one: one.far)
            what = "the page" if page.number == COVER else "the type area"
            more = f" and {len(lines) - 1} more lines" if len(lines) > 1 else ""
            evidence.faults.error(
                place,
                f"{shown(farthest.words)}{more} on page {page.number}: {farthest.far:.0f} pt {side} {what}",
                "page-outside",
                "let the words break (a space, a hyphen, a smaller table), or make the table or the code narrower",
            )


def _limits(area: Area, box: Box) -> Box:
    """The limits of the run in `box`: those of the block, or of the running head above it or the folio below it."""
    block = area.block
    if area.head[0] <= box.top and box.bottom <= area.head[1]:
        return Box(block.left, area.head[0], block.right, area.head[1])
    if box.right - box.left <= FURNITURE_WIDTH and area.foot[0] <= box.top and box.bottom <= area.foot[1]:
        return Box(block.left, area.foot[0], block.right, area.foot[1])
    return block


def _out(box: Box, limits: Box, tolerance: float) -> dict[str, float]:
    """How far `box` stands out of `limits`, by side."""
    sides = {
        "to the left of": limits.left - box.left,
        "to the right of": box.right - limits.right,
        "above": limits.top - box.top,
        "below": box.bottom - limits.bottom,
    }
    return {side: far for side, far in sides.items() if far > tolerance}


def _only_hangs(evidence: Evidence, line: Line, sides: dict[str, float], limits: Box) -> bool:
    """Whether it is only a space or a sign at the end of `line` that reaches over the edge, as most lines have."""
    if list(sides) != ["to the right of"] or sides["to the right of"] > HANGING:
        return False
    return not any(_out(glyph.box, limits, _allowed(glyph)) for glyph in evidence.printed.glyphs(line, last=LINE_END))


def _allowed(glyph: Glyph) -> float:
    return TOLERANCE if glyph.letter.isalnum() else OVERHANG * glyph.size


def _outside(evidence: Evidence, line: Line, sheet: Box) -> _Outside | None:
    """The words of `line` that stand outside, letter by letter."""
    some: list[Glyph] = []
    far: dict[str, float] = {}
    glyphs = evidence.printed.glyphs(line)
    runs = _runs(glyphs)
    for glyph in glyphs:
        limits = sheet if line.page == COVER else _limits(evidence.area, runs[glyph.run])
        sides = _out(glyph.box, limits, _allowed(glyph))
        if sides:
            some.append(glyph)
            for side, amount in sides.items():
                far[side] = max(far.get(side, 0.0), amount)
    if not some:
        return None
    side = max(far, key=lambda one: far[one])
    return _Outside(words_of(line, glyphs, some), side, far[side])


def _runs(glyphs: list[Glyph]) -> dict[int, Box]:
    """The box of each run."""
    boxes: dict[int, list[Box]] = defaultdict(list)
    for glyph in glyphs:
        boxes[glyph.run].append(glyph.box)
    return {
        run: Box(
            min(box.left for box in some),
            min(box.top for box in some),
            max(box.right for box in some),
            max(box.bottom for box in some),
        )
        for run, some in boxes.items()
    }


def words_of(line: Line, glyphs: list[Glyph], some: list[Glyph]) -> str:
    """The words of `line` that hold `some` of its `glyphs`."""
    chosen = {id(glyph) for glyph in some}
    visible = iter(glyphs)
    glyph = next(visible, None)
    words: list[str] = []
    for word in re.findall(r"\S+", line.text):
        hit = False
        for letter in word:
            if glyph is not None and letter == glyph.letter:
                hit = hit or id(glyph) in chosen
                glyph = next(visible, None)
        if hit:
            words.append(re.sub("[\u200b\ufffe\u00ad]", "", word))
    return " ".join(words)


def check_blank_pages(evidence: Evidence) -> None:
    """Every page shows something besides its running head and its folio."""
    area = evidence.area
    for page in evidence.printed.pages:
        if page.number == COVER or any(_says_something(line, area) for line in page.lines):
            continue
        if not evidence.printed.has_picture(page.number):
            before = page.number - 1
            evidence.faults.error(
                evidence.place(before) if before >= evidence.body_page else FALLBACK,
                f"page {page.number} is blank",
                "page-blank",
                "look for a page break too many behind the text of the page before it",
            )


def _says_something(line: Line, area: Area) -> bool:
    return bool(norm(line.text)) and any(
        area.block.top - TOLERANCE <= box.top and box.bottom <= area.block.bottom + TOLERANCE for box in line.boxes
    )
