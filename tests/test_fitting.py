"""Page fitting of its own accord: notes stay with their marks, chapters end well, and nothing is done twice."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from building import contents_of, impressum, line_of, pages
from fitted import Prose, draft, inputs, write
from pypdf import PdfReader
from test_galleys import CHAPTERS, PLACE, TOLD

from impressum.core.errors import Fault, Place
from impressum.core.model.fits import Extent, Fit, Fits, Spot, TypesetBook
from impressum.pipeline import build
from impressum.pipeline.fitting import fit_chapter
from impressum.pipeline.fitting.chapter_fits import ChapterFits
from impressum.pipeline.fitting.passes import LEAST_PASSES, MOST_PASSES, budget
from impressum.pipeline.fitting.proposals import BREAKS, DEPTHS, weight
from impressum.stages.typeset import Typesetter

MARKED = "The third of them is noted here.[^1]"
NOTE = (
    "The charter of the town says so, and the book of the tolls repeats it in other words, at length, with the names "
    "of those who paid and of those who did not, and of the keepers of the landing stage who wrote it all down."
)
NEAR_THE_FOOT = {"report": range(15, 27, 2), "book": range(7, 16, 2)}
"""The lines of filler before the block, from where its mark stands well above the foot to where it has turned over;
a note of three lines is late after more than one of them."""


def in_a_list(prose: Prose) -> str:
    items = [f"- {prose.sentences(2)}" for _ in range(5)]
    return "\n".join([*items[:2], f"{items[2]} {MARKED}", *items[3:]])


def in_a_nested_list(prose: Prose) -> str:
    inner = [f"    - {prose.sentences(1)}" for _ in range(3)]
    inner[1] += f" {MARKED} {prose.sentences(1)}"
    return "\n".join([f"- {prose.sentences(1)}", f"- {prose.sentences(1)}", *inner, f"- {prose.sentences(1)}"])


def in_a_quotation(prose: Prose) -> str:
    return f"> {prose.sentences(5)} {MARKED} {prose.sentences(3)}"


def in_a_row_of_a_table(prose: Prose) -> str:
    rows = [f"| {prose.line()} | {row * 37} | {MARKED if row == 5 else prose.line()} |" for row in range(1, 16)]
    return "\n".join(["| Place | Loads | Remark |", "|:--|--:|:--|", *rows])


def in_a_box(prose: Prose) -> str:
    return f"::: box\n{prose.sentences(4)}\n\n{prose.sentences(2)} {MARKED} {prose.sentences(4)}\n:::"


@pytest.mark.parametrize(
    ("block", "theme"),
    [
        (in_a_list, "book"),
        (in_a_nested_list, "report"),
        (in_a_quotation, "report"),
        (in_a_row_of_a_table, "report"),
        (in_a_box, "report"),
    ],
)
def test_a_note_stays_with_its_mark_at_every_line_near_the_foot_of_the_page(
    block: Callable[[Prose], str], theme: str, tmp_path: Path
) -> None:
    """Ensures it where they could part: a chapter for every other line at which the block with the mark can begin."""
    offsets = NEAR_THE_FOOT[theme]
    chapters = {}
    for offset in offsets:
        prose = Prose(offset)
        lines = "\n\n".join(prose.line() for _ in range(offset))
        chapters[f"{offset + 1:02}-offset"] = (
            f"# Offset {offset} {{.unlisted}}\n\n{lines}\n\n{prose.sentences(2)}\n\n{block(prose)}\n\n"
            f"{prose.sentences(6)}\n\n{prose.sentences(4)}\n\n[^1]: {NOTE}\n"
        )
    root = write(tmp_path, chapters, theme=theme)
    ran = impressum(root, "build", "--explain")
    assert (ran.code, [line for line in ran.faults.splitlines() if ": error: " in line]) == (0, [])
    assert re.search(r"fitted in (?!1 )\d+ passes", ran.stdout), "Typst set a note late, and it was mended"
    text = pages(root, "fitted-pages-en.pdf")
    for number in range(1, len(offsets) + 1):
        mark = [page for page, words in enumerate(text, 1) if re.search(rf"here\. ?{number}(?!\d)", words)]
        note = [page for page, words in enumerate(text, 1) if re.search(rf"(?<!\d){number} ?The charter", words)]
        assert mark == note, f"note {number}"
        assert len(mark) == 1, f"note {number}"


def late_note(offset: int, block: Callable[[Prose], str] = in_a_list) -> str:
    """A chapter whose note would be late, if the block with its mark begins at a line near the foot of the page."""
    prose = Prose(offset)
    lines = "\n\n".join(prose.line() for _ in range(offset))
    return f"# Late {offset}\n\n{lines}\n\n{block(prose)}\n\n{prose.sentences(9)}\n\n[^1]: {NOTE}\n"


LATE = {f"{at:02}-late": late_note(at + 15, (in_a_list, in_a_quotation)[at % 2]) for at in range(1, 4)}


def test_a_build_without_changes_sets_nothing_again_and_one_from_nothing_the_same(tmp_path: Path) -> None:
    root = write(tmp_path / "one", LATE)
    first = line_of(root)
    build.build(first)
    assert first.explained[0].passes > 1, "the note was late at first, and the pages were set again"
    before = contents_of(root / "dist")
    again = line_of(root)
    build.build(again)
    assert not {"typeset", "fitting", "verify"} & again.memo.ran.keys()
    assert contents_of(root / "dist") == before
    assert again.explained == first.explained
    other = write(tmp_path / "two", LATE)
    assert impressum(other, "build").code == 0
    assert contents_of(other / "dist") == before, "two builds fit the pages in the same way"


def test_a_last_page_of_few_lines_is_saved_or_filled_up_where_no_paragraph_can_change(tmp_path: Path) -> None:
    chapters = {}
    for lines in (36, 37, 39, 43, 45, 82, 88):
        prose = Prose(lines)
        title = f"# Lines {lines}{' {.summary}' if lines == 39 else ''}"
        chapters[f"{lines}-lines"] = f"{title}\n\n" + "\n\n".join(prose.line() for _ in range(lines)) + "\n"
    ran = impressum(write(tmp_path, chapters), "build", "--explain")
    mended = re.findall(r"(\d\d)-lines.md.*(?:page \d+|pages): (.*): .* \[chapter-end\]", ran.stdout)
    assert dict(mended) == {
        "36": "its pages 1 line longer",
        "37": "begins the page",
        "43": "begins the page",
        "45": "its pages 2 lines shorter",
        "82": "its pages 1 line longer",
        "88": "its pages 2 lines shorter",
    }
    assert "[chapter-end]" not in ran.faults
    assert re.search(r"/39-lines.md:1:\d+: .*: at the top: ", ran.stdout), "so that it is on one"
    assert "[summary-long]" not in ran.faults


def test_a_long_book_gets_few_passes_and_a_short_one_enough() -> None:
    assert [budget(pages) for pages in (1, 15, 100, 1000)] == [MOST_PASSES, MOST_PASSES, 6, LEAST_PASSES]


def test_an_error_weighs_more_than_any_flaw_of_the_type() -> None:
    place = Place("chapters/en/01-a.md", 1)
    error = Fault(place, "a note is late", "note-page", "", "error")
    widow = Fault(place, "a widow", "page-widow", "", "warning")
    other = Fault(place, "a word space", "type-spacing", "", "warning")
    assert weight(error) > weight(widow) * 5
    assert weight(widow) > weight(other)


def test_a_word_that_is_not_divided_leaves_the_other_lines_as_they_were(tmp_path: Path) -> None:
    long = "incomprehensibilities counterrevolutionaries internationalization telecommunications-infrastructure"
    mixed = [
        f"{sentence} a\u00a0{word}"
        for sentence, word in zip(Prose(5).sentences(24).split(". "), long.split() * 6, strict=True)
    ]
    book = inputs(line_of(write(tmp_path, {"01-a": f"# A chapter\n\n{'. '.join(mixed)}.\n"})))

    def lines(typesetter: Typesetter, fits: Fits) -> list[str]:
        text = PdfReader(io.BytesIO(draft(typesetter, fits).pdf)).pages[3].extract_text()
        return [line.strip() for line in text.splitlines()]

    key = next(one.key for one in book.manuscript.expected.chapters[0].blocks if one.kind == "paragraph")
    with book.typesetter() as typesetter:
        plain = lines(typesetter, {})
        ends = [line.split()[-1] for line in plain if line.endswith(("\u00ad", "-"))]
        divided = {word: end for end in ends for word in long.split() if word.startswith(end.rstrip("\u00ad-"))}
        assert len(divided) > 1
        for word, end in divided.items():
            fitted = lines(typesetter, {key: Fit(whole=word)})
            assert not [one for one in fitted if one.endswith(f" {end}")], word
            assert [one for one in fitted if one.endswith(("\u00ad", "-"))], "other words are divided as before"
        able = [
            breaks
            for breaks in BREAKS
            if any(one.endswith(" a") for one in lines(typesetter, {key: Fit(breaks=breaks)}))
        ]
        assert able == ["open", "free", "letters"], "a word of one letter ends a line"


def widow_for(share: str, before: str = "") -> ChapterFits:
    """The fits of a chapter whose widow goes away where a line becomes as loose as `share`; it was so `before`."""
    found: list[Fits] = []

    def measure(book: TypesetBook, fits: Fits) -> tuple[Fault, ...]:
        loose = share if found[-1] else before
        spacing = Fault(PLACE, "a line", "type-spacing", "", "warning", loose)
        widow = Fault(PLACE, "a widow", "page-widow", "", "warning")
        return ((spacing,) if loose else ()) + (() if found[-1] else (widow,))

    def set_pages(fits: Fits) -> TypesetBook:
        found.append(fits)
        return TypesetBook(repr(fits).encode(), TOLD)

    return fit_chapter(CHAPTERS[0], {}, set_pages, lambda fits: TOLD, measure)


def test_no_flaw_is_worth_a_line_looser_than_150_percent_or_than_it_was() -> None:
    assert widow_for("1.510").fits == {}
    assert widow_for("1.710", before="1.700").fits == {}
    assert widow_for("1.690", before="1.700").fits != {}
    assert widow_for("").fits != {}
    assert widow_for("0.740").fits != {}, "a tight line is no loose one"


def test_pages_that_a_fit_does_not_change_are_looked_at_once() -> None:
    looked_at: list[Fits] = []

    def measure(book: TypesetBook, fits: Fits) -> tuple[Fault, ...]:
        looked_at.append(fits)
        return (Fault(PLACE, "a line", "type-spacing", "", "warning", "1.6"),)

    fitted = fit_chapter(CHAPTERS[0], {}, lambda fits: TypesetBook(b"the same", TOLD), lambda fits: TOLD, measure)
    assert fitted.passes > len(BREAKS)
    assert [fits.get("01-a/", Fit()).depth for fits in looked_at] == [0, *DEPTHS]


def test_pages_of_another_depth_mend_what_no_paragraph_can() -> None:
    def measure(book: TypesetBook, fits: Fits) -> tuple[Fault, ...]:
        hole = Fault(PLACE, "a hole", "page-hole", "", "warning", "3")
        return () if "depth: 1" in book.layout.targets else (hole,)

    def set_pages(fits: Fits) -> TypesetBook:
        depth = {f"depth: {fit.depth}": 1 for fit in fits.values() if fit.depth}
        return TypesetBook(repr(fits).encode(), replace(TOLD, targets=depth))

    fitted = fit_chapter(CHAPTERS[0], {}, set_pages, lambda fits: TOLD, measure)
    assert (fitted.fits, fitted.reasons) == ({"01-a/": Fit(depth=1)}, {"01-a/": "page-hole"})


def test_no_pages_are_set_twice_and_no_lines_tried_again_that_were_no_better() -> None:
    tried: list[Fits] = []

    def measure(book: TypesetBook, fits: Fits) -> tuple[Fault, ...]:
        paragraph, chapter = fits.get("01-a/0", Fit()), fits.get("01-a/", Fit())
        hole = Fault(PLACE, "a hole", "page-hole", "", "warning", "3")
        loose = Fault(PLACE, "a line", "type-spacing", "", "warning", "1.9")
        return ((hole,) if chapter.depth != -1 else ()) + ((loose,) if paragraph.breaks != "open" else ())

    def set_pages(fits: Fits) -> TypesetBook:
        tried.append(fits)
        return TypesetBook(repr(fits).encode(), TOLD)

    fitted = fit_chapter(CHAPTERS[0], {}, set_pages, lambda fits: TOLD, measure)
    assert fitted.fits == {"01-a/": Fit(depth=-1), "01-a/0": Fit(breaks="open")}
    breaks = [fits["01-a/0"].breaks for fits in tried if "01-a/0" in fits]
    assert breaks[:3] == ["even", "often", "open"]
    assert set(breaks[3:]) == {"open"}
    assert len({frozenset(fits.items()) for fits in tried}) == len(tried) == fitted.passes


@pytest.mark.parametrize("facing", [False, True])
def test_pages_that_face_others_are_made_deeper_after_all_else(facing: bool) -> None:
    depths: list[int] = []

    def set_pages(fits: Fits) -> TypesetBook:
        depths.append(fits.get("01-a/", Fit()).depth)
        return TypesetBook(repr(fits).encode(), TOLD)

    widow = Fault(PLACE, "a widow", "page-widow", "", "warning")
    fit_chapter(CHAPTERS[0], {}, set_pages, lambda fits: TOLD, lambda book, fits: (widow,), facing=facing)
    begun = next(number for number, depth in enumerate(depths) if depth)
    assert begun == (1 + len(BREAKS) + 4 if facing else 1), "the lines of the paragraph, and room at the foot, go first"


def test_a_flaw_of_a_page_may_be_changed_for_one_of_lines_that_is_then_mended() -> None:
    spread = replace(TOLD, blocks=(Extent("01-a/0", Spot(3, 0.0, 10.0), Spot(3, 0.0, 50.0)),))

    def measure(book: TypesetBook, fits: Fits) -> tuple[Fault, ...]:
        fit = fits.get("01-a/0", Fit())
        hole = Fault(PLACE, "a hole", "page-hole", "", "warning", "3")
        loose = Fault(PLACE, "a line", "type-spacing", "", "warning", "1.6")
        return (hole,) if fit.lines != 1 else () if fit.breaks == mending else (loose,)

    def fitted() -> Fits:
        able = replace(spread, able=frozenset({("01-a/0", 1)}))
        return fit_chapter(
            CHAPTERS[0], {}, lambda fits: TypesetBook(repr(fits).encode(), spread), lambda fits: able, measure
        ).fits

    mending = "often"
    assert fitted() == {"01-a/0": Fit(lines=1, breaks="often")}
    mending = "nothing"
    assert fitted() == {}, "a line looser than 150 % is no change for the better"


def test_the_words_of_a_paragraph_that_is_a_line_longer_stay_all_there(tmp_path: Path) -> None:
    prose = Prose(3)
    paragraphs = [prose.sentences(5) for _ in range(12)]
    book = inputs(line_of(write(tmp_path, {"01-a": "# A chapter\n\n" + "\n\n".join(paragraphs) + "\n"})))

    def text(fits: Fits) -> list[str]:
        pages = PdfReader(io.BytesIO(draft(typesetter, fits).pdf)).pages[3:]
        return "\n".join(page.extract_text() for page in pages).splitlines()

    def letters(lines: list[str]) -> str:
        return "".join(filter(str.isalpha, "".join(lines))).replace("Achapter", "")

    keys = [one.key for one in book.manuscript.expected.chapters[0].blocks if one.kind == "paragraph"]
    with book.typesetter() as typesetter:
        plain = text({})
        fitted = [text({key: Fit(lines=1)}) for key in keys]
    assert max(map(len, fitted)) > len(plain), "one of them can be a line longer"
    assert {letters(lines) for lines in fitted} == {letters(plain)}
