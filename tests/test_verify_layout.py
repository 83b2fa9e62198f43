"""How pages are set, on lines of type that are written down here: what leaves a measure is named, and no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from test_verify_values import at, book, heading, hinted, text, theme

from impressum.core.errors import Fault
from impressum.core.model.manuscript import ExpectedBlock, ExpectedChapter
from impressum.core.model.theme import Theme
from impressum.stages.verify.evidence import area_of
from impressum.stages.verify.navigation import check_headings
from impressum.stages.verify.pages import Line, Rectangle
from impressum.stages.verify.structure import Bookmark, Target
from impressum.stages.verify.texts import check_texts
from impressum.stages.verify.typography.breaks import (
    check_chapter_ends,
    check_hyphens,
    check_notes_over_pages,
    check_page_turns,
    check_paragraph_ends,
)
from impressum.stages.verify.typography.holes import _is_asked, check_holes, check_lists
from impressum.stages.verify.typography.layout import (
    BOX,
    HEADING,
    NOTE,
    PARAGRAPH,
    Layout,
    PrintedPassage,
    TypeLine,
    _rows,
    read_layout,
)
from impressum.stages.verify.typography.rhythm import (
    check_depth,
    check_grid,
    check_measure,
    check_narrow,
    check_space_of_headings,
    check_spacing,
    count_letters,
)

Check = Callable[[Layout], None]
TOP = area_of(theme()).block.top + 8
"""The baseline of the first line: type of ten points stands eight above its baseline, and two below it."""
LEFT, RIGHT, PITCH = 50.0, 350.0, 14.0
WORDS = "the words of a line"


def row(
    page: int,
    y: float,
    words: str = WORDS,
    *,
    left: float = LEFT,
    right: float = RIGHT,
    size: float = 10.0,
    space: float = 3.0,
) -> TypeLine:
    """A line of type, `y` points below the first one of the page."""
    return TypeLine(page, words, TOP + y, left, right, size, space)


def rows(page: int, first: int, count: int, **more: Any) -> tuple[TypeLine, ...]:
    """Full lines, one below the other; that at the top of the page is number 0."""
    return tuple(row(page, PITCH * number, **more) for number in range(first, first + count))


def passage(
    line: int,
    *made: TypeLine,
    kind: str = PARAGRAPH,
    chapter: int = 0,
    block: int = 0,
    words: str = "",
    level: int = 0,
) -> PrintedPassage:
    said = words or " ".join(one.text for one in made)
    return PrintedPassage(kind, at(line), chapter, block, tuple(said.split()), made, level)


def facing() -> Theme:
    """The theme, with pages that face each other."""
    page = theme().tokens["page"]
    assert isinstance(page, dict)
    return replace(theme(), tokens={**theme().tokens, "page": {**page, "facing": True}})


def found(
    check: Check,
    *passages: PrintedPassage,
    ends: Mapping[int, int] | None = None,
    beside: tuple[TypeLine, ...] = (),
    look: Theme | None = None,
    language: str = "en",
    chapter: dict[str, Any] | None = None,
) -> list[Fault]:
    """What `check` finds in passages, of a chapter that goes on behind them, and lines that are of none (`beside`)."""
    lines: dict[int, list[Line]] = defaultdict(list)
    for one in (*(row for each in passages for row in each.rows), *beside):
        box = Rectangle(one.left, one.baseline - 8, one.right, one.baseline + 2)
        lines[one.page].append(Line(one.page, one.text, 0, (box,), one.baseline, one.size, one.space))
    pages = range(1, max(lines) + 1)
    meant = {"language": language, "tag": language, **({"theme": look} if look else {})}
    with book(" / ".join("x" for _ in pages), chapter or {}, {}, meant) as evidence:
        evidence.printed.pages = tuple(
            replace(page, lines=tuple(lines[page.number])) for page in evidence.printed.pages
        )
        layout = Layout(
            evidence,
            tuple(one for one in passages if one.kind != NOTE),
            tuple(one for one in passages if one.kind == NOTE),
            10.0,
            PITCH,
            RIGHT - LEFT,
            {page: LEFT for page in pages if lines[page]},
            {0: 99, 1: 99} if ends is None else dict(ends),
        )
        for passage in passages:
            for made in passage.rows:
                layout._by_page[made.page].append((made, passage))
        for some in layout._by_page.values():
            some.sort(key=lambda one: one[0].baseline)
        check(layout)
        check_measure(evidence)
        check_narrow(evidence)
        return hinted(evidence.faults.all())


def told(check: Check, *passages: PrintedPassage, **more: Any) -> list[str]:
    """What it says, behind the line of the place."""
    return [f"{fault.place.line}: {fault.message}" for fault in found(check, *passages, **more)]


ORPHAN = f"3: the first line of a paragraph, `{WORDS}`, stands alone at the foot of page 2"
WIDOW = f"3: the last line of a paragraph, `{WORDS}`, stands alone at the top of page {{}}"


@pytest.mark.parametrize(
    ("counts", "faults"),
    [
        ((2, 2), []),
        ((1, 2), [ORPHAN]),
        ((2, 1), [WIDOW.format(3)]),
        ((1, 1), [ORPHAN, WIDOW.format(3)]),
        ((2, 1, 2), []),
        ((1, 2, 2), [ORPHAN]),
        ((2, 2, 1), [WIDOW.format(4)]),
        ((5,), []),
        ((1,), []),
    ],
)
def test_no_line_of_a_paragraph_is_alone_on_its_page(counts: tuple[int, ...], faults: list[str]) -> None:
    made = [one for page, count in enumerate(counts, 2) for one in rows(page, 0, count)]
    for kind in (PARAGRAPH, "quotation", BOX):
        assert told(check_page_turns, passage(3, *made, kind=kind)) == faults
    assert told(check_page_turns, passage(3, *made, kind="table")) == []


def test_a_word_that_is_divided_over_pages_is_told_with_how_it_is_written() -> None:
    def turned(end: str, words: str) -> list[tuple[str, str]]:
        made = (row(2, 0), row(2, PITCH, f"and the {end}"), row(3, 0, "ers, of it"), row(3, PITCH))
        return [(one.message, one.detail) for one in found(check_page_turns, passage(3, *made, words=words))]

    said = "`keep-` at the foot of page 2 goes on as `ers,` on page 3"
    assert turned("keep\ufffe", "and the keepers of it") == [(said, "keepers,")]
    assert turned("keep-", "and the keep-ers of it") == [(said, "keep-ers,")]
    assert turned("keep\u2010", "and the keep\u2010ers of it") == [(said, "keep\u2010ers,")]
    assert turned("keep", "and the keep ers of it") == []


def test_the_last_page_of_a_chapter_holds_twelve_lines() -> None:
    before = passage(3, *rows(2, 0, 20))

    def ends(*others: PrintedPassage, **more: Any) -> list[str]:
        return told(check_chapter_ends, before, *others, ends={0: 3}, **more)

    said = "5: page 3, the last one of its chapter, holds only {}"
    assert ends(passage(5, *rows(3, 0, 12))) == []
    assert ends(passage(5, *rows(3, 0, 11))) == [said.format("11 lines")]
    assert ends(passage(4, *rows(3, 0, 1)), passage(5, *rows(3, 1, 1))) == [said.format("2 lines")]
    assert ends(passage(5, row(3, 0))) == [said.format("1 line")]
    assert ends(passage(5, row(3, 0)), passage(6, *rows(3, 30, 14), kind=NOTE)) == [said.format("1 line")]
    assert ends(passage(5, row(3, 0)), passage(6, *rows(3, 1, 2), kind="table")) == []
    assert ends(passage(5, row(3, 0)), passage(6, *rows(3, 1, 2), chapter=1)) == []
    assert ends(passage(5, row(3, 0)), beside=(row(3, PITCH),)) == []
    assert ends(passage(6, *rows(3, 0, 2), kind=NOTE)) == []
    more = (passage(7, *rows(4, 0, 20), chapter=1), passage(8, *rows(5, 0, 3), chapter=1))
    own = told(check_chapter_ends, before, *more, ends={0: 2, 1: 5})
    assert own == ["8: page 5, the last one of its chapter, holds only 3 lines"]
    for other in (passage(5, *rows(3, 0, 12)), passage(5, *rows(3, 1, 2), kind="table")):
        both = told(check_chapter_ends, before, other, *more, ends={0: 3, 1: 5})
        assert both == ["8: page 5, the last one of its chapter, holds only 3 lines"]
    assert told(check_chapter_ends, passage(3, *rows(2, 0, 2)), ends={0: 2}) == []
    hints = [
        one.hint for n in (1, 2) for one in found(check_chapter_ends, before, passage(5, *rows(3, 0, n)), ends={0: 3})
    ]
    assert [hint.partition(", or move")[0] for hint in hints] == [
        "make paragraphs of the chapter shorter by 1 line in all, or longer by 11",
        "make paragraphs of the chapter shorter by 2 lines in all, or longer by 10",
    ]


@pytest.mark.parametrize(("counts", "page"), [((2, 2), 0), ((1, 2), 2), ((2, 1), 3), ((1, 1), 2), ((2, 1, 2), 3)])
def test_a_note_that_goes_on_has_two_lines_on_each_side(counts: tuple[int, ...], page: int) -> None:
    made = [one for number, count in enumerate(counts, 2) for one in rows(number, 30, count)]
    said = told(check_notes_over_pages, passage(3, *made, kind=NOTE))
    assert [one.partition(", with")[2] for one in said] == ([f" only one line on page {page}"] * (len(counts) - 1))[
        : len(counts) if page else 0
    ]


def last_line(
    right: float, indent: float, last: str = "so.", *, before: str = WORDS, block: int = 1, chapter: int = 0
) -> list[str]:
    """What is said of a paragraph whose last line ends `right` points behind the edge, above an indent."""
    made = (row(2, 0), row(2, PITCH, before), row(2, 2 * PITCH, last, right=LEFT + right))
    after = passage(5, row(2, 3 * PITCH, left=LEFT + indent), *rows(2, 4, 2), block=block, chapter=chapter)
    first = passage(2, row(1, 0, "So.", right=LEFT + 1))
    whole = passage(2, *rows(1, 1, 2))
    return told(check_paragraph_ends, first, whole, passage(3, *made, words="of the keepers so."), after)


def test_a_last_line_is_longer_than_the_indent_below_it() -> None:
    short = ["3: the last line of the paragraph, `so.` on page 2, is shorter than the indent below"]
    assert last_line(11.9, 12) == short
    assert last_line(12, 12) == []
    assert last_line(1, 2) == []
    assert last_line(1, 2.5) == short
    assert last_line(1, 12, block=2) == last_line(1, 12, chapter=1) == []
    assert last_line(100, 12, "ers", before="of the keep\ufffe") == [
        "3: the paragraph ends on page 2 with `ers`, the rest of a word"
    ]
    assert last_line(100, 12, "ers so", before="of the keep\ufffe") == []
    assert last_line(100, 12, "ers", before="of the keep") == []


@pytest.mark.parametrize(
    ("language", "ends", "goes_on", "said"),
    [
        ("en", "ab", "out", ""),
        ("en", "a", "bout", "with fewer than 2 letters before the hyphen or 3 after it"),
        ("en", "abo", "ut", "with fewer than 2 letters before the hyphen or 3 after it"),
        ("de", "abo", "ut", ""),
        ("de-AT", "abo", "ut", ""),
        ("de", "abou", "t", "with fewer than 2 letters before the hyphen or 2 after it"),
        ("en", "pol", "jima", ""),
        ("sr-Latn", "pol", "jima", "inside a letter"),
        ("hr", "POL", "JIMA", "inside a letter"),
        ("hr", "in", "jekcija", ""),
        ("hr", "na", "džiban", ""),
        ("hr", "nad", "živeti", ""),
        ("hr", "bud", "žak", "inside a letter"),
        ("hr", "pol", "apa", ""),
        ("en", "12", "3", ""),
    ],
)
def test_words_are_divided_as_their_language_does(language: str, ends: str, goes_on: str, said: str) -> None:
    made = (row(2, 0, f"so {ends}\ufffe"), row(2, PITCH, f"{goes_on} it was"))
    for more in ((), rows(2, 2, 1)):
        got = told(check_hyphens, passage(3, *made, *more, words=f"so {ends}{goes_on} it was"), language=language)
        assert got == [f"3: `{ends}-{goes_on}` on page 2 is divided {said}"][: bool(said)]
    written = passage(3, *made, words=f"so {ends}-{goes_on} it was")
    assert told(check_hyphens, written, language=language) == []


def test_a_word_is_divided_between_letters_alone() -> None:
    made = passage(3, row(2, 0))
    ends, goes_on = ("keep\ufffe", "\u2014\ufffe", "keep"), ("ers it", "\u2014 it")
    divided = {(one, two): made.divides(row(2, 0, one), row(2, PITCH, two)) for one in ends for two in goes_on}
    assert [pair for pair, is_divided in divided.items() if is_divided] == [(ends[0], goes_on[0])]


def test_hyphens_in_a_row_are_counted() -> None:
    def ladder(*counts: int, **more: Any) -> list[str]:
        made = [
            row(2, 0, f"ending {number} of {count} keep\ufffe" if number < count else "none")
            for count in counts
            for number in range(count + 1)
        ]
        return told(check_hyphens, passage(3, *made), **more)

    said = "3: {} lines in a row end with a hyphen, from `ending 0 of {} keep-` on page 2 on"
    assert ladder(2, 2) == ladder(3, language="de") == ladder(0) == []
    assert ladder(3) == ladder(1, 3, 2) == ladder(3, 3) == [said.format(3, 3)]
    assert ladder(3, 4) == [said.format(4, 4)]
    assert ladder(4, language="de") == [said.format(4, 4)]
    assert ladder(3, language="de", chapter={"language": "en"}) == [said.format(3, 3)]  # it is borrowed
    assert ladder(3, language="en", chapter={"language": "de"}) == []


def off(page: int, by: float, *, line: int = 5, first: int = 0, **more: Any) -> PrintedPassage:
    """A paragraph of three lines that stands `by` points off the grid."""
    return passage(line, *(row(page, PITCH * (first + number) + by, **more) for number in range(3)))


GRID = "`the words of a line` on page {} stands {} the lines of the other pages"


@pytest.mark.parametrize(
    ("passages", "faults"),
    [
        ((off(4, 0),), []),
        ((off(4, 1, first=1),), []),
        ((off(4, -1, first=1),), []),
        ((off(4, 1.5, first=1),), [f"5: {GRID.format(4, '1.5 pt below')}"]),
        ((off(4, -1.5, first=1),), [f"5: {GRID.format(4, '1.5 pt above')}"]),
        ((off(4, 8, first=1),), [f"5: {GRID.format(4, '6.0 pt above')}"]),
        ((off(4, 5, first=1), off(4, 5, first=8, line=7)), [f"5: {GRID.format(4, '5.0 pt below')}"]),
        (
            (off(4, 5, first=1), off(5, 5, first=1, line=7)),
            [f"5: {GRID.format(4, '5.0 pt below')}", f"7: {GRID.format(5, '5.0 pt below')}"],
        ),
        ((off(4, 5, first=1, size=10.4),), []),
        ((off(4, 5, first=1, left=LEFT + 75),), []),
        ((off(4, 5, first=1, left=LEFT + 74),), [f"5: {GRID.format(4, '5.0 pt below')}"]),
        ((passage(5, row(4, 0, right=300), row(4, 19, right=300), row(4, 28)),), []),
        ((passage(5, row(4, 0), row(4, 14), row(4, 33, right=300)),), [f"5: {GRID.format(4, '5.0 pt below')}"]),
        ((passage(5, row(4, 5, kind), kind=kind) for kind in ("table", BOX)), []),
    ],
)
def test_body_text_stands_on_one_grid(passages: Any, faults: list[str]) -> None:
    assert told(check_grid, passage(3, *rows(2, 0, 3)), passage(4, *rows(3, 0, 3)), *passages) == faults


def test_a_line_behind_one_of_another_size_stands_on_the_grid_too() -> None:
    made = (row(4, 0), row(4, PITCH, size=12), row(4, PITCH * 2 + 5))
    others = [passage(number, *rows(number, 0, 3)) for number in (2, 3)]
    assert told(check_grid, *others, passage(5, *made)) == [f"5: {GRID.format(4, '5.0 pt below')}"]


def test_the_grid_is_that_of_most_pages_or_where_none_begins_with_text_that_of_the_theme() -> None:
    others = [passage(number, *rows(number, 0, 2)) for number in (3, 4)]
    assert told(check_grid, off(2, 5), *others) == [f"5: {GRID.format(2, '5.0 pt below')}"]
    above = passage(2, row(2, 0, size=20), kind=HEADING, level=1)
    assert told(check_grid, above, passage(3, *rows(2, 2, 2))) == []
    assert told(check_grid, above, off(2, 5, first=2)) == [f"5: {GRID.format(2, '5.0 pt below')}"]


def foot(page: int, last: int, **more: Any) -> PrintedPassage:
    return passage(page, *rows(page, last - 3, 3), **more)


def test_facing_pages_end_at_one_depth() -> None:
    def depth(*passages: PrintedPassage, look: Theme | None = None, **more: Any) -> list[str]:
        return told(check_depth, *passages, look=look or facing(), **more)

    assert depth(foot(2, 40), foot(3, 40)) == []
    assert depth(foot(2, 39), foot(3, 40)) == ["2: page 2 ends 1 line above page 3, which lies beside it"]
    assert depth(foot(2, 40), foot(3, 38)) == ["3: page 3 ends 2 lines above page 2, which lies beside it"]
    assert depth(foot(2, 39), foot(3, 40), look=theme()) == []
    assert depth(foot(3, 39), foot(4, 40)) == []
    assert depth(foot(2, 39, kind=BOX), foot(3, 40)) == depth(foot(2, 39), foot(3, 40, kind=BOX)) == []
    assert depth(foot(2, 38, kind=BOX), foot(3, 40)) == ["2: page 2 ends 2 lines above page 3, which lies beside it"]
    assert depth(foot(2, 39), foot(3, 40), ends={0: 3}) == depth(foot(2, 39), foot(3, 40), ends={}) == []
    assert depth(foot(2, 39, kind="table"), foot(3, 40)) == []
    assert depth(foot(2, 39, kind=NOTE), foot(3, 40)) == []
    assert depth(foot(2, 30), foot(2, 39, kind=NOTE), foot(3, 40)) == [
        "2: page 2 ends 1 line above page 3, which lies beside it"
    ]
    assert depth(foot(2, 39), foot(3, 40), beside=(row(2, 40 * PITCH),)) == []
    assert depth(foot(2, 38), foot(3, 1, kind=HEADING), foot(3, 40)) == [], "the heading had no room"
    assert len(depth(foot(2, 38), foot(3, 1), foot(3, 40))) == 1
    more = (foot(4, 40), foot(5, 39))
    assert depth(foot(2, 39, kind="table"), foot(3, 40), *more) == [
        "5: page 5 ends 1 line above page 4, which lies beside it"
    ]


@pytest.mark.parametrize(
    ("lines", "letters", "said"),
    [(40, 62, ""), (40, 72, ""), (40, 73, "73"), (40, 61, "61"), (39, 73, "")],
)
def test_full_lines_hold_a_number_of_letters(lines: int, letters: int, said: str) -> None:
    words = "x" * letters
    full = [row(2, number, words) for number in range(lines)]
    others = (row(2, 50, "x", right=RIGHT - 2.5), row(2, 51, "x", left=LEFT + 2.5), row(2, 52, "x"))
    faults = found(count_letters, passage(3, *full, *others))
    assert [fault.message for fault in faults] == [
        f"a full line of body text holds {said} characters on average in `en`, not 62 to 72"
    ][: bool(said)]
    millimetres = f"{theme().length('page', 'measure') * 67 / int(said or 1) * 25.4 / 72:.0f}"
    assert [fault.hint.partition(" reads")[0] for fault in faults] == [
        f"in this size a `page: measure` of about {millimetres} mm"
    ][: bool(said)]


def spaces(*some: float, last: float = 3.0, **more: Any) -> list[tuple[str, str]]:
    """What is said of the spaces of lines above a last one, and the share for page fitting."""
    made = [row(2, number, f"line {number}", space=space, **more) for number, space in enumerate(some)]
    few = passage(5, row(2, 99, "line", space=4.6), row(2, 99, "last", space=last))
    faults = found(check_spacing, passage(3, *made, row(2, 50, "last", space=last)), few)
    return [(one.message.partition(" % ")[0], one.detail) for one in faults if one.place.line == 3]


def test_the_spaces_of_a_line_are_near_the_normal_one() -> None:
    said = "the spaces in the line `line {}` on page 2 are {}"
    assert spaces(3, 4.5, 2.25, 0) == []
    assert spaces(3, 4.6) == [(said.format(1, 153), "1.533")]
    assert spaces(2.04, 3) == [(said.format(0, 68), "0.680")]
    assert spaces(4.6, 4.8, 4.7) == spaces(3, 4.8, 2.2) == [(said.format(1, 160), "1.600")]
    assert spaces(4.6, 1.5) == [(said.format(1, 50), "0.500")]
    assert spaces(4.6, right=RIGHT - 3) == spaces(4.6, size=10.4) == []
    assert spaces(4.6, size=10.3) == []
    assert spaces(4.7, size=10.3) == [(said.format(0, 152), "1.521")]
    assert spaces(3, 3, 3, 4.6, last=0) == [(said.format(3, 153), "1.533")]
    assert spaces(0, last=0) == []
    assert spaces(0, 4.6) == spaces(3, 4.6)


def around(
    above: float, below: float, *, before: str = PARAGRAPH, after: str = PARAGRAPH
) -> tuple[PrintedPassage, ...]:
    """A heading with so much space above and below it, beyond the distance of lines."""
    y = PITCH + above + PITCH
    text = y + PITCH + below
    return (
        passage(3, *rows(2, 0, 2), kind=before),
        passage(5, row(2, y, "Tolls"), kind=HEADING, level=2),
        passage(7, *(row(2, text + PITCH * number) for number in range(3)), kind=after),
    )


NARROW = "5: the heading `Tolls` on page 2 has {} pt above it and {} pt below it"


def test_a_heading_stands_nearer_to_its_text_than_to_what_is_above_it() -> None:
    def space(*passages: PrintedPassage, **more: Any) -> list[str]:
        return told(check_space_of_headings, *passages, **more)

    assert space(*around(13, 7)) == []
    assert space(*around(12, 7)) == [NARROW.format(12, 7)]
    assert space(*around(12, 7, before=BOX)) == space(*around(12, 7, before="bulletlist")) == [NARROW.format(12, 7)]
    assert space(*around(12, 7, after=BOX)) == space(*around(12, 7, before="table")) == []
    assert space(*around(12, 7, after="table")) == []
    assert space(*around(12, 7)[1:]) == space(*around(12, 7)[:2], ends={0: 2}) == []
    assert space(*around(12, 7), beside=(row(2, 30),)) == space(*around(12, 7), beside=(row(2, 45),)) == []
    assert space(*around(12, 7), beside=(row(2, PITCH), row(2, 60))) == [NARROW.format(12, 7)]
    again = [
        passage(one.rows[0].page + 7, *(replace(row, page=3) for row in one.rows), kind=one.kind, level=2)
        for one in around(12, 7)
    ]
    assert space(*around(12, 7), *again) == [f"{NARROW.format(12, 7)} (and 1 more headings of level 2)"]
    other = [replace(one, level=3) for one in again]
    assert len(space(*around(12, 7), *other)) == 2


@pytest.mark.parametrize(
    ("below", "said"),
    [
        (rows(2, 2, 3), ""),
        (rows(2, 2, 2), "only 2 lines of text"),
        (rows(2, 2, 1), "only 1 line of text"),
        ((), "no line of text"),
    ],
)
def test_below_a_heading_stand_three_lines(below: tuple[TypeLine, ...], said: str) -> None:
    title = passage(5, row(2, PITCH, "Tolls"), kind=HEADING, level=2)
    texts = (passage(7, *below),) if below else ()
    note = passage(9, *rows(2, 30, 4), kind=NOTE)

    def said_of(*passages: PrintedPassage, **more: Any) -> list[str]:
        return told(check_space_of_headings, title, *passages, **more)

    faults = [f"5: below the heading `Tolls` page 2 has {said}"][: bool(said)]
    assert said_of(*texts) == said_of(*texts, note) == faults
    assert said_of(*texts, ends={0: 2}) == []
    assert said_of(*texts, passage(8, *rows(2, 9, 1), kind="table")) == []
    second = passage(4, row(2, 0, "Part"), kind=HEADING, level=1)
    both = [*([f"4: below the heading `Part` page 2 has {said}"] if said else []), *faults]
    assert told(check_space_of_headings, second, title, *texts) == both


def test_a_heading_is_not_hyphenated() -> None:
    title = passage(5, row(2, 0, "Toll keep\ufffe"), row(2, PITCH, "ers"), kind=HEADING, words="Toll keepers")
    below = passage(7, *rows(2, 2, 3))
    assert told(check_space_of_headings, title, below) == ["5: the heading `Toll keepers` is hyphenated on page 2"]
    assert told(check_space_of_headings, replace(title, words=("Toll", "keep-ers")), below) == []


FREE = "7: page 3 has {} lines free below its text, before `the words of a line the words of …`"


def hole(free: float, *others: PrintedPassage, after: str = PARAGRAPH, **more: Any) -> list[str]:
    """What is said of a page that leaves so many lines free, between a full one and one on which the text goes on."""
    y = PITCH * 39 - PITCH * free
    texts = (passage(3, *rows(2, 0, 40)), passage(5, row(3, 0), row(3, y), block=3))
    return told(check_holes, *texts, *others, passage(7, *rows(4, 0, 2), kind=after, block=6), **more)


def test_the_text_of_a_page_leaves_no_more_than_three_lines_free() -> None:
    assert hole(3) == hole(3.6) == []
    assert hole(3.8) == hole(4) == [FREE.format(4)]
    assert hole(7) == [FREE.format(7)]
    for kind in (HEADING, "bulletlist", "orderedlist"):
        assert hole(7, after=kind) == [FREE.format(7)]
    assert hole(7, after=BOX) == hole(7, after="table") == []
    assert hole(7, ends={0: 3}) == hole(7, ends={}) == []
    table = passage(6, *rows(4, -1, 1), kind="table", block=4)
    assert hole(7, table) == []
    assert hole(7, replace(table, block=2)) == [FREE.format(7)]
    assert hole(7, replace(table, kind=NOTE)) == [FREE.format(7)]
    later = (passage(8, *rows(5, 0, 2), block=7), passage(9, *rows(6, 0, 9), block=8))
    said = "8: page 4 has 38 lines free below its text, before `the words of a line the words of …`"
    assert hole(7, *later, after=BOX)[:1] == hole(7, table, *later)[:1] == [said]


def blocks(*kinds: str) -> tuple[ExpectedBlock, ...]:
    return tuple(ExpectedBlock(f"01-a/{number}", kind, "", "", at(3)) for number, kind in enumerate(kinds))


def test_what_layout_yaml_asks_to_begin_a_page_leaves_room_before_it() -> None:
    own = blocks(HEADING, PARAGRAPH, HEADING, HEADING, PARAGRAPH)

    def asked(block: int, *begins: str) -> bool:
        with book("Cover / x", {"blocks": own, "begins": begins}, {}, {}) as evidence:
            return _is_asked(Layout(evidence), passage(3, row(2, 0), block=block))

    assert [asked(1, "01-a/1"), asked(1, "01-a/1.2"), asked(2, "01-a/3"), asked(2, "01-a/4")] == [True] * 4
    assert [asked(1, "01-a/2"), asked(2, "01-a/1"), asked(0), asked(5, "01-a/1"), asked(0, "01-a/2")] == [False] * 5
    chapter = {"blocks": blocks(*(PARAGRAPH for _ in range(9))), "begins": ("01-a/6",)}
    assert hole(7, chapter=chapter) == []
    later = (passage(8, *rows(5, 0, 2), block=7), passage(9, *rows(6, 0, 9), block=8))
    assert [one.partition(" has")[0] for one in hole(7, *later, chapter=chapter)][:1] == ["8: page 4"]


@pytest.mark.parametrize(("kind", "usual"), [(NOTE, 21), ("table", 18)])
def test_above_notes_and_figures_no_more_than_three_lines_are_free(kind: str, usual: float) -> None:
    def free(lines: float) -> list[str]:
        y = PITCH * 39
        last = y - 8 - 2 - usual - PITCH * lines
        texts = (passage(3, *rows(2, 0, 40)), passage(5, row(3, 0), row(3, last), block=3))
        low = passage(6, row(3, y), kind=kind, block=4)
        return told(check_holes, *texts, low, passage(7, *rows(4, 0, 2), block=6))

    assert free(3) == free(3.6) == []
    assert free(3.8) == free(4) == [FREE.format(4)]


def test_no_table_stands_in_the_midst_of_a_list() -> None:
    def interrupted(
        kind: str = "bulletlist", *, y: float = 0, block: int = 3, chapter: int = 0, what: str = "table"
    ) -> list[str]:
        first = passage(3, *rows(2, 0, 3), kind="bulletlist", block=3)
        table = passage(4, row(3, y, "Loads"), kind=what, block=2)
        return told(check_lists, first, table, passage(5, *rows(3, 2, 3), kind=kind, block=block, chapter=chapter))

    said = ["5: `Loads` on page 3 is in the midst of a list"]
    assert interrupted() == interrupted("orderedlist") == interrupted("definitionlist") == said
    assert interrupted(what="figure") == said
    assert interrupted(PARAGRAPH) == interrupted(y=PITCH * 9) == interrupted(block=4) == interrupted(chapter=1) == []
    assert interrupted(what=PARAGRAPH) == []
    assert told(check_lists, passage(4, row(2, 0), kind="table"), passage(5, row(2, PITCH), kind="bulletlist")) == []


def test_runs_on_one_baseline_are_one_line_of_type() -> None:
    def line(
        words: str, baseline: float, left: float, *, page: int = 2, size: float = 10.0, space: float = 0.0
    ) -> Line:
        box = Rectangle(left, baseline - size, left + 3 * len(words), baseline)
        return Line(page, words, 0, (box,), baseline, size, space)

    made = _rows([line("so it was ", 100, 50), line("2", 97, 80, size=6, space=2), line("below", 114, 50)])
    assert made == (TypeLine(2, "so it was 2", 100, 50, 83, 10, 2), TypeLine(2, "below", 114, 50, 65, 10, 0))
    assert [one.baseline for one in _rows([line("2", 97, 50, size=6), line("so", 100, 40, space=3)])] == [100]
    assert _rows([line("2", 97, 50, size=6), line("so", 100, 40, space=3)])[0].left == 40
    assert len(_rows([line("so", 100, 50), line("on", 104, 50)])) == 2
    assert [one.baseline for one in _rows([line("so", 100, 50), line("on", 103.9, 50)])] == [100]
    assert len(_rows([line("so", 100, 50), line("on", 100, 50, page=3)])) == 2
    assert _rows([]) == ()


def test_a_chapter_may_begin_and_end_on_the_page_on_which_the_next_one_begins() -> None:
    anchors = (heading("One", 1), replace(heading("Two", 10), chapter="02-b"))
    with book("Cover / One; The ferry; Two; Salt", {}, {}, {"anchors": anchors}) as evidence:
        chapters = (*evidence.expected.chapters, ExpectedChapter("02-b", (), (), (), {}))
        evidence.expected = replace(evidence.expected, chapters=chapters)
        check_headings(evidence)
        assert read_layout(evidence).ends == {0: 2, 1: 2}


def test_the_lines_of_a_book_are_given_to_their_passages() -> None:
    """Ensures it for a heading, for words that stand within others, for a note, and for those that are lost."""
    words = (
        text("The ferry crossed the river and the towns", 3),
        text("crossed the river", 4),
        text("Salt and timber came", 6),
        text("Never to be found at all", 8),
        text("Two again and more of it", 12),
        text("Grain was brought from upstream towns", 14),
    )
    kinds = {1: HEADING, 3: PARAGRAPH, 4: "quotation", 6: "bulletlist", 8: PARAGRAPH, 10: HEADING, 12: PARAGRAPH}
    kinds |= {14: PARAGRAPH}
    blocks = tuple(ExpectedBlock(f"01-a/{line}", kind, "", "", at(line)) for line, kind in kinds.items())
    printed = (
        "One; The ferry; crossed the river; and the towns; Salt and timber / came / Two; Two again; and more; of it; "
        "Grain was brought towns"
    )
    anchors = (heading("One", 1), replace(heading("Two", 10), level=2))
    marks = (Bookmark("One", Target(2, 0)),)
    with book(
        f"Cover / {printed}", {"texts": words, "blocks": blocks}, {"bookmarks": marks}, {"anchors": anchors}
    ) as evidence:
        check_headings(evidence)
        check_texts(evidence)
        layout = read_layout(evidence)
    assert [(one.kind, one.place.line, one.block, [row.text for row in one.rows]) for one in layout.passages] == [
        (HEADING, 1, 0, ["One"]),
        (PARAGRAPH, 3, 1, ["The ferry", "and the towns"]),
        ("quotation", 4, 2, ["crossed the river"]),
        ("bulletlist", 6, 3, ["Salt and timber", "came"]),
        (HEADING, 10, 5, ["Two"]),
        (PARAGRAPH, 12, 6, ["Two again", "and more", "of it"]),
    ]
    assert [one.level for one in layout.passages] == [1, 0, 0, 0, 2, 0]
    assert (layout.size, layout.pitch, layout.ends, layout.begins(0)) == (10.0, 14.0, {0: 4}, 2)
    assert (layout.begins(1), layout.on(9), layout.notes) == (0, [], ())
    left = area_of(theme()).block.left
    assert layout.lefts == {2: left, 4: left}
    assert [row.text for row, _ in layout.on(2)] == [
        "One",
        "The ferry",
        "crossed the river",
        "and the towns",
        "Salt and timber",
    ]
