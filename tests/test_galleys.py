"""A chapter that is set alone stands as it does in its book; what page fitting tries on it holds there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from building import line_of
from fitted import Prose, draft, inputs, lines_of, write

from impressum.core.errors import Fault, Faulty, Place
from impressum.core.model.fits import Extent, Fit, Fits, LayoutReport, Spot, Standing, TypesetBook
from impressum.core.model.manuscript import Expected, ExpectedBlock, ExpectedChapter
from impressum.pipeline.fitting import FittingAlone, fit_chapter, fit_pages
from impressum.pipeline.fitting.chapter_fits import ChapterFits, standings
from impressum.stages.typeset import compiler
from impressum.stages.typeset.parts import named_in


def test_cross_references_name_the_pages_of_the_book(tmp_path: Path) -> None:
    """A page of two digits, or of another chapter, takes its room alone, too."""
    prose = Prose(1)
    filler = ["\n\n".join(prose.sentences(6) for _ in range(count)) for count in (40, 12)]
    root = write(
        tmp_path,
        {
            "01-a": f"# First\n\nA note.[^1]\n\n{filler[0]}\n\n## End {{#sec-end}}\n\nIt ends.\n\n[^1]: One.\n",
            "02-b": "# Second\n\nSee @sec-end and @sec-far.[^1]\n\n"
            f"{filler[1]}\n\n## Far {{#sec-far}}\n\nSo.\n\n[^1]: Two.\n",
        },
    )
    (root / "templates").mkdir()
    (root / "templates" / "theme.yaml").write_text("references:\n  pages: true\n", encoding="utf-8")
    run = line_of(root)
    its = inputs(run)
    with its.typesetter() as typesetter:
        book = draft(typesetter, {})
        _, second = standings(its.manuscript.expected, book.layout, sided=True)
        end = book.layout.targets["01-a/sec-end"]
        assert second.pages == {"01-a/sec-end": end}
        assert (second.page - second.shift) % 2 == 0
        with typesetter.parts.galley(second) as galley:
            set_alone = galley.draft({})
    assert lines_of(set_alone.layout, "02-b") == lines_of(book.layout, "02-b")
    printed = [text_of(pdf) for pdf in (book.pdf, set_alone.pdf)]
    words = re.compile(r"See .*? and .*?\.")
    assert words.findall(printed[0])[-1] == words.findall(printed[1])[-1]
    assert f"p.\xa0{end}" in words.findall(printed[1])[-1].replace(" ", "\xa0")


@pytest.mark.parametrize("theme", ["report", "book"])
def test_paragraphs_that_are_said_to_be_able_to_are_a_line_shorter_or_longer_and_no_others(
    tmp_path: Path, theme: str
) -> None:
    prose = Prose()
    paragraphs = "\n\n".join(prose.sentences(number % 7 + 1) for number in range(70))
    its = inputs(line_of(write(tmp_path, {"01-a": f"# First\n\n{paragraphs}\n"}, theme=theme)))
    with its.typesetter() as typesetter, typesetter.parts.galley(Standing("01-a")) as galley:
        keys = [block.key for block in its.manuscript.expected.chapters[0].blocks if block.kind == "paragraph"]
        told = galley.lay_out(dict.fromkeys(keys, Fit(probe=True)))
        before = line_counts(told)
        for sign in (-1, 1):
            changed = galley.lay_out(dict.fromkeys(keys, Fit(lines=sign)))
            able = {key for key in keys if (key, sign) in told.able}
            assert len(able) > 1
            assert able == {key for key in keys if changed.effects[key]}
            after = line_counts(changed)
            assert {after[key] - before[key] for key in able & after.keys() & before.keys()} == {sign}


def line_counts(told: LayoutReport) -> dict[str, int]:
    """How many lines the paragraphs have that stand on one page."""
    whole = [one for one in told.blocks if one.first.page == one.last.page]
    return {one.key: round((one.last.y - one.first.y) / told.pitch) + 1 for one in whole}


PLACE = Place("chapters/en/01-a.md", 3)
SPOT = Spot(3, 0.0, 0.0)
CHAPTERS = (ExpectedChapter("01-a", (), (), (), {}, (ExpectedBlock("01-a/0", "paragraph", "", "Words", PLACE),)),)
MEANT = Expected("T", "en", "en", "Contents", "", (), CHAPTERS, {}, 2, "")
TOLD = LayoutReport(3, 0.0, 100.0, 10.0, (Extent("01-a/0", SPOT, SPOT),))


def found(fits: ChapterFits) -> FittingAlone:
    """Finds these fits for each chapter."""
    return lambda chapters: [fits for _ in chapters]


SHORTER = ChapterFits({"01-a/0": Fit(lines=-1)}, {"01-a/0": "chapter-end"}, 6, 4)


def later(fits: Fits) -> LayoutReport:
    """The book with fits is a page longer before the chapter: it begins on a left page."""
    at = Spot(4, 0.0, 0.0)
    return replace(TOLD, pages=4, blocks=(Extent("01-a/0", at, at),)) if fits else TOLD


@pytest.mark.parametrize(("weight", "is_held"), [(6, True), (7, False)])
def test_fits_are_taken_back_that_make_a_chapter_worse_where_it_has_come_to_stand(weight: int, is_held: bool) -> None:
    weighed: list[tuple[int, Fits]] = []

    def weigh(standing: Standing, fits: Fits) -> int:
        weighed.append((standing.page, fits))
        return weight

    fitting = fit_pages((), MEANT, later, weigh, found(SHORTER))
    assert weighed == [(2, SHORTER.fits)]
    assert (fitting.fits, len(fitting.made)) == ((SHORTER.fits, 1) if is_held else ({}, 0))


def test_a_chapter_that_stands_where_it_was_fitted_is_not_measured_again() -> None:
    def weigh(standing: Standing, fits: Fits) -> int:
        raise AssertionError

    for sided, tell in ((True, lambda fits: TOLD), (False, later)):
        assert fit_pages((), MEANT, tell, weigh, found(SHORTER), sided=sided).fits == SHORTER.fits


def test_where_nothing_holds_all_fits_are_taken_back_in_the_end() -> None:
    slugs = ("01-a", "02-b", "03-c", "04-d")
    places = {slug: Place(f"chapters/en/{slug}.md", 3) for slug in slugs}
    chapters = tuple(
        ExpectedChapter(slug, (), (), (), {}, (ExpectedBlock(f"{slug}/0", "paragraph", "", "Words", place),))
        for slug, place in places.items()
    )
    requested: list[Fits] = []

    def tell(fits: Fits) -> LayoutReport:
        """In every book with fits all chapters stand on the other side."""
        requested.append(fits)
        at = Spot(4 if fits else 3, 0.0, 0.0)
        return replace(TOLD, blocks=tuple(Extent(f"{slug}/0", at, at) for slug in slugs))

    def weigh(standing: Standing, fits: Fits) -> int:
        """The first chapter that has fits is graver with them: another one each time."""
        return 7 if standing.slug == min(fits).partition("/")[0] else 0

    def each(chapters: Sequence[tuple[Standing, Fits]]) -> list[ChapterFits]:
        return [replace(SHORTER, fits={f"{one.slug}/0": Fit(lines=1)}) for one, _ in chapters]

    fitting = fit_pages((), replace(MEANT, chapters=chapters), tell, weigh, each)
    assert [len(fits) for fits in requested] == [0, 4, 3, 2, 0]
    assert (fitting.fits, fitting.made) == ({}, ())


@pytest.mark.parametrize(("rule", "is_told"), [("typeset-crashed", True), ("typeset-slow", True), ("x", False)])
def test_a_chapter_for_which_there_was_no_time_or_memory_is_not_taken_for_one_without_fits(
    rule: str, is_told: bool
) -> None:
    def fail(fits: Fits) -> TypesetBook:
        raise Faulty([Fault(PLACE, "Typst ended", rule)])

    def fitted() -> ChapterFits:
        return fit_chapter(CHAPTERS[0], {}, fail, lambda fits: TOLD, lambda book, fits: ())

    if is_told:
        with pytest.raises(Faulty):
            fitted()
    else:
        assert fitted().fits == {}


def test_a_quotation_mark_in_a_chapter_begins_no_string() -> None:
    typst = (
        '#import "/book/elements.typ": *\n#chapter-title("01-a/top", "1", [A 12\\" bar], listed: true)\n'
        '[See #link(label("01-a/top"))[here] and #link(label("02-b/there"))[there], 5\\".]\n'
    )
    assert named_in(typst)[1] == ("02-b/there",)


@pytest.mark.parametrize("fits", [SHORTER, ChapterFits({}, {}, 0, 2)])
def test_it_is_all_one_whether_the_book_is_told_of_before(fits: ChapterFits) -> None:
    def fitting(sided: bool) -> bytes:
        return fit_pages((), MEANT, lambda _: TOLD, lambda *_: 0, found(fits), sided=sided).as_bytes()

    assert fitting(True) == fitting(False)


def text_of(pdf: bytes) -> str:
    """The words of all pages, their spaces as one."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def test_the_child_that_was_begun_early_goes_to_the_first_compiler_that_asks() -> None:
    with compiler.begun_early():
        child = compiler._waiting()
        assert child is not None
        assert compiler._waiting() is None  # another one begins a child of its own
        child.close()
