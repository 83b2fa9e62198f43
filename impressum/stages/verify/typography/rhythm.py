"""How body text is set: measure, spaces, baseline grid, depth of facing pages, the space around headings."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from statistics import mean, median

from impressum.core.errors import Place, count_of
from impressum.stages.verify.evidence import FALLBACK, Evidence, NarrowHeading, shown
from impressum.stages.verify.typography.breaks import UNCOUNTED
from impressum.stages.verify.typography.layout import (
    ASCENT,
    BOX,
    DESCENT,
    HEADING,
    LISTS,
    NOTE,
    PARAGRAPH,
    RUNNING,
    SAME_SIZE,
    Layout,
    PrintedPassage,
    TypeLine,
)

TOLERANCE = 1.0
FEWEST, MOST = 62, 72
LEAST_LINES = 40  # fewer full lines say nothing of the measure of a book
POINTS_PER_MM = 72 / 25.4
AIM = "80 % to 133 %"
TIGHTEST, WIDEST = 0.70, 1.50
"""Shares of the normal space beyond which a line is seen to be tight or loose: of the gap from letter to letter, with
what tracking adds to it. What is aimed at is narrower."""
LEAST_RATIO = 2.0
HEADING_TOLERANCE = 1.0
LEAST_BELOW = 3


def check_grid(layout: Layout) -> None:
    """Body text stands on one grid of lines on every page. One warning a page, where it first leaves the grid."""
    origin = _origin(layout)
    seen: set[int] = set()
    for passage in layout.body():
        for row in passage.rows:
            begins = row.left < layout.lefts[row.page] + layout.measure / 4  # else it was moved, and is no line
            whole = row is passage.rows[-1] or layout.is_filled(passage, row)  # else it is a word in a drawing
            if row.page in seen or abs(row.size - layout.size) >= SAME_SIZE or not begins or not whole:
                continue
            off = (row.baseline - origin + layout.pitch / 2) % layout.pitch - layout.pitch / 2
            if abs(off) > TOLERANCE:
                seen.add(row.page)
                message = (
                    f"{shown(row.words)} on page {row.page} stands {abs(off):.1f} pt {'below' if off > 0 else 'above'} "
                    "the lines of the other pages"
                )
                hint = f"what stands above it is not a whole number of lines high ({layout.pitch:g} pt each)"
                layout.evidence.faults.warning(passage.place, message, "type-rhythm", hint)


def _origin(layout: Layout) -> float:
    """The baseline of the first line of most pages; where none begins with body text, where it would stand."""
    firsts: Counter[float] = Counter()
    for page in layout.lefts:
        row, passage = layout.on(page)[0]
        if passage.kind == PARAGRAPH and abs(row.size - layout.size) < SAME_SIZE:
            firsts[round(row.baseline, 1)] += 1
    return firsts.most_common(1)[0][0] if firsts else layout.evidence.area.block.top + ASCENT * layout.size


def check_depth(layout: Layout) -> None:
    """Two full pages that face each other end at the same depth, to half a line: the grid is another measure."""
    if not layout.evidence.theme.flag("page", "facing"):
        return
    for left in sorted(page for page in layout.lefts if page % 2 == 0):
        feet = _foot(layout, left), _foot(layout, left + 1)
        if feet[0] is None or feet[1] is None:
            continue
        depths = [row.baseline + DESCENT * row.size for row, _ in (feet[0], feet[1])]
        lines = round(abs(depths[0] - depths[1]) / layout.pitch)
        framed = any(passage.kind == BOX for _, passage in (feet[0], feet[1]))
        if lines > (1 if framed else 0):  # below the text of a box, its frame may take a line
            short = 0 if depths[0] < depths[1] else 1
            foot = feet[short]
            assert foot is not None
            message = (
                f"page {left + short} ends {count_of(lines, 'line')} above page {left + 1 - short}, "
                "which lies beside it"
            )
            hint = "make a paragraph of one page longer, or one of the other shorter, until both end on the same line"
            layout.evidence.faults.warning(foot[1].place, message, "type-rhythm", hint, f"{left + short}")


def _foot(layout: Layout, page: int) -> tuple[TypeLine, PrintedPassage] | None:
    """The last row of a full page, if it is running text or a note: a page is full if its chapter goes on, and not with
    a heading, for which there was no room with its lines."""
    foot = layout.foot(page)
    texts = [passage for _, passage in layout.on(page) if passage.kind != NOTE]
    if foot is None or not texts or layout.ends.get(texts[-1].chapter, 0) <= page:
        return None
    follows = (passage.kind for _, passage in layout.on(page + 1) if passage.kind not in (NOTE, *UNCOUNTED))
    if foot[1].kind != NOTE and next(follows, "") == HEADING:
        return None
    return foot if foot[1].kind in RUNNING or foot[1].kind == NOTE else None


def count_letters(layout: Layout) -> None:
    """Notes how many letters each full line of body text has."""
    layout.evidence.full_lines += [
        len(row.text.strip()) for passage in layout.body() for row in passage.rows if layout.is_full(passage, row)
    ]


def check_measure(evidence: Evidence) -> None:
    """The full lines of body text hold 62 to 72 characters on average. One warning for the edition."""
    lengths = evidence.full_lines
    if len(lengths) < LEAST_LINES:
        return
    found = mean(lengths)
    if not FEWEST <= round(found) <= MOST:
        better = evidence.theme.length("page", "measure") * (FEWEST + MOST) / 2 / found / POINTS_PER_MM
        message = f"a full line of body text holds {found:.0f} characters on average in "
        message += f"`{evidence.expected.tag}`, not {FEWEST} to {MOST}"
        hint = f"in this size a `page: measure` of about {better:.0f} mm reads best: set it, or the size of "
        hint += "`type: body`, in templates/theme.yaml"
        evidence.faults.warning(FALLBACK, message, "type-measure", hint)


def check_spacing(layout: Layout) -> None:
    """The spaces of a justified line of a paragraph or a list are neither squeezed nor torn apart. One warning a block,
    for its worst line."""
    normal = _normal_space(layout)
    worst: dict[Place, tuple[float, float, TypeLine]] = {}
    for passage in layout.running() if normal else ():
        for row in passage.rows if passage.kind in (PARAGRAPH, *LISTS) else ():
            same = row.space and abs(row.size - layout.size) < SAME_SIZE
            if not same or not layout.is_justified(passage, row):
                continue
            share = row.space / (normal * row.size / layout.size)
            far = max(share - WIDEST, TIGHTEST - share)
            if far > (worst[passage.place][0] if passage.place in worst else 0):
                worst[passage.place] = far, share, row
    for place, (_, share, row) in worst.items():
        message = (
            f"the spaces in the line {shown(row.words)} on page {row.page} are {round(100 * share)} % "
            f"of the normal one, not {AIM}"
        )
        hint = "change a word near it, or let a long word break with a soft hyphen (`&shy;`)"
        layout.evidence.faults.warning(place, message, "type-spacing", hint, f"{share:.3f}")


def _normal_space(layout: Layout) -> float:
    """The space of the font in body text, as last lines of paragraphs have it; as most lines do, where these are of one
    word; 0 where none is known."""
    last = [passage.rows[-1].space for passage in layout.body() if passage.rows[-1].space]
    spaces = last or [row.space for passage in layout.body() for row in passage.rows if row.space]
    return median(spaces) if spaces else 0.0


def check_space_of_headings(layout: Layout) -> None:
    """The lines below and the words of every heading; notes where the space above is narrow beside that below."""
    for heading in layout.passages:
        if heading.kind != HEADING:
            continue
        _check_hyphens(layout, heading)
        _check_lines_below(layout, heading)
        spaces = _spaces(layout, heading)
        if spaces is not None and spaces[0] + HEADING_TOLERANCE < LEAST_RATIO * spaces[1]:
            words, page = " ".join(heading.words), heading.rows[0].page
            layout.evidence.narrow.append(NarrowHeading(heading.level, heading.place, words, page, *spaces))


def check_narrow(evidence: Evidence) -> None:
    """The space above headings is at least twice that below. One warning a level, for its first heading."""
    levels: dict[int, list[NarrowHeading]] = defaultdict(list)
    for one in evidence.narrow:
        levels[one.level].append(one)
    for level, some in levels.items():
        first = some[0]
        more = f" (and {len(some) - 1} more headings of level {level})" if len(some) > 1 else ""
        message = (
            f"the heading {shown(first.words)} on page {first.page} has {first.above:.0f} pt above it "
            f"and {first.below:.0f} pt below it{more}"
        )
        hint = "leave at least twice as much space above a heading as below it, so that it belongs to its text"
        evidence.faults.warning(first.place, message, "type-heading", hint)


def _spaces(layout: Layout, heading: PrintedPassage) -> tuple[float, float] | None:
    """The space above and below a heading between two texts, beyond the distance of lines; None elsewhere."""
    page = heading.rows[0].page
    rows = layout.on(page)
    own = [number for number, (_, passage) in enumerate(rows) if passage is heading]
    if not own or own[0] == 0 or own[-1] + 1 >= len(rows):
        return None
    (before, before_passage), (after, after_passage) = rows[own[0] - 1], rows[own[-1] + 1]
    if before_passage.kind not in RUNNING or after_passage.kind not in RUNNING or after_passage.kind == BOX:
        return None  # the frame of a box is nearer than its text
    gaps = ((before.baseline, heading.rows[0].baseline), (heading.rows[-1].baseline, after.baseline))
    printed = layout.evidence.printed.pages[page - 1].lines
    if any(top + 1 < line.baseline < foot - 1 for line in printed for top, foot in gaps):
        return None  # something else stands between: a formula
    above = heading.rows[0].baseline - before.baseline - layout.pitch
    return above, after.baseline - heading.rows[-1].baseline - layout.pitch


def _check_lines_below(layout: Layout, heading: PrintedPassage) -> None:
    page = heading.rows[-1].page
    if layout.ends.get(heading.chapter, 0) <= page:
        return
    foot = heading.rows[-1].baseline
    below = [passage for row, passage in layout.on(page) if row.baseline > foot and passage.kind != NOTE]
    if any(passage.kind not in (HEADING, *RUNNING) for passage in below):
        return
    others = len({id(passage) for passage in below if passage.kind == HEADING})
    lines = max(0, len(layout.lines(page, below=foot)) - others)
    if lines < LEAST_BELOW and not layout.evidence.printed.has_picture(page):
        message = f"below the heading {shown(' '.join(heading.words))} page {page} has " + (
            f"only {count_of(lines, 'line')} of text" if lines else "no line of text"
        )
        hint = "let a page begin with it, or make what stands before it shorter or longer"
        layout.evidence.faults.warning(heading.place, message, "type-heading", hint)


def _check_hyphens(layout: Layout, heading: PrintedPassage) -> None:
    for row, after in pairwise(heading.rows):
        if heading.divides(row, after):
            message = f"the heading {shown(' '.join(heading.words))} is hyphenated on page {row.page}"
            hint = "look whether a template of this publication lets headings hyphenate"
            layout.evidence.faults.warning(heading.place, message, "type-heading", hint)
