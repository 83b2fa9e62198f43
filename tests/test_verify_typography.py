"""What a designer would not sign is a warning with its page and its Markdown line; what is well set is silent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import get_args

from verifying import Set, made

from impressum.core.model.document import Block
from impressum.core.model.fits import LayoutEntry, Requested, with_requests
from impressum.stages.verify.typography.layout import RUNNING, WHOLE

CHAPTER = "chapters/en/01-trade.md"
TURN = "make this paragraph, or one before it on its page, a line shorter or longer"

END = (
    "make paragraphs of the chapter shorter by 2 lines in all, or longer by 10, or move a figure: `lines` and `place` "
    "in layout.yaml"
)


def paragraph(year: int, *, sentences: int = 3) -> str:
    """Six full lines and a short one for three sentences; no two paragraphs are the same."""
    return " ".join(
        f"In {year + number} the river carried timber, grain and salt to the towns on its lower course, and brought "
        "back cloth, glass and news."
        for number in range(sentences)
    )


def paragraphs(years: Iterable[int]) -> str:
    return "\n\n".join(paragraph(year) for year in years)


BODY = "type:\n  body: {size: 11}\n"
"""The size in which these paragraphs have lines of the length that the tests name."""


def space(lines: float) -> str:
    """Room in the text, in lines of 15 points: Typst, which the publications here may hold."""
    return f"```{{=typst}}\n#v({15 * lines}pt)\n```"


def chapter(*blocks: str, language: str = "en", theme: str = "") -> Set:
    """A publication of one chapter, whose title is on line 1, its first block on line 3."""
    text = "\n\n".join(("# Trade", *blocks))
    return made(
        {
            "publication.yaml": f"title: The River\nlanguage: {language}\ndate: 2025-03-31\nraw: allow\n",
            f"chapters/{language}/01-trade.md": f"{text}\n",
            "templates/theme.yaml": BODY + theme,
        }
    )


def at_the_foot(lines: float, *blocks: str, theme: str = "") -> Set:
    """A chapter whose `blocks` begin on line 13, near the foot of page 4."""
    return chapter(paragraphs((1700, 1710, 1720)), space(lines), *blocks, theme=theme)


def alone(source: str) -> str:
    """The template of the book without its care for lines that stand alone."""
    assert "widow: 1000%, orphan: 1000%" in source
    return source.replace("widow: 1000%, orphan: 1000%", "widow: 0%, orphan: 0%")


def broken(made: Set, **words: str) -> str:
    """The report where each of `words` is printed as a value, in which `/` is the end of a line and `//` of a page."""
    rules = (
        f'#show "{word}": it => [{printed.replace("//", "#pagebreak()").replace("/", "#linebreak()")}]'
        for word, printed in words.items()
    )
    return made.report(made.with_rule("\n".join(rules)))[1]


def test_a_well_set_chapter_of_several_pages_is_silent() -> None:
    assert chapter(paragraphs(range(1700, 1850, 10)), "## Tolls", paragraphs(range(1850, 1900, 10))).report()[1] == ""


def test_lines_that_are_too_long_are_one_warning_with_a_better_measure() -> None:
    wide = chapter(paragraphs(range(1700, 1900, 10)), theme="page:\n  measure: 136mm\n  inside: 60mm\n")
    assert wide.report()[1] == (
        "publication.yaml: warning: a full line of body text holds 81 characters on average in `en`, not 62 to 72 "
        "[type-measure]\n"
        "  hint: in this size a `page: measure` of about 112 mm reads best: set it, or the size of `type: body`, in "
        "templates/theme.yaml"
    )


def test_a_few_long_lines_say_nothing_of_the_measure() -> None:
    wide = chapter(paragraphs((1700, 1710)), theme="page:\n  measure: 136mm\n  inside: 60mm\n")
    assert wide.report()[1] == ""


def test_a_torn_line_is_named_with_its_words() -> None:
    tolls = chapter(paragraphs((1700, 1710, 1720)), "The tolls of the lower course were paid in salt. Timber was free.")
    torn = tolls.with_rule('#show "in salt.": it => [in salt.#linebreak(justify: true)]')
    assert re.sub(r"\d+ % of", "many % of", tolls.report(torn)[1]) == (
        f"{CHAPTER}:9:1: warning: the spaces in the line `The tolls of the lower course were paid …` on page 4 are "
        "many % of the normal one, not 80 % to 133 % [type-spacing]\n"
        "  hint: change a word near it, or let a long word break with a soft hyphen (`&shy;`)"
    )


def test_a_torn_line_that_is_the_indented_first_one_of_a_page_with_few_lines_is_named() -> None:
    tolls = "The tolls of the lower course were paid in salt. Timber was free."
    last = chapter(paragraphs(range(1700, 1900, 10)), tolls)
    torn = '#show "in salt.": it => [in salt.#linebreak(justify: true)]\n'
    torn += '#show "The tolls": it => [#pagebreak()#h(15pt)#it]'
    assert "in the line `The tolls of the lower course were paid …` on page" in last.report(last.with_rule(torn))[1]


def test_a_torn_line_of_a_list_is_named_at_the_list() -> None:
    words = "The tolls of the lower course were paid in salt"
    tolls = chapter(paragraphs((1700, 1710, 1720)), f"- Timber was free.\n- {words}. No.")
    torn = tolls.with_rule('#show "in salt.": it => [in salt.#linebreak(justify: true)]')
    said = f"{CHAPTER}:9:3: warning: the spaces in the line `– The tolls of the lower course were …` on page 4 are"
    assert said in tolls.report(torn)[1]


def test_letters_that_stand_apart_count_with_the_spaces_between_them() -> None:
    line = "The tolls of the lower course were paid in salt"
    tolls = chapter(paragraphs((1700, 1710, 1720)), f"{line}, timber and in grain. Timber was free. {paragraph(1730)}")
    apart = tolls.with_rule(f'#show "{line}": set text(tracking: 0.07em)')
    assert tolls.report()[1] == ""
    assert "[type-spacing]" in tolls.report(apart)[1]


def test_text_that_leaves_the_grid_is_named_once_a_page_where_it_leaves_it() -> None:
    off = chapter(paragraph(1700), space(0.6), paragraphs((1710, 1720)))
    assert off.report()[1] == (
        f"{CHAPTER}:9:1: warning: `In 1710 the river carried timber, grain and …` on page 4 stands 6.0 pt "
        "above the lines of the other pages [type-rhythm]\n"
        "  hint: what stands above it is not a whole number of lines high (15 pt each)"
    )


def test_two_pages_beside_each_other_that_end_at_different_depths_are_named() -> None:
    blocks = paragraph(1800), "Short.", paragraphs(range(1810, 1910, 10))
    short = at_the_foot(9, *blocks, theme="page:\n  facing: true\n  margin-column: 10mm\n")
    assert (
        f"{CHAPTER}:15:1: warning: page 4 ends 1 line above page 5, which lies beside it [type-rhythm]\n"
        "  hint: make a paragraph of one page longer, or one of the other shorter, until both end on the same line"
    ) in short.report()[1]


def test_pages_of_a_theme_whose_pages_do_not_face_lie_beside_no_other() -> None:
    assert at_the_foot(9, paragraph(1800), "Short.", paragraphs(range(1810, 1910, 10))).report()[1] == ""


def test_headings_nearer_to_what_stands_above_are_one_warning_a_level() -> None:
    headings = chapter(paragraph(1700), "## Tolls", paragraph(1710), "## Keepers", paragraph(1720))
    near = headings.with_rule("#show heading.where(level: 2): it => block(above: 19pt, below: 31.8pt, it.body)")
    assert headings.report(near)[1] == (
        f"{CHAPTER}:5:4: warning: the heading `Tolls` on page 4 has 17 pt above it and 28 pt below it (and "
        "1 more headings of level 2) [type-heading]\n"
        "  hint: leave at least twice as much space above a heading as below it, so that it belongs to its text"
    )


def test_a_formula_right_below_a_heading_is_no_space() -> None:
    formula = "$$ \\begin{aligned} a &= b \\\\ &= c \\\\ &= d \\end{aligned} $$"
    assert "type-heading" not in chapter(paragraph(1700), "## Tolls", formula, paragraph(1710)).report()[1]


def test_a_heading_at_the_foot_of_a_page_is_named() -> None:
    low = at_the_foot(12, "## Tolls", paragraph(1800, sentences=6), paragraph(1810))
    assert low.report()[1] == ""
    loose = low.with_rule("#show heading.where(level: 2): it => block(above: 19pt, below: 4pt, sticky: false, it.body)")
    assert (
        f"{CHAPTER}:13:4: warning: below the heading `Tolls` page 4 has only 2 lines of text" in (low.report(loose)[1])
    )


def test_a_hyphenated_heading_is_named() -> None:
    long = chapter(
        paragraph(1700),
        "## The keepers of tolls along the lower course and responsibilities-understandings-of-their-own-everywhere",
        paragraph(1710),
    )
    assert long.report()[1] == ""
    assert long.report(long.with_rule("#show heading: set text(hyphenate: true)"))[1] == (
        f"{CHAPTER}:5:4: warning: the heading `The keepers of tolls along the lower course …` is hyphenated "
        "on page 4 [type-heading]\n"
        "  hint: look whether a template of this publication lets headings hyphenate"
    )


def test_the_last_line_of_a_paragraph_alone_on_a_page_is_named_at_its_block() -> None:
    low = at_the_foot(12, paragraphs((1800, 1810, 1820)))
    assert low.report()[1] == ""
    assert low.report(low.again({"book.typ": alone}))[1] == (
        f"{CHAPTER}:13:1: warning: the last line of a paragraph, `cloth, glass and news.`, stands alone "
        f"at the top of page 5 [page-widow]\n  hint: {TURN}"
    )
    assert "13:1" in {f"{block.place.line}:{block.place.column}" for block in low.expected.chapters[0].blocks}


def test_the_first_line_of_a_paragraph_alone_on_a_page_is_named() -> None:
    low = at_the_foot(16, paragraphs((1800, 1810, 1820)))
    assert low.report(low.again({"book.typ": alone}))[1] == (
        f"{CHAPTER}:13:1: warning: the first line of a paragraph, `In 1800 the river carried timber, grain "
        f"and …`, stands alone at the foot of page 4 [page-orphan]\n  hint: {TURN}"
    )


def test_a_word_that_is_divided_over_two_pages_is_named() -> None:
    words = "The landings were many; the keepers, the warehouses and the granaries stood beside them."
    over = broken(chapter(paragraph(1700), words), many="many/", keepers="keep-//ers", stood="stood/")
    assert over == (
        f"{CHAPTER}:5:1: warning: `keep-` at the foot of page 4 goes on as `ers,` on page 5 [page-hyphen]\n"
        f"  hint: {TURN}\n"
        f"{CHAPTER}:5:1: warning: page 5, the last one of its chapter, holds only 2 lines [chapter-end]\n"
        f"  hint: {END}"
    )


def test_a_last_page_of_few_lines_is_named_and_a_chapter_of_one_page_is_not() -> None:
    assert at_the_foot(12, paragraph(1800)).report()[1] == (
        f"{CHAPTER}:13:1: warning: page 5, the last one of its chapter, holds only 2 lines [chapter-end]\n  hint: {END}"
    )
    assert chapter("Three words only.").report()[1] == ""


def test_ragged_lines_are_no_loose_ones_and_their_length_is_measured() -> None:
    ragged = "page: {justify: false, measure: 80mm}\n"
    printed = chapter(paragraphs(range(1700, 1820, 10)), theme=ragged)
    assert printed.faults() == (
        "publication.yaml: warning: a full line of body text holds 41 characters on average in `en`, not 62 to 72 "
        "[type-measure]"
    )
    with printed.evidence() as evidence:
        lines = [line for line in evidence.printed.lines() if line.size == 11]
    ends = {round(max(box.right for box in line.boxes)) for line in lines}
    assert len(lines) > 80
    assert len(ends) > 10, "they end at their own places"


def test_room_below_the_text_of_a_page_is_named_before_what_follows() -> None:
    page_ends = "```{=typst}\n#pagebreak()\n```"

    def of_lines(lines: int) -> Set:
        short = "\n\n".join(f"Salt came in {1730 + number}." for number in range(lines))
        return chapter(paragraphs((1700, 1710, 1720)), short, page_ends, paragraphs(range(1800, 1950, 10)))

    broken = of_lines(12)
    assert broken.report()[1] == (
        f"{CHAPTER}:37:1: warning: page 4 has 5 lines free below its text, before `In 1800 the river carried timber, "
        "grain and …` [page-hole]\n"
        "  hint: make paragraphs of page 4 longer by 2 lines in all, or shorter, so that more goes on it, or move a "
        "figure: `lines` and `place` in layout.yaml"
    )
    assert of_lines(14).report()[1] == "", "three lines are free"

    def asked(year: int) -> str:
        block = next(one for one in broken.expected.chapters[0].blocks if one.words.startswith(f"In {year} the"))
        entry = LayoutEntry("01-trade", block.words, block.place, block.place, break_before=True)
        return broken.report(meant=with_requests(broken.expected, (Requested(entry, block.key),)))[1]

    assert asked(1800) == "", "layout.yaml asks for it"
    assert asked(1810) == broken.report()[1]


def test_a_table_in_the_midst_of_a_list_is_named_at_the_list() -> None:
    rows = "\n".join(f"| Town {n} | {n} |" for n in range(9))
    table = f"| Town | Loads |\n|:--|--:|\n{rows}\n\n: Loads {{#tbl-a}}"
    items = [f"- {paragraph(year, sentences=1)}" for year in range(1800, 1820)]
    listed = at_the_foot(12, "\n".join(items[:4]), table, *items[4:], paragraphs(range(1850, 1900, 10)))
    assert "[list-interrupted]" not in listed.report()[1]
    above = listed.again({"figures.typ": lambda source: source.replace("(opens or at-foot) and", "false and")})
    assert (
        f"{CHAPTER}:13:3: warning: `Loads` on page 5 is in the midst of a list [list-interrupted]\n"
        "  hint: move it (`place: bottom` in layout.yaml), or let the list begin a page (`break-before`)"
    ) in listed.report(above)[1]


def test_a_note_with_one_line_on_a_side_of_a_page_is_named_at_the_block_of_its_mark() -> None:
    note = " ".join(f"Ledger {n} of the toll house lists timber, grain, salt, cloth and glass." for n in range(24))
    low = at_the_foot(13, f"{paragraph(1800, sentences=1)}[^1]", f"[^1]: {note}", paragraphs((1810, 1820)))
    assert low.report(low.again({"book.typ": alone}))[1] == (
        f"{CHAPTER}:13:1: warning: the note `Ledger 0 of the toll house lists timber, …` goes on from "
        f"page 4 to page 5, with only one line on page 4 [note-split]\n  hint: {TURN}"
    )


def test_a_last_line_shorter_than_the_indent_below_is_named_and_one_at_the_end_of_a_section_is_not() -> None:
    short = chapter("They paid, and so do I.", paragraph(1700), "They paid, and so did I.", "## Tolls", paragraph(1710))
    assert broken(short, **{"do I": "do/I", "did I": "did/I"}) == (
        f"{CHAPTER}:3:1: warning: the last line of the paragraph, `I.` on page 4, is shorter than the indent "
        "below [paragraph-end]\n"
        "  hint: add a word or take one out, so that the last line grows or is drawn in"
    )


def test_a_paragraph_that_ends_with_the_rest_of_a_word_is_named() -> None:
    rest = chapter(paragraph(1700), "The tolls were paid to their keepers.", paragraph(1710))
    assert broken(rest, keepers="keep-/ers") == (
        f"{CHAPTER}:5:1: warning: the paragraph ends on page 4 with `ers.`, the rest of a word "
        "[paragraph-end]\n"
        "  hint: add a word or take one out, so that the last line grows or is drawn in"
    )


def test_a_word_divided_before_its_last_two_letters_is_named_and_a_written_hyphen_is_not() -> None:
    tolls = chapter(paragraph(1700), "They paid their tolls in salt by a well-to-do keeper.", paragraph(1710))
    assert broken(tolls, **{"tolls": "tol-/ls", "well-to-do": "well-to-/do"}) == (
        f"{CHAPTER}:5:1: warning: `tol-ls` on page 4 is divided with fewer than 2 letters before the hyphen "
        "or 3 after it [type-hyphens]\n"
        "  hint: write a soft hyphen (`&shy;`) where it may be divided, or change a word near it"
    )


def test_three_hyphens_in_a_row_are_named_in_english_and_four_in_german() -> None:
    english = chapter("The keepers, the landings, the warehouses and the granaries.")
    assert broken(english, keepers="keep-/ers", landings="land-/ings", warehouses="ware-/houses") == (
        f"{CHAPTER}:3:1: warning: 3 lines in a row end with a hyphen, from `The keep-` on page 4 on "
        "[type-hyphens]\n"
        "  hint: change a word near them"
    )
    german = chapter("Der Fluss trug Landungsstege, Kornspeicher, Salzstraßen, Tuchhändler und Glas.", language="de")
    three = {
        "Landungsstege": "Landungs-/stege",
        "Kornspeicher": "Korn-/speicher",
        "Salzstraßen": "Salz-/straßen",
    }
    assert broken(german, **three) == ""
    assert "4 lines in a row" in broken(german, **three, Tuchhändler="Tuch-/händler")


def test_a_serbian_letter_of_two_signs_is_not_divided_but_two_letters_are() -> None:
    serbian = chapter("Reka je nosila drvo po poljima, i injekcija je bilo.", language="sr-Latn")
    assert broken(serbian, poljima="pol-/jima", injekcija="in-/jekcija") == (
        "chapters/sr-Latn/01-trade.md:3:1: warning: `pol-jima` on page 4 is divided inside a letter [type-hyphens]\n"
        "  hint: write a soft hyphen (`&shy;`) where it may be divided, or change a word near it"
    )


def test_every_kind_of_block_is_either_measured_as_running_text_or_set_whole() -> None:
    kinds = {node.__name__.lower() for node in get_args(Block)}
    assert kinds == RUNNING | WHOLE
    assert not RUNNING & WHOLE
