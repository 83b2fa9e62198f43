"""Placement on the pages: nothing outside the type area or over other words, no blank page, no figure far off."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from impressum.core.errors import Place
from impressum.core.model.manuscript import Anchor
from impressum.stages.verify.evidence import COVER, FALLBACK, Area, Evidence, shown
from impressum.stages.verify.pages import Glyph, Line, Page, Rectangle
from impressum.stages.verify.structure import IllustrationMade
from impressum.stages.verify.words import norm, wanted

TOLERANCE = 2.0
OVERHANG = 0.5
HANGING = 6.0
LINE_END = 4
FURNITURE_WIDTH = 200.0
"""Points: the folio of an opener and the mark of a stage ("Under embargo until …") are no wider."""
LEAST_LETTERS = 2
MOST_GLYPHS = 1000  # of a line that touches another; a picture may have longer ones
KINDS = ("figure", "table")
LEAST_OF_CAPTION = 8
INSIDE = 1.0
"""Points by which a word is in a picture at least that is cut off at its edge."""
LETTER_GAP, LABEL_GAP = 0.16, 0.7
"""Between the letters of a word and the words of a label of a picture at most, in parts of the size."""
EDGES = {"to the left of": "left", "to the right of": "right", "above": "upper", "below": "lower"}
FAR = 1  # how many pages a figure may stand behind its place


@dataclass(frozen=True)
class _Outside:
    """Words of `line` that stand outside: on which side, and how far in points."""

    line: Line
    words: str
    side: str
    far: float


def check_area(evidence: Evidence) -> None:
    """No letter stands outside the type area; on the cover, none outside the page. One fault a page, side and block."""
    for page in (one for one in evidence.pages if one.number != evidence.back_cover):
        sheet = Rectangle(0.0, 0.0, page.width, page.height)
        block = evidence.area.on(page.number)
        found: dict[tuple[Place, str], list[_Outside]] = defaultdict(list)
        for line in page.lines:
            for box in line.boxes:
                if not page.turned and not _out(box, block, TOLERANCE):
                    continue
                limits = sheet if page.number == COVER else _limits(evidence.area, box, page)
                sides = _out(box, limits, TOLERANCE)
                if sides and not _only_hangs(evidence, line, sides, limits):
                    outside = _outside(evidence, line, sheet)
                    if outside is not None:
                        place = FALLBACK
                        if page.number >= evidence.body_page:
                            place = evidence.place_at(page, box, line.text)
                        found[place, outside.side].append(outside)
                    break
        for (place, side), lines in found.items():
            farthest = max(lines, key=lambda one: one.far)
            what = "the page" if page.number == COVER else "the type area"
            more = f" and {len(lines) - 1} more lines" if len(lines) > 1 else ""
            message = f"{shown(farthest.words)}{more} on page {page.number}: {farthest.far:.0f} pt {side} {what}"
            hint = "let the words break (a space, a hyphen, a smaller table), or make the table or the code narrower"
            spot = page.number, min(one.line.top for one in lines), max(one.line.bottom for one in lines)
            evidence.faults.error(place, message, "page-outside", hint, spot)


def _limits(area: Area, box: Rectangle, page: Page) -> Rectangle:
    """The limits of the run in `box` on `page`: those of the block, or of the running head above it or the folio
    below it."""
    return page.as_read(_limits_on_sheet(area, page.as_printed(box), page.number))


def _limits_on_sheet(area: Area, box: Rectangle, page: int) -> Rectangle:
    block = area.on(page)
    if area.head[0] <= box.top and box.bottom <= area.head[1]:
        return Rectangle(block.left, area.head[0], block.right, area.head[1])
    foot = area.foot_on(page)
    if box.right - box.left <= FURNITURE_WIDTH and foot[0] <= box.top and box.bottom <= foot[1]:
        return Rectangle(block.left, foot[0], block.right, foot[1])
    return block


def _out(box: Rectangle, limits: Rectangle, tolerance: float) -> dict[str, float]:
    """How far `box` stands out of `limits`, by side."""
    sides = {
        "to the left of": limits.left - box.left,
        "to the right of": box.right - limits.right,
        "above": limits.top - box.top,
        "below": box.bottom - limits.bottom,
    }
    return {side: far for side, far in sides.items() if far > tolerance}


def _only_hangs(evidence: Evidence, line: Line, sides: dict[str, float], limits: Rectangle) -> bool:
    """Whether it is only a space or a sign at the end of `line` that reaches over the edge, as most lines have."""
    if list(sides) != ["to the right of"] or sides["to the right of"] > HANGING:
        return False
    return not any(_out(glyph.box, limits, _allowed(glyph)) for glyph in evidence.printed.glyphs(line, last=LINE_END))


def _allowed(glyph: Glyph) -> float:
    return TOLERANCE if glyph.letter.isalnum() else OVERHANG * glyph.size


def _outside(evidence: Evidence, line: Line, sheet: Rectangle) -> _Outside | None:
    """The words of `line` that stand outside, letter by letter."""
    some: list[Glyph] = []
    far: dict[str, float] = {}
    glyphs = evidence.printed.glyphs(line)
    page = evidence.printed.pages[line.page - 1]
    runs = _runs(glyphs)
    for glyph in glyphs:
        limits = sheet if line.page == COVER else _limits(evidence.area, runs[glyph.run], page)
        sides = _out(glyph.box, limits, _allowed(glyph))
        if sides:
            some.append(glyph)
            for side, amount in sides.items():
                far[side] = max(far.get(side, 0.0), amount)
    if not some:
        return None
    side = max(far, key=lambda one: far[one])
    return _Outside(line, words_of(line, glyphs, some), side, far[side])


def _runs(glyphs: list[Glyph]) -> dict[int, Rectangle]:
    """The box of each run."""
    found: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        found[glyph.run].append(glyph)
    return {run: _around(some) for run, some in found.items()}


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
    """Every page shows something besides its running head and its folio. Where chapters open on the right of two facing
    pages, the page to the left of an opener may be blank, and the page before a back cover where pages face each other:
    then it shows nothing at all."""
    area = evidence.area
    before_openers = _before_openers(evidence)
    for page in evidence.pages:
        if evidence.is_cover(page.number) or any(_says_something(line, page, area) for line in page.lines):
            continue
        if not evidence.printed.has_picture(page.number):
            if page.number in before_openers:
                if page.text.strip():
                    message = f"page {page.number} is left blank before an opener and prints {shown(page.text)}"
                    hint = "look whether a template of this publication gives blank pages a running head or a folio"
                    evidence.faults.error(evidence.place(page.number + 1), message, "page-blank", hint)
                continue
            before = page.number - 1
            message = f"page {page.number} is blank"
            hint = "look for a page break too many behind the text of the page before it"
            place = evidence.place(before) if before >= evidence.body_page else FALLBACK
            evidence.faults.error(place, message, "page-blank", hint)


def _before_openers(evidence: Evidence) -> frozenset[int]:
    """The even pages before an odd one on which the contents or a chapter begin, where the theme wants that; the odd
    page before an even one that is the back cover, where pages face each other."""
    before_back = {evidence.back_cover - 1} if evidence.theme.flag("page", "facing") else set()
    if not evidence.theme.flag("openers", "recto"):
        return frozenset(before_back)
    behind = max(evidence.numbers or (0,)) + 1  # of a chapter that is looked at alone
    openers = {evidence.contents_page, evidence.body_page}
    openers |= {behind} if behind <= len(evidence.printed.pages) else set()
    openers |= {
        evidence.headings[anchor.label].first
        for anchor in evidence.expected_headings()
        if anchor.level == 1 and anchor.label in evidence.headings
    }
    before = {page - 1 for page in openers if page % 2 and page > COVER}
    return frozenset(before | before_back)


def _says_something(line: Line, page: Page, area: Area) -> bool:
    return bool(norm(line.text)) and any(
        area.block.top - TOLERANCE <= box.top and box.bottom <= area.on(page.number).bottom + TOLERANCE
        for box in map(page.as_printed, line.boxes)
    )


def find_overprint(evidence: Evidence) -> None:
    """Finds lines printed over others; no other check reports them, as their letters cannot be separated."""
    for page in evidence.pages:
        glyphs: dict[int, list[Glyph]] = {}
        for one, other in evidence.printed.touching(page.number):
            for line in (one, other):
                if line.first not in glyphs:
                    glyphs[line.first] = evidence.printed.glyphs(line)[:MOST_GLYPHS]
            words = _words_of_both((one, glyphs[one.first]), (other, glyphs[other.first]))
            if words:
                evidence.overprinted.setdefault(page.number, []).append((one, *words))


def check_overprint(evidence: Evidence) -> None:
    """No letters are printed over those of another run. One fault a page and block."""
    for page, pairs in evidence.overprinted.items():
        found: dict[Place, list[tuple[Line, str, str]]] = defaultdict(list)
        for line, first, second in pairs:
            place = FALLBACK if page < evidence.body_page else evidence.place(page, line.text)
            found[place].append((line, first, second))
        for place, some in found.items():
            more = f", and {len(some) - 1} more pairs of lines" if len(some) > 1 else ""
            message = f"{shown(some[0][1])} and {shown(some[0][2])} are printed over each other on page {page}{more}"
            hint = (
                "what stands there is too long or too wide: give a table fewer columns or let it break, or make the "
                "figure smaller"
            )
            spot = page, min(line.top for line, *_ in some), max(line.bottom for line, *_ in some)
            evidence.faults.error(place, message, "page-overprint", hint, spot)


def _words_of_both(one: tuple[Line, list[Glyph]], other: tuple[Line, list[Glyph]]) -> tuple[str, str] | None:
    """The words of two lines that cover each other, letter by letter."""
    lines = (one,) if one[0] is other[0] else (one, other)
    runs: dict[int, list[Glyph]] = defaultdict(list)
    for _, glyphs in lines:
        for glyph in glyphs:
            if glyph.letter.isalnum():
                runs[glyph.run].append(glyph)
    over: list[Glyph] = []
    under: list[Glyph] = []
    keys = list(runs)
    for number, key in enumerate(keys):
        for other_key in keys[number + 1 :]:
            pairs = [(a, b) for a in runs[key] for b in runs[other_key]]
            hits = [(a, b) for a, b in pairs if b.box.holds(a.box.middle) or a.box.holds(b.box.middle)]
            if len({id(a) for a, _ in hits}) >= LEAST_LETTERS:
                over += [a for a, _ in hits]
                under += [b for _, b in hits]
    if not over:
        return None
    first = next(word for line, glyphs in lines if (word := words_of(line, glyphs, over)))
    second = next(word for line, glyphs in reversed(lines) if (word := words_of(line, glyphs, under)))
    return first, second


def check_figures(evidence: Evidence) -> None:
    """No figure or table stands more than one page behind where it is written, and away from its first mention."""
    anchors = [anchor for anchor in evidence.expected.anchors if anchor.kind in KINDS]
    places = frozenset(anchor.place for anchor in anchors)
    own = _own_pages(evidence, anchors, places)
    for anchor in anchors:
        page, written = _page_of_figure(evidence, anchor), _written(evidence, anchor, places)
        if not anchor.listed or not written or page < written or _between(written, page, own) <= FAR:
            continue
        mentioned = _mentioned(evidence, anchor)
        if mentioned and _between(mentioned, page, own) <= FAR:
            continue
        message = f"the {anchor.kind} {shown(anchor.title)} stands on page {page} and is written on page {written}"
        message += f", mentioned on page {mentioned}" if mentioned else ""
        hint = "too many figures wait for room: write it earlier, make one of them smaller, or put text between them"
        evidence.faults.warning(anchor.place, message, "figure-far", hint)


def check_edges(evidence: Evidence) -> None:
    """No word of a picture reaches over one of its edges, where it is cut off: one fault a picture. The cover's one is
    cut to its field, beyond which the words of the cover stand."""
    for picture in evidence.structure.pictures:
        if not COVER < picture.page <= len(evidence.printed.pages):
            continue
        page = evidence.printed.pages[picture.page - 1]
        limits = page.as_read(picture.box)
        beside = (line for line in page.lines if line.bottom > limits.top and line.top < limits.bottom)
        letters = [glyph for line in beside for glyph in evidence.printed.glyphs(line)]
        cut = []
        for label in _joined(letters, LABEL_GAP):
            box = _around(label)
            if _crosses(box, limits):
                side, far = max(_out(box, limits, TOLERANCE).items(), key=lambda one: one[1])
                over = [word for word in _joined(label, LETTER_GAP) if _out(_around(word), limits, 0.0)]
                cut.append((far, EDGES[side], " ".join("".join(one.letter for one in word) for word in over)))
        if cut:
            far, side, said = max(cut)
            message = f"{shown(said)} in a figure on page {page.number} is cut off at its {side} edge, by {far:.0f} pt"
            message += f", and so are {len(cut) - 1} more labels" if len(cut) > 1 else ""
            hint = "leave more room there, or shorten the words"
            spot = page.number, limits.top, limits.bottom
            evidence.faults.error(_anchor_near(evidence, picture), message, "figure-cut", hint, spot)


def _joined(glyphs: list[Glyph], gap: float) -> list[list[Glyph]]:
    """The letters that follow each other on a line with no more than `gap`, in parts of the size, between them."""
    joined: list[list[Glyph]] = []
    for glyph in glyphs:
        last = joined[-1][-1] if joined else glyph
        between, lower = glyph.box.left - last.box.right, glyph.box.bottom - last.box.bottom
        if not joined or not -last.size < between <= gap * last.size or abs(lower) > last.size / 2:
            joined.append([])
        joined[-1].append(glyph)
    return joined


def _around(glyphs: list[Glyph]) -> Rectangle:
    boxes = [glyph.box for glyph in glyphs]
    return Rectangle(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _crosses(box: Rectangle, limits: Rectangle) -> bool:
    """Whether a box lies in part within the limits, and in part beyond one of them."""
    inside = min(box.right, limits.right) - max(box.left, limits.left) > INSIDE
    inside = inside and min(box.bottom, limits.bottom) - max(box.top, limits.top) > INSIDE
    return inside and bool(_out(box, limits, TOLERANCE))


def _anchor_near(evidence: Evidence, picture: IllustrationMade) -> Place:
    """Where the figure of a picture is written: that whose links lead to nearest to it."""
    places = evidence.structure.places
    near = [
        (abs(target.top - picture.box.top), anchor.place)
        for anchor in evidence.expected.anchors
        if anchor.kind == "figure" and (target := places.get(anchor.label)) and target.page == picture.page
    ]
    return min(near)[1] if near else evidence.place(picture.page)


def _page_of_figure(evidence: Evidence, anchor: Anchor) -> int:
    """The page of a figure: that which links to it lead to, else that of its caption; 0: not known."""
    known = evidence.structure.places.get(anchor.label)
    if known:
        return known.page
    words = wanted(anchor.title).text
    if len(words) < LEAST_OF_CAPTION:  # such words may stand anywhere
        return 0
    return next((one.first for one in evidence.located if one.place == anchor.place and one.words == words), 0)


def _own_pages(evidence: Evidence, anchors: list[Anchor], places: frozenset[Place]) -> frozenset[int]:
    """The pages that one figure has for itself: they do not count as a distance."""
    pages = Counter(_page_of_figure(evidence, anchor) for anchor in anchors if anchor.listed)
    text = {page for one in evidence.located if one.place not in places for page in (one.first, one.last)}
    return frozenset(page for page, count in pages.items() if count == 1 and page not in text)


def _between(one: int, other: int, own: frozenset[int]) -> int:
    """How many pages lie between two pages, the second included."""
    return sum(page not in own for page in range(min(one, other), max(one, other)))


def _written(evidence: Evidence, anchor: Anchor, places: frozenset[Place]) -> int:
    """The page on which the text before the figure ends; 0: not known."""
    own = (one for one in evidence.located if one.is_block and one.place.path == anchor.place.path)
    return max((one.last for one in own if one.place < anchor.place and one.place not in places), default=0)


def _mentioned(evidence: Evidence, anchor: Anchor) -> int:
    """The page of the first cross-reference to the figure; 0: there is none."""
    links = (link for chapter in evidence.expected.chapters for link in chapter.links)
    first = next((link for link in links if link.target == f"#{anchor.label}"), None)
    return next(iter(evidence.pages_of(first.place)), 0) if first else 0
